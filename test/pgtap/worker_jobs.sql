-- The queue of long work: failures, cancellation, tables that go.
BEGIN;
SELECT plan(19);

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
SELECT * FROM finish();
ROLLBACK;
