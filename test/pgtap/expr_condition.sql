-- ConditionExpression and FilterExpression: grammar, rules, evaluation, messages.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.names() RETURNS text LANGUAGE sql AS $$
	SELECT '{"#and": "and", "#or": "or", "#n": "n", "#dot": "a.b"}' $$;

CREATE FUNCTION pg_temp.vals() RETURNS text LANGUAGE sql AS $$ SELECT '{
	":n1": {"N": "1"}, ":n2": {"N": "2"}, ":n5": {"N": "5.0"}, ":s": {"S": "cat"}, ":he": {"S": "he"}, ":ell": {"S": "ell"},
	":S": {"S": "S"}, ":N": {"S": "N"}, ":DOG": {"S": "DOG"}, ":b": {"B": "Y2F0"}, ":b127": {"B": "fw=="}, ":b128": {"B": "gA=="},
	":true": {"BOOL": true}, ":null": {"NULL": true}, ":list": {"L": [{"N": "3"}, {"N": "4"}]}, ":map": {"M": {"x": {"N": "1"}}},
	":ss": {"SS": ["dog", "cat"]}, ":ns": {"NS": ["2", "1.0"]}, ":empty": {"S": ""}}' $$;

CREATE FUNCTION pg_temp.item() RETURNS text LANGUAGE sql AS $$ SELECT '{
	"n": {"N": "1"}, "five": {"N": "5"}, "s": {"S": "hello"}, "cat": {"S": "cat"}, "bin": {"B": "Y2F0"}, "yes": {"BOOL": true},
	"nil": {"NULL": true}, "l": {"L": [{"N": "1"}, {"L": [{"N": "3"}, {"N": "4"}]}, {"SS": ["cat", "dog"]}]},
	"m": {"M": {"x": {"N": "1"}, "y": {"L": [{"N": "-1"}, {"N": "2"}]}}}, "ss": {"SS": ["cat", "dog"]}, "ns": {"NS": ["1", "2"]},
	"bs": {"BS": ["Y2F0"]}, "wide": {"S": "\u00e9\ud834\udd1e"}, "b127": {"B": "fw=="}, "b128": {"B": "gA=="},
	"and": {"N": "1"}, "a.b": {"S": "dotted"}, "or": {"M": {"and": {"N": "2"}}}, "emptylist": {"L": []}}' $$;

