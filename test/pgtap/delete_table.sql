-- DeleteTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
BEGIN;
SELECT plan(28);

DO $$ BEGIN
	PERFORM dynamo.create_table('Orders', 'UserId', 'OrderId', '{"OrderId": "N"}',
		global_indexes => '{"StatusIndex": {"hash_key": "Status"}}', local_indexes => '{"UserStatus": {"range_key": "Status"}}');
	PERFORM dynamo.put_item('Orders', '{"UserId": "u", "OrderId": 1, "Status": "new"}');
	PERFORM dynamo.create_table('Keep', 'p');
	PERFORM dynamo.create_table('Protected', 'p', deletion_protection => true);
END $$;

CREATE TEMP TABLE described AS SELECT dynamo.describe_table('Orders') AS t;
CREATE TEMP TABLE deleted AS SELECT dynamo.request('DeleteTable', '{"TableName": "Orders"}') AS reply;
SELECT is((SELECT array_agg(k) FROM jsonb_object_keys(reply) AS k), '{TableDescription}', 'the reply is a TableDescription') FROM deleted;
SELECT is(reply #>> '{TableDescription,TableName}', 'Orders', 'TableName') FROM deleted;
SELECT is(reply #>> '{TableDescription,TableStatus}', 'DELETING', 'TableStatus') FROM deleted;
SELECT is(reply #> '{TableDescription,TableId}', t -> 'TableId', 'TableId') FROM deleted, described;
SELECT is(reply #>> '{TableDescription,TableArn}', 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders', 'TableArn') FROM deleted;
SELECT is(reply #>> '{TableDescription,BillingModeSummary,BillingMode}', 'PAY_PER_REQUEST', 'BillingModeSummary') FROM deleted;
SELECT is(reply #> '{TableDescription,ProvisionedThroughput}', '{"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}', 'ProvisionedThroughput') FROM deleted;
SELECT is(jsonb_typeof(reply #> '{TableDescription,ItemCount}'), 'number', 'ItemCount') FROM deleted;
SELECT is(jsonb_typeof(reply #> '{TableDescription,TableSizeBytes}'), 'number', 'TableSizeBytes') FROM deleted;
SELECT is(reply #> '{TableDescription,DeletionProtectionEnabled}', 'false', 'DeletionProtectionEnabled') FROM deleted;
SELECT ok(NOT reply -> 'TableDescription' ?| '{KeySchema,AttributeDefinitions,CreationDateTime,GlobalSecondaryIndexes,LocalSecondaryIndexes}',
	'AWS leaves out keys, definitions, time and indexes') FROM deleted;

SELECT hasnt_table('dynamo_tables', 'Orders', 'the PostgreSQL table is gone');
SELECT throws_ok($$SELECT dynamo.describe_table('Orders')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Orders not found', 'DescribeTable finds nothing');
SELECT throws_ok($$SELECT dynamo.get_item('Orders', '{"UserId": "u", "OrderId": 1}')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'GetItem finds nothing');
SELECT set_eq('SELECT dynamo.list_tables()', '{Keep,Protected}'::text[], 'the other tables are still there');

SELECT throws_ok($$SELECT dynamo.request('DeleteTable', '{"TableName": "Orders"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: Orders not found', 'a second time');
SELECT throws_ok($$SELECT dynamo.request('DeleteTable', '{"TableName": "Protected"}')$$, 'YD001',
	'ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.', 'deletion protection');
SELECT has_table('dynamo_tables', 'Protected', 'protects');
SELECT throws_ok($$SELECT dynamo.request('DeleteTable', '{}')$$, 'YD001', NULL, 'TableName is required');
SELECT throws_ok($$SELECT dynamo.request('DeleteTable', '{"TableName": 1}')$$, 'YD002', 'SerializationException: NUMBER_VALUE cannot be converted to String', 'and a string');
SELECT throws_like($$SELECT dynamo.request('DeleteTable', '{"TableName": "a"}')$$, 'ValidationException: %', 'of three characters at least');

-- the name is free again, and the new table is empty
SELECT lives_ok($$SELECT dynamo.create_table('Orders', 'k')$$, 'the name is free again');
SELECT is_empty($$SELECT dynamo.scan('Orders')$$, 'the new table is empty');
SELECT isnt(dynamo.describe_table('Orders') -> 'TableId', t -> 'TableId', 'it is another table') FROM described;
SELECT lives_ok($$SELECT dynamo.request('DeleteTable', '{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Orders"}')$$, 'delete by ARN');
SELECT hasnt_table('dynamo_tables', 'Orders', 'it is gone');

-- DROP TABLE is a way to delete, too
DROP TABLE dynamo_tables."Keep";
SELECT throws_ok($$SELECT dynamo.describe_table('Keep')$$, 'YD004', NULL, 'a table dropped in SQL does not exist for the API');
SELECT lives_ok($$SELECT dynamo.create_table('Keep', 'p')$$, 'and can be created again');

SELECT * FROM finish();
ROLLBACK;
