-- GetRecords: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
SELECT no_plan();

SELECT dynamo.create_table('Orders', 'p', 'r', '{"r": "N"}', stream_view_type => 'NEW_AND_OLD_IMAGES') ->> 'LatestStreamArn' AS arn \gset
CREATE FUNCTION pg_temp.iterator(arn text, shard text, type text DEFAULT 'TRIM_HORIZON') RETURNS text LANGUAGE sql
AS $$SELECT dynamo.request('GetShardIterator', jsonb_build_object('StreamArn', arn, 'ShardId', shard, 'ShardIteratorType', type)) ->> 'ShardIterator'$$;
CREATE FUNCTION pg_temp.get(iterator text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql
AS $$SELECT dynamo.request('GetRecords', jsonb_build_object('ShardIterator', iterator) || more)$$;
CREATE FUNCTION pg_temp.values(reply jsonb) RETURNS text LANGUAGE sql
AS $$SELECT string_agg(COALESCE(r #>> '{dynamodb,NewImage,v,N}', 'gone'), ' ' ORDER BY n) FROM jsonb_array_elements(reply -> 'Records') WITH ORDINALITY AS x(r, n)$$;

SELECT dynamo.put_item('Orders', '{"p": "a", "r": 1, "v": 1, "list": [1, {"x": true}], "set": {"$SS": ["u", "v"]}, "bytes": {"$B": "AAEC"}}') \g /dev/null
SELECT dynamo.put_item('Orders', '{"p": "a", "r": 1, "v": 2}') \g /dev/null
SELECT dynamo.delete_item('Orders', '{"p": "a", "r": 1}') \g /dev/null
SELECT h.id AS shard FROM dynamo.stream_shards h JOIN dynamo.change_log l USING (lineage) LIMIT 1 \gset
SELECT pg_temp.iterator(:'arn', :'shard') AS start \gset
SELECT pg_temp.get(:'start') AS reply \gset

-- ---- what a record is
SELECT is((:'reply'::jsonb #> '{Records,0}') - 'dynamodb' - 'eventID', '{"awsRegion": "us-east-1", "eventName": "INSERT", "eventSource": "aws:dynamodb", "eventVersion": "1.1"}', 'around the record');
SELECT is((:'reply'::jsonb #> '{Records,0,dynamodb}') - 'SequenceNumber' - 'ApproximateCreationDateTime', '{"Keys": {"p": {"S": "a"}, "r": {"N": "1"}}, "SizeBytes": 43, "StreamViewType": "NEW_AND_OLD_IMAGES",
	"NewImage": {"p": {"S": "a"}, "r": {"N": "1"}, "v": {"N": "1"}, "set": {"SS": ["u", "v"]}, "list": {"L": [{"N": "1"}, {"M": {"x": {"BOOL": true}}}]}, "bytes": {"B": "AAEC"}}}', 'an INSERT');
SELECT is((:'reply'::jsonb #> '{Records,1,dynamodb,OldImage}'), :'reply'::jsonb #> '{Records,0,dynamodb,NewImage}', 'a MODIFY has the old image');
SELECT is((:'reply'::jsonb #> '{Records,1,dynamodb,NewImage}'), '{"p": {"S": "a"}, "r": {"N": "1"}, "v": {"N": "2"}}', 'and the new one');
SELECT is((:'reply'::jsonb #> '{Records,2,dynamodb}') - 'SequenceNumber' - 'ApproximateCreationDateTime' - 'SizeBytes', '{"Keys": {"p": {"S": "a"}, "r": {"N": "1"}}, "StreamViewType": "NEW_AND_OLD_IMAGES",
	"OldImage": {"p": {"S": "a"}, "r": {"N": "1"}, "v": {"N": "2"}}}', 'a REMOVE has the old image alone');
SELECT is(jsonb_path_query_array(:'reply'::jsonb, '$.Records[*].eventName'), '["INSERT", "MODIFY", "REMOVE"]', 'in order');
SELECT ok(bool_and(r ->> 'eventID' ~ '^[0-9a-f]{32}$') AND count(DISTINCT r ->> 'eventID') = 3, 'event ids') FROM jsonb_array_elements(:'reply'::jsonb -> 'Records') AS r;
SELECT is(pg_temp.get(:'start') -> 'Records', :'reply'::jsonb -> 'Records', 'reading again gives the same');
SELECT ok(bool_and(jsonb_typeof(r #> '{dynamodb,ApproximateCreationDateTime}') = 'number'
	AND (r #>> '{dynamodb,ApproximateCreationDateTime}')::numeric = trunc((r #>> '{dynamodb,ApproximateCreationDateTime}')::numeric)), 'whole seconds') FROM jsonb_array_elements(:'reply'::jsonb -> 'Records') AS r;

-- ---- pages
SELECT pg_temp.get(:'start', '{"Limit": 1}') AS reply \gset
SELECT is(pg_temp.values(:'reply'), '1', 'Limit');
SELECT is(pg_temp.values(pg_temp.get(:'reply'::jsonb ->> 'NextShardIterator')), '2 gone', 'and on');
SELECT pg_temp.get(:'start') ->> 'NextShardIterator' AS next \gset
SELECT is(pg_temp.get(:'next') -> 'Records', '[]', 'nothing new');
SELECT dynamo.put_item('Orders', '{"p": "a", "r": 2, "v": 3}') \g /dev/null
SELECT is(pg_temp.values(pg_temp.get(:'next')), '3', 'then something');
INSERT INTO dynamo_tables."Orders"(item) SELECT jsonb_build_object('p', 'a', 'r', i, 'v', i) FROM generate_series(100, 2599) AS i;
SELECT is(jsonb_array_length(pg_temp.get(pg_temp.get(:'next') ->> 'NextShardIterator') -> 'Records') <= 1000, true, 'at most 1,000 records');
WITH RECURSIVE pages AS (
	SELECT 0 AS n, 0 AS got, :'next'::text AS next
	UNION ALL
	SELECT n + 1, jsonb_array_length(r -> 'Records'), r ->> 'NextShardIterator' FROM pages, LATERAL pg_temp.get(pages.next) AS r WHERE n < 10 AND (n = 0 OR got > 0))
SELECT is((SELECT sum(got) FROM pages), 2501::bigint, 'page by page, nothing is lost or doubled');
SELECT pg_temp.iterator(:'arn', :'shard', 'LATEST') AS next \gset
INSERT INTO dynamo_tables."Orders"(item) SELECT jsonb_build_object('p', 'a', 'r', i, 'v', i, 'fill', repeat('x', 300000)) FROM generate_series(3000, 3009) AS i;
SELECT is(jsonb_array_length(pg_temp.get(:'next') -> 'Records'), 3, 'at most 1 MB');

-- ---- what a request asks the catalogue
BEGIN;
CREATE TEMP TABLE before AS SELECT seq_scan + coalesce(idx_scan, 0) AS scans FROM pg_stat_xact_all_tables WHERE relid = 'dynamo.change_state'::regclass;
SELECT jsonb_array_length(pg_temp.get(:'next') -> 'Records') \g /dev/null
SELECT is(seq_scan + coalesce(idx_scan, 0) - (SELECT scans FROM before), 2::bigint, 'its secret once, and once what is trimmed')
	FROM pg_stat_xact_all_tables WHERE relid = 'dynamo.change_state'::regclass;
COMMIT;
SELECT is((SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'CachedPlanSource'
	AND (ident LIKE '%FROM dynamo.streams WHERE table_name = $1 AND label = $2' OR ident LIKE '%FROM dynamo.stream_shards WHERE stream_id = $1 AND id = $2')),
	2::bigint, 'stream and shard with statements that are kept');

-- ---- the end of a shard
SELECT pg_temp.get(:'next') AS reply \gset
SELECT dynamo.delete_table('Orders') \g /dev/null
WITH RECURSIVE pages AS (
	SELECT 0 AS n, 3 AS got, :'reply'::jsonb ->> 'NextShardIterator' AS next
	UNION ALL
	SELECT n + 1, got + jsonb_array_length(r -> 'Records'), r ->> 'NextShardIterator' FROM pages, LATERAL pg_temp.get(pages.next) AS r WHERE n < 10 AND next IS NOT NULL)
SELECT is((SELECT string_agg(got || CASE WHEN next IS NULL THEN ' end' ELSE '' END, ', ' ORDER BY n) FROM pages), '3, 6, 9, 10 end', 'a deleted table''s stream is read to its end, where NextShardIterator is missing');
SELECT is(pg_temp.get(pg_temp.iterator(:'arn', :'shard', 'LATEST')), '{"Records": []}', 'LATEST of a closed shard is its end');

-- ---- mistakes
SELECT throws_ok($$SELECT pg_temp.get('sdfsdfsgagaddafgagasgasgasdfasdfasdfasdfasdgasdasdgasdg')$$, 'YD001', 'ValidationException: Invalid ShardIterator', 'no iterator');
SELECT throws_ok($$SELECT pg_temp.get('')$$, 'YD001', NULL, 'an empty one');
SELECT throws_ok(format($$SELECT pg_temp.get(%L)$$, i), 'YD001', 'ValidationException: Invalid ShardIterator', 'an altered one')
	FROM unnest(ARRAY[left(:'start', -4), replace(:'start', 'Orders', 'Others'), overlay(:'start' PLACING 'B' FROM position('|1|' IN :'start') + 13 FOR 1),
		:'start' || 'AAAA', replace(:'start', '|1|', '|2|'), replace(:'start', '|1|', '|1|AAAA'), left(:'start', position('|1|' IN :'start') + 2), '|1|AAAA', '|', repeat('|1|', 600)]) AS i;
SELECT throws_ok(format($$SELECT pg_temp.get(%L, '{"Limit": 1001}')$$, :'start'), 'YD001',
	'ValidationException: 1 validation error detected: Value ''1001'' at ''limit'' failed to satisfy constraint: Member must have value less than or equal to 1000', 'Limit');
SELECT throws_ok(format($$SELECT pg_temp.get(%L, '{"Limit": 0}')$$, :'start'), 'YD001', NULL, 'Limit 0');
SELECT dynamo_test.clock(now() + '16 minutes') \g /dev/null
SELECT throws_like(format($$SELECT pg_temp.get(%L)$$, :'start'), 'ExpiredIteratorException: %', 'an iterator lives for 15 minutes');
SELECT dynamo_test.clock(NULL) \g /dev/null

SELECT * FROM finish();
