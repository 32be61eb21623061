-- Which requests with a ClientRequestToken have been done, for ten minutes.
CREATE TABLE dynamo.request_tokens
(
	role	oid NOT NULL,
	token	text COLLATE "C" NOT NULL,
	digest	bytea NOT NULL,
	created timestamptz NOT NULL,
	item_sizes int[],
	PRIMARY KEY (role, token)
);
CREATE INDEX request_tokens_created ON dynamo.request_tokens (created);
COMMENT ON TABLE dynamo.request_tokens IS 'ClientRequestTokens of the last ten minutes: what came with one of them is not done twice';
COMMENT ON COLUMN dynamo.request_tokens.digest IS 'SHA-256 of the request in canonical form';
COMMENT ON COLUMN dynamo.request_tokens.item_sizes IS 'the larger sizes of items before and after the request, in its order, for the cost of repetitions; null: all are small';
