# The background processes: when they come, when they go, and what they survive.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(sleep time);

my $http = 'dynamo http worker';
my $cluster = DynamoCluster->new('life', {
	'dynamo.database' => "'shop'", 'dynamo.lock_timeout' => '500ms', 'restart_after_crash' => 'on' })->start;

sub count { return scalar $cluster->pids($_[0]); }
sub closed { return $cluster->wait_for(sub { !$cluster->is_open }); }
sub session_count { return $cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop'"); }

# ---- a database and an extension, or not -----------------------------------------------------------------------------

ok($cluster->wait_for(sub { count('dynamo launcher') == 1 }), 'the launcher runs');
ok($cluster->wait_for(sub { $cluster->log_text =~ /waits for database "shop"/ }), 'without the database it says so');
is(count($http), 0, 'and starts no worker');

$cluster->sql('CREATE DATABASE shop');
sleep 1;
ok(!$cluster->is_open, 'no endpoint without the extension');
ok($cluster->wait_for(sub { $cluster->log_text =~ /waits for extension "dynamo" in database "shop"/ }), 'which it says');
ok($cluster->wait_for(sub { session_count() == 0 }), 'and no session in the database');
is(($cluster->try_sql('DROP DATABASE shop'))[0], 0, 'so it can be dropped');
my $position = $cluster->log_position;
$cluster->sql('CREATE DATABASE shop');

# somebody looks every ten seconds, and has looked just now
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /waits for extension/ }), 'a new database is looked at');
my $start = time;
$cluster->create_extension('shop');
cmp_ok(time - $start, '<', 9, 'CREATE EXTENSION opens the endpoint at once');
ok($cluster->wait_for(sub { count($http) == 2 }), 'two workers');
is(count('dynamo scheduler'), 1, 'and the scheduler');

$cluster->sql('BEGIN; DROP EXTENSION dynamo CASCADE; ROLLBACK', 'shop');
sleep 0.5;
is(($cluster->get('/health'))[0], 200, 'a DROP EXTENSION that is rolled back closes nothing');
$cluster->sql('DROP EXTENSION dynamo CASCADE', 'shop');
ok(closed(), 'DROP EXTENSION closes the endpoint');
ok($cluster->wait_for(sub { session_count() == 0 }), 'and ends the sessions');
$cluster->sql('DROP SCHEMA IF EXISTS dynamo_tables CASCADE', 'shop');
$cluster->create_extension('shop');
pass('CREATE EXTENSION opens it again');

like(($cluster->try_sql('DROP DATABASE shop'))[2], qr/is being accessed by other users/, 'DROP DATABASE minds the workers');
$position = $cluster->log_position;
is(($cluster->try_sql('DROP DATABASE shop WITH (FORCE)'))[0], 0, 'FORCE does not');
ok(closed(), 'the endpoint is closed');
$cluster->wait_for(sub { $cluster->log_since($position) =~ /waits for database "shop"/ });
sleep 3;
my $said = () = $cluster->log_since($position) =~ /waits for database "shop"/g;
is($said, 1, 'one line says why');
unlike($cluster->log_since($position), qr/FATAL|WARNING/, 'there is no loop of errors');
$cluster->sql('CREATE DATABASE shop');
$cluster->create_extension('shop');
pass('a new database of that name is served');

# a deletion that takes its time, at a point where nobody is left in the database: nobody comes before it is over
my $hindrance = $cluster->session_at('BEGIN; LOCK TABLE pg_shdescription');
$position = $cluster->log_position;
my $dropper = $cluster->sql_session;
print $dropper "DROP DATABASE shop WITH (FORCE);\n";
ok($cluster->wait_for(sub {
	$cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE query ~ '^DROP DATABASE' AND wait_event_type = 'Lock'") == 1
}), 'a deletion without an end');
sleep 3;
close $hindrance;
close $dropper;
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /waits for database "shop"/ }), 'it comes to its end');
unlike($cluster->log_since($position), qr/FATAL|WARNING/, 'and nobody has come too late');
$cluster->sql('CREATE DATABASE shop');
$cluster->create_extension('shop');

like(($cluster->try_sql("SELECT dynamo.run_worker('none')", 'shop'))[2], qr/there is no worker "none"/, 'run_worker knows its jobs');

# A worker that does not serve signals would hold up each of these for ever.
$start = time;
$cluster->sql('CREATE DATABASE passing');
$cluster->sql('DROP DATABASE passing');
$cluster->sql('CHECKPOINT');
cmp_ok(time - $start, '<', 60, 'other databases come and go');

