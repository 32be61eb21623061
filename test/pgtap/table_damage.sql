-- What the owner of an item table breaks in SQL: a clear error that names it, dynamo.check_table(), a way back, and never a crash.
BEGIN;
SELECT no_plan();

-- the damage that this event trigger refuses: a database of 1.0 may have it
ALTER EVENT TRIGGER dynamo_alter DISABLE;
SELECT dynamo.create_table('Damaged', 'h', 'r', attribute_types => '{"r": "N"}', global_indexes => '{"gsi": {"hash_key": "s"}}',
						   stream_view_type => 'NEW_AND_OLD_IMAGES') IS NOT NULL;
SELECT dynamo.put_item('Damaged', '{"h": "a", "r": 1, "s": "x"}');

-- The errors of all kinds of operations, in one text when they are the same; the damage is undone.
CREATE FUNCTION pg_temp.answers(damage text, operations text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	operation text;
	seen text[] := '{}';
BEGIN
	BEGIN
		EXECUTE replace(damage, '<t>', 'dynamo_tables."Damaged"');
		FOREACH operation IN ARRAY operations LOOP
			BEGIN
				EXECUTE operation;
				seen := seen || 'fine'::text;
			EXCEPTION WHEN OTHERS THEN
				seen := seen || SQLERRM;
			END;
		END LOOP;
		RAISE SQLSTATE 'ZZZZZ';
	EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
	END;
	RETURN (SELECT string_agg(DISTINCT replace(a, 'ResourceNotFoundException: Requested resource not found: Table: Damaged is damaged: ', '!'), ' | ') FROM unnest(seen) a);
END $$;
CREATE FUNCTION pg_temp.reads() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY[
	$q$SELECT dynamo.get_item('Damaged', '{"h": "a", "r": 1}')$q$,
	$q$SELECT * FROM dynamo.query('Damaged', 'h = :h', attribute_values => '{":h": "a"}')$q$,
	$q$SELECT * FROM dynamo.query('Damaged', 's = :s', index_name => 'gsi', attribute_values => '{":s": "x"}')$q$,
	$q$SELECT * FROM dynamo.scan('Damaged')$q$,
	$q$SELECT dynamo.request('Scan', '{"TableName": "Damaged", "Segment": 0, "TotalSegments": 2}')$q$,
	$q$SELECT dynamo.request('BatchGetItem', '{"RequestItems": {"Damaged": {"Keys": [{"h": {"S": "a"}, "r": {"N": "1"}}]}}}')$q$,
	$q$SELECT dynamo.request('TransactGetItems', '{"TransactItems": [{"Get": {"TableName": "Damaged", "Key": {"h": {"S": "a"}, "r": {"N": "1"}}}}]}')$q$,
	$q$SELECT * FROM dynamo.partiql('SELECT * FROM "Damaged"')$q$] $$;
CREATE FUNCTION pg_temp.writes() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY[
	$q$SELECT dynamo.put_item('Damaged', '{"h": "b", "r": 1}')$q$,
	$q$SELECT dynamo.put_item('Damaged', '{"h": "a", "r": 1, "s": "x"}', condition => 'attribute_exists(h)')$q$,
	$q$SELECT dynamo.update_item('Damaged', '{"h": "a", "r": 1}', 'SET q = s')$q$,
	$q$SELECT dynamo.delete_item('Damaged', '{"h": "a", "r": 1}')$q$,
	$q$SELECT dynamo.request('BatchWriteItem', '{"RequestItems": {"Damaged": [{"DeleteRequest": {"Key": {"h": {"S": "a"}, "r": {"N": "1"}}}}]}}')$q$,
	$q$SELECT dynamo.request('TransactWriteItems', '{"TransactItems": [{"Delete": {"TableName": "Damaged", "Key": {"h": {"S": "a"}, "r": {"N": "1"}}}}]}')$q$,
	$q$SELECT dynamo.request('UpdateTimeToLive', '{"TableName": "Damaged", "TimeToLiveSpecification": {"AttributeName": "t", "Enabled": true}}')$q$] $$;
CREATE FUNCTION pg_temp.others() RETURNS text[] LANGUAGE sql AS $$ SELECT ARRAY[
	$q$SELECT dynamo.describe_table('Damaged')$q$,
	$q$SELECT dynamo.request('DescribeTimeToLive', '{"TableName": "Damaged"}')$q$,
	$q$SELECT dynamo.request('ListTagsOfResource', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Damaged"}')$q$,
	$q$SELECT * FROM dynamo.stream_records('Damaged')$q$,
	$q$SELECT dynamo.delete_table('Damaged')$q$] $$;

SELECT is(pg_temp.answers('SELECT', pg_temp.reads() || pg_temp.writes() || pg_temp.others()), 'fine', 'all is well before');

-- ---- nothing can be read or written; descriptions and deletion work
CREATE TEMP TABLE damages (damage text, problem text, repair text);
INSERT INTO damages VALUES
	('ALTER TABLE <t> DROP COLUMN item', 'column "item" is missing', NULL),
	('ALTER TABLE <t> ALTER item TYPE json', 'column "item" has type json instead of jsonb', 'ALTER TABLE <t> ALTER COLUMN item TYPE pg_catalog.jsonb USING item::jsonb'),
	('ALTER TABLE <t> ALTER item DROP NOT NULL', 'column "item" is not declared NOT NULL', 'ALTER TABLE <t> ALTER COLUMN item SET NOT NULL'),
	('ALTER TABLE <t> DISABLE TRIGGER dynamo_item, DISABLE TRIGGER "!dynamo_stream", ALTER item DROP NOT NULL; UPDATE <t> SET item = NULL',
	 'column "item" is not declared NOT NULL', NULL),
	('ALTER TABLE <t> DISABLE TRIGGER dynamo_item, DISABLE TRIGGER "!dynamo_stream", ALTER size DROP NOT NULL; UPDATE <t> SET size = NULL',
	 'column "size" is not declared NOT NULL', NULL),
	('ALTER TABLE <t> DROP COLUMN size', 'column "size" is missing', NULL),
	('ALTER TABLE <t> ALTER size TYPE bigint', 'column "size" has type bigint instead of integer', 'ALTER TABLE <t> ALTER COLUMN size TYPE pg_catalog.int4 USING size::integer'),
	('ALTER TABLE <t> DROP COLUMN h CASCADE', 'column "h" is missing', NULL),
	('ALTER TABLE <t> ALTER h TYPE varchar', 'column "h" has type character varying instead of text', 'ALTER TABLE <t> ALTER COLUMN h TYPE pg_catalog.text COLLATE pg_catalog."C" USING h::text'),
	('ALTER TABLE <t> ALTER h TYPE text', 'column "h" does not have collation "C"', 'ALTER TABLE <t> ALTER COLUMN h TYPE pg_catalog.text COLLATE pg_catalog."C"'),
	('ALTER TABLE <t> ALTER r TYPE text', 'column "r" has type text instead of numeric', 'ALTER TABLE <t> ALTER COLUMN r TYPE pg_catalog.numeric USING r::numeric'),
	('ALTER TABLE <t> RENAME h TO hash', 'column "h" is missing', NULL),
	('ALTER TABLE <t> RENAME s TO other', 'column "s" is missing', NULL),
	('ALTER TABLE <t> DROP COLUMN s', 'column "s" is missing', NULL);
SELECT is(pg_temp.answers(damage, pg_temp.reads() || pg_temp.writes()), '!' || problem, damage) FROM damages;
SELECT is(pg_temp.answers(damage, pg_temp.others()), 'fine', damage || ': described and deleted') FROM damages;
SELECT is(pg_temp.answers(damage || '; ' || repair, pg_temp.reads() || pg_temp.writes()), 'fine', damage || ': repaired') FROM damages WHERE repair IS NOT NULL;

-- ---- nothing can be written
TRUNCATE damages;
INSERT INTO damages VALUES
	('ALTER TABLE <t> DROP CONSTRAINT "Damaged~pkey"', 'there is no primary key on the key''s columns', 'ALTER TABLE <t> ADD PRIMARY KEY (h, r)'),
	('ALTER TABLE <t> DROP CONSTRAINT "Damaged~pkey", ADD PRIMARY KEY (h)', 'there is no primary key on the key''s columns', 'ALTER TABLE <t> ADD UNIQUE (h, r)'),
	('ALTER TABLE <t> DROP CONSTRAINT "Damaged~pkey", ADD PRIMARY KEY (h, r) DEFERRABLE', 'a unique constraint on the key''s columns is deferrable',
	 'ALTER TABLE <t> DROP CONSTRAINT "Damaged_pkey", ADD PRIMARY KEY (h, r)'),
	('ALTER TABLE <t> ADD CONSTRAINT late UNIQUE (r, h) DEFERRABLE', 'a unique constraint on the key''s columns is deferrable', 'ALTER TABLE <t> DROP CONSTRAINT late'),
	('CREATE RULE r AS ON INSERT TO <t> DO INSTEAD NOTHING', 'it has a rule on INSERT or UPDATE', NULL);
SELECT is(pg_temp.answers(damage, pg_temp.writes()), '!' || problem, damage) FROM damages;
SELECT is(pg_temp.answers(damage, pg_temp.reads()), 'fine', damage || ': read all the same') FROM damages;
SELECT is(pg_temp.answers(damage || '; ' || repair, pg_temp.reads() || pg_temp.writes()), 'fine', damage || ': repaired') FROM damages WHERE repair IS NOT NULL;

-- ---- what only dynamo.check_table() tells
TRUNCATE damages;
INSERT INTO damages VALUES
	('SELECT', NULL, NULL),
	('ALTER TABLE <t> RENAME CONSTRAINT "Damaged~pkey" TO renamed', NULL, NULL),
	('DROP INDEX dynamo_tables."Damaged~gsi"', 'the PostgreSQL index of index "gsi" is missing (served)', 'CREATE INDEX CONCURRENTLY "Damaged~gsi" ON <t> (s, h, r) WHERE s IS NOT NULL'),
	('ALTER INDEX dynamo_tables."Damaged~gsi" RENAME TO renamed', 'the PostgreSQL index of index "gsi" is missing (served)', 'CREATE INDEX CONCURRENTLY "Damaged~gsi" ON <t> (s, h, r) WHERE s IS NOT NULL'),
	('DROP TRIGGER dynamo_item ON <t>', 'trigger "dynamo_item" is missing (served)', 'CREATE TRIGGER dynamo_item BEFORE INSERT OR UPDATE ON <t> FOR EACH ROW EXECUTE FUNCTION dynamo.item_trigger()'),
	('ALTER TABLE <t> DISABLE TRIGGER dynamo_item', 'trigger "dynamo_item" is disabled (served)', 'ALTER TABLE <t> ENABLE TRIGGER dynamo_item'),
	('DROP TRIGGER "!dynamo_stream" ON <t>', 'trigger "!dynamo_stream" is missing (served)', NULL),
	('ALTER TABLE <t> DISABLE TRIGGER "!dynamo_truncate"', 'trigger "!dynamo_truncate" is disabled (served)', 'ALTER TABLE <t> ENABLE TRIGGER "!dynamo_truncate"'),
	('ALTER TABLE <t> SET UNLOGGED', 'the table is unlogged: a crash of the server empties it (served)', 'ALTER TABLE <t> SET LOGGED'),
	('DROP TRIGGER dynamo_item ON <t>; ALTER TABLE <t> DROP CONSTRAINT "Damaged~pkey", DROP COLUMN size',
	 'column "size" is missing (not served), there is no primary key on the key''s columns (not written), trigger "dynamo_item" is missing (served)', NULL);
CREATE FUNCTION pg_temp.check() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	problems text;
	repairs text;
BEGIN
	SELECT string_agg(format('%s (%s)', problem, effect), ', '), CASE WHEN count(*) = 1 THEN string_agg(repair, ', ') END
	  INTO problems, repairs FROM dynamo.check_table('Damaged');
	RAISE EXCEPTION '% -> %', problems, replace(repairs, 'dynamo_tables."Damaged"', '<t>');
END $$;
SELECT is(pg_temp.answers(damage, '{SELECT pg_temp.check()}'), format('%s -> %s', coalesce(problem, '<NULL>'), coalesce(repair, '<NULL>')), damage) FROM damages;
SELECT is(pg_temp.answers(damage, pg_temp.reads() || pg_temp.writes() || pg_temp.others()), 'fine', damage || ': served')
  FROM damages WHERE problem NOT LIKE '%(not%';
SELECT throws_ok($$SELECT * FROM dynamo.check_table('Nowhere')$$, 'YD004', NULL, 'there must be a table');

-- ---- rows that are loaded before the primary key is there, as a restore does it
SELECT is(pg_temp.answers('ALTER TABLE <t> DROP CONSTRAINT "Damaged~pkey"; INSERT INTO <t> (item) VALUES (''{"h": "c", "r": 1}''); ALTER TABLE <t> ADD PRIMARY KEY (h, r)',
						  pg_temp.reads()), 'fine', 'SQL may load rows before the primary key is made');

SELECT * FROM finish();
ROLLBACK;
