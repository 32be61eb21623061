-- The two layers in which AWS checks values: which operation has which words, and which has "1 validation error detected: ".
BEGIN;
SELECT * FROM no_plan();

DO $$ BEGIN
	PERFORM dynamo.create_table('Hash', 'p');
	PERFORM dynamo.create_table('Named', 'p', NULL, '{"g": "S", "r": "N"}', global_indexes =>
		'{"Zed": {"hash_key": "g"}, "Mid": {"hash_key": "r"}, "Abc": {"hash_key": "g", "range_key": "r"}}');
END $$;

-- the request of an operation with a value at one place
CREATE FUNCTION pg_temp.body(place text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('TableName', 'Hash') || CASE place
		WHEN 'Item' THEN jsonb_build_object('Item', jsonb_build_object('p', '{"S": "a"}'::jsonb, 'v', value))
		WHEN 'Key' THEN jsonb_build_object('Key', jsonb_build_object('p', value))
		WHEN 'Condition' THEN jsonb_build_object('Item', '{"p": {"S": "a"}}'::jsonb, 'Key', '{"p": {"S": "a"}}'::jsonb, 'ConditionExpression', 'v = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', value))
		WHEN 'Update' THEN jsonb_build_object('Key', '{"p": {"S": "a"}}'::jsonb, 'UpdateExpression', 'SET v = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', value))
		WHEN 'Expected' THEN jsonb_build_object('Item', '{"p": {"S": "a"}}'::jsonb, 'Key', '{"p": {"S": "a"}}'::jsonb, 'Expected', jsonb_build_object('v', jsonb_build_object('Value', value)))
		WHEN 'AttributeUpdates' THEN jsonb_build_object('Key', '{"p": {"S": "a"}}'::jsonb, 'AttributeUpdates', jsonb_build_object('v', jsonb_build_object('Value', value)))
		WHEN 'Filter' THEN jsonb_build_object('FilterExpression', 'v = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', value))
		WHEN 'QueryFilter' THEN jsonb_build_object('KeyConditionExpression', 'p = :p', 'FilterExpression', 'v = :v', 'ExpressionAttributeValues', jsonb_build_object(':p', '{"S": "a"}'::jsonb, ':v', value))
		WHEN 'QueryStart' THEN jsonb_build_object('KeyConditionExpression', 'p = :p', 'ExpressionAttributeValues', '{":p": {"S": "a"}}'::jsonb, 'ExclusiveStartKey', jsonb_build_object('p', value))
		WHEN 'Start' THEN jsonb_build_object('ExclusiveStartKey', jsonb_build_object('p', value))
		WHEN 'BatchKey' THEN jsonb_build_object('RequestItems', jsonb_build_object('Hash', jsonb_build_object('Keys', jsonb_build_array(jsonb_build_object('p', value)))))
		WHEN 'BatchItem' THEN jsonb_build_object('RequestItems', jsonb_build_object('Hash', jsonb_build_array(jsonb_build_object('PutRequest', jsonb_build_object('Item', jsonb_build_object('p', '{"S": "a"}'::jsonb, 'v', value))))))
		WHEN 'TransactKey' THEN jsonb_build_object('TransactItems', jsonb_build_array(jsonb_build_object('Get', jsonb_build_object('TableName', 'Hash', 'Key', jsonb_build_object('p', value)))))
		WHEN 'TransactItem' THEN jsonb_build_object('TransactItems', jsonb_build_array(jsonb_build_object('Put', jsonb_build_object('TableName', 'Hash', 'Item', jsonb_build_object('p', '{"S": "a"}'::jsonb, 'v', value)))))
		WHEN 'TransactCondition' THEN jsonb_build_object('TransactItems', jsonb_build_array(jsonb_build_object('ConditionCheck', jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "a"}}'::jsonb,
			'ConditionExpression', 'v = :v', 'ExpressionAttributeValues', jsonb_build_object(':v', value)))))
		WHEN 'Parameter' THEN jsonb_build_object('Statement', 'SELECT * FROM Hash WHERE p = ?', 'Parameters', jsonb_build_array(value))
	END $$;

