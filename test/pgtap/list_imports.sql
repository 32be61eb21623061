-- ListImports: an empty list.
BEGIN;
SELECT plan(3);
SELECT dynamo.create_table('Kept', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('ListImports', '{}'), '{"ImportSummaryList": []}', 'none');
SELECT is(dynamo.request('ListImports', '{"TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Kept", "PageSize": 25}'), '{"ImportSummaryList": []}', 'of a table');
SELECT throws_ok($$SELECT dynamo.request('ListImports', '{"PageSize": 0}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''0'' at ''pageSize'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'PageSize is at least 1');
SELECT * FROM finish();
ROLLBACK;
