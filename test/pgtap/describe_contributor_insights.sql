-- DescribeContributorInsights: off, for tables and their global indexes.
BEGIN;
SELECT plan(11);
SELECT dynamo.request('CreateTable', '{"TableName": "Watched", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
	"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "r", "AttributeType": "S"}, {"AttributeName": "x", "AttributeType": "S"}],
	"BillingMode": "PAY_PER_REQUEST",
	"GlobalSecondaryIndexes": [{"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}],
	"LocalSecondaryIndexes": [{"IndexName": "Local", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "x", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}]}') IS NOT NULL AS made;
CREATE FUNCTION pg_temp.insights(body jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT dynamo.request('DescribeContributorInsights', body)$$;

SELECT is(pg_temp.insights('{"TableName": "Watched"}'), '{"TableName": "Watched", "ContributorInsightsStatus": "DISABLED"}', 'a table');
SELECT is(pg_temp.insights('{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Watched"}'), '{"TableName": "Watched", "ContributorInsightsStatus": "DISABLED"}', 'by its ARN');
SELECT is(pg_temp.insights('{"TableName": "Watched", "IndexName": "ByX"}'), '{"TableName": "Watched", "IndexName": "ByX", "ContributorInsightsStatus": "DISABLED"}', 'a global index');
SELECT throws_ok($$SELECT pg_temp.insights('{"TableName": "NoSuchTable"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: NoSuchTable not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.insights('{"TableName": "NoSuchTable", "IndexName": "ByX"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: NoSuchTable not found', 'an index of a missing table');
SELECT throws_ok($$SELECT pg_temp.insights('{"TableName": "Watched", "IndexName": "ByY"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Index: ByY not found for table: Watched', 'a missing index');
SELECT throws_ok($$SELECT pg_temp.insights('{"TableName": "Watched", "IndexName": "Local"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Index: Local not found for table: Watched', 'a local index has none');
-- the length of an index's name is checked by hand, and first
SELECT throws_ok(format('SELECT pg_temp.insights(%L)', body), 'YD001',
	'ValidationException: IndexName must be at least 3 characters long and at most 255 characters long', 'an index''s name of ' || length(body ->> 'IndexName'))
FROM unnest(ARRAY['{"TableName": "NoSuchTable", "IndexName": ""}'::jsonb, '{"TableName": "Watched", "IndexName": "ab"}', jsonb_build_object('TableName', 'Watched', 'IndexName', repeat('i', 256))]) AS body;
SELECT throws_ok($$SELECT pg_temp.insights('{}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value null at ''tableName'' failed to satisfy constraint: Member must not be null', 'no table');
SELECT * FROM finish();
ROLLBACK;
