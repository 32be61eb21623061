-- PutItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
BEGIN;
SELECT plan(263);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N", "g": "N"}',
		global_indexes => '{"ByG": {"hash_key": "g"}, "ByX": {"hash_key": "x", "range_key": "y", "projection": "KEYS_ONLY"}}',
		local_indexes => '{"ByL": {"range_key": "l"}}');
	PERFORM dynamo.create_table('Binary', 'p', NULL, '{"p": "B"}');
END $$;

CREATE FUNCTION pg_temp.put(item jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('PutItem', jsonb_build_object('TableName', 'Hash', 'Item', item) || more) $$;
CREATE FUNCTION pg_temp.get(p text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('GetItem', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', jsonb_build_object('S', p)))) -> 'Item' $$;
CREATE FUNCTION pg_temp.put_pair(item jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.put('{"p": {"S": "a"}, "c": {"N": "1"}}' || item, '{"TableName": "Pair"}' || more) $$;
CREATE FUNCTION pg_temp.round_trip(value jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.put(jsonb_build_object('p', '{"S": "trip"}'::jsonb, 'v', value));
	RETURN pg_temp.get('trip') -> 'v';
END $$;

-- ---- every type goes in and comes out
SELECT is(pg_temp.put('{"p": {"S": "a"}}'), '{}', 'a put answers an empty object');
SELECT is(pg_temp.get('a'), '{"p": {"S": "a"}}', 'and the item is there');
SELECT is(pg_temp.round_trip(v), v, format('round trip of %s', v)) FROM unnest('{
	"{\"S\": \"text\"}", "{\"S\": \"\"}", "{\"S\": \"grün \\u20ac \\ud83d\\ude00\"}", "{\"S\": \"\\\"\\\\/\\b\\f\\n\\r\\t\"}",
	"{\"N\": \"1\"}", "{\"N\": \"-3.25\"}", "{\"N\": \"0\"}",
	"{\"B\": \"AAEC/w==\"}", "{\"B\": \"\"}", "{\"BOOL\": true}", "{\"BOOL\": false}", "{\"NULL\": true}",
	"{\"L\": []}", "{\"L\": [{\"S\": \"a\"}, {\"N\": \"1\"}, {\"L\": [{\"NULL\": true}]}]}",
	"{\"M\": {}}", "{\"M\": {\"a\": {\"S\": \"b\"}, \"$M\": {\"N\": \"1\"}}}", "{\"M\": {\"$B\": {\"S\": \"AAEC\"}}}", "{\"M\": {\"$SS\": {\"L\": [{\"S\": \"a\"}]}}}",
	"{\"M\": {\"$M\": {\"M\": {\"$M\": {\"S\": \"x\"}}}}}", "{\"M\": {\"$x\": {\"NULL\": true}}}",
	"{\"SS\": [\"a\"]}", "{\"SS\": [\"\", \"a\", \"b\"]}", "{\"NS\": [\"-1\", \"2\", \"10\"]}", "{\"BS\": [\"AQ==\", \"Ag==\"]}"}'::jsonb[]) AS v;
SELECT is(pg_temp.round_trip('{"SS": ["b", "a", "c"]}'), '{"SS": ["a", "b", "c"]}', 'sets are sorted');
SELECT is(pg_temp.round_trip('{"NS": ["10", "9", "-1"]}'), '{"NS": ["-1", "9", "10"]}', 'sets of numbers by value');
SELECT is(pg_temp.round_trip(jsonb_build_object('N', given)), jsonb_build_object('N', stored), format('the number %s is stored as %s', given, stored))
FROM (VALUES ('1.0', '1'), ('001', '1'), ('+3', '3'), ('-0', '0'), ('0.000', '0'), ('1e3', '1000'), ('1E+5', '100000'), ('12e-3', '0.012'), ('.5', '0.5'), ('100', '100'),
	('-17.4E37', '-174' || repeat('0', 36)), ('1e-10', '0.0000000001'), ('0e5', '0')) AS n(given, stored);
SELECT is(pg_temp.put('{"p": {"S": "a"}, "b": {"N": "1"}}'), '{}', 'a second put with the same key');
SELECT is(pg_temp.get('a'), '{"p": {"S": "a"}, "b": {"N": "1"}}', 'replaces');
SELECT is(pg_temp.put('{"p": {"S": "a"}, "c": {"N": "2"}}') || pg_temp.get('a'), '{"p": {"S": "a"}, "c": {"N": "2"}}', 'the whole item');
SELECT is((SELECT item FROM dynamo_tables."Hash" WHERE p = 'a'), '{"p": "a", "c": 2}', 'SQL sees natural JSON');

-- ---- what AWS counts as a validation error, and what it does not: errors that need the table, of an attribute value's type, of the item's size
SELECT throws_ok(format('SELECT pg_temp.put(%L, %L)', item, more), 'YD001', 'ValidationException: ' || message, left(item::text, 60) || more)
FROM (VALUES
	('{"p": {"S": "a"}, "v": {}}'::jsonb, '{}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"p": {"S": "a"}, "v": {"S": "a", "N": "1"}}', '{}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"p": {"S": "a"}}', '{"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {}}}', 'ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :v'),
	('{"p": {"S": "a"}}', '{"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"NULL": false}}}', '1 validation error detected: One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"p": {"S": "a"}}', '{"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"SS": []}}}', '1 validation error detected: One or more parameter values were invalid: An string set  may not be empty'),
	('{"p": {"S": "a"}}', '{"ConditionExpression": "v = :v", "Expected": {"v": {"Exists": false}}, "ExpressionAttributeValues": {":v": {"SS": []}}}',
		'1 validation error detected: Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}'),
	('{"p": {"N": "1"}}', '{}', 'One or more parameter values were invalid: Type mismatch for key p expected: S actual: N'),
	('{"v": {"S": "a"}}', '{}', 'One or more parameter values were invalid: Missing the key p in the item'),
	(jsonb_build_object('p', '{"S": "a"}'::jsonb, 'v', jsonb_build_object('S', repeat('x', 409600))), '{}', 'Item size has exceeded the maximum allowed size'),
	(('{"p": {"S": "a"}, "v": ' || repeat('{"L": [', 33) || repeat(']}', 33) || '}')::jsonb, '{}', '1 validation error detected: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit'),
	('{"p": {"S": "a"}}', '{"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": ' || repeat('{"L": [', 33) || repeat(']}', 33) || '}}',
		'1 validation error detected: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit')
) AS c(item, more, message);

-- ---- ReturnValues
SELECT is(pg_temp.put('{"p": {"S": "r"}, "v": {"N": "1"}}', '{"ReturnValues": "ALL_OLD"}'), '{}', 'ALL_OLD without an old item');
SELECT is(pg_temp.put('{"p": {"S": "r"}, "v": {"N": "2"}}', '{"ReturnValues": "ALL_OLD"}'), '{"Attributes": {"p": {"S": "r"}, "v": {"N": "1"}}}', 'ALL_OLD');
SELECT is(pg_temp.put('{"p": {"S": "r"}, "v": {"N": "3"}}', '{"ReturnValues": "NONE"}'), '{}', 'NONE');
SELECT throws_ok(format('SELECT pg_temp.put(''{"p": {"S": "r"}}'', ''{"ReturnValues": "%s"}'')', v), 'YD001',
	'ValidationException: 1 validation error detected: ReturnValues can only be ALL_OLD or NONE', 'not ' || v) FROM unnest('{ALL_NEW,UPDATED_OLD,UPDATED_NEW}'::text[]) AS v;
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "r"}}'', ''{"ReturnValues": "DOG"}'')',
	'ValidationException: 1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [%]', 'an unknown value');
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "r"}}'', ''{"ReturnValues": "all_old"}'')', 'ValidationException: 1 validation error detected: Failed to satisfy constraint: %', 'values are case-sensitive');
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "r"}}'', ''{"ReturnValues": ""}'')', 'ValidationException: %', 'empty is none of them');

