-- Direct SQL writes obey the same rules as the API.
BEGIN;
SELECT plan(32);

DO $$ BEGIN PERFORM dynamo.create_table('Users', 'UserId', 'Nr', attribute_types => '{"Nr": "N", "Photo": "B"}',
	global_indexes => '{"ByCity": {"hash_key": "City", "range_key": "Photo"}}'); END $$;

CREATE FUNCTION pg_temp.insert(item jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO dynamo_tables."Users" (item) VALUES (insert.item);
END $$;

-- what comes in
SELECT lives_ok($$SELECT pg_temp.insert('{"UserId": "u1", "Nr": 1.50, "City": "Rome", "Photo": {"$B": "AQI="}, "Tags": {"$SS": ["b", "a"]}}')$$, 'an item');
SELECT is(("UserId", "Nr", "City", "Photo", size)::text, '(u1,1.5,Rome,"\\x0102",34)', 'its derived columns') FROM dynamo_tables."Users";
SELECT is(item, '{"UserId": "u1", "Nr": 1.5, "City": "Rome", "Photo": {"$B": "AQI="}, "Tags": {"$SS": ["a", "b"]}}', 'its normal form') FROM dynamo_tables."Users";
SELECT is(item ->> 'Nr', '1.5', 'numbers lose their trailing zeros') FROM dynamo_tables."Users";
SELECT is(dynamo.get_item('Users', '{"UserId": "u1", "Nr": 1.5}') ->> 'City', 'Rome', 'the API finds it');
SELECT is(ARRAY(SELECT i ->> 'UserId' FROM dynamo.query('Users', 'City = :c', attribute_values => '{":c": "Rome"}', index_name => 'ByCity') AS i), ARRAY['u1'], 'so does a query of the index');
SELECT throws_ok($$SELECT pg_temp.insert('{"UserId": "u1", "Nr": 1.5}')$$, '23505', NULL, 'the key is unique');
SELECT lives_ok($$INSERT INTO dynamo_tables."Users" (item, "UserId", size) VALUES ('{"UserId": "u2", "Nr": 2}', 'other', 7)$$, 'derived columns may be given');
SELECT is(size, 12, 'and are computed all the same') FROM dynamo_tables."Users" WHERE "UserId" = 'u2';
COPY dynamo_tables."Users" (item) FROM stdin;
{"UserId": "u3", "Nr": 3}
{"UserId": "u3", "Nr": -3, "City": "Oslo"}
\.
SELECT is(count(*), 2::bigint, 'COPY') FROM dynamo_tables."Users" WHERE "UserId" = 'u3';

-- what does not
SELECT throws_ok(format('SELECT pg_temp.insert(%L)', item), 'YD001', NULL, 'no item: ' || item)
FROM unnest(ARRAY['[]', '1', '{"UserId": "u4"}', '{"UserId": 4, "Nr": 4}', '{"UserId": "", "Nr": 4}', '{"UserId": "u4", "Nr": 1e126}',
	'{"UserId": "u4", "Nr": 4, "City": 1}', '{"UserId": "u4", "Nr": 4, "City": ""}', '{"UserId": "u4", "Nr": 4, "x": {"$SS": []}}',
	'{"UserId": "u4", "Nr": 4, "x": {"$B": "?"}}']) AS item;
SELECT throws_ok($$INSERT INTO dynamo_tables."Users" (item) VALUES (NULL)$$, '23502', NULL, 'no item at all');
SELECT throws_ok($$SELECT pg_temp.insert(jsonb_build_object('UserId', 'u4', 'Nr', 4, 'x', repeat('x', 409600)))$$, 'YD001', NULL, 'an item of more than 400 KB');
SELECT lives_ok($$SELECT pg_temp.insert(jsonb_build_object('UserId', 'u4', 'Nr', 4, 'x', repeat('x', 409600 - 13)))$$, 'an item of 400 KB');
SELECT is(size, 409600, 'exactly') FROM dynamo_tables."Users" WHERE "UserId" = 'u4';

-- updates
UPDATE dynamo_tables."Users" SET item = item || '{"City": "Bonn"}' WHERE "UserId" = 'u1';
SELECT is(("City", size)::text, '(Bonn,34)', 'an update moves the derived columns') FROM dynamo_tables."Users" WHERE "UserId" = 'u1';
UPDATE dynamo_tables."Users" SET item = item - 'City' WHERE "UserId" = 'u1';
SELECT is("City", NULL, 'an attribute that goes takes its column along') FROM dynamo_tables."Users" WHERE "UserId" = 'u1';
UPDATE dynamo_tables."Users" SET item = item || '{"Nr": 9}' WHERE "UserId" = 'u1';
SELECT is(dynamo.get_item('Users', '{"UserId": "u1", "Nr": 9}') ->> 'Nr', '9', 'even the primary key');
SELECT throws_ok($$UPDATE dynamo_tables."Users" SET "City" = 'Bern'$$, '428C9', 'column "City" of table "Users" cannot be changed by itself', 'derived columns follow the item');
SELECT throws_ok($$UPDATE dynamo_tables."Users" SET size = 1$$, '428C9', NULL, 'size is derived, too');
SELECT lives_ok($$UPDATE dynamo_tables."Users" SET "City" = "City"$$, 'a change to the same value is none');

-- a table with the trigger that is none of ours
CREATE TABLE dynamo_tables."Stranger" (item jsonb);
CREATE TRIGGER t BEFORE INSERT ON dynamo_tables."Stranger" FOR EACH ROW EXECUTE FUNCTION dynamo.item_trigger();
SELECT throws_ok($$INSERT INTO dynamo_tables."Stranger" VALUES ('{}')$$, '55000', NULL, 'a table that the catalogue does not know');

SELECT throws_ok($$SELECT dynamo.item_trigger()$$, '39P01', NULL, 'the trigger is no function to call');

SELECT * FROM finish();
ROLLBACK;
