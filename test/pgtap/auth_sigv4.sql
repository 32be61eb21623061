-- Signature Version 4, good and bad, without an endpoint.  The signatures were made with botocore 1.44 at a fixed time,
-- at which the clock of this session is made to stand.
BEGIN;
SELECT plan(74);

SELECT dynamo_test.sigv4_clock('2026-01-01 00:05:00Z');
CREATE ROLE sigv4_caller;
CREATE TEMP TABLE access_key AS
SELECT * FROM dynamo.create_access_key('sigv4_caller', 'AKIASIGNATURETEST234', 'bYo3k/9sV+uT1qLw8ZrXf5MhJd0CeGnP7aKtEiDx');

-- The Authorization header for a signature.
CREATE FUNCTION pg_temp.signed(signature text, names text DEFAULT 'content-type;host;x-amz-date;x-amz-target', region text DEFAULT 'us-east-1')
RETURNS text LANGUAGE sql AS $$
	SELECT format('AWS4-HMAC-SHA256 Credential=AKIASIGNATURETEST234/20260101/%s/dynamodb/aws4_request, SignedHeaders=%s, Signature=%s',
				  region, names, signature) $$;

-- Who the caller is, or the error.  headers: one per line, in place of (or, with a null line, without) the usual ones.
CREATE FUNCTION pg_temp.send(authorization_header text, headers text DEFAULT NULL, query text DEFAULT '', path text DEFAULT '/',
							 body text DEFAULT '{"TableName":"t"}', method text DEFAULT 'POST') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	lines text[] := string_to_array(coalesce(headers, E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem\n'
		'Content-Type: application/x-amz-json-1.0' || CASE WHEN authorization_header IS NULL THEN '' ELSE E'\nX-Amz-Date: 20260101T000500Z' END), E'\n');
	names bytea[];
	contents bytea[];
BEGIN
	IF authorization_header IS NOT NULL THEN
		lines := lines || ('Authorization: ' || authorization_header);
	END IF;
	SELECT array_agg(convert_to(split_part(line, ':', 1), 'UTF8') ORDER BY n),
		   array_agg(convert_to(trim(substr(line, strpos(line, ':') + 1)), 'UTF8') ORDER BY n)
	  INTO names, contents FROM unnest(lines) WITH ORDINALITY AS l (line, n);
	RETURN dynamo_test.sigv4_identify(convert_to(method, 'UTF8'), convert_to(path, 'UTF8'), convert_to(query, 'UTF8'),
									  names, contents, convert_to(body, 'UTF8'));
EXCEPTION WHEN OTHERS THEN
	RETURN SQLERRM;
END $$;
CREATE FUNCTION pg_temp.plain() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.signed('10abbaadb29a577e68ea84d02856904940402e9c5c76af8d75298161c5ea8066') $$;
CREATE FUNCTION pg_temp.caller() RETURNS text LANGUAGE sql AS $$ SELECT 'sigv4_caller AKIASIGNATURETEST234' $$;
CREATE FUNCTION pg_temp.presigned() RETURNS text LANGUAGE sql AS $$
	SELECT 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIASIGNATURETEST234%2F20260101%2Fus-east-1%2Fdynamodb%2Faws4_request'
		   '&X-Amz-Date=20260101T000500Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-target'
		   '&X-Amz-Signature=678db01ab8f7f8f4ea4418b5ceb54b54b35867945a4c0473137825348cf945be' $$;

-- ---- good signatures
SELECT is(pg_temp.send(pg_temp.plain()), pg_temp.caller(), 'a signature');
SELECT is(pg_temp.send(pg_temp.plain()), pg_temp.caller(), 'once more, now with a kept signing key');
SELECT is(pg_temp.send(pg_temp.signed('2071d21eb8bd9a8e13aa16fea98723b03ed8a2eea065489c630f390bed65e489', region => 'eu-west-3')),
		  pg_temp.caller(), 'any region');
SELECT is(pg_temp.send(pg_temp.signed('f0eb68e7b142f45708ec782d59e44b09aa95abf3df5869378338989180b7b9f0'), body => ''),
		  pg_temp.caller(), 'an empty body');
