-- CreateTable: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
BEGIN;
SELECT * FROM no_plan();

-- A request for a small table, with members replaced or (where null) removed.
CREATE FUNCTION pg_temp.small(changes jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls('{"TableName": "Small", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
		"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST"}' || changes) $$;
CREATE FUNCTION pg_temp.create(changes jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT dynamo.request('CreateTable', pg_temp.small(changes)) -> 'TableDescription' $$;
-- The same with a range key and an attribute x for indexes.
CREATE FUNCTION pg_temp.create_pair(changes jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.create('{"TableName": "Pair",
		"KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}],
		"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"},
			{"AttributeName": "x", "AttributeType": "S"}]}'::jsonb || changes) $$;
-- An index with hash key x.
CREATE FUNCTION pg_temp.gsi(name text, projection jsonb DEFAULT '{"ProjectionType": "ALL"}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('IndexName', name, 'KeySchema', '[{"AttributeName": "x", "KeyType": "HASH"}]'::jsonb, 'Projection', projection) $$;
CREATE FUNCTION pg_temp.lsi(name text, projection jsonb DEFAULT '{"ProjectionType": "ALL"}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('IndexName', name, 'KeySchema',
		'[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "x", "KeyType": "RANGE"}]'::jsonb, 'Projection', projection) $$;

-- ---- the reply
CREATE TEMP TABLE reply AS SELECT pg_temp.create('{}') AS t;
SELECT is(t ->> 'TableName', 'Small', 'TableName') FROM reply;
SELECT is(t ->> 'TableStatus', 'CREATING', 'TableStatus: AWS always answers CREATING') FROM reply;
SELECT is(t -> 'KeySchema', '[{"AttributeName": "p", "KeyType": "HASH"}]', 'KeySchema') FROM reply;
SELECT is(t -> 'AttributeDefinitions', '[{"AttributeName": "p", "AttributeType": "S"}]', 'AttributeDefinitions') FROM reply;
SELECT is(jsonb_typeof(t -> 'CreationDateTime'), 'number', 'CreationDateTime is a number') FROM reply;
SELECT ok(abs((t ->> 'CreationDateTime')::numeric - extract(epoch FROM clock_timestamp())) < 600, 'in seconds since 1970') FROM reply;
SELECT is((t ->> 'TableSizeBytes')::int, 0, 'TableSizeBytes') FROM reply;
SELECT is((t ->> 'ItemCount')::int, 0, 'ItemCount') FROM reply;
SELECT is(t ->> 'TableArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Small', 'TableArn') FROM reply;
SELECT matches(t ->> 'TableId', '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', 'TableId is a UUID') FROM reply;
SELECT is(t -> 'BillingModeSummary' ->> 'BillingMode', 'PAY_PER_REQUEST', 'BillingModeSummary') FROM reply;
SELECT is(t -> 'ProvisionedThroughput', '{"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}',
	'ProvisionedThroughput is all zeros when on demand') FROM reply;
SELECT is(t -> 'DeletionProtectionEnabled', 'false', 'DeletionProtectionEnabled') FROM reply;
SELECT ok(NOT t ?| '{GlobalSecondaryIndexes,LocalSecondaryIndexes,StreamSpecification,SSEDescription,RestoreSummary,LatestStreamArn}',
	'what the table does not have is not mentioned') FROM reply;
SELECT has_table('dynamo_tables', 'Small', 'a DynamoDB table is a PostgreSQL table');
SELECT columns_are('dynamo_tables', 'Small', '{p,item,size}', 'with the key, the item and its size');
SELECT col_is_pk('dynamo_tables', 'Small', 'p', 'and the key as its primary key');

-- ---- provisioned throughput
CREATE TEMP TABLE provisioned AS SELECT pg_temp.create_pair(jsonb_build_object('TableName', 'Prov', 'BillingMode', NULL,
	'ProvisionedThroughput', '{"ReadCapacityUnits": 5, "WriteCapacityUnits": 7}'::jsonb,
	'GlobalSecondaryIndexes', jsonb_build_array(pg_temp.gsi('ByX') || '{"ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 3}}'),
	'LocalSecondaryIndexes', jsonb_build_array(pg_temp.lsi('ByPX', '{"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "b"]}')))) AS t;
SELECT is((t -> 'ProvisionedThroughput')::jsonb, '{"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 7}',
	'BillingMode is PROVISIONED by default; ProvisionedThroughput comes back') FROM provisioned;
SELECT is(jsonb_array_length(t -> 'GlobalSecondaryIndexes'), 1, 'GlobalSecondaryIndexes') FROM provisioned;
SELECT is((t #> '{GlobalSecondaryIndexes,0}') - '{IndexStatus,IndexArn}'::text[],
	'{"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"},
	  "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 2, "WriteCapacityUnits": 3}, "IndexSizeBytes": 0, "ItemCount": 0}',
	'a global index with its members') FROM provisioned;
SELECT is(t #>> '{GlobalSecondaryIndexes,0,IndexStatus}', 'CREATING', 'IndexStatus') FROM provisioned;
SELECT is(t #>> '{GlobalSecondaryIndexes,0,IndexArn}', 'arn:aws:dynamodb:us-east-1:000000000000:table/Prov/index/ByX', 'IndexArn') FROM provisioned;
SELECT is(t #> '{LocalSecondaryIndexes,0}',
	'{"IndexName": "ByPX", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "x", "KeyType": "RANGE"}],
	  "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "b"]}, "IndexSizeBytes": 0, "ItemCount": 0,
	  "IndexArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Prov/index/ByPX"}', 'a local index with its members') FROM provisioned;
SELECT has_index('dynamo_tables', 'Prov', 'Prov~ByX', ARRAY['"~hash~x"', 'p', 'c']::name[], 'a global index is a btree that ends in the table''s key');
SELECT has_index('dynamo_tables', 'Prov', 'Prov~ByPX', 'a local index is a btree');

-- ---- keys of every type, names that need care
SELECT lives_ok(format('SELECT pg_temp.create(%L)', jsonb_build_object('TableName', 'Type' || k,
	'AttributeDefinitions', jsonb_build_array(jsonb_build_object('AttributeName', 'p', 'AttributeType', k)))), 'a key of type ' || k)
FROM unnest('{S,N,B}'::text[]) AS k;
SELECT throws_like(format('SELECT pg_temp.create(%L)', jsonb_build_object('AttributeDefinitions',
	jsonb_build_array(jsonb_build_object('AttributeName', 'p', 'AttributeType', k)))),
	'ValidationException: 1 validation error detected: Value ''' || k ||
	''' at ''attributeDefinitions.1.member.attributeType'' failed to satisfy constraint: Member must satisfy enum value set: [%]', 'no key of type ' || k)
FROM unnest('{BOOL,"NULL",L,M,SS,NS,BS,s,string}'::text[]) AS k;
SELECT lives_ok(format('SELECT pg_temp.create(%L)', jsonb_build_object('TableName', 'Col' || row_number() OVER (),
	'KeySchema', jsonb_build_array(jsonb_build_object('AttributeName', k, 'KeyType', 'HASH')),
	'AttributeDefinitions', jsonb_build_array(jsonb_build_object('AttributeName', k, 'AttributeType', 'S')))), 'a key attribute named ' || left(k, 20))
FROM unnest(ARRAY['item', 'size', 'ctid', 'xmin', 'tableoid', '~x', 'a"b', 'select', 'a b', 'a.b', '#x', repeat('k', 255), repeat('é', 100)]) AS k;
SELECT lives_ok(format('SELECT dynamo.request(''PutItem'', %L)', jsonb_build_object('TableName', 'Col' || n,
	'Item', jsonb_build_object(k, '{"S": "v"}'::jsonb))), 'and an item with it')
FROM unnest(ARRAY['item', 'size', 'ctid', 'xmin', 'tableoid', '~x', 'a"b', 'select', 'a b', 'a.b', '#x', repeat('k', 255), repeat('é', 100)]) WITH ORDINALITY AS u(k, n);
SELECT lives_ok(format('SELECT pg_temp.create(%L)', jsonb_build_object('TableName', k)), 'a table named ' || left(k, 20))
FROM unnest(ARRAY['abc', '...', '---', '___', 'a.b-c_D9', repeat('n', 255)]) AS k;
SELECT lives_ok(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('TableName', repeat('m', 254) || '1',
	'GlobalSecondaryIndexes', jsonb_build_array(pg_temp.gsi(repeat('i', 255)), pg_temp.gsi(repeat('i', 254) || 'j')))), 'long names of table and indexes');
SELECT lives_ok(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('TableName', repeat('m', 254) || '2',
	'GlobalSecondaryIndexes', jsonb_build_array(pg_temp.gsi(repeat('i', 255)), pg_temp.gsi(repeat('i', 254) || 'j')))),
	'and others that differ only at the end');
SELECT throws_like(format('SELECT pg_temp.create(%L)', jsonb_build_object('TableName', k)), 'ValidationException: %', 'no table named "' || left(k, 20) || '"')
FROM unnest(ARRAY['', 'n', 'nn', repeat('n', 256), 'nyh@test', 'a b', 'dynamo_tables.x"', 'é12', 'a/b', 'abc~']) AS k;
SELECT throws_like(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('GlobalSecondaryIndexes', jsonb_build_array(pg_temp.gsi(k)))),
	'ValidationException: %', 'no index named "' || left(k, 20) || '"')
FROM unnest(ARRAY['', 'n', 'nn', repeat('n', 256), 'nyh@test']) AS k;
SELECT throws_ok('SELECT dynamo.request(''CreateTable'', ''{}'')', 'YD001', NULL, 'TableName is required');
SELECT throws_like(format('SELECT pg_temp.create(%L)', jsonb_build_object('AttributeDefinitions', jsonb_build_array(jsonb_build_object('AttributeName', repeat('k', 256), 'AttributeType', 'S')),
	'KeySchema', jsonb_build_array(jsonb_build_object('AttributeName', repeat('k', 256), 'KeyType', 'HASH')))), 'ValidationException: %255%', 'a key attribute''s name ends at 255 bytes');

-- ---- key schema
SELECT throws_like('SELECT pg_temp.create(''{"KeySchema": null}'')', 'ValidationException: %', 'KeySchema is required');
SELECT throws_like('SELECT pg_temp.create(''{"KeySchema": []}'')',
	'ValidationException: 1 validation error detected: Value ''[]'' at ''keySchema'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'KeySchema is not empty');
SELECT throws_ok('SELECT pg_temp.create(''{"KeySchema": [{"AttributeName": "p", "KeyType": "RANGE"}]}'')', 'YD001',
	'ValidationException: Invalid KeySchema: The first KeySchemaElement is not a HASH key type', 'the first key is the hash key');
SELECT throws_ok('SELECT pg_temp.create(''{"KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "HASH"}],
	"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}]}'')', 'YD001',
	'ValidationException: Invalid KeySchema: The second KeySchemaElement is not a RANGE key type', 'the second key is the range key');
SELECT throws_ok('SELECT pg_temp.create(''{"KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "p", "KeyType": "RANGE"}],
	"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}]}'')', 'YD001',
	'ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the same name', 'two keys are two attributes');
SELECT throws_like('SELECT pg_temp.create(''{"KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}, {"AttributeName": "d", "KeyType": "RANGE"}],
	"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}, {"AttributeName": "d", "AttributeType": "S"}]}'')',
	'ValidationException: %', 'a table has one or two keys');
SELECT throws_like('SELECT pg_temp.create(''{"KeySchema": [{"AttributeName": "p", "KeyType": "hash"}]}'')',
	'ValidationException: 1 validation error detected: Value ''hash'' at ''keySchema.1.member.keyType'' failed to satisfy constraint: Member must satisfy enum value set: [%]', 'KeyType is an enumeration');
SELECT throws_like('SELECT pg_temp.create(''{"KeySchema": [{"KeyType": "HASH"}]}'')', 'ValidationException: 1 validation error detected: Value null at ''keySchema.1.member.attributeName'' failed to satisfy constraint: Member must not be null', 'AttributeName is required');
SELECT throws_like('SELECT pg_temp.create(''{"KeySchema": [{"AttributeName": "p"}]}'')', 'ValidationException: 1 validation error detected: Value null at ''keySchema.1.member.keyType'' failed to satisfy constraint: Member must not be null', 'KeyType is required');

-- ---- attribute definitions
SELECT throws_like('SELECT pg_temp.create(''{"AttributeDefinitions": null}'')', 'ValidationException: %', 'AttributeDefinitions is required');
SELECT throws_like('SELECT pg_temp.create(''{"AttributeDefinitions": [{"AttributeName": "q", "AttributeType": "S"}]}'')',
	'ValidationException: One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [p], AttributeDefinitions: [q]', 'a key must be defined');
SELECT throws_ok('SELECT pg_temp.create(''{"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}]}'')', 'YD001',
	'ValidationException: One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions', 'a definition must be used');
SELECT throws_like('SELECT pg_temp.create(''{"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "p", "AttributeType": "S"}]}'')',
	'ValidationException: %uplicate%p%', 'a definition stands once');
SELECT throws_like('SELECT pg_temp.create(''{"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "p", "AttributeType": "N"}]}'')',
	'ValidationException: %uplicate%p%', 'also with another type');
SELECT throws_like('SELECT pg_temp.create(''{"AttributeDefinitions": [{"AttributeType": "S"}]}'')', 'ValidationException: 1 validation error detected: Value null at ''attributeDefinitions.1.member.attributeName''%not be null', 'with a name');
SELECT throws_like('SELECT pg_temp.create(''{"AttributeDefinitions": [{"AttributeName": "p"}]}'')', 'ValidationException: 1 validation error detected: Value null at ''attributeDefinitions.1.member.attributeType''%not be null', 'with a type');

-- ---- billing
SELECT throws_like('SELECT pg_temp.create(''{"BillingMode": "pay_per_request"}'')',
	'ValidationException: 1 validation error detected: Value ''pay_per_request'' at ''billingMode'' failed to satisfy constraint: Member must satisfy enum value set: [%]', 'BillingMode is an enumeration');
SELECT throws_ok('SELECT pg_temp.create(''{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}'')', 'YD001',
	'ValidationException: One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST', 'on demand takes no throughput');
SELECT throws_ok('SELECT pg_temp.create(''{"BillingMode": "PROVISIONED"}'')', 'YD001',
	'ValidationException: One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED', 'provisioned needs it');
SELECT throws_ok('SELECT pg_temp.create(''{"BillingMode": null}'')', 'YD001',
	'ValidationException: One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED', 'and is the default');
SELECT throws_like('SELECT pg_temp.create(''{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1}}'')',
	'ValidationException: 1 validation error detected: Value ''0'' at ''provisionedThroughput.readCapacityUnits'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'ReadCapacityUnits is at least 1');
SELECT throws_like('SELECT pg_temp.create(''{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": -1}}'')',
	'ValidationException: 1 validation error detected: Value ''-1'' at ''provisionedThroughput.writeCapacityUnits''%', 'WriteCapacityUnits is at least 1');
SELECT throws_like('SELECT pg_temp.create(''{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}}'')',
	'ValidationException: 2 validation errors detected: Value ''0'' at ''provisionedThroughput.%'' failed to satisfy constraint: %; Value ''0'' at ''provisionedThroughput.%', 'all constraints are reported at once');
SELECT throws_like('SELECT pg_temp.create(''{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1}}'')',
	'ValidationException: 1 validation error detected: Value null at ''provisionedThroughput.writeCapacityUnits'' failed to satisfy constraint: Member must not be null', 'both units are required');

-- ---- global indexes
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": []}'')',
	'ValidationException: One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty', 'an empty list of global indexes');
SELECT throws_like('SELECT pg_temp.create(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX''))))',
	'ValidationException: One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [p]', 'an index''s key must be defined');
SELECT throws_ok(format('SELECT dynamo.request(''CreateTable'', %L)', '{"TableName": "Undefined", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "GlobalSecondaryIndexes": [{"IndexName": "ByD", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "d", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}]}'::jsonb
	|| jsonb_build_object('AttributeDefinitions', (SELECT jsonb_agg(jsonb_build_object('AttributeName', name, 'AttributeType', 'S')) FROM unnest(names) AS name))), 'YD001', 'ValidationException: ' || message, names::text || ' lack a key of an index')
FROM (VALUES ('{a}'::text[], 'Invalid KeySchema: Some index key attribute have no definition'),
	('{a,b,c}', 'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [d, a], AttributeDefinitions: [a, b, c]')) AS v(names, message);
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX''), pg_temp.gsi(''ByX''))))',
	'ValidationException: One or more parameter values were invalid: Duplicate index name: ByX', 'two indexes have two names');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'')), ''LocalSecondaryIndexes'', jsonb_build_array(pg_temp.lsi(''ByX''))))',
	'ValidationException: One or more parameter values were invalid: Duplicate index name: ByX', 'a local index is an index, too');
SELECT lives_ok('SELECT pg_temp.create_pair(jsonb_build_object(''TableName'', ''Twins'', ''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX''), pg_temp.gsi(''ByX2'')), ''LocalSecondaryIndexes'', jsonb_build_array(pg_temp.lsi(''ByX3''))))',
	'the same keys may be indexed twice');
SELECT throws_like(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('GlobalSecondaryIndexes', jsonb_agg(pg_temp.gsi('Index' || i)))),
	'ValidationException: One or more parameter values were invalid: GlobalSecondaryIndex count exceeds the per-table limit of 20', 'at most twenty global indexes') FROM generate_series(1, 21) AS i;
SELECT lives_ok(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('TableName', 'Twenty', 'GlobalSecondaryIndexes', jsonb_agg(pg_temp.gsi('Index' || i)))),
	'twenty are fine') FROM generate_series(1, 20) AS i;
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": [{"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}]}'')',
	'ValidationException: %HASH%', 'an index begins with a hash key');
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": [{"KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}]}'')',
	'ValidationException: 1 validation error detected: Value null at ''globalSecondaryIndexes.1.member.indexName'' failed to satisfy constraint: Member must not be null', 'IndexName is required');
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": [{"IndexName": "ByX", "Projection": {"ProjectionType": "ALL"}}]}'')',
	'ValidationException: 1 validation error detected: Value null at ''globalSecondaryIndexes.1.member.keySchema'' failed to satisfy constraint: Member must not be null', 'KeySchema is required');
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": [{"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}]}]}'')',
	'ValidationException: 1 validation error detected: Value null at ''globalSecondaryIndexes.1.member.projection'' failed to satisfy constraint: Member must not be null', 'Projection is required');
SELECT throws_ok('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', ''{}''))))', 'YD001',
	'ValidationException: One or more parameter values were invalid: Unknown ProjectionType: null', 'ProjectionType is required');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', ''{"ProjectionType": "nonsense"}''))))',
	'ValidationException: 1 validation error detected: Value ''nonsense'' at ''globalSecondaryIndexes.1.member.projection.projectionType'' failed to satisfy constraint: Member must satisfy enum value set: [%]', 'and an enumeration');
SELECT throws_ok(format('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', %L))))', jsonb_build_object('ProjectionType', k, 'NonKeyAttributes', '["a"]'::jsonb)), 'YD001',
	'ValidationException: One or more parameter values were invalid: ProjectionType is ' || k || ', but NonKeyAttributes is specified', k || ' takes no NonKeyAttributes') FROM unnest('{ALL,KEYS_ONLY}'::text[]) AS k;
SELECT throws_ok('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', ''{"ProjectionType": "INCLUDE"}''))))', 'YD001',
	'ValidationException: One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified', 'INCLUDE needs them');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', ''{"ProjectionType": "INCLUDE", "NonKeyAttributes": []}''))))',
	'ValidationException: 1 validation error detected: Value ''[]'' at ''globalSecondaryIndexes.1.member.projection.nonKeyAttributes'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'at least one');
SELECT throws_like(format('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', %L))))',
	jsonb_build_object('ProjectionType', 'INCLUDE', 'NonKeyAttributes', (SELECT jsonb_agg('a' || i) FROM generate_series(1, 21) AS i))),
	'ValidationException: 1 validation error detected: Value ''[%]'' at ''globalSecondaryIndexes.1.member.projection.nonKeyAttributes'' failed to satisfy constraint: Member must have length less than or equal to 20', 'at most twenty');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', ''{"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "a"]}''))))',
	'ValidationException: %Duplicate%', 'each once');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'', ''{"ProjectionType": "INCLUDE", "NonKeyAttributes": [3]}''))))',
	'SerializationException: NUMBER_VALUE cannot be converted to String', 'they are strings');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX'') || ''{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}'')))',
	'ValidationException: One or more parameter values were invalid: ProvisionedThroughput should not be specified for index: ByX when BillingMode is PAY_PER_REQUEST', 'on demand, an index takes no throughput either');
SELECT throws_like('SELECT pg_temp.create_pair(jsonb_build_object(''BillingMode'', ''PROVISIONED'', ''ProvisionedThroughput'', ''{"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}''::jsonb, ''GlobalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX''))))',
	'ValidationException: One or more parameter values were invalid: ProvisionedThroughput is not specified for index: ByX', 'provisioned, it needs it');

-- ---- global indexes on several attributes
CREATE FUNCTION pg_temp.create_multi(hash int, range int, name text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_temp.create(jsonb_build_object('TableName', name,
		'AttributeDefinitions', jsonb_build_array('{"AttributeName": "p", "AttributeType": "S"}'::jsonb) || (SELECT jsonb_agg(jsonb_build_object('AttributeName', a, 'AttributeType', 'S')) FROM (SELECT 'h' || i FROM generate_series(1, hash) AS i UNION ALL SELECT 'r' || i FROM generate_series(1, range) AS i) AS x(a)),
		'GlobalSecondaryIndexes', jsonb_build_array(jsonb_build_object('IndexName', 'Multi', 'Projection', '{"ProjectionType": "ALL"}'::jsonb,
			'KeySchema', (SELECT jsonb_agg(jsonb_build_object('AttributeName', a, 'KeyType', t)) FROM (SELECT 'h' || i, 'HASH' FROM generate_series(1, hash) AS i UNION ALL SELECT 'r' || i, 'RANGE' FROM generate_series(1, range) AS i) AS x(a, t)))))) $$;
SELECT is(jsonb_array_length(pg_temp.create_multi(h, r, format('Multi%s%s', h, r)) #> '{GlobalSecondaryIndexes,0,KeySchema}'), h + r, format('%s hash and %s range attributes', h, r)) FROM (VALUES (2, 0), (1, 2), (2, 2), (4, 0), (4, 4)) AS v(h, r);
SELECT throws_like('SELECT pg_temp.create_multi(5, 0, ''Multi50'')', 'ValidationException: %HASH%', 'not five hash attributes');
SELECT throws_like('SELECT pg_temp.create_multi(1, 5, ''Multi15'')', 'ValidationException: %RANGE%', 'not five range attributes');
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": [{"IndexName": "Mixed", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}, {"AttributeName": "p", "KeyType": "RANGE"}, {"AttributeName": "c", "KeyType": "HASH"}]}]}'')',
	'ValidationException: %HASH%', 'hash attributes come first');
SELECT throws_like('SELECT pg_temp.create_pair(''{"GlobalSecondaryIndexes": [{"IndexName": "Mixed", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}, {"AttributeName": "x", "KeyType": "RANGE"}]}]}'')',
	'ValidationException: %same name%', 'each attribute once');

-- ---- local indexes
SELECT throws_like('SELECT pg_temp.create_pair(''{"LocalSecondaryIndexes": []}'')',
	'ValidationException: One or more parameter values were invalid: List of LocalSecondaryIndexes is empty', 'an empty list of local indexes');
SELECT throws_ok('SELECT pg_temp.create(jsonb_build_object(''AttributeDefinitions'', ''[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "x", "AttributeType": "S"}]''::jsonb, ''LocalSecondaryIndexes'', jsonb_build_array(pg_temp.lsi(''ByPX''))))', 'YD001',
	'ValidationException: One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex', 'a local index needs a table with a range key');
SELECT throws_ok('SELECT pg_temp.create_pair(jsonb_build_object(''LocalSecondaryIndexes'', jsonb_build_array(pg_temp.gsi(''ByX''))))', 'YD001', NULL, 'and has one itself');
SELECT throws_like('SELECT pg_temp.create_pair(''{"LocalSecondaryIndexes": [{"IndexName": "ByXC", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "ALL"}}]}'')',
	'ValidationException: One or more parameter values were invalid: Index KeySchema does not have the same leading hash key as table KeySchema for index: ByXC. index hash key: x, table hash key: p', 'its hash key is the table''s');
SELECT throws_like(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('LocalSecondaryIndexes', jsonb_agg(pg_temp.lsi('Index' || i)))),
	'ValidationException: One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit of 5', 'at most five local indexes') FROM generate_series(1, 6) AS i;
SELECT lives_ok(format('SELECT pg_temp.create_pair(%L)', jsonb_build_object('TableName', 'Five', 'LocalSecondaryIndexes', jsonb_agg(pg_temp.lsi('Index' || i)))), 'five are fine') FROM generate_series(1, 5) AS i;

-- ---- the other members
SELECT is(pg_temp.create('{"TableName": "Protected", "DeletionProtectionEnabled": true}') -> 'DeletionProtectionEnabled', 'true', 'DeletionProtectionEnabled comes back');
SELECT is(pg_temp.create('{"TableName": "Infrequent", "TableClass": "STANDARD_INFREQUENT_ACCESS"}') #>> '{TableClassSummary,TableClass}', 'STANDARD_INFREQUENT_ACCESS', 'TableClass');
SELECT throws_like('SELECT pg_temp.create(''{"TableClass": "COLD"}'')', 'ValidationException: Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].', 'TableClass is an enumeration');
SELECT lives_ok('SELECT pg_temp.create(''{"TableName": "NoStream", "StreamSpecification": {"StreamEnabled": false}}'')', 'a stream may be off');
SELECT lives_ok('SELECT pg_temp.create(''{"TableName": "NoSse", "SSESpecification": {"Enabled": false}}'')', 'encryption by AWS''s own key is no SSE');
SELECT lives_ok('SELECT pg_temp.create(''{"TableName": "Tagged", "Tags": [{"Key": "team", "Value": "shop"}, {"Key": "empty", "Value": ""}]}'')', 'Tags');
SELECT throws_like('SELECT pg_temp.create(''{"Tags": [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}]}'')', 'ValidationException: %', 'a tag''s key stands once');
SELECT throws_like('SELECT pg_temp.create(''{"Tags": [{"Key": "team"}]}'')', 'ValidationException: The Tag Value provided is invalid, Value: null', 'a tag has a value');
SELECT is(pg_temp.create('{"TableName": "Bounded", "OnDemandThroughput": {"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20}}') -> 'OnDemandThroughput',
	'{"MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 20}', 'OnDemandThroughput comes back');
SELECT lives_ok('SELECT pg_temp.create(''{"TableName": "Warm", "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000}}'')', 'WarmThroughput');
CREATE TEMP TABLE stream AS SELECT pg_temp.create('{"TableName": "Stream", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}') AS t;
SELECT is(t -> 'StreamSpecification', '{"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}', 'StreamSpecification comes back') FROM stream;
SELECT is(t ->> 'LatestStreamArn', 'arn:aws:dynamodb:us-east-1:000000000000:table/Stream/stream/' || (t ->> 'LatestStreamLabel'), 'with LatestStreamArn and LatestStreamLabel') FROM stream;
SELECT throws_like('SELECT pg_temp.create(''{"TableName": "Stream2", "StreamSpecification": {"StreamEnabled": true}}'')', 'ValidationException: One or more parameter values were invalid: Table is being created with a stream enabled, UpdateViewType is required', 'a stream needs a view type');

-- what AWS says to settings that do not fit
SELECT throws_ok(format('SELECT pg_temp.create(%L)', changes), state, CASE state WHEN 'YD007' THEN 'LimitExceededException: ' ELSE 'ValidationException: ' END || message, changes)
FROM (VALUES
	('{"OnDemandThroughput": {"MaxReadRequestUnits": 0}}', 'YD001', 'One or more parameter values were invalid: Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range'),
	('{"OnDemandThroughput": {"MaxWriteRequestUnits": -1}}', 'YD001', 'One or more parameter values were invalid: Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range'),
	('{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, "OnDemandThroughput": {"MaxReadRequestUnits": 5}}', 'YD001', 'One or more parameter values were invalid: MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.'),
	('{"WarmThroughput": {"ReadUnitsPerSecond": 11999}}', 'YD001', 'One or more parameter values were invalid: Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial'),
	('{"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}, "WarmThroughput": {"WriteUnitsPerSecond": 4}}', 'YD001', 'One or more parameter values were invalid: Requested WriteUnitsPerSecond for WarmThroughput for table is lower than WriteCapacityUnits of ProvisionedThroughput'),
	('{"SSESpecification": {"Enabled": true, "SSEType": "AES256"}}', 'YD001', 'One or more parameter values were invalid: SSEType AES256 is not supported'),
	('{"SSESpecification": {"Enabled": false, "SSEType": "KMS"}}', 'YD001', 'One or more parameter values were invalid: SSEType can not be specified if Enabled is false'),
	('{"SSESpecification": {"Enabled": false, "KMSMasterKeyId": "alias/x"}}', 'YD001', 'One or more parameter values were invalid: KMSMasterKeyId can not be specified if Enabled is false'),
	('{"SSESpecification": {"Enabled": true, "KMSMasterKeyId": "alias/x"}}', 'YD001', 'One or more parameter values were invalid: SSEType KMS is required if KMSMasterKeyId is specified'),
	('{"StreamSpecification": {}}', 'YD001', '1 validation error detected: Value null at ''streamSpecification.streamEnabled'' failed to satisfy constraint: Member must not be null'),
	('{"StreamSpecification": {"StreamEnabled": false, "StreamViewType": "KEYS_ONLY"}}', 'YD001', 'One or more parameter values were invalid: Table is being created with a stream disabled, UpdateViewType should not be specified'),
	('{"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "X"}}', 'YD001', '1 validation error detected: Value ''X'' at ''streamSpecification.streamViewType'' failed to satisfy constraint: Member must satisfy enum value set: [OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE]'),
	('{"AttributeDefinitions": [{"AttributeName": "q", "AttributeType": "S"}, {"AttributeName": "p", "AttributeType": "S"}], "GlobalSecondaryIndexes": [{"IndexName": "abc", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}]}', 'YD001',
		'One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [p, q], keys used: [p]'),
	('{"Tags": [{"Key": "aws:x", "Value": "a"}]}', 'YD001', 'Tag Key cannot be prefixed with aws:, Key: aws:x'),
	('{"Tags": [{"Key": "AWS:x", "Value": "a"}]}', 'YD001', 'Tag Key cannot be prefixed with aws:, Key: AWS:x'),
	('{"Tags": [{"Value": "a"}]}', 'YD001', 'The Tag Key provided is invalid, Key: null'),
	('{"Tags": [{"Key": "", "Value": "a"}]}', 'YD001', 'The Tag Key provided is invalid, Key: '),
	('{"Tags": [{"Key": "a#", "Value": "a"}]}', 'YD001', 'The Tag Key provided is invalid, Key: a#'),
	('{"ResourcePolicy": "{}"}', 'YD001', 'One or more parameter values were invalid: ResourcePolicy is not supported here')) AS v(changes, state, message);
SELECT is(pg_temp.create('{"TableName": "SseOn", "SSESpecification": {"SSEType": "KMS"}}') -> 'SSEDescription',
	'{"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb"}', 'what speaks of a key enables encryption by it');
SELECT is(pg_temp.create('{"TableName": "SseKey", "SSESpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/x"}}') -> 'SSEDescription' ->> 'KMSMasterKeyArn', 'arn:aws:kms:us-east-1:000000000000:alias/x', 'an alias becomes an ARN');
SELECT is(pg_temp.create('{"TableName": "WarmAsked", "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4001}}') -> 'WarmThroughput', '{"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4001, "Status": "UPDATING"}', 'WarmThroughput comes back when it was asked for');
SELECT is(t -> 'WarmThroughput', NULL, 'and not otherwise') FROM reply;
SELECT is(t -> 'BillingModeSummary', '{"BillingMode": "PAY_PER_REQUEST"}', 'since when a table is on demand, is not told yet') FROM reply;
SELECT ok(dynamo.describe_table('Small') -> 'BillingModeSummary' ? 'LastUpdateToPayPerRequestDateTime', 'but by DescribeTable') FROM reply;
SELECT lives_ok($$SELECT pg_temp.create_pair('{"TableName": "Sorted", "AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}, {"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "S"}],
	"LocalSecondaryIndexes": [{"IndexName": "ByX", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "x", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["z", "a"]}}]}')$$, 'definitions in any order');
SELECT is(jsonb_path_query_array(dynamo.describe_table('Sorted'), '$.AttributeDefinitions[*].AttributeName'), '["c", "p", "x"]', 'come sorted');
SELECT is(dynamo.describe_table('Sorted') #> '{LocalSecondaryIndexes,0,Projection,NonKeyAttributes}', '["a", "z"]', 'so do NonKeyAttributes');

-- ---- existing tables
SELECT throws_ok('SELECT pg_temp.create(''{}'')', 'YD005', 'ResourceInUseException: Table already exists: Small', 'a table exists once');
SELECT lives_ok('SELECT pg_temp.create(''{"TableName": "small"}'')', 'names are case-sensitive');
SELECT has_table('dynamo_tables', 'small', 'also in PostgreSQL');
SELECT lives_ok('SELECT pg_temp.create(''{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/ByArn"}'')', 'TableName may be an ARN');
SELECT has_table('dynamo_tables', 'ByArn', 'whose last part is the name');

SELECT * FROM finish();
ROLLBACK;
