-- BatchWriteItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
BEGIN;
SELECT plan(50);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N", "g": "N"}', global_indexes => '{"ByG": {"hash_key": "g"}}', local_indexes => '{"ByL": {"range_key": "l"}}');
	PERFORM dynamo.create_table('Number', 'p', NULL, '{"p": "N"}');
END $$;
CREATE FUNCTION pg_temp.write(items jsonb, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$ SELECT dynamo.request('BatchWriteItem', jsonb_build_object('RequestItems', items) || more) $$;
CREATE FUNCTION pg_temp.puts(low int, high int, item jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('PutRequest', jsonb_build_object('Item', jsonb_build_object('p', jsonb_build_object('S', 'k' || i)) || item))) FROM generate_series(low, high) AS i $$;
CREATE FUNCTION pg_temp.deletes(low int, high int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('DeleteRequest', jsonb_build_object('Key', jsonb_build_object('p', jsonb_build_object('S', 'k' || i))))) FROM generate_series(low, high) AS i $$;
CREATE FUNCTION pg_temp.hash(requests jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('Hash', requests) $$;

SELECT is(pg_temp.write(pg_temp.hash(pg_temp.puts(1, 25, '{"v": {"N": "1"}}'))), '{"UnprocessedItems": {}}', 'twenty-five puts; the whole reply');
SELECT is((SELECT count(*)::int FROM dynamo_tables."Hash"), 25, 'are there');
SELECT is(dynamo.get_item('Hash', '{"p": "k7"}'), '{"p": "k7", "v": 1}', 'whole');
SELECT is(pg_temp.write(pg_temp.hash(pg_temp.puts(1, 2, '{"w": {"N": "2"}}'))), '{"UnprocessedItems": {}}', 'puts over existing items');
SELECT is(dynamo.get_item('Hash', '{"p": "k1"}'), '{"p": "k1", "w": 2}', 'replace them');
SELECT is(pg_temp.write(pg_temp.hash(pg_temp.deletes(1, 20))), '{"UnprocessedItems": {}}', 'deletes');
SELECT is((SELECT count(*)::int FROM dynamo_tables."Hash"), 5, 'delete');
SELECT is(pg_temp.write(pg_temp.hash(pg_temp.deletes(1, 3) || pg_temp.puts(4, 6))), '{"UnprocessedItems": {}}', 'both, and deletes of nothing');
SELECT is((SELECT count(*)::int FROM dynamo_tables."Hash"), 8, 'together');
SELECT is(pg_temp.write(pg_temp.hash(pg_temp.puts(1, 1)) || '{"Pair": [{"PutRequest": {"Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"N": "5"}, "l": {"S": "l"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "a"}, "c": {"N": "2"}}}}]}'), '{"UnprocessedItems": {}}', 'two tables');
SELECT is((SELECT count(*)::int FROM dynamo.query('Pair', 'g = :g', attribute_values => '{":g": 5}', index_name => 'ByG')), 1, 'indexes follow');
SELECT is(pg_temp.write('{"arn:aws:dynamodb:us-east-1:000000000000:table/Hash": [{"PutRequest": {"Item": {"p": {"S": "arn"}}}}]}'), '{"UnprocessedItems": {}}', 'a table by its ARN');
SELECT is(dynamo.get_item('Hash', '{"p": "arn"}'), '{"p": "arn"}', 'is the same table');
SELECT is(pg_temp.write('{"Hash": [{"PutRequest": {"Item": {"p": {"S": "same"}}}}], "Pair": [{"PutRequest": {"Item": {"p": {"S": "same"}, "c": {"N": "1"}}}}]}'), '{"UnprocessedItems": {}}', 'the same key in two tables is no duplicate');

-- ---- duplicates
SELECT throws_ok(format('SELECT pg_temp.write(%L)', items), 'YD001', 'ValidationException: Provided list of item keys contains duplicates', items)
FROM unnest(ARRAY['{"Hash": [{"PutRequest": {"Item": {"p": {"S": "d"}}}}, {"PutRequest": {"Item": {"p": {"S": "d"}, "v": {"N": "1"}}}}]}',
	'{"Hash": [{"DeleteRequest": {"Key": {"p": {"S": "d"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "d"}}}}]}',
	'{"Hash": [{"PutRequest": {"Item": {"p": {"S": "d"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "d"}}}}]}',
	'{"Number": [{"PutRequest": {"Item": {"p": {"N": "1000"}}}}, {"PutRequest": {"Item": {"p": {"N": "1e3"}}}}]}']) AS items;
SELECT throws_ok(format('SELECT pg_temp.write(%L)', items), 'YD001', 'ValidationException: Provided list of item keys contains duplicates', 'before what is wrong with a later one: ' || items)
FROM unnest(ARRAY['{"Hash": [{"PutRequest": {"Item": {"p": {"S": "d"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "d"}}}}, {"DeleteRequest": {"Key": {}}}]}',
	'{"Pair": [{"PutRequest": {"Item": {"p": {"S": "d"}, "c": {"N": "1"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "d"}, "c": {"N": "1.0"}}}}, {"PutRequest": {"Item": {"p": {"S": "d"}, "c": {"N": "1"}, "g": {"S": "x"}}}}]}']) AS items;
SELECT is(dynamo.get_item('Hash', '{"p": "d"}'), NULL, 'nothing is written');

-- ---- one bad request refuses all
SELECT throws_ok(format('SELECT pg_temp.write(pg_temp.hash(pg_temp.puts(100, 101) || %L))', bad), 'YD001', 'ValidationException: ' || message, bad)
FROM (VALUES
	('[{"PutRequest": {"Item": {"p": {"N": "1"}}}}]', 'The provided key element does not match the schema'),
	('[{"PutRequest": {"Item": {"v": {"N": "1"}}}}]', 'The provided key element does not match the schema'),
	('[{"PutRequest": {"Item": {"p": {"S": ""}}}}]', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p'),
	('[{"PutRequest": {"Item": {"p": {"S": "x"}, "v": {"N": "one"}}}}]', 'The parameter cannot be converted to a numeric value: one'),
	('[{"PutRequest": {"Item": {"p": {"S": "x"}, "v": {}}}}]', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('[{"DeleteRequest": {"Key": {"q": {"S": "x"}}}}]', 'The provided key element does not match the schema'),
	('[{"DeleteRequest": {"Key": {"p": {"S": "x"}, "v": {"N": "1"}}}}]', 'The provided key element does not match the schema')) AS v(bad, message);
SELECT is(dynamo.get_item('Hash', '{"p": "k100"}'), NULL, 'nothing is written');
SELECT throws_ok('SELECT pg_temp.write(pg_temp.hash(pg_temp.puts(100, 101)) || ''{"Nothing": [{"PutRequest": {"Item": {"p": {"S": "a"}}}}]}'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'a table that is not there');
SELECT is(dynamo.get_item('Hash', '{"p": "k100"}'), NULL, 'nothing is written');
SELECT throws_like('SELECT pg_temp.write(''{"Pair": [{"PutRequest": {"Item": {"p": {"S": "a"}, "c": {"N": "1"}, "g": {"S": "x"}}}}]}'')', 'ValidationException: %mismatch%g%', 'an index key of another type');
SELECT throws_like('SELECT pg_temp.write(pg_temp.hash(''[{}]''))', 'ValidationException: %', 'neither put nor delete');
SELECT throws_like('SELECT pg_temp.write(pg_temp.hash(''[{"PutRequest": {"Item": {"p": {"S": "a"}}}, "DeleteRequest": {"Key": {"p": {"S": "a"}}}}]''))', 'ValidationException: %', 'both');
SELECT throws_like('SELECT pg_temp.write(pg_temp.hash(''[{"PutRequest": {}}]''))', 'ValidationException: 1 validation error detected: Value null at ''requestItems.Hash.member.1.member.putRequest.item'' failed to satisfy constraint: Member must not be null', 'Item is required');
SELECT throws_like('SELECT pg_temp.write(pg_temp.hash(''[{"DeleteRequest": {}}]''))', 'ValidationException: 1 validation error detected: Value null at ''requestItems.Hash.member.1.member.deleteRequest.key'' failed to satisfy constraint: Member must not be null', 'Key is required');

-- ---- limits
SELECT throws_like('SELECT pg_temp.write(pg_temp.hash(pg_temp.puts(1, 26)))', 'ValidationException: 1 validation error detected: Value ''%'' at ''requestItems'' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]', 'twenty-six requests');
SELECT throws_ok('SELECT pg_temp.write(pg_temp.hash(pg_temp.puts(1, 25)) || ''{"Number": [{"PutRequest": {"Item": {"p": {"N": "1"}}}}]}'')', 'YD001', 'ValidationException: Too many items requested for the BatchWriteItem call', 'of two tables');
SELECT throws_ok('SELECT pg_temp.write(''{}'')', 'YD001', 'ValidationException: The requestItems parameter is required for BatchWriteItem', 'no table');
SELECT throws_like('SELECT pg_temp.write(''{"Hash": []}'')', 'ValidationException: 1 validation error detected: Value ''%'' at ''requestItems'' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]', 'no request');
SELECT throws_ok('SELECT dynamo.request(''BatchWriteItem'', ''{}'')', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''requestItems'' failed to satisfy constraint: Member must not be null', 'RequestItems is required');
SELECT throws_like('SELECT pg_temp.write(pg_temp.hash(pg_temp.puts(200, 200) || jsonb_build_array(jsonb_build_object(''PutRequest'', jsonb_build_object(''Item'', jsonb_build_object(''p'', ''{"S": "big"}''::jsonb, ''v'', jsonb_build_object(''S'', repeat(''x'', 409600))))))))',
	'ValidationException: Item size has exceeded the maximum allowed size', 'an item too large');
SELECT is(dynamo.get_item('Hash', '{"p": "k200"}'), NULL, 'nothing is written');

-- ---- ReturnConsumedCapacity, ReturnItemCollectionMetrics
SELECT is(pg_temp.write(pg_temp.hash(pg_temp.puts(300, 301)), '{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 2}]', 'TOTAL: a list');
SELECT is(pg_temp.write(pg_temp.hash(pg_temp.deletes(300, 302)), '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity', '[{"TableName": "Hash", "CapacityUnits": 3, "Table": {"CapacityUnits": 3}}]', 'INDEXES');
SELECT is(pg_temp.write('{"Pair": [{"PutRequest": {"Item": {"p": {"S": "b"}, "c": {"N": "1"}, "g": {"N": "5"}}}}, {"PutRequest": {"Item": {"p": {"S": "b"}, "c": {"N": "2"}, "l": {"S": "x"}}}}]}', '{"ReturnConsumedCapacity": "INDEXES"}') -> 'ConsumedCapacity',
	'[{"TableName": "Pair", "CapacityUnits": 4, "Table": {"CapacityUnits": 2}, "GlobalSecondaryIndexes": {"ByG": {"CapacityUnits": 1}}, "LocalSecondaryIndexes": {"ByL": {"CapacityUnits": 1}}}]', 'INDEXES with indexes');
SELECT is((SELECT jsonb_object_agg(c ->> 'TableName', c -> 'CapacityUnits') FROM jsonb_array_elements(r -> 'ConsumedCapacity') AS c), '{"Hash": 1, "Number": 1}', 'one entry for each table')
FROM pg_temp.write(pg_temp.hash(pg_temp.puts(300, 300)) || '{"Number": [{"PutRequest": {"Item": {"p": {"N": "1"}}}}]}', '{"ReturnConsumedCapacity": "TOTAL"}') AS r;
SELECT ok(NOT pg_temp.write(pg_temp.hash(pg_temp.puts(300, 300)), '{"ReturnConsumedCapacity": "NONE"}') ? 'ConsumedCapacity', 'NONE');
SELECT is(pg_temp.write('{"Pair": [{"PutRequest": {"Item": {"p": {"S": "b"}, "c": {"N": "1"}}}}]}', '{"ReturnItemCollectionMetrics": "SIZE"}') #> '{ItemCollectionMetrics,Pair,0,ItemCollectionKey}', '{"p": {"S": "b"}}', 'ReturnItemCollectionMetrics SIZE: a list for each table');
SELECT ok(NOT pg_temp.write('{"Pair": [{"PutRequest": {"Item": {"p": {"S": "b"}, "c": {"N": "1"}}}}]}', '{"ReturnItemCollectionMetrics": "NONE"}') ? 'ItemCollectionMetrics', 'NONE');

SELECT * FROM finish();
ROLLBACK;
