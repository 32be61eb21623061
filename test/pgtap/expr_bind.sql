-- ExpressionAttributeNames and ExpressionAttributeValues: their keys, look-ups, and that all are used.
BEGIN;
SELECT no_plan();

SELECT is(dynamo_test.bind('{"#a": "x", "#_": "y", "#1": "z"}', '{":a": {"N": "1"}, ":1_b": {"S": "x"}}',
						   '{#a,#_,#1,:a,:1_b,#none,:none}'), 5, 'look-ups');
SELECT is(dynamo_test.bind(NULL, NULL, '{#a,:a}', false), 0, 'neither names nor values');
SELECT is(dynamo_test.bind('{"#a": "x", "#a": "y"}', NULL, '{#a}'), 1, 'of a repeated key the last one counts');
SELECT is(dynamo_test.bind('{"#' || repeat('a', 254) || '": "x"}', NULL, ARRAY['#' || repeat('a', 254)]), 1,
		  'a key of 255 characters');

SELECT throws_ok(format('SELECT dynamo_test.bind(%L, %L, %L, %L)', names, vals, look_up, any_expression), 'YD001',
				 'ValidationException: ' || message, message)
FROM (VALUES
	('{}', NULL, '{}', true, 'ExpressionAttributeNames must not be empty'),
	(NULL, '{}', '{}', true, 'ExpressionAttributeValues must not be empty'),
	('{"#a": "x"}', NULL, '{#a}', false, 'ExpressionAttributeNames can only be specified when using expressions'),
	(NULL, '{":a": {"N": "1"}}', '{:a}', false, 'ExpressionAttributeValues can only be specified when using expressions'),
	('{}', NULL, '{}', false, 'ExpressionAttributeNames can only be specified when using expressions'),
	('{"a": "x"}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'),
	('{":a": "x"}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid key: Syntax error; key: ":a"'),
	('{"#": "x"}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'),
	('{"#a-b": "x"}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"'),
	('{"#a b": "x"}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a b"'),
	('{"#é": "x"}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#é"'),
	('{"": "x"}', NULL, '{}', true,
	 'ExpressionAttributeNames contains invalid key: The expression attribute map contains an empty key;'),
	('{"#a": ""}', NULL, '{}', true, 'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a'),
	(NULL, '{"#a": {"N": "1"}}', '{}', true, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "#a"'),
	(NULL, '{"a": {"N": "1"}}', '{}', true, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"'),
	(NULL, '{":hi!there": {"N": "1"}}', '{}', true,
	 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":hi!there"'),
	('{"#a": "x", "#b": "y", "#c": "z"}', NULL, '{#b}', true,
	 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#c, #a}'),
	(NULL, '{":a": {"N": "1"}, ":b": {"N": "1"}}', '{:a}', true,
	 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}'),
	('{"#a": "x"}', '{":a": {"N": "1"}}', '{}', true,
	 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}')
) AS cases(names, vals, look_up, any_expression, message);

SELECT throws_ok($$SELECT dynamo_test.bind('{"#' || repeat('a', 255) || '": "x"}', NULL, '{}')$$, 'YD001',
				 'ValidationException: ExpressionAttributeNames contains invalid key: The expression attribute map contains a '
				 'key that is too long; size of key: 256', 'a key of 256 characters');
SELECT throws_ok($$SELECT dynamo_test.bind('{"#a": "' || repeat('x', 65536) || '"}', NULL, '{}')$$, 'YD001',
				 'ValidationException: Attribute name is too large, must be less than 65536 bytes', 'an attribute name of 64 KB');
SELECT is(dynamo_test.bind('{"#a": "' || repeat('x', 65535) || '"}', NULL, '{#a}'), 1, 'one byte less');

-- used in one expression is used
SELECT is(dynamo_test.condition('a = :a OR #b = :b', '{"#b": "b"}', '{":a": {"N": "1"}, ":b": {"N": "1"}}', '{"a": {"N": "1"}}'),
		  true, 'what evaluation never reaches is used all the same');
SELECT throws_ok($$SELECT dynamo_test.condition('a = :a', NULL, '{":a": {"N": "1"}, ":b": {"N": "1"}}', '{}')$$, 'YD001',
				 'ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}',
				 'an unused value');

-- several are listed in the order of a Java hash set
SELECT throws_ok(format('SELECT dynamo_test.condition(''a = :a'', NULL, %L, ''{}'')', vals), 'YD001', 'ValidationException: Value provided in ExpressionAttributeValues unused in expressions: keys: {' || keys || '}', vals)
FROM (VALUES ('{":v10": {"N": "1"}, ":v1": {"N": "1"}, ":v0": {"N": "1"}, ":a": {"N": "1"}}', ':v0, :v1, :v10'), ('{":unused": {"N": "1"}, ":v0": {"N": "1"}, ":a": {"N": "1"}}', ':v0, :unused')) AS v(vals, keys);

-- many
SELECT is(dynamo_test.bind(json_object_agg('#n' || i, 'a' || i)::text, NULL, array_agg('#n' || i)), 100000, '100,000 names')
FROM generate_series(1, 100000) AS i;
SELECT throws_like($$SELECT dynamo_test.bind(json_object_agg('#n' || i, 'a' || i)::text, NULL, '{}')
				   FROM generate_series(1, 100000) AS i$$,
				   'ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#n1, #n2,%',
				   '100,000 unused names');

SELECT * FROM finish();
ROLLBACK;
