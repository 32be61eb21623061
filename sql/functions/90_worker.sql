-- The periodic work, by hand: one batch of a job, and whether work is left.
CREATE OR REPLACE FUNCTION dynamo.run_worker(name text) RETURNS boolean
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_run_worker';
REVOKE ALL ON FUNCTION dynamo.run_worker(text) FROM PUBLIC;
COMMENT ON FUNCTION dynamo.run_worker(text) IS 'runs one batch of a periodic job now; true when work is left';
