-- The extension's clock stands at this moment in this session; NULL lets it run again.
CREATE FUNCTION dynamo_test.clock(now timestamptz)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_clock' LANGUAGE C VOLATILE;

-- What a request leaves behind that is cancelled at a bad moment: words that were meant to stand around its error.
CREATE FUNCTION dynamo_test.leave_prefix()
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_leave_prefix' LANGUAGE C VOLATILE;
