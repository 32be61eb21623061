-- ListBackups: an empty list.
BEGIN;
SELECT plan(5);
SELECT dynamo.create_table('Kept', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('ListBackups', '{}'), '{"BackupSummaries": []}', 'none');
SELECT is(dynamo.request('ListBackups', '{"TableName": "Kept", "Limit": 1, "BackupType": "ALL", "TimeRangeLowerBound": 0}'), '{"BackupSummaries": []}', 'of a table');
SELECT is(dynamo.request('ListBackups', '{"TableName": "NoSuchTable"}'), '{"BackupSummaries": []}', 'backups outlive tables, so a missing one is no mistake');
SELECT throws_ok($$SELECT dynamo.request('ListBackups', '{"Limit": 0}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit is at least 1');
SELECT throws_ok($$SELECT dynamo.request('ListBackups', '{"BackupType": "MINE"}')$$, 'YD001', NULL, 'BackupType is an enumeration');
SELECT * FROM finish();
ROLLBACK;
