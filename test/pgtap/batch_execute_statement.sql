-- BatchExecuteStatement: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
BEGIN;
SELECT plan(17);

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
FROM (VALUES ('SELECT * FROM Hash'), ('SELECT * FROM Pair WHERE p = ''h'''), ('SELECT * FROM Hash WHERE p = ''x'' AND a = 1'), ('SELECT * FROM Pair.ByG WHERE g = ''x'''), ('SELECT * FROM Hash WHERE p IN [''x'', ''y'']')) AS v(statement);
SELECT is(pg_temp.batch('{}', 'SELECT * FROM Pair WHERE p = ''h''') #>> '{0,Error,Message}', 'Select statements within BatchExecuteStatement must specify the primary key in the where clause.', 'what a read must have');
SELECT is(pg_temp.batch('{}', 'SELECT a FROM Hash WHERE p = ''x''', 'SELECT * FROM Nope WHERE p = ''x''', 'foo bar'),
	'[{"TableName": "Hash", "Item": {"a": {"N": "1"}}}, {"Error": {"Code": "ResourceNotFound", "Message": "Requested resource not found"}}, {"Error": {"Code": "ValidationError", "Message": "Statement wasn''t well formed, can''t be processed: foo bar"}}]', 'each error for itself');

-- ---- writes
SELECT is(pg_temp.batch('{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}', 'INSERT INTO Hash VALUE {''p'': ''n''}', 'INSERT INTO Hash VALUE {''p'': ''x''}', 'UPDATE Pair SET v = ''w'' WHERE p = ''h'' AND c = 1 RETURNING ALL OLD *', 'DELETE FROM Hash WHERE q = 1', 'UPDATE Hash SET a = 1 WHERE p = ''nope''', 'EXISTS(SELECT * FROM Hash WHERE p = ''x'' AND a = 1)'),
	'[{"TableName": "Hash"}, {"TableName": "Hash", "Error": {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}}, {"TableName": "Pair", "Item": {"p": {"S": "h"}, "c": {"N": "1"}, "v": {"S": "v"}}},
	{"Error": {"Code": "ValidationError", "Message": "Where clause does not contain a mandatory equality on all key attributes"}}, {"TableName": "Hash", "Error": {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}}, {"Error": {"Code": "ValidationError", "Message": "EXISTS can only be used in ExecuteTransaction write requests."}}]', 'writes, each for itself');
SELECT is(dynamo.get_item('Hash', '{"p": "n"}'), '{"p": "n"}', 'what could be done is done');
SELECT is(pg_temp.batch('{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}', 'UPDATE Hash SET a = 2 WHERE p = ''x'' AND a = 5') #> '{0,Error,Item}', '{"p": {"S": "x"}, "a": {"N": "1"}}', 'the item that a condition failed on');
SELECT is(pg_temp.batch('{"Parameters": [{"N": "7"}]}', 'UPDATE Hash SET a = ? WHERE p = ''x'' RETURNING MODIFIED NEW *') #> '{0,Item}', '{"a": {"N": "7"}}', 'parameters');
SELECT is(dynamo.request('BatchExecuteStatement', '{"ReturnConsumedCapacity": "TOTAL", "Statements": [{"Statement": "INSERT INTO Hash VALUE {''p'': ''c''}"}, {"Statement": "INSERT INTO Hash VALUE {''p'': ''x''}"}]}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 1.0}]', 'capacity of what was done');

-- ---- the batch as a whole
SELECT throws_ok($$SELECT pg_temp.batch('{}', 'INSERT INTO Hash VALUE {''p'': ''m''}', 'SELECT * FROM Hash WHERE p = ''x''')$$, 'YD001', 'ValidationException: Read and write requests together in the same batch is not supported.', 'reads and writes');
SELECT throws_ok($$SELECT pg_temp.batch('{}', 'INSERT INTO Hash VALUE {''p'': ''m''}', 'DELETE FROM Hash WHERE p = ''m''')$$, 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'one item twice');
SELECT throws_like(format('SELECT pg_temp.batch(''{}'', VARIADIC %L)', (SELECT array_agg(format('INSERT INTO Hash VALUE {''p'': ''m%s''}', i)) FROM generate_series(1, 26) i)), '%Member must have length less than or equal to 25', 'no more than 25');
SELECT is((SELECT count(*) FROM dynamo_tables."Hash" WHERE p LIKE 'm%'), 0::bigint, 'nothing is written then');

SELECT * FROM finish();
ROLLBACK;
