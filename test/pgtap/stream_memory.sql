-- Readers of the change log take memory for a page, however much there is to read: a million records of one transaction, and
-- one tick of many thousand transactions whose numbers mix.  Records are put straight into the log; the readers' sessions are new.
CREATE FUNCTION public.peak_kb() RETURNS int LANGUAGE sql AS $$SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+) kB')::int$$;
-- what a session may touch besides: all of the shared buffers, a result of a million rows as far as it stays in memory
CREATE FUNCTION public.room_kb() RETURNS int LANGUAGE sql AS $$
	SELECT (pg_size_bytes(current_setting('shared_buffers')) + pg_size_bytes(current_setting('work_mem'))) / 1024 + 100 * 1024 $$;
CREATE FUNCTION public.lineage(name text) RETURNS bigint LANGUAGE sql AS $$SELECT min(lineage) FROM dynamo.stream_shards JOIN dynamo.streams s ON s.id = stream_id WHERE table_name = name$$;
CREATE FUNCTION public.get(iterator text) RETURNS jsonb LANGUAGE sql AS $$SELECT dynamo.request('GetRecords', jsonb_build_object('ShardIterator', iterator))$$;
CREATE FUNCTION public.iterator(name text) RETURNS text LANGUAGE sql AS $$
	SELECT dynamo.request('GetShardIterator', jsonb_build_object('ShardIteratorType', 'TRIM_HORIZON', 'StreamArn', dynamo.describe_table(name) ->> 'LatestStreamArn',
		'ShardId', (SELECT h.id FROM dynamo.stream_shards h WHERE lineage = public.lineage(name)))) ->> 'ShardIterator' $$;
DO $$ BEGIN
	PERFORM dynamo.create_table('Small', 'p', stream_view_type => 'NEW_IMAGE');
	PERFORM dynamo.create_table('Big', 'p', stream_view_type => 'NEW_IMAGE');
END $$;

-- ---- one tick of 20,000 transactions, each with two records: the numbers of the second ones come in another order
SET synchronous_commit = off;
DO $$
DECLARE
	lineage bigint := public.lineage('Small');
BEGIN
	PERFORM setval('dynamo.change_number', 100000);
	FOR i IN 1..20000 LOOP
		INSERT INTO dynamo.change_log (slot, event, service, size, lineage, xid, number, written, new)
		SELECT date_part('hour', now() AT TIME ZONE 'UTC')::int / 4, 'I', false, 500, lineage, pg_current_xact_id(), n, now(), jsonb_build_object('p', n::text, 'fill', repeat('x', 400))
		FROM unnest(ARRAY[i, 20001 + i * 7919 % 20011]) AS n;
		COMMIT;
	END LOOP;
END $$;
RESET synchronous_commit;
-- ---- a million records of one transaction
INSERT INTO dynamo.change_log (slot, event, service, size, lineage, xid, number, written, new)
SELECT date_part('hour', now() AT TIME ZONE 'UTC')::int / 4, 'I', false, 500, (SELECT public.lineage('Big')), pg_current_xact_id(), nextval('dynamo.change_number'), now(), jsonb_build_object('p', n::text, 'fill', repeat('x', 400))
FROM generate_series(1, 1000000) AS n;

-- pgTAP counts by session, and this one has not taken memory yet
\c -
SELECT no_plan();
-- ---- many transactions
SELECT public.iterator('Small') AS start, public.peak_kb() AS before \gset
SELECT is(jsonb_path_query_array(public.get(:'start'), '$.Records[*].dynamodb.Keys.p.S'), (SELECT jsonb_agg(n::text ORDER BY n) FROM generate_series(1, 1000) AS n), 'a page of many transactions in one tick');
SELECT is((SELECT count(*) FROM dynamo.change_ticks), 1::bigint, 'of one tick it was');
SELECT cmp_ok(public.peak_kb() - :before, '<', 60 * 1024, 'takes memory for a page');
WITH RECURSIVE pages AS (
	SELECT 0 AS n, NULL::jsonb AS records, :'start'::text AS next
	UNION ALL
	SELECT n + 1, r -> 'Records', r ->> 'NextShardIterator' FROM pages, LATERAL public.get(pages.next) AS r WHERE n = 0 OR n < 50 AND records <> '[]')
SELECT is((SELECT array_agg((r #>> '{dynamodb,Keys,p,S}')::int ORDER BY n, position) FROM pages, LATERAL jsonb_array_elements(records) WITH ORDINALITY AS x(r, position)),
	(SELECT array_agg(number::int ORDER BY number) FROM dynamo.change_log WHERE lineage = (SELECT public.lineage('Small'))), 'page by page, all come in order');
SELECT is((SELECT array_agg((keys ->> 'p')::int ORDER BY sequence_number) FROM dynamo.stream_records('Small', NULL, NULL)),
	(SELECT array_agg(number::int ORDER BY number) FROM dynamo.change_log WHERE lineage = (SELECT public.lineage('Small'))), 'and in SQL');
SELECT cmp_ok(public.peak_kb() - :before, '<', public.room_kb(), 'without more');

-- ---- a big one
SELECT public.iterator('Big') AS start, public.peak_kb() AS before \gset
SELECT is(jsonb_array_length(public.get(:'start') -> 'Records'), 1000, 'a page of a million records');
SELECT cmp_ok(public.peak_kb() - :before, '<', 60 * 1024, 'takes memory for a page');
SELECT is((SELECT count(DISTINCT keys ->> 'p') || ' ' || count(*) FROM dynamo.stream_records('Big', NULL, NULL)), '1000000 1000000', 'a million records at once');
SELECT cmp_ok(public.peak_kb() - :before, '<', public.room_kb(), 'do not, either');

SELECT * FROM finish();
