-- dynamo.adopt_table(): an item table that the catalogue does not know, as pg_dump -t leaves it, becomes a table again.
BEGIN;
SELECT no_plan();

CREATE ROLE adopt_owner;
CREATE ROLE adopt_other;
GRANT CREATE ON SCHEMA dynamo_tables TO adopt_owner, adopt_other;
SELECT dynamo.create_table('Dumped', 'h', 'r', attribute_types => '{"r": "N", "b": "B"}', global_indexes => '{"gsi": {"hash_key": "s", "range_key": "h"}, "bin": {"hash_key": "b"}}',
	local_indexes => '{"lsi": {"range_key": "s"}}', stream_view_type => 'NEW_IMAGE') IS NOT NULL;
SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Dumped", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}') IS NOT NULL;
DO $$ BEGIN WHILE dynamo.run_worker('jobs') LOOP END LOOP; END $$;
SELECT dynamo.put_item('Dumped', '{"h": "a", "r": 1.5, "s": "x", "b": {"$B": "AAE="}, "n": {"$NS": [1, 2]}, "l": [1, {"x": null}]}');
INSERT INTO dynamo_tables."Dumped" (item) SELECT jsonb_build_object('h', repeat('long', 100), 'r', i, 's', repeat('y', 500)) FROM generate_series(1, 2500) AS i;
ALTER TABLE dynamo_tables."Dumped" OWNER TO adopt_owner;
-- what is in the dump is the item table alone
DELETE FROM dynamo.tables WHERE name = 'Dumped';

