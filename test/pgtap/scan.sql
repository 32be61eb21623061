-- Scan: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
BEGIN;
SELECT plan(157);

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Pair', 'p', 'c', '{"c": "N", "r": "N"}', global_indexes => '{"All": {"hash_key": "g", "range_key": "r"}, "Keys": {"hash_key": "g", "projection": "KEYS_ONLY"},
		"Some": {"hash_key": "g", "range_key": "p", "non_key_attributes": ["v"]}}', local_indexes => '{"Local": {"range_key": "r"}, "LocalKeys": {"range_key": "r", "projection": "KEYS_ONLY"}}');
	PERFORM dynamo.create_table('Binary', 'p', NULL, '{"p": "B"}');
	PERFORM dynamo.create_table('Number', 'p', NULL, '{"p": "N"}');
	PERFORM dynamo.create_table('Empty', 'p');
	PERFORM dynamo.create_table('Big', 'p');
	PERFORM dynamo.put_item('Hash', jsonb_build_object('p', 'k' || i, 'c', i, 'even', i % 2 = 0)) FROM generate_series(1, 60) AS i;
	PERFORM dynamo.put_item('Pair', jsonb_build_object('p', 'p' || i % 5, 'c', i, 'v', i, 'w', 'x') || CASE WHEN i < 20 THEN jsonb_build_object('g', 'g' || i % 3, 'r', i / 5) ELSE '{}' END)
	FROM generate_series(0, 29) AS i;
	PERFORM dynamo.put_item('Binary', jsonb_build_object('p', jsonb_build_object('$B', encode(decode(md5(i::text), 'hex'), 'base64')), 'c', i)) FROM generate_series(1, 30) AS i;
	PERFORM dynamo.put_item('Number', jsonb_build_object('p', i * 0.5, 'c', i)) FROM generate_series(1, 30) AS i;
	PERFORM dynamo.put_item('Big', jsonb_build_object('p', 'k' || i, 'c', i, 'v', repeat('x', 100000))) FROM generate_series(1, 35) AS i;
END $$;

CREATE FUNCTION pg_temp.scan(more jsonb DEFAULT '{}', table_name text DEFAULT 'Hash') RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('Scan', jsonb_build_object('TableName', table_name) || more) $$;
-- All pages: the sorted c of the items (so that a loss or a repetition shows), the number of pages, and ScannedCount.
CREATE FUNCTION pg_temp.pages(more jsonb DEFAULT '{}', table_name text DEFAULT 'Hash', OUT items jsonb, OUT page_count int, OUT scanned int) LANGUAGE plpgsql AS $$
DECLARE
	reply jsonb;
	found int[] := '{}';
