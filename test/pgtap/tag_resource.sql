-- TagResource: adds tags, changes values, keeps to fifty.
BEGIN;
SELECT plan(20);
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
SELECT throws_ok($$SELECT pg_temp.tag('[]')$$, 'YD001', 'ValidationException: Atleast one Tag needs to be provided as Input.', 'no tags at all');
SELECT throws_ok($$SELECT pg_temp.tag('[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]')$$, 'YD001', NULL, 'a key twice');
SELECT lives_ok($$SELECT pg_temp.tag(pg_temp.many(1, 47))$$, 'fifty in all');
SELECT throws_ok($$SELECT pg_temp.tag(pg_temp.many(48, 48))$$, 'YD001', NULL, 'one more is too many');
SELECT throws_ok($$SELECT dynamo.request('TagResource', '{"ResourceArn": "arn:aws:dynamodb:us-east-1:000000000000:table/NoSuchTable", "Tags": [{"Key": "a", "Value": "b"}]}')$$,
	'YD004', NULL, 'a missing table');
-- the request is looked at before the table
SELECT throws_ok(format('SELECT dynamo.request(%L, %L)', operation, jsonb_build_object('ResourceArn', arn) || more::jsonb), state, message, operation || ' of ' || arn || ' with ' || more)
FROM (VALUES
	('TagResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{"Tags": []}', 'YD001', 'ValidationException: Atleast one Tag needs to be provided as Input.'),
	('UntagResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{"TagKeys": []}', 'YD001', 'ValidationException: Atleast one Tag Key needs to be provided as Input.'),
	('TagResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{"Tags": [{"Key": "aws:a", "Value": "b"}]}', 'YD001', 'ValidationException: Tag Key cannot be prefixed with aws:, Key: aws:a'),
	('TagResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{"Tags": [{"Key": "a"}]}', 'YD001', 'ValidationException: The Tag Value provided is invalid, Value: null'),
	('TagResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{"Tags": [{"Key": "a", "Value": "b"}]}', 'YD004', 'ResourceNotFoundException: Requested resource not found: ResourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/None not found'),
	('ListTagsOfResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{}', 'YD004', 'ResourceNotFoundException: Requested resource not found: ResourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/None not found'),
	('TagResource', 'None', '{"Tags": []}', 'YD001', 'ValidationException: One or more parameter values were invalid: ARNs must start with ''arn:'': None'),
	('TagResource', 'arn:aws:s3:::bucket', '{"Tags": []}', 'YD001', 'ValidationException: One or more parameter values were invalid: Provided Arn is not a DynamoDB resource arn: arn:aws:s3:::bucket'),
	('TagResource', 'arn:aws:dynamodb:eu-west-1:000000000000:table/None', '{"Tags": []}', 'YD001', 'ValidationException: Invalid TableArn: Invalid ResourceArn provided as input arn:aws:dynamodb:eu-west-1:000000000000:table/None'),
	('TagResource', 'arn:aws:dynamodb:us-east-1:111111111111:table/None', '{"Tags": []}', 'YD105', 'AccessDeniedException: Access is denied'),
	('UntagResource', 'arn:aws:dynamodb:us-east-1:000000000000:table/None', '{}', 'YD001', 'ValidationException: 1 validation error detected: Value null at ''tagKeys'' failed to satisfy constraint: Member must not be null')) AS v(operation, arn, more, state, message);
SELECT * FROM finish();
ROLLBACK;
