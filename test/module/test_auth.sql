-- Wrappers around auth/sigv4.c and auth/credential.c (test_auth.c).

CREATE FUNCTION dynamo_test.sigv4_identify(method bytea, path bytea, query bytea, header_names bytea[], header_values bytea[], body bytea)
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_sigv4_identify' LANGUAGE C STRICT VOLATILE;

CREATE FUNCTION dynamo_test.sigv4_microseconds(method bytea, path bytea, query bytea, header_names bytea[], header_values bytea[], body bytea, times int)
RETURNS double precision AS 'MODULE_PATHNAME', 'dynamo_test_sigv4_microseconds' LANGUAGE C STRICT VOLATILE;

CREATE FUNCTION dynamo_test.sigv4_clock(now timestamptz)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_sigv4_clock' LANGUAGE C VOLATILE;

CREATE FUNCTION dynamo_test.key_role(access_key_id text)
RETURNS text AS 'MODULE_PATHNAME', 'dynamo_test_key_role' LANGUAGE C STRICT VOLATILE;
