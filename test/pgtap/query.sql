-- Query: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
BEGIN;
SELECT plan(317);

DO $$ BEGIN
	PERFORM dynamo.create_table('Num', 'p', 'c', '{"c": "N"}');
	PERFORM dynamo.create_table('Str', 'p', 'c');
	PERFORM dynamo.create_table('Bin', 'p', 'c', '{"c": "B"}');
	PERFORM dynamo.create_table('Hash', 'p');
	-- sparse indexes whose keys repeat
	PERFORM dynamo.create_table('Idx', 'p', 'c', '{"c": "N", "r": "N"}', global_indexes => '{"All": {"hash_key": "g", "range_key": "r"}, "Hash": {"hash_key": "g"},
		"Keys": {"hash_key": "g", "range_key": "c", "projection": "KEYS_ONLY"}, "Some": {"hash_key": "g", "range_key": "p", "non_key_attributes": ["v"]}}',
		local_indexes => '{"Local": {"range_key": "r"}, "LocalKeys": {"range_key": "r", "projection": "KEYS_ONLY"}}');
	PERFORM dynamo.put_item('Num', jsonb_build_object('p', 'a', 'c', c, 'even', c % 2 = 0)) FROM generate_series(-10, 9) AS c;
	PERFORM dynamo.put_item('Num', '{"p": "b", "c": 1}'), dynamo.put_item('Num', '{"p": "a ", "c": 1}');
	PERFORM dynamo.put_item('Str', jsonb_build_object('p', 'a', 'c', c)) FROM unnest(ARRAY['A', 'B', 'a', 'aa', 'ab', 'b', 'é', 'ez', 'z', '€', '😀', '0', '10', '9', ' ', '~']) AS c;
	PERFORM dynamo.request('PutItem', jsonb_build_object('TableName', 'Bin', 'Item', jsonb_build_object('p', '{"S": "a"}'::jsonb, 'c', jsonb_build_object('B', encode(c, 'base64')))))
	FROM unnest(ARRAY['\x00', '\x0000', '\x01', '\x7f', '\x80', '\x80ff', '\xff', '\xffff']::bytea[]) AS c;
	PERFORM dynamo.put_item('Hash', '{"p": "a", "v": 1}');
	-- 30 items: 20 in the indexes, r is 0..3, five of each
	PERFORM dynamo.put_item('Idx', jsonb_build_object('p', CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END, 'c', i, 'v', i, 'w', 'x') ||
		CASE WHEN i < 20 THEN jsonb_build_object('g', 'g', 'r', i / 5) ELSE '{}' END) FROM generate_series(0, 29) AS i;
	PERFORM dynamo.put_item('Idx', '{"p": "even", "c": 100, "g": "other", "r": 7}'), dynamo.put_item('Idx', '{"p": "even", "c": 101, "g": "half", "v": 1}');
END $$;

CREATE FUNCTION pg_temp.query(body jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT dynamo.request('Query', body) $$;
-- The natural range keys (or another attribute) of a reply's items, in order.
CREATE FUNCTION pg_temp.keys(reply jsonb, attribute text DEFAULT 'c') RETURNS jsonb LANGUAGE sql AS $$
	SELECT coalesce(jsonb_agg(dynamo.from_dynamodb_json(i.value) -> attribute ORDER BY i.ordinality), '[]') FROM jsonb_array_elements(reply -> 'Items') WITH ORDINALITY AS i $$;
-- All pages of a query: one row for each page's items.
CREATE FUNCTION pg_temp.pages(body jsonb, OUT items jsonb, OUT page_count int, OUT scanned int) LANGUAGE plpgsql AS $$
DECLARE
	reply jsonb;
BEGIN
	items := '[]'; page_count := 0; scanned := 0;
	LOOP
		reply := dynamo.request('Query', body);
		items := items || pg_temp.keys(reply);
		page_count := page_count + 1;
		scanned := scanned + (reply ->> 'ScannedCount')::int;
		EXIT WHEN NOT reply ? 'LastEvaluatedKey' OR page_count > 1000;
		body := body || jsonb_build_object('ExclusiveStartKey', reply -> 'LastEvaluatedKey');
	END LOOP;
END $$;
CREATE FUNCTION pg_temp.num(condition text, vals jsonb DEFAULT '{}', more jsonb DEFAULT '{}', table_name text DEFAULT 'Num') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('Query', jsonb_build_object('TableName', table_name, 'KeyConditionExpression', condition, 'ExpressionAttributeValues', '{":p": {"S": "a"}}' || vals) || more) $$;
CREATE FUNCTION pg_temp.index(index_name text, more jsonb DEFAULT '{}', condition text DEFAULT 'g = :g', vals jsonb DEFAULT '{":g": {"S": "g"}}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('Query', jsonb_build_object('TableName', 'Idx', 'IndexName', index_name, 'KeyConditionExpression', condition, 'ExpressionAttributeValues', vals) || more) $$;

-- ---- order
SELECT is(pg_temp.keys(pg_temp.num('p = :p')), (SELECT jsonb_agg(c) FROM generate_series(-10, 9) AS c), 'numbers in numeric order, of one hash key only');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', more => '{"ScanIndexForward": false}')), (SELECT jsonb_agg(c ORDER BY c DESC) FROM generate_series(-10, 9) AS c), 'ScanIndexForward false');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', more => '{"ScanIndexForward": true}')), (SELECT jsonb_agg(c) FROM generate_series(-10, 9) AS c), 'ScanIndexForward true');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', table_name => 'Str')), '[" ", "0", "10", "9", "A", "B", "a", "aa", "ab", "b", "ez", "z", "~", "é", "€", "😀"]', 'strings in the order of their UTF-8 bytes');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', table_name => 'Bin')), '[{"$B": "AA=="}, {"$B": "AAA="}, {"$B": "AQ=="}, {"$B": "fw=="}, {"$B": "gA=="}, {"$B": "gP8="}, {"$B": "/w=="}, {"$B": "//8="}]', 'binary as unsigned bytes');
SELECT is(pg_temp.num('p = :p', '{":p": {"S": "nobody"}}'), '{"Items": [], "Count": 0, "ScannedCount": 0}', 'an unknown hash key');
SELECT is(pg_temp.num('p = :p', table_name => 'Hash'), '{"Items": [{"p": {"S": "a"}, "v": {"N": "1"}}], "Count": 1, "ScannedCount": 1}', 'a table without a range key; the whole reply');
SELECT is(pg_temp.num('p = :p', more => '{"ConsistentRead": true}') -> 'Count', '20', 'ConsistentRead');

