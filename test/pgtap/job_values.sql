-- What the queue of long work shows of other people's items: nothing.
BEGIN;
SELECT plan(27);

CREATE ROLE tap_owner NOLOGIN;
CREATE ROLE tap_member NOLOGIN IN ROLE tap_owner;
CREATE ROLE tap_reader NOLOGIN;
CREATE ROLE tap_stranger NOLOGIN;
CREATE ROLE tap_auditor NOLOGIN IN ROLE pg_read_all_data;
GRANT CREATE ON SCHEMA dynamo_tables TO tap_owner, tap_stranger;
CREATE FUNCTION pg_temp.create_index(name text, index_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.request('UpdateTable', format('{"TableName": "%s", "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create":
		{"IndexName": "%s", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}', name, index_name)::jsonb);
END $$;
SET ROLE tap_owner;
SELECT isnt(dynamo.create_table('Cards', 'p'), NULL, 'a table');
DO $$ BEGIN PERFORM dynamo.put_item('Cards', jsonb_build_object('p', 'card-' || i)) FROM generate_series(1, 1500) i; END $$;
SELECT lives_ok($$SELECT pg_temp.create_index('Cards', 'ByX')$$, 'an index');
GRANT SELECT ON dynamo_tables."Cards" TO tap_reader;
RESET ROLE;
SELECT ok(dynamo.run_worker('jobs'), 'a step of its build');
-- as a failed step leaves it
DO $$ BEGIN EXECUTE format('UPDATE %s SET error = %L WHERE object = ''ByX''', coalesce(to_regclass('dynamo.job_queue'), to_regclass('dynamo.jobs')), 'invalid input syntax for type integer: "card-7"'); END $$;

CREATE FUNCTION pg_temp.seen(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	PERFORM set_config('role', who, true);
	SELECT concat_ws('; ', j.place[1] ~ '^card-', j.error, p.error) INTO answer
	FROM dynamo.jobs j LEFT JOIN dynamo.index_progress p ON p.job_id = j.id WHERE j.object = 'ByX';
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END $$;
SELECT is(pg_temp.seen(who), 't; invalid input syntax for type integer: "card-7"; invalid input syntax for type integer: "card-7"', who || ' sees keys and errors')
FROM unnest('{tap_owner,tap_member,tap_auditor,none}'::text[]) AS who;
SELECT is(pg_temp.seen(who), 'the owner of the table may see it; the owner of the table may see it', who || ' does not')
FROM unnest('{tap_reader,tap_stranger}'::text[]) AS who;
SET ROLE tap_stranger;
SELECT is((SELECT kind || ' ' || table_name || ' ' || state || ' ' || phase || ' ' || rows_done FROM dynamo.jobs WHERE object = 'ByX'), 'index_build Cards RUNNING fill 1000', 'that there is work, and how far it is, everybody sees');
SELECT is((SELECT index_name || ' ' || rows_done FROM dynamo.index_progress), 'ByX 1000', 'here, too');
SELECT throws_ok('SELECT * FROM dynamo.job_queue', '42501', 'permission denied for table job_queue', 'the table behind is not for them');
SELECT throws_ok($$UPDATE dynamo.jobs SET state = 'DONE'$$, '42501', NULL, 'nor is changing it');
-- a function that tells of each value it is called with comes too late
CREATE FUNCTION pg_temp.tell(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', value; RETURN value ~ 'card-'; END $$;
SELECT is_empty($$SELECT 1 FROM dynamo.jobs WHERE pg_temp.tell(error) OR pg_temp.tell(array_to_string(place, ' '))$$, 'not by a function in WHERE');
SELECT is_empty($$SELECT 1 FROM pg_stats WHERE schemaname = 'dynamo' AND tablename IN ('jobs', 'job_queue')$$, 'not in statistics');
SELECT is((SELECT j::text ~ 'card-' FROM dynamo.jobs j WHERE object = 'ByX'), false, 'not as a whole row');
RESET ROLE;
SELECT is((SELECT error FROM dynamo.jobs WHERE error ~ 'card-7'), 'invalid input syntax for type integer: "card-7"', 'superusers look for errors as before');

-- ---- the table's owner is who owns it now
ALTER TABLE dynamo_tables."Cards" OWNER TO tap_stranger;
SELECT is(pg_temp.seen('tap_stranger') ~ 'card-7', true, 'a new owner sees them');
SELECT is(pg_temp.seen('tap_owner') ~ 'card-7', false, 'and the old one does no more');
ALTER TABLE dynamo_tables."Cards" OWNER TO tap_owner;
GRANT tap_owner TO tap_reader;
SELECT is(pg_temp.seen('tap_reader') ~ 'card-7', true, 'nor a member');
REVOKE tap_owner FROM tap_reader;
SELECT is(pg_temp.seen('tap_reader') ~ 'card-7', false, 'after he has left');
-- Drops the table as SQL users do.  The job stays for a week.
DROP TABLE dynamo_tables."Cards";
SELECT is(pg_temp.seen('tap_owner') ~ 'card-7', false, 'when the table is gone nobody owns it');
SET ROLE tap_stranger;
SELECT isnt(dynamo.create_table('Cards', 'p'), NULL, 'another table of its name');
RESET ROLE;
SELECT is(pg_temp.seen('tap_stranger') ~ 'card-7', false, 'is another table');
SELECT is(pg_temp.seen('tap_auditor') ~ 'card-7', true, 'pg_read_all_data still reads');

-- ---- what else everybody may read holds no items
SELECT is((SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = 'dynamo'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
		AND has_table_privilege('tap_stranger', c.oid, 'SELECT')),
	'access_key_list attributes index_progress indexes jobs stream_shards streams tables tags', 'the list of what PUBLIC may select');
SELECT is((SELECT string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'jsonb'::regtype
	WHERE c.relnamespace = 'dynamo'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND has_table_privilege('tap_stranger', c.oid, 'SELECT')), NULL, 'none of it has an item');

SELECT * FROM finish();
ROLLBACK;