SELECT is(pg_temp.send(pg_temp.signed('74a0dda393395f82c3274145d6239f095bb6ef694221209589f7945f49a0d899'), path => '/a//b/./c/../d%20e/'),
		  pg_temp.caller(), 'a path is normalised and encoded once more');
SELECT is(pg_temp.send(pg_temp.signed('240b78a721accb40ed52f1cc4348aac021ac2edf50fe5e58fad232feed666af0'), query => 'a=%78%20y&c&b=2&-=&b=1'),
		  pg_temp.caller(), 'a query is sorted and encoded anew');
SELECT is(pg_temp.send(pg_temp.signed('fe1b0919c8d80bf8d04c3cee5941cd8fbdcee693392fc9207bb75b63fb2d7216', 'content-type;host;many;x-amz-date;x-amz-target'),
		  E'MANY:   two \t  words \nUnsigned: 1\nx-amz-target: DynamoDB_20120810.GetItem\nX-AMZ-DATE: 20260101T000500Z\nmany: one\n'
		  'content-TYPE:   application/x-amz-json-1.0\nhost: localhost:8000'),
		  pg_temp.caller(), 'headers in another order and case, with more white space, and one of them twice');
SELECT is(pg_temp.send(pg_temp.signed('9b4d24062c09e64d3b4b4136306d3a0c4803f0f6ab31e0ff86ff907d93dd1714', 'content-type;date;host;x-amz-target'),
		  E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem\nContent-Type: application/x-amz-json-1.0\n'
		  'Date: Thu, 01 Jan 2026 00:05:00 -0000'), pg_temp.caller(), 'an HTTP date');
SELECT is(pg_temp.send(replace(pg_temp.plain(), ', ', ',')), pg_temp.caller(), 'parameters between commas alone');
SELECT is(pg_temp.send(replace(pg_temp.plain(), ', ', ' ')), pg_temp.caller(), 'between spaces alone');
SELECT is(pg_temp.send(replace(pg_temp.plain(), 'content-type;host;x-amz-date;x-amz-target', 'X-Amz-Target;host;x-amz-date;;host;Content-Type')),
		  pg_temp.caller(), 'signed names in another order and case, and twice');
SELECT is(pg_temp.send(replace(pg_temp.plain(), 'aws4_request', 'aws4_request/')), pg_temp.caller(), 'a slash after the credential');

-- ---- presigned
SELECT is(pg_temp.send(NULL, query => pg_temp.presigned(), body => ''), pg_temp.caller(), 'a presigned URL');
SELECT dynamo_test.sigv4_clock('2026-01-01 01:05:00Z');
SELECT is(pg_temp.send(NULL, query => pg_temp.presigned(), body => ''), pg_temp.caller(), 'holds until it expires');
SELECT dynamo_test.sigv4_clock('2026-01-01 01:05:01Z');
SELECT is(pg_temp.send(NULL, query => pg_temp.presigned(), body => ''),
		  'InvalidSignatureException: Signature expired: 20260101T000500Z is now earlier than 20260101T000501Z (20260101T010501Z - 60 min.)',
		  'and no longer');
SELECT dynamo_test.sigv4_clock('2026-01-01 00:05:00Z');
SELECT matches(pg_temp.send(NULL, query => replace(pg_temp.presigned(), '3600', '36000'), body => ''), 'does not match', 'its life cannot be prolonged');
SELECT matches(pg_temp.send(NULL, query => pg_temp.presigned()), 'does not match', 'its body is signed');
SELECT is(pg_temp.send(NULL, query => replace(pg_temp.presigned(), '3600', '604801')),
		  'IncompleteSignatureException: X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
		  'a week at most');
SELECT is(pg_temp.send(NULL, query => replace(pg_temp.presigned(), '3600', '-1')),
		  'IncompleteSignatureException: X-Amz-Expires should be a number', 'nothing but digits');
SELECT is(pg_temp.send(pg_temp.plain(), query => pg_temp.presigned()),
		  'InvalidSignatureException: Found both ''X-Amz-Algorithm'' as a query-string param and ''Authorization'' as HTTP header.', 'not both');
