-- DescribeKinesisStreamingDestination: a table's changes are sent nowhere.
BEGIN;
SELECT plan(4);
SELECT dynamo.create_table('Source', 'id') IS NOT NULL AS made;
CREATE FUNCTION pg_temp.destinations(body jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT dynamo.request('DescribeKinesisStreamingDestination', body)$$;
SELECT is(pg_temp.destinations('{"TableName": "Source"}'), '{"KinesisDataStreamDestinations": [], "TableName": "Source"}', 'a table');
SELECT is(pg_temp.destinations('{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Source"}'), '{"KinesisDataStreamDestinations": [], "TableName": "Source"}', 'by its ARN');
SELECT throws_ok($$SELECT pg_temp.destinations('{"TableName": "NoSuchTable"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: NoSuchTable not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.destinations('{}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value null at ''tableName'' failed to satisfy constraint: Member must not be null', 'no table');
SELECT * FROM finish();
ROLLBACK;
