\echo Use "CREATE EXTENSION dynamo" to load this file. \quit
-- The catalogue: what DynamoDB tables there are, and how they are laid out in PostgreSQL.
--
-- Item tables are referred to by name, not by OID, so that a dump of the database restores.  They are ordinary tables,
-- not members of the extension: a dump holds their definitions and their rows, and their owners may GRANT on them.
-- Attribute names are in stored form (U+0000 as U+0001 U+0001, U+0001 as U+0001 U+0002).

DO $$
BEGIN
	IF pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.<>) 'UTF8' THEN
		RAISE feature_not_supported USING
			MESSAGE = pg_catalog.format('the encoding of database "%s" is %s, and dynamo needs UTF8', pg_catalog.current_database(), pg_catalog.getdatabaseencoding()),
			HINT = 'Create a database with ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
END $$;

CREATE SCHEMA dynamo_tables;
COMMENT ON SCHEMA dynamo_tables IS 'one table per DynamoDB table; GRANT CREATE to whoever may create tables';
GRANT USAGE ON SCHEMA dynamo TO PUBLIC;
GRANT USAGE ON SCHEMA dynamo_tables TO PUBLIC;

CREATE SEQUENCE dynamo.table_id;
COMMENT ON SEQUENCE dynamo.table_id IS 'numbers for dynamo.tables.id, which are never used again';

