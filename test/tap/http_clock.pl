# The time of day is set back and forth under a running endpoint: no duration depends on it.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use IO::Socket::INET;
use Socket;
use Test::More;

my $cluster = DynamoCluster->new('clock', { 'dynamo.http_workers' => 1, 'dynamo.send_timeout' => '600s', 'dynamo.idle_timeout' => '3600s',
	'dynamo.enforce_throughput' => 'on' });
my $offset = "$cluster->{folder}/offset";
my $library = "$cluster->{folder}/clock.so";

sub set_clock
{
	open(my $out, '>', "$offset.new") or die $!;
	print $out $_[0];
	close $out;
	rename "$offset.new", $offset or die $!;
}

set_clock(0);
is(system('cc', '-shared', '-fPIC', '-O', '-o', $library, "$FindBin::Bin/lib/clock.c", '-ldl'), 0, 'a clock that can be moved');
{
	local $ENV{LD_PRELOAD} = $library;
	local $ENV{DYNAMO_CLOCK_FILE} = $offset;
	$cluster->start;
}
$cluster->create_extension;

# ---- a client that takes its reply slowly ----------------------------------------------------------------------------

$cluster->sql("SELECT dynamo.create_table('Large', 'id')");
$cluster->sql(q{SELECT dynamo.put_item('Large', jsonb_build_object('id', 'i' || i, 'text', repeat('x', 390000))) FROM generate_series(1, 40) AS i});
my $body = { RequestItems => { Large => { Keys => [ map { { id => { S => "i$_" } } } 1 .. 40 ] } } };

# A client with a small window that has asked for 16 MB.
sub ask
{
	my $socket = $cluster->connect;
	setsockopt($socket, SOL_SOCKET, SO_RCVBUF, pack('i', 32768));
	print $socket $cluster->request_text('BatchGetItem', $body);
	return $socket;
}
sub cut { return $cluster->metric('dynamo_http_connections_cut_total') }

my $client = ask();
$cluster->reach_workers;
set_clock(86400);
$cluster->reach_workers for 1 .. 3;
is(cut(), 0, 'a day forth: who has not waited so long is not cut off');
my ($status, $text) = $cluster->read_reply($client, 300);
is("$status " . (length($text) > 15_000_000 ? 'all' : length $text), '200 all', 'and reads all of the reply');
$cluster->set('dynamo.send_timeout' => '2s');
$cluster->reach_workers;
my $still = ask();
$cluster->reach_workers;
set_clock(0);
ok($cluster->wait_for(sub { cut() == 1 }), 'a day back: who does not read is cut off');
close $still;

# ---- throughput ------------------------------------------------------------------------------------------------------

$cluster->sql(q{SELECT dynamo.request('CreateTable', '{"TableName": "Slow", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
	"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}')});
my $put = sub { my ($size) = @_; my ($status, $reply) = $cluster->call('PutItem', { TableName => 'Slow', Item => { id => { S => 'a' }, text => { S => 'x' x $size } } });
	return $status == 200 ? $status : $reply->{__type} =~ s/.*#//r };
is($put->(390_000), 200, 'a write that takes six minutes of throughput');
is($put->(1), 'ProvisionedThroughputExceededException', 'leaves none');
set_clock(86400);
is($put->(1), 'ProvisionedThroughputExceededException', 'nor is there any after a day that never passed');
set_clock(-86400);
is($put->(1), 'ProvisionedThroughputExceededException', 'nor after one that has not been');

# ---- the next attempt to open the endpoint ---------------------------------------------------------------------------

set_clock(0);
my $stranger = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => DynamoCluster::free_port(), Proto => 'tcp', Listen => 1) or die $!;
my $position = $cluster->log_position;
$cluster->set('dynamo.port' => $stranger->sockport);
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /address 127\.0\.0\.1:\d+ is in use/ }), 'a stranger has the port');
set_clock(-86400);
close $stranger;
ok($cluster->wait_for_workers(1), 'a day back: when he leaves, the endpoint opens');

unlike($cluster->log_text, qr/ERROR|FATAL|PANIC/, 'no error');
done_testing;
