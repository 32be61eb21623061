-- What 1.1 changes in the tables of 1.0.  Functions, views and triggers follow: the build appends sql/functions.

-- what a repeated transaction costs
ALTER TABLE dynamo.request_tokens ADD COLUMN item_sizes int[];
COMMENT ON COLUMN dynamo.request_tokens.item_sizes IS 'the larger sizes of items before and after the request, in its order, for the cost of repetitions; null: all are small';

-- Jobs hold values of items in place and error: the table is for superusers, and dynamo.jobs becomes a view above it.
ALTER TABLE dynamo.jobs RENAME TO job_queue;
ALTER TABLE dynamo.job_queue RENAME CONSTRAINT jobs_pkey TO job_queue_pkey;
ALTER TABLE dynamo.job_queue RENAME CONSTRAINT jobs_state_check TO job_queue_state_check;
ALTER INDEX dynamo.jobs_open RENAME TO job_queue_open;
ALTER SEQUENCE dynamo.jobs_id_seq RENAME TO job_queue_id_seq;
REVOKE SELECT ON dynamo.job_queue FROM PUBLIC;
COMMENT ON TABLE dynamo.job_queue IS 'the queue of long work; people see it as dynamo.jobs';

-- The owner of a stream is written down when its table is dropped, and by number: a role that comes later with the same name
-- is another one.
ALTER TABLE dynamo.streams
	ALTER COLUMN owner DROP NOT NULL,
	ALTER COLUMN owner TYPE oid USING CASE WHEN closed IS NOT NULL
		THEN pg_catalog.to_regrole(pg_catalog.quote_ident(owner::pg_catalog.text))::pg_catalog.oid END;
COMMENT ON COLUMN dynamo.streams.owner IS 'the role that owned the table when it was dropped, and may read the stream now; null while the table is there';

-- A key belongs to the role that has its name now, and not to one that takes the name later.
ALTER TABLE dynamo.access_keys ADD COLUMN role oid;
UPDATE dynamo.access_keys SET role = pg_catalog.to_regrole(pg_catalog.quote_ident(role_name::pg_catalog.text))::pg_catalog.oid;
COMMENT ON COLUMN dynamo.access_keys.role IS 'the number of the role of that name when the key was made or its role_name set; the key opens nothing for another role of the name';
SELECT pg_catalog.pg_extension_config_dump('dynamo.access_keys',
	'WHERE expires IS NULL AND (role IS NULL OR role IN (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = role_name))');
