-- dynamo.rename_table(): everything that belongs to a table has the new name afterwards.
BEGIN;
SELECT no_plan();

CREATE ROLE rename_owner;
CREATE ROLE rename_other;
GRANT CREATE ON SCHEMA dynamo_tables TO rename_owner, rename_other;
SET ROLE rename_owner;
SELECT dynamo.create_table('First', 'h', 'r', attribute_types => '{"r": "N"}', global_indexes => '{"gsi": {"hash_key": "s"}, "pkey": {"hash_key": "r"}}',
	local_indexes => '{"lsi": {"range_key": "s"}}', stream_view_type => 'NEW_IMAGE', tags => '{"team": "shop"}', deletion_protection => true) IS NOT NULL;
SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "First", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}') IS NOT NULL;
RESET ROLE;
DO $$ BEGIN WHILE dynamo.run_worker('jobs') LOOP END LOOP; END $$;
SELECT jsonb_build_object('h', 'a', 'r', 1, 's', 'x', 't', extract(epoch FROM now())::bigint - 100) AS item \gset
SELECT dynamo.put_item('First', :'item');
-- an index whose build has only begun
SELECT dynamo.request('UpdateTable', '{"TableName": "First", "AttributeDefinitions": [{"AttributeName": "u", "AttributeType": "S"}],
	"GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "late", "KeySchema": [{"AttributeName": "u", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}}]}') IS NOT NULL;
GRANT SELECT ON dynamo_tables."First" TO rename_other;

CREATE FUNCTION pg_temp.attempt(who text, old_name text, new_name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	PERFORM set_config('role', who, true);
	PERFORM dynamo.rename_table(old_name, new_name);
	PERFORM set_config('role', 'none', true);
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN format('%s: %s%s', SQLSTATE, SQLERRM, ' ' || nullif(hint, ''));
END $$;
CREATE FUNCTION pg_temp.relations() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(relname, ',' ORDER BY relname COLLATE "C") FROM pg_class WHERE relnamespace = 'dynamo_tables'::regnamespace $$;

-- ---- refused
DO $$ BEGIN PERFORM dynamo.create_table('Taken', 'h'); END $$;
CREATE TABLE dynamo_tables."Mine" (h int);
SELECT is(pg_temp.attempt('rename_owner', 'First', 'Taken'), 'YD005: ResourceInUseException: Table already exists: Taken', 'the name of another table');
SELECT is(pg_temp.attempt('rename_owner', 'First', 'Mine'), 'YD005: ResourceInUseException: Table already exists: Mine', 'the name of a relation');
SELECT is(pg_temp.attempt('rename_owner', 'First', 'First'), 'YD005: ResourceInUseException: Table already exists: First', 'its own');
SELECT is(pg_temp.attempt('rename_owner', 'Nowhere', 'Renamed'), 'YD004: ResourceNotFoundException: Requested resource not found: Table: Nowhere not found', 'no such table');
SELECT matches(pg_temp.attempt('rename_owner', 'First', name), '^YD001: ValidationException: .*tableName', 'no name of a table: ' || left(name, 20))
FROM unnest(ARRAY['', 'ab', 'a b', repeat('n', 1025), 'a"b']) AS name;
SELECT matches(pg_temp.attempt('rename_other', 'First', 'Renamed'), '^YD105: AccessDeniedException: User: arn:aws:iam::000000000000:user/rename_other is not authorized to perform: dynamodb:RenameTable on resource: .*table/First .*Role "rename_other" needs to own table', 'only the owner renames');
REVOKE CREATE ON SCHEMA dynamo_tables FROM rename_owner;
SELECT matches(pg_temp.attempt('rename_owner', 'First', 'Renamed'), '^YD105: .*table/Renamed .*needs CREATE on schema dynamo_tables', 'who may create tables');
GRANT CREATE ON SCHEMA dynamo_tables TO rename_owner;
CREATE TABLE dynamo_tables."Renamed~gsi" (h int);
SELECT is(pg_temp.attempt('rename_owner', 'First', 'Renamed'), 'YD005: ResourceInUseException: Table already exists: Renamed Relation dynamo_tables."Renamed~gsi" has the name that an index of the table needs: rename or drop it.', 'the name of an index is taken');
DROP TABLE dynamo_tables."Renamed~gsi";
ALTER TABLE dynamo_tables."First" ALTER size DROP NOT NULL;
SELECT is(pg_temp.attempt('rename_owner', 'First', 'Renamed'), 'YD004: ResourceNotFoundException: Requested resource not found: Table: First is damaged: column "size" is not declared NOT NULL', 'a damaged table');
ALTER TABLE dynamo_tables."First" ALTER size SET NOT NULL;
DROP TABLE dynamo_tables."Mine";

-- ---- done
SELECT pg_temp.relations() AS before, (SELECT id FROM dynamo.tables WHERE name = 'First') AS id, dynamo.describe_table('First') AS description,
	'dynamo_tables."First"'::regclass::oid AS relid \gset
SELECT is(pg_temp.attempt('rename_owner', 'First', 'Renamed'), 'done', 'the owner renames his table');
SELECT is(pg_temp.relations(), replace(replace(:'before', 'First', 'Renamed'), left(encode(sha256('First~pkey'), 'hex'), 16), left(encode(sha256('Renamed~pkey'), 'hex'), 16)), 'with all its indexes');
SELECT is((SELECT string_agg(rel_name, ',' ORDER BY position) FROM dynamo.indexes WHERE table_id = :id AND rel_name !~ '^Renamed~'), NULL, 'the catalogue has their names');
SELECT is((SELECT conname FROM pg_constraint WHERE conrelid = :relid AND contype = 'p'), 'Renamed~pkey', 'the constraint follows');
SELECT is(obj_description(:relid, 'pg_class'), 'DynamoDB table Renamed', 'and the comment');
SELECT is_empty($$SELECT * FROM dynamo.check_table('Renamed')$$, 'nothing is wrong with it');
SELECT is(replace(dynamo.describe_table('Renamed')::text, 'Renamed', 'First')::jsonb, :'description'::jsonb, 'DescribeTable tells the same, TableId and stream label included');
SELECT results_eq('SELECT * FROM dynamo.list_tables()', $$VALUES ('Renamed'), ('Taken')$$, 'ListTables');
SELECT throws_ok($$SELECT dynamo.describe_table('First')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found: Table: First not found', 'there is none of the old name');
SELECT throws_ok($$SELECT dynamo.get_item('First', '{"h": "a", "r": 1}')$$, 'YD004', 'ResourceNotFoundException: Requested resource not found', 'to read');
SELECT is(dynamo.get_item('Renamed', '{"h": "a", "r": 1}'), :'item', 'the items are here');
SELECT lives_ok($$SELECT dynamo.put_item('Renamed', '{"h": "b", "r": 2, "s": "x", "u": "y"}')$$, 'and written');
SELECT lives_ok($$INSERT INTO dynamo_tables."Renamed" (item) VALUES ('{"h": "c", "r": 3}')$$, 'by SQL, too');
SELECT is((SELECT count(*) FROM dynamo.query('Renamed', 's = :s', index_name => 'gsi', attribute_values => '{":s": "x"}')), 2::bigint, 'an index');
SELECT is((SELECT count(*) FROM dynamo.query('Renamed', 'r = :r', index_name => 'pkey', attribute_values => '{":r": 2}')), 1::bigint, 'one that is called pkey');
SELECT ok(has_table_privilege('rename_other', 'dynamo_tables."Renamed"', 'SELECT'), 'GRANTs stay');
SELECT is(dynamo.request('ListTagsOfResource', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Renamed"}') #>> '{Tags,0,Value}', 'shop', 'tags');
SELECT throws_ok($$SELECT dynamo.delete_table('Renamed')$$, 'YD001', NULL, 'deletion protection');
SELECT is(dynamo.expire_items('Renamed'), 1::bigint, 'TimeToLive');

-- ---- its stream has the new name in its ARN, and all its records
SELECT is((SELECT string_agg(table_name, ',') FROM dynamo.streams), 'Renamed', 'the stream follows');
SELECT matches(dynamo.request('ListStreams', '{}') #>> '{Streams,0,StreamArn}', '^arn:aws:dynamodb:us-east-1:000000000000:table/Renamed/stream/', 'by its ARN');

-- ---- the job goes on under the new name
SELECT results_eq($$SELECT table_name, object FROM dynamo.jobs WHERE state = 'QUEUED'$$, $$VALUES ('Renamed' COLLATE "C", 'late' COLLATE "C")$$, 'a queued job follows');
DO $$ BEGIN WHILE dynamo.run_worker('jobs') LOOP END LOOP; END $$;
SELECT is((SELECT count(*) FROM dynamo.query('Renamed', 'u = :u', index_name => 'late', attribute_values => '{":u": "y"}')), 1::bigint, 'and builds its index');
SELECT has_index('dynamo_tables', 'Renamed', 'Renamed~late', ARRAY['u', 'h', 'r'], 'called like the others');

-- ---- the old name is free, and a table can have it back
SELECT lives_ok($$SELECT dynamo.create_table('First', 'other')$$, 'the old name is free');
SELECT lives_ok($$SELECT dynamo.put_item('First', '{"other": "a"}')$$, 'for another table');
SELECT is((SELECT count(*) FROM dynamo.scan('Renamed')), 2::bigint, 'which leaves this one alone');
SELECT lives_ok($$SELECT dynamo.rename_table('First', 'Third')$$, 'that goes');
SELECT is(pg_temp.attempt('rename_owner', 'Renamed', 'First'), 'done', 'and back');
SELECT is(dynamo.get_item('First', '{"h": "c", "r": 3}'), '{"h": "c", "r": 3}', 'with its items');
SELECT is(dynamo.get_item('Third', '{"other": "a"}'), '{"other": "a"}', 'each with its own');

-- ---- undone
SAVEPOINT undone;
SELECT dynamo.rename_table('First', 'Undone') \g /dev/null
SELECT is(dynamo.get_item('Undone', '{"h": "c", "r": 3}'), '{"h": "c", "r": 3}', 'renamed');
ROLLBACK TO undone;
SELECT is(dynamo.get_item('First', '{"h": "c", "r": 3}'), '{"h": "c", "r": 3}', 'and not');
SELECT throws_ok($$SELECT dynamo.get_item('Undone', '{"h": "c", "r": 3}')$$, 'YD004', NULL, 'there is none of that name then');

-- ---- long names, an owner's comment, a primary key and an index of another name
COMMENT ON TABLE dynamo_tables."First" IS 'mine';
ALTER TABLE dynamo_tables."First" RENAME CONSTRAINT "First~pkey" TO my_pkey;
DROP INDEX dynamo_tables."First~gsi";
SELECT is(pg_temp.attempt('none', 'First', repeat('n', 255)), 'done', 'a name longer than PostgreSQL takes');
SELECT is(rel_name, repeat('n', 46) || '~' || left(encode(sha256(repeat('n', 255)::bytea), 'hex'), 16), 'is shortened') FROM dynamo.tables WHERE id = :id;
SELECT is(obj_description(:relid, 'pg_class'), 'mine', 'an owner''s comment stays');
SELECT has_index('dynamo_tables', rel_name::name, 'my_pkey', 'and his name of the primary key') FROM dynamo.tables WHERE id = :id;
SELECT results_eq(format('SELECT problem FROM dynamo.check_table(%L)', repeat('n', 255)), $$VALUES ('the PostgreSQL index of index "gsi" is missing')$$, 'what was missing is missing');
DO $$ DECLARE repair text; BEGIN
	FOR repair IN SELECT c.repair FROM dynamo.check_table(repeat('n', 255)) c LOOP EXECUTE replace(repair, 'CONCURRENTLY', ''); END LOOP; END $$;
SELECT is_empty(format('SELECT * FROM dynamo.check_table(%L)', repeat('n', 255)), 'and is repaired under the new name');
SELECT is(pg_temp.attempt('none', 'arn:aws:dynamodb:us-east-1:000000000000:table/' || repeat('n', 255), 'arn:aws:dynamodb:us-east-1:000000000000:table/Short'), 'done', 'ARNs are names');
SELECT is((SELECT count(*) FROM dynamo.scan('Short')), 2::bigint, 'of the table');
SELECT is(pg_temp.attempt('rename_other', 'Short', NULL), 'done', 'NULL does nothing');
SELECT is((SELECT count(*) FROM dynamo.scan('Short')), 2::bigint, 'at all');

-- ---- a stream of an earlier table, with the label of this one's
SELECT dynamo_test.clock('2026-01-02 03:04:05+00') \g /dev/null
SELECT dynamo.create_table('Early', 'h', stream_view_type => 'KEYS_ONLY') IS NOT NULL;
SELECT dynamo.create_table('Later', 'h', stream_view_type => 'KEYS_ONLY') IS NOT NULL;
UPDATE dynamo.streams SET label = 'same' WHERE table_name IN ('Early', 'Later');
DO $$ BEGIN PERFORM dynamo.delete_table('Early'); END $$;
SELECT is(pg_temp.attempt('none', 'Later', 'Early'), 'YD005: ResourceInUseException: Table already exists: Early: a stream of it has the label of a stream of the renamed table', 'two streams of one name need two labels');

SELECT * FROM finish();
ROLLBACK;
