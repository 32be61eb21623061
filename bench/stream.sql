-- What a stream costs the writer: the processor time of one session that puts items of about 400 bytes, each in a transaction
-- of its own, into tables without and with a stream, in turns.  One line per view type; ratio is to a table without a stream.
-- For a superuser; leaves nothing behind.
SET synchronous_commit = off;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.used() RETURNS bigint LANGUAGE sql AS $$
	SELECT f[12]::bigint + f[13]::bigint FROM (SELECT regexp_split_to_array(regexp_replace(pg_read_file('/proc/self/stat'), '^.*\) ', ''), ' ')) AS x(f) $$;
CREATE TEMP TABLE used (view text, turn int, ticks bigint, seconds numeric);
CREATE PROCEDURE pg_temp.put(view text, turn int, times int) LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_temp.used();
	start timestamptz := clock_timestamp();
BEGIN
	FOR i IN 1..times LOOP
		PERFORM dynamo.request('PutItem', jsonb_build_object('TableName', 'StreamBench_' || view, 'Item', jsonb_build_object(
			'id', jsonb_build_object('S', 'k' || i % 2000), 'count', jsonb_build_object('N', (turn * 1000000 + i)::text),
			'payload', jsonb_build_object('S', repeat('abcdefghij', 34)))));
		COMMIT;
	END LOOP;
	INSERT INTO used VALUES (view, turn, pg_temp.used() - before, extract(epoch FROM clock_timestamp() - start));
END $$;
SELECT dynamo.create_table('StreamBench_' || v, 'id', stream_view_type => nullif(v, 'none'))
FROM unnest('{none,KEYS_ONLY,NEW_IMAGE,OLD_IMAGE,NEW_AND_OLD_IMAGES}'::text[]) AS v \g /dev/null
SELECT format('CALL pg_temp.put(%L, %s, %s)', v, turn, CASE turn WHEN 0 THEN 2000 ELSE 10000 END)
FROM generate_series(0, 3) AS turn, unnest('{none,KEYS_ONLY,NEW_IMAGE,OLD_IMAGE,NEW_AND_OLD_IMAGES}'::text[]) WITH ORDINALITY AS x(v, n) ORDER BY turn, n \gexec
SELECT rpad(view, 20) AS stream, round(sum(ticks) * 10000.0 / 30000, 1) AS "cpu us/put", round(sum(seconds) * 1e6 / 30000, 1) AS "us/put",
	round(sum(ticks) / max(sum(ticks)) FILTER (WHERE view = 'none') OVER (), 2) AS "ratio"
FROM used WHERE turn > 0 GROUP BY view ORDER BY min(array_position('{none,KEYS_ONLY,NEW_IMAGE,OLD_IMAGE,NEW_AND_OLD_IMAGES}', view));
SELECT dynamo.delete_table('StreamBench_' || v) FROM unnest('{none,KEYS_ONLY,NEW_IMAGE,OLD_IMAGE,NEW_AND_OLD_IMAGES}'::text[]) AS v \g /dev/null
