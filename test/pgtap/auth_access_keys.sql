-- Access keys: making, listing, switching and dropping them, and who may.
BEGIN;
SELECT plan(53);

CREATE ROLE keys_alice;
CREATE ROLE keys_bob;
CREATE ROLE "keys Team-A";
CREATE ROLE keys_reader IN ROLE pg_read_all_data, pg_write_all_data;
GRANT "keys Team-A" TO keys_alice;

-- ---- what is generated
CREATE TEMP TABLE made AS SELECT * FROM dynamo.create_access_key();
SELECT matches(access_key_id, '^AKIA[A-Z2-7]{16}$', 'a generated identifier looks like AWS''s') FROM made;
SELECT matches(secret_access_key, '^[A-Za-z0-9+/]{40}$', 'a generated secret looks like AWS''s') FROM made;
SELECT is((SELECT role FROM dynamo.access_key_list JOIN made USING (access_key_id)), current_user, 'the role is the current user');
SELECT isnt((dynamo.create_access_key()).secret_access_key, (SELECT secret_access_key FROM made), 'every key is another');

-- ---- what is given
SELECT is(k::text, '(Given_key_000000,given/secret+0)', 'identifier and secret can be given')
FROM dynamo.create_access_key('keys_bob', 'Given_key_000000', 'given/secret+0') AS k;
SELECT is((SELECT role FROM dynamo.access_key_list WHERE access_key_id = 'Given_key_000000'), 'keys_bob', 'so can the role');
SELECT throws_ok($$SELECT dynamo.create_access_key(access_key_id => 'Given_key_000000')$$, '42710',
				 'access key "Given_key_000000" already exists', 'an identifier is used once');
SELECT throws_ok(format('SELECT dynamo.create_access_key(access_key_id => %L)', id), '22023', 'invalid access key identifier', what)
FROM (VALUES (repeat('a', 129), 'an identifier of 129 characters'), ('slash/slash/slash', 'with a slash'),
			 ('space space space', 'with a space'), ('comma,comma,comma', 'with a comma'), ('equal=equal=equal', 'with an equal sign'), ('', 'without any'), (U&'umlaut\00E4\00E4\00E4\00E4\00E4\00E4\00E4\00E4\00E4\00E4', 'with other letters'))
	AS v (id, what);
SELECT lives_ok(format('SELECT dynamo.create_access_key(access_key_id => %L)', repeat('a', 128)), '128 characters are allowed');
SELECT lives_ok(format('SELECT dynamo.create_access_key(access_key_id => %L, secret_access_key => %L)', id, id), 'and "' || id || '", which people give to SDKs')
FROM unnest('{x,local,dummy,fakeMyKeyId,my-key.1}'::text[]) AS id;
SELECT throws_ok(format('SELECT dynamo.create_access_key(secret_access_key => %L)', secret), '22023', 'invalid secret access key', what)
FROM (VALUES ('', 'an empty secret'), (repeat('a', 129), 'of 129'), ('with a space', 'with a space'), (E'tab\ttab\ttab', 'with a tab'))
	AS v (secret, what);
SELECT throws_ok($$SELECT dynamo.create_access_key('keys_nobody')$$, '42704', 'role "keys_nobody" does not exist', 'the role must exist');
SELECT throws_ok($$SELECT dynamo.create_access_key(4294967295::oid::regrole)$$, '42704', NULL, 'also when it is given by number');

-- ---- a member of a role manages its keys, and no others
SET ROLE keys_alice;
SELECT lives_ok($$SELECT dynamo.create_access_key(access_key_id => 'Alice_key_000000')$$, 'anybody can make a key of their own');
SELECT lives_ok($$SELECT dynamo.create_access_key('"keys Team-A"', 'Team_key_0000000')$$, 'or one of a role that they are a member of');
SELECT throws_ok($$SELECT dynamo.create_access_key('keys_bob')$$, '42501', 'must be member of role "keys_bob"', 'but not of another');
SELECT throws_ok($$SELECT dynamo.drop_access_key('Given_key_000000')$$, '42501', 'must be member of role "keys_bob"', 'they cannot drop another''s');
SELECT throws_ok($$SELECT dynamo.enable_access_key('Given_key_000000', false)$$, '42501', 'must be member of role "keys_bob"', 'nor switch it off');
SELECT is((SELECT string_agg(format('%s %s %s', access_key_id, role, enabled), ', ' ORDER BY access_key_id) FROM dynamo.access_key_list),
		  'Alice_key_000000 keys_alice t, Team_key_0000000 keys Team-A t', 'the list has the keys that they may manage');
