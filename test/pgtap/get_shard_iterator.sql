-- GetShardIterator: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
SELECT no_plan();

SET client_min_messages = warning;
SELECT dynamo.create_table('Orders', 'p', stream_view_type => 'NEW_IMAGE') ->> 'LatestStreamArn' AS arn \gset
SELECT dynamo.put_item('Orders', '{"p": "a", "v": 1}'), dynamo.put_item('Orders', '{"p": "a", "v": 2}') \g /dev/null
SELECT h.id AS shard FROM dynamo.stream_shards h JOIN dynamo.change_log l USING (lineage) LIMIT 1 \gset
CREATE FUNCTION pg_temp.iterator(arn text, shard text, type text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql
AS $$SELECT dynamo.request('GetShardIterator', jsonb_build_object('StreamArn', arn, 'ShardId', shard, 'ShardIteratorType', type) || more) -> 'ShardIterator'$$;
CREATE FUNCTION pg_temp.values(iterator jsonb) RETURNS text LANGUAGE sql
AS $$SELECT string_agg(r #>> '{dynamodb,NewImage,v,N}', ' ' ORDER BY n) FROM jsonb_array_elements(dynamo.request('GetRecords', jsonb_build_object('ShardIterator', iterator)) -> 'Records') WITH ORDINALITY AS x(r, n)$$;
SELECT min(sequence_number) AS first, max(sequence_number) AS second FROM dynamo.stream_records('Orders') \gset

SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'TRIM_HORIZON')), '1 2', 'TRIM_HORIZON');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'LATEST')), NULL, 'LATEST');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AT_SEQUENCE_NUMBER', jsonb_build_object('SequenceNumber', :'first'))), '1 2', 'AT_SEQUENCE_NUMBER');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AFTER_SEQUENCE_NUMBER', jsonb_build_object('SequenceNumber', :'first'))), '2', 'AFTER_SEQUENCE_NUMBER');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AT_SEQUENCE_NUMBER', jsonb_build_object('SequenceNumber', :'second'))), '2', 'AT the last');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AFTER_SEQUENCE_NUMBER', jsonb_build_object('SequenceNumber', :'second'))), NULL, 'AFTER the last');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AT_SEQUENCE_NUMBER', jsonb_build_object('SequenceNumber',
	dynamo.request('DescribeStream', jsonb_build_object('StreamArn', :'arn')) #> '{StreamDescription,Shards,0,SequenceNumberRange,StartingSequenceNumber}'))), '1 2', 'AT the shard''s start');
SELECT pg_temp.iterator(:'arn', :'shard', 'LATEST') AS latest \gset
SELECT dynamo.put_item('Orders', '{"p": "a", "v": 3}') \g /dev/null
SELECT is(pg_temp.values(:'latest'), '3', 'what comes after LATEST');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'LATEST')), NULL, 'LATEST is behind all that is committed');
SELECT matches(:'latest'::text, '^"arn:aws:dynamodb:.*/stream/.*\|1\|[A-Za-z0-9+/=]+"$', 'what an iterator looks like');


-- ---- AT_TIMESTAMP
SELECT extract(epoch FROM written) AS moment FROM dynamo.change_log ORDER BY number LIMIT 1 OFFSET 2 \gset
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AT_TIMESTAMP', '{"Timestamp": 0}')), '1 2 3', 'AT_TIMESTAMP before all');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AT_TIMESTAMP', jsonb_build_object('Timestamp', :moment))), '3', 'AT_TIMESTAMP of a record');
SELECT is(pg_temp.values(pg_temp.iterator(:'arn', :'shard', 'AT_TIMESTAMP', jsonb_build_object('Timestamp', extract(epoch FROM clock_timestamp())))), NULL, 'AT_TIMESTAMP of now');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'AT_TIMESTAMP')$$, :'arn', :'shard'), 'YD001', 'ValidationException: Timestamp cannot be null', 'AT_TIMESTAMP without one');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'AT_TIMESTAMP', '{"Timestamp": %s}')$$, :'arn', :'shard', seconds), 'YD001', 'ValidationException: Timestamp cannot be in the future', 'AT_TIMESTAMP in the future: ' || seconds)
	FROM unnest(ARRAY[extract(epoch FROM clock_timestamp()) + 10, 1e300]) AS seconds;

-- ---- mistakes
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, 'shardId-00000001541626099285-00000000', 'LATEST')$$, :'arn'), 'YD004',
	'ResourceNotFoundException: Requested resource not found: Shard does not exist', 'no such shard');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'LATEST')$$, replace(:'arn', 'stream/2', 'stream/1'), :'shard'), 'YD004',
	format('ResourceNotFoundException: Requested resource not found: Stream: %s not found', replace(:'arn', 'stream/2', 'stream/1')), 'no such stream');
SELECT throws_ok(format($$SELECT pg_temp.iterator('sdfadsfsdfsdgdfsgsfdabadfbabdadsfsdfsdfsdfsdfsdfsdfdfdssdffbdfdf', %L, 'LATEST')$$, :'shard'), 'YD001',
	'ValidationException: Invalid StreamArn', 'no ARN');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'AT_SEQUENCE_NUMBER')$$, :'arn', :'shard'), 'YD001',
	'ValidationException: One or more parameter values were invalid: Invalid SequenceNumber', 'a missing sequence number');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'LATEST', '{"SequenceNumber": "%s"}')$$, :'arn', :'shard', :'first'), 'YD001',
	'ValidationException: One or more parameter values were invalid: SequenceNumber should not be passed for this iterator type', 'one that is not wanted');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'AT_SEQUENCE_NUMBER', '{"SequenceNumber": "%s"}')$$, :'arn', :'shard', repeat('x', 25)), 'YD001',
	'ValidationException: Invalid SequenceNumber', 'a malformed one');
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'AT_SEQUENCE_NUMBER', '{"SequenceNumber": "%s"}')$$, :'arn', :'shard', '1' || repeat('0', 29)), 'YD001',
	'ValidationException: Invalid SequenceNumber', 'one before the shard');
SELECT throws_like(format($$SELECT pg_temp.iterator(%L, %L, 'AT_SEQUENCE_NUMBER', '{"SequenceNumber": "12"}')$$, :'arn', :'shard'),
	'%''sequenceNumber'' failed to satisfy constraint: Member must have length greater than or equal to 21', 'a short one');
SELECT throws_like(format($$SELECT pg_temp.iterator(%L, %L, 'bulle')$$, :'arn', :'shard'), '%''shardIteratorType'' failed to satisfy constraint: Member must satisfy enum value set: %', 'no such type');
SELECT throws_like(format($$SELECT pg_temp.iterator(%L, 'short', 'LATEST')$$, :'arn'), '%''shardId'' failed to satisfy constraint: Member must have length greater than or equal to 28', 'a short shard id');

-- ---- a trimmed sequence number
SELECT dynamo_test.clock(now() + '28 hours') \g /dev/null
SELECT dynamo.put_item('Orders', '{"p": "a", "v": 4}') \g /dev/null
SELECT dynamo.run_worker('stream_tick'), dynamo.run_worker('stream_trim') \g /dev/null
SELECT throws_ok(format($$SELECT pg_temp.iterator(%L, %L, 'AT_SEQUENCE_NUMBER', '{"SequenceNumber": "%s"}')$$, :'arn', :'shard', :'first'), 'YD021',
	'TrimmedDataAccessException: The operation attempted to read past the oldest stream record in a shard.', 'a trimmed one');
SELECT dynamo_test.clock(NULL) \g /dev/null

SELECT * FROM finish();
