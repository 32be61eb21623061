-- DescribeEndpoints: one endpoint, which is this one.
BEGIN;
SELECT plan(3);
SELECT is(jsonb_array_length(dynamo.request('DescribeEndpoints', '{}') -> 'Endpoints'), 1, 'one endpoint');
SELECT is(dynamo.request('DescribeEndpoints', '{}') -> 'Endpoints' -> 0 -> 'CachePeriodInMinutes', '1440', 'good for a day');
SELECT is(dynamo.request('DescribeEndpoints', '{}') -> 'Endpoints' -> 0 ->> 'Address',
	'127.0.0.1:' || current_setting('dynamo.port'), 'asked from SQL, it is the local one');
SELECT * FROM finish();
ROLLBACK;
