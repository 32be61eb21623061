# The Query protocol at the endpoint: forms in, XML out, and what comes of broken and hostile ones.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('query', { 'dynamo.account_id' => '123456789012' })->start;
$cluster->create_extension;

my $asked = 'Action=GetCallerIdentity&Version=2011-06-15';
my $sts = 'https://sts.amazonaws.com/doc/2011-06-15/';
my $fault = 'http://webservices.amazon.com/AWSFault/2005-15-09';

sub ask
{
	my ($form, %headers) = @_;
	return $cluster->{http}->request('POST', $cluster->url, { content => $form,
		headers => { 'content-type' => 'application/x-www-form-urlencoded', %headers } });
}

# The whole body, with the request's identifier, which the header has, too.
sub is_identity
{
	my ($answer, $what, $arn) = @_;
	my $id = $answer->{headers}{'x-amzn-requestid'} || 'none';
	$arn ||= 'arn:aws:iam::123456789012:user/[a-z]+';
	like("$answer->{status} $answer->{headers}{'content-type'} $answer->{content}", qr{^200 text/xml <GetCallerIdentityResponse xmlns="$sts">
  <GetCallerIdentityResult>
    <Arn>$arn</Arn>
    <UserId>AIDA[0-9]{17}</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>$id</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
$}, $what);
}

sub is_error
{
	my ($answer, $code, $message, $what, $status) = @_;
	my $id = $answer->{headers}{'x-amzn-requestid'} || 'none';
	$status ||= 400;
	$message = defined $message ? "    <Message>$message</Message>\n" : '';
	is("$answer->{status} $answer->{headers}{'content-type'} $answer->{content}", qq{$status text/xml <ErrorResponse xmlns="$fault">
  <Error>
    <Type>Sender</Type>
    <Code>$code</Code>
$message  </Error>
  <RequestId>$id</RequestId>
</ErrorResponse>
}, $what);
}

# ---- ways to ask -----------------------------------------------------------------------------------------------------

is_identity(ask($asked), 'a form');
is_identity(ask($asked, 'content-type' => 'Application/X-WWW-Form-URLEncoded; charset=utf-8'), 'its type with a charset');
is_identity($cluster->{http}->get($cluster->url("/?$asked")), 'GET');
is_identity($cluster->{http}->request('POST', $cluster->url("/?$asked")), 'POST without a body');
is_identity(ask("$asked&Action=NoSuchAction&Version=2000-01-01"), 'of parameters with one name the first counts');
is_identity(ask("&&Unknown=&x&=&$asked&"), 'parameters that nobody knows');
is_identity(ask('%41ction=Get%43aller%49dentity&Version=2011%2d06%2D15'), 'escapes');
is(join(' ', ($cluster->get('/?Version=2011-06-15'))[0, 1]), "200 healthy: 127.0.0.1:$cluster->{port} ", 'GET without an Action is no question to a service');
is_deeply([map { $_->{status} } $cluster->{http}->get($cluster->url("/other?$asked")), $cluster->{http}->request('PUT', $cluster->url("/?$asked"))],
	[404, 404], 'another path, another method');
is(ask($asked, 'x-amz-target' => 'DynamoDB_20120810.ListTables')->{content}, "<UnknownOperationException/>\n", 'a form with a target is none of DynamoDB');

