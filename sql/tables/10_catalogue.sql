-- The catalogue: what DynamoDB tables there are, and how they are laid out in PostgreSQL.
--
-- Item tables are referred to by name, not by OID, so that a dump of the database restores.  They are ordinary tables,
-- not members of the extension: a dump holds their definitions and their rows, and their owners may GRANT on them.
-- Attribute names are in stored form (U+0000 as U+0001 U+0001, U+0001 as U+0001 U+0002).

-- This script runs with the search path dynamo, pg_temp, behind pg_catalog, which comes first.  A schema dynamo that was here
-- before could hold functions and operators that fit our calls better than PostgreSQL's own.
DO $$
DECLARE
	owner pg_catalog.text;
	culprit pg_catalog.text;
BEGIN
	SELECT r.rolname INTO owner
	FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) n.nspowner
	WHERE n.nspname OPERATOR(pg_catalog.=) 'dynamo' AND NOT r.rolsuper;
	IF owner IS NOT NULL THEN
		RAISE insufficient_privilege USING
			MESSAGE = pg_catalog.format('schema "dynamo" belongs to "%s", who is no superuser', owner),
			DETAIL = 'Its owner could replace what the extension runs.',
			HINT = 'Drop the schema: CREATE EXTENSION makes its own.';
	END IF;
	SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) INTO culprit
	FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) d.refobjid
	WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
		AND d.classid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_extension'::pg_catalog.regclass
		AND n.nspname OPERATOR(pg_catalog.=) 'dynamo' LIMIT 1;
	IF culprit IS NOT NULL THEN
		RAISE object_not_in_prerequisite_state USING
			MESSAGE = pg_catalog.format('schema "dynamo" is not empty: it has %s', culprit),
			HINT = 'Move or drop what is in it.';
	END IF;
END $$;

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
