-- GetItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
BEGIN;
SELECT plan(87);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p', local_indexes => NULL);
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N"}');
	PERFORM dynamo.create_table('Binary', 'p', 'c', '{"p": "B", "c": "B"}');
	PERFORM dynamo.request('PutItem', '{"TableName": "Hash", "Item": {"p": {"S": "a"}, "s": {"S": "text"}, "status": {"S": "new"}, "a.b": {"N": "9"},
		"l": {"L": [{"N": "0"}, {"N": "1"}, {"M": {"x": {"S": "deep"}, "y": {"L": [{"S": "q"}]}}}, {"N": "3"}]},
		"m": {"M": {"a": {"N": "1"}, "b": {"M": {"c": {"SS": ["z"]}, "d": {"BOOL": false}}}}}}}');
	PERFORM dynamo.request('PutItem', '{"TableName": "Pair", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "v": {"S": "one"}}}');
	PERFORM dynamo.request('PutItem', '{"TableName": "Pair", "Item": {"p": {"S": "a"}, "c": {"N": "-2.5"}, "v": {"S": "minus"}}}');
	PERFORM dynamo.request('PutItem', '{"TableName": "Binary", "Item": {"p": {"B": "AP8="}, "c": {"B": "AA=="}}}');
END $$;
CREATE FUNCTION pg_temp.get(more jsonb, key jsonb DEFAULT '{"p": {"S": "a"}}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('GetItem', jsonb_build_object('TableName', 'Hash', 'Key', key) || more) $$;

-- ---- items and keys
SELECT is(pg_temp.get('{}') #> '{Item,s}', '{"S": "text"}', 'the item');
SELECT is((SELECT count(*)::int FROM jsonb_object_keys(pg_temp.get('{}') -> 'Item')), 6, 'with all its attributes');
SELECT is(pg_temp.get('{}', '{"p": {"S": "b"}}'), '{}', 'no item: no Item');
SELECT is(pg_temp.get('{"ConsistentRead": true}') -> 'Item', pg_temp.get('{"ConsistentRead": false}') -> 'Item', 'ConsistentRead');
SELECT is(pg_temp.get('{"TableName": "Pair"}', '{"p": {"S": "a"}, "c": {"N": "1.00"}}'), '{"Item": {"p": {"S": "a"}, "c": {"N": "1"}, "v": {"S": "one"}}}', 'a range key; numbers compare by value');
SELECT is(pg_temp.get('{"TableName": "Pair"}', '{"c": {"N": "-25e-1"}, "p": {"S": "a"}}') #> '{Item,v}', '{"S": "minus"}', 'in any spelling');
SELECT is(pg_temp.get('{"TableName": "Pair"}', '{"p": {"S": "a"}, "c": {"N": "2"}}'), '{}', 'another range key');
SELECT is(pg_temp.get('{"TableName": "Binary"}', '{"p": {"B": "AP8="}, "c": {"B": "AA=="}}') #> '{Item,p}', '{"B": "AP8="}', 'binary keys');
SELECT throws_ok(format('SELECT pg_temp.get(''{"TableName": "Pair"}'', %L)', key), 'YD001', 'ValidationException: The provided key element does not match the schema', key)
FROM unnest('{"{}", "{\"p\": {\"S\": \"a\"}}", "{\"c\": {\"N\": \"1\"}}", "{\"p\": {\"S\": \"a\"}, \"c\": {\"S\": \"1\"}}", "{\"p\": {\"N\": \"1\"}, \"c\": {\"N\": \"1\"}}",
	"{\"p\": {\"S\": \"a\"}, \"c\": {\"N\": \"1\"}, \"x\": {\"S\": \"a\"}}", "{\"p\": {\"S\": \"a\"}, \"d\": {\"N\": \"1\"}}", "{\"p\": {\"NULL\": true}, \"c\": {\"N\": \"1\"}}", "{\"p\": {\"L\": []}, \"c\": {\"N\": \"1\"}}"}'::text[]) AS key;
SELECT throws_ok('SELECT pg_temp.get(''{}'', ''{"p": {"S": ""}}'')', 'YD001',
	'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p', 'an empty key');
SELECT throws_ok('SELECT pg_temp.get(''{}'', ''{"p": {}}'')', 'YD001', 'ValidationException: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes', 'a value of no type');
SELECT throws_ok('SELECT pg_temp.get(''{}'', ''{"p": {"S": "a", "N": "1"}}'')', 'YD001', 'ValidationException: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes', 'a value of two types');
SELECT throws_ok('SELECT pg_temp.get(''{"TableName": "Pair"}'', ''{"p": {"S": "a"}, "c": {"N": "one"}}'')', 'YD001', 'ValidationException: The parameter cannot be converted to a numeric value: one', 'a number that is none');
SELECT throws_ok('SELECT pg_temp.get(''{"TableName": "Nothing"}'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT is(pg_temp.get('{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "ProjectionExpression": "s"}'), '{"Item": {"s": {"S": "text"}}}', 'a table by its ARN');
SELECT is(r #>> '{ConsumedCapacity,TableName}', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash', operation || ': capacity names the table as the request does')
FROM (VALUES ('GetItem', '{"Key": {"p": {"S": "b"}}}'::jsonb), ('PutItem', '{"Item": {"p": {"S": "b"}}}'), ('UpdateItem', '{"Key": {"p": {"S": "b"}}}'), ('DeleteItem', '{"Key": {"p": {"S": "b"}}}'),
	('Scan', '{}'), ('Query', '{"KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "b"}}}')) AS v(operation, body),
	LATERAL dynamo.request(operation, body || '{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "ReturnConsumedCapacity": "TOTAL"}') AS r;
SELECT is(jsonb_path_query_array(dynamo.request(operation, body::jsonb || '{"ReturnConsumedCapacity": "INDEXES"}'), '$.ConsumedCapacity[*].TableName')::text, names, operation || ': also of several tables')
FROM (VALUES
	('BatchGetItem', '{"RequestItems": {"arn:aws:dynamodb:us-east-1:000000000000:table/Hash": {"Keys": [{"p": {"S": "b"}}]}}}', '["arn:aws:dynamodb:us-east-1:000000000000:table/Hash"]'),
	('BatchWriteItem', '{"RequestItems": {"arn:aws:dynamodb:us-east-1:000000000000:table/Hash": [{"DeleteRequest": {"Key": {"p": {"S": "b"}}}}]}}', '["arn:aws:dynamodb:us-east-1:000000000000:table/Hash"]'),
	('TransactGetItems', '{"TransactItems": [{"Get": {"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "Key": {"p": {"S": "b"}}}}, {"Get": {"TableName": "Hash", "Key": {"p": {"S": "c"}}}},
		{"Get": {"TableName": "Pair", "Key": {"p": {"S": "c"}, "c": {"N": "1"}}}}]}', '["arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "Pair"]'),
	('TransactWriteItems', '{"TransactItems": [{"Delete": {"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "Key": {"p": {"S": "b"}}}}]}', '["arn:aws:dynamodb:us-east-1:000000000000:table/Hash"]')) AS v(operation, body, names);
SELECT throws_ok('SELECT dynamo.request(''GetItem'', ''{"TableName": "Hash"}'')', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''key'' failed to satisfy constraint: Member must not be null', 'Key is required');
SELECT throws_ok('SELECT pg_temp.get(''{"ConsistentRead": "maybe"}'')', 'YD002', 'SerializationException: Unexpected token received from parser', 'ConsistentRead is a boolean');
SELECT lives_ok(format('SELECT pg_temp.get(''{"ConsistentRead": "%s"}'')', word), 'or a text for one: ' || word) FROM unnest('{true,FALSE,Yes,no,1,0}'::text[]) AS word;
SELECT throws_ok('SELECT pg_temp.get(''{"ConsistentRead": 1}'')', 'YD002', 'SerializationException: NUMBER_VALUE cannot be converted to Boolean', 'no number');

-- ---- ProjectionExpression
SELECT is(pg_temp.get(jsonb_build_object('ProjectionExpression', expression)), expected::jsonb, expression)
FROM (VALUES
	('s', '{"Item": {"s": {"S": "text"}}}'), ('s, p', '{"Item": {"s": {"S": "text"}, "p": {"S": "a"}}}'), ('s,absent', '{"Item": {"s": {"S": "text"}}}'), ('absent', '{"Item": {}}'),
	('m.a', '{"Item": {"m": {"M": {"a": {"N": "1"}}}}}'), ('m.b.c', '{"Item": {"m": {"M": {"b": {"M": {"c": {"SS": ["z"]}}}}}}}'), ('m.a, m.b.d', '{"Item": {"m": {"M": {"a": {"N": "1"}, "b": {"M": {"d": {"BOOL": false}}}}}}}'), ('m.absent', '{"Item": {}}'), ('s.x', '{"Item": {}}'),
	('l[0]', '{"Item": {"l": {"L": [{"N": "0"}]}}}'), ('l[3], l[0]', '{"Item": {"l": {"L": [{"N": "0"}, {"N": "3"}]}}}'), ('l[2].x', '{"Item": {"l": {"L": [{"M": {"x": {"S": "deep"}}}]}}}'), ('l[2].y[0]', '{"Item": {"l": {"L": [{"M": {"y": {"L": [{"S": "q"}]}}}]}}}'), ('l[9]', '{"Item": {}}'), ('l.x', '{"Item": {}}'), ('m[0]', '{"Item": {}}'),
	('l[2].x, l[1]', '{"Item": {"l": {"L": [{"N": "1"}, {"M": {"x": {"S": "deep"}}}]}}}')) AS v(expression, expected);
SELECT is(pg_temp.get('{"ProjectionExpression": "#s, #ab", "ExpressionAttributeNames": {"#s": "status", "#ab": "a.b"}}'), '{"Item": {"status": {"S": "new"}, "a.b": {"N": "9"}}}', 'ExpressionAttributeNames');
SELECT is(pg_temp.get('{"ProjectionExpression": "s"}', '{"p": {"S": "b"}}'), '{}', 'no item, no projection');
SELECT throws_ok(format('SELECT pg_temp.get(%L)', more), 'YD001', 'ValidationException: ' || message, more)
FROM (VALUES
	('{"ProjectionExpression": ""}', 'Invalid ProjectionExpression: The expression can not be empty;'),
	('{"ProjectionExpression": "status"}', 'Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status'),
	('{"ProjectionExpression": "s,"}', 'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","'),
	('{"ProjectionExpression": "s p"}', 'Invalid ProjectionExpression: Syntax error; token: "p", near: "s p"'),
	('{"ProjectionExpression": "l[x]"}', 'Invalid ProjectionExpression: Syntax error; token: "x", near: "[x]"'),
	('{"ProjectionExpression": "s, s"}', 'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [s], path two: [s]'),
	('{"ProjectionExpression": "m, m.a"}', 'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, a]'),
	('{"ProjectionExpression": "l[0], l.a"}', 'Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [l, [0]], path two: [l, a]'),
	('{"ProjectionExpression": "#s"}', 'Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #s'),
	('{"ProjectionExpression": "s", "ExpressionAttributeNames": {"#s": "s"}}', 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#s}'),
	('{"ProjectionExpression": "s", "ExpressionAttributeNames": {}}', 'ExpressionAttributeNames must not be empty'),
	('{"ExpressionAttributeNames": {"#s": "s"}}', 'ExpressionAttributeNames can only be specified when using expressions'),
	('{"ProjectionExpression": "#s", "ExpressionAttributeNames": {"#s": "s", "s": "s"}}', 'ExpressionAttributeNames contains invalid key: Syntax error; key: "s"')) AS v(more, message);
SELECT throws_ok('SELECT pg_temp.get(''{"ProjectionExpression": ["s"]}'')', 'YD002', 'SerializationException: Unrecognized collection type class java.lang.String', 'ProjectionExpression is a string');
SELECT throws_like('SELECT pg_temp.get(''{"ProjectionExpression": "#s", "ExpressionAttributeNames": {"#s": ""}}'')', 'ValidationException: %mpty attribute name%', 'a name is not empty');

-- ---- ReturnConsumedCapacity
DO $$ BEGIN
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', '4096', 'v', repeat('x', 4090)));
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', '4097', 'v', repeat('x', 4091)));
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', '9000', 'v', repeat('x', 8994)));
END $$;
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '{"TableName": "Hash", "CapacityUnits": 0.5}', 'an eventually consistent read is half a unit');
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true}') -> 'ConsumedCapacity', '{"TableName": "Hash", "CapacityUnits": 1}', 'a consistent one a whole');
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true}') -> 'ConsumedCapacity', '{"TableName": "Hash", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}', 'INDEXES');
SELECT ok(NOT pg_temp.get('{"ReturnConsumedCapacity": "NONE"}') ? 'ConsumedCapacity', 'NONE');
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "TOTAL"}', '{"p": {"S": "b"}}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 0.5}}', 'no item costs as much as a small one');
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true}', '{"p": {"S": "b"}}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1}}', 'also when consistent');
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true, "ProjectionExpression": "p"}', jsonb_build_object('p', jsonb_build_object('S', n))) #> '{ConsumedCapacity,CapacityUnits}',
	units::text::jsonb, format('%s bytes are %s unit(s), whatever is projected', n, units)) FROM (VALUES ('4096', 1), ('4097', 2), ('9000', 3)) AS v(n, units);
SELECT is(pg_temp.get('{"ReturnConsumedCapacity": "TOTAL"}', '{"p": {"S": "9000"}}') #> '{ConsumedCapacity,CapacityUnits}', '1.5', 'and half as many');
SELECT throws_like('SELECT pg_temp.get(''{"ReturnConsumedCapacity": "x"}'')', 'ValidationException: 1 validation error detected: Value ''x'' at ''returnConsumedCapacity''%', 'an enumeration');

SELECT * FROM finish();
ROLLBACK;
