# A private server with the endpoint, for tests that look at it from outside.
#
#   my $cluster = DynamoCluster->new('main', {'dynamo.http_workers' => 2});
#   $cluster->start;                                       # initdb, free ports, one database "postgres"
#   $cluster->create_extension;                            # and waits until the endpoint answers
#   my ($status, $reply, $headers) = $cluster->call('GetItem', {...});
#   is($cluster->sql('SELECT 1'), '1');
#
# Servers do not run as root: then everything of the server's is done as user postgres.  What is still running at the end
# of the test is stopped.  The server's programs are those in PATH, or where PG_CONFIG says.
#
# Nothing happens at once: a process that got a signal, a session that was sent a statement, a line that is to be logged may
# take seconds on a busy machine.  So a test waits for what it needs, and the limits of waiting are generous, since they cost
# time only when something is wrong:
#
#   wait_for        any condition
#   reach_workers   all HTTP workers have noticed a reload
#   session_at      a session has come to the end of some SQL, and holds its locks
package DynamoCluster;

use strict;
use warnings;

use Cwd ();
use File::Path ();
use File::Temp ();
use HTTP::Tiny;
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(sleep time);

my @running;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;

sub new
{
	my ($class, $name, $settings, %options) = @_;
	my $base = $ENV{TESTDATADIR} || File::Temp::tempdir('dynamo-tap.XXXXXX', TMPDIR => 1, CLEANUP => 1);
	# A socket's path has little room; the base of the data may be deep.
	my $socket_dir = File::Temp::tempdir('dynamo.XXXXXX', DIR => '/tmp', CLEANUP => 1);
	my $self = bless {
		name => $name,
		folder => "$base/$name",
		data => "$base/$name/data",
		log => ($ENV{TESTLOGDIR} || "$base/$name") . "/$name.log",
		socket_dir => $socket_dir,
		pg_port => free_port(),
		port => free_port(),
		settings => {
			'shared_preload_libraries' => "'dynamo'",
			'listen_addresses' => "''",
			'fsync' => 'off',
			'max_worker_processes' => 16,
			'log_line_prefix' => "'%m [%p] %b '",
			'dynamo.http_workers' => 2,
			'dynamo.authentication' => 'none',
			%{ $settings || {} }
		},
		encoding => $options{encoding} || 'UTF8',
		http => HTTP::Tiny->new(timeout => 120, keep_alive => 1)
	}, $class;

	File::Path::make_path($self->{folder}, $self->{log} =~ s{/[^/]*$}{}r);
	give_to_server($base, $self->{folder}, $self->{log} =~ s{/[^/]*$}{}r, $socket_dir);
	return $self;
}

# ---- the server ------------------------------------------------------------------------------------------------------

sub start
{
	my ($self) = @_;
	$self->init unless -e "$self->{data}/PG_VERSION";
	$self->write_settings;
	server_run(program('pg_ctl'), '-D', $self->{data}, '-l', $self->{log}, '-w', '-t', 300, 'start') == 0
	  or die "could not start $self->{name}:\n" . $self->log_text;
	push @running, $self unless grep { $_ == $self } @running;
	return $self;
}

sub init
{
	my ($self) = @_;
	server_run(program('initdb'), '-D', $self->{data}, '--no-sync', '-A', 'trust', '-U', 'postgres', '--locale=C',
		'-E', $self->{encoding}) == 0 or die "initdb failed";
}

# A standby of this running server, not yet started.
sub make_standby
{
	my ($self, $name, $settings) = @_;
	my $standby = ref($self)->new($name, { %{ $self->{settings} }, %{ $settings || {} } });

	server_run(program('pg_basebackup'), '-D', $standby->{data}, '-h', $self->{socket_dir}, '-p', $self->{pg_port},
		'-U', 'postgres', '--no-sync', '-c', 'fast', '-R', '-X', 'stream') == 0 or die "pg_basebackup failed";
	return $standby;
}

sub write_settings
{
	my ($self) = @_;
	my %all = (
		%{ $self->{settings} },
		'port' => $self->{pg_port},
		'unix_socket_directories' => "'$self->{socket_dir}'",
		'dynamo.port' => $self->{port});
	my $file = "$self->{data}/dynamo_test.conf";

	open(my $out, '>', $file) or die "$file: $!";
	print $out "$_ = $all{$_}\n" for sort keys %all;
	close $out;
	give_to_server($file);
	my $main = slurp("$self->{data}/postgresql.conf");
	return if $main =~ /^include 'dynamo_test.conf'/m;	# a standby has it from its primary
	open($out, '>>', "$self->{data}/postgresql.conf") or die $!;
	print $out "include 'dynamo_test.conf'\n";
	close $out;
}

