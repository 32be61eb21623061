-- Who may do what: GRANTs decide, and a refusal is AWS's error.
BEGIN;
SELECT * FROM no_plan();	-- one assertion for each table of the catalogue

CREATE ROLE tap_owner NOLOGIN;
CREATE ROLE tap_reader NOLOGIN;
CREATE ROLE tap_writer NOLOGIN;
CREATE ROLE tap_nobody NOLOGIN;
GRANT tap_owner, tap_reader, tap_writer, tap_nobody TO CURRENT_USER;
GRANT CREATE ON SCHEMA dynamo_tables TO tap_owner;

-- Runs an operation as a role; 'ok' or the error's SQLSTATE and message.
CREATE FUNCTION pg_temp.attempt(who text, operation text, body jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text := 'ok';
BEGIN
	PERFORM set_config('role', who, true);
	BEGIN
		PERFORM dynamo.request(operation, body);
	EXCEPTION WHEN OTHERS THEN
		answer := SQLSTATE || ' ' || SQLERRM;
	END;
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END $$;
CREATE FUNCTION pg_temp.denied(who text, operation text, resource text DEFAULT 'table/Shared') RETURNS text LANGUAGE sql AS $$
	SELECT format('YD105 AccessDeniedException: User: arn:aws:iam::000000000000:user/%s is not authorized to perform: dynamodb:%s on resource: arn:aws:dynamodb:us-east-1:000000000000:%s because no identity-based policy allows the dynamodb:%s action',
		who, operation, resource, operation) $$;

-- ---- CreateTable: CREATE on the schema
SELECT is(pg_temp.attempt('tap_owner', 'CreateTable', '{"TableName": "Shared", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
	"AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "x", "AttributeType": "S"}],
	"GlobalSecondaryIndexes": [{"IndexName": "ByX", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}]}'), 'ok', 'CREATE on dynamo_tables lets a role create');
SELECT table_owner_is('dynamo_tables', 'Shared', 'tap_owner', 'and own');
SELECT is(pg_temp.attempt(who, 'CreateTable', '{"TableName": "Mine", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}]}'),
	pg_temp.denied(who, 'CreateTable', 'table/Mine'), who || ' may not create') FROM unnest('{tap_reader,tap_nobody}'::text[]) AS who;
SELECT hasnt_table('dynamo_tables', 'Mine', 'nothing was created');

GRANT SELECT ON dynamo_tables."Shared" TO tap_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON dynamo_tables."Shared" TO tap_writer;

-- AWS's text speaks of policies; the hint says which GRANT is missing.
CREATE FUNCTION pg_temp.hint(who text, operation text, body jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	PERFORM set_config('role', who, true);
	BEGIN
		PERFORM dynamo.request(operation, body);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS answer = PG_EXCEPTION_HINT;
	END;
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END $$;
SELECT is(pg_temp.hint('tap_nobody', operation, body), 'Role "tap_nobody" needs ' || needed || '.', operation || ': the hint')
FROM (VALUES ('GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "1"}}}'::jsonb, 'SELECT on table dynamo_tables."Shared"'),
	('PutItem', '{"TableName": "Shared", "Item": {"p": {"S": "1"}}}', 'INSERT and UPDATE on table dynamo_tables."Shared"'),
	('DeleteItem', '{"TableName": "Shared", "Key": {"p": {"S": "1"}}}', 'DELETE on table dynamo_tables."Shared"'),
	('DeleteTable', '{"TableName": "Shared"}', 'to own table dynamo_tables."Shared"'),
	('CreateTable', '{"TableName": "Mine", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}]}',
		'CREATE on schema dynamo_tables')) AS v (operation, body, needed);

CREATE TEMP TABLE bodies (operation text, body jsonb, reads boolean);
INSERT INTO bodies VALUES
	('PutItem', '{"TableName": "Shared", "Item": {"p": {"S": "a"}, "x": {"S": "x"}}}', false),
	('UpdateItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}, "UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}', false),
	('BatchWriteItem', '{"RequestItems": {"Shared": [{"PutRequest": {"Item": {"p": {"S": "b"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "c"}}}}]}}', false),
	('DeleteItem', '{"TableName": "Shared", "Key": {"p": {"S": "nobody"}}}', false),
	('GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}', true),
	('Query', '{"TableName": "Shared", "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}', true),
	('Scan', '{"TableName": "Shared"}', true),
	('BatchGetItem', '{"RequestItems": {"Shared": {"Keys": [{"p": {"S": "a"}}]}}}', true);

-- ---- items: SELECT, INSERT, UPDATE, DELETE
SELECT is(pg_temp.attempt('tap_owner', operation, body), 'ok', 'the owner may ' || operation) FROM bodies;
SELECT is(pg_temp.attempt('tap_writer', operation, body), 'ok', 'with all four privileges a role may ' || operation) FROM bodies;
SELECT is(pg_temp.attempt('tap_reader', operation, body), CASE WHEN reads THEN 'ok' ELSE pg_temp.denied('tap_reader', operation) END, 'SELECT and ' || operation) FROM bodies;
SELECT is(pg_temp.attempt('tap_nobody', operation, body), pg_temp.denied('tap_nobody', operation), 'no privilege and ' || operation) FROM bodies;
SELECT is(pg_temp.attempt('tap_nobody', 'Query', '{"TableName": "Shared", "IndexName": "ByX", "KeyConditionExpression": "x = :p", "ExpressionAttributeValues": {":p": {"S": "x"}}}') LIKE 'YD105 AccessDeniedException: %dynamodb:Query%', true, 'an index is no way around');
SELECT is(pg_temp.attempt('tap_reader', 'Query', '{"TableName": "Shared", "IndexName": "ByX", "KeyConditionExpression": "x = :p", "ExpressionAttributeValues": {":p": {"S": "x"}}}'), 'ok', 'SELECT reads indexes, too');
SELECT is((SELECT item -> 'v' FROM dynamo_tables."Shared" WHERE p = 'a'), '1', 'refused writes wrote nothing');
SELECT is((SELECT array_agg(p ORDER BY p) FROM dynamo_tables."Shared"), '{a,b}', 'and made nothing');

-- INSERT without UPDATE is not enough to put: a put replaces
REVOKE UPDATE ON dynamo_tables."Shared" FROM tap_writer;
SELECT is(pg_temp.attempt('tap_writer', 'PutItem', '{"TableName": "Shared", "Item": {"p": {"S": "z"}}}'), pg_temp.denied('tap_writer', 'PutItem'), 'PutItem needs UPDATE');
GRANT UPDATE ON dynamo_tables."Shared" TO tap_writer;
REVOKE DELETE ON dynamo_tables."Shared" FROM tap_writer;
SELECT is(pg_temp.attempt('tap_writer', 'DeleteItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}'), pg_temp.denied('tap_writer', 'DeleteItem'), 'DeleteItem needs DELETE');
SELECT is(pg_temp.attempt('tap_writer', 'BatchWriteItem', '{"RequestItems": {"Shared": [{"PutRequest": {"Item": {"p": {"S": "q"}}}}, {"DeleteRequest": {"Key": {"p": {"S": "a"}}}}]}}'), pg_temp.denied('tap_writer', 'BatchWriteItem'), 'so does a delete in a batch');
SELECT is_empty($$SELECT 1 FROM dynamo_tables."Shared" WHERE p = 'q'$$, 'and the batch writes nothing');
GRANT DELETE ON dynamo_tables."Shared" TO tap_writer;
-- what a write returns is read
REVOKE SELECT ON dynamo_tables."Shared" FROM tap_writer;
SELECT is(pg_temp.attempt('tap_writer', 'PutItem', '{"TableName": "Shared", "Item": {"p": {"S": "a"}}}'), 'ok', 'a plain put reads nothing');
SELECT is(pg_temp.attempt('tap_writer', 'GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}'), pg_temp.denied('tap_writer', 'GetItem'), 'GetItem needs SELECT');
GRANT SELECT ON dynamo_tables."Shared" TO tap_writer;
-- membership counts
GRANT tap_reader TO tap_nobody;
SELECT is(pg_temp.attempt('tap_nobody', 'GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}'), 'ok', 'a member has the group''s privileges');
REVOKE tap_reader FROM tap_nobody;
SELECT is(pg_temp.attempt('tap_nobody', 'GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}'), pg_temp.denied('tap_nobody', 'GetItem'), 'until it is none');
GRANT SELECT ON dynamo_tables."Shared" TO PUBLIC;
SELECT is(pg_temp.attempt('tap_nobody', 'GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}'), 'ok', 'PUBLIC is everybody');
REVOKE SELECT ON dynamo_tables."Shared" FROM PUBLIC;

-- ---- what only looks: SELECT, and AWS's answer to those who may
SELECT is(pg_temp.attempt(who, operation, body), CASE WHEN who = 'tap_reader' THEN answer ELSE pg_temp.denied(who, operation) END, who || ' and ' || operation)
FROM unnest('{tap_reader,tap_nobody}'::text[]) AS who, (VALUES ('DescribeContributorInsights', '{"TableName": "Shared", "IndexName": "ByX"}'::jsonb, 'ok'), ('ListContributorInsights', '{"TableName": "Shared"}', 'ok'),
	('DescribeContinuousBackups', '{"TableName": "Shared"}', 'ok'), ('DescribeKinesisStreamingDestination', '{"TableName": "Shared"}', 'ok'),
	('GetResourcePolicy', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Shared"}',
		'YD018 PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/Shared')) AS v (operation, body, answer);
SELECT is(pg_temp.attempt(who, 'UpdateContinuousBackups', '{"TableName": "Shared", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": false}}'),
	CASE WHEN who = 'tap_owner' THEN 'ok' ELSE pg_temp.denied(who, 'UpdateContinuousBackups') END, who || ' and UpdateContinuousBackups') FROM unnest('{tap_owner,tap_writer,tap_reader,tap_nobody}'::text[]) AS who;

-- ---- the natural functions obey the same rules
CREATE FUNCTION pg_temp.attempt_sql(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text := 'ok';
BEGIN
	PERFORM set_config('role', who, true);
	BEGIN
		EXECUTE statement;
	EXCEPTION WHEN OTHERS THEN
		answer := SQLSTATE;
	END;
	PERFORM set_config('role', 'none', true);
	RETURN answer;
END $$;
SELECT is(pg_temp.attempt_sql('tap_reader', $$SELECT dynamo.get_item('Shared', '{"p": "a"}')$$), 'ok', 'get_item with SELECT');
SELECT is(pg_temp.attempt_sql('tap_reader', $$SELECT dynamo.scan('Shared')$$), 'ok', 'scan with SELECT');
SELECT is(pg_temp.attempt_sql('tap_reader', $$SELECT dynamo.put_item('Shared', '{"p": "a"}')$$), 'YD105', 'put_item without INSERT');
SELECT is(pg_temp.attempt_sql('tap_nobody', $$SELECT dynamo.get_item('Shared', '{"p": "a"}')$$), 'YD105', 'get_item without SELECT');
SELECT is(pg_temp.attempt_sql('tap_nobody', $$SELECT dynamo.query('Shared', 'p = :p', attribute_values => '{":p": "a"}')$$), 'YD105', 'query without SELECT');
SELECT is(pg_temp.attempt_sql('tap_nobody', $$SELECT dynamo.delete_table('Shared')$$), 'YD105', 'delete_table without ownership');
SELECT is(pg_temp.attempt_sql('tap_nobody', $$SELECT * FROM dynamo_tables."Shared"$$), '42501', 'SQL itself refuses as PostgreSQL does');
SELECT is(pg_temp.attempt_sql('tap_writer', $$INSERT INTO dynamo_tables."Shared" (item) VALUES ('{"p": "insert", "x": "y"}')$$), 'ok', 'a granted role may INSERT, whatever its trigger reads');
SELECT is(pg_temp.attempt_sql('tap_reader', $$INSERT INTO dynamo_tables."Shared" (item) VALUES ('{"p": "insert2"}')$$), '42501', 'and another may not');
SELECT is(pg_temp.attempt_sql('tap_nobody', $$SELECT dynamo.to_dynamodb_json('{"a": 1}')$$), 'ok', 'the converters are for everybody');

-- ---- tables: describing is for who may read, changing for the owner
SELECT is(pg_temp.attempt('tap_owner', 'DescribeTable', '{"TableName": "Shared"}'), 'ok', 'the owner may describe');
SELECT is(pg_temp.attempt('tap_reader', 'DescribeTable', '{"TableName": "Shared"}'), 'ok', 'a reader may describe');
SELECT is(pg_temp.attempt('tap_nobody', 'DescribeTable', '{"TableName": "Shared"}'), pg_temp.denied('tap_nobody', 'DescribeTable'), 'who may not read may not describe');
SELECT is(pg_temp.attempt(who, 'DeleteTable', '{"TableName": "Shared"}'), pg_temp.denied(who, 'DeleteTable'), who || ' may not delete the table') FROM unnest('{tap_reader,tap_writer,tap_nobody}'::text[]) AS who;
SELECT has_table('dynamo_tables', 'Shared', 'it is still there');
SELECT is(pg_temp.attempt('tap_nobody', 'ListTables', '{}'), 'ok', 'everybody may list');
SELECT is(pg_temp.attempt('tap_nobody', 'GetItem', '{"TableName": "Nothing", "Key": {"p": {"S": "a"}}}') LIKE 'YD004%' OR pg_temp.attempt('tap_nobody', 'GetItem', '{"TableName": "Nothing", "Key": {"p": {"S": "a"}}}') LIKE 'YD105%', true, 'a table that is not there');

-- ---- the catalogue belongs to the extension
SELECT is(pg_temp.attempt_sql('tap_nobody', format('DELETE FROM dynamo.%I', relname)), '42501', 'nobody deletes from dynamo.' || relname)
FROM pg_class WHERE relnamespace = 'dynamo'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname;
SELECT is(pg_temp.attempt_sql('tap_nobody', 'SELECT * FROM dynamo.access_keys'), '42501', 'nobody reads secrets');
SELECT is(pg_temp.attempt_sql('tap_owner', 'SELECT * FROM dynamo.access_keys'), '42501', 'nor does a table''s owner');

-- a role that calls through a security definer function acts as that function's owner
CREATE SCHEMA tap_helper;
GRANT USAGE ON SCHEMA tap_helper TO PUBLIC;
CREATE FUNCTION tap_helper.as_owner() RETURNS jsonb LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT dynamo.request('GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}') $$;
SELECT is(pg_temp.attempt_sql('tap_nobody', 'SELECT tap_helper.as_owner()'), 'ok', 'SECURITY DEFINER lends its owner''s rights');

-- ---- the table's owner may hang code on it: it runs as the caller, never as the extension's owner
CREATE SCHEMA tap_spy;
CREATE TABLE tap_spy.seen (operation text, who text);
GRANT USAGE ON SCHEMA tap_spy TO PUBLIC;
GRANT INSERT ON tap_spy.seen TO PUBLIC;
CREATE FUNCTION tap_spy.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO tap_spy.seen VALUES (tg_op, current_user);
	RETURN CASE WHEN tg_op = 'DELETE' THEN old ELSE new END;
END $$;
CREATE FUNCTION tap_spy.check_item(item jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO tap_spy.seen VALUES ('CHECK', current_user);
	RETURN true;
END $$;
SELECT is(pg_temp.attempt_sql('tap_owner', 'CREATE TRIGGER spy BEFORE INSERT OR UPDATE OR DELETE ON dynamo_tables."Shared" FOR EACH ROW EXECUTE FUNCTION tap_spy.note()'), 'ok', 'the owner adds a trigger');
SELECT is(pg_temp.attempt_sql('tap_owner', 'ALTER TABLE dynamo_tables."Shared" ADD CHECK (tap_spy.check_item(item)) NOT VALID'), 'ok', 'and a constraint');
SELECT is(pg_temp.attempt('tap_writer', operation, body), 'ok', operation || ' passes them') FROM bodies WHERE NOT reads;
SELECT is(pg_temp.attempt('tap_writer', 'DeleteItem', '{"TableName": "Shared", "Key": {"p": {"S": "a"}}}'), 'ok', 'a delete that finds something, too');
SELECT set_eq('SELECT DISTINCT who FROM tap_spy.seen', ARRAY['tap_writer'], 'both ran as the caller');
SELECT set_eq('SELECT DISTINCT operation FROM tap_spy.seen', ARRAY['INSERT', 'UPDATE', 'DELETE', 'CHECK'], 'for every kind of write');
-- row-level security holds for the API as for SQL
ALTER TABLE dynamo_tables."Shared" ENABLE ROW LEVEL SECURITY;
SELECT is((SELECT count(*)::int FROM dynamo_tables."Shared" WHERE p = 'b'), 1, 'an item');
CREATE FUNCTION pg_temp.read_as(who text, operation text, body jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	reply jsonb;
BEGIN
	PERFORM set_config('role', who, true);
	reply := dynamo.request(operation, body);
	PERFORM set_config('role', 'none', true);
	RETURN reply;
END $$;
SELECT is(pg_temp.read_as('tap_reader', 'GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "b"}}}'), '{}', 'GetItem sees no row that no policy shows');
SELECT is(pg_temp.read_as('tap_reader', 'Scan', '{"TableName": "Shared"}') -> 'Count', '0', 'nor does Scan');
SELECT is(pg_temp.read_as('tap_owner', 'GetItem', '{"TableName": "Shared", "Key": {"p": {"S": "b"}}}') #> '{Item,p}', '{"S": "b"}', 'the owner does');
CREATE POLICY tap_policy ON dynamo_tables."Shared" FOR SELECT TO tap_reader USING (item ->> 'x' = 'y');
SELECT is((pg_temp.read_as('tap_reader', 'Scan', '{"TableName": "Shared"}') ->> 'Count')::int, (SELECT count(*)::int FROM dynamo_tables."Shared" WHERE item ->> 'x' = 'y'), 'a policy shows what it shows');
ALTER TABLE dynamo_tables."Shared" DISABLE ROW LEVEL SECURITY;

SELECT is(pg_temp.attempt('tap_owner', 'DeleteTable', '{"TableName": "Shared"}'), 'ok', 'the owner may delete the table');
SELECT hasnt_table('dynamo_tables', 'Shared', 'and it is gone');
REVOKE CREATE ON SCHEMA dynamo_tables FROM tap_owner;
SELECT is(pg_temp.attempt('tap_owner', 'CreateTable', '{"TableName": "Again", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}]}'),
	pg_temp.denied('tap_owner', 'CreateTable', 'table/Again'), 'without CREATE no more tables');

-- ---- a stream's trigger names its stream: nobody makes one for somebody else's
DO $$ BEGIN PERFORM dynamo.create_table('Forger', 'p'); EXECUTE 'ALTER TABLE dynamo_tables."Forger" OWNER TO tap_owner'; END $$;
SELECT is(pg_temp.attempt_sql('tap_owner', $$CREATE TRIGGER forged AFTER INSERT ON dynamo_tables."Forger" FOR EACH ROW EXECUTE FUNCTION dynamo.stream_trigger(1, 1, 'KEYS_ONLY')$$),
	'42501', 'an owner cannot write into another table''s stream');

SELECT * FROM finish();
ROLLBACK;
