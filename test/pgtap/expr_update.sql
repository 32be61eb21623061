-- UpdateExpression: grammar, rules, running it on an item, what it touched.
BEGIN;
SELECT no_plan();
CREATE FUNCTION pg_temp.values_of(expression text) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_object_agg(key, value)::text FROM jsonb_each('{":e": {"S": ""}, ":xyz": {"S": "xyz"}, ":one": {"N": "1"}, ":list": {"L": []}, ":set": {"SS": ["a", "b"]}}')
	WHERE expression ~ (key || '\M') $$;

CREATE FUNCTION pg_temp.vals() RETURNS text LANGUAGE sql AS $$ SELECT '{
	":1": {"N": "1"}, ":2": {"N": "2"}, ":3": {"N": "3"}, ":s": {"S": "hey"}, ":l": {"L": [{"N": "8"}, {"S": "x"}]},
	":m": {"M": {"x": {"N": "1"}}}, ":ss": {"SS": ["cat", "pig"]}, ":ns": {"NS": ["4", "5"]}, ":bs": {"BS": ["AQ=="]},
	":b": {"B": "AQ=="}, ":t": {"BOOL": true}, ":nil": {"NULL": true}, ":e": {"L": []}, ":max": {"N": "9.9E125"},
	":all": {"SS": ["cat", "dog"]}, ":tiny": {"N": "1e-130"}}' $$;
CREATE FUNCTION pg_temp.names() RETURNS text LANGUAGE sql AS $$ SELECT '{
	"#a": "a", "#dot": "x.y", "#name": "name", "#any": "3can include any character!.#="}' $$;

CREATE FUNCTION pg_temp.used(definitions text, expression text) RETURNS text LANGUAGE sql AS $$
	SELECT json_object_agg(key, value)::text FROM json_each(definitions::json) WHERE expression ~ (key || '(\W|$)') $$;