-- ---- ConditionExpression
SELECT throws_ok('SELECT pg_temp.put(''{"p": {"S": "r"}, "v": {"N": "9"}}'', ''{"ConditionExpression": "attribute_not_exists(p)"}'')', 'YD006',
	'ConditionalCheckFailedException: The conditional request failed', 'a condition that fails');
SELECT is(pg_temp.get('r') -> 'v', '{"N": "3"}', 'leaves the item alone');
SELECT is(pg_temp.put('{"p": {"S": "new"}}', '{"ConditionExpression": "attribute_not_exists(p)"}'), '{}', 'a condition on an item that is not there');
SELECT is(pg_temp.put('{"p": {"S": "r"}, "v": {"N": "4"}}', '{"ConditionExpression": "#v = :three", "ExpressionAttributeNames": {"#v": "v"}, "ExpressionAttributeValues": {":three": {"N": "3.0"}}}'), '{}', 'a condition that holds');
SELECT is(pg_temp.get('r') -> 'v', '{"N": "4"}', 'and the item is replaced');
SELECT throws_ok('SELECT pg_temp.put(''{"p": {"S": "nobody"}}'', ''{"ConditionExpression": "attribute_exists(p)"}'')', 'YD006', NULL, 'attribute_exists of no item');
SELECT is(pg_temp.get('nobody'), NULL, 'puts nothing');
-- ReturnValuesOnConditionCheckFailure: the item travels with the error
CREATE FUNCTION pg_temp.failure(more jsonb, p text DEFAULT 'r') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	state text; message text; detail text;
BEGIN
	PERFORM pg_temp.put(jsonb_build_object('p', jsonb_build_object('S', p)), '{"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"S": "no"}}}' || more);
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN state || ' ' || detail;
END $$;
SELECT is(pg_temp.failure('{"ReturnValuesOnConditionCheckFailure": "NONE"}'), 'YD006 ', 'NONE: no item with the error');
SELECT is(pg_temp.failure('{}'), 'YD006 ', 'which is the default');
SELECT matches(pg_temp.failure('{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), '^YD006 .*"v": *\{"N": *"4"\}', 'ALL_OLD: the item in the error''s detail');
SELECT is(pg_temp.failure('{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}', 'nobody'), 'YD006 ', 'when there is one');
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "r"}}'', ''{"ReturnValuesOnConditionCheckFailure": "ALL_NEW"}'')',
	'ValidationException: 1 validation error detected: Value ''ALL_NEW'' at ''returnValuesOnConditionCheckFailure'' failed to satisfy constraint: Member must satisfy enum value set: [%]', 'an enumeration');

