# What version 1.0 made is, after ALTER EXTENSION dynamo UPDATE, what a fresh installation makes: every table, function, view,
# trigger, right and comment, as pg_dump writes them down.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('main')->start;

# The members of the extension, which pg_dump shows only in the form that pg_upgrade uses; there with numbers of objects, that
# no two databases share.
sub definitions
{
	my ($database) = @_;
	my $file = "$cluster->{folder}/$database.sql";
	my @lines;

	my $status = DynamoCluster::server_run(DynamoCluster::program('pg_dump'), '--binary-upgrade', '--schema-only', '-h', $cluster->{socket_dir},
		'-p', $cluster->{pg_port}, '-U', 'postgres', '-f', $file, $database);
	is($status, 0, "pg_dump of $database");
	for (split /\n/, DynamoCluster::slurp($file))
	{
		next if /^\\(un)?restrict / || /binary_upgrade_set_|pg_catalog\.binary_upgrade_create_empty_extension|^-- For binary upgrade/;
		next if /^SET relfrozenxid|^WHERE oid = /;
		s/\b\Q$database\E\b/DATABASE/g;
		push @lines, $_;
	}
	# objects of one kind may come in the order of their numbers
	return [sort split /\n\n\n/, join("\n", @lines)];
}

$cluster->sql('CREATE DATABASE fresh');
$cluster->sql('CREATE DATABASE upgraded');
$cluster->sql('CREATE EXTENSION dynamo', 'fresh');
$cluster->sql("CREATE EXTENSION dynamo VERSION '1.0'", 'upgraded');
my (undef, undef, $refusal) = $cluster->try_sql(q{SELECT dynamo.request('ListTables', '{}')}, 'upgraded');
like($refusal, qr/ServiceUnavailableException: The database has version 1\.0 of extension dynamo, .*: run ALTER EXTENSION dynamo UPDATE/, 'before the upgrade operations say what is missing');
$cluster->sql('CREATE TABLE other (i int); DROP TABLE other', 'upgraded');
my $fresh = definitions('fresh');

ok((grep /CREATE TABLE dynamo\.tables/, @$fresh), 'the comparison sees tables');
ok((grep /CREATE FUNCTION dynamo\.put_item\(/, @$fresh), '... and functions');
$cluster->sql('ALTER EXTENSION dynamo UPDATE', 'upgraded');
my $upgraded = definitions('upgraded');
is($cluster->sql("SELECT extversion FROM pg_extension WHERE extname = 'dynamo'", 'upgraded'),
	$cluster->sql("SELECT extversion FROM pg_extension WHERE extname = 'dynamo'", 'fresh'), 'the upgrade ends at the newest version');
is_deeply($upgraded, $fresh, 'an upgraded database is like a fresh one');

# What pg_dump copies of the tables' rows is part of the definition, too.
my $copied = q{SELECT string_agg(pg_describe_object('pg_class'::regclass, o, 0) || c, E'\n' ORDER BY o::regclass::text)
	FROM pg_extension, unnest(extconfig, extcondition) AS u(o, c) WHERE extname = 'dynamo'};
is($cluster->sql($copied, 'upgraded'), $cluster->sql($copied, 'fresh'), 'the same rows are copied by pg_dump');

$cluster->stop;
done_testing();
