-- Rows of items: what updates cost, how long keys may be, who may write, and triggers of SQL users.
BEGIN;
SELECT plan(34);

-- Updates that change no key attribute are HOT.
DO $$ BEGIN PERFORM dynamo.create_table('Hot', 'h', 'r', global_indexes => '{"Global": {"hash_key": "g", "range_key": "n"}}', attribute_types => '{"n": "N"}'); END $$;
CREATE FUNCTION pg_temp.hot(change text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	before bigint := pg_stat_get_xact_tuples_hot_updated('dynamo_tables."Hot"'::regclass);
BEGIN
	EXECUTE change;
	RETURN pg_stat_get_xact_tuples_hot_updated('dynamo_tables."Hot"'::regclass) - before;
END $$;
DO $$ BEGIN PERFORM dynamo.put_item('Hot', jsonb_build_object('h', repeat('h', 250), 'r', 'r', 'g', repeat('g', 150), 'n', 1.25)); END $$;
SELECT is(pg_temp.hot($$SELECT dynamo.put_item('Hot', jsonb_build_object('h', repeat('h', 250), 'r', 'r', 'g', repeat('g', 150), 'n', 1.25, 'a', 1))$$), 1::bigint, 'a put is HOT');
SELECT is(pg_temp.hot($$SELECT dynamo.put_item('Hot', jsonb_build_object('h', repeat('h', 250), 'r', 'r', 'g', repeat('g', 150), 'n', 1.25, 'a', 2), condition => 'a = :a', attribute_values => '{":a": 1}')$$), 1::bigint, 'a conditional put is HOT');
SELECT is(pg_temp.hot($$SELECT dynamo.update_item('Hot', jsonb_build_object('h', repeat('h', 250), 'r', 'r'), 'SET a = :a', attribute_values => '{":a": 3}')$$), 1::bigint, 'an update is HOT');
SELECT is(pg_temp.hot($$UPDATE dynamo_tables."Hot" SET item = item || '{"a": 4}'$$), 1::bigint, 'an update in SQL is HOT');
SELECT is(pg_temp.hot($$SELECT dynamo.put_item('Hot', jsonb_build_object('h', repeat('h', 250), 'r', 'r', 'g', repeat('g', 150), 'n', 1.25, 'x', (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) AS i)))$$), 1::bigint, 'a put of an item that leaves the row is HOT');
SELECT is(pg_temp.hot($$SELECT dynamo.update_item('Hot', jsonb_build_object('h', repeat('h', 250), 'r', 'r'), 'SET n = :n', attribute_values => '{":n": 7}')$$), 0::bigint, 'a change of an index key is not');
SELECT is(attstorage::text, 'm', 'key columns stay in the row') FROM pg_attribute WHERE attrelid = 'dynamo_tables."Hot"'::regclass AND attname = 'h';

-- The longest legal keys, in a value that no compression shortens.
CREATE FUNCTION pg_temp.noise(seed text, len int) RETURNS text LANGUAGE sql AS
	$$SELECT left(string_agg(translate(encode(sha512((seed || i)::bytea), 'base64'), E'\n=', 'xy'), ''), len) FROM generate_series(1, 30) AS i$$;
DO $$ BEGIN PERFORM dynamo.create_table('Keys', 'h', 'r', global_indexes => '{"Global": {"hash_key": "g", "range_key": "s"}, "Inverted": {"hash_key": "s", "range_key": "g"}}', local_indexes => '{"Local": {"range_key": "s"}}'); END $$;
CREATE FUNCTION pg_temp.keys(h int, r int, g int, s int) RETURNS jsonb LANGUAGE sql AS
	$$SELECT jsonb_strip_nulls(jsonb_build_object('h', pg_temp.noise('h', h), 'r', pg_temp.noise('r', r), 'g', pg_temp.noise('g', g), 's', pg_temp.noise('s', s)))$$;
