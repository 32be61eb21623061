-- An error in the middle of work that runs as an owner leaves nothing of it behind: user, search path, settings, SPI.
BEGIN;
SELECT plan(25);

CREATE ROLE tap_user NOLOGIN;
GRANT tap_user TO CURRENT_USER;
GRANT CREATE ON SCHEMA dynamo_tables TO tap_user;
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'refused as %', current_user;
END $$;
CREATE FUNCTION pg_temp.tag(value text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('TagResource', jsonb_build_object('ResourceArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Scoped',
		'Tags', jsonb_build_array(jsonb_build_object('Key', 'k', 'Value', value))))
$$;
-- what a scope changes
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS $$
	SELECT format('%s %s %s %s', current_user, current_setting('search_path'), current_setting('enable_seqscan'), current_setting('jit'))
$$;

SET LOCAL search_path = public, pg_temp;
SET ROLE tap_user;
SELECT lives_ok($$SELECT dynamo.create_table('Scoped', 'p')$$, 'a user''s table');
CREATE TEMP TABLE before AS SELECT pg_temp.state();

-- ---- as the extension's owner
RESET ROLE;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON dynamo.tags FOR EACH ROW EXECUTE FUNCTION public.refuse();
SET ROLE tap_user;
SELECT throws_ok($$SELECT pg_temp.tag('v')$$, 'P0001', (SELECT 'refused as ' || pg_get_userbyid(extowner) FROM pg_extension WHERE extname = 'dynamo'),
	'an error comes while the catalogue is written');
SELECT is(pg_temp.state(), (SELECT state FROM before), 'the user and the settings are the caller''s again');
SELECT throws_ok($$SELECT count(*) FROM dynamo.access_keys$$, '42501', NULL, 'and so are the rights');
SELECT lives_ok($$SET ROLE tap_user$$, 'SET ROLE is allowed, as it is outside a security context');
DO $$
BEGIN
	FOR i IN 1..200 LOOP
		BEGIN
			PERFORM pg_temp.tag('v');
		EXCEPTION WHEN raise_exception THEN
			NULL;
		END;
	END LOOP;
END $$;
SELECT is(pg_temp.state(), (SELECT state FROM before), 'after 200 errors as after one');
RESET ROLE;
DROP TRIGGER refuse ON dynamo.tags;
SET ROLE tap_user;
SELECT lives_ok($$SELECT pg_temp.tag('v')$$, 'the same call goes on when nothing refuses it');
SELECT is(pg_temp.state(), (SELECT state FROM before), 'and leaves nothing behind either');

-- ---- as the table's owner, by somebody else
SELECT isnt(dynamo.request('UpdateTimeToLive', '{"TableName": "Scoped", "TimeToLiveSpecification": {"AttributeName": "e", "Enabled": true}}'), NULL, 'TimeToLive');
RESET ROLE;
DO $$ BEGIN FOR i IN 1..50 LOOP EXIT WHEN NOT dynamo.run_worker('jobs'); END LOOP; END $$;
SELECT dynamo.put_item('Scoped', '{"p": "old", "e": 0}'::jsonb || jsonb_build_object('e', extract(epoch FROM now())::bigint - 100));
CREATE TRIGGER refuse BEFORE DELETE ON dynamo_tables."Scoped" FOR EACH ROW EXECUTE FUNCTION public.refuse();
TRUNCATE before;
INSERT INTO before SELECT pg_temp.state();
SELECT throws_ok($$SELECT dynamo.expire_items('Scoped')$$, 'P0001', 'refused as tap_user', 'the owner''s trigger runs as the owner');
SELECT is(pg_temp.state(), (SELECT state FROM before), 'after its error nothing is left');
DROP TRIGGER refuse ON dynamo_tables."Scoped";
SELECT is(dynamo.expire_items('Scoped'), 1::bigint, 'without it the item goes');
SELECT is(pg_temp.state(), (SELECT state FROM before), 'and nothing is left either');

-- ---- nobody lends the owner's triggers a search path who may not act as the owner anyway
CREATE ROLE tap_other NOLOGIN;
GRANT tap_other TO CURRENT_USER;
GRANT SELECT, DELETE ON dynamo_tables."Scoped" TO tap_other;
CREATE SCHEMA trap AUTHORIZATION tap_other;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
CREATE FUNCTION public.measure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM length(OLD.item ->> 'p'); RETURN OLD; END $$;
CREATE TRIGGER measure BEFORE DELETE ON dynamo_tables."Scoped" FOR EACH ROW EXECUTE FUNCTION public.measure();
SELECT dynamo.put_item('Scoped', '{"p": "old", "e": 0}'::jsonb || jsonb_build_object('e', extract(epoch FROM now())::bigint - 100));
SET ROLE tap_other;
CREATE FUNCTION trap.length(text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped %', current_user; END $$;
SET LOCAL search_path = trap, pg_catalog, public, pg_temp;
SELECT throws_ok($$DELETE FROM dynamo_tables."Scoped"$$, 'P0001', 'trapped tap_other', 'a trigger calls what its caller''s search path names, with the caller''s rights');
SELECT throws_ok($$SELECT dynamo.expire_items('Scoped')$$, '42501', 'must be owner of table Scoped', 'so who may only delete cannot have items expire, which would give him the owner''s');
RESET ROLE;
CREATE OR REPLACE FUNCTION public.measure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'path %', current_setting('search_path'); END $$;
SELECT throws_ok($$SELECT dynamo.expire_items('Scoped')$$, 'P0001', 'path pg_catalog, pg_temp', 'the owner''s triggers find pg_catalog alone, whoever calls');
SELECT is(current_setting('search_path'), 'trap, pg_catalog, public, pg_temp', 'and the caller has his path again');
CREATE OR REPLACE FUNCTION public.measure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM length(OLD.item ->> 'p'); RETURN OLD; END $$;
SET LOCAL search_path = public, pg_temp;

-- ---- in a restricted operation no trigger can be deferred
CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.notes VALUES (TG_OP || ' as ' || current_user);
	RETURN NULL;
END $$;
CREATE TABLE public.notes (note text);
GRANT INSERT ON public.notes TO tap_user;
CREATE CONSTRAINT TRIGGER note AFTER UPDATE OR DELETE ON dynamo_tables."Scoped" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note();
SELECT dynamo.put_item('Scoped', '{"p": "x", "x": "y"}');
SELECT is(dynamo.expire_items('Scoped'), 1::bigint, 'a deferred trigger keeps no item from expiring');
SELECT is((SELECT string_agg(note, ', ') FROM public.notes), 'DELETE as tap_user', 'it fires at once, as the owner');
SET CONSTRAINTS ALL DEFERRED;
TRUNCATE public.notes;
SELECT isnt(dynamo.request('UpdateTable', '{"TableName": "Scoped", "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}],
	"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}'), NULL, 'an index');
DO $$ BEGIN FOR i IN 1..50 LOOP EXIT WHEN NOT dynamo.run_worker('jobs'); END LOOP; END $$;
SELECT is((SELECT state || COALESCE(error, '') FROM dynamo.jobs WHERE table_name = 'Scoped' AND kind = 'index_build'), 'DONE', 'nor is an index kept from being built');
SELECT is((SELECT string_agg(note, ', ') FROM public.notes), 'UPDATE as tap_user', 'it fires for the row that is filled');

-- ---- and a caller's search path brings no operator of somebody else's into what runs as the owner
CREATE FUNCTION trap.refuse(tid, tid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped %', current_user; END $$;
CREATE FUNCTION trap.refuse(bigint, bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped %', current_user; END $$;
CREATE OPERATOR trap.= (FUNCTION = trap.refuse, LEFTARG = tid, RIGHTARG = tid);
CREATE OPERATOR trap.- (FUNCTION = trap.refuse, LEFTARG = bigint, RIGHTARG = bigint);
DROP TRIGGER note ON dynamo_tables."Scoped";
DROP TRIGGER measure ON dynamo_tables."Scoped";
SELECT dynamo.put_item('Scoped', '{"p": "old", "e": 0}'::jsonb || jsonb_build_object('e', extract(epoch FROM now())::bigint - 100)) \g /dev/null
SELECT isnt(dynamo.request('UpdateTable', '{"TableName": "Scoped", "AttributeDefinitions": [{"AttributeName": "z", "AttributeType": "S"}],
	"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByZ", "KeySchema": [{"AttributeName": "z", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}'), NULL, 'one more index');
SET LOCAL search_path = trap, pg_catalog, public, pg_temp;
SELECT is(dynamo.expire_items('Scoped'), 1::bigint, 'nor does it reach the deletion of expired items');
DO $$ BEGIN FOR i IN 1..50 LOOP EXIT WHEN NOT dynamo.run_worker('jobs'); END LOOP; END $$;
SELECT is((SELECT string_agg(state || COALESCE(error, ''), ', ') FROM dynamo.jobs WHERE table_name = 'Scoped' AND kind = 'index_build'), 'DONE, DONE', 'or the filling of an index');

SELECT * FROM finish();
ROLLBACK;
