/* expressions */
CREATE FUNCTION dynamo_test.condition(expression text, names text, "values" text, item text,
									  parameter text DEFAULT 'ConditionExpression')
RETURNS boolean AS 'MODULE_PATHNAME', 'dynamo_test_condition' LANGUAGE C;

CREATE FUNCTION dynamo_test.update(expression text, names text, "values" text, item text)
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_update' LANGUAGE C;

CREATE FUNCTION dynamo_test.update_charge(expression text, names text, "values" text)
RETURNS int AS 'MODULE_PATHNAME', 'dynamo_test_update_charge' LANGUAGE C;

CREATE FUNCTION dynamo_test.update_create(expression text, names text, "values" text, key text)
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_update_create' LANGUAGE C;

CREATE FUNCTION dynamo_test.update_touched(expression text, names text, "values" text, item text)
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_update_touched' LANGUAGE C;

CREATE FUNCTION dynamo_test.projection(expression text, names text, item text)
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_projection' LANGUAGE C;

CREATE FUNCTION dynamo_test.key_condition(expression text, names text, "values" text,
										  hash_parts text[] DEFAULT '{p:S}', range_parts text[] DEFAULT '{c:N}')
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_key_condition' LANGUAGE C;

CREATE FUNCTION dynamo_test.key_matches(expression text, names text, "values" text,
										hash_parts text[], range_parts text[], item text)
RETURNS boolean AS 'MODULE_PATHNAME', 'dynamo_test_key_matches' LANGUAGE C;

CREATE FUNCTION dynamo_test.bind(names text, "values" text, look_up text[], any_expression boolean DEFAULT true)
RETURNS integer AS 'MODULE_PATHNAME', 'dynamo_test_bind' LANGUAGE C;

CREATE FUNCTION dynamo_test.reserved_word(word text)
RETURNS boolean AS 'MODULE_PATHNAME', 'dynamo_test_reserved_word' LANGUAGE C;
