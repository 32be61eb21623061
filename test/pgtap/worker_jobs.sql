-- The queue of long work: failures, cancellation, tables that go.
BEGIN;
SELECT plan(41);

DO $$ BEGIN
	PERFORM dynamo.create_table('Built', 'p');
	PERFORM dynamo.create_table('Doomed', 'p');
	PERFORM dynamo.put_item('Built', jsonb_build_object('p', i::text, 'x', 'v')) FROM generate_series(1, 2500) i;
END $$;
CREATE FUNCTION pg_temp.create_index(name text, index_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.request('UpdateTable', format('{"TableName": "%s", "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create":
		{"IndexName": "%s", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}', name, index_name)::jsonb);
END $$;
CREATE FUNCTION pg_temp.job(index_name text) RETURNS dynamo.jobs LANGUAGE sql AS $$
	SELECT j FROM dynamo.jobs j WHERE object = index_name ORDER BY id LIMIT 1 $$;

SELECT throws_ok($$SELECT dynamo.run_worker('nonsense')$$, '42704', 'there is no worker "nonsense"', 'a worker that is none');
SELECT is(dynamo.run_worker('jobs'), false, 'nothing to do');
SELECT lives_ok($$SELECT pg_temp.create_index('Built', 'First')$$, 'a build');
SELECT is((pg_temp.job('First')).state, 'QUEUED', 'is queued');
SELECT ok(dynamo.run_worker('jobs'), 'one step');
SELECT is((SELECT phase || ' ' || rows_done || ' of ' || rows_total || ' at ' || array_length(place, 1) FROM pg_temp.job('First')), 'fill 1000 of 2500 at 1', 'does one batch');
SELECT is((SELECT count(*)::int FROM dynamo_tables."Built" WHERE x IS NOT NULL), 1000, 'of rows');
SELECT ok(dynamo.cancel_job((pg_temp.job('First')).id), 'it is cancelled in the middle');
SELECT ok(dynamo.run_worker('jobs'), 'another step');
SELECT is((pg_temp.job('First')).state, 'CANCELLED', 'ends it');
SELECT is((SELECT status FROM dynamo.indexes WHERE name = 'First'), 'DELETING', 'and takes back the index');
SELECT ok(dynamo.run_worker('jobs') IS NOT NULL, 'which goes');
SELECT is((SELECT count(*)::int FROM dynamo.indexes WHERE name = 'First'), 0, 'without a trace');
SELECT is(dynamo.cancel_job((pg_temp.job('First')).id), false, 'what has ended cannot be cancelled');

-- a table that goes while it is worked on
DO $$ BEGIN PERFORM pg_temp.create_index('Doomed', 'Second'); PERFORM dynamo.delete_table('Doomed'); END $$;
SELECT ok(dynamo.run_worker('jobs') IS NOT NULL, 'a table has gone');
SELECT is((pg_temp.job('Second')).state, 'CANCELLED', 'its job ends cleanly');
DO $$ BEGIN PERFORM dynamo.create_table('Doomed', 'p'); PERFORM pg_temp.create_index('Doomed', 'Third'); DROP TABLE dynamo_tables."Doomed"; PERFORM dynamo.create_table('Doomed', 'p'); END $$;
SELECT ok(dynamo.run_worker('jobs') IS NOT NULL, 'another of its name has come');
SELECT is((pg_temp.job('Third')).state, 'CANCELLED', 'which the job leaves alone');

CREATE ROLE dynamo_test_stranger;
DO $$ BEGIN PERFORM pg_temp.create_index('Built', 'Fourth'); END $$;
SET LOCAL ROLE dynamo_test_stranger;
SELECT throws_ok(format('SELECT dynamo.cancel_job(%s)', (SELECT max(id) FROM dynamo.jobs)), '42501', NULL, 'jobs are their table''s owner''s');
RESET ROLE;

-- ---- every job of the scheduler's can be run by hand, and no one else may
SELECT lives_ok(format('SELECT dynamo.run_worker(%L)', name), name) FROM unnest('{request_tokens,ttl,jobs,stream_tick,stream_trim}'::text[]) AS name;
SET LOCAL ROLE dynamo_test_stranger;
SELECT throws_ok($$SELECT dynamo.run_worker('ttl')$$, '42501', NULL, 'not by anybody');
SELECT is((SELECT count(*) > 0 FROM dynamo.jobs), true, 'but anybody sees the queue');
RESET ROLE;

-- ---- what has run tells how fast
SELECT ok(bool_and(rows_per_second = round(rows_done / seconds)), 'rows_per_second') FROM dynamo.jobs WHERE rows_done > 0;
SELECT is((SELECT rows_per_second FROM dynamo.jobs WHERE seconds = 0 LIMIT 1), NULL, 'unknown before anything has run');

-- ---- a job that nobody knows fails; the others have their turn
DO $$ BEGIN WHILE dynamo.run_worker('jobs') LOOP END LOOP; END $$;
INSERT INTO dynamo.jobs (kind) VALUES ('mystery');
SELECT throws_ok($$SELECT dynamo.run_worker('jobs')$$, '42704', 'there is no job of kind "mystery"', 'a job of another version');
SELECT is(dynamo.cancel_job((SELECT id FROM dynamo.jobs WHERE kind = 'mystery')), true, 'can be cancelled');
DELETE FROM dynamo.jobs WHERE kind = 'mystery';

-- ---- TimeToLive: cancelled; switched off and on in the middle
CREATE FUNCTION pg_temp.set_ttl(enabled boolean) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	UPDATE dynamo.tables SET ttl_changed = now() - interval '2 hours' WHERE name = 'Built';
	PERFORM dynamo.request('UpdateTimeToLive', jsonb_build_object('TableName', 'Built', 'TimeToLiveSpecification', jsonb_build_object('AttributeName', 'expires', 'Enabled', enabled))); END $$;
UPDATE dynamo_tables."Built" SET item = item || jsonb_build_object('expires', extract(epoch FROM now())::bigint - 100);
SELECT lives_ok('SELECT pg_temp.set_ttl(true)', 'TimeToLive');
SELECT ok(dynamo.run_worker('jobs'), 'one step');
SELECT ok(dynamo.cancel_job((pg_temp.job('expires')).id), 'it is cancelled in the middle');
DO $$ BEGIN WHILE dynamo.run_worker('jobs') LOOP END LOOP; END $$;
SELECT is((pg_temp.job('expires')).state, 'CANCELLED', 'it ends');
SELECT is(dynamo.request('DescribeTimeToLive', '{"TableName": "Built"}') #>> '{TimeToLiveDescription,TimeToLiveStatus}', 'DISABLED', 'and TimeToLive is off');
SELECT lives_ok('SELECT pg_temp.set_ttl(true)', 'on again');
SELECT ok(dynamo.run_worker('jobs'), 'one step');
SELECT lives_ok('SELECT pg_temp.set_ttl(false)', 'off in the middle');
SELECT lives_ok('SELECT pg_temp.set_ttl(true)', 'and on');
DO $$ BEGIN WHILE dynamo.run_worker('jobs') LOOP END LOOP; END $$;
SELECT is((SELECT string_agg(state, ' ' ORDER BY id) FROM dynamo.jobs WHERE object = 'expires'), 'CANCELLED CANCELLED DONE', 'the job of the first time does not go on');
SELECT is(dynamo.expire_items('Built'), 2500::bigint, 'and no item is missed');
SELECT * FROM finish();
ROLLBACK;
