-- UntagResource: removes tags by their keys.
BEGIN;
SELECT plan(5);
CREATE FUNCTION pg_temp.untag(keys jsonb) RETURNS jsonb LANGUAGE sql
AS $$ SELECT dynamo.request('UntagResource', jsonb_build_object('ResourceArn', dynamo.describe_table('Tagged') ->> 'TableArn', 'TagKeys', keys)) $$;
CREATE FUNCTION pg_temp.tags() RETURNS jsonb LANGUAGE sql
AS $$ SELECT dynamo.request('ListTagsOfResource', jsonb_build_object('ResourceArn', dynamo.describe_table('Tagged') ->> 'TableArn')) -> 'Tags' $$;

SELECT dynamo.create_table('Tagged', 'id', tags => '{"a": "1", "b": "2", "c": "3"}') IS NOT NULL AS made;
SELECT is(pg_temp.untag('["a", "nothing"]'), '{}', 'the reply is empty; a key that is not there is fine');
SELECT is(pg_temp.tags(), '[{"Key": "b", "Value": "2"}, {"Key": "c", "Value": "3"}]', 'gone');
SELECT throws_ok($$SELECT pg_temp.untag('[]')$$, 'YD001', NULL, 'no keys at all');
SELECT lives_ok($$SELECT pg_temp.untag('["b", "c"]')$$, 'the rest');
SELECT is(pg_temp.tags(), '[]', 'none left');
SELECT * FROM finish();
ROLLBACK;
