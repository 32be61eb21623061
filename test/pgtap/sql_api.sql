-- The functions with natural JSON and named arguments.
BEGIN;
SELECT plan(156);

-- ---- converters
SELECT is(dynamo.to_dynamodb_json(plain::jsonb), typed::jsonb, plain || ' to DynamoDB JSON')
FROM (VALUES
	('{}', '{}'), ('{"a": "x"}', '{"a": {"S": "x"}}'), ('{"a": 1}', '{"a": {"N": "1"}}'), ('{"a": 1.50}', '{"a": {"N": "1.5"}}'), ('{"a": -0.001}', '{"a": {"N": "-0.001"}}'), ('{"a": 1e20}', '{"a": {"N": "100000000000000000000"}}'), ('{"a": true, "b": false}', '{"a": {"BOOL": true}, "b": {"BOOL": false}}'), ('{"a": null}', '{"a": {"NULL": true}}'),
	('{"a": []}', '{"a": {"L": []}}'), ('{"a": [1, "x", [null]]}', '{"a": {"L": [{"N": "1"}, {"S": "x"}, {"L": [{"NULL": true}]}]}}'), ('{"a": {}}', '{"a": {"M": {}}}'), ('{"a": {"b": {"c": 1}}}', '{"a": {"M": {"b": {"M": {"c": {"N": "1"}}}}}}'),
	('{"a": {"$B": "AQI="}}', '{"a": {"B": "AQI="}}'), ('{"a": {"$SS": ["x", "y"]}}', '{"a": {"SS": ["x", "y"]}}'), ('{"a": {"$NS": [1, 2]}}', '{"a": {"NS": ["1", "2"]}}'), ('{"a": {"$BS": ["AQ=="]}}', '{"a": {"BS": ["AQ=="]}}'), ('{"a": {"$M": {"$B": "x"}}}', '{"a": {"M": {"$B": {"S": "x"}}}}'), ('{"a": {"$x": 1, "y": 2}}', '{"a": {"M": {"$x": {"N": "1"}, "y": {"N": "2"}}}}'),
	('{"$B": "top"}', '{"$B": {"S": "top"}}')) AS v(plain, typed);
SELECT is(dynamo.from_dynamodb_json(typed::jsonb), plain::jsonb, typed || ' to natural JSON')
FROM (VALUES
	('{}', '{}'), ('{"a": "x"}', '{"a": {"S": "x"}}'), ('{"a": 1}', '{"a": {"N": "1.0"}}'), ('{"a": null}', '{"a": {"NULL": true}}'), ('{"a": [1, {"b": true}]}', '{"a": {"L": [{"N": "1"}, {"M": {"b": {"BOOL": true}}}]}}'), ('{"a": {"$NS": [1, 2]}}', '{"a": {"NS": ["2", "1"]}}'), ('{"a": {"$B": "AQI="}}', '{"a": {"B": "AQI="}}'), ('{"a": {"$M": {"$M": 1}}}', '{"a": {"M": {"$M": {"N": "1"}}}}')) AS v(plain, typed);
SELECT is(dynamo.to_dynamodb_json(NULL), NULL, 'NULL is NULL');
SELECT is(dynamo.from_dynamodb_json(NULL), NULL, 'both ways');
SELECT throws_ok(format('SELECT dynamo.to_dynamodb_json(%L)', bad), 'YD001', NULL, 'no item: ' || left(bad, 40))
FROM unnest(ARRAY['[]', '1', '"x"', 'null', '{"a": {"$SS": []}}', '{"a": {"$SS": [1]}}', '{"a": {"$NS": ["x"]}}', '{"a": {"$B": "???"}}', '{"a": {"$B": 1}}', '{"a": {"$x": 1}}', '{"a": 1e126}', '{"a": ' || repeat('9', 39) || '}']) AS bad;
SELECT throws_ok(format('SELECT dynamo.from_dynamodb_json(%L)', bad), NULL, NULL, 'no typed item: ' || left(bad, 40))
FROM unnest(ARRAY['[]', '1', '{"a": 1}', '{"a": "x"}', '{"a": {}}', '{"a": {"N": "x"}}', '{"a": {"S": "a", "N": "1"}}', '{"a": {"SS": []}}', '{"a": {"N": 1}}', '{"a": {"B": "???"}}']) AS bad;

SELECT is(dynamo.to_dynamodb_json('{"a": {"$SS": ["b", "a", "b"]}, "n": {"$NS": [2, 1, 1.0]}}'), '{"a": {"SS": ["a", "b"]}, "n": {"NS": ["1", "2"]}}', 'sets come in any order');

