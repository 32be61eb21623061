-- Walks of tables and indexes, in pages of every size, against what a plain sort of the rows gives.
BEGIN;
SELECT plan(33);

DO $$ BEGIN PERFORM dynamo.create_table('Walk', 'h', 'r', attribute_types => '{"r": "N", "b": "B"}',
	global_indexes => '{"Global": {"hash_key": "g", "range_key": "s"}, "Inverted": {"hash_key": "s", "range_key": "h"}, "Alone": {"hash_key": "b"}}',
	local_indexes => '{"Local": {"range_key": "s"}}'); END $$;

-- Few different values, so that ties are everywhere; some items are missing from each index.
INSERT INTO dynamo_tables."Walk" (item)
SELECT jsonb_strip_nulls(jsonb_build_object(
	'h', 'h' || i % 3,
	'r', (i - 60) * 1.5,
	'g', CASE WHEN i % 7 <> 0 THEN 'g' || i / 3 % 2 END,
	's', CASE WHEN i % 5 <> 0 THEN (ARRAY['a', 'aa', 'ab', 'b', E'b\u0001\u0001', E'b\u0001\u0002', 'é', '中', '😀', 'z'])[i / 2 % 10 + 1] END,
	'b', CASE WHEN i % 4 = 0 THEN jsonb_build_object('$B', encode(decode(to_hex(16 + i % 3) || 'ff', 'hex'), 'base64')) END))
FROM generate_series(1, 120) AS i;

-- The positions (h, r) of the items that a request finds, page by page.
CREATE FUNCTION pg_temp.pages(operation text, body jsonb, page int) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	reply jsonb;
	found text[] := '{}';
