-- The queue of long work, for people.

CREATE OR REPLACE FUNCTION dynamo.cancel_job(id bigint) RETURNS boolean
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_cancel_job';
COMMENT ON FUNCTION dynamo.cancel_job(bigint) IS
'ends a job of a table that the caller owns, and undoes what it has built; false when it had ended';

CREATE OR REPLACE FUNCTION dynamo.expire_items(table_name text) RETURNS bigint
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_expire_items';
COMMENT ON FUNCTION dynamo.expire_items(text) IS 'deletes the items of a table that the caller owns that have expired; returns their number';

CREATE OR REPLACE VIEW dynamo.index_progress AS
SELECT table_name, CASE kind WHEN 'ttl_build' THEN NULL ELSE object END AS index_name, phase, rows_done, rows_total,
	started, rows_per_second, attempts, error, id AS job_id
FROM dynamo.jobs
WHERE kind IN ('index_build', 'index_drop', 'ttl_build') AND state IN ('QUEUED', 'RUNNING');
COMMENT ON VIEW dynamo.index_progress IS 'indexes that are being built or dropped; index_name null: the one for TimeToLive';
GRANT SELECT ON dynamo.index_progress TO PUBLIC;
