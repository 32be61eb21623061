# An index build that is broken off, at places that are known: while rows are filled, and in each phase of CREATE INDEX
# CONCURRENTLY in which it waits.  By kill -9 of the whole server, kill -9 of the job's process, its termination and a cancel.
# Each time the build goes on to ACTIVE, the index is right, and no invalid one is left.
#
# How a build is held at a place: the job's lock keeps it from beginning until the session that will be in its way is
# there; then pg_stat_progress_create_index, or the job's row, tells that it stands where it should.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $rows = 3000;
my $cluster = DynamoCluster->new('broken', { 'fsync' => 'on', 'max_connections' => 30, 'dynamo.ttl_interval' => '100ms', 'dynamo.ttl_change_interval' => 0, 'log_min_messages' => 'debug1' });
$cluster->start;
$cluster->create_extension;

sub update_table
{
	my ($table, @update) = @_;
	my ($status) = $cluster->call('UpdateTable', { TableName => $table,
		AttributeDefinitions => [ { AttributeName => 'x', AttributeType => 'S' } ], GlobalSecondaryIndexUpdates => [ {@update} ] });
	return $status;
}

sub create_index
{
	return update_table($_[0], Create => { IndexName => 'ByX', KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ],
		Projection => { ProjectionType => 'ALL' } });
}

sub drop_index { return update_table($_[0], Delete => { IndexName => 'ByX' }) }

sub index_status
{
	my ($table) = @_;
	return $cluster->sql("SELECT coalesce((SELECT i.status FROM dynamo.indexes i JOIN dynamo.tables t ON t.id = i.table_id WHERE t.name = '$table' AND i.name = 'ByX'), 'none')");
}

sub wait_until
{
	my ($what, $condition, $seconds) = @_;
	my $reached = $cluster->wait_for($condition, $seconds || 300);
	ok($reached, $what) or diag($cluster->sql('SELECT * FROM dynamo.jobs'), "\n", $cluster->sql('SELECT pid, phase FROM pg_stat_progress_create_index'));
	return $reached;
}

sub fill_table
{
	my ($table) = @_;
	$cluster->sql("SELECT dynamo.create_table('$table', 'p')");
	$cluster->sql("INSERT INTO dynamo_tables.\"$table\"(item) SELECT jsonb_build_object('p', 'k' || lpad(i::text, 6, '0'), 'x', 'v' || i % 100) FROM generate_series(1, $rows) i");
}

sub invalid { return $cluster->sql("SELECT count(*) FROM pg_index WHERE NOT (indisvalid AND indisready)") }

