# Connections: too many, too slow, idle, and with more to say than fits.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

# As long as nothing here is about timeouts they are far away.
my $cluster = DynamoCluster->new('limits', { 'dynamo.max_connections' => 40, 'dynamo.idle_timeout' => '300s' })->start;
$cluster->create_extension;

# Everything open but the test's own connection for metrics is gone.
sub settle { return $cluster->wait_for(sub { $cluster->metric('dynamo_http_connections') <= 1 }); }

# ---- too many --------------------------------------------------------------------------------------------------------

my (@served, @refused);
my $start = time;
for (1 .. 60)
{
	my $socket = $cluster->connect or next;
	local $SIG{PIPE} = 'IGNORE';
	print $socket $cluster->request_text('ListTables', '{}');
	if (($cluster->read_reply($socket))[0] == 200) { push @served, $socket }
	else { push @refused, $socket }
}
cmp_ok(scalar @served, '<=', 40, 'no more connections than dynamo.max_connections: ' . scalar @served);
cmp_ok(scalar @served, '>=', 38, 'but as many');
cmp_ok(scalar @refused, '>=', 20, 'the others are refused');
cmp_ok(time - $start, '<', 50, 'at once, and not after a timeout');
close shift @served for 1 .. 5;
ok($cluster->wait_for(sub { HTTP::Tiny->new(timeout => 60)->get($cluster->url('/health'))->{success} }), 'a place that is free is given again');
cmp_ok($cluster->metric('dynamo_http_connections_refused_total'), '>=', 20, 'refusals are counted');
close $_ for @served, @refused;
ok(settle(), 'all are gone');

# ---- idle and slow ---------------------------------------------------------------------------------------------------

$cluster->set('dynamo.idle_timeout' => '3s');
$cluster->reach_workers;
$start = time;
my @idle = map { $cluster->connect } 1 .. 10;
my $half = $cluster->connect;
print $half 'POST / HT';
ok(!DynamoCluster::read_more($idle[0], \my $nothing, time + 60), 'an idle connection ends');
cmp_ok(time - $start, '>=', 2, 'not before the timeout');
cmp_ok(time - $start, '<', 50, 'and not for other reasons');
$start = time;
is(($cluster->read_reply($half))[0], 0, 'so does one in the middle of a request');
cmp_ok(time - $start, '<', 50, 'by itself');

my $slow = $cluster->connect;
my $text = $cluster->request_text('ListTables', '{}');
for my $byte (split //, substr($text, 0, 40))
{
	print $slow $byte;
	sleep 0.1;
}
print $slow substr($text, 40);
is(($cluster->read_reply($slow))[0], 200, 'a slow one that goes on is served');

my $others = 0;
$others += ($cluster->call('ListTables', '{}'))[0] == 200 for 1 .. 10;
is($others, 10, 'meanwhile the others are');

# ---- long replies ----------------------------------------------------------------------------------------------------

$cluster->set('dynamo.idle_timeout' => '10s');
$cluster->reach_workers;
$cluster->call('CreateTable', {
	TableName => 'Large',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' });
is(($cluster->call('PutItem', { TableName => 'Large', Item => { id => { S => "i$_" }, text => { S => 'x' x 390000 } } }))[0],
	200, "a large item") for 1 .. 3;

my @readers;
for (1 .. 8)
{
	my $socket = $cluster->connect(ReuseAddr => 1);
	setsockopt($socket, Socket::SOL_SOCKET, Socket::SO_RCVBUF, pack('i', 160000));
	print $socket $cluster->request_text('Scan', '{"TableName":"Large"}');
	push @readers, $socket;
}
sleep 0.5;
is(($cluster->call('ListTables', '{}'))[0], 200, 'readers that do not read hold up nobody');
my ($status, $body) = $cluster->read_reply($readers[0]);
is($status, 200, 'a slow reader gets its reply');
cmp_ok(length $body, '>', 780000, 'all of it: ' . length $body);
for my $part (1 .. 3)
{
	my $piece = '';
	sysread($readers[$part], $piece, 4096);
	close $readers[$part];
}
ok($cluster->wait_for(sub { $cluster->metric('dynamo_http_connections') <= 2 }), 'readers that read no more are dropped');

# ---- compressed replies ----------------------------------------------------------------------------------------------

for my $case (['gzip', 'gzip'], ['deflate', 'deflate'], ['gzip, deflate', 'gzip'], ['br, deflate, gzip', 'deflate'],
	['*', 'gzip'], ['*, deflate', 'deflate'], ['*, gzip;q=0.5', 'deflate'], ['gzip;q=0', ''], ['identity', ''], ['*;q=0', ''],
	['gzip;q=0.8,deflate;q=0.5', 'gzip'], ['gzip br', ''], ['deflate;q=0.5,gzip;q=0.x', 'gzip'], ['gzip;nq=0;q=1', ''],
	['', ''])
{
	my ($accept, $encoding) = @$case;
	my (undef, undef, $headers) = $cluster->call('GetItem', '{"TableName":"Large","Key":{"id":{"S":"i1"}}}',
		'accept-encoding' => $accept);
	is($headers->{'content-encoding'} || '', $encoding, "Accept-Encoding: $accept");
}
SKIP:
{
	eval { require Compress::Zlib; 1 } or skip 'no Compress::Zlib', 2;
	my (undef, undef, $headers, $packed) = $cluster->call('GetItem', '{"TableName":"Large","Key":{"id":{"S":"i1"}}}',
		'accept-encoding' => 'gzip');
	my $copy = $packed;
	my $unpacked = Compress::Zlib::memGunzip($copy);
	is(($unpacked =~ tr/x//), 390000 + 1, 'the reply comes out whole');
	is($headers->{'x-amz-crc32'}, Compress::Zlib::crc32($packed), 'the checksum is of what was sent');
}
my (undef, undef, $headers) = $cluster->call('ListTables', '{}', 'accept-encoding' => 'gzip');
ok(!exists $headers->{'content-encoding'}, 'a short reply is left as it is');

# ---- many bodies at once ---------------------------------------------------------------------------------------------

my $crowd = DynamoCluster->new('crowd', { 'dynamo.idle_timeout' => '300s' })->start;
$crowd->create_extension;
my @uploads;
my $block = ' ' x (1024 * 1024);
$SIG{PIPE} = 'IGNORE';
for (1 .. 60)
{
	my $socket = $crowd->connect;
	print $socket $crowd->request_text('ListTables', '', 'Content-Length' => 15 * 1024 * 1024 + 2) . '{}';
	push @uploads, $socket;
}
for my $megabyte (1 .. 15) { print $_ $block for @uploads }
my %results;
$results{ ($crowd->read_reply($_, 120))[0] }++ for @uploads;
is(($results{200} || 0) + ($results{503} || 0), 60, 'each upload is taken or told to come again');
cmp_ok($results{200} || 0, '>=', 10, 'taken: ' . ($results{200} || 0));
cmp_ok($results{503} || 0, '>=', 10, 'memory for bodies is limited: ' . ($results{503} || 0) . ' refused');

is(scalar($cluster->pids('dynamo http worker')), 2, 'both workers are alive');
unlike($cluster->log_text . $crowd->log_text, qr/ERROR|FATAL|PANIC/, 'nothing of this reaches the log');
done_testing;
