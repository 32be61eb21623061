-- GetCallerIdentity: the account, and the role as an IAM user.
BEGIN;
SELECT plan(7);
CREATE ROLE tap_caller NOLOGIN;
GRANT tap_caller TO CURRENT_USER;
SELECT dynamo.request('GetCallerIdentity', '{}') AS mine \gset
SET LOCAL ROLE tap_caller;
SELECT dynamo.request('GetCallerIdentity', '{}') AS identity \gset
SELECT is(:'identity'::jsonb ->> 'Arn', 'arn:aws:iam::000000000000:user/tap_caller', 'the role, which needs no privilege');
SELECT is(:'identity'::jsonb ->> 'Account', '000000000000', 'the account');
SELECT is(:'identity'::jsonb ->> 'UserId' ~ '^AIDA[A-Z0-9]{17}$', true, 'an identifier of IAM''s form');
RESET ROLE;
SELECT isnt(:'identity'::jsonb ->> 'UserId', :'mine'::jsonb ->> 'UserId', 'each role has its own');
ALTER ROLE tap_caller RENAME TO "tap <&> ""a"" caller";
SET LOCAL ROLE "tap <&> ""a"" caller";
SELECT is(dynamo.request('GetCallerIdentity', '{}') - 'Arn', :'identity'::jsonb - 'Arn', 'and keeps it when it is renamed');
SELECT is(dynamo.request('GetCallerIdentity', '{"Unknown": "member"}') ->> 'Arn', 'arn:aws:iam::000000000000:user/tap <&> "a" caller', 'any name');
RESET ROLE;
SELECT dynamo_test.setting('dynamo.account_id', '123456789012') AS set \gset
SELECT is(dynamo.request('GetCallerIdentity', '{}') ->> 'Account', '123456789012', 'dynamo.account_id');
SELECT * FROM finish();
ROLLBACK;
