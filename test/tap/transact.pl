# Transactions at the endpoint: locks that others hold, request tokens across workers and restarts.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $cluster = DynamoCluster->new('transact', { 'dynamo.http_workers' => 2, 'dynamo.lock_timeout' => "'300ms'" })->start;
$cluster->create_extension;
$cluster->sql("SELECT dynamo.create_table('Tab', 'p') IS NOT NULL");
$cluster->sql("SELECT dynamo.put_item('Tab', jsonb_build_object('p', p, 'n', 0)) FROM unnest('{a,b,c}'::text[]) AS p");

sub add
{
	my ($key) = @_;
	return { Update => { TableName => 'Tab', Key => { p => { S => $key } }, UpdateExpression => 'ADD n :x', ExpressionAttributeValues => { ':x' => { N => '1' } } } };
}

sub type { return $_[0]->{__type} =~ s/.*#//r; }
sub value { return $cluster->sql("SELECT item->>'n' FROM dynamo_tables.\"Tab\" WHERE p = '$_[0]'") + 0; }

# Runs SQL in a transaction that stays open.
sub holding { return $cluster->session_at("BEGIN; $_[0]"); }

sub release
{
	my ($session, $how) = @_;
	print $session "$how;\n";
	close $session;
}

# ---- locks ------------------------------------------------------------------------------------------------------------

my $session = holding(q{UPDATE dynamo_tables."Tab" SET item = item || '{"n": 10}' WHERE p = 'b'});
my $started = time;
my ($status, $reply) = $cluster->call('TransactWriteItems', { TransactItems => [add('c'), add('b'), add('a')] });
my $waited = time - $started;
is("$status " . type($reply), '400 TransactionCanceledException', 'an item that somebody else holds');
is($reply->{Message}, 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict, None]', 'is a conflict');
is_deeply($reply->{CancellationReasons}, [{ Code => 'None' }, { Code => 'TransactionConflict', Message => 'Transaction is ongoing for the item' }, { Code => 'None' }], 'whose reason names the item');
cmp_ok($waited, '>', 0.25, 'after dynamo.lock_timeout');
cmp_ok($waited, '<', 60, 'and not for ever');
($status, $reply) = $cluster->call('UpdateItem', add('b')->{Update});
is("$status " . type($reply), '400 TransactionConflictException', 'a single write has an error of its own');
($status, $reply) = $cluster->call('TransactGetItems', { TransactItems => [map { { Get => { TableName => 'Tab', Key => { p => { S => $_ } } } } } 'a' .. 'c'] });
is_deeply([map { $_->{Item}{n}{N} } @{ $reply->{Responses} }], [0, 0, 0], 'readers wait for nobody');
release($session, 'COMMIT');
($status, $reply) = $cluster->call('TransactWriteItems', { TransactItems => [add('c'), add('b'), add('a')] });
is($status, 200, 'afterwards it works');
is_deeply([map { value($_) } 'a' .. 'c'], [1, 11, 1], 'and nothing was written before');

$session = holding(q{INSERT INTO dynamo_tables."Tab" (item) VALUES ('{"p": "new"}')});
my $check = { ConditionCheck => { TableName => 'Tab', Key => { p => { S => 'new' } }, ConditionExpression => 'attribute_not_exists(p)' } };
($status, $reply) = $cluster->call('TransactWriteItems', { TransactItems => [$check, add('a')] });
is_deeply([map { $_->{Code} } @{ $reply->{CancellationReasons} }], ['TransactionConflict', 'None'], 'an item that somebody is about to insert');
release($session, 'ROLLBACK');
($status, $reply) = $cluster->call('TransactWriteItems', { TransactItems => [$check, add('a')] });
is($status, 200, 'until he does not');

# The other session locks b, then wants a, which the request holds while it wants b.  The request looks for a deadlock once, when
# it has waited for its deadlock_timeout: until then the session must have come to its wait.  If it has not, the request's
# lock_timeout is over before the session looks.
$cluster->set('dynamo.lock_timeout' => "'20s'", 'deadlock_timeout' => "'2s'");
$cluster->reach_workers;
$session = $cluster->session_at(q{SET deadlock_timeout = '100s'; BEGIN; UPDATE dynamo_tables."Tab" SET item = item || '{"n": 50}' WHERE p = 'b'});
my $pid = fork;
die "fork: $!" unless defined $pid;
if (!$pid)
{
	my ($s, $r) = DynamoCluster::call($cluster, 'TransactWriteItems', { TransactItems => [add('a'), add('b')] });
	my $codes = join ' ', $s, map { $_->{Code} } @{ $r->{CancellationReasons} || [] };
	POSIX::_exit($codes eq '400 None TransactionConflict' ? 0 : 1);
}
$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ 'dynamo http' AND wait_event_type = 'Lock'}) > 0 })
  or die 'the request does not wait';
