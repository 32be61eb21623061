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

CREATE FUNCTION pg_temp.number(value text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.put(jsonb_build_object('p', pg_temp.s(1), 'n', jsonb_build_object('N', value))) $$;
SELECT is(pg_temp.number(repeat('9', 38)), 'done', 'a number of 38 digits');
SELECT matches(pg_temp.number(repeat('9', 39)), 'Attempting to store more than 38 significant digits in a Number', '39');
SELECT is(pg_temp.number('9e125'), 'done', 'times ten to the 125');
SELECT matches(pg_temp.number('1e126'), 'Number overflow', '126');
SELECT is(pg_temp.number('1e-130'), 'done', 'to the -130');
SELECT matches(pg_temp.number('1e-131'), 'Number underflow', '-131');

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

CREATE FUNCTION pg_temp.transact(count int, size int DEFAULT 1) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.attempt('TransactWriteItems', jsonb_build_object('TransactItems', (SELECT jsonb_agg(jsonb_build_object('Put', jsonb_build_object('TableName', 'Hash',
		'Item', jsonb_build_object('p', jsonb_build_object('S', i::text), 'v', pg_temp.s(size))))) FROM generate_series(1, count) AS i)))
$$;
SELECT is(pg_temp.transact(100), 'done', 'a transaction of 100 writes');
SELECT matches(pg_temp.transact(101), 'less than or equal to 100', '101');
SELECT is(pg_temp.transact(10, 400 * 1024 - 4), 'done', 'of some 4 MB');
SELECT matches(pg_temp.transact(11, 400 * 1024 - 4), 'ValidationException', 'of more');
SELECT matches(pg_temp.attempt('TransactGetItems', jsonb_build_object('TransactItems', (SELECT jsonb_agg(jsonb_build_object('Get', jsonb_build_object('TableName', 'Hash',
	'Key', jsonb_build_object('p', jsonb_build_object('S', i::text))))) FROM generate_series(1, 101) AS i))), 'less than or equal to 100', '101 reads');
SELECT matches(pg_temp.attempt('BatchExecuteStatement', jsonb_build_object('Statements', (SELECT jsonb_agg(jsonb_build_object('Statement', format('SELECT * FROM "Hash" WHERE p = ''%s''', i))) FROM generate_series(1, n) AS i))),
	CASE n WHEN 25 THEN 'done' ELSE 'less than or equal to 25' END, n || ' statements') FROM unnest('{25,26}'::int[]) AS n;
SELECT is(pg_temp.attempt('ListTables', '{"Limit": 100}'), 'done', 'a page of 100 names');
SELECT matches(pg_temp.attempt('ListTables', '{"Limit": 101}'), '''limit'' failed to satisfy constraint: Member must have value less than or equal to 100', '101');
SELECT matches(pg_temp.attempt('ListTables', '{"Limit": 0}'), '''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'none');
-- ten items of 100 KB are 1,024,000 bytes; the eleventh is beyond a megabyte, and the last of its page
SELECT dynamo.put_item('Pair', jsonb_build_object('p', 'page', 'c', i::text, 'v', repeat('x', 102400 - 11))) FROM generate_series(10, 21) AS i;
SELECT is(dynamo.request('Query', '{"TableName": "Pair", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "page"}}, "Select": "COUNT"}') -> 'Count', '11', 'a page of 1 MB');

-- ---- expressions
CREATE FUNCTION pg_temp.condition(condition text, vals jsonb DEFAULT NULL, names jsonb DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.put('{"p": {"S": "free"}}', jsonb_strip_nulls(jsonb_build_object('ConditionExpression', condition, 'ExpressionAttributeValues', vals,
		'ExpressionAttributeNames', names)))
$$;
CREATE FUNCTION pg_temp.long_names(count int, size int) RETURNS jsonb LANGUAGE sql AS $$	-- each takes size + 4 bytes
	SELECT jsonb_object_agg('#' || i, repeat('n', size)) FROM generate_series(100, 99 + count) AS i
$$;
SELECT is(pg_temp.condition('attribute_not_exists(' || repeat('a', 4096 - 22) || ')'), 'done', 'an expression of 4096 bytes');
SELECT matches(pg_temp.condition('attribute_not_exists(' || repeat('a', 4096 - 21) || ')'), 'Expression size has exceeded the maximum allowed size', '4097');
SELECT matches(pg_temp.condition('a IN (' || (SELECT string_agg(':v' || i, ',') FROM generate_series(1, 100) AS i) || ')',
	(SELECT jsonb_object_agg(':v' || i, '{"S": "x"}'::jsonb) FROM generate_series(1, 100) AS i)), 'ConditionalCheckFailed', 'IN with 100 operands');
SELECT matches(pg_temp.condition('a IN (' || (SELECT string_agg(':v' || i, ',') FROM generate_series(1, 101) AS i) || ')',
	(SELECT jsonb_object_agg(':v' || i, '{"S": "x"}'::jsonb) FROM generate_series(1, 101) AS i)), 'ValidationException: 1 validation error detected: Invalid ConditionExpression: ', '101');
SELECT matches(pg_temp.condition('a = :v', jsonb_build_object(':v', pg_temp.s(1024 * 1024 - 6))), 'ConditionalCheckFailed', 'an expression of 1 MB with its value in place');
SELECT is(pg_temp.condition('a = :v', jsonb_build_object(':v', pg_temp.s(1024 * 1024 - 5))), 'ValidationException: 1 validation error detected: Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;', 'and a byte more');
SELECT matches(pg_temp.condition('a = :v OR b = :v', jsonb_build_object(':v', pg_temp.s(512 * 1024 - 8))), 'ConditionalCheckFailed', 'a value counts as often as it is used');
SELECT matches(pg_temp.condition('a = :v OR b = :v', jsonb_build_object(':v', pg_temp.s(512 * 1024 - 7))), 'Expression size has exceeded the maximum allowed size', 'and two bytes more');
SELECT matches(pg_temp.condition('#a = :v', jsonb_build_object(':v', pg_temp.s(1024 * 1024 - 7 - 100)), jsonb_build_object('#a', repeat('a', 100))), 'ConditionalCheckFailed', 'and so does a name');
SELECT matches(pg_temp.condition('#a = :v', jsonb_build_object(':v', pg_temp.s(1024 * 1024 - 7 - 99)), jsonb_build_object('#a', repeat('a', 100))), 'Expression size has exceeded the maximum allowed size', 'and a byte more');
SELECT matches(pg_temp.condition('a = :v', jsonb_build_object(':v', pg_temp.s(2 * 1024 * 1024 - 2))), 'Expression size has exceeded the maximum allowed size', 'values of 2 MB');
SELECT is(pg_temp.condition('a = :v', jsonb_build_object(':v', pg_temp.s(2 * 1024 * 1024 - 1))), 'ValidationException: 1 validation error detected: ExpressionAttributeValues exceeds max size', 'and a byte more');
SELECT matches(pg_temp.condition('a = ', NULL, pg_temp.long_names(40, 52424)), 'Syntax error', 'names of almost 2 MB');
SELECT is(pg_temp.condition('a = ', NULL, pg_temp.long_names(40, 52426)), 'ValidationException: 1 validation error detected: ExpressionAttributeNames exceeds max size', 'and of more, before any expression is read');
SELECT matches(pg_temp.condition('a = ', jsonb_build_object(':v', pg_temp.s(1024 * 1024 - 2)), jsonb_build_object('#a', repeat('a', 65535)) || pg_temp.long_names(20, 49147)), 'Syntax error', 'names and values of almost 2 MB');
SELECT is(pg_temp.condition('a = ', jsonb_build_object(':v', pg_temp.s(1024 * 1024 - 2)), jsonb_build_object('#a', repeat('a', 65535)) || pg_temp.long_names(20, 49149)),
	'ValidationException: 1 validation error detected: Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size', 'and of more');

CREATE FUNCTION pg_temp.operators(count int) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.condition('NOT b<a' || repeat(' OR a<b', (count - 2) / 2)) $$;
SELECT matches(pg_temp.operators(300), 'done|ConditionalCheckFailed', '300 operators');
SELECT matches(pg_temp.operators(302), 'The expression contains too many operators; operator count: 301', '301');
SELECT matches(pg_temp.condition('a = :' || repeat('v', length - 1), jsonb_build_object(':' || repeat('v', length - 1), '{"S": "x"}'::jsonb)),
	CASE length WHEN 255 THEN 'ConditionalCheckFailed' ELSE 'ValidationException' END, 'a placeholder of ' || length) FROM unnest('{255,256}'::int[]) AS length;

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

SELECT is(pg_temp.attempt('CreateTable', jsonb_build_object('TableName', 'Key' || length, 'BillingMode', 'PAY_PER_REQUEST', 'KeySchema', jsonb_build_array(jsonb_build_object('AttributeName', repeat('k', length), 'KeyType', 'HASH')),
	'AttributeDefinitions', jsonb_build_array(jsonb_build_object('AttributeName', repeat('k', length), 'AttributeType', 'S')))) = 'done', length = 255, 'a key attribute''s name of ' || length) FROM unnest('{255,256}'::int[]) AS length;
SELECT matches(pg_temp.attempt('UpdateTable', '{"TableName": "Global", "AttributeDefinitions": [{"AttributeName": "k1", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "OneMore", "KeySchema": [{"AttributeName": "k1", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}'),
	'LimitExceededException: Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20', '21, the last one later');
SELECT matches(pg_temp.attempt('UpdateTable', '{"TableName": "Include", "AttributeDefinitions": [{"AttributeName": "k1", "AttributeType": "S"}], "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "OneMore", "KeySchema": [{"AttributeName": "k1", "KeyType": "HASH"}], "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["one"]}}}]}'),
	'ValidationException: .*NonKeyAttributes', 'the 101st projected attribute, later');

-- ---- capacity
CREATE FUNCTION pg_temp.provision(name text, units int, index_units int DEFAULT 1, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.attempt('CreateTable', jsonb_build_object('TableName', name, 'KeySchema', '[{"AttributeName": "p", "KeyType": "HASH"}]'::jsonb,
		'AttributeDefinitions', '[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}]'::jsonb,
		'ProvisionedThroughput', jsonb_build_object('ReadCapacityUnits', units, 'WriteCapacityUnits', 1),
		'GlobalSecondaryIndexes', jsonb_build_array('{"IndexName": "ByG", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}'::jsonb ||
			jsonb_build_object('ProvisionedThroughput', jsonb_build_object('ReadCapacityUnits', 1, 'WriteCapacityUnits', index_units)))) || more)
$$;
SELECT is(pg_temp.provision('Units', 40000, 40000), 'done', '40,000 units of a table and of an index');
SELECT is(pg_temp.provision('Units2', 40001), 'LimitExceededException: The requested ReadCapacityUnits, 40001, is above the per table maximum for the account in us-east-1. Per table maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.', 'and one, of a table');
SELECT is(pg_temp.provision('Units2', 1, 40001), 'LimitExceededException: The requested WriteCapacityUnits for index ByG, 40001, is above the per index maximum for the account in us-east-1. Per index maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.', 'of an index');
SELECT matches(pg_temp.provision('Units2', 1, 1, '{"ProvisionedThroughput": {"ReadCapacityUnits": 1000000000000, "WriteCapacityUnits": 1}}'), 'above the per table maximum', 'a value that is out of reach');
SELECT is(pg_temp.provision('Units2', 1, 1, '{"ProvisionedThroughput": {"ReadCapacityUnits": 1000000000001, "WriteCapacityUnits": 1}}'), 'ValidationException: Given value 1000000000001 for ReadCapacityUnits is out of bounds', 'and one out of bounds');
SELECT is(pg_temp.attempt('UpdateTable', '{"TableName": "Hash", "OnDemandThroughput": {"MaxReadRequestUnits": 40000}}'), 'done', '40,000 units on demand');
SELECT is(pg_temp.attempt('UpdateTable', '{"TableName": "Hash", "OnDemandThroughput": {"MaxWriteRequestUnits": 40001}}'), 'LimitExceededException: Subscriber limit exceeded: Requested MaxWriteRequestUnits for OnDemandThroughput for table exceeds TableMaxWriteCapacityUnits of the account in region us-east-1', 'and one');
SELECT is(pg_temp.attempt('UpdateTable', '{"TableName": "Hash", "WarmThroughput": {"ReadUnitsPerSecond": 40000}}'), 'done', 'so many warm ones');
SELECT is(pg_temp.attempt('UpdateTable', '{"TableName": "Hash", "WarmThroughput": {"WriteUnitsPerSecond": 40001}}'), 'LimitExceededException: Subscriber limit exceeded: Requested WriteUnitsPerSecond for WarmThroughput for table exceeds TableMaxWriteCapacityUnits of the account in region us-east-1', 'and one');
SELECT is(dynamo.request('DescribeLimits', '{}'), '{"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000, "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000}', 'DescribeLimits tells them');
SELECT is(pg_temp.attempt('UpdateTable', jsonb_build_object('TableName', 'Units', 'ProvisionedThroughput', jsonb_build_object('ReadCapacityUnits', 100 - n, 'WriteCapacityUnits', 1))), 'done', 'decrease ' || n) FROM generate_series(1, 4) AS n;
SELECT matches(pg_temp.attempt('UpdateTable', '{"TableName": "Units", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}'), 'LimitExceededException: Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day', 'decrease 5');

-- ---- tags
CREATE FUNCTION pg_temp.tag(tags jsonb) RETURNS text LANGUAGE sql AS
	$$ SELECT pg_temp.attempt('TagResource', jsonb_build_object('ResourceArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash', 'Tags', tags)) $$;
SELECT is(pg_temp.tag((SELECT jsonb_agg(jsonb_build_object('Key', 'k' || i, 'Value', '')) FROM generate_series(1, 50) AS i)), 'done', '50 tags');
SELECT is(pg_temp.tag('[{"Key": "one more", "Value": ""}]'), 'ValidationException: Number of Tags exceed the current limit for the provided ResourceArn', '51');
SELECT dynamo.request('UntagResource', jsonb_build_object('ResourceArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash', 'TagKeys', '["k1", "k2"]'::jsonb));
SELECT is(pg_temp.tag(jsonb_build_array(jsonb_build_object('Key', repeat('k', 128), 'Value', repeat('v', 256)))), 'done', 'a key of 128 characters and a value of 256');
SELECT matches(pg_temp.tag(jsonb_build_array(jsonb_build_object('Key', repeat('k', 129), 'Value', ''))), 'The Tag Key provided is invalid, Key: kkk', '129');
SELECT matches(pg_temp.tag(jsonb_build_array(jsonb_build_object('Key', 'k', 'Value', repeat('v', 257)))), 'The Tag Value provided is invalid, Value: vvv', '257');

-- ---- an item and its entries in local indexes: 400 KB together
SELECT dynamo.request('CreateTable', '{"TableName": "Locals", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "r", "AttributeType": "S"},
	{"AttributeName": "l", "AttributeType": "S"}, {"AttributeName": "k", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
	"LocalSecondaryIndexes": [{"IndexName": "Whole", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}},
		{"IndexName": "Keys", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "k", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}]}') \g /dev/null
CREATE FUNCTION pg_temp.store_local(more jsonb, size int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
	PERFORM dynamo.put_item('Locals', '{"p": "p", "r": "r"}' || more || jsonb_build_object('d', repeat('x', (size - dynamo.item_size('{"p": "p", "r": "r", "d": ""}' || more))::int)));
	RETURN 'done';
EXCEPTION WHEN SQLSTATE 'YD001' THEN RETURN SQLERRM; END $$;
SELECT is(pg_temp.store_local('{}', 409600), 'done', 'an item in no local index');
SELECT is(pg_temp.store_local('{"l": "l"}', 204800), 'done', 'an item twice');
SELECT is(pg_temp.store_local('{"l": "l"}', 204801), 'ValidationException: Item size has exceeded the maximum allowed size', 'a byte more');
SELECT is(pg_temp.store_local('{"k": "k"}', 409600 - 6), 'done', 'an item and its keys, 6 bytes');
SELECT is(pg_temp.store_local('{"k": "k"}', 409600 - 5), 'ValidationException: Item size has exceeded the maximum allowed size', 'a byte more');
SELECT is(pg_temp.store_local('{"k": "k", "l": "l"}', (409600 - 6) / 2), 'done', 'an item in both');
SELECT is(pg_temp.store_local('{"k": "k", "l": "l"}', (409600 - 6) / 2 + 1), 'ValidationException: Item size has exceeded the maximum allowed size', 'a byte more');
SELECT is(pg_temp.store_local('{}', 300000), 'done', 'a large item');
SELECT throws_ok($$SELECT dynamo.update_item('Locals', '{"p": "p", "r": "r"}', 'SET l = :l', attribute_values => '{":l": "l"}')$$, 'YD001', 'ValidationException: Item size to update has exceeded the maximum allowed size', 'cannot enter the index');
SELECT throws_ok($$UPDATE dynamo_tables."Locals" SET item = item || '{"l": "l"}'$$, 'YD001', 'ValidationException: Item size has exceeded the maximum allowed size', 'nor by SQL');
SELECT throws_ok($$SELECT dynamo.request('TransactWriteItems', '{"TransactItems": [{"Update": {"TableName": "Locals", "Key": {"p": {"S": "p"}, "r": {"S": "r"}}, "UpdateExpression": "SET l = :l", "ExpressionAttributeValues": {":l": {"S": "l"}}}}]}')$$,
	NULL, NULL, 'nor in a transaction');
SELECT lives_ok($$SELECT dynamo.update_item('Locals', '{"p": "p", "r": "r"}', 'SET k = :k', attribute_values => '{":k": "k"}')$$, 'but that of keys');

SELECT * FROM finish();
ROLLBACK;
