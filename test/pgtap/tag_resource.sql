-- TagResource: adds tags, changes values, keeps to fifty.
BEGIN;
SELECT plan(9);
CREATE FUNCTION pg_temp.arn() RETURNS text LANGUAGE sql AS $$ SELECT dynamo.describe_table('Tagged') ->> 'TableArn' $$;
CREATE FUNCTION pg_temp.tag(tags jsonb) RETURNS jsonb LANGUAGE sql
AS $$ SELECT dynamo.request('TagResource', jsonb_build_object('ResourceArn', pg_temp.arn(), 'Tags', tags)) $$;
CREATE FUNCTION pg_temp.many(first int, last int) RETURNS jsonb LANGUAGE sql
AS $$ SELECT jsonb_agg(jsonb_build_object('Key', 'k' || i, 'Value', 'v')) FROM generate_series(first, last) AS i $$;
CREATE FUNCTION pg_temp.tags() RETURNS jsonb LANGUAGE sql
AS $$ SELECT dynamo.request('ListTagsOfResource', jsonb_build_object('ResourceArn', pg_temp.arn())) -> 'Tags' $$;

SELECT dynamo.create_table('Tagged', 'id', tags => '{"team": "shop"}') IS NOT NULL AS made;
SELECT is(pg_temp.tags(), '[{"Key": "team", "Value": "shop"}]', 'tags given at creation');
SELECT is(pg_temp.tag('[{"Key": "env", "Value": "test"}, {"Key": "team", "Value": "store"}]'), '{}', 'the reply is empty');
SELECT is(pg_temp.tags(), '[{"Key": "env", "Value": "test"}, {"Key": "team", "Value": "store"}]', 'one added, one changed');
SELECT is(pg_temp.tag('[{"Key": "empty", "Value": ""}]'), '{}', 'a value may be empty');
SELECT throws_ok($$SELECT pg_temp.tag('[]')$$, 'YD001', NULL, 'no tags at all');
SELECT throws_ok($$SELECT pg_temp.tag('[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]')$$, 'YD001', NULL, 'a key twice');
SELECT lives_ok($$SELECT pg_temp.tag(pg_temp.many(1, 47))$$, 'fifty in all');
SELECT throws_ok($$SELECT pg_temp.tag(pg_temp.many(48, 48))$$, 'YD001', NULL, 'one more is too many');
SELECT throws_ok($$SELECT dynamo.request('TagResource', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/NoSuchTable", "Tags": [{"Key": "a", "Value": "b"}]}')$$,
	'YD004', NULL, 'a missing table');
SELECT * FROM finish();
ROLLBACK;
