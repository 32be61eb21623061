-- The life of streams: switched off and on again, their tables gone, their records trimmed; readers that come late, come back
-- or never do.  A change is readable once it is committed, so these tests are no transaction; the database is theirs.
SELECT no_plan();

SET client_min_messages = warning;
CREATE FUNCTION pg_temp.stream(name text, view text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('UpdateTable', jsonb_build_object('TableName', name, 'StreamSpecification',
		jsonb_strip_nulls(jsonb_build_object('StreamEnabled', view IS NOT NULL, 'StreamViewType', view)))) -> 'TableDescription' $$;
CREATE FUNCTION pg_temp.describe(arn text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql
AS $$SELECT dynamo.request('DescribeStream', jsonb_build_object('StreamArn', arn) || more) -> 'StreamDescription'$$;
CREATE FUNCTION pg_temp.iterator(arn text, shard text, type text, sequence_number text DEFAULT NULL) RETURNS text LANGUAGE sql
AS $$SELECT dynamo.request('GetShardIterator', jsonb_strip_nulls(jsonb_build_object('StreamArn', arn, 'ShardId', shard, 'ShardIteratorType', type, 'SequenceNumber', sequence_number))) ->> 'ShardIterator'$$;
CREATE FUNCTION pg_temp.get(iterator text) RETURNS jsonb LANGUAGE sql
AS $$SELECT dynamo.request('GetRecords', jsonb_build_object('ShardIterator', iterator))$$;
-- all records of a stream, shard by shard from the start; "end" where a shard is closed
CREATE FUNCTION pg_temp.all_of(arn text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	shard jsonb;
	reply jsonb;
	found text[] := '{}';
	ends int := 0;
BEGIN
	FOR shard IN SELECT jsonb_array_elements(pg_temp.describe(arn) -> 'Shards') LOOP
		reply := pg_temp.get(pg_temp.iterator(arn, shard ->> 'ShardId', 'TRIM_HORIZON'));
		FOR i IN 1..5 LOOP
			found := found || ARRAY(SELECT concat(left(r ->> 'eventName', 1), r #>> '{dynamodb,Keys,p,S}') FROM jsonb_array_elements(reply -> 'Records') AS r);
			EXIT WHEN NOT reply ? 'NextShardIterator';
			reply := pg_temp.get(reply ->> 'NextShardIterator');
		END LOOP;
		ends := ends + (NOT reply ? 'NextShardIterator')::int;
	END LOOP;
	RETURN (SELECT string_agg(f, ' ' ORDER BY substr(f, 2), f) FROM unnest(found) AS f) || CASE WHEN ends > 0 THEN ' ends ' || ends ELSE '' END;
END $$;
CREATE FUNCTION pg_temp.put(name text, key text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM dynamo.put_item(name, jsonb_build_object('p', key)); END $$;
CREATE FUNCTION pg_temp.tick() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM dynamo.run_worker('stream_tick'); END $$;

-- ---- off and on again
SELECT dynamo.create_table('Orders', 'p', stream_view_type => 'NEW_IMAGE') ->> 'LatestStreamArn' AS first \gset
SELECT pg_temp.put('Orders', 'a'), pg_temp.put('Orders', 'b') \g /dev/null
SELECT throws_ok($$SELECT pg_temp.stream('Orders', 'NEW_IMAGE')$$, 'YD001', 'ValidationException: Table already has an enabled stream: TableName: Orders', 'on, when it is on');
SELECT throws_ok($$SELECT pg_temp.stream('Orders', 'KEYS_ONLY')$$, 'YD001', 'ValidationException: Table already has an enabled stream: TableName: Orders', 'also with another view');
SELECT lives_ok($$SELECT pg_temp.stream('Orders', NULL)$$, 'off');
SELECT throws_ok($$SELECT pg_temp.stream('Orders', NULL)$$, 'YD001', 'ValidationException: Table has no stream to disable: TableName: Orders', 'off, when it is off');
SELECT dynamo.describe_table('Orders') AS d \gset
SELECT is(:'d'::jsonb ? 'StreamSpecification', false, 'a table whose stream is off has no StreamSpecification');
SELECT is(:'d'::jsonb ->> 'LatestStreamArn', :'first', 'but still its latest stream');
SELECT pg_temp.put('Orders', 'unseen') \g /dev/null
SELECT is(pg_temp.all_of(:'first'), 'Ia Ib ends 4', 'it can be read to the end of its shards');
SELECT is(pg_temp.describe(:'first') ->> 'StreamStatus', 'DISABLED', 'DISABLED');
SELECT is((SELECT count(*) FROM dynamo.change_log WHERE new ->> 'p' = 'unseen'), 0::bigint, 'a change in the meantime is recorded nowhere');
SELECT pg_sleep(0.002) \g /dev/null
SELECT pg_temp.stream('Orders', 'KEYS_ONLY') ->> 'LatestStreamArn' AS second \gset
SELECT isnt(:'second'::text, :'first'::text, 'on again: another stream');
SELECT is(dynamo.describe_table('Orders') ->> 'LatestStreamLabel', right(:'second', 23), 'with a label of its own');
SELECT is(dynamo.describe_table('Orders') -> 'StreamSpecification', '{"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}', 'and its view');
SELECT pg_temp.put('Orders', 'c') \g /dev/null
SELECT is(pg_temp.all_of(:'second'), 'Ic', 'which begins with what comes after it');
SELECT is(pg_temp.all_of(:'first'), 'Ia Ib ends 4', 'beside the first one');
SELECT is(pg_temp.describe(:'first') ->> 'StreamViewType', 'NEW_IMAGE', 'as that was');
SELECT is((SELECT array_agg(s ->> 'StreamArn' ORDER BY n) FROM jsonb_array_elements(dynamo.request('ListStreams', '{"TableName": "Orders"}') -> 'Streams') WITH ORDINALITY AS x(s, n)),
	ARRAY[:'first', :'second'], 'ListStreams has both');
SELECT is((SELECT string_agg(keys ->> 'p', ' ') FROM dynamo.stream_records('Orders')), 'c', 'dynamo.stream_records reads the one that is on');
BEGIN;
SELECT lives_ok($$SELECT pg_temp.stream('Orders', NULL)$$, 'off in a transaction');
SELECT lives_ok($$SELECT pg_temp.put('Orders', 'd')$$, 'a write there');
ROLLBACK;
SELECT pg_temp.put('Orders', 'e') \g /dev/null
SELECT is(pg_temp.all_of(:'second'), 'Ic Ie', 'that is rolled back leaves the stream on');
DO $$ BEGIN FOR i IN 1..5 LOOP PERFORM pg_temp.stream('Orders', NULL); PERFORM pg_sleep(0.002); PERFORM pg_temp.stream('Orders', 'OLD_IMAGE'); END LOOP; END $$;
SELECT pg_temp.put('Orders', 'f') \g /dev/null
SELECT is(pg_temp.all_of(dynamo.describe_table('Orders') ->> 'LatestStreamArn'), 'If', 'off and on many times');
SELECT is((SELECT count(*) FROM dynamo.streams WHERE table_name = 'Orders' AND closed IS NULL), 1::bigint, 'one of them is on');

-- ---- sequence numbers at the edges of a shard
SELECT dynamo.create_table('Edges', 'p', stream_view_type => 'NEW_IMAGE') ->> 'LatestStreamArn' AS arn \gset
SELECT pg_temp.put('Edges', 'a'), pg_temp.put('Edges', 'b') \g /dev/null
SELECT pg_temp.tick(), pg_temp.stream('Edges', NULL), pg_temp.tick() \g /dev/null
SELECT shard ->> 'ShardId' AS shard, shard #>> '{SequenceNumberRange,StartingSequenceNumber}' AS start, shard #>> '{SequenceNumberRange,EndingSequenceNumber}' AS end,
	r #>> '{dynamodb,SequenceNumber}' AS number
FROM jsonb_array_elements(pg_temp.describe(:'arn') -> 'Shards') AS shard, LATERAL jsonb_array_elements(pg_temp.get(pg_temp.iterator(:'arn', shard ->> 'ShardId', 'TRIM_HORIZON')) -> 'Records') AS r
WHERE r #>> '{dynamodb,Keys,p,S}' = 'a' \gset
CREATE FUNCTION pg_temp.from_number(arn text, shard text, type text, number text) RETURNS text LANGUAGE sql
AS $$SELECT string_agg(r #>> '{dynamodb,Keys,p,S}', ' ') FROM jsonb_array_elements(pg_temp.get(pg_temp.iterator(arn, shard, type, number)) -> 'Records') AS r WHERE r #>> '{dynamodb,Keys,p,S}' = 'a'$$;
SELECT ok(:'start' <= :'number' AND :'number' <= :'end', 'a record lies within its shard''s range');
SELECT is(pg_temp.from_number(:'arn', :'shard', type, number::text), expected, type || ' ' || what) FROM (VALUES
	('AT_SEQUENCE_NUMBER', :'start'::numeric, 'a', 'the start'), ('AFTER_SEQUENCE_NUMBER', :'start'::numeric, 'a', 'the start, where there is no record'),
	('AT_SEQUENCE_NUMBER', :'number'::numeric, 'a', 'a record'), ('AFTER_SEQUENCE_NUMBER', :'number'::numeric, NULL, 'a record'),
	('AT_SEQUENCE_NUMBER', :'number'::numeric - 1, 'a', 'just before it'), ('AFTER_SEQUENCE_NUMBER', :'number'::numeric - 1, 'a', 'just before it'),
	('AT_SEQUENCE_NUMBER', :'number'::numeric + 1, NULL, 'just behind it'),
	('AT_SEQUENCE_NUMBER', :'end'::numeric, NULL, 'the end'), ('AFTER_SEQUENCE_NUMBER', :'end'::numeric, NULL, 'the end')) AS v(type, number, expected, what);
SELECT is(pg_temp.get(pg_temp.iterator(:'arn', :'shard', 'AFTER_SEQUENCE_NUMBER', :'end')), '{"Records": []}', 'behind the end there is no next iterator');
SELECT throws_ok(format('SELECT pg_temp.iterator(%L, %L, %L, %L)', :'arn', :'shard', type, number::text), 'YD001', 'ValidationException: Invalid SequenceNumber', type || ' ' || what)
FROM unnest('{AT_SEQUENCE_NUMBER,AFTER_SEQUENCE_NUMBER}'::text[]) AS type,
	(VALUES (:'start'::numeric - 1, 'before the shard'), (:'end'::numeric + 1, 'behind the shard'), (repeat('9', 30)::numeric, 'of 30 nines'), (repeat('9', 40)::numeric, 'of 40 nines'),
		(('1' || repeat('0', 29))::numeric, 'of tick 0')) AS v(number, what);
-- the sequence number of another stream
SELECT pg_temp.put('Orders', 'g') \g /dev/null
SELECT max(sequence_number) AS other FROM dynamo.stream_records('Orders') \gset
SELECT throws_ok(format('SELECT pg_temp.iterator(%L, %L, %L, %L)', :'arn', :'shard', 'AT_SEQUENCE_NUMBER', :'other'), 'YD001', 'ValidationException: Invalid SequenceNumber', 'a sequence number of later than the shard');

-- ---- iterators of others
SELECT pg_temp.iterator(:'arn', :'shard', 'TRIM_HORIZON') AS mine \gset
SELECT throws_ok(format('SELECT pg_temp.get(%L)', replace(:'mine', :'arn', :'first')), 'YD001', 'ValidationException: Invalid ShardIterator', 'an iterator with the ARN of another stream');
SELECT throws_ok(format('SELECT pg_temp.iterator(%L, %L, %L)', :'first', :'shard', 'LATEST'), 'YD004', 'ResourceNotFoundException: Requested resource not found: Shard does not exist', 'a shard of another stream');
SELECT throws_ok(format('SELECT pg_temp.describe(%L, %L)', :'first', jsonb_build_object('ShardFilter', jsonb_build_object('Type', 'CHILD_SHARDS', 'ShardId', :'shard'))),
	'YD004', 'ResourceNotFoundException: Requested resource not found: Shard does not exist', 'ShardFilter: a shard of another stream');
SELECT throws_ok(format('SELECT pg_temp.describe(%L, %L)', :'arn', '{"ShardFilter": {"Type": "CHILD_SHARDS"}}'), 'YD001', NULL, 'ShardFilter: no shard');
SELECT throws_ok(format('SELECT pg_temp.describe(%L, %L)', :'arn', jsonb_build_object('ShardFilter', jsonb_build_object('ShardId', :'shard'))), 'YD001', NULL, 'ShardFilter: no type');
SELECT throws_like(format('SELECT pg_temp.describe(%L, %L)', :'arn', jsonb_build_object('ShardFilter', jsonb_build_object('Type', 'PARENT_SHARDS', 'ShardId', :'shard'))),
	'%Member must satisfy enum value set: [CHILD_SHARDS]', 'ShardFilter: a type that is none');
BEGIN;
UPDATE dynamo.change_state SET iterator_secret = 'another database''s';
SELECT throws_ok(format('SELECT pg_temp.get(%L)', :'mine'), 'YD001', 'ValidationException: Invalid ShardIterator', 'an iterator of another database');
ROLLBACK;
SELECT lives_ok(format('SELECT pg_temp.get(%L)', :'mine'), 'but one''s own');

-- ---- a deleted table, and a new one of its name
SELECT dynamo.create_table('Gone', 'p', stream_view_type => 'KEYS_ONLY') ->> 'LatestStreamArn' AS gone \gset
SELECT pg_temp.put('Gone', 'x') \g /dev/null
SELECT pg_temp.iterator(:'gone', h.id, 'TRIM_HORIZON') AS before FROM dynamo.stream_shards h JOIN dynamo.change_log l USING (lineage) WHERE l.keys ->> 'p' = 'x' \gset
SELECT dynamo.delete_table('Gone') \g /dev/null
SELECT is(pg_temp.get(:'before') #>> '{Records,0,dynamodb,Keys,p,S}', 'x', 'an iterator lives longer than its table');
SELECT is(pg_temp.all_of(:'gone'), 'Ix ends 4', 'the stream is read to its end');
SELECT dynamo.create_table('Gone', 'p') IS NOT NULL AS made \gset
SELECT is(pg_temp.all_of(:'gone'), 'Ix ends 4', 'also beside a new table of that name');
SELECT throws_ok($$SELECT pg_temp.stream('Gone', NULL)$$, 'YD001', 'ValidationException: Table has no stream to disable: TableName: Gone', 'whose stream it is not');
SELECT is(dynamo.describe_table('Gone') ? 'LatestStreamArn', false, 'nor its latest');

-- ---- retention.  Partitions hold four hours; a partition goes in the eighth turn after its own.
SELECT date_bin('4 hours', now(), '2000-01-01 00:00:00+00') + interval '28 hours' AS turn \gset
SELECT dynamo.create_table('Kept', 'p', stream_view_type => 'KEYS_ONLY') ->> 'LatestStreamArn' AS kept \gset
SELECT pg_temp.put('Kept', 'old') \g /dev/null
SELECT h.id AS shard, '1' || lpad(t.tick::text, 12, '0') || lpad(l.number::text, 17, '0') AS number
FROM dynamo.stream_records('Kept') r, dynamo.stream_shards h JOIN dynamo.change_log l USING (lineage) CROSS JOIN LATERAL (SELECT substr(r.sequence_number, 2, 12)::bigint AS tick) t
WHERE l.keys ->> 'p' = 'old' \gset
SELECT dynamo_test.clock(:'turn'::timestamptz - interval '5 minutes') \g /dev/null
SELECT is(dynamo.run_worker('stream_trim'), false, 'nothing is trimmed before its time');
SELECT is(pg_temp.get(pg_temp.iterator(:'kept', :'shard', 'AT_SEQUENCE_NUMBER', :'number')) #>> '{Records,0,dynamodb,Keys,p,S}', 'old', 'nearly a day later all is there');
SELECT pg_temp.iterator(:'kept', :'shard', 'AT_SEQUENCE_NUMBER', :'number') AS late \gset
SELECT pg_temp.iterator(:'kept', :'shard', 'LATEST') AS latest \gset
SELECT dynamo_test.clock(:'turn'::timestamptz + interval '5 minutes') \g /dev/null
SELECT pg_temp.put('Kept', 'new'), pg_temp.tick(), dynamo.run_worker('stream_trim') \g /dev/null
SELECT throws_ok(format('SELECT pg_temp.get(%L)', :'late'), 'YD021', 'TrimmedDataAccessException: The operation attempted to read past the oldest stream record in a shard.', 'an iterator whose records are trimmed');
SELECT throws_ok(format('SELECT pg_temp.iterator(%L, %L, %L, %L)', :'kept', :'shard', type, :'number'), 'YD021',
	'TrimmedDataAccessException: The operation attempted to read past the oldest stream record in a shard.', type || ' of a trimmed number') FROM unnest('{AT_SEQUENCE_NUMBER,AFTER_SEQUENCE_NUMBER}'::text[]) AS type;
SELECT is((SELECT string_agg(keys ->> 'p', ' ') FROM dynamo.stream_records('Kept')), 'new', 'who never came finds what is left');
SELECT is((SELECT string_agg(keys ->> 'p', ' ') FROM dynamo.stream_records('Kept', :'number')), 'new', 'who comes back after a day goes on there');
SELECT is(pg_temp.all_of(:'kept'), 'Inew ends 4', 'TRIM_HORIZON is where the records begin; the shards of yesterday have ended');
SELECT throws_ok(format('SELECT pg_temp.describe(%L)', arn), 'YD004', NULL, what || ' is forgotten') FROM (VALUES (:'first', 'a stream that was off'), (:'gone', 'the stream of a deleted table'), (:'arn', 'one without records')) AS v(arn, what);
SELECT is((SELECT count(*) FROM dynamo.stream_shards WHERE stream_id NOT IN (SELECT id FROM dynamo.streams)), 0::bigint, 'with its shards');
SELECT is((SELECT count(*) FROM dynamo.streams), 2::bigint, 'those that are on are not');
SELECT throws_ok(format('SELECT pg_temp.get(%L)', :'mine'), 'YD020', NULL, 'an iterator of a stream that is forgotten has expired');

-- ---- many shards that are due at once are replaced some at a time
DO $$ BEGIN PERFORM dynamo.create_table('Wide' || i, 'p', stream_view_type => 'KEYS_ONLY') FROM generate_series(1, 3) AS i; END $$;
INSERT INTO dynamo.stream_shards (stream_id, id, lineage, created, start_tick)
	SELECT s.id, 'shardId-' || lpad(i::text, 20, '0') || '-00000000', s.id * 256 + i, '2020-01-01', 0 FROM dynamo.streams s, generate_series(5, 254) AS i WHERE table_name LIKE 'Wide%';
SELECT dynamo_test.clock(:'turn'::timestamptz + interval '10 minutes') \g /dev/null
SELECT pg_temp.put('Wide1', 'a'), pg_temp.tick() \g /dev/null
SELECT is((SELECT count(*) FROM dynamo.stream_shards WHERE created = '2020-01-01' AND end_tick IS NOT NULL), 500::bigint, 'shards that are replaced with one tick');
SELECT pg_temp.put('Wide1', 'b'), pg_temp.tick() \g /dev/null
SELECT is((SELECT count(*) FROM dynamo.stream_shards WHERE created = '2020-01-01' AND end_tick IS NOT NULL), 750::bigint, 'and with the next');

-- ---- what expires is the service's deletion, whatever triggers of SQL users do meanwhile
SELECT dynamo_test.clock(NULL) \g /dev/null
DO $$ BEGIN
	PERFORM dynamo.create_table('Expiring', 'p', stream_view_type => 'KEYS_ONLY');
	PERFORM dynamo.request('UpdateTimeToLive', '{"TableName": "Expiring", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "t"}}');
	PERFORM dynamo.run_worker('jobs') FROM generate_series(1, 20);
	INSERT INTO dynamo_tables."Expiring" (item) SELECT jsonb_build_object('p', p, 't', extract(epoch FROM now())::bigint - 60) FROM unnest('{a,b}'::text[]) AS p;
	INSERT INTO dynamo_tables."Expiring" (item) VALUES ('{"p": "mine"}');
END $$;
CREATE FUNCTION public.fails_inside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END;
	RETURN OLD;
END $$;
CREATE TRIGGER user_trigger BEFORE DELETE ON dynamo_tables."Expiring" FOR EACH ROW EXECUTE FUNCTION public.fails_inside();
DO $$ BEGIN PERFORM dynamo.expire_items('Expiring'); DELETE FROM dynamo_tables."Expiring"; END $$;
SELECT is((SELECT string_agg((keys ->> 'p') || service, ' ' ORDER BY number) FROM dynamo.change_log l JOIN dynamo.streams s ON lineage / 256 = s.id
	WHERE table_name = 'Expiring' AND event = 'R'), 'atrue btrue minefalse', 'a trigger that catches an error does not take the service''s name off the records');

-- ---- streams that begin in one millisecond
SELECT dynamo_test.clock(now()) \g /dev/null
DO $$ BEGIN
	PERFORM dynamo.create_table('Quick', 'p', stream_view_type => 'KEYS_ONLY');
	PERFORM pg_temp.stream('Quick', NULL), pg_temp.stream('Quick', 'OLD_IMAGE'), pg_temp.stream('Quick', NULL), pg_temp.stream('Quick', 'NEW_IMAGE');
	PERFORM dynamo.delete_table('Quick');
	PERFORM dynamo.create_table('Quick', 'p', stream_view_type => 'KEYS_ONLY');
END $$;
SELECT is((SELECT count(DISTINCT label) FROM dynamo.streams WHERE table_name = 'Quick'), 4::bigint, 'streams that begin in one millisecond have labels of their own');
SELECT is(dynamo.describe_table('Quick') ->> 'LatestStreamLabel', (SELECT max(label) FROM dynamo.streams WHERE table_name = 'Quick'), 'of which the last is the latest');

-- ---- a clock that is set back: what is trimmed stays trimmed, and numbers rise
SELECT trimmed_tick AS trimmed FROM dynamo.change_state \gset
SELECT max(sequence_number) AS last FROM dynamo.stream_records('Kept') \gset
SELECT dynamo_test.clock(:'turn'::timestamptz - interval '9 hours') \g /dev/null
SELECT pg_temp.put('Kept', 'earlier'), pg_temp.tick() \g /dev/null
SELECT is((SELECT string_agg(keys ->> 'p', ' ') FROM dynamo.stream_records('Kept', :'last')), 'earlier', 'a record of an earlier time comes behind those of a later one');
SELECT is(dynamo.run_worker('stream_trim'), false, 'a pass of retention');
SELECT is((SELECT string_agg(keys ->> 'p', ' ' ORDER BY sequence_number) FROM dynamo.stream_records('Kept')), 'new earlier', 'takes nothing');
SELECT dynamo_test.clock(:'turn'::timestamptz + (n * 4 || ' hours')::interval), dynamo.run_worker('stream_trim') FROM generate_series(0, 8) AS n ORDER BY n \g /dev/null
SELECT cmp_ok((SELECT trimmed_tick FROM dynamo.change_state), '>', :'trimmed'::bigint, 'a day later they are trimmed');
SELECT trimmed_tick AS trimmed FROM dynamo.change_state \gset
-- a partition that was written to before others and is emptied after them
INSERT INTO dynamo.change_ticks SELECT slot, 1, '1:1:', :'turn'::timestamptz - interval '30 days', 0, true FROM generate_series(0, 7) AS slot;
SELECT dynamo_test.clock(:'turn'::timestamptz + interval '60 hours'), dynamo.run_worker('stream_trim') \g /dev/null
SELECT is((SELECT count(*) FROM dynamo.change_ticks WHERE tick = 1), 7::bigint, 'a partition of very old ticks is emptied');
SELECT cmp_ok((SELECT trimmed_tick FROM dynamo.change_state), '>=', :'trimmed'::bigint, 'without bringing back what was trimmed');
SELECT dynamo_test.clock(NULL) \g /dev/null

SELECT * FROM finish();
