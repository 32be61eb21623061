-- ListTagsOfResource: all tags of a table.
BEGIN;
SELECT plan(4);
SELECT dynamo.create_table('Tagged', 'id', tags => '{"b": "2", "a": "1"}') IS NOT NULL AS made;
SELECT dynamo.create_table('Plain', 'id') IS NOT NULL AS made;
SELECT is(dynamo.request('ListTagsOfResource', jsonb_build_object('ResourceArn', dynamo.describe_table('Tagged') ->> 'TableArn')),
	'{"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}', 'both tags');
SELECT is(dynamo.request('ListTagsOfResource', jsonb_build_object('ResourceArn', dynamo.describe_table('Plain') ->> 'TableArn')),
	'{"Tags": []}', 'a table without tags');
SELECT throws_ok($$SELECT dynamo.request('ListTagsOfResource', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/NoSuchTable"}')$$,
	'YD004', NULL, 'a missing table');
SELECT throws_ok($$SELECT dynamo.request('ListTagsOfResource', '{"ResourceArn": "arn:not/a/table"}')$$, 'YD001', NULL, 'no ARN of a table');
SELECT * FROM finish();
ROLLBACK;
