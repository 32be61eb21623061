-- The change log: what is recorded, by which way to write, and how readers see it.
-- A change is readable once it is committed, so these tests are no transaction; the database is theirs.
SELECT no_plan();

CREATE FUNCTION pg_temp.records(name text, OUT event text, OUT key jsonb, OUT old jsonb, OUT new jsonb) RETURNS SETOF record LANGUAGE sql
AS 'SELECT event_name, keys, old_image, new_image FROM dynamo.stream_records(name)';
CREATE FUNCTION pg_temp.events(name text) RETURNS text LANGUAGE sql
AS $$SELECT string_agg(left(event_name, 1) || (keys ->> 'p'), ' ' ORDER BY sequence_number) FROM dynamo.stream_records(name)$$;
CREATE FUNCTION pg_temp.last(name text) RETURNS text LANGUAGE sql AS 'SELECT max(sequence_number) FROM dynamo.stream_records(name)';

DO $$ BEGIN
	PERFORM dynamo.create_table('Plain', 'p');
	PERFORM dynamo.create_table('Both', 'p', stream_view_type => 'NEW_AND_OLD_IMAGES');
	PERFORM dynamo.create_table('KeysOnly', 'p', 'r', '{"r": "N"}', stream_view_type => 'KEYS_ONLY');
	PERFORM dynamo.create_table('News', 'p', stream_view_type => 'NEW_IMAGE');
	PERFORM dynamo.create_table('Olds', 'p', stream_view_type => 'OLD_IMAGE');
END $$;

-- ---- a table without a stream
SELECT is((SELECT array_agg(tgname ORDER BY tgname) FROM pg_trigger WHERE tgrelid = 'dynamo_tables."Plain"'::regclass AND NOT tgisinternal),
	'{dynamo_item}', 'a table without a stream has no trigger for one');
SELECT lives_ok($$SELECT dynamo.put_item('Plain', '{"p": "a"}')$$, 'it can be written');
SELECT is((SELECT count(*) FROM dynamo.change_log), 0::bigint, 'and nothing is recorded');
SELECT throws_ok($$SELECT * FROM dynamo.stream_records('Plain')$$, 'YD004', NULL, 'nor can it be read');

-- ---- the API's ways to write
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "a", "v": 1}')$$, 'a put');
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "a", "v": 1.0}')$$, 'a put of the same item');
SELECT lives_ok($$SELECT dynamo.update_item('Both', '{"p": "a"}', 'SET v = v + :one', attribute_values => '{":one": 1}')$$, 'an update');
SELECT lives_ok($$SELECT dynamo.update_item('Both', '{"p": "a"}', 'REMOVE nothing')$$, 'an update that changes nothing');
SELECT lives_ok($$SELECT dynamo.delete_item('Both', '{"p": "a"}')$$, 'a delete');
SELECT lives_ok($$SELECT dynamo.delete_item('Both', '{"p": "a"}')$$, 'a delete of nothing');
SELECT throws_ok($$SELECT dynamo.put_item('Both', '{"p": "a"}', condition => 'attribute_exists(p)')$$, 'YD006', NULL, 'a put whose condition fails');
SELECT results_eq($$SELECT * FROM pg_temp.records('Both')$$, $$VALUES
	('INSERT', '{"p": "a"}'::jsonb, NULL::jsonb, '{"p": "a", "v": 1}'::jsonb),
	('MODIFY', '{"p": "a"}', '{"p": "a", "v": 1}', '{"p": "a", "v": 2}'),
	('REMOVE', '{"p": "a"}', '{"p": "a", "v": 2}', NULL)$$, 'each change is recorded once, none that changed nothing');
SELECT dynamo.request('BatchWriteItem', '{"RequestItems": {"Both": [{"PutRequest": {"Item": {"p": {"S": "b"}}}}, {"PutRequest": {"Item": {"p": {"S": "c"}}}}]}}') IS NOT NULL AS batch \gset
SELECT is(pg_temp.events('Both'), 'Ia Ma Ra Ib Ic', 'a batch');

-- ---- views
DO $$ BEGIN
	PERFORM dynamo.put_item(t, '{"p": "a", "r": 5, "v": 1}'), dynamo.put_item(t, '{"p": "a", "r": 5, "v": 2}'),
		dynamo.delete_item(t, CASE t WHEN 'KeysOnly' THEN '{"p": "a", "r": 5}' ELSE '{"p": "a"}' END::jsonb) FROM unnest('{KeysOnly,News,Olds}'::text[]) AS t;
