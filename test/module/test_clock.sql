-- The extension's clock stands at this moment in this session; NULL lets it run again.
CREATE FUNCTION dynamo_test.clock(now timestamptz)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_clock' LANGUAGE C VOLATILE;