# set(name => value, ...): changes settings and reloads; a value undef takes the setting out.
sub set
{
	my ($self, %settings) = @_;
	for my $name (keys %settings)
	{
		if ($name eq 'dynamo.port') { $self->{port} = $settings{$name} }
		elsif (defined $settings{$name}) { $self->{settings}{$name} = $settings{$name} }
		else { delete $self->{settings}{$name} }
	}
	$self->write_settings;
	$self->reload if $self->{running_pid} || $self->postmaster;
}

# Sessions that begin afterwards have the new settings, and all other processes have their signal.
sub reload
{
	my ($self) = @_;
	my $loaded = sub { ($self->try_sql('SELECT pg_conf_load_time()'))[1] };
	my $before = $loaded->();
	server_run(program('pg_ctl'), '-D', $self->{data}, 'reload') == 0 or die "reload failed";
	return if $before eq '';	# nobody can ask
	$self->wait_for(sub { my $now = $loaded->(); $now ne '' && $now ne $before }) or die "the settings are not read again";
}

# Every HTTP worker has answered a request that was sent after this call began: whatever signals came before, and the
# settings after a reload, count for all requests from now on.
sub reach_workers
{
	my ($self) = @_;
	my $requests = sub { my (undef, $text) = $self->get('/metrics'); return $text =~ /^dynamo_http_requests_total\{worker="(\d+)"\} (\d+)$/mg };
	my %before = $requests->();
	my @workers = map { /(\d+)$/ } split /\n/, $self->sql("SELECT application_name FROM pg_stat_activity WHERE backend_type = 'dynamo http worker'");
	$self->wait_for(sub {
		# the kernel decides which worker gets a connection
		HTTP::Tiny->new(timeout => 120)->get($self->url('/health'));
		my %now = $requests->();
		return !grep { ($now{$_} // 0) <= ($before{$_} // 0) } @workers;
	}) or die "not all HTTP workers answer";
}

sub stop
{
	my ($self, $mode) = @_;
	my $result = server_run(program('pg_ctl'), '-D', $self->{data}, '-m', $mode || 'fast', '-w', '-t', 300, 'stop');
	@running = grep { $_ != $self } @running;
	return $result == 0;
}

sub restart
{
	my ($self, $mode) = @_;
	$self->stop($mode) or die "could not stop $self->{name}";
	return $self->start;
}

sub postmaster
{
	my ($self) = @_;
	my $file = "$self->{data}/postmaster.pid";
	return -e $file ? (split /\n/, slurp($file))[0] : undef;
}

# Ends the whole server as a power failure would, as far as processes go.
sub kill9
{
	my ($self) = @_;
	my ($pid, @children) = $self->hold_postmaster;
	kill 'KILL', $pid, @children;
	$self->wait_for_end($pid, @children) or die "the server's processes do not go";
	$self->forget_postmaster;
	@running = grep { $_ != $self } @running;
}

# What a postmaster that ended without a word leaves behind; its process id may still be there, for want of a parent.
sub forget_postmaster
{
	my ($self) = @_;
	unlink "$self->{data}/postmaster.pid", "$self->{socket_dir}/.s.PGSQL.$self->{pg_port}.lock";
}

# Stops the postmaster, so that no process is born while one looks; the ids of it and its children.
sub hold_postmaster
{
	my ($self) = @_;
	my $pid = $self->postmaster or die "not running";
	kill 'STOP', $pid;
	$self->wait_for(sub { try_slurp("/proc/$pid/stat") =~ /\) [TZX] / }, 5);
	return ($pid, grep { (try_slurp("/proc/$_/stat") =~ /\) \S (\d+)/) && $1 == $pid } map { m{(\d+)} } glob '/proc/[0-9]*');
}

# Whoever has ended and has nobody who asks for its status counts as gone.
sub wait_for_end
{
	my ($self, @pids) = @_;
	return $self->wait_for(sub { !grep { try_slurp("/proc/$_/stat") =~ /\) [^ZX] / } @pids });
}

sub log_text { my ($self) = @_; return -e $self->{log} ? slurp($self->{log}) : ''; }

# The log from a position on; log_position gives one.
sub log_position { my ($self) = @_; return length $self->log_text; }
sub log_since { my ($self, $position) = @_; return substr($self->log_text, $position); }

# ---- SQL -------------------------------------------------------------------------------------------------------------

sub psql_command
{
	my ($self, $database) = @_;
	return (program('psql'), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', $self->{socket_dir}, '-p',
		$self->{pg_port}, '-U', 'postgres', '-d', $database || 'postgres');
}