-- expression parameters
SELECT throws_ok(format('SELECT pg_temp.put(''{"p": {"S": "r"}}'', %L)', more), 'YD001', 'ValidationException: ' || message, more)
FROM (VALUES
	('{"ConditionExpression": ""}', '1 validation error detected: Invalid ConditionExpression: The expression can not be empty;'),
	('{"ExpressionAttributeNames": {"#a": "a"}}', '1 validation error detected: ExpressionAttributeNames can only be specified when using expressions'),
	('{"ExpressionAttributeValues": {":a": {"N": "1"}}}', '1 validation error detected: ExpressionAttributeValues can only be specified when using expressions'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {}}', '1 validation error detected: ExpressionAttributeNames must not be empty'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeValues": {}}', '1 validation error detected: ExpressionAttributeValues must not be empty'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#a": "a"}}', '1 validation error detected: Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeValues": {":a": {"N": "1"}}}', '1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}'),
	('{"ConditionExpression": "attribute_exists(#a)"}', '1 validation error detected: Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #a'),
	('{"ConditionExpression": "a = :a"}', '1 validation error detected: Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :a'),
	('{"ConditionExpression": "attribute_exists(#a)", "ExpressionAttributeNames": {"a": "a"}}', '1 validation error detected: ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'),
	('{"ConditionExpression": "a = :a", "ExpressionAttributeValues": {"a": {"N": "1"}}}', '1 validation error detected: ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'),
	('{"ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {}}}', 'ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :a'),
	('{"ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"N": "x"}}}', '1 validation error detected: The parameter cannot be converted to a numeric value: x'),
	('{"ConditionExpression": "a = "}', '1 validation error detected: Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "= "'),
	('{"ConditionExpression": "= a"}', '1 validation error detected: Invalid ConditionExpression: Syntax error; token: "=", near: "= a"'),
	('{"ConditionExpression": "attribute_exists(status)"}', '1 validation error detected: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status'),
	('{"ConditionExpression": "dog(a)"}', '1 validation error detected: Invalid ConditionExpression: Invalid function name; function: dog'),
	('{"ConditionExpression": "attribute_exists(a, b)"}', '1 validation error detected: Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2'),
	('{"ConditionExpression": "size(a)"}', '1 validation error detected: Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size'),
	('{"ConditionExpression": "attribute_exists(a) = :a", "ExpressionAttributeValues": {":a": {"BOOL": true}}}', '1 validation error detected: Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: attribute_exists'),
	('{"ConditionExpression": "begins_with(a, :a)", "ExpressionAttributeValues": {":a": {"N": "1"}}}', '1 validation error detected: Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N'),
	('{"ConditionExpression": "a < :a", "ExpressionAttributeValues": {":a": {"BOOL": true}}}', '1 validation error detected: Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL'),
	('{"ConditionExpression": "a BETWEEN :b AND :a", "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"N": "2"}}}', '1 validation error detected: Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}'),
	('{"ConditionExpression": "a BETWEEN :a AND :b", "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"S": "2"}}}', '1 validation error detected: Invalid ConditionExpression: The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:2}'),
	('{"ConditionExpression": "a = a"}', '1 validation error detected: Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]'),
	('{"ConditionExpression": "((a = b))"}', '1 validation error detected: Invalid ConditionExpression: The expression has redundant parentheses;'),
	('{"ConditionExpression": "attribute_type(a, :a)", "ExpressionAttributeValues": {":a": {"S": "X"}}}', '1 validation error detected: Invalid ConditionExpression: Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}'),
	('{"ConditionExpression": "contains(a, a)"}', '1 validation error detected: Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a]')) AS v(more, message);