-- ---- KeyConditionExpression
SELECT is(pg_temp.keys(pg_temp.num(condition, vals::jsonb)), expected::jsonb, condition || ' with ' || vals)
FROM (VALUES
	('p = :p AND c = :c', '{":c": {"N": "3"}}', '[3]'), ('c = :c AND p = :p', '{":c": {"N": "3.0"}}', '[3]'), (':p = p AND :c = c', '{":c": {"N": "3"}}', '[3]'), ('p = :p and c = :c', '{":c": {"N": "33"}}', '[]'),
	('p = :p AND c < :c', '{":c": {"N": "-8"}}', '[-10, -9]'), ('p = :p AND c <= :c', '{":c": {"N": "-8"}}', '[-10, -9, -8]'), ('p = :p AND c > :c', '{":c": {"N": "7"}}', '[8, 9]'), ('p = :p AND c >= :c', '{":c": {"N": "7"}}', '[7, 8, 9]'), ('p = :p AND :c < c', '{":c": {"N": "7"}}', '[8, 9]'), ('p = :p AND :c >= c', '{":c": {"N": "-9"}}', '[-10, -9]'),
	('p = :p AND c BETWEEN :a AND :b', '{":a": {"N": "-1.5"}, ":b": {"N": "2"}}', '[-1, 0, 1, 2]'), ('p=:p AnD c BeTwEeN :a aNd :b', '{":a": {"N": "2"}, ":b": {"N": "2"}}', '[2]'), ('(p = :p) AND (c > :c)', '{":c": {"N": "8"}}', '[9]'), ('((c = :c) AND (p = :p))', '{":c": {"N": "1"}}', '[1]'), ('(p = :p)', '{}', '[-10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]'),
	('p = :p AND c < :c', '{":c": {"N": "-100"}}', '[]'), ('p = :p AND c > :c', '{":c": {"N": "8.99999999999999999999999999999999999"}}', '[9]')) AS v(condition, vals, expected);
SELECT is(pg_temp.keys(pg_temp.num(condition, vals::jsonb, table_name => 'Str')), expected::jsonb, condition || ' with ' || vals)
FROM (VALUES
	('p = :p AND begins_with(c, :c)', '{":c": {"S": "a"}}', '["a", "aa", "ab"]'), ('begins_with(c, :c) AND p = :p', '{":c": {"S": "😀"}}', '["😀"]'), ('p = :p AND begins_with(c, :c)', '{":c": {"S": "q"}}', '[]'), ('p = :p AND begins_with(c, :c)', '{":c": {"S": "~"}}', '["~"]'),
	('p = :p AND c > :c', '{":c": {"S": "z"}}', '["~", "é", "€", "😀"]'), ('p = :p AND c BETWEEN :a AND :b', '{":a": {"S": "A"}, ":b": {"S": "a"}}', '["A", "B", "a"]'), ('p = :p AND c < :c', '{":c": {"S": "10"}}', '[" ", "0"]')) AS v(condition, vals, expected);
SELECT is(pg_temp.keys(pg_temp.num(condition, vals::jsonb, table_name => 'Bin')), expected::jsonb, condition || ' with ' || vals)
FROM (VALUES
	('p = :p AND begins_with(c, :c)', '{":c": {"B": "/w=="}}', '[{"$B": "/w=="}, {"$B": "//8="}]'), ('p = :p AND begins_with(c, :c)', '{":c": {"B": "AA=="}}', '[{"$B": "AA=="}, {"$B": "AAA="}]'),
	('p = :p AND c > :c', '{":c": {"B": "gA=="}}', '[{"$B": "gP8="}, {"$B": "/w=="}, {"$B": "//8="}]'), ('p = :p AND c <= :c', '{":c": {"B": "AAA="}}', '[{"$B": "AA=="}, {"$B": "AAA="}]')) AS v(condition, vals, expected);
SELECT is(pg_temp.keys(pg_temp.num('#p = :p AND #c = :c', '{":c": {"N": "3"}}', '{"ExpressionAttributeNames": {"#p": "p", "#c": "c"}}')), '[3]', 'names');
SELECT throws_ok(format('SELECT pg_temp.num(%L, %L)', condition, vals), 'YD001', 'ValidationException: ' || message, condition)
FROM (VALUES
	('', '{}', 'Invalid KeyConditionExpression: The expression can not be empty;'),
	('c = :p', '{":p": {"N": "1"}}', 'Query condition missed key schema element: p'),
	('p > :p', '{}', 'Query key condition not supported'),
	('begins_with(p, :p)', '{}', 'Query key condition not supported'),
	('p BETWEEN :p AND :q', '{":q": {"S": "b"}}', 'Query key condition not supported'),
	('p = :p AND v = :v', '{":v": {"N": "1"}}', 'Query condition missed key schema element: c'),
	('p = :p AND c >= :a AND c <= :b', '{":a": {"N": "1"}, ":b": {"N": "2"}}', 'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key'),
	('p = :p AND p = :q', '{":q": {"S": "b"}}', 'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key'),
	('p = :p AND dog(c, :c)', '{":c": {"N": "1"}}', 'Invalid KeyConditionExpression: Invalid function name; function: dog'),
	('p = :p AND BEGINS_WITH(c, :c)', '{":c": {"S": "1"}}', 'Invalid KeyConditionExpression: Invalid function name; function: BEGINS_WITH'),
	('p = :p AND begins_with(c, :c)', '{":c": {"N": "1"}}', 'Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N'),
	('p = :p AND begins_with(c, :c)', '{":c": {"S": "1"}}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p = :p', '{":p": {"N": "1"}}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p = :p AND c = :c', '{":c": {"S": "1"}}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p = :p AND c = :c', '{":c": {"BOOL": true}}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p = :p AND a.b = :c', '{":c": {"N": "1"}}', 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes'),
	('p = :p AND c != :c', '{":c": {"N": "1"}}', 'Invalid KeyConditionExpression: Syntax error; token: "!", near: "c !="'),
	('p = :p AND c BETWEEN :b AND :a', '{":a": {"N": "1"}, ":b": {"N": "2"}}', 'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}'),
	('p = :p AND c = :c', '{}', 'Invalid KeyConditionExpression: An expression attribute value used in expression is not defined; attribute value: :c'),
	('p = :p AND #c = :c', '{":c": {"N": "1"}}', 'Invalid KeyConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #c'),
	('p = :p', '{":q": {"N": "1"}}', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:q}')) AS v(condition, vals, message);
SELECT throws_like(format('SELECT pg_temp.num(%L, %L)', condition, vals), 'ValidationException: %Invalid operator used in KeyConditionExpression: ' || operator, condition)
FROM (VALUES
	('p = :p OR c = :c', '{":c": {"N": "1"}}', 'OR'),
	('p = :p AND NOT c = :c', '{":c": {"N": "1"}}', 'NOT'),
	('p = :p AND c <> :c', '{":c": {"N": "1"}}', '<>'),
	('p = :p AND c IN (:c)', '{":c": {"N": "1"}}', 'IN'),
	('p = :p AND attribute_exists(c)', '{}', 'attribute_exists'),
	('p = :p AND contains(c, :c)', '{":c": {"N": "1"}}', 'contains')) AS v(condition, vals, operator);
SELECT throws_like(format('SELECT pg_temp.num(%L, %L)', condition, vals), 'ValidationException: %', condition)
FROM (VALUES ('p', '{}'), (':p', '{}'), ('p = c', '{}'), (':p = :p', '{}'), ('p = :p AND c < c', '{}'), ('size(p) = :p', '{}'), ('p = :p AND', '{}'), ('p = :p AND size(c) = :p', '{}'), ('p = :p AND c = :c AND v = :c', '{":c": {"N": "1"}}'), ('p[0] = :p', '{}')) AS v(condition, vals);
SELECT throws_like('SELECT pg_temp.num(''p = :p'', ''{":p": {"S": ""}}'')', 'ValidationException: One or more parameter values %not %valid%empty string value. Key: p', 'an empty hash key');
SELECT throws_ok('SELECT pg_temp.query(''{"TableName": "Num"}'')', 'YD001', 'ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.', 'a query needs a key condition');
SELECT throws_ok('SELECT pg_temp.query(''{"TableName": "Num", "ExpressionAttributeValues": {":p": {"S": "a"}}}'')', 'YD001',
	'ValidationException: ExpressionAttributeValues can only be specified when using expressions', 'values without expressions');
SELECT throws_ok('SELECT pg_temp.query(''{"TableName": "Num", "ExpressionAttributeNames": {"#p": "p"}}'')', 'YD001', 'ValidationException: ExpressionAttributeNames can only be specified when using expressions', 'names without expressions');
SELECT throws_ok('SELECT pg_temp.num(''p = :p'', table_name => ''Nothing'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT throws_ok('SELECT pg_temp.query(''{}'')', 'YD001', NULL, 'TableName is required');
SELECT is(pg_temp.num('p = :p', table_name => 'arn:aws:dynamodb:us-east-1:000000000000:table/Num') -> 'Count', '20', 'a table by its ARN');

-- ---- Limit and paging
SELECT is(pg_temp.num('p = :p', more => '{"Limit": 3, "ProjectionExpression": "c"}'), '{"Items": [{"c": {"N": "-10"}}, {"c": {"N": "-9"}}, {"c": {"N": "-8"}}], "Count": 3, "ScannedCount": 3, "LastEvaluatedKey": {"p": {"S": "a"}, "c": {"N": "-8"}}}', 'Limit; the whole reply');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', more => '{"ExclusiveStartKey": {"p": {"S": "a"}, "c": {"N": "7"}}}')), '[8, 9]', 'ExclusiveStartKey');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', more => '{"ExclusiveStartKey": {"p": {"S": "a"}, "c": {"N": "7.5"}}}')), '[8, 9]', 'which need not exist');
SELECT is(pg_temp.keys(pg_temp.num('p = :p', more => '{"ScanIndexForward": false, "ExclusiveStartKey": {"p": {"S": "a"}, "c": {"N": "-8"}}}')), '[-9, -10]', 'backward');
SELECT ok(pg_temp.num('p = :p', more => '{"Limit": 20}') ? 'LastEvaluatedKey', 'a limit of just all items: AWS does not look further');
SELECT ok(NOT pg_temp.num('p = :p', more => '{"Limit": 21}') ? 'LastEvaluatedKey', 'a limit of more');
SELECT is(pg_temp.num('p = :p', more => '{"ExclusiveStartKey": {"p": {"S": "a"}, "c": {"N": "9"}}}'), '{"Items": [], "Count": 0, "ScannedCount": 0}', 'after the last item');
SELECT is((pg_temp.pages(jsonb_build_object('TableName', 'Num', 'KeyConditionExpression', 'p = :p', 'ExpressionAttributeValues', '{":p": {"S": "a"}}'::jsonb, 'Limit', l, 'ScanIndexForward', f))).items,
	(SELECT jsonb_agg(c ORDER BY CASE WHEN f THEN c ELSE -c END) FROM generate_series(-10, 9) AS c), format('pages of %s items, forward %s', l, f)) FROM generate_series(1, 7) AS l, unnest('{t,f}'::bool[]) AS f;
