-- What ALTER TABLE and its like have done to an item table.
CREATE OR REPLACE FUNCTION dynamo.check_table(table_name text, OUT problem text, OUT effect text, OUT repair text) RETURNS SETOF record
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_check_table';
COMMENT ON FUNCTION dynamo.check_table(text) IS
'what SQL users have changed in an item table that the operations rely on, whether they still serve the table ("not served", "not written", "served"), and the statement that repairs it';
