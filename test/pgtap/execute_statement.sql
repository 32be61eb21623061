-- ExecuteStatement: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
BEGIN;
SELECT plan(214);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N"}', global_indexes => '{"ByG": {"hash_key": "g", "range_key": "l"}, "Keys": {"hash_key": "k", "projection": "KEYS_ONLY"}}',
		local_indexes => '{"ByL": {"range_key": "l"}}');
	FOR i IN 1..4 LOOP
		PERFORM dynamo.put_item('Pair', jsonb_build_object('p', 'h', 'c', i, 'l', 'l' || 9 - i, 'g', 'g', 'k', 'k' || i % 2, 'v', 'v' || i));
	END LOOP;
	PERFORM dynamo.put_item('Pair', '{"p": "i", "c": 1, "v": "vi"}');
	PERFORM dynamo.put_item('Pair', '{"p": "j", "c": 7, "v": "vj", "g": "g2", "l": "x"}');
END $$;
CREATE FUNCTION pg_temp.run(statement text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('ExecuteStatement', jsonb_build_object('Statement', statement) || more) $$;
-- The keys of the items that come, in their order.
CREATE FUNCTION pg_temp.keys(statement text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg((item #>> '{p,S}') || (item #>> '{c,N}'), ' ' ORDER BY position), '')
	FROM jsonb_array_elements(pg_temp.run(statement, more) -> 'Items') WITH ORDINALITY AS i(item, position) $$;
-- Sets item x of Hash, runs a statement on it, and returns the item without its key.
CREATE FUNCTION pg_temp.changed(change text, before jsonb DEFAULT '{"a": 1, "s": {"$SS": ["a", "b"]}, "l": [1, 2, {"z": "q"}], "m": {"n": 5}}') RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.put_item('Hash', '{"p": "x"}' || before);
	PERFORM pg_temp.run('UPDATE Hash ' || change || ' WHERE p = ''x''');
	RETURN dynamo.get_item('Hash', '{"p": "x"}') - 'p';
END $$;

-- ---- what a SELECT reads, and what that costs
SELECT is(pg_temp.keys(statement), keys, statement)
FROM (VALUES
	('SELECT * FROM Pair WHERE p = ''h''', 'h1 h2 h3 h4'), ('SELECT * FROM Pair WHERE p = ''h'' AND c = 2', 'h2'), ('SELECT * FROM Pair WHERE p = ''h'' AND c > 2', 'h3 h4'), ('SELECT * FROM Pair WHERE 2 >= c AND ''h'' = p', 'h1 h2'), ('SELECT * FROM Pair WHERE p = ''h'' AND c > 1 AND c < 4', 'h2 h3'), ('SELECT * FROM Pair WHERE p = ''h'' AND c BETWEEN 2 AND 3', 'h2 h3'), ('SELECT * FROM Pair WHERE p = ''h'' AND c <> 2', 'h1 h3 h4'), ('SELECT * FROM Pair WHERE p = ''h'' AND NOT c = 2', 'h1 h3 h4'), ('SELECT * FROM Pair WHERE p = ''h'' AND v = ''v2'' AND c > 1', 'h2'), ('SELECT * FROM Pair WHERE p = ''h'' AND c = 1 AND v = ''v2''', ''), ('SELECT * FROM Pair WHERE p = ''h'' AND c = 1 AND c = 2', ''), ('SELECT * FROM Pair WHERE p = ''h'' AND c > 1 AND c = 2', 'h2'), ('SELECT * FROM Pair WHERE p = ''h'' AND p = ''h'' AND c = 1', 'h1'), ('SELECT * FROM Pair WHERE p = ''h'' AND (c = 1 AND v = ''v1'')', 'h1'),
	('SELECT * FROM Pair WHERE p IN [''i'', ''h''] AND c = 1', 'i1 h1'), ('SELECT * FROM Pair WHERE p IN [''h'', ''i''] AND c IN [1, 2]', 'h1 h2 i1'), ('SELECT * FROM Pair WHERE p = ''h'' AND c IN [9, 2, 1]', 'h2 h1'), ('SELECT * FROM Pair WHERE p = ''h'' OR p = ''i''', 'h1 h2 h3 h4 i1'), ('SELECT * FROM Pair WHERE (p = ''h'' AND c = 1) OR (p = ''i'' AND c = 1)', 'h1 i1'), ('SELECT * FROM Pair WHERE p = ''h'' AND (c = 1 OR c = 2)', 'h1 h2'), ('SELECT * FROM Pair WHERE (p = ''h'' AND c > 3) OR (p = ''h'' AND c < 2)', 'h1 h4'), ('SELECT * FROM Pair WHERE (p = ''h'' OR p = ''j'') AND v > ''v3''', 'h4 j7'), ('SELECT * FROM Pair WHERE p = ''h'' OR v = ''vi''', 'h1 h2 h3 h4 i1'),
	('SELECT * FROM Pair WHERE v = ''vi''', 'i1'), ('SELECT * FROM Pair WHERE p > ''h''', 'i1 j7'), ('SELECT * FROM Pair WHERE c = 1', 'h1 i1'), ('SELECT * FROM Pair WHERE p = v', ''),
	('SELECT * FROM Pair.ByL WHERE p = ''h''', 'h4 h3 h2 h1'), ('SELECT * FROM "Pair"."ByL" WHERE p = ''h'' AND begins_with(l, ''l'') AND l > ''l6''', 'h2 h1'), ('SELECT * FROM Pair.ByL WHERE p = ''h'' AND l = ''l5''', 'h4'), ('SELECT * FROM Pair.ByG WHERE g = ''g'' AND c > 2', 'h4 h3'), ('SELECT * FROM Pair.ByG', 'h4 h3 h2 h1 j7'), ('SELECT * FROM Pair.Keys WHERE k = ''k1''', 'h1 h3'),
	('SELECT * FROM Pair WHERE p = ''h'' ORDER BY c DESC', 'h4 h3 h2 h1'), ('SELECT * FROM Pair WHERE p = ''h'' ORDER BY c ASC', 'h1 h2 h3 h4'), ('SELECT * FROM Pair WHERE p = ''h'' ORDER BY "c"', 'h1 h2 h3 h4'), ('SELECT * FROM Pair WHERE p IN [''h'', ''j'', ''i''] ORDER BY p DESC', 'j7 i1 h1 h2 h3 h4'), ('SELECT * FROM Pair WHERE p IN [''j'', ''h'', ''i''] ORDER BY p, c DESC', 'h4 h3 h2 h1 i1 j7'), ('SELECT * FROM Pair WHERE p = ''h'' AND c IN [3, 1, 2] ORDER BY c DESC', 'h3 h2 h1'), ('SELECT * FROM Pair.ByG WHERE g = ''g'' ORDER BY l DESC', 'h1 h2 h3 h4')) AS v(statement, keys);
SELECT is(pg_temp.run('SELECT * FROM Pair.Keys WHERE k = ''k1''') -> 'Items' -> 0, '{"p": {"S": "h"}, "c": {"N": "1"}, "k": {"S": "k1"}}', 'an index gives what it holds');
SELECT is(pg_temp.run('SELECT v FROM Pair.ByL WHERE p = ''h'' AND l = ''l5''') -> 'Items', '[{"v": {"S": "v4"}}]', 'columns');
SELECT is(pg_temp.run(statement, '{"ReturnConsumedCapacity": "INDEXES"}' || more::jsonb) -> 'ConsumedCapacity', capacity::jsonb, 'capacity of ' || statement || more)
FROM (VALUES
	('SELECT * FROM Pair WHERE p = ''zz'' AND c = 1', '{}', '{"TableName": "Pair", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}'), ('SELECT * FROM Pair WHERE p = ''h''', '{"ConsistentRead": true}', '{"TableName": "Pair", "CapacityUnits": 1.0, "Table": {"CapacityUnits": 1.0}}'), ('SELECT * FROM Pair.ByG WHERE g = ''g''', '{}', '{"TableName": "Pair", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.0}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 0.5}}}'),
	('INSERT INTO Pair VALUE {''p'': ''cap'', ''c'': 1, ''g'': ''q'', ''l'': ''r''}', '{}', '{"TableName": "Pair", "CapacityUnits": 3.0, "Table": {"CapacityUnits": 1.0}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1.0}}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1.0}}}'), ('DELETE FROM Pair WHERE p = ''cap'' AND c = 1', '{}', '{"TableName": "Pair", "CapacityUnits": 3.0, "Table": {"CapacityUnits": 1.0}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1.0}}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1.0}}}')) AS v(statement, more, capacity);

-- ---- pages
CREATE FUNCTION pg_temp.pages(statement text, size int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	reply jsonb := '{}';
	keys text := '';
	more jsonb := jsonb_build_object('Limit', size);
BEGIN
	LOOP
		reply := pg_temp.run(statement, more);
		keys := keys || coalesce((SELECT string_agg((item #>> '{p,S}') || (item #>> '{c,N}'), ' ') FROM jsonb_array_elements(reply -> 'Items') item), '');
		EXIT WHEN NOT reply ? 'NextToken';
		more := more || jsonb_build_object('NextToken', reply -> 'NextToken');
		keys := keys || '|';
	END LOOP;
	RETURN keys;
END $$;
SELECT is(pg_temp.pages(statement, size), keys, statement || ' by ' || size)
FROM (VALUES
	('SELECT * FROM Pair', 4, 'h1 h2 h3 h4|i1 j7'), ('SELECT * FROM Pair WHERE p = ''h''', 3, 'h1 h2 h3|h4'), ('SELECT * FROM Pair WHERE p = ''h''', 5, 'h1 h2 h3 h4'), ('SELECT * FROM Pair WHERE p = ''h'' AND v <> ''v2''', 2, 'h1|h3 h4|'), ('SELECT * FROM Pair WHERE p = ''h'' AND c = 1', 1, 'h1'), ('SELECT * FROM Pair WHERE p = ''h'' AND c IN [1, 2, 3]', 2, 'h1 h2|h3'), ('SELECT * FROM Pair WHERE p IN [''h'', ''i'', ''j'']', 3, 'h1 h2 h3|h4 i1 j7|'), ('SELECT * FROM Pair WHERE p IN [''h'', ''i''] ORDER BY p DESC, c DESC', 2, 'i1 h4|h3 h2|h1'), ('SELECT * FROM Pair.ByG WHERE g = ''g''', 3, 'h4 h3 h2|h1')) AS v(statement, size, keys);
SELECT is(pg_temp.run('SELECT v FROM Pair WHERE p = ''h''', '{"Limit": 2}') -> 'LastEvaluatedKey', '{"p": {"S": "h"}, "c": {"N": "2"}}', 'LastEvaluatedKey');
SELECT throws_ok(format('SELECT pg_temp.run(''SELECT * FROM Pair'', %L)', jsonb_build_object('NextToken', token)), 'YD001', 'ValidationException: Invalid NextToken', 'a token that is none: ' || token)
FROM (VALUES ('abc'), ('!'), (encode(decode(repeat('ab', 100), 'hex'), 'base64'))) AS v(token);
SELECT throws_ok(format('SELECT pg_temp.run(''SELECT * FROM Pair WHERE p = ''''h'''''', %L)', jsonb_build_object('NextToken', pg_temp.run('SELECT * FROM Pair', '{"Limit": 1}') -> 'NextToken')), 'YD001', 'ValidationException: NextToken does not match request', 'a token of another statement');
SELECT throws_ok(format('SELECT pg_temp.run(''SELECT * FROM Pair WHERE v <> ?'', %L)', '{"Parameters": [{"S": "y"}]}'::jsonb || jsonb_build_object('NextToken', pg_temp.run('SELECT * FROM Pair WHERE v <> ?', '{"Limit": 1, "Parameters": [{"S": "x"}]}') -> 'NextToken')), 'YD001', 'ValidationException: NextToken does not match request', 'a token of other parameters');
SELECT throws_ok(format('SELECT pg_temp.run(''SELECT * FROM Pair'', %L)', jsonb_build_object('NextToken', overlay(pg_temp.run('SELECT * FROM Pair', '{"Limit": 1}') ->> 'NextToken' placing 'AAAA' from 49))), 'YD001', 'ValidationException: Invalid NextToken', 'a token that somebody changed');

-- ---- OR and IN make branches, which must not read an item twice
SELECT throws_ok(format('SELECT pg_temp.run(%L)', 'SELECT * FROM ' || statement), 'YD001', 'ValidationException: Overlapping conditions with range keys are not supported in where clause', statement)
FROM (VALUES
	('Pair WHERE p = ''h'' AND v = ''v1'' OR p = ''h'' AND c = 2'), ('Pair WHERE p = ''h'' AND c = 2 OR p = ''h'' AND v = ''v1'''), ('Pair WHERE p = ''h'' OR p = ''h'' AND c > 2'), ('Pair WHERE p IN [''i'', ''h''] AND v = ''v1'' OR p = ''h'' AND c BETWEEN 1 AND 2'), ('Pair WHERE p = ''i'' OR p = ''h'' OR p = ''h'' AND c IN [1, 2]'), ('Pair.ByL WHERE p = ''h'' AND c = 1 OR p = ''h'' AND begins_with(l, ''l'')'),
	('Pair WHERE p IN [''h'', ''h'']'), ('Pair WHERE p = ''h'' OR p = ''h'''), ('Pair WHERE p = ''h'' AND c IN [1, 2, 1.0]'), ('Pair WHERE p = ''h'' AND (c > 0 OR c < 5)'), ('Pair WHERE p = ''h'' AND (c = 1 OR v = ''v1'')'), ('Pair WHERE p = ''h'' AND (c <= 2 OR c BETWEEN 2 AND 3)'), ('Pair WHERE p = ''h'' AND v = ''v1'' OR p = ''h'' AND v = ''v2'''), ('Hash WHERE p = ''h'' AND a = 1 OR p = ''h'' AND a = 2'), ('Pair.ByL WHERE p = ''h'' AND (begins_with(l, ''l'') OR l > ''l5'')'), ('Pair WHERE (p = ''h'' OR p IN [''i'', ''h'']) AND c = 1')) AS v(statement);
SELECT is(pg_temp.keys('SELECT * FROM ' || statement), keys, statement)
FROM (VALUES
	('Pair WHERE p = ''h'' AND c <> 1 OR p = ''h'' AND c = 1', 'h1 h2 h3 h4'), ('Pair WHERE p = ''h'' AND NOT c = 1 OR p = ''h'' AND c = 2', 'h2 h3 h4'), ('Pair WHERE p = ''h'' AND v = ''v1'' OR p = ''i'' AND c = 1', 'h1 i1'), ('Pair WHERE p = ''h'' AND (v = ''v1'' OR v = ''v2'')', 'h1 h2'), ('Pair WHERE p = ''h'' AND (c = 1 OR c > 1 AND c < 4)', 'h1 h2 h3'), ('Pair WHERE p = ''h'' AND (c < 2 OR c BETWEEN 2 AND 3)', 'h1 h2 h3'), ('Pair WHERE p = ''h'' AND (c > 5 AND c < 2 OR c = 3)', 'h3'), ('Pair WHERE (p = ''h'' OR p = ''i'') AND (c = 1 OR c = 2)', 'h1 h2 i1'), ('Pair WHERE p IN [''h'', ''i''] AND c IN [1, 2] AND v <> ''v2''', 'h1 i1'), ('Pair WHERE (p = ''h'' OR c = 1) AND v <> ''v2''', 'h1 h3 h4 i1'), ('Pair WHERE p = ''h'' AND p = ''i''', ''), ('Pair.ByL WHERE p = ''h'' AND (begins_with(l, ''l5'') OR l >= ''l6'' AND l < ''l7'')', 'h4 h3'), ('Pair WHERE p = ''h'' AND c = 1 OR p = ''h'' AND c = 2', 'h1 h2'), ('Pair WHERE v = ''v1'' OR p = ''h'' AND c = 2', 'h1 h2'),
	('Pair WHERE p = ''h'' ORDER BY c NULLS FIRST', 'h1 h2 h3 h4'), ('Pair WHERE p = ''h'' ORDER BY c DESC NULLS LAST', 'h4 h3 h2 h1'), ('Pair WHERE p = ''h'' ORDER BY p', 'h4 h3 h2 h1'), ('Pair WHERE p = ''h'' ORDER BY p, c', 'h1 h2 h3 h4'), ('Pair.Keys WHERE v = ''v1''', ''), ('Pair.Keys WHERE v IS MISSING AND p = ''h''', 'h2 h4 h1 h3')) AS v(statement, keys);
SELECT is(pg_temp.run('SELECT v FROM Pair WHERE p = ? AND c = ?', '{"Parameters": [{"S": "h"}, {"N": "2"}, {"S": "more"}]}') -> 'Items', '[{"v": {"S": "v2"}}]', 'more parameters than question marks are ignored');
SELECT is(pg_temp.run('SELECT * FROM Pair WHERE p IN [''h''] AND c IN (2)', '{"ReturnConsumedCapacity": "TOTAL"}') #>> '{ConsumedCapacity,CapacityUnits}', '0.5', 'IN with one element is an equality');
DO $$ BEGIN PERFORM dynamo.request('CreateTable', '{"TableName": "Multi", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "a", "AttributeType": "S"}, {"AttributeName": "b", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
	"GlobalSecondaryIndexes": [{"IndexName": "TwoHashes", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}, {"IndexName": "TwoRanges", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}, {"AttributeName": "c", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}]}');
END $$;
SELECT throws_ok(format('SELECT pg_temp.run(%L)', statement), 'YD001', 'ValidationException: PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.', statement)
FROM (VALUES ('SELECT * FROM Multi.TwoHashes'), ('SELECT * FROM Multi.TwoHashes WHERE a = ''x'' AND b = ''y'''), ('SELECT p FROM Multi.TwoRanges WHERE a = ''x''')) AS v(statement);
SELECT is(pg_temp.run('SELECT * FROM Multi'), '{"Items": []}', 'the table itself can be read');
SELECT throws_ok(format('SELECT pg_temp.run(%L)', statement), 'YD001', 'ValidationException: One or more parameter values were invalid: ' || message, 'a key that is too long: ' || left(statement, 60))
FROM (VALUES
	('SELECT * FROM Hash WHERE p = ''' || repeat('x', 2049) || '''', 'Size of hashkey has exceeded the maximum size limit of2048 bytes'), ('SELECT * FROM Hash WHERE p IN [''x'', ''' || repeat('x', 2049) || ''']', 'Size of hashkey has exceeded the maximum size limit of2048 bytes'), ('SELECT * FROM Pair.ByL WHERE p = ''h'' AND l > ''' || repeat('x', 1025) || '''', 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes'), ('SELECT * FROM Multi WHERE p = ''' || repeat('ä', 1025) || '''', 'Size of hashkey has exceeded the maximum size limit of2048 bytes'),
	('DELETE FROM Hash WHERE p = ''' || repeat('x', 2049) || '''', 'Size of hashkey has exceeded the maximum size limit of2048 bytes')) AS v(statement, message);
SELECT lives_ok(format('SELECT pg_temp.run(%L)', 'SELECT * FROM Pair.ByL WHERE p = ''' || repeat('x', 2048) || ''' AND l = ''' || repeat('x', 1024) || ''''), 'the longest keys');

-- ---- a token and the parameters it belongs to
CREATE FUNCTION pg_temp.page(parameter jsonb, token jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.run('SELECT * FROM Pair WHERE c <> ?', jsonb_build_object('Limit', 1, 'Parameters', jsonb_build_array(parameter)) || token) $$;
SELECT is(pg_temp.page(other, jsonb_build_object('NextToken', pg_temp.page(parameter) -> 'NextToken')) ? 'NextToken', true, other::text || ' is ' || parameter::text)
FROM (VALUES ('{"N": "100"}'::jsonb, '{"N": "1e2"}'::jsonb), ('{"N": "100"}', '{"N": "100.0"}'), ('{"S": "x"}', '{"S": "x"}'), ('{"B": "eA=="}', '{"B": "eA=="}'), ('{"NULL": true}', '{"NULL": true}')) AS v(parameter, other);
SELECT throws_ok(format('SELECT pg_temp.page(%L, %L)', other, jsonb_build_object('NextToken', pg_temp.page(parameter) -> 'NextToken')), 'YD001', 'ValidationException: NextToken does not match request', other::text || ' is not ' || parameter::text)
FROM (VALUES ('{"N": "100"}'::jsonb, '{"N": "101"}'::jsonb), ('{"N": "100"}', '{"S": "100"}'), ('{"S": "eA=="}', '{"B": "eA=="}'), ('{"L": [{"N": "1"}]}', '{"L": [{"N": "1"}]}'), ('{"M": {}}', '{"M": {}}')) AS v(parameter, other);

-- ---- refused reads
SELECT throws_ok(format('SELECT pg_temp.run(%L, %L)', statement, more), state, message, statement)
FROM (VALUES
	('SELECT * FROM Nope', '{}', 'YD004', 'ResourceNotFoundException: Requested resource not found'), ('SELECT * FROM Pair.Nope', '{}', 'YD001', 'ValidationException: The table does not have the specified index'), ('SELECT v FROM Pair.Keys WHERE k = ''k1''', '{}', 'YD001', 'ValidationException: One or more parameter values were invalid: Global secondary index Keys does not project [v]'), ('SELECT * FROM Pair.ByG', '{"ConsistentRead": true}', 'YD001', 'ValidationException: Strongly consistent read is not supported on Global Secondary Indexes'),
	('SELECT * FROM Pair.Keys WHERE k = ''k1'' AND v = ''v1''', '{}', 'YD001', 'ValidationException: One or more parameter values were invalid: Secondary index Keys does not project one or more filter attributes: [v]'), ('SELECT v FROM Pair WHERE ? IS MISSING', '{"Parameters": [{"S": "h"}]}', 'YD001', 'ValidationException: The left hand side argument to IS must be a Variable Reference, Literal, or Path'), ('DELETE FROM Hash WHERE p = null', '{}', 'YD001', 'ValidationException: Key value must be of type S, N, or B. Key name: p, Key type: NULL'),
	('SELECT * FROM Pair ORDER BY p', '{}', 'YD001', 'ValidationException: Must have WHERE clause in the statement when using ORDER BY clause.'), ('SELECT * FROM Pair WHERE v = ''x'' ORDER BY c', '{}', 'YD001', 'ValidationException: Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.'), ('SELECT * FROM Pair WHERE p = ''h'' ORDER BY v', '{}', 'YD001', 'ValidationException: Variable reference v in ORDER BY clause must be part of the primary key'), ('SELECT * FROM Pair WHERE p = ''h'' ORDER BY 1', '{}', 'YD001', 'ValidationException: Argument to ORDER BY must be of type VariableReference. Type: 1'), ('SELECT * FROM Pair WHERE p IN [''h'', ''i''] ORDER BY c', '{}', 'YD001', 'ValidationException: Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.'),
	('SELECT * FROM Pair WHERE p = 1', '{}', 'YD001', 'ValidationException: Key attribute''s data type should match its data type in table''s schema: Key p'), ('SELECT * FROM Pair WHERE p = ''''', '{}', 'YD001', 'ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'), ('SELECT * FROM Pair WHERE p.x = ''h''', '{}', 'YD001', 'ValidationException: Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p'), ('SELECT * FROM Pair WHERE p IN [''0''' || repeat(', ''1''', 50) || ']', '{}', 'YD001', 'ValidationException: Too many decomposed read operations for a given query.'), ('SELECT * FROM Pair WHERE p IN [''a'', ''b'', ''c'', ''d'', ''e'', ''f'', ''g'', ''h''] AND c IN [1, 2, 3, 4, 5, 6, 7]', '{}', 'YD001', 'ValidationException: Too many decomposed read operations for a given query.'),
	('SELECT * FROM Pair WHERE p = ?', '{}', 'YD001', 'ValidationException: Number of parameters in request and statement don''t match.'), ('SELECT * FROM Pair WHERE p = ?', '{"Parameters": [{"SS": []}]}', 'YD001', 'ValidationException: One or more parameter values were invalid: An string set  may not be empty'), ('EXISTS(SELECT * FROM Pair WHERE p = ''h'' AND c = 1)', '{}', 'YD001', 'ValidationException: EXISTS can only be used in ExecuteTransaction write requests.')) AS v(statement, more, state, message);

-- ---- INSERT
SELECT is(pg_temp.run('INSERT INTO "Hash" VALUE {''p'': ''new'', ''l'': [1, ''a'', {''z'': null}], ''s'': <<''b'', ''a''>>, ''n'': <<2, 1>>, ''t'': true, ''m'': {''q'': {}}, ''e'': '''', ''neg'': -1.50}'), '{"Items": []}', 'INSERT');
SELECT is(dynamo.get_item('Hash', '{"p": "new"}'), '{"p": "new", "l": [1, "a", {"z": null}], "s": {"$SS": ["a", "b"]}, "n": {"$NS": [1, 2]}, "t": true, "m": {"q": {}}, "e": "", "neg": -1.5}', 'all types of literals');
SELECT is(pg_temp.run('INSERT INTO Hash VALUE {''p'': ?, ''b'': ?}', '{"Parameters": [{"S": "par"}, {"BS": ["AA==", "AQ=="]}]}'), '{"Items": []}', 'parameters');
SELECT is(dynamo.get_item('Hash', '{"p": "par"}'), '{"p": "par", "b": {"$BS": ["AA==", "AQ=="]}}', 'are stored');
SELECT throws_ok($$SELECT pg_temp.run('INSERT INTO Hash VALUE {''p'': ''new'', ''x'': 1}')$$, 'YD019', 'DuplicateItemException: Duplicate primary key exists in table', 'a key that exists');
SELECT is(dynamo.get_item('Hash', '{"p": "new"}') ? 'x', false, 'is left alone');
SELECT throws_ok(format('SELECT pg_temp.run(%L)', statement), 'YD001', 'ValidationException: ' || message, statement)
FROM (VALUES
	('INSERT INTO Hash VALUE {''a'': 1}', 'Key attribute should be present in the item: Key p'), ('INSERT INTO Hash VALUE {''p'': 1}', 'Key attribute''s data type should match its data type in table''s schema: Key p'), ('INSERT INTO Hash VALUE {''p'': ''''}', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'), ('INSERT INTO Hash VALUE {''p'': ''n'', ''p'': ''o''}', 'Duplicate keys in tuple. Key: p under root at 1:35:3'), ('INSERT INTO Hash VALUE {p: ''n''}', 'Tuple keys must be of type String. Actual type: VariableReference under root at 1:25:1'), ('INSERT INTO Hash VALUE [1]', 'Unsupported format in item expression. Please use struct format {...} to express item values for insert statement. at 1:24:1'), ('INSERT INTO Hash <<{''p'': ''n''}>>', 'Unsupported operation: InsertOp'), ('INSERT INTO Hash VALUE {''p'': ''n''} RETURNING ALL OLD *', 'RETURNING is not supported in INSERT'), ('INSERT INTO Pair.ByG VALUE {''p'': ''n''}', 'FROM clause may only contain a single table name in data manipulation statements'), ('INSERT INTO Hash VALUE {''p'': ''n'', ''a'': b}', 'Unsupported data type: b under key root at 1:40:1'), ('INSERT INTO Hash VALUE {''p'': ''n'', ''a'': 1e200}', 'Number overflow. Attempting to store a number with magnitude larger than supported range under root'), ('INSERT INTO Pair VALUE {''p'': ''n'', ''c'': 1, ''g'': 1}', 'One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: ByG')) AS v(statement, message);

-- ---- UPDATE
SELECT is(pg_temp.changed(change), '{"a": 1, "s": {"$SS": ["a", "b"]}, "l": [1, 2, {"z": "q"}], "m": {"n": 5}}'::jsonb || different::jsonb, change)
FROM (VALUES
	('SET a = 5', '{"a": 5}'), ('SET a = 5, b = ''q''', '{"a": 5, "b": "q"}'), ('SET a = 5 SET b = ''q''', '{"a": 5, "b": "q"}'), ('SET a = a + 1', '{"a": 2}'), ('SET a = 5 - a', '{"a": 4}'), ('SET a = a + 1 + 1', '{"a": 3}'), ('SET b = a', '{"b": 1}'), ('SET a = if_not_exists(zz, 7) + 1', '{"a": 8}'), ('SET l = list_append(l, [4])', '{"l": [1, 2, {"z": "q"}, 4]}'), ('SET l = LIST_APPEND([0], l)', '{"l": [0, 1, 2, {"z": "q"}]}'), ('SET s = set_add(s, <<''c''>>)', '{"s": {"$SS": ["a", "b", "c"]}}'), ('SET n = set_add(n, <<1>>)', '{"n": {"$NS": [1]}}'), ('SET s = set_delete(s, <<''a''>>)', '{"s": {"$SS": ["b"]}}'), ('SET m.n = 9', '{"m": {"n": 9}}'), ('SET m[''x''] = {''y'': [<<1>>]}', '{"m": {"n": 5, "x": {"y": [{"$NS": [1]}]}}}'), ('SET l[1] = null', '{"l": [1, null, {"z": "q"}]}'), ('REMOVE l[0]', '{"l": [2, {"z": "q"}]}'), ('REMOVE m.n', '{"m": {}}'), ('REMOVE zz', '{}')) AS v(change, different);
SELECT is(pg_temp.changed('SET s = set_delete(s, <<''a'', ''b''>>) REMOVE a REMOVE l REMOVE m'), '{}', 'removals');
SELECT is(pg_temp.run('UPDATE Hash SET a = 5, m.n = 1 WHERE p = ''r'' ' || clause) -> 'Items', items::jsonb, 'RETURNING: ' || clause)
FROM (SELECT dynamo.put_item('Hash', '{"p": "r", "a": 1, "m": {"n": 0, "o": 0}}') IS NULL) AS x, LATERAL (VALUES
	('', '[]'), ('RETURNING MODIFIED NEW *', '[{"a": {"N": "5"}, "m": {"M": {"n": {"N": "1"}}}}]'), ('RETURNING ALL NEW *', '[{"p": {"S": "r"}, "a": {"N": "5"}, "m": {"M": {"n": {"N": "1"}, "o": {"N": "0"}}}}]'), ('RETURNING MODIFIED OLD *', '[{"a": {"N": "5"}, "m": {"M": {"n": {"N": "1"}}}}]'), ('returning all old *', '[{"p": {"S": "r"}, "a": {"N": "5"}, "m": {"M": {"n": {"N": "1"}, "o": {"N": "0"}}}}]')) AS v(clause, items);
SELECT throws_ok(format('SELECT pg_temp.run(%L)', statement), state, message, statement)
FROM (VALUES
	('UPDATE Hash SET a = 1 WHERE p = ''nope''', 'YD006', 'ConditionalCheckFailedException: The conditional request failed'), ('UPDATE Hash SET a = 1 WHERE p = ''r'' AND a = 2', 'YD006', 'ConditionalCheckFailedException: The conditional request failed'), ('UPDATE Hash SET a = 1', 'YD001', 'ValidationException: Where clause does not contain a mandatory equality on all key attributes'), ('UPDATE Pair SET v = 1 WHERE p = ''h''', 'YD001', 'ValidationException: Where clause does not contain a mandatory equality on all key attributes'), ('UPDATE Pair SET v = 1 WHERE p = ''h'' AND c > 1', 'YD001', 'ValidationException: Where clause does not contain a mandatory equality on all key attributes'), ('UPDATE Pair SET v = 1 WHERE p = ''h'' AND c = 1 OR v = 1', 'YD001', 'ValidationException: Where clause does not contain a mandatory equality on all key attributes'), ('UPDATE Pair SET v = 1 WHERE p IN [''h'', ''i''] AND c = 1', 'YD001', 'ValidationException: Where clause does not contain a mandatory equality on all key attributes'), ('UPDATE Pair SET v = 1 WHERE p IN [''nope''] AND c = 1', 'YD006', 'ConditionalCheckFailedException: The conditional request failed'), ('UPDATE Pair SET v = 1 WHERE p = ''h'' AND c = 1 AND c = 2', 'YD001', 'ValidationException: Multiple conditions on same key c. Only single item Update/Insert/Delete are supported'), ('UPDATE Pair SET v = 1 WHERE p = 1 AND c = 1', 'YD001', 'ValidationException: Key attribute''s data type should match its data type in table''s schema: Key p'), ('UPDATE Pair.ByG SET v = 1 WHERE p = ''h'' AND c = 1', 'YD001', 'ValidationException: This operation is not supported on an index'), ('UPDATE Hash SET p = ''y'' WHERE p = ''r''', 'YD001', 'ValidationException: One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key'),
	('UPDATE Hash SET a = a * 2 WHERE p = ''r''', 'YD001', 'ValidationException: Unsupported operator in Update Expression. Operator: *'), ('UPDATE Hash SET a = zz WHERE p = ''r''', 'YD001', 'ValidationException: The provided expression refers to an attribute that does not exist in the item'), ('UPDATE Hash SET a = m + 1 WHERE p = ''r''', 'YD001', 'ValidationException: An operand in the update expression has an incorrect data type'), ('UPDATE Hash SET a = size(m) WHERE p = ''r''', 'YD001', 'ValidationException: The function is not allowed in an update expression; function: size'), ('UPDATE Hash SET s = set_add(t, <<1>>) WHERE p = ''r''', 'YD001', 'ValidationException: The first argument to SET_ADD must equal the assignment value at 1:21:7'), ('UPDATE Hash SET s = set_add(s, 1) WHERE p = ''r''', 'YD001', 'ValidationException: The second argument to SET_ADD must be a value with type SET at 1:29:1'), ('UPDATE Hash SET s = set_delete(s) WHERE p = ''r''', 'YD001', 'ValidationException: SET_DELETE must have exactly two arguments at 1:21:10'), ('UPDATE Hash SET m = 1, m.n = 2 WHERE p = ''r''', 'YD001', 'ValidationException: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, n], path two: [m]'), ('UPDATE Hash SET a = b IS MISSING WHERE p = ''r''', 'YD001', 'ValidationException: IS operator is not supported in update expressions'), ('UPDATE Hash SET a = 1 WHERE p = ''r'' RETURNING ALL OLD a', 'YD001', 'ValidationException: Expected ''*'' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause')) AS v(statement, state, message);

-- ---- DELETE
SELECT is(pg_temp.run('DELETE FROM Hash WHERE p = ''r'' AND a = 5 RETURNING ALL OLD *') #> '{Items,0,a}', '{"N": "5"}', 'DELETE on a condition');
SELECT is(pg_temp.run('DELETE FROM Hash WHERE p = ''r'' AND a = 5 RETURNING ALL OLD *'), '{"Items": []}', 'an item that is not there meets any condition');
SELECT throws_ok(format('SELECT pg_temp.run(%L)', statement), state, message, statement)
FROM (VALUES
	('DELETE FROM Hash WHERE p = ''new'' AND t = false', 'YD006', 'ConditionalCheckFailedException: The conditional request failed'), ('DELETE FROM Hash', 'YD001', 'ValidationException: Where clause does not contain a mandatory equality on all key attributes'), ('DELETE FROM Hash WHERE p = ''new'' RETURNING MODIFIED NEW *', 'YD001', 'ValidationException: Invalid returning clause: RETURNING MODIFIED NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.'), ('DELETE FROM Nope WHERE p = ''new''', 'YD004', 'ResourceNotFoundException: Requested resource not found')) AS v(statement, state, message);

-- ---- who may
CREATE ROLE reader;
GRANT USAGE ON SCHEMA dynamo, dynamo_tables TO reader;
GRANT SELECT ON dynamo_tables."Hash" TO reader;
SET LOCAL ROLE reader;
SELECT lives_ok($$SELECT dynamo.request('ExecuteStatement', '{"Statement": "SELECT * FROM Hash"}')$$, 'SELECT needs SELECT');
SELECT throws_like($$SELECT dynamo.request('ExecuteStatement', '{"Statement": "DELETE FROM Hash WHERE p = ''new''"}')$$, 'AccessDeniedException: %not authorized to perform: dynamodb:PartiQLDelete on resource: %table/Hash%', 'DELETE needs DELETE');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