-- ---- sizes, by AWS's rules
SELECT is(dynamo.item_size(item::jsonb), size::bigint, left(item, 60))
FROM (VALUES
	('{}', 0), ('{"a": "b"}', 2), ('{"name": ""}', 4), ('{"é": "€"}', 5), ('{"a": true}', 2), ('{"a": null}', 2), ('{"a": {"$B": "AQID"}}', 4), ('{"a": {"$SS": ["a", "bc"]}}', 4),
	('{"a": []}', 4), ('{"a": {}}', 4)) AS v(item, size);
SELECT cmp_ok(dynamo.item_size(jsonb_build_object('a', n::numeric)), '<=', 22::bigint, 'a number takes at most 21 bytes') FROM unnest(ARRAY['1', repeat('9', 38), '-' || repeat('9', 38), '1e-130', '0']) AS n;
SELECT is(dynamo.item_size('{"a": [1]}') - dynamo.item_size('{"a": []}'), dynamo.item_size('{"a": 1}'), 'a list''s element takes a byte more than its value');

-- ---- tables
SELECT is(t ->> 'TableStatus', 'CREATING', 'create_table returns the description') FROM dynamo.create_table('Users', hash_key => 'UserId') AS t;
SELECT is(t -> 'AttributeDefinitions', '[{"AttributeName": "UserId", "AttributeType": "S"}]', 'keys are strings by default') FROM dynamo.describe_table('Users') AS t;
SELECT lives_ok($$SELECT dynamo.create_table('Orders', hash_key => 'UserId', range_key => 'OrderId', attribute_types => '{"OrderId": "N", "Code": "B"}',
	global_indexes => '{"StatusIndex": {"hash_key": "Status", "range_key": "OrderDate"}, "CodeIndex": {"hash_key": "Code", "projection": "KEYS_ONLY"}, "SomeIndex": {"hash_key": "Status", "non_key_attributes": ["Total"]}}',
	local_indexes => '{"ByDate": {"range_key": "OrderDate"}}', tags => '{"team": "shop"}')$$, 'indexes, types, tags');
