# Clients that ask for much and read little: their replies do not stay in memory.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Socket;
use Test::More;
use Time::HiRes qw(sleep time);

my $cluster = DynamoCluster->new('slow', { 'dynamo.http_workers' => 1, 'dynamo.send_timeout' => '2s', 'dynamo.idle_timeout' => '300s' })->start;
$cluster->create_extension;
$SIG{PIPE} = 'IGNORE';

$cluster->call('CreateTable', {
	TableName => 'Large',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' });
my $stored = 0;
$stored += ($cluster->call('PutItem', { TableName => 'Large', Item => { id => { S => "i$_" }, text => { S => 'x' x 390000 } } }))[0] == 200
  for 1 .. 40;
is($stored, 40, 'forty large items');

sub batch_get { return { RequestItems => { Large => { Keys => [map { { id => { S => "i$_" } } } 1 .. shift] } } } }

# A client with a small window that has asked for so many items.
sub ask
{
	my ($count) = @_;
	my $socket = $cluster->connect;
	setsockopt($socket, SOL_SOCKET, SO_RCVBUF, pack('i', 32768));
	print $socket $cluster->request_text('BatchGetItem', batch_get($count));
	return $socket;
}

sub cut { return $cluster->metric('dynamo_http_connections_cut_total') }

sub memory
{
	my ($pid) = $cluster->pids('dynamo http worker');
	open my $file, '<', "/proc/$pid/status" or return 0;
	my ($kb) = join('', <$file>) =~ /^VmRSS:\s+(\d+)/m;
	return $kb / 1024;
}

my $plain = length(($cluster->call('BatchGetItem', batch_get(40)))[3] // '');
cmp_ok($plain, '>', 15_000_000, "who reads gets all of a long reply: $plain bytes");

# ---- one at a time ---------------------------------------------------------------------------------------------------

my $still = ask(40);
ok($cluster->wait_for(sub { cut() == 1 }), 'who does not read is cut off');
$still->close;

my $trickle = ask(40);
my $taken = 0;
my $end = time + 300;
while (time < $end)
{
	my $count = sysread($trickle, my $piece, 2048) or last;
	$taken += $count;
	sleep 0.1;
}
ok($cluster->wait_for(sub { cut() == 2 }), 'so is who reads a little now and then');
cmp_ok($taken, '<', 15_000_000, "long before the end: after $taken bytes");
$trickle->close;

my $steady = ask(12);
$taken = 0;
while (my $count = sysread($steady, my $piece, 65536))
{
	$taken += $count;
	sleep 0.02;
	last if $taken > 12 * 390000;
}
cmp_ok($taken, '>', 12 * 390000, 'who is slow and steady gets it all');
is(cut(), 2, 'and stays');
print $steady $cluster->request_text('ListTables', '{}');
$steady->close;

# ---- many ------------------------------------------------------------------------------------------------------------

my $before = cut();
my @crowd = map { ask(40) } 1 .. 40;
ok($cluster->wait_for(sub { cut() > $before }), 'of many that do not read some are cut off');
my $most = 0;
my $served = 0;
for (1 .. 20)
{
	my $now = memory();
	$most = $now if $now > $most;
	$served += ($cluster->call('ListTables', '{}'))[0] == 200;
	sleep 0.1;
}
is($served, 20, 'others are served meanwhile');
cmp_ok($most, '<', 1200, sprintf 'memory is limited: %d MB', $most);
ok($cluster->wait_for(sub { cut() == $before + 40 }, 300), 'in the end all are');
ok($cluster->wait_for(sub { $cluster->metric('dynamo_http_connections') <= 1 }), 'and gone');
cmp_ok(memory(), '<', 300, sprintf 'with their memory: %d MB', memory());

is(scalar($cluster->pids('dynamo http worker')), 1, 'the worker is alive');
unlike($cluster->log_text, qr/ERROR|FATAL|PANIC/, 'nothing of this reaches the log');
done_testing;
