-- ListContributorInsights: an empty list.
BEGIN;
SELECT plan(4);
SELECT dynamo.create_table('Kept', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('ListContributorInsights', '{}'), '{"ContributorInsightsSummaries": []}', 'none');
SELECT is(dynamo.request('ListContributorInsights', '{"TableName": "Kept", "MaxResults": 100}'), '{"ContributorInsightsSummaries": []}', 'of a table');
SELECT throws_ok($$SELECT dynamo.request('ListContributorInsights', '{"TableName": "NoSuchTable"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Table: NoSuchTable not found', 'of a missing table');
SELECT throws_ok($$SELECT dynamo.request('ListContributorInsights', '{"MaxResults": 101}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''101'' at ''maxResults'' failed to satisfy constraint: Member must have value less than or equal to 100', 'MaxResults is at most 100');
SELECT * FROM finish();
ROLLBACK;