CREATE TEMPORARY TABLE places (operation text, place text, newer boolean, before text, after text);
INSERT INTO places VALUES
	('PutItem', 'Item', true, '1 validation error detected: ', ''), ('PutItem', 'Condition', true, '1 validation error detected: ', ''), ('PutItem', 'Expected', true, '1 validation error detected: ', ''),
	('UpdateItem', 'Key', true, '1 validation error detected: ', ''), ('UpdateItem', 'Update', true, '1 validation error detected: ', ''), ('UpdateItem', 'Condition', true, '1 validation error detected: ', ''),
	('UpdateItem', 'Expected', true, '1 validation error detected: ', ''), ('UpdateItem', 'AttributeUpdates', true, '1 validation error detected: ', ''),
	('DeleteItem', 'Key', true, '1 validation error detected: ', ''), ('DeleteItem', 'Condition', true, '1 validation error detected: ', ''), ('DeleteItem', 'Expected', true, '1 validation error detected: ', ''),
	('GetItem', 'Key', true, '', ''), ('BatchGetItem', 'BatchKey', true, '', ''), ('Query', 'QueryFilter', true, '', ''), ('Query', 'QueryStart', true, '', ''),
	('BatchWriteItem', 'BatchItem', false, '', ''), ('TransactGetItems', 'TransactKey', false, '', ''), ('TransactWriteItems', 'TransactItem', false, '', ''),
	('Scan', 'Filter', false, 'ExpressionAttributeValues contains invalid value: ', ' for key :v'), ('TransactWriteItems', 'TransactCondition', false, 'ExpressionAttributeValues contains invalid value: ', ' for key :v'),
	('Scan', 'Start', false, 'The provided starting key is invalid: ', ''), ('ExecuteStatement', 'Parameter', false, '', '');