# ---- cancel and terminate --------------------------------------------------------------------------------------------

sub key { return { TableName => 'Things', Key => { id => { S => $_[0] } } }; }
sub item { return { TableName => 'Things', Item => { id => { S => $_[0] } } }; }
is(($cluster->call('CreateTable', {
	TableName => 'Things',
	KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
	AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
	BillingMode => 'PAY_PER_REQUEST' }))[0], 200, 'a table');
is(($cluster->call('PutItem', item('a')))[0], 200, 'an item');

my @pids = $cluster->pids($http);
$cluster->sql("SELECT pg_cancel_backend($_)") for @pids, @pids;
sleep 0.3;
is_deeply([$cluster->pids($http)], \@pids, 'pg_cancel_backend does nothing to an idle worker');
is(($cluster->call('GetItem', key('a')))[0], 200, 'nor to its next request');

# Makes writes of item "slow" take their time.
$cluster->sql(q{
	CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN IF NEW.id LIKE 'slow%' THEN PERFORM pg_catalog.pg_sleep(60); END IF; RETURN NEW; END$$;
	CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON dynamo_tables."Things" FOR EACH ROW EXECUTE FUNCTION public.slow()}, 'shop');

sub busy_worker
{
	my $pid;
	$cluster->wait_for(sub {
		$pid = $cluster->sql("SELECT min(pid) FROM pg_stat_activity WHERE backend_type = '$http' AND wait_event = 'PgSleep'") }) or die 'no worker is busy';
	return $pid;
}
my $socket = $cluster->connect;
print $socket $cluster->request_text('PutItem', item('slow'));
my $busy = busy_worker();
is($cluster->sql("SELECT query FROM pg_stat_activity WHERE pid = $busy"), 'PutItem', 'pg_stat_activity names the operation');
$cluster->sql("SELECT pg_cancel_backend($busy)");
my ($status, $text) = $cluster->read_reply($socket);
is($status, 503, 'pg_cancel_backend ends a busy worker\'s request');
like($text, qr/ServiceUnavailable/, 'with an error that makes an SDK try again');
print $socket $cluster->request_text('GetItem', key('a'));
is(($cluster->read_reply($socket))[0], 200, 'the connection and the worker go on');

my $session = $cluster->session_at(q{BEGIN; SELECT * FROM dynamo_tables."Things" WHERE id = 'a' FOR UPDATE}, 'shop');
$start = time;
($status, $text) = ($cluster->call('PutItem', item('a')))[0, 3];
is($status, 400, 'a lock ends a request after dynamo.lock_timeout');
like($text, qr/TransactionConflictException/, 'with an error to retry');
cmp_ok(time - $start, '<', 50, 'in time');
is(($cluster->call('GetItem', key('a')))[0], 200, 'reads do not mind the lock');
close $session;

@pids = $cluster->pids($http);
$cluster->sql("SELECT pg_terminate_backend($pids[0])");
ok($cluster->wait_for(sub { my @now = $cluster->pids($http); @now == 2 && !grep { $_ == $pids[0] } @now }),
	'a worker that was terminated is replaced');
my $old = $cluster->sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'dynamo launcher'");
@pids = $cluster->pids('dynamo (http|sched)');
$cluster->sql("SELECT pg_terminate_backend($old)");
ok($cluster->wait_for(sub { ($cluster->sql("SELECT max(pid) FROM pg_stat_activity WHERE backend_type = 'dynamo launcher'") || $old) != $old }),
	'so is the launcher');
ok($cluster->wait_for_endpoint, 'the endpoint is back');
my %before = map { $_ => 1 } @pids;
ok(!grep({ $before{$_} } $cluster->pids('dynamo (http|sched)')), 'with new workers');
ok($cluster->wait_for(sub { count($http) == 2 && count('dynamo scheduler') == 1 }), 'as many as before');

# ---- settings --------------------------------------------------------------------------------------------------------

$socket = $cluster->connect;
print $socket $cluster->request_text('GetItem', key('a'));
is(($cluster->read_reply($socket))[0], 200, 'a connection');
$cluster->set('log_min_duration_statement' => '1h');
$cluster->reach_workers;
print $socket $cluster->request_text('GetItem', key('a'));
is(($cluster->read_reply($socket))[0], 200, 'survives a reload of other settings');

