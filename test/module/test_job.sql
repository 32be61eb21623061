-- Keeps a job from being worked on while this session lasts.
CREATE FUNCTION dynamo_test.hold_job(id bigint)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_hold_job' LANGUAGE C STRICT VOLATILE;