CREATE TEMPORARY TABLE faults (value jsonb, newer text, older text);
INSERT INTO faults VALUES
	('{"N": ""}', 'The parameter cannot be converted to a numeric value: ', 'The parameter cannot be converted to a numeric value'),
	('{"N": "dog"}', 'The parameter cannot be converted to a numeric value: dog', 'The parameter cannot be converted to a numeric value: dog'),
	('{"L": [{"NS": ["1", "x"]}]}', 'The parameter cannot be converted to a numeric value: x', 'The parameter cannot be converted to a numeric value: x'),
	('{"N": "1e126"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"N": "0e126"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"N": "0e-131"}', 'Number underflow. Attempting to store a number with magnitude smaller than supported range', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'),
	('{"N": "1e2147483646"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"N": "1e2147483647"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'),
	('{"N": "10e2147483646"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'),
	('{"N": "0e2147483647"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'),
	('{"N": "1e2147483648"}', 'Number overflow. Attempting to store a number with magnitude larger than supported range', 'The parameter cannot be converted to a numeric value: 1e2147483648'),
	('{"N": "1e-2147483647"}', 'Number underflow. Attempting to store a number with magnitude smaller than supported range', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'),
	('{"N": "0.1e-2147483647"}', 'Number underflow. Attempting to store a number with magnitude smaller than supported range', 'The parameter cannot be converted to a numeric value: 0.1e-2147483647'),
	('{"N": "1e9223372036854775808"}', 'The parameter cannot be converted to a numeric value: 1e9223372036854775808', 'The parameter cannot be converted to a numeric value: 1e9223372036854775808'),
	('{"N": "1e-9223372036854775809"}', 'The parameter cannot be converted to a numeric value: 1e-9223372036854775809', 'The parameter cannot be converted to a numeric value: 1e-9223372036854775809'),
	('{"SS": []}', 'One or more parameter values were invalid: An string set  may not be empty', 'One or more parameter values were invalid: An string set  may not be empty'),
	('{"M": {"a": {"NS": []}}}', 'One or more parameter values were invalid: An number set  may not be empty', 'One or more parameter values were invalid: An number set  may not be empty'),
	('{"SS": ["b", "a", "b"]}', 'One or more parameter values were invalid: Input collection ["a", "b", "b"] contains duplicates.', 'One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.'),
	('{"SS": ["q\"", "\\", "q\""]}', 'One or more parameter values were invalid: Input collection ["\\", "q\"", "q\""] contains duplicates.', 'One or more parameter values were invalid: Input collection [q", \, q"] contains duplicates.'),
	('{"BS": ["AA==", "/w==", "AA=="]}', 'One or more parameter values were invalid: Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.', 'One or more parameter values were invalid: Input collection [AA==, /w==, AA==]of type BS contains duplicates.'),
	('{"NS": ["1", "1.0"]}', 'One or more parameter values were invalid: Input collection contains duplicates.', 'Input collection contains duplicates'),
	('{"M": {"": {"S": "a"}}}', 'Empty attribute name', 'Empty attribute name'),
	(jsonb_build_object('M', jsonb_build_object(repeat('n', 65536), '{"S": "a"}'::jsonb)), 'Attribute name is too large, must be less than 65536 bytes', 'Attribute name is too large, must be less than 65536 bytes');

SELECT throws_ok(format('SELECT dynamo.request(%L, pg_temp.body(%L, %L))', operation, place, value), 'YD001',
	'ValidationException: ' || before || CASE WHEN places.newer THEN faults.newer ELSE faults.older END || after, format('%s, %s: %s', operation, place, left(value::text, 60)))
FROM places, faults;

-- a lone NULL that is false is found before it is known where it is
SELECT throws_ok(format('SELECT dynamo.request(%L, pg_temp.body(%L, ''{"NULL": false}''))', operation, place), 'YD001', 'ValidationException: '
	|| CASE WHEN place IN ('Item', 'Key', 'Condition', 'Update', 'Expected', 'AttributeUpdates') AND operation IN ('PutItem', 'UpdateItem', 'DeleteItem') THEN '1 validation error detected: ' ELSE '' END
	|| 'One or more parameter values were invalid: Null attribute value types must have the value of true', format('%s, %s: NULL false', operation, place))
FROM places;

-- values that the newer layer cannot read send the whole request to the older one: nothing is counted, and values of expressions have their names
SELECT throws_ok(format('SELECT dynamo.request(%L, pg_temp.body(%L, %L))', operation, place, value), 'YD001', 'ValidationException: '
	|| CASE WHEN place IN ('Condition', 'Update', 'QueryFilter', 'Filter') THEN 'ExpressionAttributeValues contains invalid value: ' WHEN place = 'Start' THEN 'The provided starting key is invalid: ' ELSE '' END
	|| message || CASE WHEN place IN ('Condition', 'Update', 'QueryFilter', 'Filter') THEN ' for key :v' ELSE '' END, format('%s, %s: %s', operation, place, value))
FROM (SELECT * FROM places WHERE newer OR operation = 'Scan') AS places, (VALUES
	('{}'::jsonb, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"S": null}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"S": "a", "N": "1"}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"S": "a", "N": "b"}', 'The parameter cannot be converted to a numeric value: b'),
	('{"S": "a", "N": "", "NULL": false}', 'The parameter cannot be converted to a numeric value'),
	('{"S": "a", "NULL": false}', 'One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"NULL": "no"}', 'One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"N": "b", "BS": []}', 'One or more parameter values were invalid: Binary sets should not be empty'),
	('{"L": [{"BOOL": "t"}, {"NS": ["1", "1"]}]}', 'Input collection contains duplicates')) AS v(value, message);
SELECT throws_ok($$SELECT dynamo.request('PutItem', '{"TableName": "Hash", "Item": {"p": {"S": "a"}}, "Expected": {"v": {"Exists": "yes", "Value": {"N": ""}}}}')$$, 'YD001',
	'ValidationException: The parameter cannot be converted to a numeric value', 'an Exists that is a text, too');
