-- ListTables: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
BEGIN;
SELECT plan(21);

SELECT is(dynamo.request('ListTables', '{}'), '{"TableNames": []}', 'no tables');
DO $$ BEGIN PERFORM dynamo.create_table(name, 'p') FROM unnest('{Zebra,apple,Apple,b.c,b-c,b_c,Nine9}'::text[]) AS name; END $$;
CREATE TEMP TABLE names AS SELECT jsonb_agg(n ORDER BY n COLLATE "C") AS all_names FROM unnest('{Zebra,apple,Apple,b.c,b-c,b_c,Nine9}'::text[]) AS n;

SELECT is(dynamo.request('ListTables', '{}'), jsonb_build_object('TableNames', all_names), 'all tables, in byte order, no LastEvaluatedTableName') FROM names;
SELECT is(dynamo.request('ListTables', '{"Limit": 3}'), jsonb_build_object('TableNames', '["Apple", "Nine9", "Zebra"]'::jsonb, 'LastEvaluatedTableName', 'Zebra'), 'Limit');
SELECT is(dynamo.request('ListTables', '{"Limit": 3, "ExclusiveStartTableName": "Zebra"}'),
	jsonb_build_object('TableNames', '["apple", "b-c", "b.c"]'::jsonb, 'LastEvaluatedTableName', 'b.c'), 'ExclusiveStartTableName');
SELECT is(dynamo.request('ListTables', '{"Limit": 3, "ExclusiveStartTableName": "b.c"}'), '{"TableNames": ["b_c"]}', 'the last page');
SELECT is(dynamo.request('ListTables', '{"ExclusiveStartTableName": "b_c"}'), '{"TableNames": []}', 'after the last table');
SELECT is(dynamo.request('ListTables', '{"ExclusiveStartTableName": "Nothing"}') -> 'TableNames' -> 0, '"Zebra"', 'the start need not exist');
SELECT is(dynamo.request('ListTables', '{"Limit": 7}') -> 'TableNames', all_names, 'a limit of just all') FROM names;
SELECT is(dynamo.request('ListTables', '{"Limit": 100}'), jsonb_build_object('TableNames', all_names), 'the highest limit') FROM names;
SELECT throws_ok('SELECT dynamo.request(''ListTables'', ''{"Limit": 0}'')', 'YD001',
	'ValidationException: 1 validation error detected: Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit is at least 1');
SELECT throws_ok('SELECT dynamo.request(''ListTables'', ''{"Limit": 101}'')', 'YD001',
	'ValidationException: 1 validation error detected: Value ''101'' at ''limit'' failed to satisfy constraint: Member must have value less than or equal to 100', 'and at most 100');
SELECT throws_ok('SELECT dynamo.request(''ListTables'', ''{"Limit": -1}'')', 'YD001',
	'ValidationException: 1 validation error detected: Value ''-1'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'not negative');
SELECT throws_ok('SELECT dynamo.request(''ListTables'', ''{"Limit": "3"}'')', 'YD002', 'SerializationException: STRING_VALUE cannot be converted to Integer', 'Limit is a number');
SELECT throws_ok('SELECT dynamo.request(''ListTables'', ''{"Limit": true}'')', 'YD002', 'SerializationException: TRUE_VALUE cannot be converted to Integer', 'no boolean');
SELECT throws_like('SELECT dynamo.request(''ListTables'', ''{"ExclusiveStartTableName": "a b"}'')',
	'ValidationException: 1 validation error detected: Value ''a b'' at ''exclusiveStartTableName'' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+', 'a name that cannot be');
SELECT throws_like('SELECT dynamo.request(''ListTables'', ''{"ExclusiveStartTableName": "a;"}'')',
	'ValidationException: 2 validation errors detected: %', 'two constraints at once');

-- more than a page
DO $$ BEGIN PERFORM dynamo.create_table('Many' || to_char(i, 'FM000'), 'p') FROM generate_series(1, 110) AS i; END $$;
SELECT is(jsonb_array_length(dynamo.request('ListTables', '{}') -> 'TableNames'), 100, 'a page has 100 names');
SELECT is(dynamo.request('ListTables', '{}') ->> 'LastEvaluatedTableName', 'Many099', 'and tells where it ended');
SELECT is((SELECT count(*)::int FROM dynamo.list_tables()), 117, 'dynamo.list_tables() has them all');
SELECT is((SELECT count(DISTINCT n)::int FROM dynamo.list_tables() AS n), 117, 'each once');

-- a dropped table is gone, whoever dropped it
DO $$ BEGIN PERFORM dynamo.delete_table('Zebra'); END $$;
SELECT ok(NOT 'Zebra' IN (SELECT dynamo.list_tables()), 'a deleted table is not listed');

SELECT * FROM finish();
ROLLBACK;
