-- What every operation refuses before it starts: wrong types, then constraints of the service model.
BEGIN;
SELECT * FROM no_plan();

CREATE FUNCTION pg_temp.refuses_type(operation text, body text, message text) RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, body), 'YD002',
		'SerializationException: ' || message, operation || ' ' || body) $$;
CREATE FUNCTION pg_temp.refuses(operation text, body text, message text, description text) RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, body), 'YD001',
		'ValidationException: ' || message, description) $$;
-- one error: the value as printed, its path, the constraint
CREATE FUNCTION pg_temp.fails(operation text, body text, value text, path text, constraint_text text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.refuses(operation, body, format('1 validation error detected: Value %s at ''%s'' failed to satisfy constraint: %s',
		value, path, constraint_text), operation || ' ' || left(body, 100)) $$;
-- the shape lets it pass: there is no such table
CREATE FUNCTION pg_temp.passes(operation text, body text, description text) RETURNS text LANGUAGE sql AS $$
	SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, body), 'YD004', NULL, description) $$;

-- ---- types: strings, numbers, booleans
SELECT pg_temp.refuses_type('GetItem', '{"TableName": 1}', 'NUMBER_VALUE cannot be converted to String');
SELECT throws_ok(format('SELECT dynamo_test.test_shape_check(''GetItem'', %L)', format('{"b": [2, "1.5\"0e1", {"a": -1}], "TableName": %s, "c": 7}', given)), 'YD002',
	format('SerializationException: %s_VALUE cannot be converted to String', name), 'a number written as ' || given)
FROM (VALUES ('1.0', 'DECIMAL'), ('1e3', 'DECIMAL'), ('1E-3', 'DECIMAL'), ('-0.0', 'DECIMAL'), ('0', 'NUMBER'), ('-0', 'NUMBER'), ('99999999999999999999999999', 'NUMBER'),
	(repeat('9', 100), 'NUMBER'), (repeat('9', 100) || '.0', 'DECIMAL')) AS v(given, name);