CREATE TEMP TABLE orders AS SELECT dynamo.describe_table('Orders') AS t;
SELECT is((SELECT jsonb_object_agg(d ->> 'AttributeName', d ->> 'AttributeType') FROM jsonb_array_elements(t -> 'AttributeDefinitions') AS d), '{"UserId": "S", "OrderId": "N", "Code": "B", "Status": "S", "OrderDate": "S"}', 'attribute_types') FROM orders;
SELECT is((SELECT jsonb_object_agg(i ->> 'IndexName', i #>> '{Projection,ProjectionType}') FROM jsonb_array_elements(t -> 'GlobalSecondaryIndexes') AS i), '{"StatusIndex": "ALL", "CodeIndex": "KEYS_ONLY", "SomeIndex": "INCLUDE"}', 'projections') FROM orders;
SELECT is(t #> '{LocalSecondaryIndexes,0,KeySchema}', '[{"AttributeName": "UserId", "KeyType": "HASH"}, {"AttributeName": "OrderDate", "KeyType": "RANGE"}]', 'a local index has the table''s hash key') FROM orders;
SELECT is(t #>> '{BillingModeSummary,BillingMode}', 'PAY_PER_REQUEST', 'on demand by default') FROM orders;
SELECT is(t #>> '{ProvisionedThroughput,WriteCapacityUnits}', '6', 'or provisioned') FROM dynamo.create_table('Provisioned', 'p', read_capacity => 5, write_capacity => 6, global_indexes => '{"ByX": {"hash_key": "x"}}') AS t;
SELECT throws_ok($$SELECT dynamo.create_table('Users', 'p')$$, 'YD005', 'ResourceInUseException: Table already exists: Users', 'errors are the API''s');
SELECT throws_ok($$SELECT dynamo.create_table('Half', 'p', read_capacity => 5)$$, 'YD001', NULL, 'half a throughput');
SELECT throws_ok($$SELECT dynamo.create_table(NULL, 'p')$$, NULL, NULL, 'no name');
SELECT throws_ok($$SELECT dynamo.create_table('NoKey', NULL)$$, NULL, NULL, 'no key');
SELECT set_eq('SELECT dynamo.list_tables()', '{Users,Orders,Provisioned}'::text[], 'list_tables');
SELECT is(dynamo.delete_table('Provisioned') ->> 'TableStatus', 'DELETING', 'delete_table');
SELECT set_eq('SELECT dynamo.list_tables()', '{Users,Orders}'::text[], 'and it is gone');

-- ---- items
SELECT is(dynamo.put_item('Users', '{"UserId": "u1", "Age": 30, "Tags": {"$SS": ["b", "a"]}, "Address": {"City": "Ulm"}}'), NULL, 'put_item');
SELECT is(dynamo.get_item('Users', '{"UserId": "u1"}'), '{"UserId": "u1", "Age": 30, "Tags": {"$SS": ["a", "b"]}, "Address": {"City": "Ulm"}}', 'get_item');
SELECT is(dynamo.get_item('Users', '{"UserId": "u2"}'), NULL, 'get_item of nothing');
SELECT is(dynamo.get_item('Users', '{"UserId": "u1"}', 'Address.City, #a', '{"#a": "Age"}'), '{"Age": 30, "Address": {"City": "Ulm"}}', 'a projection');
SELECT is(dynamo.get_item('Users', '{"UserId": "u1"}', projection => 'Nothing'), '{}', 'of nothing');
SELECT is(dynamo.put_item('Users', '{"UserId": "u1", "Age": null}', return_values => 'ALL_OLD') -> 'Age', '30', 'put_item returns the old item');
SELECT is(dynamo.get_item('Users', '{"UserId": "u1"}'), '{"UserId": "u1", "Age": null}', 'null is a value');
SELECT throws_ok($$SELECT dynamo.put_item('Users', '{"UserId": "u1"}', condition => 'attribute_not_exists(UserId)')$$, 'YD006', 'ConditionalCheckFailedException: The conditional request failed', 'a condition');
SELECT is(dynamo.put_item('Users', '{"UserId": "u1", "Age": 1}', '#a = :a', '{"#a": "Age"}', '{":a": null}'), NULL, 'with names and values');
SELECT is(dynamo.update_item('Users', '{"UserId": "u1"}', 'SET Age = Age + :one', attribute_values => '{":one": 1}'), '{"UserId": "u1", "Age": 2}', 'update_item returns the new item');
SELECT is(dynamo.update_item('Users', '{"UserId": "u1"}', 'SET Age = :x', attribute_values => '{":x": 5}', return_values => 'UPDATED_OLD'), '{"Age": 2}', 'or what is asked for');
SELECT is(dynamo.update_item('Users', '{"UserId": "u1"}', 'REMOVE Age', return_values => 'NONE'), NULL, 'or nothing');
SELECT is(dynamo.update_item('Users', '{"UserId": "u3"}', 'SET M = :m, N = :n', attribute_values => '{":m": {"a": [1, null, {"b": true}]}, ":n": null}'), '{"UserId": "u3", "M": {"a": [1, null, {"b": true}]}, "N": null}', 'values of any kind, null inside, too');
SELECT throws_ok($$SELECT dynamo.update_item('Users', '{"UserId": "u1"}', 'SET Age = :x', 'attribute_exists(Nothing)', attribute_values => '{":x": 5}')$$, 'YD006', NULL, 'a condition that fails');
SELECT is(dynamo.delete_item('Users', '{"UserId": "u3"}') ->> 'UserId', 'u3', 'delete_item returns the item');
SELECT is(dynamo.delete_item('Users', '{"UserId": "u3"}'), NULL, 'or NULL');
SELECT throws_ok($$SELECT dynamo.delete_item('Users', '{"UserId": "u1"}', 'attribute_exists(Nothing)')$$, 'YD006', NULL, 'a condition on it');
SELECT throws_ok($$SELECT dynamo.put_item('Users', '{"Age": 1}')$$, 'YD001', 'ValidationException: One or more parameter values were invalid: Missing the key UserId in the item', 'no key');
SELECT throws_ok($$SELECT dynamo.put_item('Users', '[1]')$$, 'YD001', NULL, 'no object');
SELECT throws_ok($$SELECT dynamo.put_item('Nothing', '{"p": "x"}')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no table');
SELECT throws_ok($$SELECT dynamo.get_item('Users', '{"UserId": 1}')$$, 'YD001', 'ValidationException: The provided key element does not match the schema', 'a bad key');
SELECT throws_ok($$SELECT dynamo.put_item('Users', NULL)$$, 'YD001', NULL, 'no item');
SELECT throws_ok($$SELECT dynamo.get_item('Users', NULL)$$, 'YD001', NULL, 'no key at all');

-- ---- query and scan
DO $$ BEGIN
	PERFORM dynamo.put_item('Orders', jsonb_build_object('UserId', 'u' || i % 2, 'OrderId', i, 'Status', CASE WHEN i % 3 = 0 THEN 'new' ELSE 'sent' END, 'OrderDate', 'd' || to_char(i, 'FM000'), 'Total', i * 1.5))
	FROM generate_series(1, 200) AS i;
END $$;
SELECT results_eq($$SELECT (i ->> 'OrderId')::int FROM dynamo.query('Orders', 'UserId = :u', attribute_values => '{":u": "u0"}') AS i$$, 'SELECT i * 2 FROM generate_series(1, 100) AS i', 'query');
SELECT results_eq($$SELECT (i ->> 'OrderId')::int FROM dynamo.query('Orders', 'UserId = :u AND OrderId > :o', attribute_values => '{":u": "u1", ":o": 190}', forward => false) AS i$$, ARRAY[199, 197, 195, 193, 191], 'backward, with a range');
SELECT results_eq($$SELECT (i ->> 'OrderId')::int FROM dynamo.query('Orders', 'UserId = :u', attribute_values => '{":u": "u1"}', max_items => 3) AS i$$, ARRAY[1, 3, 5], 'max_items');
SELECT results_eq($$SELECT (i ->> 'OrderId')::int FROM dynamo.query('Orders', '#s = :s', '{"#s": "Status"}', '{":s": "new"}', 'StatusIndex', max_items => 4) AS i$$, ARRAY[3, 6, 9, 12], 'an index');
SELECT results_eq($$SELECT (i ->> 'OrderId')::int FROM dynamo.query('Orders', 'UserId = :u', attribute_names => '{"#t": "Total"}', attribute_values => '{":u": "u1", ":t": 250}', filter => '#t > :t', max_items => 2) AS i$$, ARRAY[167, 169], 'a filter: max_items counts what it lets through');
SELECT results_eq($$SELECT i FROM dynamo.query('Orders', 'UserId = :u', attribute_values => '{":u": "u1"}', projection => '#t', attribute_names => '{"#t": "Total"}', max_items => 1) AS i$$, ARRAY['{"Total": 1.5}'::jsonb], 'a projection');
SELECT is((SELECT count(*)::int FROM dynamo.query('Orders', 'UserId = :u', attribute_values => '{":u": "u1"}', max_items => 0)), 0, 'none at all');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Orders')), 200, 'scan');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Orders', max_items => 7)), 7, 'max_items');
SELECT is((SELECT sum((i ->> 'Total')::numeric) FROM dynamo.scan('Orders', '#t <= :t', '{"#t": "Total"}', attribute_values => '{":t": 15}') AS i), 82.5, 'a filter, and SQL over it');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Orders', index_name => 'CodeIndex')), 0, 'a sparse index');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Orders', projection => '#s', attribute_names => '{"#s": "Status"}') AS i WHERE i ->> 'Status' = 'new'), 66, 'a projection');
SELECT throws_ok($$SELECT dynamo.query('Orders', 'OrderId = :u', attribute_values => '{":u": 1}')$$, 'YD001', 'ValidationException: Query condition missed key schema element: UserId', 'errors are the API''s');
-- more than a page
DO $$ BEGIN PERFORM dynamo.put_item('Orders', jsonb_build_object('UserId', 'big', 'OrderId', i, 'Fill', repeat('x', 300000))) FROM generate_series(1, 12) AS i; END $$;
SELECT results_eq($$SELECT (i ->> 'OrderId')::int FROM dynamo.query('Orders', 'UserId = :u', attribute_values => '{":u": "big"}') AS i$$, 'SELECT * FROM generate_series(1, 12)', 'query reads page after page');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Orders')), 212, 'so does scan');

-- ---- rows are rows
SELECT is((SELECT sum((item ->> 'Total')::numeric) FROM dynamo_tables."Orders" WHERE "UserId" = 'u0'), 15150.0, 'SQL over the same items');
SELECT lives_ok($$INSERT INTO dynamo_tables."Users" (item) VALUES ('{"UserId": "sql", "Age": 7, "Tags": {"$SS": ["z", "y"]}}')$$, 'INSERT');
SELECT is(dynamo.get_item('Users', '{"UserId": "sql"}'), '{"UserId": "sql", "Age": 7, "Tags": {"$SS": ["y", "z"]}}', 'is a put');
SELECT is((SELECT size FROM dynamo_tables."Users" WHERE "UserId" = 'sql')::bigint, dynamo.item_size('{"UserId": "sql", "Age": 7, "Tags": {"$SS": ["y", "z"]}}'), 'size is filled in');
SELECT lives_ok($$UPDATE dynamo_tables."Users" SET item = item || '{"Age": 8}' WHERE "UserId" = 'sql'$$, 'UPDATE');
SELECT is(dynamo.get_item('Users', '{"UserId": "sql"}') -> 'Age', '8', 'is seen');
SELECT lives_ok($$UPDATE dynamo_tables."Orders" SET item = item || '{"Status": "lost"}' WHERE "UserId" = 'u0' AND "OrderId" = 2$$, 'UPDATE of an index key');
SELECT is((SELECT count(*)::int FROM dynamo.query('Orders', '#s = :s', '{"#s": "Status"}', '{":s": "lost"}', 'StatusIndex')), 1, 'moves the item in the index');
SELECT throws_ok(format('INSERT INTO dynamo_tables."Users" (item) VALUES (%L)', bad), 'YD001', NULL, 'no item: ' || left(bad, 40))
FROM unnest(ARRAY['{}', '[]', '{"UserId": 1}', '{"UserId": ""}', '{"Age": 1}', '{"UserId": "x", "n": 1e200}', '{"UserId": "x", "s": {"$SS": []}}']) AS bad;
SELECT throws_ok($$INSERT INTO dynamo_tables."Users" (item) VALUES ('{"UserId": "sql"}')$$, '23505', NULL, 'a key is unique in SQL, too');
SELECT throws_ok(format('INSERT INTO dynamo_tables."Users" (item) VALUES (%L)', jsonb_build_object('UserId', 'x', 'v', repeat('x', 409600))), 'YD001', 'ValidationException: Item size has exceeded the maximum allowed size', 'an item too large');
SELECT lives_ok($$DELETE FROM dynamo_tables."Users" WHERE "UserId" = 'sql'$$, 'DELETE');
SELECT is(dynamo.get_item('Users', '{"UserId": "sql"}'), NULL, 'is a delete');

-- ---- dynamo.request
SELECT throws_ok($$SELECT dynamo.request('Nothing', '{}')$$, 'YD003', NULL, 'an unknown operation');
SELECT throws_ok($$SELECT dynamo.request('putitem', '{}')$$, 'YD003', NULL, 'operations are case-sensitive');
SELECT throws_ok($$SELECT dynamo.request('', '{}')$$, 'YD003', NULL, 'an empty one');
SELECT throws_ok(format('SELECT dynamo.request(''ListTables'', %L)', body), 'YD002', NULL, 'a body is an object, not ' || body) FROM unnest('{[],1,"\"x\"",true,"null"}'::text[]) AS body;
SELECT is(dynamo.request(NULL, '{}'), NULL, 'no operation');
SELECT is(dynamo.request('ListTables', NULL), NULL, 'no body');
-- an error undoes the call alone
SELECT lives_ok($$DO $x$ BEGIN
	PERFORM dynamo.put_item('Users', '{"UserId": "before"}');
	BEGIN
		PERFORM dynamo.put_item('Users', '{"UserId": "inside"}');
		PERFORM dynamo.put_item('Users', '{"Age": 1}');
	EXCEPTION WHEN SQLSTATE 'YD001' THEN NULL;
	END;
	PERFORM dynamo.put_item('Users', '{"UserId": "after"}');
END $x$ $$, 'a subtransaction');
SELECT is((SELECT array_agg("UserId" ORDER BY "UserId") FROM dynamo_tables."Users" WHERE "UserId" IN ('before', 'inside', 'after')), '{after,before}', 'undoes what it did');
-- several writes of one key in one statement
SELECT is((SELECT count(*)::int FROM (SELECT dynamo.update_item('Users', '{"UserId": "counter"}', 'ADD n :one', attribute_values => '{":one": 1}') FROM generate_series(1, 20)) AS x), 20, 'twenty updates in one statement');
SELECT is(dynamo.get_item('Users', '{"UserId": "counter"}') -> 'n', '20', 'each sees the one before');

-- ---- arguments that are NULL
SET LOCAL statement_timeout = '5s';
SELECT is_empty($$SELECT dynamo.read_pages(NULL, '{}', NULL)$$, 'no operation has no pages');
SELECT is_empty($$SELECT dynamo.read_pages('Scan', NULL, NULL)$$, 'nor has no request');
RESET statement_timeout;

SELECT * FROM finish();
ROLLBACK;
