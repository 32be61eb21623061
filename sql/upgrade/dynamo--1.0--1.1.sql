-- What 1.1 changes in the tables of 1.0.  Functions, views and triggers follow: the build appends sql/functions.

-- what a repeated transaction costs
ALTER TABLE dynamo.request_tokens ADD COLUMN item_sizes int[];
COMMENT ON COLUMN dynamo.request_tokens.item_sizes IS 'the larger sizes of items before and after the request, in its order, for the cost of repetitions; null: all are small';
