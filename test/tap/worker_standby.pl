# Standbys: synchronous ones are waited for, hot ones serve reads.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $primary = DynamoCluster->new('primary', { 'wal_receiver_status_interval' => '60s' })->start;
$primary->create_extension;
is(($primary->call('CreateTable', {
	TableName => 'Things',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' }))[0], 200, 'a table');

sub item { return { TableName => 'Things', Item => { id => { S => $_[0] }, n => { N => '' . ($_[1] || 1) } } }; }
sub key { return { TableName => 'Things', Key => { id => { S => $_[0] } } }; }
is(($primary->call('PutItem', item('a')))[0], 200, 'an item');

# ---- a hot standby ---------------------------------------------------------------------------------------------------

my $standby = $primary->make_standby('standby')->start;
ok($standby->wait_for_endpoint, 'the endpoint opens on a hot standby');
is(($standby->call('GetItem', key('a')))[1]{Item}{n}{N}, 1, 'it serves reads');
my ($status, undef, undef, $text) = $standby->call('PutItem', item('b'));
cmp_ok($status, '>=', 500, 'it refuses writes');
like($text, qr/ServiceUnavailable/, 'so that an SDK goes elsewhere');
is($standby->metric('dynamo_standby'), 1, 'metrics tell that it is one');
is(($primary->call('PutItem', item('a', 2)))[0], 200, 'a write on the primary');
ok($standby->wait_for(sub { (($standby->call('GetItem', key('a')))[1]{Item}{n}{N} || 0) == 2 }), 'arrives');

# ---- its streams -----------------------------------------------------------------------------------------------------

my (undef, $watched) = $primary->call('CreateTable', {
	TableName => 'Watched',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST',
	StreamSpecification => { StreamEnabled => JSON::PP::true, StreamViewType => 'NEW_IMAGE' } });
my $stream = $watched->{TableDescription}{LatestStreamArn};
sub watched { my ($server, $n) = @_; return ($server->call('PutItem', { %{ item('a', $n) }, TableName => 'Watched' }))[0]; }

sub ask
{
	my ($server, $operation, %body) = @_;
	return ($server->call($operation, \%body, 'x-amz-target' => "DynamoDBStreams_20120810.$operation"))[1];
}
sub shards { return map { $_->{ShardId} } @{ ask($_[0], 'DescribeStream', StreamArn => $stream)->{StreamDescription}{Shards} }; }

sub iterators
{
	my ($server, $type) = @_;
	return map { ask($server, 'GetShardIterator', StreamArn => $stream, ShardId => $_, ShardIteratorType => $type)->{ShardIterator} } shards($server);
}

# Reads on from the iterators and moves them; the values that came.
sub records
{
	my ($server, $iterators) = @_;
	my @values;
	for my $iterator (@$iterators)
	{
		my $page = ask($server, 'GetRecords', ShardIterator => $iterator);
		push @values, map { $_->{dynamodb}{NewImage}{n}{N} } @{ $page->{Records} };
		$iterator = $page->{NextShardIterator};
	}
	return @values;
}

# What comes next, in however many pages, is this.
sub next_is
{
	my ($server, $iterators, $wanted, $name) = @_;
	my @found;
	$server->wait_for(sub { push @found, records($server, $iterators); return length "@found" >= length $wanted });
	return is("@found", $wanted, $name);
}

is(watched($primary, $_), 200, "change $_") for 1, 2;
ok($standby->wait_for(sub { shards($standby) == 4 }), 'a stream of the primary on the standby');
my @oldest = iterators($standby, 'TRIM_HORIZON');
next_is($standby, \@oldest, '1 2', 'it serves the records');
my @latest = iterators($standby, 'LATEST');
is(watched($primary, 3), 200, 'one more');
next_is($standby, \@latest, '3', 'what came after LATEST');
is(join(' ', records($primary, [iterators($primary, 'TRIM_HORIZON')])), '1 2 3', 'the primary gives the same');

# ---- a synchronous one -----------------------------------------------------------------------------------------------

# Whoever commits looks at what the checkpointer says of the setting, and it reads settings before it makes a checkpoint.
sub set_standbys
{
	my ($names) = @_;
	$primary->set('synchronous_standby_names' => "'$names'");
	$primary->sql('CHECKPOINT') for 1 .. 2;
	$primary->reach_workers;
}

sub waiting_worker
{
	my $pid;
	$primary->wait_for(sub {
		$pid = $primary->sql("SELECT min(pid) FROM pg_stat_activity WHERE backend_type = 'dynamo http worker' AND wait_event = 'SyncRep'") });
	return $pid;
}

sub is_synchronous
{
	return $primary->wait_for(sub { $primary->sql('SELECT max(sync_state) FROM pg_stat_replication') eq 'sync' });
}
set_standbys('*');
ok(is_synchronous(), 'the standby is synchronous');
for my $level ('on', 'remote_write', 'remote_apply')
{
	$primary->set('synchronous_commit' => $level);
	$primary->reach_workers;
	my $start = time;
	my ($written, $seen) = (0, 0);
	for my $n (1 .. 10)
	{
		$written += ($primary->call('PutItem', item("$level$n", $n)))[0] == 200;
		$seen += $standby->sql("SELECT count(*) FROM dynamo_tables.\"Things\" WHERE id = '$level$n'");
	}
	is($written, 10, "synchronous_commit = $level");
	is($seen, 10, 'each write is seen on the standby at once') if $level eq 'remote_apply';
	cmp_ok(time - $start, '<', 50, 'no write waits for the standby\'s next regular report');
}
$primary->set('synchronous_commit' => undef);
$primary->reach_workers;

my $receiver = $standby->sql("SELECT pid FROM pg_stat_wal_receiver");
kill 'STOP', $receiver;
my $socket = $primary->connect;
print $socket $primary->request_text('PutItem', item('c'));
ok(!IO::Select->new($socket)->can_read(2), 'a write waits for the standby');
isnt(waiting_worker(), '', 'as pg_stat_activity shows');
kill 'CONT', $receiver;
is(($primary->read_reply($socket))[0], 200, 'and is answered when the standby has it');

$standby->stop;
print $socket $primary->request_text('PutItem', item('d'));
ok(!IO::Select->new($socket)->can_read(1), 'without a standby it waits');
$primary->sql('SELECT pg_cancel_backend(' . waiting_worker() . ')');
($status) = $primary->read_reply($socket);
is($status, 500, 'when the wait is cancelled the client does not hear of success');
print $socket $primary->request_text('PutItem', item('e'));
isnt(waiting_worker(), '', 'another write waits');
$primary->set('synchronous_standby_names' => "''");
is(($primary->read_reply($socket))[0], 200, 'when the standby is taken off the list the wait is over');

set_standbys('*');
print $socket $primary->request_text('PutItem', item('f'));
isnt(waiting_worker(), '', 'a third one waits');
my $start = time;
ok($primary->stop, 'a shutdown does not wait for the standby');
cmp_ok(time - $start, '<', 60, 'it takes ' . int(time - $start) . ' s');
is(($primary->read_reply($socket))[0], 500, 'the client hears of doubt');

# ---- promotion -------------------------------------------------------------------------------------------------------

$standby->start;
ok($standby->wait_for_endpoint, 'the standby is back');
my $open = $standby->connect;
print $open $standby->request_text('GetItem', key('a'));
is(($standby->read_reply($open))[0], 200, 'a connection to it');
is($standby->sql('SELECT pg_promote()'), 't', 'promoted');
print $open $standby->request_text('PutItem', item('g'));
is(($standby->read_reply($open))[0], 200, 'the same connection writes');
is(($standby->call('GetItem', key('g')))[1]{Item}{id}{S}, 'g', 'what it wrote is there');
is(watched($standby, 4), 200, 'a change of the stream');
my @again = iterators($standby, 'TRIM_HORIZON');
next_is($standby, \@again, '1 2 3 4', 'is behind those of the old primary');
next_is($standby, \@latest, '4', 'also for iterators that the standby gave');

unlike($_->log_text, qr/FATAL:  (?!could not|streaming replication receiver|terminating walreceiver|the database system)|PANIC/, "$_->{name}: no crash") for $primary, $standby;
done_testing;
