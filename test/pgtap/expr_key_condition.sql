-- KeyConditionExpression: what it may say, and the range of a key schema it comes to.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.vals() RETURNS text LANGUAGE sql AS $$ SELECT '{
	":p": {"S": "x"}, ":q": {"S": "y"}, ":n": {"N": "3"}, ":m": {"N": "5"}, ":b": {"B": "AQI="}, ":e": {"S": ""},
	":eb": {"B": ""}, ":l": {"L": []}, ":t": {"BOOL": true}}' $$;
CREATE FUNCTION pg_temp.used(expression text) RETURNS text LANGUAGE sql AS $$
	SELECT json_object_agg(key, value)::text FROM json_each(pg_temp.vals()::json) WHERE expression ~ (key || '(\W|$)') $$;
CREATE FUNCTION pg_temp.range(expression text, hash_parts text[] DEFAULT '{p:S}', range_parts text[] DEFAULT '{c:N}')
RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo_test.key_condition(expression, NULL, pg_temp.used(expression), hash_parts, range_parts)::jsonb $$;

SELECT is(pg_temp.range(expression), result::jsonb, expression) FROM (VALUES
	('p=:p', '{"hash": [{"S": "x"}], "equal": []}'),
	(' p  =   :p ', '{"hash": [{"S": "x"}], "equal": []}'),
	(':p = p', '{"hash": [{"S": "x"}], "equal": []}'),
	('(p = :p)', '{"hash": [{"S": "x"}], "equal": []}'),
	('p=:p AND c=:n', '{"hash": [{"S": "x"}], "equal": [{"N": "3"}]}'),
	('c=:n and p=:p', '{"hash": [{"S": "x"}], "equal": [{"N": "3"}]}'),
	('((c=:n) AND (p=:p))', '{"hash": [{"S": "x"}], "equal": [{"N": "3"}]}'),
	('p=:p AND c<:n', '{"hash": [{"S": "x"}], "equal": [], "<": {"N": "3"}}'),
	('p=:p AND c<=:n', '{"hash": [{"S": "x"}], "equal": [], "<=": {"N": "3"}}'),
	('p=:p AND c>:n', '{"hash": [{"S": "x"}], "equal": [], ">": {"N": "3"}}'),
	('p=:p AND c>=:n', '{"hash": [{"S": "x"}], "equal": [], ">=": {"N": "3"}}'),
	('p=:p AND :n<c', '{"hash": [{"S": "x"}], "equal": [], ">": {"N": "3"}}'),
	('p=:p AND :n<=c', '{"hash": [{"S": "x"}], "equal": [], ">=": {"N": "3"}}'),
	('p=:p AND :n>c', '{"hash": [{"S": "x"}], "equal": [], "<": {"N": "3"}}'),
	('p=:p AND :n>=c', '{"hash": [{"S": "x"}], "equal": [], "<=": {"N": "3"}}'),
	('p=:p AnD c BeTwEeN :n aNd :m', '{"hash": [{"S": "x"}], "equal": [], ">=": {"N": "3"}, "<=": {"N": "5"}}')
) AS cases(expression, result);

SELECT is(pg_temp.range('p=:p AND begins_with(c, :q)', '{p:S}', '{c:S}'),
		  '{"hash": [{"S": "x"}], "equal": [], "prefix": {"S": "y"}}', 'begins_with on a string');
SELECT is(pg_temp.range('p=:b AND begins_with(c, :b)', '{p:B}', '{c:B}'),
		  '{"hash": [{"B": "AQI="}], "equal": [], "prefix": {"B": "AQI="}}', 'begins_with on bytes');
SELECT is(pg_temp.range('p=:p', '{p:S}', '{}'), '{"hash": [{"S": "x"}], "equal": []}', 'a table without a range key');
SELECT is(dynamo_test.key_condition('#p = :p AND #c = :n', '{"#p": "p", "#c": "c"}', pg_temp.used(':p :n'))::jsonb,
		  '{"hash": [{"S": "x"}], "equal": [{"N": "3"}]}', 'names');

