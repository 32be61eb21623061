-- Item operations with natural JSON and named arguments.
--
-- Conditions and updates use DynamoDB's expressions; attribute_names are ExpressionAttributeNames ({"#s": "Status"}) and
-- attribute_values ExpressionAttributeValues in natural JSON ({":s": "pending"}).

CREATE OR REPLACE FUNCTION dynamo.put_item(table_name text, item jsonb, condition text DEFAULT NULL,
	attribute_names jsonb DEFAULT NULL, attribute_values jsonb DEFAULT NULL, return_values text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('PutItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Item', dynamo.to_dynamodb_json(item),
		'ConditionExpression', condition,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ReturnValues', return_values))) -> 'Attributes');
END;
COMMENT ON FUNCTION dynamo.put_item IS 'stores an item; returns the item it replaced when return_values is ALL_OLD, else NULL';

CREATE OR REPLACE FUNCTION dynamo.get_item(table_name text, key jsonb, projection text DEFAULT NULL,
	attribute_names jsonb DEFAULT NULL)
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('GetItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Key', dynamo.to_dynamodb_json(key),
		'ProjectionExpression', projection,
		'ExpressionAttributeNames', attribute_names))) -> 'Item');
END;
COMMENT ON FUNCTION dynamo.get_item IS 'the item with this key, or NULL';

CREATE OR REPLACE FUNCTION dynamo.update_item(table_name text, key jsonb, update_expression text DEFAULT NULL,
	condition text DEFAULT NULL, attribute_names jsonb DEFAULT NULL, attribute_values jsonb DEFAULT NULL,
	return_values text DEFAULT 'ALL_NEW')
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('UpdateItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Key', dynamo.to_dynamodb_json(key),
		'UpdateExpression', update_expression,
		'ConditionExpression', condition,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ReturnValues', return_values))) -> 'Attributes');
END;
COMMENT ON FUNCTION dynamo.update_item IS 'changes or makes an item by an update expression; returns the new item unless return_values says otherwise';

CREATE OR REPLACE FUNCTION dynamo.delete_item(table_name text, key jsonb, condition text DEFAULT NULL,
	attribute_names jsonb DEFAULT NULL, attribute_values jsonb DEFAULT NULL, return_values text DEFAULT 'ALL_OLD')
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('DeleteItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Key', dynamo.to_dynamodb_json(key),
		'ConditionExpression', condition,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ReturnValues', return_values))) -> 'Attributes');
END;
COMMENT ON FUNCTION dynamo.delete_item IS 'deletes the item with this key; returns it, or NULL when there was none';

-- Runs Query or Scan page by page until max_items items have come, or all.
CREATE OR REPLACE FUNCTION dynamo.read_pages(operation text, body jsonb, max_items bigint)
RETURNS SETOF jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	reply pg_catalog.jsonb;
	one pg_catalog.jsonb;
	returned pg_catalog.int8 := 0;
BEGIN
	IF max_items <= 0 THEN
		RETURN;
	END IF;
	body := jsonb_strip_nulls(body);
	-- without a filter every item read is an item returned, so the server need not read further
	IF max_items IS NOT NULL AND NOT body ? 'FilterExpression' THEN
		body := body || jsonb_build_object('Limit', least(max_items, 2147483647));
	END IF;
	LOOP
		reply := dynamo.request(operation, body);
		FOR one IN SELECT value FROM jsonb_array_elements(reply -> 'Items') LOOP
			RETURN NEXT dynamo.from_dynamodb_json(one);
			returned := returned + 1;
			IF returned = max_items THEN
				RETURN;
			END IF;
		END LOOP;
		EXIT WHEN (reply ? 'LastEvaluatedKey') IS NOT TRUE;
		body := body || jsonb_build_object('ExclusiveStartKey', reply -> 'LastEvaluatedKey');
	END LOOP;
END $$;
COMMENT ON FUNCTION dynamo.read_pages IS 'runs a Query or Scan request page by page and returns its items as natural JSON';

CREATE OR REPLACE FUNCTION dynamo.query(table_name text, key_condition text, attribute_names jsonb DEFAULT NULL,
	attribute_values jsonb DEFAULT NULL, index_name text DEFAULT NULL, filter text DEFAULT NULL,
	projection text DEFAULT NULL, forward boolean DEFAULT true, max_items bigint DEFAULT NULL)
RETURNS SETOF jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT * FROM dynamo.read_pages('Query', jsonb_build_object(
		'TableName', table_name,
		'IndexName', index_name,
		'KeyConditionExpression', key_condition,
		'FilterExpression', filter,
		'ProjectionExpression', projection,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ScanIndexForward', forward), max_items);
END;
COMMENT ON FUNCTION dynamo.query IS 'the items of one hash key of a table or an index, in the order of the range key';

CREATE OR REPLACE FUNCTION dynamo.scan(table_name text, filter text DEFAULT NULL, attribute_names jsonb DEFAULT NULL,
	attribute_values jsonb DEFAULT NULL, index_name text DEFAULT NULL, projection text DEFAULT NULL,
	max_items bigint DEFAULT NULL)
RETURNS SETOF jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT * FROM dynamo.read_pages('Scan', jsonb_build_object(
		'TableName', table_name,
		'IndexName', index_name,
		'FilterExpression', filter,
		'ProjectionExpression', projection,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values)), max_items);
END;
COMMENT ON FUNCTION dynamo.scan IS 'all items of a table or an index';
