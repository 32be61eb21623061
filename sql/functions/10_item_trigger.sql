-- The triggers: on item tables, on the catalogue, and on ALTER and DROP TABLE.

CREATE OR REPLACE FUNCTION dynamo.item_trigger() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_item_trigger';
COMMENT ON FUNCTION dynamo.item_trigger() IS 'checks an item that SQL writes into an item table, and fills the columns derived from it';

CREATE OR REPLACE FUNCTION dynamo.catalogue_trigger() RETURNS trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_catalogue_trigger';
REVOKE EXECUTE ON FUNCTION dynamo.catalogue_trigger() FROM PUBLIC;
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
REVOKE EXECUTE ON FUNCTION dynamo.drop_trigger() FROM PUBLIC;
COMMENT ON FUNCTION dynamo.drop_trigger() IS 'forgets item tables that were dropped with DROP TABLE';

DROP EVENT TRIGGER IF EXISTS dynamo_drop;
CREATE EVENT TRIGGER dynamo_drop ON sql_drop
	WHEN TAG IN ('DROP TABLE', 'DROP SCHEMA', 'DROP OWNED')
	EXECUTE FUNCTION dynamo.drop_trigger();
COMMENT ON EVENT TRIGGER dynamo_drop IS 'forgets item tables that were dropped with DROP TABLE';

CREATE OR REPLACE FUNCTION dynamo.alter_trigger() RETURNS event_trigger
	LANGUAGE c AS 'MODULE_PATHNAME', 'dynamo_alter_trigger';
REVOKE EXECUTE ON FUNCTION dynamo.alter_trigger() FROM PUBLIC;
COMMENT ON FUNCTION dynamo.alter_trigger() IS 'refuses to rename or move item tables and what belongs to them';

-- PostgreSQL takes the other words for a table as well
DROP EVENT TRIGGER IF EXISTS dynamo_alter;
CREATE EVENT TRIGGER dynamo_alter ON ddl_command_start
	WHEN TAG IN ('ALTER TABLE', 'ALTER INDEX', 'ALTER VIEW', 'ALTER MATERIALIZED VIEW', 'ALTER FOREIGN TABLE', 'ALTER SEQUENCE', 'ALTER TRIGGER', 'ALTER SCHEMA')
	EXECUTE FUNCTION dynamo.alter_trigger();
COMMENT ON EVENT TRIGGER dynamo_alter IS 'refuses to rename or move item tables and what belongs to them; dynamo.rename_table() renames a table';