CREATE TABLE dynamo.tables
(
	id					bigint PRIMARY KEY,
	name				text COLLATE "C" NOT NULL UNIQUE,
	rel_name			text COLLATE "C" NOT NULL UNIQUE,
	uuid				uuid NOT NULL,
	status				text NOT NULL CHECK (status IN ('CREATING', 'UPDATING', 'DELETING', 'ACTIVE')),
	created				timestamptz NOT NULL,
	hash_key			text COLLATE "C" NOT NULL,
	range_key			text COLLATE "C",
	on_demand			boolean NOT NULL,
	on_demand_since		timestamptz,
	has_billing_mode	boolean NOT NULL,
	deletion_protection boolean NOT NULL,
	table_class			text,
	table_class_changed timestamptz,
	sse_type			text,
	sse_key				text,
	stream_view			text,
	stream_label		text,
	read_units			bigint NOT NULL,
	write_units			bigint NOT NULL,
	last_increase		timestamptz,
	last_decrease		timestamptz,
	decreases_today		int NOT NULL,
	max_read_units		bigint NOT NULL,
	max_write_units		bigint NOT NULL,
	has_on_demand		boolean NOT NULL,
	warm_read_units		bigint NOT NULL,
	warm_write_units	bigint NOT NULL,
	ttl_attribute		text COLLATE "C",
	ttl_changed			timestamptz,
	ttl_ready			boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE dynamo.tables IS 'DynamoDB tables; change them through dynamo.request and its like, not here';
COMMENT ON COLUMN dynamo.tables.rel_name IS 'name of the item table in schema dynamo_tables: name, shortened with a digest when it is longer than 63 bytes';
COMMENT ON COLUMN dynamo.tables.uuid IS 'TableId';
COMMENT ON COLUMN dynamo.tables.on_demand IS 'BillingMode PAY_PER_REQUEST';
COMMENT ON COLUMN dynamo.tables.on_demand_since IS 'LastUpdateToPayPerRequestDateTime';
COMMENT ON COLUMN dynamo.tables.has_billing_mode IS 'DescribeTable shows BillingModeSummary';
COMMENT ON COLUMN dynamo.tables.stream_view IS 'StreamViewType; null: no stream';
COMMENT ON COLUMN dynamo.tables.ttl_attribute IS 'the attribute that expires items; null: TimeToLive is disabled';
COMMENT ON COLUMN dynamo.tables.ttl_ready IS 'the column and the index by which expired items are found are complete';
COMMENT ON COLUMN dynamo.tables.stream_label IS 'LatestStreamLabel; null: there never was a stream';

CREATE TABLE dynamo.attributes
(
	table_id	 bigint NOT NULL REFERENCES dynamo.tables ON DELETE CASCADE,
	position	 int NOT NULL,
	name		 text COLLATE "C" NOT NULL,
	type		 text NOT NULL CHECK (type IN ('S', 'N', 'B')),
	hash_column	 text COLLATE "C",
	range_column text COLLATE "C",
	PRIMARY KEY (table_id, name)
);
COMMENT ON TABLE dynamo.attributes IS 'AttributeDefinitions: the key attributes of tables and indexes, and the columns of the item table that hold them';
COMMENT ON COLUMN dynamo.attributes.hash_column IS 'column for its use as a hash key (values longer than 200 bytes end in their digest); null: no such use';
COMMENT ON COLUMN dynamo.attributes.range_column IS 'column for its use as a range key; null: no such use';

CREATE TABLE dynamo.indexes
(
	table_id		bigint NOT NULL REFERENCES dynamo.tables ON DELETE CASCADE,
	position		int NOT NULL,
	name			text COLLATE "C" NOT NULL,
	global			boolean NOT NULL,
	status			text NOT NULL CHECK (status IN ('CREATING', 'UPDATING', 'DELETING', 'ACTIVE')),
	backfilling		boolean NOT NULL,
	hash_keys		text[] COLLATE "C" NOT NULL,
	range_keys		text[] COLLATE "C" NOT NULL,
	projection		text NOT NULL CHECK (projection IN ('ALL', 'KEYS_ONLY', 'INCLUDE')),
	non_key			text[] COLLATE "C" NOT NULL,
	rel_name		text COLLATE "C" NOT NULL,
	read_units		bigint NOT NULL,
	write_units		bigint NOT NULL,
	last_increase	timestamptz,
	last_decrease	timestamptz,
	decreases_today int NOT NULL,
	max_read_units	bigint NOT NULL,
	max_write_units bigint NOT NULL,
	has_on_demand	boolean NOT NULL,
	warm_read_units bigint NOT NULL,
	warm_write_units bigint NOT NULL,
	PRIMARY KEY (table_id, name)
);
COMMENT ON TABLE dynamo.indexes IS 'local and global secondary indexes';
COMMENT ON COLUMN dynamo.indexes.rel_name IS 'name of the PostgreSQL index in schema dynamo_tables';
COMMENT ON COLUMN dynamo.indexes.non_key IS 'NonKeyAttributes of an INCLUDE projection';

CREATE TABLE dynamo.tags
(
	table_id bigint NOT NULL REFERENCES dynamo.tables ON DELETE CASCADE,
	key		 text COLLATE "C" NOT NULL,
	value	 text NOT NULL,
	PRIMARY KEY (table_id, key)
);
COMMENT ON TABLE dynamo.tags IS 'tags of tables';

GRANT SELECT ON dynamo.tables, dynamo.attributes, dynamo.indexes, dynamo.tags TO PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('dynamo.table_id', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.tables', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.attributes', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.indexes', '');
SELECT pg_catalog.pg_extension_config_dump('dynamo.tags', '');
-- Access keys: who may call the endpoint, and as which role.
--
-- The secret is stored as it is: a signature cannot be verified without it.  Superusers alone may see it.  A plain REVOKE
-- would not stop members of pg_read_all_data (who could then become anybody who has a key) and pg_write_all_data (who
-- could make themselves a key of a superuser); row-level security without a policy stops both.
-- pg_dump copies the keys with the database, and so must run as a superuser or leave this table out.
--
-- A temporary key has an end, and a session token that comes with every request signed by it.  Of the token only the digest
-- is here.  Temporary keys are not dumped: they belong to the server that made them, and soon to nobody.
--
-- The role is kept by name: an OID would not survive dump and restore, and a regrole column forbids pg_upgrade.  So a key
-- stops working when its role is renamed or dropped, and works again when there is a role of that name.
--
-- There are no CHECK constraints on purpose: their error messages would print the row, secret included.
-- dynamo.create_access_key checks the values; a row that no signature can match does no harm.

CREATE TABLE dynamo.access_keys
(
	access_key_id	  text COLLATE "C" PRIMARY KEY,
	secret_access_key text COLLATE "C" NOT NULL,
	role_name		  name NOT NULL,
	enabled			  boolean NOT NULL DEFAULT true,
	created			  timestamptz NOT NULL DEFAULT pg_catalog.now(),
	token_digest	  bytea,
	expires			  timestamptz
);
CREATE INDEX access_keys_expires ON dynamo.access_keys (expires) WHERE expires IS NOT NULL;
COMMENT ON TABLE dynamo.access_keys IS 'access keys of the endpoint; superusers alone may read it, others see dynamo.access_key_list';
COMMENT ON COLUMN dynamo.access_keys.role_name IS 'requests signed with this key run as this role';
COMMENT ON COLUMN dynamo.access_keys.token_digest IS 'SHA-256 of the session token of a temporary key; null for a lasting one';
COMMENT ON COLUMN dynamo.access_keys.expires IS 'when a temporary key ends; a week later it is removed';

REVOKE ALL ON dynamo.access_keys FROM PUBLIC;
ALTER TABLE dynamo.access_keys ENABLE ROW LEVEL SECURITY;

SELECT pg_catalog.pg_extension_config_dump('dynamo.access_keys', 'WHERE expires IS NULL');
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
-- Which requests with a ClientRequestToken have been done, for ten minutes.
CREATE TABLE dynamo.request_tokens
(
	role	oid NOT NULL,
	token	text COLLATE "C" NOT NULL,
	digest	bytea NOT NULL,
	created timestamptz NOT NULL,
	PRIMARY KEY (role, token)
);
CREATE INDEX request_tokens_created ON dynamo.request_tokens (created);
COMMENT ON TABLE dynamo.request_tokens IS 'ClientRequestTokens of the last ten minutes: what came with one of them is not done twice';
COMMENT ON COLUMN dynamo.request_tokens.digest IS 'SHA-256 of the request in canonical form';
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
	owner		 name NOT NULL,
	created		 timestamptz NOT NULL,
	closed		 timestamptz,
	closed_xid	 xid8,
	ended		 boolean NOT NULL DEFAULT false,
	UNIQUE (table_name, label)
);
COMMENT ON TABLE dynamo.streams IS 'streams of tables, also of deleted ones until their records are gone';
COMMENT ON COLUMN dynamo.streams.table_id IS 'dynamo.tables.id; there is no such row when the table was deleted';
COMMENT ON COLUMN dynamo.streams.shard_count IS 'lineages of shards; a change belongs to one by its hash key';
COMMENT ON COLUMN dynamo.streams.owner IS 'who may read the stream when the table is gone';
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
-- The triggers: on item tables, on the catalogue, and on DROP TABLE.

CREATE OR REPLACE FUNCTION dynamo.item_trigger() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_item_trigger';
COMMENT ON FUNCTION dynamo.item_trigger() IS 'checks an item that SQL writes into an item table, and fills the columns derived from it';

CREATE OR REPLACE FUNCTION dynamo.catalogue_trigger() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_catalogue_trigger';
COMMENT ON FUNCTION dynamo.catalogue_trigger() IS 'tells all sessions that what they know about a table is out of date';

CREATE OR REPLACE TRIGGER dynamo_catalogue AFTER INSERT OR UPDATE OR DELETE ON dynamo.tables
	FOR EACH ROW EXECUTE FUNCTION dynamo.catalogue_trigger();
CREATE OR REPLACE TRIGGER dynamo_catalogue AFTER INSERT OR UPDATE OR DELETE ON dynamo.attributes
	FOR EACH ROW EXECUTE FUNCTION dynamo.catalogue_trigger();
CREATE OR REPLACE TRIGGER dynamo_catalogue AFTER INSERT OR UPDATE OR DELETE ON dynamo.indexes
	FOR EACH ROW EXECUTE FUNCTION dynamo.catalogue_trigger();
-- also where replication applies changes
ALTER TABLE dynamo.tables ENABLE ALWAYS TRIGGER dynamo_catalogue;
ALTER TABLE dynamo.attributes ENABLE ALWAYS TRIGGER dynamo_catalogue;
ALTER TABLE dynamo.indexes ENABLE ALWAYS TRIGGER dynamo_catalogue;

CREATE OR REPLACE FUNCTION dynamo.drop_trigger() RETURNS event_trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_drop_trigger';
COMMENT ON FUNCTION dynamo.drop_trigger() IS 'forgets item tables that were dropped with DROP TABLE';

DROP EVENT TRIGGER IF EXISTS dynamo_drop;
CREATE EVENT TRIGGER dynamo_drop ON sql_drop
	WHEN TAG IN ('DROP TABLE', 'DROP SCHEMA', 'DROP OWNED')
	EXECUTE FUNCTION dynamo.drop_trigger();
COMMENT ON EVENT TRIGGER dynamo_drop IS 'forgets item tables that were dropped with DROP TABLE';
-- Making and managing access keys.  Whoever may SET ROLE to a role may manage that role's keys.

CREATE OR REPLACE FUNCTION dynamo.create_access_key(
	role regrole DEFAULT pg_catalog.quote_ident(current_user)::pg_catalog.regrole,
	access_key_id text DEFAULT NULL,
	secret_access_key text DEFAULT NULL,
	OUT access_key_id text,
	OUT secret_access_key text)
AS 'MODULE_PATHNAME', 'dynamo_create_access_key' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dynamo.create_access_key(regrole, text, text) IS
'makes an access key for a role and returns it; the secret cannot be shown again. What is not given is generated';

CREATE OR REPLACE FUNCTION dynamo.create_session_token(
	role regrole DEFAULT pg_catalog.quote_ident(current_user)::pg_catalog.regrole,
	duration interval DEFAULT '12 hours',
	OUT access_key_id text,
	OUT secret_access_key text,
	OUT session_token text,
	OUT expiration timestamptz)
AS 'MODULE_PATHNAME', 'dynamo_create_session_token' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dynamo.create_session_token(regrole, interval) IS
'makes a temporary access key for a role and returns it with its session token; it holds for 15 minutes to 36 hours';

CREATE OR REPLACE FUNCTION dynamo.drop_access_key(access_key_id text) RETURNS void
AS 'MODULE_PATHNAME', 'dynamo_drop_access_key' LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dynamo.drop_access_key(text) IS 'removes an access key; it stops working when this commits';

CREATE OR REPLACE FUNCTION dynamo.enable_access_key(access_key_id text, enabled boolean DEFAULT true) RETURNS void
AS 'MODULE_PATHNAME', 'dynamo_enable_access_key' LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dynamo.enable_access_key(text, boolean) IS 'switches an access key on or off';

-- Keys whose role is gone are shown to superusers alone.
CREATE OR REPLACE VIEW dynamo.access_key_list WITH (security_barrier) AS
SELECT k.access_key_id, k.role_name AS role, k.enabled, k.created, k.expires
  FROM dynamo.access_keys k
  LEFT JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) k.role_name
 WHERE CASE WHEN r.oid IS NULL THEN (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user)
			ELSE pg_catalog.pg_has_role(r.oid, 'MEMBER') END;
