-- ExecuteTransaction: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
BEGIN;
SELECT plan(71);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N"}', global_indexes => '{"ByG": {"hash_key": "g"}}');
	PERFORM dynamo.put_item('Hash', '{"p": "x", "a": 1, "m": {"n": 2}}');
	PERFORM dynamo.put_item('Pair', '{"p": "h", "c": 1}');
END $$;
CREATE FUNCTION pg_temp.transact(VARIADIC statements text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('ExecuteTransaction', jsonb_build_object('TransactStatements', (SELECT jsonb_agg(jsonb_build_object('Statement', s)) FROM unnest(statements) s))) $$;

-- ---- reads
SELECT is(pg_temp.transact('SELECT m.n FROM Hash WHERE p = ''x''', 'SELECT * FROM Pair WHERE p = ''h'' AND c = 1', 'SELECT * FROM Hash WHERE p = ''nope'''), '{"Responses": [{"Item": {"n": {"N": "2"}}}, {"Item": {"p": {"S": "h"}, "c": {"N": "1"}}}, {}]}', 'reads');
SELECT is(dynamo.request('ExecuteTransaction', '{"ReturnConsumedCapacity": "TOTAL", "TransactStatements": [{"Statement": "SELECT a FROM Hash WHERE p = ?", "Parameters": [{"S": "x"}]}]}') #> '{ConsumedCapacity,0,CapacityUnits}', '2.0', 'at the rate of transactions');

-- ---- writes
SELECT is(pg_temp.transact('INSERT INTO Hash VALUE {''p'': ''n''}', 'UPDATE Hash SET a = a + 1 WHERE p = ''x''', 'DELETE FROM Pair WHERE p = ''h'' AND c = 1', 'DELETE FROM Pair WHERE p = ''nope'' AND c = 1'), '{"Responses": []}', 'writes');
SELECT is(dynamo.get_item('Hash', '{"p": "n"}'), '{"p": "n"}', 'INSERT');
SELECT is(dynamo.get_item('Hash', '{"p": "x"}') -> 'a', '2', 'UPDATE');
SELECT is(dynamo.get_item('Pair', '{"p": "h", "c": 1}'), NULL, 'DELETE');
SELECT is(pg_temp.transact('INSERT INTO Hash VALUE {''p'': ''o''}', 'EXISTS(SELECT * FROM Hash WHERE p = ''x'' AND a = 2 AND zz IS MISSING)'), '{"Responses": []}', 'EXISTS that holds');
SELECT is(dynamo.get_item('Hash', '{"p": "o"}'), '{"p": "o"}', 'lets the rest happen');

SELECT throws_ok('SELECT pg_temp.transact(''INSERT INTO Hash VALUE {''''p'''': ''''z''''}'', ''EXISTS(SELECT * FROM Hash WHERE p = ''''x'''' AND a > true)'')', 'YD001',
	'ValidationException: Validation failed in TransactStatements[1]: Incorrect operand type for operator or function; operator or function: >, operand type: BOOL', 'an error of EXISTS says where it is');

SELECT throws_ok(format('SELECT pg_temp.transact(''INSERT INTO Hash VALUE {''''p'''': ''''z''''}'', %L)', statement), 'YD001', 'ValidationException: ' || message, 'no reason of a cancellation: ' || statement)
FROM (VALUES
	('DELETE FROM Hash WHERE p = ?', 'Validation failed in TransactStatements[1]: Number of parameters in request and statement don''t match.'),
	('UPDATE Hash SET a = 1 SET a = 2 WHERE p = ''x''', 'Validation failed in TransactStatements[1]: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]'),
	('DELETE FROM Hash WHERE p = ''x'' AND a < <<1>>', 'Validation failed in TransactStatements[1]: Incorrect operand type for operator or function; operator or function: <, operand type: NS'),
	('UPDATE Hash h SET a = 1 WHERE p = ''x''', 'Validation failed in TransactStatements[1]: Aliasing is not supported'),
	('DELETE FROM', 'Validation failed in TransactStatements[1]: Statement wasn''t well formed, can''t be processed: Expected identifier for simple path')) AS v(statement, message);

-- ---- cancelled
SELECT throws_ok(format('SELECT pg_temp.transact(''INSERT INTO Hash VALUE {''''p'''': ''''z''''}'', %L)', statement), 'YD012', 'TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ' || code || ']', statement)
FROM (VALUES
	('EXISTS(SELECT * FROM Hash WHERE p = ''x'' AND a = 1)', 'ConditionalCheckFailed'), ('EXISTS(SELECT * FROM Hash WHERE p = ''nope'' AND a IS MISSING)', 'ConditionalCheckFailed'), ('UPDATE Hash SET a = 1 WHERE p = ''nope''', 'ConditionalCheckFailed'), ('UPDATE Hash SET a = 1 WHERE p = ''x'' AND a = 1', 'ConditionalCheckFailed'), ('DELETE FROM Hash WHERE p = ''x'' AND a = 1', 'ConditionalCheckFailed'), ('INSERT INTO Hash VALUE {''p'': ''x''}', 'DuplicateItem'), ('INSERT INTO Hash VALUE {''q'': ''x''}', 'ValidationError'), ('UPDATE Hash SET a = zz WHERE p = ''x''', 'ValidationError'), ('UPDATE Hash SET a = 1 WHERE p = 1', 'ValidationError'), ('DELETE FROM Pair WHERE p = ''h''', 'ValidationError')) AS v(statement, code);
SELECT is(dynamo.get_item('Hash', '{"p": "z"}'), NULL, 'nothing of it is written');

-- ---- a DELETE that finds nothing
SELECT is(pg_temp.transact('DELETE FROM Hash WHERE p = ''nope'' AND a = 1'), '{"Responses": []}', 'meets its condition');
SELECT throws_ok(format('SELECT pg_temp.transact(VARIADIC %L)', statements), 'YD012', 'TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons ' || reasons, array_to_string(statements, ', '))
FROM (VALUES
	(ARRAY['DELETE FROM Hash WHERE p = ''nope'' AND a = 1', 'UPDATE Hash SET a = 1 WHERE p = ''nope2'''], '[ConditionalCheckFailed, ConditionalCheckFailed]'),
	(ARRAY['DELETE FROM Hash WHERE p = ''nope''', 'UPDATE Hash SET a = 1 WHERE p = ''nope2'''], '[None, ConditionalCheckFailed]'),
	(ARRAY['DELETE FROM Hash WHERE p = ''nope'' AND a IS MISSING', 'UPDATE Hash SET a = 1 WHERE p = ''nope2'''], '[ConditionalCheckFailed, ConditionalCheckFailed]')) AS v(statements, reasons);

-- ---- refused
SELECT throws_ok(format('SELECT pg_temp.transact(VARIADIC %L)', statements), state, message, statements[array_upper(statements, 1)])
FROM (VALUES
	(ARRAY['SELECT a FROM Hash WHERE p = ''x''', 'INSERT INTO Hash VALUE {''p'': ''z''}'], 'YD001', 'ValidationException: ExecuteTransaction API does not support both read and write operations in the same request.'), (ARRAY['SELECT a FROM Hash WHERE p = ''x''', 'EXISTS(SELECT * FROM Hash WHERE p = ''x'' AND a = 1)'], 'YD001', 'ValidationException: ExecuteTransaction API does not support both read and write operations in the same request.'), (ARRAY['SELECT a FROM Hash WHERE p = ''x''', 'SELECT a FROM Hash'], 'YD001', 'ValidationException: Validation failed in TransactStatements[1]: Select statements within ExecuteTransaction must specify the primary key in the where clause.'), (ARRAY['SELECT * FROM Pair.ByG WHERE g = ''x'''], 'YD001', 'ValidationException: Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions.'), (ARRAY['SELECT a FROM Hash WHERE p = ''x''', 'SELECT m FROM Hash WHERE p = ''x'''], 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item'), (ARRAY['INSERT INTO Hash VALUE {''p'': ''z''}', 'DELETE FROM Hash WHERE p = ''z'''], 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item'),
	(ARRAY['DELETE FROM Hash WHERE p = ''z'' RETURNING ALL OLD *'], 'YD001', 'ValidationException: Validation failed in TransactStatements[0]: RETURNING clause is not supported in ExecuteTransaction.'), (ARRAY['EXISTS(SELECT * FROM Hash WHERE p = ''x'')'], 'YD001', 'ValidationException: Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition'), (ARRAY['EXISTS(SELECT * FROM Hash WHERE a = 1)'], 'YD001', 'ValidationException: Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition'), (ARRAY['EXISTS(SELECT * FROM Pair.ByG WHERE g = ''x'' AND v = 1)'], 'YD001', 'ValidationException: Validation failed in TransactStatements[0]: Operations on indices are not supported in transactions'), (ARRAY['INSERT INTO Hash VALUE {''p'': ''z''}', 'DELETE FROM Nope WHERE p = ''x'''], 'YD012', 'TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ResourceNotFound]'), (ARRAY['SELECT * FROM Nope WHERE p = ''x'''], 'YD012', 'TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ResourceNotFound]'), (ARRAY['SELECT * FROM Pair.Nope WHERE p = ''x'''], 'YD001', 'ValidationException: The table does not have the specified index'), (ARRAY['FOO'], 'YD001', 'ValidationException: Validation failed in TransactStatements[0]: Unsupported operation: Id'), (ARRAY['INSERT INTO Hash VALUE {''p'': ''z''}', 'SELEC'], 'YD001', 'ValidationException: Validation failed in TransactStatements[1]: Unsupported operation: Id')) AS v(statements, state, message);

-- ---- ClientRequestToken
SELECT is(dynamo.request('ExecuteTransaction', '{"ClientRequestToken": "t1", "TransactStatements": [{"Statement": "UPDATE Hash SET a = a + 1 WHERE p = ''x''"}]}'), '{"Responses": []}', 'a token');
SELECT throws_like($$SELECT dynamo.request('ExecuteTransaction', '{"ClientRequestToken": "t1", "TransactStatements": [{"Statement": "UPDATE Hash SET a = a + 2 WHERE p = ''x''"}]}')$$, 'IdempotentParameterMismatchException: %', 'of another request');
SELECT is(dynamo.request('ExecuteTransaction', '{"ClientRequestToken": "t1", "TransactStatements": [{"Statement": "UPDATE Hash SET a = a + 1 WHERE p = ''x''", "ReturnValuesOnConditionCheckFailure": "NONE"}]}'), '{"Responses": []}', 'the same request with a default value');
SELECT dynamo.put_item('Hash', jsonb_build_object('p', 'nine', 'x', repeat('x', 9000))) IS NULL \g /dev/null
SELECT is(dynamo.request('ExecuteTransaction', '{"ClientRequestToken": "t9", "ReturnConsumedCapacity": "TOTAL", "TransactStatements": [{"Statement": "DELETE FROM Hash WHERE p = ''nine''"}]}') -> 'ConsumedCapacity', capacity::jsonb, capacity)
FROM (VALUES ('[{"TableName": "Hash", "CapacityUnits": 18, "WriteCapacityUnits": 18}]'), ('[{"TableName": "Hash", "CapacityUnits": 6, "ReadCapacityUnits": 6}]')) AS v(capacity);

-- ---- which of two mistakes comes first
CREATE FUNCTION pg_temp.first_error(wanted text, VARIADIC statements text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.transact(VARIADIC statements);
	RETURN ok(false, wanted);
EXCEPTION WHEN OTHERS THEN
	RETURN ok(strpos(SQLERRM, wanted) > 0, array_to_string(statements, ', ') || ': ' || SQLERRM);
END $$;

SELECT pg_temp.first_error('does not support both read and write operations', $$UPDATE Hash SET a = 1 WHERE p = 'x'$$, $$SELECT * FROM Hash WHERE p = 'x'$$, 'SELECT * FROM');
SELECT pg_temp.first_error('Validation failed in TransactStatements[1]: Statement wasn''t well formed, can''t be processed: Unexpected term', $$UPDATE Hash SET a = 1 WHERE p = 'x'$$, 'SELECT * FROM', $$SELECT * FROM Hash WHERE p = 'x'$$);
SELECT pg_temp.first_error('does not support both read and write operations', 'SELECT * FROM Hash x', $$DELETE FROM Hash WHERE p = 'x'$$);
SELECT pg_temp.first_error('ValidationException: Validation failed in TransactStatements[1]: Unsupported operation: Id', $$SELECT * FROM Hash WHERE p = 'x'$$, 'x', 'SELECT');
SELECT pg_temp.first_error('ValidationException: Validation failed in TransactStatements[0]: Unsupported operation: CreateTable', 'CREATE TABLE x', 'SELECT');
SELECT pg_temp.first_error('ValidationException: Validation failed in TransactStatements[1]: Unsupported operation in transaction.', 'UPDATE Hash SET a = 1 WHERE foo(p)', 'a = 1');
SELECT pg_temp.first_error('Validation failed in TransactStatements[0]: Unrecognized function: foo', 'UPDATE Hash SET a = 1 WHERE foo(p)', $$UPDATE Nowhere SET a = 1 WHERE p = 'x'$$);
SELECT pg_temp.first_error('Validation failed in TransactStatements[1]: Unrecognized function: foo', $$UPDATE Nowhere SET a = 1 WHERE p = 'x'$$, 'UPDATE Hash SET a = 1 WHERE foo(p)');
SELECT pg_temp.first_error('[ResourceNotFound, ValidationError]', $$UPDATE Nowhere SET a = 1 WHERE p = 'x'$$, 'UPDATE Hash SET a = 1 WHERE a = 1');
SELECT pg_temp.first_error('Validation failed in TransactStatements[0]: Unrecognized function: foo', 'UPDATE Nowhere SET a = 1 WHERE foo(p)');
SELECT pg_temp.first_error('TransactStatements[0]: Incorrect operand type for operator or function; operator or function: >', $$UPDATE Hash SET a = 1 SET a = 2 WHERE p = 'x' AND a > true$$);
SELECT pg_temp.first_error('TransactStatements[0]: Two document paths overlap', $$UPDATE Hash SET a = 1 SET a = 2 SET b = list_append(1, 2) WHERE p = 'x'$$);
SELECT pg_temp.first_error('Incorrect operand type for operator or function; operator or function: list_append', $$UPDATE "No way" SET b = list_append(1, 2) WHERE p = 'x'$$);
SELECT pg_temp.first_error('TransactStatements[0]: Table name should be within', 'SELECT a, a FROM "No way" WHERE foo(p)');
SELECT pg_temp.first_error('TransactStatements[0]: Duplicate identifiers', 'SELECT a, a FROM Hash WHERE foo(p)');
SELECT pg_temp.first_error('TransactStatements[1]: RETURNING clause is not supported', 'DELETE FROM Hash WHERE a = 1', $$DELETE FROM Hash WHERE p = 'x' RETURNING ALL OLD *$$);
SELECT pg_temp.first_error('[ValidationError]', 'DELETE FROM Hash WHERE a = 1 RETURNING ALL OLD *');
SELECT pg_temp.first_error('[ConditionalCheckFailed, ConditionalCheckFailed]', $$DELETE FROM Hash WHERE p = 'nowhere' AND a <> 1$$, $$UPDATE Hash SET a = 1 WHERE p = 'nobody'$$);
SELECT pg_temp.first_error('[ValidationError]', 'DELETE FROM Nowhere x RETURNING ALL NEW *');
SELECT pg_temp.first_error('[ValidationError, None]', 'DELETE FROM Hash', $$UPDATE Hash SET a = 1 WHERE p = 'x'$$);
SELECT pg_temp.first_error('TransactStatements[0]: Empty bags are not supported', $$INSERT INTO Hash VALUE {'p': 'y', 'a': 1, 's': <<>>, 'a': 1}$$);
SELECT pg_temp.first_error('TransactStatements[0]: Duplicate keys in tuple. Key: a', $$INSERT INTO Hash VALUE {'p': 'y', 'a': 1, 'a': 1, 's': <<>>} RETURNING ALL OLD *$$);

SELECT * FROM finish();
ROLLBACK;
