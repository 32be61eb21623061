-- Every limit of base/limits.h that a client can meet, at its edge: the last value that is taken, and the first that is not.
BEGIN;
SELECT * FROM no_plan();

SELECT dynamo.create_table('Hash', 'p');
SELECT dynamo.create_table('Pair', 'p', 'c');

CREATE FUNCTION pg_temp.attempt(operation text, body jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.request(operation, body);
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.put(item jsonb, more jsonb DEFAULT '{}', name text DEFAULT 'Hash') RETURNS text LANGUAGE sql AS
	$$ SELECT pg_temp.attempt('PutItem', jsonb_build_object('TableName', name, 'Item', item) || more) $$;
CREATE FUNCTION pg_temp.s(length int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('S', repeat('x', length)) $$;
CREATE FUNCTION pg_temp.nested(depth int) RETURNS jsonb LANGUAGE sql AS
	$$ SELECT (repeat('{"L":[', depth) || '{"S":"x"}' || repeat(']}', depth))::jsonb $$;

-- ---- items and values
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'v', pg_temp.s(400 * 1024 - 3))), 'done', 'an item of 400 KB');
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'v', pg_temp.s(400 * 1024 - 2))), 'ValidationException: Item size has exceeded the maximum allowed size', 'and a byte more');
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'v', pg_temp.nested(31))), 'done', '32 levels');
SELECT matches(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'v', pg_temp.nested(32))), 'Nesting Levels have exceeded supported limits', '33');
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), repeat('n', 65535), pg_temp.s(1))), 'done', 'an attribute name of 65535 bytes');
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), repeat('n', 65536), pg_temp.s(1))), 'ValidationException: 1 validation error detected: Attribute name is too large, must be less than 65536 bytes', '65536');
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(2048))), 'done', 'a hash key of 2048 bytes');
SELECT matches(pg_temp.put(jsonb_build_object('p', pg_temp.s(2049))), 'Size of hashkey has exceeded the maximum size limit of2048 bytes', '2049');
SELECT is(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'c', pg_temp.s(1024)), name => 'Pair'), 'done', 'a range key of 1024 bytes');
SELECT matches(pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'c', pg_temp.s(1025)), name => 'Pair'), 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes', '1025');

-- ---- requests
SELECT is(pg_temp.attempt('BatchGetItem', jsonb_build_object('RequestItems', jsonb_build_object('Hash', jsonb_build_object('Keys',
	(SELECT jsonb_agg(jsonb_build_object('p', jsonb_build_object('S', i::text))) FROM generate_series(1, 100) AS i))))), 'done', 'a batch of 100 keys');
SELECT matches(pg_temp.attempt('BatchGetItem', jsonb_build_object('RequestItems', jsonb_build_object('Hash', jsonb_build_object('Keys',
	(SELECT jsonb_agg(jsonb_build_object('p', jsonb_build_object('S', i::text))) FROM generate_series(1, 101) AS i))))), 'less than or equal to 100', '101');
SELECT is(pg_temp.attempt('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Hash',
	(SELECT jsonb_agg(jsonb_build_object('DeleteRequest', jsonb_build_object('Key', jsonb_build_object('p', jsonb_build_object('S', i::text))))) FROM generate_series(1, 25) AS i)))), 'done', '25 writes');
SELECT matches(pg_temp.attempt('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Hash',
	(SELECT jsonb_agg(jsonb_build_object('DeleteRequest', jsonb_build_object('Key', jsonb_build_object('p', jsonb_build_object('S', i::text))))) FROM generate_series(1, 26) AS i)))), 'less than or equal to 25', '26');
SELECT is(pg_temp.attempt('Scan', '{"TableName": "Hash", "Segment": 999999, "TotalSegments": 1000000}'), 'done', 'a million segments');
SELECT matches(pg_temp.attempt('Scan', '{"TableName": "Hash", "Segment": 0, "TotalSegments": 1000001}'), 'less than or equal to 1000000', 'and one');

