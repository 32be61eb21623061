-- Numbers: what is accepted, how it is written, exact arithmetic, the way to numeric and back.
BEGIN;
SELECT plan(138);

SELECT is(dynamo_test.number_canonical(written), canonical, format('%s is %s', written, canonical))
FROM (VALUES
	('0', '0'), ('-0', '0'), ('+0.00', '0'), ('0e0', '0'), ('3', '3'), ('+3', '3'), ('-7.1234', '-7.1234'),
	('0001.23', '1.23'), ('1.50', '1.5'), ('1.00', '1'), ('.123', '0.123'), ('5.', '5'), ('-.5', '-0.5'),
	('1e5', '100000'), ('1E+5', '100000'), ('100e-2', '1'), ('-17.4E37', '-174000000000000000000000000000000000000'),
	('1.0e-3', '0.001'), ('12345.678e-2', '123.45678'), ('0.1e126', '1' || repeat('0', 125)),
	('1e125', '1' || repeat('0', 125)), ('-1e-130', '-0.' || repeat('0', 129) || '1'),
	('9.99999999e125', '999999999' || repeat('0', 117)),
	('3.1415926535897932384626433832795028841', '3.1415926535897932384626433832795028841'),
	('31415926535897932384626433832795028841e30', '31415926535897932384626433832795028841' || repeat('0', 30)),
	('1' || repeat('0', 100), '1' || repeat('0', 100)),
	('0.' || repeat('0', 100) || '1' || repeat('0', 100), '0.' || repeat('0', 100) || '1'),
	(repeat('0', 1000) || '7.' || repeat('0', 1000), '7'),
	('0e125', '0'), ('0.0e126', '0'), ('-0e-130', '0'), ('0.' || repeat('0', 130), '0'), ('00000e5', '0'),
	('1e' || repeat('0', 1000000) || '5', '100000'),
	('0.' || repeat('0', 5000) || '1e5001', '1')
) AS case_(written, canonical);

SELECT throws_ok(format('SELECT dynamo_test.number_canonical(%L)', written), 'YD001',
	'ValidationException: The parameter cannot be converted to a numeric value: ' || written,
	format('"%s" is no number', written))
FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity', '-NaN', 'dog', '-dog', ' 1', '1 ', '0x10', '1e', '1e+', 'e5', '.', '-', '+',
	'-.', '1.2.3', '1,5', '--1', '+-1', '1e5.0', '1e5e5', '1_000', '١',
	'1e9223372036854775808', '1e-9223372036854775809', '0e9223372036854775808', '1e18446744073709551616', '1e99999999999999999999999']) AS written;

SELECT throws_ok($$SELECT dynamo_test.number_canonical('')$$, 'YD001',
	'ValidationException: The parameter cannot be converted to a numeric value: ', 'an empty text is no number');
SELECT throws_ok($$SELECT dynamo_test.number_canonical(repeat('x', 100000))$$, 'YD001',
	'ValidationException: The parameter cannot be converted to a numeric value: ' || repeat('x', 1000),
	'a refused text is not repeated without limit');

SELECT throws_ok(format('SELECT dynamo_test.number_canonical(%L)', written), 'YD001',
	'ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range',
	format('%s is too large', left(written, 30)))
FROM unnest(ARRAY['1e126', '-1e126', '11e125', '1.0e100000000', '0e126', '-0e1000', '0.0e127', '1e2147483647', '1e9223372036854775807',
	 '1' || repeat('0', 126)]) AS written;

SELECT throws_ok(format('SELECT dynamo_test.number_canonical(%L)', written), 'YD001',
	'ValidationException: Number underflow. Attempting to store a number with magnitude smaller than supported range',
	format('%s is too small', left(written, 30)))
FROM unnest(ARRAY['1e-131', '-1e-131', '0.9e-130', '0e-131', '0.' || repeat('0', 131), '1e-2147483649', '1e-9223372036854775808',
	 '0.' || repeat('0', 130) || '1']) AS written;

SELECT throws_ok(format('SELECT dynamo_test.number_canonical(%L)', written), 'YD001',
	'ValidationException: Attempting to store more than 38 significant digits in a Number',
	format('%s has too many digits', written))
FROM unnest(ARRAY['3.14159265358979323846264338327950288419', '314159265358979323846.264338327950288419',
	'314159265358979323846264338327950288419e30', '-1' || repeat('0', 37) || '1']) AS written;

-- sums and differences
SELECT is(dynamo_test.number_add(a, b), total, format('%s + %s', a, b))
FROM (VALUES
	('1', '2', '3'), ('0', '5', '5'), ('5', '0', '5'), ('0', '0', '0'), ('0.1', '0.2', '0.3'), ('-1', '1', '0'), ('5', '-7', '-2'),
	('-5', '7', '2'), ('-5', '-7', '-12'), ('999', '1', '1000'), ('1', '10000000000000000000000', '10000000000000000000001'),
	('9e125', '9e124', '99' || repeat('0', 124)), ('1.23', '-1.2', '0.03'), ('1000', '-999.999', '0.001'),
	('1e38', '-1', repeat('9', 38)), ('1e-130', '1e-130', '0.' || repeat('0', 129) || '2'),
	(repeat('9', 38), '1', '1' || repeat('0', 38)), ('1e37', '1', '1' || repeat('0', 36) || '1')
) AS case_(a, b, total);

