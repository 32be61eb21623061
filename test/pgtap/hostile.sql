-- Requests that no client means well: wrong types, limits and one more, odd bytes, depth.
BEGIN;
SELECT plan(383);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', global_indexes => '{"ByG": {"hash_key": "g", "range_key": "r"}}', local_indexes => '{"ByL": {"range_key": "l"}}');
	PERFORM dynamo.create_table('Binary', 'p', 'c', '{"p": "B", "c": "B"}');
	PERFORM dynamo.create_table('Number', 'p', 'c', '{"p": "N", "c": "N"}');
	PERFORM dynamo.put_item('Hash', '{"p": "a", "a": 1, "b": 2, "s": "text", "l": [1, 2], "m": {"x": 1}}');
END $$;
CREATE FUNCTION pg_temp.put(item jsonb, table_name text DEFAULT 'Hash') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('PutItem', jsonb_build_object('TableName', table_name, 'Item', item)) $$;
CREATE FUNCTION pg_temp.put_value(value jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.put(jsonb_build_object('p', '{"S": "v"}'::jsonb, 'v', value)) $$;
CREATE FUNCTION pg_temp.state(operation text, body jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM dynamo.request(operation, body);
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
-- Bytes that do not compress, so that the limits of an index entry are met in earnest.
CREATE FUNCTION pg_temp.noise(length int, seed text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT left(string_agg(md5(seed || i), ''), length) FROM generate_series(1, length / 32 + 1) AS i $$;

-- ---- every value of every request replaced by every kind of value: an error of ours or success, never anything else
CREATE TEMP TABLE requests (operation text, body jsonb);
INSERT INTO requests VALUES
	('CreateTable', '{"TableName": "Fuzz", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}], "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "N"}],
		"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "GlobalSecondaryIndexes": [{"IndexName": "ByC", "KeySchema": [{"AttributeName": "c", "KeyType": "HASH"}], "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["v"]}, "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}],
		"LocalSecondaryIndexes": [{"IndexName": "ByPC", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}],
		"StreamSpecification": {"StreamEnabled": false}, "SSESpecification": {"Enabled": false}, "Tags": [{"Key": "a", "Value": "b"}], "TableClass": "STANDARD", "DeletionProtectionEnabled": false}'),
	('DescribeTable', '{"TableName": "Hash"}'), ('DeleteTable', '{"TableName": "Nothing"}'), ('ListTables', '{"ExclusiveStartTableName": "abc", "Limit": 2}'),
	('PutItem', '{"TableName": "Hash", "Item": {"p": {"S": "f"}, "n": {"N": "1"}, "b": {"B": "AQ=="}, "t": {"BOOL": true}, "z": {"NULL": true}, "l": {"L": [{"S": "x"}]}, "m": {"M": {"k": {"S": "x"}}}, "ss": {"SS": ["a"]}, "ns": {"NS": ["1"]}, "bs": {"BS": ["AQ=="]}},
		"ConditionExpression": "#a <> :a", "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":a": {"N": "1"}}, "ReturnValues": "ALL_OLD", "ReturnConsumedCapacity": "TOTAL", "ReturnItemCollectionMetrics": "SIZE", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'),
	('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "a"}}, "ConsistentRead": true, "ProjectionExpression": "#a, l[0]", "ExpressionAttributeNames": {"#a": "a"}, "ReturnConsumedCapacity": "INDEXES"}'),
	('UpdateItem', '{"TableName": "Hash", "Key": {"p": {"S": "u"}}, "UpdateExpression": "SET #a = :a", "ConditionExpression": "#a <> :b", "ExpressionAttributeNames": {"#a": "a"}, "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"L": [{"M": {"x": {"SS": ["y"]}}}]}}, "ReturnValues": "ALL_NEW"}'),
	('DeleteItem', '{"TableName": "Hash", "Key": {"p": {"S": "d"}}, "ConditionExpression": "attribute_not_exists(#a)", "ExpressionAttributeNames": {"#a": "a"}, "ReturnValues": "ALL_OLD"}'),
	('Query', '{"TableName": "Pair", "IndexName": "ByG", "KeyConditionExpression": "g = :g AND #r > :r", "FilterExpression": "v = :v", "ProjectionExpression": "v, g", "ExpressionAttributeNames": {"#r": "r"}, "ExpressionAttributeValues": {":g": {"S": "g"}, ":r": {"S": "r"}, ":v": {"NULL": true}},
		"Limit": 3, "ScanIndexForward": false, "Select": "SPECIFIC_ATTRIBUTES", "ConsistentRead": false, "ExclusiveStartKey": {"p": {"S": "a"}, "c": {"S": "b"}, "g": {"S": "g"}, "r": {"S": "s"}}}'),
	('Scan', '{"TableName": "Pair", "IndexName": "ByL", "FilterExpression": "v = :v", "ExpressionAttributeValues": {":v": {"B": "AQ=="}}, "Limit": 3, "Segment": 0, "TotalSegments": 1, "ExclusiveStartKey": {"p": {"S": "a"}, "c": {"S": "b"}, "l": {"S": "g"}}, "Select": "ALL_ATTRIBUTES"}'),
	('BatchGetItem', '{"RequestItems": {"Hash": {"Keys": [{"p": {"S": "a"}}], "ProjectionExpression": "#a", "ExpressionAttributeNames": {"#a": "a"}, "ConsistentRead": true}}, "ReturnConsumedCapacity": "TOTAL"}'),
	('BatchWriteItem', '{"RequestItems": {"Hash": [{"PutRequest": {"Item": {"p": {"S": "w"}, "v": {"NS": ["1", "2"]}}}}, {"DeleteRequest": {"Key": {"p": {"S": "x"}}}}]}, "ReturnItemCollectionMetrics": "SIZE"}');
CREATE FUNCTION pg_temp.paths(document jsonb, path text[] DEFAULT '{}') RETURNS SETOF text[] LANGUAGE plpgsql AS $$
BEGIN
	IF path <> '{}' THEN
		RETURN NEXT path;
	END IF;
	IF jsonb_typeof(document) = 'object' THEN
		RETURN QUERY SELECT p FROM jsonb_each(document) AS e, LATERAL pg_temp.paths(e.value, path || e.key) AS p;
	ELSIF jsonb_typeof(document) = 'array' THEN
		RETURN QUERY SELECT p FROM jsonb_array_elements(document) WITH ORDINALITY AS e, LATERAL pg_temp.paths(e.value, path || (e.ordinality - 1)::text) AS p;
	END IF;
END $$;
CREATE TEMP TABLE junk AS SELECT unnest(ARRAY['null', 'true', 'false', '0', '-1', '1.5', '1e400', '99999999999999999999', '""', '"x"', '"\u0001\u0001"', '[]', '{}', '[[]]', '[null]', '["x", 1]', '{"": null}', '{"S": "x"}', '{"N": 1}', '{"L": {"S": "x"}}', '{"M": [1]}', '{"NULL": 0}']::jsonb[]) AS value;
CREATE TEMP TABLE outcomes AS
	SELECT r.operation, p AS path, j.value, pg_temp.state(r.operation, jsonb_set(r.body, p, j.value)) AS state
	FROM requests AS r, LATERAL pg_temp.paths(r.body) AS p, junk AS j;
SELECT is(pg_temp.state(operation, body), CASE operation WHEN 'DeleteTable' THEN 'YD004' WHEN 'CreateTable' THEN 'YD005' ELSE 'ok' END, operation || ': the request itself is good') FROM requests WHERE operation <> 'CreateTable';
SELECT is((SELECT string_agg(format('%s = %s: %s', path, value, state), '; ') FROM outcomes AS o WHERE o.operation = r.operation AND state <> 'ok' AND state !~ '^YD0'), NULL,
	format('%s: %s spoilt requests fail in an orderly way, or pass', operation, (SELECT count(*) FROM outcomes AS o WHERE o.operation = r.operation))) FROM requests AS r;
SELECT is((SELECT string_agg(format('%s %s = %s', operation, path, value), '; ') FROM outcomes WHERE state = 'ok' AND cardinality(path) = 1 AND path[1] IN ('TableName', 'KeyConditionExpression', 'Key', 'Item', 'RequestItems', 'KeySchema') AND operation <> 'ListTables'), NULL,
	'no required member may be junk');
DO $$ BEGIN
	PERFORM dynamo.delete_table('Fuzz');
EXCEPTION WHEN SQLSTATE 'YD004' THEN NULL;
END $$;

-- every member left out, and unknown ones added
SELECT is((SELECT string_agg(format('%s without %s: %s', r.operation, k, s.state), '; ') FROM requests AS r, LATERAL jsonb_object_keys(r.body) AS k, LATERAL (SELECT pg_temp.state(r.operation, r.body - k) AS state) AS s
	WHERE s.state <> 'ok' AND s.state !~ '^YD0'), NULL, 'members left out');
DO $$ BEGIN
	PERFORM dynamo.delete_table('Fuzz');
EXCEPTION WHEN SQLSTATE 'YD004' THEN NULL;
END $$;
SELECT is(pg_temp.state(operation, body || '{"Unknown": {"deep": [1, {"er": null}]}, "tableName": 1, "": []}'), 'ok', operation || ' ignores unknown members') FROM requests WHERE operation NOT IN ('CreateTable', 'DeleteTable');

-- what AWS says to wrong types
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, body), 'YD002', 'SerializationException: ' || message, body)
FROM (VALUES
	('GetItem', '{"TableName": 1}', 'NUMBER_VALUE cannot be converted to String'), ('GetItem', '{"TableName": true}', 'TRUE_VALUE cannot be converted to String'), ('GetItem', '{"TableName": false}', 'FALSE_VALUE cannot be converted to String'), ('GetItem', '{"TableName": []}', 'Unrecognized collection type class java.lang.String'), ('GetItem', '{"TableName": {}}', 'Start of structure or map found where not expected'),
	('Scan', '{"Limit": "1"}', 'STRING_VALUE cannot be converted to Integer'), ('Scan', '{"Limit": true}', 'TRUE_VALUE cannot be converted to Integer'), ('Scan', '{"Limit": []}', 'Unrecognized collection type class java.lang.Integer'), ('Scan', '{"Limit": {}}', 'Start of structure or map found where not expected'),
	('GetItem', '{"ConsistentRead": 1}', 'NUMBER_VALUE cannot be converted to Boolean'), ('GetItem', '{"ConsistentRead": "x"}', 'Unexpected token received from parser'), ('GetItem', '{"ConsistentRead": []}', 'Unrecognized collection type class java.lang.Boolean'), ('GetItem', '{"ConsistentRead": {}}', 'Start of structure or map found where not expected'),
	('CreateTable', '{"ProvisionedThroughput": {"ReadCapacityUnits": "1"}}', 'STRING_VALUE cannot be converted to Long'), ('CreateTable', '{"ProvisionedThroughput": {"ReadCapacityUnits": []}}', 'Unrecognized collection type class java.lang.Long'),
	('CreateTable', '{"ProvisionedThroughput": "x"}', 'Unexpected field type'), ('CreateTable', '{"ProvisionedThroughput": []}', 'Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ProvisionedThroughput'),
	('CreateTable', '{"KeySchema": "x"}', 'Unexpected field type'), ('CreateTable', '{"KeySchema": {}}', 'Start of structure or map found where not expected'), ('CreateTable', '{"KeySchema": ["x"]}', 'Unexpected value type in payload'),
	('GetItem', '{"Key": "x"}', 'Unexpected field type'), ('GetItem', '{"Key": {"a": "x"}}', 'Unexpected value type in payload'), ('GetItem', '{"Key": {"a": []}}', 'Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue'),
	('GetItem', '{"Key": {"a": {"S": 1}}}', 'NUMBER_VALUE cannot be converted to String'), ('GetItem', '{"Key": {"a": {"N": 1}}}', 'NUMBER_VALUE cannot be converted to String'), ('GetItem', '{"Key": {"a": {"BOOL": "maybe"}}}', 'Unexpected token received from parser'), ('GetItem', '{"Key": {"a": {"L": "x"}}}', 'Unexpected field type'), ('GetItem', '{"Key": {"a": {"SS": [1]}}}', 'NUMBER_VALUE cannot be converted to String'), ('GetItem', '{"Key": {"a": {"M": {"b": 1}}}}', 'Unexpected value type in payload')) AS v(operation, body, message);
SELECT throws_ok(format('SELECT dynamo.request(''GetItem'', %L)', body), 'YD002', NULL, body)
FROM unnest(ARRAY['{"Key": []}', '{"Key": {"a": {"B": 1}}}', '{"Key": {"a": {"B": "not base64!"}}}', '{"Key": {"a": {"B": "AQ"}}}', '{"Key": {"a": {"BS": ["*"]}}}', '{"Key": {"a": {"NS": "1"}}}', '{"Key": {"a": {"NULL": "x"}}}', '{"ExpressionAttributeNames": {"#a": 1}}', '{"ExpressionAttributeNames": []}', '{"ExpressionAttributeNames": "x"}']) AS body;

-- ---- depth
CREATE FUNCTION pg_temp.deep(levels int, opening text DEFAULT '{"L": [', closing text DEFAULT ']}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT (repeat(opening, levels) || '{"S": "x"}' || repeat(closing, levels))::jsonb $$;
SELECT lives_ok('SELECT pg_temp.put_value(pg_temp.deep(31))', '31 lists deep');
SELECT is((SELECT i #> '{Item,v}' FROM dynamo.request('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "v"}}}') AS i), pg_temp.deep(31), 'and back');
SELECT throws_like('SELECT pg_temp.put_value(pg_temp.deep(33))', 'ValidationException: %esting Levels have exceeded supported limits%', '33 lists deep');
SELECT throws_like('SELECT pg_temp.put_value(pg_temp.deep(33, ''{"M": {"a": '', ''}}''))', 'ValidationException: %esting Levels have exceeded supported limits%', '33 maps deep');
SELECT throws_ok('SELECT pg_temp.put_value(pg_temp.deep(400))', 'YD001', NULL, '400 lists deep');
SELECT throws_matching('SELECT pg_temp.put_value(pg_temp.deep(1000))', '^(Validation|Serialization)Exception', 'a thousand lists deep');
SELECT throws_matching('SELECT pg_temp.put_value(pg_temp.deep(1500))', '^(Validation|Serialization)Exception', 'fifteen hundred');
SELECT throws_matching('SELECT dynamo.request(''ListTables'', jsonb_build_object(''x'', (repeat(''['', 5000) || repeat('']'', 5000))::jsonb))', '^(Validation|Serialization)Exception', 'an unknown member five thousand levels deep');
SELECT throws_ok('SELECT dynamo.to_dynamodb_json(jsonb_build_object(''x'', (repeat(''['', 5000) || repeat('']'', 5000))::jsonb))', 'YD001', NULL, 'natural JSON five thousand levels deep');
SELECT throws_ok('SELECT dynamo.item_size(jsonb_build_object(''x'', (repeat(''['', 5000) || repeat('']'', 5000))::jsonb))', 'YD001', NULL, 'its size');
SELECT throws_matching('SELECT dynamo.from_dynamodb_json(jsonb_build_object(''x'', pg_temp.deep(2000)))', '^(Validation|Serialization)Exception', 'DynamoDB JSON two thousand lists deep');
SELECT throws_ok('INSERT INTO dynamo_tables."Hash" (item) VALUES (jsonb_build_object(''p'', ''deep'', ''x'', (repeat(''['', 5000) || repeat('']'', 5000))::jsonb))', 'YD001', NULL, 'a row five thousand levels deep');
-- deeper by update: a path may not lead past the limit either
SELECT throws_like('SELECT dynamo.request(''UpdateItem'', jsonb_build_object(''TableName'', ''Hash'', ''Key'', ''{"p": {"S": "v"}}''::jsonb, ''UpdateExpression'', ''SET v'' || repeat(''[0]'', 31) || '' = :x'', ''ExpressionAttributeValues'', jsonb_build_object('':x'', pg_temp.deep(5))))',
	'ValidationException: %esting Levels have exceeded supported limits%', 'an update that makes an item too deep');
SELECT throws_ok(format('SELECT dynamo.request(''GetItem'', %L)', jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "a"}}'::jsonb, 'ProjectionExpression', 'a' || repeat('.b', 2040))), 'YD001', NULL, 'a document path of two thousand steps');
SELECT matches(pg_temp.state('GetItem', jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "a"}}'::jsonb, 'ProjectionExpression', 'a' || repeat('[0]', 1300))), '^(ok|YD001)$', 'and of thirteen hundred positions');

-- ---- U+0000 and U+0001, which SQL spells U+0001 U+0001 and U+0001 U+0002
SELECT lives_ok('SELECT pg_temp.put(''{"p": {"S": "nul\u0001\u0001key"}, "n\u0001\u0001": {"S": "\u0001\u0001"}, "one": {"S": "\u0001\u0002"}, "ss": {"SS": ["\u0001\u0001", "\u0001\u0002", "a"]}, "m": {"M": {"\u0001\u0001": {"S": ""}}}}'')', 'NUL in a key, a name, a value, a set, a map');
SELECT is(dynamo.request('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "nul\u0001\u0001key"}}}') -> 'Item',
	'{"p": {"S": "nul\u0001\u0001key"}, "n\u0001\u0001": {"S": "\u0001\u0001"}, "one": {"S": "\u0001\u0002"}, "ss": {"SS": ["\u0001\u0001", "\u0001\u0002", "a"]}, "m": {"M": {"\u0001\u0001": {"S": ""}}}}', 'comes back');
SELECT is(dynamo.request('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "nul"}}}'), '{}', 'a key is not cut at NUL');
SELECT is(dynamo.request('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "nul\u0001\u0002key"}}}'), '{}', 'NUL is not U+0001');
SELECT is(dynamo.item_size('{"a": "\u0001\u0001"}'), 2::bigint, 'NUL is one byte');
SELECT is(dynamo.item_size('{"\u0001\u0002": "\u0001\u0002\u0001\u0001"}'), 3::bigint, 'so is U+0001');
SELECT is(dynamo.from_dynamodb_json('{"a": {"S": "x\u0001y"}}'), '{"a": "x\u0001\u0002y"}', 'a U+0001 that begins no pair stands for itself');
SELECT is(pg_temp.state('UpdateItem', '{"TableName": "Hash", "Key": {"p": {"S": "nul\u0001\u0001key"}}, "ConditionExpression": "#n = :n AND size(#n) = :one AND begins_with(p, :b) AND contains(ss, :n)", "ExpressionAttributeNames": {"#n": "n\u0001\u0001"}, "ExpressionAttributeValues": {":n": {"S": "\u0001\u0001"}, ":one": {"N": "1"}, ":b": {"S": "nul\u0001\u0001"}}}'), 'ok', 'conditions see NUL');
SELECT is(pg_temp.state('UpdateItem', '{"TableName": "Hash", "Key": {"p": {"S": "nul\u0001\u0001key"}}, "ConditionExpression": "begins_with(p, :b)", "ExpressionAttributeValues": {":b": {"S": "nul\u0001\u0002"}}}'), 'YD006', 'and tell it from U+0001');
SELECT is(dynamo.request('UpdateItem', '{"TableName": "Hash", "Key": {"p": {"S": "nul\u0001\u0001key"}}, "UpdateExpression": "SET #n = :n REMOVE one, ss, m", "ExpressionAttributeNames": {"#n": "n\u0001\u0001"}, "ExpressionAttributeValues": {":n": {"S": "\u0001\u0001\u0001\u0001"}}, "ReturnValues": "UPDATED_NEW"}'),
	'{"Attributes": {"n\u0001\u0001": {"S": "\u0001\u0001\u0001\u0001"}}}', 'updates, too');
DO $$ BEGIN
	PERFORM pg_temp.put(jsonb_build_object('p', '{"S": "order"}'::jsonb, 'c', jsonb_build_object('S', c), 'g', '{"S": "g"}'::jsonb, 'r', jsonb_build_object('S', c)), 'Pair')
	FROM unnest(ARRAY[E'a', E'a\x01\x01', E'a\x01\x01\x01\x01', E'a\x01\x01b', E'a\x01\x02', E'a\x02', E'ab']) AS c;
END $$;
SELECT is((SELECT jsonb_agg(i #> '{c,S}' ORDER BY o) FROM jsonb_array_elements(dynamo.request('Query', body::jsonb) -> 'Items') WITH ORDINALITY AS x(i, o)), expected::jsonb, body)
FROM (VALUES
	('{"TableName": "Pair", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "order"}}}', '["a", "a\u0001\u0001", "a\u0001\u0001\u0001\u0001", "a\u0001\u0001b", "a\u0001\u0002", "a\u0002", "ab"]'),
	('{"TableName": "Pair", "KeyConditionExpression": "p = :p AND begins_with(c, :c)", "ExpressionAttributeValues": {":p": {"S": "order"}, ":c": {"S": "a\u0001\u0001"}}}', '["a\u0001\u0001", "a\u0001\u0001\u0001\u0001", "a\u0001\u0001b"]'),
	('{"TableName": "Pair", "KeyConditionExpression": "p = :p AND c > :c", "ExpressionAttributeValues": {":p": {"S": "order"}, ":c": {"S": "a\u0001\u0001b"}}}', '["a\u0001\u0002", "a\u0002", "ab"]'),
	('{"TableName": "Pair", "IndexName": "ByG", "KeyConditionExpression": "g = :p AND r < :c", "ExpressionAttributeValues": {":p": {"S": "g"}, ":c": {"S": "a\u0001\u0002"}}}', '["a", "a\u0001\u0001", "a\u0001\u0001\u0001\u0001", "a\u0001\u0001b"]')) AS v(body, expected);
SELECT throws_like('SELECT dynamo.request(''DescribeTable'', ''{"TableName": "Hash\u0001\u0001"}'')', 'ValidationException: %', 'NUL in a table''s name');
SELECT throws_matching('SELECT dynamo.create_table(E''Nul\x01\x01'', ''p'')', '^ValidationException', 'NUL in a new table''s name');
SELECT lives_ok('SELECT dynamo.create_table(''NulKey'', E''k\x01\x01'', E''r\x01\x02'')', 'NUL in a key attribute''s name');
SELECT lives_ok('SELECT dynamo.put_item(''NulKey'', jsonb_build_object(E''k\x01\x01'', ''v'', E''r\x01\x02'', ''w''))', 'and an item with it');
SELECT is(dynamo.get_item('NulKey', jsonb_build_object(E'k\x01\x01', 'v', E'r\x01\x02', 'w')), jsonb_build_object(E'k\x01\x01', 'v', E'r\x01\x02', 'w'), 'and back');
SELECT throws_like('SELECT dynamo.request(''GetItem'', ''{"TableName": "Hash", "Key": {"p": {"S": "a"}}, "ProjectionExpression": "a\u0001\u0001, b"}'')', 'ValidationException: Invalid ProjectionExpression: Syntax error;%', 'NUL in an expression does not end it');

-- ---- keys: 2048 and 1024 bytes, and one more
SELECT lives_ok(format('SELECT pg_temp.put(%L, ''Pair'')', jsonb_build_object('p', jsonb_build_object('S', pg_temp.noise(2048, 'p')), 'c', jsonb_build_object('S', pg_temp.noise(1024, 'c')),
	'g', jsonb_build_object('S', pg_temp.noise(2048, 'g')), 'r', jsonb_build_object('S', pg_temp.noise(1024, 'r')), 'l', jsonb_build_object('S', pg_temp.noise(1024, 'l')))), 'the longest keys of table and indexes');
SELECT is(length(dynamo.get_item('Pair', jsonb_build_object('p', pg_temp.noise(2048, 'p'), 'c', pg_temp.noise(1024, 'c'))) ->> 'g'), 2048, 'are found');
SELECT is((SELECT count(*)::int FROM dynamo.query('Pair', 'g = :g AND r = :r', attribute_values => jsonb_build_object(':g', pg_temp.noise(2048, 'g'), ':r', pg_temp.noise(1024, 'r')), index_name => 'ByG')), 1, 'in the global index');
SELECT is((SELECT count(*)::int FROM dynamo.query('Pair', 'p = :p AND l >= :l', attribute_values => jsonb_build_object(':p', pg_temp.noise(2048, 'p'), ':l', pg_temp.noise(1023, 'l')), index_name => 'ByL')), 1, 'in the local index');
SELECT is((SELECT count(*)::int FROM dynamo.query('Pair', 'p = :p AND begins_with(c, :c)', attribute_values => jsonb_build_object(':p', pg_temp.noise(2048, 'p'), ':c', pg_temp.noise(1000, 'c')))), 1, 'by their beginning');
SELECT lives_ok(format('SELECT pg_temp.put(%L, ''Pair'')', jsonb_build_object('p', jsonb_build_object('S', repeat('é', 1023) || 'ab'), 'c', jsonb_build_object('S', repeat('😀', 256)))), 'bytes count, not characters');
SELECT throws_ok(format('SELECT pg_temp.put(%L, ''Pair'')', jsonb_build_object('p', jsonb_build_object('S', repeat('é', 1024) || 'a'), 'c', '{"S": "c"}'::jsonb)), 'YD001',
	'ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes', 'a hash key of 2049 bytes');
SELECT throws_ok(format('SELECT pg_temp.put(%L, ''Pair'')', jsonb_build_object('p', '{"S": "p"}'::jsonb, 'c', jsonb_build_object('S', repeat('x', 1025)))), 'YD001',
	'ValidationException: One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes', 'a range key of 1025 bytes');
SELECT throws_ok(format('SELECT dynamo.get_item(''Pair'', %L)', jsonb_build_object('p', repeat('x', 2049), 'c', 'c')), 'YD001',
	'ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes', 'to read by it, too');
SELECT throws_ok(format('SELECT dynamo.delete_item(''Pair'', %L)', jsonb_build_object('p', 'p', 'c', repeat('x', 1025))), 'YD001',
	'ValidationException: One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes', 'or to delete');
SELECT throws_like(format('SELECT pg_temp.put(%L, ''Pair'')', jsonb_build_object('p', '{"S": "p"}'::jsonb, 'c', '{"S": "c"}'::jsonb, k, jsonb_build_object('S', repeat('x', n)))),
	'ValidationException: One or more parameter values were invalid: %' || (n - 1) || ' bytes%', format('index key %s of %s bytes', k, n)) FROM (VALUES ('g', 2049), ('r', 1025), ('l', 1025)) AS v(k, n);
SELECT lives_ok(format('SELECT pg_temp.put(%L, ''Binary'')', jsonb_build_object('p', jsonb_build_object('B', translate(encode(decode(pg_temp.noise(4096), 'hex'), 'base64'), E'\n', '')), 'c', jsonb_build_object('B', translate(encode(decode(pg_temp.noise(2048), 'hex'), 'base64'), E'\n', '')))), 'binary keys of 2048 and 1024 bytes');
SELECT throws_like(format('SELECT pg_temp.put(%L, ''Binary'')', jsonb_build_object('p', jsonb_build_object('B', translate(encode(decode(pg_temp.noise(4098), 'hex'), 'base64'), E'\n', '')), 'c', '{"B": "AA=="}'::jsonb)), 'ValidationException: %2048 bytes', 'a binary hash key of 2049');
-- long hash keys that differ only at their end
DO $$ BEGIN PERFORM dynamo.put_item('Hash', jsonb_build_object('p', repeat('k', 2040) || to_char(i, 'FM000'), 'i', i)) FROM generate_series(1, 50) AS i; END $$;
SELECT is((SELECT count(*)::int FROM generate_series(1, 50) AS i WHERE dynamo.get_item('Hash', jsonb_build_object('p', repeat('k', 2040) || to_char(i, 'FM000'))) ->> 'i' = i::text), 50, 'fifty long keys with one beginning are fifty items');
SELECT is(dynamo.get_item('Hash', jsonb_build_object('p', repeat('k', 2040))), NULL, 'and their beginning is none');
SELECT is((SELECT count(*)::int FROM dynamo.scan('Hash', 'begins_with(p, :k)', attribute_values => jsonb_build_object(':k', repeat('k', 2040)))), 50, 'a scan returns whole keys');
-- keys that look like SQL
SELECT is((SELECT count(*)::int FROM unnest(ARRAY[$k$'; DROP TABLE dynamo_tables."Hash"; --$k$, '$1', '%s', '\x00', '\', '''', '"', '{}', 'NULL', ' ', E'\n', E'\r\n\t', '​', '﻿', repeat('z', 200), repeat('z', 201), repeat('é', 100), repeat('é', 100) || 'x', 'x' || repeat('é', 100)]) AS k
	WHERE dynamo.put_item('Hash', jsonb_build_object('p', k, 'v', k)) IS NULL AND dynamo.get_item('Hash', jsonb_build_object('p', k)) = jsonb_build_object('p', k, 'v', k)), 19, 'keys of odd characters');

-- ---- numbers
SELECT is(dynamo.request('PutItem', jsonb_build_object('TableName', 'Hash', 'Item', jsonb_build_object('p', '{"S": "n"}'::jsonb, 'v', jsonb_build_object('N', given)))) || (dynamo.request('GetItem', '{"TableName": "Hash", "Key": {"p": {"S": "n"}}}') #> '{Item,v}'),
	jsonb_build_object('N', stored), 'number ' || left(given, 50))
FROM (VALUES
	(repeat('9', 38), repeat('9', 38)), ('-' || repeat('9', 38), '-' || repeat('9', 38)), ('0.' || repeat('9', 38), '0.' || repeat('9', 38)), ('3.1415926535897932384626433832795028841', '3.1415926535897932384626433832795028841'), ('1E+125', '1' || repeat('0', 125)), ('-1E+125', '-1' || repeat('0', 125)), ('9.9999999999999999999999999999999999999E+125', repeat('9', 38) || repeat('0', 88)),
	('0.1e126', '1' || repeat('0', 125)), ('1E-130', '0.' || repeat('0', 129) || '1'), ('-1E-130', '-0.' || repeat('0', 129) || '1'), ('1.2345678901234567890123456789012345678E-130', '0.' || repeat('0', 129) || '12345678901234567890123456789012345678'), ('1' || repeat('0', 125), '1' || repeat('0', 125)), ('1' || repeat('0', 50) || '.' || repeat('0', 50), '1' || repeat('0', 50)), (repeat('0', 1000) || '7', '7'), ('0.' || repeat('0', 130), '0'), ('-0', '0')) AS v(given, stored);
SELECT throws_ok(format('SELECT pg_temp.put_value(%L)', jsonb_build_object('N', given)), 'YD001', 'ValidationException: ' || CASE kind
	WHEN 'o' THEN '1 validation error detected: Number overflow. Attempting to store a number with magnitude larger than supported range'
	WHEN 'u' THEN '1 validation error detected: Number underflow. Attempting to store a number with magnitude smaller than supported range'
	WHEN 'p' THEN '1 validation error detected: Attempting to store more than 38 significant digits in a Number'
	ELSE '1 validation error detected: The parameter cannot be converted to a numeric value: ' || given END, 'no number: ' || left(given, 50))
FROM (VALUES
	(repeat('9', 39), 'p'), ('1.' || repeat('0', 37) || '1', 'p'), ('-0.' || repeat('1', 39), 'p'), ('1E+126', 'o'), ('-1E+126', 'o'), ('11E125', 'o'), ('1E+200', 'o'), ('1e100000000', 'o'), ('1e9223372036854775807', 'o'), ('1e' || repeat('0', 100000) || '126', 'o'), ('0e126', 'o'), ('1' || repeat('0', 126), 'o'), ('1E-131', 'u'), ('-1E-131', 'u'), ('0.9E-130', 'u'), ('1E-200', 'u'), ('1e-100000000', 'u'), ('1e-9223372036854775808', 'u'), ('0e-131', 'u'), ('0.' || repeat('0', 1000000), 'u'), ('0.' || repeat('0', 130) || '1', 'u'),
	('NaN', 'x'), ('-Infinity', 'x'), ('1e', 'x'), ('e5', 'x'), ('1e5.5', 'x'), ('--1', 'x'), ('1.2.3', 'x'), ('.', 'x'), ('-', 'x'), ('+', 'x'), ('1 ', 'x'), (' 1', 'x'), ('1,5', 'x'), ('٣', 'x'), ('1f', 'x'), ('0x1', 'x'), ('1e99999999999999999999', 'x'), ('1e-99999999999999999999', 'x'), ('0e' || repeat('9', 900), 'x')) AS v(given, kind);
SELECT is((SELECT count(*)::int FROM unnest(ARRAY['1E+125', '-1E+125', '1E-130', '-1E-130', repeat('9', 38), '0', '1', '-1', '0.5', '1.5']) AS n
	WHERE pg_temp.put(jsonb_build_object('p', jsonb_build_object('N', n), 'c', jsonb_build_object('N', n)), 'Number') = '{}' AND dynamo.request('GetItem', jsonb_build_object('TableName', 'Number', 'Key', jsonb_build_object('p', jsonb_build_object('N', n), 'c', jsonb_build_object('N', n)))) ? 'Item'), 10, 'numbers as keys, to the ends of the range');
SELECT throws_ok(format('SELECT pg_temp.put(%L, ''Number'')', jsonb_build_object('p', jsonb_build_object('N', n), 'c', '{"N": "1"}'::jsonb)), 'YD001', NULL, 'no key: ' || left(n, 50)) FROM unnest(ARRAY['1E+126', '1E-131', repeat('9', 39), 'x']) AS n;
SELECT throws_ok(format('SELECT dynamo.put_item(''Hash'', %L)', '{"p": "x", "n": ' || n || '}'), 'YD001', NULL, 'natural JSON: no number ' || left(n, 50)) FROM unnest(ARRAY['1e126', '1e-131', repeat('9', 39), '1e200', '-1e1000']) AS n;
SELECT throws_ok('SELECT dynamo.request(''UpdateItem'', ''{"TableName": "Hash", "Key": {"p": {"S": "sum"}}, "UpdateExpression": "SET x = :a + :b", "ExpressionAttributeValues": {":a": {"N": "9e125"}, ":b": {"N": "9e125"}}}'')', 'YD001', 'ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range', 'a sum out of range');
SELECT throws_like('SELECT dynamo.request(''UpdateItem'', ''{"TableName": "Hash", "Key": {"p": {"S": "sum"}}, "UpdateExpression": "SET x = :a + :b", "ExpressionAttributeValues": {":a": {"N": "1"}, ":b": {"N": "1.0e100000000"}}}'')', 'ValidationException: %overflow%', 'an operand out of range');
SELECT throws_ok('SELECT dynamo.request(''UpdateItem'', ''{"TableName": "Hash", "Key": {"p": {"S": "sum"}}, "UpdateExpression": "SET x = :a + :b", "ExpressionAttributeValues": {":a": {"N": "1e125"}, ":b": {"N": "1e-130"}}}'')', 'YD001', NULL, 'a sum of 256 digits');

-- ---- items of 400 KB, and a byte more
SELECT lives_ok(format('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''k'', ''v'', repeat(''x'', %s)))', 409600 - 3), 'an item of exactly 400 KB');
SELECT is(dynamo.item_size(dynamo.get_item('Hash', '{"p": "k"}')), 409600::bigint, 'is stored');
SELECT throws_ok(format('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''k'', ''v'', repeat(''x'', %s)))', 409600 - 2), 'YD001', 'ValidationException: Item size has exceeded the maximum allowed size', 'a byte more');
SELECT lives_ok('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''k'', ''v'', pg_temp.noise(409600 - 3)))', 'also when it does not compress');
SELECT lives_ok('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''k'', ''v'', repeat(''€'', 136532)))', 'bytes count, not characters');
SELECT throws_ok('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''k'', ''v'', repeat(''€'', 136533)))', 'YD001', NULL, 'one € more');
SELECT throws_ok('SELECT pg_temp.put(jsonb_build_object(''p'', ''{"S": "k"}''::jsonb, ''v'', jsonb_build_object(''B'', translate(encode(decode(repeat(''00'', 409600), ''hex''), ''base64''), E''\n'', ''''))))', 'YD001', NULL, 'binary counts decoded');
SELECT lives_ok('SELECT pg_temp.put(jsonb_build_object(''p'', ''{"S": "k"}''::jsonb, ''v'', jsonb_build_object(''B'', translate(encode(decode(repeat(''00'', 409597), ''hex''), ''base64''), E''\n'', ''''))))', 'exactly');
SELECT throws_ok('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''k'', ''v'', repeat(''x'', 20000000)))', 'YD001', NULL, 'an item of 20 MB');
SELECT lives_ok('SELECT dynamo.put_item(''Hash'', (SELECT jsonb_object_agg(i::text, NULL) || ''{"p": "many"}'' FROM generate_series(1, 50000) AS i))', 'fifty thousand attributes');
SELECT is((SELECT count(*)::int FROM jsonb_object_keys(dynamo.get_item('Hash', '{"p": "many"}'))), 50001, 'come back');
SELECT lives_ok('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''set'', ''s'', jsonb_build_object(''$SS'', (SELECT jsonb_agg(md5(i::text)) FROM generate_series(1, 10000) AS i))))', 'a set of ten thousand');
SELECT throws_like('SELECT pg_temp.put_value(jsonb_build_object(''SS'', (SELECT jsonb_agg(md5((i % 9999)::text)) FROM generate_series(1, 10000) AS i)))', 'ValidationException: %contains duplicates%', 'with one duplicate');
SELECT lives_ok('SELECT dynamo.put_item(''Hash'', jsonb_build_object(''p'', ''list'', ''l'', (SELECT jsonb_agg(i) FROM generate_series(1, 50000) AS i)))', 'a list of fifty thousand');

-- ---- names of attributes
SELECT lives_ok('SELECT pg_temp.put(jsonb_build_object(''p'', ''{"S": "name"}''::jsonb, repeat(''n'', 65535), ''{"S": "x"}''::jsonb))', 'a name of 65535 bytes');
SELECT throws_like('SELECT pg_temp.put(jsonb_build_object(''p'', ''{"S": "name"}''::jsonb, repeat(''n'', 65536), ''{"S": "x"}''::jsonb))', 'ValidationException: %6553%', 'and one more');
SELECT throws_like('SELECT pg_temp.put(''{"p": {"S": "name"}, "": {"S": "x"}}'')', 'ValidationException: %mpty attribute name%', 'an empty name');
SELECT is(dynamo.get_item('Hash', '{"p": "names"}'), '{"p": "names", "$B": 1, "$SS": "x", "item": 2, "size": 3, "a.b": 4, "a[0]": 5, "''\"\\": 6, "\u20ac": 7, " ": 8, "$": 9}', 'odd names')
FROM dynamo.put_item('Hash', '{"p": "names", "$B": 1, "$SS": "x", "item": 2, "size": 3, "a.b": 4, "a[0]": 5, "''\"\\": 6, "\u20ac": 7, " ": 8, "$": 9}');

-- ---- expressions: 4096 bytes, 300 operators, and one more
CREATE FUNCTION pg_temp.condition(condition text, vals jsonb DEFAULT NULL, names jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('UpdateItem', jsonb_strip_nulls(jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "a"}}'::jsonb, 'ConditionExpression', condition,
		'ExpressionAttributeValues', vals, 'ExpressionAttributeNames', names))) $$;
SELECT lives_ok('SELECT pg_temp.condition(rpad(''a < b'', 4096))', 'a condition of 4096 bytes');
SELECT throws_like('SELECT pg_temp.condition(rpad(''a < b'', 4097))', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;', 'of 4097');
SELECT lives_ok('SELECT dynamo.request(''UpdateItem'', jsonb_build_object(''TableName'', ''Hash'', ''Key'', ''{"p": {"S": "a"}}''::jsonb, ''UpdateExpression'', rpad(''REMOVE zz'', 4096)))', 'an update of 4096');
SELECT throws_like('SELECT dynamo.request(''UpdateItem'', jsonb_build_object(''TableName'', ''Hash'', ''Key'', ''{"p": {"S": "a"}}''::jsonb, ''UpdateExpression'', rpad(''REMOVE zz'', 4097)))', 'ValidationException: 1 validation error detected: Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;', 'of 4097');
SELECT lives_ok('SELECT dynamo.get_item(''Hash'', ''{"p": "a"}'', repeat(''x'', 4096))', 'a projection of 4096');
SELECT throws_like('SELECT dynamo.get_item(''Hash'', ''{"p": "a"}'', repeat(''x'', 4097))', 'ValidationException: Invalid ProjectionExpression: Expression size has exceeded the maximum allowed size;', 'of 4097');
SELECT lives_ok('SELECT dynamo.scan(''Hash'', rpad(''a < b'', 4096))', 'a filter of 4096');
SELECT throws_like('SELECT dynamo.scan(''Hash'', rpad(''a < b'', 4097))', 'ValidationException: Invalid FilterExpression: Expression size has exceeded the maximum allowed size;%4097', 'of 4097');
SELECT throws_like('SELECT dynamo.query(''Hash'', rpad(''p = :p'', 4097), attribute_values => ''{":p": "a"}'')', 'ValidationException: Invalid KeyConditionExpression: Expression size has exceeded the maximum allowed size;', 'a key condition of 4097');
SELECT throws_like('SELECT pg_temp.condition(''a'' || repeat(''é'', 2048))', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: %', 'bytes count');
SELECT lives_ok('SELECT pg_temp.condition(''NOT b<a'' || repeat('' OR a<b'', 149))', 'three hundred operators');
SELECT throws_ok('SELECT pg_temp.condition(''a<b'' || repeat('' OR a<b'', 150))', 'YD001', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: The expression contains too many operators; operator count: 301', 'three hundred and one');
SELECT lives_ok('SELECT pg_temp.condition(''a<b '' || repeat(''or (a<b '', 149) || repeat('')'', 149))', 'nested 149 deep');
SELECT throws_like('SELECT pg_temp.condition(''a<b '' || repeat(''or (a<b '', 454) || repeat('')'', 454))', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: The expression contains too many operators; operator count: 301', 'nested 454 deep');
SELECT throws_like('SELECT pg_temp.condition(' || quote_literal(bad) || ')', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: %', left(bad, 20) || '... of ' || length(bad) || ' bytes')
FROM unnest(ARRAY[repeat('(', 4096), repeat('(', 2000) || 'a<b' || repeat(')', 2000), repeat('NOT ', 1000) || 'a<b', 'a < ' || repeat('size(', 680) || 'b' || repeat(')', 680), 'a < ' || repeat('f(', 1300) || 'b' || repeat(')', 1300), repeat(')', 4096), repeat('a', 4000) || '=', repeat('[', 4096), 'a' || repeat('[0', 1000), 'a[99999999999999999999]=b', 'a[-1]=b', 'a[1.5]=b', 'a..b=c', '.a=b', 'a.=b',
	'a = "x"', 'a = ''x''', 'a = 1', 'a == b', 'a && b', 'a;b', '#', ':', '# a = b', 'a = :', 'a BETWEEN b', 'a BETWEEN b AND', 'a IN', 'a IN ()', 'a IN (b,)', 'AND', 'a = b AND', 'NOT', '()', 'f()', 'attribute_exists()', 'attribute_exists(a', 'attribute_exists(a))', 'a = b c', 'é = b', E'a = b \x7f', 'attribute_exists (a) b', 'a = b = c', 'a < b < c', 'a', 'contains(a)', 'between', repeat('a OR ', 800) || 'a']) AS bad;
SELECT throws_like('SELECT pg_temp.condition(''a IN ('' || repeat(''b,'', 100) || ''b)'')', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: %operands%101%', 'a hundred and one operands of IN');
SELECT lives_ok('SELECT pg_temp.condition(''NOT s IN ('' || repeat(''b,'', 99) || ''b)'')', 'a hundred');

-- ---- reserved words, names and values
SELECT throws_ok(format('SELECT pg_temp.condition(''attribute_exists(%s)'')', word), 'YD001', 'ValidationException: 1 validation error detected: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: ' || word, word || ' is reserved')
FROM unnest('{ABORT,abort,Zone,name,Name,status,data,date,items,values,size,user,users,year,ttl,counter,count,language,hash,range,index,table,timestamp,type,state,role,url,view,work,zone,names,exists,null,true,false,missing,total}'::text[]) AS word;
SELECT throws_like(format('SELECT pg_temp.condition(''attribute_exists(%s)'')', word), 'ValidationException: 1 validation error detected: Invalid ConditionExpression: %', word || ' is a keyword of the language itself') FROM unnest('{between,in,and,or,not,set,add,delete,remove}'::text[]) AS word;
SELECT throws_like(format('SELECT pg_temp.condition(''attribute_exists(m.%s)'')', word), 'ValidationException: 1 validation error detected: Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: ' || word, 'also inside a path: ' || word) FROM unnest('{name,Status}'::text[]) AS word;
SELECT lives_ok(format('SELECT pg_temp.condition(''attribute_not_exists(%s)'')', word), word || ' is not reserved') FROM unnest('{id,email,price,a1,a_b,nickname,statuses,sk,pk,payload,version}'::text[]) AS word;
SELECT lives_ok('SELECT pg_temp.condition(''attribute_not_exists(#n)'', names => ''{"#n": "name"}'')', 'a name lifts the ban');
SELECT throws_like(format('SELECT pg_temp.condition(''#a = :a'', %L, %L)', vals, names), 'ValidationException: 1 validation error detected: ' || message, names || ' ' || vals)
FROM (VALUES
	('{":a": {"N": "1"}, ":b": {"N": "1"}}', '{"#a": "a"}', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}'),
	('{":a": {"N": "1"}}', '{"#a": "a", "#b": "b"}', 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}'),
	('{":b": {"N": "1"}}', '{"#a": "a"}', 'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :a'),
	('{":a": {"N": "1"}}', '{"#b": "a"}', 'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #a'),
	('{":a": {"N": "1"}, "b": {"N": "1"}}', '{"#a": "a"}', 'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"'),
	('{":a": {"N": "1"}, ":": {"N": "1"}}', '{"#a": "a"}', 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":"'),
	('{":a": {"N": "1"}, ":b c": {"N": "1"}}', '{"#a": "a"}', 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":b c"'),
	('{":a": {"N": "1"}}', '{"#a": "a", "b": "b"}', 'ExpressionAttributeNames contains invalid key: Syntax error; key: "b"'),
	('{":a": {"N": "1"}}', '{"#a": "a", "#": "b"}', 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'),
	('{":a": {"N": "1"}}', '{"#a": "a", "#b.c": "b"}', 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#b.c"'),
	('{":a": {"N": "1"}}', '{"#a": ""}', '%mpty attribute name%'),
	('{":a": {"N": "1"}}', '{}', 'ExpressionAttributeNames must not be empty'),
	('{}', '{"#a": "a"}', 'ExpressionAttributeValues must not be empty')) AS v(vals, names, message);
SELECT lives_ok(format('SELECT pg_temp.condition(%L, %L, %L)', '#' || repeat('n', 254) || ' = :' || repeat('v', 254), jsonb_build_object(':' || repeat('v', 254), '{"N": "1"}'::jsonb), jsonb_build_object('#' || repeat('n', 254), 'a')), 'placeholders of 255 bytes');
SELECT throws_like(format('SELECT pg_temp.condition(%L, %L)', 'a = :' || repeat('v', 255), jsonb_build_object(':' || repeat('v', 255), '{"N": "1"}'::jsonb)), 'ValidationException: %', 'a value''s placeholder of 256');
SELECT throws_like(format('SELECT pg_temp.condition(%L, NULL, %L)', 'attribute_exists(#' || repeat('n', 255) || ')', jsonb_build_object('#' || repeat('n', 255), 'a')), 'ValidationException: %', 'a name''s placeholder of 256');
SELECT throws_like('SELECT pg_temp.condition(''a = :a'', (SELECT jsonb_object_agg('':a'' || coalesce(i::text, ''''), ''{"N": "1"}''::jsonb) FROM generate_series(1, 20000) AS i) || ''{":a": {"N": "1"}}'')', 'ValidationException: 1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {%', 'twenty thousand unused values');
SELECT throws_like('SELECT pg_temp.condition(''a = :a'', jsonb_build_object('':a'', jsonb_build_object(''S'', repeat(''x'', 2100000))))', 'ValidationException: %', 'values of more than 2 MB');

-- ---- tables that are there and are not
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_set(body, '{TableName}', '"Nothing"')), 'YD004', NULL, operation || ' of no table') FROM requests WHERE body ? 'TableName' AND operation <> 'CreateTable';
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_build_object('RequestItems', jsonb_build_object('Nothing', body #> '{RequestItems,Hash}'))), 'YD004', NULL, operation || ' of no table') FROM requests WHERE body ? 'RequestItems';
SELECT throws_ok('SELECT dynamo.create_table(''Hash'', ''p'')', 'YD005', 'ResourceInUseException: Table already exists: Hash', 'CreateTable of one that exists');
CREATE TABLE dynamo_tables."Stranger" (p text PRIMARY KEY);
SELECT is(pg_temp.state('GetItem', '{"TableName": "Stranger", "Key": {"p": {"S": "a"}}}'), 'YD004', 'a table that is not ours does not exist');
SELECT isnt(pg_temp.state('CreateTable', '{"TableName": "Stranger", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST"}'), 'ok', 'nor is it taken over');
SELECT has_column('dynamo_tables', 'Stranger', 'p', 'it stays as it was');
SELECT is(pg_temp.state('GetItem', jsonb_build_object('TableName', n, 'Key', '{"p": {"S": "a"}}'::jsonb)) ~ '^YD00[14]$|^YD105$', true, 'TableName ' || left(n, 60))
FROM unnest(ARRAY['arn:aws:dynamodb:us-east-1:000000000000:table/Nothing', 'arn:aws:dynamodb:eu-west-1:000000000000:table/Hash', 'arn:aws:dynamodb:us-east-1:111111111111:table/Hash', 'arn:aws:dynamodb:us-east-1:000000000000:table/', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash/index/x', 'arn:', 'arn:aws:s3:::bucket', repeat('n', 1025), 'Hash"; --', 'pg_class', '../Hash']) AS n;
-- the catalogue follows what SQL does to a table
ALTER EVENT TRIGGER dynamo_alter DISABLE;
ALTER TABLE dynamo_tables."Number" RENAME TO "Renamed";
ALTER EVENT TRIGGER dynamo_alter ENABLE;
SELECT matches(pg_temp.state('GetItem', '{"TableName": "Number", "Key": {"p": {"N": "1"}, "c": {"N": "1"}}}'), '^(ok|YD004)$', 'a table renamed in SQL');

SELECT * FROM finish();
ROLLBACK;
