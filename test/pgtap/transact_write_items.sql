-- TransactWriteItems: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
BEGIN;
SELECT plan(126);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N", "g": "N"}', global_indexes => '{"ByG": {"hash_key": "g"}}', local_indexes => '{"ByL": {"range_key": "l"}}');
END $$;
CREATE FUNCTION pg_temp.write(items jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT dynamo.request('TransactWriteItems', jsonb_build_object('TransactItems', items) || more) $$;
CREATE FUNCTION pg_temp.put(p text, item jsonb DEFAULT '{}', more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('Put', jsonb_build_object('TableName', 'Hash', 'Item', jsonb_build_object('p', jsonb_build_object('S', p)) || item) || more) $$;
CREATE FUNCTION pg_temp.on_key(action text, p text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object(action, jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', jsonb_build_object('S', p))) || more) $$;
CREATE FUNCTION pg_temp.update(p text, expression text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.on_key('Update', p, jsonb_build_object('UpdateExpression', expression) || more) $$;
CREATE FUNCTION pg_temp.check(p text, condition text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.on_key('ConditionCheck', p, jsonb_build_object('ConditionExpression', condition) || more) $$;
CREATE FUNCTION pg_temp.list(VARIADIC items jsonb[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT to_jsonb(items) $$;
CREATE FUNCTION pg_temp.items() RETURNS jsonb LANGUAGE sql AS $$ SELECT coalesce(jsonb_object_agg(p, item - 'p'), '{}') FROM dynamo_tables."Hash" $$;
-- [reasons' codes in the message, the list of reasons]
CREATE FUNCTION pg_temp.cancelled(items jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE detail text; message text; state text;
BEGIN
	PERFORM pg_temp.write(items, more);
	RETURN 'null';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, message = MESSAGE_TEXT, state = RETURNED_SQLSTATE;
	IF state <> 'YD012' THEN RETURN to_jsonb(state || ' ' || message); END IF;
	RETURN detail::jsonb -> 'CancellationReasons' || to_jsonb(message);
END $$;
CREATE FUNCTION pg_temp.codes(items jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(r ->> 'Code', ' ' ORDER BY n) FROM jsonb_array_elements(pg_temp.cancelled(items) - -1) WITH ORDINALITY AS x(r, n) $$;

-- the four actions
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('a', '{"v": {"N": "1"}}'), pg_temp.put('b'), pg_temp.put('c'))), '{}', 'three puts; the whole reply');
SELECT is(pg_temp.items(), '{"a": {"v": 1}, "b": {}, "c": {}}', 'are there');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('d'), pg_temp.update('a', 'SET v = v + :one', '{"ExpressionAttributeValues": {":one": {"N": "1"}}}'), pg_temp.on_key('Delete', 'b'), pg_temp.check('c', 'attribute_exists(p)'))), '{}', 'one of each kind');
SELECT is(pg_temp.items(), '{"a": {"v": 2}, "c": {}, "d": {}}', 'each does its work, and the check nothing');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('a', '{"w": {"S": "x"}}'), pg_temp.update('e', 'SET #v = :v', '{"ExpressionAttributeNames": {"#v": "v"}, "ExpressionAttributeValues": {":v": {"S": "new"}}}'), pg_temp.on_key('Delete', 'nothing'), pg_temp.update('g', 'REMOVE x'), pg_temp.check('h', 'attribute_not_exists(p)'))), '{}', 'a put replaces, an update makes, missing items are fine');
SELECT is(pg_temp.items(), '{"a": {"w": "x"}, "c": {}, "d": {}, "e": {"v": "new"}}', 'and nothing else came of it');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('z'), '{"Put": {"TableName": "Pair", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"N": "5"}}}}', '{"Delete": {"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/Pair", "Key": {"p": {"S": "a"}, "c": {"N": "2"}}}}')), '{}', 'two tables, one by its ARN');
SELECT is((SELECT count(*)::int FROM dynamo.query('Pair', 'g = :g', attribute_values => '{":g": 5}', index_name => 'ByG')), 1, 'indexes follow');
SELECT is(pg_temp.write((SELECT jsonb_agg(pg_temp.put('k' || i)) FROM generate_series(1, 100) AS i)), '{}', 'a hundred');
SELECT is((SELECT count(*)::int FROM dynamo_tables."Hash" WHERE p LIKE 'k%'), 100, 'at once');
SELECT is(pg_temp.write((SELECT jsonb_agg(pg_temp.on_key('Delete', 'k' || i)) FROM generate_series(1, 100) AS i)), '{}', 'and away');