-- the condition language
DO $$ BEGIN
	PERFORM pg_temp.put('{"p": {"S": "cond"}, "s": {"S": "hello"}, "n": {"N": "5"}, "b": {"B": "AQID"}, "t": {"BOOL": true}, "z": {"NULL": true},
		"l": {"L": [{"S": "x"}, {"N": "7"}, {"M": {"k": {"S": "deep"}}}]}, "m": {"M": {"a": {"N": "1"}, "a.b": {"S": "dotted"}}},
		"ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AQ=="]}, "n2": {"N": "6"}}');
END $$;
CREATE FUNCTION pg_temp.holds(condition text, names jsonb, vals jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.request('UpdateItem', jsonb_strip_nulls(jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "cond"}}'::jsonb,
		'ConditionExpression', condition, 'ExpressionAttributeNames', names, 'ExpressionAttributeValues', vals)));
	RETURN true;
EXCEPTION WHEN SQLSTATE 'YD006' THEN
	RETURN false;
END $$;
SELECT is(pg_temp.holds(condition, NULL, vals::jsonb), expected, condition || coalesce(' with ' || vals, ''))
FROM (VALUES
	('s = :v', '{":v": {"S": "hello"}}', true), ('s = :v', '{":v": {"S": "Hello"}}', false), ('n = :v', '{":v": {"N": "5.00"}}', true), ('n = :v', '{":v": {"S": "5"}}', false),
	('s <> :v', '{":v": {"S": "x"}}', true), ('absent <> :v', '{":v": {"S": "x"}}', true), ('absent = :v', '{":v": {"S": "x"}}', false), ('s <> :v', '{":v": {"N": "1"}}', true),
	('n < :v', '{":v": {"N": "10"}}', true), ('n < :v', '{":v": {"N": "5"}}', false), ('n <= :v', '{":v": {"N": "5"}}', true), ('n > :v', '{":v": {"N": "-1"}}', true), ('n >= :v', '{":v": {"N": "5"}}', true),
	('n < :v', '{":v": {"S": "z"}}', false), ('absent < :v', '{":v": {"N": "1"}}', false), ('s < :v', '{":v": {"S": "i"}}', true), ('b > :v', '{":v": {"B": "AQI="}}', true), ('n < n2', NULL, true), ('n2 < n', NULL, false), (':v > n', '{":v": {"N": "6"}}', true),
	('n BETWEEN :a AND :b', '{":a": {"N": "5"}, ":b": {"N": "6"}}', true), ('n BETWEEN :a AND :b', '{":a": {"N": "6"}, ":b": {"N": "7"}}', false), ('s BETWEEN :a AND :b', '{":a": {"N": "5"}, ":b": {"N": "6"}}', false), ('n between :a and n2', '{":a": {"N": "1"}}', true),
	('s IN (:a, :b)', '{":a": {"S": "x"}, ":b": {"S": "hello"}}', true), ('s IN (:a)', '{":a": {"S": "x"}}', false), ('n in (:a, n2)', '{":a": {"S": "x"}}', false), ('absent IN (:a)', '{":a": {"S": "x"}}', false),
	('attribute_exists(s)', NULL, true), ('attribute_exists(absent)', NULL, false), ('attribute_exists(l[1])', NULL, true), ('attribute_exists(l[3])', NULL, false), ('attribute_exists(m.a)', NULL, true), ('attribute_exists(m.q)', NULL, false), ('attribute_exists(s.a)', NULL, false), ('attribute_exists(z)', NULL, true),
	('attribute_not_exists(absent)', NULL, true), ('attribute_not_exists(s)', NULL, false), ('attribute_not_exists(l[2].k)', NULL, false), ('attribute_not_exists(l[0].k)', NULL, true),
	('attribute_type(s, :v)', '{":v": {"S": "S"}}', true), ('attribute_type(s, :v)', '{":v": {"S": "N"}}', false), ('attribute_type(z, :v)', '{":v": {"S": "NULL"}}', true), ('attribute_type(ss, :v)', '{":v": {"S": "SS"}}', true), ('attribute_type(l, :v)', '{":v": {"S": "L"}}', true), ('attribute_type(absent, :v)', '{":v": {"S": "S"}}', false),
	('begins_with(s, :v)', '{":v": {"S": "hel"}}', true), ('begins_with(s, :v)', '{":v": {"S": ""}}', true), ('begins_with(s, :v)', '{":v": {"S": "hello!"}}', false), ('begins_with(b, :v)', '{":v": {"B": "AQ=="}}', true), ('begins_with(n, :v)', '{":v": {"S": "5"}}', false), ('begins_with(absent, :v)', '{":v": {"S": "5"}}', false),
	('contains(s, :v)', '{":v": {"S": "ell"}}', true), ('contains(s, :v)', '{":v": {"S": "elL"}}', false), ('contains(s, :v)', '{":v": {"N": "1"}}', false), ('contains(ss, :v)', '{":v": {"S": "a"}}', true), ('contains(ss, :v)', '{":v": {"S": "c"}}', false), ('contains(ns, :v)', '{":v": {"N": "1.0"}}', true), ('contains(bs, :v)', '{":v": {"B": "AQ=="}}', true),
	('contains(l, :v)', '{":v": {"N": "7"}}', true), ('contains(l, :v)', '{":v": {"M": {"k": {"S": "deep"}}}}', true), ('contains(l, :v)', '{":v": {"S": "7"}}', false), ('contains(b, :v)', '{":v": {"B": "AgM="}}', true), ('contains(absent, :v)', '{":v": {"S": "a"}}', false),
	('size(s) = :v', '{":v": {"N": "5"}}', true), ('size(b) = :v', '{":v": {"N": "3"}}', true), ('size(ss) = :v', '{":v": {"N": "2"}}', true), ('size(l) = :v', '{":v": {"N": "3"}}', true), ('size(m) = :v', '{":v": {"N": "2"}}', true), ('size(n) = :v', '{":v": {"N": "1"}}', false), ('size(absent) = :v', '{":v": {"N": "0"}}', false), ('size(s) > size(b)', NULL, true),
	('s = :v AND n = :w', '{":v": {"S": "hello"}, ":w": {"N": "1"}}', false), ('s = :v OR n = :w', '{":v": {"S": "hello"}, ":w": {"N": "1"}}', true), ('NOT s = :v', '{":v": {"S": "hello"}}', false), ('NOT attribute_exists(absent)', NULL, true),
	('attribute_exists(s) OR attribute_exists(n) AND attribute_exists(absent)', NULL, true), ('(attribute_exists(s) OR attribute_exists(n)) AND attribute_exists(absent)', NULL, false), ('NOT attribute_exists(s) OR attribute_exists(n)', NULL, true), ('not (attribute_exists(s) and attribute_exists(n))', NULL, false),
	('t = :v', '{":v": {"BOOL": true}}', true), ('z = :v', '{":v": {"NULL": true}}', true), ('ss = :v', '{":v": {"SS": ["b", "a"]}}', true), ('m.a = :v', '{":v": {"N": "1"}}', true), ('l[2].k = :v', '{":v": {"S": "deep"}}', true), ('l = :v', '{":v": {"L": [{"S": "x"}]}}', false), ('l[0] = s', NULL, false)) AS c(condition, vals, expected);
