# Many clients, many crashes: is the history that the clients saw strictly serializable, and nothing lost or doubled?
#
# A round is a minute of load, with a kill -9 every few seconds, and the judgement of test/history/history.py.
# DYNAMO_HISTORY_SECONDS=3600 makes it an hour.  Then a minute's worth of questions that need no crash: counters and single
# winners under 64 clients.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $seconds = $ENV{DYNAMO_HISTORY_SECONDS} || 60;
my $round_seconds = 60;
my $least_kills = $seconds >= 60 ? 10 : 1;
my $script = "$FindBin::Bin/../history/history.py";
my $cluster = DynamoCluster->new('history', { 'dynamo.http_workers' => 3, 'max_connections' => 80, 'dynamo.max_connections' => 200 })->start;
$cluster->create_extension;
my $folder = $ENV{TESTDATADIR} ? "$ENV{TESTDATADIR}/histories" : File::Temp::tempdir('dynamo-history.XXXXXX', TMPDIR => 1, CLEANUP => 1);
mkdir $folder;
my $total_kills = 0;

like(`python3 $script selftest`, qr/right about (\d+) of \1 cases/, 'the checker finds what it should find, and nothing else');

sub kill_postmaster
{
	$cluster->kill9;
	$cluster->start;
	return 1;
}

# One process that dies makes the postmaster start everything anew.
sub kill_one
{
	my ($type) = @_;
	my ($status, $output) = $cluster->try_sql("SELECT pid FROM pg_stat_activity WHERE backend_type ~ '$type' ORDER BY random() LIMIT 1");
	my $position = $cluster->log_position;
	return 0 unless $status == 0 && $output =~ /^\d+$/ && kill 'KILL', $output;
	$cluster->wait_for(sub { $cluster->log_since($position) =~ /database system is ready/ }) or die 'the server does not come back';
	return 1;
}

# On a machine so slow that few kills have their turn in a round there is another one.
for (my $round = 1; ($round - 1) * $round_seconds < $seconds || ($total_kills < $least_kills && $round <= 4); $round++)
{
	my ($kills, $turn) = (0, 0);
	my $length = $seconds - ($round - 1) * $round_seconds;
	$length = $round_seconds if $length > $round_seconds || $length <= 0;
	my $load = fork;
	die "fork: $!" unless defined $load;
	exec 'python3', $script, 'load', $cluster->{port}, $folder, "r$round", $length, 4, 6 or POSIX::_exit(127) if !$load;

	# the tables are there, and the clients begin
	$cluster->wait_for(sub { -e "$folder/begun-r$round" }) or die 'the clients do not begin';
	my $end = time + $length - 3;
	sleep 2;
	while (time < $end)
	{
		my $kind = $turn++ % 4;
		$kills += $kind == 0 ? kill_postmaster() : kill_one($kind == 3 ? 'dynamo scheduler' : 'dynamo http');
		sleep 0.5;
		$cluster->wait_for_endpoint or die "the endpoint does not come back";
		sleep 0.5 + rand 1.5;
	}
	waitpid $load, 0;
	is($?, 0, "round $round: the clients came to their end");
	$cluster->wait_for_endpoint;
	my $verdict = `python3 $script check $cluster->{port} $folder r$round`;
	is($?, 0, "round $round: the history is strictly serializable, after $kills kills");
	diag("round $round, $kills kills: $verdict");
	unlink glob "$folder/history-r$round-*";
	$total_kills += $kills;
}
my $sum = 'SELECT sum((item ->> \'n\')::int) FROM dynamo_tables."HistoryBank"';
is($cluster->sql($sum) + 0, 10 * 1000, "the bank has its money after $total_kills kills");
cmp_ok($total_kills, '>=', $least_kills, 'there were kills enough');

# ---- 64 clients, no crash --------------------------------------------------------------------------------------------

my $result = `python3 $script count $cluster->{port} 64 50`;
is($?, 0, 'counters are exact, each value is given out once, and each key has one winner');
diag($result);

unlike($cluster->log_text, qr/PANIC:|TRAP:/, 'no server process failed by itself');
done_testing();
