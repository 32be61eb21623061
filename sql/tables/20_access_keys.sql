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
-- The role is kept by name: an OID would not survive dump and restore, and a regrole column forbids pg_upgrade.  It is kept by
-- OID as well, which a trigger fills whenever a row comes or its role_name is set, so that a restore finds the role of this
-- cluster.  A key opens its role's door only if both fit: whoever knows the key of a role that was dropped or renamed does not
-- become the role that takes the name.  A renamed role's keys work again when it has its old name.  Keys that have lost their
-- role are not dumped, since where they are restored there may be a role of that name.
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
	expires			  timestamptz,
	role			  oid
);
CREATE INDEX access_keys_expires ON dynamo.access_keys (expires) WHERE expires IS NOT NULL;
COMMENT ON TABLE dynamo.access_keys IS 'access keys of the endpoint; superusers alone may read it, others see dynamo.access_key_list';
COMMENT ON COLUMN dynamo.access_keys.role_name IS 'requests signed with this key run as this role';
COMMENT ON COLUMN dynamo.access_keys.role IS 'the number of the role of that name when the key was made or its role_name set; the key opens nothing for another role of the name';
COMMENT ON COLUMN dynamo.access_keys.token_digest IS 'SHA-256 of the session token of a temporary key; null for a lasting one';
COMMENT ON COLUMN dynamo.access_keys.expires IS 'when a temporary key ends; a week later it is removed';

REVOKE ALL ON dynamo.access_keys FROM PUBLIC;
ALTER TABLE dynamo.access_keys ENABLE ROW LEVEL SECURITY;

SELECT pg_catalog.pg_extension_config_dump('dynamo.access_keys', 'WHERE expires IS NULL AND (role IS NULL OR role IN (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = role_name))');
