-- A setting of the extension that only a reload could change, in this session.
CREATE FUNCTION dynamo_test.setting(name text, value text)
RETURNS void AS 'MODULE_PATHNAME', 'dynamo_test_setting' LANGUAGE C STRICT VOLATILE;