-- ---- expressions
CREATE FUNCTION pg_temp.condition(condition text, vals jsonb DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.put('{"p": {"S": "free"}}', jsonb_strip_nulls(jsonb_build_object('ConditionExpression', condition, 'ExpressionAttributeValues', vals)))
$$;
SELECT is(pg_temp.condition('attribute_not_exists(' || repeat('a', 4096 - 22) || ')'), 'done', 'an expression of 4096 bytes');
SELECT matches(pg_temp.condition('attribute_not_exists(' || repeat('a', 4096 - 21) || ')'), 'Expression size has exceeded the maximum allowed size', '4097');
SELECT matches(pg_temp.condition('a IN (' || (SELECT string_agg(':v' || i, ',') FROM generate_series(1, 100) AS i) || ')',
	(SELECT jsonb_object_agg(':v' || i, '{"S": "x"}'::jsonb) FROM generate_series(1, 100) AS i)), 'ConditionalCheckFailed', 'IN with 100 operands');
SELECT matches(pg_temp.condition('a IN (' || (SELECT string_agg(':v' || i, ',') FROM generate_series(1, 101) AS i) || ')',
	(SELECT jsonb_object_agg(':v' || i, '{"S": "x"}'::jsonb) FROM generate_series(1, 101) AS i)), 'ValidationException: 1 validation error detected: Invalid ConditionExpression: ', '101');
SELECT matches(pg_temp.condition('a = :v', jsonb_build_object(':v', pg_temp.s(2 * 1024 * 1024 - 2))), 'ConditionalCheckFailed', 'values of 2 MB');
SELECT is(pg_temp.condition('a = :v', jsonb_build_object(':v', pg_temp.s(2 * 1024 * 1024 - 1))), 'ValidationException: 1 validation error detected: ExpressionAttributeValues exceeds max size', 'and a byte more');

-- ---- tables
CREATE FUNCTION pg_temp.make(name text, indexes int, local boolean DEFAULT false, non_key int DEFAULT 0, keys int DEFAULT 1) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.attempt('CreateTable', jsonb_strip_nulls(jsonb_build_object('TableName', name, 'BillingMode', 'PAY_PER_REQUEST',
		'KeySchema', '[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}]'::jsonb,
		'AttributeDefinitions', (SELECT '[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}]'::jsonb ||
			coalesce(jsonb_agg(jsonb_build_object('AttributeName', 'k' || k, 'AttributeType', 'S')), '[]') FROM generate_series(1, CASE WHEN local THEN 0 ELSE keys END) AS k),
		CASE WHEN local THEN 'LocalSecondaryIndexes' ELSE 'GlobalSecondaryIndexes' END, (SELECT jsonb_agg(jsonb_build_object('IndexName', 'Index' || i,
			'KeySchema', CASE WHEN local THEN '[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}]'::jsonb ELSE
				(SELECT jsonb_agg(jsonb_build_object('AttributeName', 'k' || k, 'KeyType', 'HASH')) FROM generate_series(1, keys) AS k) END,
			'Projection', CASE WHEN non_key = 0 THEN '{"ProjectionType": "ALL"}' ELSE jsonb_build_object('ProjectionType', 'INCLUDE', 'NonKeyAttributes',
				(SELECT jsonb_agg('n' || i || '_' || n) FROM generate_series(1, non_key) AS n)) END)) FROM generate_series(1, indexes) AS i))))
$$;
SELECT is(pg_temp.make('abc', 0, keys => 0), 'done', 'a table name of 3 characters');
SELECT matches(pg_temp.make('ab', 0), '''tableName'' failed to satisfy constraint: Member must have length greater than or equal to 3', '2');
SELECT is(pg_temp.make(repeat('t', 255), 0, keys => 0), 'done', '255');
SELECT matches(pg_temp.make(repeat('t', 256), 0), '''tableName'' failed to satisfy constraint: Member must have length less than or equal to 255', '256');
SELECT is(pg_temp.make('Global', 20), 'done', '20 global indexes');
SELECT matches(pg_temp.make('Global2', 21), 'GlobalSecondaryIndex count exceeds the per-table limit of 20', '21');
SELECT is(pg_temp.make('Local', 5, true), 'done', '5 local indexes');
SELECT matches(pg_temp.make('Local2', 6, true), 'Number of LocalSecondaryIndexes exceeds per-table limit of 5', '6');
SELECT is(pg_temp.make('Keys', 1, keys => 4), 'done', 'an index with 4 hash attributes');
SELECT matches(pg_temp.make('Keys2', 1, keys => 5), 'The KeySchema exceeds the maximum allowed number of HASH key attributes|less than or equal to 4', '5');
SELECT is(pg_temp.make('Include', 5, non_key => 20), 'done', '100 projected attributes, 20 of each index');
SELECT matches(pg_temp.make('Include2', 1, non_key => 21), 'ValidationException', '21 of one index');
SELECT matches(pg_temp.make('Include3', 6, non_key => 17), 'ValidationException', '102 together');

-- ---- tags
CREATE FUNCTION pg_temp.tag(tags jsonb) RETURNS text LANGUAGE sql AS
	$$ SELECT pg_temp.attempt('TagResource', jsonb_build_object('ResourceArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash', 'Tags', tags)) $$;
SELECT is(pg_temp.tag((SELECT jsonb_agg(jsonb_build_object('Key', 'k' || i, 'Value', '')) FROM generate_series(1, 50) AS i)), 'done', '50 tags');
SELECT is(pg_temp.tag('[{"Key": "one more", "Value": ""}]'), 'ValidationException: Number of Tags exceed the current limit for the provided ResourceArn', '51');
SELECT dynamo.request('UntagResource', jsonb_build_object('ResourceArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash', 'TagKeys', '["k1", "k2"]'::jsonb));
SELECT is(pg_temp.tag(jsonb_build_array(jsonb_build_object('Key', repeat('k', 128), 'Value', repeat('v', 256)))), 'done', 'a key of 128 characters and a value of 256');
SELECT matches(pg_temp.tag(jsonb_build_array(jsonb_build_object('Key', repeat('k', 129), 'Value', ''))), 'The Tag Key provided is invalid, Key: kkk', '129');
SELECT matches(pg_temp.tag(jsonb_build_array(jsonb_build_object('Key', 'k', 'Value', repeat('v', 257)))), 'The Tag Value provided is invalid, Value: vvv', '257');

SELECT * FROM finish();
ROLLBACK;
