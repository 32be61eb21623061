# What the endpoint makes of HTTP: whole, broken and hostile requests.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

# The library misses the end of a connection that comes right behind a piece of a request, so the idle timeout matters.
my $cluster = DynamoCluster->new('protocol', { 'dynamo.idle_timeout' => '10s' })->start;
$cluster->create_extension;

my $json = 'application/x-amz-json-1.0';
my $coral = 'com.amazon.coral.service';

# ---- operations that are none ----------------------------------------------------------------------------------------

my ($status, $reply, $headers, $text) = $cluster->call('Nonsense', '{}');
is("$status $text", "400 {\"__type\":\"$coral#UnknownOperationException\"}", 'an unknown operation');
($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => 'DynamoDB_19990101.ListTables');
is("$status $reply->{__type}", "400 $coral#UnknownOperationException", 'an unknown version');
($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => 'DynamoDBStreams_20120810.ListTables');
is("$status $reply->{__type}", "400 $coral#UnknownOperationException", 'an operation of another service');
($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => '');
is("$status $reply->{__type}", "400 $coral#UnknownOperationException", 'no target');

for my $case (['PUT', '/'], ['DELETE', '/'], ['GET', '/other'])
{
	my ($method, $path) = @$case;
	my $answer = $cluster->{http}->request($method, $cluster->url($path));
	is("$answer->{status} $answer->{content}", "404 <UnknownOperationException/>\n", "$method $path");
}
($status, $reply, $headers, $text) = $cluster->call('ListTables', '{}', 'content-type' => 'text/plain');
is("$status $text", "404 <UnknownOperationException/>\n", 'a body of another content type');
my $bare = $cluster->{http}->request('POST', $cluster->url);
is("$bare->{status} $bare->{content}", "400 {\"__type\":\"$coral#UnknownOperationException\"}", 'no body needs no content type');
$bare = $cluster->{http}->request('POST', $cluster->url('/other'), { content => '{}', headers => {
	'content-type' => $json, 'x-amz-target' => 'DynamoDB_20120810.ListTables' } });
is("$bare->{status} $bare->{content}", '200 {"TableNames":[]}', 'the path does not matter');

# ---- bodies that are none --------------------------------------------------------------------------------------------

for my $body ('', '{', '{"a":}', "{\"a\":\"\xff\"}", '{}x', '{' x 10000)
{
	($status, $reply, $headers, $text) = $cluster->call('ListTables', $body);
	is("$status $text", "400 {\"__type\":\"$coral#SerializationException\"}", 'no JSON: ' . substr($body, 0, 10));
}
# AWS looks at the body before it looks for the operation
for my $body ('{', 'hello', '{"a":}')
{
	($status, $reply, $headers, $text) = $cluster->call('Nonsense', $body);
	is("$status $text", "400 {\"__type\":\"$coral#SerializationException\"}", "no JSON for no operation: $body");
}
for my $body ('[]', 'null', '7', '"x"')
{
	($status, $reply) = $cluster->call('ListTables', $body);
	is("$status $reply->{__type}", "400 $coral#SerializationException", "no object: $body");
}

# ---- headers of a reply ----------------------------------------------------------------------------------------------

for my $type ($json, 'application/x-amz-json-1.1', 'application/json')
{
	($status, $reply, $headers, $text) = $cluster->call('ListTables', '{}', 'content-type' => "$type; charset=utf-8");
	is("$status $headers->{'content-type'}", "200 $type", "$type is mirrored");
}
is($text, '{"TableNames":[]}', 'the reply itself');
like($headers->{'x-amzn-requestid'}, qr/^[0-9A-Z]{52}$/, 'a request id');
is($headers->{'x-amz-crc32'}, 1315925753, 'the checksum');
is($headers->{'content-length'}, length $text, 'the length');
ok(!grep({ /^access-control/ } keys %$headers), 'no CORS without an origin');

