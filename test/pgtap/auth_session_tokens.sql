-- Temporary access keys: who makes them for whom and for how long, and what a request with or without their token gets.
-- The signatures were made with botocore 1.44 at a fixed time, at which the clock of this session is made to stand.
BEGIN;
SELECT plan(49);

CREATE ROLE tokens_alice;
CREATE ROLE tokens_bob;
CREATE ROLE tokens_team;
CREATE ROLE tokens_reader IN ROLE pg_read_all_data, pg_write_all_data;
GRANT tokens_team TO tokens_alice;

-- The test module verifies signatures with code, and a clock, of its own.
CREATE FUNCTION pg_temp.clock(now timestamptz) RETURNS void LANGUAGE sql AS $$
	SELECT dynamo_test.sigv4_clock(now); SELECT dynamo_test.clock(now) $$;

-- ---- what is made
SELECT pg_temp.clock('2026-01-01 00:05:00.75Z');
CREATE TEMP TABLE made AS SELECT * FROM dynamo.create_session_token();
SELECT matches(access_key_id, '^ASIA[A-Z2-7]{16}$', 'the identifier looks like AWS''s') FROM made;
SELECT matches(secret_access_key, '^[A-Za-z0-9+/]{40}$', 'so does the secret') FROM made;
SELECT matches(session_token, '^[A-Za-z0-9+/]{192}$', 'and the token') FROM made;
SELECT is(expiration, '2026-01-01 12:05:00Z', 'it lasts twelve hours, to a whole second') FROM made;
SELECT is(token_digest, sha256(convert_to(session_token, 'UTF8')), 'the token itself is not stored')
  FROM made JOIN dynamo.access_keys USING (access_key_id);
SELECT is(l::text, format('(%s,%s,t,"%s","%s")', access_key_id, current_user, l.created, expiration), 'it is listed with its end')
  FROM made JOIN dynamo.access_key_list l USING (access_key_id);
SELECT isnt((dynamo.create_session_token()).session_token, (SELECT session_token FROM made), 'every token is another');
SELECT pg_temp.clock('2026-01-01 00:05:00Z');
SELECT is((dynamo.create_session_token(duration => d)).expiration, '2026-01-01 00:05:00Z'::timestamptz + d, format('%s are allowed', d))
  FROM (VALUES (interval '15 minutes'), ('1 day'), ('36 hours')) AS v (d);
SELECT throws_ok(format('SELECT dynamo.create_session_token(duration => %L)', d), '22023',
				 'a session token must last for 15 minutes to 36 hours', format('%s are not', d))
  FROM (VALUES ('14 minutes 59.999 seconds'), ('36 hours 1 microsecond'), ('-1 hour'), ('0'), ('1 month'), ('-1000 years')) AS v (d);
SELECT throws_ok($$SELECT dynamo.create_session_token(duration => '300000 years')$$, '22008', NULL, 'nor is the end of time');
SELECT throws_ok($$SELECT dynamo.create_session_token(duration => NULL)$$, '22004', 'duration must not be null', 'nor nothing');
SELECT throws_ok($$SELECT dynamo.create_session_token('tokens_nobody')$$, '42704', 'role "tokens_nobody" does not exist', 'the role must exist');

-- ---- who may
SET ROLE tokens_alice;
SELECT is((SELECT role FROM dynamo.create_session_token() t JOIN dynamo.access_key_list USING (access_key_id)), NULL::name,
		  'a statement does not see what it makes');
SELECT lives_ok('SELECT dynamo.create_session_token()', 'anybody can make a temporary key of their own');
SELECT lives_ok($$SELECT dynamo.create_session_token('tokens_team', '1 hour')$$, 'or one of a role that they are a member of');
SELECT is((SELECT string_agg(role, ' ' ORDER BY role) FROM dynamo.access_key_list), 'tokens_alice tokens_alice tokens_team', 'and see them');
SELECT throws_ok($$SELECT dynamo.create_session_token('tokens_bob')$$, '42501', 'must be member of role "tokens_bob"', 'but not of another');
SELECT throws_ok($$SELECT dynamo.create_session_token('postgres')$$, '42501', 'must be member of role "postgres"', 'least of all a superuser''s');
SELECT throws_ok($$SELECT token_digest FROM dynamo.access_keys$$, '42501', NULL, 'digests are closed');
SELECT lives_ok($$SELECT dynamo.drop_access_key(access_key_id) FROM dynamo.access_key_list WHERE role = 'tokens_team'$$, 'a temporary key is dropped like others');
RESET ROLE;
SET ROLE tokens_team;
SELECT throws_ok($$SELECT dynamo.create_session_token('tokens_alice')$$, '42501', 'must be member of role "tokens_alice"', 'a role does not make keys of its members');
RESET ROLE;
SET ROLE tokens_reader;
SELECT is_empty('SELECT token_digest FROM dynamo.access_keys', 'pg_read_all_data reads no digest');
RESET ROLE;

-- ---- requests
INSERT INTO dynamo.access_keys (access_key_id, secret_access_key, role_name, token_digest, expires)
VALUES ('ASIASESSIONTOKENTEST', 'bYo3k/9sV+uT1qLw8ZrXf5MhJd0CeGnP7aKtEiDx', 'tokens_bob', sha256('to+ken/of==test'), '2026-01-01 06:00:00Z');

