# Indexes of tables in use: built beside writers, over kill -9 at any time (at known places: index_crash.pl), deleted in the
# middle, on tables that go.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use DynamoCluster;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $rows = 60000;
my $cluster = DynamoCluster->new('build', {
	'fsync' => 'on', 'max_wal_size' => '256MB', 'max_connections' => 30,
	'dynamo.ttl_interval' => '100ms', 'dynamo.ttl_change_interval' => 0 });
$cluster->start;
$cluster->create_extension;

sub create_index
{
	my ($table, $name, $attribute) = @_;
	return $cluster->call('UpdateTable', {
		TableName => $table,
		AttributeDefinitions => [ { AttributeName => $attribute, AttributeType => 'S' } ],
		GlobalSecondaryIndexUpdates => [ { Create => {
			IndexName => $name,
			KeySchema => [ { AttributeName => $attribute, KeyType => 'HASH' } ],
			Projection => { ProjectionType => 'ALL' } } } ] });
}

sub drop_index
{
	my ($table, $name) = @_;
	return $cluster->call('UpdateTable', { TableName => $table, GlobalSecondaryIndexUpdates => [ { Delete => { IndexName => $name } } ] });
}

sub set_ttl
{
	my ($table, $enabled) = @_;
	return $cluster->call('UpdateTimeToLive', { TableName => $table,
		TimeToLiveSpecification => { AttributeName => 'expires', Enabled => $enabled ? JSON::PP::true() : JSON::PP::false() } });
}

sub index_status
{
	my ($table, $name) = @_;
	return $cluster->sql("SELECT coalesce((SELECT i.status FROM dynamo.indexes i JOIN dynamo.tables t ON t.id = i.table_id WHERE t.name = '$table' AND i.name = '$name'), 'none')");
}

sub wait_until
{
	my ($what, $condition) = @_;
	my $end = time + 300;
	until ($condition->())
	{
		if (time > $end) { fail($what); diag($cluster->sql('SELECT * FROM dynamo.jobs')); return; }
		sleep 0.05;
	}
	pass($what);
}

sub fill_table
{
	my ($table) = @_;
	$cluster->sql("SELECT dynamo.create_table('$table', 'p')");
	$cluster->sql("INSERT INTO dynamo_tables.\"$table\"(item) SELECT jsonb_build_object('p', 'k' || i, 'x', 'v' || i % 100, 'n', i, 'filler', repeat('f', 100)) FROM generate_series(1, $rows) i");
}

# The index by itself and the items by themselves say the same.
sub check_index
{
	my ($table, $what) = @_;
	is($cluster->sql("SELECT count(*) FROM dynamo_tables.\"$table\" WHERE x IS DISTINCT FROM item ->> 'x'"), 0, "$what: the column is right");
	my $items = $cluster->sql("SELECT count(*) FROM dynamo_tables.\"$table\" WHERE item ? 'x'");
	is($cluster->sql("SELECT count(*) FROM dynamo.scan('$table', index_name => 'ByX')"), $items, "$what: the index holds the items");
	is($cluster->sql("SELECT count(*) FROM pg_index WHERE indrelid = 'dynamo_tables.\"$table\"'::regclass AND NOT indisvalid"), 0, "$what: no invalid index is left");
}

# Writes through the endpoint until it is told to end, or the server has gone; reports how often it was answered between the times
# in the file "build", and its longest pause.
sub writer
{
	my ($number, $table, $file) = @_;
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	return $pid if $pid;
	my ($longest, $errors, $stop, $text, @answers) = (0, 0, 0, '');
	$SIG{TERM} = sub { $stop = 1 };
	$SIG{PIPE} = 'IGNORE';
	my $socket = $cluster->connect or POSIX::_exit(1);
	for (my $i = 1; !$stop; $i++)
	{
		my $begin = time;
		my $key = 'k' . (1 + int(rand($rows)));
		my $body = $i % 7 == 0
		  ? [ 'DeleteItem', { TableName => $table, Key => { p => { S => $key } } } ]
		  : [ 'PutItem', { TableName => $table, Item => { p => { S => $key }, x => { S => "w$i" }, n => { N => "$i" } } } ];
		print $socket $cluster->request_text(@$body) or last;
		my ($status, $answer) = $cluster->read_reply($socket);
		last if $stop || !defined $status;
		$errors++, $text = $answer if $status != 200;
		$longest = time - $begin if time - $begin > $longest;
		push @answers, time;
		sleep 0.001;
	}
	my ($from, $to) = split / /, DynamoCluster::try_slurp("$file.build");
	my $beside = grep { $_ > $from && $_ < $to } @answers;
	open(my $out, '>', $file);
	print $out "$beside $longest $errors $text";
	close $out;
	POSIX::_exit(0);
}

# ---- beside writers ----------------------------------------------------------------------------------------------------

