-- Wrappers around request/shape.c (test_shape.c).

CREATE FUNCTION test_shape_check(operation text, body text)
RETURNS boolean AS 'MODULE_PATHNAME', 'dynamo_test_shape_check' LANGUAGE C STRICT VOLATILE;

CREATE FUNCTION test_shape_nanoseconds(operation text, body text, times int)
RETURNS double precision AS 'MODULE_PATHNAME', 'dynamo_test_shape_nanoseconds' LANGUAGE C STRICT VOLATILE;
