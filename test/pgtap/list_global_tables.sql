-- ListGlobalTables: an empty list.
BEGIN;
SELECT plan(3);
SELECT dynamo.create_table('Kept', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('ListGlobalTables', '{}'), '{"GlobalTables": []}', 'none');
SELECT is(dynamo.request('ListGlobalTables', '{"RegionName": "us-east-1", "Limit": 100, "ExclusiveStartGlobalTableName": "Kept"}'), '{"GlobalTables": []}', 'of a region');
SELECT throws_ok($$SELECT dynamo.request('ListGlobalTables', '{"Limit": 0}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit is at least 1');
SELECT * FROM finish();
ROLLBACK;
