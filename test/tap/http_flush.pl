# Durable before acknowledged, with one flush for many: a server that dies loses no write it has acknowledged, and none
# that it has shown to anybody.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $cluster = DynamoCluster->new('flush', { 'wal_buffers' => '64MB', 'autovacuum' => 'off', 'dynamo.http_workers' => 1, 'dynamo.lock_timeout' => '60s' })->start;
$cluster->create_extension;
is(($cluster->call('CreateTable', {
	TableName => 'Counters',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' }))[0], 200, 'a table');

sub put
{
	my ($id, $value) = @_;
	return { TableName => 'Counters', Item => { id => { S => $id }, value => { N => "$value" } } };
}

sub get { return { TableName => 'Counters', Key => { id => { S => $_[0] } } }; }

# Stopped, the log writer cannot write for us what nobody has flushed.  It must not be in the middle of something.
sub stop_log_writer
{
	my ($pid) = $cluster->pids('walwriter');
	$cluster->wait_for(sub { $cluster->sql("SELECT wait_event FROM pg_stat_activity WHERE pid = $pid") eq 'WalWriterMain' })
	  or die 'the log writer does not rest';
	kill 'STOP', $pid;
	return $pid;
}

# ---- what costs a flush ----------------------------------------------------------------------------------------------

my $log_writer = stop_log_writer();
my $flushes = $cluster->metric('dynamo_flushes_total');
is(($cluster->call('PutItem', put('a', $_)))[0], 200, "write $_") for 1 .. 5;
is($cluster->metric('dynamo_flushes_total') - $flushes, 5, 'a lone client has a flush for each write');

$flushes = $cluster->metric('dynamo_flushes_total');
is(($cluster->call('GetItem', get('a')))[1]{Item}{value}{N}, 5, 'a read') for 1 .. 5;
is(($cluster->call('PutItem', { %{ put('a', 9) }, ConditionExpression => 'attribute_not_exists(id)' }))[0], 400, 'a failed write');
is($cluster->metric('dynamo_flushes_total') - $flushes, 0, 'reads and failed writes need none');

# The one worker waits for a lock, while thirty others queue up for its next round.
my $session = $cluster->session_at(q{BEGIN; SELECT * FROM dynamo_tables."Counters" WHERE id = 'a' FOR UPDATE});
my $writes = $cluster->metric('dynamo_write_commits_total');
$flushes = $cluster->metric('dynamo_flushes_total');
my @sockets = map { $cluster->connect } 1 .. 31;
my $first = shift @sockets;
print $first $cluster->request_text('PutItem', put('a', 6));
$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ 'dynamo http' AND wait_event_type = 'Lock'}) == 1 })
  or die 'the worker does not wait';
print $_ $cluster->request_text('PutItem', put("many$_", 1)) for @sockets;
close $session;
my @status = map { ($cluster->read_reply($_))[0] } $first, @sockets;
is_deeply(\@status, [(200) x 31], '31 clients at once');
is($cluster->metric('dynamo_write_commits_total') - $writes, 31, 'each write is a transaction of its own');
cmp_ok($cluster->metric('dynamo_flushes_total') - $flushes, '<=', 4, 'many writes share a flush');
close $_ for $first, @sockets;

$cluster->set('synchronous_commit' => 'off');
$cluster->reach_workers;
$flushes = $cluster->metric('dynamo_flushes_total');
is(($cluster->call('PutItem', put('a', 7)))[0], 200, 'a write with synchronous_commit = off');
is($cluster->metric('dynamo_flushes_total'), $flushes, 'does without the flush');
$cluster->set('synchronous_commit' => undef);
$cluster->reach_workers;
is(($cluster->call('PutItem', put('a', 8)))[0], 200, 'back to the default');
is($cluster->metric('dynamo_flushes_total'), $flushes + 1, 'with the flush');
kill 'CONT', $log_writer;

# ---- crashes ---------------------------------------------------------------------------------------------------------

# A client in a process of its own, until the server is gone.  Its last good value ends up in a file.
sub client
{
	my ($file, $step) = @_;
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	return $pid if $pid;
	my $socket = $cluster->connect or POSIX::_exit(1);
	my $last = 0;
	$SIG{PIPE} = 'IGNORE';
	for (my $i = 1;; $i++)
	{
		my $value = $step->($socket, $i);
		last unless defined $value;
		$last = $value if $value > $last;
	}
	open(my $out, '>', $file);
	print $out $last;
	close $out;
	POSIX::_exit(0);
}

# The delay keeps commits unflushed for a while, in which others see them.
$cluster->set('dynamo.http_workers' => 2, 'fsync' => 'on', 'commit_delay' => 20000, 'commit_siblings' => 0);
$cluster->wait_for_workers(2) or die 'the second worker does not come';
$cluster->reach_workers;
for my $crash (1 .. 3)
{
	stop_log_writer();
	my @clients;
	my $folder = File::Temp::tempdir(CLEANUP => 1);

	$cluster->call('PutItem', put("w$_", 0)) for 1 .. 4;
	for my $n (1 .. 4)
	{
		push @clients, client("$folder/w$n", sub {
			my ($socket, $i) = @_;
			print $socket $cluster->request_text('PutItem', put("w$n", $i)) or return undef;
			return ($cluster->read_reply($socket))[0] == 200 ? $i : undef;
		});
		push @clients, client("$folder/r$n", sub {
			my ($socket) = @_;
			print $socket $cluster->request_text('GetItem', get("w$n")) or return undef;
			my ($status, $text) = $cluster->read_reply($socket);
			return $status == 200 && $text =~ /"value":\{"N":"(\d+)"/ ? $1 : undef;
		});
	}
	sleep 1 + $crash / 10;
	$cluster->wait_for(sub { $cluster->sql(q{SELECT min((item ->> 'value')::int) FROM dynamo_tables."Counters" WHERE id ~ '^w'}) > 7 })
	  or die 'the clients do not write';
	$cluster->kill9;
	waitpid $_, 0 for @clients;
	$cluster->start;
	$cluster->wait_for_endpoint or die 'the endpoint does not come back';
	for my $n (1 .. 4)
	{
		my $stored = ($cluster->call('GetItem', get("w$n")))[1]{Item}{value}{N};
		my $written = DynamoCluster::slurp("$folder/w$n");
		my $read = DynamoCluster::slurp("$folder/r$n");
		cmp_ok($written, '>', 5, "crash $crash: client $n has written ($written)");
		cmp_ok($stored, '>=', $written, "crash $crash: what was acknowledged is there ($stored)");
		cmp_ok($stored, '>=', $read, "crash $crash: what was read is there ($read)");
	}
}

done_testing;
