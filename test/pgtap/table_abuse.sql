-- What the owner of an item table can do to it in SQL must not give the owner more than the owner's own rights.
BEGIN;
SELECT plan(12);

CREATE ROLE tap_mallory NOLOGIN;
GRANT tap_mallory TO CURRENT_USER;
GRANT CREATE ON SCHEMA dynamo_tables TO tap_mallory;
CREATE SCHEMA tap_mallory AUTHORIZATION tap_mallory;
CREATE TABLE public.tap_secret (s text);
INSERT INTO public.tap_secret VALUES ('secret');
REVOKE ALL ON public.tap_secret FROM PUBLIC;

SET ROLE tap_mallory;
CREATE TABLE tap_mallory.loot (x text);
GRANT ALL ON tap_mallory.loot TO PUBLIC;
GRANT USAGE ON SCHEMA tap_mallory TO PUBLIC;
SELECT lives_ok($$SELECT dynamo.create_table('Trap', 'pk')$$, 'the owner makes a table');
SELECT lives_ok($$SELECT dynamo.put_item('Trap', '{"pk": "a"}')$$, 'and an item');

-- ---- privileges are struck from our statements' plans for the item table alone
CREATE RULE leak AS ON DELETE TO dynamo_tables."Trap" DO ALSO INSERT INTO tap_mallory.loot SELECT s FROM public.tap_secret;
SELECT throws_ok($$SELECT dynamo.delete_item('Trap', '{"pk": "a"}')$$, '42501', 'permission denied for table tap_secret', 'a rule reads with its owner''s rights');
DROP RULE leak ON dynamo_tables."Trap";
ALTER TABLE dynamo_tables."Trap" ENABLE ROW LEVEL SECURITY;
ALTER TABLE dynamo_tables."Trap" FORCE ROW LEVEL SECURITY;
CREATE POLICY leak ON dynamo_tables."Trap" USING (EXISTS (SELECT FROM public.tap_secret));
SELECT throws_ok($$SELECT dynamo.delete_item('Trap', '{"pk": "a"}', condition => 'attribute_exists(pk)')$$, '42501', 'permission denied for table tap_secret', 'a policy reads with the caller''s rights');
DROP POLICY leak ON dynamo_tables."Trap";
ALTER TABLE dynamo_tables."Trap" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE dynamo_tables."Trap" DISABLE ROW LEVEL SECURITY;

-- ---- DescribeTable counts with the rights of the table's owner
CREATE FUNCTION tap_mallory.confess(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RAISE EXCEPTION 'runs as %', current_user;
EXCEPTION WHEN raise_exception THEN
	RAISE WARNING '%', SQLERRM;
	PERFORM set_config('tap.confession', coalesce(current_setting('tap.confession', true), '') || SQLERRM || ';', false);
	RETURN 1;
END $$;
CREATE INDEX ON dynamo_tables."Trap" ((tap_mallory.confess(1)));
RESET ROLE;
SET client_min_messages = error;
SELECT set_config('tap.confession', '', false);
SELECT isnt(dynamo.describe_table('Trap'), NULL, 'a table with an index on a function is described');
SELECT unalike(current_setting('tap.confession'), '%runs as ' || current_user || ';%', 'the function did not run as the extension''s owner');
RESET client_min_messages;

-- ---- a view in the table's place is no table
ALTER EVENT TRIGGER dynamo_alter DISABLE;
SET ROLE tap_mallory;
ALTER TABLE dynamo_tables."Trap" RENAME TO "Moved";
CREATE VIEW dynamo_tables."Trap" AS
	SELECT s COLLATE "C" AS pk, jsonb_build_object('pk', s) AS item, tap_mallory.confess(1) AS size FROM public.tap_secret;
SELECT throws_ok($$SELECT dynamo.put_item('Trap', '{"pk": "secret"}', condition => 'attribute_not_exists(pk)')$$, 'YD004', NULL, 'no write reads it');
SELECT throws_ok($$SELECT dynamo.get_item('Trap', '{"pk": "secret"}')$$, 'YD004', NULL, 'nor a read');
SELECT throws_ok($$SELECT dynamo.describe_table('Trap')$$, 'YD004', NULL, 'nor a description');
SAVEPOINT forgotten;
SELECT lives_ok($$SELECT dynamo.delete_table('Trap')$$, 'DeleteTable forgets the table');
SELECT has_view('dynamo_tables', 'Trap', 'and drops no view');
ROLLBACK TO forgotten;
DROP VIEW dynamo_tables."Trap";
ALTER TABLE dynamo_tables."Moved" RENAME TO "Trap";
SELECT is(dynamo.get_item('Trap', '{"pk": "a"}'), '{"pk": "a"}'::jsonb, 'the table is found again when it has its name back');

SELECT * FROM finish();
ROLLBACK;