SELECT pg_temp.refuses_type('GetItem', '{"TableName": 1.5}', 'DECIMAL_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('GetItem', '{"TableName": true}', 'TRUE_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('GetItem', '{"TableName": false}', 'FALSE_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('GetItem', '{"TableName": ["x"]}', 'Unrecognized collection type class java.lang.String');
SELECT pg_temp.refuses_type('GetItem', '{"TableName": {"a": "b"}}', 'Start of structure or map found where not expected');
SELECT pg_temp.refuses_type('Query', '{"Limit": "10"}', 'STRING_VALUE cannot be converted to Integer');
SELECT pg_temp.refuses_type('Query', '{"Limit": true}', 'TRUE_VALUE cannot be converted to Integer');
SELECT pg_temp.refuses_type('Query', '{"Limit": [1]}', 'Unrecognized collection type class java.lang.Integer');
SELECT pg_temp.refuses_type('Query', '{"Limit": {}}', 'Start of structure or map found where not expected');
SELECT pg_temp.refuses_type('CreateTable', '{"ProvisionedThroughput": {"ReadCapacityUnits": "1"}}', 'STRING_VALUE cannot be converted to Long');
SELECT pg_temp.refuses_type('Query', '{"ConsistentRead": "maybe"}', 'Unexpected token received from parser');
SELECT pg_temp.refuses_type('Query', '{"ConsistentRead": 1}', 'NUMBER_VALUE cannot be converted to Boolean');
SELECT pg_temp.refuses_type('Query', '{"ConsistentRead": []}', 'Unrecognized collection type class java.lang.Boolean');


-- booleans as texts, at every boolean of a request
SELECT pg_temp.passes(operation, jsonb_set(body, path, to_jsonb(word))::text, format('%s: %s %s', operation, path, word))
FROM unnest('{t,T,f,F,y,Y,n,N,true,TRUE,False,yes,No,1,0}'::text[]) AS word,
	(VALUES ('GetItem', '{"TableName": "Nothing", "Key": {"p": {"S": "a"}}}'::jsonb, '{ConsistentRead}'::text[]),
		('Query', '{"TableName": "Nothing", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}', '{ScanIndexForward}'),
		('Scan', '{"TableName": "Nothing"}', '{ConsistentRead}'),
		('BatchGetItem', '{"RequestItems": {"Nothing": {"Keys": [{"p": {"S": "a"}}]}}}', '{RequestItems,Nothing,ConsistentRead}'),
		('PutItem', '{"TableName": "Nothing", "Item": {"p": {"S": "a"}, "b": {}}}', '{Item,b,BOOL}'),
		('UpdateTimeToLive', '{"TableName": "Nothing", "TimeToLiveSpecification": {"AttributeName": "t"}}', '{TimeToLiveSpecification,Enabled}'))
	AS v(operation, body, path);
SELECT pg_temp.refuses_type('PutItem', format('{"Item": {"a": {"%s": "%s"}}}', type, word), 'Unexpected token received from parser')
FROM unnest('{"", " ", tr, yess, on, off, 2, 01, "t "}'::text[]) AS word, unnest('{BOOL,"NULL"}'::text[]) AS type;
SELECT pg_temp.passes('PutItem', format('{"TableName": "Nothing", "Item": {"p": {"NULL": "%s"}}}', word), 'NULL ' || word) FROM unnest('{t,Y,yes,1,TRUE}'::text[]) AS word;
SELECT pg_temp.refuses('PutItem', format('{"TableName": "Nothing", "Item": {"p": {"NULL": "%s"}}}', word),
	'One or more parameter values were invalid: Null attribute value types must have the value of true', 'NULL ' || word) FROM unnest('{f,N,no,0,FALSE}'::text[]) AS word;
-- whole numbers saturate, then meet their constraint; fractions are cut
SELECT pg_temp.passes(operation, body::text, operation || body)
FROM (VALUES ('Scan', '{"TableName": "Nothing", "Limit": 2147483648}'::jsonb), ('Scan', '{"TableName": "Nothing", "Limit": 1e300}'), ('Scan', '{"TableName": "Nothing", "Limit": 1.9}'),
	('Query', '{"TableName": "Nothing", "Limit": 4294967296, "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}'),
	('ExecuteStatement', '{"Statement": "SELECT * FROM Absent", "Limit": 99999999999999999999}'), ('Scan', '{"TableName": "Nothing", "Segment": 0.5, "TotalSegments": 1}')) AS v(operation, body);
SELECT pg_temp.fails('Scan', '{"TableName": "Nothing", "Limit": -2147483649}', '''-2147483648''', 'limit', 'Member must have value greater than or equal to 1');
SELECT pg_temp.fails('Scan', '{"TableName": "Nothing", "Limit": 0.9}', '''0''', 'limit', 'Member must have value greater than or equal to 1');
SELECT pg_temp.fails('ListTables', '{"Limit": 4294967297}', '''2147483647''', 'limit', 'Member must have value less than or equal to 100');
SELECT pg_temp.fails('Scan', '{"TableName": "Nothing", "Segment": 0, "TotalSegments": 4294967297}', '''2147483647''', 'totalSegments', 'Member must have value less than or equal to 1000000');
SELECT pg_temp.fails('UpdateTable', '{"TableName": "Nothing", "ProvisionedThroughput": {"ReadCapacityUnits": -1e30, "WriteCapacityUnits": 1e30}}', '''-9223372036854775808''',
	'provisionedThroughput.readCapacityUnits', 'Member must have value greater than or equal to 1');

-- ---- types: structures, lists, maps
SELECT pg_temp.refuses_type('CreateTable', '{"ProvisionedThroughput": 5}', 'Unexpected field type');
SELECT pg_temp.refuses_type('CreateTable', '{"ProvisionedThroughput": "x"}', 'Unexpected field type');
SELECT pg_temp.refuses_type('CreateTable', '{"ProvisionedThroughput": []}', 'Unrecognized collection type class com.amazonaws.dynamodb.v20120810.ProvisionedThroughput');
SELECT pg_temp.refuses_type('CreateTable', '{"KeySchema": "x"}', 'Unexpected field type');
SELECT pg_temp.refuses_type('CreateTable', '{"KeySchema": {"a": 1}}', 'Start of structure or map found where not expected');
SELECT pg_temp.refuses_type('CreateTable', '{"KeySchema": ["x"]}', 'Unexpected value type in payload');
SELECT pg_temp.refuses_type('CreateTable', '{"KeySchema": [[]]}', 'Unrecognized collection type class com.amazonaws.dynamodb.v20120810.KeySchemaElement');
SELECT pg_temp.refuses_type('GetItem', '{"AttributesToGet": ["a", 1]}', 'NUMBER_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('GetItem', '{"Key": "x"}', 'Unexpected field type');
SELECT pg_temp.refuses_type('GetItem', '{"Key": []}', 'Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>');
SELECT pg_temp.refuses_type('Query', '{"ExpressionAttributeNames": {"#a": 7}}', 'NUMBER_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('Query', '{"ExpressionAttributeNames": []}', 'Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>');
SELECT pg_temp.refuses_type('Query', '{"KeyConditions": {"a": {"AttributeValueList": {}}}}', 'Start of structure or map found where not expected');
SELECT pg_temp.refuses_type('BatchWriteItem', '{"RequestItems": []}',
	'Unrecognized collection type java.util.Map<java.lang.String, java.util.List<com.amazonaws.dynamodb.v20120810.WriteRequest>>');
SELECT pg_temp.refuses_type('BatchWriteItem', '{"RequestItems": {"abc": {}}}', 'Start of structure or map found where not expected');
SELECT pg_temp.refuses_type('BatchWriteItem', '{"RequestItems": {"abc": "x"}}',
	'class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader ''bootstrap'')');
SELECT pg_temp.refuses_type('BatchGetItem', '{"RequestItems": {"abc": {"Keys": [[]]}}}',
	'Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>');

-- ---- types inside attribute values
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": 1}}', 'Unexpected value type in payload');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": []}}', 'Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"S": 1}}}', 'NUMBER_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"N": 123}}}', 'NUMBER_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"BOOL": 1}}}', 'NUMBER_VALUE cannot be converted to Boolean');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"NULL": "x"}}}', 'Unexpected token received from parser');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"SS": "x"}}}', 'Unexpected field type');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"NS": [1]}}}', 'NUMBER_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"L": ["x"]}}}', 'Unexpected value type in payload');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"M": {"dog": "cat"}}}}', 'Unexpected value type in payload');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"M": {"b": {"L": [{"S": false}]}}}}}', 'FALSE_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('UpdateItem', '{"ExpressionAttributeValues": {":v": {"N": 123}}}', 'NUMBER_VALUE cannot be converted to String');
SELECT pg_temp.refuses_type('PutItem', '{"Expected": {"a": {"Value": "x"}}}', 'Unexpected field type');

