# Requests run as a role.  What that role's own triggers do must neither leave the role nor outlast the request.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('role', { 'dynamo.anonymous_role' => "'app'", 'dynamo.http_workers' => 1 })->start;
$cluster->sql('CREATE ROLE app LOGIN');
$cluster->create_extension;

sub item { return { TableName => 'Things', Item => { id => { S => $_[0] } } }; }
my @create = ('CreateTable', {
	TableName => 'Things',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' });

my ($status, $reply) = $cluster->call(@create);
is($status, 400, 'a role without rights');
like($reply->{__type}, qr/AccessDeniedException/, 'is refused');
$cluster->sql('GRANT USAGE, CREATE ON SCHEMA dynamo_tables TO app');
is(($cluster->call(@create))[0], 200, 'with rights it makes a table');
is($cluster->sql(q{SELECT tableowner FROM pg_tables WHERE tablename = 'Things'}), 'app', 'which it owns');

$cluster->sql(q{
	CREATE SCHEMA app AUTHORIZATION app;
	CREATE TABLE app.seen (what text, who text, session_role text);
	ALTER TABLE app.seen OWNER TO app;
	CREATE FUNCTION app.act() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		IF NEW.id = 'role' THEN SET ROLE postgres;
		ELSIF NEW.id = 'role config' THEN PERFORM pg_catalog.set_config('role', 'postgres', false);
		ELSIF NEW.id = 'session' THEN SET SESSION AUTHORIZATION postgres;
		ELSIF NEW.id = 'reset' THEN RESET ROLE;
		ELSIF NEW.id LIKE 'temporary%' THEN CREATE TEMPORARY TABLE seen (what text, who text, session_role text);
		ELSIF NEW.id LIKE 'prepare%' THEN EXECUTE 'PREPARE kept AS SELECT 1';
		ELSIF NEW.id LIKE 'hold%' THEN EXECUTE 'DECLARE kept CURSOR WITH HOLD FOR SELECT 1';
		ELSIF NEW.id = 'lock' THEN PERFORM pg_catalog.pg_advisory_lock(42);
		ELSIF NEW.id = 'sleep' THEN PERFORM pg_catalog.pg_sleep(60);
		ELSIF NEW.id = 'veto' THEN RAISE EXCEPTION 'not this one';
		ELSIF NEW.id = 'set' THEN
			SET search_path = app; SET statement_timeout = '1ms'; SET synchronous_commit = off; SET lock_timeout = 0;
		END IF;
		INSERT INTO app.seen VALUES (TG_NAME || ' ' || NEW.id, current_user, current_setting('search_path'));
		RETURN NULL;
	END $$;
	CREATE TRIGGER now AFTER INSERT ON dynamo_tables."Things" FOR EACH ROW EXECUTE FUNCTION app.act();
	CREATE CONSTRAINT TRIGGER later AFTER INSERT ON dynamo_tables."Things" DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION app.act();});

is(($cluster->call('PutItem', item('plain')))[0], 200, 'a write');
is($cluster->sql("SELECT string_agg(what || ' ' || who, ', ' ORDER BY what) FROM app.seen"),
	'later plain app, now plain app', 'its triggers run as the role, deferred ones too');
for my $way ('role', 'role config', 'session', 'reset')
{
	cmp_ok(($cluster->call('PutItem', item($way)))[0], '>=', 400, "no way out: $way");
}
is($cluster->sql("SELECT string_agg(DISTINCT who, ',') FROM app.seen"), 'app', 'nobody else was seen');
$cluster->sql('DROP TRIGGER later ON dynamo_tables."Things"');
is(($cluster->call('PutItem', item('set')))[0], 200, 'a trigger that sets');
is(($cluster->call('PutItem', item("after $_")))[0], 200, 'the next request') for 1 .. 3;
is($cluster->sql("SELECT DISTINCT session_role FROM app.seen WHERE what LIKE 'now after%'"), 'pg_catalog, pg_temp', 'sees nothing of it');
for my $way ('temporary', 'prepare', 'hold')
{
	is(($cluster->call('PutItem', item("$way $_")))[0], 200, "$way, time $_: nothing is left of the time before") for 1 .. 2;
}
is($cluster->sql("SELECT count(*) FROM pg_class WHERE relpersistence = 't'"), 0, 'no temporary table stays');
is(($cluster->call('PutItem', item('lock')))[0], 200, 'a trigger that takes an advisory lock of the session');
is($cluster->sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 42"), 0, 'does not keep it');
($status, $reply) = $cluster->call('PutItem', item('veto'));
is($status, 400, 'a trigger that refuses an item');
is($reply->{message}, 'not this one', 'says why');
$cluster->sql(q{ALTER TABLE dynamo_tables."Things" ADD CONSTRAINT short CHECK (length(id) < 20)});
($status, $reply) = $cluster->call('PutItem', item('x' x 20));
is($status, 400, 'a constraint of the table');
like($reply->{message}, qr/violates check constraint "short"/, 'says which');
$cluster->sql('CREATE TABLE heir () INHERITS (dynamo_tables."Things")');
($status, $reply) = $cluster->call('DeleteTable', { TableName => 'Things' });
is($status, 400, 'a table inherits from it');
like($reply->{__type}, qr/ResourceInUseException/, 'so it is in use');
like($reply->{message}, qr/other objects depend on it/, 'by what PostgreSQL says');
$cluster->sql('DROP TABLE heir');
$cluster->sql('SET session_replication_role = replica; ALTER TABLE dynamo_tables."Things" RENAME TO "Away"');
like(($cluster->call(@create))[1]{__type}, qr/ResourceInUseException/, 'a renamed table keeps the name of its index');
$cluster->sql('SET session_replication_role = replica; ALTER TABLE dynamo_tables."Away" RENAME TO "Things"');
$cluster->set('dynamo.request_timeout' => "'2s'");
$cluster->reach_workers;
my $start = time;
is(($cluster->call('PutItem', item('sleep')))[0], 503, 'a trigger that does not return is cancelled');
cmp_ok(time - $start, '<', 50, 'in time');
is(($cluster->call('PutItem', item('after sleep')))[0], 200, 'the next request is served');
is($cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'dynamo http worker'"), 1, 'the worker is alive');

done_testing;
