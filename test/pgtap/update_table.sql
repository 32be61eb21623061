-- UpdateTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
BEGIN;
SELECT * FROM no_plan();

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
	('{}', 'YD001', 'ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required', 'nothing to change'),
	('{"GlobalSecondaryIndexUpdates": []}', 'YD001', 'ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required', 'an empty list is nothing'),
	('{"AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}]}', 'YD001', 'ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required', 'definitions alone are nothing'),
	('{"BillingMode": "PROVISIONED"}', 'YD001', 'ValidationException: One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED', 'provisioned without units'),
	('{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}', 'YD001', 'ValidationException: One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST', 'units on demand'),
	('{"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}', 'YD001', 'ValidationException: One or more parameter values were invalid: ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST', 'both'),
	('{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1000000000001, "WriteCapacityUnits": 1}}', 'YD001', 'ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds', 'out of bounds'),
	('{"GlobalSecondaryIndexUpdates": [{}]}', 'YD001', 'ValidationException: One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null', 'an empty update'),
	('{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}, {"Delete": {"IndexName": "abc"}}]}', 'YD001', 'ValidationException: One or more parameter values were invalid: Only one global secondary index update per index is allowed simultaneously. Index: abc', 'one index twice'),
	('{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}, {"Delete": {"IndexName": "abd"}}]}', 'YD007', 'LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table', 'two at once'),
	('{"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}]}', 'YD004', 'ResourceNotFoundException: Requested resource not found: Index abc for table Free', 'a missing index'),
	('{"StreamSpecification": {"StreamEnabled": false}}', 'YD001', 'ValidationException: Table has no stream to disable: TableName: Free', 'no stream to disable')) AS v(more, state, message, what);