-- conditions
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.put('n1'), pg_temp.put('n2', '{}', '{"ConditionExpression": "attribute_not_exists(p)"}'), pg_temp.check('n3', 'attribute_exists(p)'), pg_temp.put('n4', '{}', '{"ConditionExpression": "attribute_exists(p)"}'))),
	'[{"Code": "None"}, {"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
	"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, ConditionalCheckFailed, ConditionalCheckFailed]"]', 'every failed condition has its reason');
SELECT ok(NOT pg_temp.items() ?| ARRAY['n1', 'n2', 'n3', 'n4'], 'and nothing is written');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.put('a', '{}', '{"ConditionExpression": "attribute_not_exists(p)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), pg_temp.check('e', 'v = :v', '{"ExpressionAttributeValues": {":v": {"S": "other"}}}'))) - -1,
	'[{"Code": "ConditionalCheckFailed", "Message": "The conditional request failed", "Item": {"p": {"S": "a"}, "w": {"S": "x"}}}, {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}]', 'ALL_OLD shows the item, for the action that asks');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.check('nothing', 'attribute_exists(p)', '{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'))) - -1, '[{"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}]', 'where there is one');
SELECT is(pg_temp.codes(pg_temp.list(pg_temp.on_key('Delete', 'a', '{"ConditionExpression": "w = :w", "ExpressionAttributeValues": {":w": {"S": "y"}}}'), pg_temp.update('c', 'SET x = :x', '{"ConditionExpression": "attribute_exists(p)", "ExpressionAttributeValues": {":x": {"S": "y"}}}'))), 'ConditionalCheckFailed None', 'delete and update have conditions, too');

-- what cannot be done to an item is a reason
SELECT is(pg_temp.cancelled(pg_temp.list('{"Put": {"TableName": "Hash", "Item": {"p": {"N": "7"}}}}', '{"Put": {"TableName": "Hash", "Item": {"p": {"N": "8"}}}}', pg_temp.check('n', 'attribute_exists(p)'))),
	'[{"Code": "ValidationError", "Message": "One or more parameter values were invalid: Type mismatch for key p expected: S actual: N"}, {"Code": "None"}, {"Code": "None"},
	"TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError, None, None]"]', 'a key of another type: the first one alone, and no condition is looked at');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.put('a'), '{"Put": {"TableName": "Hash", "Item": {"q": {"S": "x"}}}}')) - -1, '[{"Code": "None"}, {"Code": "ValidationError", "Message": "One or more parameter values were invalid: Missing the key p in the item"}]', 'an item without its key');
