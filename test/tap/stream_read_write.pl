# GetRecords is read-after-write: what was acknowledged before the request is in its answer, whoever wrote it and whatever
# holds up the scheduler, other readers or other transactions.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use File::Temp ();
use HTTP::Tiny;
use JSON::PP ();
use POSIX ();
use Test::More;

my $cluster = DynamoCluster->new('readwrite', { 'dynamo.http_workers' => 4, 'dynamo.stream_shards' => 1, 'max_prepared_transactions' => 5,
	'fsync' => 'on', 'commit_delay' => 0 })->start;
$cluster->create_extension;

my ($status, $reply) = $cluster->call('CreateTable', {
	TableName => 'Watched',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST',
	StreamSpecification => { StreamEnabled => JSON::PP::true, StreamViewType => 'NEW_IMAGE' } });
is($status, 200, 'a table with a stream');
my $arn = $reply->{TableDescription}{LatestStreamArn};

sub streams
{
	my ($operation, %body) = @_;
	my ($answer, $found) = $cluster->call($operation, \%body, 'x-amz-target' => "DynamoDBStreams_20120810.$operation");
	die "$operation: $answer" if $answer != 200;
	return $found;
}

my $shard = streams('DescribeStream', StreamArn => $arn)->{StreamDescription}{Shards}[0]{ShardId};
my $next = streams('GetShardIterator', StreamArn => $arn, ShardId => $shard, ShardIteratorType => 'LATEST')->{ShardIterator};

sub put { return ($cluster->call('PutItem', { TableName => 'Watched', Item => { id => { S => $_[0] } } }))[0]; }
sub sql_put { return qq{INSERT INTO dynamo_tables."Watched"(item) VALUES ('{"id": "$_[0]"}')}; }
sub names { return join ' ', map { $_->{dynamodb}{NewImage}{id}{S} } @{ $_[0]{Records} }; }

# One page of what is new.
sub records
{
	my $page = streams('GetRecords', ShardIterator => $next);
	$next = $page->{NextShardIterator};
	return names($page);
}

sub ticks { return $cluster->sql('SELECT last_value FROM dynamo.change_tick'); }

# ---- a write, and at once a read ------------------------------------------------------------------------------------

my $missed = 0;
for (1 .. 50)
{
	put("a$_");
	$missed++ if records() ne "a$_";
}
is($missed, 0, 'each of 50 writes is in the answer to the next request');
put("b$_") for 1 .. 20;
is(records(), join(' ', map { "b$_" } 1 .. 20), 'and so are twenty in a row, in one answer');
$cluster->sql(sql_put('c1'));
is(records(), 'c1', 'a write in SQL');
put('c2');
is($cluster->sql("SELECT string_agg(new_image ->> 'id', ' ') FROM dynamo.stream_records('Watched', NULL, 1000) WHERE new_image ->> 'id' = 'c2'"), 'c2',
	'dynamo.stream_records has it as well');
is($cluster->sql(q{SELECT jsonb_array_length(dynamo.request('GetRecords', jsonb_build_object('ShardIterator', '} . $next . q{')) -> 'Records')}), 1, 'and GetRecords in SQL');
is($cluster->sql(q{BEGIN READ ONLY; SELECT jsonb_array_length(dynamo.request('GetRecords', jsonb_build_object('ShardIterator', '} . $next . q{')) -> 'Records'); COMMIT}),
	1, 'in a transaction that may only read, too');
records();
put('c3');
my $latest = streams('GetShardIterator', StreamArn => $arn, ShardId => $shard, ShardIteratorType => 'LATEST')->{ShardIterator};
put('c4');
is(names(streams('GetRecords', ShardIterator => $latest)), 'c4', 'LATEST is behind what was written before it');
is(records(), 'c3 c4', 'and before what is written after it');

# ---- nothing new costs nothing --------------------------------------------------------------------------------------

$cluster->wait_for(sub { $cluster->sql('SELECT quiet FROM dynamo.change_ticks ORDER BY tick DESC LIMIT 1') eq 't' });
my ($scheduler) = $cluster->pids('dynamo scheduler');
kill 'STOP', $scheduler;
my $before = ticks();
is(records(), '', 'nothing new') for 1 .. 3;
is(ticks(), $before, 'makes no tick');