COMMENT ON VIEW dynamo.access_key_list IS 'the access keys that the current user may manage, without their secrets';
GRANT SELECT ON dynamo.access_key_list TO PUBLIC;

-- Not for INSERT, since no process remembers keys that are not there: session tokens may come often, and each change makes
-- every worker look up every key anew.
-- By row rather than by statement, since logical replication fires row triggers alone; ALWAYS, so that it does.
CREATE OR REPLACE FUNCTION dynamo.access_keys_changed() RETURNS trigger
AS 'MODULE_PATHNAME', 'dynamo_access_keys_changed' LANGUAGE C;
COMMENT ON FUNCTION dynamo.access_keys_changed() IS 'trigger of dynamo.access_keys: makes the HTTP workers forget the keys they know';

CREATE OR REPLACE TRIGGER access_keys_changed AFTER UPDATE OR DELETE ON dynamo.access_keys
FOR EACH ROW EXECUTE FUNCTION dynamo.access_keys_changed();
CREATE OR REPLACE TRIGGER access_keys_truncated AFTER TRUNCATE ON dynamo.access_keys
FOR EACH STATEMENT EXECUTE FUNCTION dynamo.access_keys_changed();
ALTER TABLE dynamo.access_keys ENABLE ALWAYS TRIGGER access_keys_changed;
ALTER TABLE dynamo.access_keys ENABLE ALWAYS TRIGGER access_keys_truncated;
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
-- Any operation from SQL, with DynamoDB JSON in and out.

