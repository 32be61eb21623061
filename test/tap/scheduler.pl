# The scheduler goes on: when the time of day is set back, when a table's owner holds up a deletion, when a table is locked.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('goes_on', { 'dynamo.ttl_interval' => '100ms', 'dynamo.ttl_change_interval' => 0 });
my $offset = "$cluster->{folder}/offset";
my $library = "$cluster->{folder}/clock.so";

sub set_clock
{
	open(my $out, '>', "$offset.new") or die $!;
	print $out $_[0];
	close $out;
	rename "$offset.new", $offset or die $!;
}

set_clock(0);
is(system('cc', '-shared', '-fPIC', '-O', '-o', $library, "$FindBin::Bin/lib/clock.c", '-ldl'), 0, 'a clock that can be moved');
{
	local $ENV{LD_PRELOAD} = $library;
	local $ENV{DYNAMO_CLOCK_FILE} = $offset;
	$cluster->start;
}
$cluster->create_extension;

sub create_table
{
	my ($name, @more) = @_;
	$cluster->sql("SELECT dynamo.create_table('$name', 'p'" . join('', map { ", $_" } @more) . ")");
	my ($status) = $cluster->call('UpdateTimeToLive', { TableName => $name, TimeToLiveSpecification => { AttributeName => 'expires', Enabled => JSON::PP::true() } });
	is($status, 200, "TimeToLive of $name");
}

# Items whose time was three days ago, whatever the clock says.
sub put_expired
{
	my ($name, $key) = @_;
	$cluster->sql("SELECT dynamo.put_item('$name', '{\"p\": \"$key\", \"expires\": " . (time - 3 * 86400) . "}')");
}

sub soon_empty
{
	my ($name, $what) = @_;
	ok($cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM dynamo_tables.\"$name\"") == 0 }), $what) or diag(substr($cluster->log_text, -2000));
}

sub soon_readable
{
	my ($key, $what) = @_;
	$cluster->sql("SELECT dynamo.put_item('Watched', '{\"p\": \"$key\"}')");
	ok($cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM dynamo.stream_records('Watched') WHERE keys ->> 'p' = '$key'") == 1 }), $what) or diag(substr($cluster->log_text, -2000));
}

sub builds
{
	my ($index, $what) = @_;
	my ($status) = $cluster->call('UpdateTable', { TableName => 'Watched', AttributeDefinitions => [ { AttributeName => 'x', AttributeType => 'S' } ],
		GlobalSecondaryIndexUpdates => [ { Create => { IndexName => $index, KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ], Projection => { ProjectionType => 'ALL' } } } ] });
	ok($status == 200 && $cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM dynamo.indexes WHERE name = '$index' AND status = 'ACTIVE'") == 1 }), $what)
	  or diag(substr($cluster->log_text, -2000));
}

# Whether the endpoint gives a change while the scheduler hangs in one and the same deletion, at one of some attempts.
sub readable_beside
{
	my ($arn) = $cluster->sql("SELECT dynamo.describe_table('Watched') ->> 'LatestStreamArn'");
	my $hangs = "SELECT xact_start FROM pg_stat_activity WHERE backend_type = 'dynamo scheduler' AND wait_event = 'PgSleep'";
	for my $attempt (1 .. 10)
	{
		my $since;
		$cluster->wait_for(sub { $since = $cluster->sql($hangs) }) or return 0;
		$cluster->sql("SELECT dynamo.put_item('Watched', '{\"p\": \"beside$attempt\"}')");
		my $found;
		while (!$found && $cluster->sql($hangs) eq $since)
		{
			$found = grep { $_->{dynamodb}{Keys}{p}{S} eq "beside$attempt" } all_records($arn);
		}
		return 1 if $found && $cluster->sql($hangs) eq $since;
	}
	return 0;
}

sub ask
{
	my ($operation, %body) = @_;
	return ($cluster->call($operation, \%body, 'x-amz-target' => "DynamoDBStreams_20120810.$operation"))[1];
}

# The records of the shards that are open.
sub all_records
{
	my ($arn) = @_;
	my @found;
	for my $shard (grep { !$_->{SequenceNumberRange}{EndingSequenceNumber} } @{ ask('DescribeStream', StreamArn => $arn)->{StreamDescription}{Shards} })
	{
		my $iterator = ask('GetShardIterator', StreamArn => $arn, ShardId => $shard->{ShardId}, ShardIteratorType => 'TRIM_HORIZON')->{ShardIterator};
		my $page = ask('GetRecords', ShardIterator => $iterator);
		push @found, @{ $page->{Records} };
		while (@{ $page->{Records} })
		{
			$page = ask('GetRecords', ShardIterator => $page->{NextShardIterator});
			push @found, @{ $page->{Records} };
		}
	}
	return @found;
}

# ---- a clock that is set back, and forth -------------------------------------------------------------------------------

create_table('Watched', "stream_view_type => 'KEYS_ONLY'");
create_table('Normal');
soon_readable('before', 'a change is readable');
put_expired('Normal', 'a');
soon_empty('Normal', 'what has expired goes');
my $hours = 0;
for my $move (-10, +10, -1000, +1000)
{
	my $what = $move < 0 ? -$move . ' hours back' : "$move hours forth";
	$hours += $move;
	set_clock($hours * 3600);
	soon_readable("at$move", "$what: a change is readable");
	put_expired('Normal', 'b');
	# the time of an item is not moved; what is too old or to come is left alone
	soon_empty('Normal', "$what: what has expired goes") if $hours > -70;
	$cluster->sql('DELETE FROM dynamo_tables."Normal"');
	builds('By' . abs($move) . ($move < 0 ? 'Back' : 'Forth'), "$what: an index is built");
	my $old = join ' ', $cluster->pids('dynamo http');
	$cluster->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'dynamo http worker'");
	ok($cluster->wait_for(sub { my @new = $cluster->pids('dynamo http'); @new == 2 && "@new" ne $old }), "$what: a process that has ended is started again");
	$cluster->wait_for_workers(2) or die 'the endpoint does not come back';
}

# ---- a job that failed before the clock was set back waits no longer than its pause ------------------------------------------

$cluster->sql("INSERT INTO dynamo.jobs (kind, attempts, next_attempt) VALUES ('mystery', 3, clock_timestamp() + interval '20 days')");
ok($cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE kind = 'mystery' AND attempts > 3 AND error ~ 'no job of kind'") == 1 }), 'a next attempt in a far future');
$cluster->sql("DELETE FROM dynamo.jobs WHERE kind = 'mystery'");

# ---- a reader whose statement takes long makes no tick that others would wait for ------------------------------------------

my $reader = $cluster->sql_session;
print $reader q{SELECT dynamo.request('GetShardIterator', jsonb_build_object('StreamArn', dynamo.describe_table('Watched') ->> 'LatestStreamArn',
	'ShardId', (SELECT max(id) FROM dynamo.stream_shards), 'ShardIteratorType', 'LATEST')), pg_sleep(100);}, "\n";
ok($cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == 1 }), 'a slow reader');
soon_readable('beside', 'changes become readable beside it');
$cluster->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
$SIG{PIPE} = 'IGNORE';
close $reader;