fill_table('Busy');
my $folder = File::Temp::tempdir(CLEANUP => 1);
my @writers = map { writer($_, 'Busy', "$folder/w$_") } 1 .. 3;
my $sql_writer = fork;
if (!$sql_writer)
{
	for my $i (1 .. 200)
	{
		eval { $cluster->sql("UPDATE dynamo_tables.\"Busy\" SET item = item || jsonb_build_object('x', 's$i') WHERE p = 'k$i'") };
	}
	POSIX::_exit(0);
}
# it does not begin before the second one has been asked for
my $held = $cluster->hold_next_job;
is((create_index('Busy', 'ByX', 'x'))[0], 200, 'a build beside writers');
my ($status, $reply) = create_index('Busy', 'ByF', 'filler');
is($status, 400, 'a second one at once');
like($reply->{__type}, qr/LimitExceededException/, 'is refused');
my $from = time;
close $held;
wait_until('the build ends', sub { index_status('Busy', 'ByX') eq 'ACTIVE' });
my $to = time;
for my $n (1 .. 3)
{
	open(my $out, '>', "$folder/w$n.build") or die $!;
	print $out "$from $to";
	close $out;
}
kill 'TERM', @writers;
waitpid $_, 0 for @writers, $sql_writer;
for my $n (1 .. 3)
{
	my ($beside, $longest, $errors, $text) = split / /, DynamoCluster::slurp("$folder/w$n"), 4;
	# how long is a matter of the machine; but it does not stand still until the build is done
	cmp_ok($beside, '>=', 10, sprintf('writer %d was answered %d times in the %.1f s of the build, and waited %.3f s at most', $n, $beside, $to - $from, $longest));
	is($errors, 0, "and nothing of what it did failed") or diag($text);
}
check_index('Busy', 'beside writers');

# ---- kill -9 in the middle -----------------------------------------------------------------------------------------------

fill_table('Killed');
is((create_index('Killed', 'ByX', 'x'))[0], 200, 'a build that is to be killed');
for my $phase ('fill', 'fill', 'index')
{
	my $end = time + 60;
	sleep 0.005 until $cluster->sql("SELECT count(*) FROM dynamo.index_progress WHERE phase = '$phase' AND rows_done > 0") > 0
	  || index_status('Killed', 'ByX') eq 'ACTIVE' || time > $end;
	$cluster->kill9;
	$cluster->start;
	$cluster->wait_for_endpoint or die 'the endpoint does not come back';
}
wait_until('it goes on and ends', sub { index_status('Killed', 'ByX') eq 'ACTIVE' });
check_index('Killed', 'after kill -9');

# ---- deleted in the middle, and tables that go ---------------------------------------------------------------------------

fill_table('Undone');
is((create_index('Undone', 'ByX', 'x'))[0], 200, 'a build');
is((drop_index('Undone', 'ByX'))[0], 200, 'is deleted in the middle');
wait_until('and is gone', sub { index_status('Undone', 'ByX') eq 'none' });
is($cluster->sql("SELECT count(*) FROM pg_attribute WHERE attrelid = 'dynamo_tables.\"Undone\"'::regclass AND attname = 'x' AND NOT attisdropped"), 0, 'with its column');

is((create_index('Undone', 'ByX', 'x'))[0], 200, 'a build');
is(($cluster->call('DeleteTable', { TableName => 'Undone' }))[0], 200, 'whose table is deleted');
fill_table('Dropped');
is((create_index('Dropped', 'ByX', 'x'))[0], 200, 'a build');
$cluster->sql('DROP TABLE dynamo_tables."Dropped"');
pass('whose table is dropped in SQL');

fill_table('Timed');
is((set_ttl('Timed', 1))[0], 200, 'TimeToLive is enabled');
is((set_ttl('Timed', 0))[0], 200, 'and disabled while its index is built');
is((set_ttl('Timed', 1))[0], 200, 'and enabled again');
is(($cluster->call('DeleteTable', { TableName => 'Timed' }))[0], 200, 'and its table deleted');
wait_until('no job is left', sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE state IN ('QUEUED', 'RUNNING')") == 0 });

# ---- time to live ----------------------------------------------------------------------------------------------------------

$cluster->sql("SELECT dynamo.create_table('Expiring', 'p')");
$cluster->sql("INSERT INTO dynamo_tables.\"Expiring\"(item) SELECT jsonb_build_object('p', 'k' || i, 'expires', extract(epoch FROM now())::bigint - 100) FROM generate_series(1, 5000) i");
$cluster->sql("INSERT INTO dynamo_tables.\"Expiring\"(item) SELECT jsonb_build_object('p', 's' || i, 'expires', (extract(epoch FROM now())::bigint - 100)::text) FROM generate_series(1, 10) i");
is((set_ttl('Expiring', 1))[0], 200, 'TimeToLive is enabled');
wait_until('what has expired goes', sub { $cluster->sql('SELECT count(*) FROM dynamo_tables."Expiring"') <= 10 });
is($cluster->sql('SELECT count(*) FROM dynamo_tables."Expiring"'), 10, 'strings do not expire');
is(($cluster->call('PutItem', { TableName => 'Expiring', Item => { p => { S => 'late' }, expires => { N => '' . (int(time) - 10) } } }))[0], 200, 'an item that comes expired');
wait_until('goes, too', sub { $cluster->sql('SELECT count(*) FROM dynamo_tables."Expiring"') == 10 });

is($cluster->metric('dynamo_server_errors_total') // 0, 0, 'no request failed by our fault') if $cluster->can('metric') && eval { defined $cluster->metric('dynamo_server_errors_total') };
done_testing;