SELECT throws_ok($$SELECT pg_temp.change('Nowhere', '{"BillingMode": "PAY_PER_REQUEST"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: Nowhere not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.change('Nowhere', '{}')$$, 'YD001', NULL, 'the request is looked at first');

-- ---- settings
SELECT is(pg_temp.change('Free', '{"DeletionProtectionEnabled": true}') ->> 'TableStatus', 'ACTIVE', 'deletion protection changes at once');
SELECT is(dynamo.describe_table('Free') ->> 'TableStatus', 'ACTIVE', 'and the table is ACTIVE');
SELECT is(dynamo.describe_table('Free') ->> 'DeletionProtectionEnabled', 'true', 'deletion protection');
SELECT throws_ok($$SELECT dynamo.delete_table('Free')$$, 'YD001', NULL, 'protects');
SELECT ok(pg_temp.change('Free', '{"DeletionProtectionEnabled": false}') -> 'DeletionProtectionEnabled' = 'false', 'until it is taken away');
SELECT is(pg_temp.change('Free', '{"TableClass": "STANDARD_INFREQUENT_ACCESS"}') ->> 'TableStatus', 'UPDATING', 'another class takes time');
SELECT is(dynamo.describe_table('Free') -> 'TableClassSummary' ->> 'TableClass', 'STANDARD_INFREQUENT_ACCESS', 'table class');
SELECT ok(dynamo.describe_table('Free') -> 'TableClassSummary' ? 'LastUpdateDateTime', 'with its time');
SELECT pg_temp.refused('Free', '{"SSESpecification": {"Enabled": false}}', 'YD001', 'ValidationException: One or more parameter values were invalid: Table is already encrypted by default', 'encryption cannot be taken away from nothing');
SELECT is(pg_temp.change('Free', '{"SSESpecification": {"Enabled": true}}') -> 'SSEDescription',
	'{"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb"}', 'encryption by a key');
SELECT is(dynamo.describe_table('Free') -> 'SSEDescription' ->> 'Status', 'ENABLED', 'is there');
SELECT is(pg_temp.change('Free', '{"SSESpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "arn:aws:kms:us-east-1:000000000000:key/one"}}') -> 'SSEDescription' ->> 'KMSMasterKeyArn',
	'arn:aws:kms:us-east-1:000000000000:key/one', 'by another key');
SELECT throws_like($$SELECT pg_temp.change('Free', '{"SSESpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "arn:aws:kms:us-east-1:000000000000:key/one"}}')$$,
	'ValidationException: One or more parameter values were invalid: Table is already encrypted with given KMSMasterKeyId.%', 'the same key again');
SELECT is(pg_temp.change('Free', '{"SSESpecification": {"Enabled": false}}') -> 'SSEDescription' ->> 'Status', 'UPDATING', 'and back');
SELECT is(dynamo.describe_table('Free') -> 'SSEDescription', NULL, 'to the default');

-- ---- throughput on demand, and warm
SELECT is(pg_temp.change('Free', '{"OnDemandThroughput": {"MaxReadRequestUnits": 7}}') -> 'OnDemandThroughput', '{"MaxReadRequestUnits": 7}', 'a maximum on demand');
SELECT is(pg_temp.change('Free', '{"OnDemandThroughput": {"MaxWriteRequestUnits": 9}}') -> 'OnDemandThroughput', '{"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": 9}', 'and the other one');
SELECT is(pg_temp.change('Free', '{"OnDemandThroughput": {"MaxReadRequestUnits": -1}}') -> 'OnDemandThroughput', '{"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 9}', '-1 takes it away');
SELECT is(pg_temp.change('Free', '{"OnDemandThroughput": {"MaxWriteRequestUnits": -1}}') ->> 'TableStatus', 'ACTIVE', 'while the table is in use');
SELECT is(dynamo.describe_table('Free') -> 'OnDemandThroughput', NULL, 'until there is none');
SELECT pg_temp.refused('Free', format('{"OnDemandThroughput": {"MaxReadRequestUnits": %s}}', n)::jsonb, 'YD001',
	'ValidationException: One or more parameter values were invalid: Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range', 'a maximum of ' || n)
FROM unnest('{0,-2}'::int[]) n;
SELECT pg_temp.refused('Paid', '{"OnDemandThroughput": {"MaxReadRequestUnits": 7}}', 'YD001',
	'ValidationException: One or more parameter values were invalid: MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED', 'not with units');
SELECT is(pg_temp.change('Free', '{"WarmThroughput": {"ReadUnitsPerSecond": 20000}}') -> 'WarmThroughput', '{"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "UPDATING"}', 'warm throughput');
SELECT is(dynamo.describe_table('Free') -> 'WarmThroughput', '{"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}', 'grows');
SELECT pg_temp.refused('Free', '{"WarmThroughput": {"ReadUnitsPerSecond": 19999}}', 'YD001',
	'ValidationException: One or more parameter values were invalid: Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported', 'and does not shrink');

-- ---- a stream
SELECT is(t ->> 'TableStatus', 'UPDATING', 'a stream begins') FROM pg_temp.change('Free', '{"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}') t;
SELECT pg_temp.refused('Free', '{"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}', 'YD001',
	'ValidationException: Table already has an enabled stream: TableName: Free', 'a second one does not');
SELECT is(dynamo.describe_table('Free') -> 'StreamSpecification', '{"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}', 'the table tells');
SELECT is(pg_temp.change('Free', '{"StreamSpecification": {"StreamEnabled": false}}') -> 'StreamSpecification', NULL, 'a stream ends');
SELECT ok(dynamo.describe_table('Free') ?& '{LatestStreamArn,LatestStreamLabel}', 'and is remembered');

-- ---- throughput
SELECT pg_temp.refused('Paid', '{"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}}', 'YD001',
	'ValidationException: The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 6. Requested WriteCapacityUnits: 6. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.', 'no change');
SELECT is(pg_temp.change('Paid', '{"ProvisionedThroughput": {"ReadCapacityUnits": 50, "WriteCapacityUnits": 60}}') -> 'ProvisionedThroughput' @> '{"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}', true, 'the reply tells what was');
SELECT is(dynamo.describe_table('Paid') -> 'ProvisionedThroughput' @> '{"ReadCapacityUnits": 50, "WriteCapacityUnits": 60, "NumberOfDecreasesToday": 0}', true, 'the table what is');
SELECT ok(dynamo.describe_table('Paid') -> 'ProvisionedThroughput' ? 'LastIncreaseDateTime', 'an increase has a time');
SELECT is(dynamo.describe_table('Paid') -> 'WarmThroughput', '{"ReadUnitsPerSecond": 50, "WriteUnitsPerSecond": 60, "Status": "ACTIVE"}', 'what is provisioned is warm');
SELECT is(pg_temp.change('Paid', format('{"ProvisionedThroughput": {"ReadCapacityUnits": %s, "WriteCapacityUnits": 60}}', 50 - n)::jsonb) -> 'ProvisionedThroughput' ->> 'NumberOfDecreasesToday', (n - 1)::text, 'decrease ' || n)
FROM generate_series(1, 4) n;
SELECT is(dynamo.describe_table('Paid') -> 'ProvisionedThroughput' ->> 'NumberOfDecreasesToday', '4', 'four on this day');
SELECT is(dynamo.describe_table('Paid') -> 'WarmThroughput', '{"ReadUnitsPerSecond": 50, "WriteUnitsPerSecond": 60, "Status": "ACTIVE"}', 'and stays warm');
SELECT throws_like($$SELECT pg_temp.change('Paid', '{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 60}}')$$,
	'LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: 4. Last decrease at %', 'the fifth must wait');
SELECT ok(pg_temp.change('Paid', '{"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG", "ProvisionedThroughput": {"ReadCapacityUnits": 9, "WriteCapacityUnits": 9}}}]}') -> 'GlobalSecondaryIndexes' -> 0 @> '{"IndexStatus": "UPDATING", "ProvisionedThroughput": {"ReadCapacityUnits": 5}}', 'of an index');
SELECT is(dynamo.describe_table('Paid') -> 'GlobalSecondaryIndexes' -> 0 @> '{"IndexStatus": "ACTIVE", "ProvisionedThroughput": {"ReadCapacityUnits": 9}}', true, 'is there then');
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
	'ValidationException: Invalid KeySchema: Some index key attribute have no definition', 'a key without definition');
SELECT throws_ok($$SELECT pg_temp.create_index('Free', 'ByX', 'c', 'N')$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{p:S:HASH}, SchemaElement: key{c:S:RANGE}] New schema: Schema:[SchemaElement: key{c:N:HASH}]', 'another type');
SELECT is(pg_temp.create_index('Free', 'ByX', 'x') -> 'GlobalSecondaryIndexes' -> 0 ->> 'IndexStatus', 'CREATING', 'an index is created');
SELECT is(dynamo.describe_table('Free') -> 'GlobalSecondaryIndexes' -> 0 ->> 'Backfilling', 'true', 'and filled');
SELECT throws_ok($$SELECT * FROM dynamo.scan('Free', index_name => 'ByX')$$, 'YD001', 'ValidationException: Cannot read from backfilling global secondary index: ByX', 'not to be read yet');
SELECT throws_ok($$SELECT * FROM dynamo.partiql('SELECT * FROM "Free"."ByX" WHERE x = ''v1''')$$, 'YD001', 'ValidationException: Cannot read from backfilling global secondary index: ByX', 'nor by a statement');
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
SELECT throws_ok($$SELECT * FROM dynamo.partiql('SELECT * FROM "Free"."ByX"')$$, 'YD001', 'ValidationException: The table does not have the specified index', 'and for statements');
SELECT lives_ok($$SELECT pg_temp.work()$$, 'it goes');
SELECT is(jsonb_array_length(dynamo.describe_table('Free') -> 'GlobalSecondaryIndexes'), 1, 'one index is left');
SELECT ok(pg_temp.drop_index('Free', 'ByC') IS NOT NULL AND pg_temp.work() >= 0, 'the other one goes, too');
SELECT is(dynamo.describe_table('Free') -> 'AttributeDefinitions', '[{"AttributeName": "c", "AttributeType": "S"}, {"AttributeName": "p", "AttributeType": "S"}]', 'with the definitions that nothing needs');
SELECT is((SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'dynamo_tables."Free"'::regclass AND attnum > 0 AND NOT attisdropped), 'p c item size', 'and the columns');

-- ---- what may not stand together
SELECT dynamo.request('CreateTable', '{"TableName": "Units", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
	"ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2},
	"GlobalSecondaryIndexes": [{"IndexName": "ByG", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}}]}');
