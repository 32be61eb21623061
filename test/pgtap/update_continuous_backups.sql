-- UpdateContinuousBackups: point-in-time recovery is off, and stays off.
BEGIN;
SELECT plan(11);
SELECT dynamo.create_table('BackupTable', 'id') IS NOT NULL AS made;
CREATE FUNCTION pg_temp.update(name text, specification jsonb) RETURNS jsonb LANGUAGE sql AS
	$$SELECT dynamo.request('UpdateContinuousBackups', jsonb_build_object('TableName', name, 'PointInTimeRecoverySpecification', specification))$$;

SELECT is(pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": false}'), dynamo.request('DescribeContinuousBackups', '{"TableName": "BackupTable"}'), 'off: as DescribeContinuousBackups');
SELECT is(pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": false}') #>> '{ContinuousBackupsDescription,PointInTimeRecoveryDescription,PointInTimeRecoveryStatus}', 'DISABLED', 'again');
SELECT throws_ok($$SELECT pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": true}')$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Point-in-time recovery is not supported here', 'on');
SELECT throws_ok($$SELECT pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 7}')$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Point-in-time recovery is not supported here', 'on for a week');
SELECT throws_ok($$SELECT pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": false, "RecoveryPeriodInDays": 7}')$$, 'YD001',
	'ValidationException: Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.', 'off for a week');
SELECT throws_ok(format('SELECT pg_temp.update(%L, %L)', 'NoSuchTable', specification), 'YD016', 'TableNotFoundException: Table not found: NoSuchTable', 'a missing table: ' || specification)
FROM unnest(ARRAY['{"PointInTimeRecoveryEnabled": false}', '{"PointInTimeRecoveryEnabled": true}']) AS specification;
SELECT throws_ok($$SELECT pg_temp.update('BackupTable', '{}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value null at ''pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled'' failed to satisfy constraint: Member must not be null', 'neither');
SELECT throws_ok($$SELECT pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 36}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''36'' at ''pointInTimeRecoverySpecification.recoveryPeriodInDays'' failed to satisfy constraint: Member must have value less than or equal to 35', 'more than 35 days');
SELECT throws_ok($$SELECT pg_temp.update('BackupTable', '{"PointInTimeRecoveryEnabled": "yes, please"}')$$, 'YD002', NULL, 'no boolean');
SELECT throws_ok($$SELECT dynamo.request('UpdateContinuousBackups', '{"TableName": "BackupTable"}')$$, 'YD001', NULL, 'no specification');
SELECT * FROM finish();
ROLLBACK;
