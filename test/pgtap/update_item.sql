-- UpdateItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
BEGIN;
SELECT plan(240);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N", "g": "N"}', global_indexes => '{"ByG": {"hash_key": "g"}, "Keys": {"hash_key": "k", "projection": "KEYS_ONLY"}}',
		local_indexes => '{"ByL": {"range_key": "l"}}');
END $$;
CREATE FUNCTION pg_temp.update(p text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('UpdateItem', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', jsonb_build_object('S', p))) || more) $$;
CREATE FUNCTION pg_temp.update_pair(c int, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.update('', jsonb_build_object('TableName', 'Pair', 'Key', jsonb_build_object('p', '{"S": "a"}'::jsonb, 'c', jsonb_build_object('N', c::text))) || more) $$;
-- Natural JSON: sets item p to before, applies an update, and returns the item, without its key.
CREATE FUNCTION pg_temp.changed(before jsonb, expression text, vals jsonb DEFAULT NULL, names jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.put_item('Hash', '{"p": "x"}' || before);
	PERFORM dynamo.request('UpdateItem', jsonb_strip_nulls(jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "x"}}'::jsonb, 'UpdateExpression', expression,
		'ExpressionAttributeNames', names, 'ExpressionAttributeValues', dynamo.to_dynamodb_json(vals))));
	RETURN dynamo.get_item('Hash', '{"p": "x"}') - 'p';
END $$;

-- ---- an update without an expression, and one that makes an item
SELECT is(pg_temp.update('a'), '{}', 'no expression');
SELECT is(dynamo.get_item('Hash', '{"p": "a"}'), '{"p": "a"}', 'makes an item of the key alone');
SELECT is(pg_temp.update('b', '{"UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}'), '{}', 'SET on no item');
SELECT is(dynamo.get_item('Hash', '{"p": "b"}'), '{"p": "b", "v": 1}', 'makes one');
SELECT is(pg_temp.update('c', '{"UpdateExpression": "REMOVE v"}'), '{}', 'REMOVE on no item');
SELECT is(dynamo.get_item('Hash', '{"p": "c"}'), NULL, 'makes none');
SELECT is(pg_temp.update('d', '{"UpdateExpression": "DELETE s :s", "ExpressionAttributeValues": {":s": {"SS": ["a"]}}}'), '{}', 'DELETE on no item');
SELECT is(dynamo.get_item('Hash', '{"p": "d"}'), NULL, 'makes none either');

-- ---- SET, REMOVE, ADD, DELETE
SELECT is(pg_temp.changed(before::jsonb, expression, vals::jsonb), after::jsonb, expression || ' on ' || before)
FROM (VALUES
	('{"a": 1}', 'SET a = :v', '{":v": "x"}', '{"a": "x"}'), ('{}', 'SET a = :v, b = :v', '{":v": null}', '{"a": null, "b": null}'), ('{"a": 1, "b": 2}', 'SET a = b, b = a', NULL, '{"a": 2, "b": 1}'), ('{"a": 1}', 'set a = :v', '{":v": ""}', '{"a": ""}'),
	('{"a": 1}', 'SET a = a + :v', '{":v": 2}', '{"a": 3}'), ('{"a": 1}', 'SET a = a - :v', '{":v": 2.5}', '{"a": -1.5}'), ('{"a": 1}', 'SET b = :v + a', '{":v": 2}', '{"a": 1, "b": 3}'), ('{}', 'SET a = :v + :w', '{":v": 0.1, ":w": 0.2}', '{"a": 0.3}'), ('{}', 'SET b = :v + :w', '{":v": 1, ":w": 10000000000000000000000}', '{"b": 10000000000000000000001}'),
	('{}', 'SET a = if_not_exists(a, :v)', '{":v": 5}', '{"a": 5}'), ('{"a": 1}', 'SET a = if_not_exists(a, :v)', '{":v": 5}', '{"a": 1}'), ('{"b": 7}', 'SET a = if_not_exists(a, b)', NULL, '{"a": 7, "b": 7}'), ('{}', 'SET a = if_not_exists(a, :z) + :v', '{":z": 0, ":v": 5}', '{"a": 5}'),
	('{"a": [1]}', 'SET a = list_append(a, :v)', '{":v": [2]}', '{"a": [1, 2]}'), ('{"a": [1]}', 'SET a = list_append(:v, a)', '{":v": [2]}', '{"a": [2, 1]}'), ('{}', 'SET a = list_append(if_not_exists(a, :e), :v)', '{":e": [], ":v": [2]}', '{"a": [2]}'), ('{"a": [1]}', 'SET b = list_append(a, a)', NULL, '{"a": [1], "b": [1, 1]}'),
	('{"m": {"a": 1}}', 'SET m.b = :v', '{":v": 2}', '{"m": {"a": 1, "b": 2}}'), ('{"m": {"a": {"b": 1}}}', 'SET m.a.b = :v', '{":v": 2}', '{"m": {"a": {"b": 2}}}'), ('{"l": [1, 2, 3]}', 'SET l[1] = :v', '{":v": 9}', '{"l": [1, 9, 3]}'), ('{"l": [1]}', 'SET l[7] = :v', '{":v": 9}', '{"l": [1, 9]}'), ('{"l": [1]}', 'SET l[9] = :v, l[5] = :w', '{":v": 9, ":w": 5}', '{"l": [1, 5, 9]}'), ('{"l": [{"a": 1}]}', 'SET l[0].a = :v', '{":v": 2}', '{"l": [{"a": 2}]}'), ('{"l": [[1, 2]]}', 'SET l[0][1] = :v', '{":v": 9}', '{"l": [[1, 9]]}'),
	('{"a": 1, "b": 2}', 'REMOVE a', NULL, '{"b": 2}'), ('{"a": 1}', 'REMOVE b', NULL, '{"a": 1}'), ('{"a": 1, "b": 2, "c": 3}', 'REMOVE a, c', NULL, '{"b": 2}'), ('{"m": {"a": 1, "b": 2}}', 'REMOVE m.a', NULL, '{"m": {"b": 2}}'), ('{"l": [1, 2, 3, 4]}', 'REMOVE l[0], l[2]', NULL, '{"l": [2, 4]}'), ('{"l": [1]}', 'REMOVE l[3]', NULL, '{"l": [1]}'), ('{"l": [1, 2, 3]}', 'REMOVE l[1] SET l[0] = :v', '{":v": 9}', '{"l": [9, 3]}'), ('{"m": {"a": 1}}', 'REMOVE m.x', NULL, '{"m": {"a": 1}}'),
	('{"a": 1}', 'ADD a :v', '{":v": 2}', '{"a": 3}'), ('{}', 'ADD a :v', '{":v": 2}', '{"a": 2}'), ('{"a": 1}', 'ADD a :v', '{":v": -3.5}', '{"a": -2.5}'), ('{"s": {"$SS": ["a"]}}', 'ADD s :v', '{":v": {"$SS": ["a", "b"]}}', '{"s": {"$SS": ["a", "b"]}}'), ('{}', 'ADD s :v', '{":v": {"$NS": [3, 1]}}', '{"s": {"$NS": [1, 3]}}'), ('{"s": {"$BS": ["AQ=="]}}', 'ADD s :v', '{":v": {"$BS": ["AA=="]}}', '{"s": {"$BS": ["AA==", "AQ=="]}}'), ('{"m": {"n": 1}}', 'ADD m.n :v', '{":v": 1}', '{"m": {"n": 2}}'),
	('{"s": {"$SS": ["a", "b"]}}', 'DELETE s :v', '{":v": {"$SS": ["a", "z"]}}', '{"s": {"$SS": ["b"]}}'), ('{"s": {"$SS": ["a"]}}', 'DELETE s :v', '{":v": {"$SS": ["a"]}}', '{}'), ('{"s": {"$NS": [1, 2]}}', 'DELETE s :v', '{":v": {"$NS": [2]}}', '{"s": {"$NS": [1]}}'), ('{"a": 1}', 'DELETE s :v', '{":v": {"$SS": ["a"]}}', '{"a": 1}'),
	('{"a": 1, "b": 2, "s": {"$SS": ["x"]}}', 'SET c = :v REMOVE a ADD b :v DELETE s :s', '{":v": 1, ":s": {"$SS": ["x"]}}', '{"b": 3, "c": 1}'), ('{"a": 1}', E'\tSET\n a=:v\rREMOVE b ', '{":v": 1}', '{"a": 1}'), ('{"a": 5, "b": 1}', 'SET b = a REMOVE a', NULL, '{"b": 5}')) AS v(before, expression, vals, after);
SELECT is(pg_temp.changed('{}', 'SET #a = :v, #s = :v', '{":v": 1}', '{"#a": "a.b", "#s": "status"}'), '{"a.b": 1, "status": 1}', 'names');
SELECT is(pg_temp.changed('{"m": {}}', 'SET m.#a = :v', '{":v": 1}', '{"#a": "x.y"}'), '{"m": {"x.y": 1}}', 'a name inside a path');

-- ---- what an update may not do
CREATE FUNCTION pg_temp.fails(expression text, vals jsonb DEFAULT NULL, names jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.changed('{"a": 1, "s": "text", "l": [1], "m": {"x": 1}, "ss": {"$SS": ["a"]}}', expression, vals, names) $$;
SELECT throws_ok(format('SELECT pg_temp.fails(%L, %L)', expression, vals), 'YD001', 'ValidationException: ' || message, expression)
FROM (VALUES
	('', NULL, '1 validation error detected: Invalid UpdateExpression: The expression can not be empty;'),
	('SET', NULL, '1 validation error detected: Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"'),
	('a = :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Syntax error; token: "a", near: "a ="'),
	('SET a', NULL, '1 validation error detected: Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "a"'),
	('SET a = :v,', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Syntax error; token: "<EOF>", near: ","'),
	('SET a = a * :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Syntax error; token: "*", near: "a * :v"'),
	('SET a = :v SET b = :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: The "SET" section can only be used once in an update expression;'),
	('REMOVE a REMOVE b', NULL, '1 validation error detected: Invalid UpdateExpression: The "REMOVE" section can only be used once in an update expression;'),
	('SET a = :v, a = :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]'),
	('SET m = :v REMOVE m.x', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, x]'),
	('SET m.x = :v, m[0] = :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [0]]'),
	('SET p = :v', '{":v": "y"}', 'One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key'),
	('REMOVE p', NULL, 'One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key'),
	('SET status = :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status'),
	('SET a = absent', NULL, 'The provided expression refers to an attribute that does not exist in the item'),
	('SET a = absent + :v', '{":v": 1}', 'The provided expression refers to an attribute that does not exist in the item'),
	('SET a = list_append(absent, :v)', '{":v": [1]}', 'The provided expression refers to an attribute that does not exist in the item'),
	('SET a = s + :v', '{":v": 1}', 'An operand in the update expression has an incorrect data type'),
	('SET a = :w + :v', '{":v": 1, ":w": "x"}', '1 validation error detected: Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S'),
	('SET a = a - :v', '{":v": "x"}', '1 validation error detected: Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: -, operand type: S'),
	('SET l = list_append(l, :v)', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N'),
	('SET l = list_append(a, :v)', '{":v": [1]}', 'An operand in the update expression has an incorrect data type'),
	('SET a = size(l)', NULL, '1 validation error detected: Invalid UpdateExpression: The function is not allowed in an update expression; function: size'),
	('SET a = attribute_exists(l)', NULL, '1 validation error detected: Invalid UpdateExpression: The function is not allowed in an update expression; function: attribute_exists'),
	('SET a = dog(l)', NULL, '1 validation error detected: Invalid UpdateExpression: Invalid function name; function: dog'),
	('SET a = if_not_exists(a)', NULL, '1 validation error detected: Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1'),
	('SET a = list_append(l)', NULL, '1 validation error detected: Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1'),
	('SET a = if_not_exists(:v, :v)', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists'),
	('ADD a :v', '{":v": "x"}', '1 validation error detected: Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('ADD s :v', '{":v": 1}', 'An operand in the update expression has an incorrect data type'),
	('ADD ss :v', '{":v": 1}', 'An operand in the update expression has an incorrect data type'),
	('ADD ss :v', '{":v": {"$NS": [1]}}', 'An operand in the update expression has an incorrect data type'),
	('DELETE ss :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND'),
	('DELETE ss :v', '{":v": {"$NS": [1]}}', 'An operand in the update expression has an incorrect data type'),
	('DELETE a :v', '{":v": {"$SS": ["a"]}}', 'An operand in the update expression has an incorrect data type'),
	('SET absent.x = :v', '{":v": 1}', 'The document path provided in the update expression is invalid for update'),
	('SET a.x = :v', '{":v": 1}', 'The document path provided in the update expression is invalid for update'),
	('SET m[0] = :v', '{":v": 1}', 'The document path provided in the update expression is invalid for update'),
	('SET l.x = :v', '{":v": 1}', 'The document path provided in the update expression is invalid for update'),
	('SET absent[0] = :v', '{":v": 1}', 'The document path provided in the update expression is invalid for update'),
	('REMOVE absent.x', NULL, 'The document path provided in the update expression is invalid for update'),
	('SET a = :v', NULL, '1 validation error detected: Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v'),
	('SET #a = :v', '{":v": 1}', '1 validation error detected: Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #a'),
	('REMOVE a', '{":v": 1}', '1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}'),
	('SET a = :v', '{":v": 9e125, ":w": 1}', '1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}'),
	('SET a = :v + :v', '{":v": 9e125}', 'Number overflow. Attempting to store a number with magnitude larger than supported range')) AS v(expression, vals, message);
SELECT throws_like('SELECT pg_temp.fails(''SET a = :v + :w'', ''{":v": 1e50, ":w": 1}'')', 'ValidationException: %', 'a sum of more than 38 digits');
SELECT throws_ok('SELECT pg_temp.fails(''SET a = :v'', ''{":v": 1}'', ''{"#x": "a"}'')', 'YD001', 'ValidationException: 1 validation error detected: Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}', 'an unused name');
SELECT throws_ok(format('SELECT pg_temp.update(''x'', %L)', more), 'YD001', 'ValidationException: ' || message, more)
FROM (VALUES
	('{"ExpressionAttributeNames": {"#a": "a"}}', '1 validation error detected: ExpressionAttributeNames can only be specified when using expressions'),
	('{"ExpressionAttributeValues": {":a": {"N": "1"}}}', '1 validation error detected: ExpressionAttributeValues can only be specified when using expressions'),
	('{"UpdateExpression": "REMOVE a", "ConditionExpression": ""}', '1 validation error detected: Invalid ConditionExpression: The expression can not be empty;'),
	('{"UpdateExpression": "REMOVE a", "ExpressionAttributeNames": {}}', '1 validation error detected: ExpressionAttributeNames must not be empty'),
	('{"UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {}}', '1 validation error detected: ExpressionAttributeValues must not be empty')) AS v(more, message);
SELECT is(pg_temp.changed('{"a": 1}', 'SET b = :v', '{":v": 1}'), '{"a": 1, "b": 1}', 'after all those, an update works');

-- ---- ReturnValues (AWS's answers for nested paths are odd, and applications see them)
DO $$ BEGIN PERFORM dynamo.put_item('Hash', '{"p": "r", "a": "hi", "b": "dog", "n": 1, "m": {"b": "dog", "c": [1, 2, 3]}}'); END $$;
CREATE FUNCTION pg_temp.returned(return_values text, expression text, vals jsonb DEFAULT NULL, p text DEFAULT 'r') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.from_dynamodb_json(reply -> 'Attributes') FROM dynamo.request('UpdateItem', jsonb_strip_nulls(jsonb_build_object('TableName', 'Hash',
		'Key', jsonb_build_object('p', jsonb_build_object('S', p)), 'UpdateExpression', expression, 'ReturnValues', return_values,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(vals)))) AS reply $$;
SELECT is(pg_temp.returned('NONE', 'SET b = :v', '{":v": "cat"}'), NULL, 'NONE');
SELECT is(pg_temp.returned('ALL_OLD', 'SET b = :v', '{":v": "cow"}'), '{"p": "r", "a": "hi", "b": "cat", "n": 1, "m": {"b": "dog", "c": [1, 2, 3]}}', 'ALL_OLD');
SELECT is(pg_temp.returned('ALL_NEW', 'SET b = :v REMOVE a', '{":v": "dog"}'), '{"p": "r", "b": "dog", "n": 1, "m": {"b": "dog", "c": [1, 2, 3]}}', 'ALL_NEW');
SELECT is(pg_temp.returned('UPDATED_OLD', 'SET b = :v, a = :v', '{":v": "eel"}'), '{"b": "dog"}', 'UPDATED_OLD: only what was there');
SELECT is(pg_temp.returned('UPDATED_NEW', 'SET b = :v, z = :v', '{":v": "fox"}'), '{"b": "fox", "z": "fox"}', 'UPDATED_NEW');
SELECT is(pg_temp.returned('UPDATED_NEW', 'REMOVE z'), NULL, 'UPDATED_NEW of a removed attribute');
SELECT is(pg_temp.returned('UPDATED_OLD', 'REMOVE a'), '{"a": "eel"}', 'UPDATED_OLD of one');
SELECT is(pg_temp.returned('UPDATED_OLD', 'REMOVE a'), NULL, 'UPDATED_OLD of nothing');
SELECT is(pg_temp.returned('UPDATED_NEW', 'ADD n :v', '{":v": 4}'), '{"n": 5}', 'UPDATED_NEW of a counter');
SELECT is(pg_temp.returned('UPDATED_OLD', 'ADD n :v', '{":v": 4}'), '{"n": 5}', 'UPDATED_OLD of a counter');
SELECT is(pg_temp.returned('UPDATED_OLD', 'SET m.b = :v', '{":v": "yo"}'), '{"m": {"b": "dog"}}', 'UPDATED_OLD of a path');
SELECT is(pg_temp.returned('UPDATED_OLD', 'SET m.c[1] = :v', '{":v": 7}'), '{"m": {"c": [2]}}', 'UPDATED_OLD of a list''s element');
SELECT is(pg_temp.returned('UPDATED_OLD', 'SET m.c[1] = :v, m.b = :w', '{":v": 8, ":w": "d"}'), '{"m": {"b": "yo", "c": [7]}}', 'UPDATED_OLD of two paths');
SELECT is(pg_temp.returned('UPDATED_NEW', 'SET m.c[1] = :v, m.b = :w', '{":v": 3, ":w": "e"}'), '{"m": {"b": "e", "c": [3]}}', 'UPDATED_NEW of two paths');
SELECT is(pg_temp.returned('UPDATED_OLD', 'REMOVE m.c[1], m.c[3]'), '{"m": {"c": [3]}}', 'UPDATED_OLD of two elements, one absent');
SELECT is(pg_temp.returned('UPDATED_OLD', 'SET m.x = :v', '{":v": 8}'), NULL, 'UPDATED_OLD of a new path');
SELECT is(pg_temp.returned('UPDATED_NEW', 'SET m.y = :v', '{":v": 8}'), '{"m": {"y": 8}}', 'UPDATED_NEW of a new path');
SELECT is(pg_temp.returned('UPDATED_NEW', 'SET m.c[100] = :v', '{":v": 70}'), NULL, 'UPDATED_NEW of an element past the end is not returned');
SELECT is(pg_temp.returned('UPDATED_NEW', 'REMOVE m.c[1]'), '{"m": {"c": [70]}}', 'UPDATED_NEW of a removed element is what moved up');
SELECT is(pg_temp.returned('ALL_OLD', 'SET a = :v', '{":v": 1}', 'n1'), NULL, 'ALL_OLD of a new item');
SELECT is(pg_temp.returned('UPDATED_OLD', 'SET a = :v', '{":v": 1}', 'n2'), NULL, 'UPDATED_OLD of a new item');
SELECT is(pg_temp.returned('ALL_NEW', 'SET a = :v', '{":v": 1}', 'n3'), '{"p": "n3", "a": 1}', 'ALL_NEW of a new item');
SELECT is(pg_temp.returned('UPDATED_NEW', 'SET a = :v', '{":v": 1}', 'n4'), '{"a": 1}', 'UPDATED_NEW of a new item, without the key');
SELECT is(pg_temp.returned('ALL_NEW', NULL, NULL, 'n5'), '{"p": "n5"}', 'ALL_NEW without an expression');
SELECT is(pg_temp.returned('UPDATED_NEW', NULL, NULL, 'n6'), NULL, 'UPDATED_NEW without an expression');
SELECT throws_like('SELECT pg_temp.returned(''DOG'', ''REMOVE a'')', 'ValidationException: 1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [%]', 'an enumeration');

-- ---- ConditionExpression
SELECT throws_ok('SELECT pg_temp.update(''r'', ''{"UpdateExpression": "SET n = :v", "ConditionExpression": "n = :o", "ExpressionAttributeValues": {":v": {"N": "100"}, ":o": {"N": "1"}}}'')', 'YD006',
	'ConditionalCheckFailedException: The conditional request failed', 'a condition that fails');
SELECT is(dynamo.get_item('Hash', '{"p": "r"}') -> 'n', '9', 'changes nothing');
SELECT is(pg_temp.update('r', '{"UpdateExpression": "SET n = :v", "ConditionExpression": "n = :o", "ExpressionAttributeValues": {":v": {"N": "100"}, ":o": {"N": "9"}}}'), '{}', 'a condition that holds');
SELECT is(dynamo.get_item('Hash', '{"p": "r"}') -> 'n', '100', 'lets the update pass');
SELECT throws_ok('SELECT pg_temp.update(''nobody'', ''{"UpdateExpression": "REMOVE a", "ConditionExpression": "attribute_exists(p)"}'')', 'YD006', NULL, 'no item');
SELECT is(dynamo.get_item('Hash', '{"p": "nobody"}'), NULL, 'is not made');
CREATE FUNCTION pg_temp.failure(p text, more jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM pg_temp.update(p, '{"UpdateExpression": "REMOVE a", "ConditionExpression": "attribute_exists(nothing)"}' || more);
	RETURN 'no error';
EXCEPTION WHEN SQLSTATE 'YD006' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;
SELECT matches(pg_temp.failure('r', '{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), '"n": *\{"N": *"100"\}', 'ReturnValuesOnConditionCheckFailure ALL_OLD');
SELECT is(pg_temp.failure('r', '{"ReturnValuesOnConditionCheckFailure": "NONE"}'), '', 'NONE');
SELECT is(pg_temp.failure('nobody', '{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), '', 'no item to return');
SELECT throws_like('SELECT pg_temp.update(''r'', ''{"ReturnValuesOnConditionCheckFailure": "x"}'')', 'ValidationException: Value ''x'' at ''returnValuesOnConditionCheckFailure''%', 'an enumeration');

-- ---- indexes follow
SELECT is(pg_temp.update_pair(1, '{"UpdateExpression": "SET g = :g, l = :l, v = :v", "ExpressionAttributeValues": {":g": {"N": "1"}, ":l": {"S": "l"}, ":v": {"S": "v"}}}'), '{}', 'an item with index keys');
SELECT results_eq($$SELECT i -> 'v' FROM dynamo.query('Pair', 'g = :g', attribute_values => '{":g": 1}', index_name => 'ByG') AS i$$, ARRAY['"v"'::jsonb], 'is in the global index');
SELECT results_eq($$SELECT i -> 'v' FROM dynamo.query('Pair', 'p = :p AND l = :l', attribute_values => '{":p": "a", ":l": "l"}', index_name => 'ByL') AS i$$, ARRAY['"v"'::jsonb], 'and in the local one');
DO $$ BEGIN PERFORM pg_temp.update_pair(1, '{"UpdateExpression": "SET g = g + :g, v = :v REMOVE l", "ExpressionAttributeValues": {":g": {"N": "1"}, ":v": {"S": "w"}}}'); END $$;
SELECT is_empty($$SELECT dynamo.query('Pair', 'g = :g', attribute_values => '{":g": 1}', index_name => 'ByG')$$, 'a changed index key leaves its old place');
SELECT results_eq($$SELECT i -> 'v' FROM dynamo.query('Pair', 'g = :g', attribute_values => '{":g": 2}', index_name => 'ByG') AS i$$, ARRAY['"w"'::jsonb], 'and has a new one');
SELECT is_empty($$SELECT dynamo.scan('Pair', index_name => 'ByL')$$, 'a removed index key leaves the index');
SELECT throws_ok('SELECT pg_temp.update_pair(1, ''{"UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": {"S": "1"}}}'')', 'YD001', NULL, 'an index key of another type');
SELECT throws_like('SELECT pg_temp.update_pair(1, ''{"UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": {"S": "1"}}}'')', 'ValidationException: %mismatch%g%ByG%', 'says so');
SELECT throws_like('SELECT pg_temp.update_pair(1, ''{"UpdateExpression": "SET l = :l", "ExpressionAttributeValues": {":l": {"S": ""}}}'')', 'ValidationException: %empty%', 'an empty index key');
SELECT throws_like('SELECT pg_temp.update_pair(1, ''{"UpdateExpression": "SET g.x = :g", "ExpressionAttributeValues": {":g": {"S": "1"}}}'')', 'ValidationException: %', 'a path into an index key');

-- ---- keys and tables
SELECT throws_ok(format('SELECT pg_temp.update(''a'', %L)', jsonb_build_object('Key', key::jsonb)), 'YD001', 'ValidationException: The provided key element does not match the schema', key)
FROM unnest('{"{}", "{\"q\": {\"S\": \"a\"}}", "{\"p\": {\"N\": \"1\"}}", "{\"p\": {\"S\": \"a\"}, \"v\": {\"N\": \"1\"}}"}'::text[]) AS key;
SELECT throws_ok('SELECT pg_temp.update('''')', 'YD001', 'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p', 'an empty key');
SELECT throws_ok('SELECT pg_temp.update(''a'', ''{"TableName": "Nothing"}'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT throws_ok('SELECT dynamo.request(''UpdateItem'', ''{"TableName": "Hash"}'')', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''key'' failed to satisfy constraint: Member must not be null', 'Key is required');
SELECT is(pg_temp.update('arn', '{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash", "ReturnValues": "ALL_NEW"}'), '{"Attributes": {"p": {"S": "arn"}}}', 'a table by its ARN');

-- ---- which error comes first
SELECT throws_ok(format('SELECT pg_temp.changed(''{"a": {"x": 1}, "s": "text"}'', %L, ''{":n": 1, ":l": []}'')', expression), 'YD001', 'ValidationException: ' || message, expression)
FROM (VALUES
	('ADD s.a :n SET l = list_append(nothing, :l)', 'The provided expression refers to an attribute that does not exist in the item'),
	('ADD s :n SET a = nothing, l = :l', 'The provided expression refers to an attribute that does not exist in the item'),
	('SET l = list_append(:l, :l), s.a = :n, v = nothing', 'The provided expression refers to an attribute that does not exist in the item'),
	('SET l = :l, a.b = :n, a[1] = :n, a.c = :n, a[2] = :n', '1 validation error detected: Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, c], path two: [a, [2]]'),
	('SET p.a = :n, l = :l', 'One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key')) AS v(expression, message);
SELECT throws_ok(format('SELECT pg_temp.update_pair(1, %L)', jsonb_build_object('UpdateExpression', expression)), 'YD001', 'ValidationException: ' || message, expression)
FROM (VALUES
	('REMOVE c, p', 'One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key'),
	('SET a = g.a, b = c.a, d = p.a', 'Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p')) AS v(expression, message);

SELECT throws_ok('SELECT pg_temp.update_pair(1, ''{"AttributeUpdates": {"l": {"Action": "DELETE", "Value": {"NS": ["1"]}}}}'')', 'YD001',
	'ValidationException: One or more parameter values were invalid: Type mismatch for Index Key l Expected: S Actual: NS IndexName: ByL', 'AttributeUpdates that take from an index key what it cannot be');

-- ---- size
-- The charge of the request, worked out by hand for :v of no length, and the finished item may both have 409,600 bytes.
CREATE FUNCTION pg_temp.reach(expression text, v int, vals jsonb DEFAULT '{}', more jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	-- of the old item only what the expression names, so that it is the charge that decides
	PERFORM dynamo.put_item('Hash', '{"p": "x"}' || coalesce((SELECT jsonb_object_agg(key, value)
		FROM jsonb_each('{"n": 1, "r": 1, "s": 1, "t": {"$SS": ["a", "b"]}, "l": ["z"], "m": {}, "u": "0123"}') WHERE expression ~ ('(^|[ ,])' || key || '\M')), '{}'));
	PERFORM dynamo.request('UpdateItem', jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "x"}}'::jsonb, 'UpdateExpression', expression,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(jsonb_build_object(':v', repeat('x', v)) || vals)) || more);
	RETURN 'lives';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;
SELECT is(pg_temp.reach(expression, 409600 - charge, vals::jsonb), 'lives', 'the longest value for ' || expression) || E'\n' ||
	is(pg_temp.reach(expression, 409601 - charge, vals::jsonb), 'ValidationException: Item size to update has exceeded the maximum allowed size', 'and a byte more')
FROM (VALUES
	('SET a = :v', 23, '{}'), ('SET abc = :v', 25, '{}'), ('SET m.f = :v', 28, '{}'), ('SET l[0] = :v', 28, '{}'), ('SET a = if_not_exists(a, :v)', 78, '{}'),
	('SET a = :v, b = :n', 45, '{":n": 1}'), ('SET a = :v, b = u', 59, '{}'), ('SET a = :v, n = n + :n', 95, '{":n": 1}'), ('SET a = :v, n = n - :n', 98, '{":n": 1}'), ('SET a = :v, l = list_append(l, :l)', 99, '{":l": []}'),
	('SET a = :v REMOVE r', 25, '{}'), ('SET a = :v REMOVE r, s', 27, '{}'), ('SET a = :v DELETE t :t', 25, '{":t": {"$SS": ["a"]}}'), ('SET a = :v ADD n :n', 45, '{":n": 1}')) AS c(expression, charge, vals);
SELECT is(pg_temp.reach('SET a = :v', v, more => '{"ConditionExpression": "attribute_exists(nothing)"}'), message, 'the charge comes before the condition: ' || v)
FROM (VALUES (409578, 'ValidationException: Item size to update has exceeded the maximum allowed size'), (409577, 'ConditionalCheckFailedException: The conditional request failed')) AS c(v, message);
SELECT is(pg_temp.update('k' || repeat('y', 100), jsonb_build_object('UpdateExpression', 'SET a = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', jsonb_build_object('S', repeat('x', 409600 - 103))))), '{}', 'the finished item counts its key');
SELECT throws_ok('SELECT pg_temp.update(''k'' || repeat(''y'', 100), jsonb_build_object(''UpdateExpression'', ''SET a = :v'', ''ExpressionAttributeValues'', jsonb_build_object('':v'', jsonb_build_object(''S'', repeat(''x'', 409600 - 102)))))', 'YD001',
	'ValidationException: Item size to update has exceeded the maximum allowed size', 'and may not be longer either');
SELECT is(pg_temp.update('one', jsonb_build_object('AttributeUpdates', jsonb_build_object('a', jsonb_build_object('Value', jsonb_build_object('S', repeat('x', 409600 - 5)))))), '{}', 'AttributeUpdates charge nothing');
SELECT throws_ok('SELECT pg_temp.update(''one'', jsonb_build_object(''AttributeUpdates'', jsonb_build_object(''a'', jsonb_build_object(''Value'', jsonb_build_object(''S'', repeat(''x'', 409600 - 4))))))', 'YD001',
	'ValidationException: Item size to update has exceeded the maximum allowed size', 'but their item is measured');
SELECT is(pg_temp.update('one', '{"UpdateExpression": "REMOVE b"}'), '{}', 'an item of 400 KB can lose an attribute');
SELECT is(pg_temp.update('one', '{"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}'), '{}', 'and shrink');

-- ---- nesting: what is set below a path counts the levels above it
CREATE FUNCTION pg_temp.lists(n int, leaf text) RETURNS jsonb LANGUAGE sql AS $$ SELECT (repeat('{"L": [', n) || leaf || repeat(']}', n))::jsonb $$;
SELECT is(pg_temp.update('deep', jsonb_build_object('UpdateExpression', 'SET m = :m', 'ExpressionAttributeValues', '{":m": {"M": {}}}'::jsonb)), '{}', 'a map');
SELECT is(pg_temp.update('deep', jsonb_build_object('UpdateExpression', 'SET m.a = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', pg_temp.lists(30, '{"S": "x"}')))), '{}', '32 levels');
SELECT throws_ok(format('SELECT pg_temp.update(''deep'', %L)', jsonb_build_object('UpdateExpression', 'SET m.a = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', v))), 'YD001',
	'ValidationException: Nesting Levels have exceeded supported limits', 'no more')
FROM unnest(ARRAY[pg_temp.lists(31, '{"S": "x"}'), pg_temp.lists(30, '{"L": []}')]) AS v;
SELECT is(dynamo.request('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "deep"}}, "ProjectionExpression": "p"}'), '{"Item": {"p": {"S": "deep"}}}', 'and the item can be read');

-- ---- index keys
SELECT throws_ok(format('SELECT pg_temp.update_pair(1, %L)', more), 'YD001', 'ValidationException: ' || message, left(more, 200))
FROM (VALUES
	('{"UpdateExpression": "SET l = :l", "ExpressionAttributeValues": {":l": {"N": "1"}}}', 'One or more parameter values were invalid: Type mismatch for Index Key l Expected: S Actual: N IndexName: ByL'),
	('{"UpdateExpression": "SET c2 = :l, l = c2", "ExpressionAttributeValues": {":l": {"N": "1"}}}', 'The provided expression refers to an attribute that does not exist in the item'),
	('{"UpdateExpression": "SET l = if_not_exists(z, :l)", "ExpressionAttributeValues": {":l": {"N": "1"}}}', 'The update expression attempted to update the secondary index key to unsupported type'),
	('{"UpdateExpression": "ADD l :l", "ExpressionAttributeValues": {":l": {"N": "1"}}}', 'The update expression attempted to update the secondary index key to unsupported type'),
	('{"UpdateExpression": "SET l = :l", "ExpressionAttributeValues": {":l": {"S": ""}}}', 'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.'),
	('{"UpdateExpression": "SET l = if_not_exists(z, :l)", "ExpressionAttributeValues": {":l": {"S": ""}}}', 'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.'),
	('{"AttributeUpdates": {"l": {"Value": {"S": ""}}}}', 'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ByL, IndexKey: l'),
	('{"AttributeUpdates": {"l": {"Value": {"N": "1"}}}}', 'One or more parameter values were invalid: Type mismatch for Index Key l Expected: S Actual: N IndexName: ByL'),
	('{"UpdateExpression": "SET l = :l", "ExpressionAttributeValues": {":l": {"S": "' || repeat('x', 1025) || '"}}}', 'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes'),
	('{"UpdateExpression": "SET l = if_not_exists(z, :l)", "ExpressionAttributeValues": {":l": {"S": "' || repeat('x', 1025) || '"}}}', 'The update expression attempted to update the secondary index key beyond allowed size limits')
) AS cases(more, message);

-- ---- ReturnConsumedCapacity, ReturnItemCollectionMetrics
SELECT is(pg_temp.update('cap', '{"ReturnConsumedCapacity": "TOTAL"}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1}}', 'TOTAL');
SELECT is(pg_temp.update('cap', '{"ReturnConsumedCapacity": "INDEXES"}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}}', 'INDEXES');
SELECT is(pg_temp.update('cap', '{"ReturnConsumedCapacity": "NONE"}'), '{}', 'NONE');
SELECT is(pg_temp.update('cap', jsonb_build_object('ReturnConsumedCapacity', 'TOTAL', 'UpdateExpression', 'SET v = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', jsonb_build_object('S', repeat('x', n)))))
	#> '{ConsumedCapacity,CapacityUnits}', units::text::jsonb, format('the larger of old and new: %s units', units)) FROM (VALUES (1019, 1), (1020, 2), (2044, 3), (10, 3), (10, 1)) AS v(n, units);
SELECT is(pg_temp.update_pair(2, '{"ReturnConsumedCapacity": "INDEXES", "UpdateExpression": "SET g = :g, k = :k", "ExpressionAttributeValues": {":g": {"N": "1"}, ":k": {"S": "k"}}}') -> 'ConsumedCapacity',
	'{"TableName": "Pair", "CapacityUnits": 3, "Table": {"CapacityUnits": 1}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1}, "Keys": {"CapacityUnits": 1}}}', 'new in two indexes');
SELECT is(pg_temp.update_pair(2, '{"ReturnConsumedCapacity": "INDEXES", "UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}') -> 'ConsumedCapacity',
	'{"TableName": "Pair", "CapacityUnits": 2, "Table": {"CapacityUnits": 1}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1}}}', 'an attribute that only one of them holds');
SELECT is(pg_temp.update_pair(2, '{"ReturnConsumedCapacity": "INDEXES", "UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": {"N": "2"}}}') #> '{ConsumedCapacity,GlobalSecondaryIndexes,ByG,CapacityUnits}',
	'2', 'a changed index key costs two');
SELECT is(pg_temp.update_pair(2, '{"ReturnItemCollectionMetrics": "SIZE"}') #> '{ItemCollectionMetrics,ItemCollectionKey}', '{"p": {"S": "a"}}', 'ReturnItemCollectionMetrics SIZE');
SELECT is(pg_temp.update_pair(2, '{"ReturnItemCollectionMetrics": "NONE"}'), '{}', 'NONE');
SELECT is(pg_temp.update('m', '{"ReturnItemCollectionMetrics": "SIZE"}'), '{}', 'without a local index');

-- ---- a key that is nested too deep comes after the expressions
SELECT throws_ok(format('SELECT dynamo.request(''UpdateItem'', %L)', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', (repeat('{"L": [', 40) || '{"S": "x"}' || repeat(']}', 40))::jsonb)) || more::jsonb), 'YD001', 'ValidationException: 1 validation error detected: ' || message, message)
FROM (VALUES ('{"UpdateExpression": "SET a = b", "ConditionExpression": "a b"}', 'Invalid ConditionExpression: Syntax error; token: "b", near: "a b"'), ('{"UpdateExpression": "SET a b"}', 'Invalid UpdateExpression: Syntax error; token: "b", near: "a b"'),
	('{}', 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit')) AS v(more, message);

SELECT * FROM finish();
ROLLBACK;