print $session qq{UPDATE dynamo_tables."Tab" SET item = item || '{"n": 60}' WHERE p = 'a'; COMMIT;\n};
close $session;
waitpid $pid, 0;
is($?, 0, 'a deadlock with a SQL session is a conflict, too');
is_deeply([value('a'), value('b')], [60, 50], 'and the session goes on');
$cluster->set('dynamo.lock_timeout' => "'300ms'", 'deadlock_timeout' => undef);
$cluster->reach_workers;

# ---- request tokens ---------------------------------------------------------------------------------------------------

my $before = value('c');
for my $i (1 .. 6)
{
	$cluster->{http} = HTTP::Tiny->new(timeout => 120);    # a new connection, perhaps to another worker
	($status) = $cluster->call('TransactWriteItems', { TransactItems => [add('c')], ClientRequestToken => 'once' });
	is($status, 200, "request $i of one token");
	$cluster->restart('immediate') if $i == 3;
	$cluster->wait_for_endpoint or die 'the endpoint does not come back';
}
is(value('c'), $before + 1, 'it was done once, in whichever worker, before and after a crash');
($status, $reply) = $cluster->call('TransactWriteItems', { TransactItems => [add('a')], ClientRequestToken => 'once' });
is("$status " . type($reply), '400 IdempotentParameterMismatchException', 'other content');
# the same request with its members in another order
my $text = '{"ClientRequestToken": "once", "TransactItems": [ {"Update": {"UpdateExpression": "ADD n :x", "ExpressionAttributeValues": {":x": {"N": "1"}}, "Key": {"p": {"S": "c"}}, "TableName": "Tab"}}]}';
($status) = $cluster->call('TransactWriteItems', $text);
is($status, 200, 'the order of members does not matter');

$session = holding(q{SELECT dynamo.transact_write_items('[{"update": {"table": "Tab", "key": {"p": "c"}, "update": "ADD n :x", "attribute_values": {":x": 1}}}]', 'slow')});
($status, $reply) = $cluster->call('TransactWriteItems', { TransactItems => [add('c')], ClientRequestToken => 'slow' });
is("$status " . type($reply), '400 TransactionInProgressException', 'a token that is in use');
is($reply->{Message}, 'The transaction with the given request token is already in progress.', 'with its message');
release($session, 'COMMIT');
($status) = $cluster->call('TransactWriteItems', { TransactItems => [add('c')], ClientRequestToken => 'slow' });
is($status, 200, 'and then done');
is(value('c'), $before + 2, 'by one of them');

$cluster->sql("UPDATE dynamo.request_tokens SET created = created - interval '11 minutes'");
($status) = $cluster->call('TransactWriteItems', { TransactItems => [add('c')], ClientRequestToken => 'once' });
is(value('c'), $before + 3, 'an old token counts no more');
like($cluster->sql("SELECT dynamo.run_worker('request_tokens')"), qr{^f}, 'the clean-up');
is($cluster->sql('SELECT count(*) FROM dynamo.request_tokens') + 0, 1, 'leaves the new one');

unlike($cluster->log_text, qr/PANIC:|TRAP:|terminated by signal (4|6|7|8|11)\b/, 'no crash');
done_testing();
