-- Items and relational rows in one transaction: what is paid is booked, or neither.
--
--     psql -h ... -p ... -U postgres -v ON_ERROR_STOP=1 -f transaction.sql
--
-- Makes the item table Wallets and the relational table ledger, and takes both away at the end.  In between, any AWS SDK
-- sees Wallets as an ordinary DynamoDB table, at the state of the last COMMIT.

\set ON_ERROR_STOP on
SET client_min_messages = warning;

SELECT dynamo.create_table('Wallets', hash_key => 'UserId') ->> 'TableStatus' AS wallets;
SELECT dynamo.put_item('Wallets', '{"UserId": "ann", "Balance": 100}');
SELECT dynamo.put_item('Wallets', '{"UserId": "bob", "Balance": 20}');
CREATE TABLE ledger (id bigserial PRIMARY KEY, user_id text NOT NULL, amount numeric NOT NULL CHECK (amount <> 0), note text NOT NULL);

-- 1. An item and its booking.
BEGIN;
SELECT dynamo.update_item('Wallets', '{"UserId": "ann"}', 'SET Balance = Balance - :x', condition => 'Balance >= :x',
						  attribute_values => '{":x": 30}') ->> 'Balance' AS ann;
INSERT INTO ledger (user_id, amount, note) VALUES ('ann', -30, 'order o1');
COMMIT;

-- 2. A change of mind: ROLLBACK TO takes items back as it takes rows back.
BEGIN;
SELECT dynamo.update_item('Wallets', '{"UserId": "ann"}', 'SET Balance = Balance - :x', attribute_values => '{":x": 10}') ->> 'Balance' AS ann;
INSERT INTO ledger (user_id, amount, note) VALUES ('ann', -10, 'order o2');
SAVEPOINT gift;
SELECT dynamo.update_item('Wallets', '{"UserId": "ann"}', 'SET Balance = Balance - :x', attribute_values => '{":x": 5}') ->> 'Balance' AS ann_with_gift;
INSERT INTO ledger (user_id, amount, note) VALUES ('ann', -5, 'gift wrap');
ROLLBACK TO gift;
COMMIT;
SELECT dynamo.get_item('Wallets', '{"UserId": "ann"}') ->> 'Balance' AS ann_without_gift, (SELECT sum(amount) FROM ledger) AS booked;

-- 3. A relational constraint refuses: the item's change goes as well.
DO $$
BEGIN
	PERFORM dynamo.update_item('Wallets', '{"UserId": "bob"}', 'ADD Balance :x', attribute_values => '{":x": 1000}');
	INSERT INTO ledger (user_id, amount, note) VALUES ('bob', 0, 'a booking of nothing');
EXCEPTION WHEN check_violation THEN
	RAISE WARNING 'refused by the ledger';
END $$;
SELECT dynamo.get_item('Wallets', '{"UserId": "bob"}') ->> 'Balance' AS bob_as_before;

-- 4. A transfer in the API's form, with its booking; the condition fails, so nothing of it happens, and the reasons tell why.
DO $$
DECLARE
	reasons jsonb;
	detail text;
BEGIN
	INSERT INTO ledger (user_id, amount, note) VALUES ('bob', -500, 'to ann'), ('ann', 500, 'from bob');
	PERFORM dynamo.transact_write_items('[
		{"update": {"table": "Wallets", "key": {"UserId": "bob"}, "update": "SET Balance = Balance - :x",
					"condition": "Balance >= :x", "attribute_values": {":x": 500}, "return_on_failure": "ALL_OLD"}},
		{"update": {"table": "Wallets", "key": {"UserId": "ann"}, "update": "SET Balance = Balance + :x", "attribute_values": {":x": 500}}}]');
EXCEPTION WHEN SQLSTATE 'YD012' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	reasons := detail::jsonb -> 'CancellationReasons';
	RAISE WARNING 'bob has only %: %, %', reasons #>> '{0,Item,Balance,N}', reasons #>> '{0,Code}', reasons #>> '{1,Code}';
END $$;

-- 5. One statement over both worlds.
SELECT w."UserId", w.item ->> 'Balance' AS balance, coalesce(sum(l.amount), 0) AS booked
FROM dynamo_tables."Wallets" w LEFT JOIN ledger l ON l.user_id = w."UserId"
GROUP BY w."UserId" ORDER BY 1;

SELECT dynamo.delete_table('Wallets') IS NOT NULL AS wallets_dropped;
DROP TABLE ledger;
\echo The books balance.
