-- Throttling (docs/throttling.md): https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TroubleshootingThrottling.html
-- The clock stands, so that what is in a bucket is known to the unit.
BEGIN;
SELECT plan(124);

CREATE FUNCTION pg_temp.table(name text, units int, more jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
	SELECT dynamo.request('CreateTable', jsonb_build_object('TableName', name,
		'KeySchema', '[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}]'::jsonb,
		'AttributeDefinitions', '[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "N"}, {"AttributeName": "g", "AttributeType": "S"}, {"AttributeName": "l", "AttributeType": "S"}]'::jsonb,
		'ProvisionedThroughput', jsonb_build_object('ReadCapacityUnits', units, 'WriteCapacityUnits', units),
		'GlobalSecondaryIndexes', jsonb_build_array(jsonb_build_object('IndexName', 'ByG', 'KeySchema', '[{"AttributeName": "g", "KeyType": "HASH"}]'::jsonb,
			'Projection', '{"ProjectionType": "KEYS_ONLY"}'::jsonb, 'ProvisionedThroughput', jsonb_build_object('ReadCapacityUnits', 1, 'WriteCapacityUnits', 1))),
		'LocalSecondaryIndexes', '[{"IndexName": "ByL", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}]'::jsonb) || more) $$;
-- a table on demand with these maxima, of itself and of its index
CREATE FUNCTION pg_temp.on_demand(name text, maxima jsonb, index_maxima jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT dynamo.request('CreateTable', jsonb_build_object('TableName', name, 'BillingMode', 'PAY_PER_REQUEST',
		'KeySchema', '[{"AttributeName": "p", "KeyType": "HASH"}]'::jsonb,
		'AttributeDefinitions', '[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}]'::jsonb,
		'GlobalSecondaryIndexes', jsonb_build_array(jsonb_build_object('IndexName', 'ByG', 'KeySchema', '[{"AttributeName": "g", "KeyType": "HASH"}]'::jsonb,
			'Projection', '{"ProjectionType": "ALL"}'::jsonb) || CASE WHEN index_maxima IS NULL THEN '{}' ELSE jsonb_build_object('OnDemandThroughput', index_maxima) END))
		|| CASE WHEN maxima IS NULL THEN '{}' ELSE jsonb_build_object('OnDemandThroughput', maxima) END) $$;
CREATE FUNCTION pg_temp.item(c int, size int DEFAULT 0, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('p', '{"S": "p"}'::jsonb, 'c', jsonb_build_object('N', c::text), 'x', jsonb_build_object('S', repeat('x', size))) || more $$;
CREATE FUNCTION pg_temp.key(c int) RETURNS jsonb LANGUAGE sql AS $$ SELECT pg_temp.item(c) - 'x' $$;
-- 'ok', or [SQLSTATE, message, reasons]
CREATE FUNCTION pg_temp.try(operation text, body jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE detail text; message text; state text;
BEGIN
	PERFORM dynamo.request(operation, body);
	RETURN '"ok"';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, message = MESSAGE_TEXT, state = RETURNED_SQLSTATE;
	RETURN jsonb_build_array(state, message, nullif(detail, '')::jsonb);
END $$;
-- The same in short: 'ok', or the reasons' names and indexes; of a transaction the codes.
CREATE FUNCTION pg_temp.short(operation text, body jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN r = '"ok"' THEN 'ok' WHEN r -> 2 ? 'CancellationReasons' THEN (SELECT string_agg(x ->> 'Code', ' ' ORDER BY n) FROM jsonb_array_elements(r #> '{2,CancellationReasons}') WITH ORDINALITY AS t(x, n))
		ELSE coalesce((SELECT string_agg((x ->> 'reason') || coalesce(' ' || substring(x ->> 'resource' FROM '/index/(.*)'), ''), ', ' ORDER BY n)
			FROM jsonb_array_elements(coalesce(r #> '{2,ThrottlingReasons}', r #> '{2,throttlingReasons}')) WITH ORDINALITY AS t(x, n)), r ->> 1) END
	FROM pg_temp.try(operation, body) AS r $$;
CREATE FUNCTION pg_temp.put(name text, c int, size int DEFAULT 0, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.short('PutItem', jsonb_build_object('TableName', name, 'Item', pg_temp.item(c, size, more))) $$;
CREATE FUNCTION pg_temp.get(name text, c int, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.short('GetItem', jsonb_build_object('TableName', name, 'Key', pg_temp.key(c)) || more) $$;
-- Moves the clock on.
CREATE FUNCTION pg_temp.wait(seconds float) RETURNS void LANGUAGE plpgsql AS $$
DECLARE now timestamptz := coalesce(nullif(current_setting('test.now', true), ''), '2030-01-01 00:00:00+00')::timestamptz + seconds * interval '1 s';
BEGIN
	PERFORM set_config('test.now', now::text, false), dynamo_test.clock(now);
END $$;
CREATE FUNCTION pg_temp.repeat_put(name text, times int) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT r, ' then ') FROM (SELECT pg_temp.put(name, i) AS r FROM generate_series(1, times) AS i) AS x $$;
SET timezone = 'UTC';
SELECT pg_temp.wait(0);

-- off: nothing is limited
SELECT pg_temp.table('Off', 1);
SELECT is(current_setting('dynamo.enforce_throughput'), 'off', 'off by default');
SELECT is(current_setting('dynamo.throughput_burst'), '5min', 'bursts of 300 seconds, as on AWS');
SELECT is(pg_temp.repeat_put('Off', 20), 'ok', 'off: no limit');
SELECT dynamo_test.setting('dynamo.enforce_throughput', 'on');
SELECT is(pg_temp.put('Off', 1), 'ok', 'what went before does not count');
SELECT is(pg_temp.put('Off', 1), 'TableWriteProvisionedThroughputExceeded', 'on: one unit each second');
SELECT throws_ok($$SET dynamo.enforce_throughput = off$$, '55P02', NULL, 'no session may change it');

-- the error
SELECT is(pg_temp.try('PutItem', jsonb_build_object('TableName', 'Off', 'Item', pg_temp.item(1))),
	'["YD009", "ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
	{"ThrottlingReasons": [{"reason": "TableWriteProvisionedThroughputExceeded", "resource": "arn:aws:dynamodb:us-east-1:000000000000:table/Off"}]}]', 'a table: error, text, reasons');
SELECT is(pg_temp.put('Off', 1, 0, '{"p": {"N": "1"}}'), 'ValidationException: One or more parameter values were invalid: Type mismatch for key p expected: S actual: N', 'what is wrong with a request comes first');
SELECT is(pg_temp.short('PutItem', jsonb_build_object('TableName', 'Off', 'Item', pg_temp.item(1), 'ConditionExpression', 'attribute_exists(nothing)')), 'TableWriteProvisionedThroughputExceeded', 'conditions come after');
SELECT is(pg_temp.get('Off', 1), 'ok', 'reads have a bucket of their own');

-- what a bucket holds
SELECT pg_temp.table('Fill', 10);
SELECT is(pg_temp.repeat_put('Fill', 10), 'ok', 'a new table has one second''s worth');
SELECT is(pg_temp.put('Fill', 1), 'TableWriteProvisionedThroughputExceeded', 'and no more');
SELECT pg_temp.wait(0.05);
SELECT is(pg_temp.put('Fill', 1), 'TableWriteProvisionedThroughputExceeded', 'half a unit is too little');
SELECT pg_temp.wait(0.05);
SELECT is(pg_temp.put('Fill', 1), 'ok', 'it fills all the time');
SELECT is(pg_temp.put('Fill', 1), 'TableWriteProvisionedThroughputExceeded', 'unit by unit');
SELECT pg_temp.wait(20);
SELECT is(pg_temp.repeat_put('Fill', 200), 'ok', 'what is not used is kept');
SELECT is(pg_temp.put('Fill', 1), 'TableWriteProvisionedThroughputExceeded', 'to the unit');
SELECT pg_temp.wait(3600);
SELECT is(pg_temp.put('Fill', 1000, 2000 * 10), 'ok', 'for five minutes: 3,000 units');
SELECT is((SELECT count(*)::int FROM generate_series(1, 40) AS i WHERE pg_temp.put('Fill', 1000, 399 * 1024) = 'ok'), 8, 'but no longer: 20 of them, seven items of 400 and one more that makes a debt are the most');
SELECT dynamo_test.setting('dynamo.throughput_burst', '1s');
SELECT pg_temp.wait(3600);
SELECT is(pg_temp.repeat_put('Fill', 10), 'ok', 'no burst: one second''s worth');
SELECT is(pg_temp.put('Fill', 1), 'TableWriteProvisionedThroughputExceeded', 'however long one waits');
SELECT dynamo_test.setting('dynamo.throughput_burst', '300s');
SELECT pg_temp.wait(-3600);
SELECT is(pg_temp.put('Fill', 1), 'TableWriteProvisionedThroughputExceeded', 'a clock that is set back fills nothing');
SELECT pg_temp.wait(1);
SELECT is(pg_temp.repeat_put('Fill', 10), 'ok', 'and stops nothing');

-- debt
SELECT pg_temp.table('Debt', 1);
SELECT is(pg_temp.put('Debt', 1, 10 * 1024 - 20), 'ok', 'ten units from a bucket with one');
SELECT pg_temp.wait(9.9);
SELECT is(pg_temp.put('Debt', 1), 'TableWriteProvisionedThroughputExceeded', 'are paid back');
SELECT pg_temp.wait(0.1);
SELECT is(pg_temp.put('Debt', 2), 'ok', 'unit by unit, then the next may');

-- reads: half, whole, and by what they find
SELECT pg_temp.table('Read', 10);
SELECT is(pg_temp.put('Read', 1, 3000), 'ok', 'an item that one unit reads');
SELECT is(pg_temp.put('Read', 2, 20 * 1024), 'ok', 'one of six');
SELECT is((SELECT count(*)::int FROM generate_series(1, 30) WHERE pg_temp.get('Read', 1) = 'ok'), 20, 'eventually consistent: half a unit');
SELECT pg_temp.wait(1);
SELECT is((SELECT count(*)::int FROM generate_series(1, 30) WHERE pg_temp.get('Read', 1, '{"ConsistentRead": true}') = 'ok'), 10, 'consistent: one');
SELECT pg_temp.wait(1);
SELECT is((SELECT count(*)::int FROM generate_series(1, 30) WHERE pg_temp.get('Read', 2, '{"ConsistentRead": true}') = 'ok'), 2, 'a large item: six');
SELECT pg_temp.wait(1.2);
SELECT is((SELECT count(*)::int FROM generate_series(1, 30) WHERE pg_temp.get('Read', 99) = 'ok'), 20, 'no item: half a unit');
SELECT is(pg_temp.short('Query', '{"TableName": "Read", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}'), 'TableReadProvisionedThroughputExceeded', 'Query');
SELECT is(pg_temp.short('Scan', '{"TableName": "Read"}'), 'TableReadProvisionedThroughputExceeded', 'Scan');
SELECT is(pg_temp.short('Query', '{"TableName": "Read", "IndexName": "ByL", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}'), 'TableReadProvisionedThroughputExceeded', 'a local index uses up its table''s');
SELECT is(pg_temp.short('ExecuteStatement', '{"Statement": "SELECT * FROM \"Read\""}'), 'TableReadProvisionedThroughputExceeded', 'PartiQL, a scan');
SELECT is(pg_temp.short('ExecuteStatement', '{"Statement": "SELECT * FROM \"Read\" WHERE p = ''p'' AND c = 1"}'), 'TableReadProvisionedThroughputExceeded', 'PartiQL, an item');
SELECT is(pg_temp.short('Scan', '{"TableName": "Read", "IndexName": "ByG"}'), 'ok', 'a global index has its own');
SELECT is(pg_temp.short('Scan', '{"TableName": "Read", "IndexName": "ByG"}'), 'ok', 'an empty index costs half a unit');
SELECT is(pg_temp.try('Scan', '{"TableName": "Read", "IndexName": "ByG"}'),
	'["YD009", "ProvisionedThroughputExceededException: The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API",
	{"ThrottlingReasons": [{"reason": "IndexReadProvisionedThroughputExceeded", "resource": "arn:aws:dynamodb:us-east-1:000000000000:table/Read/index/ByG"}]}]', 'an index: error, text, reasons');
SELECT is(pg_temp.short('ExecuteStatement', '{"Statement": "SELECT * FROM \"Read\".\"ByG\""}'), 'IndexReadProvisionedThroughputExceeded ByG', 'PartiQL, an index');
SELECT pg_temp.wait(1);
SELECT is(pg_temp.short('Scan', '{"TableName": "Read"}'), 'ok', 'a scan costs what it reads');
SELECT is(pg_temp.short('Scan', '{"TableName": "Read"}'), 'ok', 'three units here');
SELECT is(pg_temp.short('Scan', '{"TableName": "Read", "ConsistentRead": true}'), 'ok', 'or six');
SELECT is(pg_temp.get('Read', 1), 'TableReadProvisionedThroughputExceeded', 'twelve of ten');

-- writes: the larger of old and new, deletes, failed conditions, local indexes
SELECT pg_temp.table('Write', 100);
SELECT is(pg_temp.put('Write', 1, 50 * 1024 - 20), 'ok', 'an item of 50 units');
SELECT is(pg_temp.short('UpdateItem', jsonb_build_object('TableName', 'Write', 'Key', pg_temp.key(1), 'UpdateExpression', 'REMOVE x')), 'ok', 'to make it small costs 50 again');
SELECT is(pg_temp.put('Write', 1), 'TableWriteProvisionedThroughputExceeded', 'so that nothing is left');
SELECT is((SELECT dynamo.get_item('Write', '{"p": "p", "c": 1}')), '{"p": "p", "c": 1}', 'what is refused does nothing');
SELECT pg_temp.wait(0.03);
SELECT is(pg_temp.short('DeleteItem', jsonb_build_object('TableName', 'Write', 'Key', pg_temp.key(99))), 'ok', 'to delete nothing costs one');
SELECT is(pg_temp.short('PutItem', jsonb_build_object('TableName', 'Write', 'Item', pg_temp.item(1), 'ConditionExpression', 'attribute_not_exists(p)')), 'ConditionalCheckFailedException: The conditional request failed', 'so does a failed condition');
SELECT is(pg_temp.short('UpdateItem', jsonb_build_object('TableName', 'Write', 'Key', pg_temp.key(5))), 'ok', 'and an update');
SELECT is(pg_temp.short('DeleteItem', jsonb_build_object('TableName', 'Write', 'Key', pg_temp.key(1))), 'TableWriteProvisionedThroughputExceeded', 'DeleteItem');
SELECT is(pg_temp.short('UpdateItem', jsonb_build_object('TableName', 'Write', 'Key', pg_temp.key(1))), 'TableWriteProvisionedThroughputExceeded', 'UpdateItem');
SELECT is(pg_temp.short('ExecuteStatement', '{"Statement": "INSERT INTO \"Write\" VALUE {''p'': ''p'', ''c'': 7}"}'), 'TableWriteProvisionedThroughputExceeded', 'PartiQL, INSERT');
SELECT is(pg_temp.short('ExecuteStatement', '{"Statement": "DELETE FROM \"Write\" WHERE p = ''p'' AND c = 1", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}'), 'TableWriteProvisionedThroughputExceeded', 'PartiQL, DELETE');
SELECT pg_temp.wait(0.02);
SELECT is(pg_temp.put('Write', 3, 0, '{"l": {"S": "l"}}'), 'ok', 'a local index costs one more, of the table');
SELECT is(pg_temp.put('Write', 4), 'TableWriteProvisionedThroughputExceeded', 'two in all');
SELECT lives_ok($$INSERT INTO dynamo_tables."Write" (item) VALUES ('{"p": "sql", "c": 1}')$$, 'SQL on the item table is no request');

-- writes to global indexes
SELECT pg_temp.table('Index', 100);
SELECT is(pg_temp.put('Index', 1, 0, '{"g": {"S": "a"}}'), 'ok', 'a write into an index');
SELECT is(pg_temp.put('Index', 2, 0, '{"g": {"S": "a"}}'), 'IndexWriteProvisionedThroughputExceeded ByG', 'whose units are gone: the table''s write is refused');
SELECT is(dynamo.get_item('Index', '{"p": "p", "c": 2}'), NULL, 'as a whole');
SELECT is(pg_temp.put('Index', 2), 'ok', 'not one that leaves the index alone');
SELECT is(pg_temp.short('UpdateItem', jsonb_build_object('TableName', 'Index', 'Key', pg_temp.key(1), 'UpdateExpression', 'SET v = :v', 'ExpressionAttributeValues', '{":v": {"S": "v"}}'::jsonb)), 'ok', 'nor one that changes what it does not project');
SELECT is(pg_temp.short('DeleteItem', jsonb_build_object('TableName', 'Index', 'Key', pg_temp.key(1))), 'IndexWriteProvisionedThroughputExceeded ByG', 'a deletion from it');
SELECT is((SELECT count(*)::int FROM generate_series(1, 120) AS i WHERE pg_temp.put('Index', 10 + i) = 'ok'), 97, 'the refusals took nothing from the table');
SELECT is(pg_temp.put('Index', 3, 0, '{"g": {"S": "a"}}'), 'TableWriteProvisionedThroughputExceeded', 'a table without units is found out first');
SELECT pg_temp.wait(1);
SELECT is(pg_temp.put('Index', 1, 0, '{"g": {"S": "b"}}'), 'ok', 'an index entry that moves');
SELECT pg_temp.wait(1);
SELECT is(pg_temp.put('Index', 2, 0, '{"g": {"S": "b"}}'), 'IndexWriteProvisionedThroughputExceeded ByG', 'costs two: a debt of one');

-- both at once
SELECT pg_temp.table('Both', 1);
SELECT is(pg_temp.put('Both', 1, 0, '{"g": {"S": "a"}}'), 'ok', 'uses up table and index');
SELECT is(pg_temp.short('TransactWriteItems', jsonb_build_object('TransactItems', jsonb_build_array(jsonb_build_object('Put', jsonb_build_object('TableName', 'Both', 'Item', pg_temp.item(2)))))), 'ProvisionedThroughputExceeded', 'transactions ask the same buckets');

-- batches
CREATE FUNCTION pg_temp.puts(low int, high int, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('PutRequest', jsonb_build_object('Item', pg_temp.item(i, 0, more)))) FROM generate_series(low, high) AS i $$;
CREATE FUNCTION pg_temp.keys(low int, high int) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('Keys', jsonb_agg(pg_temp.key(i))) FROM generate_series(low, high) AS i $$;
SELECT pg_temp.table('Batch', 5), pg_temp.table('Other', 5);
CREATE TEMP TABLE reply AS SELECT dynamo.request('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.puts(1, 8), 'Other', pg_temp.puts(1, 2)))) AS r;
SELECT is((SELECT r #> '{UnprocessedItems,Batch}' FROM reply), pg_temp.puts(6, 8), 'BatchWriteItem: what is refused comes back');
SELECT is((SELECT r #> '{UnprocessedItems,Other}' FROM reply), NULL, 'of the table whose units are gone');
SELECT is((SELECT count(*)::int FROM dynamo_tables."Batch"), 5, 'the others are done');
SELECT is(pg_temp.try('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.puts(6, 8)))) #> '{0}', '"YD009"', 'everything refused: the error');
SELECT is(pg_temp.short('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.puts(6, 8)))), 'TableWriteProvisionedThroughputExceeded', 'each reason once');
SELECT is(dynamo.request('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.puts(6, 8), 'Other', pg_temp.puts(3, 5)))) #> '{UnprocessedItems,Batch}', pg_temp.puts(6, 8), 'a whole table refused, another not');
SELECT is(pg_temp.short('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.puts(6, 6), 'Other', pg_temp.puts(1, 1)))), 'TableWriteProvisionedThroughputExceeded, TableWriteProvisionedThroughputExceeded', 'two tables refused: two reasons');
SELECT pg_temp.wait(1);
SELECT is(dynamo.request('BatchWriteItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.puts(11, 12, '{"g": {"S": "a"}}') || pg_temp.puts(13, 14)))) #> '{UnprocessedItems,Batch}', pg_temp.puts(12, 12, '{"g": {"S": "a"}}'), 'an index refuses one of them');
DELETE FROM reply;
INSERT INTO reply SELECT dynamo.request('BatchGetItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.keys(1, 13) || '{"ConsistentRead": true}', 'Other', pg_temp.keys(1, 2))));
SELECT is((SELECT jsonb_array_length(r #> '{Responses,Batch}') FROM reply), 5, 'BatchGetItem: reads as many as there are units for');
SELECT is((SELECT r #> '{UnprocessedKeys,Batch}' FROM reply), pg_temp.keys(6, 13) || '{"ConsistentRead": true}', 'and gives back the other keys, with their settings');
SELECT is((SELECT jsonb_array_length(r #> '{Responses,Other}') FROM reply), 2, 'of that table alone');
SELECT is((SELECT r #> '{UnprocessedKeys,Other}' FROM reply), NULL, 'which has keys left');
SELECT is(pg_temp.short('BatchGetItem', jsonb_build_object('RequestItems', jsonb_build_object('Batch', pg_temp.keys(1, 2)))), 'TableReadProvisionedThroughputExceeded', 'everything refused: the error');

-- transactions
CREATE FUNCTION pg_temp.transact(name text, low int, high int, more jsonb DEFAULT '{}', others jsonb DEFAULT '[]') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.short('TransactWriteItems', jsonb_build_object('TransactItems', (SELECT jsonb_agg(jsonb_build_object('Put', jsonb_build_object('TableName', name, 'Item', pg_temp.item(i, 0, more)))) FROM generate_series(low, high) AS i) || others)) $$;
CREATE FUNCTION pg_temp.transact_get(name text, low int, high int) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.short('TransactGetItems', jsonb_build_object('TransactItems', (SELECT jsonb_agg(jsonb_build_object('Get', jsonb_build_object('TableName', name, 'Key', pg_temp.key(i)))) FROM generate_series(low, high) AS i))) $$;
SELECT pg_temp.table('Transact', 10), pg_temp.table('Free', 10);
SELECT is(pg_temp.transact('Transact', 1, 4), 'ok', 'four items cost eight units');
SELECT is(pg_temp.transact('Transact', 1, 4), 'ok', 'two units let all in');
SELECT is(pg_temp.transact('Transact', 1, 2, '{}', '[{"Put": {"TableName": "Free", "Item": {"p": {"S": "p"}, "c": {"N": "1"}}}}]'), 'ProvisionedThroughputExceeded ProvisionedThroughputExceeded None', 'a debt lets nobody in; the reasons tell which table''s');
SELECT is(pg_temp.try('TransactWriteItems', jsonb_build_object('TransactItems', jsonb_build_array(jsonb_build_object('Delete', jsonb_build_object('TableName', 'Transact', 'Key', pg_temp.key(1)))))),
	'["YD012", "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ProvisionedThroughputExceeded]",
	{"CancellationReasons": [{"Code": "ProvisionedThroughputExceeded", "Message": "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."}]}]', 'the whole error');
SELECT is((SELECT count(*)::int FROM generate_series(1, 20) AS i WHERE pg_temp.put('Free', 10 + i) = 'ok'), 10, 'the other table has lost nothing');
SELECT is(dynamo.get_item('Free', '{"p": "p", "c": 1}'), NULL, 'nor gained');
SELECT pg_temp.wait(2);
SELECT is(pg_temp.transact('Transact', 1, 2, '{"g": {"S": "a"}}', jsonb_build_array(jsonb_build_object('Put', jsonb_build_object('TableName', 'Transact', 'Item', pg_temp.item(9))))), 'ok', 'an index of one unit goes into debt: four');
SELECT pg_temp.wait(1);
SELECT is(pg_temp.transact('Transact', 11, 11, '{"g": {"S": "a"}}', jsonb_build_array(jsonb_build_object('Put', jsonb_build_object('TableName', 'Transact', 'Item', pg_temp.item(9))))), 'ProvisionedThroughputExceeded None', 'the index has the reason of what writes to it');
SELECT is(pg_temp.transact_get('Transact', 1, 3), 'ok', 'TransactGetItems: two units each');
SELECT is(pg_temp.transact_get('Transact', 1, 2), 'ok', 'six and four');
SELECT is(pg_temp.transact_get('Transact', 1, 2), 'ProvisionedThroughputExceeded ProvisionedThroughputExceeded', 'are ten');
SELECT is(pg_temp.short('ExecuteTransaction', '{"TransactStatements": [{"Statement": "SELECT * FROM \"Transact\" WHERE p = ''p'' AND c = 1"}]}'), 'ProvisionedThroughputExceeded', 'ExecuteTransaction, reads');
SELECT pg_temp.wait(3600);
SELECT is((SELECT count(*)::int FROM generate_series(1, 20) WHERE pg_temp.put('Transact', 1, 399 * 1024) = 'ok'), 8, 'a bucket emptied');
SELECT is(pg_temp.short('ExecuteTransaction', '{"TransactStatements": [{"Statement": "DELETE FROM \"Transact\" WHERE p = ''p'' AND c = 1"}]}'), 'ProvisionedThroughputExceeded', 'ExecuteTransaction, writes');
SELECT is(dynamo.request('BatchExecuteStatement', '{"Statements": [{"Statement": "INSERT INTO \"Transact\" VALUE {''p'': ''s'', ''c'': 7}"}, {"Statement": "INSERT INTO \"Free\" VALUE {''p'': ''s'', ''c'': 7}"}]}'),
	'{"Responses": [{"Error": {"Code": "ProvisionedThroughputExceeded", "Message": "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."}, "TableName": "Transact"}, {"TableName": "Free"}]}',
	'BatchExecuteStatement: each statement for itself');

-- on demand
SELECT pg_temp.on_demand('Demand', '{"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 2}', '{"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 1}');
SELECT pg_temp.on_demand('Unlimited', NULL, NULL), pg_temp.on_demand('WriteOnly', '{"MaxWriteRequestUnits": 1}', NULL);
CREATE FUNCTION pg_temp.put_one(name text, p text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.short('PutItem', jsonb_build_object('TableName', name, 'Item', jsonb_build_object('p', jsonb_build_object('S', p)) || more)) $$;
SELECT is((SELECT string_agg(DISTINCT pg_temp.put_one('Unlimited', 'a' || i, '{"g": {"S": "g"}}'), ' ') FROM generate_series(1, 30) AS i), 'ok', 'on demand without a maximum: no limit');
SELECT is(pg_temp.put_one('Demand', 'a', '{"g": {"S": "g"}}'), 'ok', 'a maximum of two');
SELECT is(pg_temp.put_one('Demand', 'b', '{"g": {"S": "g"}}'), 'IndexWriteMaxOnDemandThroughputExceeded ByG', 'and of one for its index');
SELECT is(pg_temp.put_one('Demand', 'b'), 'ok', 'the second');
SELECT is(pg_temp.try('PutItem', '{"TableName": "Demand", "Item": {"p": {"S": "c"}}}'), '["YD011", "ThrottlingException: Throughput exceeds the maximum OnDemandThroughput configured on table or index",
	{"throttlingReasons": [{"reason": "TableWriteMaxOnDemandThroughputExceeded", "resource": "arn:aws:dynamodb:us-east-1:000000000000:table/Demand"}]}]', 'the third: error, text, reasons');
SELECT is(pg_temp.short('Scan', '{"TableName": "Demand", "ConsistentRead": true}'), 'ok', 'a read');
SELECT is(pg_temp.short('Scan', '{"TableName": "Demand"}'), 'TableReadMaxOnDemandThroughputExceeded', 'and the next');
SELECT is(pg_temp.short('Scan', '{"TableName": "Demand", "IndexName": "ByG"}'), 'ok', 'a read of the index');
SELECT is(pg_temp.short('Scan', '{"TableName": "Demand", "IndexName": "ByG"}'), 'IndexReadMaxOnDemandThroughputExceeded ByG', 'and the next');
SELECT is(pg_temp.short('TransactWriteItems', '{"TransactItems": [{"Delete": {"TableName": "Demand", "Key": {"p": {"S": "a"}}}}]}'), 'ThrottlingError', 'a transaction');
SELECT is(dynamo.request('BatchExecuteStatement', '{"Statements": [{"Statement": "DELETE FROM \"Demand\" WHERE p = ''a''"}]}') #>> '{Responses,0,Error,Code}', 'ThrottlingError', 'a statement of a batch');
SELECT is(pg_temp.put_one('WriteOnly', 'a') || ' ' || pg_temp.put_one('WriteOnly', 'a'), 'ok TableWriteMaxOnDemandThroughputExceeded', 'one maximum');
SELECT is((SELECT string_agg(DISTINCT pg_temp.short('Scan', '{"TableName": "WriteOnly"}'), ' ') FROM generate_series(1, 30)), 'ok', 'without the other');

-- changes of limits
CREATE FUNCTION pg_temp.update(name text, body jsonb) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.short('UpdateTable', jsonb_build_object('TableName', name) || body) $$;
SELECT pg_temp.wait(1);
SELECT is(pg_temp.put('Debt', 1, 399 * 1024), 'ok', 'a large item');
SELECT is(pg_temp.put('Debt', 1), 'TableWriteProvisionedThroughputExceeded', 'a table in debt');
SELECT is(pg_temp.update('Debt', '{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 3}}'), 'ok', 'is given more');
SELECT is((SELECT count(*)::int FROM generate_series(1, 9) AS i WHERE pg_temp.put('Debt', 9 + i) = 'ok'), 3, 'and has a second''s worth at once');
SELECT is(pg_temp.update('Debt', '{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}'), 'ok', 'less');
SELECT pg_temp.wait(3);
SELECT is((SELECT count(*)::int FROM generate_series(1, 9) AS i WHERE pg_temp.put('Debt', 9 + i) = 'ok'), 3, 'holds at once, too');
SELECT is(pg_temp.update('Debt', '{"BillingMode": "PAY_PER_REQUEST"}'), 'ok', 'on demand');
SELECT is(pg_temp.repeat_put('Debt', 20), 'ok', 'there is no limit any more');
SELECT is(pg_temp.update('WriteOnly', '{"OnDemandThroughput": {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 2}}'), 'ok', 'a maximum raised');
SELECT is(pg_temp.put_one('WriteOnly', 'a') || ' ' || pg_temp.put_one('WriteOnly', 'a'), 'ok ok', 'holds at once');
SELECT dynamo.request('DeleteTable', '{"TableName": "Debt"}'), pg_temp.table('Debt', 1);
SELECT is(pg_temp.put('Debt', 1, 300 * 1024) || ' ' || pg_temp.put('Debt', 1), 'ok TableWriteProvisionedThroughputExceeded', 'a table of an old name starts anew');
SELECT dynamo_test.setting('dynamo.enforce_throughput', 'off');
SELECT is(pg_temp.put('Debt', 1), 'ok', 'off again');
SELECT * FROM finish();
ROLLBACK;
