# HTTPS: dynamo.ssl, its files, and their renewal.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use IPC::Open3;
use Symbol qw(gensym);
use Test::More;
use Time::HiRes qw(sleep);

system('openssl version >/dev/null 2>&1') == 0 or plan skip_all => 'no openssl program';

my $cluster = DynamoCluster->new('tls');
my $folder = $cluster->{folder};

sub make_certificate
{
	my ($name) = @_;
	system("openssl req -new -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=$name -out '$folder/new.crt' -keyout '$folder/new.key' "
		. '>/dev/null 2>&1') == 0 or die 'no certificate';
	chmod 0600, "$folder/new.key";
	DynamoCluster::give_to_server("$folder/new.crt", "$folder/new.key");
	rename "$folder/new.$_", "$folder/server.$_" for 'crt', 'key';
}

# (status and body of one request, all that openssl says)
sub https
{
	my ($text, @options) = @_;
	my ($in, $out, $error) = (undef, undef, gensym);
	my $pid = open3($in, $out, $error, 'openssl', 's_client', '-connect', "127.0.0.1:$cluster->{port}", '-ign_eof', @options);
	local $SIG{PIPE} = 'IGNORE';
	print $in $text;
	$in->flush;
	local $/;
	my $said = <$out>;
	waitpid $pid, 0;
	my ($status) = $said =~ m{^HTTP/1\.1 (\d+)}m;
	my ($body) = $said =~ /\r\n\r\n(.*?)(?:closed)?\s*$/s;
	return ($status || 0, $body, $said);
}

make_certificate('first');
$cluster->{settings}{'dynamo.ssl'} = 'on';
$cluster->{settings}{'dynamo.ssl_cert_file'} = "'$folder/server.crt'";
$cluster->{settings}{'dynamo.ssl_key_file'} = "'$folder/server.key'";
$cluster->start;
$cluster->sql('CREATE EXTENSION dynamo');
ok($cluster->wait_for(sub { $cluster->is_open }), 'the endpoint opens');

my $request = $cluster->request_text('ListTables', '{}', 'Connection' => 'close');
my ($status, $body, $said) = https($request);
is("$status $body", '200 {"TableNames":[]}', 'a request over TLS');
like($said, qr/CN ?= ?first/, 'with the certificate');
for my $size (100_000, 5_000_000)
{
	($status, $body) = https($cluster->request_text('ListTables', '{' . ' ' x $size . '}', 'Connection' => 'close'));
	is("$status $body", '200 {"TableNames":[]}', "a body of $size bytes");
}
is((https($request, '-tls1_3'))[0], 200, 'TLS 1.3');
is((https($request, '-tls1_2'))[0], 200, 'TLS 1.2');
is((https($request, '-tls1_1'))[0], 0, 'nothing older');
is(($cluster->call('ListTables', '{}'))[0], 599, 'plain HTTP gets no answer');

make_certificate('second');
is((https($request))[0], 200, 'a new certificate is not read before a reload');
like((https($request))[2], qr/CN ?= ?first/, 'the old one is in use');
$cluster->reload;
ok($cluster->wait_for(sub { (https($request))[2] =~ /CN ?= ?second/ }), 'after a reload it is the new one');

my $position = $cluster->log_position;
chmod 0644, "$folder/server.key";
system("touch -d '+1 minute' '$folder/server.key'");
$cluster->reload;
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /private key is accessible to everybody/ }), 'an open key is refused');
ok($cluster->wait_for(sub { !$cluster->is_open }), 'and the endpoint closed');
$cluster->set('dynamo.ssl_key_file' => "'$folder/none'");
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /could not open file ".*none" for the endpoint/ }), 'so is a missing one');
chmod 0600, "$folder/server.key";
system("cp '$folder/server.key' '$folder/other.key'; openssl genrsa -out '$folder/other.key' 2048 >/dev/null 2>&1; chmod 600 '$folder/other.key'");
DynamoCluster::give_to_server("$folder/other.key");
$cluster->set('dynamo.ssl_key_file' => "'$folder/other.key'");
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /could not start the endpoint/ }), 'so is a key of another certificate');
$cluster->set('dynamo.ssl_key_file' => "'$folder/server.key'");
ok($cluster->wait_for(sub { (https($request))[0] == 200 }), 'with the right one it opens again');
$cluster->set('dynamo.ssl' => 'off');
ok($cluster->wait_for_endpoint, 'plain HTTP after dynamo.ssl = off');
unlike($cluster->log_text, qr/PRIVATE KEY|PANIC|FATAL/, 'no key in the log');

done_testing;