CREATE FUNCTION pg_temp.run(expression text, item text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo_test.update(expression, pg_temp.used(pg_temp.names(), expression),
							  pg_temp.used(pg_temp.vals(), expression), item)::jsonb $$;

SELECT is(pg_temp.run(expression, item), result::jsonb, expression) FROM (VALUES
	-- SET
	('SET b = :s', '{"a": {"N": "1"}}', '{"a": {"N": "1"}, "b": {"S": "hey"}}'),
	('set a=:s', '{"a": {"N": "1"}}', '{"a": {"S": "hey"}}'),
	('  sEt a =:s,b=:1  ', '{}', '{"a": {"S": "hey"}, "b": {"N": "1"}}'),
	('SET b = a', '{"a": {"N": "1"}}', '{"a": {"N": "1"}, "b": {"N": "1"}}'),
	('SET a = b, b = a', '{"a": {"N": "1"}, "b": {"N": "2"}}', '{"a": {"N": "2"}, "b": {"N": "1"}}'),
	('SET a = a', '{"a": {"N": "1"}}', '{"a": {"N": "1"}}'),
	('SET #dot = :1, #any = :2', '{}', '{"x.y": {"N": "1"}, "3can include any character!.#=": {"N": "2"}}'),
	('SET #name = :1', '{}', '{"name": {"N": "1"}}'),
	('SET a = :1 + :2, b = :1 - :2', '{}', '{"a": {"N": "3"}, "b": {"N": "-1"}}'),
	('SET a = a + a', '{"a": {"N": "7"}}', '{"a": {"N": "14"}}'),
	('SET a = (:1 + :2)', '{}', '{"a": {"N": "3"}}'),
	('SET a = (:1)+(:2)', '{}', '{"a": {"N": "3"}}'),
	('SET a=a-:3', '{"a": {"N": "0.5"}}', '{"a": {"N": "-2.5"}}'),
	('SET a = list_append(a, :l)', '{"a": {"L": [{"N": "1"}]}}', '{"a": {"L": [{"N": "1"}, {"N": "8"}, {"S": "x"}]}}'),
	('SET a = list_append(:l, a)', '{"a": {"L": [{"N": "1"}]}}', '{"a": {"L": [{"N": "8"}, {"S": "x"}, {"N": "1"}]}}'),
	('SET a = list_append(a, a)', '{"a": {"L": [{"N": "1"}]}}', '{"a": {"L": [{"N": "1"}, {"N": "1"}]}}'),
	('SET a = if_not_exists(a, :1)', '{"a": {"N": "9"}}', '{"a": {"N": "9"}}'),
	('SET a = if_not_exists(a, :1)', '{}', '{"a": {"N": "1"}}'),
	('SET a = if_not_exists(b, if_not_exists(c, :1))', '{}', '{"a": {"N": "1"}}'),
	('SET a = if_not_exists(a, :e) ', '{}', '{"a": {"L": []}}'),
	('SET a = list_append(if_not_exists(a, :e), :l)', '{}', '{"a": {"L": [{"N": "8"}, {"S": "x"}]}}'),
	('SET a = if_not_exists(a, :1) + :2', '{}', '{"a": {"N": "3"}}'),
	-- nested
	('SET a.b = :1', '{"a": {"M": {}}}', '{"a": {"M": {"b": {"N": "1"}}}}'),
	('SET a.b.c = a.b.d', '{"a": {"M": {"b": {"M": {"d": {"N": "4"}}}}}}',
	 '{"a": {"M": {"b": {"M": {"c": {"N": "4"}, "d": {"N": "4"}}}}}}'),
	('SET a[1] = :s', '{"a": {"L": [{"N": "1"}, {"N": "2"}]}}', '{"a": {"L": [{"N": "1"}, {"S": "hey"}]}}'),
	('SET a[7] = :s', '{"a": {"L": [{"N": "1"}]}}', '{"a": {"L": [{"N": "1"}, {"S": "hey"}]}}'),
	('SET a[2147483647] = :s', '{"a": {"L": []}}', '{"a": {"L": [{"S": "hey"}]}}'),
	('SET a[84] = :1, a[37] = :2, a[17] = :3', '{"a": {"L": [{"N": "0"}]}}',
	 '{"a": {"L": [{"N": "0"}, {"N": "3"}, {"N": "2"}, {"N": "1"}]}}'),
	('SET a.b = :1, a.c.d = :s, b.x = :2 REMOVE a.x, b.y',
	 '{"a": {"M": {"x": {"N": "3"}, "c": {"M": {"y": {"N": "3"}}}}}, "b": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}',
	 '{"a": {"M": {"b": {"N": "1"}, "c": {"M": {"y": {"N": "3"}, "d": {"S": "hey"}}}}}, "b": {"M": {"x": {"N": "2"}}}}'),
	('SET b = a, a.x = :2', '{"a": {"M": {"x": {"N": "1"}}}}', '{"a": {"M": {"x": {"N": "2"}}}, "b": {"M": {"x": {"N": "1"}}}}'),
	-- REMOVE
	('REMOVE a', '{"a": {"N": "1"}, "b": {"N": "1"}}', '{"b": {"N": "1"}}'),
	('remove a, b, c', '{"a": {"N": "1"}, "b": {"N": "1"}}', '{}'),
	('REMOVE a.x', '{"a": {"M": {"x": {"N": "1"}}}}', '{"a": {"M": {}}}'),
	('REMOVE a.y, b[7], c', '{"a": {"M": {"x": {"N": "1"}}}, "b": {"L": []}}', '{"a": {"M": {"x": {"N": "1"}}}, "b": {"L": []}}'),
	('REMOVE a[0], a[2]', '{"a": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}, {"N": "3"}]}}', '{"a": {"L": [{"N": "1"}, {"N": "3"}]}}'),
	('REMOVE a[1] SET a[3] = :s', '{"a": {"L": [{"N": "2"}, {"N": "3"}, {"N": "4"}, {"N": "5"}, {"N": "6"}]}}',
	 '{"a": {"L": [{"N": "2"}, {"N": "4"}, {"S": "hey"}, {"N": "6"}]}}'),
	('SET a[84] = :s REMOVE a[1], a[2]', '{"a": {"L": [{"N": "0"}, {"N": "1"}]}}', '{"a": {"L": [{"N": "0"}, {"S": "hey"}]}}'),
	('REMOVE a[0], a[1].x, a[2]', '{"a": {"L": [{"N": "0"}, {"M": {"x": {"N": "1"}}}, {"N": "2"}]}}', '{"a": {"L": [{"M": {}}]}}'),
	('REMOVE a[0][1], a[1][0], a[2]', '{"a": {"L": [{"L": [{"N": "0"}, {"N": "1"}]}, {"L": [{"N": "2"}, {"N": "3"}]}, {"N": "2"}]}}',
	 '{"a": {"L": [{"L": [{"N": "0"}]}, {"L": [{"N": "3"}]}]}}'),
	('REMOVE a SET b = a', '{"a": {"N": "1"}}', '{"b": {"N": "1"}}'),
	-- ADD
	('ADD a :1', '{"a": {"N": "1.5"}}', '{"a": {"N": "2.5"}}'),
	('ADD a :1, b :ss', '{}', '{"a": {"N": "1"}, "b": {"SS": ["cat", "pig"]}}'),
	('ADD a :ss', '{"a": {"SS": ["dog", "cat"]}}', '{"a": {"SS": ["cat", "dog", "pig"]}}'),
	('ADD a :ns, b :bs', '{"a": {"NS": ["4.0", "3"]}}', '{"a": {"NS": ["3", "4", "5"]}, "b": {"BS": ["AQ=="]}}'),
	('ADD a.n :1, l[0] :1', '{"a": {"M": {}}, "l": {"L": []}}', '{"a": {"M": {"n": {"N": "1"}}}, "l": {"L": [{"N": "1"}]}}'),
	-- DELETE
	('DELETE a :ss', '{"a": {"SS": ["cat", "dog", "mouse"]}}', '{"a": {"SS": ["dog", "mouse"]}}'),
	('DELETE a :ss', '{"a": {"SS": ["dog"]}}', '{"a": {"SS": ["dog"]}}'),
	('DELETE a :all', '{"a": {"SS": ["dog", "cat"]}, "b": {"N": "1"}}', '{"b": {"N": "1"}}'),
	('DELETE a :all', '{"b": {"N": "1"}}', '{"b": {"N": "1"}}'),
	('DELETE a.s :all, l[1] :all', '{"a": {"M": {"s": {"SS": ["dog"]}}}, "l": {"L": [{"N": "1"}, {"SS": ["cat"]}, {"N": "2"}]}}',
	 '{"a": {"M": {}}, "l": {"L": [{"N": "1"}, {"N": "2"}]}}'),
	('REMOVE a ADD b :1 SET c = :s DELETE d :ss', '{"a": {"N": "1"}, "d": {"SS": ["cat", "dog"]}}',
	 '{"b": {"N": "1"}, "c": {"S": "hey"}, "d": {"SS": ["dog"]}}')
) AS cases(expression, item, result);

SELECT is(dynamo_test.update_create('REMOVE x.y, w[0], z SET a = :1', NULL, '{":1": {"N": "1"}}', '{"p": {"S": "k"}}')::jsonb,
		  '{"p": {"S": "k"}, "a": {"N": "1"}}', 'a new item has nothing to remove');
SELECT throws_ok($$SELECT dynamo_test.update_create('SET x.y = :1', NULL, '{":1": {"N": "1"}}', '{"p": {"S": "k"}}')$$, 'YD001',
				 'ValidationException: The document path provided in the update expression is invalid for update',
				 'but nothing to set into either');

-- rejected when parsed
SELECT throws_ok(format('SELECT pg_temp.run(%L, %L)', expression, '{"p": {"S": "k"}}'), 'YD001',
				 'ValidationException: Invalid UpdateExpression: ' || message, expression)
FROM (VALUES
	('', 'The expression can not be empty;'),
	('HELLO b = :1', 'Syntax error; token: "HELLO", near: "HELLO b"'),
	('INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
	('SET', 'Syntax error; token: "<EOF>", near: "SET"'),
	('SET a', 'Syntax error; token: "<EOF>", near: "a"'),
	('SET a =', 'Syntax error; token: "<EOF>", near: "="'),
	('SET a = :1,', 'Syntax error; token: "<EOF>", near: ","'),
	('SET a = VALUE 1', 'Syntax error; token: "1", near: "VALUE 1"'),
	('SET a = :1, SET b = :2', 'Syntax error; token: "SET", near: ", SET b"'),
	('SET a = :1 b = :2', 'Syntax error; token: "b", near: ":1 b ="'),
	('SET _123 = :1', 'Syntax error; token: "_", near: "SET _123"'),
	('SET _abc = :1', 'Syntax error; token: "_", near: "SET _abc"'),
	('SET 123a = :1', 'Syntax error; token: "123", near: "SET 123a"'),
	('SET hi-there = :1', 'Syntax error; token: "-", near: "hi-there"'),
	('SET hi$there = :1', 'Syntax error; token: "$", near: "hi$there"'),
	('SET #hi-there = :1', 'Syntax error; token: "-", near: "#hi-there"'),
	-- a number does not begin with a zero that it could do without
	('SET a[01] = :1', 'Syntax error; token: "1", near: "01]"'),
	('REMOVE a[00]', 'Syntax error; token: "0", near: "00]"'),
	('REMOVE a[ 01 ]', 'Syntax error; token: "1", near: "01 ]"'),
	('REMOVE a[001]', 'Syntax error; token: "0", near: "001"'),
	('SET a = ((b))', 'The expression has redundant parentheses;'),
	('SET a = ((b + :1))', 'The expression has redundant parentheses;'),
	('SET a = if_not_exists(((b)), :1)', 'The expression has redundant parentheses;'),
	('SET a = ((foo(b)))', 'The expression has redundant parentheses;'),
	('SET a = if_not_exists(a, a)', 'The first operand must be distinct from the remaining operands for this operator or function; operator: if_not_exists, first operand: [a]'),
	('SET a = if_not_exists(a.b, a.b) + a', 'The first operand must be distinct from the remaining operands for this operator or function; operator: if_not_exists, first operand: [a, b]'),
	('SET # = :1', 'Syntax error; token: "#", near: "SET # ="'),
	('SET a = : 1', 'Syntax error; token: ":", near: "= : 1"'),
	('SET :1 = :2', 'Syntax error; token: ":1", near: "SET :1 ="'),
	('SET set = :1', 'Syntax error; token: "set", near: "SET set ="'),
	('SET a = :1 + :2 + :3', 'Syntax error; token: "+", near: ":2 + :3"'),
	('SET a = (:1 + :2) + :3', 'Syntax error; token: "+", near: ") + :3"'),
	('SET a = :1 + (:2 + :3)', 'Syntax error; token: "+", near: ":2 + :3"'),
	('SET c = if_not_exists(c, :1+:2)', 'Syntax error; token: "+", near: ":1+:2"'),
	('SET b = if_not_exists(non@sense, :1)', 'Syntax error; token: "@", near: "non@sense"'),
	('SET a = b = :1', 'Syntax error; token: "=", near: "b = :1"'),
	('SET a = NOT b', 'Syntax error; token: "NOT", near: "= NOT b"'),
	('SET a = b AND c', 'Syntax error; token: "AND", near: "b AND c"'),
	('SET a = (b, c)', 'Syntax error; token: ",", near: "b, c"'),
	('SET a = (b', 'Syntax error; token: "<EOF>", near: "b"'),
	('SET a[:1] = :2', 'Syntax error; token: ":1", near: "[:1]"'),
	('SET a[#a] = :2', 'Syntax error; token: "#a", near: "[#a]"'),
	('REMOVE a = :1', 'Syntax error; token: "=", near: "a = :1"'),
	('REMOVE :1', 'Syntax error; token: ":1", near: "REMOVE :1"'),
	('ADD hits : incr', 'Syntax error; token: ":", near: "hits : incr"'),
	('ADD a b', 'Syntax error; token: "b", near: "a b"'),
	('ADD a = :1', 'Syntax error; token: "=", near: "a = :1"'),
	('DELETE a', 'Syntax error; token: "<EOF>", near: "a"'),
	('SET a = _f(b)', 'Syntax error; token: "_", near: "= _f"'),
	-- sections
	('SET a = :1 SET b = :2', 'The "SET" section can only be used once in an update expression;'),
	('SET a = :1 REMOVE c SET b = :2', 'The "SET" section can only be used once in an update expression;'),
	('REMOVE a remove b', 'The "REMOVE" section can only be used once in an update expression;'),
	('ADD a :1 ADD b :2', 'The "ADD" section can only be used once in an update expression;'),
	('DELETE a :ss DELETE b :ss', 'The "DELETE" section can only be used once in an update expression;'),
	-- reserved words, names, values
	('SET status = :1', 'Attribute name is a reserved keyword; reserved keyword: status'),
	('SET a = b.Name', 'Attribute name is a reserved keyword; reserved keyword: Name'),
	('REMOVE a.items[1]', 'Attribute name is a reserved keyword; reserved keyword: items'),
	('SET #x = :1', 'An expression attribute name used in the document path is not defined; attribute name: #x'),
	('SET a = #x, b = :x', 'An expression attribute name used in the document path is not defined; attribute name: #x'),
	('SET a = :x, b = #x', 'An expression attribute name used in the document path is not defined; attribute name: #x'),
	('SET a = :x', 'An expression attribute value used in expression is not defined; attribute value: :x'),
	('SET b = if_not_exists(:x, :1)', 'An expression attribute value used in expression is not defined; attribute value: :x'),
	('SET a[99999999999999999999] = :1', 'List index is not within the allowable range; index: [99999999999999999999]'),
	('SET a' || repeat('[0]', 32) || ' = :1', 'The document path has too many nesting levels; nesting levels: 33'),
	-- functions
	('SET a = f(b,c,d)', 'Invalid function name; function: f'),
	('SET a = f123_hi(b,c,d)', 'Invalid function name; function: f123_hi'),
	('SET a = LIST_APPEND(:l, :l)', 'Invalid function name; function: LIST_APPEND'),
	('SET a = contains(b, :1)', 'The function is not allowed in an update expression; function: contains'),
	('SET a = size(b)', 'The function is not allowed in an update expression; function: size'),
	('SET a = list_append(list_append(:l, :l), :l)',
	 'The function is not allowed to be used this way in an expression; function: list_append'),
	('SET a = list_append(b, c) + :1',
	 'The function is not allowed to be used this way in an expression; function: list_append'),
	('SET a = list_append(:l)', 'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1'),
	('SET a = list_append(:l, :l, :l)', 'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 3'),
	('SET a = if_not_exists(:2, :1)', 'Operator or function requires a document path; operator or function: if_not_exists'),
	('SET a = if_not_exists(if_not_exists(a, :2), :1)', 'Operator or function requires a document path; operator or function: if_not_exists'),
	('SET a = list_append(:l, :s)', 'Incorrect operand type for operator or function; operator or function: list_append, operand type: S'),
	('SET a = list_append(:m, b)', 'Incorrect operand type for operator or function; operator or function: list_append, operand type: M'),
	('SET a = :s + :1', 'Incorrect operand type for operator or function; operator or function: +, operand type: S'),
	('SET a = b - :l', 'Incorrect operand type for operator or function; operator or function: -, operand type: L'),
	('ADD a :s', 'Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('ADD a :l', 'Incorrect operand type for operator or function; operator: ADD, operand type: LIST, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('ADD a :m', 'Incorrect operand type for operator or function; operator: ADD, operand type: MAP, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('ADD a :b', 'Incorrect operand type for operator or function; operator: ADD, operand type: BINARY, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('ADD a :t', 'Incorrect operand type for operator or function; operator: ADD, operand type: BOOLEAN, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('ADD a :nil', 'Incorrect operand type for operator or function; operator: ADD, operand type: NULL, typeSet: ALLOWED_FOR_ADD_OPERAND'),
	('DELETE a :1', 'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND'),
	-- what comes first
	('SET status = f(a) SET b = :x', 'Attribute name is a reserved keyword; reserved keyword: status'),
	('SET a = f(a) SET b = :x', 'Invalid function name; function: f'),
	('SET a = :1, a = :x', 'An expression attribute value used in expression is not defined; attribute value: :x')
) AS cases(expression, message);

SELECT throws_ok(format('SELECT pg_temp.run(%L, %L)', expression, '{"p": {"S": "k"}}'), 'YD001',
				 format('ValidationException: Invalid UpdateExpression: Two document paths %s with each other; must remove or '
						'rewrite one of these paths; path one: %s, path two: %s', what, one, two), expression)
FROM (VALUES
	('REMOVE a SET a = :1', 'overlap', '[a]', '[a]'),
	('SET a = :1 REMOVE a', 'overlap', '[a]', '[a]'),
	('SET a = :1, #a = :2', 'overlap', '[a]', '[a]'),
	('SET a = :1, a.b = :2', 'overlap', '[a]', '[a, b]'),
	('SET a.b = :1, a = :2', 'overlap', '[a, b]', '[a]'),
	('SET a.b = :1, a.b.c.d.e = :2', 'overlap', '[a, b]', '[a, b, c, d, e]'),
	('SET a[1] = :1, a = :2', 'overlap', '[a, [1]]', '[a]'),
	('SET a[1][1] = :1, a[1] = :2', 'overlap', '[a, [1], [1]]', '[a, [1]]'),
	('SET a[1][1] = :1, a[1][1] = :2', 'overlap', '[a, [1], [1]]', '[a, [1], [1]]'),
	('SET a[1] = :1 REMOVE b, a[1]', 'overlap', '[a, [1]]', '[a, [1]]'),
	('SET a.b = :1, a[1] = :2', 'conflict', '[a, b]', '[a, [1]]'),
	('SET a[1] = :1, a.b = :2', 'conflict', '[a, [1]]', '[a, b]'),
	('SET a.b.c = :1, x = :1, a.b[2] = :2', 'conflict', '[a, b, c]', '[a, b, [2]]'),
	('SET a.b = :1, a[1] = :2, c = :1, c.d = :2', 'overlap', '[c]', '[c, d]')
) AS cases(expression, what, one, two);

-- rejected when run
SELECT throws_ok(format('SELECT pg_temp.run(%L, %L)', expression,
						'{"n": {"N": "3"}, "s": {"S": "hi"}, "l": {"L": []}, "m": {"M": {}}, "ss": {"SS": ["x"]}}'), 'YD001',
				 'ValidationException: ' || CASE message
				 WHEN 'missing' THEN 'The provided expression refers to an attribute that does not exist in the item'
				 WHEN 'type' THEN 'An operand in the update expression has an incorrect data type'
				 WHEN 'path' THEN 'The document path provided in the update expression is invalid for update'
				 ELSE message END, expression)
FROM (VALUES
	('SET c = z', 'missing'), ('SET z = z', 'missing'), ('SET x = :1, y = x', 'missing'), ('SET z = z + :1', 'missing'),
	('SET z = list_append(z, :l)', 'missing'), ('SET z = list_append(:l, m.z)', 'missing'), ('SET z = l[0]', 'missing'),
	('SET z = if_not_exists(x, y)', 'missing'),
	('SET z = s + :1', 'type'), ('SET z = :1 - l', 'type'), ('SET z = list_append(n, :l)', 'type'),
	('SET z = list_append(:l, ss)', 'type'), ('SET z = if_not_exists(x, :s) + :1', 'type'),
	('ADD s :1', 'type'), ('ADD ss :ns', 'type'), ('ADD l :ss', 'type'), ('ADD n :ns', 'type'), ('ADD m :1', 'type'),
	('DELETE s :ss', 'type'), ('DELETE ss :ns', 'type'),
	('SET s.c = :1', 'path'), ('SET l.c = :1', 'path'), ('SET z.c = :1', 'path'), ('SET s[0] = :1', 'path'),
	('SET m[0] = :1', 'path'), ('SET z[0] = :1', 'path'), ('SET l[0].x = :1', 'path'), ('SET m.x.y = :1', 'path'),
	('REMOVE s.c', 'path'), ('REMOVE l.c', 'path'), ('REMOVE z.c', 'path'), ('REMOVE s[0]', 'path'), ('REMOVE z[0]', 'path'),
	('ADD z.c :1', 'path'), ('DELETE z.c :ss', 'path'),
	('SET l[0] = :m, l[1].x = :1', 'path')
) AS cases(expression, message);

SELECT throws_like($$SELECT pg_temp.run('SET a = :max + :max', '{}')$$, 'ValidationException: Number overflow.%', 'too large');
SELECT throws_ok($$SELECT pg_temp.run('SET a = :1 + :tiny', '{}')$$, 'YD001', NULL, 'too many digits');

-- what was touched
SELECT is(dynamo_test.update_touched(expression, NULL, pg_temp.used(pg_temp.vals(), expression),
									 '{"p": {"S": "k"}, "a": {"M": {"b": {"S": "dog"}, "c": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]}}}, "d": {"S": "cat"}}')::jsonb,
		  touched::jsonb, 'touched by ' || expression)
FROM (VALUES
	('SET d = :1', '{"d": {"S": "cat"}}'),
	('SET a.b = :1', '{"a": {"M": {"b": {"S": "dog"}}}}'),
	('SET a.c[1] = :1', '{"a": {"M": {"c": {"L": [{"N": "2"}]}}}}'),
	('SET a.c[2] = :1, a.b = :2, a.c[0] = :3', '{"a": {"M": {"b": {"S": "dog"}, "c": {"L": [{"N": "1"}, {"N": "3"}]}}}}'),
	('REMOVE a.c[1], a.c[3]', '{"a": {"M": {"c": {"L": [{"N": "2"}]}}}}'),
	('SET a.x = :1', NULL), ('SET a.c[100] = :1', NULL), ('REMOVE z', NULL), ('SET z = :1 ADD d :1', '{"d": {"S": "cat"}}')
) AS cases(expression, touched);

-- limits and hostile texts
SELECT throws_ok(format('SELECT dynamo_test.update(%L, NULL, %L, %L)', expression, '{":v": {"N": "1"}}', '{}'), 'YD001',
				 'ValidationException: Invalid UpdateExpression: ' || message, description)
FROM (VALUES
	('SET a = ' || repeat('(', 4000), 'Syntax error; token: "<EOF>", near: "("', 'open parentheses'),
	('SET a = ' || repeat('f(', 2000) || 'a', 'Syntax error; token: "<EOF>", near: "a"', 'open calls'),
	('SET a = ' || repeat('if_not_exists(a,', 200) || ':v' || repeat(')', 199), 'Syntax error; token: "<EOF>", near: ")"', 'deep calls'),
	(repeat('SET a = :v ', 300), 'The "SET" section can only be used once in an update expression;', 'many sections'),
	('REMOVE ' || repeat('a,', 2000) || 'a', 'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]', 'many paths'),
	('SET ' || repeat('a', 5000) || ' = :v', 'Expression size has exceeded the maximum allowed size;', 'a long name')
) AS cases(expression, message, description);

SELECT is(dynamo_test.update('SET a = ' || repeat('if_not_exists(a,', 200) || ':v' || repeat(')', 200), NULL, '{":v": {"N": "1"}}', '{}'),
		  '{"a":{"N":"1"}}', '200 nested calls');
SELECT is(length(dynamo_test.update('REMOVE ' || string_agg('l[' || i || ']', ','), NULL, NULL,
									'{"l": {"L": [' || repeat('{"NULL": true},', 99999) || '{"NULL": true}]}}')) > 0, true,
		  'many removals from a long list') FROM generate_series(0, 500) AS i;
SELECT throws_ok(format('SELECT dynamo_test.update(%L, NULL, NULL, %L)', 'SET ' || string_agg('a' || i || '=list_append(l,l)', ','),
						'{"l": {"L": [' || repeat('{"NULL": true},', 99999) || '{"NULL": true}]}}'), 'YD001',
				 'ValidationException: Item size to update has exceeded the maximum allowed size', 'many copies of a long list')
FROM generate_series(1, 180) AS i;
SELECT throws_like(format('SELECT dynamo_test.update(%L, NULL, %L, %L)', 'SET a.b = :v',
						  '{":v": ' || repeat('{"L": [', 31) || '{"N": "1"}' || repeat(']}', 31) || '}',
						  '{"a": {"M": {}}}') || ';' ||
				   format('SELECT dynamo_test.update(%L, NULL, %L, %L)', 'SET a.b.c = :v',
						  '{":v": ' || repeat('{"L": [', 31) || '{"N": "1"}' || repeat(']}', 31) || '}',
						  '{"a": {"M": {"b": {"M": {}}}}}'), 'ValidationException: Nesting Levels%', 'too deep a value');

-- what an update is charged, of the 409,600 bytes that UpdateItem allows; each figure is worked out by hand:
-- 3; SET and ADD 19 + target + operand, REMOVE and DELETE 1 + target; further steps of a path 4 + length; a path that is read
-- 1 + 14 + length for each step; + 34, - 37, if_not_exists 39, list_append 37.  "" has no size, the number 1 two, [] three.
SELECT is(dynamo_test.update_charge(expression, '{"#n": "longname"}', pg_temp.values_of(expression)), charge, 'charge of ' || expression)
FROM (VALUES
	('SET #n = :e', 3 + 19 + 8), ('SET #n = :one', 3 + 19 + 8 + 2), ('SET #n = :xyz', 3 + 19 + 8 + 3), ('SET #n = :list', 3 + 19 + 8 + 3),
	('SET #n.ff = :e', 3 + 19 + 8 + (4 + 2)), ('SET #n.ff.g = :e', 3 + 19 + 8 + 6 + 5), ('SET #n[0] = :e', 3 + 19 + 8 + (4 + 1)), ('SET #n[10] = :e', 3 + 19 + 8 + (4 + 2)), ('SET m.#n = :e', 3 + 19 + 1 + (4 + 8)),
	('SET #n = b', 3 + 19 + 8 + 1 + (14 + 1)), ('SET #n = b.cc', 3 + 19 + 8 + 1 + 15 + 16), ('SET #n = b[3]', 3 + 19 + 8 + 1 + 15 + 15), ('SET a = #n', 3 + 19 + 1 + 1 + (14 + 8)),
	('SET #n = a + :one', 3 + 19 + 8 + 34 + 16 + 2), ('SET #n = a - :one', 3 + 19 + 8 + 37 + 16 + 2), ('SET #n = :one + :one', 3 + 19 + 8 + 34 + 2 + 2), ('SET #n = a - b', 3 + 19 + 8 + 37 + 16 + 16),
	('SET #n = if_not_exists(bb, :e)', 3 + 19 + 8 + 39 + 17), ('SET #n = list_append(a, :list)', 3 + 19 + 8 + 37 + 16 + 3), ('SET #n = list_append(if_not_exists(a, :list), :list)', 3 + 19 + 8 + 37 + (39 + 16 + 3) + 3),
	('SET #n = if_not_exists(a, :one) + :one', 3 + 19 + 8 + 34 + (39 + 16 + 2) + 2),
	('REMOVE #n', 3 + 1 + 8), ('REMOVE #n, b', 3 + (1 + 8) + (1 + 1)), ('REMOVE #n.ff[3]', 3 + 1 + 8 + 6 + 5), ('ADD #n :one', 3 + 19 + 8 + 2), ('ADD #n :set', 3 + 19 + 8 + 2), ('ADD #n.f :one', 3 + 19 + 8 + 5 + 2),
	('DELETE #n :set', 3 + 1 + 8), ('SET #n = :e, b = :one REMOVE c ADD d :one DELETE e :set', 3 + 27 + (19 + 1 + 2) + 2 + (19 + 1 + 2) + 2)) AS cases(expression, charge);

SELECT * FROM finish();
ROLLBACK;
