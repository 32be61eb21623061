-- base/text

CREATE FUNCTION text_to_stored(bytea) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_text_to_stored' LANGUAGE C STRICT;
CREATE FUNCTION text_from_stored(bytea) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_text_from_stored' LANGUAGE C STRICT;
CREATE FUNCTION text_printable(bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_text_printable' LANGUAGE C STRICT;
CREATE FUNCTION text_is_utf8(bytea) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dynamo_test_text_is_utf8' LANGUAGE C STRICT;
CREATE FUNCTION base64_encode(bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_base64_encode' LANGUAGE C STRICT;
-- NULL when it is no base64
CREATE FUNCTION base64_decode(text) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_base64_decode' LANGUAGE C STRICT;

-- json

-- parsed and written back; NULL when it is no JSON
CREATE FUNCTION json_roundtrip(document bytea, stored_form boolean DEFAULT false) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_json_roundtrip' LANGUAGE C STRICT;
CREATE FUNCTION json_roundtrip(document text, stored_form boolean DEFAULT false) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_json_roundtrip' LANGUAGE C STRICT;
-- a member's value as JSON; NULL when absent
CREATE FUNCTION json_get(document text, name bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_json_get' LANGUAGE C STRICT;
CREATE FUNCTION json_integer(document text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'dynamo_test_json_integer' LANGUAGE C STRICT;
CREATE FUNCTION json_stored_text(text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_json_stored_text' LANGUAGE C STRICT;
CREATE FUNCTION json_write_double(float8) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_json_write_double' LANGUAGE C STRICT;
CREATE FUNCTION json_write_string(bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_json_write_string' LANGUAGE C STRICT;

-- numbers

CREATE FUNCTION number_canonical(text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_number_canonical' LANGUAGE C STRICT;
CREATE FUNCTION number_add(text, text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_number_add' LANGUAGE C STRICT;
CREATE FUNCTION number_subtract(text, text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_number_subtract' LANGUAGE C STRICT;
-- -1, 0, 1
CREATE FUNCTION number_compare(text, text) RETURNS integer
	AS 'MODULE_PATHNAME', 'dynamo_test_number_compare' LANGUAGE C STRICT;
CREATE FUNCTION number_size(text) RETURNS integer
	AS 'MODULE_PATHNAME', 'dynamo_test_number_size' LANGUAGE C STRICT;
CREATE FUNCTION number_to_numeric(text) RETURNS numeric
	AS 'MODULE_PATHNAME', 'dynamo_test_number_to_numeric' LANGUAGE C STRICT;
-- NULL when DynamoDB has no such number
CREATE FUNCTION number_from_numeric(numeric) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_number_from_numeric' LANGUAGE C STRICT;

-- values: arguments and results are AttributeValues in DynamoDB JSON

CREATE FUNCTION value_equal(text, text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dynamo_test_value_equal' LANGUAGE C STRICT;
CREATE FUNCTION value_depth(text) RETURNS integer
	AS 'MODULE_PATHNAME', 'dynamo_test_value_depth' LANGUAGE C STRICT;
CREATE FUNCTION value_size(text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'dynamo_test_value_size' LANGUAGE C STRICT;
CREATE FUNCTION value_to_stored(text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'dynamo_test_value_to_stored' LANGUAGE C STRICT;
CREATE FUNCTION value_from_stored(jsonb) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_value_from_stored' LANGUAGE C STRICT;
CREATE FUNCTION set_union(text, text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_set_union' LANGUAGE C STRICT;
CREATE FUNCTION set_difference(text, text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_set_difference' LANGUAGE C STRICT;
CREATE FUNCTION set_contains(text, text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dynamo_test_set_contains' LANGUAGE C STRICT;

-- items: in DynamoDB JSON

-- read and written
CREATE FUNCTION item_json(text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_item_json' LANGUAGE C STRICT;
CREATE FUNCTION item_to_stored(text) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'dynamo_test_item_to_stored' LANGUAGE C STRICT;
CREATE FUNCTION item_to_stored(bytea) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'dynamo_test_item_to_stored' LANGUAGE C STRICT;
-- through an item; and straight from jsonb
CREATE FUNCTION item_from_stored(jsonb) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_item_from_stored' LANGUAGE C STRICT;
CREATE FUNCTION item_print_stored(jsonb) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_item_print_stored' LANGUAGE C STRICT;
CREATE FUNCTION item_normal(jsonb) RETURNS jsonb
	AS 'MODULE_PATHNAME', 'dynamo_test_item_normal' LANGUAGE C STRICT;
CREATE FUNCTION item_stored_get(jsonb, name bytea) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_item_stored_get' LANGUAGE C STRICT;
CREATE FUNCTION item_equal(text, text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dynamo_test_item_equal' LANGUAGE C STRICT;
CREATE FUNCTION item_size(text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'dynamo_test_item_size' LANGUAGE C STRICT;
CREATE FUNCTION item_size_checked(text) RETURNS integer
	AS 'MODULE_PATHNAME', 'dynamo_test_item_size_checked' LANGUAGE C STRICT;
CREATE FUNCTION read_units(size bigint, consistent boolean) RETURNS float8
	AS 'MODULE_PATHNAME', 'dynamo_test_read_units' LANGUAGE C STRICT;
CREATE FUNCTION write_units(size bigint) RETURNS float8
	AS 'MODULE_PATHNAME', 'dynamo_test_write_units' LANGUAGE C STRICT;
-- the bytes of a jsonb, to compare what we build with what PostgreSQL builds
CREATE FUNCTION jsonb_bytes(jsonb) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_jsonb_bytes' LANGUAGE C STRICT;

-- paths: JSON arrays of names and positions, ["a", "b", 3]; NULL stands for "no such place" or "invalid for update"

CREATE FUNCTION path_get(item text, path text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_path_get' LANGUAGE C STRICT;
CREATE FUNCTION path_set(item text, path text, value text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_path_set' LANGUAGE C STRICT;
CREATE FUNCTION path_remove(item text, path text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_path_remove' LANGUAGE C STRICT;
CREATE FUNCTION path_text(path text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_path_text' LANGUAGE C STRICT;
CREATE FUNCTION path_steps_text(path text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_path_steps_text' LANGUAGE C STRICT;
CREATE FUNCTION path_equal(text, text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dynamo_test_path_equal' LANGUAGE C STRICT;
CREATE FUNCTION path_is_prefix(text, text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dynamo_test_path_is_prefix' LANGUAGE C STRICT;

-- keys: JSON arrays of AttributeValues

CREATE FUNCTION key_encode(key text) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_key_encode' LANGUAGE C STRICT;
-- -1, 0, 1
CREATE FUNCTION key_compare(text, text) RETURNS integer
	AS 'MODULE_PATHNAME', 'dynamo_test_key_compare' LANGUAGE C STRICT;
CREATE FUNCTION key_hash_column(value text) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_key_hash_column' LANGUAGE C STRICT;
-- schema: S hash attribute "h" and N range attribute "r"; the key as an item, NULL when the item has none
CREATE FUNCTION key_from_item(item text) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_key_from_item' LANGUAGE C STRICT;

-- material

-- an item with all types, awkward strings, $-names and deep nesting; the same for the same seed
CREATE FUNCTION random_item(seed bigint) RETURNS text
	AS 'MODULE_PATHNAME', 'dynamo_test_random_item' LANGUAGE C STRICT;
-- the document with a few bytes changed, dropped, doubled or swapped
CREATE FUNCTION mutate(document bytea, seed bigint) RETURNS bytea
	AS 'MODULE_PATHNAME', 'dynamo_test_mutate' LANGUAGE C STRICT;
-- nanoseconds per step
CREATE FUNCTION item_time(item text, rounds integer, OUT step text, OUT nanoseconds float8) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'dynamo_test_item_time' LANGUAGE C STRICT;
