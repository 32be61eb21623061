-- DescribeStream: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
SELECT no_plan();

SELECT dynamo.create_table('Orders', 'p', 'r', '{"r": "N"}', stream_view_type => 'NEW_IMAGE') ->> 'LatestStreamArn' AS arn \gset
CREATE FUNCTION pg_temp.describe(arn text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql
AS $$SELECT dynamo.request('DescribeStream', jsonb_build_object('StreamArn', arn) || more) -> 'StreamDescription'$$;
CREATE FUNCTION pg_temp.shards(description jsonb) RETURNS text[] LANGUAGE sql AS $$SELECT array_agg(s ->> 'ShardId') FROM jsonb_array_elements(description -> 'Shards') AS s$$;

SELECT matches(:'arn'::text, '^arn:aws:dynamodb:us-east-1:000000000000:table/Orders/stream/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$', 'the ARN');
SELECT pg_temp.describe(:'arn') AS d \gset
SELECT is(:'d'::jsonb - 'Shards' - 'CreationRequestDateTime', jsonb_build_object('StreamArn', :'arn', 'StreamLabel', right(:'arn', 23), 'StreamStatus', 'ENABLED',
	'StreamViewType', 'NEW_IMAGE', 'TableName', 'Orders', 'KeySchema',
	'[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}]'::jsonb), 'what it says');
SELECT cmp_ok(abs((:'d'::jsonb ->> 'CreationRequestDateTime')::numeric - extract(epoch FROM now())), '<', 60::numeric, 'when it was made');

-- ---- shards
SELECT is(jsonb_array_length(:'d'::jsonb -> 'Shards'), 4, 'dynamo.stream_shards of them');
SELECT ok(bool_and(s ->> 'ShardId' ~ '^shardId-\d{20}-[0-9a-f]{8}$' AND s -> 'SequenceNumberRange' ->> 'StartingSequenceNumber' ~ '^\d{21,40}$'
	AND NOT s ? 'ParentShardId' AND NOT s -> 'SequenceNumberRange' ? 'EndingSequenceNumber'), 'open, without parents') FROM jsonb_array_elements(:'d'::jsonb -> 'Shards') AS s;
SELECT is(pg_temp.shards(:'d'), (SELECT array_agg(x ORDER BY x COLLATE "C") FROM unnest(pg_temp.shards(:'d')) AS x), 'in the order of their ids');
SELECT is(pg_temp.shards(pg_temp.describe(:'arn', '{"Limit": 3}')), (pg_temp.shards(:'d'))[1:3], 'Limit');
SELECT is(pg_temp.describe(:'arn', '{"Limit": 3}') ->> 'LastEvaluatedShardId', (pg_temp.shards(:'d'))[3], 'LastEvaluatedShardId');
SELECT is(pg_temp.shards(pg_temp.describe(:'arn', jsonb_build_object('ExclusiveStartShardId', (pg_temp.shards(:'d'))[3]))), (pg_temp.shards(:'d'))[4:4], 'ExclusiveStartShardId');
SELECT is(pg_temp.describe(:'arn', '{"Limit": 4}') ? 'LastEvaluatedShardId', false, 'the last page');

-- ---- after some hours, each shard ends and has a child
SELECT lives_ok($$SELECT dynamo.put_item('Orders', '{"p": "a", "r": 1}')$$, 'a change');
SELECT dynamo.run_worker('stream_tick') \g /dev/null
SELECT dynamo_test.clock(now() + '4 hours 1 minute') \g /dev/null
SELECT lives_ok($$SELECT dynamo.put_item('Orders', '{"p": "a", "r": 2}')$$, 'a change hours later');
SELECT dynamo.run_worker('stream_tick') \g /dev/null
SELECT pg_temp.describe(:'arn') AS d2 \gset
SELECT is(jsonb_array_length(:'d2'::jsonb -> 'Shards'), 8, 'as many shards again');
SELECT ok(bool_and(s -> 'SequenceNumberRange' ? 'EndingSequenceNumber' = (n <= 4) AND (s ? 'ParentShardId') = (n > 4)), 'the old ones have ends, the new ones parents')
	FROM jsonb_array_elements(:'d2'::jsonb -> 'Shards') WITH ORDINALITY AS x(s, n);
SELECT is(pg_temp.shards(pg_temp.describe(:'arn', jsonb_build_object('ShardFilter', jsonb_build_object('Type', 'CHILD_SHARDS', 'ShardId', (pg_temp.shards(:'d'))[2])))),
	(SELECT array_agg(s ->> 'ShardId') FROM jsonb_array_elements(:'d2'::jsonb -> 'Shards') AS s WHERE s ->> 'ParentShardId' = (pg_temp.shards(:'d'))[2]), 'CHILD_SHARDS');
SELECT is(pg_temp.describe(:'arn', jsonb_build_object('ShardFilter', jsonb_build_object('Type', 'CHILD_SHARDS', 'ShardId', (pg_temp.shards(:'d2'))[8]))) -> 'Shards',
	'[]', 'an open shard has none');
SELECT ok(bool_and(p -> 'SequenceNumberRange' ->> 'EndingSequenceNumber' < c -> 'SequenceNumberRange' ->> 'StartingSequenceNumber'), 'a child begins behind its parent')
	FROM jsonb_array_elements(:'d2'::jsonb -> 'Shards') AS c JOIN jsonb_array_elements(:'d2'::jsonb -> 'Shards') AS p ON p ->> 'ShardId' = c ->> 'ParentShardId';
SELECT dynamo_test.clock(NULL) \g /dev/null

-- ---- the table goes, its stream stays
SELECT lives_ok($$SELECT dynamo.delete_table('Orders')$$, 'the table is deleted');
SELECT dynamo.run_worker('stream_tick') \g /dev/null
SELECT is(pg_temp.describe(:'arn') ->> 'StreamStatus', 'DISABLED', 'DISABLED');
SELECT ok(bool_and(s -> 'SequenceNumberRange' ? 'EndingSequenceNumber'), 'all shards have ends') FROM jsonb_array_elements(pg_temp.describe(:'arn') -> 'Shards') AS s;
SELECT dynamo.create_table('Orders', 'p', stream_view_type => 'KEYS_ONLY') ->> 'LatestStreamArn' AS arn2 \gset
SELECT isnt(:'arn2'::text, :'arn'::text, 'a new table of that name has another stream');
SELECT is(pg_temp.describe(:'arn') ->> 'StreamViewType', 'NEW_IMAGE', 'beside the old one');
DROP TABLE dynamo_tables."Orders";
SELECT dynamo.run_worker('stream_tick') \g /dev/null
SELECT is(pg_temp.describe(:'arn2') ->> 'StreamStatus', 'DISABLED', 'DROP TABLE ends a stream, too');

-- ---- mistakes
SELECT throws_ok($$SELECT dynamo.request('DescribeStream', '{"StreamArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Nothing/stream/2020-01-01T00:00:00.000"}')$$, 'YD004',
	'ResourceNotFoundException: Requested resource not found: Stream: arn:aws:dynamodb:us-east-1:000000000000:table/Nothing/stream/2020-01-01T00:00:00.000 not found', 'no such stream');
SELECT throws_ok(format($$SELECT pg_temp.describe(%L)$$, foreign_arn), 'YD004', format('ResourceNotFoundException: Requested resource not found: Stream: %s not found', foreign_arn), 'a stream of others: ' || foreign_arn)
	FROM unnest(ARRAY[replace(:'arn', 'us-east-1', 'eu-west-1'), replace(:'arn', '000000000000', '111111111111')]) AS foreign_arn;
SELECT throws_ok($$SELECT dynamo.request('DescribeStream', '{"StreamArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Nothing"}')$$, 'YD001',
	'ValidationException: Invalid StreamArn', 'the ARN of a table');
SELECT throws_ok($$SELECT dynamo.request('DescribeStream', '{"StreamArn": "arn:aws:kinesis:us-east-1:000000000000:table/Nothing/stream/x"}')$$, 'YD001',
	'ValidationException: Invalid StreamArn', 'of another service');
SELECT throws_like($$SELECT dynamo.request('DescribeStream', '{}')$$, 'ValidationException: 1 validation error detected: Value null at ''streamArn'' failed to satisfy constraint: Member must not be null', 'no ARN');
SELECT throws_like(format($$SELECT dynamo.request('DescribeStream', '{"StreamArn": "%s", "ExclusiveStartShardId": "short"}')$$, :'arn'),
	'%Member must have length greater than or equal to 28%', 'a shard id that cannot be');
SELECT throws_ok(format($$SELECT dynamo.request('DescribeStream', '{"StreamArn": "%s", "Limit": 101}')$$, :'arn'), 'YD001',
	'ValidationException: 1 validation error detected: Value ''101'' at ''limit'' failed to satisfy constraint: Member must have value less than or equal to 100', 'Limit');

-- ---- who may
CREATE ROLE stream_reader;
CREATE ROLE stream_owner;
GRANT CREATE ON SCHEMA dynamo_tables TO stream_owner;
SET ROLE stream_owner;
SELECT dynamo.create_table('Owned', 'p', stream_view_type => 'KEYS_ONLY') ->> 'LatestStreamArn' AS arn \gset
SET ROLE stream_reader;
SELECT throws_like(format($$SELECT pg_temp.describe(%L)$$, :'arn'), 'AccessDeniedException: User: arn:aws:iam::000000000000:user/stream_reader is not authorized to perform: dynamodb:DescribeStream on resource: %', 'nobody else');
SELECT throws_ok($$SELECT * FROM dynamo.change_log$$, '42501', NULL, 'the log itself is nobody''s');
RESET ROLE;
GRANT SELECT ON dynamo_tables."Owned" TO stream_reader;
SET ROLE stream_reader;
SELECT is(pg_temp.describe(:'arn') ->> 'TableName', 'Owned', 'who may SELECT may read the stream');
SET ROLE stream_owner;
SELECT lives_ok($$SELECT dynamo.put_item('Owned', '{"p": "x"}')$$, 'its owner writes');
SELECT is((SELECT count(*) FROM dynamo.stream_records('Owned')), 1::bigint, 'and reads');
SELECT lives_ok($$SELECT dynamo.delete_table('Owned')$$, 'and deletes it');
SELECT is((SELECT count(*) FROM dynamo.stream_records('Owned')), 1::bigint, 'and still reads');
SET ROLE stream_reader;
SELECT throws_ok($$SELECT * FROM dynamo.stream_records('Owned')$$, 'YD105', NULL, 'but others do not');
RESET ROLE;
DROP OWNED BY stream_owner, stream_reader;
DROP ROLE stream_owner, stream_reader;

SELECT * FROM finish();
