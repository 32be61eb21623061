-- Tables that inherit from an item table hold no items: nothing reads, counts, changes or deletes their rows.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.scanned(filter text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(i #>> '{p,S}', ' ' ORDER BY i #>> '{p,S}'), '')
	  FROM jsonb_array_elements(dynamo.request('Scan', '{"TableName": "Parent"}'::jsonb || filter::jsonb) -> 'Items') i $$;
CREATE FUNCTION pg_temp.work() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
	FOR i IN 1..50 LOOP EXIT WHEN NOT dynamo.run_worker('jobs'); END LOOP; END $$;

SELECT dynamo.create_table('Parent', 'p', global_indexes => '{"ByX": {"hash_key": "x"}}', stream_view_type => 'NEW_AND_OLD_IMAGES') IS NOT NULL;
SELECT dynamo.put_item('Parent', jsonb_build_object('p', p, 'x', 'v', 'by', 'parent')) FROM unnest('{a,b,c}'::text[]) p;
-- the statements are prepared, the descriptor is known, and then there are children
SELECT is(pg_temp.scanned(), 'a b c', 'what is there');
SELECT dynamo.get_item('Parent', '{"p": "a"}'), dynamo.update_item('Parent', '{"p": "a"}', 'SET n = :n', attribute_values => '{":n": 0}'),
	dynamo.delete_item('Parent', '{"p": "nobody"}'), dynamo.put_item('Parent', '{"p": "a", "x": "v", "by": "parent"}');
CREATE TABLE dynamo_tables.kid () INHERITS (dynamo_tables."Parent");
INSERT INTO dynamo_tables.kid (p, x, item, size) SELECT p, 'v', jsonb_build_object('p', p, 'x', 'v', 'by', 'kid'), 100 FROM unnest('{a,b,d}'::text[]) p;
CREATE FUNCTION pg_temp.kid() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(p || '=' || (item ->> 'by') || coalesce(' ' || x, ''), ' ' ORDER BY p) FROM dynamo_tables.kid $$;
CREATE TABLE before AS SELECT last_value FROM dynamo.change_number;
CREATE FUNCTION pg_temp.changes() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(event::text || ' ' || (old ->> 'p'), ', ' ORDER BY number) FROM dynamo.change_log WHERE number > (SELECT max(last_value) FROM before) $$;

-- ---- reads
SELECT is(dynamo.get_item('Parent', '{"p": "a"}') ->> 'by', 'parent', 'GetItem finds the item');
SELECT is(dynamo.get_item('Parent', '{"p": "d"}'), NULL, 'and no row of a child');
SELECT is(pg_temp.scanned(), 'a b c', 'Scan');
SELECT is(pg_temp.scanned('{"IndexName": "ByX"}'), 'a b c', 'of an index');
SELECT is(pg_temp.scanned('{"Segment": 0, "TotalSegments": 1}'), 'a b c', 'of a segment');
SELECT is((SELECT count(*) FROM dynamo.query('Parent', 'p = :p', attribute_values => '{":p": "a"}')), 1::bigint, 'Query');
SELECT is((SELECT count(*) FROM dynamo.query('Parent', 'x = :x', index_name => 'ByX', attribute_values => '{":x": "v"}')), 3::bigint, 'of an index');
SELECT is((SELECT count(*) FROM dynamo.partiql('SELECT * FROM "Parent" WHERE p = ''d''')), 0::bigint, 'a statement');
SELECT is(dynamo.request('BatchGetItem', '{"RequestItems": {"Parent": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "d"}}]}}}') #> '{Responses,Parent}',
		  '[{"p": {"S": "a"}, "x": {"S": "v"}, "by": {"S": "parent"}}]', 'BatchGetItem');
SELECT is(dynamo.request('TransactGetItems', '{"TransactItems": [{"Get": {"TableName": "Parent", "Key": {"p": {"S": "d"}}}}]}') -> 'Responses', '[{}]', 'TransactGetItems');
SELECT is(dynamo.describe_table('Parent') #>> '{ItemCount}', '3', 'ItemCount');
SELECT is(dynamo.describe_table('Parent') #>> '{TableSizeBytes}', (SELECT sum(size)::text FROM ONLY dynamo_tables."Parent"), 'TableSizeBytes');
SELECT is(dynamo.describe_table('Parent') #>> '{GlobalSecondaryIndexes,0,ItemCount}', '3', 'ItemCount of an index');

-- ---- writes
SELECT lives_ok($$SELECT dynamo.update_item('Parent', '{"p": "a"}', 'SET n = :n', attribute_values => '{":n": 1}')$$, 'UpdateItem');
SELECT lives_ok($$SELECT dynamo.put_item('Parent', '{"p": "b", "x": "v", "by": "parent"}', condition => 'attribute_exists(p)')$$, 'PutItem with a condition');
SELECT throws_ok($$SELECT dynamo.put_item('Parent', '{"p": "d"}', condition => 'attribute_exists(p)')$$, 'YD006', NULL, 'which a row of a child does not fulfil');
SELECT lives_ok($$SELECT dynamo.delete_item('Parent', '{"p": "d"}')$$, 'DeleteItem of a key that only the child has');
SELECT is(dynamo.delete_item('Parent', '{"p": "a"}') ->> 'by', 'parent', 'and of one that both have');
SELECT lives_ok($$SELECT dynamo.request('BatchWriteItem', '{"RequestItems": {"Parent": [{"DeleteRequest": {"Key": {"p": {"S": "b"}}}}]}}')$$, 'BatchWriteItem');
SELECT lives_ok($$SELECT dynamo.request('TransactWriteItems', '{"TransactItems": [{"Delete": {"TableName": "Parent", "Key": {"p": {"S": "d"}}}}]}')$$, 'TransactWriteItems');
SELECT is(pg_temp.scanned(), 'c', 'the items are gone');
SELECT is(pg_temp.kid(), 'a=kid v b=kid v d=kid v', 'and the child is as it was');
SELECT is(pg_temp.changes(),
		  'M a, R a, R b', 'the stream has what the items did');

-- ---- an index is built: the child gets the column, and nobody fills it
SELECT dynamo.put_item('Parent', jsonb_build_object('p', p, 'y', p, 'by', 'parent')) FROM unnest('{a,b}'::text[]) p;
TRUNCATE dynamo_tables.kid;
INSERT INTO dynamo_tables.kid (p, x, item, size) SELECT p, 'v', jsonb_build_object('p', p, 'y', 'w', 'by', 'kid'), 100 FROM unnest('{a,b,d}'::text[]) p;
SELECT lives_ok($$SELECT dynamo.request('UpdateTable', '{"TableName": "Parent", "AttributeDefinitions": [{"AttributeName": "y", "AttributeType": "S"}],
	"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "ByY", "KeySchema": [{"AttributeName": "y", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}')$$, 'an index');
SELECT pg_temp.work();
SELECT is((SELECT status FROM dynamo.indexes WHERE name = 'ByY'), 'ACTIVE', 'is built');
SELECT is((SELECT max(rows_done) FROM dynamo.jobs WHERE object = 'ByY'), 3::bigint, 'from the items');
SELECT is((SELECT count(y) FROM dynamo_tables.kid), 0::bigint, 'not from the child');
SELECT is(pg_temp.scanned('{"IndexName": "ByY"}'), 'a b', 'and holds the items');

-- ---- TimeToLive
SELECT is(dynamo.request('UpdateTimeToLive', '{"TableName": "Parent", "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": true}}') #>> '{TimeToLiveSpecification,Enabled}', 'true', 'TimeToLive');
SELECT pg_temp.work();
TRUNCATE dynamo_tables."Parent";
SELECT is(pg_temp.kid(), NULL, 'TRUNCATE empties the child as well, as PostgreSQL has it');
INSERT INTO dynamo_tables."Parent" (item)
SELECT jsonb_build_object('p', p, 'by', 'parent', 'expires', extract(epoch FROM now())::bigint + CASE p WHEN 'b' THEN 1000 ELSE -100 END) FROM unnest('{a,b,c}'::text[]) p;
INSERT INTO dynamo_tables.kid (p, x, item, size) SELECT p, 'v', jsonb_build_object('p', p, 'by', 'kid'), 100 FROM unnest('{a,b,d}'::text[]) p;
-- an expired row of the child is the child's business, too
INSERT INTO dynamo_tables.kid (p, x, item, size, "~ttl") SELECT 'e', 'v', '{"p": "e", "by": "kid"}', 100, extract(epoch FROM now())::bigint - 200;
SELECT is((SELECT string_agg(ctid::text, ' ' ORDER BY ctid) FROM dynamo_tables.kid WHERE p < 'e'), (SELECT string_agg(ctid::text, ' ' ORDER BY ctid) FROM ONLY dynamo_tables."Parent"), 'rows of both at the same places');
SELECT is(dynamo.expire_items('Parent'), 2::bigint, 'what has expired of the items');
SELECT is(pg_temp.scanned(), 'b', 'is deleted');
SELECT is(pg_temp.kid(), 'a=kid v b=kid v d=kid v e=kid v', 'and the child is as it was');
SELECT ok(dynamo.run_worker('ttl') IS NOT NULL, 'the scheduler''s way');
SELECT is(pg_temp.kid(), 'a=kid v b=kid v d=kid v e=kid v', 'does not touch the child either');

-- ---- the stream hears of the items that TRUNCATE removes, and of nothing else
INSERT INTO before SELECT last_value FROM dynamo.change_number;
TRUNCATE dynamo_tables."Parent";
SELECT is(pg_temp.changes(),
		  'R b', 'TRUNCATE');

-- ---- a role that may write the items only
INSERT INTO dynamo_tables."Parent" (item) VALUES ('{"p": "a"}');
CREATE ROLE dynamo_test_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON dynamo_tables."Parent" TO dynamo_test_writer;
INSERT INTO dynamo_tables.kid (p, x, item, size) VALUES ('a', 'v', '{"p": "a", "by": "kid"}', 100);
SET LOCAL ROLE dynamo_test_writer;
SELECT lives_ok($$SELECT dynamo.delete_item('Parent', '{"p": "a"}')$$, 'a writer of the items');
RESET ROLE;
SELECT is(pg_temp.kid(), 'a=kid v', 'does not reach the child');

-- ---- dynamo.check_table() tells, and how to part them
CREATE TABLE dynamo_tables."other kid" () INHERITS (dynamo_tables."Parent");
SELECT results_eq($$SELECT * FROM dynamo.check_table('Parent') ORDER BY 1$$,
	$$VALUES ('table dynamo_tables."other kid" inherits from it, whose rows are no items', 'served', 'ALTER TABLE dynamo_tables."other kid" NO INHERIT dynamo_tables."Parent"'),
			 ('table dynamo_tables.kid inherits from it, whose rows are no items', 'served', 'ALTER TABLE dynamo_tables.kid NO INHERIT dynamo_tables."Parent"')$$, 'children are told of');
SELECT throws_ok($$SELECT dynamo.delete_table('Parent')$$, '2BP01', NULL, 'and keep their parent from being dropped');
DO $$ DECLARE r text; BEGIN FOR r IN SELECT repair FROM dynamo.check_table('Parent') LOOP EXECUTE r; END LOOP; END $$;
SELECT is_empty($$SELECT * FROM dynamo.check_table('Parent')$$, 'repaired');
SELECT is(pg_temp.kid(), 'a=kid v', 'the child keeps its rows');

-- ---- an item table that inherits from another one
SELECT dynamo.create_table('One', 'p') IS NOT NULL, dynamo.create_table('Two', 'p') IS NOT NULL;
ALTER TABLE dynamo_tables."Two" INHERIT dynamo_tables."One";
SELECT dynamo.put_item(t, jsonb_build_object('p', 'a', 'of', t)) FROM unnest('{One,Two}'::text[]) t;
SELECT is((SELECT string_agg(item ->> 'of', ' ') FROM dynamo.scan(t) AS s(item)), t, t || ' has its own items') FROM unnest('{One,Two}'::text[]) t;
SELECT dynamo.delete_item('One', '{"p": "a"}');
SELECT is(dynamo.get_item('Two', '{"p": "a"}') ->> 'of', 'Two', 'and a deletion in one is none in the other');
SELECT results_eq($$SELECT * FROM dynamo.check_table('Two')$$,
	$$VALUES ('it inherits from table dynamo_tables."One", whose changes reach it', 'served', 'ALTER TABLE dynamo_tables."Two" NO INHERIT dynamo_tables."One"')$$, 'the child tells of its parent');

-- ---- a partition of a table of somebody's own
CREATE TABLE whole (LIKE dynamo_tables."One") PARTITION BY LIST (p);
SELECT dynamo.create_table('Part', 'p') IS NOT NULL;
ALTER TABLE whole ATTACH PARTITION dynamo_tables."Part" DEFAULT;
INSERT INTO whole (p, item, size) VALUES ('a', '{"p": "a"}', 0);
SELECT is(dynamo.get_item('Part', '{"p": "a"}'), '{"p": "a"}', 'what comes through the whole is an item');
SELECT lives_ok($$SELECT dynamo.put_item('Part', '{"p": "b"}'), dynamo.delete_item('Part', '{"p": "a"}')$$, 'which can be written');
SELECT is((SELECT string_agg(p, ' ') FROM whole), 'b', 'and read as a part of the whole');
SELECT results_eq($$SELECT * FROM dynamo.check_table('Part')$$,
	$$VALUES ('it is a partition of table public.whole, so no index can be added', 'served', 'ALTER TABLE public.whole DETACH PARTITION dynamo_tables."Part"')$$, 'dynamo.check_table() tells');
SELECT throws_ok($$SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Part", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}')$$,
	'YD005', 'ResourceInUseException: Table is being used: Part: it is a partition of a table in SQL, to which no column can be added', 'no column can be added');

-- ---- a partitioned table in the place of an item table
SELECT dynamo.create_table('Split', 'p') IS NOT NULL;
SELECT dynamo.put_item('Split', '{"p": "a"}');
ALTER EVENT TRIGGER dynamo_alter DISABLE;
ALTER TABLE dynamo_tables."Split" RENAME TO away;
ALTER EVENT TRIGGER dynamo_alter ENABLE;
CREATE TABLE dynamo_tables."Split" (LIKE dynamo_tables.away INCLUDING ALL) PARTITION BY LIST (p);
CREATE TABLE dynamo_tables.rest PARTITION OF dynamo_tables."Split" DEFAULT;
INSERT INTO dynamo_tables.rest (p, item, size) VALUES ('a', '{"p": "a"}', 0);
SELECT throws_ok(operation, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Split is damaged: it is a partitioned table', operation)
  FROM unnest(ARRAY[$$SELECT dynamo.get_item('Split', '{"p": "a"}')$$, $$SELECT * FROM dynamo.scan('Split')$$, $$SELECT dynamo.put_item('Split', '{"p": "b"}')$$,
					$$SELECT dynamo.delete_item('Split', '{"p": "a"}')$$]) operation;
SELECT is((SELECT problem || ': ' || effect FROM dynamo.check_table('Split') LIMIT 1), 'it is a partitioned table: not served', 'dynamo.check_table() tells');
SELECT is(dynamo.describe_table('Split') #>> '{ItemCount}', '0', 'it is described');
SELECT lives_ok($$SELECT dynamo.delete_table('Split')$$, 'and can be deleted');
SELECT * FROM finish();
ROLLBACK;
