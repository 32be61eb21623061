-- What 1.1 changes in the tables of 1.0.  Functions, views and triggers follow: the build appends sql/functions.

-- Jobs hold values of items in place and error: the table is for superusers, and dynamo.jobs becomes a view above it.
ALTER TABLE dynamo.jobs RENAME TO job_queue;
ALTER TABLE dynamo.job_queue RENAME CONSTRAINT jobs_pkey TO job_queue_pkey;
ALTER TABLE dynamo.job_queue RENAME CONSTRAINT jobs_state_check TO job_queue_state_check;
ALTER INDEX dynamo.jobs_open RENAME TO job_queue_open;
ALTER SEQUENCE dynamo.jobs_id_seq RENAME TO job_queue_id_seq;
REVOKE SELECT ON dynamo.job_queue FROM PUBLIC;
COMMENT ON TABLE dynamo.job_queue IS 'the queue of long work; people see it as dynamo.jobs';