SELECT is(pg_temp.cancelled(pg_temp.list('{"Delete": {"TableName": "Hash", "Key": {"p": {"S": "a"}, "q": {"S": "a"}}}}')) - -1, '[{"Code": "ValidationError", "Message": "The provided key element does not match the schema"}]', 'a key with too much');
-- but an empty key is no reason: the transaction does not begin
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.put('n'), pg_temp.on_key('Delete', ''))), '"YD001 ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"', 'an empty key');
SELECT is(pg_temp.cancelled(pg_temp.list('{"Put": {"TableName": "Hash", "Item": {"p": {"S": ""}}}}')) #>> '{}', 'YD001 ValidationException: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p', 'of an item');
SELECT is(pg_temp.cancelled(pg_temp.list('{"Put": {"TableName": "Pair", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "l": {"S": ""}}}}')) #>> '{}',
	'YD001 ValidationException: One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ByL, IndexKey: l', 'of an index');
SELECT is(pg_temp.cancelled('[{"Update": {"TableName": "Pair", "Key": {"p": {"S": "a"}, "c": {"N": "1"}}, "UpdateExpression": "SET l = :l", "ExpressionAttributeValues": {":l": {"S": ""}}}}]') #>> '{}',
	'YD001 ValidationException: One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.', 'that an update sets');
SELECT is(pg_temp.cancelled('[{"Update": {"TableName": "Pair", "Key": {"p": {"S": "a"}, "c": {"N": "1"}}, "UpdateExpression": "SET x = :x, l = if_not_exists(y, :x)", "ExpressionAttributeValues": {":x": {"N": "1"}}}}]') -> 0 ->> 'Message',
	'The update expression attempted to update the secondary index key to unsupported type', 'an index key of another type that is computed');
-- names and values without an expression, and legacy parameters, go by unseen
SELECT is(pg_temp.write('[{"Put": {"TableName": "Hash", "Item": {"p": {"S": "unseen"}}, "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":a": {"N": "1"}}}}]'), '{}', 'names and values without an expression');
SELECT is(pg_temp.write('[{"Delete": {"TableName": "Hash", "Key": {"p": {"S": "unseen"}}, "Expected": {"p": {"Exists": false}}}}]'), '{}', 'Expected');
SELECT is(pg_temp.cancelled('[{"Put": {"TableName": "Hash", "Item": {"p": {"S": "a"}}, "ConditionExpression": "a = b", "ExpressionAttributeNames": {"#a": "a"}}}]') #>> '{}',
	'YD001 ValidationException: Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}', 'a name that the condition does not use');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.update('a', 'SET p = :p', '{"ExpressionAttributeValues": {":p": {"S": "x"}}}'))) -> 0 ->> 'Message', 'One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key', 'an update of the key');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.update('a', 'SET x = p.y'))) -> 0 ->> 'Message', 'Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p', 'a path into the key');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.check('a', 'attribute_exists(p[0])'))) -> 0 ->> 'Message', 'Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p', 'in a condition, too');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.put('n'), pg_temp.update('a', 'SET x = y'))) - -1, '[{"Code": "None"}, {"Code": "ValidationError", "Message": "The provided expression refers to an attribute that does not exist in the item"}]', 'an update that cannot be done');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.update('a', 'SET w = w + :one', '{"ExpressionAttributeValues": {":one": {"N": "1"}}}'))) -> 0 ->> 'Message', 'An operand in the update expression has an incorrect data type', 'an operand of the wrong type');
SELECT is(pg_temp.codes(pg_temp.list(pg_temp.check('n', 'attribute_exists(p)'), pg_temp.update('a', 'SET x = y'))), 'ConditionalCheckFailed ValidationError', 'of what a condition stops, updates are judged as well');
SELECT is(pg_temp.codes(pg_temp.list(pg_temp.update('a', 'SET x = y'), pg_temp.put('n'), pg_temp.update('c', 'SET x = y'))), 'ValidationError None ValidationError', 'every update that fails has its reason');
SELECT is(pg_temp.cancelled(pg_temp.list('{"Put": {"TableName": "Pair", "Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"S": "x"}}}}')) -> 0 ->> 'Message', 'One or more parameter values were invalid: Type mismatch for Index Key g Expected: N Actual: S IndexName: ByG', 'an index key of another type');
DO $$ BEGIN PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'big', 'x', repeat('x', 300000))); END $$;
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.update('big', 'SET y = :y', jsonb_build_object('ExpressionAttributeValues', jsonb_build_object(':y', jsonb_build_object('S', repeat('y', 200000))))))) -> 0 ->> 'Message', 'Item size to update has exceeded the maximum allowed size', 'an item that would be too large');
SELECT ok(NOT pg_temp.items() ? 'n', 'nothing of all this is written');

