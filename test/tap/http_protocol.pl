# What the endpoint makes of HTTP: whole, broken and hostile requests.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

$SIG{PIPE} = 'IGNORE';

# The library misses the end of a connection that comes right behind a piece of a request, so the idle timeout matters.
my $cluster = DynamoCluster->new('protocol', { 'dynamo.idle_timeout' => '10s' })->start;
$cluster->create_extension;

my $json = 'application/x-amz-json-1.0';
my $coral = 'com.amazon.coral.service';

# ---- operations that are none ----------------------------------------------------------------------------------------

my ($status, $reply, $headers, $text) = $cluster->call('Nonsense', '{}');
is("$status $text", "400 {\"__type\":\"$coral#UnknownOperationException\",\"message\":\"Nonsense is not built here: docs/differences.md lists what is not\"}",
	'an unknown operation');
for my $case (['DynamoDB_20120810.CreateBackup', 'CreateBackup'], ['CreateBackup', 'CreateBackup'], ['.', '.'], ['DynamoDB_20120810.', 'DynamoDB_20120810.'],
	['DynamoDB_20120810.' . 'x' x 5000, 'x' x 64], ['DynamoDB_20120810.%s"\\<', '%s"\\<'])
{
	my ($target, $shown) = @$case;
	($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => $target);
	is("$status $reply->{message}", "400 $shown is not built here: docs/differences.md lists what is not", 'not built: ' . substr($target, 0, 30));
}
($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => 'DynamoDB_19990101.ListTables');
is("$status $reply->{__type}", "400 $coral#UnknownOperationException", 'an unknown version');
($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => 'DynamoDBStreams_20120810.ListTables');
is("$status $reply->{__type}", "400 $coral#UnknownOperationException", 'an operation of another service');
($status, $reply) = $cluster->call('ListTables', '{}', 'x-amz-target' => '');
is("$status $reply->{__type}", "400 $coral#UnknownOperationException", 'no target');
is($reply->{message}, undef, 'which says no more, as on AWS');

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

# ---- requests that can be read in two ways ---------------------------------------------------------------------------

