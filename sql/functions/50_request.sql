-- Any operation from SQL, with DynamoDB JSON in and out.

CREATE OR REPLACE FUNCTION dynamo.request(operation text, body jsonb) RETURNS jsonb
AS 'MODULE_PATHNAME', 'dynamo_request' LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dynamo.request(text, jsonb) IS
'runs a DynamoDB operation, e.g. PutItem, in this transaction; body and result are the API''s JSON';

CREATE OR REPLACE FUNCTION dynamo.to_dynamodb_json(item jsonb) RETURNS jsonb
AS 'MODULE_PATHNAME', 'dynamo_to_dynamodb_json' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dynamo.to_dynamodb_json(jsonb) IS 'natural JSON, as items are stored, to DynamoDB JSON: {"a": 1} to {"a": {"N": "1"}}';

CREATE OR REPLACE FUNCTION dynamo.from_dynamodb_json(item jsonb) RETURNS jsonb
AS 'MODULE_PATHNAME', 'dynamo_from_dynamodb_json' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dynamo.from_dynamodb_json(jsonb) IS 'DynamoDB JSON to natural JSON: {"a": {"N": "1"}} to {"a": 1}';

CREATE OR REPLACE FUNCTION dynamo.item_size(item jsonb) RETURNS bigint
AS 'MODULE_PATHNAME', 'dynamo_item_size' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dynamo.item_size(jsonb) IS 'the size of an item in bytes, by DynamoDB''s rules';
