-- DescribeTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
BEGIN;
SELECT plan(34);

CREATE FUNCTION pg_temp.describe(name text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('DescribeTable', jsonb_build_object('TableName', name)) -> 'Table' $$;

CREATE TEMP TABLE created AS SELECT dynamo.request('CreateTable', '{"TableName": "Orders",
	"KeySchema": [{"AttributeName": "UserId", "KeyType": "HASH"}, {"AttributeName": "OrderId", "KeyType": "RANGE"}],
	"AttributeDefinitions": [{"AttributeName": "UserId", "AttributeType": "S"}, {"AttributeName": "OrderId", "AttributeType": "N"},
		{"AttributeName": "Status", "AttributeType": "S"}, {"AttributeName": "Code", "AttributeType": "B"}],
	"GlobalSecondaryIndexes": [
		{"IndexName": "StatusIndex", "KeySchema": [{"AttributeName": "Status", "KeyType": "HASH"}, {"AttributeName": "OrderId", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}},
		{"IndexName": "CodeIndex", "KeySchema": [{"AttributeName": "Code", "KeyType": "HASH"}], "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["Total"]}}],
	"LocalSecondaryIndexes": [
		{"IndexName": "UserStatus", "KeySchema": [{"AttributeName": "UserId", "KeyType": "HASH"}, {"AttributeName": "Status", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}],
	"BillingMode": "PAY_PER_REQUEST", "DeletionProtectionEnabled": false}') -> 'TableDescription' AS t;
CREATE TEMP TABLE described AS SELECT pg_temp.describe('Orders') AS t;

SELECT is(t ->> 'TableName', 'Orders', 'TableName') FROM described;
SELECT is(t ->> 'TableStatus', 'ACTIVE', 'TableStatus') FROM described;
SELECT is(t -> 'KeySchema', '[{"AttributeName": "UserId", "KeyType": "HASH"}, {"AttributeName": "OrderId", "KeyType": "RANGE"}]', 'KeySchema, hash key first') FROM described;
SELECT is((SELECT jsonb_object_agg(d ->> 'AttributeName', d ->> 'AttributeType') FROM jsonb_array_elements(t -> 'AttributeDefinitions') AS d),
	'{"UserId": "S", "OrderId": "N", "Status": "S", "Code": "B"}', 'AttributeDefinitions') FROM described;
SELECT is(jsonb_array_length(t -> 'AttributeDefinitions'), 4, 'each once') FROM described;
SELECT is(d.t -> 'CreationDateTime', c.t -> 'CreationDateTime', 'CreationDateTime is what CreateTable said') FROM described d, created c;
SELECT is(d.t -> 'TableId', c.t -> 'TableId', 'so is TableId') FROM described d, created c;
SELECT is(t ->> 'TableArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Orders', 'TableArn') FROM described;
SELECT is((t ->> 'ItemCount')::int, 0, 'ItemCount') FROM described;
SELECT is((t ->> 'TableSizeBytes')::int, 0, 'TableSizeBytes') FROM described;
SELECT is(t #>> '{BillingModeSummary,BillingMode}', 'PAY_PER_REQUEST', 'BillingMode') FROM described;
SELECT is(t #> '{BillingModeSummary,LastUpdateToPayPerRequestDateTime}', t -> 'CreationDateTime', 'on demand since it was created') FROM described;
SELECT is(t -> 'ProvisionedThroughput', '{"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}', 'ProvisionedThroughput') FROM described;
SELECT is(t -> 'DeletionProtectionEnabled', 'false', 'DeletionProtectionEnabled') FROM described;
SELECT ok(NOT t ?| '{RestoreSummary,SSEDescription,StreamSpecification,LatestStreamArn,LatestStreamLabel,ArchivalSummary,Replicas,GlobalTableVersion}',
	'what the table does not have is not mentioned') FROM described;

SELECT is((SELECT array_agg(i ->> 'IndexName' ORDER BY i ->> 'IndexName') FROM jsonb_array_elements(t -> 'GlobalSecondaryIndexes') AS i),
	'{CodeIndex,StatusIndex}', 'GlobalSecondaryIndexes') FROM described;
SELECT is(i - 'WarmThroughput', '{"IndexName": "StatusIndex", "KeySchema": [{"AttributeName": "Status", "KeyType": "HASH"}, {"AttributeName": "OrderId", "KeyType": "RANGE"}],
	"Projection": {"ProjectionType": "KEYS_ONLY"}, "IndexStatus": "ACTIVE", "IndexSizeBytes": 0, "ItemCount": 0,
	"ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
	"IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Orders/index/StatusIndex"}', 'a global index')
FROM described, jsonb_array_elements(t -> 'GlobalSecondaryIndexes') AS i WHERE i ->> 'IndexName' = 'StatusIndex';
SELECT is(i -> 'Projection', '{"ProjectionType": "INCLUDE", "NonKeyAttributes": ["Total"]}', 'NonKeyAttributes')
FROM described, jsonb_array_elements(t -> 'GlobalSecondaryIndexes') AS i WHERE i ->> 'IndexName' = 'CodeIndex';
SELECT is(t -> 'LocalSecondaryIndexes', '[{"IndexName": "UserStatus", "KeySchema": [{"AttributeName": "UserId", "KeyType": "HASH"}, {"AttributeName": "Status", "KeyType": "RANGE"}],
	"Projection": {"ProjectionType": "ALL"}, "IndexSizeBytes": 0, "ItemCount": 0, "IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Orders/index/UserStatus"}]',
	'LocalSecondaryIndexes') FROM described;
SELECT is(t #> '{WarmThroughput,Status}', '"ACTIVE"', 'WarmThroughput') FROM described WHERE t ? 'WarmThroughput'
UNION ALL SELECT pass('WarmThroughput is absent') FROM described WHERE NOT t ? 'WarmThroughput';

-- the request
SELECT is(pg_temp.describe('arn:aws:dynamodb:us-east-1:000000000000:table/Orders') - 'x', t - 'x', 'the table by its ARN') FROM described;
SELECT throws_ok('SELECT pg_temp.describe(''Nothing'')', 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Nothing not found', 'no such table');
SELECT throws_ok('SELECT pg_temp.describe(''orders'')', 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: orders not found', 'names are case-sensitive');
SELECT throws_like('SELECT pg_temp.describe(''ab'')', 'ValidationException: %', 'a name too short');
SELECT throws_like('SELECT pg_temp.describe('''')', 'ValidationException: %', 'an empty name');
SELECT throws_like('SELECT pg_temp.describe(''a b c'')', 'ValidationException: %', 'a bad character');
SELECT throws_like('SELECT pg_temp.describe(repeat(''n'', 256))', 'ValidationException: %', 'a name too long');
SELECT throws_ok('SELECT dynamo.request(''DescribeTable'', ''{}'')', 'YD001', NULL, 'TableName is required');
SELECT throws_ok('SELECT dynamo.request(''DescribeTable'', ''{"TableName": null}'')', 'YD001', NULL, 'null is absent');
SELECT throws_ok('SELECT dynamo.request(''DescribeTable'', ''{"TableName": 3}'')', 'YD002', 'SerializationException: NUMBER_VALUE cannot be converted to String', 'TableName is a string');
SELECT throws_ok('SELECT dynamo.request(''DescribeTable'', ''{"TableName": true}'')', 'YD002', 'SerializationException: TRUE_VALUE cannot be converted to String', 'no boolean');
SELECT throws_ok('SELECT dynamo.request(''DescribeTable'', ''{"TableName": {}}'')', 'YD002', 'SerializationException: Start of structure or map found where not expected', 'no map');
SELECT throws_ok('SELECT dynamo.request(''DescribeTable'', ''{"TableName": []}'')', 'YD002', 'SerializationException: Unrecognized collection type class java.lang.String', 'no list');
SELECT lives_ok('SELECT dynamo.request(''DescribeTable'', ''{"TableName": "Orders", "Unknown": [1, {"a": null}]}'')', 'unknown members are ignored');

SELECT * FROM finish();
ROLLBACK;
