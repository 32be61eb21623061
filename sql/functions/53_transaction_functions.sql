-- Transactions with natural JSON.
--
-- A SQL transaction is one already, and plain statements and the functions above can be put together in it at will.  These
-- are for the API's own form: a list of actions with conditions, and a reason for each of them when the list is refused.

-- {"put": {...}} and its like to a TransactItem; a member that an action does not have is an error, not ignored.
CREATE OR REPLACE FUNCTION dynamo.transact_item(action jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kinds CONSTANT pg_catalog.jsonb := '{"put": "Put", "update": "Update", "delete": "Delete", "check": "ConditionCheck", "get": "Get"}';
	members CONSTANT pg_catalog.jsonb := '{"table": "TableName", "item": "Item", "key": "Key", "condition": "ConditionExpression",
		"update": "UpdateExpression", "projection": "ProjectionExpression", "attribute_names": "ExpressionAttributeNames",
		"attribute_values": "ExpressionAttributeValues", "return_on_failure": "ReturnValuesOnConditionCheckFailure"}';
	kind pg_catalog.text;
	one record;
	result pg_catalog.jsonb := '{}';
BEGIN
	IF jsonb_typeof(action) IS DISTINCT FROM 'object' OR (SELECT count(*) FROM jsonb_object_keys(action)) <> 1 THEN
		RAISE EXCEPTION 'an action of a transaction must be an object with one member' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'The member is put, update, delete or check, and get in reads.';
	END IF;
	SELECT key INTO kind FROM jsonb_object_keys(action) AS key;
	IF NOT kinds ? kind OR jsonb_typeof(action -> kind) <> 'object' THEN
		RAISE EXCEPTION 'a transaction knows no action "%"', kind USING ERRCODE = 'invalid_parameter_value',
			HINT = 'An action is an object like {"put": {"table": "Users", "item": {...}}}; there are put, update, delete and check, and get in reads.';
	END IF;
	FOR one IN SELECT * FROM jsonb_each(action -> kind) LOOP
		IF NOT members ? one.key THEN
			RAISE EXCEPTION 'the action "%" has no member "%"', kind, one.key USING ERRCODE = 'invalid_parameter_value';
		END IF;
		result := result || jsonb_build_object(members ->> one.key,
			CASE WHEN one.key IN ('item', 'key', 'attribute_values') THEN dynamo.to_dynamodb_json(one.value) ELSE one.value END);
	END LOOP;
	RETURN jsonb_build_object(kinds ->> kind, result);
END $$;
COMMENT ON FUNCTION dynamo.transact_item IS 'an action of dynamo.transact_write_items or dynamo.transact_get_items as the API''s JSON';

CREATE OR REPLACE FUNCTION dynamo.transact_write_items(actions jsonb, client_request_token text DEFAULT NULL)
RETURNS void LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.request('TransactWriteItems', jsonb_strip_nulls(jsonb_build_object(
		'TransactItems', (SELECT coalesce(jsonb_agg(dynamo.transact_item(a.action) ORDER BY a.position), '[]')
						  FROM jsonb_array_elements(actions) WITH ORDINALITY AS a(action, position)),
		'ClientRequestToken', client_request_token)));
END;
COMMENT ON FUNCTION dynamo.transact_write_items IS
'does all actions of a list or none: [{"put": {"table", "item"}}, {"update": {"table", "key", "update"}}, {"delete": {"table", "key"}}, {"check": {"table", "key", "condition"}}], each with condition, attribute_names, attribute_values, return_on_failure';

CREATE OR REPLACE FUNCTION dynamo.transact_get_items(actions jsonb)
RETURNS SETOF jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(r.response -> 'Item')
	FROM jsonb_array_elements(dynamo.request('TransactGetItems', jsonb_build_object(
		'TransactItems', (SELECT coalesce(jsonb_agg(dynamo.transact_item(jsonb_build_object('get', a.action)) ORDER BY a.position), '[]')
						  FROM jsonb_array_elements(actions) WITH ORDINALITY AS a(action, position)))) -> 'Responses')
		WITH ORDINALITY AS r(response, position)
	ORDER BY r.position;
END;
COMMENT ON FUNCTION dynamo.transact_get_items IS
'items as of one moment, a row for each of [{"table", "key", "projection", "attribute_names"}], NULL where there is none';
