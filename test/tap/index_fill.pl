# An index build beside sessions that hold rows and then do nothing with them, or update them without a change, and others whose
# rows come and go: a row that was held when its turn came must not be left without its columns.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $cluster = DynamoCluster->new('fill')->start;
$cluster->create_extension;
$cluster->sql(q{SELECT dynamo.create_table('Held', 'p')});
$cluster->sql(q{INSERT INTO dynamo_tables."Held" (item) SELECT jsonb_build_object('p', 'k' || i, 'x', 'v' || i) FROM generate_series(1, 300) i});

my @sessions;
for my $i (1 .. 5)
{
	open(my $error, '>&', \*STDERR);
	open(STDERR, '>', '/dev/null');		# at the end they are terminated
	my $session = $cluster->sql_session;
	open(STDERR, '>&', $error);
	push @sessions, $session;
	print $session $i == 1
	  ? qq{DO \$\$ BEGIN LOOP
			PERFORM FROM dynamo_tables."Held" WHERE p = 'k7' FOR UPDATE; PERFORM pg_sleep(0.02); ROLLBACK;
		END LOOP; END \$\$;\n}
	  : $i == 2
	  ? qq{DO \$\$ BEGIN LOOP
			UPDATE dynamo_tables."Held" SET item = item WHERE p = 'k8'; PERFORM pg_sleep(0.02); COMMIT;
		END LOOP; END \$\$;\n}
	  : qq{DO \$\$ BEGIN LOOP
			FOR n IN 1 .. 200 LOOP
				INSERT INTO dynamo_tables."Held" (item) VALUES (jsonb_build_object('p', 'm' || n || '-$i', 'x', 'v')); COMMIT;
			END LOOP;
			DELETE FROM dynamo_tables."Held" WHERE p LIKE 'm%-$i'; COMMIT;
		END LOOP; END \$\$;\n};
}

sub state { return $cluster->sql("SELECT coalesce(min(status), 'none') FROM dynamo.indexes WHERE name = 'ByX'") }

my @left;
for my $round (1 .. 12)
{
	my ($status) = $cluster->call('UpdateTable', { TableName => 'Held',
		AttributeDefinitions => [ { AttributeName => 'p', AttributeType => 'S' }, { AttributeName => 'x', AttributeType => 'S' } ],
		GlobalSecondaryIndexUpdates => [ { Create => { IndexName => 'ByX', KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ],
			Projection => { ProjectionType => 'ALL' } } } ] });
	die "UpdateTable: $status" if $status != 200;
	$cluster->wait_for(sub { state() eq 'ACTIVE' }, 300) or die 'the index does not become active';
	push @left, $cluster->sql(q{SELECT p FROM dynamo_tables."Held" WHERE x IS NULL AND item ? 'x' LIMIT 3});
	$cluster->call('UpdateTable', { TableName => 'Held', GlobalSecondaryIndexUpdates => [ { Delete => { IndexName => 'ByX' } } ] });
	$cluster->wait_for(sub { state() eq 'none' }, 300) or die 'the index does not go';
}
is(join(' ', grep { $_ ne '' } @left), '', 'every row is in the index when it is active');
$cluster->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
close $_ for @sessions;
$cluster->stop;
done_testing;
