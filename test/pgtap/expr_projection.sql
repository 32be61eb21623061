-- ProjectionExpression: grammar, rules, what it selects.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.item() RETURNS text LANGUAGE sql AS $$ SELECT '{
	"p": {"S": "k"}, "b": {"S": "hello"}, "a.b": {"S": "dotted"}, "l": {"L": [{"N": "7"}, {"N": "42"}]},
	"a": {"M": {"b": {"L": [{"N": "2"}, {"N": "4"}, {"M": {"x": {"S": "hi"}, "y": {"S": "yo"}}}]}, "c": {"N": "5"}}},
	"deep": {"L": [{"L": [{"N": "0"}, {"N": "1"}]}, {"L": [{"N": "2"}, {"N": "3"}]}]}, "s": {"SS": ["x", "y"]}}' $$;

SELECT is(dynamo_test.projection(expression, names, pg_temp.item())::jsonb, result::jsonb, expression)
FROM (VALUES
	('b', NULL, '{"b": {"S": "hello"}}'),
	(' b  ,   p ', NULL, '{"b": {"S": "hello"}, "p": {"S": "k"}}'),
	('#n', '{"#n": "b"}', '{"b": {"S": "hello"}}'),
	('#n', '{"#n": "a.b"}', '{"a.b": {"S": "dotted"}}'),
	('#n.#m', '{"#n": "a", "#m": "c"}', '{"a": {"M": {"c": {"N": "5"}}}}'),
	('a.b', NULL, '{"a": {"M": {"b": {"L": [{"N": "2"}, {"N": "4"}, {"M": {"x": {"S": "hi"}, "y": {"S": "yo"}}}]}}}}'),
	('a.b[0]', NULL, '{"a": {"M": {"b": {"L": [{"N": "2"}]}}}}'),
	('a.b[2].y', NULL, '{"a": {"M": {"b": {"L": [{"M": {"y": {"S": "yo"}}}]}}}}'),
	('a.b[1], a.b[0]', NULL, '{"a": {"M": {"b": {"L": [{"N": "2"}, {"N": "4"}]}}}}'),
	('a.b[2].x,a.c,a.b[0],a.b[2].y', NULL,
	 '{"a": {"M": {"b": {"L": [{"N": "2"}, {"M": {"x": {"S": "hi"}, "y": {"S": "yo"}}}]}, "c": {"N": "5"}}}}'),
	('deep[1][0], deep[0][1]', NULL, '{"deep": {"L": [{"L": [{"N": "1"}]}, {"L": [{"N": "2"}]}]}}'),
	('l[1]', NULL, '{"l": {"L": [{"N": "42"}]}}'),
	('l[ 1 ]', NULL, '{"l": {"L": [{"N": "42"}]}}'),
	('a.x, a.b[0], x, a.b[3].x', NULL, '{"a": {"M": {"b": {"L": [{"N": "2"}]}}}}'),
	('x', NULL, '{}'), ('a.b[3]', NULL, '{}'), ('a.x.y', NULL, '{}'), ('a.b.x', NULL, '{}'), ('a[0]', NULL, '{}'),
	('a.b[0].x', NULL, '{}'), ('a.b[0][0]', NULL, '{}'), ('b.x', NULL, '{}'), ('s[0]', NULL, '{}'), ('l[999]', NULL, '{}'),
	('l[2147483647]', NULL, '{}'), ('a' || repeat('.b', 31), NULL, '{}'),
	('a.b, a.c[2]', NULL, '{"a": {"M": {"b": {"L": [{"N": "2"}, {"N": "4"}, {"M": {"x": {"S": "hi"}, "y": {"S": "yo"}}}]}}}}')
) AS cases(expression, names, result);

SELECT throws_ok(format('SELECT dynamo_test.projection(%L, NULL, %L)', expression, '{}'), 'YD001',
				 'ValidationException: Invalid ProjectionExpression: ' || message, left(expression, 40))
FROM (VALUES
	('', 'The expression can not be empty;'),
	('a,', 'Syntax error; token: "<EOF>", near: ","'),
	(',a', 'Syntax error; token: ",", near: ",a"'),
	('a,,b', 'Syntax error; token: ",", near: ",,b"'),
	('a b', 'Syntax error; token: "b", near: "a b"'),
	('a[-1]', 'Syntax error; token: "-", near: "[-1"'),
	('a[]', 'Syntax error; token: "]", near: "[]"'),
	('[0]', 'Syntax error; token: "[", near: "[0"'),
	('a.', 'Syntax error; token: "<EOF>", near: "."'),
	('a.1', 'Syntax error; token: "1", near: ".1"'),
	(':v', 'Syntax error; token: ":v", near: ":v"'),
	('(a)', 'Syntax error; token: "(", near: "(a"'),
	('size(a)', 'Syntax error; token: "(", near: "size(a"'),
	('a, set', 'Syntax error; token: "set", near: ", set"'),
	('a, "b"', 'Syntax error; token: """, near: ", "b"'),
	('name', 'Attribute name is a reserved keyword; reserved keyword: name'),
	('a, b.Status', 'Attribute name is a reserved keyword; reserved keyword: Status'),
	('#a', 'An expression attribute name used in the document path is not defined; attribute name: #a'),
	('name, #a', 'Attribute name is a reserved keyword; reserved keyword: name'),
	('a[99999999999999]', 'List index is not within the allowable range; index: [99999999999999]'),
	('a' || repeat('.b', 32), 'The document path has too many nesting levels; nesting levels: 33'),
	(repeat('[', 4096), 'Syntax error; token: "[", near: "[["'),
	('a' || repeat('[', 4095), 'Syntax error; token: "[", near: "[[["'),
	(repeat('a', 4097), 'Expression size has exceeded the maximum allowed size;')
) AS cases(expression, message);

SELECT throws_ok(format('SELECT dynamo_test.projection(%L, NULL, %L)', expression, '{}'), 'YD001',
				 format('ValidationException: Invalid ProjectionExpression: Two document paths %s with each other; must remove '
						'or rewrite one of these paths; path one: %s, path two: %s', what, one, two), expression)
FROM (VALUES
	('a, a', 'overlap', '[a]', '[a]'), ('a.b, a.b', 'overlap', '[a, b]', '[a, b]'),
	('a[1], a[1]', 'overlap', '[a, [1]]', '[a, [1]]'), ('a, a.b', 'overlap', '[a]', '[a, b]'),
	('a.b, a', 'overlap', '[a, b]', '[a]'), ('a.b, a.b[2]', 'overlap', '[a, b]', '[a, b, [2]]'),
	('a, x, a.b[2].c', 'overlap', '[a]', '[a, b, [2], c]'), ('a.b.d.e, x.y, a.b', 'overlap', '[a, b, d, e]', '[a, b]'),
	('a.b, a[1]', 'conflict', '[a, b]', '[a, [1]]'), ('a[1], a.b', 'conflict', '[a, [1]]', '[a, b]'),
	('a.b[1], z, a.b.c', 'conflict', '[a, b, [1]]', '[a, b, c]')
) AS cases(expression, what, one, two);

SELECT throws_ok($$SELECT dynamo_test.projection('a', '{"#b": "b"}', '{}')$$, 'YD001',
				 'ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}',
				 'an unused name');

SELECT is((SELECT count(*)::int FROM jsonb_object_keys(
			dynamo_test.projection(string_agg('a' || i, ','), NULL,
								   json_object_agg('a' || i, json_build_object('N', i::text))::text)::jsonb)), 700,
		  'as many attributes as the text can name') FROM generate_series(1, 700) AS i;

SELECT * FROM finish();
ROLLBACK;