-- one that every test can mention, so that no name or value stays unused
CREATE FUNCTION pg_temp.evaluate(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	used_names text;
	used_values text;
BEGIN
	SELECT json_object_agg(key, value)::text INTO used_names FROM json_each(pg_temp.names()::json)
	WHERE expression ~ (key || '\M');
	SELECT json_object_agg(key, value)::text INTO used_values FROM json_each(pg_temp.vals()::json)
	WHERE expression ~ (key || '\M');
	RETURN dynamo_test.condition(expression, used_names, used_values, pg_temp.item());
END $$;

SELECT is(pg_temp.evaluate(expression), 'true', expression) FROM (VALUES
	-- equality
	('n = :n1'), (':n1 = n'), ('five = :n5'), ('cat = :s'), ('bin = :b'), ('yes = :true'), ('nil = :null'), ('m <> :map'),
	('ss = :ss'), ('ns = :ns'), ('l[1] = :list'), ('l[2] = ss'), ('n = m.x'), ('n <> :n2'), ('n <> :s'), ('absent <> :n1'),
	('absent <> absent2'), ('bin <> :s'), ('m.y[0] <> m.y[1]'), ('NOT absent = absent2'),
	-- order
	('n < :n2'), ('n <= :n1'), ('five > :n2'), ('five >= five2 OR five >= :n5'), ('cat < s'), ('s > :s'), ('b127 < :b128'),
	('b128 > :b127'), ('b127 between :b127 and :b128'), ('m.x < m.y[1]'), ('m.y[0] < n'),
	-- between, in
	('n BETWEEN :n1 AND :n2'), ('n between n1 and n2 or n BeTwEeN :n1 aNd five'), ('cat BETWEEN :s AND :s'),
	('n IN (:n2, :s, :n1)'), ('n in(m.x)'), ('l[1] IN (:list)'), ('(n) IN ((:n1), (:n2))'),
	('n BETWEEN :n1 AND :n2 AND n < five'), ('NOT n BETWEEN :n2 AND :n5'), ('size(s) BETWEEN :n1 AND :n5'),
	-- functions
	('attribute_exists (n)'), ('attribute_exists(m.y[1])'), ('attribute_not_exists(m.z)'), ('attribute_not_exists(l[99])'),
	('attribute_type(n, :N)'), ('attribute_type(s, :S)'), ('attribute_type(:n1, :N)'), ('begins_with(s, :he)'),
	('begins_with(s, :empty)'), ('begins_with(bin, bin2) OR begins_with(bin, :b)'), ('begins_with(:s, cat)'),
	('contains(s, :ell)'), ('contains(s, :empty)'), ('contains(bin, :b)'), ('contains(ss, :s)'), ('contains(ns, :n1)'),
	('contains(bs, :b)'), ('contains(l, :n1)'), ('contains(l, :list)'), ('contains(l, :ss)'), ('contains(ss, cat)'),
	('size(s) = :n5'), ('size(ss) = :n2'), ('size(bin) > :n2'), ('size(l) > :n2'), ('size(m) = :n2'), ('size(:s) > :n2'),
	('size(s) = five'), ('size(s) IN (:n5)'), ('size(s) <> :s'), ('size(emptylist) < n'),
	-- logic and precedence
	('n = :n1 AND cat = :s'), ('n = :n2 OR cat = :s'), ('NOT n = :n2'), ('nOt NoT n = :n1'), ('NOT NOT NOT NOT n = :n1'),
	('n = :n1 OR n = :n2 AND cat = :he'), ('(n = :n2 OR n = :n1) AND cat = :s'), ('NOT (n = :n2 AND cat = :s)'),
	('NOT n = :n2 AND cat = :s'), ('((n = :n1) AND (cat = :s))'), ('((n = :n1) AND cat = :s) OR n = :n2'),
	('(attribute_exists(n))'), ('(NOT (n = :n2))'), ('((n) = (:n1))'),
	-- names
	('#and = :n1'), ('#or.#and = :n2'), ('#dot = #dot2 OR attribute_exists(#dot)'), ('attribute_exists((m).x)'),
	(E'\tn\r\n=\n:n1 ')
) AS cases(expression)
WHERE expression !~ '#dot2';

SELECT is(pg_temp.evaluate(expression), 'false', expression) FROM (VALUES
	('n = :n2'), ('n = :s'), ('absent = :n1'), ('absent = absent2'), ('yes = nil'), ('ss = :ns'), ('n <> :n1'),
	('n > :n1'), ('n < :n1'), ('n < :s'), ('s <= :n1'), ('absent < :n1'), (':n1 >= absent'), ('l <= :n1'), (':n1 < l'),
	('n BETWEEN :n2 AND :n5'), ('n BETWEEN five AND :n2'), ('n BETWEEN :n2 AND n2'), ('absent BETWEEN :n1 AND :n2'),
	('n BETWEEN l AND :n2'), ('n BETWEEN cat AND :s'), ('n IN (:n2, :s)'), ('absent IN (:n1)'), ('n IN (absent)'),
	('attribute_exists(absent)'), ('attribute_exists(s.x)'), ('attribute_exists(m[0])'), ('attribute_not_exists(n)'),
	('attribute_type(n, :S)'), ('attribute_type(absent, :S)'), ('begins_with(s, :s)'), ('begins_with(n, :he)'),
	('begins_with(absent, :he)'), ('begins_with(s, absent)'), ('begins_with(bin, :he)'), ('contains(s, :s)'),
	('contains(n, :n1)'), ('contains(m, :n1)'), ('contains(ss, :ss)'), ('contains(ns, :s)'), ('contains(yes, :true)'),
	('contains(s, :n1)'), ('contains(absent, :n1)'), ('contains(l, :s)'), ('size(n) = :n1'), ('size(yes) = :n1'),
	('size(nil) = :n1'), ('size(absent) = :n1'), ('size(s) = :s'), ('size(s) < :n5'),
	('n = :n1 AND cat = :he'), ('n = :n2 OR cat = :he'), ('NOT n = :n1'), ('NOT n = :n1 AND cat = :he'),
	('b128 < :b127')
) AS cases(expression);

SELECT ok(dynamo_test.condition('size(wide) = :three', NULL, '{":three": {"N": "3"}}', pg_temp.item()),
		  'size of a string counts UTF-16 code units');
SELECT ok(dynamo_test.condition('attribute_not_exists(p) AND p <> :v AND NOT p = :v', NULL, '{":v": {"N": "3"}}', NULL),
		  'without an item every path is missing');
SELECT ok(dynamo_test.condition('a IN (' || string_agg(':v' || i, ',') || ')', NULL,
								json_object_agg(':v' || i, json_build_object('N', i::text))::text, '{"a": {"N": "74"}}'),
		  'a hundred operands of IN') FROM generate_series(1, 100) AS i;

-- messages
SELECT throws_ok(format('SELECT pg_temp.evaluate(%L)', expression), 'YD001',
				 'ValidationException: Invalid ConditionExpression: ' || message, expression)
FROM (VALUES
	('', 'The expression can not be empty;'),
	-- syntax
	(' ', 'Syntax error; token: "<EOF>", near: " "'),
	('n', 'Syntax error; token: "<EOF>", near: "n"'),
	(':n1', 'Syntax error; token: "<EOF>", near: ":n1"'),
	('NOT n', 'Syntax error; token: "<EOF>", near: "n"'),
	('n AND :n1', 'Syntax error; token: "AND", near: "n AND :n1"'),
	('n OR NOT :n1', 'Syntax error; token: "OR", near: "n OR NOT"'),
	('n = :n1 OR NOT :n2', 'Syntax error; token: "<EOF>", near: ":n2"'),
	('n = ', 'Syntax error; token: "<EOF>", near: "= "'),
	('n != :n1', 'Syntax error; token: "!", near: "n !="'),
	('n == :n1', 'Syntax error; token: "=", near: "== :n1"'),
	('ADD #n :n1', 'Syntax error; token: "ADD", near: "ADD #n"'),
	('n IN ()', 'Syntax error; token: ")", near: "()"'),
	('n IN :n1', 'Syntax error; token: ":n1", near: "IN :n1"'),
	('n IN (:n1', 'Syntax error; token: "<EOF>", near: ":n1"'),
	('n BETWEEN :n1', 'Syntax error; token: "<EOF>", near: ":n1"'),
	('n BETWEEN :n1, :n2', 'Syntax error; token: ",", near: ":n1, :n2"'),
	('n BETWEEN :n1 OR :n2', 'Syntax error; token: "OR", near: ":n1 OR :n2"'),
	('(n = :n1', 'Syntax error; token: "<EOF>", near: ":n1"'),
	('n = :n1)', 'Syntax error; token: ")", near: ":n1)"'),
	('()', 'Syntax error; token: ")", near: "()"'),
	('size() = :n1', 'Syntax error; token: ")", near: "() ="'),
	('n = :n1 cat = :s', 'Syntax error; token: "cat", near: ":n1 cat ="'),
	('n = :n1 AND', 'Syntax error; token: "<EOF>", near: "AND"'),
	('n = (five = :n5)', 'Syntax error; token: "=", near: "five = :n5"'),
	('(n = :n1) = :n2', 'Syntax error; token: "=", near: ") = :n2"'),
	('size(n = :n1)', 'Syntax error; token: "=", near: "n = :n1"'),
	('size(NOT n)', 'Syntax error; token: "NOT", near: "(NOT n"'),
	('n < five < :n5', 'Syntax error; token: "<", near: "five < :n5"'),
	('n = :n1 + :n2', 'Syntax error; token: "+", near: ":n1 + :n2"'),
	('_n = :n1', 'Syntax error; token: "_", near: "_n"'),
	('n = _f(n)', 'Syntax error; token: "_", near: "= _f"'),
	('1 = :n1', 'Syntax error; token: "1", near: "1 ="'),
	('n = 1', 'Syntax error; token: "1", near: "= 1"'),
	('n = "x"', 'Syntax error; token: """, near: "= "x"'),
	('n = : n1', 'Syntax error; token: ":", near: "= : n1"'),
	('# = :n1', 'Syntax error; token: "#", near: "# ="'),
	('n[:n1] = :n1', 'Syntax error; token: ":n1", near: "[:n1]"'),
	('n[#n] = :n1', 'Syntax error; token: "#n", near: "[#n]"'),
	('n[-1] = :n1', 'Syntax error; token: "-", near: "[-1"'),
	('n[] = :n1', 'Syntax error; token: "]", near: "[] ="'),
	('n[1 = :n1', 'Syntax error; token: "=", near: "1 = :n1"'),
	('n. = :n1', 'Syntax error; token: "=", near: ". = :n1"'),
	('.n = :n1', 'Syntax error; token: ".", near: ".n"'),
	('n..x = :n1', 'Syntax error; token: ".", near: "..x"'),
	('n.and = :n1', 'Syntax error; token: "and", near: ".and ="'),
	('n → :n1', 'Syntax error; token: "→", near: "n → :n1"'),
	-- redundant parentheses
	('((n = :n1))', 'The expression has redundant parentheses;'),
	('((n = :n1) AND ((cat = :s)))', 'The expression has redundant parentheses;'),
	('((n)) = :n1', 'The expression has redundant parentheses;'),
	('((attribute_exists(n)))', 'The expression has redundant parentheses;'),
	('size(((l))) = :n1', 'The expression has redundant parentheses;'),
	-- functions
	('dog(n) = :n1', 'Invalid function name; function: dog'),
	('SIZE(n) = :n1', 'Invalid function name; function: SIZE'),
	('status = dog(n)', 'Invalid function name; function: dog'),
	('if_not_exists(n, five) = :n1', 'The function is not allowed in a condition expression; function: if_not_exists'),
	('list_append(n, n) = :n1', 'The function is not allowed in a condition expression; function: list_append'),
	('size(n)', 'The function is not allowed to be used this way in an expression; function: size'),
	('(size(n))', 'The function is not allowed to be used this way in an expression; function: size'),
	('NOT size(n)', 'The function is not allowed to be used this way in an expression; function: size'),
	('n = :n1 AND size(n)', 'The function is not allowed to be used this way in an expression; function: size'),
	('attribute_exists(n) < :n1',
	 'The function is not allowed to be used this way in an expression; function: attribute_exists'),
	('begins_with(n, contains(n, :s))',
	 'The function is not allowed to be used this way in an expression; function: contains'),
	('attribute_exists(n, five)', 'Incorrect number of operands for operator or function; '
	 'operator or function: attribute_exists, number of operands: 2'),
	('size(n, n) = :n1', 'Incorrect number of operands for operator or function; '
	 'operator or function: size, number of operands: 2'),
	('begins_with(s)', 'Incorrect number of operands for operator or function; '
	 'operator or function: begins_with, number of operands: 1'),
	('contains(s, :s, :s)', 'Incorrect number of operands for operator or function; '
	 'operator or function: contains, number of operands: 3'),
	-- reserved words, names, values
	('name = :n1', 'Attribute name is a reserved keyword; reserved keyword: name'),
	('n = STATUS', 'Attribute name is a reserved keyword; reserved keyword: STATUS'),
	('m.Items[0] = :n1', 'Attribute name is a reserved keyword; reserved keyword: Items'),
	('#x = :n1', 'An expression attribute name used in the document path is not defined; attribute name: #x'),
	('m.#x = :n1', 'An expression attribute name used in the document path is not defined; attribute name: #x'),
	('n = :x', 'An expression attribute value used in expression is not defined; attribute value: :x'),
	('attribute_exists(:x)', 'An expression attribute value used in expression is not defined; attribute value: :x'),
	('m[2147483648] = :n1', 'List index is not within the allowable range; index: [2147483648]'),
	('m[99999999999999999999] = :n1', 'List index is not within the allowable range; index: [99999999999999999999]'),
	('n' || repeat('.x', 32) || ' = :n1', 'The document path has too many nesting levels; nesting levels: 33'),
	-- operand types
	('attribute_exists(:n1)', 'Operator or function requires a document path; operator or function: attribute_exists'),
	('attribute_not_exists(:n1)',
	 'Operator or function requires a document path; operator or function: attribute_not_exists'),
	('attribute_exists(size(n)) ',
	 'Operator or function requires a document path; operator or function: attribute_exists'),
	('attribute_type(n, :DOG)',
	 'Invalid attribute type name found; type: DOG, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}'),
	('attribute_type(n, :n1)', 'Incorrect operand type for operator or function; '
	 'operator or function: attribute_type, operand type: N'),
	('attribute_type(n, s)', 'Incorrect operand type for operator or function; '
	 'operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}'),
	('begins_with(s, :n1)', 'Incorrect operand type for operator or function; '
	 'operator or function: begins_with, operand type: N'),
	('begins_with(:list, s)', 'Incorrect operand type for operator or function; '
	 'operator or function: begins_with, operand type: L'),
	('size(:n1) = :n1', 'Incorrect operand type for operator or function; operator or function: size, operand type: N'),
	('size(:null) = :n1',
	 'Incorrect operand type for operator or function; operator or function: size, operand type: NULL'),
	('size(size(s)) = :n1',
	 'Incorrect operand type for operator or function; operator or function: size, operand type: N'),
	('n < :list', 'Incorrect operand type for operator or function; operator or function: <, operand type: L'),
	(':map >= n', 'Incorrect operand type for operator or function; operator or function: >=, operand type: M'),
	('n <= :true', 'Incorrect operand type for operator or function; operator or function: <=, operand type: BOOL'),
	('n > :ss', 'Incorrect operand type for operator or function; operator or function: >, operand type: SS'),
	('n BETWEEN :list AND :list',
	 'Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: L'),
	('n BETWEEN :n5 AND :n1', 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; '
	 'lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}'),
	('n BETWEEN :s AND :ell AND n BETWEEN :he AND :s',
	 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; '
	 'lower bound operand: AttributeValue: {S:he}, upper bound operand: AttributeValue: {S:cat}'),
	('n BETWEEN :n5 AND :s', 'The BETWEEN operator requires same data type for lower and upper bounds; '
	 'lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:cat}'),
	('n BETWEEN :b AND :s', 'The BETWEEN operator requires same data type for lower and upper bounds; '
	 'lower bound operand: AttributeValue: {B:Y2F0}, upper bound operand: AttributeValue: {S:cat}'),
	-- the same path twice
	('contains(s, s)', 'The first operand must be distinct from the remaining operands for this operator or function; '
	 'operator: contains, first operand: [s]'),
	('m.y[1] = m.y[1]', 'The first operand must be distinct from the remaining operands for this operator or function; '
	 'operator: =, first operand: [m, y, [1]]'),
	('#n < n', 'The first operand must be distinct from the remaining operands for this operator or function; '
	 'operator: <, first operand: [n]'),
	-- what is reported first
	('n BETWEEN n AND :list', 'Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: L'),
	('n BETWEEN size(:n1) AND n', 'Incorrect operand type for operator or function; operator or function: size, operand type: N'),
	('((n = :n1)) AND dog(n)', 'The expression has redundant parentheses;'),
	('name = dog(n)', 'Invalid function name; function: dog'),
	('name = :x', 'Attribute name is a reserved keyword; reserved keyword: name'),
	('size(:n1) = :x', 'An expression attribute value used in expression is not defined; attribute value: :x')
) AS cases(expression, message);

SELECT throws_ok($$SELECT dynamo_test.condition('a', NULL, NULL, NULL, 'FilterExpression')$$, 'YD001',
				 'ValidationException: Invalid FilterExpression: Syntax error; token: "<EOF>", near: "a"',
				 'the message names the parameter');

-- limits and hostile texts
CREATE FUNCTION pg_temp.check_fails(expression text, message text, description text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT dynamo_test.condition(%L, NULL, NULL, NULL)', expression), 'YD001',
					 'ValidationException: Invalid ConditionExpression: ' || message, description) $$;

SELECT ok(NOT dynamo_test.condition('a' || repeat(' ', 4091) || ' <b', NULL, NULL, NULL), '4,096 bytes are allowed')
UNION ALL SELECT pg_temp.check_fails(repeat('(', 200000), 'Expression size has exceeded the maximum allowed size;', 'a long text is refused before it is read')
UNION ALL SELECT pg_temp.check_fails('a' || repeat(' ', 4094) || '<b', 'Expression size has exceeded the maximum allowed size;', '4,097 bytes')
UNION ALL SELECT pg_temp.check_fails(repeat('(', 4096), 'Syntax error; token: "<EOF>", near: "("', '4,096 parentheses')
UNION ALL SELECT pg_temp.check_fails(repeat(')', 4096), 'Syntax error; token: ")", near: "))"', '4,096 closed ones')
UNION ALL SELECT pg_temp.check_fails(repeat('(', 2046) || 'a<b' || repeat(')', 2046),
									 'The expression has redundant parentheses;', 'balanced parentheses')
UNION ALL SELECT pg_temp.check_fails(repeat('not ', 1000) || 'a<b',
									 'The expression contains too many operators; operator count: 301', 'many NOT')
UNION ALL SELECT pg_temp.check_fails('a<b ' || repeat('or (a<b ', 454) || repeat(')', 454),
									 'The expression contains too many operators; operator count: 301', 'nested OR')
UNION ALL SELECT pg_temp.check_fails('a<b ' || repeat('or a<b ', 584),
									 'The expression contains too many operators; operator count: 301', 'many OR')
UNION ALL SELECT pg_temp.check_fails('a < ' || repeat('f(', 1355) || 'b' || repeat(')', 1355),
									 'Invalid function name; function: f', 'deep unknown calls')
UNION ALL SELECT pg_temp.check_fails('a < ' || repeat('size(', 680) || 'b' || repeat(')', 680),
									 'Incorrect operand type for operator or function; operator or function: size, '
									 'operand type: N', 'deep calls')
UNION ALL SELECT pg_temp.check_fails('a IN (b' || repeat(',c', 100) || ')',
									 'The IN operator is provided with too many operands; number of operands: 101',
									 '101 operands of IN')
UNION ALL SELECT pg_temp.check_fails('a' || repeat('[0]', 1000) || '<b',
									 'The document path has too many nesting levels; nesting levels: 1001', 'a deep path')
UNION ALL SELECT pg_temp.check_fails(repeat('a.', 2000) || 'a', 'Syntax error; token: "<EOF>", near: "a"', 'a path alone')
UNION ALL SELECT pg_temp.check_fails(E'\x01\x02', 'Syntax error; token: "\x01", near: "\x01\x02"', 'control characters')
UNION ALL SELECT ok(NOT dynamo_test.condition('a<b ' || repeat('or (a<b ', 149) || repeat(')', 149), NULL, NULL, NULL),
					'299 operators, nested')
UNION ALL SELECT ok(dynamo_test.condition(repeat('not ', 299) || 'a<b', NULL, NULL, NULL), '300 operators');

-- reserved words
SELECT ok(bool_and(dynamo_test.reserved_word(word) AND dynamo_test.reserved_word(lower(word))), 'reserved words')
FROM unnest('{ABORT,ZONE,STATUS,NAME,VALUE,TTL,URL,YEAR,ITEMS,COUNT,DATA,SPECIFICTYPE,LOCALTIMESTAMP}'::text[]) AS word;
SELECT ok(NOT bool_or(dynamo_test.reserved_word(word)), 'other words')
FROM unnest('{id,email,price,STATUSES,A,"",ZONES,AABORT,LOCALTIMESTAMPS_OF_ANY_LENGTH_AND_MORE}'::text[]) AS word;

SELECT * FROM finish();
ROLLBACK;
