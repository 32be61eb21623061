-- JSON text, strictly read; DynamoDB JSON to items and back, with AWS's refusals; strings; base64.
BEGIN;
SELECT plan(284);

-- documents
SELECT is(dynamo_test.json_roundtrip(document), written, format('%s is read', to_json(left(document, 40))))
FROM (VALUES
	('true', 'true'), (' null ', 'null'), (E'\t[ 1 ,\r\n2.50, -0, 1e2, -1.5E-1 ]', '[1,2.5,0,100,-0.15]'), ('{}', '{}'), ('[]', '[]'),
	('{"a":{"b":[{}, []]}}', '{"a":{"b":[{},[]]}}'), ('"\ud83d\ude00\u00e9\/"', '"😀é/"'), ('"\b\f\n\r\t\"\\\u001f\u007f"', E'"\\b\\f\\n\\r\\t\\"\\\\\\u001f\u007f"'),
	('"\u0000"', '"\u0000"'), ('"a\u0001\u0000\u0001b"', '"a\u0001\u0000\u0001b"'), ('"\\u0000"', '"\\u0000"'), ('"\\\u0000\\\\u0001"', '"\\\u0000\\\\u0001"'),
	('{"\u0000":1,"\u0001\u0001":"\u0002"}', '{"\u0000":1,"\u0001\u0001":"\u0002"}'),
	('9007199254740991', '9007199254740991'), ('0.1', '0.1'), ('1e400', '1.7976931348623157e+308'), (repeat('1', 70), '1.1111111111111112e+69'),
	('[' || repeat('9', 100) || ',1]', '[1e+100,1]'), ('-0.' || repeat('1', 80) || 'e5', '-11111.111111111111'),
	(repeat('[', 1000) || repeat(']', 1000), repeat('[', 1000) || repeat(']', 1000))
) AS case_(document, written);

SELECT is(dynamo_test.json_roundtrip(document), NULL, format('%s is refused', to_json(left(document, 40))))
FROM unnest(ARRAY['', ' ', '01', '-01', '+1', '1.', '.5', '-', '1e', '1e+', '0x1', 'NaN', 'Infinity', 'nul', 'True', '1 x', '1 1', '[1,]', '[,1]', '[1 2]', '[1', '[1]]', '[',
	'{"a":1,}', '{"a"}', '{"a":}', '{a:1}', '{1:1}', '{"a":1 "b":2}', '{,}', '{', '}', '{"a":1', '{"a', '"a', '"\', '"\x"', '"\u12"', '"\u12G4"', '"\ud800"', '"\ud800\u0041"', '"\udc00"',
	E'"a\tb"', E'"a\nb"', E'"\x01"', '''a''', '/**/1', E'1\x0c', E'\ufeff1', '}}}', '}{', '{{}}', '{"2":{}', '"a": "b"', repeat('[', 1001) || repeat(']', 1001),
	repeat('{', 10000) || repeat('}', 9999)]) AS document;
SELECT is(dynamo_test.json_roundtrip(document), NULL, format('bytes %s are refused', document))
FROM unnest(ARRAY['\x22ff22', '\x22c322', '\x22eda08022', '\x22c08022', '\x22f490808022', '\x220022', '\x310020', '\x31ff', '\x5b22e282']::bytea[]) AS document;

-- every beginning of a document is refused
SELECT is_empty($$
	SELECT n FROM (SELECT '{"TableName": "t", "Item": {"p": {"S": "x\u0000y\\"}, "c": {"L": [{"BOOL": true}, null, -1.5e3]}}}'::text AS whole) AS document,
		generate_series(0, length(whole) - 1) AS n
	WHERE dynamo_test.json_roundtrip(left(whole, n)) IS NOT NULL
$$, 'no beginning of a document is one');

-- text that comes from jsonb
SELECT is(dynamo_test.json_roundtrip(document, true), written, format('%s in stored form', document))
FROM (VALUES ('"\u0001\u0001"', '"\u0000"'), ('"\u0001\u0002"', '"\u0001"'), (E'"\x01\x01\x01\x02"', '"\u0000\u0001"'), ('"\u0001"', '"\u0001"'), ('"\u0001a"', '"\u0001a"'),
	('"\u0001\u0003"', '"\u0001\u0003"'), ('"\u0001\u0001\u0001"', '"\u0000\u0001"'), ('{"\u0001\u0001":"\\u0001\u0001"}', '{"\u0000":"\\u0001\u0001"}'),
	('"\u0002"', '"\u0002"')) AS case_(document, written);
