# A dump of the served database holds everything: tables, indexes, items, tags, rights, access keys.  It restores into a
# cluster that has never seen them, under another name, over a database that is being served, and with other roles.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 hmac_sha256_hex sha256_hex);
use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use POSIX qw(strftime);
use Test::More;

my $source = DynamoCluster->new('source', { 'dynamo.authentication' => 'sigv4' })->start;
my $target = DynamoCluster->new('target',
	{ 'dynamo.authentication' => 'sigv4', 'dynamo.database' => "'copy'" })->start;
my $file = "$source->{folder}/dump";
my %key = (shop => ['AKIASHOPSHOPSHOPSHOP', 'shop/secret+1'], report => ['AKIAREPORTREPORTREPO', 'report/secret']);

# ---- helpers ---------------------------------------------------------------------------------------------------------

# A call signed with a role's key: (status, reply).
sub signed
{
	my ($cluster, $role, $operation, $body) = @_;
	my ($id, $secret) = @{ $key{$role} };
	my $text = JSON::PP->new->utf8->canonical->encode($body);
	my $time = strftime('%Y%m%dT%H%M%SZ', gmtime);
	my @scope = (substr($time, 0, 8), 'us-east-1', 'dynamodb', 'aws4_request');
	my $host = "127.0.0.1:$cluster->{port}";
	my $target = "DynamoDB_20120810.$operation";
	my $canonical = join("\n", 'POST', '/', '', "host:$host", "x-amz-date:$time", "x-amz-target:$target", '',
		'host;x-amz-date;x-amz-target', sha256_hex($text));
	my $signing_key = "AWS4$secret";
	$signing_key = hmac_sha256($_, $signing_key) for @scope;
	my $signature = hmac_sha256_hex(join("\n", 'AWS4-HMAC-SHA256', $time, join('/', @scope), sha256_hex($canonical)), $signing_key);
	my ($status, $reply) = $cluster->call($operation, $text,
		'x-amz-date' => $time,
		'authorization' => "AWS4-HMAC-SHA256 Credential=$id/" . join('/', @scope)
		  . ", SignedHeaders=host;x-amz-date;x-amz-target, Signature=$signature");
	return ($status, $reply);
}

# Runs one of PostgreSQL's programs; returns what it prints on both channels, and its status in $?.
sub tool
{
	my ($cluster, $name, @arguments) = @_;
	my $pid = open(my $out, '-|');
	die "fork: $!" unless defined $pid;
	if (!$pid)
	{
		open(STDERR, '>&', \*STDOUT);
		exec DynamoCluster::program($name), '-h', $cluster->{socket_dir}, '-p', $cluster->{pg_port}, @arguments or POSIX::_exit(127);
	}
	local $/;
	my $said = <$out> // '';
	close $out;
	return $said;
}

sub tool_ok
{
	my ($what, @call) = @_;
	my $said = tool(@call);
	ok($? == 0 && $said eq '', $what) or diag("status $?: $said");
}

# Everything that must come over, as one text.
sub contents
{
	my ($cluster, $database) = @_;
	return $cluster->sql(q{
		SET search_path = pg_catalog;
		SELECT 'table', to_jsonb(t) FROM dynamo.tables t ORDER BY t.id;
		SELECT 'attribute', to_jsonb(a) FROM dynamo.attributes a ORDER BY a.table_id, a.name;
		SELECT 'index', to_jsonb(i) FROM dynamo.indexes i ORDER BY i.table_id, i.name;
		SELECT 'tag', to_jsonb(g) FROM dynamo.tags g ORDER BY g.table_id, g.key;
		SELECT 'key', to_jsonb(k) - 'role' FROM dynamo.access_keys k WHERE k.expires IS NULL ORDER BY k.access_key_id;
		SELECT 'item', to_jsonb(o) FROM dynamo_tables."Orders" o ORDER BY o."UserId", o."OrderId";
		SELECT 'definition', i.indexdef FROM pg_indexes i WHERE i.schemaname = 'dynamo_tables' ORDER BY 2;
		SELECT 'trigger', g.tgrelid::regclass::text, g.tgname, g.tgenabled FROM pg_trigger g
		 WHERE NOT g.tgisinternal ORDER BY 2, 3;
		SELECT 'describe', dynamo.describe_table(n) FROM dynamo.list_tables() n;
	}, $database);
}