-- Who the caller is, or the error.
CREATE FUNCTION pg_temp.send(signature text, token text, signed_token boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	names text[] := '{Host,X-Amz-Target,Content-Type,X-Amz-Date,Authorization}';
	contents text[] := ARRAY['localhost:8000', 'DynamoDB_20120810.GetItem', 'application/x-amz-json-1.0', '20260101T000500Z',
		format('AWS4-HMAC-SHA256 Credential=ASIASESSIONTOKENTEST/20260101/us-east-1/dynamodb/aws4_request, '
			   'SignedHeaders=content-type;host;x-amz-date;%sx-amz-target, Signature=%s',
			   CASE WHEN token IS NOT NULL AND signed_token THEN 'x-amz-security-token;' END, signature)];
BEGIN
	IF token IS NOT NULL THEN
		names := names || 'X-Amz-Security-Token'::text;
		contents := contents || token;
	END IF;
	RETURN dynamo_test.sigv4_identify('POST', '/', '', (SELECT array_agg(convert_to(n, 'UTF8')) FROM unnest(names) n),
									  (SELECT array_agg(convert_to(c, 'UTF8')) FROM unnest(contents) c), '{"TableName":"t"}');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.presigned(token text, signature text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN dynamo_test.sigv4_identify('GET', '/', convert_to(
		'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIASESSIONTOKENTEST%2F20260101%2Fus-east-1%2Fdynamodb%2Faws4_request'
		'&X-Amz-Date=20260101T000500Z&X-Amz-Expires=43200&X-Amz-SignedHeaders=host%3Bx-amz-target' || token ||
		'&X-Amz-Signature=' || signature, 'UTF8'), '{Host,X-Amz-Target}', '{localhost:8000,DynamoDB_20120810.GetItem}', '');
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.with_token(at_token text DEFAULT 'to+ken/of==test') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.send('d5d64a9310660a2d130d2c152a92e95f8aab43097e02f5a0acd847d035b06f9a', at_token) $$;
CREATE FUNCTION pg_temp.with_query() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.presigned('&X-Amz-Security-Token=to%2Bken%2Fof%3D%3Dtest', '1cac9034d106d7c94ba4c56be2fa41edcf66aede86add15f882ad27c30185e4a') $$;
CREATE FUNCTION pg_temp.invalid() RETURNS text LANGUAGE sql AS $$
	SELECT 'UnrecognizedClientException: The security token included in the request is invalid.' $$;
CREATE FUNCTION pg_temp.expired() RETURNS text LANGUAGE sql AS $$
	SELECT 'ExpiredTokenException: The security token included in the request is expired' $$;

SELECT is(pg_temp.with_token(), 'tokens_bob ASIASESSIONTOKENTEST', 'a request with its token');
SELECT is(pg_temp.with_query(), 'tokens_bob ASIASESSIONTOKENTEST', 'a presigned one');
SELECT is(pg_temp.send('10abbaadb29a577e68ea84d02856904940402e9c5c76af8d75298161c5ea8066', 'to+ken/of==test', false),
		  'tokens_bob ASIASESSIONTOKENTEST', 'the token need not be signed');
SELECT is(pg_temp.send('10abbaadb29a577e68ea84d02856904940402e9c5c76af8d75298161c5ea8066', NULL), pg_temp.invalid(), 'a good signature without a token');
SELECT is(pg_temp.send('9c158b966e463beb811e7e98890deb3d57205de1945c023c2b92d9c726dfbc49', 'to+ken/of==tesT'), pg_temp.invalid(),
		  'a good signature with another token');
SELECT is(pg_temp.with_token(t), pg_temp.invalid(), 'a token ' || what)
  FROM (VALUES ('', 'of nothing'), ('to+ken/of==tes', 'cut short'), (repeat('t', 100000), 'without end')) AS v (t, what);
SELECT is(pg_temp.presigned('', '365aa3ff7e96de32dbcf6727e71010f09f155411bd764189328994d53f04c2bf'), pg_temp.invalid(), 'a presigned request without it');
SELECT matches(pg_temp.send('d5d64a9310660a2d130d2c152a92e95f8aab43097e02f5a0acd847d035b06f90', 'to+ken/of==test'),
			   '^InvalidSignatureException', 'the token alone is not enough');
SELECT is(pg_temp.send('d5d64a9310660a2d130d2c152a92e95f8aab43097e02f5a0acd847d035b06f90', 'x'), pg_temp.invalid(), 'of two faults the token''s comes first');

-- ---- its end
UPDATE dynamo.access_keys SET expires = '2026-01-01 00:05:00.000001Z' WHERE access_key_id = 'ASIASESSIONTOKENTEST';
SELECT is(pg_temp.with_token(), 'tokens_bob ASIASESSIONTOKENTEST', 'it holds to its last microsecond');
UPDATE dynamo.access_keys SET expires = '2026-01-01 00:05:00Z' WHERE access_key_id = 'ASIASESSIONTOKENTEST';
SELECT is(pg_temp.with_token(), pg_temp.expired(), 'and no longer');
SELECT is(pg_temp.with_query(), pg_temp.expired(), 'presigned, too');
SELECT is(pg_temp.with_token('x'), pg_temp.invalid(), 'a wrong token is not told about the end');
SELECT pg_temp.clock('2026-01-08 00:05:00Z');
SELECT is(dynamo.run_worker('access_keys'), false, 'a week later');
SELECT is((SELECT count(*)::int FROM dynamo.access_keys WHERE access_key_id = 'ASIASESSIONTOKENTEST'), 1, 'it is still known');
SELECT pg_temp.clock('2026-01-08 00:05:00.000001Z');
SELECT is(dynamo.run_worker('access_keys'), false, 'a moment more');
SELECT is((SELECT count(*)::int FROM dynamo.access_keys WHERE access_key_id = 'ASIASESSIONTOKENTEST'), 0, 'then it goes');
SELECT pg_temp.clock('2026-01-01 00:05:00Z');
SELECT is(pg_temp.with_token(), pg_temp.invalid(), 'and opens nothing');

SELECT pg_temp.clock(NULL);
SELECT * FROM finish();
ROLLBACK;
