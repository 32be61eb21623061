# Throttling over two workers: they share the buckets, hear of changed limits at once, and start anew with the server.
#
# A bucket is used up by one item of 300 KB, a debt of five minutes, so that nothing here depends on how long a step takes.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('throttling', { 'dynamo.http_workers' => 2, 'dynamo.enforce_throughput' => 'on' })->start;
$cluster->create_extension;

sub create_table
{
	my ($name) = @_;
	return ($cluster->call('CreateTable', {
		TableName => $name,
		KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
		AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
		ProvisionedThroughput => { ReadCapacityUnits => 1, WriteCapacityUnits => 1 } }))[0];
}

sub put
{
	my ($table, $id, $size) = @_;
	return { TableName => $table, Item => { id => { S => $id }, x => { S => 'x' x ($size || 0) } } };
}

# The requests of each worker so far.
sub requests_by_worker
{
	my (undef, $text) = $cluster->get('/metrics');
	return $text =~ /^dynamo_http_requests_total\{worker="[01]"\} (\d+)$/mg;
}

# Connections until both workers have some: the kernel decides which gets one.
my @sockets;
for my $round (1 .. 50)
{
	my ($a, $b) = requests_by_worker();
	push @sockets, map { $cluster->connect } 1 .. 20;
	for my $socket (@sockets[-20 .. -1])
	{
		print $socket $cluster->request_text('ListTables', {});
		($cluster->read_reply($socket))[0] == 200 or die 'no answer';
	}
	my ($c, $d) = requests_by_worker();
	last if $c - $a >= 5 && $d - $b >= 5;
	close $_ for splice @sockets;
}
is(scalar @sockets, 20, 'connections to both workers');

