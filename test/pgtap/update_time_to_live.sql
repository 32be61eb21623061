-- UpdateTimeToLive: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
BEGIN;
SELECT plan(24);

DO $$ BEGIN PERFORM dynamo.create_table('Sessions', 'id'); END $$;
CREATE FUNCTION pg_temp.set_ttl(attribute text, enabled boolean, name text DEFAULT 'Sessions') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('UpdateTimeToLive', jsonb_build_object('TableName', name,
		'TimeToLiveSpecification', jsonb_build_object('AttributeName', attribute, 'Enabled', enabled))) -> 'TimeToLiveSpecification' $$;
CREATE FUNCTION pg_temp.state() RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('DescribeTimeToLive', '{"TableName": "Sessions"}') -> 'TimeToLiveDescription' $$;
CREATE FUNCTION pg_temp.work() RETURNS int LANGUAGE plpgsql AS $$
DECLARE steps int := 0;
BEGIN
	WHILE dynamo.run_worker('jobs') AND steps < 1000 LOOP steps := steps + 1; END LOOP;
	RETURN steps;
END $$;
CREATE FUNCTION pg_temp.put(id text, expires text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN PERFORM dynamo.put_item('Sessions', format('{"id": "%s", "expires": %s}', id, expires)::jsonb); END $$;

DO $$
DECLARE now bigint := extract(epoch FROM clock_timestamp());
BEGIN
	PERFORM pg_temp.put('past', (now - 60)::text);
	PERFORM pg_temp.put('fraction', (now - 60) || '.75');
	PERFORM pg_temp.put('exponent', (now / 10 - 6) || 'e1');
	PERFORM pg_temp.put('future', (now + 3600)::text);
	PERFORM pg_temp.put('text', '"' || (now - 60) || '"');
	PERFORM pg_temp.put('ancient', (now - 6 * 365 * 86400)::text);
	PERFORM pg_temp.put('huge', '1e100');
	PERFORM pg_temp.put('negative', '-5');
	PERFORM dynamo.put_item('Sessions', '{"id": "none"}');
END $$;

SELECT throws_ok($$SELECT pg_temp.set_ttl('expires', false)$$, 'YD001', 'ValidationException: TimeToLive is already disabled', 'nothing to disable');
SELECT throws_ok($$SELECT pg_temp.set_ttl('expires', true, 'Nowhere')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Nowhere not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.set_ttl('', true)$$, 'YD001', NULL, 'a name has a character');
SELECT dynamo_test.leave_prefix() \g /dev/null
SELECT throws_ok($$SELECT dynamo.expire_items('Sessions')$$, 'YD001', 'ValidationException: TimeToLive is already disabled', 'expire_items wants it enabled, whatever a cancelled request has left behind');
SELECT is(pg_temp.set_ttl('expires', true), '{"Enabled": true, "AttributeName": "expires"}', 'enabled');
SELECT is(pg_temp.state(), '{"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}', 'and described');
SELECT throws_ok($$SELECT pg_temp.set_ttl('expires', true)$$, 'YD001', 'ValidationException: TimeToLive is already enabled', 'once');
SELECT throws_ok($$SELECT pg_temp.set_ttl('other', true)$$, 'YD001',
	'ValidationException: TimeToLive is active on a different AttributeName: current AttributeName is expires', 'one attribute');
SELECT throws_ok($$SELECT pg_temp.set_ttl('other', false)$$, 'YD001',
	'ValidationException: TimeToLive is active on a different AttributeName: current AttributeName is expires', 'that is named to disable it');
SELECT throws_ok($$SELECT pg_temp.set_ttl('expires', false)$$, 'YD001',
	'ValidationException: Time to live has been modified multiple times within a fixed interval', 'not twice in an hour');
SELECT throws_ok($$SELECT dynamo.expire_items('Sessions')$$, '55000', NULL, 'its index is still to be built');
SELECT is((SELECT index_name || phase FROM dynamo.index_progress WHERE table_name = 'Sessions'), NULL, 'dynamo.index_progress names no index');
SELECT ok(pg_temp.work() > 0, 'it is built');
SELECT is(dynamo.run_worker('ttl'), true, 'one table''s turn');
SELECT is((SELECT array_agg(item ->> 'id' ORDER BY item ->> 'id' COLLATE "C") FROM dynamo_tables."Sessions"),
	'{ancient,future,huge,negative,none,text}', 'what has expired is gone; what is no time of the last five years stays');
SELECT lives_ok($$SELECT pg_temp.put('again', (extract(epoch FROM now())::bigint - 5)::text)$$, 'an item that comes expired');
SELECT is(dynamo.expire_items('Sessions'), 1::bigint, 'dynamo.expire_items');
SELECT lives_ok($$UPDATE dynamo_tables."Sessions" SET item = item || jsonb_build_object('expires', extract(epoch FROM now())::bigint - 5) WHERE item ->> 'id' = 'future'$$, 'SQL changes the time');
SELECT is(dynamo.expire_items('Sessions'), 1::bigint, 'and it counts');
UPDATE dynamo.tables SET ttl_changed = now() - interval '2 hours' WHERE name = 'Sessions';
SELECT is(pg_temp.set_ttl('expires', false), '{"Enabled": false, "AttributeName": "expires"}', 'disabled');
SELECT is(pg_temp.state(), '{"TimeToLiveStatus": "DISABLED"}', 'and described');
SELECT is((SELECT count(*)::int FROM pg_attribute WHERE attrelid = 'dynamo_tables."Sessions"'::regclass AND attname LIKE '~ttl%' AND NOT attisdropped), 0, 'its column is gone');
SELECT throws_ok($$SELECT pg_temp.set_ttl('expires', true)$$, 'YD001',
	'ValidationException: Time to live has been modified multiple times within a fixed interval', 'not twice in an hour');
SELECT lives_ok($$SELECT pg_temp.put('plain', '1')$$, 'writes go on');
SELECT * FROM finish();
ROLLBACK;
