-- BatchExecuteStatement: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
BEGIN;
SELECT plan(39);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N"}', global_indexes => '{"ByG": {"hash_key": "g"}}');
	PERFORM dynamo.put_item('Hash', '{"p": "x", "a": 1}');
	PERFORM dynamo.put_item('Pair', '{"p": "h", "c": 1, "v": "v"}');
END $$;
CREATE FUNCTION pg_temp.batch(more jsonb, VARIADIC statements text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('BatchExecuteStatement', jsonb_build_object('Statements', (SELECT jsonb_agg(jsonb_build_object('Statement', s) || more) FROM unnest(statements) s))) -> 'Responses' $$;

-- ---- reads
SELECT is(pg_temp.batch('{}', 'SELECT a FROM Hash WHERE p = ''x''', 'SELECT * FROM Pair WHERE c = 1 AND p = ''h''', 'SELECT * FROM Hash WHERE p = ''nope'''),
	'[{"TableName": "Hash", "Item": {"a": {"N": "1"}}}, {"TableName": "Pair", "Item": {"p": {"S": "h"}, "c": {"N": "1"}, "v": {"S": "v"}}}, {"TableName": "Hash"}]', 'reads, in their order');
SELECT is(pg_temp.batch('{}', statement) #>> '{0,Error,Code}', 'ValidationError', statement)
FROM (VALUES ('SELECT * FROM Hash'), ('SELECT * FROM Pair WHERE p = ''h'''), ('SELECT * FROM Hash WHERE p = ''x'' AND a = 1'), ('SELECT * FROM Pair.ByG WHERE g = ''x'''), ('SELECT * FROM Hash WHERE p IN [''x'', ''y'']'), ('SELECT * FROM Pair.ByG WHERE g = ''x'' AND p = ''h'' AND c = 1')) AS v(statement);
SELECT is(pg_temp.batch('{}', statement) #> '{0,Item,p}', '{"S": "x"}', statement)
FROM (VALUES ('SELECT * FROM Hash WHERE p IN [''x'']'), ('SELECT * FROM Hash WHERE p = ''x'' AND p = ''x''')) AS v(statement);
SELECT throws_ok($$SELECT pg_temp.batch('{}', 'SELECT * FROM Hash WHERE p IN [''x'']', 'SELECT * FROM Hash WHERE p = ''x''')$$, 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'IN with one element is an equality');
SELECT is(pg_temp.batch('{}', 'SELECT * FROM Pair WHERE p = ''h''') #>> '{0,Error,Message}', 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.', 'what a read must have');
SELECT is(pg_temp.batch('{}', statement) #> '{0}' ? 'TableName', false, 'no table is named: ' || statement)
FROM (VALUES ('SELECT * FROM Hash WHERE p = ''x'' AND a = 1'), ('DELETE FROM Hash WHERE p = ''x'' RETURNING ALL NEW *')) AS v(statement);
SELECT is(pg_temp.batch('{}', 'SELECT a FROM Hash WHERE p = ''x''', 'SELECT * FROM Nope WHERE p = ''x''', 'foo bar'),
	'[{"TableName": "Hash", "Item": {"a": {"N": "1"}}}, {"TableName": "Nope", "Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}}, {"Error": {"Code": "ValidationError", "Message": "Statement wasn''t well formed, can''t be processed: Unexpected token after expression"}}]', 'each error for itself');

-- ---- writes
SELECT is(pg_temp.batch('{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}', 'INSERT INTO Hash VALUE {''p'': ''n''}', 'INSERT INTO Hash VALUE {''p'': ''x''}', 'UPDATE Pair SET v = ''w'' WHERE p = ''h'' AND c = 1 RETURNING ALL OLD *', 'DELETE FROM Hash WHERE q = 1', 'UPDATE Hash SET a = 1 WHERE p = ''nope''', 'EXISTS(SELECT * FROM Hash WHERE p = ''x'' AND a = 1)'),
	'[{"TableName": "Hash"}, {"TableName": "Hash", "Error": {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}}, {"TableName": "Pair", "Item": {"p": {"S": "h"}, "c": {"N": "1"}, "v": {"S": "v"}}},
	{"Error": {"Code": "ValidationError", "Message": "Where clause does not contain a mandatory equality on all key attributes"}}, {"TableName": "Hash", "Error": {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}}, {"Error": {"Code": "ValidationError", "Message": "EXISTS can only be used in ExecuteTransaction write requests."}}]', 'writes, each for itself');
SELECT is(dynamo.get_item('Hash', '{"p": "n"}'), '{"p": "n"}', 'what could be done is done');
SELECT is(pg_temp.batch('{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}', 'UPDATE Hash SET a = 2 WHERE p = ''x'' AND a = 5') #> '{0,Error,Item}', '{"p": {"S": "x"}, "a": {"N": "1"}}', 'the item that a condition failed on');
SELECT is(pg_temp.batch('{"Parameters": [{"N": "7"}]}', 'UPDATE Hash SET a = ? WHERE p = ''x'' RETURNING MODIFIED NEW *') #> '{0,Item}', '{"a": {"N": "7"}}', 'parameters');
SELECT is(pg_temp.batch('{}', 'UPDATE Hash SET p = ''y'' WHERE p = ''x''', 'DELETE FROM Hash WHERE p = ''' || repeat('x', 2049) || '''', 'INSERT INTO Hash VALUE {''p'': ''' || repeat('x', 2049) || '''}', 'DELETE FROM Nope WHERE p = ''x''', 'DELETE FROM Hash WHERE p = 1', 'DELETE FROM Pair WHERE p = ''h'''),
	'[{"TableName": "Hash", "Error": {"Code": "ValidationError", "Message": "One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"}}, {"TableName": "Hash", "Error": {"Code": "ValidationError", "Message": "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"}}, {"TableName": "Hash", "Error": {"Code": "ValidationError", "Message": "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"}},
	{"TableName": "Nope", "Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}}, {"Error": {"Code": "ValidationError", "Message": "Key attribute''s data type should match its data type in table''s schema: Key p"}}, {"Error": {"Code": "ValidationError", "Message": "Where clause does not contain a mandatory equality on all key attributes"}}]', 'which errors name their table');

-- ---- a bad member fails alone, and is neither read nor write
CREATE FUNCTION pg_temp.beside(bad jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('BatchExecuteStatement', jsonb_build_object('Statements', jsonb_build_array('{"Statement": "DELETE FROM Hash WHERE p = ''beside''"}'::jsonb, bad))) -> 'Responses' $$;
SELECT is(pg_temp.beside(jsonb_build_object('Statement', 'SELECT * FROM Hash WHERE p = ?', 'Parameters', jsonb_build_array(parameter))) #- '{1,Error,Message}', '[{"TableName": "Hash"}, {"Error": {"Code": "ValidationError"}}]', 'a bad parameter: ' || left(parameter::text, 60))
FROM (VALUES ('{"N": "x"}'::jsonb), ('{"NULL": false}'), ('{"SS": []}'), ('{"S": "x", "N": "1"}'), ('{}'), ('{"M": {"": {"S": "x"}}}'), ((repeat('{"L": [', 33) || '{"S": "x"}' || repeat(']}', 33))::jsonb)) AS v(parameter);
SELECT is(pg_temp.beside('{"Statement": "SELECT * FROM Hash WHERE p = ?"}') -> 1, '{"Error": {"Code": "ValidationError", "Message": "Number of parameters in request and statement don''t match."}}', 'a missing parameter');
SELECT is(pg_temp.beside('{"Statement": "SELECT"}') -> 1, '{"Error": {"Code": "ValidationError", "Message": "Statement wasn''t well formed, can''t be processed: Unexpected term"}}', 'no statement');
SELECT is(pg_temp.beside('{"Statement": "DELETE FROM Hash WHERE p = ''beside'' AND a = ?", "Parameters": [{"N": "x"}]}') #>> '{1,Error,Code}', 'ValidationError', 'nor is it the same item twice');
SELECT throws_ok($$SELECT pg_temp.beside('{"Statement": "SELECT * FROM Nope WHERE p = ''x''"}')$$, 'YD001', 'ValidationException: Read and write requests together in the same batch is not supported.', 'one whose table is missing is a read');

-- ---- capacity: one entry a table, failed conditions at the price of the write, tables without success left out
DO $$ BEGIN PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'big', 'a', repeat('x', 2500))); END $$;
CREATE FUNCTION pg_temp.capacity(VARIADIC statements text[]) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('BatchExecuteStatement', jsonb_build_object('ReturnConsumedCapacity', 'TOTAL', 'Statements', (SELECT jsonb_agg(jsonb_build_object('Statement', s)) FROM unnest(statements) s))) -> 'ConsumedCapacity' $$;
SELECT is(pg_temp.capacity('INSERT INTO Hash VALUE {''p'': ''c''}', 'DELETE FROM Pair WHERE p = ''i'' AND c = 1', 'INSERT INTO Hash VALUE {''p'': ''d''}'), '[{"TableName": "Hash", "CapacityUnits": 2.0}, {"TableName": "Pair", "CapacityUnits": 1.0}]', 'one entry for each table');
SELECT is(pg_temp.capacity('INSERT INTO Hash VALUE {''p'': ''e''}', 'UPDATE Hash SET b = 1 WHERE p = ''big'' AND a = 1', 'INSERT INTO Hash VALUE {''p'': ''x''}', 'DELETE FROM Hash WHERE q = 1'), '[{"TableName": "Hash", "CapacityUnits": 5.0}]', 'a failed condition costs, what is no write does not');
SELECT is(pg_temp.capacity('INSERT INTO Hash VALUE {''p'': ''f''}', 'UPDATE Pair SET b = 1 WHERE p = ''h'' AND c = 1 AND b = 1'), '[{"TableName": "Hash", "CapacityUnits": 1.0}]', 'a table without success is left out');
SELECT is(pg_temp.capacity('INSERT INTO Hash VALUE {''p'': ''x''}'), NULL, 'and so is all, without any');
SELECT is(pg_temp.capacity('SELECT * FROM Hash WHERE p = ''x''', 'SELECT * FROM Hash WHERE p = ''nope''', 'SELECT * FROM Hash WHERE p IN [''e''] AND p = ''e'''), '[{"TableName": "Hash", "CapacityUnits": 1.5}]', 'reads');

-- ---- the batch as a whole
SELECT throws_ok($$SELECT pg_temp.batch('{}', 'INSERT INTO Hash VALUE {''p'': ''m''}', 'SELECT * FROM Hash WHERE p = ''x''')$$, 'YD001', 'ValidationException: Read and write requests together in the same batch is not supported.', 'reads and writes');
SELECT throws_ok($$SELECT pg_temp.batch('{}', 'INSERT INTO Hash VALUE {''p'': ''m''}', 'DELETE FROM Hash WHERE p = ''m''')$$, 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'one item twice');
SELECT throws_like(format('SELECT pg_temp.batch(''{}'', VARIADIC %L)', (SELECT array_agg(format('INSERT INTO Hash VALUE {''p'': ''m%s''}', i)) FROM generate_series(1, 26) i)), '%Member must have length less than or equal to 25', 'no more than 25');
SELECT is((SELECT count(*) FROM dynamo_tables."Hash" WHERE p LIKE 'm%'), 0::bigint, 'nothing is written then');

SELECT * FROM finish();
ROLLBACK;
