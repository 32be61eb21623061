-- Somebody's own types, tables, functions and operators, in pg_temp and on his search path, never run with another's rights.
BEGIN;
SELECT plan(19);

-- ---- every function of the extension, by what PostgreSQL keeps of it
CREATE TEMP VIEW functions AS
SELECT p.oid::regprocedure::text AS name, l.lanname AS language, p.prosqlbody IS NOT NULL AS parsed, p.prosecdef AS definer,
	coalesce(array_to_string(p.proconfig, '; '), '') AS settings
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid JOIN pg_language l ON l.oid = p.prolang
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dynamo');
SELECT cmp_ok((SELECT count(*) FROM functions), '>', 20::bigint, 'the extension''s functions are found');
SELECT is_empty($$SELECT name FROM functions WHERE definer$$, 'none runs with the rights of its owner');
SELECT is_empty($$SELECT name, settings FROM functions WHERE language <> 'c' AND NOT parsed AND settings <> 'search_path=pg_catalog, pg_temp'$$,
	'a body that is parsed when it runs looks for names in pg_catalog, and in pg_temp last');
SELECT is_empty($$SELECT name, settings FROM functions WHERE settings NOT IN ('', 'search_path=pg_catalog, pg_temp')$$, 'no other search path is set');
SELECT is_empty($$SELECT name, language FROM functions WHERE language NOT IN ('c', 'sql', 'plpgsql')$$, 'and there are no other languages');

SELECT is((SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM functions f JOIN pg_proc p ON p.oid = f.name::regprocedure, LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS g
	WHERE g.grantee = 0 AND p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)), 'item_trigger', 'of the trigger functions, owners of tables need one');

