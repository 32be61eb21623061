-- The catalogue, the PostgreSQL tables behind it, and what sessions know about both.
BEGIN;
SELECT plan(49);

-- layout
DO $$ BEGIN PERFORM dynamo.create_table('Orders', 'UserId', 'OrderId', attribute_types => '{"Total": "N", "OrderId": "B"}',
	global_indexes => '{"Inverted": {"hash_key": "OrderId", "range_key": "UserId"}, "ByTotal": {"hash_key": "Status", "range_key": "Total"}, "pkey": {"hash_key": "UserId", "range_key": "OrderId"}}',
	local_indexes => '{"Local": {"range_key": "Total"}}', tags => '{"a": "1"}'); END $$;
SELECT is(ARRAY(SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE '' END
		FROM pg_attribute WHERE attrelid = 'dynamo_tables."Orders"'::regclass AND attnum > 0 AND attname NOT LIKE '~%' ORDER BY attnum),
	ARRAY['UserId text not null', 'OrderId bytea not null', 'Total numeric', 'Status text', 'item jsonb not null', 'size integer not null'], 'columns of an item table');
SELECT is(ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = 'dynamo_tables."Orders"'::regclass AND attname LIKE '~%' ORDER BY attname),
	ARRAY['~hash~OrderId', '~range~UserId'],
	'an attribute that is a hash key here and a range key there has two columns');
SELECT is(ARRAY(SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'dynamo_tables."Orders"'::regclass ORDER BY 1),
	ARRAY['dynamo_tables."Orders~ByTotal"', 'dynamo_tables."Orders~Inverted"', 'dynamo_tables."Orders~Local"', 'dynamo_tables."Orders~pkey"',
		'dynamo_tables."Orders~pkey~' || left(encode(sha256('Orders~pkey'), 'hex'), 16) || '"'], 'its indexes, one of which is called pkey');
SELECT is(pg_get_expr(indpred, indrelid), '(("Status" IS NOT NULL) AND ("Total" IS NOT NULL))', 'an index is partial')
FROM pg_index WHERE indexrelid = 'dynamo_tables."Orders~ByTotal"'::regclass;
SELECT is((SELECT collname FROM pg_collation AS c WHERE c.oid = attcollation), 'C', 'text orders by bytes')
FROM pg_attribute WHERE attrelid = 'dynamo_tables."Orders"'::regclass AND attname = 'UserId';
SELECT is(ARRAY(SELECT (a.name, a.type)::text FROM dynamo.attributes AS a JOIN dynamo.tables AS t ON t.id = table_id WHERE t.name = 'Orders' ORDER BY a.name),
	ARRAY['(OrderId,B)', '(Status,S)', '(Total,N)', '(UserId,S)'], 'dynamo.attributes');
SELECT is((global, hash_keys, range_keys, rel_name)::text, '(t,{Status},{Total},Orders~ByTotal)', 'dynamo.indexes') FROM dynamo.indexes WHERE name = 'ByTotal';
SELECT is((key, value)::text, '(a,1)', 'dynamo.tags') FROM dynamo.tags;
SELECT ok(NOT EXISTS (SELECT FROM pg_depend WHERE objid = 'dynamo_tables."Orders"'::regclass AND deptype = 'e'), 'an item table is no member of the extension');

-- names
DO $$ BEGIN PERFORM dynamo.create_table(repeat('t', 255), hash_key, range_key, global_indexes => jsonb_build_object(repeat('i', 255), '{"hash_key": "ctid"}'::jsonb))
	FROM (VALUES (repeat('é', 127), E'\u0001\u0001 ~"')) AS k (hash_key, range_key); END $$;
SELECT is(rel_name, repeat('t', 46) || '~' || left(encode(sha256(repeat('t', 255)::bytea), 'hex'), 16), 'a long table name') FROM dynamo.tables WHERE name LIKE 'ttt%';
SELECT is(rel_name, repeat('t', 46) || '~' || left(encode(sha256((repeat('t', 255) || '~' || repeat('i', 255))::bytea), 'hex'), 16), 'a long index name')
FROM dynamo.indexes WHERE name LIKE 'iii%';
SELECT lives_ok(format($$SELECT dynamo.create_table(%L, 'h', global_indexes => '{"pkey": {"hash_key": "g"}}')$$, repeat('p', 255)), 'an index called pkey of a table with a long name');
SELECT is(hash_column, '~~' || left(encode(sha256(repeat('é', 127)::bytea), 'hex'), 16), 'a long attribute name') FROM dynamo.attributes WHERE name LIKE 'ééé%';
SELECT is(range_column, '~~' || left(encode(sha256(E'\u0001\u0001 ~"'::bytea), 'hex'), 16), 'a name with U+0000') FROM dynamo.attributes WHERE name LIKE '%~"';
SELECT is(hash_column, '~ctid~' || left(encode(sha256('ctid'), 'hex'), 16), 'the name of a system column') FROM dynamo.attributes WHERE name = 'ctid';
SELECT lives_ok(format('SELECT dynamo.put_item(%L, %L)', repeat('t', 255), jsonb_build_object(repeat('é', 127), 'h', E'\u0001\u0001 ~"', 'r', 'ctid', 'c')), 'writing there');
SELECT is((SELECT count(*) FROM dynamo.query(repeat('t', 255), 'ctid = :c', attribute_values => '{":c": "c"}', index_name => repeat('i', 255))), 1::bigint, 'and reading');
DO $$ BEGIN PERFORM dynamo.create_table('Quotes', 'a"b', 'select', local_indexes => '{"Index": {"range_key": "size"}}'); PERFORM dynamo.put_item('Quotes', '{"a\"b": "1", "select": "2", "size": "3"}'); END $$;
SELECT is("a""b" || "select" || size, '1216', 'names that SQL must quote') FROM dynamo_tables."Quotes";

