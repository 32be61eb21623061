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

-- USAGE rather than MEMBER: whoever would first have to SET ROLE has not done so.
CREATE OR REPLACE FUNCTION dynamo.may_see_values(table_id bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT pg_has_role('pg_read_all_data'::name, 'USAGE') OR EXISTS (
		SELECT FROM dynamo.tables AS t
			JOIN pg_class AS c ON c.relname = t.rel_name::name
			JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'dynamo_tables'
		WHERE t.id = table_id AND pg_has_role(c.relowner, 'USAGE'));
END;
COMMENT ON FUNCTION dynamo.may_see_values(bigint) IS
'whether errors and progress may show the current user values of a table''s items: its owner, members of that role and of pg_read_all_data, superusers';

-- One table in FROM and no join, so that superusers may write through the view.
CREATE OR REPLACE VIEW dynamo.jobs WITH (security_barrier) AS
SELECT q.id, q.kind, q.table_id, q.table_name, q.object, q.state, q.phase, q.rows_done, q.rows_total,
	CASE WHEN dynamo.may_see_values(q.table_id) THEN q.place END AS place,
	q.batch,
	CASE WHEN q.error IS NULL OR dynamo.may_see_values(q.table_id) THEN q.error ELSE 'the owner of the table may see it' END AS error,
	q.attempts, q.next_attempt, q.cancel_requested, q.created, q.started, q.ended, q.seconds, q.rows_per_second
FROM dynamo.job_queue AS q;
COMMENT ON VIEW dynamo.jobs IS
'the queue of long work; dynamo.cancel_job(id) ends a job. Place and error are for the table''s owner and for who may read all data';
COMMENT ON COLUMN dynamo.jobs.place IS 'where the next step begins: the last key that is done';
COMMENT ON COLUMN dynamo.jobs.error IS 'of the last attempt that failed';
GRANT SELECT ON dynamo.jobs TO PUBLIC;

CREATE OR REPLACE VIEW dynamo.index_progress AS
SELECT table_name, CASE kind WHEN 'ttl_build' THEN NULL ELSE object END AS index_name, phase, rows_done, rows_total,
	started, rows_per_second, attempts, error, id AS job_id
FROM dynamo.jobs
WHERE kind IN ('index_build', 'index_drop', 'ttl_build') AND state IN ('QUEUED', 'RUNNING');
COMMENT ON VIEW dynamo.index_progress IS 'indexes that are being built or dropped; index_name null: the one for TimeToLive';
GRANT SELECT ON dynamo.index_progress TO PUBLIC;