SELECT is((pg_temp.pages(jsonb_build_object('TableName', 'Num', 'KeyConditionExpression', 'p = :p AND c BETWEEN :a AND :b', 'ExpressionAttributeValues', '{":p": {"S": "a"}, ":a": {"N": "-3"}, ":b": {"N": "4"}}'::jsonb, 'Limit', 3, 'ScanIndexForward', f))).items,
	(SELECT jsonb_agg(c ORDER BY CASE WHEN f THEN c ELSE -c END) FROM generate_series(-3, 4) AS c), format('pages of a range, forward %s', f)) FROM unnest('{t,f}'::bool[]) AS f;
SELECT throws_ok('SELECT pg_temp.num(''p = :p'', more => ''{"Limit": 0}'')', 'YD001', 'ValidationException: 1 validation error detected: Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit 0');
SELECT throws_ok('SELECT pg_temp.num(''p = :p'', more => ''{"Limit": -1}'')', 'YD001', 'ValidationException: 1 validation error detected: Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit -1');
SELECT throws_ok(format('SELECT pg_temp.num(%L, %L, %L)', condition, vals, jsonb_build_object('ExclusiveStartKey', start::jsonb)), 'YD001', 'ValidationException: ' || message, start)
FROM (VALUES
	('p = :p', '{}', '{"p": {"S": "a"}}', 'The provided starting key is invalid'),
	('p = :p', '{}', '{"p": {"S": "a"}, "c": {"N": "1"}, "x": {"N": "1"}}', 'The provided starting key is invalid'),
	('p = :p', '{}', '{"p": {"S": "a"}, "c": {"S": "1"}}', 'The provided starting key is invalid'),
	('p = :p', '{}', '{"p": {"N": "1"}, "c": {"N": "1"}}', 'The provided starting key is invalid'),
	('p = :p', '{}', '{"p": {"S": ""}, "c": {"N": "1"}}', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'),
	('p = :p', '{}', '{"p": {"NULL": false}, "c": {"N": "1"}}', 'One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('p = :p', '{}', '{"p": {"SS": []}, "c": {"N": "1"}}', 'One or more parameter values were invalid: An string set  may not be empty'),
	('p = :p', '{}', '{"p": {"S": "a"}, "d": {"N": "1"}}', 'The provided starting key is invalid'),
	('p = :p', '{}', '{"p": {"S": "b"}, "c": {"N": "1"}}', 'The provided starting key is outside query boundaries based on provided conditions'),
	('p = :p AND c > :c', '{":c": {"N": "5"}}', '{"p": {"S": "b"}, "c": {"N": "7"}}', 'The query can return at most one row and cannot be restarted'),
	('p = :p AND c > :c', '{":c": {"N": "5"}}', '{"p": {"S": "a"}, "c": {"N": "1"}}', 'The provided starting key does not match the range key predicate')) AS v(condition, vals, start, message);

-- ---- FilterExpression
SELECT is(pg_temp.num('p = :p', '{":t": {"BOOL": true}}', '{"FilterExpression": "even = :t", "Limit": 5, "ProjectionExpression": "c"}'),
	'{"Items": [{"c": {"N": "-10"}}, {"c": {"N": "-8"}}, {"c": {"N": "-6"}}], "Count": 3, "ScannedCount": 5, "LastEvaluatedKey": {"p": {"S": "a"}, "c": {"N": "-6"}}}', 'a filter comes after the limit');
SELECT is(pg_temp.num('p = :p', '{":t": {"S": "no"}}', '{"FilterExpression": "even = :t", "Limit": 2}'), '{"Items": [], "Count": 0, "ScannedCount": 2, "LastEvaluatedKey": {"p": {"S": "a"}, "c": {"N": "-9"}}}', 'a page may be empty');
SELECT is(pg_temp.num('p = :p', '{":t": {"BOOL": true}}', '{"FilterExpression": "even = :t", "Select": "COUNT"}'), '{"Count": 10, "ScannedCount": 20}', 'Count and ScannedCount');
SELECT throws_ok(format('SELECT pg_temp.num(''p = :p'', ''{":c": {"N": "1"}}'', ''{"FilterExpression": "%s = :c"}'')', k), 'YD001',
	'ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: ' || k, 'a filter on key ' || k) FROM unnest('{p,c}'::text[]) AS k;
SELECT throws_ok('SELECT pg_temp.num(''p = :p'', ''{}'', ''{"FilterExpression": ""}'')', 'YD001', 'ValidationException: Invalid FilterExpression: The expression can not be empty;', 'an empty filter');
SELECT throws_ok('SELECT pg_temp.num(''p = :p'', ''{}'', ''{"FilterExpression": "x ="}'')', 'YD001', 'ValidationException: Invalid FilterExpression: Syntax error; token: "<EOF>", near: "="', 'a bad filter');

-- ---- Select and ProjectionExpression
SELECT is(pg_temp.num('p = :p', more => '{"Select": "ALL_ATTRIBUTES"}'), pg_temp.num('p = :p'), 'ALL_ATTRIBUTES is the default');
SELECT is(pg_temp.num('p = :p', more => '{"Select": "COUNT"}'), '{"Count": 20, "ScannedCount": 20}', 'COUNT');
SELECT is(pg_temp.num('p = :p AND c = :c', '{":c": {"N": "1"}}', '{"Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": "even"}') -> 'Items', '[{"even": {"BOOL": false}}]', 'SPECIFIC_ATTRIBUTES');
SELECT is(pg_temp.num('p = :p AND c = :c', '{":c": {"N": "1"}}', '{"ProjectionExpression": "#e, c", "ExpressionAttributeNames": {"#e": "even"}}') -> 'Items', '[{"c": {"N": "1"}, "even": {"BOOL": false}}]', 'ProjectionExpression');
SELECT is(pg_temp.num('p = :p', '{}', '{"ProjectionExpression": "nothing", "Limit": 2}') -> 'Items', '[{}, {}]', 'items without the projected attributes are empty');
SELECT throws_like(format('SELECT pg_temp.num(''p = :p'', ''{}'', %L)', more), 'ValidationException: ' || message, more)
FROM (VALUES
	('{"Select": "DOG"}', '1 validation error detected: Value ''DOG'' at ''select'' failed to satisfy constraint: Member must satisfy enum value set: [%]'),
	('{"Select": "ALL_PROJECTED_ATTRIBUTES"}', '%ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName'),
	('{"Select": "SPECIFIC_ATTRIBUTES"}', '%SPECIFIC_ATTRIBUTES%'),
	('{"Select": "ALL_ATTRIBUTES", "ProjectionExpression": "c"}', '%Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES'),
	('{"Select": "SPECIFIC_ATTRIBUTES"}', '1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES'),
	('{"Select": "COUNT", "ProjectionExpression": "c"}', '1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count'),
	('{"ProjectionExpression": ""}', 'Invalid ProjectionExpression: The expression can not be empty;')) AS v(more, message);

-- what Select does not go together with comes after the start key's values, and before expressions and the table
SELECT throws_like(format('SELECT dynamo.request(''Query'', %L)', '{"TableName": "Nothing", "Select": "SPECIFIC_ATTRIBUTES", "KeyConditionExpression": "p = = :p"}'::jsonb || more), 'ValidationException: ' || message, more::text)
FROM (VALUES
	('{}'::jsonb, '1 validation error detected: Must specify the AttributesToGet or ProjectionExpression %'),
	('{"ExclusiveStartKey": {"p": {"SS": []}}}', 'One or more parameter values were invalid: An string set  may not be empty'),
	('{"QueryFilter": {"a": {"ComparisonOperator": "NULL"}}}', 'Can not use both expression and non-expression parameters %')) AS v(more, message);

-- ---- indexes
SELECT is(pg_temp.index('All') -> 'Count', '20', 'a sparse index holds what has its keys');
SELECT is(pg_temp.keys(pg_temp.index('All'), 'r'), '[0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]', 'in the order of its range key');
SELECT is(pg_temp.index('All', condition => 'g = :g AND r = :r', vals => '{":g": {"S": "g"}, ":r": {"N": "2"}}') -> 'Count', '5', 'where keys repeat');
SELECT is(pg_temp.index('All', vals => '{":g": {"S": "half"}}') -> 'Count', '0', 'half a key is not in it');
SELECT is(pg_temp.index('Hash', vals => '{":g": {"S": "half"}}') -> 'Items', '[{"p": {"S": "even"}, "c": {"N": "101"}, "g": {"S": "half"}, "v": {"N": "1"}}]', 'an index without a range key');
SELECT is(pg_temp.index('All', vals => '{":g": {"S": "other"}}') -> 'Items', '[{"p": {"S": "even"}, "c": {"N": "100"}, "g": {"S": "other"}, "r": {"N": "7"}}]', 'another hash key');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.index('Keys') #> '{Items,0}') AS k), '{c,g,p}', 'KEYS_ONLY');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.index('Some') #> '{Items,0}') AS k), '{c,g,p,v}', 'INCLUDE');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.index('All') #> '{Items,0}') AS k), '{c,g,p,r,v,w}', 'ALL');
SELECT is(pg_temp.index('Some', '{"Select": "ALL_PROJECTED_ATTRIBUTES"}'), pg_temp.index('Some'), 'ALL_PROJECTED_ATTRIBUTES is the default of an index');
SELECT is(pg_temp.index('All', '{"Select": "ALL_ATTRIBUTES"}'), pg_temp.index('All'), 'ALL_ATTRIBUTES of an index that has them');
SELECT is(pg_temp.index('Keys', '{"Select": "COUNT"}'), '{"Count": 20, "ScannedCount": 20}', 'COUNT of an index');
SELECT is(pg_temp.index('Some', '{"ProjectionExpression": "v", "Limit": 1}') -> 'Items', '[{"v": {"N": "0"}}]', 'a projection of what the index holds');
SELECT throws_like('SELECT pg_temp.index(''Some'', ''{"Select": "ALL_ATTRIBUTES"}'')', 'ValidationException: One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index Some because its projection type is not ALL', 'ALL_ATTRIBUTES of one that has not');
SELECT throws_like('SELECT pg_temp.index(''Some'', ''{"ProjectionExpression": "w"}'')', 'ValidationException: One or more parameter values were invalid: Global secondary index Some does not project [w]', 'a projection of what it does not hold');
SELECT throws_like('SELECT pg_temp.index(''Keys'', ''{"FilterExpression": "v = :v"}'', vals => ''{":g": {"S": "g"}, ":v": {"N": "1"}}'')', 'ValidationException: One or more parameter values were invalid: Secondary index Keys does not project one or more filter attributes: [v]', 'a filter on what it does not hold');
SELECT throws_ok('SELECT pg_temp.index(''All'', ''{"ConsistentRead": true}'')', 'YD001', 'ValidationException: Consistent reads are not supported on global secondary indexes', 'ConsistentRead on a global index');
SELECT is(pg_temp.index('All', '{"ConsistentRead": false}') -> 'Count', '20', 'ConsistentRead false is fine');
SELECT throws_ok('SELECT pg_temp.index(''Nothing'')', 'YD001', 'ValidationException: The table does not have the specified index: Nothing', 'no such index');
SELECT throws_like('SELECT pg_temp.index(''x'')', 'ValidationException: 1 validation error detected: Value ''x'' at ''indexName'' failed to satisfy constraint: Member must have length greater than or equal to 3', 'a bad index name');
SELECT throws_ok('SELECT pg_temp.index(''All'', condition => ''p = :g'')', 'YD001', 'ValidationException: Query condition missed key schema element: g', 'the table''s hash key is not the index''s');
SELECT throws_ok('SELECT pg_temp.index(''All'', condition => ''g = :g AND c = :c'', vals => ''{":g": {"S": "g"}, ":c": {"N": "1"}}'')', 'YD001', 'ValidationException: Query condition missed key schema element: r', 'nor is its range key');
SELECT throws_ok('SELECT pg_temp.index(''Hash'', condition => ''g = :g AND c = :c'', vals => ''{":g": {"S": "g"}, ":c": {"N": "1"}}'')', 'YD001', 'ValidationException: Query key condition not supported', 'nor of an index without one');
SELECT throws_ok(format('SELECT pg_temp.index(''All'', ''{"FilterExpression": "%s = :r"}'', vals => ''{":g": {"S": "g"}, ":r": {"N": "1"}}'')', k), 'YD001',
	'ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: ' || k, 'a filter on the index''s key ' || k) FROM unnest('{g,r}'::text[]) AS k;
SELECT is(pg_temp.index('All', '{"FilterExpression": "c = :r"}', vals => '{":g": {"S": "g"}, ":r": {"N": "1"}}') -> 'Count', '1', 'a filter on the table''s key is fine');
SELECT is(pg_temp.index('All', '{"Limit": 1}') #> '{LastEvaluatedKey}', (SELECT jsonb_object_agg(k, pg_temp.index('All', '{"Limit": 1}') #> ARRAY['Items', '0', k]) FROM unnest('{g,r,p,c}'::text[]) AS k), 'LastEvaluatedKey has the index''s and the table''s key');
SELECT is((SELECT jsonb_agg(i ORDER BY i::int) FROM jsonb_array_elements(r.items) AS i), (SELECT jsonb_agg(i) FROM generate_series(0, 19) AS i), format('%s in pages of %s, forward %s: each item once', x, l, f))
FROM unnest('{All,Hash,Keys,Some}'::text[]) AS x, unnest('{1,3,5,7,20}'::int[]) AS l, unnest('{t,f}'::bool[]) AS f,
	LATERAL pg_temp.pages(jsonb_build_object('TableName', 'Idx', 'IndexName', x, 'KeyConditionExpression', 'g = :g', 'ExpressionAttributeValues', '{":g": {"S": "g"}}'::jsonb, 'Limit', l, 'ScanIndexForward', f)) AS r;
SELECT is((SELECT jsonb_agg(i ORDER BY i::int) FROM jsonb_array_elements(r.items) AS i), '[5, 6, 7, 8, 9]', format('one index key in pages, forward %s', f))
FROM unnest('{t,f}'::bool[]) AS f, LATERAL pg_temp.pages(jsonb_build_object('TableName', 'Idx', 'IndexName', 'All', 'KeyConditionExpression', 'g = :g AND r = :r', 'ExpressionAttributeValues', '{":g": {"S": "g"}, ":r": {"N": "1"}}'::jsonb, 'Limit', 2, 'ScanIndexForward', f)) AS r;
SELECT throws_ok(format('SELECT pg_temp.index(''All'', %L)', jsonb_build_object('ExclusiveStartKey', start::jsonb)), 'YD001', 'ValidationException: ' || message, start)
FROM (VALUES
	('{"g": {"S": "g"}, "r": {"N": "1"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "odd"}, "c": {"N": "1"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "odd"}, "c": {"N": "1"}, "g": {"S": "g"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "odd"}, "c": {"N": "1"}, "g": {"S": "g"}, "r": {"N": "1"}, "v": {"N": "1"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "odd"}, "c": {"N": "1"}, "g": {"N": "1"}, "r": {"N": "1"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "odd"}, "c": {"S": "1"}, "g": {"S": "g"}, "r": {"N": "1"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "odd"}, "c": {"N": "1"}, "g": {"S": "other"}, "r": {"N": "1"}}', 'The provided starting key is outside query boundaries based on provided conditions')) AS v(start, message);

-- local indexes
SELECT is(pg_temp.keys(pg_temp.index('Local', '{"ConsistentRead": true}', 'p = :p', '{":p": {"S": "odd"}}'), 'r'), '[0, 0, 1, 1, 1, 2, 2, 3, 3, 3]', 'a local index, read consistently');
SELECT is(pg_temp.index('Local', condition => 'p = :p AND r > :r', vals => '{":p": {"S": "odd"}, ":r": {"N": "2"}}') -> 'Count', '3', 'with a range');
SELECT is(pg_temp.keys(pg_temp.index('LocalKeys', '{"ProjectionExpression": "v"}', 'p = :p AND r = :r', '{":p": {"S": "odd"}, ":r": {"N": "0"}}'), 'v'), '[1, 3]', 'a local index fetches what it does not hold');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.index('LocalKeys', '{"Select": "ALL_ATTRIBUTES"}', 'p = :p', '{":p": {"S": "odd"}}') #> '{Items,0}') AS k), '{c,g,p,r,v,w}', 'also ALL_ATTRIBUTES');
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.index('LocalKeys', condition => 'p = :p', vals => '{":p": {"S": "odd"}}') #> '{Items,0}') AS k), '{c,p,r}', 'by default only its keys');
SELECT is((SELECT jsonb_agg(i ORDER BY i::int) FROM jsonb_array_elements(r.items) AS i), '[1, 3, 5, 7, 9, 11, 13, 15, 17, 19]', format('in pages of %s, forward %s', l, f))
FROM unnest('{1,2,3}'::int[]) AS l, unnest('{t,f}'::bool[]) AS f, LATERAL pg_temp.pages(jsonb_build_object('TableName', 'Idx', 'IndexName', 'Local', 'KeyConditionExpression', 'p = :p', 'ExpressionAttributeValues', '{":p": {"S": "odd"}}'::jsonb, 'Limit', l, 'ScanIndexForward', f)) AS r;
SELECT is(pg_temp.index('Local', '{"Limit": 1}', 'p = :p', '{":p": {"S": "odd"}}') -> 'LastEvaluatedKey', '{"p": {"S": "odd"}, "c": {"N": "1"}, "r": {"N": "0"}}', 'LastEvaluatedKey of a local index');

-- ---- indexes on several attributes
DO $$ BEGIN
	PERFORM dynamo.request('CreateTable', '{"TableName": "Multi", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "h1", "AttributeType": "S"}, {"AttributeName": "h2", "AttributeType": "N"}, {"AttributeName": "r1", "AttributeType": "N"}, {"AttributeName": "r2", "AttributeType": "S"}],
		"GlobalSecondaryIndexes": [{"IndexName": "Four", "KeySchema": [{"AttributeName": "h1", "KeyType": "HASH"}, {"AttributeName": "h2", "KeyType": "HASH"}, {"AttributeName": "r1", "KeyType": "RANGE"}, {"AttributeName": "r2", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}},
			{"IndexName": "Swapped", "KeySchema": [{"AttributeName": "r2", "KeyType": "HASH"}, {"AttributeName": "h2", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}]}');
	PERFORM dynamo.put_item('Multi', jsonb_build_object('p', 'k' || a || b, 'c', a * 10 + b, 'h1', 'x', 'h2', 1, 'r1', a, 'r2', 's' || b)) FROM generate_series(1, 12) AS a, generate_series(1, 3) AS b;
	PERFORM dynamo.put_item('Multi', '{"p": "y", "c": 1, "h1": "x", "h2": 2, "r1": 1, "r2": "s1"}'), dynamo.put_item('Multi', '{"p": "z1", "h1": "x", "h2": 1, "r1": 1}'), dynamo.put_item('Multi', '{"p": "z2", "h1": "x", "r1": 1, "r2": "s1"}'), dynamo.put_item('Multi', '{"p": "z3"}');
END $$;
CREATE FUNCTION pg_temp.multi(condition text, vals jsonb DEFAULT '{}', more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('Query', jsonb_build_object('TableName', 'Multi', 'IndexName', 'Four', 'KeyConditionExpression', condition, 'ExpressionAttributeValues', '{":x": {"S": "x"}, ":1": {"N": "1"}}' || vals) || more) $$;
SELECT is(pg_temp.keys(pg_temp.multi(condition, vals::jsonb)), (SELECT jsonb_agg(a * 10 + b ORDER BY a, b) FROM generate_series(1, 12) AS a, generate_series(1, 3) AS b WHERE a BETWEEN low AND high AND b BETWEEN first AND last), condition)
FROM (VALUES
	('h1 = :x AND h2 = :1', '{}', 1, 12, 1, 3), ('h2 = :1 AND h1 = :x AND r1 = :r', '{":r": {"N": "2"}}', 2, 2, 1, 3), ('h1 = :x AND h2 = :1 AND r1 > :r', '{":r": {"N": "9"}}', 10, 12, 1, 3), ('h1 = :x AND h2 = :1 AND r1 BETWEEN :r AND :s', '{":r": {"N": "2"}, ":s": {"N": "10"}}', 2, 10, 1, 3),
	('h1 = :x AND h2 = :1 AND r1 = :r AND r2 = :s', '{":r": {"N": "2"}, ":s": {"S": "s2"}}', 2, 2, 2, 2), ('r2 = :s AND r1 = :r AND h1 = :x AND h2 = :1', '{":r": {"N": "2"}, ":s": {"S": "s2"}}', 2, 2, 2, 2), ('h1 = :x AND h2 = :1 AND r1 = :r AND r2 >= :s', '{":r": {"N": "2"}, ":s": {"S": "s2"}}', 2, 2, 2, 3), ('h1 = :x AND h2 = :1 AND r1 = :r AND begins_with(r2, :s)', '{":r": {"N": "2"}, ":s": {"S": "s"}}', 2, 2, 1, 3)) AS v(condition, vals, low, high, first, last);
SELECT is(pg_temp.keys(pg_temp.multi('h1 = :x AND h2 = :1', more => '{"ScanIndexForward": false}')), (SELECT jsonb_agg(a * 10 + b ORDER BY a DESC, b DESC) FROM generate_series(1, 12) AS a, generate_series(1, 3) AS b), 'backward');
SELECT is(r.items, (SELECT jsonb_agg(a * 10 + b ORDER BY CASE WHEN f THEN 1 ELSE -1 END * (a * 10 + b)) FROM generate_series(1, 12) AS a, generate_series(1, 3) AS b), format('in pages of %s, forward %s', l, f))
FROM unnest('{1,5}'::int[]) AS l, unnest('{t,f}'::bool[]) AS f, LATERAL pg_temp.pages(jsonb_build_object('TableName', 'Multi', 'IndexName', 'Four', 'KeyConditionExpression', 'h1 = :x AND h2 = :1', 'ExpressionAttributeValues', '{":x": {"S": "x"}, ":1": {"N": "1"}}'::jsonb, 'Limit', l, 'ScanIndexForward', f)) AS r;
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.multi('h1 = :x AND h2 = :1', more => '{"Limit": 1}') -> 'LastEvaluatedKey') AS k), '{h1,h2,p,r1,r2}', 'LastEvaluatedKey has every part');
SELECT is((dynamo.request('Scan', '{"TableName": "Multi", "IndexName": "Four"}') ->> 'Count')::int, 37, 'an item without one of the attributes is not in the index');
SELECT is((SELECT jsonb_agg(i #> '{h2,N}' ORDER BY o) FROM jsonb_array_elements(dynamo.request('Query', '{"TableName": "Multi", "IndexName": "Swapped", "KeyConditionExpression": "r2 = :s AND h2 > :h", "ExpressionAttributeValues": {":s": {"S": "s1"}, ":h": {"N": "1"}}}') -> 'Items') WITH ORDINALITY AS x(i, o)), '["2"]', 'an attribute may be a hash key here and a range key there');
SELECT throws_like(format('SELECT pg_temp.multi(%L, %L)', condition, vals), message, condition)
FROM (VALUES
	('h1 = :x', '{}', 'ValidationException: %'), ('h1 = :x AND h2 > :1', '{}', 'ValidationException: %'), ('h1 = :x AND h2 = :1 AND r2 = :s', '{":s": {"S": "s1"}}', 'ValidationException: %'), ('h1 = :x AND h2 = :1 AND r1 > :r AND r2 = :s', '{":r": {"N": "2"}, ":s": {"S": "s2"}}', 'ValidationException: %'), ('h1 = :x AND h2 = :1 AND r1 > :r AND r2 > :s', '{":r": {"N": "2"}, ":s": {"S": "s2"}}', 'ValidationException: %'), ('begins_with(h1, :x) AND h2 = :1', '{}', 'ValidationException: %'), ('h1 = :1 AND h2 = :1', '{}', 'ValidationException: %'), ('h1 = :x AND h2 = :1 AND begins_with(r1, :x)', '{}', 'ValidationException: %type%')) AS v(condition, vals, message);
SELECT throws_like(format('SELECT pg_temp.multi(''h1 = :x AND h2 = :1'', more => ''{"FilterExpression": "%s = :1"}'')', k), 'ValidationException: Filter Expression can only contain non-primary key attributes: %' || k || '%', 'a filter on ' || k) FROM unnest('{h1,h2,r1,r2}'::text[]) AS k;
SELECT throws_like('SELECT dynamo.put_item(''Multi'', ''{"p": "bad", "h2": "text"}'')', 'ValidationException: %mismatch%h2%', 'a part of another type');
SELECT throws_like('SELECT dynamo.put_item(''Multi'', ''{"p": "bad", "h1": ""}'')', 'ValidationException: %empty%h1%', 'an empty part');

-- ---- which error comes first
SELECT throws_ok(format('SELECT pg_temp.query(%L)', '{"TableName": "Idx", "IndexName": "Keys", "KeyConditions": {"g": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "g"}]}}}'::jsonb || body::jsonb), 'YD001', 'ValidationException: ' || message, body)
FROM (VALUES
	('{"QueryFilter": {"g": {"ComparisonOperator": "NOT_NULL"}}}', 'QueryFilter can only contain non-primary key attributes: Primary key attribute: g'),
	('{"QueryFilter": {"c": {"ComparisonOperator": "NOT_NULL"}, "g": {"ComparisonOperator": "NULL"}}}', 'QueryFilter can only contain non-primary key attributes: Primary key attribute: g'),
	('{"FilterExpression": "attribute_exists(c) AND attribute_exists(g)"}', 'Filter Expression can only contain non-primary key attributes: Primary key attribute: g'),
	('{"FilterExpression": "attribute_exists(c)", "ProjectionExpression": "v"}', 'Filter Expression can only contain non-primary key attributes: Primary key attribute: c'),
	('{"FilterExpression": "attribute_exists(p.a)", "ProjectionExpression": "v"}', 'Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p'),
	('{"FilterExpression": "attribute_exists(c)", "ProjectionExpression": "r.a, p.b"}', 'Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p'),
	('{"FilterExpression": "attribute_exists(w) OR attribute_exists(note) OR attribute_exists(g2) OR attribute_exists(l)"}', 'One or more parameter values were invalid: Secondary index Keys does not project one or more filter attributes: [g2, l, note, w]'),
	('{"ProjectionExpression": "n, s, x, note"}', 'One or more parameter values were invalid: Global secondary index Keys does not project [note, s, x, n]'),
	('{"ExclusiveStartKey": {"p": {"N": "1"}, "c": {"N": "1"}, "g": {"S": "g"}}}', 'The provided starting key is invalid: The provided key element does not match the schema'),
	('{"ProjectionExpression": "p.b", "Select": "COUNT"}', '1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count'),
	('{"ProjectionExpression": "v", "ExclusiveStartKey": {"p": {"S": "odd"}, "c": {"N": "1"}, "g": {"S": "x"}}}', 'The provided starting key is outside query boundaries based on provided conditions')) AS v(body, message);

SELECT throws_ok(format('SELECT pg_temp.query(%L)', '{"TableName": "Hash", "KeyConditionExpression": "p = :p"}'::jsonb || body::jsonb), 'YD001', 'ValidationException: ' || message, body)
FROM (VALUES
	('{"ExpressionAttributeValues": {":p": {"S": "a"}}, "ExclusiveStartKey": {"p": {"S": "a"}}}', 'The provided exclusive start key is invalid: ExclusiveStartKey: {p=AttributeValue: {S:a}}'),
	('{"ExpressionAttributeValues": {":p": {"S": "a"}}, "ExclusiveStartKey": {"p": {"S": "b"}}}', 'The provided exclusive start key is invalid'),
	('{"ExpressionAttributeValues": {":p": {"S": "a"}}, "ExclusiveStartKey": {"p": {"N": "1"}}}', 'The provided starting key is invalid'),
	('{"ExpressionAttributeValues": {":p": {"N": "1"}}, "ExclusiveStartKey": {"p": {"S": "b"}}}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('{"KeyConditionExpression": "p = :p AND q = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}', 'The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)'),
	('{"ExpressionAttributeValues": {":p": {"N": "x"}, "p": {"S": "a"}}}', 'ExpressionAttributeValues contains invalid key: Syntax error; key: "p"')) AS v(body, message);
SELECT throws_ok(format('SELECT pg_temp.query(%L)', '{"TableName": "Num", "KeyConditions": {"p": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}}'::jsonb || jsonb_build_object('ExclusiveStartKey', start::jsonb)), 'YD001', 'ValidationException: ' || message, 'KeyConditions and ' || start)
FROM (VALUES
	('{"p": {"N": "7"}, "c": {"N": "42"}}', 'The provided key element does not match the schema'), ('{"p": {"S": "a"}, "c": {"S": "dog"}}', 'The provided key element does not match the schema'), ('{"p": {"S": "a"}}', 'The provided starting key is invalid')) AS v(start, message);

-- ---- a condition on the range key may not be longer than such a key
SELECT throws_ok(format('SELECT dynamo.request(''Query'', %L)', jsonb_build_object('TableName', 'Str', 'KeyConditionExpression', 'p = :p AND ' || condition,
	'ExpressionAttributeValues', '{":p": {"S": "k"}}'::jsonb || (SELECT jsonb_object_agg(m[1], CASE m[1] WHEN ':a' THEN '{"S": "a"}' ELSE jsonb_build_object('S', repeat('x', 1025)) END) FROM regexp_matches(condition, ':\w+', 'g') AS m))),
	'YD001', 'ValidationException: One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes', condition)
FROM unnest('{c = :long, c < :long, c >= :long, "begins_with(c, :long)", "c BETWEEN :a AND :long"}'::text[]) AS condition;
SELECT is(dynamo.request('Query', jsonb_build_object('TableName', 'Str', 'KeyConditionExpression', 'p = :p AND c = :c', 'ExpressionAttributeValues', jsonb_build_object(':p', jsonb_build_object('S', repeat('x', 2049)),
	':c', jsonb_build_object('S', repeat('x', 1024))))) -> 'Count', '0', 'just as long is fine, and a longer hash key is merely not there');

-- ---- pages of 1 MB
DO $$ BEGIN
	PERFORM dynamo.put_item('Num', jsonb_build_object('p', 'big', 'c', c, 'v', repeat('x', 100000))) FROM generate_series(1, 35) AS c;
END $$;
SELECT ok((r ->> 'Count')::int BETWEEN 10 AND 11 AND r ? 'LastEvaluatedKey', 'a page ends at 1 MB: ' || (r ->> 'Count')) FROM pg_temp.num('p = :p', '{":p": {"S": "big"}}') AS r;
SELECT is(r.items, (SELECT jsonb_agg(c ORDER BY CASE WHEN f THEN c ELSE -c END) FROM generate_series(1, 35) AS c), format('and the next begins there, forward %s', f))
FROM unnest('{t,f}'::bool[]) AS f, LATERAL pg_temp.pages(jsonb_build_object('TableName', 'Num', 'KeyConditionExpression', 'p = :p', 'ExpressionAttributeValues', '{":p": {"S": "big"}}'::jsonb, 'ScanIndexForward', f)) AS r;
SELECT ok((r ->> 'Count')::int BETWEEN 10 AND 11 AND r ? 'LastEvaluatedKey', 'COUNT counts bytes as well') FROM pg_temp.num('p = :p', '{":p": {"S": "big"}}', '{"Select": "COUNT"}') AS r;
SELECT ok((r ->> 'ScannedCount')::int BETWEEN 10 AND 11 AND r ->> 'Count' = '0' AND r ? 'LastEvaluatedKey', 'what a filter drops counts, too') FROM pg_temp.num('p = :p', '{":p": {"S": "big"}}', '{"FilterExpression": "attribute_exists(nothing)"}') AS r;
SELECT ok((r ->> 'Count')::int BETWEEN 10 AND 11 AND r ? 'LastEvaluatedKey', 'so does what a projection drops') FROM pg_temp.num('p = :p', '{":p": {"S": "big"}}', '{"ProjectionExpression": "c"}') AS r;
DO $$ BEGIN
	PERFORM dynamo.put_item('Idx', jsonb_build_object('p', 'big', 'c', c, 'r', c, 'x', repeat('x', 100000))) FROM generate_series(1, 25) AS c;
END $$;
SELECT is(r ->> 'Count', '25', 'an index that holds keys alone gives more') FROM pg_temp.index('LocalKeys', condition => 'p = :p', vals => '{":p": {"S": "big"}}') AS r;
SELECT ok(r ->> 'Count' = '11' AND r #>> '{LastEvaluatedKey,c,N}' = '11', 'but what it fetches from the table ends a page as well: ' || (r ->> 'Count'))
FROM unnest('{"{\"Select\": \"ALL_ATTRIBUTES\"}", "{\"ProjectionExpression\": \"x\"}"}'::jsonb[]) AS more, LATERAL pg_temp.index('LocalKeys', more, 'p = :p', '{":p": {"S": "big"}}') AS r;
SELECT is(r.items, (SELECT jsonb_agg(c) FROM generate_series(1, 25) AS c), 'and the next begins there')
FROM pg_temp.pages('{"TableName": "Idx", "IndexName": "LocalKeys", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "big"}}, "ProjectionExpression": "c, x"}') AS r;

-- ---- KeyConditions, on an index with several hash and range attributes, too
DO $$ BEGIN
	PERFORM dynamo.request('CreateTable', '{"TableName": "Several", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
		"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "h1", "AttributeType": "S"}, {"AttributeName": "h2", "AttributeType": "S"}, {"AttributeName": "r1", "AttributeType": "S"}, {"AttributeName": "r2", "AttributeType": "N"}],
		"GlobalSecondaryIndexes": [{"IndexName": "Four", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": "h1", "KeyType": "HASH"}, {"AttributeName": "h2", "KeyType": "HASH"}, {"AttributeName": "r1", "KeyType": "RANGE"}, {"AttributeName": "r2", "KeyType": "RANGE"}]},
			{"IndexName": "Hashes", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": "h1", "KeyType": "HASH"}, {"AttributeName": "h2", "KeyType": "HASH"}]}]}');
	PERFORM dynamo.put_item('Several', jsonb_build_object('p', r1 || r2, 'h1', 'a', 'h2', 'b', 'r1', r1, 'r2', r2)) FROM unnest('{x,y}'::text[]) AS r1, generate_series(1, 3) AS r2;
END $$;
-- {"h1": "EQ a"} in short
CREATE FUNCTION pg_temp.several(conditions jsonb, index_name text DEFAULT 'Four') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.keys(dynamo.request('Query', jsonb_build_object('TableName', 'Several', 'IndexName', index_name, 'KeyConditions', (SELECT coalesce(jsonb_object_agg(key, jsonb_build_object('ComparisonOperator', words[1],
		'AttributeValueList', (SELECT jsonb_agg(jsonb_build_object(CASE WHEN word ~ '^[0-9]+$' THEN 'N' ELSE 'S' END, word)) FROM unnest(words[2:]) AS word))), '{}')
		FROM jsonb_each_text(conditions), LATERAL string_to_array(value, ' ') AS words))), 'p') $$;
SELECT is(pg_temp.several(conditions::jsonb), expected::jsonb, 'KeyConditions ' || conditions) FROM (VALUES
	('{"h1": "EQ a", "h2": "EQ b"}', '["x1", "x2", "x3", "y1", "y2", "y3"]'),
	('{"h1": "EQ a", "h2": "EQ b", "r1": "GT x"}', '["y1", "y2", "y3"]'),
	('{"r2": "LE 2", "r1": "EQ x", "h2": "EQ b", "h1": "EQ a"}', '["x1", "x2"]'),
	('{"h1": "EQ a", "h2": "EQ b", "r1": "EQ y", "r2": "BETWEEN 2 3"}', '["y2", "y3"]'),
	('{"h1": "EQ a", "h2": "EQ b", "r1": "BEGINS_WITH y"}', '["y1", "y2", "y3"]'),
	('{"h1": "EQ a", "h2": "EQ c"}', '[]')) AS v(conditions, expected);
SELECT is(pg_temp.several('{"h1": "EQ a", "h2": "EQ b"}', 'Hashes'), '["x1", "x2", "x3", "y1", "y2", "y3"]', 'KeyConditions on several hash attributes alone');
SELECT throws_ok(format('SELECT pg_temp.several(%L, %L)', conditions, index_name), 'YD001', 'ValidationException: ' || message, format('%s on %s', conditions, index_name)) FROM (VALUES
	('{"h1": "EQ a"}', 'Four', 'HASH key attributes h2 must have equality conditions specified in the query'),
	('{"h1": "EQ a", "h2": "GT b"}', 'Four', 'HASH key attributes h2 must have equality conditions specified in the query'),
	('{"h1": "EQ a", "h2": "EQ b", "r2": "EQ 1"}', 'Four', 'RANGE key attributes r1 must have equality conditions specified in the query because a condition is present on key attribute r2'),
	('{"h1": "EQ a", "h2": "EQ b", "r1": "EQ x", "v": "EQ x"}', 'Four', 'Query condition missed key schema element: r2'),
	('{"h1": "EQ a", "h2": "EQ b", "r1": "EQ x", "r2": "EQ 1", "v": "EQ x"}', 'Four', 'The number of query conditions (5) exceeds the number of key attributes defined in the schema (4)'),
	('{"h1": "EQ a", "h2": "EQ b", "v": "EQ x"}', 'Hashes', 'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)'),
	('{}', 'Four', 'Conditions can be of length 1 or 2 only')) AS v(conditions, index_name, message);
SELECT throws_ok(format('SELECT dynamo.request(''Query'', %L)', jsonb_build_object('TableName', 'Num', 'KeyConditions', jsonb_object_agg('a' || i, '{"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}'::jsonb))), 'YD001',
	'ValidationException: The number of query conditions (20000) exceeds the number of key attributes defined in the schema (2)', 'thousands of KeyConditions are only counted') FROM generate_series(1, 20000) AS i;

-- ---- ReturnConsumedCapacity
SELECT is(pg_temp.num('p = :p', more => '{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '{"TableName": "Num", "CapacityUnits": 0.5}', 'TOTAL');
SELECT is(pg_temp.num('p = :p', more => '{"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true}') -> 'ConsumedCapacity', '{"TableName": "Num", "CapacityUnits": 1}', 'a consistent read costs twice');
SELECT is(pg_temp.num('p = :p', more => '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity', '{"TableName": "Num", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}', 'INDEXES');
SELECT ok(NOT pg_temp.num('p = :p', more => '{"ReturnConsumedCapacity": "NONE"}') ? 'ConsumedCapacity', 'NONE');
SELECT is(pg_temp.num('p = :p', '{":p": {"S": "nobody"}}', '{"ReturnConsumedCapacity": "TOTAL"}') #> '{ConsumedCapacity,CapacityUnits}', '0.5', 'nothing found costs the least');
SELECT is(pg_temp.num('p = :p', '{":p": {"S": "big"}}', '{"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true, "Limit": 2}') #> '{ConsumedCapacity,CapacityUnits}', '49', 'the sum of the sizes is rounded up, not each');
SELECT is(pg_temp.index('All', '{"ReturnConsumedCapacity": "INDEXES"}') #> '{ConsumedCapacity,GlobalSecondaryIndexes}', '{"All": {"CapacityUnits": 0.5}}', 'INDEXES of a global index');
SELECT is(pg_temp.index('All', '{"ReturnConsumedCapacity": "INDEXES"}') #> '{ConsumedCapacity,CapacityUnits}', '0.5', 'is all there is');
SELECT is(pg_temp.index('Local', '{"ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true}', 'p = :p', '{":p": {"S": "odd"}}') #> '{ConsumedCapacity,LocalSecondaryIndexes}', '{"Local": {"CapacityUnits": 1}}', 'INDEXES of a local index');

SELECT * FROM finish();
ROLLBACK;