# The request is refused, and what follows it on the connection is no request.  Where the library refuses by itself, it does so in HTML;
# libmicrohttpd before 1.0 sends the head of that twice when it does not like a length.
sub refused
{
	my ($text, $what, $code) = @_;
	my $socket = $cluster->connect;
	print $socket $text . "GET /health HTTP/1.1\r\nHost: next\r\n\r\n";
	my ($status, $body) = $cluster->read_reply($socket, 60);
	delete $cluster->{rest}{$socket};
	my ($more) = $cluster->read_reply($socket, 60);
	delete $cluster->{rest}{$socket};
	my $expected = $code || 400;
	my $known = $body =~ /^\{"__type":"$coral#(MalformedHttpRequest|RequestEntityTooLarge)Exception"|^<html>|^HTTP\/1.1 $expected /;
	ok($status == $expected && $known && $more == 0, "refused: $what") or diag("$status $body, then $more");
}

# The text of a request for ListTables with other or more lines in its head.
sub request_with
{
	my ($lines, %options) = @_;
	my $line = $options{line} // 'POST / HTTP/1.1';
	my $head = $options{head} // "Host: localhost\r\nContent-Type: $json\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n";
	return "$line\r\n$head$lines\r\n" . ($options{body} // '{}');
}

my $chunks = "2\r\n{}\r\n0\r\n\r\n";
my $length = "Content-Length: 2\r\n";
my $coded = "Transfer-Encoding: chunked\r\n";

my %two_bodies = (
	'both' => request_with($coded . $length, body => $chunks),
	'both, the other way round' => request_with($length . $coded, body => $chunks),
	'two lengths' => request_with($length . "Content-Length: 3\r\n"),
	'two lengths, the longer first' => request_with("Content-Length: 3\r\n" . $length),
	'the same length twice' => request_with($length x 2),
	'chunked twice' => request_with($coded x 2, body => $chunks),
	'gzip' => request_with("Transfer-Encoding: gzip\r\n"),
	'gzip, chunked' => request_with("Transfer-Encoding: gzip, chunked\r\n", body => $chunks),
	'gzip and chunked' => request_with("Transfer-Encoding: gzip\r\n" . $coded, body => $chunks),
	'identity' => request_with("Transfer-Encoding: identity\r\n" . $length),
	'an empty coding' => request_with("Transfer-Encoding:\r\n" . $length),
	'xchunked' => request_with("Transfer-Encoding: xchunked\r\n", body => $chunks),
	'vertical tab and chunked' => request_with("Transfer-Encoding: \x0bchunked\r\n", body => $chunks),
	'chunked in HTTP/1.0' => request_with($coded, line => 'POST / HTTP/1.0', body => $chunks),
	(map { ("length $_" => request_with("Content-Length: $_\r\n")) } '+2', '-2', '2, 2', '2,', '0x2', '2 2', '2e0', '', "2\0", '2;', "\x{0b}2"));
refused($two_bodies{$_}, "body: " . (s{[^ -~]}{?}gr)) for sort keys %two_bodies;
refused(request_with("Content-Length: 99999999999999999999999\r\n"), 'a length beyond all numbers', 413);
refused(request_with("Content-Length: 18446744073709551616\r\n"), 'a length of 64 bits and one more', 413);

my %heads = (
	(map { ("$_ twice" => request_with("$_: a\r\n$_: a\r\n$length")) } 'Authorization', 'Content-Encoding', 'Date', 'X-Amz-Date', 'X-Amz-Security-Token'),
	'Host twice' => request_with("host: other\r\n$length"),
	'Content-Type twice' => request_with("Content-Type: text/plain\r\n$length"),
	'X-Amz-Target twice' => request_with("x-amz-target: DynamoDB_20120810.PutItem\r\n$length"),
	'no Host' => request_with($length, head => "Content-Type: $json\r\n"),
	'NUL in a value' => request_with("X-Pad: a\0b\r\n$length"),
	'NUL at the end of a value' => request_with("X-Pad: a\0\r\n$length"),
	'NUL and no more' => request_with("X-Pad: \0\r\n$length"),
	'NUL in the last value' => request_with("${length}X-Pad: a\0b\r\n"),
	'NUL at the end of all' => request_with("${length}X-Pad: a\0\r\n"),
	'NULs at the end of all' => request_with("${length}X-Pad: a\0\0\0\r\n"),
	'NUL at the end of all, in chunks' => request_with("${coded}X-Pad: a\0\r\n", body => $chunks),
	'NUL behind the operation' => request_with("${length}X-Amz-Target: DynamoDB_20120810.ListTables\0x\r\n", head => "Host: a\r\nContent-Type: $json\r\n"),
	'NUL behind chunked' => request_with("Transfer-Encoding: chunked\0x\r\n", body => $chunks),
	'NUL in a name' => request_with("X-P\0ad: a\r\n$length"),
	'NUL in the target' => request_with($length, line => "POST /\0x HTTP/1.1"),
	'NUL in the method' => request_with($length, line => "POST\0 / HTTP/1.1"),
	'NUL in the version' => request_with($length, line => "POST / HTTP/1.1\0"),
	'NUL in a cookie' => request_with("Cookie: a=b\0c\r\n$length"),
	(map { (sprintf('control byte %02x', ord $_) => request_with("X-Pad: a${_}b\r\n$length")) } "\x01", "\x0b", "\x1b", "\x7f", "\r"),
	'a folded line' => request_with("X-Pad: a\r\n b\r\n$length"),
	'a folded line with a tab' => request_with("X-Pad: a\r\n\tb\r\n$length"),
	'a folded length' => request_with("Content-Length:\r\n 2\r\n"),
	'a folded last line' => request_with("${length}X-Pad: a\r\n b\r\n"),
	'a folded first line' => request_with($length, head => " X-Pad: a\r\nHost: a\r\n"),
	'bare line feeds' => request_with($length) =~ s/\r\n/\n/gr,
	'one bare line feed' => request_with("X-Pad: a\n$length"),
	'a bare line feed after the request line' => request_with($length) =~ s/\r\n/\n/r,
	'a bare line feed at the end' => request_with($length) =~ s/\r\n\r\n/\r\n\n/r,
	'a bare carriage return' => request_with("X-Pad: a\r$length"),
	'two carriage returns' => request_with("X-Pad: a\r\r\n$length"),
	'a space before the colon' => request_with("X-Pad : a\r\n$length"),
	'a tab before the colon' => request_with("X-Pad\t: a\r\n$length"),
	'a space before the colon of a length' => request_with("Content-Length : 2\r\n"),
	'a space before the colon of a coding' => request_with("Transfer-Encoding : chunked\r\n$length"),
	'no colon' => request_with("X-Pad\r\n$length"),
	'no name' => request_with(": a\r\n$length"),
	'a name that is none' => request_with("X(Pad): a\r\n$length"),
	'a name beyond ASCII' => request_with("X-P\xe9d: a\r\n$length"));
refused($heads{$_}, "head: $_") for sort keys %heads;

my %lines = (
	'the host of another' => 'POST http://example.com/ HTTP/1.1',
	'the host with something before it' => 'POST http://a@localhost/ HTTP/1.1',
	'another scheme' => 'POST ftp://localhost/ HTTP/1.1',
	'no slash' => 'POST localhost HTTP/1.1',
	'a host alone' => 'CONNECT localhost:80 HTTP/1.1',
	'a star' => 'POST * HTTP/1.1',
	'a fragment' => 'POST /#a HTTP/1.1',
	'a space' => 'POST /a b HTTP/1.1',
	'two spaces' => 'POST  / HTTP/1.1',
	'a tab' => "POST /a\tb HTTP/1.1");
refused(request_with($length, line => $lines{$_}), "target: $_") for sort keys %lines;

# What looks alike and is right.
for my $case (
	['chunked in capitals', request_with("transfer-encoding: CHUNKED\r\n", body => $chunks)],
	['chunks with extensions', request_with($coded, body => "2;a=b;c=\"d\"\r\n{}\r\n0;e\r\n\r\n")],
	['a trailer that names another operation', request_with($coded, body => "2\r\n{}\r\n0\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\n\r\n")],
	['a length with zeros before it', request_with("Content-Length: 0002\r\n")],
	['white space around a value', request_with("X-Pad: \t a \t \r\n$length")],
	['bytes beyond ASCII', request_with("X-Pad: \xe9\r\n$length")],
	['no value', request_with("X-Pad:\r\n$length")],
	['an odd cookie', request_with("Cookie: ;;\"=,;a=\"b;;\r\n$length")],
	['a header twice that may be', request_with("Via: a\r\nVia: b\r\n$length")],
	['the target as a proxy gets it', request_with($length, line => 'POST http://LOCALHOST/ HTTP/1.1')],
	['the same without a path', request_with($length, line => 'POST http://localhost?a=b HTTP/1.1')],
	['an empty line before it', "\r\n" . request_with($length)],
	['a head of many lines', request_with(join('', map { "X-Pad-$_: " . 'a' x 100 . "\r\n" } 1 .. 100) . $length)])
{
	my ($what, $text) = @$case;
	$socket = $cluster->connect;
	print $socket ($text x 3 . "GET /health HTTP/1.1\r\nHost: next\r\n\r\n");
	is(join(' ', map { ($cluster->read_reply($socket, 60))[1] } 1 .. 4), '{"TableNames":[]} ' x 3 . 'healthy: next ', "served: $what");
	$socket = $cluster->connect;
	for my $piece (map { substr $text, $_ * 7, 7 } 0 .. length($text) / 7)
	{
		print $socket $piece;
	}
	is(($cluster->read_reply($socket, 60))[1], '{"TableNames":[]}', "served in pieces: $what");
}
$socket = $cluster->connect;
print $socket request_with($length, line => 'POST / HTTP/1.0');
is(($cluster->read_reply($socket, 60))[1], '{"TableNames":[]}', 'HTTP/1.0');

# ---- the endpoint's address ------------------------------------------------------------------------------------------

sub endpoint
{
	my ($text) = @_;
	my $socket = $cluster->connect;
	print $socket $text;
	my ($status, $body) = $cluster->read_reply($socket, 60);
	return "$status " . ($body =~ /^\{"Endpoints":\[\{"Address":"([^"]*)","CachePeriodInMinutes":1440\}\]\}$/ ? $1 : $body);
}
for my $host ('localhost', 'db.example.com', 'db.example.com:8000', '10.0.0.1:80', '[::1]', '[2001:db8::7]:8000', 'a_b-c')
{
	is(endpoint($cluster->request_text('DescribeEndpoints', '{}', 'Host' => $host)), "200 $host", "the host that was asked: $host");
}
my $here = "200 127.0.0.1:$cluster->{port}";
for my $host ('', '<script>', 'a"b', 'a b', 'a:b', 'a:', ':80', '[::1', '[]', '[::1]x', 'a:123456', 'a/b', "\xe9", 'x' x 256)
{
	is(endpoint($cluster->request_text('DescribeEndpoints', '{}', 'Host' => $host)), $here, 'a host that is none: ' . ($host =~ s/[^ -~]/?/gr =~ s/^(.{20}).*/$1/r));
}
is(endpoint($cluster->request_text('DescribeEndpoints', '{}', 'Host' => undef) =~ s{HTTP/1.1}{HTTP/1.0}r), $here, 'no host in HTTP/1.0');

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
	eval { require Compress::Zlib; 1 } or skip 'no Compress::Zlib', 10;
	my $gzip = Compress::Zlib::memGzip('{}');
	my %is_gzip = ('content-encoding' => 'gzip');

	is(($cluster->call('ListTables', $gzip, %is_gzip))[0], 200, 'gzip');
	is(($cluster->call('ListTables', Compress::Zlib::memGzip('{') . Compress::Zlib::memGzip('}'), %is_gzip))[0], 200, 'two gzips');
	is(($cluster->call('ListTables', Compress::Zlib::compress('{}'), 'content-encoding' => 'deflate'))[0], 200, 'deflate');
	my $outcome = sub { my ($status, $reply) = $cluster->call('ListTables', @_); return "$status " . ($reply->{__type} // '') };
	is($outcome->('{}', %is_gzip), "500 com.amazonaws.dynamodb.v20120810#InternalServerError", 'no gzip');
	is($outcome->(substr($gzip, 0, -1), %is_gzip), "500 com.amazonaws.dynamodb.v20120810#InternalServerError", 'a gzip cut short');
	is($outcome->(Compress::Zlib::memGzip(' ' x (20 * 1024 * 1024)), %is_gzip), "413 $coral#RequestEntityTooLargeException", 'a gzip of 20 MB');
	is($outcome->(Compress::Zlib::compress(' ' x (20 * 1024 * 1024)), 'content-encoding' => 'deflate'), "413 $coral#RequestEntityTooLargeException", 'the same by deflate');
	is($outcome->('{}', 'content-encoding' => 'br'), "500 com.amazonaws.dynamodb.v20120810#InternalServerError", 'another encoding');
	is($outcome->($gzip, 'content-encoding' => 'gzip, gzip'), "500 com.amazonaws.dynamodb.v20120810#InternalServerError", 'two encodings');
	is($cluster->metric('dynamo_http_server_errors_total'), 4, 'what cannot be decompressed counts as AWS answers it');
}

unlike($cluster->log_text, qr/ERROR|FATAL|PANIC/, 'nothing of this reaches the log');
is(scalar($cluster->pids('dynamo http worker')), 2, 'both workers are alive');
done_testing;
