-- The stored form: what each type looks like, what a SQL user may write, and that nothing is lost either way.
BEGIN;
SELECT plan(133);

SELECT is(dynamo_test.value_to_stored(value), stored::jsonb, format('%s is stored as %s', value, stored))
FROM (VALUES
	('{"S":"x"}', '"x"'), ('{"S":""}', '""'), ('{"N":"1.50"}', '1.5'), ('{"N":"1e3"}', '1000'), ('{"BOOL":true}', 'true'), ('{"NULL":true}', 'null'),
	('{"L":[]}', '[]'), ('{"L":[{"S":"a"},{"N":"1"},{"L":[{"NULL":true}]}]}', '["a",1,[null]]'), ('{"M":{}}', '{}'), ('{"M":{"a":{"S":"b"}}}', '{"a":"b"}'),
	('{"B":"AAE="}', '{"$B":"AAE="}'), ('{"B":""}', '{"$B":""}'), ('{"SS":["b","a"]}', '{"$SS":["a","b"]}'), ('{"NS":["10","9.0"]}', '{"$NS":[9,10]}'), ('{"BS":["AQ==","AA=="]}', '{"$BS":["AA==","AQ=="]}'),
	('{"M":{"$B":{"S":"x"}}}', '{"$M":{"$B":"x"}}'), ('{"M":{"$":{"S":"x"}}}', '{"$M":{"$":"x"}}'), ('{"M":{"$any":{"M":{"$M":{"M":{}}}}}}', '{"$M":{"$any":{"$M":{"$M":{}}}}}'),
	('{"M":{"$a":{"S":"x"},"$b":{"S":"y"}}}', '{"$a":"x","$b":"y"}'), ('{"M":{"a$":{"S":"x"}}}', '{"a$":"x"}'), ('{"L":[{"M":{"$NS":{"NULL":true}}}]}', '[{"$M":{"$NS":null}}]'),
	('{"S":"\u0000"}', '"\u0001\u0001"'), ('{"S":"\u0001"}', '"\u0001\u0002"'), ('{"S":"\u0001\u0001\u0002"}', '"\u0001\u0002\u0001\u0002\u0002"'),
	('{"SS":["\u0000","\u0001",""]}', '{"$SS":["","\u0001\u0001","\u0001\u0002"]}'), ('{"M":{"\u0000":{"S":"a"},"b":{"S":"b"}}}', '{"\u0001\u0001":"a","b":"b"}')
) AS case_(value, stored);
SELECT is(dynamo_test.item_to_stored('{"$B":{"S":"x"}}'), '{"$B":"x"}', 'an item itself is never wrapped');
SELECT is(dynamo_test.item_from_stored('{"$B":"x"}'), '{"$B":{"S":"x"}}', 'and never taken for a wrapper');
SELECT is(dynamo_test.item_print_stored('{"$B":"x"}'), '{"$B":{"S":"x"}}', 'nor by the short way');

-- what a SQL user may write
SELECT is(dynamo_test.value_from_stored(stored::jsonb), value, format('%s is read as %s', stored, value))
FROM (VALUES
	('"x"', '{"S":"x"}'), ('1.50', '{"N":"1.5"}'), ('-0.00', '{"N":"0"}'), ('1e3', '{"N":"1000"}'), ('true', '{"BOOL":true}'), ('null', '{"NULL":true}'), ('[]', '{"L":[]}'), ('{}', '{"M":{}}'),
	('{"$B":"AAE="}', '{"B":"AAE="}'), ('{"$SS":["b","a","b"]}', '{"SS":["a","b"]}'), ('{"$NS":[10,9,9.0]}', '{"NS":["9","10"]}'), ('{"$BS":["AQ==","AA=="]}', '{"BS":["AA==","AQ=="]}'),
	('{"$M":{}}', '{"M":{}}'), ('{"$M":{"a":1,"b":2}}', '{"M":{"a":{"N":"1"},"b":{"N":"2"}}}'), ('{"$M":{"$M":{"$B":"AA=="}}}', '{"M":{"$M":{"B":"AA=="}}}'), ('{"$a":1,"$b":2}', '{"M":{"$a":{"N":"1"},"$b":{"N":"2"}}}'),
	('"\u0001"', '{"S":"\u0001"}'), ('"\u0001\u0003"', '{"S":"\u0001\u0003"}'), ('"\u0001\u0001\u0001"', '{"S":"\u0000\u0001"}'), ('{"$SS":[""]}', '{"SS":[""]}')
) AS case_(stored, value);