CREATE OR REPLACE FUNCTION dynamo.request(operation text, body jsonb) RETURNS jsonb
AS 'MODULE_PATHNAME', 'dynamo_request' LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dynamo.request(text, jsonb) IS
'runs a DynamoDB operation, e.g. PutItem, in this transaction; body and result are the API''s JSON';

CREATE OR REPLACE FUNCTION dynamo.to_dynamodb_json(item jsonb) RETURNS jsonb
AS 'MODULE_PATHNAME', 'dynamo_to_dynamodb_json' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dynamo.to_dynamodb_json(jsonb) IS 'natural JSON, as items are stored, to DynamoDB JSON: {"a": 1} to {"a": {"N": "1"}}';

CREATE OR REPLACE FUNCTION dynamo.from_dynamodb_json(item jsonb) RETURNS jsonb
AS 'MODULE_PATHNAME', 'dynamo_from_dynamodb_json' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dynamo.from_dynamodb_json(jsonb) IS 'DynamoDB JSON to natural JSON: {"a": {"N": "1"}} to {"a": 1}';

CREATE OR REPLACE FUNCTION dynamo.item_size(item jsonb) RETURNS bigint
AS 'MODULE_PATHNAME', 'dynamo_item_size' LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION dynamo.item_size(jsonb) IS 'the size of an item in bytes, by DynamoDB''s rules';
-- Item operations with natural JSON and named arguments.
--
-- Conditions and updates use DynamoDB's expressions; attribute_names are ExpressionAttributeNames ({"#s": "Status"}) and
-- attribute_values ExpressionAttributeValues in natural JSON ({":s": "pending"}).

