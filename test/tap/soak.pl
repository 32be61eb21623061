# Everything at once for minutes: 32 writers, two consumers of the stream, TimeToLive, index builds, kill -9 of the postmaster.
#
# test/soak/soak.py says what is done and judged.  By default it runs for 40 seconds with one kill;
# DYNAMO_SOAK_SECONDS=600 is ten minutes with three, DYNAMO_SOAK_KILLS says how many otherwise.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use File::Temp ();
use JSON::PP ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $seconds = $ENV{DYNAMO_SOAK_SECONDS} || 40;
my $kills = $ENV{DYNAMO_SOAK_KILLS} // ($seconds >= 300 ? 3 : 1);
my $most_growth = 64 * 1024;	# kB of a process's own memory in one life
my $script = "$FindBin::Bin/../soak/soak.py";
my $cluster = DynamoCluster->new('soak', {
	'fsync' => 'on',
	'max_connections' => 100,
	'max_prepared_transactions' => 40,
	'max_wal_size' => '256MB',
	'dynamo.http_workers' => 3,
	'dynamo.authentication' => 'sigv4',
	'dynamo.stream_shards' => 3,
	'dynamo.ttl_interval' => '500ms' })->start;
my $folder = $ENV{TESTDATADIR} ? "$ENV{TESTDATADIR}/soak-logs" : File::Temp::tempdir('dynamo-soak.XXXXXX', TMPDIR => 1, CLEANUP => 1);
mkdir $folder;

like(`python3 $script selftest`, qr/right about (\d+) of \1 cases/, 'the judge finds what it should find, and nothing else');

$cluster->create_extension;
$cluster->sql('CREATE ROLE soak LOGIN; GRANT CREATE ON SCHEMA dynamo_tables TO soak');
my ($key, $secret) = split /\|/, $cluster->sql("SELECT access_key_id, secret_access_key FROM dynamo.create_access_key('soak')");

# ---- what goes on beside the clients -----------------------------------------------------------------------------------

# A shard lives for hours; this is how one ends within a minute.
sub age_shards
{
	$cluster->try_sql("UPDATE dynamo.stream_shards SET created = created - interval '5 hours' WHERE end_tick IS NULL");
}

my %lives;		# pid -> [type, first size, last size, when first seen]

sub own_memory
{
	my ($pid) = @_;
	return DynamoCluster::try_slurp("/proc/$pid/status") =~ /^RssAnon:\s+(\d+)/m ? $1 : undef;
}

sub sample_memory
{
	my ($status, $output) = $cluster->try_sql("SELECT pid, backend_type FROM pg_stat_activity WHERE backend_type LIKE 'dynamo%' AND backend_type <> 'dynamo job'");
	return if $status != 0;
	for (split /\n/, $output)
	{
		my ($pid, $type) = split /\|/;
		my $size = own_memory($pid);
		next unless defined $size;
		# the first seconds fill caches
		$lives{$pid} ||= [$type, undef, undef, time];
		$lives{$pid}[1] = $size if !defined $lives{$pid}[1] && time > $lives{$pid}[3] + ($seconds >= 300 ? 15 : 3);
		$lives{$pid}[2] = $size;
	}
}

# The postmaster alone goes, or all at once; whoever is left must leave by himself.
sub kill_server
{
	my ($alone) = @_;
	my $from = time;
	if ($alone)
	{
		my ($pid, @children) = $cluster->hold_postmaster;
		kill 'KILL', $pid;
		ok($cluster->wait_for_end($pid, @children), 'without the postmaster all others go');
		$cluster->forget_postmaster;
	}
	else
	{
		$cluster->kill9;
	}
	$cluster->start;
	$cluster->wait_for_endpoint or die "the endpoint does not come back";
	open(my $out, '>>', "$folder/kills") or die $!;
	printf $out "%.3f %.3f\n", $from - 0.1, time + 0.5;
	close $out;
}

sub first_ten { return @_ > 10 ? @_[0 .. 9] : @_; }

my $load = fork;
die "fork: $!" unless defined $load;
if (!$load)
{
	open(STDOUT, '>', "$folder/output");
	exec 'python3', $script, 'run', $folder, $seconds, $cluster->{port}, "host=$cluster->{socket_dir} port=$cluster->{pg_port} user=soak dbname=postgres options='-c client_min_messages=error'",
		$key, $secret or POSIX::_exit(127);
}

my $begin = time;
my $killed = 0;
my ($sampled, $aged) = (0, $begin - 30);
while (waitpid($load, POSIX::WNOHANG()) == 0)
{
	if ($killed < $kills && time > $begin + $seconds * ($killed + 1) / ($kills + 1))
	{
		age_shards();
		kill_server($killed % 2);
		$killed++;
		$aged = time;
	}
	if (time > $aged + 35) { age_shards(); $aged = time }
	if (time > $sampled + 2) { sample_memory(); $sampled = time }
	sleep 0.1;
}
my $status = $?;

# ---- the verdict -------------------------------------------------------------------------------------------------------

my $result = -e "$folder/result.json" ? JSON::PP->new->utf8->decode(DynamoCluster::slurp("$folder/result.json")) : {};
cmp_ok(scalar @{ $result->{checks} || [] }, '>=', 12, 'the soak came to its end') or diag(DynamoCluster::try_slurp("$folder/output"));
for my $check (@{ $result->{checks} || [] })
{
	my ($name, $complaints) = @$check;
	is(join("\n", @$complaints), '', $name);
}
is($status, 0, 'and has nothing else to say');
is($killed, $kills, "the postmaster was killed $kills times");
my @log = split /\n/, $cluster->log_text;
is(join("\n", first_ten(grep { /PANIC:|TRAP:|terminated by signal|exited with exit code [^01]/ } @log)), '', 'no process failed but by our kills');
is(join("\n", first_ten(grep { /\] dynamo [^:]*(?:ERROR|FATAL|WARNING):/ && !/terminating|postmaster exited|lock timeout|dynamo job ERROR:  canceling statement due to user request/ } @log)),
	'', 'no worker had an error to report');

my @grown;
for my $pid (sort { $a <=> $b } keys %lives)
{
	my ($type, $first, $last, $since) = @{ $lives{$pid} };
	next unless defined $first;
	push @grown, sprintf('%s %d: %d kB', $type, $pid, $last - $first) if $last - $first > $most_growth;
	push @{ $result->{figures} }, sprintf('memory of %s: %.1f MB, at its end %.1f MB', $type, $first / 1024, $last / 1024);
}
is("@grown", '', 'no worker grows without end');
diag($_) for @{ $result->{figures} || [] };
$cluster->stop;
done_testing;