END $$;
SELECT results_eq($$SELECT * FROM pg_temp.records('KeysOnly')$$, $$VALUES ('INSERT', '{"p": "a", "r": 5}'::jsonb, NULL::jsonb, NULL::jsonb),
	('MODIFY', '{"p": "a", "r": 5}', NULL, NULL), ('REMOVE', '{"p": "a", "r": 5}', NULL, NULL)$$, 'KEYS_ONLY');
SELECT results_eq($$SELECT * FROM pg_temp.records('News')$$, $$VALUES ('INSERT', '{"p": "a"}'::jsonb, NULL::jsonb, '{"p": "a", "r": 5, "v": 1}'::jsonb),
	('MODIFY', '{"p": "a"}', NULL, '{"p": "a", "r": 5, "v": 2}'), ('REMOVE', '{"p": "a"}', NULL, NULL)$$, 'NEW_IMAGE');
SELECT results_eq($$SELECT * FROM pg_temp.records('Olds')$$, $$VALUES ('INSERT', '{"p": "a"}'::jsonb, NULL::jsonb, NULL::jsonb),
	('MODIFY', '{"p": "a"}', '{"p": "a", "r": 5, "v": 1}', NULL), ('REMOVE', '{"p": "a"}', '{"p": "a", "r": 5, "v": 2}', NULL)$$, 'OLD_IMAGE');

-- ---- SQL's ways to write
SELECT pg_temp.last('Both') AS after \gset
CREATE FUNCTION pg_temp.since(name text, after text) RETURNS text LANGUAGE sql
AS $$SELECT string_agg(left(event_name, 1) || (keys ->> 'p'), ' ' ORDER BY sequence_number) FROM dynamo.stream_records(name, after)$$;
INSERT INTO dynamo_tables."Both"(item) VALUES ('{"p": "s1"}'), ('{"p": "s2"}');
COPY dynamo_tables."Both"(item) FROM stdin;
{"p": "s3"}
\.
INSERT INTO dynamo_tables."Both"(item) VALUES ('{"p": "s3", "v": 1}'), ('{"p": "s4"}') ON CONFLICT (p) DO UPDATE SET item = EXCLUDED.item;
UPDATE dynamo_tables."Both" SET item = item || '{"v": 2}' WHERE p = 's1';
UPDATE dynamo_tables."Both" SET item = item WHERE p = 's1';
UPDATE dynamo_tables."Both" SET item = item || '{"p": "s5"}' WHERE p = 's2';
DELETE FROM dynamo_tables."Both" WHERE p = 's4';
SELECT is(pg_temp.since('Both', :'after'), 'Is1 Is2 Is3 Ms3 Is4 Ms1 Rs2 Is5 Rs4', 'INSERT, COPY, ON CONFLICT, UPDATE, a changed key, DELETE');
SELECT pg_temp.last('Both') AS after \gset
TRUNCATE dynamo_tables."Both";
SELECT is((SELECT count(*) || min(event_name) || max(event_name) FROM dynamo.stream_records('Both', :'after')), '5REMOVEREMOVE', 'TRUNCATE removes every item');

-- ---- a trigger of an SQL user that changes the row once more
CREATE FUNCTION public.again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	UPDATE dynamo_tables."Both" SET item = item || '{"again": true}' WHERE p = NEW.p AND NOT item ? 'again'; RETURN NULL; END $$;
CREATE TRIGGER aaa AFTER INSERT ON dynamo_tables."Both" FOR EACH ROW EXECUTE FUNCTION public.again();
SELECT pg_temp.last('Both') AS after \gset
INSERT INTO dynamo_tables."Both"(item) VALUES ('{"p": "t"}');
SELECT is(pg_temp.since('Both', :'after'), 'It Mt', 'changes of one item come in their order');
DROP TRIGGER aaa ON dynamo_tables."Both";