CREATE OR REPLACE FUNCTION dynamo.put_item(table_name text, item jsonb, condition text DEFAULT NULL,
	attribute_names jsonb DEFAULT NULL, attribute_values jsonb DEFAULT NULL, return_values text DEFAULT NULL)
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('PutItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Item', dynamo.to_dynamodb_json(item),
		'ConditionExpression', condition,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ReturnValues', return_values))) -> 'Attributes');
END;
COMMENT ON FUNCTION dynamo.put_item IS 'stores an item; returns the item it replaced when return_values is ALL_OLD, else NULL';

CREATE OR REPLACE FUNCTION dynamo.get_item(table_name text, key jsonb, projection text DEFAULT NULL,
	attribute_names jsonb DEFAULT NULL)
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('GetItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Key', dynamo.to_dynamodb_json(key),
		'ProjectionExpression', projection,
		'ExpressionAttributeNames', attribute_names))) -> 'Item');
END;
COMMENT ON FUNCTION dynamo.get_item IS 'the item with this key, or NULL';

CREATE OR REPLACE FUNCTION dynamo.update_item(table_name text, key jsonb, update_expression text DEFAULT NULL,
	condition text DEFAULT NULL, attribute_names jsonb DEFAULT NULL, attribute_values jsonb DEFAULT NULL,
	return_values text DEFAULT 'ALL_NEW')
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('UpdateItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Key', dynamo.to_dynamodb_json(key),
		'UpdateExpression', update_expression,
		'ConditionExpression', condition,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ReturnValues', return_values))) -> 'Attributes');
END;
COMMENT ON FUNCTION dynamo.update_item IS 'changes or makes an item by an update expression; returns the new item unless return_values says otherwise';

CREATE OR REPLACE FUNCTION dynamo.delete_item(table_name text, key jsonb, condition text DEFAULT NULL,
	attribute_names jsonb DEFAULT NULL, attribute_values jsonb DEFAULT NULL, return_values text DEFAULT 'ALL_OLD')
RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(dynamo.request('DeleteItem', jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'Key', dynamo.to_dynamodb_json(key),
		'ConditionExpression', condition,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ReturnValues', return_values))) -> 'Attributes');
END;
COMMENT ON FUNCTION dynamo.delete_item IS 'deletes the item with this key; returns it, or NULL when there was none';

-- Runs Query or Scan page by page until max_items items have come, or all.
CREATE OR REPLACE FUNCTION dynamo.read_pages(operation text, body jsonb, max_items bigint)
RETURNS SETOF jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog
AS $$
DECLARE
	reply jsonb;
	one jsonb;
	returned bigint := 0;
BEGIN
	IF max_items <= 0 THEN
		RETURN;
	END IF;
	body := jsonb_strip_nulls(body);
	-- without a filter every item read is an item returned, so the server need not read further
	IF max_items IS NOT NULL AND NOT body ? 'FilterExpression' THEN
		body := body || jsonb_build_object('Limit', least(max_items, 2147483647));
	END IF;
	LOOP
		reply := dynamo.request(operation, body);
		FOR one IN SELECT value FROM jsonb_array_elements(reply -> 'Items') LOOP
			RETURN NEXT dynamo.from_dynamodb_json(one);
			returned := returned + 1;
			IF returned = max_items THEN
				RETURN;
			END IF;
		END LOOP;
		EXIT WHEN (reply ? 'LastEvaluatedKey') IS NOT TRUE;
		body := body || jsonb_build_object('ExclusiveStartKey', reply -> 'LastEvaluatedKey');
	END LOOP;
END $$;
COMMENT ON FUNCTION dynamo.read_pages IS 'runs a Query or Scan request page by page and returns its items as natural JSON';

CREATE OR REPLACE FUNCTION dynamo.query(table_name text, key_condition text, attribute_names jsonb DEFAULT NULL,
	attribute_values jsonb DEFAULT NULL, index_name text DEFAULT NULL, filter text DEFAULT NULL,
	projection text DEFAULT NULL, forward boolean DEFAULT true, max_items bigint DEFAULT NULL)
RETURNS SETOF jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT * FROM dynamo.read_pages('Query', jsonb_build_object(
		'TableName', table_name,
		'IndexName', index_name,
		'KeyConditionExpression', key_condition,
		'FilterExpression', filter,
		'ProjectionExpression', projection,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values),
		'ScanIndexForward', forward), max_items);
END;
COMMENT ON FUNCTION dynamo.query IS 'the items of one hash key of a table or an index, in the order of the range key';

CREATE OR REPLACE FUNCTION dynamo.scan(table_name text, filter text DEFAULT NULL, attribute_names jsonb DEFAULT NULL,
	attribute_values jsonb DEFAULT NULL, index_name text DEFAULT NULL, projection text DEFAULT NULL,
	max_items bigint DEFAULT NULL)
RETURNS SETOF jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT * FROM dynamo.read_pages('Scan', jsonb_build_object(
		'TableName', table_name,
		'IndexName', index_name,
		'FilterExpression', filter,
		'ProjectionExpression', projection,
		'ExpressionAttributeNames', attribute_names,
		'ExpressionAttributeValues', dynamo.to_dynamodb_json(attribute_values)), max_items);
END;
COMMENT ON FUNCTION dynamo.scan IS 'all items of a table or an index';
-- Table operations with named arguments.

-- {"StatusIndex": {"hash_key": "Status", "range_key": "OrderDate"}} as the API's list of indexes
CREATE OR REPLACE FUNCTION dynamo.index_list(indexes jsonb, hash_key text, throughput jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
		'IndexName', i.key,
		'KeySchema', CASE WHEN i.value ? 'range_key' THEN
				jsonb_build_array(jsonb_build_object('AttributeName', coalesce(i.value ->> 'hash_key', hash_key), 'KeyType', 'HASH'),
								  jsonb_build_object('AttributeName', i.value ->> 'range_key', 'KeyType', 'RANGE'))
			ELSE jsonb_build_array(jsonb_build_object('AttributeName', coalesce(i.value ->> 'hash_key', hash_key), 'KeyType', 'HASH')) END,
		'Projection', jsonb_build_object(
			'ProjectionType', coalesce(i.value ->> 'projection', CASE WHEN i.value ? 'non_key_attributes' THEN 'INCLUDE' ELSE 'ALL' END),
			'NonKeyAttributes', i.value -> 'non_key_attributes'),
		'ProvisionedThroughput', throughput)) ORDER BY i.key)
	FROM jsonb_each(indexes) AS i(key, value);
