-- What the owner of an item table has put on it refuses a write: what a client is told, and what SQL is told.
BEGIN;
SELECT plan(35);

SELECT isnt(dynamo.create_table('Rules', 'p'), NULL, 'a table');
CREATE FUNCTION pg_temp.rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	state text := CASE TG_OP WHEN 'DELETE' THEN OLD.item ->> 'onDelete' ELSE NEW.item ->> 'raise' END;
BEGIN
	IF state = 'division' THEN
		PERFORM 1 / (length(state) - 8);
	ELSIF state = 'no row' THEN
		SELECT 1 INTO STRICT state FROM pg_catalog.pg_class WHERE false;
	ELSIF state = 'no function' THEN
		PERFORM pg_temp.nobody_has_made_it();
	ELSIF state = 'default' THEN
		RAISE EXCEPTION 'words of the owner';
	ELSIF state IS NOT NULL THEN
		RAISE EXCEPTION 'words of the owner' USING ERRCODE = state;
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER rule BEFORE INSERT OR UPDATE OR DELETE ON dynamo_tables."Rules" FOR EACH ROW EXECUTE FUNCTION pg_temp.rule();
ALTER TABLE dynamo_tables."Rules" ADD CONSTRAINT positive CHECK ((item ->> 'n')::int > 0);
ALTER TABLE dynamo_tables."Rules" ADD COLUMN price numeric(4, 1) GENERATED ALWAYS AS ((item ->> 'price')::numeric) STORED;
CREATE INDEX ON dynamo_tables."Rules" (((item ->> 'year')::int));
CREATE INDEX ON dynamo_tables."Rules" ((item ->> 'note'));

-- The code and the text that a client gets, as a statement of a batch; the text of a refusal without its beginning.
CREATE FUNCTION pg_temp.answer(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(concat_ws(': ', error ->> 'Code', error ->> 'Message'),
		'One or more parameter values were invalid: A rule that the table''s owner has put on it refuses this write', 'REFUSED')
	FROM (SELECT dynamo.request('BatchExecuteStatement', jsonb_build_object('Statements',
		jsonb_build_array(jsonb_build_object('Statement', statement)))) #> '{Responses,0,Error}') AS r(error) $$;
CREATE FUNCTION pg_temp.put(item text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.answer(format('INSERT INTO Rules VALUE {''p'': ''a'', %s}', item)) $$;

-- ---- indexes, generated columns, constraints
SELECT is(pg_temp.put(item), expected, what)
FROM (VALUES
	('''year'': ''soon''', 'ValidationError: REFUSED (SQLSTATE 22P02)', 'an index on an expression: a cast'),
	('''year'': 99999999999', 'ValidationError: REFUSED (SQLSTATE 22003)', 'out of range'),
	('''price'': ''much''', 'ValidationError: REFUSED (SQLSTATE 22P02)', 'a generated column'),
	('''price'': 12345', 'ValidationError: REFUSED (SQLSTATE 22003)', 'out of its range'),
	('''n'': ''many''', 'ValidationError: REFUSED (SQLSTATE 22P02)', 'a constraint that cannot be computed'),
	('''n'': -1', 'ValidationError: new row for relation "Rules" violates check constraint "positive"', 'a constraint that is broken')
) AS v(item, expected, what);
SELECT is(pg_temp.put(format('''note'': ''%s''', (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 240) i))),
	'ValidationError: REFUSED (SQLSTATE 54000)', 'a value too large for an index');

-- ---- what triggers raise
SELECT is(pg_temp.put(format('''raise'': ''%s''', state)), expected, what)
FROM (VALUES
	('default', 'ValidationError: words of the owner', 'RAISE EXCEPTION: the owner''s words'),
	('SH001', 'ValidationError: words of the owner', 'with a SQLSTATE of the owner''s, too'),
	('38000', 'ValidationError: words of the owner', 'and an exception of another language'),
	('P0004', 'ValidationError: words of the owner', 'and ASSERT'),
	('09000', 'ValidationError: words of the owner', 'and triggered_action_exception'),
	('23505', 'ValidationError: words of the owner', 'and a constraint''s SQLSTATE'),
	('no row', 'ValidationError: query returned no rows', 'SELECT INTO STRICT'),
	('division', 'ValidationError: REFUSED (SQLSTATE 22012)', 'division by zero'),
	('22023', 'ValidationError: REFUSED (SQLSTATE 22023)', 'a data exception'),
	('21000', 'ValidationError: REFUSED (SQLSTATE 21000)', 'more than one row in a subquery'),
	('44000', 'ValidationError: REFUSED (SQLSTATE 44000)', 'a view''s CHECK OPTION'),
	('40001', 'TransactionConflict: Transaction is ongoing for the item', 'serialization_failure'),
	('40P01', 'TransactionConflict: Transaction is ongoing for the item', 'deadlock_detected'),
	('40000', 'TransactionConflict: Transaction is ongoing for the item', 'all of their class'),
	('55P03', 'TransactionConflict: Transaction is ongoing for the item', 'lock_not_available'),
	('53100', 'InternalServerError: The service is currently unavailable or busy.', 'disk_full'),
	('53300', 'InternalServerError: The service is currently unavailable or busy.', 'too_many_connections'),
	('42501', 'AccessDenied: words of the owner', 'insufficient_privilege'),
	('no function', 'InternalServerError: The request processing has failed because of an unknown error, exception or failure.', 'a broken trigger is no refusal'),
	('58030', 'InternalServerError: The request processing has failed because of an unknown error, exception or failure.', 'nor is an error of the system'),
	('XX001', 'InternalServerError: The request processing has failed because of an unknown error, exception or failure.', 'nor a damage'),
	('55000', 'InternalServerError: The request processing has failed because of an unknown error, exception or failure.', 'nor what only an operator can mend')
) AS v(state, expected, what);

-- ---- updates, deletions
SELECT is(pg_temp.put('''onDelete'': ''22023'''), '', 'an item');
SELECT is(pg_temp.answer('UPDATE Rules SET price = ''much'' WHERE p = ''a'''), 'ValidationError: REFUSED (SQLSTATE 22P02)', 'an update');
SELECT is(pg_temp.answer('DELETE FROM Rules WHERE p = ''a'''), 'ValidationError: REFUSED (SQLSTATE 22023)', 'a deletion');

-- ---- in SQL errors stay as they are
SELECT throws_ok($$SELECT dynamo.put_item('Rules', '{"p": "b", "year": "soon"}')$$, '22P02', 'invalid input syntax for type integer: "soon"', 'SQL sees the error itself');
CREATE FUNCTION pg_temp.context() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	context text;
BEGIN
	PERFORM dynamo.put_item('Rules', '{"p": "b", "year": "soon"}');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
	RETURN context;
END $$;
SELECT matches(pg_temp.context(), 'writing an item, where rules of the table''s owner run', 'and its context tells where it comes from');

SELECT * FROM finish();
ROLLBACK;
