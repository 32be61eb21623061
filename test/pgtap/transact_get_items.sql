-- TransactGetItems: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
BEGIN;
SELECT plan(19);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N"}');
	PERFORM dynamo.put_item('Hash', '{"p": "a", "x": 1, "y": {"z": [1, 2]}}');
	PERFORM dynamo.put_item('Hash', '{"p": "b"}');
	PERFORM dynamo.put_item('Pair', jsonb_build_object('p', 'a', 'c', 1, 'text', repeat('x', 5000)));
END $$;
CREATE FUNCTION pg_temp.read(items jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT dynamo.request('TransactGetItems', jsonb_build_object('TransactItems', items) || more) $$;
CREATE FUNCTION pg_temp.get(p text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('Get', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', jsonb_build_object('S', p))) || more) $$;
CREATE FUNCTION pg_temp.list(VARIADIC items jsonb[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT to_jsonb(items) $$;
CREATE FUNCTION pg_temp.reasons(items jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
	PERFORM pg_temp.read(items);
	RETURN 'null';
EXCEPTION WHEN SQLSTATE 'YD012' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail::jsonb -> 'CancellationReasons';
END $$;

SELECT is(pg_temp.read(pg_temp.list(pg_temp.get('b'), pg_temp.get('none'), pg_temp.get('a'))), '{"Responses": [{"Item": {"p": {"S": "b"}}}, {}, {"Item": {"p": {"S": "a"}, "x": {"N": "1"}, "y": {"M": {"z": {"L": [{"N": "1"}, {"N": "2"}]}}}}}]}', 'items in the order asked for, a missing one is empty');
SELECT is(pg_temp.read(pg_temp.list(pg_temp.get('a', '{"ProjectionExpression": "x, #y.z[1]", "ExpressionAttributeNames": {"#y": "y"}}'), pg_temp.get('b', '{"ProjectionExpression": "x"}'))), '{"Responses": [{"Item": {"x": {"N": "1"}, "y": {"M": {"z": {"L": [{"N": "2"}]}}}}}, {}]}', 'projections; one that selects nothing leaves Item out');
SELECT is(jsonb_array_length(pg_temp.read((SELECT jsonb_agg(pg_temp.get('k' || i)) FROM generate_series(1, 100) AS i)) -> 'Responses'), 100, 'a hundred');
SELECT throws_like($$SELECT pg_temp.read((SELECT jsonb_agg(pg_temp.get('k' || i)) FROM generate_series(1, 101) AS i))$$, '%transactItems% failed to satisfy constraint: Member must have length less than or equal to 100', 'and no more');
SELECT throws_like($$SELECT pg_temp.read('[]')$$, '%Member must have length greater than or equal to 1', 'none');
SELECT throws_like($$SELECT pg_temp.read('[{}]')$$, '%Value null at ''transactItems.1.member.get'' failed to satisfy constraint: Member must not be null', 'an element without Get');
SELECT throws_ok($$SELECT pg_temp.read(pg_temp.list(pg_temp.get('a'), pg_temp.get('b'), pg_temp.get('a')))$$, 'YD001', 'ValidationException: Transaction request cannot include multiple operations on one item', 'one item twice');
SELECT throws_ok($$SELECT pg_temp.read(pg_temp.list(pg_temp.get('a'), '{"Get": {"TableName": "Nope", "Key": {"p": {"S": "a"}}}}'))$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'a missing table');
SELECT throws_ok($$SELECT pg_temp.read(pg_temp.list(pg_temp.get('a', '{"ProjectionExpression": "a b"}'), '{"Get": {"TableName": "Nope", "Key": {"p": {"S": "a"}}}}'))$$, 'YD001', 'ValidationException: Invalid ProjectionExpression: Syntax error; token: "b", near: "a b"', 'expressions come first');
SELECT throws_like($$SELECT pg_temp.read(pg_temp.list(pg_temp.get('a', '{"ProjectionExpression": "#x", "ExpressionAttributeNames": {"#x": "x", "#q": "q"}}')))$$, 'ValidationException: %unused%#q%', 'an unused name');
SELECT is(pg_temp.reasons(pg_temp.list(pg_temp.get('a'), '{"Get": {"TableName": "Hash", "Key": {"p": {"N": "1"}}}}')), '[{"Code": "None"}, {"Code": "ValidationError", "Message": "The provided key element does not match the schema"}]', 'a key that does not fit is a reason');
SELECT is(pg_temp.read(pg_temp.list(pg_temp.get('a'), pg_temp.get('none'), '{"Get": {"TableName": "Pair", "Key": {"p": {"S": "a"}, "c": {"N": "1"}}, "ProjectionExpression": "c"}}'), '{"ReturnConsumedCapacity": "TOTAL"}'),
	'{"ConsumedCapacity": [{"TableName": "Hash", "CapacityUnits": 4, "ReadCapacityUnits": 4}, {"TableName": "Pair", "CapacityUnits": 4, "ReadCapacityUnits": 4}], "Responses": [{"Item": {"p": {"S": "a"}, "x": {"N": "1"}, "y": {"M": {"z": {"L": [{"N": "1"}, {"N": "2"}]}}}}}, {}, {"Item": {"c": {"N": "1"}}}]}', 'capacity: two units for each 4 KB, missing items as well');

SELECT is(pg_temp.reasons(pg_temp.list(pg_temp.get('a'), pg_temp.get('b', '{"ProjectionExpression": "x, p.y"}'))),
	'[{"Code": "None"}, {"Code": "ValidationError", "Message": "Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p"}]', 'a path into a key');
SELECT is(pg_temp.reasons(pg_temp.list(pg_temp.get('a'), pg_temp.get(''))),
	'[{"Code": "None"}, {"Code": "ValidationError", "Message": "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"}]', 'an empty key is a reason, too');
SELECT throws_ok($$SELECT pg_temp.read(pg_temp.list(pg_temp.get(''), '{"Get": {"TableName": "Nope", "Key": {"p": {"S": "a"}}}}'))$$, 'YD004', NULL, 'after a missing table');
SELECT is(pg_temp.read(pg_temp.list(pg_temp.get('b', '{"ExpressionAttributeNames": {"#q": "q"}}'))), '{"Responses": [{"Item": {"p": {"S": "b"}}}]}', 'names need no expression here');

DO $$ BEGIN PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'big' || i, 'x', repeat('x', 400000))) FROM generate_series(1, 11) AS i; END $$;
SELECT throws_ok($$SELECT pg_temp.read((SELECT jsonb_agg(pg_temp.get('big' || i)) FROM generate_series(1, 11) AS i))$$, 'YD001', 'ValidationException: Payload in response is too large.', 'more than 4 MB');

SELECT results_eq($$SELECT * FROM dynamo.transact_get_items('[{"table": "Hash", "key": {"p": "b"}}, {"table": "Hash", "key": {"p": "none"}}, {"table": "Hash", "key": {"p": "a"}, "projection": "x"}]')$$,
	$$VALUES ('{"p": "b"}'::jsonb), (NULL), ('{"x": 1}')$$, 'natural JSON');
SELECT is((SELECT dynamo.put_item('Hash', '{"p": "own"}') IS NULL AND (SELECT count(i) = 1 FROM dynamo.transact_get_items('[{"table": "Hash", "key": {"p": "own"}}]') AS i)), true, 'own changes are seen');

SELECT * FROM finish();
ROLLBACK;
