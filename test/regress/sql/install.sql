-- What CREATE EXTENSION makes, what psql shows of it, and that DROP EXTENSION takes no item along unasked.
\set VERBOSITY terse
CREATE EXTENSION dynamo;
SELECT extname, extversion, extnamespace::regnamespace AS schema, extrelocatable FROM pg_extension WHERE extname = 'dynamo';
SELECT n.nspname AS schema, pg_get_userbyid(n.nspowner) = current_user AS mine
FROM pg_namespace n WHERE n.nspname LIKE 'dynamo%' ORDER BY 1;
-- nothing but what the extension means to show may be used by everybody
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'dynamo'::regnamespace AND c.relkind IN ('r', 'v', 'S') AND has_table_privilege('public', c.oid, 'SELECT')
ORDER BY 1;
-- every function says what it does
SELECT p.proname FROM pg_proc p
WHERE p.pronamespace = 'dynamo'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
ORDER BY 1;
-- a table, an item, and what psql shows of them
SELECT dynamo.create_table('Shop-Orders', 'UserId', 'OrderId',
	global_indexes => '{"StatusIndex": {"hash_key": "Status", "range_key": "Date"}}')->>'TableName' AS created;
\d dynamo_tables."Shop-Orders"
SELECT dynamo.put_item('Shop-Orders', '{"UserId": "u1", "OrderId": "o1", "Status": "new", "Total": 12.50}');
SELECT dynamo.get_item('Shop-Orders', '{"UserId": "u1", "OrderId": "o1"}');
SELECT dynamo.request('GetItem', '{"TableName": "Shop-Orders", "Key": {"UserId": {"S": "u1"}, "OrderId": {"S": "o1"}}}');
TABLE dynamo_tables."Shop-Orders";
-- an error as psql shows it
SELECT dynamo.get_item('Shop-Orders', '{"UserId": "u1"}');
\set VERBOSITY sqlstate
SELECT dynamo.get_item('nope', '{"UserId": "u1"}');
\set VERBOSITY terse
-- items are not lost by accident
DROP EXTENSION dynamo;
-- gone with everything, and made anew
SELECT dynamo.delete_table('Shop-Orders')->>'TableStatus' AS status;
DROP EXTENSION dynamo;
SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dynamo%' ORDER BY 1;
CREATE EXTENSION dynamo;
SELECT count(*) AS tables FROM dynamo.list_tables();