SELECT throws_ok(format('SELECT dynamo_test.item_from_stored(%L)', item), 'YD001', 'ValidationException: ' || message, item)
FROM (VALUES
	('[]', 'One or more parameter values were invalid: An item must be a JSON object'),
	('"x"', 'One or more parameter values were invalid: An item must be a JSON object'),
	('{"":1}', 'Empty attribute name'),
	('{"a":{"$B":1}}', 'One or more parameter values were invalid: "$B" must hold a string in base64'),
	('{"a":{"$B":"?"}}', 'One or more parameter values were invalid: "$B" must hold a string in base64'),
	('{"a":{"$B":["AA=="]}}', 'One or more parameter values were invalid: "$B" must hold a string in base64'),
	('{"a":{"$M":1}}', 'One or more parameter values were invalid: "$M" must hold an object'),
	('{"a":{"$M":[]}}', 'One or more parameter values were invalid: "$M" must hold an object'),
	('{"a":{"$SS":[]}}', 'One or more parameter values were invalid: "$SS", "$NS" and "$BS" must hold an array with at least one element'),
	('{"a":{"$SS":"x"}}', 'One or more parameter values were invalid: "$SS", "$NS" and "$BS" must hold an array with at least one element'),
	('{"a":{"$NS":{}}}', 'One or more parameter values were invalid: "$SS", "$NS" and "$BS" must hold an array with at least one element'),
	('{"a":{"$SS":["x",1]}}', 'One or more parameter values were invalid: "$SS" must hold strings, "$NS" numbers, "$BS" strings in base64'),
	('{"a":{"$SS":[["x"]]}}', 'One or more parameter values were invalid: "$SS" must hold strings, "$NS" numbers, "$BS" strings in base64'),
	('{"a":{"$NS":["1"]}}', 'One or more parameter values were invalid: "$SS" must hold strings, "$NS" numbers, "$BS" strings in base64'),
	('{"a":{"$BS":["x"]}}', 'One or more parameter values were invalid: "$SS" must hold strings, "$NS" numbers, "$BS" strings in base64'),
	('{"a":{"$BS":[null]}}', 'One or more parameter values were invalid: "$SS" must hold strings, "$NS" numbers, "$BS" strings in base64'),
	('{"a":{"$usd":5}}', 'One or more parameter values were invalid: An object whose only key is "$usd" must be wrapped: {"$M": {...}}'),
	('{"a":[{"$b":"AA=="}]}', 'One or more parameter values were invalid: An object whose only key is "$b" must be wrapped: {"$M": {...}}'),
	('{"a":1e126}', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"a":-1e200}', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"a":1e-131}', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'),
	('{"a":123456789012345678901234567890123456789}', 'Attempting to store more than 38 significant digits in a Number'),
	('{"a":{"$NS":[1,1e130]}}', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"\u0001":1,"\u0001\u0002":2}', 'One or more parameter values were invalid: Two attributes have the same name in stored form')
) AS case_(item, message);
SELECT throws_ok(format('SELECT dynamo_test.%s(%L)', function, item), 'YD001', NULL, format('%s refuses %s', function, item))
FROM unnest(ARRAY['[]', '{"a":{"$B":1}}', '{"a":{"$M":1}}', '{"a":{"$SS":[]}}', '{"a":{"$SS":[1]}}', '{"a":{"$NS":["1"]}}', '{"a":{"$usd":5}}', '{"a":1e126}']) AS item, unnest(ARRAY['item_print_stored']) AS function;
SELECT is(dynamo_test.item_print_stored('{"a":{"$B":"\" }"}}')::jsonb, '{"a":{"B":"\" }"}}', 'the short way prints valid JSON whatever a wrapper holds');

