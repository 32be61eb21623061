# Acknowledged means durable: the server is killed under write load, several times.
#
# Writers put, update and delete items of their own over the endpoint and write down what was acknowledged.  After each
# kill -9 of the postmaster and all its children, and a restart, every acknowledged item is there in its newest
# acknowledged version (or in the one whose answer the crash swallowed), and the indexes agree with the table.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use DynamoCluster;
use File::Temp ();
use HTTP::Tiny;
use JSON::PP ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $rounds = $ENV{DYNAMO_CRASH_ROUNDS} || 4;
my $writers = 6;
my $keys = 40;    # of each writer
my $json = JSON::PP->new->utf8->canonical;

my $cluster = DynamoCluster->new('crash', {'fsync' => 'on', 'dynamo.http_workers' => 2, 'max_wal_size' => '64MB'});
$cluster->start;
$cluster->create_extension;
$cluster->sql(q{SELECT dynamo.create_table('Crash', 'owner', 'id', attribute_types => '{"id": "N"}',
	global_indexes => '{"ByParity": {"hash_key": "parity", "range_key": "id"}}')});

# One writer: until the server goes away.  Every line of its log is "key wanted acknowledged", version 0 being no item.
sub writer
{
	my ($number, $file, $first) = @_;
	my $http = HTTP::Tiny->new(timeout => 120, keep_alive => 1);
	open(my $log, '>>', $file) or die $!;
	$log->autoflush(1);
	srand($number * 1000 + $first);
	for (my $version = $first; ; $version++)
	{
		my $id = int(rand($keys));
		my $delete = rand() < 0.1;
		my %key = (owner => {S => "w$number"}, id => {N => "$id"});
		my ($operation, $body) =
		    $delete ? ('DeleteItem', {Key => \%key})
		  : rand() < 0.5 ? ('PutItem',
			{Item => {%key, version => {N => "$version"}, parity => {S => $version % 2 ? 'odd' : 'even'}}})
		  : ('UpdateItem',
			{
				Key => \%key,
				UpdateExpression => 'SET version = :v, parity = :p',
				ExpressionAttributeValues => {':v' => {N => "$version"}, ':p' => {S => $version % 2 ? 'odd' : 'even'}}
			});
		my $wanted = $delete ? 0 : $version;
		print $log "$id $wanted try\n";
		my $answer = $http->post("http://127.0.0.1:$cluster->{port}/",
			{
				headers => {
					'X-Amz-Target' => "DynamoDB_20120810.$operation",
					'Content-Type' => 'application/x-amz-json-1.0',
					'Authorization' =>
					  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'
				},
				content => $json->encode({TableName => 'Crash', %$body})
			});
		return 0 if $answer->{status} >= 500;
		return 1 if $answer->{status} != 200;
		print $log "$id $wanted done\n";
	}
}

# key -> list of versions that may be there
sub expected
{
	my ($file) = @_;
	my (%may, %last);
	open(my $in, '<', $file) or return {};
	while (<$in>)
	{
		my ($id, $version, $what) = split;
		if ($what eq 'try') { $last{$id} = [@{ $may{$id} || [0] }, $version] }
		else { $may{$id} = [$version]; delete $last{$id} }
	}
	# the answer to the last attempt of each process may have been lost
	return {%may, %last};
}

my $folder = File::Temp->newdir;
my ($acknowledged, $lost) = (0, 0);
for my $round (1 .. $rounds)
{
	my @pids;
	for my $number (1 .. $writers)
	{
		my $pid = fork;
		die "fork: $!" unless defined $pid;
		if (!$pid)
		{
			# leave the server to the parent
			my $status = eval { writer($number, "$folder/$number", $round * 1_000_000 + 1) };
			POSIX::_exit(defined $status ? $status : 2);
		}
		push @pids, $pid;
	}
	sleep 1.5 + rand();
	# on a slow machine until each has been answered now and then
	$cluster->wait_for(sub {
		!grep { my $tries = () = DynamoCluster::try_slurp("$folder/$_") =~ / try$/mg; $tries < 16 } 1 .. $writers
	}) or die 'the writers do not write';
	$cluster->kill9;
	my $bad = 0;
	for my $pid (@pids) { waitpid $pid, 0; $bad++ if $? != 0 }
	is($bad, 0, "round $round: writers saw no error before the kill");

	$cluster->start;
	$cluster->wait_for_endpoint or die 'the endpoint does not come back';
	my %rows = map { my ($owner, $id, $version) = split /\|/; ("$owner/$id" => $version) }
	  split /\n/, $cluster->sql(q{SELECT owner, id, item ->> 'version' FROM dynamo_tables."Crash"});
	my @wrong;
	for my $number (1 .. $writers)
	{
		my $may = expected("$folder/$number");
		for my $id (keys %$may)
		{
			my $there = $rows{"w$number/$id"} || 0;
			$acknowledged++;
			push @wrong, "w$number/$id: $there, not one of @{ $may->{$id} }" unless grep { $_ == $there } @{ $may->{$id} };
		}
		# what is there now is what the next round starts from
		open(my $log, '>', "$folder/$number") or die $!;
		print $log "$_ " . ($rows{"w$number/$_"} || 0) . " done\n" for keys %$may;
	}
	is("@wrong[0 .. ($#wrong > 4 ? 4 : $#wrong)]", '', "round $round: every acknowledged write is there");

	is( $cluster->sql(q{
			SET enable_seqscan = off; SET enable_bitmapscan = off;
			SELECT count(*) FROM dynamo_tables."Crash" t
			WHERE NOT EXISTS (SELECT 1 FROM dynamo_tables."Crash" i WHERE i.parity = t.item ->> 'parity' AND i.id = t.id AND i.owner = t.owner)}),
		'0', "round $round: every item is found through the index");
	my ($status, $odd) = $cluster->call('Query',
		{
			TableName => 'Crash',
			IndexName => 'ByParity',
			KeyConditionExpression => 'parity = :p',
			ExpressionAttributeValues => {':p' => {S => 'odd'}},
			Select => 'COUNT'
		});
	is($odd->{Count}, $cluster->sql(q{SELECT count(*) FROM dynamo_tables."Crash" WHERE (item ->> 'version')::bigint % 2 = 1}),
		"round $round: a query of the index counts what the table holds");
}
cmp_ok($acknowledged, '>', $rounds * $writers * 10, "there was load ($acknowledged items checked)");
$cluster->stop;
done_testing;
