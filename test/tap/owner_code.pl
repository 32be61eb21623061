# Code of a table's owner that never ends and catches every cancel: in a request, in the scheduler, in a job.  What it runs in
# ends all the same, others go on meanwhile, and the log says whose it was.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use DynamoCluster;
use Test::More;
use Time::HiRes qw(time);

my $http = 'dynamo http worker';
my $cluster = DynamoCluster->new('owner_code', {
	'dynamo.anonymous_role' => "'app'", 'dynamo.request_timeout' => "'1s'", 'dynamo.cancel_grace' => "'500ms'",
	'dynamo.ttl_interval' => '100ms', 'dynamo.ttl_change_interval' => 0 })->start;
$cluster->sql('CREATE ROLE app LOGIN');
$cluster->create_extension;
$cluster->sql('GRANT USAGE, CREATE ON SCHEMA dynamo_tables TO app; CREATE SCHEMA app AUTHORIZATION app');

# As the owner of the tables, who has no other rights.
sub app { return $cluster->sql("SET ROLE app; $_[0]"); }

app(q{
	CREATE FUNCTION app.hold(id text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
	BEGIN
		IF id NOT LIKE 'hold%' THEN RETURN true; END IF;
		LOOP
			BEGIN
				BEGIN PERFORM pg_catalog.pg_sleep(3600); EXCEPTION WHEN query_canceled THEN PERFORM pg_catalog.pg_sleep(3600); END;
			EXCEPTION WHEN query_canceled OR others THEN NULL;
			END;
		END LOOP;
	END $$;
	CREATE FUNCTION app.hold_row() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN PERFORM app.hold(CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END); RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$;
	CREATE FUNCTION app.spin() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN LOOP BEGIN LOOP NULL; END LOOP; EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;
	CREATE TABLE app.locked ();
	CREATE FUNCTION app.lock() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			PERFORM pg_catalog.set_config('lock_timeout', '0', true);
			LOOP BEGIN LOCK TABLE app.locked; EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;
		END $$;
	CREATE DOMAIN app.held AS text CHECK (app.hold(VALUE))});

# As an SDK does: again, when the worker of the connection is being ended.
sub call
{
	my @request = @_;
	my @answer;
	$cluster->wait_for(sub { @answer = $cluster->call(@request); $answer[0] != 503 && $answer[0] != 599 }, 60);
	return @answer;
}

sub create_table
{
	my ($name) = @_;
	is((call('CreateTable', {
		TableName => $name,
		KeySchema => [{ AttributeName => 'id', KeyType => 'HASH' }],
		AttributeDefinitions => [{ AttributeName => 'id', AttributeType => 'S' }],
		BillingMode => 'PAY_PER_REQUEST' }))[0], 200, "table $name");
}
sub item { my ($table, $id) = @_; return { TableName => $table, Item => { id => { S => $id } } }; }
sub key { my ($table, $id) = @_; return { TableName => $table, Key => { id => { S => $id } } }; }

# A request on a connection of its own.
sub send_request
{
	my ($operation, $body) = @_;
	my $socket = $cluster->connect or die 'no connection';
	print $socket $cluster->request_text($operation, $body);
	return $socket;
}

# The worker that runs the owner's code for so long that it has noticed.
sub held_worker
{
	my $pid;
	$cluster->wait_for(sub {
		$pid = $cluster->sql("SELECT pid FROM pg_stat_activity WHERE backend_type = '$http' AND state = 'active' AND query <> ''
			AND now() - query_start > interval '3s' LIMIT 1") }, 60);
	return $pid;
}
sub gone { my ($pid) = @_; return $cluster->wait_for(sub { !kill(0, $pid) }, 60); }
sub workers_are { my ($count) = @_; return $cluster->wait_for(sub { scalar($cluster->pids($http)) == $count }, 60); }
sub has_index { my ($table) = @_; return sub { $cluster->sql("SELECT count(*) FROM dynamo.indexes i JOIN dynamo.tables t ON t.id = i.table_id WHERE t.name = '$table' AND i.status = 'ACTIVE'") == 1 }; }
sub add_index
{
	my ($table) = @_;
	my ($status) = call('UpdateTable', { TableName => $table, AttributeDefinitions => [ { AttributeName => 'x', AttributeType => 'S' } ],
		GlobalSecondaryIndexUpdates => [ { Create => { IndexName => 'ByX', KeySchema => [ { AttributeName => 'x', KeyType => 'HASH' } ], Projection => { ProjectionType => 'ALL' } } } ] });
	is($status, 200, "an index of $table");
}

# ---- each place where such code can stand ----------------------------------------------------------------------------------

my $locker = $cluster->session_at('BEGIN; LOCK TABLE app.locked');
my %places = (
	Trigger => 'CREATE TRIGGER h BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION app.hold_row()',
	Deferred => 'CREATE CONSTRAINT TRIGGER h AFTER INSERT ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.hold_row()',
	Spin => q{CREATE TRIGGER h BEFORE INSERT ON %s FOR EACH ROW WHEN (NEW.id LIKE 'hold%%') EXECUTE FUNCTION app.spin()},
	Lock => q{CREATE TRIGGER h BEFORE INSERT ON %s FOR EACH ROW WHEN (NEW.id LIKE 'hold%%') EXECUTE FUNCTION app.lock()},
	Check => 'ALTER TABLE %s ADD CONSTRAINT h CHECK (app.hold(id))',
	Index => 'CREATE INDEX h ON %s (app.hold(id))',
	Policy => 'ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY h ON %1$s USING (app.hold(id)) WITH CHECK (app.hold(id))',
	Domain => 'ALTER TABLE %s ADD CONSTRAINT h CHECK (id::app.held IS NOT NULL)');
for my $place (sort keys %places)
{
	create_table($place);
	app(sprintf($places{$place}, qq{dynamo_tables."$place"}));
	is((call('PutItem', item($place, 'free')))[0], 200, "$place: other items are none of its business");
	my $position = $cluster->log_position;
	my $socket = send_request('PutItem', item($place, 'hold'));
	my ($status, $text) = $cluster->read_reply($socket, 60);
	is($status, 503, "$place: the request ends") or last;
	like($text, qr/ServiceUnavailable/, "$place: with an error that makes an SDK try again");
	like($cluster->log_since($position), qr/WARNING:  PutItem on table "$place" of role "app" does not end when it is cancelled, so its process ends/,
		"$place: the log says whose code it was");
	is((call('GetItem', key($place, 'free')))[0], 200, "$place: requests are served");
	ok(workers_are(2), "$place: by as many workers");
}
is((call('GetItem', key('Check', 'hold')))[3], '{}', 'nothing of a held request is left');
close $locker;

# who catches one cancel to tidy up, and ends with the next, costs no worker
app(q{CREATE FUNCTION app.tidy() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN BEGIN PERFORM pg_sleep(3600); EXCEPTION WHEN query_canceled THEN PERFORM pg_sleep(3600); END; RETURN NEW; END $$});
create_table('Tidy');
app('CREATE TRIGGER t BEFORE INSERT ON dynamo_tables."Tidy" FOR EACH ROW EXECUTE FUNCTION app.tidy()');
$cluster->set('dynamo.cancel_grace' => "'60s'");
$cluster->reach_workers;
my @before = $cluster->pids($http);
is(($cluster->read_reply(send_request('PutItem', item('Tidy', 'a')), 60))[0], 503, 'a trigger that catches one cancel ends');
is_deeply([$cluster->pids($http)], \@before, 'with the next, and its worker goes on');

# ---- others, meanwhile -----------------------------------------------------------------------------------------------------

$cluster->set('dynamo.request_timeout' => "'1h'");
$cluster->reach_workers;
my $held = send_request('PutItem', item('Trigger', 'hold'));
my $pid = held_worker();
ok($pid, 'a request that holds its worker');
ok(workers_are(3), 'the worker has a substitute');
my @answers = map { ($cluster->read_reply($_, 20))[0] } map { send_request('GetItem', key('Trigger', 'free')) } 1 .. 20;
is(join(' ', @answers), join(' ', (200) x 20), 'every new connection is served');
ok(kill(0, $pid), 'while the worker is held');

# ---- pg_terminate_backend --------------------------------------------------------------------------------------------------

my $position = $cluster->log_position;
$cluster->sql("SELECT pg_terminate_backend($pid)");
ok(gone($pid), 'pg_terminate_backend ends a held worker');
is(($cluster->read_reply($held, 20))[0], 503, 'its client is told');
ok(workers_are(2), 'the worker is replaced, and the substitute goes');
like($cluster->log_since($position), qr/WARNING:  PutItem on table "Trigger" of role "app" does not end/, 'the log says why');

# a worker that is held and then let go listens again
create_table('Patient');
app(q{CREATE TABLE app.gate (); CREATE FUNCTION app.wait() RETURNS trigger LANGUAGE plpgsql AS
	$$BEGIN PERFORM pg_catalog.set_config('lock_timeout', '0', true); LOCK TABLE app.gate; RETURN NEW; END$$;
	CREATE TRIGGER w BEFORE INSERT ON dynamo_tables."Patient" FOR EACH ROW EXECUTE FUNCTION app.wait()});
my $gate = $cluster->session_at('BEGIN; LOCK TABLE app.gate');
$held = send_request('PutItem', item('Patient', 'a'));
$pid = held_worker();
ok(workers_are(3), 'a request that waits for its owner\'s lock: a substitute comes');
close $gate;
is(($cluster->read_reply($held, 60))[0], 200, 'it ends well');
ok(workers_are(2), 'the substitute goes');
ok(kill(0, $pid), 'the worker has been there all the time');
$cluster->reach_workers;
pass('and takes connections again');

# ---- those in the same worker ----------------------------------------------------------------------------------------------

$cluster->set('dynamo.http_workers' => 1, 'dynamo.request_timeout' => "'1s'", 'dynamo.cancel_grace' => "'500ms'");
ok(workers_are(1), 'one worker');
$cluster->reach_workers;
($pid) = $cluster->pids($http);
my @sockets = map { $cluster->connect } 1 .. 3;
for my $socket (@sockets)
{
	print $socket $cluster->request_text('GetItem', key('Check', 'free'));
	is(($cluster->read_reply($socket, 60))[0], 200, 'a connection');
}
# while it is stopped they all come, so it takes them in one round
kill 'STOP', $pid;
my @ids = ('early', 'hold', 'late');
for my $i (0 .. 2)
{
	my $socket = $sockets[$i];
	print $socket $cluster->request_text('PutItem', item('Trigger', $ids[$i]));
}
kill 'CONT', $pid;
my %status = map { $ids[$_] => ($cluster->read_reply($sockets[$_], 60))[0] } 0 .. 2;
is($status{hold}, 503, 'the worker ends with the request');
is($status{$_}, 200 + 303 * ($cluster->sql("SELECT count(*) FROM dynamo_tables.\"Trigger\" WHERE id = '$_'") == 0), "the client of \"$_\" in the same round hears the truth") for 'early', 'late';
$cluster->set('dynamo.http_workers' => 2);
ok(workers_are(2), 'two workers');

# ---- an index of another table ---------------------------------------------------------------------------------------------

create_table('Other');
is((call('PutItem', { TableName => 'Other', Item => { id => { S => 'a' }, x => { S => 'b' } } }))[0], 200, 'an item');
$held = send_request('PutItem', item('Trigger', 'hold'));
add_index('Other');
ok($cluster->wait_for(has_index('Other'), 60), 'CREATE INDEX CONCURRENTLY does not wait for ever for a held request');
is(($cluster->read_reply($held, 60))[0], 503, 'which has ended');

# ---- the scheduler ---------------------------------------------------------------------------------------------------------

for my $table ('AHolds', 'Goes')
{
	create_table($table);
	is((call('UpdateTimeToLive', { TableName => $table, TimeToLiveSpecification => { AttributeName => 'expires', Enabled => JSON::PP::true() } }))[0], 200, 'with TimeToLive');
}
ok($cluster->wait_for(sub { $cluster->sql('SELECT count(*) FROM dynamo.tables WHERE ttl_ready') == 2 }), 'which is ready');
app('CREATE TRIGGER h BEFORE DELETE ON dynamo_tables."AHolds" FOR EACH ROW EXECUTE FUNCTION app.hold_row()');
sub expired { my ($id) = @_; return { id => { S => $id }, expires => { N => int(time - 3 * 86400) . '' } }; }
sub goes
{
	my ($id) = @_;
	is((call('PutItem', { TableName => 'Goes', Item => expired($id) }))[0], 200, 'an expired item');
	return $cluster->wait_for(sub { $cluster->sql('SELECT count(*) FROM dynamo_tables."Goes"') == 0 }, 60);
}
my ($scheduler) = $cluster->pids('dynamo scheduler');
$position = $cluster->log_position;
is((call('PutItem', { TableName => 'AHolds', Item => expired('hold') }))[0], 200, 'an item whose deletion does not end');
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /WARNING:  ttl on table "AHolds" of role "app" does not end/ }, 60),
	'the deletion of an expired item that does not end is ended');
ok(goes("round $_"), 'and other tables\' items are deleted') for 1, 2;
ok($cluster->wait_for(sub { my ($now) = $cluster->pids('dynamo scheduler'); $now && $now != $scheduler }, 60), 'the scheduler is started again');
is($cluster->sql('SELECT count(*) FROM dynamo_tables."AHolds"'), 1, 'the item is still there');

# ---- a job -----------------------------------------------------------------------------------------------------------------

create_table($_) for 'Fill', 'Beside';
is((call('PutItem', { TableName => $_->[0], Item => { id => { S => $_->[1] }, x => { S => 'x' } } }))[0], 200, 'an item') for ['Fill', 'hold'], ['Fill', 'free'], ['Beside', 'a'];
app('CREATE TRIGGER h BEFORE UPDATE ON dynamo_tables."Fill" FOR EACH ROW EXECUTE FUNCTION app.hold_row()');
$position = $cluster->log_position;
add_index('Fill');
ok($cluster->wait_for(sub { $cluster->log_since($position) =~ /WARNING:  dynamo job on table "Fill" of role "app" does not end/ }, 60), 'an index build that does not end is ended');
add_index('Beside');
ok($cluster->wait_for(has_index('Beside'), 60), 'that of another table goes on');
ok($cluster->wait_for(sub { $cluster->sql(q{SELECT count(*) FROM dynamo.jobs WHERE table_name = 'Fill' AND attempts > 1 AND error LIKE '%ended in the middle of a step'}) == 1 }, 60),
	'the job has been set back, and says so');
# the trigger's table may be locked by the step that is running; that ends as well
ok($cluster->wait_for(sub { ($cluster->try_sql('SET lock_timeout = 2000; DROP TRIGGER h ON dynamo_tables."Fill"'))[0] == 0 }), 'without the trigger');
ok($cluster->wait_for(has_index('Fill')), 'it comes to its end');

# ---- a fast shutdown -------------------------------------------------------------------------------------------------------

$cluster->set('dynamo.request_timeout' => 0, 'dynamo.cancel_grace' => "'1h'");
$cluster->reach_workers;
create_table('ZHolds');
is((call('UpdateTimeToLive', { TableName => 'ZHolds', TimeToLiveSpecification => { AttributeName => 'expires', Enabled => JSON::PP::true() } }))[0], 200, 'a table');
app('CREATE TRIGGER h BEFORE DELETE ON dynamo_tables."ZHolds" FOR EACH ROW EXECUTE FUNCTION app.hold_row()');
is((call('PutItem', { TableName => 'ZHolds', Item => expired('hold') }))[0], 200, 'and its expired item');
ok($cluster->wait_for(sub { $cluster->sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'dynamo scheduler' AND wait_event = 'PgSleep' AND now() - query_start > interval '6s'") == 1 }, 60),
	'whose deletion goes on in spite of its cancel');
$held = send_request('PutItem', item('Trigger', 'hold'));
ok(held_worker(), 'a request without a limit');
is(DynamoCluster::server_run(DynamoCluster::program('pg_ctl'), '-D', $cluster->{data}, '-m', 'fast', '-w', '-t', 60, 'stop'), 0, 'a fast shutdown ends');
is(($cluster->read_reply($held, 20))[0], 503, 'and the client is told');
unlike($cluster->log_text, qr/terminated by signal|PANIC/, 'nothing has crashed');

done_testing;
