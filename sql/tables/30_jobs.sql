-- Long work: index builds and their like, step by step, by workers that may crash and go on.
--
-- A table is named by number and name, without a reference: a job outlives its table long enough to end cleanly.
--
-- place and error hold values of items.  Nobody but superusers reads the table; the view dynamo.jobs shows them to whom they concern.

CREATE TABLE dynamo.job_queue
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
CREATE INDEX job_queue_open ON dynamo.job_queue (next_attempt) WHERE state IN ('QUEUED', 'RUNNING');
COMMENT ON TABLE dynamo.job_queue IS 'the queue of long work; people see it as dynamo.jobs';
COMMENT ON COLUMN dynamo.job_queue.object IS 'what the job works on within its table, for example the name of an index';
COMMENT ON COLUMN dynamo.job_queue.place IS 'where the next step begins: the last key that is done';
COMMENT ON COLUMN dynamo.job_queue.error IS 'of the last attempt that failed';
COMMENT ON COLUMN dynamo.job_queue.attempts IS 'in a row that did not succeed, the one in progress included';
COMMENT ON COLUMN dynamo.job_queue.seconds IS 'spent in steps that went well';
REVOKE ALL ON dynamo.job_queue FROM PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('dynamo.job_queue', '');