# A role's name may hold what means something in XML, and what XML cannot hold.
for my $case (["a<b>&'c", 'a&lt;b&gt;&amp;\'c'], ["a\x01\tb", "a\xef\xbf\xbd\tb"], ["\xc3\xa4\xf0\x9f\x98\x80", "\xc3\xa4\xf0\x9f\x98\x80"])
{
	my ($name, $shown) = @$case;
	$cluster->sql("CREATE ROLE \"$name\"");
	$cluster->set('dynamo.anonymous_role' => "'" . ($name =~ s/'/''/gr) . "'");
	$cluster->reach_workers;
	is_identity(ask($asked), 'a role called ' . ($name =~ s/[^ -~]/?/gr), "arn:aws:iam::123456789012:user/\Q$shown\E");
}
$cluster->set('dynamo.anonymous_role' => undef);
$cluster->reach_workers;

# ---- forms that ask for nothing --------------------------------------------------------------------------------------

my $missing = 'The request is missing an action or a required parameter.';
for my $form ('', '&', '=', 'Version=2011-06-15', '{}', 'action=GetCallerIdentity', '%', '%4', '+', "\0", "\xff" x 100, '&' x 100000, 'a&' x 400000)
{
	is_error(ask($form), 'MissingAction', $missing, 'no action: ' . (substr($form, 0, 20) =~ s/[^ -~]/?/gr));
}
sub unknown { return "Could not find operation $_[0] for version $_[1]"; }
is_error(ask($_->[0]), 'InvalidAction', unknown(@$_[1, 2]), "no operation: $_->[1] $_->[2]") for
	['Action=NoSuchAction&Version=2011-06-15', 'NoSuchAction', '2011-06-15'],
	['Action=NoSuchAction&Action=GetCallerIdentity&Version=2011-06-15', 'NoSuchAction', '2011-06-15'],
	['Action=&Version=2011-06-15', '', '2011-06-15'], ['Action&Version=2011-06-15', '', '2011-06-15'],
	['Action=GetCallerIdentity', 'GetCallerIdentity', 'NO_VERSION_SPECIFIED'], ['Action=GetCallerIdentity&Version=', 'GetCallerIdentity', ''],
	['Action=GetCallerIdentity&Version=2000-01-01', 'GetCallerIdentity', '2000-01-01'],
	['Action=ListTables&Version=2012-08-10', 'ListTables', '2012-08-10'], ['Action=ListTables&Version=2011-06-15', 'ListTables', '2011-06-15'],
	['Action=getcalleridentity&Version=2011-06-15', 'getcalleridentity', '2011-06-15'],
	["Action=GetCallerIdentity\0&Version=2011-06-15", 'GetCallerIdentity\x00', '2011-06-15'],
	['Action=GetCallerIdentity%00&Version=2011-06-15', 'GetCallerIdentity\x00', '2011-06-15'],
	['Action=%3Cscript%3E%26%0d%0a&Version=%ff%', '&lt;script&gt;&amp;\x0d\x0a', '\xff%'], ['Action=a+b%2Bc&Version=%4', 'a b+c', '%4'],
	['Action=%%41%4g%&Version=1', '%A%4g%', '1'], ['Action=' . 'x' x 100000 . '&Version=1', 'x' x 64, '1'];

# ---- and forms that are none -----------------------------------------------------------------------------------------

like(ask("$asked&a=%ff")->{content}, qr{^<ErrorResponse xmlns="$sts">\n.*<Code>MalformedInput</Code>\n    <Message>The parameters are not UTF-8</Message>}s,
	'a value that is not UTF-8');
like(ask("$asked&\xc3=a")->{content}, qr{<Code>MalformedInput</Code>}, 'nor is a name');
is_identity(ask("$asked&a=%00"), 'U+0000 is a character');
is_identity(ask($asked . '&a=b' x 200000), 'many parameters');
is_identity(ask("$asked&a=" . '%00' x 300000), 'a long one');
is_error(ask("$asked&a=" . 'x' x (1024 * 1024)), 'RequestEntityTooLarge', 'The parameters are longer than 1048576 bytes', 'beyond 1 MB', 413);
is_error(ask('a' x (16 * 1024 * 1024 + 1)), 'RequestEntityTooLarge', undef, 'beyond 16 MB', 413);
is(ask($asked, 'content-encoding' => 'gzip')->{content} =~ m{<Code>(\w+)</Code>} && $1, 'MalformedHttpRequest', 'compressed');
is($cluster->{http}->get($cluster->url("/?$asked&a=" . 'x' x 17000))->{status}, 400, 'a query over 16 KB');

# Other requests on the same connection come out of it as they should.
my $socket = $cluster->connect;
my $length = length $asked;
my $form = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: $length\r\n\r\n$asked";
print $socket $form . $cluster->request_text('ListTables', '{}') . $form . $cluster->request_text('Nonsense', '{}');
my @kinds = map { substr(($cluster->read_reply($socket, 60))[1], 0, 15) } 1 .. 4;
is("@kinds", '<GetCallerIdent {"TableNames":[ <GetCallerIdent {"__type":"com.', 'both protocols on one connection');

$cluster->stop;
done_testing;