SELECT is(dynamo_test.json_stored_text(document), stored, format('%s for jsonb', document))
FROM (VALUES ('{"a":"b"}', '{"a":"b"}'), ('"\u0000"', '"\u0001\u0001"'), ('"\u0001"', '"\u0001\u0002"'), ('"\\u0000"', '"\\u0000"'), ('"\\\u0000\u0002"', '"\\\u0001\u0001\u0002"'),
	('{"\u0000":[1e5,"\u0001x"]}', '{"\u0001\u0001":[1e5,"\u0001\u0002x"]}')) AS case_(document, stored);

SELECT is(dynamo_test.json_get(document, name), value, format('%s of %s', name, document))
FROM (VALUES ('{"a":1,"b":2}', 'b'::bytea, '2'), ('{"a":1,"a":2}', 'a', '2'), ('{"a":1,"a":null}', 'a', NULL), ('{"a":null}', 'a', NULL), ('{"a":1}', 'A', NULL), ('{"ab":1}', 'a', NULL), ('{"a":1}', 'ab', NULL),
	('[1]', '0', NULL), ('"a"', 'a', NULL), ('{"":7}', '', '7'), ('{"\u0000":8}', '\x00', '8'), ('{"\u0001":9,"\u0001\u0002":10}', '\x01', '9'), ('{"\u0001\u0001":9}', '\x00', NULL)) AS case_(document, name, value);
SELECT is(dynamo_test.json_integer(document), value, format('%s as an integer', document))
FROM (VALUES ('1', 1::bigint), ('-1.9', -1), ('1e3', 1000), ('9007199254740993e0', 9007199254740992), ('1e18', 1000000000000000000), ('1e19', 9223372036854775807), ('-1e19', -9223372036854775808),
	('9223372036854775807', 9223372036854775807), ('-9223372036854775808', -9223372036854775808), ('1e999', 9223372036854775807), ('-1e999', -9223372036854775808), ('"1"', 0)) AS case_(document, value);
SELECT is(dynamo_test.json_write_double(value), written, format('%s as a capacity', written))
FROM (VALUES (0.5::float8, '0.5'), (1, '1.0'), (0, '0.0'), (123.5, '123.5'), (-2, '-2.0'), (1e21, '1e+21'), ('NaN', 'null'), ('Infinity', 'null')) AS case_(value, written);
SELECT is(dynamo_test.json_write_string(value), written, format('string %s', written))
FROM (VALUES (''::bytea, '""'), ('\x00'::bytea, '"\u0000"'), ('\x0102'::bytea, '"\u0001\u0002"'), ('\x08090a0c0d'::bytea, '"\b\t\n\f\r"'), ('\x31323334353637225c31323334353637381f'::bytea, '"1234567\"\\12345678\u001f"'),
	('\x7fc3a9'::bytea, E'"\x7fé"')) AS case_(value, written);