SELECT is(pg_temp.holds('#m.#ab = :v', '{"#m": "m", "#ab": "a.b"}', '{":v": {"S": "dotted"}}'), true, 'a name with a dot in it');

-- ---- keys
SELECT throws_ok(format('SELECT pg_temp.put_pair(%L)', item), 'YD001', 'ValidationException: One or more parameter values ' || message, item)
FROM (VALUES
	('{"c": {"S": "1"}}', 'were invalid: Type mismatch for key c expected: N actual: S'),
	('{"p": {"N": "1"}}', 'were invalid: Type mismatch for key p expected: S actual: N'),
	('{"p": {"NULL": true}}', 'were invalid: Type mismatch for key p expected: S actual: NULL'),
	('{"p": {"SS": ["a"]}}', 'were invalid: Type mismatch for key p expected: S actual: SS'),
	('{"p": {"S": ""}}', 'are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'),
	('{"g": {"S": "1"}}', 'were invalid: Type mismatch for Index Key g Expected: N Actual: S IndexName: ByG'),
	('{"g": {"NULL": true}}', 'were invalid: Type mismatch for Index Key g Expected: N Actual: NULL IndexName: ByG'),
	('{"l": {"BOOL": true}}', 'were invalid: Type mismatch for Index Key l Expected: S Actual: BOOL IndexName: ByL'),
	('{"x": {"S": ""}}', 'are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ByX, IndexKey: x'),
	('{"l": {"S": ""}}', 'are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ByL, IndexKey: l')) AS v(item, message);