SELECT is(dynamo_test.item_from_stored(format('{"a":%s1%s}', repeat('[', 31), repeat(']', 31))::jsonb), format('{"a":%s{"N":"1"}%s}', repeat('{"L":[', 31), repeat(']}', 31)), '31 levels are read');
SELECT throws_ok(format('SELECT dynamo_test.item_from_stored(%L)', format('{"a":%s1%s}', repeat(opening, 32), repeat(closing, 32))), 'YD001',
	'ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit', '32 levels are not: ' || opening)
FROM (VALUES ('[', ']'), ('{"a":', '}')) AS case_(opening, closing);
SELECT throws_ok(format('SELECT dynamo_test.%s((repeat(''{"a":'', 6000) || ''1'' || repeat(''}'', 6000))::jsonb)', function), NULL, NULL, function || ' survives any depth')
FROM unnest(ARRAY['item_from_stored', 'value_from_stored']) AS function;
SELECT throws_ok(format('SELECT dynamo_test.item_from_stored(jsonb_build_object(repeat(''n'', 65536), 1))'), 'YD001', NULL, 'a name of 65536 bytes');

-- one attribute
CREATE TEMP TABLE stored AS SELECT dynamo_test.item_to_stored(format('{%s,"\u0000":{"S":"nul"},"m":{"M":{"$x":{"NULL":true}}},"b":{"B":"AA=="}}', string_agg(format('"k%s":{"N":"%s"}', n, n), ','))) AS item FROM generate_series(1, 100) AS n;
SELECT is(dynamo_test.item_stored_get(item, name), value, format('attribute %s alone', name))
FROM stored, (VALUES ('k1'::bytea, '{"N":"1"}'), ('k57', '{"N":"57"}'), ('k100', '{"N":"100"}'), ('\x00', '{"S":"nul"}'), ('m', '{"M":{"$x":{"NULL":true}}}'), ('b', '{"B":"AA=="}'), ('k', NULL), ('k101', NULL), ('', NULL), ('\x01', NULL)) AS case_(name, value);
SELECT is(dynamo_test.item_stored_get('{}', 'a'), NULL, 'none in an empty item');

-- natural jsonb: written by PostgreSQL, read by us, and the other way round
SELECT is((item->>'Price')::numeric, 1.5, 'SQL reads numbers') FROM dynamo_test.item_to_stored('{"Price":{"N":"1.50"}}') AS item;
SELECT ok(item @? '$.Items[*] ? (@.Quantity > 1)', 'and paths') FROM dynamo_test.item_to_stored('{"Items":{"L":[{"M":{"Quantity":{"N":"2"}}}]}}') AS item;
SELECT is(dynamo_test.item_normal('{"a": 1.500, "b": {"$SS": ["y", "x"]}}')::text, '{"a": 1.5, "b": {"$SS": ["x", "y"]}}', 'reading and writing makes a SQL user''s item normal');