SELECT lives_ok($$SELECT dynamo.put_item('Keys', pg_temp.keys(2048, 1024, 1024, 1024))$$, 'keys of the greatest length');
SELECT is(dynamo.get_item('Keys', pg_temp.keys(2048, 1024, 1024, 1024) - 'g' - 's'), pg_temp.keys(2048, 1024, 1024, 1024), 'are found');
SELECT is(dynamo.get_item('Keys', pg_temp.keys(2047, 1024, 1024, 1024) - 'g' - 's'), NULL, 'another key with the same beginning is not');
SELECT is((SELECT i FROM dynamo.query('Keys', 'g = :g', attribute_values => jsonb_build_object(':g', pg_temp.noise('g', 1024)), index_name => 'Global') AS i), pg_temp.keys(2048, 1024, 1024, 1024), 'are found through an index');
SELECT is((SELECT i FROM dynamo.query('Keys', 's = :s AND g = :g', attribute_values => jsonb_build_object(':s', pg_temp.noise('s', 1024), ':g', pg_temp.noise('g', 1024)), index_name => 'Inverted') AS i), pg_temp.keys(2048, 1024, 1024, 1024), 'as hash and as range key');
SELECT lives_ok($$SELECT dynamo.put_item('Keys', pg_temp.keys(200, 1, NULL, NULL))$$, 'a hash key of 200 bytes');
SELECT is(array_agg(length(h) ORDER BY length(h)), '{200,264}', 'is stored whole; a longer one is shortened') FROM dynamo_tables."Keys";
SELECT throws_ok($$SELECT dynamo.put_item('Keys', pg_temp.keys(2049, 1, NULL, NULL))$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes', 'a hash key of 2049 bytes');
SELECT throws_ok($$SELECT dynamo.get_item('Keys', pg_temp.keys(1, 1025, NULL, NULL))$$, 'YD001',
	'ValidationException: One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes', 'a range key of 1025 bytes');
SELECT throws_ok($$SELECT dynamo.put_item('Keys', pg_temp.keys(1, 1, NULL, 1025))$$, 'YD001', NULL, 'a range key of an index, too');
SELECT throws_ok($$SELECT dynamo.put_item('Keys', jsonb_build_object('h', 'x', 'r', repeat(E'\u0001\u0001', 1024), 'g', 'x', 's', repeat(E'\u0001\u0001', 1024)))$$,
	'YD001', NULL, 'keys that no index entry holds are refused');

-- U+0000 and U+0001 in keys
DO $$ BEGIN PERFORM dynamo.put_item('Keys', jsonb_build_object('h', E'a\u0001\u0001b', 'r', E'\u0001\u0002')); END $$;
SELECT is(dynamo.get_item('Keys', jsonb_build_object('h', E'a\u0001\u0001b', 'r', E'\u0001\u0002')), jsonb_build_object('h', E'a\u0001\u0001b', 'r', E'\u0001\u0002'), 'U+0000 in a key');
SELECT is(dynamo.get_item('Keys', jsonb_build_object('h', 'ab', 'r', E'\u0001\u0002')), NULL, 'cuts nothing off');

-- Writers need not be readers.
CREATE ROLE store_writer;
CREATE ROLE store_deleter;
CREATE ROLE store_reader;
GRANT INSERT, UPDATE ON dynamo_tables."Hot" TO store_writer;
GRANT DELETE ON dynamo_tables."Hot" TO store_deleter;
GRANT SELECT ON dynamo_tables."Hot" TO store_reader;
SET LOCAL ROLE store_writer;
SELECT lives_ok($$SELECT dynamo.put_item('Hot', '{"h": "w", "r": "w"}')$$, 'a writer puts');
SELECT lives_ok($$SELECT dynamo.put_item('Hot', '{"h": "w", "r": "w"}')$$, 'puts again');
SELECT lives_ok($$SELECT dynamo.put_item('Hot', '{"h": "w", "r": "w"}', condition => 'attribute_exists(h)')$$, 'puts on a condition');
SELECT lives_ok($$SELECT dynamo.update_item('Hot', '{"h": "w", "r": "w"}', 'SET a = :a', attribute_values => '{":a": 3}')$$, 'updates');
SELECT throws_ok($$SELECT * FROM dynamo_tables."Hot"$$, '42501', NULL, 'and reads nothing in SQL');
SELECT throws_ok($$SELECT dynamo.get_item('Hot', '{"h": "w", "r": "w"}')$$, 'YD105', NULL, 'nor through the API');
SET LOCAL ROLE store_reader;
SELECT throws_ok($$SELECT dynamo.put_item('Hot', '{"h": "w", "r": "w"}')$$, 'YD105', NULL, 'a reader puts nothing');
SELECT is(dynamo.get_item('Hot', '{"h": "w", "r": "w"}') ->> 'a', '3', 'a reader reads');
SET LOCAL ROLE store_deleter;
SET LOCAL search_path = pg_temp, public;
SELECT lives_ok($$SELECT dynamo.delete_item('Hot', '{"h": "w", "r": "w"}')$$, 'a deleter deletes');
RESET ROLE;

-- Triggers of SQL users run inside our writes, and may write themselves.
DO $$ BEGIN PERFORM dynamo.create_table('Outer', 'h'); PERFORM dynamo.create_table('Inner', 'h', global_indexes => '{"Global": {"hash_key": "g"}}'); END $$;
CREATE FUNCTION pg_temp.copy_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.item ->> 'h' LIKE 'again%' THEN
		RETURN NEW;
	END IF;
	-- the same item with a wrong column, in the same table and in another
	INSERT INTO dynamo_tables."Outer" (item, h, size) VALUES (NEW.item || '{"h": "again-sql"}', NEW.h, NEW.size);
	PERFORM dynamo.put_item('Outer', NEW.item || '{"h": "again-api"}');
	INSERT INTO dynamo_tables."Inner" (item, h, g, size) VALUES (NEW.item, NEW.h, 'wrong', NEW.size);
	BEGIN
		INSERT INTO dynamo_tables."Inner" (item) VALUES ('{"h": 1}');
	EXCEPTION WHEN SQLSTATE 'YD001' THEN
		NULL;
	END;
	NEW.item := NEW.item || '{"stamp": "s"}';
	RETURN NEW;
END $$;
CREATE TRIGGER a_first BEFORE INSERT ON dynamo_tables."Outer" FOR EACH ROW EXECUTE FUNCTION pg_temp.copy_over();
DO $$ BEGIN PERFORM dynamo.put_item('Outer', '{"h": "1", "g": "right"}'); END $$;
SELECT is(array_agg(h ORDER BY h), '{1,again-api,again-sql}', 'writes inside a write are checked as any other') FROM dynamo_tables."Outer";
SELECT is(g, 'right', 'columns are derived there, too') FROM dynamo_tables."Inner";
SELECT is((item, size)::text, '("{""g"": ""right"", ""h"": ""1"", ""stamp"": ""s""}",14)', 'an item that a trigger changed is derived anew') FROM dynamo_tables."Outer" WHERE h = '1';

CREATE FUNCTION pg_temp.suppress() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER b_suppress BEFORE INSERT OR UPDATE ON dynamo_tables."Inner" FOR EACH ROW EXECUTE FUNCTION pg_temp.suppress();
SELECT throws_ok($$SELECT dynamo.put_item('Inner', '{"h": "2"}')$$, '09000', NULL, 'a write that a trigger suppresses is not acknowledged');

-- Row security policies decide as they do in SQL.
ALTER TABLE dynamo_tables."Hot" ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON dynamo_tables."Hot" TO store_writer, store_reader USING (h = current_user::text);
DO $$ BEGIN PERFORM dynamo.put_item('Hot', '{"h": "store_reader", "r": "1"}'), dynamo.put_item('Hot', '{"h": "store_writer", "r": "1"}'); END $$;
SET LOCAL ROLE store_reader;
SELECT is(ARRAY(SELECT i ->> 'h' FROM dynamo.scan('Hot') AS i), ARRAY['store_reader'], 'a reader sees the rows of its policy');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
