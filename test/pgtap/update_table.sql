-- UpdateTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
BEGIN;
SELECT plan(65);

DO $$ BEGIN
	PERFORM dynamo.create_table('Free', 'p', 'c');
	PERFORM dynamo.create_table('Paid', 'p', global_indexes => '{"ByG": {"hash_key": "g"}}', read_capacity => 5, write_capacity => 6);
END $$;
CREATE FUNCTION pg_temp.change(name text, more jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('UpdateTable', jsonb_build_object('TableName', name) || more) -> 'TableDescription' $$;
CREATE FUNCTION pg_temp.create_index(name text, index_name text, attribute text, type text DEFAULT 'S', definitions jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.change(name, jsonb_build_object(
		'AttributeDefinitions', coalesce(definitions, jsonb_build_array(jsonb_build_object('AttributeName', attribute, 'AttributeType', type))),
		'GlobalSecondaryIndexUpdates', jsonb_build_array(jsonb_build_object('Create', jsonb_build_object('IndexName', index_name,
			'KeySchema', jsonb_build_array(jsonb_build_object('AttributeName', attribute, 'KeyType', 'HASH')),
			'Projection', '{"ProjectionType": "ALL"}'::jsonb))))) $$;
CREATE FUNCTION pg_temp.drop_index(name text, index_name text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.change(name, jsonb_build_object('GlobalSecondaryIndexUpdates',
		jsonb_build_array(jsonb_build_object('Delete', jsonb_build_object('IndexName', index_name))))) $$;
CREATE FUNCTION pg_temp.work() RETURNS int LANGUAGE plpgsql AS $$
DECLARE steps int := 0;
BEGIN
	WHILE dynamo.run_worker('jobs') AND steps < 1000 LOOP steps := steps + 1; END LOOP;
	RETURN steps;
END $$;
CREATE FUNCTION pg_temp.refused(name text, more jsonb, state text, message text, what text) RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT pg_temp.change(%L, %L)', name, more), state, message, what) $$;

-- ---- requests that say nothing, or too much
SELECT pg_temp.refused('Free', more::jsonb, state, message, what)
FROM (VALUES
	('{}', 'YD001', 'ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required', 'nothing to change'),
	('{"GlobalSecondaryIndexUpdates": []}', 'YD001', 'ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required', 'an empty list is nothing'),
	('{"AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}]}', 'YD001', 'ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required', 'definitions alone are nothing'),
	('{"BillingMode": "PROVISIONED"}', 'YD001', 'ValidationException: One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED', 'provisioned without units'),
	('{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}', 'YD001', 'ValidationException: One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST', 'units on demand'),
	('{"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}', 'YD001', 'ValidationException: One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST', 'both'),
	('{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1000000000001, "WriteCapacityUnits": 1}}', 'YD001', 'ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds', 'out of bounds'),
	('{"GlobalSecondaryIndexUpdates": [{}]}', 'YD001', 'ValidationException: One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null', 'an empty update'),
	('{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}, {"Delete": {"IndexName": "abc"}}]}', 'YD001', 'ValidationException: One or more parameter values were invalid: Only one global secondary index update per index is allowed simultaneously. Index: abc', 'one index twice'),
	('{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}, {"Delete": {"IndexName": "abd"}}]}', 'YD007', 'LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table', 'two at once'),
	('{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}]}', 'YD004', 'ResourceNotFoundException: Requested resource not found: Index: abc for table: Free not found', 'a missing index'),
	('{"StreamSpecification": {"StreamEnabled": false}}', 'YD001', 'ValidationException: Table has no stream to disable: TableName: Free', 'no stream to disable')) AS v(more, state, message, what);
SELECT throws_ok($$SELECT pg_temp.change('Nowhere', '{"BillingMode": "PAY_PER_REQUEST"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: Nowhere not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.change('Nowhere', '{}')$$, 'YD001', NULL, 'the request is looked at first');

-- ---- settings
SELECT is(pg_temp.change('Free', '{"DeletionProtectionEnabled": true}') ->> 'TableStatus', 'UPDATING', 'the reply says UPDATING');
SELECT is(dynamo.describe_table('Free') ->> 'TableStatus', 'ACTIVE', 'and the table is ACTIVE');
SELECT is(dynamo.describe_table('Free') ->> 'DeletionProtectionEnabled', 'true', 'deletion protection');
SELECT throws_ok($$SELECT dynamo.delete_table('Free')$$, 'YD001', NULL, 'protects');
SELECT ok(pg_temp.change('Free', '{"DeletionProtectionEnabled": false, "TableClass": "STANDARD_INFREQUENT_ACCESS"}') IS NOT NULL, 'two settings at once');
SELECT is(dynamo.describe_table('Free') -> 'TableClassSummary' ->> 'TableClass', 'STANDARD_INFREQUENT_ACCESS', 'table class');
SELECT ok(dynamo.describe_table('Free') -> 'TableClassSummary' ? 'LastUpdateDateTime', 'with its time');
SELECT is(pg_temp.change('Free', '{"SSESpecification": {"Enabled": true}}') -> 'SSEDescription' ->> 'Status', 'ENABLED', 'encryption');
SELECT is(pg_temp.change('Free', '{"SSESpecification": {"Enabled": false}}') -> 'SSEDescription', NULL, 'and back');
SELECT is(pg_temp.change('Free', '{"OnDemandThroughput": {"MaxReadRequestUnits": 7}}') -> 'OnDemandThroughput' ->> 'MaxReadRequestUnits', '7', 'a maximum on demand');
SELECT is(pg_temp.change('Free', '{"WarmThroughput": {"ReadUnitsPerSecond": 20000}}') -> 'WarmThroughput' ->> 'ReadUnitsPerSecond', '20000', 'warm throughput');

-- ---- throughput
SELECT pg_temp.refused('Paid', '{"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}}', 'YD001',
	'ValidationException: The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 6. Requested WriteCapacityUnits: 6. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.', 'no change');
SELECT ok(pg_temp.change('Paid', '{"ProvisionedThroughput": {"ReadCapacityUnits": 50, "WriteCapacityUnits": 60}}') -> 'ProvisionedThroughput' ? 'LastIncreaseDateTime', 'an increase has a time');
SELECT is(pg_temp.change('Paid', format('{"ProvisionedThroughput": {"ReadCapacityUnits": %s, "WriteCapacityUnits": 60}}', 50 - n)::jsonb) -> 'ProvisionedThroughput' ->> 'NumberOfDecreasesToday', n::text, 'decrease ' || n)
FROM generate_series(1, 4) n;
SELECT throws_like($$SELECT pg_temp.change('Paid', '{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 60}}')$$,
	'LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. Last decrease at %', 'the fifth must wait');
SELECT ok(pg_temp.change('Paid', '{"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG", "ProvisionedThroughput": {"ReadCapacityUnits": 9, "WriteCapacityUnits": 9}}}]}') -> 'GlobalSecondaryIndexes' -> 0 -> 'ProvisionedThroughput' @> '{"ReadCapacityUnits": 9}', 'of an index');
SELECT throws_like($$SELECT pg_temp.change('Paid', '{"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG", "ProvisionedThroughput": {"ReadCapacityUnits": 9, "WriteCapacityUnits": 9}}}]}')$$,
	'ValidationException: The provisioned throughput for the index ByG will not change.%', 'of an index that has it');
SELECT throws_ok($$SELECT pg_temp.change('Free', '{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "OnDemandThroughput": {"MaxReadRequestUnits": 7}}')$$, 'YD001', NULL, 'maxima are for tables on demand');
SELECT is(pg_temp.change('Paid', '{"BillingMode": "PAY_PER_REQUEST"}') -> 'BillingModeSummary' ->> 'BillingMode', 'PAY_PER_REQUEST', 'on demand');
SELECT is(dynamo.describe_table('Paid') -> 'ProvisionedThroughput' ->> 'ReadCapacityUnits', '0', 'has no units');
SELECT throws_ok($$SELECT pg_temp.change('Paid', '{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}')$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: ProvisionedThroughput must be specified for index: ByG', 'every index wants its units');
SELECT is(pg_temp.change('Paid', '{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG", "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}}}]}') -> 'BillingModeSummary' ->> 'BillingMode', 'PROVISIONED', 'and back');

-- ---- an index for items that are there
DO $$ BEGIN
	PERFORM dynamo.put_item('Free', jsonb_build_object('p', i::text, 'c', 'c', 'x', 'v' || i % 3)) FROM generate_series(1, 30) i;
	PERFORM dynamo.put_item('Free', '{"p": "number", "c": "c", "x": 5}');
	PERFORM dynamo.put_item('Free', '{"p": "empty", "c": "c", "x": ""}');
	PERFORM dynamo.put_item('Free', jsonb_build_object('p', 'long', 'c', 'c', 'x', repeat('x', 2049)));
	PERFORM dynamo.put_item('Free', '{"p": "none", "c": "c"}');
END $$;
SELECT throws_ok($$SELECT pg_temp.create_index('Free', 'ByX', 'x', definitions => '[]')$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: []', 'a key without definition');
SELECT throws_ok($$SELECT pg_temp.create_index('Free', 'ByX', 'c', 'N')$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{p:S:HASH}, SchemaElement: key{c:S:RANGE}] New schema: Schema:[SchemaElement: key{c:N:HASH}]', 'another type');
SELECT is(pg_temp.create_index('Free', 'ByX', 'x') -> 'GlobalSecondaryIndexes' -> 0 ->> 'IndexStatus', 'CREATING', 'an index is created');
SELECT is(dynamo.describe_table('Free') -> 'GlobalSecondaryIndexes' -> 0 ->> 'Backfilling', 'true', 'and filled');
SELECT throws_ok($$SELECT * FROM dynamo.scan('Free', index_name => 'ByX')$$, 'YD001', 'ValidationException: Cannot read from backfilling global secondary index: ByX', 'not to be read yet');
SELECT throws_ok($$SELECT dynamo.put_item('Free', '{"p": "n2", "c": "c", "x": 5}')$$, 'YD001', NULL, 'but binding for writers');
SELECT throws_ok($$SELECT pg_temp.create_index('Free', 'ByY', 'y')$$, 'YD007',
	'LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table', 'one at a time');
SELECT throws_ok($$SELECT pg_temp.create_index('Free', 'ByX', 'x')$$, 'YD001', 'ValidationException: Attempting to create an index which already exists', 'a name once');
SELECT is((SELECT count(*)::int FROM dynamo.index_progress WHERE table_name = 'Free' AND index_name = 'ByX'), 1, 'dynamo.index_progress');
SELECT ok(pg_temp.work() > 0, 'the work is done');
SELECT is(dynamo.describe_table('Free') -> 'GlobalSecondaryIndexes' -> 0 ->> 'IndexStatus', 'ACTIVE', 'the index is ACTIVE');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Free', index_name => 'ByX')), 30, 'with all items that fit');
SELECT is((SELECT count(*)::int FROM dynamo.query('Free', 'x = :x', attribute_values => '{":x": "v1"}', index_name => 'ByX')), 10, 'found by the key');
SELECT is((SELECT state || ' ' || rows_done || ' ' || rows_total FROM dynamo.jobs WHERE object = 'ByX'), 'DONE 34 34', 'the job tells how many rows');
SELECT lives_ok($$SELECT dynamo.put_item('Free', '{"p": "later", "c": "c", "x": "v1"}')$$, 'a write behind the new column');
DO $$ BEGIN INSERT INTO dynamo_tables."Free"(item) VALUES ('{"p": "sql", "c": "c", "x": "v1"}'); END $$;
SELECT is((SELECT count(*)::int FROM dynamo.query('Free', 'x = :x', attribute_values => '{":x": "v1"}', index_name => 'ByX')), 12, 'is found, and one from SQL');

-- ---- a second use of an attribute, and the way back
SELECT ok(pg_temp.change('Free', '{"AttributeDefinitions": [{"AttributeName": "c", "AttributeType": "S"}, {"AttributeName": "x", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByC", "KeySchema": [{"AttributeName": "c", "KeyType": "HASH"}, {"AttributeName": "x", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}}]}') IS NOT NULL, 'a range key becomes a hash key');
SELECT ok(pg_temp.work() > 0, 'it is built');
SELECT is((SELECT count(*)::int FROM dynamo.query('Free', 'c = :c AND x = :x', attribute_values => '{":c": "c", ":x": "v1"}', index_name => 'ByC')), 12, 'and right');
SELECT is(pg_temp.drop_index('Free', 'ByX') -> 'GlobalSecondaryIndexes' -> 0 ->> 'IndexStatus', 'DELETING', 'an index is deleted');
SELECT throws_ok($$SELECT * FROM dynamo.scan('Free', index_name => 'ByX')$$, 'YD001', 'ValidationException: The table does not have the specified index: ByX', 'and gone for readers');
SELECT lives_ok($$SELECT pg_temp.work()$$, 'it goes');
SELECT is(jsonb_array_length(dynamo.describe_table('Free') -> 'GlobalSecondaryIndexes'), 1, 'one index is left');
SELECT ok(pg_temp.drop_index('Free', 'ByC') IS NOT NULL AND pg_temp.work() >= 0, 'the other one goes, too');
SELECT is(dynamo.describe_table('Free') -> 'AttributeDefinitions', '[{"AttributeName": "c", "AttributeType": "S"}, {"AttributeName": "p", "AttributeType": "S"}]', 'with the definitions that nothing needs');
SELECT is((SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'dynamo_tables."Free"'::regclass AND attnum > 0 AND NOT attisdropped), 'p c item size', 'and the columns');

SELECT * FROM finish();
ROLLBACK;