CREATE TEMP TABLE part (name text, member text);
INSERT INTO part VALUES
	('units', '"ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}'),
	('mode', '"BillingMode": "PAY_PER_REQUEST"'),
	('provisioned', '"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}'),
	('stream', '"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}'),
	('create', '"AttributeDefinitions": [{"AttributeName": "h", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByH", "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2}}}]'),
	('delete', '"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "ByG"}}]'),
	('update', '"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG", "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}}}]'),
	('sse', '"SSESpecification": {"Enabled": true}'),
	('class', '"TableClass": "STANDARD_INFREQUENT_ACCESS"'),
	('protection', '"DeletionProtectionEnabled": true'),
	('maximum', '"OnDemandThroughput": {"MaxReadRequestUnits": 5}'),
	('warm', '"WarmThroughput": {"ReadUnitsPerSecond": 13000}');
SELECT pg_temp.refused('Units', format('{%s, %s}', a.member, b.member)::jsonb, 'YD001', 'ValidationException: One or more parameter values were invalid: ' || v.message, v.a || ' and ' || v.b)
FROM (VALUES
	('units', 'sse', 'Server-Side Encryption modification must be the only operation in the request'),
	('sse', 'class', 'Server-Side Encryption modification must be the only operation in the request'),
	('units', 'class', 'TableClass modification must be the only operation in the request'),
	('class', 'protection', 'TableClass modification must be the only operation in the request'),
	('units', 'protection', 'DeletionProtection modification must be the only operation in the request'),
	('protection', 'stream', 'DeletionProtection modification must be the only operation in the request'),
	('units', 'warm', 'WarmThroughput must be the only operation in the request'),
	('create', 'warm', 'Create global secondary index cannot be specified when updating WarmThroughput'),
	('maximum', 'stream', 'OnDemandThroughput can only be combined with BillingMode in an UpdateTable request'),
	('maximum', 'update', 'OnDemandThroughput can only be combined with BillingMode in an UpdateTable request'),
	('units', 'stream', 'You cannot modify stream status while updating table IOPS'),
	('provisioned', 'stream', 'You cannot modify stream status while updating table IOPS'),
	('units', 'create', 'You cannot create or delete index while updating table IOPS'),
	('units', 'delete', 'You cannot create or delete index while updating table IOPS'),
	('stream', 'create', 'You cannot create or delete index while changing stream status'),
	('stream', 'delete', 'You cannot create or delete index while changing stream status')) AS v(a, b, message)
