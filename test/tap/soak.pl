# Everything at once: 32 writers through the API and in SQL on one table with a stream, TimeToLive and an index that is built,
# deleted and built again; two consumers; the server killed in the middle.  At the end the stream replayed from its start equals
# the table, the index equals a scan, both consumers have read what a replay reads, and no record was missing, doubled or out
# of its item's order.  Seconds by default; DYNAMO_SOAK_SECONDS=600 makes it ten minutes with three kills.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use File::Temp ();
use JSON::PP ();
use StreamReader;
use Test::More;
use Time::HiRes qw(sleep time);

my $SECONDS = $ENV{DYNAMO_SOAK_SECONDS} || 20;
my $KILLS = $SECONDS >= 60 ? 3 : 1;
my $KEYS = 2000;
my $PAUSE = 0.03;
my $json = JSON::PP->new->canonical;
my $folder = File::Temp::tempdir(CLEANUP => 1);
my $cluster = DynamoCluster->new('soak', { 'fsync' => 'on', 'max_connections' => 100, 'max_wal_size' => '2GB', 'dynamo.ttl_interval' => '200ms' })->start;
$cluster->create_extension;

my ($status, $reply) = $cluster->call('CreateTable', {
	TableName => 'Soaked',
	KeySchema => [ { AttributeName => 'id', KeyType => 'HASH' } ],
	AttributeDefinitions => [ { AttributeName => 'id', AttributeType => 'S' } ],
	BillingMode => 'PAY_PER_REQUEST',
	StreamSpecification => { StreamEnabled => JSON::PP::true, StreamViewType => 'NEW_AND_OLD_IMAGES' } });
is($status, 200, 'a table with a stream');
my $arn = $reply->{TableDescription}{LatestStreamArn};
($status) = $cluster->call('UpdateTimeToLive', { TableName => 'Soaked', TimeToLiveSpecification => { AttributeName => 'expires', Enabled => JSON::PP::true } });
is($status, 200, 'and TimeToLive');

sub spawn
{
	my ($work) = @_;
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	return $pid if $pid;
	srand($$);
	$cluster->{http} = HTTP::Tiny->new(timeout => 10, keep_alive => 1);
	eval { $work->() } or print STDERR $@;
	POSIX::_exit(0);
}

# ---- writers ---------------------------------------------------------------------------------------------------------

# Of the past, of the next seconds, or of a far future.
sub expiry { return '' . (int(time) + (-30, 2, 3600)[ int rand 3 ]) }

sub api_writer
{
	my $end = time + $SECONDS;
	for (my $i = 0; time < $end; $i++)
	{
		my $key = { id => { S => 'k' . int rand $KEYS } };
		my $kind = rand;
		my $set = sub { my ($expression, %values) = @_;
			return ['UpdateItem', { TableName => 'Soaked', Key => $key, UpdateExpression => $expression, ExpressionAttributeValues => \%values }] };
		my $request = $kind < 0.25 ? $set->('ADD n :one SET w = :w', ':one' => { N => '1' }, ':w' => { S => "$$ $i" })
		  : $kind < 0.35 ? $set->('SET x = :x', ':x' => { S => 'x' . int rand 50 })
		  : $kind < 0.5 ? $set->('SET expires = :t', ':t' => { N => expiry() })
		  : $kind < 0.6 ? ['DeleteItem', { TableName => 'Soaked', Key => $key }]
		  : $kind < 0.7 ? ['TransactWriteItems', { TransactItems => [ map { { Put => { TableName => 'Soaked', Item => { id => { S => 'k' . $_ }, x => { S => "t$$" }, w => { S => "$i" } } } } }
				do { my %distinct = map { (int rand $KEYS) => 1 } 1 .. 3; sort keys %distinct } ] }]
		  : $kind < 0.8 ? ['BatchWriteItem', { RequestItems => { Soaked => [ map { { PutRequest => { Item => { id => { S => 'k' . $_ }, w => { S => "b$i" }, expires => { N => expiry() } } } } }
				do { my %distinct = map { (int rand $KEYS) => 1 } 1 .. 5; sort keys %distinct } ] } }]
		  : ['PutItem', { TableName => 'Soaked', Item => { %$key, n => { N => '' . int rand 5 }, x => { S => 'x' . int rand 50 } } }];
		my ($answer) = $cluster->call(@$request);
		sleep($answer == 599 ? 0.3 : $PAUSE);
	}
	return 1;
}

# Transactions of several changes, some slow, some rolled back, with savepoints.
sub sql_writer
{
	my $end = time + $SECONDS;
	while (time < $end)
	{
		my @keys = sort map { 'k' . int rand $KEYS } 1 .. 3;
		my $last = rand() < 0.3 ? 'ROLLBACK' : 'COMMIT';
		my $pause = rand() < 0.1 ? 'SELECT pg_sleep(0.2);' : '';
		my $expires = expiry();
		my ($failed) = $cluster->try_sql(<<"SQL");
SET lock_timeout = '3s';
BEGIN;
INSERT INTO dynamo_tables."Soaked"(item) VALUES ('{"id": "$keys[0]", "w": "sql", "n": 1, "expires": $expires}')
	ON CONFLICT (id) DO UPDATE SET item = dynamo_tables."Soaked".item || '{"w": "sql$$", "x": "s$$"}';
SAVEPOINT here;
UPDATE dynamo_tables."Soaked" SET item = item || '{"never": true}' WHERE id = '$keys[1]';
ROLLBACK TO here;
$pause
DELETE FROM dynamo_tables."Soaked" WHERE id = '$keys[1]';
UPDATE dynamo_tables."Soaked" SET item = item || jsonb_build_object('n', 7, 'x', 'u' || length(id)) WHERE id = '$keys[2]';
$last;
SQL
		sleep($failed ? 0.3 : 0.1);
	}
	return 1;
}