-- names that are taken
SELECT throws_ok($$SELECT dynamo.request('CreateTable', '{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]}')$$,
	'YD005', 'ResourceInUseException: Table already exists: Orders', 'a table of that name');
CREATE TABLE dynamo_tables."Mine" (a int);
SELECT throws_ok($$SELECT dynamo.create_table('Mine', 'a')$$, 'YD005', NULL, 'a relation of that name');

-- DROP TABLE in SQL
DO $$ BEGIN PERFORM dynamo.create_table('Gone', 'a'), dynamo.put_item('Gone', '{"a": "1"}'); END $$;
DROP TABLE dynamo_tables."Gone";
SELECT is((SELECT count(*) FROM dynamo.tables WHERE name = 'Gone'), 0::bigint, 'DROP TABLE in SQL is DeleteTable');
SELECT throws_ok($$SELECT dynamo.get_item('Gone', '{"a": "1"}')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'data operations');
SELECT throws_ok($$SELECT dynamo.describe_table('Gone')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Gone not found', 'table operations');
SELECT lives_ok($$SELECT dynamo.create_table('Gone', 'b')$$, 'the name is free again');
SELECT lives_ok($$SELECT dynamo.put_item('Gone', '{"b": "1"}')$$, 'with another key');
SET LOCAL session_replication_role = replica;
ALTER EVENT TRIGGER dynamo_drop DISABLE;
DROP TABLE dynamo_tables."Gone";
ALTER EVENT TRIGGER dynamo_drop ENABLE;
RESET session_replication_role;
SELECT throws_ok($$SELECT dynamo.get_item('Gone', '{"b": "1"}')$$, 'YD004', NULL, 'a table that vanished behind our back');
SELECT lives_ok($$SELECT dynamo.create_table('Gone', 'c')$$, 'can be created again');
SELECT is((SELECT count(*) FROM dynamo.tables WHERE name = 'Gone'), 1::bigint, 'once');

-- what hangs on a table
CREATE VIEW pg_temp.view_of_gone AS SELECT item FROM dynamo_tables."Gone";
SELECT throws_ok($$SELECT dynamo.delete_table('Gone')$$, 'YD005', 'ResourceInUseException: Table is being used: Gone: rule _RETURN on view view_of_gone depends on it', 'a view holds a table');
DROP VIEW pg_temp.view_of_gone;
SELECT lives_ok($$SELECT dynamo.delete_table('Gone')$$, 'without it the table goes');
SELECT is((SELECT count(*) FROM dynamo.attributes LEFT JOIN dynamo.tables AS t ON t.id = table_id WHERE t.id IS NULL), 0::bigint, 'with all its rows');

-- rollback
SAVEPOINT one;
DO $$ BEGIN PERFORM dynamo.create_table('Undone', 'a'), dynamo.put_item('Undone', '{"a": "1"}'); END $$;
ROLLBACK TO one;
SELECT throws_ok($$SELECT dynamo.get_item('Undone', '{"a": "1"}')$$, 'YD004', NULL, 'a table whose creation was rolled back');
DO $$ BEGIN PERFORM dynamo.create_table('Undone', 'b'), dynamo.put_item('Undone', '{"b": "1"}'); END $$;
SAVEPOINT two;
DO $$ BEGIN PERFORM dynamo.delete_table('Undone'); END $$;
SELECT throws_ok($$SELECT dynamo.get_item('Undone', '{"b": "1"}')$$, 'YD004', NULL, 'a deleted table');
ROLLBACK TO two;
SELECT is(dynamo.get_item('Undone', '{"b": "1"}'), '{"b": "1"}', 'whose deletion was rolled back');

-- changes to the catalogue are seen at once, also those made in SQL
UPDATE dynamo.tables SET status = 'DELETING' WHERE name = 'Undone';
SELECT throws_ok($$SELECT dynamo.get_item('Undone', '{"b": "1"}')$$, 'YD004', NULL, 'a table in status DELETING serves no data');
SELECT is(dynamo.describe_table('Undone') ->> 'TableStatus', 'DELETING', 'but is described');
UPDATE dynamo.tables SET status = 'UPDATING', deletion_protection = true WHERE name = 'Undone';
SELECT is(dynamo.get_item('Undone', '{"b": "1"}'), '{"b": "1"}', 'a table in status UPDATING serves data');
SELECT throws_ok($$SELECT dynamo.delete_table('Undone')$$, 'YD001', NULL, 'deletion protection');
ALTER EVENT TRIGGER dynamo_alter DISABLE;
ALTER TABLE dynamo_tables."Undone" RENAME COLUMN b TO c;
SELECT throws_ok($$SELECT dynamo.get_item('Undone', '{"b": "1"}')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Undone is damaged: column "b" is missing', 'a key column must keep its name');
ALTER TABLE dynamo_tables."Undone" RENAME COLUMN c TO b;
ALTER EVENT TRIGGER dynamo_alter ENABLE;
SAVEPOINT three;
ALTER TABLE dynamo_tables."Undone" ALTER COLUMN item TYPE text;
SELECT throws_ok($$INSERT INTO dynamo_tables."Undone" (item) VALUES ('{"b": "3"}')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Undone is damaged: column "item" has type text instead of jsonb', 'and its type');
ROLLBACK TO three;
CREATE TEMP TABLE fake (rel_name int);
CREATE TRIGGER fake AFTER INSERT ON fake FOR EACH ROW EXECUTE FUNCTION dynamo.catalogue_trigger();
SELECT throws_ok($$INSERT INTO fake VALUES (1)$$, '55000', NULL, 'the trigger of the catalogue works nowhere else');
ALTER TABLE dynamo_tables."Undone" ADD COLUMN note text DEFAULT 'new';
SELECT lives_ok($$SELECT dynamo.put_item('Undone', '{"b": "2"}')$$, 'a column of a SQL user');
UPDATE dynamo_tables."Undone" SET note = 'kept' WHERE b = '1';
DO $$ BEGIN PERFORM dynamo.put_item('Undone', '{"b": "1", "x": 1}'); END $$;
SELECT is((note, item)::text, '(kept,"{""b"": ""1"", ""x"": 1}")', 'is left alone by our writes') FROM dynamo_tables."Undone" WHERE b = '1';

-- counts
DO $$ BEGIN PERFORM dynamo.create_table('Many', 'a', global_indexes => '{"ByB": {"hash_key": "b"}}'); END $$;
INSERT INTO dynamo_tables."Many" (item) SELECT jsonb_strip_nulls(jsonb_build_object('a', i::text, 'b', CASE WHEN i % 10 = 0 THEN 'x' END, 'x', repeat('x', 1800))) FROM generate_series(1, 1000) AS i;
SELECT is(((d -> 'ItemCount')::int, (d #> '{GlobalSecondaryIndexes,0,ItemCount}')::int)::text, '(1000,100)', 'items are counted') FROM dynamo.describe_table('Many') AS d;
INSERT INTO dynamo_tables."Many" (item) SELECT jsonb_build_object('a', 'long' || i, 'b', 'y', 'x', repeat('x', 1800)) FROM generate_series(1, 9000) AS i;
SELECT cmp_ok(abs((dynamo.describe_table('Many') ->> 'ItemCount')::int - 10000), '<', 3000, 'and estimated in large tables');

-- roles
CREATE ROLE meta_nobody;
CREATE ROLE meta_owner;
GRANT CREATE ON SCHEMA dynamo_tables TO meta_owner;
SELECT ok(has_table_privilege('meta_nobody', 'dynamo.tables', 'SELECT') AND NOT has_table_privilege('meta_nobody', 'dynamo.tables', 'UPDATE'), 'everybody reads the catalogue, nobody writes it');
SELECT ok(NOT has_schema_privilege('meta_nobody', 'dynamo_tables', 'CREATE'), 'not everybody creates tables');

-- an operator of a caller must not run with the rights of the extension's owner
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO meta_owner;
CREATE FUNCTION evil.equal(text, text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'ran as %', current_user; END$$;
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.equal);
SET LOCAL ROLE meta_owner;
SET LOCAL search_path = evil, pg_catalog;
DO $$ BEGIN
	PERFORM dynamo.request('CreateTable', '{"TableName": "Owned", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]}');
	PERFORM dynamo.request('PutItem', '{"TableName": "Owned", "Item": {"a": {"S": "1"}}}');
	PERFORM dynamo.request('Scan', '{"TableName": "Owned"}');
	PERFORM dynamo.request('DescribeTable', '{"TableName": "Owned"}');
	PERFORM dynamo.request('ListTables', '{}');
END $$;
RESET ROLE;
RESET search_path;
SELECT is(dynamo.get_item('Owned', '{"a": "1"}'), '{"a": "1"}', 'operators on a caller''s search path change nothing');
SELECT is(relowner::regrole::text, 'meta_owner', 'a table belongs to who created it') FROM pg_class WHERE oid OPERATOR(pg_catalog.=) 'dynamo_tables."Owned"'::regclass;

SELECT * FROM finish();
ROLLBACK;
