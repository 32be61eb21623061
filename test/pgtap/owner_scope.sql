-- An error in the middle of work that runs as an owner leaves nothing of it behind: user, search path, settings, SPI.
BEGIN;
SELECT plan(13);

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

SELECT * FROM finish();
ROLLBACK;
