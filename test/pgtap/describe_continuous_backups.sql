-- DescribeContinuousBackups: on, as for every table; point-in-time recovery is off.
BEGIN;
SELECT plan(2);
SELECT dynamo.create_table('BackupTable', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('DescribeContinuousBackups', '{"TableName": "BackupTable"}'),
	'{"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}}',
	'a new table');
SELECT throws_ok($$SELECT dynamo.request('DescribeContinuousBackups', '{"TableName": "NoSuchTable"}')$$, 'YD016',
	'TableNotFoundException: Table not found: NoSuchTable', 'a missing table has an error of its own');
SELECT * FROM finish();
ROLLBACK;
