-- DescribeTimeToLive: disabled until UpdateTimeToLive says otherwise.
BEGIN;
SELECT plan(3);
SELECT dynamo.create_table('TtlTable', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('DescribeTimeToLive', '{"TableName": "TtlTable"}'),
	'{"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}', 'a new table expires nothing');
SELECT throws_ok($$SELECT dynamo.request('DescribeTimeToLive', '{"TableName": "NoSuchTable"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: NoSuchTable not found', 'a missing table');
DO $$ BEGIN PERFORM dynamo.request('UpdateTimeToLive', '{"TableName": "TtlTable", "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": true}}'); END $$;
SELECT is(dynamo.request('DescribeTimeToLive', '{"TableName": "TtlTable"}'),
	'{"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}}', 'one that does');
SELECT * FROM finish();
ROLLBACK;
