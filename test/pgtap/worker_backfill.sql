-- What an index build does with items that cannot be in the index, and what writes of them do afterwards.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.create_index(name text, definitions jsonb, schema jsonb, index_name text DEFAULT 'ByX') RETURNS text LANGUAGE sql AS $$
	SELECT dynamo.request('UpdateTable', jsonb_build_object('TableName', name, 'AttributeDefinitions', definitions, 'GlobalSecondaryIndexUpdates', jsonb_build_array(jsonb_build_object('Create',
		jsonb_build_object('IndexName', index_name, 'KeySchema', schema, 'Projection', '{"ProjectionType": "ALL"}'::jsonb))))) #>> '{TableDescription,TableName}' $$;
CREATE FUNCTION pg_temp.work() RETURNS void LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..100 LOOP EXIT WHEN NOT dynamo.run_worker('jobs'); END LOOP; END $$;
CREATE FUNCTION pg_temp.held(name text, by text DEFAULT 'ByX') RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	RETURN (SELECT string_agg(item ->> 'p', ' ' ORDER BY item ->> 'p') FROM dynamo.scan(name, index_name => by) AS s(item)); END $$;
CREATE FUNCTION pg_temp.put(name text, key text, x jsonb) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	PERFORM dynamo.put_item(name, jsonb_build_object('p', key) || CASE WHEN x IS NULL THEN '{}' ELSE jsonb_build_object('x', x) END); END $$;

-- ---- a string for a key: everything that is none
DO $$ BEGIN
	PERFORM dynamo.create_table('Texts', 'p');
	PERFORM pg_temp.put('Texts', k, x::jsonb) FROM (VALUES ('good', '"a"'), ('longest', to_jsonb(repeat('x', 2048))::text), ('too long', to_jsonb(repeat('x', 2049))::text), ('empty', '""'), ('number', '5'),
		('null', 'null'), ('boolean', 'true'), ('list', '["a"]'), ('map', '{"a": "a"}'), ('bytes', '{"$B": "AAEC"}'), ('set', '{"$SS": ["a"]}'), ('none', NULL)) AS v(k, x);
END $$;
SELECT is(pg_temp.create_index('Texts', '[{"AttributeName": "x", "AttributeType": "S"}]', '[{"AttributeName": "x", "KeyType": "HASH"}]'), 'Texts', 'an index over items of all kinds');
SELECT is((SELECT count(*) FROM dynamo.index_progress WHERE table_name = 'Texts' AND index_name = 'ByX' AND phase = 'waiting' AND rows_done = 0 AND started IS NULL), 1::bigint, 'dynamo.index_progress before the first step');
SELECT ok(dynamo.run_worker('jobs'), 'a step');
SELECT is((SELECT phase || ' ' || rows_done || ' of ' || rows_total || CASE WHEN rows_per_second > 0 THEN ', so many a second' END FROM dynamo.index_progress WHERE table_name = 'Texts'),
	'fill 12 of 12, so many a second', 'and after it');
SELECT throws_ok($$SELECT pg_temp.put('Texts', 'late', '7')$$, 'YD001', 'ValidationException: One or more parameter values were invalid: Type mismatch for Index Key x Expected: S Actual: N IndexName: ByX',
	'while it is built a write must fit');
