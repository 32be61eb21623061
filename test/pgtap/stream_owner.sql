-- Who may read a stream when its table is gone: the role that owned the table last, as long as there is that very role.
-- A change is readable once it is committed, so these tests are no transaction; the database is theirs, the roles go at the end.
SELECT no_plan();

SET client_min_messages = warning;
CREATE ROLE stream_old NOLOGIN;
CREATE ROLE stream_new NOLOGIN;
CREATE ROLE stream_member NOLOGIN IN ROLE stream_new;
GRANT CREATE ON SCHEMA dynamo_tables TO stream_old, stream_new;

-- A table of stream_old's with a record, which stream_new owns since.
CREATE FUNCTION pg_temp.make(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL ROLE stream_old;
	PERFORM dynamo.create_table(name, 'p', stream_view_type => 'NEW_IMAGE');
	PERFORM dynamo.put_item(name, '{"p": "a", "card": "4711"}');
	RESET ROLE;
	EXECUTE format('ALTER TABLE dynamo_tables.%I OWNER TO stream_new', name);
END $$;
-- What a role reads, by the name of the table, and by the stream's ARN.
CREATE FUNCTION pg_temp.read(who text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
	label text := (SELECT s.label FROM dynamo.streams s WHERE s.table_name = name ORDER BY id LIMIT 1);
BEGIN
	PERFORM set_config('role', who, true);
	BEGIN
		answer := (SELECT string_agg(new_image ->> 'card', ' ') FROM dynamo.stream_records(name));
	EXCEPTION WHEN SQLSTATE 'YD105' THEN
		answer := 'denied';
	END;
	BEGIN
		answer := concat_ws(' ', answer, dynamo.request('DescribeStream', jsonb_build_object('StreamArn',
			format('arn:aws:dynamodb:us-east-1:000000000000:table/%s/stream/%s', name, label))) #>> '{StreamDescription,TableName}');
	EXCEPTION WHEN SQLSTATE 'YD105' THEN
		answer := answer || ' denied';
	END;
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.tick() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM dynamo.run_worker('stream_tick'); END $$;

SELECT pg_temp.make(name) FROM unnest('{ByTable,ByOwned,ByTwo,ByDelete,Moved,Same,Reassigned}'::text[]) AS name \g /dev/null
SELECT pg_temp.tick() \g /dev/null
SELECT is(pg_temp.read('stream_new', 'ByTable'), '4711 ByTable', 'a table''s owner reads its stream');
SELECT is(pg_temp.read('stream_old', 'ByTable'), 'denied denied', 'who owned it before does not');

-- ---- ways to drop a table
SET ROLE stream_new;
DROP TABLE dynamo_tables."ByTable";
SELECT dynamo.delete_table('ByDelete') \g /dev/null
DROP TABLE dynamo_tables."ByTwo", dynamo_tables."Same";
RESET ROLE;
BEGIN;
ALTER TABLE dynamo_tables."Moved" OWNER TO stream_old;
SAVEPOINT one;
ALTER TABLE dynamo_tables."Moved" OWNER TO CURRENT_USER;
ROLLBACK TO one;
ALTER TABLE dynamo_tables."Moved" OWNER TO stream_new;
SAVEPOINT two;
DROP TABLE dynamo_tables."Moved" CASCADE;
COMMIT;
REASSIGN OWNED BY stream_new TO stream_old;
REASSIGN OWNED BY stream_old TO stream_new;
DROP OWNED BY stream_new;
GRANT CREATE ON SCHEMA dynamo_tables TO stream_new;
SELECT is((SELECT count(*) FROM dynamo.tables), 0::bigint, 'no table is left');
SELECT pg_temp.tick() \g /dev/null
SELECT is(pg_temp.read(who, name), answer, format('%s: %s', name, who))
FROM unnest('{ByTable,ByOwned,ByTwo,ByDelete,Moved,Reassigned}'::text[]) AS name,
	(VALUES ('stream_new', '4711 '), ('stream_member', '4711 '), ('none', '4711 '), ('stream_old', 'denied denied')) AS v(who, start),
	LATERAL (SELECT CASE WHEN start = '4711 ' THEN start || name ELSE start END) AS a(answer);

-- ---- another table of the name, of somebody else's: the stream of the first is not his
SET ROLE stream_old;
SELECT dynamo.create_table('Same', 'p') \g /dev/null
RESET ROLE;
SELECT throws_ok($$SELECT pg_temp.read('stream_old', 'Same')$$, 'YD004', NULL, 'a table of the name has no stream');
CREATE FUNCTION pg_temp.describe(who text, name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
	label text := (SELECT s.label FROM dynamo.streams s WHERE s.table_name = name ORDER BY id LIMIT 1);
BEGIN
	PERFORM set_config('role', who, true);
	BEGIN
		answer := dynamo.request('DescribeStream', jsonb_build_object('StreamArn',
			format('arn:aws:dynamodb:us-east-1:000000000000:table/%s/stream/%s', name, label))) #>> '{StreamDescription,TableName}';
	EXCEPTION WHEN SQLSTATE 'YD105' THEN
		GET STACKED DIAGNOSTICS answer = PG_EXCEPTION_HINT;
	END;
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END $$;
SELECT is(pg_temp.describe('stream_old', 'Same'), 'Role "stream_old" needs the privileges of role "stream_new", which owned the table.', 'its owner may not read the old one');
SELECT is(pg_temp.describe('stream_new', 'Same'), 'Same', 'who owned the old one may');

-- ---- the role: renamed, dropped, and another one of its name
ALTER ROLE stream_new RENAME TO stream_renamed;
SELECT is(pg_temp.read('stream_renamed', 'ByTable'), '4711 ByTable', 'a role keeps its streams when it is renamed');
CREATE ROLE stream_new NOLOGIN;
SELECT is(pg_temp.read('stream_new', 'ByTable'), 'denied denied', 'one that takes its name does not get them');
DROP OWNED BY stream_renamed;
DROP ROLE stream_renamed;
CREATE ROLE stream_renamed NOLOGIN;
SELECT is(pg_temp.read(who, 'ByTable'), 'denied denied', who || ' does not read the stream of a role that is gone') FROM unnest('{stream_new,stream_renamed,stream_member}'::text[]) AS who;
SELECT is(pg_temp.describe('stream_new', 'ByTable'), 'The role that owned the table is gone; superusers can read what is left of it.', 'as the hint says');
SELECT is(pg_temp.read('none', 'ByTable'), '4711 ByTable', 'superusers do');

-- ---- where event triggers did not see it go, nobody knows whose it was
GRANT CREATE ON SCHEMA dynamo_tables TO stream_new;
SELECT pg_temp.make('Unseen') \g /dev/null
SELECT pg_temp.tick() \g /dev/null
ALTER EVENT TRIGGER dynamo_drop DISABLE;
DROP TABLE dynamo_tables."Unseen";
ALTER EVENT TRIGGER dynamo_drop ENABLE;
SELECT is(pg_temp.read(who, 'Unseen'), 'denied denied', who || ' does not read it') FROM unnest('{stream_old,stream_new}'::text[]) AS who;
SELECT is(pg_temp.read('none', 'Unseen'), '4711 Unseen', 'superusers do');

DROP OWNED BY stream_old, stream_new;
DROP ROLE stream_old, stream_new, stream_member, stream_renamed;
SELECT * FROM finish();
