-- RENAME and SET SCHEMA of item tables in SQL: refused with a way to go, and where they got through, a way out.
BEGIN;
SELECT no_plan();

SELECT dynamo.create_table('Kept', 'h', 'r', global_indexes => '{"gsi": {"hash_key": "s"}}', stream_view_type => 'NEW_IMAGE') IS NOT NULL;
DO $$ BEGIN
	PERFORM dynamo.request('UpdateTimeToLive', '{"TableName": "Kept", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}');
	WHILE dynamo.run_worker('jobs') LOOP END LOOP;
END $$;
SELECT dynamo.put_item('Kept', '{"h": "a", "r": "b", "s": "x"}');
CREATE SCHEMA elsewhere;
CREATE ROLE guard_owner;
CREATE ROLE guard_other;
GRANT CREATE, USAGE ON SCHEMA dynamo_tables, elsewhere TO guard_owner, guard_other;
ALTER TABLE dynamo_tables."Kept" OWNER TO guard_owner;

-- ---- refused, for the owner and for superusers
CREATE TEMP TABLE attempts (statement text, message text, hint text);
INSERT INTO attempts VALUES
	('ALTER TABLE <t> RENAME TO "Other"', 'the item table of table "Kept" cannot be renamed', 'Use SELECT dynamo.rename_table(''Kept'', ''new name'').'),
	('ALTER INDEX <t> RENAME TO "Other"', 'the item table of table "Kept" cannot be renamed', 'Use SELECT dynamo.rename_table(''Kept'', ''new name'').'),
	('ALTER TABLE <t> SET SCHEMA elsewhere', 'the item table of table "Kept" cannot be moved to another schema', 'Use SELECT dynamo.rename_table(''Kept'', ''new name'').'),
	('SET LOCAL search_path = dynamo_tables; ALTER TABLE "Kept" SET SCHEMA elsewhere', 'the item table of table "Kept" cannot be moved to another schema',
	 'Use SELECT dynamo.rename_table(''Kept'', ''new name'').'),
	('ALTER INDEX dynamo_tables."Kept~gsi" RENAME TO other', 'index "Kept~gsi" of the item table of table "Kept" cannot be renamed', 'The extension finds the indexes of a table by their names.'),
	('ALTER TABLE dynamo_tables."Kept~~ttl" RENAME TO other', 'index "Kept~~ttl" of the item table of table "Kept" cannot be renamed', 'The extension finds the indexes of a table by their names.'),
	('ALTER TABLE <t> RENAME COLUMN h TO other', 'column "h" of the item table of table "Kept" cannot be renamed', 'Columns of key attributes are called like the attributes.'),
	('ALTER VIEW <t> RENAME COLUMN s TO other', 'column "s" of the item table of table "Kept" cannot be renamed', 'Columns of key attributes are called like the attributes.'),
	('ALTER TABLE <t> RENAME item TO other', 'column "item" of the item table of table "Kept" cannot be renamed', 'Columns of key attributes are called like the attributes.'),
	('ALTER TABLE <t> RENAME size TO other', 'column "size" of the item table of table "Kept" cannot be renamed', 'Columns of key attributes are called like the attributes.'),
	('ALTER TABLE <t> RENAME "~ttl" TO other', 'column "~ttl" of the item table of table "Kept" cannot be renamed', 'Columns of key attributes are called like the attributes.'),
	('ALTER TRIGGER dynamo_item ON <t> RENAME TO other', 'trigger "dynamo_item" of the item table of table "Kept" cannot be renamed', 'The extension finds it by its name.'),
	('ALTER TRIGGER "!dynamo_stream" ON <t> RENAME TO other', 'trigger "!dynamo_stream" of the item table of table "Kept" cannot be renamed', 'The extension finds it by its name.'),
	('ALTER TRIGGER "!dynamo_truncate" ON <t> RENAME TO other', 'trigger "!dynamo_truncate" of the item table of table "Kept" cannot be renamed', 'The extension finds it by its name.'),
	('ALTER SCHEMA dynamo_tables RENAME TO other', 'schema "dynamo_tables" cannot be renamed', 'The extension finds item tables in it.');