SELECT is(pg_temp.send(NULL, query => 'X-Amz-Algorithm&X-Amz-Date=1'),
		  'IncompleteSignatureException: AWS query-string parameters must include ''X-Amz-Algorithm''. AWS query-string parameters must include ''X-Amz-Credential''. '
		  'AWS query-string parameters must include ''X-Amz-Signature''. AWS query-string parameters must include ''X-Amz-SignedHeaders''. '
		  'Re-examine the query-string parameters.', 'all that is missing is named');

-- ---- no signature, or half of one
SELECT is(pg_temp.send(what), 'MissingAuthenticationTokenException: Request is missing Authentication Token', 'no AWS signature: ' || coalesce(what, 'null'))
FROM (VALUES (NULL), (''), ('Basic YTpi'), ('aws4-hmac-sha256 a=b')) AS v (what);
SELECT is(pg_temp.send('AWS4-HMAC-SHA256 Foo=Bar', 'Host: localhost'),
		  'IncompleteSignatureException: Authorization header requires ''Credential'' parameter. Authorization header requires ''Signature'' parameter. '
		  'Authorization header requires ''SignedHeaders'' parameter. Authorization header requires existence of either a ''X-Amz-Date'' or a ''Date'' header. '
		  'Authorization=AWS4-HMAC-SHA256 Foo=Bar', 'all parameters are missing');
SELECT is(pg_temp.send('AWS4-HMAC-SHA256 Credential=a SignedHeaders='),
		  'IncompleteSignatureException: Authorization header requires ''Signature'' parameter. '
		  'Authorization=AWS4-HMAC-SHA256 Credential=a SignedHeaders=', 'one is missing; an empty list is not');