SELECT is(dynamo_test.number_subtract(a, b), difference, format('%s - %s', a, b))
FROM (VALUES
	('3', '1', '2'), ('1', '3', '-2'), ('0', '5', '-5'), ('0', '-5', '5'), ('5', '0', '5'), ('5', '5', '0'), ('-5', '-5', '0'),
	('10000000000000000000000', '1', '9999999999999999999999'), ('9.99', '10', '-0.01')
) AS case_(a, b, difference);

SELECT throws_ok(format('SELECT dynamo_test.number_%s(%L, %L)', operation, a, b), 'YD001',
	'ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range',
	format('%s of %s and %s does not fit', operation, a, b))
FROM (VALUES ('add', '9e125', '9e125'), ('subtract', '9e125', '-9e125'), ('add', '1e50', '1'), ('subtract', '1e50', '1'),
	('subtract', '1e125', '1e-130'), ('add', '1e38', '1'), ('add', repeat('9', 38), '2.1')) AS case_(operation, a, b);
SELECT throws_ok($$SELECT dynamo_test.number_subtract('1.1e-130', '1e-130')$$, 'YD001',
	'ValidationException: Number underflow. Attempting to store a number with magnitude smaller than supported range',
	'a difference can be too small');

-- PostgreSQL's numeric is the reference for order, arithmetic and round trips
CREATE TEMP TABLE material AS
SELECT text AS written FROM unnest(ARRAY['0', '-0.0', '1', '-1', '10', '9', '9.99', '-9.99', '1e125', '-1e125', '1e-130', '-1e-130',
	'9999', '10000', '10001', '0.0001', '0.00001', '99990000', '1234.5678', '12345.6789', repeat('9', 38) || 'e88',
	'1.2345678901234567890123456789012345678e-130', '9.9999999999999999999999999999999999999e125']) AS text
UNION
SELECT format('%s%s.%se%s', CASE WHEN n % 3 = 0 THEN '-' ELSE '' END, hashint4(n)::bigint & 65535,
	(hashint4(n + 1)::bigint & 1048575), n % 60 - 30)
FROM generate_series(1, 300) AS n;

SELECT is_empty($$
	SELECT written, dynamo_test.number_to_numeric(written) FROM material
	WHERE dynamo_test.jsonb_bytes(to_jsonb(dynamo_test.number_to_numeric(written)))
		IS DISTINCT FROM dynamo_test.jsonb_bytes(to_jsonb(dynamo_test.number_canonical(written)::numeric))
$$, 'to numeric: byte by byte what PostgreSQL makes of the canonical text');
SELECT is_empty($$
	SELECT written, dynamo_test.number_from_numeric(written::numeric) FROM material
	WHERE dynamo_test.number_from_numeric(written::numeric) IS DISTINCT FROM dynamo_test.number_canonical(written)
$$, 'from numeric');
SELECT is_empty($$
	SELECT written FROM material WHERE dynamo_test.number_canonical(written) <> trim_scale(written::numeric)::text
$$, 'canonical text is the number''s shortest plain notation');
SELECT is_empty($$
	SELECT a.written, b.written FROM material a, material b
	WHERE dynamo_test.number_compare(a.written, b.written)
		<> CASE WHEN a.written::numeric < b.written::numeric THEN -1 WHEN a.written::numeric > b.written::numeric THEN 1 ELSE 0 END
$$, 'order is that of numeric');
SELECT is_empty($$
	SELECT a.written, b.written FROM material a, material b
	WHERE abs(a.written::numeric) BETWEEN 1e-10 AND 1e15 AND abs(b.written::numeric) BETWEEN 1e-10 AND 1e15
		AND (dynamo_test.number_add(a.written, b.written) <> trim_scale(a.written::numeric + b.written::numeric)::text
			OR dynamo_test.number_subtract(a.written, b.written) <> trim_scale(a.written::numeric - b.written::numeric)::text)
$$, 'sums and differences are those of numeric');

SELECT is(dynamo_test.number_from_numeric(n), NULL, format('%s has no DynamoDB number', left(n::text, 20)))
FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity', '1e126', '1e-131', '1e10000', '1e-10000', '123456789012345678901234567890123456789']::numeric[]) AS n;
SELECT is(dynamo_test.number_from_numeric('1.500000'), '1.5', 'zeros of a numeric''s scale are dropped');
SELECT is(dynamo_test.number_from_numeric(('12.' || repeat('0', 3000))::numeric), '12', 'however many');

SELECT * FROM finish();
ROLLBACK;