END;
COMMENT ON FUNCTION dynamo.index_list IS 'a short description of indexes as the list that CreateTable takes';

CREATE OR REPLACE FUNCTION dynamo.create_table(table_name text, hash_key text, range_key text DEFAULT NULL,
	attribute_types jsonb DEFAULT '{}', global_indexes jsonb DEFAULT NULL, local_indexes jsonb DEFAULT NULL,
	read_capacity bigint DEFAULT NULL, write_capacity bigint DEFAULT NULL, stream_view_type text DEFAULT NULL,
	tags jsonb DEFAULT NULL, deletion_protection boolean DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog
AS $$
DECLARE
	key_names text[] := array_remove(ARRAY[hash_key, range_key], NULL);
	throughput jsonb;
	definitions jsonb;
	body jsonb;
BEGIN
	SELECT key_names || coalesce(array_agg(k), '{}') INTO key_names
	FROM (SELECT value ->> 'hash_key' FROM jsonb_each(coalesce(global_indexes, '{}') || coalesce(local_indexes, '{}'))
		  UNION ALL
		  SELECT value ->> 'range_key' FROM jsonb_each(coalesce(global_indexes, '{}') || coalesce(local_indexes, '{}'))) AS x(k)
	WHERE k IS NOT NULL;
	SELECT jsonb_agg(jsonb_build_object('AttributeName', k, 'AttributeType', coalesce(attribute_types ->> k, 'S')) ORDER BY k)
	INTO definitions FROM (SELECT DISTINCT unnest(key_names) AS k) AS y;
	IF read_capacity IS NOT NULL OR write_capacity IS NOT NULL THEN
		throughput := jsonb_build_object('ReadCapacityUnits', read_capacity, 'WriteCapacityUnits', write_capacity);
	END IF;
	body := jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'KeySchema', CASE WHEN range_key IS NULL THEN
				jsonb_build_array(jsonb_build_object('AttributeName', hash_key, 'KeyType', 'HASH'))
			ELSE jsonb_build_array(jsonb_build_object('AttributeName', hash_key, 'KeyType', 'HASH'),
								   jsonb_build_object('AttributeName', range_key, 'KeyType', 'RANGE')) END,
		'AttributeDefinitions', definitions,
		'GlobalSecondaryIndexes', dynamo.index_list(global_indexes, hash_key, throughput),
		'LocalSecondaryIndexes', dynamo.index_list(local_indexes, hash_key, NULL),
		'BillingMode', CASE WHEN throughput IS NULL THEN 'PAY_PER_REQUEST' ELSE 'PROVISIONED' END,
		'ProvisionedThroughput', throughput,
		'StreamSpecification', CASE WHEN stream_view_type IS NOT NULL THEN
			jsonb_build_object('StreamEnabled', true, 'StreamViewType', stream_view_type) END,
		'Tags', (SELECT jsonb_agg(jsonb_build_object('Key', t.key, 'Value', t.value) ORDER BY t.key) FROM jsonb_each_text(tags) AS t(key, value)),
		'DeletionProtectionEnabled', deletion_protection));
	-- A call by itself, so that the context of an error is one line.
	RETURN dynamo.request('CreateTable', body) -> 'TableDescription';
