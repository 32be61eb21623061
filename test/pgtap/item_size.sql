-- DynamoDB's size rules and capacity units.
BEGIN;
SELECT plan(57);

SELECT is(dynamo_test.number_size(number), size, format('%s counts %s', number, size))
FROM (VALUES
	('0', 1), ('1', 2), ('-1', 3), ('10', 2), ('99', 2), ('100', 2), ('101', 3), ('123', 3), ('1234', 3), ('-1234', 4), ('12345', 4),
	('0.5', 2), ('0.05', 2), ('0.005', 2), ('1.5', 3), ('12.34', 3), ('-12.345', 5), ('1e125', 2), ('1e-130', 2), ('1.1e-130', 3),
	(repeat('9', 38), 20), (repeat('9', 37) || '.9', 21)
) AS case_(number, size);

SELECT is(dynamo_test.value_size(value), size::bigint, format('%s counts %s', value, size))
FROM (VALUES
	('{"S": ""}', 0), ('{"S": "abc"}', 3), ('{"S": "é€😀"}', 9), ('{"S": "\u0000\u0001"}', 2), ('{"B": ""}', 0), ('{"B": "AAECAw=="}', 4),
	('{"BOOL": false}', 1), ('{"NULL": true}', 1), ('{"N": "123"}', 3), ('{"L": []}', 3), ('{"M": {}}', 3),
	('{"L": [{"S": "ab"}, {"NULL": true}]}', 3 + 2 + 3), ('{"M": {"name": {"S": "ab"}}}', 3 + 1 + 4 + 2),
	('{"SS": ["a", "bcd"]}', 4), ('{"NS": ["1", "-1"]}', 5), ('{"BS": ["AAE=", "AA=="]}', 3),
	('{"L": [{"L": [{"M": {}}]}]}', 3 + 1 + 3 + 1 + 3)
) AS case_(value, size);

SELECT is(dynamo_test.item_size('{}'), 0::bigint, 'an empty item counts nothing');
SELECT is(dynamo_test.item_size('{"id": {"S": "u1"}, "é": {"N": "7"}}'), (2 + 2 + 2 + 2)::bigint, 'names and values are added');
SELECT is(dynamo_test.item_size(dynamo_test.item_from_stored('{"id": "u1", "data": {"$B": "AAAA"}}')), (2 + 2 + 4 + 3)::bigint,
	'the stored form has no influence');

SELECT is(dynamo_test.item_size_checked(format('{"a": {"S": "%s"}}', repeat('x', 409599))), 409600, '400 KB is allowed');
SELECT throws_ok(format('SELECT dynamo_test.item_size_checked(%L)', format('{"a": {"S": "%s"}}', repeat('x', 409600))), 'YD001',
	'ValidationException: Item size has exceeded the maximum allowed size', 'one byte more is not');

SELECT is(dynamo_test.read_units(size, consistent), units, format('reading %s bytes (consistent: %s)', size, consistent))
FROM (VALUES (0, true, 1.0::float8), (1, true, 1), (4096, true, 1), (4097, true, 2), (0, false, 0.5), (4096, false, 0.5),
	(4097, false, 1), (12289, false, 2)) AS case_(size, consistent, units);
SELECT is(dynamo_test.write_units(size), units, format('writing %s bytes', size))
FROM (VALUES (0, 1::float8), (1, 1), (1024, 1), (1025, 2), (409600, 400)) AS case_(size, units);

SELECT * FROM finish();
ROLLBACK;