# Says only which lines differ.
sub same
{
	my ($have, $want, $what) = @_;
	my (%have, %want);
	$have{$_}++ for split /\n/, $have;
	$want{$_}++ for split /\n/, $want;
	ok($have eq $want, $what)
	  or diag(join "\n", (map { "only here: $_" } grep { !$want{$_} } sort keys %have), map { "missing: $_" } grep { !$have{$_} } sort keys %want);
}

sub rights
{
	my ($cluster, $database) = @_;
	return $cluster->sql(q{
		SELECT c.relname, pg_catalog.pg_get_userbyid(c.relowner), c.relacl FROM pg_catalog.pg_class c
		 WHERE c.relnamespace IN ('dynamo_tables'::regnamespace, 'dynamo'::regnamespace) AND c.relkind IN ('r', 'S', 'v') ORDER BY 1;
		SELECT nspname, nspacl FROM pg_catalog.pg_namespace WHERE nspname ~ '^dynamo' ORDER BY 1;
	}, $database);
}

# What an application sees: the restored database answers as the old one did, and goes on from there.
sub works
{
	my ($cluster, $what, $new_table) = @_;
	my ($status, $reply);

	($status, $reply) = signed($cluster, 'shop', 'Query', {
		TableName => 'Orders', IndexName => 'StatusIndex', KeyConditionExpression => '#s = :s',
		ExpressionAttributeNames => { '#s' => 'Status' }, ExpressionAttributeValues => { ':s' => { S => 'pending' } } });
	is(join(' ', $status, $reply->{__type} // '', map { $_->{OrderId}{N} } @{ $reply->{Items} || [] }), '200  -2.5 1 10000001' . '0' x 33,
		"$what: a key signs, and an index is in order");
	($status, $reply) = signed($cluster, 'report', 'PutItem', {
		TableName => 'Orders', Item => { UserId => { S => 'u9' }, OrderId => { N => '9' } } });
	is("$status $reply->{__type}", '400 com.amazon.coral.service#AccessDeniedException', "$what: a role that may only read");
	is((signed($cluster, 'report', 'Scan', { TableName => 'Orders' }))[1]{Count}, 6, "$what: may read");
	is((signed($cluster, 'shop', 'DeleteTable', { TableName => 'Orders' }))[1]{__type},
		'com.amazon.coral.validate#ValidationException', "$what: deletion protection holds");
	for my $order (['7', 'pending'], ['7', 'paid'])
	{
		is((signed($cluster, 'shop', 'PutItem', { TableName => 'Orders', ReturnValues => 'NONE', Item => {
			UserId => { S => 'new' }, OrderId => { N => $order->[0] }, Status => { S => $order->[1] } } }))[0], 200, "$what: a write");
	}
	is($cluster->sql(q{SELECT "Status" FROM dynamo_tables."Orders" WHERE "UserId" = 'new'}, 'copy'), 'paid', "$what: fills the columns");
	is((signed($cluster, 'shop', 'DeleteItem', {
		TableName => 'Orders', Key => { UserId => { S => 'new' }, OrderId => { N => '7' } } }))[0], 200, "$what: a delete");
	($status, $reply) = signed($cluster, 'shop', 'CreateTable', {
		TableName => $new_table, BillingMode => 'PAY_PER_REQUEST', KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
		AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }] });
	is($status, 200, "$what: a new table") or diag($reply->{message});
	is((signed($cluster, 'shop', 'DeleteTable', { TableName => $new_table }))[0], 200, "$what: which goes again");
}

# ---- the source ------------------------------------------------------------------------------------------------------

my $roles = q{CREATE ROLE shop; CREATE ROLE report;};
my $long_name = 'Long.' . 'x' x 200;
$source->sql($roles);
$source->create_extension;
$source->sql(q{GRANT CREATE ON SCHEMA dynamo_tables TO shop});
$source->sql("SELECT dynamo.create_access_key('$_', '$key{$_}[0]', '$key{$_}[1]')") for sort keys %key;
$source->sql(q{SELECT dynamo.create_access_key('shop', 'AKIADISABLEDDISABLED', 'disabled/secret');
	SELECT dynamo.enable_access_key('AKIADISABLEDDISABLED', false)});