SELECT throws_ok(format('SELECT dynamo.request(''PutItem'', pg_temp.body(''Item'', %L))', (repeat('{"L": [', levels) || '{"S": "a"}' || repeat(']}', levels))::jsonb), 'YD001',
	'ValidationException: ' || before || 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit', levels || ' levels')
FROM (VALUES (32, '1 validation error detected: '), (62, '1 validation error detected: '), (63, ''), (400, '')) AS v(levels, before);
SELECT throws_ok(format('SELECT dynamo.request(''UpdateItem'', pg_temp.body(''Update'', %L))', (repeat('{"L": [', levels) || '{"S": "a"}' || repeat(']}', levels))::jsonb), 'YD001',
	'ValidationException: ' || before || 'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit' || after, levels || ' levels of an operand')
FROM (VALUES (32, '1 validation error detected: ', ''), (62, '1 validation error detected: ', ''), (63, 'ExpressionAttributeValues contains invalid value: ', ' for key :v')) AS v(levels, before, after);

-- ---- expressions and their names
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_build_object('TableName', 'Hash') || body || more), 'YD001', 'ValidationException: ' || before || message, operation || ' ' || left(more::text, 60))
FROM (VALUES ('PutItem', '{"Item": {"p": {"S": "a"}}}'::jsonb), ('UpdateItem', '{"Key": {"p": {"S": "a"}}}'), ('DeleteItem', '{"Key": {"p": {"S": "a"}}}')) AS o(operation, body),
	LATERAL (VALUES ('1 validation error detected: ')) AS b(before), (VALUES
	('{"ConditionExpression": ""}'::jsonb, 'Invalid ConditionExpression: The expression can not be empty;'),
	('{"ConditionExpression": "a ="}', 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'),
	(jsonb_build_object('ConditionExpression', repeat('a', 4097)), 'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size;'),
	('{"ConditionExpression": "a = :a"}', 'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :a'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {"#a": "a"}}', 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeValues": {":a": {"S": "a"}}}', 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}'),
	('{"ConditionExpression": "attribute_exists(#a)", "ExpressionAttributeNames": {"#a": ""}}', 'ExpressionAttributeNames contains invalid value: Empty attribute name for key #a'),
	(jsonb_build_object('ConditionExpression', 'attribute_exists(#a)', 'ExpressionAttributeNames', jsonb_build_object('#a', repeat('n', 65536))), 'Attribute name is too large, must be less than 65536 bytes'),
	('{"ExpressionAttributeNames": {"#a": "a"}}', 'ExpressionAttributeNames can only be specified when using expressions'),
	('{"ExpressionAttributeValues": {":a": {"S": "a"}}}', 'ExpressionAttributeValues can only be specified when using expressions'),
	('{"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeNames": {}}', 'ExpressionAttributeNames must not be empty'),
	('{"ConditionExpression": "attribute_exists(a)", "Expected": {"a": {"Exists": false}}}',
		'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}'),
	('{"Expected": {"a": {"Exists": true}}}', 'One or more parameter values were invalid: Value must be provided when Exists is true for Attribute: a'),
	('{"Expected": {"a": {"ComparisonOperator": "EQ", "AttributeValueList": []}}}', 'One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator')) AS v(more, message);
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_build_object('TableName', 'Hash') || more), 'YD001', 'ValidationException: ' || message, operation || ' ' || left(more::text, 60))
FROM (VALUES
	('GetItem', jsonb_build_object('Key', '{"p": {"S": "a"}}'::jsonb, 'ProjectionExpression', '#a', 'ExpressionAttributeNames', jsonb_build_object('#a', repeat('n', 65536))), 'Attribute name is too large, must be less than 65536 bytes'),
	('Scan', jsonb_build_object('ProjectionExpression', '#a', 'ExpressionAttributeNames', jsonb_build_object('#a', repeat('n', 65536))), 'ExpressionAttributeNames contains invalid value: Attribute name is too large, must be less than 65536 bytes for key #a'),
	('Scan', jsonb_build_object('FilterExpression', repeat('a', 4097)), 'Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 4097'),
	('Scan', '{"ExpressionAttributeValues": {":a": {"S": "a"}}}', 'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null'),
	('TransactWriteItems', jsonb_build_object('TransactItems', jsonb_build_array(jsonb_build_object('Delete', jsonb_build_object('TableName', 'Hash', 'Key', '{"p": {"S": "a"}}'::jsonb, 'ConditionExpression', repeat('a', 4097))))),
		'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097'),
	('Query', '{"KeyConditionExpression": "p ="}', 'Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: "="'),
	('Query', '{"KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}, "Select": "SPECIFIC_ATTRIBUTES"}',
		'1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES'),
	('UpdateItem', '{"Key": {"p": {"S": "a"}}, "UpdateExpression": "", "ConditionExpression": ""}', '1 validation error detected: Invalid ConditionExpression: The expression can not be empty;'),
	('UpdateItem', '{"Key": {"p": {"S": "a"}}, "UpdateExpression": ""}', '1 validation error detected: Invalid UpdateExpression: The expression can not be empty;'),
	('UpdateItem', '{"Key": {"p": {"S": "a"}}, "AttributeUpdates": {"a": {"Action": "put", "Value": {"S": "a"}}}}', '1 validation error detected: Member must satisfy enum value set: [ADD, DELETE, PUT]'' for Action')) AS v(operation, more, message);