-- an index on several attributes
SELECT is(pg_temp.range(expression, '{h1:S,h2:N}', '{r1:S,r2:N,r3:S}'), result::jsonb, expression) FROM (VALUES
	('h1=:p AND h2=:n', '{"hash": [{"S": "x"}, {"N": "3"}], "equal": []}'),
	('h2=:n AND r1=:q AND h1=:p', '{"hash": [{"S": "x"}, {"N": "3"}], "equal": [{"S": "y"}]}'),
	('h1=:p AND h2=:n AND r1>:q', '{"hash": [{"S": "x"}, {"N": "3"}], "equal": [], ">": {"S": "y"}}'),
	('h1=:p AND r2 BETWEEN :n AND :m AND r1=:q AND h2=:n',
	 '{"hash": [{"S": "x"}, {"N": "3"}], "equal": [{"S": "y"}], ">=": {"N": "3"}, "<=": {"N": "5"}}'),
	('h1=:p AND h2=:n AND r1=:q AND r2=:m AND begins_with(r3, :p)',
	 '{"hash": [{"S": "x"}, {"N": "3"}], "equal": [{"S": "y"}, {"N": "5"}], "prefix": {"S": "x"}}'),
	('h1=:p AND h2=:n AND r1=:q AND r2=:m AND r3=:p',
	 '{"hash": [{"S": "x"}, {"N": "3"}], "equal": [{"S": "y"}, {"N": "5"}, {"S": "x"}]}')
) AS cases(expression, result);

-- wrong in itself, whatever the schema
SELECT throws_ok(format('SELECT pg_temp.range(%L)', expression), 'YD001',
				 'ValidationException: ' || CASE WHEN message LIKE '%KeyConditionExpression%' THEN '' ELSE 'Invalid KeyConditionExpression: ' END || message,
				 expression)
