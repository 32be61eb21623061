-- base/token_bucket, on buckets of this session's own
CREATE FUNCTION dynamo_test.bucket_take("table" oid, index text, rate bigint, needed float8, units float8, now timestamptz)
RETURNS boolean AS 'MODULE_PATHNAME', 'dynamo_test_bucket_take' LANGUAGE C STRICT VOLATILE;
CREATE FUNCTION dynamo_test.bucket_book("table" oid, units float8)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_bucket_book' LANGUAGE C STRICT VOLATILE;
-- index NULL: all of the table's
CREATE FUNCTION dynamo_test.bucket_forget("table" oid, index text)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_bucket_forget' LANGUAGE C VOLATILE;