CREATE FUNCTION pg_temp.attempt(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	PERFORM set_config('role', who, true);
	EXECUTE replace(statement, '<t>', 'dynamo_tables."Kept"');
	PERFORM set_config('role', 'none', true);
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN format('%s: %s %s', SQLSTATE, SQLERRM, hint);
END $$;
SELECT is(pg_temp.attempt(who, statement), format('55000: %s %s', message, hint), statement || ', as ' || who)
FROM attempts, unnest('{none,guard_owner}'::text[]) AS who;

-- ---- what is nobody's but the owner's
ALTER TABLE dynamo_tables."Kept" ADD note text, ADD CONSTRAINT mine CHECK (size > 0);
CREATE INDEX mine_index ON dynamo_tables."Kept" (size);
CREATE TRIGGER mine BEFORE INSERT ON dynamo_tables."Kept" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TABLE dynamo_tables.stranger (h int);
CREATE SCHEMA other_kept;
CREATE TABLE other_kept."Kept" (h int);
SELECT is(pg_temp.attempt('none', statement), 'done', statement) FROM unnest(ARRAY[
	'ALTER TABLE <t> RENAME note TO remark', 'ALTER TABLE <t> RENAME CONSTRAINT mine TO my', 'ALTER INDEX dynamo_tables.mine_index RENAME TO my_index',
	'ALTER TRIGGER mine ON <t> RENAME TO my', 'ALTER TABLE <t> RENAME CONSTRAINT "Kept~pkey" TO my_pkey', 'ALTER TABLE dynamo_tables.my_pkey RENAME TO "Kept~pkey"',
	'ALTER TABLE dynamo_tables.stranger RENAME h TO r', 'ALTER TABLE dynamo_tables.stranger RENAME TO strange', 'ALTER TABLE dynamo_tables.strange SET SCHEMA elsewhere',
	'ALTER TABLE other_kept."Kept" RENAME TO "Other"', 'ALTER SCHEMA other_kept RENAME TO kept_other', 'ALTER TABLE IF EXISTS nowhere RENAME TO here',
	'ALTER TABLE <t> OWNER TO guard_owner']) AS statement;
DROP TRIGGER my ON dynamo_tables."Kept";
SELECT is(dynamo.get_item('Kept', '{"h": "a", "r": "b"}'), '{"h": "a", "r": "b", "s": "x"}', 'after all that the table is served');
SELECT is_empty($$SELECT * FROM dynamo.check_table('Kept')$$, 'and in order');

-- ---- what got through all the same: event triggers do not see what runs as a replica
CREATE FUNCTION pg_temp.unseen(VARIADIC statements text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	statement text;
BEGIN
	SET LOCAL session_replication_role = replica;
	FOREACH statement IN ARRAY statements LOOP
		EXECUTE statement;
	END LOOP;
	SET LOCAL session_replication_role = origin;
END $$;
CREATE TEMP TABLE losses (number int, statements text[], place text, repair text);
INSERT INTO losses VALUES
	(1, ARRAY['ALTER TABLE dynamo_tables."Kept" RENAME TO "Other"'], 'dynamo_tables."Other"', 'ALTER TABLE dynamo_tables."Other" RENAME TO "Kept"'),
	(2, ARRAY['ALTER TABLE dynamo_tables."Kept" SET SCHEMA elsewhere'], 'elsewhere."Kept"', 'ALTER TABLE elsewhere."Kept" SET SCHEMA dynamo_tables'),
	(3, ARRAY['ALTER TABLE dynamo_tables."Kept" RENAME TO "Other"', 'ALTER TABLE dynamo_tables."Other" SET SCHEMA elsewhere'], 'elsewhere."Other"',
	 'ALTER TABLE elsewhere."Other" RENAME TO "Kept"; ALTER TABLE elsewhere."Kept" SET SCHEMA dynamo_tables');
CREATE FUNCTION pg_temp.lost(n int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	loss losses;
	row record;
BEGIN
	SELECT * INTO loss FROM losses WHERE number = n;
	PERFORM pg_temp.unseen(VARIADIC loss.statements);
	RETURN NEXT is_empty('SELECT * FROM dynamo.list_tables()', n || ': ListTables does not list it');
	RETURN NEXT throws_ok($q$SELECT dynamo.describe_table('Kept')$q$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Kept not found', n || ': DescribeTable does not find it');
	RETURN NEXT throws_ok($q$SELECT dynamo.get_item('Kept', '{"h": "a", "r": "b"}')$q$, 'YD004', 'ResourceNotFoundException: Requested resource not found', n || ': nor does GetItem');
	RETURN NEXT is(pg_temp.attempt('guard_owner', $q$SELECT dynamo.create_table('Kept', 'h')$q$),
		format('YD005: ResourceInUseException: Table already exists: Kept Its item table was renamed or moved: %s brings it back, dynamo.delete_table() forgets it.', loss.repair),
		n || ': CreateTable says what to do');
	RETURN NEXT results_eq($q$SELECT * FROM dynamo.check_table('Kept')$q$,
		format($q$VALUES (%L, 'not served', %L)$q$, 'its item table dynamo_tables."Kept" is missing; it may be ' || loss.place || ' now', loss.repair), n || ': check_table finds it');
	-- the way back
	BEGIN
		EXECUTE loss.repair;
		RETURN NEXT is(dynamo.put_item('Kept', '{"h": "a", "r": "b", "n": 1}', return_values => 'ALL_OLD'), '{"h": "a", "r": "b", "s": "x"}', n || ': the repair repairs it');
		RETURN NEXT is_empty($q$SELECT * FROM dynamo.check_table('Kept')$q$, n || ': wholly');
		RAISE SQLSTATE 'ZZZZZ';
	EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
	END;
	-- the way out
	BEGIN
		RETURN NEXT matches(pg_temp.attempt('guard_other', $q$SELECT dynamo.delete_table('Kept')$q$), '^YD105: AccessDeniedException: .*dynamodb:DeleteTable', n || ': another may not delete it');
		RETURN NEXT is(pg_temp.attempt('guard_owner', $q$SELECT dynamo.delete_table('Kept')$q$), 'done', n || ': its owner may');
		RETURN NEXT is((SELECT count(*) FROM dynamo.tables), 0::bigint, n || ': it is out of the catalogue');
		EXECUTE format('SELECT count(*) FROM %s', loss.place) INTO row;
		RETURN NEXT is(row.count, 1::bigint, n || ': the rows stay where they were moved');
		RETURN NEXT is((SELECT string_agg(closed IS NOT NULL || ' ' || owner::regrole::text, ',') FROM dynamo.streams), 'true -',
			n || ': the stream is closed, and superusers'' alone');
		IF n = 1 THEN
			RETURN NEXT is(pg_temp.attempt('guard_owner', $q$SELECT dynamo.create_table('Kept', 'h')$q$),
				'YD005: ResourceInUseException: Table already exists: Kept Relation dynamo_tables."Kept~pkey" has the name that an index of the table needs: rename or drop it.',
				n || ': what is left is in the way of a new one, and named');
			EXECUTE 'DROP TABLE ' || loss.place;
		END IF;
		RETURN NEXT is(pg_temp.attempt('guard_owner', $q$SELECT dynamo.create_table('Kept', 'h')$q$), 'done', n || ': a new table');
		RAISE SQLSTATE 'ZZZZZ';
	EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
	END;
	EXECUTE loss.repair;
END $$;
SELECT pg_temp.lost(number) FROM losses ORDER BY number;

-- what looks the same twice is not guessed
SELECT pg_temp.unseen('ALTER TABLE dynamo_tables."Kept" RENAME TO "Other"') \g /dev/null
CREATE TABLE elsewhere.fake (item jsonb);
CREATE TRIGGER dynamo_item BEFORE INSERT ON elsewhere.fake FOR EACH ROW EXECUTE FUNCTION dynamo.item_trigger();
COMMENT ON TABLE elsewhere.fake IS 'DynamoDB table Kept';
SELECT results_eq($$SELECT * FROM dynamo.check_table('Kept')$$,
	$$VALUES ('its item table dynamo_tables."Kept" is missing', 'not served', 'SELECT dynamo.delete_table(''Kept'')')$$, 'of two that may be it, none is named');
DROP TABLE elsewhere.fake;
-- protection holds
UPDATE dynamo.tables SET deletion_protection = true;
SELECT is(pg_temp.attempt('guard_owner', $$SELECT dynamo.delete_table('Kept')$$),
	'YD001: ValidationException: Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. ', 'DeletionProtectionEnabled holds');
UPDATE dynamo.tables SET deletion_protection = false;

-- ---- dropped behind our back
SELECT pg_temp.unseen('ALTER EVENT TRIGGER dynamo_drop DISABLE', 'DROP TABLE dynamo_tables."Other"', 'ALTER EVENT TRIGGER dynamo_drop ENABLE') \g /dev/null
SELECT is_empty('SELECT * FROM dynamo.list_tables()', 'a table that is gone is not listed');
SELECT results_eq($$SELECT * FROM dynamo.check_table('Kept')$$,
	$$VALUES ('its item table dynamo_tables."Kept" is missing', 'not served', 'SELECT dynamo.delete_table(''Kept'')')$$, 'check_table says how to forget it');
CREATE ROLE guard_fake;
CREATE SCHEMA guard_fake AUTHORIZATION guard_fake;
CREATE TABLE guard_fake.fake (item jsonb);
CREATE TRIGGER dynamo_item BEFORE INSERT ON guard_fake.fake FOR EACH ROW EXECUTE FUNCTION dynamo.item_trigger();
COMMENT ON TABLE guard_fake.fake IS 'DynamoDB table Kept';
ALTER TABLE guard_fake.fake OWNER TO guard_fake;
SELECT matches(pg_temp.attempt('guard_fake', $$SELECT dynamo.delete_table('Kept')$$), '^YD105: .*needs CREATE on schema dynamo_tables', 'who only has a table that looks like it may not forget it');
DROP TABLE guard_fake.fake;
SELECT is(pg_temp.attempt('none', $$SELECT dynamo.delete_table('Kept')$$), 'done', 'DeleteTable forgets it');
SELECT throws_ok($$SELECT dynamo.delete_table('Kept')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Kept not found', 'once');
SELECT throws_ok($$SELECT * FROM dynamo.check_table('Kept')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: Kept not found', 'and then there is none to check');

-- ---- a partition can get no column
CREATE TABLE elsewhere.parent (h text COLLATE "C" NOT NULL, item jsonb NOT NULL, size int NOT NULL) PARTITION BY LIST (h);
SELECT dynamo.create_table('Part', 'h') IS NOT NULL;
ALTER TABLE elsewhere.parent ATTACH PARTITION dynamo_tables."Part" DEFAULT;
SELECT throws_ok($$SELECT dynamo.request('UpdateTable', '{"TableName": "Part", "AttributeDefinitions": [{"AttributeName": "g", "AttributeType": "S"}],
	"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "gsi", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}')$$,
	'YD005', 'ResourceInUseException: Table is being used: Part: it is a partition of a table in SQL, to which no column can be added', 'an index on a partition');
SELECT throws_ok($$SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Part", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}')$$,
	'YD005', 'ResourceInUseException: Table is being used: Part: it is a partition of a table in SQL, to which no column can be added', 'TimeToLive on a partition');

SELECT * FROM finish();
ROLLBACK;
