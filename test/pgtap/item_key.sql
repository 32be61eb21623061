-- Keys: their order, the encoding that memcmp sorts, what a hash key's column holds; document paths; sets.
BEGIN;
SELECT plan(70);

CREATE TEMP TABLE parts AS
SELECT format('{"S": %s}', text) AS part FROM unnest(ARRAY['""', '"a"', '"b"', '"ab"', '"a\u0000"', '"a\u0000\u0000"', '"a\u0000b"',
	'"a\u0001"', '"a\u0001b"', '"\u0000"', '"\u00ff"', '"\uffff"', '"\ud83d\ude00"']) AS text
UNION ALL
SELECT format('{"B": "%s"}', encode(bytes, 'base64')) FROM unnest(ARRAY['', '\x00', '\x0000', '\x0001', '\x00ff', '\x01', '\xff', '\xff00', '\xffff', '\x61']::bytea[]) AS bytes
UNION ALL
SELECT format('{"N": "%s"}', number) FROM unnest(ARRAY['0', '1', '-1', '1.5', '1.49', '15', '-15', '-1.5', '-1.49', '1e125', '-1e125', '9.9e125', '1e-130',
	'-1e-130', '1.1e-130', '9', '10', '99', '100', '-9', '-10', repeat('9', 38), '-' || repeat('9', 38), '0.1', '0.11']) AS number;

SELECT is_empty($$
	SELECT a.part, b.part FROM parts a, parts b
	WHERE dynamo_test.key_compare(format('[%s]', a.part), format('[%s]', b.part)) <>
		CASE WHEN dynamo_test.key_encode(format('[%s]', a.part)) < dynamo_test.key_encode(format('[%s]', b.part)) THEN -1
			WHEN dynamo_test.key_encode(format('[%s]', a.part)) > dynamo_test.key_encode(format('[%s]', b.part)) THEN 1 ELSE 0 END
$$, 'the encoding of one part sorts as the values do');
SELECT is_empty($$
	SELECT a.part, b.part, c.part, d.part
	FROM parts a, parts b, (SELECT part FROM parts ORDER BY md5(part) LIMIT 12) c, (SELECT part FROM parts ORDER BY md5(part) LIMIT 12) d
	WHERE dynamo_test.key_compare(format('[%s,%s]', a.part, c.part), format('[%s,%s]', b.part, d.part)) <>
		CASE WHEN dynamo_test.key_encode(format('[%s,%s]', a.part, c.part)) < dynamo_test.key_encode(format('[%s,%s]', b.part, d.part)) THEN -1
			WHEN dynamo_test.key_encode(format('[%s,%s]', a.part, c.part)) > dynamo_test.key_encode(format('[%s,%s]', b.part, d.part)) THEN 1 ELSE 0 END
$$, 'the encoding of two parts sorts as the values do, part by part');
SELECT is_empty($$
	SELECT a.part, b.part FROM parts a, parts b
	WHERE a.part LIKE '{"N"%' AND b.part LIKE '{"N"%'
		AND dynamo_test.key_compare(format('[%s]', a.part), format('[%s]', b.part)) <>
			dynamo_test.number_compare(a.part::json->>'N', b.part::json->>'N')
$$, 'numbers sort by value');
SELECT is(dynamo_test.key_encode('[{"N": "1.50"}]'), dynamo_test.key_encode('[{"N": "15e-1"}]'), 'one number has one encoding');
SELECT is(dynamo_test.key_compare('[{"S": "b"}]', '[{"S": "a"}]'), 1, 'b is after a');
SELECT is(dynamo_test.key_compare('[{"S": "a"}]', '[{"S": "a"}, {"N": "1"}]'), -1, 'a key sorts before a longer one that begins with it');
SELECT is(dynamo_test.key_compare('[{"B": "/w=="}]', '[{"B": "AQ=="}]'), 1, 'bytes are unsigned');

SELECT is(dynamo_test.key_from_item('{"h": {"S": "x"}, "r": {"N": "1.0"}, "other": {"S": "y"}}'), '{"h":{"S":"x"},"r":{"N":"1"}}',
	'the key of an item');