($status, $reply, $headers) = $cluster->call('ListTables', '{}', 'origin' => 'http://example.com');
is($headers->{'access-control-allow-origin'}, '*', 'CORS: any origin');
is($headers->{'access-control-expose-headers'}, 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date', 'CORS: exposed headers');
ok(!exists $headers->{'access-control-max-age'}, 'CORS: no age but in a preflight');
my $preflight = $cluster->{http}->request('OPTIONS', $cluster->url, { headers => {
	'origin' => 'http://example.com', 'access-control-request-headers' => 'a, b', 'access-control-request-method' => 'POST' } });
is("$preflight->{status} $preflight->{content}", '200 ', 'CORS: preflight');
is($preflight->{headers}{'access-control-allow-headers'}, 'a, b', 'CORS: headers are echoed');
is($preflight->{headers}{'access-control-allow-methods'}, 'POST', 'CORS: the method is echoed');
is($preflight->{headers}{'access-control-max-age'}, 172800, 'CORS: age');

# ---- probes ----------------------------------------------------------------------------------------------------------

is_deeply([($cluster->get('/'))[0, 1]], [200, "healthy: 127.0.0.1:$cluster->{port} "], 'GET /');
is_deeply([($cluster->get('/health'))[0, 1]], [200, "healthy: 127.0.0.1:$cluster->{port} "], 'GET /health');
my $head = $cluster->{http}->request('HEAD', $cluster->url('/health'));
is($head->{status}, 200, 'HEAD /health');
is($head->{headers}{'content-length'}, length "healthy: 127.0.0.1:$cluster->{port} ", 'HEAD tells the length');
like(($cluster->get('/metrics'))[1], qr/^# TYPE dynamo_http_requests_total counter\ndynamo_http_requests_total\{worker="0"\} \d+\n/m,
	'GET /metrics');
ok($cluster->metric('dynamo_http_client_errors_total') >= 15, 'errors are counted');
is($cluster->metric('dynamo_http_workers'), 2, 'both workers serve');

my $socket = $cluster->connect;
print $socket "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n";
is(($cluster->read_reply($socket))[1], "healthy: localhost:$cluster->{port} ", 'a strange Host is not echoed');

# ---- limits ----------------------------------------------------------------------------------------------------------

is(($cluster->call('ListTables', '{}', 'x-pad' => 'x' x 17000))[0], 400, 'headers over 16 KB');
# The connection ends with headers unread, so that TCP may lose the answer: 599 then.
like(($cluster->call('ListTables', '{}', 'x-pad' => 'x' x 100000))[0], qr/^(431|599)$/, 'headers over all memory');
my $answer = $cluster->{http}->request('POST', $cluster->url('/' . 'x' x 17000));
is($answer->{status}, 400, 'a request line over 16 KB');
is(($cluster->call('ListTables', '{}', map { ("x-$_" => 'x') } 1 .. 100))[0], 200, 'a hundred headers');

my $limit = 16 * 1024 * 1024;
is(($cluster->call('ListTables', '{}' . ' ' x ($limit - 2)))[0], 200, 'a body of 16 MB');
is(($cluster->call('ListTables', '{}' . ' ' x ($limit - 1)))[0], 413, 'a body of one byte more');
for my $announced ($limit + 1, '99999999999', '18446744073709551615')
{
	$socket = $cluster->connect;
	print $socket $cluster->request_text('ListTables', '{}', 'Content-Length' => $announced, 'Expect' => '100-continue');
	is(($cluster->read_reply($socket))[0], 413, "$announced bytes announced, with Expect");
}

# ---- ways to send a body ---------------------------------------------------------------------------------------------

$socket = $cluster->connect;
my $request = $cluster->request_text('ListTables', '{}', 'Expect' => '100-continue');
print $socket substr($request, 0, -2);
is(($cluster->read_reply($socket))[0], 100, 'Expect: go on');
print $socket '{}';
is(($cluster->read_reply($socket))[1], '{"TableNames":[]}', 'Expect: the reply');

sub chunked
{
	my ($socket, @chunks) = @_;
	print $socket $cluster->request_text('ListTables', '', 'Content-Length' => undef, 'Transfer-Encoding' => 'chunked');
	printf $socket "%x\r\n%s\r\n", length $_, $_ for @chunks;
	print $socket "0\r\n\r\n";
	return ($cluster->read_reply($socket, 30))[0];
}
$socket = $cluster->connect;
is(chunked($socket, '{', '}'), 200, 'a body in chunks');
is(chunked($socket, split //, '{' . ' ' x 20000 . '}'), 200, 'a body in chunks of a byte');
is(chunked($socket, ('x' x 1024 x 1024) x 17), 413, 'chunks over 16 MB');
is(chunked($socket, '{}'), 200, 'the connection goes on');
print $socket $cluster->request_text('ListTables', '', 'Content-Length' => undef, 'Transfer-Encoding' => 'chunked') . "zz\r\n";
is(($cluster->read_reply($socket))[0], 400, 'a broken chunk');

$socket = $cluster->connect;
print $socket $_ for split //, $cluster->request_text('ListTables', '{}');
is(($cluster->read_reply($socket))[0], 200, 'a byte at a time');

$socket = $cluster->connect;
print $socket $cluster->request_text('ListTables', '{}') x 20 . $cluster->request_text('Nonsense', '{}');
is(join(' ', map { ($cluster->read_reply($socket))[0] } 1 .. 21), '200 ' x 20 . '400', 'pipelined requests');

for my $garbage ("\r\n\r\n\r\n\0\0\0", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\x16\x03\x01" . 'x' x 500 . "\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "POST / HTTP/1.1\r\n\r\n")
{
	$socket = $cluster->connect;
	print $socket $garbage;
	shutdown $socket, 1;
	my ($code) = $cluster->read_reply($socket);
	ok($code == 0 || $code >= 400, 'garbage is refused: ' . ($garbage =~ s/[^ -~]/./gr =~ s/^(.{20}).*/$1/sr));
}

# ---- clients that go away --------------------------------------------------------------------------------------------

for my $part ('POST / HT', "POST / HTTP/1.1\r\nHost: x\r\n", $cluster->request_text('ListTables', '{}', 'Content-Length' => 1000),
	$cluster->request_text('ListTables', '{}'))
{
	for (1 .. 20)
	{
		$socket = $cluster->connect;
		print $socket $part;
		setsockopt($socket, Socket::SOL_SOCKET, Socket::SO_LINGER, pack('ii', 1, 0)) if $_ % 2;
		close $socket;
	}
}
ok($cluster->wait_for(sub { $cluster->metric('dynamo_http_connections') <= 3 }), 'connections that were cut are gone');

# ---- compressed bodies -----------------------------------------------------------------------------------------------

SKIP:
{
	eval { require Compress::Zlib; 1 } or skip 'no Compress::Zlib', 7;
	my $gzip = Compress::Zlib::memGzip('{}');
	my %is_gzip = ('content-encoding' => 'gzip');

	is(($cluster->call('ListTables', $gzip, %is_gzip))[0], 200, 'gzip');
	is(($cluster->call('ListTables', Compress::Zlib::memGzip('{') . Compress::Zlib::memGzip('}'), %is_gzip))[0], 200, 'two gzips');
	is(($cluster->call('ListTables', Compress::Zlib::compress('{}'), 'content-encoding' => 'deflate'))[0], 200, 'deflate');
	is(($cluster->call('ListTables', '{}', %is_gzip))[0], 500, 'no gzip');
	is(($cluster->call('ListTables', substr($gzip, 0, -1), %is_gzip))[0], 500, 'a gzip cut short');
	is(($cluster->call('ListTables', Compress::Zlib::memGzip(' ' x (20 * 1024 * 1024)), %is_gzip))[0], 500, 'a gzip of 20 MB');
	is(($cluster->call('ListTables', '{}', 'content-encoding' => 'br'))[0], 500, 'another encoding');
}

unlike($cluster->log_text, qr/ERROR|FATAL|PANIC/, 'nothing of this reaches the log');
is(scalar($cluster->pids('dynamo http worker')), 2, 'both workers are alive');
done_testing;