SELECT throws_ok('SELECT pg_temp.put(''{"a": {"S": "1"}}'')', 'YD001', 'ValidationException: One or more parameter values were invalid: Missing the key p in the item', 'no key');
SELECT throws_ok('SELECT pg_temp.put(''{}'')', 'YD001', 'ValidationException: One or more parameter values were invalid: Missing the key p in the item', 'no attribute at all');
SELECT throws_ok('SELECT pg_temp.put(''{"p": {"S": "1"}}'', ''{"TableName": "Pair"}'')', 'YD001', 'ValidationException: One or more parameter values were invalid: Missing the key c in the item', 'no range key');
SELECT throws_ok('SELECT pg_temp.put(''{"p": {"B": ""}}'', ''{"TableName": "Binary"}'')', 'YD001',
	'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: p', 'an empty binary key');
SELECT is(pg_temp.put_pair('{"x": {"S": "only the hash key of ByX"}}'), '{}', 'an index''s attributes may be absent');

-- ---- ReturnConsumedCapacity
SELECT is(pg_temp.put('{"p": {"S": "cap"}}', '{"ReturnConsumedCapacity": "NONE"}'), '{}', 'NONE');
SELECT is(pg_temp.put('{"p": {"S": "cap"}}', '{"ReturnConsumedCapacity": "TOTAL"}'), '{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1}}', 'TOTAL');
SELECT is(pg_temp.put('{"p": {"S": "cap"}}', '{"ReturnConsumedCapacity": "INDEXES"}'),
	'{"ConsumedCapacity": {"TableName": "Hash", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}}', 'INDEXES');
SELECT is(pg_temp.put(jsonb_build_object('p', '{"S": "1024"}'::jsonb, 'v', jsonb_build_object('S', repeat('x', n))), '{"ReturnConsumedCapacity": "TOTAL"}') #> '{ConsumedCapacity,CapacityUnits}',
	units::text::jsonb, format('%s bytes are %s unit(s)', n + 6, units)) FROM (VALUES (1018, 1), (1019, 2), (2042, 2), (2043, 3), (100, 3)) AS v(n, units);