SELECT is(dynamo_test.key_from_item('{"h": {"S": "x"}}'), NULL, 'no key without its range attribute');
SELECT is(dynamo_test.key_from_item('{"h": {"S": "x"}, "r": {"S": "1"}}'), NULL, 'nor with one of another type');

-- the hash key's column
SELECT is(dynamo_test.key_hash_column('{"S": "abc"}'), 'abc'::bytea, 'a short string stands as it is');
SELECT is(dynamo_test.key_hash_column('{"S": "a\u0000\u0001"}'), '\x610001'::bytea, 'whatever its characters');
SELECT is(dynamo_test.key_hash_column('{"N": "1.50"}'), '1.5'::bytea, 'a number as its canonical text');
SELECT is(dynamo_test.key_hash_column(format('{"S": "%s"}', repeat('x', 200))), repeat('x', 200)::bytea, '200 bytes stand whole');
SELECT is(dynamo_test.key_hash_column(format('{"S": "%s"}', repeat('x', 201))),
	(repeat('x', 200) || encode(sha256(repeat('x', 201)::bytea), 'hex'))::bytea, '201 bytes are cut and digested');
SELECT is(dynamo_test.key_hash_column(format('{"S": "%s"}', 'x' || repeat('é', 100))),
	convert_to('x' || repeat('é', 99) || encode(sha256(convert_to('x' || repeat('é', 100), 'UTF8')), 'hex'), 'UTF8'),
	'cut at a character');
SELECT is(dynamo_test.key_hash_column(format('{"B": "%s"}', replace(encode(decode(repeat('ff', 201), 'hex'), 'base64'), E'\n', ''))),
	decode(repeat('ff', 200), 'hex') || sha256(decode(repeat('ff', 201), 'hex')), 'binary values likewise, with a raw digest');
SELECT isnt(dynamo_test.key_hash_column(format('{"S": "%s"}', repeat('\u0000', 250))),
	dynamo_test.key_hash_column(format('{"S": "%s%s"}', repeat('\u0000', 200), encode(sha256(decode(repeat('00', 250), 'hex')), 'hex'))),
	'no short value looks like a digested one');

-- paths
CREATE TEMP TABLE document AS SELECT
	'{"a":{"M":{"b":{"L":[{"S":"x"},{"S":"y"},{"M":{"c":{"N":"1"}}}]}}},"s":{"SS":["q"]}}'::text AS item;
SELECT is(dynamo_test.path_get(item, path), value, 'get ' || path)
FROM document, (VALUES ('["s"]', '{"SS":["q"]}'), ('["a","b",0]', '{"S":"x"}'), ('["a","b",2,"c"]', '{"N":"1"}'), ('["z"]', NULL),
	('["a","z"]', NULL), ('["a","b",3]', NULL), ('["a","b","c"]', NULL), ('["a",0]', NULL), ('["s",0]', NULL), ('["s","q"]', NULL)) AS case_(path, value);
SELECT is(dynamo_test.path_get(dynamo_test.path_set(item, path, '{"BOOL":true}'), reread), '{"BOOL":true}', 'set ' || path)
FROM document, (VALUES ('["s"]', '["s"]'), ('["new"]', '["new"]'), ('["a","new"]', '["a","new"]'), ('["a","b",0]', '["a","b",0]'),
	('["a","b",99]', '["a","b",3]'), ('["a","b",2,"d"]', '["a","b",2,"d"]')) AS case_(path, reread);
SELECT is(dynamo_test.path_set(item, path, '{"BOOL":true}'), NULL, 'cannot set ' || path)
FROM document, unnest(ARRAY['["z","b"]', '["a","z","b"]', '["s",0]', '["a",0]', '["a","b","x"]', '["a","b",7,"c"]']) AS path;
SELECT is(dynamo_test.path_remove(item, '["a","b",0]'),
	'{"a":{"M":{"b":{"L":[{"S":"y"},{"M":{"c":{"N":"1"}}}]}}},"s":{"SS":["q"]}}', 'what stands behind a removed element moves up') FROM document;