-- ---- what needs the table is never counted
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_build_object('TableName', 'Hash') || more), 'YD001', 'ValidationException: ' || message, operation || ' ' || more)
FROM (VALUES
	('PutItem', '{"Item": {"q": {"S": "a"}}}'::jsonb, 'One or more parameter values were invalid: Missing the key p in the item'),
	('UpdateItem', '{"Key": {"q": {"S": "a"}}}', 'The provided key element does not match the schema'),
	('DeleteItem', '{"Key": {"p": {"N": "1"}}}', 'The provided key element does not match the schema'),
	('UpdateItem', '{"Key": {"p": {"S": "a"}}, "UpdateExpression": "SET p = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}', 'One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key')) AS v(operation, more, message);

-- ---- members of UpdateItem: all at once where the key or the table is missing, else one
SELECT throws_ok(format('SELECT dynamo.request(''UpdateItem'', %L)', body), 'YD001', 'ValidationException: ' || message, body)
FROM (VALUES
	('{}', '2 validation errors detected: Value null at ''tableName'' failed to satisfy constraint: Member must not be null; Value null at ''key'' failed to satisfy constraint: Member must not be null'),
	('{"Key": {"p": {"S": "a"}}, "ReturnValues": "x", "ReturnConsumedCapacity": "y"}', '2 validation errors detected: Value null at ''tableName'' failed to satisfy constraint: Member must not be null; '
		'Value ''x'' at ''returnValues'' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]'),
	('{"TableName": "Hash", "Key": {"p": {"S": "a"}}, "ReturnConsumedCapacity": "y"}', 'Value ''y'' at ''returnConsumedCapacity'' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]'),
	('{"TableName": "Hash", "Key": {"p": {"S": "a"}}, "ReturnItemCollectionMetrics": "y"}', '1 validation error detected: Value ''y'' at ''returnItemCollectionMetrics'' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]'),
	('{"TableName": "Hash", "Key": {"p": {"S": "a"}}, "ReturnValues": "x", "ReturnConsumedCapacity": "y"}',
		'1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]')) AS v(body, message);
SELECT throws_like(format('SELECT dynamo.request(''UpdateItem'', %L)', body), 'ValidationException: ' || message, body)
FROM (VALUES
	('{"ReturnValues": "x", "ReturnConsumedCapacity": "y"}', '4 validation errors detected: %returnConsumedCapacity%'),
	('{"TableName": "Hash", "ReturnValues": "x", "ReturnConsumedCapacity": "y"}', '3 validation errors detected: %''returnValues''%''key''%')) AS v(body, message);

