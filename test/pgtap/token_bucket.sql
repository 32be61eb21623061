-- base/token_bucket: the arithmetic of a bucket, and what happens when there are too many.
BEGIN;
SELECT plan(31);

-- take(bucket, seconds since the beginning, units, needed, rate)
CREATE FUNCTION pg_temp.take(bucket int, seconds float8, units float8, needed float8 DEFAULT 1, rate bigint DEFAULT 1, index text DEFAULT '') RETURNS boolean LANGUAGE sql AS $$
	SELECT dynamo_test.bucket_take(bucket::oid, index, rate, needed, units, '2030-01-01 00:00:00+00'::timestamptz + seconds * interval '1 s') $$;

SELECT ok(pg_temp.take(1, 0, 1), 'a new bucket has a second''s worth');
SELECT ok(NOT pg_temp.take(1, 0, 1), 'and no more');
SELECT ok(NOT pg_temp.take(1, 0.999999, 1), 'a microsecond too early');
SELECT ok(pg_temp.take(1, 1, 1), 'to the microsecond');
SELECT ok(pg_temp.take(1, 2, 0.5, 0.5) AND pg_temp.take(1, 2, 0.5, 0.5) AND NOT pg_temp.take(1, 2, 0.5, 0.5), 'halves');
SELECT ok((SELECT bool_and(pg_temp.take(2, i * 0.1, 0.1, 0.1)) FROM generate_series(1, 1000) AS i), 'a thousand tenths');
SELECT ok(pg_temp.take(2, 100, 0.9, 0.9) AND NOT pg_temp.take(2, 100, 0.000001, 0.000001), 'are a hundred to the last millionth');
SELECT ok(pg_temp.take(3, 0, 100, 1) AND NOT pg_temp.take(3, 99.9, 1) AND pg_temp.take(3, 100, 1), 'a debt of 99 is paid after 100 seconds');
SELECT ok(pg_temp.take(4, 0, 1, 2) AND NOT pg_temp.take(4, 0.9, 1, 2) AND pg_temp.take(4, 1, 1, 2), 'one second''s worth is enough for anything');
SELECT ok(pg_temp.take(5, 0, 1, 1, 10) AND (SELECT count(*) FROM generate_series(1, 20) WHERE pg_temp.take(5, 0, 2, 2, 10)) = 4, 'else what is asked for must be there');
SELECT ok((SELECT count(*) FROM generate_series(1, 1000) WHERE pg_temp.take(5, 3600, 10, 1, 10)) = 300, 'what is not used is kept for five minutes');
SELECT ok(pg_temp.take(6, 0, 0) AND pg_temp.take(6, 0, 0) AND pg_temp.take(6, 0, 1) AND NOT pg_temp.take(6, 0, 0), 'a look takes nothing');

-- booked afterwards, given back
SELECT dynamo_test.bucket_book(6, 9);
SELECT ok(NOT pg_temp.take(6, 9.9, 1) AND pg_temp.take(6, 10, 1), 'booked');
SELECT dynamo_test.bucket_book(6, -1);
SELECT ok(pg_temp.take(6, 10, 1) AND NOT pg_temp.take(6, 10, 1), 'given back');
SELECT dynamo_test.bucket_book(6, -1000000);
SELECT ok((SELECT count(*) FROM generate_series(1, 1000) WHERE pg_temp.take(6, 10, 1)) = 300, 'a bucket never holds more than five minutes');
SELECT dynamo_test.bucket_book(7777, 1000);
SELECT ok(pg_temp.take(7777, 0, 1), 'where there is no bucket nothing is booked');

-- other rates
SELECT ok(pg_temp.take(8, 0, 1000) AND NOT pg_temp.take(8, 10, 1), 'in debt');
SELECT ok((SELECT count(*) FROM generate_series(1, 100) WHERE pg_temp.take(8, 10, 1, 1, 20)) = 20, 'a raise forgives, and gives a second''s worth');
SELECT ok((SELECT count(*) FROM generate_series(1, 10000) WHERE pg_temp.take(8, 1000, 1, 1, 2)) = 600, 'less than before: less is kept');
SELECT ok((SELECT count(*) FROM generate_series(1, 100) WHERE pg_temp.take(8, 1001, 1, 1, 20)) = 20, 'and more again');

-- clocks
SELECT ok(pg_temp.take(9, 1000, 1) AND NOT pg_temp.take(9, 999.9, 1) AND NOT pg_temp.take(9, 1000.5, 1) AND pg_temp.take(9, 1001, 1), 'a clock that is a little behind changes nothing');
SELECT ok(NOT pg_temp.take(9, 0, 1) AND pg_temp.take(9, 1, 1), 'one that was set back begins a new time');

-- resources are apart, and forgotten apart
SELECT ok(pg_temp.take(10, 0, 9) AND pg_temp.take(10, 0, 9, index => 'a') AND pg_temp.take(10, 0, 9, index => 'b'), 'a table and its indexes');
SELECT dynamo_test.bucket_forget(10, 'a');
SELECT ok(pg_temp.take(10, 0, 9, index => 'a') AND NOT pg_temp.take(10, 0, 9, index => 'b') AND NOT pg_temp.take(10, 0, 9), 'an index forgotten');
SELECT dynamo_test.bucket_forget(10, NULL);
SELECT ok(pg_temp.take(10, 0, 9, index => 'a') AND pg_temp.take(10, 0, 9, index => 'b') AND pg_temp.take(10, 0, 9), 'a table forgotten');

-- numbers beyond reason
SELECT ok(pg_temp.take(11, 0, 1e300, 1, 9223372036854775807) AND NOT pg_temp.take(11, 0, 1, 1, 9223372036854775807), 'the largest rate, and more than that');
SELECT ok(pg_temp.take(11, 1e9, 1, 1, 9223372036854775807), 'thirty years later');
SELECT ok(pg_temp.take(12, 0, 1e300) AND NOT pg_temp.take(12, 9e7, 1) AND pg_temp.take(12, 1e8, 1), 'a debt beyond reason has an end');

-- more buckets than places: those that are asked for stay
SELECT ok(pg_temp.take(20, 0, 1e6), 'a bucket in debt');
SELECT ok((SELECT bool_and(pg_temp.take(1000 + i, i, 2) AND (i % 50 > 0 OR NOT pg_temp.take(20, i, 1))) FROM generate_series(1, 100000) AS i), 'a hundred thousand others find a place, and do not drive out the one in use');
SELECT ok((SELECT count(*) FROM generate_series(1, 1000) AS i WHERE pg_temp.take(1000 + i, 100001, 1)) = 1000, 'those of long ago are new');
SELECT * FROM finish();
ROLLBACK;