SELECT is(dynamo_test.path_remove(item, '["a"]'), '{"s":{"SS":["q"]}}', 'an attribute is removed') FROM document;
SELECT is(dynamo_test.path_remove(item, path), item, 'removing nothing: ' || path)
FROM document, unnest(ARRAY['["z"]', '["a","z"]', '["a","b",3]']) AS path;
SELECT is(dynamo_test.path_remove(item, path), NULL, 'cannot remove ' || path)
FROM document, unnest(ARRAY['["z","a"]', '["s",0]', '["a","b","c"]']) AS path;
SELECT is(dynamo_test.path_text('["a","b",3,"c",0,1]'), 'a.b[3].c[0][1]', 'a path in expression notation');
SELECT is(dynamo_test.path_steps_text('["a","b",3]'), '[a, b, [3]]', 'a path in the notation of messages');
SELECT ok(dynamo_test.path_is_prefix('["a"]', '["a",0]') AND dynamo_test.path_is_prefix('["a"]', '["a"]')
	AND NOT dynamo_test.path_is_prefix('["a",0]', '["a"]') AND NOT dynamo_test.path_is_prefix('["a","0"]', '["a",0]'), 'prefixes');
SELECT ok(dynamo_test.path_equal('["a",1]', '["a",1]') AND NOT dynamo_test.path_equal('["a",1]', '["a",2]')
	AND NOT dynamo_test.path_equal('["a"]', '["a",2]'), 'equality of paths');

-- values and sets
SELECT is(dynamo_test.value_equal(a, b), equal, format('%s = %s: %s', a, b, equal))
FROM (VALUES ('{"SS":["a","b"]}', '{"SS":["b","a"]}', true), ('{"NS":["1","2"]}', '{"NS":["2.0","1e0"]}', true), ('{"L":[{"S":"a"},{"S":"b"}]}', '{"L":[{"S":"b"},{"S":"a"}]}', false),
	('{"S":"1"}', '{"N":"1"}', false), ('{"SS":["AA=="]}', '{"BS":["AA=="]}', false), ('{"M":{"a":{"N":"1"},"b":{"NULL":true}}}', '{"M":{"b":{"NULL":true},"a":{"N":"1.0"}}}', true),
	('{"M":{"a":{"N":"1"}}}', '{"M":{"b":{"N":"1"}}}', false), ('{"BOOL":true}', '{"BOOL":false}', false), ('{"S":"a"}', '{"S":"a\u0000"}', false)) AS case_(a, b, equal);
SELECT is(dynamo_test.set_union('{"SS":["a","c"]}', '{"SS":["d","c","b"]}'), '{"SS":["a","b","c","d"]}', 'union');
SELECT is(dynamo_test.set_union('{"NS":["10","9"]}', '{"NS":["9.0","100"]}'), '{"NS":["9","10","100"]}', 'union of numbers, in numeric order');
SELECT is(dynamo_test.set_difference('{"SS":["a","b","c"]}', '{"SS":["x","b","0"]}'), '{"SS":["a","c"]}', 'difference');
SELECT is(dynamo_test.set_difference('{"BS":["AA=="]}', '{"BS":["AA==","AQ=="]}'), '{"BS":[]}', 'a difference may be empty');
SELECT ok(dynamo_test.set_contains('{"NS":["1","2","3"]}', '{"N":"2.0"}') AND NOT dynamo_test.set_contains('{"NS":["1","3"]}', '{"N":"2"}')
	AND NOT dynamo_test.set_contains('{"SS":["1"]}', '{"N":"1"}'), 'membership');
SELECT is(dynamo_test.value_depth(value), depth, format('depth of %s', value))
FROM (VALUES ('{"S":"a"}', 0), ('{"SS":["a"]}', 0), ('{"L":[]}', 1), ('{"M":{"a":{"L":[{"S":"b"}]},"b":{"M":{}}}}', 2)) AS case_(value, depth);

SELECT * FROM finish();
ROLLBACK;