CREATE FUNCTION pg_temp.attempt(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	PERFORM set_config('role', who, true);
	EXECUTE statement;
	PERFORM set_config('role', 'none', true);
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN format('%s: %s%s', SQLSTATE, SQLERRM, ' ' || nullif(hint, ''));
END $$;
-- the same after a change that is undone
CREATE FUNCTION pg_temp.after(change text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE change;
	answer := pg_temp.attempt('none', statement);
	RAISE SQLSTATE 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
	RETURN answer;
END $$;
\set adopt '$q$SELECT dynamo.adopt_table(''dynamo_tables."Dumped"'', ''h'', ''r'', attribute_types => ''{"r": "N", "b": "B"}'', global_indexes => ''{"gsi": {"hash_key": "s", "range_key": "h"}, "bin": {"hash_key": "b"}}'', local_indexes => ''{"lsi": {"range_key": "s"}}'', stream_view_type => ''KEYS_ONLY'', tags => ''{"team": "shop"}'')$q$'

SELECT is(pg_temp.attempt('adopt_owner', $$SELECT dynamo.create_table('Dumped', 'h')$$), 'YD005: ResourceInUseException: Table already exists: Dumped', 'CreateTable does not take it over');

-- ---- refused
SELECT is(pg_temp.attempt('adopt_other', :adopt), '42501: must be owner of table Dumped', 'only the owner');
REVOKE CREATE ON SCHEMA dynamo_tables FROM adopt_owner;
SELECT matches(pg_temp.attempt('adopt_owner', :adopt), '^YD105: AccessDeniedException: .*dynamodb:CreateTable', 'who may create tables');
GRANT CREATE ON SCHEMA dynamo_tables TO adopt_owner;
SELECT matches(pg_temp.attempt('none', $$SELECT dynamo.adopt_table('dynamo_tables."Dumped"', 'nokey')$$),
	'^55000: table dynamo_tables."Dumped" is no item table of such a DynamoDB table: column "nokey" is missing Name the keys', 'another key');
SELECT matches(pg_temp.attempt('none', $$SELECT dynamo.adopt_table('dynamo_tables."Dumped"', 'h', 'r')$$),
	'^55000: .*: column "r" has type numeric instead of text Perhaps ALTER TABLE dynamo_tables."Dumped" ALTER COLUMN r', 'another type');
SELECT matches(pg_temp.attempt('none', $$SELECT dynamo.adopt_table('dynamo_tables."Dumped"', 'h')$$), '^55000: .*: there is no primary key on the key''s columns', 'another primary key');
SELECT matches(pg_temp.attempt('none', $$SELECT dynamo.adopt_table('dynamo_tables."Dumped"', 'h', 'r', attribute_types => '{"r": "N"}', global_indexes => '{"new": {"hash_key": "u"}}')$$),
	'^55000: .*: column "u" is missing', 'an index that it does not have');
SELECT matches(pg_temp.attempt('none', $$SELECT dynamo.adopt_table('pg_catalog.pg_class', 'h')$$),
	'^55000: the item table of table "pg_class" is to be table dynamo_tables.pg_class Use ALTER TABLE ... RENAME TO and SET SCHEMA first.', 'a table elsewhere');
SELECT matches(pg_temp.attempt('none', $$SELECT dynamo.adopt_table('dynamo_tables."Dumped"', 'h', 'h')$$), '^YD001: ValidationException', 'what CreateTable refuses');
SELECT matches(pg_temp.attempt('none', format($$SELECT dynamo.adopt_relation('dynamo_tables."Dumped"', %L)$$, body)), '^YD00[12]: ', 'no body of a request: ' || body)
FROM unnest(ARRAY['[]', '1', '{}', '{"TableName": 5}', '{"TableName": "Dumped"}']) AS body;

-- rows that the trigger would not have made so
SELECT is(pg_temp.after('ALTER TABLE dynamo_tables."Dumped" DISABLE TRIGGER USER; ' || change, :adopt), '55000: column "' || name || '" of a row of "Dumped" is not what its item makes Create a table, and insert the column "item" of these rows into it.', change)
FROM (VALUES ($$UPDATE dynamo_tables."Dumped" SET size = 7 WHERE h = 'a'$$, 'size'), ($$UPDATE dynamo_tables."Dumped" SET h = 'b' WHERE h = 'a'$$, 'h'),
	($$UPDATE dynamo_tables."Dumped" SET r = 2 WHERE h = 'a'$$, 'r'), ($$UPDATE dynamo_tables."Dumped" SET s = NULL WHERE r = 2500$$, 's'),
	($$UPDATE dynamo_tables."Dumped" SET b = '\x00' WHERE h = 'a'$$, 'b'), ($$UPDATE dynamo_tables."Dumped" SET item = jsonb_set(item, '{n}', '{"$NS": [2, 1]}') WHERE h = 'a'$$, 'item'))
	AS v(change, name);
SELECT matches(pg_temp.after('ALTER TABLE dynamo_tables."Dumped" DISABLE TRIGGER USER; UPDATE dynamo_tables."Dumped" SET item = ''' || item || ''' WHERE h = ''a''', :adopt), '^(YD001|22...|55000): ', 'an item that is none: ' || item)
FROM unnest(ARRAY['5', '{}', '[]', 'null', '{"h": 1, "r": 1}', '{"h": "a", "r": 1.5, "x": {"$B": 5}}', '{"h": "", "r": 1.5}']) AS item;

-- ---- done
SELECT is(pg_temp.attempt('adopt_owner', :adopt), 'done', 'the owner adopts his table');
SELECT is_empty($$SELECT * FROM dynamo.check_table('Dumped')$$, 'which is in order');
SELECT is(dynamo.get_item('Dumped', '{"h": "a", "r": 1.5}'), '{"h": "a", "r": 1.5, "s": "x", "b": {"$B": "AAE="}, "n": {"$NS": [1, 2]}, "l": [1, {"x": null}]}', 'its items are there');
SELECT is((SELECT count(*) FROM dynamo.scan('Dumped')), 2501::bigint, 'all of them');
SELECT is((SELECT count(*) FROM dynamo.query('Dumped', 's = :s', index_name => 'gsi', attribute_values => jsonb_build_object(':s', repeat('y', 500)))), 2500::bigint, 'an index');
SELECT is((SELECT count(*) FROM dynamo.query('Dumped', 'b = :b', index_name => 'bin', attribute_values => '{":b": {"$B": "AAE="}}')), 1::bigint, 'another');
SELECT is(dynamo.request('ListTagsOfResource', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Dumped"}') #>> '{Tags,0,Value}', 'shop', 'tags');
SELECT is(dynamo.describe_table('Dumped') #>> '{StreamSpecification,StreamViewType}', 'KEYS_ONLY', 'the stream is the one asked for');
SELECT is((SELECT count(*) FROM pg_trigger, dynamo.streams s WHERE tgrelid = 'dynamo_tables."Dumped"'::regclass AND tgname = '!dynamo_stream'
	AND s.closed IS NULL AND encode(tgargs, 'escape') LIKE s.id || '\\000%'), 1::bigint, 'to which its trigger writes');
SELECT is(dynamo.request('DescribeTimeToLive', '{"TableName": "Dumped"}') #>> '{TimeToLiveDescription,TimeToLiveStatus}', 'DISABLED', 'TimeToLive is off');
SELECT lives_ok($$SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Dumped", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}')$$, 'and can be set');
SELECT lives_ok($$SELECT dynamo.put_item('Dumped', '{"h": "new", "r": 1}')$$, 'items are written');
SELECT throws_ok($$INSERT INTO dynamo_tables."Dumped" (item) VALUES ('{"h": 1}')$$, 'YD001', NULL, 'and checked');
SELECT is(pg_temp.attempt('adopt_owner', :adopt), 'YD005: ResourceInUseException: Table already exists: Dumped', 'it is adopted once');

-- ---- what a dump may lack, and a name that PostgreSQL does not take whole
SELECT dynamo.create_table(repeat('n', 255), 'h', global_indexes => '{"gsi": {"hash_key": "s"}}') ->> 'TableStatus';
SELECT dynamo.put_item(repeat('n', 255), '{"h": "a", "s": "x"}');
DELETE FROM dynamo.tables WHERE name = repeat('n', 255);
SELECT is(count(*), 1::bigint, 'the table is no DynamoDB table') FROM pg_class WHERE relname LIKE 'nnn%' AND relkind = 'r';
DO $$ DECLARE t text := (SELECT oid::regclass FROM pg_class WHERE relname LIKE 'nnn%' AND relkind = 'r'); i text; BEGIN
	i := (SELECT indexrelid::regclass FROM pg_index WHERE indrelid = t::regclass AND NOT indisprimary);
	EXECUTE format('DROP TRIGGER dynamo_item ON %s', t);
	EXECUTE format('DROP INDEX %s', i);
	PERFORM dynamo.adopt_table(t::regclass, 'h', global_indexes => '{"gsi": {"hash_key": "s"}}');
END $$;
SELECT is_empty(format('SELECT * FROM dynamo.check_table(%L)', repeat('n', 255)), 'trigger and index are made');
SELECT is((SELECT count(*) FROM dynamo.query(repeat('n', 255), 's = :s', index_name => 'gsi', attribute_values => '{":s": "x"}')), 1::bigint, 'under the long name');

SELECT * FROM finish();
ROLLBACK;
