-- Streams: their catalogue, and the change log that they are read from.  docs/decisions/0010-change-log.md says why it is so.
--
-- A change is one row of dynamo.change_log, written in the change's own transaction.  A tick is a snapshot: the records of
-- a tick are those that its snapshot sees and the tick before did not.  A shard is a part of the hash keys of one table
-- (a lineage) between two ticks.
--
-- Log and ticks lie in a ring of eight partitions of four hours each; the partition whose turn comes next is emptied.
-- Neither is dumped: transaction ids mean nothing in another cluster, so that a restored stream starts anew.  The
-- sequences are, so that its sequence numbers go on where the old ones ended.

CREATE SEQUENCE dynamo.stream_id;
COMMENT ON SEQUENCE dynamo.stream_id IS 'numbers for dynamo.streams.id, which are never used again';
CREATE SEQUENCE dynamo.change_tick MAXVALUE 999999999999;
COMMENT ON SEQUENCE dynamo.change_tick IS 'numbers of ticks; drawn after the tick''s snapshot was taken';
CREATE SEQUENCE dynamo.change_number MAXVALUE 99999999999999999;
COMMENT ON SEQUENCE dynamo.change_number IS 'numbers of changes; drawn while the item''s row is locked';

CREATE TABLE dynamo.streams
(
	id			 bigint PRIMARY KEY,
	table_id	 bigint NOT NULL,
	table_name	 text COLLATE "C" NOT NULL,
	label		 text COLLATE "C" NOT NULL,
	view		 text NOT NULL CHECK (view IN ('KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES')),
	hash_key	 text COLLATE "C" NOT NULL,
	range_key	 text COLLATE "C",
	shard_count	 int NOT NULL CHECK (shard_count BETWEEN 1 AND 256),
	owner		 oid,
	created		 timestamptz NOT NULL,
	closed		 timestamptz,
	closed_xid	 xid8,
	ended		 boolean NOT NULL DEFAULT false,
	UNIQUE (table_name, label)
);
COMMENT ON TABLE dynamo.streams IS 'streams of tables, also of deleted ones until their records are gone';
COMMENT ON COLUMN dynamo.streams.table_id IS 'dynamo.tables.id; there is no such row when the table was deleted';
COMMENT ON COLUMN dynamo.streams.shard_count IS 'lineages of shards; a change belongs to one by its hash key';
COMMENT ON COLUMN dynamo.streams.owner IS 'the role that owned the table when it was dropped, and may read the stream now; null while the table is there';
COMMENT ON COLUMN dynamo.streams.closed_xid IS 'the transaction that disabled the stream or deleted the table';
COMMENT ON COLUMN dynamo.streams.ended IS 'a tick has seen that transaction, and the shards have their ends';

CREATE TABLE dynamo.stream_shards
(
	stream_id  bigint NOT NULL REFERENCES dynamo.streams ON DELETE CASCADE,
	id		   text COLLATE "C" NOT NULL,
	parent	   text COLLATE "C",
	lineage	   bigint NOT NULL,
	created	   timestamptz NOT NULL,
	start_tick bigint NOT NULL,
	end_tick   bigint,
	PRIMARY KEY (stream_id, id)
);
COMMENT ON TABLE dynamo.stream_shards IS 'shards of streams; a shard holds the records of its lineage from the ticks after start_tick up to end_tick';
COMMENT ON COLUMN dynamo.stream_shards.lineage IS '256 * stream_id + part of the hash keys';

CREATE TABLE dynamo.change_ticks
(
	slot	 smallint NOT NULL,
	tick	 bigint NOT NULL,
	snapshot pg_snapshot NOT NULL,
	created	 timestamptz NOT NULL,
	high	 bigint NOT NULL,
	quiet	 boolean NOT NULL
) PARTITION BY LIST (slot);
COMMENT ON TABLE dynamo.change_ticks IS 'snapshots that divide the change log';
COMMENT ON COLUMN dynamo.change_ticks.high IS 'the highest number drawn when the tick was made';
COMMENT ON COLUMN dynamo.change_ticks.quiet IS 'no transaction was in progress';
CREATE INDEX change_ticks_tick ON dynamo.change_ticks (tick);

CREATE TABLE dynamo.change_log
(
	slot	smallint NOT NULL,
	event	"char" NOT NULL,
	service boolean NOT NULL,
	size	int NOT NULL,
	lineage bigint NOT NULL,
	xid		xid8 NOT NULL,
	number	bigint NOT NULL,
	written timestamptz NOT NULL,
	keys	jsonb,
	old		jsonb,
	new		jsonb
) PARTITION BY LIST (slot);
COMMENT ON TABLE dynamo.change_log IS 'one row per change of an item of a table with a stream';
COMMENT ON COLUMN dynamo.change_log.event IS 'I INSERT, M MODIFY, R REMOVE';
COMMENT ON COLUMN dynamo.change_log.service IS 'done by DynamoDB itself: an item has expired';
COMMENT ON COLUMN dynamo.change_log.size IS 'of the images, in DynamoDB''s bytes';
COMMENT ON COLUMN dynamo.change_log.keys IS 'the item''s key, when neither image is kept';
CREATE INDEX change_log_lineage ON dynamo.change_log (lineage, xid, number);

DO $$
BEGIN
	FOR slot IN 0..7 LOOP
		EXECUTE pg_catalog.format('CREATE TABLE dynamo.change_log_%s PARTITION OF dynamo.change_log FOR VALUES IN (%s)', slot, slot);
		EXECUTE pg_catalog.format('CREATE TABLE dynamo.change_ticks_%s PARTITION OF dynamo.change_ticks FOR VALUES IN (%s)', slot, slot);
		-- faster than the default, where the server has it
		BEGIN
			EXECUTE pg_catalog.format('ALTER TABLE dynamo.change_log_%s ALTER keys SET COMPRESSION lz4, ALTER old SET COMPRESSION lz4, ALTER new SET COMPRESSION lz4', slot);
		EXCEPTION WHEN feature_not_supported THEN
			NULL;
		END;
	END LOOP;
END $$;

CREATE TABLE dynamo.change_state
(
	only_row		boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	trimmed_tick	bigint NOT NULL DEFAULT 0,
	iterator_secret bytea NOT NULL DEFAULT pg_catalog.decode(pg_catalog.replace(pg_catalog.concat(pg_catalog.gen_random_uuid(), pg_catalog.gen_random_uuid()), '-', ''), 'hex')
);
COMMENT ON TABLE dynamo.change_state IS 'what the readers of the change log must know; superusers alone may see it';
COMMENT ON COLUMN dynamo.change_state.trimmed_tick IS 'the last tick that retention has taken away';
COMMENT ON COLUMN dynamo.change_state.iterator_secret IS 'key of the codes in shard iterators';
INSERT INTO dynamo.change_state DEFAULT VALUES;
-- keeps members of pg_read_all_data out, too; see dynamo.access_keys
ALTER TABLE dynamo.change_state ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON dynamo.streams, dynamo.stream_shards TO PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('dynamo.stream_id', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.change_tick', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.change_number', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.streams', 'WHERE closed IS NULL');
SELECT pg_catalog.pg_extension_config_dump('dynamo.stream_shards',
	'WHERE end_tick IS NULL AND stream_id IN (SELECT id FROM dynamo.streams WHERE closed IS NULL)');