-- property: nothing is lost, whatever an item holds.  Seeds are fixed, so that a failure can be repeated.
CREATE TEMP TABLE material AS SELECT seed, dynamo_test.random_item(seed) AS item FROM generate_series(1, 4000) AS seed;
SELECT cmp_ok(count(DISTINCT item)::int, '>', 3000, 'the material is varied') FROM material;
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.item_json(item) <> item$$, 'DynamoDB JSON is read and written back');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.item_from_stored(dynamo_test.item_to_stored(item)) <> item$$, 'through jsonb and back');
SELECT is_empty($$SELECT seed FROM material WHERE NOT dynamo_test.item_equal(dynamo_test.item_print_stored(dynamo_test.item_to_stored(item)), item)$$, 'through jsonb and back the short way');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.item_from_stored(dynamo_test.item_to_stored(item)::text::jsonb) <> item$$, 'through jsonb''s text and back');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.jsonb_bytes(dynamo_test.item_to_stored(item)) <> dynamo_test.jsonb_bytes(dynamo_test.item_to_stored(item)::text::jsonb)$$,
	'our jsonb is byte by byte what PostgreSQL builds');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.item_normal(dynamo_test.item_to_stored(item)) <> dynamo_test.item_to_stored(item)$$, 'a stored item is normal');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.item_size(item) <> dynamo_test.item_size(dynamo_test.item_from_stored(dynamo_test.item_to_stored(item)))$$, 'and keeps its size');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.item_to_stored(dynamo_test.json_roundtrip(item)) <> dynamo_test.item_to_stored(item)$$, 'a JSON document is written back whole');
SELECT is_empty($$SELECT seed FROM material WHERE dynamo_test.json_roundtrip(dynamo_test.json_stored_text(item)::jsonb::text, true) IS NULL$$, 'a request can come through jsonb');
SELECT is_empty($$SELECT seed FROM material
	WHERE dynamo_test.item_from_stored(dynamo_test.item_to_stored(dynamo_test.json_roundtrip(dynamo_test.json_stored_text(item)::jsonb::text, true))) <> item$$, 'without loss');
SELECT is_empty($$SELECT seed FROM material, LATERAL json_object_keys(dynamo_test.json_stored_text(item)::json) AS name
	WHERE dynamo_test.item_stored_get(dynamo_test.item_to_stored(item), dynamo_test.text_from_stored(convert_to(name, 'UTF8'))) IS NULL$$, 'every attribute can be got alone');

-- large containers cross jsonb's offset stride
SELECT is(dynamo_test.item_from_stored(dynamo_test.item_to_stored(item)), item, format('a list of %s', n))
FROM (SELECT n, format('{"l":{"L":[%s]}}', (SELECT string_agg(format('{"S":"%s"}', repeat('x', i % 7)), ',') FROM generate_series(1, n) AS i)) AS item FROM unnest(ARRAY[1, 31, 32, 33, 63, 64, 65, 1000, 50000]) AS n) AS lists;
SELECT is(dynamo_test.jsonb_bytes(dynamo_test.item_to_stored(item)), dynamo_test.jsonb_bytes(dynamo_test.item_to_stored(item)::text::jsonb), format('a map of %s', n))
FROM (SELECT n, format('{"m":{"M":{%s}}}', (SELECT string_agg(format('"k%s":{"N":"%s"}', i, i), ',') FROM generate_series(1, n) AS i)) AS item FROM unnest(ARRAY[1, 15, 16, 17, 31, 32, 33, 64, 5000]) AS n) AS maps;

-- mutated documents: refused or read, never worse
CREATE FUNCTION pg_temp.outcome(document bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	stored jsonb;
BEGIN
	stored := dynamo_test.item_to_stored(document);
	IF dynamo_test.item_to_stored(dynamo_test.item_print_stored(stored)) <> stored THEN
		RETURN 'changed';
	END IF;
	RETURN 'read';
EXCEPTION
	WHEN SQLSTATE 'YD001' OR SQLSTATE 'YD002' OR invalid_text_representation THEN
		RETURN 'refused';
END $$;
SELECT is_empty($$
	SELECT seed, outcome FROM material, LATERAL pg_temp.outcome(dynamo_test.mutate(convert_to(item, 'UTF8'), seed)) AS outcome
	WHERE outcome NOT IN ('read', 'refused')
$$, 'mutated items are read or refused');

SELECT * FROM finish();
ROLLBACK;