END $$;
COMMENT ON FUNCTION dynamo.create_table IS
'creates a table; key attributes are strings unless attribute_types says N or B; indexes as {"Name": {"hash_key": ..., "range_key": ...}}';

CREATE OR REPLACE FUNCTION dynamo.describe_table(table_name text) RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.request('DescribeTable', jsonb_build_object('TableName', table_name)) -> 'Table';
END;
COMMENT ON FUNCTION dynamo.describe_table IS 'the API''s description of a table';

CREATE OR REPLACE FUNCTION dynamo.delete_table(table_name text) RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.request('DeleteTable', jsonb_build_object('TableName', table_name)) -> 'TableDescription';
END;
COMMENT ON FUNCTION dynamo.delete_table IS 'drops a table with its items and indexes';

CREATE OR REPLACE FUNCTION dynamo.list_tables() RETURNS SETOF text LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog
AS $$
DECLARE
	reply jsonb;
	body jsonb := '{}';
BEGIN
	LOOP
		reply := dynamo.request('ListTables', body);
		RETURN QUERY SELECT jsonb_array_elements_text(reply -> 'TableNames');
		EXIT WHEN (reply ? 'LastEvaluatedTableName') IS NOT TRUE;
		body := jsonb_build_object('ExclusiveStartTableName', reply ->> 'LastEvaluatedTableName');
	END LOOP;
END $$;
COMMENT ON FUNCTION dynamo.list_tables IS 'the names of all tables';
-- PartiQL from SQL, with natural JSON in and out.

CREATE OR REPLACE FUNCTION dynamo.partiql(statement text, parameters jsonb DEFAULT NULL)
RETURNS SETOF jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog
AS $$
DECLARE
	body jsonb := jsonb_build_object('Statement', statement);
	reply jsonb;
BEGIN
	IF jsonb_typeof(parameters) IS DISTINCT FROM 'array' AND parameters IS NOT NULL THEN
		RAISE EXCEPTION 'parameters must be a JSON array' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_array_length(parameters) > 0 THEN
		body := body || jsonb_build_object('Parameters',
			(SELECT jsonb_agg(dynamo.to_dynamodb_json(jsonb_build_object('value', value)) -> 'value' ORDER BY position)
			 FROM jsonb_array_elements(parameters) WITH ORDINALITY AS p(value, position)));
	END IF;
	LOOP
		reply := dynamo.request('ExecuteStatement', body);
		RETURN QUERY SELECT dynamo.from_dynamodb_json(value) FROM jsonb_array_elements(reply -> 'Items');
		EXIT WHEN NOT reply ? 'NextToken';
		body := body || jsonb_build_object('NextToken', reply -> 'NextToken');
	END LOOP;
END $$;
COMMENT ON FUNCTION dynamo.partiql IS
'runs a PartiQL statement; returns the items that it selects or gives back, following all pages';
-- Transactions with natural JSON.
--
-- A SQL transaction is one already, and plain statements and the functions above can be put together in it at will.  These
-- are for the API's own form: a list of actions with conditions, and a reason for each of them when the list is refused.