JOIN part AS a ON a.name = v.a JOIN part AS b ON b.name = v.b;
SELECT pg_temp.refused('Units', '{"StreamSpecification": {"StreamEnabled": true}}', 'YD001', 'ValidationException: One or more parameter values were invalid: If stream is being enabled then UpdateViewType is required', 'a stream without a view type');
SELECT pg_temp.refused('Units', '{"StreamSpecification": {"StreamEnabled": false, "StreamViewType": "KEYS_ONLY"}}', 'YD001', 'ValidationException: One or more parameter values were invalid: If stream is being disabled, then UpdateViewType must not be specified', 'no stream with one');
SELECT pg_temp.refused('Units', '{"BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG", "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}}}]}', 'YD001',
	'ValidationException: One or more parameter values were invalid: The only Updates for index: ByG when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput', 'units of an index on demand');
SELECT pg_temp.refused('Units', '{"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG"}, "Delete": {"IndexName": "ByG"}}]}', 'YD001',
	'ValidationException: One or more parameter values were invalid: Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object', 'two actions');
SELECT pg_temp.refused('Units', '{"GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "ByG"}}]}', 'YD001',
	'ValidationException: One or more parameter values were invalid: Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ByG', 'an update of nothing');
SELECT pg_temp.refused('Units', '{"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByH", "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}', 'YD001',
	'ValidationException: One or more parameter values were invalid: AttributeDefinitions is not specified for index: ByH', 'an index without definitions');
SELECT pg_temp.refused('Units', '{"AttributeDefinitions": [{"AttributeName": "h", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByH", "KeySchema": [{"AttributeName": "h", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}', 'YD001',
	'ValidationException: One or more parameter values were invalid: Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ByH', 'an index without units');
SELECT pg_temp.refused('Units', '{"ReplicaUpdates": [{}]}', 'YD001', 'ValidationException: There are no actions specified in the Replica Update Action of the request.', 'a replica of nothing');
SELECT pg_temp.refused('Units', '{"ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]}', 'YD001', 'ValidationException: One or more parameter values were invalid: ReplicaUpdates is not supported here', 'a replica');
SELECT ok(pg_temp.change('Units', (SELECT format('{%s, %s}', a.member, b.member)::jsonb FROM part a, part b WHERE a.name = 'units' AND b.name = 'update')) ->> 'TableStatus' = 'UPDATING', 'table and index get units together');
SELECT is(dynamo.describe_table('Units') #>> '{GlobalSecondaryIndexes,0,ProvisionedThroughput,ReadCapacityUnits}', '3', 'the index, too');
SELECT ok(pg_temp.change('Units', (SELECT format('{%s, %s}', a.member, b.member)::jsonb FROM part a, part b WHERE a.name = 'mode' AND b.name = 'maximum')) IS NOT NULL, 'a mode and its maximum');
SELECT is(dynamo.describe_table('Units') -> 'OnDemandThroughput' ->> 'MaxReadRequestUnits', '5', 'are both taken');
SELECT ok(dynamo.describe_table('Units') -> 'BillingModeSummary' ? 'LastUpdateToPayPerRequestDateTime', 'with the time of the change');

SELECT * FROM finish();
ROLLBACK;