-- ---- Limit of a query: the newer layer's words for what an int can be, the older one's for what had to be made one
SELECT throws_ok(format('SELECT dynamo.request(''Query'', ''{"TableName": "Hash", "Limit": %s}'')', given), 'YD001', 'ValidationException: 1 validation error detected: ' || message, 'Limit ' || given)
FROM (VALUES
	('0', 'Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1'),
	('-2147483648', 'Value at ''Limit'' failed to satisfy constraint: Member must have value greater than or equal to 1'),
	('-2147483649', 'Value ''-2147483648'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1'),
	('0.5', 'Value ''0'' at ''limit'' failed to satisfy constraint: Member must have value greater than or equal to 1')) AS v(given, message);

-- ---- where a query cannot begin
SELECT throws_ok(format('SELECT dynamo.request(''Query'', %L)', '{"TableName": "Hash", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}'::jsonb || jsonb_build_object('ExclusiveStartKey', start)),
	'YD001', 'ValidationException: ' || message, start::text)
FROM (VALUES
	('{"p": {"N": "1"}}'::jsonb, 'The provided starting key is invalid'),
	('{"q": {"S": "a"}}', 'The provided starting key is invalid'),
	('{"p": {"S": "b"}}', 'The provided exclusive start key is invalid'),
	('{"p": {"S": ""}}', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p')) AS v(start, message);

-- ---- of several indexes that do not take a value the first by name is named
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_build_object('TableName', 'Named') || body), 'YD001', 'ValidationException: One or more parameter values were invalid: ' || message, operation || body)
FROM (VALUES
	('PutItem', '{"Item": {"p": {"S": "a"}, "g": {"N": "1"}}}'::jsonb, 'Type mismatch for Index Key g Expected: S Actual: N IndexName: Abc'),
	('PutItem', '{"Item": {"p": {"S": "a"}, "r": {"S": "1"}}}', 'Type mismatch for Index Key r Expected: N Actual: S IndexName: Abc'),
	('UpdateItem', '{"Key": {"p": {"S": "a"}}, "UpdateExpression": "SET r = :r", "ExpressionAttributeValues": {":r": {"S": "1"}}}', 'Type mismatch for Index Key r Expected: N Actual: S IndexName: Abc')) AS v(operation, body, message);

-- ---- an empty name in a legacy condition is looked for like any other
SELECT is(dynamo.request(operation, jsonb_build_object('TableName', 'Hash') || body) -> 'Count', '0', operation || body)
FROM dynamo.put_item('Hash', '{"p": "a"}'), (VALUES
	('Scan', '{"ScanFilter": {"": {"ComparisonOperator": "NOT_NULL"}}}'::jsonb),
	('Query', '{"KeyConditions": {"p": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}, "QueryFilter": {"": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": ""}]}}}')) AS v(operation, body);
SELECT is(dynamo.request('Scan', '{"TableName": "Hash", "ScanFilter": {"": {"ComparisonOperator": "NULL"}}}') -> 'Count', '1', 'NULL holds for it');
SELECT throws_ok($$SELECT dynamo.request('PutItem', '{"TableName": "Hash", "Item": {"p": {"S": "a"}}, "Expected": {"": {"Exists": "true", "Value": {"S": "x"}}}}')$$, 'YD001', 'ValidationException: Empty attribute name', 'writes refuse it');
SELECT throws_ok($$SELECT dynamo.request('Query', '{"TableName": "Hash", "KeyConditions": {"": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}}')$$, 'YD001', 'ValidationException: Query condition missed key schema element: p', 'no key has it');
SELECT throws_ok($$SELECT dynamo.request('UpdateItem', '{"TableName": "Hash", "Key": {"p": {"S": "a"}}, "AttributeUpdates": {"": {"Value": {"S": "x"}}}}')$$, 'YD001', 'ValidationException: 1 validation error detected: Empty attribute name', 'but none may be written');

-- ---- an error leaves nothing behind for what comes next
SELECT throws_ok($$SELECT dynamo.request('Scan', '{"TableName": "Hash", "Limit": 1, "ExclusiveStartKey": {"p": {"N": ""}}}')$$, 'YD001', NULL, 'an error of the older layer');
SELECT throws_ok($$SELECT dynamo.from_dynamodb_json('{"a": {"N": ""}}')$$, 'YD001', 'ValidationException: The parameter cannot be converted to a numeric value: ', 'and a function that belongs to no operation');

SELECT * FROM finish();
ROLLBACK;