-- {"put": {...}} and its like to a TransactItem; a member that an action does not have is an error, not ignored.
CREATE OR REPLACE FUNCTION dynamo.transact_item(action jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
AS $$
DECLARE
	kinds CONSTANT jsonb := '{"put": "Put", "update": "Update", "delete": "Delete", "check": "ConditionCheck", "get": "Get"}';
	members CONSTANT jsonb := '{"table": "TableName", "item": "Item", "key": "Key", "condition": "ConditionExpression",
		"update": "UpdateExpression", "projection": "ProjectionExpression", "attribute_names": "ExpressionAttributeNames",
		"attribute_values": "ExpressionAttributeValues", "return_on_failure": "ReturnValuesOnConditionCheckFailure"}';
	kind text;
	one record;
	result jsonb := '{}';
BEGIN
	IF jsonb_typeof(action) IS DISTINCT FROM 'object' OR (SELECT count(*) FROM jsonb_object_keys(action)) <> 1 THEN
		RAISE EXCEPTION 'an action of a transaction must be an object with one member' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'The member is put, update, delete or check, and get in reads.';
	END IF;
	SELECT key INTO kind FROM jsonb_object_keys(action) AS key;
	IF NOT kinds ? kind OR jsonb_typeof(action -> kind) <> 'object' THEN
		RAISE EXCEPTION 'a transaction knows no action "%"', kind USING ERRCODE = 'invalid_parameter_value',
			HINT = 'An action is an object like {"put": {"table": "Users", "item": {...}}}; there are put, update, delete and check, and get in reads.';
	END IF;
	FOR one IN SELECT * FROM jsonb_each(action -> kind) LOOP
		IF NOT members ? one.key THEN
			RAISE EXCEPTION 'the action "%" has no member "%"', kind, one.key USING ERRCODE = 'invalid_parameter_value';
		END IF;
		result := result || jsonb_build_object(members ->> one.key,
			CASE WHEN one.key IN ('item', 'key', 'attribute_values') THEN dynamo.to_dynamodb_json(one.value) ELSE one.value END);
	END LOOP;
	RETURN jsonb_build_object(kinds ->> kind, result);
END $$;
COMMENT ON FUNCTION dynamo.transact_item IS 'an action of dynamo.transact_write_items or dynamo.transact_get_items as the API''s JSON';

CREATE OR REPLACE FUNCTION dynamo.transact_write_items(actions jsonb, client_request_token text DEFAULT NULL)
RETURNS void LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.request('TransactWriteItems', jsonb_strip_nulls(jsonb_build_object(
		'TransactItems', (SELECT coalesce(jsonb_agg(dynamo.transact_item(a.action) ORDER BY a.position), '[]')
						  FROM jsonb_array_elements(actions) WITH ORDINALITY AS a(action, position)),
		'ClientRequestToken', client_request_token)));
END;
COMMENT ON FUNCTION dynamo.transact_write_items IS
'does all actions of a list or none: [{"put": {"table", "item"}}, {"update": {"table", "key", "update"}}, {"delete": {"table", "key"}}, {"check": {"table", "key", "condition"}}], each with condition, attribute_names, attribute_values, return_on_failure';

CREATE OR REPLACE FUNCTION dynamo.transact_get_items(actions jsonb)
RETURNS SETOF jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.from_dynamodb_json(r.response -> 'Item')
	FROM jsonb_array_elements(dynamo.request('TransactGetItems', jsonb_build_object(
		'TransactItems', (SELECT coalesce(jsonb_agg(dynamo.transact_item(jsonb_build_object('get', a.action)) ORDER BY a.position), '[]')
						  FROM jsonb_array_elements(actions) WITH ORDINALITY AS a(action, position)))) -> 'Responses')
		WITH ORDINALITY AS r(response, position)
	ORDER BY r.position;
END;
COMMENT ON FUNCTION dynamo.transact_get_items IS
'items as of one moment, a row for each of [{"table", "key", "projection", "attribute_names"}], NULL where there is none';
-- What ALTER TABLE and its like have done to an item table.
CREATE OR REPLACE FUNCTION dynamo.check_table(table_name text, OUT problem text, OUT effect text, OUT repair text) RETURNS SETOF record
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_check_table';
COMMENT ON FUNCTION dynamo.check_table(text) IS
'what SQL users have changed in an item table that the operations rely on, whether they still serve the table ("not served", "not written", "served"), and the statement that repairs it';
-- The periodic work, by hand: one batch of a job, and whether work is left.
CREATE OR REPLACE FUNCTION dynamo.run_worker(name text) RETURNS boolean
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_run_worker';
REVOKE ALL ON FUNCTION dynamo.run_worker(text) FROM PUBLIC;
COMMENT ON FUNCTION dynamo.run_worker(text) IS 'runs one batch of a periodic job now; true when work is left';
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
