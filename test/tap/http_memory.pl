# Too little memory, or too little stack, for what a client sends: it gets an error, and the worker goes on.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;

my $cluster = DynamoCluster->new('memory', { 'dynamo.http_workers' => 1, 'max_stack_depth' => '100kB' })->start;
$cluster->create_extension;
$cluster->call('CreateTable', {
	TableName => 'Small',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' });
my ($pid) = $cluster->pids('dynamo http worker');

# ---- stack -----------------------------------------------------------------------------------------------------------

for my $case (
	['parentheses', 'SELECT * FROM Small WHERE ' . '(' x 4000 . 'id' . ')' x 4000],
	['lists', q(INSERT INTO Small VALUE {'id': 'a', 'x': ) . '[' x 4000 . ']' x 4000 . '}'])
{
	my ($what, $statement) = @$case;
	my ($status, $reply) = $cluster->call('ExecuteStatement', { Statement => $statement });
	is($status, 400, "a statement with many $what") or diag(explain($reply));
}

# ---- memory ----------------------------------------------------------------------------------------------------------

sub limit_memory
{
	my ($more) = @_;
	open my $file, '<', "/proc/$pid/status" or die;
	my ($kb) = join('', <$file>) =~ /^VmSize:\s+(\d+)/m;
	return system('prlimit', '--pid', $pid, '--as=' . ($kb * 1024 + $more) . ':') == 0;
}

my $many = '{"TableName":"Small","Item":{"id":{"S":"a"},' . join(',', map { "\"$_\":{\"N\":\"1\"}" } 1 .. 800_000) . '}}';
is(($cluster->call('PutItem', $many))[0], 400, 'a large item, with enough memory');
for my $megabytes (150, 100, 60, 40, 20)
{
	ok(limit_memory($megabytes * 1024 * 1024), "with $megabytes MB to spare");
	my ($status) = $cluster->call('PutItem', $many);
	ok($status == 503 || $status == 400, "it is refused: $status");
	is(($cluster->call('ListTables', '{}'))[0], 200, 'and the next request is served');
}
like($cluster->log_text, qr/ERROR:  out of memory/, 'memory did run out');
is(($cluster->pids('dynamo http worker'))[0], $pid, 'in the same process');
unlike($cluster->log_text, qr/FATAL|PANIC/, 'which never ended');
done_testing;