-- ---- binary values
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"B": 1}}}', 'only base-64-encoded strings are convertible to bytes');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"B": []}}}', 'Unrecognized collection type class java.nio.ByteBuffer');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"B": "YWJjZGVmZ2g"}}}', 'Base64 encoded length is expected a multiple of 4 bytes but found: 11');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"B": "YWJj??!!"}}}', 'Invalid base 64 character: ''?''');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"B": "===="}}}', 'Invalid base 64 character: ''=''');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"B": "YR=="}}}', 'Invalid last non-pad Base64 character dectected');
SELECT pg_temp.refuses_type('PutItem', '{"Item": {"a": {"BS": ["YQ==", "YQ"]}}}', 'Base64 encoded length is expected a multiple of 4 bytes but found: 2');
SELECT pg_temp.passes('PutItem', '{"TableName": "NoSuchTable", "Item": {"a": {"B": "YQ=="}, "b": {"B": "YWI="}, "c": {"B": "+/09"}}}', 'good base64');

-- ---- types come before constraints, wherever they are
SELECT pg_temp.refuses_type('PutItem', '{"Z": 1, "Item": {"zzz": {"S": 5}}, "ReturnValues": "hi"}', 'NUMBER_VALUE cannot be converted to String');

-- ---- what is ignored
SELECT pg_temp.passes('GetItem', '{"TableName": "NoSuchTable", "Key": {"a": {"S": "x"}}, "Unknown": {"a": [1, {"b": null}]}, "tableName": 7}', 'unknown members');
SELECT pg_temp.passes('GetItem', '{"TableName": "NoSuchTable", "Key": {"a": {"S": "x"}}, "ConsistentRead": null, "AttributesToGet": null}', 'a null is an absent member');
SELECT pg_temp.passes('Query', '{"TableName": "NoSuchTable", "Limit": 1.9, "KeyConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "x"}}}', 'a fraction is cut');

-- ---- required members
SELECT pg_temp.refuses('PutItem', '{}', '2 validation errors detected: Value null at ''item'' failed to satisfy constraint: Member must not be null; Value null at ''tableName'' failed to satisfy constraint: Member must not be null', 'all that is missing is told, in the order of a HashMap of Java');
SELECT pg_temp.fails('GetItem', '{"TableName": "abc"}', 'null', 'key', 'Member must not be null');
SELECT pg_temp.fails('GetItem', '{"TableName": null, "Key": {}}', 'null', 'tableName', 'Member must not be null');
SELECT pg_temp.fails('CreateTable', '{"TableName": "abc", "AttributeDefinitions": [{"AttributeType": "S"}], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}',
	'null', 'attributeDefinitions.1.member.attributeName', 'Member must not be null');
SELECT pg_temp.fails('CreateTable', '{"TableName": "abc", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}', 'null', 'attributeDefinitions', 'Member must not be null');
SELECT pg_temp.fails('BatchGetItem', '{"RequestItems": {"abc": {}}}', 'null', 'requestItems.abc.member.keys', 'Member must not be null');
SELECT pg_temp.fails('BatchWriteItem', '{"RequestItems": {"abc": [{"PutRequest": {"Item": {}}}, {"DeleteRequest": {}}]}}',
	'null', 'requestItems.abc.member.2.member.deleteRequest.key', 'Member must not be null');
SELECT pg_temp.fails('BatchWriteItem', '{"RequestItems": {"abc": null}}', 'null', 'requestItems.abc.member', 'Member must not be null');
SELECT pg_temp.fails('BatchWriteItem', '{"RequestItems": {"abc": [null]}}', 'null', 'requestItems.abc.member.1.member', 'Member must not be null');
SELECT pg_temp.fails('Query', '{"TableName": "abc", "KeyConditions": {"a": {}}}', 'null', 'keyConditions.a.member.comparisonOperator', 'Member must not be null');

-- ---- names of tables
SELECT pg_temp.fails('GetItem', '{"TableName": "ab", "Key": {}}', '''ab''', 'tableName', 'Member must have length greater than or equal to 3');
SELECT pg_temp.fails('GetItem', format('{"TableName": "%s", "Key": {}}', repeat('n', 256)), quote_literal(repeat('n', 256)), 'tableName', 'Member must have length less than or equal to 255');
SELECT pg_temp.fails('PutItem', '{"TableName": "non!existent", "Item": {}}', '''non!existent''', 'tableName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
SELECT pg_temp.refuses(operation, body, '1 validation error detected: Value at ''TableName'' failed to satisfy constraint: Member must have length greater than or equal to 1', operation || ': an empty name alone')
FROM (VALUES ('Scan', '{"TableName": "", "Select": "x"}'), ('Query', '{"TableName": "", "Select": "x"}'), ('GetItem', '{"TableName": ""}'), ('DeleteItem', '{"TableName": ""}'),
	('UpdateItem', '{"TableName": "", "Key": {}}')) AS v(operation, body);
SELECT pg_temp.fails('Scan', '{"TableName": "tölle"}', '''tölle''', 'tableName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
-- names of tables in batches and transactions: after everything else, and alone; BatchGetItem lists them with the rest, and shows its map as JSON
\set map_keys 'Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]'
\set capacity_enum 'Value ''x'' at ''returnConsumedCapacity'' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]'
SELECT pg_temp.refuses('BatchGetItem', '{"RequestItems": {"a;": {"Keys": [{"q": {"SS": ["x", "\"y"]}, "p": {"N": "1", "Unknown": 2}}], "ConsistentRead": true, "Unknown": 1, "AttributesToGet": null}, "B": {"Keys": [{}]}}}',
	'1 validation error detected: Value ''{"B":{"Keys":[{}]},"a;":{"ConsistentRead":true,"Keys":[{"p":{"N":"1"},"q":{"SS":["x","\"y"]}}]}}'' at ''requestItems'' failed to satisfy constraint: ' || :'map_keys', 'BatchGetItem: a name');
SELECT pg_temp.refuses('BatchGetItem', '{"RequestItems": {"a;": {"Keys": [{}]}}, "ReturnConsumedCapacity": "x"}',
	'2 validation errors detected: Value ''{"a;":{"Keys":[{}]}}'' at ''requestItems'' failed to satisfy constraint: ' || :'map_keys' || '; ' || :'capacity_enum', 'BatchGetItem: a name and an enum');
SELECT throws_like($$SELECT dynamo.request('BatchWriteItem', '{"RequestItems": {"a;": [{"PutRequest": {"Item": {}}}]}}')$$,
	'ValidationException: 1 validation error detected: Value ''{a;=[com.amazonaws.dynamodb.v20120810.WriteRequest@%]}'' at ''requestItems'' failed to satisfy constraint: ' || :'map_keys', 'BatchWriteItem: a name');
SELECT pg_temp.refuses('BatchWriteItem', '{"RequestItems": {"a;": [{"PutRequest": {"Item": {}}}]}, "ReturnConsumedCapacity": "x"}', '1 validation error detected: ' || :'capacity_enum', 'BatchWriteItem: an enum alone');
SELECT pg_temp.refuses(operation, format('{"TransactItems": [{"%s": {"TableName": "abc", "%2$s": {}}}, {"%1$s": {"TableName": "a", "%2$s": {}}}, {"%1$s": {"TableName": "bb;", "%2$s": {}}}]}', action, member),
	format('2 validation errors detected: Value ''a'' at ''transactItems.2.member.%1$s.tableName'' failed to satisfy constraint: Member must have length greater than or equal to 3; '
		'Value ''bb;'' at ''transactItems.3.member.%1$s.tableName'' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+', lower(action)), operation || ': names') || E'\n' ||
	pg_temp.refuses(operation, format('{"TransactItems": [{"%s": {"TableName": "a", "%2$s": {}}}], "ReturnConsumedCapacity": "x"}', action, member), '1 validation error detected: ' || :'capacity_enum', operation || ': an enum alone') || E'\n' ||
	pg_temp.refuses(operation, format('{"TransactItems": [{"%s": {"TableName": "a"}}]}', action),
		format('1 validation error detected: Value null at ''transactItems.1.member.%s.%s'' failed to satisfy constraint: Member must not be null', lower(action), lower(member)), operation || ': a missing member alone')
FROM (VALUES ('TransactWriteItems', 'Put', 'Item'), ('TransactWriteItems', 'Delete', 'Key'), ('TransactGetItems', 'Get', 'Key')) AS v(operation, action, member);
SELECT pg_temp.refuses('TransactWriteItems', '{"TransactItems": [{"Put": {"TableName": "a", "Item": {}}}], "ClientRequestToken": ""}',
	'1 validation error detected: Value '''' at ''clientRequestToken'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'TransactWriteItems: a token before a name');
