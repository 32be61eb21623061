-- DescribeLimits: AWS's default quotas.
BEGIN;
SELECT plan(1);
SELECT is(dynamo.request('DescribeLimits', '{}'),
	'{"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000, "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000}',
	'the quotas of a new account');
SELECT * FROM finish();
ROLLBACK;
