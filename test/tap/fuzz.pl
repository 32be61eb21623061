# A short run of test/fuzz: broken requests, and tables that change under requests.  Longer runs: the programs there, by hand.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('fuzz', { 'dynamo.http_workers' => 2 })->start;
$cluster->create_extension;
my $url = "http://127.0.0.1:$cluster->{port}";
my $fuzz = "$FindBin::Bin/../fuzz";
my $position = $cluster->log_position;

my $output = `/usr/bin/env python3 "$fuzz/endpoint.py" $url 1 6 2>&1`;
is($?, 0, 'requests of all kinds are answered without a failure of the server') or diag($output);

$ENV{PGHOST} = $cluster->{socket_dir};
$ENV{PGPORT} = $cluster->{pg_port};
$ENV{PGUSER} = 'postgres';
$ENV{PGDATABASE} = 'postgres';
$output = `bash "$fuzz/chaos.sh" $url 1 6 2>&1`;
is($?, 0, 'tables that change meanwhile bring nobody down') or diag($output);
unlike($cluster->log_since($position), qr/PANIC:|TRAP:|terminated by signal/, 'the log knows of no crash');

done_testing;
