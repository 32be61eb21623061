-- GRANTs and ownership decide who may do what; refusals are worded as AWS words them.
BEGIN;
SELECT plan(49);

DO $$ BEGIN PERFORM dynamo.create_table('Orders', 'id'); PERFORM dynamo.put_item('Orders', '{"id": "1"}'); END $$;
CREATE ROLE access_nobody;
CREATE ROLE access_reader;
CREATE ROLE access_inserter;
CREATE ROLE access_writer;
CREATE ROLE access_deleter;
CREATE ROLE access_owner;
GRANT SELECT ON dynamo_tables."Orders" TO access_reader;
GRANT INSERT ON dynamo_tables."Orders" TO access_inserter;
GRANT INSERT, UPDATE ON dynamo_tables."Orders" TO access_writer;
GRANT DELETE ON dynamo_tables."Orders" TO access_deleter;
GRANT CREATE ON SCHEMA dynamo_tables TO access_owner;

-- True when the role may run the operation; false when it is refused in AWS's words.
CREATE FUNCTION pg_temp.may(who name, operation text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	key jsonb := '{"TableName": "Orders", "Key": {"id": {"S": "1"}}}';
	bodies jsonb := jsonb_build_object('GetItem', key, 'DeleteItem', key, 'UpdateItem', key,
		'PutItem', '{"TableName": "Orders", "Item": {"id": {"S": "1"}}}'::jsonb, 'Scan', '{"TableName": "Orders"}'::jsonb,
		'DeleteTable', '{"TableName": "Orders"}'::jsonb,
		'CreateTable', '{"TableName": "Others", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
			"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}'::jsonb);
	resource text := CASE operation WHEN 'CreateTable' THEN 'Others' ELSE 'Orders' END;
BEGIN
	EXECUTE format('SET LOCAL ROLE %I', who);
	BEGIN
		PERFORM dynamo.request(operation, bodies -> operation);
		RAISE EXCEPTION 'undo' USING ERRCODE = 'P0002';
	EXCEPTION
		WHEN SQLSTATE 'P0002' THEN
			RESET ROLE;
			RETURN true;
		WHEN SQLSTATE 'YD105' THEN
			IF SQLERRM <> format('AccessDeniedException: User: arn:aws:iam::000000000000:user/%s is not authorized to perform: dynamodb:%s'
				' on resource: arn:aws:dynamodb:us-east-1:000000000000:table/%s because no identity-based policy allows the dynamodb:%s action',
				who, operation, resource, operation) THEN
				RAISE;
			END IF;
			RESET ROLE;
			RETURN false;
	END;
END $$;

SELECT is(pg_temp.may(who, operation), operation = ANY (allowed), format('%s: %s', who, operation))
FROM (VALUES ('access_nobody', '{}'::text[]), ('access_reader', '{GetItem,Scan}'), ('access_inserter', '{}'),
			 ('access_writer', '{PutItem,UpdateItem}'), ('access_deleter', '{DeleteItem}'), ('access_owner', '{CreateTable}')) AS r (who, allowed),
	 unnest('{GetItem,Scan,PutItem,UpdateItem,DeleteItem,DeleteTable,CreateTable}'::text[]) AS operation;

ALTER TABLE dynamo_tables."Orders" OWNER TO access_owner;
SELECT ok(pg_temp.may('access_owner', operation), 'the owner: ' || operation)
FROM unnest('{GetItem,Scan,PutItem,UpdateItem,DeleteItem,DeleteTable,CreateTable}'::text[]) AS operation;

SELECT * FROM finish();
ROLLBACK;