sub check_index
{
	my ($table, $what) = @_;
	is($cluster->sql("SELECT count(*) FROM dynamo_tables.\"$table\" WHERE x IS DISTINCT FROM item ->> 'x'"), 0, "$what: the column is right");
	my $by_index = "SELECT count(*) || ' ' || md5(string_agg(item::text, ',' ORDER BY item ->> 'p'))";
	is($cluster->sql("$by_index FROM dynamo.scan('$table', index_name => 'ByX') AS s(item)"), $cluster->sql("$by_index FROM dynamo_tables.\"$table\" WHERE item ? 'x'"),
		"$what: the index holds the items");
	is(invalid(), 0, "$what: no invalid index is left");
	is($cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE state IN ('QUEUED', 'RUNNING')"), 0, "$what: no job is left");
}

# A session that has run the SQL, or waits in the middle of it as is wanted.
my $sessions = 0;
sub session
{
	my ($sql, $wanted) = @_;
	return $cluster->session_at($sql) unless defined $wanted;
	my $name = 'session' . ++$sessions;
	my $handle = $cluster->sql_session;
	print $handle "SET application_name = '$name'; $sql\n";
	$cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM pg_stat_activity a WHERE application_name = '$name' AND $wanted") == 1 })
	  or die "a session does not come so far: $sql";
	return $handle;
}

sub hold_next_job { return $cluster->hold_next_job }

sub phase_is
{
	my ($phase) = @_;
	return sub { $cluster->sql("SELECT count(*) FROM pg_stat_progress_create_index WHERE phase = '$phase'") == 1 };
}

my %ways = (
	'kill -9 of the server' => sub {
		$cluster->kill9;
		$cluster->start;
	},
	'kill -9 of the process' => sub {
		my ($pid) = $cluster->pids('dynamo job');
		my $position = $cluster->log_position;
		kill 'KILL', $pid;
		# all processes start again
		$cluster->wait_for(sub { $cluster->log_since($position) =~ /database system is ready/ }) or die 'the server does not come back';
	},
	'its termination' => sub { $cluster->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'dynamo job'") },
	'a cancel' => sub { $cluster->sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE backend_type = 'dynamo job'") });

# ---- while rows are filled ---------------------------------------------------------------------------------------------

for my $way ('kill -9 of the server', 'kill -9 of the process', 'its termination')
{
	my $table = 'Fill' . ++$sessions;
	fill_table($table);
	my $held = hold_next_job();
	is(create_index($table), 200, "$way while rows are filled: a build");
	# it comes so far and waits: batches before it are done, those behind it are not
	my $in_the_way = session("BEGIN; SELECT FROM dynamo_tables.\"$table\" WHERE p = 'k002000' FOR UPDATE");
	close $held;
	wait_until('it comes to a row that somebody holds', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE phase = 'fill' AND rows_done >= 1000 AND batch = 1") == 1 });
	my $done = $cluster->sql("SELECT rows_done FROM dynamo.index_progress WHERE table_name = '$table' AND index_name = 'ByX'");
	cmp_ok($done, '<', 2000, "dynamo.index_progress: $done of $rows");
	is($cluster->sql("SELECT count(x) >= $done AND count(x) < $rows AND count(*) FILTER (WHERE p = 'k002000' AND x IS NULL) = 1 FROM dynamo_tables.\"$table\""), 't', 'so many rows are filled at least, and not that one');
	$ways{$way}->();
	$cluster->wait_for_endpoint or die 'the endpoint does not come back';
	close $in_the_way;
	$cluster->sql("SELECT dynamo.put_item('$table', '{\"p\": \"during\", \"x\": \"v1\"}')");
	wait_until('it goes on to ACTIVE', sub { index_status($table) eq 'ACTIVE' });
	is($cluster->sql("SELECT rows_done >= $rows AND rows_done <= $rows + 1 FROM dynamo.jobs ORDER BY id DESC LIMIT 1"), 't', 'from where it was: no row is done twice');
	check_index($table, $way);
}

# ---- in CREATE INDEX CONCURRENTLY ------------------------------------------------------------------------------------------

# What stands in the way of each phase; %s is the table.
my @phases = (
	[ 'waiting for writers before build', q{BEGIN; INSERT INTO dynamo_tables."%s"(item) VALUES ('{"p": "open", "x": "v5"}')} ],
	[ 'waiting for old snapshots', q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1} ]);
for my $case (@phases)
{
	my ($phase, $sql) = @$case;
	for my $way (sort keys %ways)
	{
		my $table = 'Phase' . ++$sessions;
		fill_table($table);
		my $held = hold_next_job();
		is(create_index($table), 200, "$way, $phase: a build");
		my $in_the_way = session($sql =~ s/%s/$table/r);
		close $held;
		wait_until("it is $phase", phase_is($phase));
		is(invalid(), 1, 'its index is there and invalid');
		is($cluster->sql("SELECT phase || ' ' || rows_done FROM dynamo.index_progress WHERE table_name = '$table'"), "index $rows", 'dynamo.index_progress tells the phase');
		$ways{$way}->();
		$cluster->wait_for_endpoint or die 'the endpoint does not come back';
		$cluster->sql("SELECT dynamo.put_item('$table', '{\"p\": \"during\", \"x\": \"v1\"}')");
		isnt(index_status($table), 'ACTIVE', 'it is not done') if $way eq 'a cancel' || $way eq 'its termination';
		close $in_the_way;
		wait_until('it goes on to ACTIVE', sub { index_status($table) eq 'ACTIVE' });
		check_index($table, "$way, $phase");
	}
}

# ---- in DROP INDEX CONCURRENTLY of what an earlier attempt has left ----------------------------------------------------------

{
	fill_table('Twice');
	my $held = hold_next_job();
	is(create_index('Twice'), 200, 'a build');
	my $in_the_way = session('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	close $held;
	wait_until('it waits for old snapshots', phase_is('waiting for old snapshots'));
	$held = hold_next_job();
	$cluster->sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE backend_type = 'dynamo job'");
	# a reader of the table holds up the removal
	my $reader = session('BEGIN; SELECT count(*) FROM dynamo_tables."Twice"');
	wait_until('it begins anew', sub { $cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'dynamo job' AND query ~ '^(DROP|CREATE) INDEX CONCURRENTLY' AND wait_event_type = 'Lock'") == 1 });
	$cluster->kill9;
	$cluster->start;
	$cluster->wait_for_endpoint or die 'the endpoint does not come back';
	close $_ for $reader, $in_the_way, $held;
	wait_until('it goes on to ACTIVE', sub { index_status('Twice') eq 'ACTIVE' });
	check_index('Twice', 'killed when it began anew');
}

# ---- deleted, or the table dropped, while CREATE INDEX CONCURRENTLY waits -------------------------------------------------

{
	fill_table('Deleted');
	my $in_the_way = session('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	is(create_index('Deleted'), 200, 'a build');
	wait_until('it waits for old snapshots', phase_is('waiting for old snapshots'));
	# a new scheduler knows nothing of the process, but leaves it alone
	my $position = $cluster->log_position;
	my ($scheduler) = $cluster->pids('dynamo scheduler');
	$cluster->sql("SELECT pg_terminate_backend($scheduler)");
	$cluster->wait_for(sub { my ($new) = $cluster->pids('dynamo scheduler'); defined $new && $new != $scheduler }) or die 'no scheduler comes';
	sleep 2;
	like($cluster->log_since($position), qr/starting background worker process "dynamo scheduler"/, 'another scheduler has come');
	unlike($cluster->log_since($position), qr/starting background worker process "dynamo job/, 'and starts no second process for the job');
	is(drop_index('Deleted'), 200, 'is deleted');
	wait_until('and gone, though the snapshot is still there', sub { index_status('Deleted') eq 'none' });
	is(invalid(), 0, 'without a trace');
	is($cluster->sql("SELECT string_agg(kind || ' ' || state, ', ' ORDER BY id) FROM dynamo.jobs WHERE table_name = 'Deleted'"), 'index_build CANCELLED, index_drop DONE', 'as the jobs tell');

	is(create_index('Deleted'), 200, 'a build');
	wait_until('it waits for old snapshots', phase_is('waiting for old snapshots'));
	is($cluster->sql("SELECT dynamo.cancel_job(max(id)) FROM dynamo.jobs"), 't', 'is cancelled');
	wait_until('and gone', sub { index_status('Deleted') eq 'none' });
	is(invalid(), 0, 'without a trace');

	is(create_index('Deleted'), 200, 'a build');
	wait_until('it waits for old snapshots', phase_is('waiting for old snapshots'));
	is(($cluster->call('DeleteTable', { TableName => 'Deleted' }))[0], 200, 'whose table is deleted');
	is(invalid(), 0, 'leaves nothing');

	fill_table('Dropped');
	is(create_index('Dropped'), 200, 'a build');
	wait_until('it waits for old snapshots', phase_is('waiting for old snapshots'));
	my $dropper = session('DROP TABLE dynamo_tables."Dropped";', "wait_event_type = 'Lock'");
	close $in_the_way;
	close $dropper;
	is($cluster->sql(q{SELECT to_regclass('dynamo_tables."Dropped"')}), '', 'a table that is dropped in SQL goes when the build has ended');
	wait_until('and leaves no job', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE state IN ('QUEUED', 'RUNNING')") == 0 });
	is(invalid(), 0, 'and no index');
}

# ---- a job that keeps failing ------------------------------------------------------------------------------------------

fill_table('Fails');
$cluster->sql('CREATE SEQUENCE dynamo_tables."Fails~ByX"');
is(create_index('Fails'), 200, 'a build that cannot succeed: the name of its index is taken');
wait_until('it tries again', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE table_name = 'Fails' AND attempts >= 4") == 1 });
wait_until('later and later', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE table_name = 'Fails' AND next_attempt > clock_timestamp() + interval '1 second'") == 1 });
like($cluster->sql("SELECT error FROM dynamo.index_progress WHERE table_name = 'Fails'"), qr/already exists/, 'dynamo.index_progress tells why');
fill_table('Works');
is(create_index('Works'), 200, 'another build');
wait_until('is not held up', sub { index_status('Works') eq 'ACTIVE' });
is(index_status('Fails'), 'CREATING', 'by the one that fails');
$cluster->sql('DROP SEQUENCE dynamo_tables."Fails~ByX"');
wait_until('which ends when the cause is gone', sub { index_status('Fails') eq 'ACTIVE' });
is($cluster->sql("SELECT attempts || coalesce(error, '') FROM dynamo.jobs WHERE table_name = 'Fails'"), 0, 'its failures are forgotten');
check_index('Fails', 'after failures');
my $log = $cluster->log_text;
like($log, qr/index "ByX" of table "Fails": looking at $rows items/, 'the log tells of the beginning');
like($log, qr/index "ByX" of table "Fails": the columns of $rows items are filled/, 'of the rows');
like($log, qr/index "ByX" of table "Fails" is active, $rows items looked at/, 'and of the end');

# ---- a trigger that gives back what the job's process holds --------------------------------------------------------------

fill_table('Loose');
$cluster->sql(q{CREATE FUNCTION loosen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_unlock_all(); RETURN NEW; END'});
$cluster->sql('CREATE TRIGGER loosen BEFORE UPDATE ON dynamo_tables."Loose" FOR EACH ROW EXECUTE FUNCTION loosen()');
my $start_holder = hold_next_job();
is(create_index('Loose'), 200, 'a build with a trigger that releases all advisory locks');
my $row_holder = session("BEGIN; SELECT FROM dynamo_tables.\"Loose\" WHERE p = 'k002000' FOR UPDATE");
close $start_holder;
wait_until('comes to a row that somebody holds', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE table_name = 'Loose' AND rows_done >= 1000 AND batch = 1") == 1 });
wait_until('and has its lock again', sub { $cluster->sql("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted
	AND l.classid = 'dynamo.job_queue'::regclass AND l.objid = (SELECT max(id) FROM dynamo.jobs) AND a.backend_type = 'dynamo job' AND a.wait_event_type = 'Lock'") == 1 }, 60);
close $row_holder;
wait_until('it goes on to ACTIVE', sub { index_status('Loose') eq 'ACTIVE' });
check_index('Loose', 'such a trigger');

# ---- TimeToLive: broken off, switched off and on ----------------------------------------------------------------------------

sub set_ttl
{
	my ($table, $enabled) = @_;
	return ($cluster->call('UpdateTimeToLive', { TableName => $table,
		TimeToLiveSpecification => { AttributeName => 'expires', Enabled => $enabled ? JSON::PP::true() : JSON::PP::false() } }))[0];
}

$cluster->sql("SELECT dynamo.create_table('Timed', 'p')");
$cluster->sql("INSERT INTO dynamo_tables.\"Timed\"(item) SELECT jsonb_build_object('p', 'k' || lpad(i::text, 6, '0'), 'expires', extract(epoch FROM now())::bigint - 100) FROM generate_series(1, $rows) i");
my $held = hold_next_job();
my $first = $cluster->sql('SELECT last_value + 1 FROM dynamo.job_queue_id_seq');
is(set_ttl('Timed', 1), 200, 'TimeToLive is enabled');
my $in_the_way = session("BEGIN; SELECT FROM dynamo_tables.\"Timed\" WHERE p = 'k002000' FOR UPDATE");
close $held;
wait_until('rows are filled', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE phase = 'fill' AND rows_done >= 1000 AND batch = 1") == 1 });
# its process ends, and no other one begins
$held = session("SELECT dynamo_test.hold_job($first);", "wait_event_type = 'Lock' AND wait_event = 'advisory'");
$ways{'its termination'}->();
wait_until('nobody works on it', sub { $cluster->sql("SELECT count(*) FROM pg_locks WHERE classid = 'dynamo.job_queue'::regclass AND objid = $first AND NOT granted") == 0 });
close $in_the_way;
is(set_ttl('Timed', 0), 200, 'disabled in the middle');
my $held_second = hold_next_job();
is(set_ttl('Timed', 1), 200, 'and enabled again');
# the first job would have its turn first, and go on where it was
close $held;
$cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE id = $first AND state = 'DONE'") == 1 }, 2);
close $held_second;
wait_until('all that has expired goes', sub { $cluster->sql('SELECT count(*) FROM dynamo_tables."Timed"') == 0 });
is($cluster->sql("SELECT string_agg(state, ' ' ORDER BY id) FROM dynamo.jobs WHERE table_name = 'Timed'"), 'CANCELLED DONE', 'the first job was ended, the second one did all');

$cluster->stop;
done_testing();