# The output of some SQL, without its last line end; dies when it fails.
sub sql
{
	my ($self, $sql, $database) = @_;
	my ($status, $output, $error) = $self->try_sql($sql, $database);
	die "SQL failed: $sql\n$error" if $status != 0;
	return $output;
}

# (psql's status, output, errors)
sub try_sql
{
	my ($self, $sql, $database) = @_;
	my $error_file = File::Temp->new;
	my $pid = open(my $in, '-|');
	die "fork: $!" unless defined $pid;
	if (!$pid)
	{
		open(STDERR, '>', $error_file->filename);
		open(STDIN, '<', '/dev/null');
		exec $self->psql_command($database), '-c', $sql or POSIX::_exit(127);
	}
	local $/;
	my $output = <$in>;
	close $in;
	my $status = $?;
	$output = '' unless defined $output;
	$output =~ s{\n\z}{};
	return ($status, $output, slurp($error_file->filename));
}

# A psql that stays: print SQL to the handle; close it to end the session.
sub sql_session
{
	my ($self, $database) = @_;
	my $pid = open(my $out, '|-');
	die "fork: $!" unless defined $pid;
	if (!$pid)
	{
		open(STDOUT, '>', '/dev/null');
		exec $self->psql_command($database) or POSIX::_exit(127);
	}
	$out->autoflush(1);
	return $out;
}

# A session that has run the SQL, such as BEGIN and a statement that takes a lock.
my $sessions = 0;
sub session_at
{
	my ($self, $sql, $database) = @_;
	my $name = 'session ' . ++$sessions;
	my $session = $self->sql_session($database);
	print $session "$sql;\nSELECT 'come so far: $name';\n";
	$self->wait_for(sub { $self->sql("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT ''come so far: $name'';' AND state LIKE 'idle%'") == 1 })
	  or die "a session does not come so far: $sql";
	return $session;
}

# The next job of dynamo.jobs does not begin before the session that is returned ends.
sub hold_next_job
{
	my ($self) = @_;
	my $lock_class = 0x64796e6f;	# src/work/job.c
	my $id = $self->sql('SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM dynamo.jobs_id_seq');
	return $self->session_at("SELECT pg_advisory_lock($lock_class, $id)");
}

sub create_extension
{
	my ($self, $database) = @_;
	$self->sql('CREATE EXTENSION dynamo', $database);
	$self->wait_for_endpoint or die "the endpoint does not open:\n" . $self->log_text;
	$self->wait_for_workers($self->{settings}{'dynamo.http_workers'}) or die "not all workers come:\n" . $self->log_text;
}

sub wait_for_workers
{
	my ($self, $count) = @_;
	return $self->wait_for(sub { $self->metric('dynamo_http_workers') == $count });
}

# Process ids by the backend type's pattern, such as "dynamo http worker".
sub pids
{
	my ($self, $type) = @_;
	return split /\n/, $self->sql("SELECT pid FROM pg_stat_activity WHERE backend_type ~ '$type' ORDER BY pid");
}

# ---- HTTP ------------------------------------------------------------------------------------------------------------

sub url { my ($self, $path) = @_; return "http://127.0.0.1:$self->{port}" . ($path || '/'); }

# (status, decoded reply or undef, headers, reply's text); status 599: no answer.
sub call
{
	my ($self, $operation, $body, %headers) = @_;
	my $text = ref $body ? $json->encode($body) : $body;
	my $answer = $self->{http}->request('POST', $self->url, {
		headers => {
			'content-type' => 'application/x-amz-json-1.0',
			'x-amz-target' => "DynamoDB_20120810.$operation",
			%headers
		},
		content => $text
	});
	my $reply = eval { $json->decode($answer->{content}) };
	return ($answer->{status}, $reply, $answer->{headers}, $answer->{content});
}

sub get
{
	my ($self, $path) = @_;
	my $answer = $self->{http}->get($self->url($path));
	return ($answer->{status}, $answer->{content}, $answer->{headers});
}

# The sum of a counter over all workers.
sub metric
{
	my ($self, $name) = @_;
	my ($status, $text) = $self->get('/metrics');
	my $sum = 0;
	$sum += $1 while $text =~ /^\Q$name\E(?:\{[^}]*\})? (\d+)$/mg;
	return $sum;
}

sub is_open
{
	my ($self, $port) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port || $self->{port}, Timeout => 2);
	return defined $socket;
}

sub wait_for_endpoint
{
	my ($self, $seconds) = @_;
	return $self->wait_for(sub { ($self->get('/health'))[0] == 200 }, $seconds);
}

