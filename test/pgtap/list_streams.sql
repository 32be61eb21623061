-- ListStreams: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.names(reply jsonb) RETURNS text LANGUAGE sql AS $$SELECT string_agg(s ->> 'TableName', ' ' ORDER BY n) FROM jsonb_array_elements(reply -> 'Streams') WITH ORDINALITY AS x(s, n)$$;

SELECT is(dynamo.request('ListStreams', '{}'), '{"Streams": []}', 'no streams');
DO $$ BEGIN
	PERFORM dynamo.create_table(name, 'p', stream_view_type => 'KEYS_ONLY') FROM unnest('{Orders,Baskets,Customers}'::text[]) AS name;
	PERFORM dynamo.create_table('Plain', 'p');
END $$;
SELECT is(pg_temp.names(dynamo.request('ListStreams', '{}')), 'Baskets Customers Orders', 'tables with a stream, in byte order');
SELECT is(dynamo.request('ListStreams', '{}') ? 'LastEvaluatedStreamArn', false, 'no more pages');
SELECT is(dynamo.request('ListStreams', '{"TableName": "Orders"}') #> '{Streams,0}',
	jsonb_build_object('TableName', 'Orders', 'StreamArn', dynamo.describe_table('Orders') -> 'LatestStreamArn',
		'StreamLabel', dynamo.describe_table('Orders') -> 'LatestStreamLabel'), 'of one table; as DescribeTable tells');
SELECT is(dynamo.request('ListStreams', '{"TableName": "Plain"}'), '{"Streams": []}', 'a table without a stream');
SELECT is(dynamo.request('ListStreams', '{"TableName": "Nowhere"}'), '{"Streams": []}', 'a table that is none');

SELECT dynamo.request('ListStreams', '{"Limit": 2}') AS page \gset
SELECT is(pg_temp.names(:'page'::jsonb), 'Baskets Customers', 'Limit');
SELECT is(:'page'::jsonb ->> 'LastEvaluatedStreamArn', :'page'::jsonb #>> '{Streams,1,StreamArn}', 'the last of the page');
SELECT is(pg_temp.names(dynamo.request('ListStreams', jsonb_build_object('Limit', 2, 'ExclusiveStartStreamArn', :'page'::jsonb -> 'LastEvaluatedStreamArn'))),
	'Orders', 'the next page');
DO $$ BEGIN PERFORM dynamo.delete_table('Customers'); END $$;
SELECT is(pg_temp.names(dynamo.request('ListStreams', jsonb_build_object('ExclusiveStartStreamArn', :'page'::jsonb -> 'LastEvaluatedStreamArn'))),
	'Orders', 'the start''s table may be gone');
SELECT is(pg_temp.names(dynamo.request('ListStreams', '{}')), 'Baskets Customers Orders', 'its stream stays');

SELECT throws_ok($$SELECT dynamo.request('ListStreams', '{"Limit": 0}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit is at least 1');
SELECT throws_ok($$SELECT dynamo.request('ListStreams', '{"Limit": 101}')$$, 'YD001',
	'ValidationException: 1 validation error detected: Value ''101'' at ''limit'' failed to satisfy constraint: Member must have value less than or equal to 100', 'and at most 100');
SELECT throws_ok($$SELECT dynamo.request('ListStreams', '{"ExclusiveStartStreamArn": "something that is long enough to be an ARN"}')$$, 'YD001',
	'ValidationException: Invalid StreamArn', 'a start that is no ARN');
SELECT throws_like($$SELECT dynamo.request('ListStreams', '{"ExclusiveStartStreamArn": "short"}')$$,
	'ValidationException: 1 validation error detected: Value ''short'' at ''exclusiveStartStreamArn'' failed%', 'one that is too short');

SELECT * FROM finish();
ROLLBACK;