SELECT is(pg_temp.send('AWS4-HMAC-SHA256 Signature=b,    Credential,    SignedHeaders'),
		  'IncompleteSignatureException: ''Credential'' not a valid key=value pair (missing equal-sign) in Authorization header: '
		  '''AWS4-HMAC-SHA256 Signature=b,    Credential,    SignedHeaders''.', 'a parameter without a value');

-- ---- dates
SELECT is(pg_temp.send(pg_temp.plain(), E'Host: h\nX-Amz-Date: ' || date),
		  format('IncompleteSignatureException: Date must be in ISO-8601 ''basic format''. Got ''%s''. See http://en.wikipedia.org/wiki/ISO_8601', date),
		  format('"%s" is no date', date))
FROM unnest('{201,20260230T000000Z,20261301T000000Z,20260101T240000Z,20260101T000500,2026-01-01T00:05:00Z,""}'::text[]) AS date;
SELECT is(pg_temp.send(pg_temp.plain(), E'Host: h\nX-Amz-Date: 20251231T235959Z'),
		  'InvalidSignatureException: Signature expired: 20251231T235959Z is now earlier than 20260101T000000Z (20260101T000500Z - 5 min.)', 'too old');
SELECT is(pg_temp.send(pg_temp.plain(), E'Host: h\nX-Amz-Date: 20260101T001001Z'),
		  'InvalidSignatureException: Signature not yet current: 20260101T001001Z is still later than 20260101T001000Z (20260101T000500Z + 5 min.)', 'too new');
SELECT dynamo_test.sigv4_clock(now) FROM (VALUES ('2026-01-01 00:10:00Z'::timestamptz)) AS v (now);
SELECT is(pg_temp.send(pg_temp.plain()), pg_temp.caller(), 'five minutes old is new enough');
SELECT dynamo_test.sigv4_clock('2026-01-01 00:00:00Z');
SELECT is(pg_temp.send(pg_temp.plain()), pg_temp.caller(), 'five minutes ahead is old enough');
SELECT dynamo_test.sigv4_clock('2026-01-01 00:05:00Z');

-- ---- what is signed, how, and for what; in this order
SELECT is(pg_temp.send(replace(replace(pg_temp.plain(), ';host', ''), 'SHA256', 'SHA25')),
		  'InvalidSignatureException: ''Host'' or '':authority'' must be a ''SignedHeader'' in the AWS Authorization.', 'the host must be signed');
SELECT is(pg_temp.send(replace(replace(pg_temp.plain(), 'SHA256', 'SHA25'), '/us-east-1', '')),
		  'IncompleteSignatureException: Unsupported AWS ''algorithm'': ''AWS4-HMAC-SHA25'' (only AWS4-HMAC-SHA256 for now). ', 'another algorithm');
SELECT is(pg_temp.send(replace(pg_temp.plain(), '/us-east-1', '')),
		  'IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '
		  '''AKIASIGNATURETEST234/20260101/dynamodb/aws4_request''', 'a scope of four elements');
SELECT matches(pg_temp.send(replace(pg_temp.plain(), '/us-east-1', '/us/east')), '^IncompleteSignatureException: Credential must have exactly 5', 'of six');
SELECT is(pg_temp.send(replace(pg_temp.plain(), '20260101/us-east-1/dynamodb/aws4_request', '20260102/us-east-1/s3/aws5')),
		  'InvalidSignatureException: Credential should be scoped to correct service: ''dynamodb''. '
		  'Credential should be scoped with a valid terminator: ''aws4_request'', not ''aws5''. '
		  'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ''20260102'' != ''20260101'', from ''20260101T000500Z''.',
		  'a scope with three faults');

-- ---- keys and signatures
SELECT is(pg_temp.send(replace(pg_temp.plain(), 'AKIA', id)), 'UnrecognizedClientException: The security token included in the request is invalid.', what)
FROM (VALUES ('BKIA', 'an unknown key'), ('', 'half a key'), (repeat('A', 5000), 'an overlong key')) AS v (id, what);
SELECT is(pg_temp.send(pg_temp.plain(), body => '{}'),
		  'InvalidSignatureException: The request signature we calculated does not match the signature you provided. '
		  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.' ||
		  E'\n\nThe Canonical String for this request should have been\n''POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:localhost:8000\n'
		  'x-amz-date:20260101T000500Z\nx-amz-target:DynamoDB_20120810.GetItem\n\ncontent-type;host;x-amz-date;x-amz-target\n'
		  '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a''\n\nThe String-to-Sign should have been\n''AWS4-HMAC-SHA256\n'
		  '20260101T000500Z\n20260101/us-east-1/dynamodb/aws4_request\n2bc97e609376b62bfd8a1ae599738b24cda1753c07dfccebab71360e8b953afc''\n',
		  'another body');
SELECT matches(pg_temp.send(pg_temp.plain(), method => 'PUT'), 'does not match', 'another method');
SELECT matches(pg_temp.send(upper(pg_temp.plain())), '^IncompleteSignature', 'names of parameters are case-sensitive');
SELECT matches(pg_temp.send(rtrim(pg_temp.plain(), '6')), 'does not match', 'a signature cut short');
SELECT matches(pg_temp.send(pg_temp.signed('1e9837aef578119be2144c87286fb2a3d1baa68e95d3c68fbe0ada7b80da2626',
		'content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target'),
		E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem\nContent-Type: application/x-amz-json-1.0\n'
		'X-Amz-Date: 20260101T000500Z\nX-Amz-Content-SHA256: UNSIGNED-PAYLOAD'), 'does not match', 'the body is always signed');
SELECT is(pg_temp.send(pg_temp.signed('3cbdd58c0168f0f7207c2b181f0770fe4d44a64e45976e15a78094486d8e1f08',
		'content-type;host;x-amz-date;x-amz-security-token;x-amz-target'),
		E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem\nContent-Type: application/x-amz-json-1.0\n'
		'X-Amz-Date: 20260101T000500Z\nX-Amz-Security-Token: abc'),
		'UnrecognizedClientException: The security token included in the request is invalid.', 'a token for a key that has none');

-- ---- what must be signed: an operation that is not could be changed on the way
SELECT is(pg_temp.send(pg_temp.signed('d9cae9218ffa324d556b4fa4159c0ab928f6bc1b15e62fe443489d8b67f208fd', 'content-type;host;x-amz-date')),
		  'InvalidSignatureException: ''X-Amz-Target'' must be a ''SignedHeader'' in the AWS Authorization.', 'the operation must be signed');
SELECT is(pg_temp.send(pg_temp.signed('1db4e8393fd92d4a9bad33233d5e8a9ad2c62475f152632cb6be6a79e066a7c1', 'content-type;host;x-amz-target')),
		  'InvalidSignatureException: ''X-Amz-Date'' must be a ''SignedHeader'' in the AWS Authorization.', 'so must the date');
SELECT is(pg_temp.send(NULL, query => 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIASIGNATURETEST234%2F20260101%2Fus-east-1%2Fdynamodb%2Faws4_request&X-Amz-Date=20260101T000500Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host'
		  '&X-Amz-Signature=35e411fd3a676a83d57eb69b69324f5fa636d791a483d160c0f7cf87af06825d', body => '',
		  headers => E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem'),
		  'InvalidSignatureException: ''X-Amz-Target'' must be a ''SignedHeader'' in the AWS Authorization.', 'of a presigned URL as well');
SELECT is(pg_temp.send(NULL, query => pg_temp.presigned(), body => '', headers => E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem\n'
		  'Content-Type: application/x-amz-json-1.0\nX-Amz-Date: 20260101T000500Z'),
		  'InvalidSignatureException: ''X-Amz-Date'' must be a ''SignedHeader'' in the AWS Authorization.', 'a second date beside that of the URL');
SELECT is(pg_temp.send(pg_temp.plain(), usual || E'\n' || more),
		  coalesce('InvalidSignatureException: ''' || unsigned || ''' must be a ''SignedHeader'' in the AWS Authorization.', pg_temp.caller()),
		  'beside what is signed: ' || more)
FROM (VALUES ('X-AMZ-Api-Version: 1', 'X-AMZ-Api-Version'), ('x-amz-: 1', NULL), ('X-Amz-Meta-Note: 1', 'X-Amz-Meta-Note'),
	('X-Amzn-Trace-Id: Root=1', NULL), ('amz-sdk-request: attempt=1', NULL), ('Via: a proxy', NULL),
	('X-Amz-Cf-Id: 1', NULL), ('X-Amz-Content-SHA256: e3b0', NULL), ('X-Amz-User-Agent: php', NULL)) AS v (more, unsigned),
	(SELECT E'Host: localhost:8000\nX-Amz-Target: DynamoDB_20120810.GetItem\nContent-Type: application/x-amz-json-1.0\n'
	 'X-Amz-Date: 20260101T000500Z') AS u (usual);
SELECT is(pg_temp.send(replace(pg_temp.signed('d9cae9218ffa324d556b4fa4159c0ab928f6bc1b15e62fe443489d8b67f208fd', 'content-type;host;x-amz-date'), 'AKIA', 'BKIA')),
		  'UnrecognizedClientException: The security token included in the request is invalid.', 'asked once the key is known');

-- ---- keys that change
SELECT dynamo.enable_access_key('AKIASIGNATURETEST234', false);
SELECT matches(pg_temp.send(pg_temp.plain()), '^UnrecognizedClient', 'a key that is switched off');
SELECT dynamo.enable_access_key('AKIASIGNATURETEST234');
SELECT is(pg_temp.send(pg_temp.plain()), pg_temp.caller(), 'and on again');
ALTER ROLE sigv4_caller RENAME TO sigv4_renamed;
SELECT matches(pg_temp.send(pg_temp.plain()), '^UnrecognizedClient', 'its role is renamed');
CREATE ROLE sigv4_caller;
SELECT matches(pg_temp.send(pg_temp.plain()), '^UnrecognizedClient', 'another role of that name is not the key''s');
DROP ROLE sigv4_caller;
ALTER ROLE sigv4_renamed RENAME TO sigv4_caller;
SELECT is(pg_temp.send(pg_temp.plain()), pg_temp.caller(), 'its role has its name again');
DROP ROLE sigv4_caller;
SELECT matches(pg_temp.send(pg_temp.plain()), '^UnrecognizedClient', 'its role is dropped');
SELECT dynamo.drop_access_key('AKIASIGNATURETEST234');
SELECT matches(pg_temp.send(pg_temp.plain()), '^UnrecognizedClient', 'it is dropped');

SELECT dynamo_test.sigv4_clock(NULL);
SELECT * FROM finish();
ROLLBACK;