# A TCP connection to the endpoint.
sub connect
{
	my ($self, %options) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}, Timeout => 5, %options)
	  or return undef;
	setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
	binmode $socket;
	return $socket;
}

# The text of a request, to be sent over a connection of one's own.
sub request_text
{
	my ($self, $operation, $body, %headers) = @_;
	my $text = ref $body ? $json->encode($body) : $body;
	my %all = (
		'Host' => 'localhost',
		'Content-Type' => 'application/x-amz-json-1.0',
		'X-Amz-Target' => "DynamoDB_20120810.$operation",
		'Content-Length' => length $text,
		%headers);
	return "POST / HTTP/1.1\r\n" . join('', map { "$_: $all{$_}\r\n" } grep { defined $all{$_} } sort keys %all) . "\r\n$text";
}

# Reads one reply with a Content-Length: (status, body, header text); status 0 when the connection ends first.
sub read_reply
{
	my ($self, $socket, $seconds) = @_;
	my $buffer = $self->{rest}{$socket} // '';
	my $deadline = time + ($seconds || 60);

	while ($buffer !~ /\r\n\r\n/)
	{
		read_more($socket, \$buffer, $deadline) or return (0, $buffer, '');
	}
	my ($head, $body) = $buffer =~ /^(.*?\r\n)\r\n(.*)$/s;
	my ($status) = $head =~ m{^HTTP/1\.[01] (\d+)};
	my ($length) = $head =~ /^Content-Length: (\d+)/mi;
	$length = 0 if !defined $length || $status == 100;
	while (length $body < $length)
	{
		read_more($socket, \$body, $deadline) or return (0, $body, $head);
	}
	$self->{rest}{$socket} = substr($body, $length);
	return ($status, substr($body, 0, $length), $head);
}

sub read_more
{
	my ($socket, $buffer, $deadline) = @_;
	my $left = $deadline - time;
	return 0 if $left <= 0 || !IO::Select->new($socket)->can_read($left);
	return sysread($socket, $$buffer, 65536, length $$buffer);
}

# ---- common ----------------------------------------------------------------------------------------------------------

sub wait_for
{
	my ($self, $condition, $seconds) = @_;
	my $deadline = time + ($seconds || 90);
	while (time < $deadline)
	{
		return 1 if $condition->();
		sleep 0.05;
	}
	return 0;
}

# A TCP port that nobody uses.  None of those that the kernel gives to outgoing connections: while a server is away, a client
# that tries to connect might get the server's port for itself, and keep the server from coming back.
my %given;
sub free_port
{
	my ($low) = try_slurp('/proc/sys/net/ipv4/ip_local_port_range') =~ /^(\d+)/;
	my ($first, $last) = (10000, ($low // 0) > 12000 ? $low - 1 : 32767);
	for (1 .. 1000)
	{
		my $port = $first + int rand($last - $first + 1);
		next if $given{$port}++;
		my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Proto => 'tcp', Listen => 1) or next;
		close $socket;
		return $port;
	}
	die 'no port is free';
}

sub program
{
	my ($name) = @_;
	our $bindir;
	if (!defined $bindir)
	{
		($bindir) = grep { -x "$_/initdb" } split /:/, $ENV{PATH};
		chomp($bindir = `${\($ENV{PG_CONFIG} || 'pg_config')} --bindir`) if $ENV{PG_CONFIG} || !defined $bindir;
	}
	return "$bindir/$name";
}

sub give_to_server
{
	my (@files) = @_;
	return if $> != 0;
	my ($uid, $gid) = (getpwnam 'postgres')[2, 3];
	chown $uid, $gid, @files;
	chmod 0755, grep { -d } @files;
}

# Runs a program of the server's quietly; returns its status.
sub server_run
{
	my (@command) = @_;
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	if (!$pid)
	{
		open(STDOUT, '>', '/dev/null');
		open(STDIN, '<', '/dev/null');
		become_server();
		exec @command or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	return $?;
}

sub become_server
{
	return if $> != 0;
	my ($uid, $gid) = (getpwnam 'postgres')[2, 3];
	$( = $) = "$gid $gid";
	POSIX::setgid($gid);
	POSIX::setuid($uid);
	chdir '/tmp';
}

sub try_slurp { my ($file) = @_; return -r $file ? (eval { slurp($file) } || '') : ''; }

sub slurp
{
	my ($file) = @_;
	open(my $in, '<', $file) or die "$file: $!";
	local $/;
	my $text = <$in>;
	return defined $text ? $text : '';
}

my $main_pid = $$;

END
{
	if ($$ == $main_pid)
	{
		local ($?, $!);
		$_->stop('immediate') for reverse my @all = @running;
	}
}

1;