SELECT is_empty($$
	SELECT n, at FROM generate_series(0, 20) AS n, generate_series(0, n - 1) AS at, unnest(ARRAY['"', '\', E'\n', E'\x1f', ' ', '!', 'é', '#', '[', ']']) AS c
	WHERE dynamo_test.json_write_string(convert_to(repeat('x', at) || c || repeat('é', n - at), 'UTF8'))::json #>> '{}' <> repeat('x', at) || c || repeat('é', n - at)
$$, 'escapes are found wherever they stand');

-- counted strings
SELECT is(dynamo_test.text_from_stored(dynamo_test.text_to_stored(bytes)), bytes, format('%s comes back from stored form', bytes))
FROM unnest(ARRAY['', '\x00', '\x01', '\x02', '\x0001', '\x0100', '\x0101', '\x010200', 'abc', '\x610062']::bytea[]) AS bytes;
SELECT is(dynamo_test.text_to_stored('\x61000102'::bytea), '\x610101010202'::bytea, 'NUL and U+0001 become pairs');
SELECT is(dynamo_test.text_printable(bytes), shown, format('%s in a message', bytes))
FROM (VALUES (convert_to('añ€😀', 'UTF8'), 'añ€😀'), ('\x0a1b7f', '\x0a\x1b\x7f'), ('\x61ff62c3', 'a\xffb\xc3'), ('\xc285', '\xc2\x85'), ('\xeda080', '\xed\xa0\x80'), ('\x00', '\x00')) AS case_(bytes, shown);
SELECT ok(dynamo_test.text_is_utf8(bytes) = valid, format('%s is UTF-8: %s', bytes, valid))
FROM (VALUES (''::bytea, true), ('\x00'::bytea, true), ('\x6100c3a900'::bytea, true), ('\xff'::bytea, false), ('\x00c3'::bytea, false), ('\xeda080'::bytea, false)) AS case_(bytes, valid);
SELECT is_empty($$
	SELECT n FROM generate_series(0, 70) AS n, LATERAL (SELECT decode(left(repeat(md5(n::text), 5), 2 * n), 'hex') AS bytes) AS material
	WHERE dynamo_test.base64_encode(bytes) <> replace(encode(bytes, 'base64'), E'\n', '') OR dynamo_test.base64_decode(dynamo_test.base64_encode(bytes)) <> bytes
$$, 'base64 of every length');
SELECT is(dynamo_test.base64_decode(text), NULL, format('%s is no base64', to_json(text)))
FROM unnest(ARRAY['A', 'AA', 'AAA', 'AA=', 'A===', '====', '=', 'AB==', 'AAB=', 'AA==AAAA', 'A=A=', 'AA A', 'AAA-', 'AAA_', 'YWJj??!!', 'fakebase64', E'AAA\n', 'AAAé', '٣AA']) AS text;

-- items
SELECT is(dynamo_test.item_json(item), item, format('%s is kept', left(item, 60)))
FROM unnest(ARRAY['{}', '{"a":{"S":""}}', '{"a":{"S":"\u0000\u0001é"}}', '{"a":{"N":"-0.5"}}', '{"a":{"B":""}}', '{"a":{"B":"AAE="}}', '{"a":{"BOOL":true},"b":{"BOOL":false},"c":{"NULL":true}}', '{"a":{"L":[]}}',
	'{"a":{"L":[{"L":[{"S":"x"}]},{"M":{}}]}}', '{"a":{"M":{"S":{"S":"S"},"$B":{"S":"x"}}}}', '{"a":{"SS":["","a"]}}', '{"a":{"NS":["-1","2","10"]}}', '{"a":{"BS":["","AA==","AAA="]}}']) AS item;
SELECT is(dynamo_test.item_json(item), written, format('%s is normal as %s', item, written))
FROM (VALUES ('{"b":{"S":"1"},"aa":{"S":"2"},"a":{"S":"3"}}', '{"a":{"S":"3"},"b":{"S":"1"},"aa":{"S":"2"}}'), ('{"a":{"N":"1.500e1"}}', '{"a":{"N":"15"}}'), ('{"a":{"S":"x"},"a":{"S":"y"}}', '{"a":{"S":"y"}}'),
	('{"a":{"NS":["3","1.0","2"]}}', '{"a":{"NS":["1","2","3"]}}'), ('{"a":{"SS":["b","a"]}}', '{"a":{"SS":["a","b"]}}'), ('{"a":{"S":"x","N":null}}', '{"a":{"S":"x"}}'), ('{"a":{"S":"x","dog":"y"}}', '{"a":{"S":"x"}}')) AS case_(item, written);
SELECT is(dynamo_test.item_json(format('{%s}', (SELECT string_agg(format('"k%s":{"N":"%s"}', n * 7919 % 101, n), ',') FROM generate_series(0, 201) AS n))),
	format('{%s}', (SELECT string_agg(format('"k%s":{"N":"%s"}', k, n), ',' ORDER BY length(k::text), k) FROM (SELECT n * 7919 % 101 AS k, max(n) AS n FROM generate_series(0, 201) AS n GROUP BY 1) AS kept)),
	'of repeated names in a large item the last counts');

SELECT throws_ok(format('SELECT dynamo_test.item_json(%L)', item), 'YD001', 'ValidationException: ' || message, item)
FROM (VALUES
	('{"a":{}}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"a":null}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"a":{"S":null}}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"a":{"dog":"cat"}}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"a":{"M":{"dog":{"cat":"x"}}}}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"a":{"L":[{"S":"a"},{}]}}', 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'),
	('{"a":{"S":"x","N":"1"}}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"a":{"S":"x","N":"b"}}', 'The parameter cannot be converted to a numeric value: b'),
	('{"a":{"N":"b","BS":[]}}', 'One or more parameter values were invalid: Binary sets should not be empty'),
	('{"a":{"N":"b","NULL":false}}', 'The parameter cannot be converted to a numeric value: b'),
	('{"a":{"S":"x","NULL":false}}', 'One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"a":{"S":"x","NULL":"no"}}', 'One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"a":{"S":"x","NS":["1","x"]}}', 'The parameter cannot be converted to a numeric value: x'),
	('{"a":{"S":"x","SS":["a","a"]}}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"a":{"S":"x","M":{"":{"N":"y"}}}}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"a":{"S":"x","NULL":true}}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"a":{"L":[{"L":[],"N":"1"}],"M":{}}}', 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'),
	('{"a":{"NULL":false}}', 'One or more parameter values were invalid: Null attribute value types must have the value of true'),
	('{"a":{"SS":[]}}', 'One or more parameter values were invalid: An string set  may not be empty'),
	('{"a":{"NS":[]}}', 'One or more parameter values were invalid: An number set  may not be empty'),
	('{"a":{"BS":[]}}', 'One or more parameter values were invalid: Binary sets should not be empty'),
	('{"a":{"SS":["a","b","a"]}}', 'One or more parameter values were invalid: Input collection ["a", "a", "b"] contains duplicates.'),
	('{"a":{"NS":["1","1.0"]}}', 'One or more parameter values were invalid: Input collection contains duplicates.'),
	('{"a":{"BS":["YQ==","YQ=="]}}', 'One or more parameter values were invalid: Input collection ["YQ==","YQ=="]of type BS contains duplicates.'),
	('{"a":{"N":"dog"}}', 'The parameter cannot be converted to a numeric value: dog'),
	('{"a":{"N":""}}', 'The parameter cannot be converted to a numeric value: '),
	('{"a":{"NS":["1","x"]}}', 'The parameter cannot be converted to a numeric value: x'),
	('{"a":{"N":"1e126"}}', 'Number overflow. Attempting to store a number with magnitude larger than supported range'),
	('{"":{"S":"x"}}', 'Empty attribute name'),
	('{"a":{"M":{"":{"S":"x"}}}}', 'Empty attribute name')
) AS case_(item, message);
SELECT is(dynamo_test.item_json(format('{"a":{"BOOL":"%s"}}', word)), format('{"a":{"BOOL":%s}}', value), 'a text for a boolean: ' || word)
FROM (VALUES ('true', 'true'), ('YES', 'true'), ('1', 'true'), ('t', 'true'), ('T', 'true'), ('y', 'true'), ('Y', 'true'), ('False', 'false'), ('no', 'false'), ('0', 'false'), ('f', 'false'),
	('F', 'false'), ('n', 'false'), ('N', 'false')) AS v(word, value);
SELECT throws_ok(format('SELECT dynamo_test.item_json(%L)', item), 'YD002', 'SerializationException: ' || message, item)
FROM (VALUES
	('[]', 'Start of list found where not expected'),
	('"x"', 'STRING_VALUE cannot be converted to Map'),
	('{"a":"x"}', 'STRING_VALUE cannot be converted to AttributeValue'),
	('{"a":[]}', 'Start of list found where not expected'),
	('{"a":{"S":1}}', 'NUMBER_VALUE cannot be converted to String'),
	('{"a":{"N":3}}', 'NUMBER_VALUE cannot be converted to String'),
	('{"a":{"S":true}}', 'TRUE_VALUE cannot be converted to String'),
	('{"a":{"S":{}}}', 'Start of structure or map found where not expected'),
	('{"a":{"B":[]}}', 'Start of list found where not expected'),
	('{"a":{"BOOL":"maybe"}}', 'STRING_VALUE cannot be converted to Boolean'),
	('{"a":{"NULL":1}}', 'NUMBER_VALUE cannot be converted to Boolean'),
	('{"a":{"L":{}}}', 'Start of structure or map found where not expected'),
	('{"a":{"M":[]}}', 'Start of list found where not expected'),
	('{"a":{"SS":"a"}}', 'STRING_VALUE cannot be converted to Set'),
	('{"a":{"SS":["a",1]}}', 'NUMBER_VALUE cannot be converted to String'),
	('{"a":{"SS":[null]}}', 'NULL_VALUE cannot be converted to String'),
	('{"a":{"B":"abc"}}', 'Base64 encoded length is expected a multiple of 4 bytes but found: 3'),
	('{"a":{"B":"YWJj??!!"}}', 'Invalid base 64 character: ''?'''),
	('{"a":{"B":"===="}}', 'Invalid base 64 character: ''='''),
	('{"a":{"B":"AB=="}}', 'Invalid last non-pad Base64 character dectected'),
	('{"a":{"BS":["AA"]}}', 'Base64 encoded length is expected a multiple of 4 bytes but found: 2')
) AS case_(item, message);

SELECT is(dynamo_test.item_json(item), item, 'a name of 65535 bytes')
FROM format('{"%s":{"S":"x"}}', repeat('n', 65535)) AS item;
SELECT throws_ok(format('SELECT dynamo_test.item_json(%L)', format('{"%s":{"S":"x"}}', repeat('n', 65536))), 'YD001',
	'ValidationException: Attribute name is too large, must be less than 65536 bytes', 'not of 65536');
SELECT is(dynamo_test.item_json(item), item, '31 levels of lists in an attribute')
FROM format('{"a":%s{"S":"x"}%s}', repeat('{"L":[', 31), repeat(']}', 31)) AS item;
SELECT throws_ok(format('SELECT dynamo_test.item_json(%L)', item), 'YD001',
	'ValidationException: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit', 'too deep: ' || left(item, 20))
FROM (VALUES (format('{"a":%s{"S":"x"}%s}', repeat('{"L":[', 32), repeat(']}', 32))), (format('{"a":%s{"S":"x"}%s}', repeat('{"M":{"m":', 32), repeat('}}', 32))),
	(format('{"a":%s{"S":"x"}%s}', repeat('{"L":[', 450), repeat(']}', 450)))) AS case_(item);

-- hostile documents of many megabytes take time in proportion to their length
SET LOCAL statement_timeout = '30s';
SELECT lives_ok($$SELECT dynamo_test.json_roundtrip('{' || string_agg(format('"m%s":%s', n, n % 10), ',') || '}') FROM generate_series(1, 1000000) AS n$$, 'a million members');
SELECT lives_ok($$SELECT dynamo_test.json_roundtrip('[' || repeat('"\u0001x\u0000",', 999999) || '""]')$$, 'a million strings with U+0001');
SELECT lives_ok($$SELECT dynamo_test.json_stored_text('[' || repeat('"\u0001x\u0000",', 999999) || '""]')$$, 'a million strings with U+0001 for jsonb');
SELECT lives_ok($$SELECT dynamo_test.json_roundtrip('[' || repeat('[],', 4000000) || '0]')$$, 'four million arrays');
SELECT lives_ok($$SELECT dynamo_test.item_size('{' || string_agg(format('"%s":{"S":""}', md5(n::text)), ',') || '}') FROM generate_series(1, 300000) AS n$$, 'many attributes in no order');
SELECT lives_ok($$SELECT dynamo_test.item_size('{' || repeat('"m":{"S":""},', 999999) || '"m":{"S":""}}')$$, 'a million attributes of one name');
SELECT lives_ok($$SELECT dynamo_test.item_size('{"a":{"NS":[' || string_agg(format('"%s"', n * 7919 % 1000003), ',') || ']}}') FROM generate_series(1::bigint, 1000000) AS n$$, 'a set of a million numbers');
SELECT throws_ok($$SELECT dynamo_test.item_size('{"a":{"SS":[' || repeat('"a",', 2000000) || '"b"]}}')$$, 'YD001', NULL, 'two million equal strings');

SELECT * FROM finish();
ROLLBACK;