# Sends a request on each connection, all before the first answer is read; the numbers of each kind of answer.
sub send_all
{
	my ($operation, $body) = @_;
	my %answers;
	my $n = 0;
	for my $socket (@sockets)
	{
		print $socket $cluster->request_text($operation, ref $body eq 'CODE' ? $body->($n++) : $body);
	}
	for my $socket (@sockets)
	{
		my ($status, $text) = $cluster->read_reply($socket);
		my ($reason) = $text =~ /"ThrottlingReasons":\[\{"reason":"(\w+)"/;
		$answers{ $reason || $status }++;
	}
	return \%answers;
}

# How often reads and writes have been refused so far, over all processes.
sub throttled
{
	return join ' ', map { $cluster->metric("dynamo_throttled_${_}_total") } 'reads', 'writes';
}

# ---- one bucket for all ----------------------------------------------------------------------------------------------

is(create_table('Small'), 200, 'a table of one unit');
is_deeply(send_all('PutItem', sub { put('Small', "big$_[0]", 300 * 1024) }), { 200 => 1, TableWriteProvisionedThroughputExceeded => 19 },
	'of twenty writes at once one is let in, whichever worker they go to');
is($cluster->sql('SELECT count(*) FROM dynamo_tables."Small"'), 1, 'and the others leave nothing');
is_deeply(send_all('PutItem', put('Small', 'a')), { TableWriteProvisionedThroughputExceeded => 20 }, 'the debt is everybody\'s');
is(throttled(), '0 39', 'each refused write is counted, whichever worker it went to');
is_deeply(send_all('GetItem', { TableName => 'Small', Key => { id => { S => 'none' } }, ConsistentRead => JSON::PP::true })->{400}, undef,
	'reads are refused for no other reason');

# ---- metrics ---------------------------------------------------------------------------------------------------------

is(create_table('Counted'), 200, 'another table');
is(($cluster->call('PutItem', put('Counted', 'big', 300 * 1024)))[0], 200, 'a large item');
is(($cluster->call('Scan', { TableName => 'Counted' }))[0], 200, 'that is read once');
my ($reads, $writes) = split ' ', throttled();

# What a request adds to the refused reads and writes.
sub added
{
	my ($operation, $body) = @_;
	my ($status) = $cluster->call($operation, $body);
	my ($old_reads, $old_writes) = ($reads, $writes);
	($reads, $writes) = split ' ', throttled();
	return join ' ', $status, $reads - $old_reads, $writes - $old_writes;
}
my $key = { id => { S => 'big' } };
is(added('GetItem', { TableName => 'Counted', Key => $key }), '400 1 0', 'GetItem: a read');
is(added('Scan', { TableName => 'Counted' }), '400 1 0', 'Scan: a read');
is(added('DeleteItem', { TableName => 'Counted', Key => $key }), '400 0 1', 'DeleteItem: a write');
is(added('BatchWriteItem', { RequestItems => { Counted => [ map { { PutRequest => { Item => { id => { S => "b$_" } } } } } 1 .. 3 ] } }),
	'400 0 3', 'BatchWriteItem: each of its writes');
is(added('ListTables', {}), '200 0 0', 'what is not refused is not counted');
$cluster->try_sql(q{SELECT dynamo.get_item('Counted', '{"id": "big"}')});
is(added('ListTables', {}), '200 1 0', 'a read in SQL is');

# ---- UpdateTable -----------------------------------------------------------------------------------------------------

is(($cluster->call('UpdateTable', { TableName => 'Small', ProvisionedThroughput => { ReadCapacityUnits => 1000, WriteCapacityUnits => 1000 } }))[0], 200,
	'the limit is raised');
is_deeply(send_all('PutItem', sub { put('Small', "small$_[0]") }), { 200 => 20 }, 'all workers know at once');

# ---- a table of the same name ----------------------------------------------------------------------------------------

is(create_table('Again'), 200, 'a table');
is(($cluster->call('PutItem', put('Again', 'a', 300 * 1024)))[0], 200, 'that goes into debt');
is(($cluster->call('PutItem', put('Again', 'a')))[0], 400, 'which counts');
is(($cluster->call('DeleteTable', { TableName => 'Again' }))[0], 200, 'is deleted');
is(create_table('Again'), 200, 'and made again');
is_deeply(send_all('PutItem', put('Again', 'a', 300 * 1024)), { 200 => 1, TableWriteProvisionedThroughputExceeded => 19 }, 'its debt is gone');

# ---- restart, reload -------------------------------------------------------------------------------------------------

close $_ for splice @sockets;
$cluster->restart;
ok($cluster->wait_for_endpoint, 'after a restart');
is(($cluster->call('PutItem', put('Again', 'a', 300 * 1024)))[0], 200, 'buckets start anew');
is(($cluster->call('PutItem', put('Again', 'a')))[0], 400, 'and limit again');
$cluster->set('dynamo.enforce_throughput' => 'off');
@sockets = map { $cluster->connect } 1 .. 20;
ok($cluster->wait_for(sub { (send_all('PutItem', put('Again', 'a'))->{200} || 0) == 20 }), 'off with a reload');
close $_ for splice @sockets;
$cluster->set('dynamo.enforce_throughput' => 'on');
ok($cluster->wait_for(sub { ($cluster->call('PutItem', put('Again', 'a', 300 * 1024)))[0] == 400 }), 'on with a reload');

# ---- without shared memory -------------------------------------------------------------------------------------------

my $bare = DynamoCluster->new('bare', { 'shared_preload_libraries' => "''", 'dynamo.enforce_throughput' => 'on' })->start;
$bare->sql('CREATE EXTENSION dynamo');
$bare->sql(q{SELECT dynamo.create_table('Small', 'id', read_capacity => 1, write_capacity => 1)});
$bare->sql(q{SELECT dynamo.put_item('Small', jsonb_build_object('id', i::text)) FROM generate_series(1, 20) AS i});
is($bare->sql('SELECT count(*) FROM dynamo_tables."Small"'), 20, 'a server that has not preloaded the library limits nothing');
$bare->sql('DROP TABLE dynamo_tables."Small"');
$bare->stop;

$cluster->stop;
done_testing();
