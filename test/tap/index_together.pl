# Two builds on one table at once, an index's and TimeToLive's, which both must wait for a writer: they do not run into each
# other.  A build that ends beside an UpdateTable: neither forgets what the other has changed.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use JSON::PP ();
use Test::More;
use Time::HiRes qw(sleep);

my $rounds = 5;
my $cluster = DynamoCluster->new('together', { 'dynamo.ttl_change_interval' => 0 })->start;
$cluster->create_extension;
$cluster->sql(q{SELECT dynamo.create_table('Both', 'p')});
$cluster->sql(q{INSERT INTO dynamo_tables."Both" (item) SELECT jsonb_build_object('p', 'k' || i, 'x', 'v' || i, 'expires', 4000000000) FROM generate_series(1, 3000) i});

sub set_ttl
{
	my ($enabled) = @_;
	my ($status, $reply) = $cluster->call('UpdateTimeToLive', { TableName => 'Both', TimeToLiveSpecification => { AttributeName => 'expires',
		Enabled => $enabled ? JSON::PP::true() : JSON::PP::false() } });
	die "UpdateTimeToLive: $status $reply->{message}" if $status != 200;
}

sub update
{
	my ($change) = @_;
	my ($status, $reply) = $cluster->call('UpdateTable', { TableName => 'Both',
		AttributeDefinitions => [ { AttributeName => 'p', AttributeType => 'S' }, { AttributeName => 'x', AttributeType => 'S' } ],
		GlobalSecondaryIndexUpdates => [$change] });
	die "UpdateTable: $status $reply->{message}" if $status != 200;
}

sub wait_for_jobs
{
	$cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM dynamo.jobs WHERE state IN ('QUEUED', 'RUNNING')") == 0 }, 300) or die 'the jobs do not end';
}

my $ready = 0;
my $writer = $cluster->sql_session;
for (1 .. $rounds)
{
	set_ttl(1);
	update({ Create => { IndexName => 'ByX', KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ], Projection => { ProjectionType => 'ALL' } } });
	print $writer qq{BEGIN; INSERT INTO dynamo_tables."Both" (item) VALUES ('{"p": "new"}'); SELECT pg_sleep(0.7); ROLLBACK;\n};
	wait_for_jobs();
	$ready += $cluster->sql(q{SELECT count(*) FROM dynamo.tables t JOIN dynamo.indexes i ON i.table_id = t.id WHERE t.ttl_ready AND i.status = 'ACTIVE'});
	set_ttl(0);
	update({ Delete => { IndexName => 'ByX' } });
	wait_for_jobs();
}
is($ready, $rounds, 'both are built');
unlike($cluster->log_text, qr/deadlock detected/, 'without a deadlock');

# ---- beside UpdateTable ------------------------------------------------------------------------------------------------

my $changer = $cluster->sql_session;
my %builds = (index => sub {
		update({ Create => { IndexName => 'ByX', KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ], Projection => { ProjectionType => 'ALL' } } }) },
	ttl => sub { set_ttl(1) });
for my $kind (sort keys %builds)
{
	$cluster->sql("SELECT dynamo.request('UpdateTable', '{\"TableName\": \"Both\", \"DeletionProtectionEnabled\": false}')");
	$builds{$kind}->();
	# the writer holds the build up until the change has been made, and the change is committed when the build could end
	print $writer qq{BEGIN; INSERT INTO dynamo_tables."Both" (item) VALUES ('{"p": "new"}');\n};
	$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM dynamo.jobs WHERE state = 'RUNNING' AND phase = 'index'}) == 1 }) or die 'the build does not begin';
	print $changer qq{BEGIN; SELECT dynamo.request('UpdateTable', '{"TableName": "Both", "DeletionProtectionEnabled": true}');\n};
	$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%DeletionProtection%'}) == 1 })
	  or die 'the change is not made';
	print $writer "ROLLBACK;\n";
	$cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM pg_index WHERE indrelid = 'dynamo_tables."Both"'::regclass AND NOT indisvalid}) == 0 });
	sleep 0.3;
	print $changer "COMMIT;\n";
	wait_for_jobs();
	is($cluster->sql('SELECT deletion_protection FROM dynamo.tables'), 't', "the change beside the end of a build ($kind) is kept");
}
is($cluster->sql(q{SELECT t.ttl_ready AND i.status = 'ACTIVE' FROM dynamo.tables t JOIN dynamo.indexes i ON i.table_id = t.id}), 't', 'and what was built is there');
close $_ for $writer, $changer;
$cluster->stop;
done_testing;