$source->sql(q{SELECT dynamo.create_session_token('shop')});
is((signed($source, 'shop', 'CreateTable', {
	TableName => 'Orders', DeletionProtectionEnabled => JSON::PP::true, Tags => [{ Key => 'Environment', Value => 'production' }],
	ProvisionedThroughput => { ReadCapacityUnits => 5, WriteCapacityUnits => 6 },
	KeySchema => [{ AttributeName => 'UserId', KeyType => 'HASH' }, { AttributeName => 'OrderId', KeyType => 'RANGE' }],
	AttributeDefinitions => [map { { AttributeName => $_->[0], AttributeType => $_->[1] } }
		(['UserId', 'S'], ['OrderId', 'N'], ['Status', 'S'], ['Digest', 'B'])],
	LocalSecondaryIndexes => [{ IndexName => 'DigestIndex', Projection => { ProjectionType => 'KEYS_ONLY' },
		KeySchema => [{ AttributeName => 'UserId', KeyType => 'HASH' }, { AttributeName => 'Digest', KeyType => 'RANGE' }] }],
	GlobalSecondaryIndexes => [{ IndexName => 'StatusIndex', Projection => { ProjectionType => 'ALL' },
		ProvisionedThroughput => { ReadCapacityUnits => 1, WriteCapacityUnits => 2 },
		KeySchema => [{ AttributeName => 'Status', KeyType => 'HASH' }, { AttributeName => 'OrderId', KeyType => 'RANGE' }] }] }))[0],
	200, 'a table with all there is');
is((signed($source, 'shop', 'CreateTable', {
	TableName => $long_name, BillingMode => 'PAY_PER_REQUEST', KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }] }))[0], 200, 'and one whose name PostgreSQL shortens');
$source->sql('GRANT SELECT ON dynamo_tables."Orders" TO report');
my $n = 0;
for my $item (
	{ OrderId => { N => '1' }, Status => { S => 'pending' }, Digest => { B => 'AAEC' } },
	{ OrderId => { N => '-2.5' }, Status => { S => 'pending' }, Items => { L => [{ M => { '$B' => { S => 'no binary' } } }, { NULL => JSON::PP::true }] } },
	{ OrderId => { N => '1.0000001e40' }, Status => { S => 'pending' }, Tags => { SS => ['b', 'a'] }, Numbers => { NS => ['1', '2'] } },
	{ OrderId => { N => '3' }, Text => { S => "nul \0 and \1 and \x{1F600}" }, "\0" => { BS => ['AA=='] } },
	{ OrderId => { N => '4' }, Status => { S => "tab\tbackslash \\N \\. \n" } })
{
	is((signed($source, 'shop', 'PutItem', { TableName => 'Orders', Item => { %$item, UserId => { S => 'u1' } } }))[0], 200, 'item ' . ++$n);
}
is((signed($source, 'shop', 'PutItem', { TableName => 'Orders', Item => { UserId => { S => 'h' x 2000 }, OrderId => { N => '5' } } }))[0],
	200, 'one with a hash key that is digested');
$source->sql('ANALYZE');

my $contents = contents($source, 'postgres');
my $rights = rights($source, 'postgres');
tool_ok('pg_dump', $source, 'pg_dump', '-U', 'postgres', '-Fc', '-f', $file, 'postgres');

# ---- a fresh cluster, a database of another name ------------------------------------------------------------------------

$target->sql($roles);
$target->sql('CREATE DATABASE copy');
tool_ok('pg_restore into a fresh cluster', $target, 'pg_restore', '-U', 'postgres', '-d', 'copy', $file);
ok($target->wait_for_endpoint, 'is served');
same(contents($target, 'copy'), $contents, 'it holds the same');
same(rights($target, 'copy'), $rights, 'with the same rights');
is($target->sql('SELECT count(*) FROM dynamo.access_keys WHERE expires IS NOT NULL', 'copy'), 0, 'but no temporary keys');
works($target, 'restored', 'First');
is((signed($target, 'shop', 'PutItem', { TableName => $long_name, Item => { id => { S => 'a' } } }))[0], 200, 'the long name is found');

# ---- once more, over the served database --------------------------------------------------------------------------------