# ---- consumers: each leaves a line of what it has read ------------------------------------------------------------------

sub consumer
{
	my ($number) = @_;
	my $reader = StreamReader->new($cluster, $arn, 'id');

	sleep 0.2 * $number;
	until (-e "$folder/over")
	{
		my $found = $reader->consume(100 * $number + int rand 900);
		sleep(!defined $found ? 0.3 : $found ? 0.01 : 0.1);
	}
	$reader->finish;
	open(my $out, '>', "$folder/consumer$number") or die $!;
	print $out join("\n", $reader->digest, $reader->items, @{ $reader->{complaints} }), "\n";
	close $out;
	return 1;
}

# ---- the index, by turns -------------------------------------------------------------------------------------------------

my ($built, $refused) = (0, 0);

sub index_state
{
	my ($failed, $state) = $cluster->try_sql("SELECT coalesce((SELECT i.status FROM dynamo.indexes i JOIN dynamo.tables t ON t.id = i.table_id WHERE t.name = 'Soaked' AND i.name = 'ByX'), 'none')");
	return $failed ? 'unknown' : $state;
}

sub turn_index
{
	my $state = index_state();
	my $update = $state eq 'none'
	  ? { Create => { IndexName => 'ByX', KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ], Projection => { ProjectionType => 'ALL' } } }
	  : $state eq 'ACTIVE' || ($state eq 'CREATING' && rand() < 0.02) ? { Delete => { IndexName => 'ByX' } } : return;
	my ($answer) = $cluster->call('UpdateTable', { TableName => 'Soaked', AttributeDefinitions => [ { AttributeName => 'x', AttributeType => 'S' } ], GlobalSecondaryIndexUpdates => [$update] });
	$built++ if $state eq 'ACTIVE' && $answer == 200;
	$refused++ if $answer == 400;
}

my @consumers = map { my $number = $_; spawn(sub { consumer($number) }) } 1, 2;
my @writers = ((map { spawn(\&api_writer) } 1 .. 20), (map { spawn(\&sql_writer) } 1 .. 12));
my $begin = time;
my $killed = 0;
while (time < $begin + $SECONDS)
{
	turn_index();
	if ($killed < $KILLS && time > $begin + $SECONDS * ($killed + 1) / ($KILLS + 1))
	{
		$cluster->kill9;
		$cluster->start;
		ok($cluster->wait_for_endpoint(60), 'kill -9 number ' . ++$killed);
	}
	sleep 0.2;
}
waitpid $_, 0 for @writers;

# ---- what is left ------------------------------------------------------------------------------------------------------

ok($cluster->wait_for(sub { turn_index() if index_state() eq 'none'; index_state() eq 'ACTIVE' }, 120), 'the index is ACTIVE')
  or diag($cluster->sql('SELECT * FROM dynamo.jobs ORDER BY id DESC LIMIT 5'));
# nothing expires any more
my ($failed) = $cluster->try_sql("ALTER SYSTEM SET dynamo.ttl_interval = '1d'");
$cluster->sql('SELECT pg_reload_conf()');
$cluster->wait_for(sub { $cluster->sql('SELECT dynamo.expire_items(\'Soaked\')') == 0 });
sleep 1;
open(my $over, '>', "$folder/over");
close $over;
waitpid $_, 0 for @consumers;

my $replay = StreamReader->new($cluster, $arn, 'id');
$replay->finish;
is_deeply($replay->{complaints}, [], 'the stream from its start: every change once, in order, fitting the one before');
my (%stored, $start);
do
{
	($status, $reply) = $cluster->call('Scan', { TableName => 'Soaked', ConsistentRead => JSON::PP::true, $start ? (ExclusiveStartKey => $start) : () });
	$stored{ $_->{id}{S} } = $_ for @{ $reply->{Items} };
	$start = $reply->{LastEvaluatedKey};
} while ($start);
is($replay->items, $json->encode(\%stored), 'replayed it equals the table');
cmp_ok($replay->{records}, '>', 500, $replay->{records} . ' records');
cmp_ok($replay->{expired}, '>', 0, $replay->{expired} . ' of them of expired items');
cmp_ok($built + $refused, '>=', 0, "$built builds between");
for my $number (1, 2)
{
	my ($digest, $items, @complaints) = split /\n/, DynamoCluster::try_slurp("$folder/consumer$number");
	is_deeply(\@complaints, [], "consumer $number has nothing to complain of");
	is($digest, $replay->digest, 'it has read what the replay has read');
	is($items, $replay->items, 'and knows the same items');
}
my $of_items = q{SELECT count(*) || ' ' || coalesce(md5(string_agg(item::text, ',' ORDER BY item ->> 'id')), '')};
is($cluster->sql("$of_items FROM dynamo.scan('Soaked', index_name => 'ByX') AS s(item)"), $cluster->sql("$of_items FROM dynamo_tables.\"Soaked\" WHERE item ? 'x'"), 'the index equals a scan');
is($cluster->sql(q{SELECT count(*) FROM pg_index WHERE NOT indisvalid}), 0, 'no invalid index is left');
is($cluster->sql(q{SELECT count(*) FROM dynamo.stream_records('Soaked', max_records => NULL)}), $replay->{records}, 'dynamo.stream_records() has the same number');

$cluster->stop;
done_testing();
