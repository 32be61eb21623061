-- PartiQL: what is a statement, what its literals, operators and functions mean, and dynamo.partiql().
BEGIN;
SELECT plan(194);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.put_item('Hash', '{"p": "x", "a": 1, "s": {"$SS": ["a", "b"]}, "ns": {"$NS": [1, 2]}, "l": [1, 2, {"z": "q"}], "m": {"n": 5, "o": "t", "d.e": 1},
		"nul": null, "b": {"$B": "YWJj"}, "t": true, "name": "it''s", "A": "upper", "deep": [[1, 2], {"y": {"w": 3}}]}');
END $$;
CREATE FUNCTION pg_temp.columns(columns text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT * FROM dynamo.partiql('SELECT ' || columns || ' FROM "Hash" WHERE p = ''x''') $$;
CREATE FUNCTION pg_temp.holds(condition text, parameters jsonb DEFAULT NULL) RETURNS boolean LANGUAGE sql AS $$
	SELECT EXISTS (SELECT FROM dynamo.partiql('SELECT p FROM "Hash" WHERE ' || condition, parameters)) $$;

-- ---- columns
SELECT is(pg_temp.columns(columns), answer::jsonb, 'SELECT ' || columns)
FROM (VALUES
	('a', '{"a": 1}'), ('a, t', '{"a": 1, "t": true}'), ('zz', '{}'), ('A', '{"A": "upper"}'), ('"A", a', '{"A": "upper", "a": 1}'), ('name', '{"name": "it''s"}'), ('(a)', '{"a": 1}'), ('ALL a', '{"a": 1}'), ('@a', '{"a": 1}'),
	('m', '{"m": {"n": 5, "o": "t", "d.e": 1}}'), ('m.n', '{"n": 5}'), ('m.n, m.o', '{"n": 5, "o": "t"}'), ('m[''n'']', '{"n": 5}'), ('m."d.e"', '{"d.e": 1}'), ('"m.n"', '{}'), ('m.x.y', '{}'),
	('l[0]', '{"l[0]": 1}'), ('l[1], l[0]', '{"l[0]": 1, "l[1]": 2}'), ('l[9]', '{}'), ('l[2].z', '{"l[2]": {"z": "q"}}'), ('deep[0][1]', '{"deep[0][1]": 2}'), ('deep[1].y.w', '{"deep[1]": {"y": {"w": 3}}}')) AS v(columns, answer);
SELECT is((SELECT count(*) FROM dynamo.partiql('select * from Hash')), 1::bigint, 'reserved words in any case');
SELECT is((SELECT v ->> 'a' FROM dynamo.partiql(E'SELECT -- a comment\n a /* and\n another */ FROM Hash WHERE p=''x'' ;') v), '1', 'comments and a semicolon');

-- ---- literals
SELECT ok(pg_temp.holds(condition), condition)
FROM (VALUES
	('a = 1'), ('a = 1.0'), ('a = 1e0'), ('a = +1'), ('a = 0001'), ('a = 1.'), ('a = - -1'), ('1 = a'), ('name = ''it''''s'''), ('t = true'), ('t = TRUE'), ('nul = null'), ('nul = NULL'),
	('s = <<''b'', ''a''>>'), ('ns = <<2, 1>>'), ('ns = bag(1, 2)'), ('l = [1, 2, {''z'': ''q''}]'), ('l = (1, 2, {''z'': ''q''})'), ('l = list(1, 2, {''z'': ''q''})'), ('deep[0] = [1, 2]'), ('m = {''n'': 5, ''o'': ''t'', ''d.e'': 1}'), ('deep[1] = {''y'': {''w'': 3.00}}')) AS v(condition);
SELECT ok(pg_temp.holds('b = ?', '[{"$B": "YWJj"}]'), 'binary comes as a parameter');
SELECT ok(pg_temp.holds('s = ? AND a = ? AND t = ? AND nul = ? AND m.n = ?', '[{"$SS": ["b", "a"]}, 1, true, null, 5]'), 'parameters of other types');
SELECT ok(pg_temp.holds('a IN [?, ?]', '[3, 1]'), 'parameters inside IN');

-- ---- operators and functions
SELECT is(pg_temp.holds(condition), holds, condition)
FROM (VALUES
	('a <> 2', true), ('a != 1', false), ('zz <> 1', true), ('a < 2', true), ('a <= 1', true), ('a > 1', false), ('a >= 1', true), ('2 > a', true), ('a < ''x''', false), ('name < ''j''', true),
	('a BETWEEN 1 AND 2', true), ('a NOT BETWEEN 1 AND 2', false), ('a IN [1, 2]', true), ('a IN (1, 2)', true), ('a IN (1)', true), ('a NOT IN (1)', false), ('a IN [2]', false), ('a IN <<1>>', true), ('a NOT IN [1]', false), ('NOT a IN [1]', false), ('size(s) IN [2, 3]', true),
	('a = 1 AND t = true', true), ('a = 2 OR t = true', true), ('a = 2 OR a = 3', false), ('NOT a = 2', true), ('NOT (a = 1 AND t = true)', false), ('a = 1 AND (t = false OR m.n = 5)', true), ('a = 2 AND t = true OR m.n = 5', true), ('NOT NOT a = 1', true), ('(a = 1) = true', true), ('attribute_exists(a) = true', true), ('a = 1 AND a = 1', true), ('a = 2 OR a = 2', false), ('1 = 1', true),
	('m.n = 5', true), ('m[''n''] = 5', true), ('m."n" = 5', true), ('"m.n" = 5', false), ('l[0] = 1', true), ('l[2].z = ''q''', true), ('deep[0][1] = 2', true), ('A = ''upper''', true), ('"A" = ''upper''', true),
	('begins_with(name, ''it'')', true), ('BEGINS_WITH(name, ''it'')', true), ('begins_with(name, ''x'')', false), ('contains(s, ''a'')', true), ('contains(name, ''t'')', true), ('contains(l, 2)', true), ('size(s) = 2', true), ('size(name) > 4', false), ('size(s) BETWEEN 1 AND 2', true), ('size(l) = size(m)', true),
	('attribute_type(a, ''N'')', true), ('attribute_type(s, ''S'')', false), ('attribute_exists(a)', true), ('attribute_not_exists(a)', false),
	('zz IS MISSING', true), ('a IS MISSING', false), ('a IS NOT MISSING', true), ('m.zz IS MISSING', true), ('nul IS NULL', true), ('a IS NULL', false), ('zz IS NOT NULL', true), ('a IS NUMERIC', true), ('a IS STRING', false), ('name IS STRING', true), ('m IS STRUCT', true), ('m IS TUPLE', true), ('l IS LIST', true), ('b IS BLOB', true), ('t IS BOOLEAN', true), ('t IS NOT BOOL', false)) AS v(condition, holds);

-- ---- well-formed, but not for DynamoDB
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', statement), 'YD001', 'ValidationException: ' || message, statement)
FROM (VALUES
	('SELECT a AS b FROM Hash', 'Aliasing is not supported'), ('SELECT * FROM Hash h', 'Aliasing is not supported'), ('SELECT COUNT(*) FROM Hash', 'Unexpected path component at 1:8:5'), ('SELECT 1 FROM Hash', 'Unexpected path component at 1:8:1'), ('SELECT a + 1 FROM Hash', 'Unexpected path component at 1:10:1'), ('SELECT DISTINCT a FROM Hash', 'Unsupported token in expression: DISTINCT'), ('SELECT VALUE a FROM Hash', 'Select projection doesn''t support value or pivot keywords'), ('SELECT m.* FROM Hash', 'Changing item''s hierarchy while reading isn''t supported'), ('SELECT a, a FROM Hash', 'Duplicate identifiers in select clause: a'), ('SELECT m.n, o.n FROM Hash', 'Duplicate identifiers in select clause: n'), ('SELECT m, m.n FROM Hash', 'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, n], path two: [m]'),
	('SELECT * FROM Hash, Pair', 'Only select from a single table or index is supported.'), ('SELECT * FROM Hash JOIN Pair ON 1 = 1', 'Only select from a single table or index is supported.'), ('SELECT * FROM (SELECT * FROM Hash)', 'Unexpected from source'), ('SELECT * FROM a.b.c', 'A path may contain at most 2 components in the FROM clause'), ('SELECT * FROM Hash[0]', 'Invalid list expression in source.'), ('SELECT * FROM "a"', 'Table name should be within the length [3, 255] and only contain ''a-z'', ''A-Z'', ''0-9'', ''-'', ''_'', ''.''.'),
	('SELECT * FROM Hash GROUP BY a', 'Unsupported clause: GROUP BY'), ('SELECT * FROM Hash HAVING a = 1', 'Unsupported clause: HAVING at 1:29:1'), (E'SELECT * FROM Hash\nLIMIT 1', 'Unsupported clause: LIMIT at 2:7:1'), ('SELECT * FROM Hash UNION SELECT * FROM Hash', 'EXISTS can only be used in ExecuteTransaction write requests.'),
	('SELECT * FROM Hash WHERE a', 'WHERE clause must contain an expression that resolves to a boolean'), ('SELECT * FROM Hash WHERE size(a)', 'WHERE clause must contain an expression that resolves to a boolean'), ('SELECT * FROM Hash WHERE a = 1 AND b', 'The arguments to AND/OR must be Expressions'), ('SELECT * FROM Hash WHERE NOT a', 'The argument to NOT must be a Type or Expression'), ('SELECT * FROM Hash WHERE a + 1 = 2', 'Unsupported operator in Condition Expression. Operator: +'), ('SELECT * FROM Hash WHERE a LIKE ''x''', 'Unsupported operator in Condition Expression. Operator: like'), ('SELECT * FROM Hash WHERE (SELECT 1 FROM Hash) = 1', 'Unsupported token in expression: SELECT at 1:27:6'), ('SELECT * FROM Hash WHERE CASE WHEN a = 1 THEN 1 END', 'Unsupported token in expression: CASE at 1:26:4'), ('SELECT * FROM Hash WHERE nofunc(a)', 'Unrecognized function: nofunc at 1:26:6'), ('SELECT * FROM Hash WHERE if_not_exists(a, 1) = 1', 'The function is not allowed in a condition expression; function: if_not_exists'), ('SELECT * FROM Hash WHERE begins_with(a)', 'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1'), ('SELECT * FROM Hash WHERE a < true', 'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL'), ('SELECT * FROM Hash WHERE attribute_exists(a) < 1', 'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL'), ('SELECT * FROM Hash WHERE 1 >= contains(a, ''x'')', 'Incorrect operand type for operator or function; operator or function: >=, operand type: BOOL'), ('SELECT * FROM Hash WHERE a BETWEEN 1 AND (b = 1)', 'Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: BOOL'), ('SELECT * FROM Hash WHERE a = a', 'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]'),
	('SELECT * FROM Hash WHERE a IN []', 'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member'), ('SELECT * FROM Hash WHERE a = MISSING', 'MISSING must be compared using IS operator'), ('SELECT * FROM Hash WHERE a IS INT', 'Unsupported data type for IS operator: INTEGER. Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST] at 1:28:2'), ('SELECT * FROM Hash WHERE size(a) IS MISSING', 'The left hand side argument to IS must be a Variable Reference, Literal, or Path'), ('SELECT * FROM Hash WHERE a BETWEEN 2 AND 1', 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}'),
	('SELECT * FROM Hash WHERE l[-1] = 1', 'List index is not within the allowable range; index: [-1] at 1:29:1'), ('SELECT * FROM Hash WHERE m.* = 1', 'Unpivot path component like a.*.b are not supported at 1:28:1'), ('SELECT * FROM Hash WHERE l[*] = 1', 'Wildcard path component like a[*].b are not supported at 1:28:1'), ('SELECT * FROM Hash WHERE "" = 1', 'Path component cannot be an empty string'), ('SELECT * FROM Hash WHERE s = <<>>', 'Empty bags are not supported'), ('SELECT * FROM Hash WHERE s = <<1, ''a''>>', 'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags'), ('SELECT * FROM Hash WHERE s = <<''a'', ''a''>>', 'One or more parameter values were invalid: Input collection [a, a] contains duplicates.'), ('SELECT * FROM Hash WHERE m = {''a'': 1, ''a'': 2}', 'Duplicate keys in tuple. Key: a under root at 1:30:1'), ('SELECT * FROM Hash WHERE a = [b]', 'Unsupported data type: VariableReference under key root[0] at 1:31:1'), ('SELECT * FROM Hash WHERE a = `1`', 'Ion Literals are not supported: INT under key root at 1:30:3'),
	('FOO', 'Unsupported operation: Id'), ('1', 'Unsupported operation: Lit'), ('[1]', 'Unsupported operation: List'), ('<<1>>', 'Unsupported operation: Bag'), ('MISSING', 'Unsupported operation: Missing'), ('CREATE TABLE x', 'Unsupported operation: CreateTable'), ('{''a'': 1}', 'Unsupported operation: Struct')) AS v(statement, message);

-- ---- limits
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE ' || repeat('(', 2000) || 'a = 1' || repeat(')', 2000)), 'YD001', 'ValidationException: Nesting Levels have exceeded supported limits', 'parentheses');
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE a = ' || repeat('[', 4000)), 'YD001', 'ValidationException: Nesting Levels have exceeded supported limits', 'brackets that nobody closes');
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE a = ' || repeat('[', 40) || repeat(']', 40)), 'YD001', 'ValidationException: Nesting Levels have exceeded supported limits under root' || repeat('[0]', 32), 'values');
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE ' || repeat('NOT ', 1500) || 'a = 1'), 'YD001', 'ValidationException: Nesting Levels have exceeded supported limits', 'NOT');
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE a = 1' || repeat(' OR a = 1', 200)), 'YD001', 'ValidationException: The expression contains too many operators; operator count: 401', 'operators');
SELECT throws_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE a IN [1' || repeat(', 1', 100) || ']'), 'YD001', 'ValidationException: The IN operator is provided with too many operands; number of operands: 101', 'IN');
SELECT throws_like(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE p = ''' || repeat('x', 8170) || ''''), '%Member must have length less than or equal to 8192', 'a long statement');
SELECT lives_ok(format('SELECT * FROM dynamo.partiql(%L)', 'SELECT * FROM Hash WHERE p = ''' || repeat('x', 2000) || ''' AND a = ''' || repeat('x', 6100) || ''''), 'one of nearly 8 KB');

-- ---- dynamo.partiql
SELECT is_empty($$SELECT * FROM dynamo.partiql('INSERT INTO Hash VALUE {''p'': ?, ''v'': ?}', '["y", {"$NS": [3]}]')$$, 'INSERT returns nothing');
SELECT results_eq($$SELECT * FROM dynamo.partiql('UPDATE Hash SET v = set_add(v, ?) WHERE p = ''y'' RETURNING ALL NEW *', '[{"$NS": [4]}]')$$, $$VALUES ('{"p": "y", "v": {"$NS": [3, 4]}}'::jsonb)$$, 'RETURNING returns');
SELECT throws_ok($$SELECT * FROM dynamo.partiql('SELECT * FROM Hash', '{"a": 1}')$$, '22023', 'parameters must be a JSON array', 'parameters are a list');
DO $$ BEGIN
	PERFORM dynamo.create_table('Many', 'p');
	INSERT INTO dynamo_tables."Many" (item) SELECT jsonb_build_object('p', i::text, 'x', repeat('y', 4000)) FROM generate_series(1, 600) i;
END $$;
SELECT is((SELECT count(DISTINCT v ->> 'p') FROM dynamo.partiql('SELECT p FROM Many') v), 600::bigint, 'all pages of a scan come, each item once');
SELECT is((SELECT count(*) FROM dynamo.partiql('SELECT p FROM Many WHERE p IN [''1'', ''2'', ''nope'']') v), 2::bigint, 'all ranges come');

SELECT * FROM finish();
ROLLBACK;