FROM (VALUES
	('', 'The expression can not be empty;'),
	('p', 'Syntax error; token: "<EOF>", near: "p"'),
	(':p', 'Syntax error; token: "<EOF>", near: ":p"'),
	('p=:p AND c!=:n', 'Syntax error; token: "!", near: "c!="'),
	('p=:x', 'An expression attribute value used in expression is not defined; attribute value: :x'),
	('#p=:p', 'An expression attribute name used in the document path is not defined; attribute name: #p'),
	('name=:p', 'Attribute name is a reserved keyword; reserved keyword: name'),
	('((c=:n) AND ((p=:p)))', 'The expression has redundant parentheses;'),
	('p=:p AND dog(c, :n)', 'Invalid function name; function: dog'),
	('p=:p AND BEGINS_WITH(c, :p)', 'Invalid function name; function: BEGINS_WITH'),
	('p=:p AND begins_with(c, :n)', 'Incorrect operand type for operator or function; '
	 'operator or function: begins_with, operand type: N'),
	('p=:p AND c < :l', 'Incorrect operand type for operator or function; operator or function: <, operand type: L'),
	('p=:p AND c BETWEEN :m AND :n', 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; '
	 'lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:3}'),
	('p=:p AND attribute_exists(c)', 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: attribute_exists'),
	('p=:p AND contains(c, :p)', 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: contains'),
	('p=:p AND c<>:n', 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: <>'),
	('p=:p AND c IN (:n)', 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: IN'),
	('c=:n OR p=:p', 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR'),
	('NOT c=:n AND p=:p', 'Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: NOT'),
	('p=:p AND size(c) = :n', 'Invalid KeyConditionExpression: KeyConditionExpressions cannot contain nested operations'),
	('p=:p AND a.b<:n', 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes'),
	('p[0]=:p', 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes'),
	('p=:p AND begins_with(c.x, :p)', 'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes'),
	('p=:p AND p=:p', 'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key'),
	('p=:p AND c>=:n AND c<=:m', 'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key'),
	('p=c', 'Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition'),
	('p=:p AND c BETWEEN :n AND d', 'Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition'),
	(':p=:q', 'Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: No key attribute specified'),
	('p=:p AND :n BETWEEN c AND :m',
	 'Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand'),
	('p=:p AND begins_with(:p, c)',
	 'Invalid KeyConditionExpression: Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand')
) AS cases(expression, message);

-- does not fit the schema
SELECT throws_ok(format('SELECT pg_temp.range(%L, %L, %L)', expression, hash_parts, range_parts), 'YD001',
				 'ValidationException: ' || message, format('%s on %s %s', expression, hash_parts, range_parts))
FROM (VALUES
	('c=:n', '{p:S}', '{c:N}', 'Query condition missed key schema element: p'),
	('a=:n AND c=:n', '{p:S}', '{c:N}', 'Query condition missed key schema element: p'),
	('p=:p AND a<:n', '{p:S}', '{c:N}', 'Query condition missed key schema element: c'),
	('p=:p AND a<:n', '{p:S}', '{}', 'The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)'),
	('p<:p', '{p:S}', '{c:N}', 'Query key condition not supported'),
	('begins_with(p, :p)', '{p:S}', '{c:N}', 'Query key condition not supported'),
	('p BETWEEN :p AND :q', '{p:S}', '{c:N}', 'Query key condition not supported'),
	('p=:p AND c<:n AND a<:n', '{p:S}', '{c:N}', 'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)'),
	('a=:p AND c<:n AND b<:n', '{p:S}', '{c:N}', 'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)'),
	('h1=:p AND h2=:p AND a=:p', '{h1:S,h2:S}', '{}', 'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)'),
	('p=:n', '{p:S}', '{c:N}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p=:l', '{p:S}', '{c:N}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p=:p AND c=:q', '{p:S}', '{c:N}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p=:p AND c BETWEEN :p AND :q', '{p:S}', '{c:N}', 'One or more parameter values were invalid: Condition parameter type does not match schema type'),
	('p=:e', '{p:S}', '{c:N}', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'),
	('p=:eb', '{p:B}', '{c:N}', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: p'),
	('p=:p AND c>:e', '{p:S}', '{c:S}', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: c'),
	('h1=:p', '{h1:S,h2:S}', '{r1:S,r2:S}', 'HASH key attributes h2 must have equality conditions specified in the query'),
	('r1=:p', '{h1:S,h2:S}', '{r1:S,r2:S}', 'HASH key attributes h1, h2 must have equality conditions specified in the query'),
	('h1=:p AND h2>:p', '{h1:S,h2:S}', '{r1:S,r2:S}', 'HASH key attributes h2 must have equality conditions specified in the query'),
	('h1=:p AND h2=:p AND r2=:p', '{h1:S,h2:S}', '{r1:S,r2:S}', 'RANGE key attributes r1 must have equality conditions '
	 'specified in the query because a condition is present on key attribute r2'),
	('h=:p AND r1>:p AND r2>:p', '{h:S}', '{r1:S,r2:S}', 'RANGE key attributes r1 must have equality conditions '
	 'specified in the query because a condition is present on key attribute r2'),
	('h=:p AND r1=:p AND r4=:p', '{h:S}', '{r1:S,r2:S,r3:S,r4:S}', 'RANGE key attributes r2, r3 must have equality '
	 'conditions specified in the query because a condition is present on key attribute r4'),
	('h=:p AND r1=:p AND a=:p', '{h:S}', '{r1:S,r2:S}', 'Query condition missed key schema element: r2'),
	('h=:p AND r1=:p AND r2=:p AND a=:p', '{h:S}', '{r1:S,r2:S}', 'The number of query conditions (4) exceeds the number of key attributes defined in the schema (3)')
) AS cases(expression, hash_parts, range_parts, message);

-- keys within a range
SELECT is(dynamo_test.key_matches(expression, NULL, pg_temp.used(expression), '{p:S}', '{c:N}',
								  format('{"p": {"S": "%s"}, "c": {"N": "%s"}}', p, c)), matches,
		  format('%s and %s: %s', p, c, expression))
FROM (VALUES
	('p=:p', 'x', 1, true), ('p=:p', 'y', 1, false), ('p=:p AND c=:n', 'x', 3, true), ('p=:p AND c=:n', 'x', 4, false),
	('p=:p AND c<:n', 'x', 3, false), ('p=:p AND c<:n', 'x', 2, true), ('p=:p AND c<=:n', 'x', 3, true),
	('p=:p AND c>:n', 'x', 3, false), ('p=:p AND c>:n', 'x', 4, true), ('p=:p AND c>=:n', 'x', 3, true),
	('p=:p AND c BETWEEN :n AND :m', 'x', 5, true), ('p=:p AND c BETWEEN :n AND :m', 'x', 6, false),
	('p=:p AND c BETWEEN :n AND :m', 'x', 2, false)
) AS cases(expression, p, c, matches);
SELECT is(dynamo_test.key_matches('p=:p AND begins_with(c, :p)', NULL, pg_temp.used(':p'), '{p:S}', '{c:S}',
								  format('{"p": {"S": "x"}, "c": {"S": "%s"}}', c)), matches, 'begins_with ' || c)
FROM (VALUES ('x', true), ('xy', true), ('yx', false)) AS cases(c, matches);

-- hostile
SELECT throws_ok(format('SELECT dynamo_test.key_condition(%L, NULL, %L)',
						string_agg('a' || i || '=:v', ' AND '), '{":v": {"S": "x"}}'), 'YD001',
				 'ValidationException: The number of query conditions (150) exceeds the number of key attributes defined in the schema (2)', 'many conditions')
FROM generate_series(1, 150) AS i;

SELECT * FROM finish();
ROLLBACK;
