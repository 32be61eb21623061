# What the owner of an item table has put on it refuses writes that come through the endpoint: a client's error and not the
# server's, in words that tell nothing of what lies behind; the log tells the rest.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('rules', { 'dynamo.http_workers' => 1, 'log_min_messages' => 'log' })->start;
$cluster->create_extension;
$cluster->sql(q{
	SELECT dynamo.create_table('Rules', 'id');
	CREATE TABLE secrets (secret text);
	INSERT INTO secrets VALUES ('hidden');
	CREATE FUNCTION rule() RETURNS trigger LANGUAGE plpgsql AS $$
	DECLARE
		number int;
	BEGIN
		IF NEW.item ? TG_NAME THEN
			CASE NEW.item ->> TG_NAME
				WHEN 'cast' THEN SELECT secret::int INTO number FROM public.secrets;
				WHEN 'undefined' THEN PERFORM secret::int FROM hidden_secrets;
				ELSE RAISE EXCEPTION 'words of the owner' USING ERRCODE = NEW.item ->> TG_NAME;
			END CASE;
		END IF;
		RETURN NEW;
	END $$;
	CREATE TRIGGER now BEFORE INSERT OR UPDATE ON dynamo_tables."Rules" FOR EACH ROW EXECUTE FUNCTION rule();
	CREATE CONSTRAINT TRIGGER later AFTER INSERT OR UPDATE ON dynamo_tables."Rules" DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION rule();
	CREATE INDEX ON dynamo_tables."Rules" (((item ->> 'year')::int));});

sub item { my (%members) = @_; return { id => { S => 'a' }, map { $_ => { S => $members{$_} } } keys %members }; }

# Status and error of a request, and the text where the owner has written it.
sub outcome
{
	my ($operation, $body) = @_;
	my ($status, $reply, undef, $text) = $cluster->call($operation, $body);
	unlike($text, qr/hidden|secret|cast|integer|index|plpgsql|CONTEXT/i, 'the answer reveals nothing');
	return $status if $status == 200;
	(my $type = $reply->{__type}) =~ s/.*#//;
	my $message = $reply->{message} || $reply->{Message} || '';
	$message =~ s/^One or more parameter values were invalid: A rule that the table's owner has put on it refuses this write/REFUSED/;
	$message = '' if $status >= 500 || $message =~ /ongoing/;
	return join ' ', $status, $type, $message || ();
}
sub put { return outcome('PutItem', { TableName => 'Rules', Item => item(@_) }); }

my $log = $cluster->log_position;
is(put(year => 'soon'), '400 ValidationException REFUSED (SQLSTATE 22P02)', 'an expression of an index');
like($cluster->log_since($log), qr/dynamo request refused: invalid input syntax for type integer: "soon"/, 'the log has the whole story');
for my $when ('now', 'later')
{
	$log = $cluster->log_position;
	is(put($when => 'cast'), '400 ValidationException REFUSED (SQLSTATE 22P02)', "a trigger, $when");
	like($cluster->log_since($log), qr/dynamo request refused: invalid input syntax for type integer: "hidden"/, 'with what the client must not see');
	is(put($when => 'SH001'), '400 ValidationException words of the owner', 'a refusal in the owner\'s words');
	is(put($when => '23514'), '400 ValidationException words of the owner', 'a constraint');
	is(put($when => '40001'), '400 TransactionConflictException', 'a conflict is one to try again');
	is(put($when => '53100'), '503 ServiceUnavailableException', 'so is a lack of resources');
	is(put($when => '57014'), '503 ServiceUnavailableException', 'and a cancel');
	$log = $cluster->log_position;
	is(put($when => 'undefined'), '500 InternalServerError', 'a trigger that is broken is the server\'s error');
	like($cluster->log_since($log), qr/dynamo request failed: relation "hidden_secrets" does not exist/, 'for the log');
}
is(put(), 200, 'an item that breaks no rule');
is(outcome('UpdateItem', { TableName => 'Rules', Key => item(), UpdateExpression => 'SET #y = :y',
	ExpressionAttributeNames => { '#y' => 'year' }, ExpressionAttributeValues => { ':y' => { S => 'soon' } } }),
	'400 ValidationException REFUSED (SQLSTATE 22P02)', 'UpdateItem');
is(outcome('BatchWriteItem', { RequestItems => { Rules => [ { PutRequest => { Item => item(year => 'soon') } } ] } }),
	'400 ValidationException REFUSED (SQLSTATE 22P02)', 'BatchWriteItem');
is(outcome('TransactWriteItems', { TransactItems => [ { Put => { TableName => 'Rules', Item => item(year => 'soon') } } ] }),
	'400 ValidationException REFUSED (SQLSTATE 22P02)', 'TransactWriteItems');
is(outcome('ExecuteStatement', { Statement => q{UPDATE Rules SET "year" = 'soon' WHERE id = 'a'} }),
	'400 ValidationException REFUSED (SQLSTATE 22P02)', 'ExecuteStatement');
for my $case ([ 'cast', 'ValidationError', qr/dynamo request refused: invalid input syntax for type integer: "hidden"/ ],
	[ 'undefined', 'InternalServerError', qr/dynamo request failed: relation "hidden_secrets" does not exist/ ])
{
	my ($what, $code, $logged) = @$case;
	$log = $cluster->log_position;
	my (undef, $reply, undef, $text) = $cluster->call('BatchExecuteStatement', { Statements => [ { Statement => qq{UPDATE Rules SET "now" = '$what' WHERE id = 'a'} } ] });
	is($reply->{Responses}[0]{Error}{Code}, $code, "BatchExecuteStatement: $what");
	unlike($text, qr/hidden/, 'the answer reveals nothing');
	like($cluster->log_since($log), $logged, 'and the log has it');
}
is($cluster->sql(q{SELECT string_agg(item::text, ' ') FROM dynamo_tables."Rules"}), '{"id": "a"}', 'nothing of what was refused is there');

$cluster->stop;
done_testing();