-- requests that are refused as a whole
SELECT throws_ok($$SELECT pg_temp.write('[{}]')$$, 'YD001', 'ValidationException: Invalid Request: TransactWriteRequest should contain Delete or Put or Update request', 'an element without an action');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a') || pg_temp.on_key('Delete', 'a')))$$, 'YD001', 'ValidationException: TransactItems can only contain one of Check, Put, Update or Delete', 'an element with two');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a'), pg_temp.put('a')))$$, 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item', 'one item twice');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.check('a', 'attribute_exists(p)'), pg_temp.put('b'), pg_temp.on_key('Delete', 'a')))$$, 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item', 'a check counts');
SELECT throws_ok($$SELECT pg_temp.write('[{"Delete": {"TableName": "Pair", "Key": {"p": {"S": "a"}, "c": {"N": "1"}}}}, {"Delete": {"TableName": "Pair", "Key": {"p": {"S": "a"}, "c": {"N": "1.0"}}}}]')$$, 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item', 'numbers are compared by value');
SELECT lives_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a'), '{"Put": {"TableName": "Pair", "Item": {"p": {"S": "a"}, "c": {"N": "1"}}}}'))$$, 'one key in two tables is fine');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a'), '{"Put": {"TableName": "Nope", "Item": {"p": {"S": "a"}}}}'))$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list('{"Put": {"TableName": "Hash", "Item": {"p": {"N": "1"}}}}', '{"Put": {"TableName": "Nope", "Item": {"p": {"S": "a"}}}}'))$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'comes before a key of the wrong type');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a'), pg_temp.put('a'), '{"Put": {"TableName": "Nope", "Item": {"p": {"S": "a"}}}}'))$$, 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item', 'duplicates before a missing table');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list('{"Put": {"TableName": "Nope", "Item": {"p": {"S": "x"}}}}', pg_temp.check('a', 'hello!')))$$, 'YD001', 'ValidationException: Invalid ConditionExpression: Syntax error; token: "!", near: "hello!"', 'expressions before tables');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a', '{}', '{"ConditionExpression": "attribute_exists(#x)"}')))$$, 'YD001', 'ValidationException: Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #x', 'an undefined name');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a', '{"x": {"SS": []}}')))$$, 'YD001', 'ValidationException: One or more parameter values were invalid: An string set  may not be empty', 'a value that is none');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a', jsonb_build_object('x', jsonb_build_object('S', repeat('x', 410000))))))$$, 'YD001', 'ValidationException: Item size has exceeded the maximum allowed size', 'an item that is too large');
SELECT throws_ok($$SELECT pg_temp.write((SELECT jsonb_agg(pg_temp.put('k' || i, jsonb_build_object('x', jsonb_build_object('S', repeat('x', 100000))))) FROM generate_series(10, 60) AS i))$$, 'YD001', 'ValidationException: Transaction payload size cannot exceed 4MB. Payload Size: 4200210', 'more than 4 MB');
SELECT lives_ok($$SELECT pg_temp.write((SELECT jsonb_agg(pg_temp.put('k' || i, jsonb_build_object('x', jsonb_build_object('S', repeat('x', 100000))))) FROM generate_series(10, 50) AS i))$$, 'less is fine');
SELECT throws_like($$SELECT pg_temp.write((SELECT jsonb_agg(pg_temp.put('k' || i)) FROM generate_series(1, 101) AS i))$$, 'ValidationException: 1 validation error detected: Value %transactItems% failed to satisfy constraint: Member must have length less than or equal to 100', 'a hundred and one');
SELECT throws_like($$SELECT pg_temp.write('[]')$$, '%Value ''[]'' at ''transactItems'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'none');
SELECT throws_like($$SELECT pg_temp.write(pg_temp.list(pg_temp.on_key('ConditionCheck', 'a')))$$, 'ValidationException: 1 validation error detected: Value null at ''transactItems.1.member.conditionCheck.conditionExpression'' failed to satisfy constraint: Member must not be null', 'a check without a condition');
SELECT throws_like($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('a', '{}', '{"ReturnValuesOnConditionCheckFailure": "none"}')))$$, 'ValidationException: 1 validation error detected: %returnValuesOnConditionCheckFailure%', 'a choice that there is not');

