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

-- Keys whose role is gone, or is another one of that name, are shown to superusers alone.
CREATE OR REPLACE VIEW dynamo.access_key_list WITH (security_barrier) AS
SELECT k.access_key_id, k.role_name AS role, k.enabled, k.created, k.expires
  FROM dynamo.access_keys k
  LEFT JOIN pg_catalog.pg_roles r ON r.rolname OPERATOR(pg_catalog.=) k.role_name AND r.oid OPERATOR(pg_catalog.=) k.role
 WHERE CASE WHEN r.oid IS NULL THEN (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user)
			ELSE pg_catalog.pg_has_role(r.oid, 'MEMBER') END;
COMMENT ON VIEW dynamo.access_key_list IS 'the access keys that the current user may manage, without their secrets';
GRANT SELECT ON dynamo.access_key_list TO PUBLIC;

-- Fills the column role.  ALWAYS, so that it does so where replication applies changes, too.
CREATE OR REPLACE FUNCTION dynamo.access_keys_role() RETURNS trigger
AS 'MODULE_PATHNAME', 'dynamo_access_keys_role' LANGUAGE C;
REVOKE EXECUTE ON FUNCTION dynamo.access_keys_role() FROM PUBLIC;
COMMENT ON FUNCTION dynamo.access_keys_role() IS 'trigger of dynamo.access_keys: binds a key to the role that has its role_name now';

CREATE OR REPLACE TRIGGER access_keys_role BEFORE INSERT OR UPDATE OF role_name ON dynamo.access_keys
FOR EACH ROW EXECUTE FUNCTION dynamo.access_keys_role();
ALTER TABLE dynamo.access_keys ENABLE ALWAYS TRIGGER access_keys_role;

-- Not for INSERT, since no process remembers keys that are not there: session tokens may come often, and each change makes
-- every worker look up every key anew.
-- By row rather than by statement, since logical replication fires row triggers alone; ALWAYS, so that it does.
CREATE OR REPLACE FUNCTION dynamo.access_keys_changed() RETURNS trigger
AS 'MODULE_PATHNAME', 'dynamo_access_keys_changed' LANGUAGE C;
REVOKE EXECUTE ON FUNCTION dynamo.access_keys_changed() FROM PUBLIC;
COMMENT ON FUNCTION dynamo.access_keys_changed() IS 'trigger of dynamo.access_keys: makes the HTTP workers forget the keys they know';

CREATE OR REPLACE TRIGGER access_keys_changed AFTER UPDATE OR DELETE ON dynamo.access_keys
FOR EACH ROW EXECUTE FUNCTION dynamo.access_keys_changed();
CREATE OR REPLACE TRIGGER access_keys_truncated AFTER TRUNCATE ON dynamo.access_keys
FOR EACH STATEMENT EXECUTE FUNCTION dynamo.access_keys_changed();
ALTER TABLE dynamo.access_keys ENABLE ALWAYS TRIGGER access_keys_changed;
ALTER TABLE dynamo.access_keys ENABLE ALWAYS TRIGGER access_keys_truncated;