SELECT is(pg_temp.put_pair('{"c": {"N": "50"}, "g": {"N": "1"}, "l": {"S": "l"}}', '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity',
	'{"TableName": "Pair", "CapacityUnits": 3, "Table": {"CapacityUnits": 1}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1}}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1}}}',
	'INDEXES: the indexes the item is in');
SELECT is(pg_temp.put_pair('{"c": {"N": "50"}, "g": {"N": "2"}, "l": {"S": "l"}}', '{"ReturnConsumedCapacity": "INDEXES"}') #> '{ConsumedCapacity,GlobalSecondaryIndexes}',
	'{"ByG": {"CapacityUnits": 2}}', 'moving within an index costs a delete and a put');
SELECT is(pg_temp.put_pair('{"c": {"N": "50"}}', '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity',
	'{"TableName": "Pair", "CapacityUnits": 3, "Table": {"CapacityUnits": 1}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1}}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1}}}',
	'leaving an index costs, too');
SELECT is(pg_temp.put_pair('{"c": {"N": "50"}}', '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity',
	'{"TableName": "Pair", "CapacityUnits": 1, "Table": {"CapacityUnits": 1}}', 'indexes without the item cost nothing');
SELECT is(pg_temp.put_pair('{"c": {"N": "51"}, "g": {"N": "1"}}', '{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '{"TableName": "Pair", "CapacityUnits": 2}', 'TOTAL is the sum');
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "cap"}}'', ''{"ReturnConsumedCapacity": "SOME"}'')',
	'ValidationException: 1 validation error detected: Value ''SOME'' at ''returnConsumedCapacity'' failed to satisfy constraint: Member must satisfy enum value set: [%]', 'an enumeration');

-- ---- ReturnItemCollectionMetrics
SELECT is(pg_temp.put_pair('{"c": {"N": "60"}}', '{"ReturnItemCollectionMetrics": "SIZE"}') #> '{ItemCollectionMetrics,ItemCollectionKey}', '{"p": {"S": "a"}}', 'SIZE, with a local index: the key');
SELECT is(jsonb_array_length(pg_temp.put_pair('{"c": {"N": "60"}}', '{"ReturnItemCollectionMetrics": "SIZE"}') #> '{ItemCollectionMetrics,SizeEstimateRangeGB}'), 2, 'and an estimate');
SELECT is(pg_temp.put_pair('{"c": {"N": "60"}}', '{"ReturnItemCollectionMetrics": "NONE"}'), '{}', 'NONE');
SELECT is(pg_temp.put('{"p": {"S": "m"}}', '{"ReturnItemCollectionMetrics": "SIZE"}'), '{}', 'a table without a local index has no item collections');
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "m"}}'', ''{"ReturnItemCollectionMetrics": "x"}'')', 'ValidationException: 1 validation error detected: Value ''x'' at ''returnItemCollectionMetrics''%', 'an enumeration');

-- ---- values AWS refuses
SELECT throws_ok(format('SELECT pg_temp.round_trip(%L)', value), 'YD001', 'ValidationException: ' || message, value)
FROM (VALUES
	('{}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"X": "a"}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"S": "a", "N": "1"}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"NULL": false}', '1 validation error detected: One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"SS": []}', '1 validation error detected: One or more parameter values were invalid: An string set  may not be empty'),
	('{"NS": []}', '1 validation error detected: One or more parameter values were invalid: An number set  may not be empty'),
	('{"BS": []}', '1 validation error detected: One or more parameter values were invalid: Binary sets should not be empty'),
	('{"SS": ["a", "b", "a"]}', '1 validation error detected: One or more parameter values were invalid: Input collection ["a", "a", "b"] contains duplicates.'),
	('{"NS": ["1", "2", "1.0"]}', '1 validation error detected: One or more parameter values were invalid: Input collection contains duplicates.'),
	('{"BS": ["AQ==", "Ag==", "AQ=="]}', '1 validation error detected: One or more parameter values were invalid: Input collection ["AQ==","Ag==","AQ=="]of type BS contains duplicates.'),
	('{"N": ""}', '1 validation error detected: The parameter cannot be converted to a numeric value: '),
	('{"N": "dog"}', '1 validation error detected: The parameter cannot be converted to a numeric value: dog'),
	('{"N": "NaN"}', '1 validation error detected: The parameter cannot be converted to a numeric value: NaN'),
	('{"N": "Infinity"}', '1 validation error detected: The parameter cannot be converted to a numeric value: Infinity'),
	('{"N": " 1"}', '1 validation error detected: The parameter cannot be converted to a numeric value:  1'),
	('{"N": "1_000"}', '1 validation error detected: The parameter cannot be converted to a numeric value: 1_000'),
	('{"N": "0x10"}', '1 validation error detected: The parameter cannot be converted to a numeric value: 0x10'),
	('{"NS": ["1", "x"]}', '1 validation error detected: The parameter cannot be converted to a numeric value: x'),
	('{"L": [{"S": "a"}, {}]}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"M": {"a": {"N": "one"}}}', '1 validation error detected: The parameter cannot be converted to a numeric value: one')) AS v(value, message);
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "a"}, "": {"S": "x"}}'')', 'ValidationException: %mpty attribute name%', 'an empty attribute name');