# ---- owners who hold up a deletion -----------------------------------------------------------------------------------------

create_table($_) for 'AHangs', 'BFails', 'CLocked', 'Goes';
$cluster->wait_for(sub { $cluster->sql('SELECT count(*) FROM dynamo.tables WHERE ttl_ready') == 6 }) or diag($cluster->sql('SELECT * FROM dynamo.jobs'));
$cluster->sql(q{CREATE FUNCTION public.hang() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3600); RETURN OLD; END'});
$cluster->sql(q{CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not today''; END'});
$cluster->sql('CREATE TRIGGER hang BEFORE DELETE ON dynamo_tables."AHangs" FOR EACH ROW EXECUTE FUNCTION public.hang()');
$cluster->sql('CREATE TRIGGER fail BEFORE DELETE ON dynamo_tables."BFails" FOR EACH ROW EXECUTE FUNCTION public.fail()');
# the item comes and is locked in one transaction, before anybody can delete it
my $locker = $cluster->session_at("BEGIN; SELECT dynamo.put_item('CLocked', '{\"p\": \"a\", \"expires\": " . (time - 3 * 86400) . "}');
	LOCK TABLE dynamo_tables.\"CLocked\"");
put_expired($_, 'a') for 'AHangs', 'BFails', 'Goes';
soon_empty('Goes', 'the others go on');
soon_readable('meanwhile', 'changes become readable');
ok(readable_beside(), 'also while the scheduler waits for an owner\'s trigger');
builds('ByMeanwhile', 'indexes are built');
put_expired('Goes', 'b');
soon_empty('Goes', 'and again');
is($cluster->sql(q{SELECT (SELECT count(*) FROM dynamo_tables."AHangs") || ' ' || (SELECT count(*) FROM dynamo_tables."BFails")}), '1 1', 'what is held up stays');
ok($cluster->wait_for(sub { $cluster->log_text =~ /could not delete the expired items of table "BFails": not today/ }), 'the log tells why');
ok($cluster->wait_for(sub { $cluster->log_text =~ /canceling statement due to statement timeout/ }), 'and what took too long');
print $locker "COMMIT;\n";
close $locker;
$cluster->sql('DROP TRIGGER hang ON dynamo_tables."AHangs"; DROP TRIGGER fail ON dynamo_tables."BFails"');
soon_empty($_, "$_: goes when nothing is in its way") for 'AHangs', 'BFails';
soon_empty('CLocked', 'so does what was locked');

# ---- a shutdown while an owner's code holds a worker and the clock is set back -------------------------------------------------

$cluster->sql(q{CREATE FUNCTION public.trap() RETURNS trigger LANGUAGE plpgsql AS
	'BEGIN LOOP BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END'});
$cluster->sql('CREATE TRIGGER trap BEFORE INSERT ON dynamo_tables."Normal" FOR EACH ROW EXECUTE FUNCTION public.trap()');
my $socket = $cluster->connect;
print $socket $cluster->request_text('PutItem', { TableName => 'Normal', Item => { p => { S => 'held' } } });
ok($cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'dynamo http worker' AND wait_event = 'PgSleep'") == 1 }), 'a worker is held');
set_clock(($hours - 10) * 3600);
is(DynamoCluster::server_run(DynamoCluster::program('pg_ctl'), '-D', $cluster->{data}, '-m', 'fast', '-w', '-t', 60, 'stop'), 0, 'a fast shutdown ends');

done_testing();
