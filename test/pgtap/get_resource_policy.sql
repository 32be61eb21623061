-- GetResourcePolicy: nothing has a policy; which ARNs are refused, and how.
BEGIN;
SELECT no_plan();
SELECT dynamo.create_table('Guarded', 'id', stream_view_type => 'KEYS_ONLY') IS NOT NULL AS made;
SELECT dynamo.describe_table('Guarded') ->> 'LatestStreamArn' AS stream \gset
CREATE FUNCTION pg_temp.policy(arn text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN dynamo.request('GetResourcePolicy', jsonb_build_object('ResourceArn', arn));
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

SELECT is(pg_temp.policy('arn:aws:dynamodb:us-east-1:000000000000:table/Guarded'),
	'YD018 PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: arn:aws:dynamodb:us-east-1:000000000000:table/Guarded', 'a table');
SELECT is(pg_temp.policy(:'stream'), 'YD018 PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: ' || :'stream', 'a stream');
SELECT is(pg_temp.policy(arn), answer, coalesce(arn, 'no ARN')) FROM (VALUES
	('arn:aws:dynamodb:us-east-1:000000000000:table/NoSuchTable', 'YD004 ResourceNotFoundException: Requested resource not found: Table: NoSuchTable not found'),
	('arn:aws:dynamodb:us-east-1:000000000000:table/GUARDED', 'YD004 ResourceNotFoundException: Requested resource not found: Table: GUARDED not found'),
	('arn:aws:dynamodb:us-east-1:000000000000:table/Guarded/stream/2000-01-01T00:00:00.000',
		'YD004 ResourceNotFoundException: Requested resource not found: Stream: 2000-01-01T00:00:00.000 not found for Table: Guarded'),
	('Guarded', 'YD001 ValidationException: One or more parameter values were invalid: ARNs must start with ''arn:'': Guarded'),
	('arn:aws', 'YD001 ValidationException: One or more parameter values were invalid: Invalid resource Arn: arn:aws'),
	('arn:aws:dynamodb:us-east-1:111111111111:table/Guarded',
		'YD001 ValidationException: This action is only supported by accounts that match the resource owner’s account.'),
	('arn:aws:dynamodb:us-west-2:000000000000:table/Guarded',
		'YD001 ValidationException: One or more parameter values were invalid: Invalid resource Arn: arn:aws:dynamodb:us-west-2:000000000000:table/Guarded'),
	('arn:aws-cn:dynamodb:us-east-1:000000000000:table/Guarded',
		'YD001 ValidationException: One or more parameter values were invalid: Invalid resource Arn: arn:aws-cn:dynamodb:us-east-1:000000000000:table/Guarded'),
	('arn:aws:dynamodb:us-east-1:000000000000:table/Guarded/index/ByX',
		'YD001 ValidationException: One or more parameter values were invalid: Invalid resource arn provided, only table or stream is accepted. Provided resource arn: arn:aws:dynamodb:us-east-1:000000000000:table/Guarded/index/ByX'),
	('arn:aws:dynamodb:us-east-1:000000000000:table/Guarded/backup/0170',
		'YD001 ValidationException: One or more parameter values were invalid: Provided Arn is not a DynamoDB resource arn: arn:aws:dynamodb:us-east-1:000000000000:table/Guarded/backup/0170'),
	('arn:aws:s3:us-east-1:000000000000:table/Guarded',
		'YD001 ValidationException: One or more parameter values were invalid: Provided Arn is not a DynamoDB resource arn: arn:aws:s3:us-east-1:000000000000:table/Guarded'),
	('', 'YD001 ValidationException: 1 validation error detected: Value '''' at ''resourceArn'' failed to satisfy constraint: Member must have length greater than or equal to 1'),
	(NULL, 'YD001 ValidationException: 1 validation error detected: Value null at ''resourceArn'' failed to satisfy constraint: Member must not be null')) AS v (arn, answer);
SELECT is(pg_temp.policy(repeat('a', 1284)) LIKE 'YD001 %Member must have length less than or equal to 1283', true, 'too long');

-- a stream that outlived its table has none either
DO $$ BEGIN PERFORM dynamo.delete_table('Guarded'); END $$;
SELECT is(pg_temp.policy(:'stream'), 'YD018 PolicyNotFoundException: Resource-based policy not found for the provided ResourceArn: ' || :'stream', 'the stream of a deleted table');
CREATE ROLE tap_nobody NOLOGIN;
GRANT tap_nobody TO CURRENT_USER;
SET LOCAL ROLE tap_nobody;
SELECT is(pg_temp.policy(:'stream') LIKE 'YD105 AccessDeniedException: %dynamodb:GetResourcePolicy on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Guarded %', true,
	'which is not for everybody');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
