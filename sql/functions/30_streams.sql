-- Streams: what records the changes of items, and reading them from SQL.

CREATE OR REPLACE FUNCTION dynamo.stream_trigger() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_stream_trigger';
COMMENT ON FUNCTION dynamo.stream_trigger() IS 'records a change of an item for its table''s stream';
-- A trigger says in its arguments which stream it writes to: an item table's owner must not make one of his own.
REVOKE EXECUTE ON FUNCTION dynamo.stream_trigger() FROM PUBLIC;

CREATE OR REPLACE FUNCTION dynamo.stream_records(table_name text, after text DEFAULT NULL, max_records int DEFAULT 1000,
	OUT sequence_number text, OUT event_name text, OUT keys jsonb, OUT old_image jsonb, OUT new_image jsonb, OUT created timestamptz)
RETURNS SETOF record LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 1000
AS 'MODULE_PATHNAME', 'dynamo_stream_records';
COMMENT ON FUNCTION dynamo.stream_records(text, text, int) IS
'the records of a table''s stream behind a sequence number, from all shards, in order; LISTEN dynamo_stream tells when there are more';
