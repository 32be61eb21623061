# Opening the endpoint: a slow name server, and attempts that fail again and again.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

# ---- a slow name server holds up nobody else -------------------------------------------------------------------------

my $cluster = DynamoCluster->new('listen', { 'dynamo.http_workers' => 3, 'dynamo.listen_addresses' => "'slow.test'" });
my $names = "$cluster->{folder}/names";
my $library = "$cluster->{folder}/names.so";

is(system('cc', '-shared', '-fPIC', '-O', '-o', $library, "$FindBin::Bin/lib/names.c", '-ldl'), 0, 'a name server that can be held up');
{
	local $ENV{LD_PRELOAD} = $library;
	local $ENV{DYNAMO_NAMES_FILE} = $names;
	$cluster->start;
}
$cluster->sql('CREATE EXTENSION dynamo');

sub asking { my %pids = map { $_ => 1 } split /\n/, DynamoCluster::try_slurp("$names.asked"); return scalar keys %pids }

ok($cluster->wait_for(sub { asking() == 3 }), 'three workers ask for the name at the same time') or diag(asking() . ' asked');
is($cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'dynamo %' AND wait_event_type = 'LWLock'"), 0, 'and nobody waits for a lock meanwhile');
open(my $file, '>', $names) or die $!;
close $file;
ok($cluster->wait_for_workers(3), 'all serve when the name is known');
is(() = $cluster->log_text =~ /endpoint listening on 127\.0\.0\.1:$cluster->{port}/g, 1, 'one of them says so');

# ---- what an attempt needed is given back ----------------------------------------------------------------------------

# The bytes that a worker holds at the top, where nothing is ever freed with a transaction.
sub top_memory
{
	my ($pid) = @_;
	my $position = $cluster->log_position;
	my $found;
	$cluster->sql("SELECT pg_log_backend_memory_contexts($pid)");
	$cluster->wait_for(sub { ($found) = $cluster->log_since($position) =~ /\[$pid\].*level: 0; TopMemoryContext: (\d+) total/ }) or die 'no word of its memory';
	return $found;
}

my ($worker) = $cluster->pids('dynamo http worker');
my $broken = 'x' x 200_000;
sub fail_to_open
{
	my ($round) = @_;
	my $position = $cluster->log_position;
	$cluster->set('dynamo.listen_addresses' => "'\"$round$broken'");
	$cluster->wait_for(sub { $cluster->log_since($position) =~ /invalid list syntax in parameter "dynamo.listen_addresses"/ }) or die 'no attempt';
}
fail_to_open(0);
my $before = top_memory($worker);
fail_to_open($_) for 1 .. 10;
my $grown = top_memory($worker) - $before;
cmp_ok($grown, '<', 1_000_000, "ten attempts with a list of 200 kB that is none keep nothing: $grown bytes more");
$cluster->set('dynamo.listen_addresses' => "'slow.test'");
ok($cluster->wait_for_workers(3), 'and the right list opens the endpoint');
unlike($cluster->log_text, qr/ERROR|FATAL|PANIC/, 'no error');
done_testing;
