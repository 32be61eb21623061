-- Long work: index builds and their like, step by step, by workers that may crash and go on.
--
-- A table is named by number and name, without a reference: a job outlives its table long enough to end cleanly.

CREATE TABLE dynamo.jobs
(
	id				 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind			 text NOT NULL,
	table_id		 bigint,
	table_name		 text COLLATE "C",
	object			 text COLLATE "C",
	state			 text NOT NULL DEFAULT 'QUEUED' CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
	phase			 text NOT NULL DEFAULT 'waiting',
	rows_done		 bigint NOT NULL DEFAULT 0,
	rows_total		 bigint NOT NULL DEFAULT 0,
	place			 text[],
	batch			 int NOT NULL DEFAULT 1000,
	error			 text,
	attempts		 int NOT NULL DEFAULT 0,
	next_attempt	 timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	cancel_requested boolean NOT NULL DEFAULT false,
	created			 timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	started			 timestamptz,
	ended			 timestamptz,
	seconds			 double precision NOT NULL DEFAULT 0,
	rows_per_second	 bigint GENERATED ALWAYS AS ((rows_done / NULLIF(seconds, 0))::bigint) STORED
);
CREATE INDEX jobs_open ON dynamo.jobs (next_attempt) WHERE state IN ('QUEUED', 'RUNNING');
COMMENT ON TABLE dynamo.jobs IS 'the queue of long work; dynamo.cancel_job(id) ends a job';
COMMENT ON COLUMN dynamo.jobs.object IS 'what the job works on within its table, for example the name of an index';
COMMENT ON COLUMN dynamo.jobs.place IS 'where the next step begins: the last key that is done';
COMMENT ON COLUMN dynamo.jobs.error IS 'of the last attempt that failed';
COMMENT ON COLUMN dynamo.jobs.attempts IS 'in a row that did not succeed, the one in progress included';
COMMENT ON COLUMN dynamo.jobs.seconds IS 'spent in steps that went well';
GRANT SELECT ON dynamo.jobs TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('dynamo.jobs', '');
