# Streams across restarts, prepared transactions, dump and restore.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use File::Temp ();
use Test::More;
use Time::HiRes qw(sleep time);

my $cluster = DynamoCluster->new('survive', { 'max_prepared_transactions' => 5 })->start;
$cluster->create_extension;
$cluster->sql("SELECT dynamo.create_table('Kept', 'id', stream_view_type => 'NEW_IMAGE')");
my $arn = $cluster->sql("SELECT dynamo.describe_table('Kept') ->> 'LatestStreamArn'");

sub values_after
{
	my ($after, $database) = @_;
	my $argument = defined $after ? "'$after'" : 'NULL';
	return $cluster->sql("SELECT string_agg(new_image ->> 'v', ' ' ORDER BY sequence_number) FROM dynamo.stream_records('Kept', $argument)", $database);
}

sub put { $cluster->sql("SELECT dynamo.put_item('Kept', '{\"id\": \"a\", \"v\": $_[0]}')", $_[1]); }

sub soon
{
	my ($expected, $what, $after) = @_;
	$cluster->wait_for(sub { values_after($after) eq $expected });
	is(values_after($after), $expected, $what);
}

# ---- restart ---------------------------------------------------------------------------------------------------------

put(1);
put(2);
soon('1 2', 'two changes');
my $last = $cluster->sql("SELECT max(sequence_number) FROM dynamo.stream_records('Kept')");
$cluster->restart;
is(values_after(undef), '1 2', 'they survive a restart');
is(values_after($last), '', 'and keep their sequence numbers');
put(3);
soon('3', 'what comes after the restart is behind them', $last);
put(4);
$cluster->restart('immediate');
soon('3 4', 'a change without its tick when the server dies gets one afterwards', $last);

# ---- prepared transactions: in progress for as long as they like ----------------------------------------------------------

$cluster->sql("BEGIN; INSERT INTO dynamo_tables.\"Kept\"(item) VALUES ('{\"id\": \"p\", \"v\": 5}'); PREPARE TRANSACTION 'five'");
put(6);
soon('3 4 6', 'a prepared transaction holds up nobody', $last);
$cluster->restart;
is(values_after($last), '3 4 6', 'it survives a restart, unread');
$cluster->sql("COMMIT PREPARED 'five'");
soon('3 4 6 5', 'and is read once it is committed', $last);

# ---- retention does not wait for consumers; an idle stream makes no ticks ------------------------------------------------

# The scheduler looks every five seconds.  The first time, or beside autovacuum, it may find something to be done.
my ($ticks, $new_ticks);
for (1 .. 5)
{
	$ticks = $cluster->sql('SELECT count(*) FROM dynamo.change_ticks');
	sleep 6;
	$new_ticks = $cluster->sql('SELECT count(*) FROM dynamo.change_ticks') - $ticks;
	last if $new_ticks == 0;
}
is($new_ticks, 0, 'no ticks while nothing happens');

# ---- dump and restore ------------------------------------------------------------------------------------------------

$last = $cluster->sql("SELECT max(sequence_number) FROM dynamo.stream_records('Kept')");
my $dump = File::Temp->new(SUFFIX => '.sql');
system(DynamoCluster::program('pg_dump'), '-h', $cluster->{socket_dir}, '-p', $cluster->{pg_port}, '-U', 'postgres', '-f', $dump->filename, 'postgres') == 0
  or die 'pg_dump failed';
$cluster->sql('CREATE DATABASE copy');
my @psql = $cluster->psql_command('copy');
is(system(join(' ', map { "'$_'" } @psql, '-f', $dump->filename) . ' >/dev/null'), 0, 'a dump is restored');
is($cluster->sql("SELECT dynamo.describe_table('Kept') ->> 'LatestStreamArn'", 'copy'), $arn, 'with the stream');
is(values_after(undef, 'copy'), '', 'which begins anew');
put(7, 'copy');
is(values_after(undef, 'copy'), '7', 'records what happens there');
is(values_after($last, 'copy'), '7', 'and goes on with higher sequence numbers');
is($cluster->sql("SELECT dynamo.request('DescribeStream', jsonb_build_object('StreamArn', '$arn')) #>> '{StreamDescription,StreamStatus}'", 'copy'), 'ENABLED', 'ENABLED');

$cluster->stop;
done_testing();