BEGIN
	page_count := 0; scanned := 0;
	LOOP
		reply := pg_temp.scan(more, table_name);
		found := found || ARRAY(SELECT (i #>> '{c,N}')::int FROM jsonb_array_elements(reply -> 'Items') AS i);
		page_count := page_count + 1;
		scanned := scanned + (reply ->> 'ScannedCount')::int;
		EXIT WHEN NOT reply ? 'LastEvaluatedKey' OR page_count > 1000;
		more := more || jsonb_build_object('ExclusiveStartKey', reply -> 'LastEvaluatedKey');
	END LOOP;
	items := coalesce((SELECT jsonb_agg(x ORDER BY x) FROM unnest(found) AS x), '[]');
END $$;
CREATE FUNCTION pg_temp.series(low int, high int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_agg(i) FROM generate_series(low, high) AS i $$;

-- ---- everything
SELECT is(pg_temp.scan('{}', 'Empty'), '{"Items": [], "Count": 0, "ScannedCount": 0}', 'an empty table; the whole reply');
SELECT is((pg_temp.pages()).items, pg_temp.series(1, 60), 'every item once');
SELECT is(pg_temp.scan() - 'Items', '{"Count": 60, "ScannedCount": 60}', 'Count and ScannedCount, no LastEvaluatedKey');
SELECT is((pg_temp.pages(table_name => 'Pair')).items, pg_temp.series(0, 29), 'a table with a range key');
SELECT is((pg_temp.pages('{"ConsistentRead": true}')).items, pg_temp.series(1, 60), 'ConsistentRead');
SELECT is((SELECT jsonb_agg(i -> 'c' ORDER BY o) FROM jsonb_array_elements(pg_temp.scan('{}', 'Pair') -> 'Items') WITH ORDINALITY AS x(i, o) WHERE i #>> '{p,S}' = 'p1'),
	'[{"N": "1"}, {"N": "6"}, {"N": "11"}, {"N": "16"}, {"N": "21"}, {"N": "26"}]', 'items of one hash key come in the order of their range keys');
SELECT throws_ok('SELECT pg_temp.scan(''{}'', ''Nothing'')', 'YD004', 'ResourceNotFoundException: Requested resource not found', 'no such table');
SELECT throws_ok('SELECT dynamo.request(''Scan'', ''{}'')', 'YD001', NULL, 'TableName is required');
SELECT is(pg_temp.scan('{}', 'arn:aws:dynamodb:us-east-1:000000000000:table/Hash') -> 'Count', '60', 'a table by its ARN');

-- ---- Limit and paging
SELECT is(p.items, pg_temp.series(1, 60), format('pages of %s', l)) FROM unnest('{1,7,30,59,60,61}'::int[]) AS l, LATERAL pg_temp.pages(jsonb_build_object('Limit', l)) AS p;
SELECT is(p.items, pg_temp.series(0, 29), format('with a range key, pages of %s', l)) FROM unnest('{1,4,7}'::int[]) AS l, LATERAL pg_temp.pages(jsonb_build_object('Limit', l), 'Pair') AS p;
SELECT is(p.items, pg_temp.series(1, 30), format('%s keys, pages of %s', t, l)) FROM unnest('{Binary,Number}'::text[]) AS t, unnest('{1,7}'::int[]) AS l, LATERAL pg_temp.pages(jsonb_build_object('Limit', l), t) AS p;
SELECT is(r -> 'Count', '7', 'Limit') FROM pg_temp.scan('{"Limit": 7}') AS r;
SELECT is(r -> 'LastEvaluatedKey', jsonb_build_object('p', r #> '{Items,6,p}'), 'LastEvaluatedKey is the key of the last item') FROM pg_temp.scan('{"Limit": 7}') AS r;
SELECT ok(pg_temp.scan('{"Limit": 60}') ? 'LastEvaluatedKey', 'a limit of just all items: AWS does not look further');
SELECT ok(NOT pg_temp.scan('{"Limit": 61}') ? 'LastEvaluatedKey', 'a limit of more');
SELECT lives_ok('SELECT pg_temp.scan(''{"ExclusiveStartKey": {"p": {"S": "no such key"}}}'')', 'a start key need not exist');
SELECT throws_ok('SELECT pg_temp.scan(''{"Limit": 0}'')', 'YD001', 'ValidationException: 1 validation error detected: Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Limit 0');
SELECT throws_like(format('SELECT pg_temp.scan(%L, ''Pair'')', jsonb_build_object('ExclusiveStartKey', start::jsonb)), 'ValidationException: The provided starting key is invalid%', start)
FROM unnest('{"{\"p\": {\"S\": \"p1\"}}", "{\"p\": {\"S\": \"p1\"}, \"c\": {\"N\": \"1\"}, \"x\": {\"N\": \"1\"}}", "{\"p\": {\"S\": \"p1\"}, \"c\": {\"S\": \"1\"}}", "{\"p\": {\"N\": \"1\"}, \"c\": {\"N\": \"1\"}}", "{\"c\": {\"N\": \"1\"}}"}'::text[]) AS start;
SELECT throws_like('SELECT pg_temp.scan(''{"ExclusiveStartKey": {}}'')', 'ValidationException: %', 'an empty start key');

-- ---- pages of 1 MB
SELECT ok((r ->> 'Count')::int BETWEEN 10 AND 11 AND r ? 'LastEvaluatedKey', 'a page ends at 1 MB') FROM pg_temp.scan('{}', 'Big') AS r;
SELECT is(p.items, pg_temp.series(1, 35), 'and the next goes on') FROM pg_temp.pages('{}', 'Big') AS p;
SELECT is(p.page_count, 4, 'four pages') FROM pg_temp.pages('{}', 'Big') AS p;
SELECT ok((r ->> 'Count')::int BETWEEN 10 AND 11 AND r ? 'LastEvaluatedKey', 'COUNT counts bytes as well') FROM pg_temp.scan('{"Select": "COUNT"}', 'Big') AS r;
SELECT is(p.items, '[33]', 'a filter does not make pages longer') FROM pg_temp.pages('{"FilterExpression": "c = :c", "ExpressionAttributeValues": {":c": {"N": "33"}}}', 'Big') AS p;
SELECT is(p.page_count, 4, 'nor fewer') FROM pg_temp.pages('{"FilterExpression": "c = :c", "ExpressionAttributeValues": {":c": {"N": "33"}}}', 'Big') AS p;

-- ---- Segment and TotalSegments
CREATE FUNCTION pg_temp.segments(total int, table_name text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(i ORDER BY i::int) FROM generate_series(0, total - 1) AS s,
		LATERAL pg_temp.pages(more || jsonb_build_object('Segment', s, 'TotalSegments', total), table_name) AS p, jsonb_array_elements(p.items) AS i $$;
SELECT is(pg_temp.segments(n, t), pg_temp.series(low, high), format('%s in %s segments: every item in just one', t, n))
FROM (VALUES ('Hash', 1, 60), ('Pair', 0, 29), ('Binary', 1, 30), ('Number', 1, 30)) AS x(t, low, high), unnest('{1,2,3,17,100}'::int[]) AS n;
SELECT is(pg_temp.segments(n, t, '{"Limit": 2}'), pg_temp.series(low, high), format('%s in %s segments and small pages', t, n))
FROM (VALUES ('Hash', 1, 60), ('Pair', 0, 29), ('Binary', 1, 30), ('Number', 1, 30)) AS x(t, low, high), unnest('{2,5}'::int[]) AS n;
SELECT is(pg_temp.segments(4, 'Pair', jsonb_build_object('IndexName', x)), pg_temp.series(0, 19), 'index ' || x || ' in segments') FROM unnest('{All,Keys,Some,Local,LocalKeys}'::text[]) AS x;
SELECT is(pg_temp.segments(3, 'Pair', '{"IndexName": "All", "Limit": 2}'), pg_temp.series(0, 19), 'and in small pages');
SELECT ok((SELECT count(DISTINCT i #>> '{p,S}') FROM jsonb_array_elements(a -> 'Items' || (b -> 'Items')) AS i) = 5 AND
	NOT EXISTS (SELECT 1 FROM jsonb_array_elements(a -> 'Items') AS i, jsonb_array_elements(b -> 'Items') AS j WHERE i -> 'p' = j -> 'p'), 'the items of one hash key are in one segment')
FROM pg_temp.scan('{"Segment": 0, "TotalSegments": 2}', 'Pair') AS a, pg_temp.scan('{"Segment": 1, "TotalSegments": 2}', 'Pair') AS b;
SELECT lives_ok('SELECT pg_temp.scan(''{"Segment": 999999, "TotalSegments": 1000000}'')', 'a million segments');
SELECT ok((SELECT bool_and((pg_temp.scan(jsonb_build_object('Segment', s, 'TotalSegments', 4)) ->> 'Count')::int BETWEEN 3 AND 35) FROM generate_series(0, 3) AS s), 'segments share the items fairly');
SELECT throws_ok(format('SELECT pg_temp.scan(%L)', more), 'YD001', 'ValidationException: ' || message, more)
FROM (VALUES
	('{"Segment": 0}', 'The TotalSegments parameter is required but was not present in the request when Segment parameter is present'),
	('{"TotalSegments": 1}', 'The Segment parameter is required but was not present in the request when parameter TotalSegments is present'),
	('{"Segment": 5, "TotalSegments": 5}', 'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5'),
	('{"Segment": 9, "TotalSegments": 5}', 'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 9 is not less than TotalSegments: 5'),
	('{"Segment": -1, "TotalSegments": 5}', '1 validation error detected: Value at ''Segment'' failed to satisfy constraint: Member must have value greater than or equal to 0'),
	('{"Segment": 0, "TotalSegments": 0}', '1 validation error detected: Value at ''TotalSegments'' failed to satisfy constraint: Member must have value greater than or equal to 1'),
	('{"Segment": 0, "TotalSegments": 1000001}', '1 validation error detected: Value at ''TotalSegments'' failed to satisfy constraint: Member must have value less than or equal to 1000000')) AS v(more, message);
CREATE TEMP TABLE start AS SELECT pg_temp.scan('{"Segment": 0, "TotalSegments": 2, "Limit": 1}') -> 'LastEvaluatedKey' AS k;
SELECT lives_ok(format('SELECT pg_temp.scan(%L)', jsonb_build_object('Segment', 0, 'TotalSegments', 2, 'ExclusiveStartKey', k)), 'a start key in its segment') FROM start;
SELECT throws_like(format('SELECT pg_temp.scan(%L)', jsonb_build_object('Segment', 1, 'TotalSegments', 2, 'ExclusiveStartKey', k)),
	'ValidationException: The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 1', 'and in another') FROM start;

-- ---- FilterExpression, ProjectionExpression, Select
SELECT is((pg_temp.pages('{"FilterExpression": "c BETWEEN :a AND :b", "ExpressionAttributeValues": {":a": {"N": "5"}, ":b": {"N": "9"}}}')).items, '[5, 6, 7, 8, 9]', 'FilterExpression');
SELECT is(pg_temp.scan('{"Select": "COUNT", "FilterExpression": "even = :t", "ExpressionAttributeValues": {":t": {"BOOL": true}}}'), '{"Count": 30, "ScannedCount": 60}', 'Count and ScannedCount');
SELECT is((pg_temp.scan('{"Limit": 10, "FilterExpression": "attribute_exists(nothing)"}')) - 'LastEvaluatedKey', '{"Items": [], "Count": 0, "ScannedCount": 10}', 'a filter comes after the limit');
SELECT is((pg_temp.pages('{"FilterExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "k7"}}}')).items, '[7]', 'a scan''s filter may name keys');
SELECT is((pg_temp.pages('{"Limit": 7, "FilterExpression": "#e = :t", "ExpressionAttributeNames": {"#e": "even"}, "ExpressionAttributeValues": {":t": {"BOOL": true}}}')).scanned, 60, 'paging with a filter reads everything');
SELECT is(pg_temp.scan('{"FilterExpression": "p = :p", "ProjectionExpression": "even, absent", "ExpressionAttributeValues": {":p": {"S": "k7"}}}') -> 'Items', '[{"even": {"BOOL": false}}]', 'ProjectionExpression');
SELECT is(pg_temp.scan('{"Select": "COUNT"}'), '{"Count": 60, "ScannedCount": 60}', 'COUNT');
SELECT is(pg_temp.scan('{"Select": "ALL_ATTRIBUTES"}'), pg_temp.scan(), 'ALL_ATTRIBUTES is the default');
SELECT is(pg_temp.scan('{"Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": "p"}') -> 'Count', '60', 'SPECIFIC_ATTRIBUTES');
SELECT throws_like(format('SELECT pg_temp.scan(%L)', more), 'ValidationException: ' || message, more)
FROM (VALUES
	('{"Select": "DOG"}', '1 validation error detected: Value ''DOG'' at ''select'' failed to satisfy constraint: Member must satisfy enum value set: [%]'),
	('{"Select": "ALL_PROJECTED_ATTRIBUTES"}', '%ALL_PROJECTED_ATTRIBUTES%IndexName'),
	('{"Select": "SPECIFIC_ATTRIBUTES"}', '%SPECIFIC_ATTRIBUTES%'),
	('{"Select": "ALL_ATTRIBUTES", "ProjectionExpression": "c"}', '%Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES'),
	('{"Select": "SPECIFIC_ATTRIBUTES"}', '1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES'),
	('{"Select": "COUNT", "ProjectionExpression": "c"}', '1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count'),
	('{"FilterExpression": ""}', 'Invalid FilterExpression: The expression can not be empty;'),
	('{"FilterExpression": "a <"}', 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "<"'),
	('{"FilterExpression": "a = :a"}', 'Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute value: :a'),
	('{"ExpressionAttributeValues": {":a": {"N": "1"}}}', 'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null'),
	('{"ExpressionAttributeNames": {"#a": "a"}}', 'ExpressionAttributeNames can only be specified when using expressions'),
	('{"ProjectionExpression": "c", "ExpressionAttributeNames": {"#a": "a"}}', 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}'),
	('{"FilterExpression": "attribute_exists(a)", "ExpressionAttributeValues": {":a": {"N": "1"}}}', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}'),
	('{"IndexName": "Nothing"}', 'The table does not have the specified index: Nothing')) AS v(more, message);

-- ---- indexes
SELECT is((pg_temp.pages(jsonb_build_object('IndexName', x), 'Pair')).items, pg_temp.series(0, 19), 'index ' || x || ' holds what has its keys') FROM unnest('{All,Keys,Some,Local,LocalKeys}'::text[]) AS x;
SELECT is((pg_temp.pages(jsonb_build_object('IndexName', x, 'Limit', l), 'Pair')).items, pg_temp.series(0, 19), format('%s in pages of %s', x, l)) FROM unnest('{All,Keys,Some,Local,LocalKeys}'::text[]) AS x, unnest('{1,3,20}'::int[]) AS l;
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(pg_temp.scan(jsonb_build_object('IndexName', x), 'Pair') #> '{Items,0}') AS k), expected::text[], 'what index ' || x || ' holds')
FROM (VALUES ('All', '{c,g,p,r,v,w}'), ('Keys', '{c,g,p}'), ('Some', '{c,g,p,v}'), ('Local', '{c,g,p,r,v,w}'), ('LocalKeys', '{c,p,r}')) AS v(x, expected);
SELECT is((SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(r -> 'LastEvaluatedKey') AS k), '{c,g,p,r}', 'LastEvaluatedKey of an index') FROM pg_temp.scan('{"IndexName": "All", "Limit": 1}', 'Pair') AS r;
SELECT throws_ok('SELECT pg_temp.scan(''{"IndexName": "All", "ConsistentRead": true}'', ''Pair'')', 'YD001', 'ValidationException: Consistent reads are not supported on global secondary indexes', 'ConsistentRead on a global index');
SELECT is(pg_temp.scan('{"IndexName": "Local", "ConsistentRead": true}', 'Pair') -> 'Count', '20', 'and on a local one');
SELECT throws_like('SELECT pg_temp.scan(''{"IndexName": "Keys", "Select": "ALL_ATTRIBUTES"}'', ''Pair'')', 'ValidationException: One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index Keys because its projection type is not ALL', 'ALL_ATTRIBUTES of a global index that has not all');
SELECT is((pg_temp.pages('{"IndexName": "LocalKeys", "Select": "ALL_ATTRIBUTES", "FilterExpression": "c = :c", "ExpressionAttributeValues": {":c": {"N": "3"}}}', 'Pair')).items, '[3]', 'a local index fetches');
SELECT is(pg_temp.scan('{"IndexName": "Some", "Select": "ALL_PROJECTED_ATTRIBUTES"}', 'Pair') -> 'Count', '20', 'ALL_PROJECTED_ATTRIBUTES');

SELECT throws_ok('SELECT pg_temp.scan(''{"IndexName": "Some", "ProjectionExpression": "w"}'', ''Pair'')', 'YD001', 'ValidationException: One or more parameter values were invalid: Global secondary index Some does not project [w]', 'a projection of what it does not hold');
SELECT is(pg_temp.scan('{"IndexName": "Keys", "FilterExpression": "attribute_exists(v)"}', 'Pair') -> 'Count', '0', 'a filter sees only what the index holds');
SELECT ok((pg_temp.scan('{"IndexName": "LocalKeys", "FilterExpression": "attribute_exists(v)"}', 'Pair') ->> 'Count')::int = 0, 'of a local index, too');
SELECT ok((pg_temp.scan('{"IndexName": "LocalKeys", "FilterExpression": "attribute_exists(v)", "Select": "ALL_ATTRIBUTES"}', 'Pair') ->> 'Count')::int > 0, 'unless it fetches whole items');
SELECT throws_ok('SELECT pg_temp.scan(''{"ScanFilter": {"v": {"ComparisonOperator": "LT", "AttributeValueList": [{"BOOL": true}]}}, "Segment": 3}'', ''Pair'')', 'YD001',
	'ValidationException: One or more parameter values were invalid: ComparisonOperator LT is not valid for BOOL AttributeValue type', 'ScanFilter is looked at before segments');
SELECT throws_ok('SELECT pg_temp.scan(''{"IndexName": "Keys", "FilterExpression": "attribute_exists(p.a)", "ProjectionExpression": "v"}'', ''Pair'')', 'YD001',
	'ValidationException: Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p', 'paths into keys before what an index does not project');
SELECT throws_ok('SELECT pg_temp.scan(''{"FilterExpression": "c.a = p[0]"}'', ''Pair'')', 'YD001',
	'ValidationException: Key attributes must be scalars; list random access ''[]'' and map lookup ''.'' are not allowed: Key: p', 'of several keys the first in the schema is named');

-- ---- ReturnConsumedCapacity
SELECT is(pg_temp.scan('{"ReturnConsumedCapacity": "TOTAL"}') -> 'ConsumedCapacity', '{"TableName": "Hash", "CapacityUnits": 2}', 'TOTAL: a table on demand has four partitions, and each is read');
SELECT is(pg_temp.scan('{"ReturnConsumedCapacity": "INDEXES", "ConsistentRead": true}') -> 'ConsumedCapacity', '{"TableName": "Hash", "CapacityUnits": 4, "Table": {"CapacityUnits": 4}}', 'INDEXES');
SELECT is(pg_temp.scan('{"ReturnConsumedCapacity": "TOTAL"}', 'Empty') #> '{ConsumedCapacity,CapacityUnits}', '2', 'an empty table costs the least');
SELECT is(pg_temp.scan('{"ReturnConsumedCapacity": "TOTAL", "ConsistentRead": true, "Limit": 2}', 'Big') #> '{ConsumedCapacity,CapacityUnits}', '49', 'the sum is rounded up');
SELECT is(pg_temp.scan('{"ReturnConsumedCapacity": "INDEXES", "IndexName": "All"}', 'Pair') #> '{ConsumedCapacity,GlobalSecondaryIndexes}', '{"All": {"CapacityUnits": 2}}', 'INDEXES of an index');
SELECT ok(NOT pg_temp.scan('{"ReturnConsumedCapacity": "NONE"}') ? 'ConsumedCapacity', 'NONE');

-- ---- Select comes before segments, expressions and the table, and what an index lacks before the start key
SELECT throws_like(format('SELECT dynamo.request(''Scan'', %L)', more), 'ValidationException: ' || message, more)
FROM (VALUES ('{"TableName": "Nothing", "Select": "SPECIFIC_ATTRIBUTES", "TotalSegments": 2, "FilterExpression": "a = = b"}', '1 validation error detected: Must specify the AttributesToGet or ProjectionExpression %'),
	('{"TableName": "Pair", "IndexName": "Keys", "Select": "ALL_ATTRIBUTES", "ExclusiveStartKey": {"p": {"N": "1"}}}', '%Select type ALL_ATTRIBUTES is not supported for global secondary index Keys %')) AS v(more, message);

-- ---- ConditionalOperator
SELECT throws_ok(format('SELECT pg_temp.scan(%L)', more), 'YD001', 'ValidationException: ' || message, more)
FROM (VALUES ('{"ConditionalOperator": "OR"}', 'ConditionalOperator cannot be used without Filter or Expected'),
	('{"ConditionalOperator": "AND", "ScanFilter": {"a": {"ComparisonOperator": "NULL"}}}', 'ConditionalOperator can only be used when Filter or Expected has two or more elements')) AS v(more, message);

SELECT * FROM finish();
ROLLBACK;