-- nesting: a value that is only compared may be one level deeper than one that is stored, since it is inside no item
CREATE FUNCTION pg_temp.lists(n int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('ExpressionAttributeValues', jsonb_build_object(':v', (repeat('{"L": [', n) || '{"S": "x"}' || repeat(']}', n))::jsonb)) $$;
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.check('a', 'x = :v', pg_temp.lists(32)))) - -1, '[{"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}]', '32 levels are compared');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.check('a', 'x <> :v', pg_temp.lists(32)))), '{}', 'in earnest');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.update('deep', 'SET v = :v', pg_temp.lists(31)))), '{}', '31 are stored');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.put('n'), pg_temp.update('deep', 'SET v = :v', pg_temp.lists(32)))) - -1, '[{"Code": "None"}, {"Code": "ValidationError", "Message": "Nesting Levels have exceeded supported limits"}]', '32 are not, which is a reason');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.check('a', 'x <> :v', pg_temp.lists(33))))$$, 'YD001', 'ValidationException: ExpressionAttributeValues contains invalid value: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit for key :v', '33 are too many anywhere');
-- in one item: its own names, then nesting, then names inside; of a key too deep only after the expressions
CREATE FUNCTION pg_temp.deep(levels int DEFAULT 40) RETURNS jsonb LANGUAGE sql AS $$ SELECT (repeat('{"L": [', levels) || '{"S": "x"}' || repeat(']}', levels))::jsonb $$;
SELECT throws_ok(format('SELECT pg_temp.write(pg_temp.list(pg_temp.put(''a'', %L, %L)))', item, more), 'YD001', 'ValidationException: ' || message, format('%s: %s', message, left(item::text, 60))) FROM (VALUES
	(jsonb_build_object('', '{"S": "x"}'::jsonb, 'd', pg_temp.deep()), '{}'::jsonb, 'Empty attribute name'),
	(jsonb_build_object('d', pg_temp.deep(), 'm', '{"M": {"": {"S": "x"}}}'::jsonb), '{}', 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit'),
	(jsonb_build_object('a', '{"M": {"": {"S": "x"}}}'::jsonb, 'd', pg_temp.deep()), '{}', 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit'),
	(jsonb_build_object('d', pg_temp.deep()), '{"ConditionExpression": "a b"}', 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit'),
	(jsonb_build_object('a', '{"M": {"": {"S": "x"}}}'::jsonb), '{}', 'Empty attribute name')) AS v(item, more, message);
SELECT throws_ok(format('SELECT pg_temp.write(%L)', jsonb_build_array(jsonb_build_object(action, jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', pg_temp.deep(levels))) || more::jsonb))), 'YD001', 'ValidationException: ' || message, format('%s, %s levels: %s', action, levels, message))
FROM unnest('{32,100}'::int[]) AS levels, (VALUES
	('Delete', '{"ConditionExpression": "a b"}', 'Invalid ConditionExpression: Syntax error; token: "b", near: "a b"'),
	('Update', '{"UpdateExpression": "SET a b"}', 'Invalid UpdateExpression: Syntax error; token: "b", near: "a b"'),
	('ConditionCheck', '{"ConditionExpression": "a b"}', 'Invalid ConditionExpression: Syntax error; token: "b", near: "a b"'),
	('Delete', '{}', 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit')) AS v(action, more, message);

-- request tokens
SELECT is(pg_temp.write(pg_temp.list(pg_temp.update('n', 'ADD x :x', '{"ExpressionAttributeValues": {":x": {"N": "1"}}}')), '{"ClientRequestToken": "t1"}'), '{}', 'a request with a token');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.update('n', 'ADD x :x', '{"ExpressionAttributeValues": {":x": {"N": "1"}}}')), '{"ClientRequestToken": "t1"}'), '{}', 'and once more');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.update('n', 'ADD x :x', '{"ExpressionAttributeValues": {":x": {"N": "1"}}}')), '{"ClientRequestToken": "t1", "ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 2, "ReadCapacityUnits": 2}]', 'it costs a read');
SELECT is(pg_temp.items() #>> '{n,x}', '1', 'is done once');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('n')), '{"ClientRequestToken": "t1"}')$$, 'YD015', 'IdempotentParameterMismatchException: Specified idempotent token was used with different request parameters within the idempotency window', 'another request under the token');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('n'), pg_temp.put('n')), '{"ClientRequestToken": "t1"}')$$, 'YD015', NULL, 'which is noticed before duplicates');
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.check('n', 'hello!')), '{"ClientRequestToken": "t1"}')$$, 'YD001', NULL, 'and after expressions');
SELECT is(pg_temp.cancelled(pg_temp.list(pg_temp.check('nothing', 'attribute_exists(p)')), '{"ClientRequestToken": "t2"}') -> 0 ->> 'Code', 'ConditionalCheckFailed', 'a request that fails');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('t2')), '{"ClientRequestToken": "t2"}'), '{}', 'does not use its token up');
-- a replay costs the reads of what the request was charged for, the larger of old and new, whatever there is now; twice, as in any transaction
CREATE FUNCTION pg_temp.costs(items jsonb, token text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.write(items, jsonb_build_object('ClientRequestToken', token, 'ReturnConsumedCapacity', 'TOTAL')) -> 'ConsumedCapacity' $$;
DO $$ BEGIN
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', p, 'x', repeat('x', 9000))) FROM unnest('{nine,shrinks,checked}'::text[]) AS p;
	PERFORM dynamo.put_item('Pair', jsonb_build_object('p', 'nine', 'c', 1, 'x', repeat('x', 5000)));
END $$;
SELECT is(pg_temp.costs(pg_temp.list(pg_temp.on_key('Delete', 'nine')), 'c1'), '[{"TableName": "Hash", "CapacityUnits": 18, "WriteCapacityUnits": 18}]', 'a deleted item of 9 KB')
	|| E'\n' || is(pg_temp.costs(pg_temp.list(pg_temp.on_key('Delete', 'nine')), 'c1'), '[{"TableName": "Hash", "CapacityUnits": 6, "ReadCapacityUnits": 6}]', 'and its replay');
SELECT is(pg_temp.costs(pg_temp.list(pg_temp.put('grows', jsonb_build_object('x', jsonb_build_object('S', repeat('x', 9000))))), 'c2'), '[{"TableName": "Hash", "CapacityUnits": 18, "WriteCapacityUnits": 18}]', 'a new item of 9 KB')
	|| E'\n' || is(pg_temp.costs(pg_temp.list(pg_temp.put('grows', jsonb_build_object('x', jsonb_build_object('S', repeat('x', 9000))))), 'c2'), '[{"TableName": "Hash", "CapacityUnits": 6, "ReadCapacityUnits": 6}]', 'and its replay');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.on_key('Delete', 'grows'))), '{}', 'which is gone by now')
	|| E'\n' || is(pg_temp.costs(pg_temp.list(pg_temp.put('grows', jsonb_build_object('x', jsonb_build_object('S', repeat('x', 9000))))), 'c2'), '[{"TableName": "Hash", "CapacityUnits": 6, "ReadCapacityUnits": 6}]', 'but costs the same');
