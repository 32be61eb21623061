-- ListExports: an empty list.
BEGIN;
SELECT plan(3);
SELECT dynamo.create_table('Kept', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('ListExports', '{}'), '{"ExportSummaries": []}', 'none');
SELECT is(dynamo.request('ListExports', '{"TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Kept", "MaxResults": 25}'), '{"ExportSummaries": []}', 'of a table');
SELECT throws_ok($$SELECT dynamo.request('ListExports', '{"MaxResults": 26}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''26'' at ''maxResults'' failed to satisfy constraint: Member must have value less than or equal to 25', 'MaxResults is at most 25');
SELECT * FROM finish();
ROLLBACK;