-- ---- a function that its owner has made safe calls ours; whoever calls it has types of his own in pg_temp
CREATE ROLE tap_owner NOLOGIN;
CREATE ROLE tap_thief NOLOGIN;
GRANT CREATE ON SCHEMA dynamo_tables TO tap_owner;
CREATE SCHEMA tap_shared;
GRANT USAGE, CREATE ON SCHEMA tap_shared TO tap_owner, tap_thief;
CREATE TABLE tap_shared.loot (what text, access_key_id text);
CREATE TABLE tap_shared.results (what text, result text);
GRANT SELECT, INSERT ON tap_shared.loot, tap_shared.results TO PUBLIC;
SET ROLE tap_owner;
SELECT lives_ok($$SELECT dynamo.create_table('Safe', 'p')$$, 'a table');
CREATE FUNCTION tap_shared.call(what text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	CASE what
		WHEN 'put_item' THEN PERFORM dynamo.put_item('Safe', '{"p": "a", "e": 1}');
		WHEN 'get_item' THEN PERFORM dynamo.get_item('Safe', '{"p": "a"}');
		WHEN 'update_item' THEN PERFORM dynamo.update_item('Safe', '{"p": "a"}', 'SET n = :n', attribute_values => '{":n": 1}');
		WHEN 'query' THEN PERFORM dynamo.query('Safe', 'p = :p', attribute_values => '{":p": "a"}');
		WHEN 'scan' THEN PERFORM dynamo.scan('Safe');
		WHEN 'partiql' THEN PERFORM dynamo.partiql('SELECT * FROM Safe WHERE p = ?', '["a"]');
		WHEN 'transact_write_items' THEN PERFORM dynamo.transact_write_items('[{"put": {"table": "Safe", "item": {"p": "b"}}}]');
		WHEN 'transact_get_items' THEN PERFORM dynamo.transact_get_items('[{"table": "Safe", "key": {"p": "a"}}]');
		WHEN 'list_tables' THEN PERFORM dynamo.list_tables();
		WHEN 'describe_table' THEN PERFORM dynamo.describe_table('Safe');
		WHEN 'create_table' THEN PERFORM dynamo.create_table('Second', 'p', global_indexes => '{"ByX": {"hash_key": "x"}}');
		WHEN 'check_table' THEN PERFORM dynamo.check_table('Safe');
		WHEN 'stream_records' THEN PERFORM dynamo.stream_records('Second');
		WHEN 'delete_item' THEN PERFORM dynamo.delete_item('Safe', '{"p": "a"}');
		WHEN 'delete_table' THEN PERFORM dynamo.delete_table('Second');
	END CASE;
	RETURN 'ok';
EXCEPTION WHEN SQLSTATE 'YD004' THEN
	RETURN 'ok';
END $$;
RESET ROLE;

-- The thief's function answers for every type it is put on.  It makes itself a key of whoever runs it.
SET ROLE tap_thief;
CREATE FUNCTION tap_shared.steal(what text) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF current_user <> 'tap_thief' THEN
		INSERT INTO tap_shared.loot SELECT what, access_key_id FROM dynamo.create_access_key();
	END IF;
	RETURN true;
END $$;
CREATE DOMAIN pg_temp.jsonb AS pg_catalog.jsonb CHECK (tap_shared.steal('jsonb'));
CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (tap_shared.steal('text'));
CREATE DOMAIN pg_temp._text AS pg_catalog.text[] CHECK (tap_shared.steal('text[]'));
CREATE DOMAIN pg_temp.int8 AS pg_catalog.int8 CHECK (tap_shared.steal('int8'));
CREATE DOMAIN pg_temp.int4 AS pg_catalog.int4 CHECK (tap_shared.steal('int4'));
CREATE DOMAIN pg_temp.name AS pg_catalog.name CHECK (tap_shared.steal('name'));
CREATE DOMAIN pg_temp.regclass AS pg_catalog.regclass CHECK (tap_shared.steal('regclass'));
CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.timestamptz CHECK (tap_shared.steal('timestamptz'));
-- with types like these pgTAP itself does not work: what came is kept until they are gone
SET LOCAL search_path = pg_catalog, pg_temp;
INSERT INTO tap_shared.results SELECT what, tap_shared.call(what)
FROM pg_catalog.unnest('{put_item,get_item,update_item,query,scan,partiql,transact_write_items,transact_get_items,list_tables,describe_table,create_table,check_table,stream_records,delete_item,delete_table}'::pg_catalog.text[]) AS what;
DROP DOMAIN pg_temp.jsonb, pg_temp.text, pg_temp._text, pg_temp.int8, pg_temp.int4, pg_temp.name, pg_temp.regclass, pg_temp.timestamptz;
RESET ROLE;
SET LOCAL search_path = public, pg_temp;
SELECT is((SELECT count(*) FROM tap_shared.results), 15::bigint, 'a function that its owner has made safe calls ours');
SELECT is_empty($$SELECT * FROM tap_shared.results WHERE result <> 'ok'$$, 'and all works');
SELECT is_empty($$SELECT * FROM tap_shared.loot$$, 'no type of the caller''s was used');

-- ---- functions and operators on the caller's path, for all that the extension's owner and a table's owner do
CREATE SCHEMA tap_evil AUTHORIZATION tap_thief;
GRANT USAGE ON SCHEMA tap_evil TO PUBLIC;
ALTER TABLE dynamo_tables."Safe" ADD CONSTRAINT plain CHECK (length(p) > 0);
GRANT SELECT, INSERT, UPDATE, DELETE ON dynamo_tables."Safe" TO tap_thief;
GRANT CREATE ON SCHEMA dynamo_tables TO tap_thief;
SET ROLE tap_thief;
DO $$
DECLARE
	kind text;
	symbol text;
BEGIN
	FOREACH kind IN ARRAY '{text,int8,int4,name,oid,timestamptz,jsonb,bool,numeric,char,bytea}'::text[] LOOP
		FOREACH symbol IN ARRAY '{=,<>,<,>,<=,>=}'::text[] LOOP
			EXECUTE format('CREATE FUNCTION tap_evil.%I(%2$I, %2$I) RETURNS boolean LANGUAGE sql AS $f$ SELECT tap_shared.steal(%3$L) $f$',
				'op' || symbol, kind, symbol || ' ' || kind);
			EXECUTE format('CREATE OPERATOR tap_evil.%s (FUNCTION = tap_evil.%I, LEFTARG = %3$I, RIGHTARG = %3$I)', symbol, 'op' || symbol, kind);
		END LOOP;
	END LOOP;
	FOREACH kind IN ARRAY '{now,clock_timestamp,pg_current_xact_id,current_database}'::text[] LOOP
		EXECUTE format('CREATE FUNCTION tap_evil.%I() RETURNS timestamptz LANGUAGE sql AS $f$ SELECT CASE WHEN tap_shared.steal(%L) THEN pg_catalog.now() END $f$', kind, kind);
	END LOOP;
END $$;
-- pgTAP would not work with such a path either
SET LOCAL search_path = tap_evil, pg_catalog, pg_temp;
DO $do$
DECLARE
	statement text;
BEGIN
	FOREACH statement IN ARRAY ARRAY[
	$$SELECT dynamo.put_item('Safe', '{"p": "a", "x": "y"}', condition => 'attribute_not_exists(p)')$$,
	$$SELECT dynamo.query('Safe', 'p = :p', attribute_values => '{":p": "a"}')$$,
	$$SELECT dynamo.scan('Safe')$$,
	$$SELECT dynamo.describe_table('Safe')$$,
	$$SELECT dynamo.check_table('Safe')$$,
	$$SELECT dynamo.list_tables()$$,
	$$SELECT dynamo.create_table('Evil', 'p', stream_view_type => 'NEW_IMAGE', tags => '{"k": "v"}')$$,
	$$SELECT dynamo.put_item('Evil', '{"p": "a"}')$$,
	$$SELECT dynamo.transact_write_items('[{"put": {"table": "Safe", "item": {"p": "c"}}}]', 'token')$$,
	$$SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Evil", "TimeToLiveSpecification": {"AttributeName": "e", "Enabled": true}}')$$,
	$$SELECT dynamo.request('UpdateTable', '{"TableName": "Evil", "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}],
		"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}')$$,
	$$SELECT dynamo.stream_records('Evil')$$,
	$$SELECT dynamo.request('ListStreams', '{}')$$,
	$$SELECT count(*) FROM dynamo.access_key_list$$,
	$$SELECT count(*) FROM dynamo.index_progress$$,
	$$SELECT dynamo.delete_table('Evil')$$,
	$$SELECT dynamo.create_access_key(access_key_id => 'tap-thief')$$,
	$$SELECT dynamo.drop_access_key('tap-thief')$$] LOOP
		EXECUTE statement;
		INSERT INTO tap_shared.results VALUES (statement, 'ok');
	END LOOP;
END $do$;
RESET ROLE;
SET LOCAL search_path = public, pg_temp;
SELECT is((SELECT count(*) FROM tap_shared.results), 33::bigint, 'with functions and operators of his on his path a user can do all that he may');
SELECT is_empty($$SELECT what FROM tap_shared.loot$$, 'nothing of the path was used by anybody but the thief');

-- ---- a stranger's schema called dynamo, filled before the extension comes
SET LOCAL client_min_messages = warning;
DROP EXTENSION dynamo CASCADE;
DROP SCHEMA dynamo;
CREATE SCHEMA dynamo AUTHORIZATION tap_thief;
SELECT throws_ok('CREATE EXTENSION dynamo', '42501', 'schema "dynamo" belongs to "tap_thief", who is no superuser', 'a schema of somebody else''s is not used');
CREATE FUNCTION dynamo.jsonb_build_object(text, text) RETURNS jsonb LANGUAGE sql AS $$ SELECT CASE WHEN tap_shared.steal('jsonb_build_object') THEN pg_catalog.jsonb_build_object($1, $2) END $$;
ALTER SCHEMA dynamo OWNER TO CURRENT_USER;
SELECT throws_ok('CREATE EXTENSION dynamo', '55000', 'schema "dynamo" is not empty: it has function jsonb_build_object(text,text)', 'nor one that has something in it');
DROP FUNCTION dynamo.jsonb_build_object(text, text);
SELECT lives_ok('CREATE EXTENSION dynamo', 'an empty one of a superuser''s is: pg_restore makes it first');
DROP EXTENSION dynamo CASCADE;
DROP SCHEMA dynamo;

-- ---- everybody's objects in public, and the superuser's own path and temporary types
GRANT CREATE ON SCHEMA public TO tap_thief;
SET ROLE tap_thief;
CREATE FUNCTION public.jsonb_build_object(text, text) RETURNS jsonb LANGUAGE sql AS $$ SELECT CASE WHEN tap_shared.steal('jsonb_build_object') THEN pg_catalog.jsonb_build_object($1, $2) END $$;
CREATE FUNCTION public.coalesce(text, text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN tap_shared.steal('coalesce') THEN $1 END $$;
CREATE FUNCTION public.same(jsonb, text) RETURNS jsonb LANGUAGE sql AS $$ SELECT CASE WHEN tap_shared.steal('->') THEN $1 OPERATOR(pg_catalog.->) $2 END $$;
CREATE OPERATOR public.-> (FUNCTION = public.same, LEFTARG = jsonb, RIGHTARG = text);
RESET ROLE;
CREATE DOMAIN pg_temp.jsonb AS pg_catalog.jsonb CHECK (tap_shared.steal('jsonb'));
CREATE DOMAIN pg_temp.regrole AS pg_catalog.regrole CHECK (tap_shared.steal('regrole'));
CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.timestamptz CHECK (tap_shared.steal('timestamptz'));
SET LOCAL search_path = pg_temp, tap_evil, public, pg_catalog;
CREATE EXTENSION dynamo;
SET LOCAL search_path = pg_catalog, public;
DROP DOMAIN pg_temp.jsonb, pg_temp.regrole, pg_temp.timestamptz;
SET LOCAL search_path = public, pg_temp;
SELECT is_empty($$SELECT pg_describe_object(d.classid, d.objid, d.objsubid), pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
	FROM pg_depend d JOIN pg_depend m ON m.classid = d.classid AND m.objid = d.objid AND m.deptype = 'e'
		AND m.refclassid = 'pg_extension'::regclass AND m.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dynamo'),
	LATERAL pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) AS o
	WHERE o.schema NOT IN ('pg_catalog', 'dynamo', 'dynamo_tables')$$, 'nothing of the extension depends on anything outside its schemas');
SELECT lives_ok($$SELECT dynamo.create_table('Again', 'p')$$, 'and it works');
SELECT is(dynamo.put_item('Again', '{"p": "a"}', return_values => 'ALL_OLD'), NULL, 'as ever');
SELECT is_empty($$SELECT * FROM tap_shared.loot$$, 'without a step into a trap');

SELECT * FROM finish();
ROLLBACK;