# ---- the scheduler is held up ---------------------------------------------------------------------------------------

put('d1');
is(records(), 'd1', 'a reader makes the tick itself while the scheduler hangs');
is(ticks(), $before + 1, 'one tick');
is(records(), '', 'and then none');
is(ticks(), $before + 1, 'makes no other');

# ---- several readers at once: each has it, and they do not all make a tick -------------------------------------------

sub read_together
{
	my ($expected) = @_;
	my $folder = File::Temp->newdir;
	my @children;

	for my $reader (1 .. 8)
	{
		my $pid = fork;
		die "fork: $!" unless defined $pid;
		push(@children, $pid), next if $pid;
		$cluster->{http} = HTTP::Tiny->new(timeout => 60);
		my $found = eval { names(streams('GetRecords', ShardIterator => $next)) } // 'failed';
		open(my $out, '>', "$folder/$reader") or POSIX::_exit(1);
		print $out $found;
		close $out;
		POSIX::_exit(0);
	}
	waitpid $_, 0 for @children;
	return grep { -e "$folder/$_" && DynamoCluster::slurp("$folder/$_") eq $expected } 1 .. 8;
}

my $right = 0;
for (1 .. 5)
{
	put("e$_");
	$right += read_together("e$_");
	is(records(), "e$_", "round $_");
}
is($right, 40, 'eight readers at once, five times: each answer has the write');

# ---- transactions that stay open hold up nobody's records but their own ------------------------------------------------

my $session = $cluster->session_at('BEGIN; ' . sql_put('f1'));
put('f2');
is(records(), 'f2', 'an older transaction is open');
$before = ticks();
is(records(), '', 'what it has written is not there yet');
is(ticks(), $before, 'and makes no tick');
put('f3');
is(records(), 'f3', 'a further write');
print $session "COMMIT;\nSELECT pg_sleep(0);\n";
$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM dynamo_tables."Watched" WHERE id = 'f1'}) == 1 });
is(records(), 'f1', 'its own come with its commit');
close $session;

$cluster->sql('BEGIN; ' . sql_put('g1') . "; PREPARE TRANSACTION 'one'");
put('g2');
is(records(), 'g2', 'a prepared transaction');
$cluster->sql("COMMIT PREPARED 'one'");
is(records(), 'g1', 'comes with its COMMIT PREPARED, though no signal tells of that');

# ---- somebody keeps the lock for ticks --------------------------------------------------------------------------------

$session = $cluster->session_at("BEGIN; SELECT dynamo.run_worker('stream_tick')");
put('h1');
is(records(), '', 'while nobody can make a tick, a reader is answered with what there is');
print $session "COMMIT;\n";
close $session;
is(records(), 'h1', 'and afterwards with the rest');
kill 'CONT', $scheduler;

# ---- a write that is visible and not yet confirmed by a standby ---------------------------------------------------------

$cluster->set('synchronous_standby_names' => 'nobody');
$cluster->reach_workers;
my $writer = fork;
die "fork: $!" unless defined $writer;
if (!$writer)
{
	$cluster->{http} = HTTP::Tiny->new(timeout => 120);
	POSIX::_exit(put('i1') == 200 ? 0 : 1);
}
$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM dynamo_tables."Watched" WHERE id = 'i1'}) == 1 });
my $socket = $cluster->connect;
print $socket $cluster->request_text('GetRecords', { ShardIterator => $next }, 'X-Amz-Target' => 'DynamoDBStreams_20120810.GetRecords');
my $readable = '';
vec($readable, fileno($socket), 1) = 1;
is(select($readable, undef, undef, 1), 0, 'who may have seen it has no answer either');
$cluster->set('synchronous_standby_names' => undef);
waitpid $writer, 0;
is($?, 0, 'until it is acknowledged');
my ($code, $text) = $cluster->read_reply($socket);
is($code, 200, 'then he has one');
$next = JSON::PP->new->decode($text)->{NextShardIterator};
is(join(' ', grep { length } names(JSON::PP->new->decode($text)), records()), 'i1', 'and the write comes once');

unlike($cluster->log_text, qr/PANIC|terminated by signal/, 'no crash');
$cluster->stop;
done_testing();
