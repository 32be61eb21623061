-- The shop's data from the other side: SQL over the items that the other examples wrote through the endpoint.
--
--     psql -h ... -p ... -U shop -d postgres -f report.sql
--
-- Run examples/python/shop.py first: it makes the tables Users, Orders and Products.

\set ON_ERROR_STOP on
BEGIN;

-- A relational table beside the items: what the shop's book-keeping knows about a customer.
CREATE TEMPORARY TABLE customer_segment (user_id text PRIMARY KEY, segment text NOT NULL);
INSERT INTO customer_segment
SELECT "UserId", CASE WHEN item->>'Username' LIKE 'john%' THEN 'regular' ELSE 'new' END
FROM dynamo_tables."Users";

-- Orders joined with users and with that table: turnover by segment.
SELECT s.segment, count(*) AS orders, sum((o.item->>'TotalAmount')::numeric) AS turnover
FROM dynamo_tables."Orders" o
JOIN dynamo_tables."Users" u ON u."UserId" = o."UserId"
JOIN customer_segment s ON s.user_id = u."UserId"
WHERE o.item ? 'TotalAmount'
GROUP BY s.segment
ORDER BY s.segment;

-- Lists inside items unnest like any JSON: pieces sold of each product.
SELECT p.item->>'Name' AS product, sum((line->>'Quantity')::int) AS sold
FROM dynamo_tables."Orders" o,
	 jsonb_array_elements(o.item->'Items') AS line
JOIN dynamo_tables."Products" p ON p."ProductId" = line->>'ProductId'
GROUP BY 1
ORDER BY 2 DESC, 1;

-- The query that the application makes with IndexName = StatusIndex uses the same index.
SELECT count(*) AS delivered FROM dynamo_tables."Orders" WHERE "Status" = 'delivered';

-- An upsert through SQL obeys the item's rules, and the endpoint sees it as soon as it is committed.
INSERT INTO dynamo_tables."Products" (item)
VALUES ('{"ProductId": "sql-1", "Name": "Ruler", "Category": "Office", "Price": 1.25, "StockQuantity": 10, "IsActive": true}')
ON CONFLICT ("ProductId") DO UPDATE SET item = EXCLUDED.item;

-- The operations themselves, with natural JSON ...
SELECT dynamo.update_item('Products', '{"ProductId": "sql-1"}', 'ADD StockQuantity :n', attribute_values => '{":n": 5}');
SELECT dynamo.get_item('Products', '{"ProductId": "sql-1"}')->>'StockQuantity' AS stock;
SELECT q->>'Name' AS name, q->>'Price' AS price
FROM dynamo.query('Products', 'Category = :c', attribute_values => '{":c": "Office"}', index_name => 'CategoryPriceIndex') AS q;

-- ... or exactly as on the wire.
SELECT dynamo.request('GetItem', '{"TableName": "Products", "Key": {"ProductId": {"S": "sql-1"}},
	"ProjectionExpression": "StockQuantity"}');

COMMIT;
