-- BatchGetItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
BEGIN;
SELECT plan(48);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N"}');
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'k' || i, 'v', i, 'm', '{"x": 1, "y": 2}'::jsonb)) FROM generate_series(1, 100) AS i;
	PERFORM dynamo.put_item('Pair', jsonb_build_object('p', 'a', 'c', i, 'v', i)) FROM generate_series(1, 5) AS i;
END $$;
CREATE FUNCTION pg_temp.get(items jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT dynamo.request('BatchGetItem', jsonb_build_object('RequestItems', items) || more) $$;
CREATE FUNCTION pg_temp.keys(low int, high int, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('Hash', jsonb_build_object('Keys', jsonb_agg(jsonb_build_object('p', jsonb_build_object('S', 'k' || i)))) || more) FROM generate_series(low, high) AS i $$;
-- the sorted values v of one table's items
CREATE FUNCTION pg_temp.vs(reply jsonb, table_name text DEFAULT 'Hash') RETURNS int[] LANGUAGE sql AS $$
	SELECT array_agg((i #>> '{v,N}')::int ORDER BY (i #>> '{v,N}')::int) FROM jsonb_array_elements(reply -> 'Responses' -> table_name) AS i $$;

SELECT is(pg_temp.get('{"Pair": {"Keys": [{"p": {"S": "a"}, "c": {"N": "1"}}]}}'), '{"Responses": {"Pair": [{"p": {"S": "a"}, "c": {"N": "1"}, "v": {"N": "1"}}]}, "UnprocessedKeys": {}}', 'one item; the whole reply');
SELECT is(pg_temp.vs(pg_temp.get(pg_temp.keys(1, 100))), ARRAY(SELECT generate_series(1, 100)), 'a hundred items');
SELECT is(pg_temp.vs(r) || pg_temp.vs(r, 'Pair'), '{1,2,3,2,4}', 'two tables') FROM pg_temp.get(pg_temp.keys(1, 3) || '{"Pair": {"Keys": [{"p": {"S": "a"}, "c": {"N": "2"}}, {"p": {"S": "a"}, "c": {"N": "4.0"}}]}}') AS r;
SELECT is(pg_temp.vs(pg_temp.get(pg_temp.keys(99, 102))), '{99,100}', 'missing items are left out');
SELECT is(pg_temp.get(pg_temp.keys(200, 201)), '{"Responses": {"Hash": []}, "UnprocessedKeys": {}}', 'no item found');
SELECT is(pg_temp.vs(pg_temp.get(pg_temp.keys(1, 2, '{"ConsistentRead": true}'))), '{1,2}', 'ConsistentRead');
SELECT is(pg_temp.get('{"arn:aws:dynamodb:us-east-1:000000000000:table/Hash": {"Keys": [{"p": {"S": "k1"}}], "ProjectionExpression": "v"}}') -> 'UnprocessedKeys', '{}', 'a table by its ARN');
SELECT is(pg_temp.get(pg_temp.keys(1, 1, '{"ProjectionExpression": "v, m.x"}')) -> 'Responses', '{"Hash": [{"v": {"N": "1"}, "m": {"M": {"x": {"N": "1"}}}}]}', 'ProjectionExpression');
SELECT is(pg_temp.get(pg_temp.keys(1, 1, '{"ProjectionExpression": "#v", "ExpressionAttributeNames": {"#v": "v"}}')) -> 'Responses', '{"Hash": [{"v": {"N": "1"}}]}', 'ExpressionAttributeNames');
SELECT is(pg_temp.get(pg_temp.keys(1, 1, '{"ProjectionExpression": "absent"}')) -> 'Responses', '{"Hash": [{}]}', 'nothing projected');
SELECT throws_ok(format('SELECT pg_temp.get(pg_temp.keys(1, 1, %L))', more), 'YD001', 'ValidationException: ' || message, more)
FROM (VALUES
	('{"ProjectionExpression": ""}', 'Invalid ProjectionExpression: The expression can not be empty;'),
	('{"ProjectionExpression": "status"}', 'Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status'),
	('{"ProjectionExpression": "#v"}', 'Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #v'),
	('{"ProjectionExpression": "v", "ExpressionAttributeNames": {"#v": "v"}}', 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#v}'),
	('{"ExpressionAttributeNames": {"#v": "v"}}', 'ExpressionAttributeNames can only be specified when using expressions')) AS v(more, message);

-- ---- limits and duplicates
SELECT throws_ok('SELECT pg_temp.get(''{"Hash": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "b"}}, {"p": {"S": "a"}}]}}'')', 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'a key twice');
SELECT throws_ok('SELECT pg_temp.get(''{"Pair": {"Keys": [{"p": {"S": "a"}, "c": {"N": "1"}}, {"c": {"N": "1"}, "p": {"S": "a"}}]}}'')', 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'in another order');
SELECT throws_ok(format('SELECT pg_temp.get(%L)', items), 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'before what is wrong with them: ' || items)
FROM (VALUES ('{"Pair": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "a"}}]}}'), ('{"Pair": {"Keys": [{}, {"p": {"N": "1"}}, {"p": {"N": "1"}}]}}'), ('{"None": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "a"}}]}}'),
	('{"Pair": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "a"}}], "ProjectionExpression": "p.x"}}'), ('{"Hash": {"Keys": [{"p": {"S": "a"}}, {"p": {"S": "a"}}, {"p": {"N": "x"}}]}}')) AS v(items);
SELECT throws_like('SELECT pg_temp.get(pg_temp.keys(1, 101))', 'ValidationException: 1 validation error detected: Value at ''RequestItems.Hash.member.Keys'' failed to satisfy constraint: Member must have length less than or equal to 100', 'a hundred and one keys');
SELECT throws_ok('SELECT pg_temp.get(pg_temp.keys(1, 100) || ''{"Pair": {"Keys": [{"p": {"S": "a"}, "c": {"N": "1"}}]}}'')', 'YD001', 'ValidationException: Too many items requested for the BatchGetItem call', 'of two tables');
SELECT throws_ok('SELECT pg_temp.get(''{"Hash": {"Keys": [{"p": {"S": "a"}}], "AttributesToGet": ["p"]}, "Pair": {"Keys": [{"p": {"S": "a"}, "c": {"N": "1"}}], "ProjectionExpression": "p"}}'')', 'YD001',
	'ValidationException: Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}', 'one kind of projection for all tables');
SELECT throws_like('SELECT pg_temp.get(''{}'')', 'ValidationException: 1 validation error detected: Value at ''RequestItems'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'no table');
SELECT throws_like('SELECT pg_temp.get(''{"Hash": {"Keys": []}}'')', 'ValidationException: 1 validation error detected: Value at ''RequestItems.Hash.member.Keys'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'no key');
SELECT throws_like(format('SELECT pg_temp.get(pg_temp.keys(1, 101) || %L)', '{"Pair": {"Keys": []}}'), 'ValidationException: 1 validation error detected: Value at ''RequestItems.Pair.member.Keys'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'before too many of another table');
SELECT throws_like('SELECT pg_temp.get(''{"Hash": {}}'')', 'ValidationException: 1 validation error detected: Value null at ''requestItems.Hash.member.keys'' failed to satisfy constraint: Member must not be null', 'Keys is required');
SELECT throws_ok('SELECT dynamo.request(''BatchGetItem'', ''{}'')', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''requestItems'' failed to satisfy constraint: Member must not be null', 'RequestItems is required');
SELECT throws_ok('SELECT pg_temp.get(''{"Nothing": {"Keys": [{"p": {"S": "a"}}]}}'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT throws_ok(format('SELECT pg_temp.get(''{"Pair": {"Keys": [{"p": {"S": "a"}, "c": {"N": "1"}}, %s]}}'')', key), 'YD001', 'ValidationException: The provided key element does not match the schema', key)
FROM unnest('{"{}", "{\"p\": {\"S\": \"a\"}}", "{\"p\": {\"S\": \"a\"}, \"c\": {\"S\": \"1\"}}", "{\"p\": {\"S\": \"a\"}, \"c\": {\"N\": \"2\"}, \"x\": {\"N\": \"2\"}}"}'::text[]) AS key;
SELECT throws_like('SELECT pg_temp.get(''{"Pair": {"Keys": [{"p": {"S": ""}, "c": {"N": "1"}}]}}'')', 'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p', 'an empty key');
SELECT throws_ok('SELECT pg_temp.get(''{"Hash": []}'')', 'YD002', NULL, 'a list where a structure belongs');

-- ---- 16 MB: the rest is unprocessed
DO $$ BEGIN PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'k' || i, 'v', i, 'x', repeat('x', 400000))) FROM generate_series(1001, 1050) AS i; END $$;
CREATE TEMP TABLE big AS SELECT pg_temp.get(pg_temp.keys(1001, 1050, '{"ProjectionExpression": "p, v", "ConsistentRead": true}')) AS r;
SELECT is(cardinality(pg_temp.vs(r)), 41, 'a reply holds as many items as fit into 16 MB') FROM big;
SELECT is(pg_temp.get(pg_temp.keys(1001, 1050), '{"ReturnConsumedCapacity": "TOTAL"}') #> '{ConsumedCapacity,0,CapacityUnits}', to_jsonb(41 * 49), 'and costs what they do');
SELECT is(cardinality(pg_temp.vs(r)) + jsonb_array_length(r #> '{UnprocessedKeys,Hash,Keys}'), 50, 'the others are unprocessed') FROM big;
SELECT is((r #> '{UnprocessedKeys,Hash}') - 'Keys', '{"ProjectionExpression": "p, v", "ConsistentRead": true}', 'with the rest of their request') FROM big;
SELECT is((SELECT array_agg(v ORDER BY v) FROM unnest(pg_temp.vs(r) || pg_temp.vs(pg_temp.get(r -> 'UnprocessedKeys'))) AS v), ARRAY(SELECT generate_series(1001, 1050)), 'asking again for them gives them') FROM big;

-- ---- ReturnConsumedCapacity
SELECT is(pg_temp.get(pg_temp.keys(1, 10), '{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 5}]', 'TOTAL: a list; each item is rounded up by itself');
SELECT is(pg_temp.get(pg_temp.keys(1, 10, '{"ConsistentRead": true}'), '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 10, "Table": {"CapacityUnits": 10}}]', 'INDEXES');
SELECT is(pg_temp.get(pg_temp.keys(200, 201), '{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 1}]', 'missing items cost the least');
SELECT is((SELECT jsonb_object_agg(c ->> 'TableName', c -> 'CapacityUnits') FROM jsonb_array_elements(r -> 'ConsumedCapacity') AS c), '{"Hash": 1.5, "Pair": 1}', 'one entry for each table')
FROM pg_temp.get(pg_temp.keys(1, 3) || '{"Pair": {"ConsistentRead": true, "Keys": [{"p": {"S": "a"}, "c": {"N": "2"}}]}}', '{"ReturnConsumedCapacity": "TOTAL"}') AS r;
SELECT ok(NOT pg_temp.get(pg_temp.keys(1, 1), '{"ReturnConsumedCapacity": "NONE"}') ? 'ConsumedCapacity', 'NONE');
SELECT throws_like('SELECT pg_temp.get(pg_temp.keys(1, 1), ''{"ReturnConsumedCapacity": "x"}'')', 'ValidationException: 1 validation error detected: Value ''x'' at ''returnConsumedCapacity''%', 'an enumeration');

SELECT * FROM finish();
ROLLBACK;