SELECT throws_ok('SELECT * FROM dynamo.access_keys', '42501', NULL, 'the table is closed');
SELECT lives_ok($$SELECT dynamo.enable_access_key('Team_key_0000000', false)$$, 'a key is switched off');
SELECT is((SELECT enabled FROM dynamo.access_key_list WHERE access_key_id = 'Team_key_0000000'), false, 'and listed so');
SELECT lives_ok($$SELECT dynamo.drop_access_key('Team_key_0000000')$$, 'a key is dropped');
SELECT throws_ok($$SELECT dynamo.drop_access_key('Team_key_0000000')$$, '42704', 'access key "Team_key_0000000" does not exist', 'once');
RESET ROLE;

SET ROLE "keys Team-A";
SELECT lives_ok('SELECT dynamo.create_access_key()', 'a role whose name needs quotes is a good default');
RESET ROLE;

-- ---- secrets are for superusers, not for those who may read or write everything
SET ROLE keys_reader;
SELECT is_empty('SELECT * FROM dynamo.access_keys', 'pg_read_all_data reads no secret');
SELECT throws_ok($$INSERT INTO dynamo.access_keys VALUES ('Forged_key_00000', 'forged-secret', 'postgres')$$, '42501', NULL,
				 'pg_write_all_data cannot forge a key');
RESET ROLE;

-- ---- roles that go
DROP ROLE keys_bob;
SELECT is((SELECT count(*)::int FROM dynamo.access_key_list WHERE role = 'keys_bob'), 1, 'a superuser sees the keys of a role that is gone');
SELECT lives_ok($$SELECT dynamo.drop_access_key('Given_key_000000')$$, 'and can drop them');

-- ---- a role of the same name is another role: a key that somebody still knows does not open it
SELECT lives_ok($$SELECT dynamo.create_access_key('keys_alice', 'Old_key_00000000')$$, 'a key');
ALTER ROLE keys_alice RENAME TO keys_married;
CREATE ROLE keys_alice;
SELECT is(dynamo_test.key_role(id), role, what) FROM (VALUES ('Old_key_00000000', NULL, 'a key does not follow its role''s name to another role'),
	('Alice_key_000000', NULL, 'none of them does')) AS v(id, role, what);
SET ROLE keys_alice;
SELECT is_empty('SELECT * FROM dynamo.access_key_list', 'it is not the new role''s');
SELECT throws_ok($$SELECT dynamo.drop_access_key('Old_key_00000000')$$, '42501', 'must be superuser to change a key whose role no longer exists', 'who cannot manage it');
RESET ROLE;
DROP ROLE keys_alice;
ALTER ROLE keys_married RENAME TO keys_alice;
SELECT is(dynamo_test.key_role('Old_key_00000000'), 'keys_alice', 'it works again when its role has its name again');
DROP ROLE keys_alice;
CREATE ROLE keys_alice;
SELECT is(dynamo_test.key_role('Old_key_00000000'), NULL, 'but not for a role that is made anew');
UPDATE dynamo.access_keys SET role_name = 'keys_alice' WHERE access_key_id = 'Old_key_00000000';
SELECT is(dynamo_test.key_role('Old_key_00000000'), 'keys_alice', 'unless a superuser says so');
SELECT is(dynamo_test.key_role((SELECT access_key_id FROM dynamo.create_session_token('keys_alice'))), 'keys_alice', 'a temporary key');
DROP ROLE keys_alice;
CREATE ROLE keys_alice;
SELECT is((SELECT count(*) FROM dynamo.access_keys WHERE expires IS NOT NULL AND dynamo_test.key_role(access_key_id) IS NOT NULL), 0::bigint, 'does not outlive its role either');
SELECT is((SELECT string_agg(access_key_id, ' ') FROM dynamo.access_keys WHERE role_name = 'keys_alice' AND expires IS NULL
	AND (role IS NULL OR role IN (SELECT oid FROM pg_roles WHERE rolname = role_name))), NULL, 'and is not in a dump, which would give it to the role of that name');

SELECT * FROM finish();
ROLLBACK;