my $old_port = $cluster->{port};
$cluster->set('dynamo.port' => DynamoCluster::free_port());
ok($cluster->wait_for_endpoint, 'a reload opens another port');
ok($cluster->wait_for(sub { !$cluster->is_open($old_port) }), 'and closes the old one');
$cluster->set('dynamo.http_workers' => 4);
ok($cluster->wait_for(sub { $cluster->metric('dynamo_http_workers') == 4 }), 'more workers');
$cluster->set('dynamo.http_workers' => 1);
ok($cluster->wait_for(sub { $cluster->metric('dynamo_http_workers') == 1 && count($http) == 1 }), 'fewer workers');
$cluster->set('dynamo.listen_addresses' => "''");
ok(closed(), 'no address, no endpoint');
$cluster->set('dynamo.listen_addresses' => "'localhost, 127.0.0.1, 127.0.0.2'");
ok($cluster->wait_for_endpoint, 'several addresses');
ok(IO::Socket::INET->new(PeerAddr => '127.0.0.2', PeerPort => $cluster->{port}, Timeout => 2), 'each is listened on');

$position = $cluster->log_position;
$cluster->set('dynamo.listen_addresses' => "'*'");
ok(closed(), 'without authentication the endpoint stays on loopback');
ok($cluster->wait_for(sub {
	$cluster->log_since($position) =~ qr{does not listen on "\*" with "dynamo\.authentication" set to "none"};
}), 'and says so');
$cluster->set('dynamo.authentication' => 'sigv4');
ok($cluster->wait_for_endpoint, 'with signatures it listens everywhere');
$cluster->set('dynamo.authentication' => 'none', 'dynamo.listen_addresses' => "'127.0.0.1'", 'dynamo.http_workers' => 2);
ok($cluster->wait_for_endpoint && $cluster->wait_for(sub { count($http) == 2 }), 'back to the start');

my $other = DynamoCluster->new('other');
$other->{port} = $cluster->{port};
$other->start;
$other->sql('CREATE EXTENSION dynamo');
ok($other->wait_for(sub { $other->log_text =~ /could not open the endpoint: address 127\.0\.0\.1:\d+ is in use/ }),
	'another server does not share the port');
is(($cluster->call('DescribeTable', { TableName => 'Things' }))[0], 200, 'requests go where they went') for 1 .. 5;
$other->stop;

# ---- the end ---------------------------------------------------------------------------------------------------------

$socket = $cluster->connect;
print $socket $cluster->request_text('PutItem', item('slow2'));
busy_worker();
$start = time;
ok($cluster->stop, 'a fast shutdown does not wait for a slow request for ever');
cmp_ok(time - $start, '<', 50, 'it is cancelled');
is(($cluster->read_reply($socket))[0], 503, 'and its client told');
$cluster->start;
ok($cluster->wait_for_endpoint, 'started again');
is(($cluster->call('GetItem', key('slow2')))[3], '{}', 'the request left nothing');

my $crash = ($cluster->pids($http))[0];
$position = $cluster->log_position;
kill 'KILL', $crash;
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /database system is ready/ }), 'the server recovers from a crash of a worker');
ok($cluster->wait_for_endpoint, 'and so does the endpoint');
is(($cluster->call('GetItem', key('a')))[1]{Item}{id}{S}, 'a', 'with its data');
$cluster->stop('immediate');

# ---- what cannot be served -------------------------------------------------------------------------------------------

my $latin = DynamoCluster->new('latin', {}, encoding => 'SQL_ASCII')->start;
ok($latin->wait_for(sub { $latin->log_text =~ /cannot serve database "postgres", whose encoding is SQL_ASCII/ }),
	'a database of another encoding is refused, with a reason');
like(($latin->try_sql('CREATE EXTENSION dynamo'))[2], qr/the encoding of database "postgres" is SQL_ASCII, and dynamo needs UTF8/,
	'as is the extension there');
$latin->stop;

my $narrow = DynamoCluster->new('narrow', { 'max_worker_processes' => 4, 'dynamo.http_workers' => 6 })->start;
$narrow->sql('CREATE EXTENSION dynamo');
ok($narrow->wait_for_endpoint, 'with too few worker processes those that fit serve');
ok($narrow->wait_for(sub { $narrow->log_text =~ /WARNING:  could not start background process "dynamo http worker \d"/ }),
	'and the log tells');
sleep 2;
my $warnings = () = $narrow->log_text =~ /could not start background process/g;
is($warnings, 1, 'once');

done_testing;