BEGIN
	body := jsonb_build_object('TableName', 'Walk', 'Limit', page) || body;
	LOOP
		reply := dynamo.request(operation, body);
		found := found || ARRAY(SELECT (i #>> '{h,S}') || '/' || (i #>> '{r,N}') FROM jsonb_array_elements(reply -> 'Items') AS i);
		EXIT WHEN NOT reply ? 'LastEvaluatedKey';
		body := body || jsonb_build_object('ExclusiveStartKey', reply -> 'LastEvaluatedKey');
	END LOOP;
	RETURN found;
END $$;

-- The same from a sort: condition and order are SQL over the item's own attributes.
CREATE FUNCTION pg_temp.sorted(condition text, ordering text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	found text[];
BEGIN
	EXECUTE format('SELECT coalesce(array_agg(h || ''/'' || r ORDER BY %s), ''{}'') FROM (SELECT (item->>''h'') COLLATE "C" AS h, '
		'(item->>''r'')::numeric AS r, (item->>''g'') COLLATE "C" AS g, (item->>''s'') COLLATE "C" AS s, '
		'decode(item #>> ''{b,$B}'', ''base64'') AS b FROM dynamo_tables."Walk") AS i WHERE %s', ordering, condition) INTO found;
	RETURN found;
END $$;

-- One key condition, forward and backward, in pages of 1, 2, 7 and all.
CREATE FUNCTION pg_temp.walk_is(index_name text, condition text, used_names jsonb, used_values jsonb, sql_condition text, ordering text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	body jsonb := jsonb_strip_nulls(jsonb_build_object('IndexName', index_name, 'KeyConditionExpression', condition,
		'ExpressionAttributeNames', used_names, 'ExpressionAttributeValues', used_values));
	operation text := CASE WHEN condition IS NULL THEN 'Scan' ELSE 'Query' END;
	backward text := replace(ordering, ',', ' DESC,') || ' DESC';
	page int;
BEGIN
	FOREACH page IN ARRAY ARRAY[1, 2, 7, 1000] LOOP
		IF pg_temp.pages(operation, body, page) IS DISTINCT FROM pg_temp.sorted(sql_condition, ordering) THEN
			RETURN is(pg_temp.pages(operation, body, page), pg_temp.sorted(sql_condition, ordering), format('%s, %s, pages of %s', index_name, condition, page));
		END IF;
		IF condition IS NOT NULL AND
			pg_temp.pages(operation, body || '{"ScanIndexForward": false}', page) IS DISTINCT FROM pg_temp.sorted(sql_condition, backward) THEN
			RETURN is(pg_temp.pages(operation, body || '{"ScanIndexForward": false}', page), pg_temp.sorted(sql_condition, backward),
				format('%s, %s, backward, pages of %s', index_name, condition, page));
		END IF;
	END LOOP;
	RETURN cmp_ok(cardinality(pg_temp.sorted(sql_condition, ordering)), '>', 0, format('%s: %s', coalesce(index_name, 'table'), coalesce(condition, 'scan')));
END $$;

SELECT pg_temp.walk_is(NULL, NULL, NULL, NULL, 'true', 'h, r');
SELECT pg_temp.walk_is('Global', NULL, NULL, NULL, 'g IS NOT NULL AND s IS NOT NULL', 'g, s, h, r');
SELECT pg_temp.walk_is('Inverted', NULL, NULL, NULL, 's IS NOT NULL', 's, h, r');
SELECT pg_temp.walk_is('Alone', NULL, NULL, NULL, 'b IS NOT NULL', 'b, h, r');
SELECT pg_temp.walk_is('Local', NULL, NULL, NULL, 's IS NOT NULL', 'h, s, r');

SELECT pg_temp.walk_is(NULL, 'h = :h', NULL, '{":h": {"S": "h1"}}', 'h = ''h1''', 'h, r');
SELECT pg_temp.walk_is(NULL, 'h = :h AND r = :r', NULL, '{":h": {"S": "h1"}, ":r": {"N": "-88.5"}}', 'h = ''h1'' AND r = -88.5', 'h, r');
SELECT pg_temp.walk_is(NULL, 'h = :h AND r ' || operator || ' :r', NULL, '{":h": {"S": "h1"}, ":r": {"N": "1.5"}}',
	'h = ''h1'' AND r ' || operator || ' 1.5', 'h, r')
FROM unnest(ARRAY['<', '<=', '>', '>=']) AS operator;
SELECT pg_temp.walk_is(NULL, 'h = :h AND r BETWEEN :a AND :b', NULL, '{":h": {"S": "h1"}, ":a": {"N": "-12"}, ":b": {"N": "15e0"}}',
	'h = ''h1'' AND r BETWEEN -12 AND 15', 'h, r');

SELECT pg_temp.walk_is('Global', 'g = :g', NULL, '{":g": {"S": "g0"}}', 'g = ''g0'' AND s IS NOT NULL', 's, h, r');
SELECT pg_temp.walk_is('Global', 'g = :g AND s = :s', NULL, '{":g": {"S": "g1"}, ":s": {"S": "b"}}', 'g = ''g1'' AND s = ''b''', 's, h, r');
SELECT pg_temp.walk_is('Global', 'g = :g AND s ' || operator || ' :s', NULL, '{":g": {"S": "g1"}, ":s": {"S": "b"}}',
	'g = ''g1'' AND s ' || operator || ' ''b''', 's, h, r')
FROM unnest(ARRAY['<', '<=', '>', '>=']) AS operator;
SELECT pg_temp.walk_is('Global', 'g = :g AND begins_with(s, :s)', NULL, jsonb_build_object(':g', '{"S": "g0"}'::jsonb, ':s', jsonb_build_object('S', prefix)),
	'g = ''g0'' AND starts_with(s, ' || quote_literal(prefix) || ')', 's, h, r')
FROM unnest(ARRAY['a', 'aa', E'b\u0001\u0002', 'é', '😀']) AS prefix;
SELECT pg_temp.walk_is('Inverted', 's = :s', NULL, '{":s": {"S": "ab"}}', 's = ''ab''', 'h, r');
SELECT pg_temp.walk_is('Inverted', 's = :s AND h > :h', NULL, '{":s": {"S": "ab"}, ":h": {"S": "h0"}}', 's = ''ab'' AND h > ''h0''', 'h, r');
SELECT pg_temp.walk_is('Alone', 'b = :b', NULL, '{":b": {"B": "EP8="}}', 'b = ''\x10ff''', 'h, r');
SELECT pg_temp.walk_is('Local', 'h = :h AND s > :s', NULL, '{":h": {"S": "h2"}, ":s": {"S": "aa"}}', 'h = ''h2'' AND s > ''aa''', 's, r');
SELECT pg_temp.walk_is('Local', 'h = :h AND begins_with(s, :s)', NULL, '{":h": {"S": "h2"}, ":s": {"S": "a"}}', 'h = ''h2'' AND starts_with(s, ''a'')', 's, r');

-- every row in exactly one segment
SELECT is(ARRAY(SELECT x FROM generate_series(0, 4) AS s, unnest(pg_temp.pages('Scan', jsonb_build_object('Segment', s, 'TotalSegments', 5), 3)) AS x ORDER BY x COLLATE "C"),
	ARRAY(SELECT x FROM unnest(pg_temp.sorted('true', 'h, r')) AS x ORDER BY x COLLATE "C"), 'segments share the rows among them');

-- a later page begins where the page before ended: it reads its own rows, not those before them
DO $$ BEGIN PERFORM dynamo.create_table('Long', 'h', 'r', attribute_types => '{"r": "N"}'); END $$;
INSERT INTO dynamo_tables."Long" (item) SELECT jsonb_build_object('h', 'h', 'r', i) FROM generate_series(1, 1000) AS i;
CREATE FUNCTION pg_temp.entries_read(body jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	index_oid oid := 'dynamo_tables."Long~pkey"'::regclass;
	before bigint := pg_stat_get_xact_tuples_returned(index_oid);
BEGIN
	PERFORM dynamo.request('Query', '{"TableName": "Long", "Limit": 10, "KeyConditionExpression": "h = :h AND r BETWEEN :a AND :b",
		"ExpressionAttributeValues": {":h": {"S": "h"}, ":a": {"N": "1"}, ":b": {"N": "1000"}}}'::jsonb || body);
	RETURN pg_stat_get_xact_tuples_returned(index_oid) - before;
END $$;
SELECT cmp_ok(pg_temp.entries_read('{"ExclusiveStartKey": {"h": {"S": "h"}, "r": {"N": "900"}}}'), '<=', 12::bigint, 'a page forward');
SELECT cmp_ok(pg_temp.entries_read('{"ExclusiveStartKey": {"h": {"S": "h"}, "r": {"N": "100"}}, "ScanIndexForward": false}'), '<=', 12::bigint, 'a page backward');

-- no plan but index scans, on a table that was never analysed and in a session that says otherwise
SET LOCAL enable_indexscan = off;
SET LOCAL plan_cache_mode = force_custom_plan;
ANALYZE dynamo_tables."Walk";
CREATE TEMP TABLE scans AS SELECT pg_stat_get_xact_numscans('dynamo_tables."Walk"'::regclass) AS tables,
	pg_stat_get_xact_numscans('dynamo_tables."Walk~Global"'::regclass) AS indexes;
DO $$ BEGIN PERFORM pg_temp.pages('Query', '{"IndexName": "Global", "KeyConditionExpression": "g = :g", "ExpressionAttributeValues": {":g": {"S": "g0"}}}', 10); END $$;
SELECT is(pg_stat_get_xact_numscans('dynamo_tables."Walk"'::regclass), tables, 'a query never scans the table') FROM scans;
SELECT cmp_ok(pg_stat_get_xact_numscans('dynamo_tables."Walk~Global"'::regclass), '>', indexes, 'a query walks its index') FROM scans;

SELECT * FROM finish();
ROLLBACK;