signed($target, 'shop', 'PutItem', { TableName => 'Orders', Item => { UserId => { S => 'after the dump' }, OrderId => { N => '1' } } });
tool_ok('pg_restore --clean over it', $target, 'pg_restore', '-U', 'postgres', '--clean', '--if-exists', '-d', 'copy', $file);
ok($target->wait_for_endpoint, 'is served again');
same(contents($target, 'copy'), $contents, 'it holds what the dump holds');
same(rights($target, 'copy'), $rights, 'with the same rights');
works($target, 'cleaned', 'Second');

# ---- as SQL, in one transaction -----------------------------------------------------------------------------------------

$target->sql('DROP DATABASE copy WITH (FORCE)');
$target->sql('CREATE DATABASE copy');
tool_ok('pg_dump as SQL', $source, 'pg_dump', '-U', 'postgres', '-f', "$file.sql", 'postgres');
tool($target, 'psql', '-U', 'postgres', '-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-d', 'copy', '-f', "$file.sql");
is($?, 0, 'psql restores it in one transaction');
ok($target->wait_for_endpoint, 'is served');
same(contents($target, 'copy'), $contents, 'it holds the same');

# ---- other roles --------------------------------------------------------------------------------------------------------

$target->sql('DROP DATABASE copy WITH (FORCE)');
$target->sql('CREATE DATABASE copy');
$target->sql('DROP ROLE shop; CREATE ROLE store');
tool_ok('pg_restore where a role is missing, without owners and rights', $target, 'pg_restore', '-U', 'postgres', '--no-owner',
	'--no-acl', '-d', 'copy', $file);
ok($target->wait_for_endpoint, 'is served');
is((signed($target, 'shop', 'ListTables', {}))[1]{__type}, 'com.amazon.coral.service#UnrecognizedClientException',
	'a key whose role is missing opens nothing');
$target->sql(q{UPDATE dynamo.access_keys SET role_name = 'store' WHERE role_name = 'shop';
	GRANT CREATE ON SCHEMA dynamo_tables TO store;
	ALTER TABLE dynamo_tables."Orders" OWNER TO store;
	GRANT SELECT ON dynamo_tables."Orders" TO report}, 'copy');
works($target, 'with other roles', 'Third');

# ---- one table, into a database that has others ---------------------------------------------------------------------------

$source->sql(q{SELECT dynamo.request('UpdateTable', '{"TableName": "Orders", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}')});
my $items = q{SELECT item FROM dynamo_tables."Orders" ORDER BY "UserId", "OrderId"};
tool_ok('pg_dump -t', $source, 'pg_dump', '-U', 'postgres', '-Fc', '-t', 'dynamo_tables."Orders"', '-f', "$file.table", 'postgres');
$target->sql('CREATE DATABASE part');
$target->sql(q{CREATE EXTENSION dynamo; SELECT dynamo.create_table('Other', 'id', stream_view_type => 'KEYS_ONLY')}, 'part');
tool_ok('pg_restore of the table', $target, 'pg_restore', '-U', 'postgres', '--no-owner', '--no-acl', '-d', 'part', "$file.table");
is($target->sql('SELECT * FROM dynamo.list_tables()', 'part'), 'Other', 'its rows are there, and no table');
is($target->sql(q{SELECT dynamo.adopt_table('dynamo_tables."Orders"', 'UserId', 'OrderId', attribute_types => '{"OrderId": "N", "Digest": "B"}',
	local_indexes => '{"DigestIndex": {"range_key": "Digest", "projection": "KEYS_ONLY"}}',
	global_indexes => '{"StatusIndex": {"hash_key": "Status", "range_key": "OrderId"}}') ->> 'ItemCount'}, 'part'), 6, 'dynamo.adopt_table() makes it one');
is($target->sql($items, 'part'), $source->sql($items), 'with the same items');
is($target->sql(q{SELECT count(*) FROM dynamo.check_table('Orders')}, 'part'), 0, 'in order');
is($target->sql(q{SELECT count(*) FROM dynamo.query('Orders', 'UserId = :u', attribute_values => jsonb_build_object(':u', repeat('h', 2000)))}, 'part'), 1,
	'a long key is found');
is($target->sql(q{SELECT dynamo.put_item('Orders', '{"UserId": "u1", "OrderId": 8}'); SELECT count(*) FROM dynamo.change_log}, 'part'), "\n0",
	'a write goes to no stream of the table that was there before');

done_testing();