SELECT pg_temp.refuses('TransactWriteItems', '{"TransactItems": [{"Put": {"TableName": "a", "Item": {}}}], "ClientRequestToken": "", "ReturnConsumedCapacity": "x"}',
	'2 validation errors detected: Value '''' at ''clientRequestToken'' failed to satisfy constraint: Member must have length greater than or equal to 1; ' || :'capacity_enum', 'TransactWriteItems: token and enum, without the name');
SELECT pg_temp.refuses(operation, '{}', 'The parameter ''TableName'' is required but was not present in the request', operation || ' without a name')
FROM unnest('{CreateTable,DeleteTable,DescribeTable}'::text[]) AS operation;
SELECT pg_temp.fails(operation, '{"TableName": "ab", "Unlike": "others"}', '''ab''', 'tableName', 'Member must have length greater than or equal to 3')
FROM unnest('{CreateTable,UpdateTable,DeleteTable,DescribeTable,DescribeTimeToLive,UpdateTimeToLive,DescribeContinuousBackups}'::text[]) AS operation
WHERE operation <> 'UpdateTimeToLive';
SELECT pg_temp.fails(operation, '{"TableName": "ab", "BillingMode": "FREE", "KeySchema": []}', '''ab''', 'tableName', 'Member must have length greater than or equal to 3')
FROM unnest('{CreateTable,UpdateTable,DeleteTable,DescribeTable}'::text[]) AS operation;
SELECT pg_temp.fails('DescribeTable', format('{"TableName": "%s"}', repeat('n', 256)), quote_literal(repeat('n', 256)), 'tableName', 'Member must have length less than or equal to 255');
SELECT pg_temp.fails('DescribeTable', '{"TableName": "abc;"}', '''abc;''', 'tableName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
SELECT pg_temp.passes('GetItem', '{"TableName": "arn:aws:dynamodb:us-east-1:000000000000:table/NoSuchTable", "Key": {"a": {"S": "x"}}}', 'an ARN stands for the name');

-- ---- enumerations, in the order in which AWS prints them
SELECT pg_temp.refuses('PutItem', '{"TableName": "abc", "Item": {}, "ReturnValues": "all_old"}', '1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]', 'an enumeration');
SELECT pg_temp.fails('PutItem', '{"TableName": "abc", "Item": {}, "ReturnItemCollectionMetrics": ""}', '''''', 'returnItemCollectionMetrics', 'Member must satisfy enum value set: [SIZE, NONE]');
SELECT pg_temp.fails('GetItem', '{"TableName": "abc", "Key": {}, "ReturnConsumedCapacity": "x"}', '''x''', 'returnConsumedCapacity', 'Member must satisfy enum value set: [INDEXES, TOTAL, NONE]');
SELECT pg_temp.fails('Scan', '{"TableName": "abc", "Select": "x"}', '''x''', 'select', 'Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]');
SELECT pg_temp.refuses(operation, ('{"TableName": "abc"}'::jsonb || body::jsonb)::text, message, operation || ': ' || body)
FROM (VALUES ('Query', '{"KeyConditions": {"a.b": {"ComparisonOperator": "=="}}}', 'One or more parameter values were invalid: Invalid comparison operator'),
	('Scan', '{"ScanFilter": {"a": {"ComparisonOperator": "eq"}}}', 'One or more parameter values were invalid: Invalid comparison operator'),
	('Scan', '{"ScanFilter": {"a": {"ComparisonOperator": "FOO", "AttributeValueList": [{"N": "x"}]}}}', 'The parameter cannot be converted to a numeric value: x'),
	('Query', '{"KeyConditions": {"a": {"ComparisonOperator": "EQ"}}, "QueryFilter": {"a": {"ComparisonOperator": ""}}}', 'One or more parameter values were invalid: Invalid comparison operator'),
	('DeleteItem', '{"Key": {"a": {"S": "x"}}, "Expected": {"a": {"ComparisonOperator": "FOO"}}}', '1 validation error detected: One or more parameter values were invalid: Invalid comparison operator'),
	('DeleteItem', '{"Key": {"a": {"S": "x"}}, "Expected": {"a": {"ComparisonOperator": "FOO", "Exists": true}}}', '1 validation error detected: One or more parameter values were invalid: Exists and ComparisonOperator cannot be used together for Attribute: a')) AS v(operation, body, message);
SELECT pg_temp.fails('CreateTable', '{"TableName": "abc", "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "SS"}], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}',
	'''SS''', 'attributeDefinitions.1.member.attributeType', 'Member must satisfy enum value set: [B, N, S]');
SELECT pg_temp.fails('CreateTable', '{"TableName": "abc", "BillingMode": "FREE", "AttributeDefinitions": [], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}]}',
	'''FREE''', 'billingMode', 'Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]');

SELECT pg_temp.refuses('ExecuteStatement', '{"Statement": "", "Limit": 0}', '2 validation errors detected: Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '''' at ''statement'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'Limit before Statement, as recorded');