SELECT lives_ok($$SELECT pg_temp.put('Texts', 'late', '"l"')$$, 'and does');
SELECT pg_temp.work() \g /dev/null
SELECT is((SELECT state || ' ' || rows_done || ' of ' || rows_total || coalesce(error, '') || attempts FROM dynamo.jobs WHERE table_name = 'Texts'), 'DONE 12 of 12' || '0', 'dynamo.jobs when it has ended');
SELECT is((SELECT count(*) FROM dynamo.index_progress WHERE table_name = 'Texts'), 0::bigint, 'dynamo.index_progress no longer tells of it');
SELECT is(pg_temp.held('Texts'), 'good late longest', 'what fits is in the index');
SELECT is((SELECT count(*) FROM dynamo.scan('Texts')), 13::bigint, 'what does not is still in the table');
SELECT is(dynamo.describe_table('Texts') #> '{GlobalSecondaryIndexes,0,ItemCount}', '3', 'ItemCount counts what is in the index');

-- ---- afterwards
SELECT lives_ok($$SELECT dynamo.update_item('Texts', '{"p": "number"}', 'SET z = :z', attribute_values => '{":z": 1}')$$, 'an update that leaves what does not fit as it is');
SELECT throws_ok($$UPDATE dynamo_tables."Texts" SET item = item || '{"z": 2}' WHERE p = 'number'$$, 'YD001', 'ValidationException: One or more parameter values were invalid: Type mismatch for Index Key x Expected: S Actual: N IndexName: ByX',
	'in SQL a row is a whole new item, which must fit');
SELECT lives_ok($$UPDATE dynamo_tables."Texts" SET item = item WHERE p = 'number'$$, 'but not one that changes nothing');
SELECT lives_ok($$SELECT dynamo.update_item('Texts', '{"p": "number"}', 'SET x = :x', attribute_values => '{":x": "five"}')$$, 'one that mends it');
SELECT lives_ok($$SELECT dynamo.update_item('Texts', '{"p": "list"}', 'REMOVE x')$$, 'one that takes it away');
SELECT lives_ok($$SELECT dynamo.delete_item('Texts', '{"p": "map"}')$$, 'a deletion');
SELECT lives_ok($$SELECT pg_temp.put('Texts', 'empty', '"full"')$$, 'a put');
SELECT lives_ok($$UPDATE dynamo_tables."Texts" SET item = item || '{"x": "true"}' WHERE p = 'boolean'$$, 'an UPDATE in SQL');
SELECT lives_ok($$SELECT dynamo.request('TransactWriteItems', '{"TransactItems": [{"Put": {"TableName": "Texts", "Item": {"p": {"S": "null"}, "x": {"S": "n"}}}}]}')$$, 'a transaction');
SELECT is(pg_temp.held('Texts'), 'boolean empty good late longest null number', 'what has been mended is in the index');
SELECT is((SELECT count(*) FROM dynamo.query('Texts', 'x = :x', index_name => 'ByX', attribute_values => '{":x": "five"}')), 1::bigint, 'and found');

-- ---- another index, and TimeToLive, on a table with such items
SELECT is(pg_temp.create_index('Texts', '[{"AttributeName": "y", "AttributeType": "N"}, {"AttributeName": "x", "AttributeType": "S"}]',
	'[{"AttributeName": "x", "KeyType": "HASH"}, {"AttributeName": "y", "KeyType": "RANGE"}]', 'ByXY'), 'Texts', 'another index');
SELECT lives_ok($$SELECT pg_temp.work()$$, 'is built');
SELECT is(pg_temp.held('Texts', 'ByXY'), NULL, 'without those that lack a key');
SELECT lives_ok($$SELECT dynamo.update_item('Texts', '{"p": "good"}', 'SET y = :y', attribute_values => '{":y": 1}')$$, 'an item gets it');
SELECT is(pg_temp.held('Texts', 'ByXY'), 'good', 'and is there');
SELECT lives_ok($$SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Texts", "TimeToLiveSpecification": {"AttributeName": "x", "Enabled": true}}')$$, 'TimeToLive by an attribute that holds strings');
SELECT lives_ok($$SELECT pg_temp.work()$$, 'is built');
SELECT is(dynamo.expire_items('Texts'), 0::bigint, 'and takes none of them');

-- ---- numbers and bytes
DO $$ BEGIN
	PERFORM dynamo.create_table(name, 'p') FROM unnest('{Numbers,Bytes}'::text[]) AS name;
	PERFORM pg_temp.put(name, k, x::jsonb) FROM unnest('{Numbers,Bytes}'::text[]) AS name, (VALUES ('text', '"5"'), ('number', '5'), ('big', '1e125'), ('bytes', '{"$B": "AAEC"}'), ('no bytes', '{"$B": ""}')) AS v(k, x);
END $$;
SELECT pg_temp.create_index('Numbers', '[{"AttributeName": "x", "AttributeType": "N"}]', '[{"AttributeName": "x", "KeyType": "HASH"}]'),
	pg_temp.create_index('Bytes', '[{"AttributeName": "x", "AttributeType": "B"}]', '[{"AttributeName": "x", "KeyType": "HASH"}]'), pg_temp.work() \g /dev/null
SELECT is(pg_temp.held('Numbers'), 'big number', 'an index by numbers');
SELECT is(pg_temp.held('Bytes'), 'bytes', 'and one by bytes');

-- ---- a range key that does not fit
DO $$ BEGIN
	PERFORM dynamo.create_table('Ranges', 'p');
	PERFORM dynamo.put_item('Ranges', item::jsonb) FROM unnest(ARRAY['{"p": "both", "x": "a", "y": 1}', '{"p": "hash", "x": "a"}', '{"p": "range", "y": 1}', '{"p": "bad range", "x": "a", "y": "1"}']) AS item;
	PERFORM dynamo.put_item('Ranges', jsonb_build_object('p', 'bad hash', 'x', 1, 'y', 1));
END $$;
SELECT pg_temp.create_index('Ranges', '[{"AttributeName": "x", "AttributeType": "S"}, {"AttributeName": "y", "AttributeType": "N"}]', '[{"AttributeName": "x", "KeyType": "HASH"}, {"AttributeName": "y", "KeyType": "RANGE"}]'),
	pg_temp.work() \g /dev/null
SELECT is(pg_temp.held('Ranges'), 'both', 'both keys must fit');

-- ---- filling columns changes no item: streams hear nothing of it
DO $$ BEGIN
	PERFORM dynamo.create_table('Streamed', 'p', stream_view_type => 'NEW_AND_OLD_IMAGES');
	PERFORM pg_temp.put('Streamed', i::text, '"v"') FROM generate_series(1, 20) i;
END $$;
SELECT pg_temp.create_index('Streamed', '[{"AttributeName": "x", "AttributeType": "S"}]', '[{"AttributeName": "x", "KeyType": "HASH"}]'), pg_temp.work() \g /dev/null
SELECT is((SELECT count(*) FROM dynamo.scan('Streamed', index_name => 'ByX')), 20::bigint, 'an index of a table with a stream');
SELECT is((SELECT count(*) FROM dynamo.change_log), 20::bigint, 'makes no records');

SELECT * FROM finish();
ROLLBACK;