CREATE FUNCTION pg_temp.several() RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.list(pg_temp.put('nobody'), pg_temp.update('shrinks', 'REMOVE x'), '{"Delete": {"TableName": "Pair", "Key": {"p": {"S": "nine"}, "c": {"N": "1"}}}}', pg_temp.check('checked', 'attribute_exists(p)')) $$;
SELECT is(pg_temp.write(pg_temp.several(), '{"ClientRequestToken": "c3"}'), '{}', 'several items');
SELECT is(pg_temp.costs(pg_temp.several(), 'c3'), '[{"TableName": "Hash", "CapacityUnits": 14, "ReadCapacityUnits": 14}, {"TableName": "Pair", "CapacityUnits": 4, "ReadCapacityUnits": 4}]', 'and their replay');
UPDATE dynamo.request_tokens SET item_sizes = NULL WHERE token = 'c3';
SELECT is(pg_temp.costs(pg_temp.several(), 'c3'), '[{"TableName": "Hash", "CapacityUnits": 6, "ReadCapacityUnits": 6}, {"TableName": "Pair", "CapacityUnits": 2, "ReadCapacityUnits": 2}]', 'a token without sizes costs the least');
UPDATE dynamo.request_tokens SET created = created - interval '601 s' WHERE token = 'c1';
SELECT is((SELECT jsonb_agg(pg_temp.costs(pg_temp.list(pg_temp.on_key('Delete', 'nine')), 'c1') #> '{0,CapacityUnits}') FROM generate_series(1, 2)), '[2, 2]', 'a token taken anew forgets the old sizes');
DELETE FROM dynamo.request_tokens WHERE token LIKE 'c%';
-- a member with its default value is one that is left out
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('n', '{"x": {"N": "1"}}'), pg_temp.check('a', 'attribute_exists(p)')), '{"ClientRequestToken": "d1"}'), '{}', 'a request without the members');
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('n', '{"x": {"N": "1"}}', put), pg_temp.check('a', 'attribute_exists(p)', checks)), '{"ClientRequestToken": "d1"}' || more), '{}', format('is the same with %s %s %s', put, checks, more))
FROM (VALUES ('{"ReturnValuesOnConditionCheckFailure": "NONE"}'::jsonb, '{}'::jsonb, '{}'::jsonb), ('{}', '{"ReturnValuesOnConditionCheckFailure": "NONE"}', '{}'), ('{"ConditionExpression": null, "ExpressionAttributeNames": null}', '{"ReturnValuesOnConditionCheckFailure": null}', '{}'),
	('{}', '{}', '{"ReturnConsumedCapacity": "NONE", "ReturnItemCollectionMetrics": "NONE"}')) AS v(put, checks, more);