-- ---- lengths and values
SELECT pg_temp.refuses('Scan', body, '1 validation error detected: Value at ' || message, 'Scan: ' || body)
FROM (VALUES ('{"TableName": "abc", "Limit": 0, "Select": "x"}', '''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1'),
	('{"TableName": "abc", "Segment": -1}', '''Segment'' failed to satisfy constraint: Member must have value greater than or equal to 0'),
	('{"TableName": "abc", "Segment": 1000000}', '''Segment'' failed to satisfy constraint: Member must have value less than or equal to 999999'),
	('{"TableName": "abc", "TotalSegments": 1000001}', '''TotalSegments'' failed to satisfy constraint: Member must have value less than or equal to 1000000')) AS v(body, message);
SELECT pg_temp.refuses('Scan', '{"TableName": "", "Limit": 0, "Segment": -1, "TotalSegments": 0}', '4 validation errors detected: Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1; '
	'Value at ''Segment'' failed to satisfy constraint: Member must have value greater than or equal to 0; Value at ''TotalSegments'' failed to satisfy constraint: Member must have value greater than or equal to 1; '
	'Value at ''TableName'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'Scan: all of these');
SELECT pg_temp.fails('GetItem', '{"TableName": "abc", "Key": {}, "AttributesToGet": []}', '''[]''', 'attributesToGet', 'Member must have length greater than or equal to 1');
SELECT pg_temp.refuses('BatchGetItem', '{"RequestItems": {}}', '1 validation error detected: Value at ''RequestItems'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'a batch of nothing');
-- UpdateItem stops at the first bad Return... member, PutItem does not; both name a bad table name alone
SELECT pg_temp.refuses('UpdateItem', '{"TableName": "abc", "Key": {}, "ReturnValues": "x", "ReturnConsumedCapacity": "y"}',
	'1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]', 'UpdateItem: one enum');
-- without Key or TableName all members are listed
SELECT pg_temp.refuses('UpdateItem', '{"TableName": "abc", "ReturnValues": "x", "ReturnConsumedCapacity": "y"}', '3 validation errors detected: Value ''y'' at ''returnConsumedCapacity'' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; '
	'Value ''x'' at ''returnValues'' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; Value null at ''key'' failed to satisfy constraint: Member must not be null', 'UpdateItem without Key');
SELECT pg_temp.refuses('UpdateItem', '{"ReturnValues": "x", "ReturnItemCollectionMetrics": "y"}', '4 validation errors detected: Value null at ''tableName'' failed to satisfy constraint: Member must not be null; '
	'Value ''x'' at ''returnValues'' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]; Value ''y'' at ''returnItemCollectionMetrics'' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]; Value null at ''key'' failed to satisfy constraint: Member must not be null', 'UpdateItem without Key and TableName');
SELECT pg_temp.refuses('UpdateItem', '{"Key": {}, "ReturnValues": "x"}', '2 validation errors detected: Value null at ''tableName'' failed to satisfy constraint: Member must not be null; '
	'Value ''x'' at ''returnValues'' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]', 'UpdateItem without TableName');
-- Query words its limit without the value, and before the rest
SELECT pg_temp.refuses('Query', '{"TableName": "abc", "Limit": 0}', '1 validation error detected: Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Query: a limit of 0');
SELECT pg_temp.refuses('Query', '{"TableName": "abc", "Limit": -5, "Select": "x"}', '1 validation error detected: Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Query: a limit alone');
SELECT pg_temp.refuses('Query', '{"Limit": 0, "Select": "x"}', '3 validation errors detected: Value ''x'' at ''select'' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]; '
	'Value null at ''tableName'' failed to satisfy constraint: Member must not be null; Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1', 'Query: a limit without a name');
SELECT pg_temp.refuses('PutItem', '{"TableName": "", "Item": {}, "ReturnValues": "x"}', '1 validation error detected: Value at ''TableName'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'PutItem: the name alone');
SELECT pg_temp.refuses('BatchGetItem', '{"RequestItems": {"abc": {"Keys": []}}}', '1 validation error detected: Value at ''RequestItems.abc.member.Keys'' failed to satisfy constraint: Member must have length greater than or equal to 1', 'BatchGetItem: no keys');
SELECT pg_temp.fails('BatchWriteItem', '{"RequestItems": {"abc": []}}', '''{abc=[]}''', 'requestItems',
	'Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]');
SELECT throws_like(format('SELECT dynamo.request(''BatchWriteItem'', %L)', jsonb_build_object('RequestItems', jsonb_build_object('abc',
	(SELECT jsonb_agg('{"PutRequest": {"Item": {"a": {"S": "secret"}}}}'::jsonb) FROM generate_series(1, 26))))),
	'ValidationException: 1 validation error detected: Value ''{abc=[com.amazonaws.dynamodb.v20120810.WriteRequest@%''%Member must have length less than or equal to 25%',
	'twenty-five requests at most, and the message shows no item');
SELECT throws_like($$SELECT dynamo.request('CreateTable', '{"TableName": "abc", "AttributeDefinitions": [], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}, {"AttributeName": "c", "KeyType": "RANGE"}]}')$$,
	'ValidationException: 1 validation error detected: Value ''[com.amazonaws.dynamodb.v20120810.KeySchemaElement@%, com.amazonaws.dynamodb.v20120810.KeySchemaElement@%, com.amazonaws.dynamodb.v20120810.KeySchemaElement@%]'' at ''keySchema'' failed to satisfy constraint: Member must have length less than or equal to 2',
	'three keys');
SELECT pg_temp.fails('CreateTable', '{"TableName": "abc", "AttributeDefinitions": [], "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
	"LocalSecondaryIndexes": [{"IndexName": "index", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "Projection": {"NonKeyAttributes": ["a", ""]}}]}',
	'''[a, ]''', 'localSecondaryIndexes.1.member.projection.nonKeyAttributes',
	'Member must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 1]');

-- ---- many errors, long values
SELECT throws_like(format('SELECT dynamo.request(''BatchGetItem'', %L)', jsonb_build_object('RequestItems', (SELECT jsonb_object_agg('table' || i, '{}'::jsonb) FROM generate_series(1, 12) AS i))),
	'ValidationException: 10 validation errors detected: %', 'ten errors are told');
SELECT throws_like(format('SELECT dynamo.request(''GetItem'', %L)', format('{"TableName": "%s", "Key": {}}', repeat('é', 100000))),
	'ValidationException: 2 validation errors detected: Value ''' || repeat('é', 100) || '%éé...'' at ''tableName'' failed%', 'a long value is cut');
SELECT throws_like(format('SELECT dynamo.request(''GetItem'', %L)', '{"TableName": "a\u001bb", "Key": {}}'),
	'ValidationException: 1 validation error detected: Value ''a\\x1bb'' at ''tableName''%', 'control characters are escaped');

SELECT * FROM finish();
ROLLBACK;
