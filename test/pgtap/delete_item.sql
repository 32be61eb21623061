-- DeleteItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
BEGIN;
SELECT plan(50);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N", "g": "S"}', global_indexes => '{"ByG": {"hash_key": "g"}}', local_indexes => '{"ByL": {"range_key": "l"}}');
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', p, 'v', 1)) FROM unnest('{a,b,c,d,e,f,g,h,i}'::text[]) AS p;
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'big', 'v', repeat('x', 2044)));
	PERFORM dynamo.put_item('Pair', jsonb_build_object('p', 'a', 'c', c, 'g', 'g', 'l', 'l')) FROM generate_series(1, 9) AS c;
	PERFORM dynamo.put_item('Pair', '{"p": "a", "c": 20}');
END $$;
CREATE FUNCTION pg_temp.delete(p text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('DeleteItem', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', jsonb_build_object('S', p))) || more) $$;
CREATE FUNCTION pg_temp.delete_pair(c int, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.delete('', jsonb_build_object('TableName', 'Pair', 'Key', jsonb_build_object('p', '{"S": "a"}'::jsonb, 'c', jsonb_build_object('N', c::text))) || more) $$;

SELECT is(pg_temp.delete('a'), '{}', 'a delete answers an empty object');
SELECT is(dynamo.get_item('Hash', '{"p": "a"}'), NULL, 'and the item is gone');
SELECT is(pg_temp.delete('a'), '{}', 'deleting what is not there is fine');
SELECT is_empty($$SELECT 1 FROM dynamo_tables."Hash" WHERE p = 'a'$$, 'SQL sees it, too');
SELECT isnt(dynamo.get_item('Hash', '{"p": "b"}'), NULL, 'other items stay');
SELECT is(pg_temp.delete_pair(1), '{}', 'with a range key');
SELECT is((SELECT count(*)::int FROM dynamo.query('Pair', 'g = :g', attribute_values => '{":g": "g"}', index_name => 'ByG')), 8, 'it leaves the indexes');

-- ---- ReturnValues
SELECT is(pg_temp.delete('b', '{"ReturnValues": "ALL_OLD"}'), '{"Attributes": {"p": {"S": "b"}, "v": {"N": "1"}}}', 'ALL_OLD');
SELECT is(pg_temp.delete('b', '{"ReturnValues": "ALL_OLD"}'), '{}', 'ALL_OLD when there is none');
SELECT is(pg_temp.delete('c', '{"ReturnValues": "NONE"}'), '{}', 'NONE');
SELECT throws_ok(format('SELECT pg_temp.delete(''d'', ''{"ReturnValues": "%s"}'')', v), 'YD001',
	'ValidationException: 1 validation error detected: ReturnValues can only be ALL_OLD or NONE', 'not ' || v) FROM unnest('{ALL_NEW,UPDATED_OLD,UPDATED_NEW}'::text[]) AS v;
SELECT throws_like('SELECT pg_temp.delete(''d'', ''{"ReturnValues": "dog"}'')', 'ValidationException: 1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [%]', 'an enumeration');

-- ---- ConditionExpression
SELECT throws_ok('SELECT pg_temp.delete(''d'', ''{"ConditionExpression": "v > :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}'')', 'YD006',
	'ConditionalCheckFailedException: The conditional request failed', 'a condition that fails');
SELECT isnt(dynamo.get_item('Hash', '{"p": "d"}'), NULL, 'deletes nothing');
SELECT is(pg_temp.delete('d', '{"ConditionExpression": "#v = :v", "ExpressionAttributeNames": {"#v": "v"}, "ExpressionAttributeValues": {":v": {"N": "1"}}}'), '{}', 'a condition that holds');
SELECT is(dynamo.get_item('Hash', '{"p": "d"}'), NULL, 'deletes');
SELECT throws_ok('SELECT pg_temp.delete(''nobody'', ''{"ConditionExpression": "attribute_exists(p)"}'')', 'YD006', NULL, 'a condition on no item');
SELECT is(pg_temp.delete('nobody', '{"ConditionExpression": "attribute_not_exists(p)"}'), '{}', 'that holds without one');
SELECT is(dynamo.get_item('Hash', '{"p": "nobody"}'), NULL, 'makes no item');
CREATE FUNCTION pg_temp.failure(p text, more jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM pg_temp.delete(p, '{"ConditionExpression": "attribute_exists(nothing)"}' || more);
	RETURN 'no error';
EXCEPTION WHEN SQLSTATE 'YD006' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;
SELECT matches(pg_temp.failure('e', '{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), '"v": *\{"N": *"1"\}', 'ReturnValuesOnConditionCheckFailure ALL_OLD');
SELECT is(pg_temp.failure('e', '{"ReturnValuesOnConditionCheckFailure": "NONE"}'), '', 'NONE');
SELECT is(pg_temp.failure('nobody', '{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), '', 'no item to return');
SELECT throws_like('SELECT pg_temp.delete(''e'', ''{"ReturnValuesOnConditionCheckFailure": "x"}'')', 'ValidationException: 1 validation error detected: Value ''x'' at ''returnValuesOnConditionCheckFailure''%', 'an enumeration');
SELECT throws_ok(format('SELECT pg_temp.delete(''e'', %L)', more), 'YD001', 'ValidationException: 1 validation error detected: ' || message, more)
FROM (VALUES
	('{"ConditionExpression": ""}', 'Invalid ConditionExpression: The expression can not be empty;'),
	('{"ExpressionAttributeNames": {"#a": "a"}}', 'ExpressionAttributeNames can only be specified when using expressions'),
	('{"ExpressionAttributeValues": {":a": {"N": "1"}}}', 'ExpressionAttributeValues can only be specified when using expressions'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#a": "a"}}', 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}'),
	('{"ConditionExpression": "a = :a"}', 'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :a')) AS v(more, message);

-- ---- keys
SELECT throws_ok(format('SELECT pg_temp.delete(''a'', %L)', jsonb_build_object('Key', key::jsonb)), 'YD001', 'ValidationException: The provided key element does not match the schema', key)
FROM unnest('{"{}", "{\"q\": {\"S\": \"a\"}}", "{\"p\": {\"N\": \"1\"}}", "{\"p\": {\"S\": \"a\"}, \"v\": {\"N\": \"1\"}}"}'::text[]) AS key;
SELECT throws_ok('SELECT pg_temp.delete('''')', 'YD001', 'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p', 'an empty key');
SELECT throws_ok('SELECT pg_temp.delete(''a'', ''{"TableName": "Nothing"}'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT throws_ok('SELECT dynamo.request(''DeleteItem'', ''{"TableName": "Hash"}'')', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''key'' failed to satisfy constraint: Member must not be null', 'Key is required');
SELECT is(pg_temp.delete('f', '{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "ReturnValues": "ALL_OLD"}') #> '{Attributes,p}', '{"S": "f"}', 'a table by its ARN');

-- ---- ReturnConsumedCapacity, ReturnItemCollectionMetrics
SELECT is(pg_temp.delete('g', '{"ReturnConsumedCapacity": "TOTAL"}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1}}', 'TOTAL');
SELECT is(pg_temp.delete('g', '{"ReturnConsumedCapacity": "TOTAL"}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1}}', 'no item costs a unit');
SELECT is(pg_temp.delete('big', '{"ReturnConsumedCapacity": "TOTAL"}') #> '{ConsumedCapacity,CapacityUnits}', '3', 'a delete costs what the item weighed');
SELECT is(pg_temp.delete('h', '{"ReturnConsumedCapacity": "INDEXES"}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}}', 'INDEXES');
SELECT is(pg_temp.delete_pair(2, '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity',
	'{"TableName": "Pair", "CapacityUnits": 3, "Table": {"CapacityUnits": 1}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1}}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1}}}', 'INDEXES with indexes');
SELECT is(pg_temp.delete_pair(20, '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity', '{"TableName": "Pair", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}', 'an item in no index');
SELECT is(pg_temp.delete('i', '{"ReturnConsumedCapacity": "NONE"}'), '{}', 'NONE');
SELECT is(pg_temp.delete_pair(3, '{"ReturnItemCollectionMetrics": "SIZE"}') #> '{ItemCollectionMetrics,ItemCollectionKey}', '{"p": {"S": "a"}}', 'ReturnItemCollectionMetrics SIZE');
SELECT is(pg_temp.delete_pair(4, '{"ReturnItemCollectionMetrics": "NONE"}'), '{}', 'NONE');
SELECT is(pg_temp.delete('i', '{"ReturnItemCollectionMetrics": "SIZE"}'), '{}', 'without a local index');

-- ---- a key that is nested too deep comes after the condition
SELECT throws_ok(format('SELECT dynamo.request(''DeleteItem'', %L)', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', (repeat('{"L": [', 100) || '{"S": "x"}' || repeat(']}', 100))::jsonb)) || more::jsonb), 'YD001', 'ValidationException: ' || message, message)
FROM (VALUES ('{"ConditionExpression": "a b"}', 'Invalid ConditionExpression: Syntax error; token: "b", near: "a b"'), ('{}', 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit')) AS v(more, message);

SELECT * FROM finish();
ROLLBACK;