SELECT throws_ok(format('SELECT pg_temp.write(pg_temp.list(pg_temp.put(''n'', %L, %L), pg_temp.check(''a'', ''attribute_exists(p)'')), ''{"ClientRequestToken": "d1"}'')', item, more), 'YD015', NULL, format('but another with %s %s', item, more))
FROM (VALUES ('{"x": {"N": "1"}}', '{"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), ('{"x": {"N": "1"}, "ReturnValuesOnConditionCheckFailure": {"S": "NONE"}}', '{}'), ('{"x": {"N": "1"}, "y": {"NULL": true}}', '{}')) AS v(item, more);
DELETE FROM dynamo.request_tokens WHERE token = 'd1';
UPDATE dynamo.request_tokens SET created = created - interval '599 s' WHERE token = 't1';
SELECT throws_ok($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('n')), '{"ClientRequestToken": "t1"}')$$, 'YD015', NULL, 'a token is kept for ten minutes');
UPDATE dynamo.request_tokens SET created = created - interval '2 s' WHERE token = 't1';
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('n', '{"x": {"N": "5"}}')), '{"ClientRequestToken": "t1"}'), '{}', 'and no longer');
SELECT is(pg_temp.items() #>> '{n,x}', '5', 'so the request is a new one');
UPDATE dynamo.request_tokens SET created = created - interval '601 s' WHERE token = 't1';
SELECT is(dynamo.run_worker('request_tokens'), false, 'the scheduler''s job');
SELECT is((SELECT array_agg(token) FROM dynamo.request_tokens), '{t2}', 'forgets old tokens');
SELECT throws_like($$SELECT pg_temp.write(pg_temp.list(pg_temp.put('n')), jsonb_build_object('ClientRequestToken', repeat('t', 37)))$$, '%Value ''ttttttttttttttttttttttttttttttttttttt'' at ''clientRequestToken'' failed to satisfy constraint: Member must have length less than or equal to 36', 'a token has 36 characters at most');
CREATE ROLE transact_other;
GRANT ALL ON dynamo_tables."Hash" TO transact_other;
SET LOCAL ROLE transact_other;
SELECT lives_ok($$SELECT dynamo.transact_write_items('[{"put": {"table": "Hash", "item": {"p": "other"}}}]', 't2')$$, 'each role has its own tokens');
SELECT throws_ok($$SELECT * FROM dynamo.request_tokens$$, '42501', NULL, 'and cannot see any');
RESET ROLE;

-- privileges, action by action
REVOKE DELETE ON dynamo_tables."Hash" FROM transact_other;
SET LOCAL ROLE transact_other;
SELECT throws_ok($$SELECT dynamo.transact_write_items('[{"put": {"table": "Hash", "item": {"p": "other"}}}, {"delete": {"table": "Hash", "key": {"p": "a"}}}]')$$, 'YD105', 'AccessDeniedException: User: arn:aws:iam::000000000000:user/transact_other is not authorized to perform: dynamodb:TransactWriteItems on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Hash because no identity-based policy allows the dynamodb:TransactWriteItems action', 'deletes take DELETE');
SELECT lives_ok($$SELECT dynamo.transact_write_items('[{"put": {"table": "Hash", "item": {"p": "other"}}}]')$$, 'puts do not');
RESET ROLE;
REVOKE SELECT ON dynamo_tables."Hash" FROM transact_other;
SET LOCAL ROLE transact_other;
SELECT throws_ok($$SELECT dynamo.transact_write_items('[{"check": {"table": "Hash", "key": {"p": "a"}, "condition": "attribute_exists(p)"}}]')$$, 'YD105', NULL, 'checks take SELECT');
SELECT lives_ok($$SELECT dynamo.transact_write_items('[{"update": {"table": "Hash", "key": {"p": "other"}, "update": "SET x = :x", "attribute_values": {":x": 1}}}]')$$, 'updates do not');
RESET ROLE;

-- consumed capacity: twice the units of single writes for the table, and once for its indexes
SELECT is(pg_temp.write(pg_temp.list(pg_temp.put('a', jsonb_build_object('x', jsonb_build_object('S', repeat('x', 1500)))), pg_temp.check('b', 'attribute_not_exists(p)'), '{"Delete": {"TableName": "Pair", "Key": {"p": {"S": "a"}, "c": {"N": "9"}}}}'), '{"ReturnConsumedCapacity": "TOTAL"}'),
	'{"ConsumedCapacity": [{"TableName": "Hash", "CapacityUnits": 6, "WriteCapacityUnits": 6}, {"TableName": "Pair", "CapacityUnits": 2, "WriteCapacityUnits": 2}]}', 'TOTAL');
SELECT is(pg_temp.write(pg_temp.list('{"Put": {"TableName": "Pair", "Item": {"p": {"S": "i"}, "c": {"N": "1"}, "g": {"N": "5"}, "l": {"S": "x"}}}}'), '{"ReturnConsumedCapacity": "INDEXES"}'),
	'{"ConsumedCapacity": [{"TableName": "Pair", "CapacityUnits": 4, "WriteCapacityUnits": 4, "Table": {"CapacityUnits": 2, "WriteCapacityUnits": 2}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1, "WriteCapacityUnits": 1}}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1, "WriteCapacityUnits": 1}}}]}', 'INDEXES');
SELECT is((SELECT jsonb_object_agg(t.key, (SELECT jsonb_agg(c -> 'ItemCollectionKey') FROM jsonb_array_elements(t.value) AS c))
	FROM jsonb_each(pg_temp.write(pg_temp.list(pg_temp.put('a'), '{"Put": {"TableName": "Pair", "Item": {"p": {"S": "i"}, "c": {"N": "1"}}}}', '{"Delete": {"TableName": "Pair", "Key": {"p": {"S": "i"}, "c": {"N": "2"}}}}',
		'{"ConditionCheck": {"TableName": "Pair", "Key": {"p": {"S": "k"}, "c": {"N": "2"}}, "ConditionExpression": "attribute_not_exists(p)"}}', '{"Put": {"TableName": "Pair", "Item": {"p": {"S": "j"}, "c": {"N": "1"}}}}'), '{"ReturnItemCollectionMetrics": "SIZE"}') -> 'ItemCollectionMetrics') AS t),
	'{"Pair": [{"p": {"S": "i"}}, {"p": {"S": "j"}}]}', 'ReturnItemCollectionMetrics: each collection that is written, once');

-- in SQL: together with relational statements, and in parts
CREATE TABLE ledger (account text, change numeric);
SAVEPOINT whole;
INSERT INTO ledger VALUES ('a', -10);
SELECT lives_ok($$SELECT dynamo.transact_write_items('[{"put": {"table": "Hash", "item": {"p": "s1"}}}, {"update": {"table": "Hash", "key": {"p": "s2"}, "update": "SET v = :v", "attribute_values": {":v": 1}}}]')$$, 'a transaction in natural JSON');
SAVEPOINT part;
DO $$ BEGIN PERFORM dynamo.put_item('Hash', '{"p": "s3"}'); INSERT INTO ledger VALUES ('b', 10); END $$;
SELECT ok(pg_temp.items() ?& ARRAY['s1', 's2', 's3'], 'everything is there');
ROLLBACK TO part;
SELECT is(ARRAY[pg_temp.items() ?& ARRAY['s1', 's2'], pg_temp.items() ? 's3', (SELECT count(*) = 1 FROM ledger)], '{t,f,t}', 'ROLLBACK TO takes a part back, items and rows');
ROLLBACK TO whole;
SELECT is(ARRAY[pg_temp.items() ?| ARRAY['s1', 's2'], (SELECT count(*) > 0 FROM ledger)], '{f,f}', 'and all of it');
SELECT throws_ok($$DO $x$ BEGIN INSERT INTO ledger VALUES ('c', 1); PERFORM dynamo.transact_write_items('[{"put": {"table": "Hash", "item": {"p": "s1"}}}, {"check": {"table": "Hash", "key": {"p": "none"}, "condition": "attribute_exists(p)"}}]'); END $x$ $$, 'YD012', 'TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]', 'a refusal ends the statement');
SELECT is((SELECT count(*)::int FROM ledger), 0, 'with what it did elsewhere');
SELECT throws_ok($$SELECT dynamo.transact_write_items('[{"put": {"table": "Hash", "itm": {"p": "s1"}}}]')$$, '22023', 'the action "put" has no member "itm"', 'a misspelt member');
SELECT throws_ok($$SELECT dynamo.transact_write_items('[{"insert": {"table": "Hash", "item": {"p": "s1"}}}]')$$, '22023', 'a transaction knows no action "insert"', 'a misspelt action');
SELECT throws_ok($$SELECT dynamo.transact_write_items('[{"put": {}, "delete": {}}]')$$, '22023', 'an action of a transaction must be an object with one member', 'two actions in one');
SELECT throws_ok($$SELECT dynamo.transact_write_items('[1]')$$, '22023', 'an action of a transaction must be an object with one member', 'none');

SELECT * FROM finish();
ROLLBACK;