-- ---- transactions
SELECT pg_temp.last('Both') AS after \gset
BEGIN;
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "u1"}')$$, 'in a transaction');
SAVEPOINT s;
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "u2"}')$$, 'behind a savepoint');
ROLLBACK TO s;
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "u3"}')$$, 'and after going back to it');
SELECT is(pg_temp.since('Both', :'after'), NULL, 'nothing is readable before the commit');
COMMIT;
SELECT is(pg_temp.since('Both', :'after'), 'Iu1 Iu3', 'then what was not rolled back is');
BEGIN;
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "u4"}')$$, 'a transaction');
ROLLBACK;
SELECT is(pg_temp.since('Both', :'after'), 'Iu1 Iu3', 'that is rolled back leaves nothing');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(pg_temp.since('Both', :'after'), 'Iu1 Iu3', 'a reader with one snapshot');
COMMIT;

-- ---- one big transaction is one tick; pages divide it
SELECT pg_temp.last('Both') AS after \gset
INSERT INTO dynamo_tables."Both"(item) SELECT jsonb_build_object('p', 'big' || i) FROM generate_series(1, 12000) AS i;
SELECT is((SELECT count(DISTINCT keys) FROM dynamo.stream_records('Both', :'after', NULL)), 12000::bigint, 'all of a big transaction');
SELECT is((SELECT count(*) FROM dynamo.stream_records('Both', :'after', 1500)), 1500::bigint, 'max_records');
WITH RECURSIVE pages AS (
	SELECT 0 AS n, 0::bigint AS got, :'after'::text AS after
	UNION ALL
	SELECT n + 1, p.count, p.max FROM pages, LATERAL (SELECT count(*), max(sequence_number) FROM dynamo.stream_records('Both', pages.after, 777)) AS p
	WHERE p.count > 0)
SELECT is((SELECT sum(got) FROM pages), 12000::numeric, 'page by page, nothing is lost or doubled');

-- ---- who did it, and shards
SELECT is((SELECT count(DISTINCT lineage) FROM dynamo.change_log WHERE lineage / 256 = (SELECT id FROM dynamo.streams WHERE table_name = 'Both')), 4::bigint,
	'hash keys are spread over the shards');
SELECT is((SELECT count(*) FROM (SELECT COALESCE(new, old) ->> 'p' FROM dynamo.change_log WHERE keys IS NULL
	AND lineage / 256 = (SELECT id FROM dynamo.streams WHERE table_name = 'Both') GROUP BY 1 HAVING count(DISTINCT lineage) > 1) AS x), 0::bigint,
	'each in one of them');

-- ---- arguments
SELECT throws_ok($$SELECT * FROM dynamo.stream_records('Both', 'nonsense')$$, 'YD001', 'ValidationException: Invalid SequenceNumber', 'a malformed sequence number');
SELECT dynamo_test.leave_prefix() \g /dev/null
SELECT throws_ok($$SELECT * FROM dynamo.stream_records('Both', 'nonsense')$$, 'YD001', 'ValidationException: Invalid SequenceNumber', 'whatever a cancelled request has left behind');
SELECT is((SELECT count(*) FROM dynamo.stream_records('Both', '1' || repeat('9', 29))), 0::bigint, 'one of the future');
SELECT throws_ok($$SELECT * FROM dynamo.stream_records('Nothing')$$, 'YD004', NULL, 'a table that is none');
SELECT throws_ok($$SELECT * FROM dynamo.stream_records('')$$, 'YD004', NULL, 'an empty name is no table''s, rather than every table''s');
SELECT throws_ok($$SELECT * FROM dynamo.stream_records(NULL)$$, '22004', NULL, 'no table');

-- ---- retention: the oldest partition is emptied, and never a young one
SELECT is(dynamo.run_worker('stream_trim'), false, 'a pass of retention');
SELECT cmp_ok((SELECT count(*) FROM dynamo.change_log), '>', 12000::bigint, 'takes nothing of today');
SELECT dynamo_test.clock(now() + '28 hours') \g /dev/null
SELECT lives_ok($$SELECT dynamo.run_worker('stream_trim')$$, 'a day later');
SELECT is((SELECT count(*) FROM dynamo.change_log), 0::bigint, 'they are gone');
SELECT cmp_ok((SELECT trimmed_tick FROM dynamo.change_state), '>', 0::bigint, 'and so are their ticks');
SELECT is(pg_temp.events('Both'), NULL, 'nothing is left to read');
SELECT lives_ok($$SELECT dynamo.put_item('Both', '{"p": "new"}')$$, 'what comes after that');
SELECT is(pg_temp.events('Both'), 'Inew', 'is read');
SELECT is(pg_temp.since('Both', :'after'), 'Inew', 'from an old position, too');

SELECT * FROM finish();