-- ---- the table
SELECT throws_ok('SELECT pg_temp.put(''{"p": {"S": "a"}}'', ''{"TableName": "Nothing"}'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT is(pg_temp.put('{"p": {"S": "arn"}}', '{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Hash"}'), '{}', 'a table by its ARN');
SELECT throws_ok('SELECT dynamo.request(''PutItem'', ''{"TableName": "Hash"}'')', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''item'' failed to satisfy constraint: Member must not be null', 'Item is required');
SELECT throws_like('SELECT dynamo.request(''PutItem'', ''{}'')', 'ValidationException: 2 validation errors detected: %null at ''tableName''%', 'so is TableName');

SELECT throws_ok('SELECT dynamo.request(''PutItem'', ''{"TableName": "Hash", "Item": {"p": {"S": "a"}, "": {"N": "x"}}}'')', 'YD001', 'ValidationException: 1 validation error detected: The parameter cannot be converted to a numeric value: x', 'a value is looked at before its name');

-- ---- of several indexes that an attribute does not fit, the first by name is reported, whenever it was made and whatever it is
SELECT dynamo.create_table('Order', 'p', 'c', '{"c": "N"}', global_indexes => '{"Mid": {"hash_key": "h", "range_key": "g"}, "Zeta": {"hash_key": "g"}}', local_indexes => '{"Local": {"range_key": "g"}}') IS NULL \g /dev/null
CREATE FUNCTION pg_temp.index_at_fault(operation text, members jsonb) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	PERFORM dynamo.request(operation, members);
	RETURN 'none';
EXCEPTION WHEN SQLSTATE 'YD001' OR SQLSTATE 'YD012' THEN
	RETURN substring(SQLERRM FROM 'IndexName: (\w+)');
END $$;
CREATE FUNCTION pg_temp.indexes_at_fault() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(pg_temp.index_at_fault(operation, members::jsonb), '-'), ' ') FROM (VALUES
		('PutItem', '{"TableName": "Order", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"N": "1"}}}'),
		('PutItem', '{"TableName": "Order", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"S": ""}}}'),
		('BatchWriteItem', '{"RequestItems": {"Order": [{"PutRequest": {"Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"N": "1"}}}}]}}'),
		('UpdateItem', '{"TableName": "Order", "Key": {"p": {"S": "a"}, "c": {"N": "1"}}, "UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": {"N": "1"}}}'),
		('UpdateItem', '{"TableName": "Order", "Key": {"p": {"S": "a"}, "c": {"N": "1"}}, "AttributeUpdates": {"g": {"Value": {"N": "1"}}}}'),
		('TransactWriteItems', '{"TransactItems": [{"Put": {"TableName": "Order", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"S": ""}}}}]}')) AS v(operation, members) $$;
SELECT is(pg_temp.indexes_at_fault(), 'Local Local Local Local Local Local', 'a local index');
SELECT dynamo.request('UpdateTable', '{"TableName": "Order", "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "Alpha", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}') IS NULL \g /dev/null
SELECT is(pg_temp.indexes_at_fault(), 'Alpha Alpha Alpha Alpha Alpha Alpha', 'a newer one');
SELECT is(pg_temp.index_at_fault('PutItem', '{"TableName": "Order", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"N": "1"}, "h": {"N": "1"}}}') || ' ' || pg_temp.index_at_fault('PutItem', '{"TableName": "Order", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "h": {"N": "1"}}}'),
	'Alpha Mid', 'the first that has any fault');

SELECT throws_ok(format('SELECT pg_temp.put(''{"p": {"S": "a"}}'', %L)', jsonb_build_object('Expected', jsonb_build_object('a', jsonb_build_object('ComparisonOperator', operator, 'AttributeValueList', list::jsonb)))), 'YD001',
	'ValidationException: 1 validation error detected: One or more parameter values were invalid: ' || message, operator || ' ' || list)
FROM (VALUES ('BETWEEN', '[{"S": "b"}, {"NS": ["1"]}]', 'AttributeValues inside AttributeValueList must be of same type'), ('BETWEEN', '[{"NS": ["1"]}, {"S": "b"}]', 'ComparisonOperator BETWEEN is not valid for NS AttributeValue type'))
	AS v(operator, list, message);
-- ---- ConditionalOperator and empty names, in the words that AWS's regions agree on since 2026
SELECT throws_ok(format('SELECT pg_temp.put(''{"p": {"S": "a"}}'', %L)', more), 'YD001', 'ValidationException: 1 validation error detected: ' || message, more)
FROM (VALUES ('{"ConditionalOperator": "OR"}', 'ConditionalOperator cannot be used without Filter or Expected'),
	('{"ConditionalOperator": "AND", "Expected": {"a": {"Exists": false}}}', 'ConditionalOperator can only be used when Filter or Expected has two or more elements'),
	('{"ExpressionAttributeNames": {"#a": ""}}', 'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a'),
	('{"ExpressionAttributeNames": {"a": ""}, "ConditionExpression": "x y"}', 'ExpressionAttributeNames contains invalid value: Empty attribute name for key a'),
	('{"ExpressionAttributeNames": {"#b": ""}, "ConditionExpression": "a = b", "Expected": {"a": {"Exists": false}}}',
		'ExpressionAttributeNames contains invalid value: Empty attribute name for key #b')) AS v(more, message);

SELECT * FROM finish();
ROLLBACK;
