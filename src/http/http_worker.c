/*
 * A process that serves HTTP requests.
 *
 * It sleeps on its latch, its listening sockets and the HTTP server's descriptor together.  When something comes, it
 * runs one round:
 *
 *   1. gather   let the server read until nothing new is complete, a few times at most: more requests share the flush
 *   2. look     what needs no database is answered: mistakes, probes, unknown operations
 *   3. execute  each request in its own transaction, reads before writes
 *   4. send     the replies of requests that saw and wrote only what is durable 5. flush    once, for all others
 *   (http_flush.c) 6. send     the rest
 *
 * A single client does not wait for this: gathering ends as soon as a run brings nothing new, or every connected
 * client has sent a request.
 *
 * Life.  The worker is started when the extension exists and ends when it does not (worker/launcher.c tells the whole
 * story).  SIGTERM: it stops listening, finishes the round, sends what it has, refuses what still arrives, and ends.
 * SIGTERM in the middle of a request gives it a moment, cancels it, and then ends the process (worker/worker_guard.c).
 * SIGHUP: the settings are read again; if one of the endpoint's own has changed, or a certificate, all connections are
 * closed and the endpoint opened anew, so that no connection goes on under rules that are no longer true.
 *
 * Held.  Code of a table's owner may hold up the request that runs: his trigger sleeps, waits, or catches every
 * cancel.
 *   - After two seconds the worker steps aside, in the signal handler of a timer.  It accepts the connections that
 *     wait at its listening sockets and closes these sockets, so that the kernel gives new connections to the other
 *     workers; the launcher starts a substitute.  While no other worker listens, it does not step aside.  After the
 *     request it listens again.
 *   - A client that has waited in the round for longer than dynamo.request_timeout is told to try again, and connects
 *     elsewhere.
 *   - When FATAL has ended the request, the exit callback still finishes the round: what is ready is flushed and sent,
 *     and the other clients hear that nothing was done.  The HTTP library can be used there, since the request did not
 *     run inside one of its callbacks.
 */
#include "postgres.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "access/xact.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "utils/memutils.h"

#include "base/clock.h"
#include "base/compat.h"
#include "base/guc.h"
#include "http/http_call.h"
#include "http/http_flush.h"
#include "http/http_listen.h"
#include "http/http_server.h"
#include "http/http_tls.h"
#include "http/http_worker.h"
#include "worker/extension_watch.h"
#include "worker/worker_guard.h"
#include "worker/worker_loop.h"

#define MAX_GATHER_RUNS 4
#define MAX_BATCH 128			/* requests per flush; a longer round would let the first client wait too long */
#define MAX_WAIT_EVENTS (DYN_MAX_LISTEN_SOCKETS + 3)
#define DRAIN_MS 2000			/* to send the last replies */
#define HASTY_DRAIN_MS 500		/* the same, when a request was ended by force */
#define SHORTEST_PATIENCE_MS 10000	/* of a client that waits in a round */
#define MAX_ASIDE 1024
#define SPARE_DESCRIPTORS 64

/* A chain of requests in order of arrival. */
typedef struct Queue
{
	DynHttpRequest *first;
	DynHttpRequest *last;
} Queue;

/* What is being served.  The exit callback finds it here when the process ends in the middle of it. */
typedef struct Round
{
	Queue		reads;
	Queue		writes;
	Queue		waiting;		/* requests that wait for the flush */
	XLogRecPtr	horizon;		/* the flush goes up to here */
	int64		began;			/* by dyn_clock_steady_ms() */
	DynHttpRequest *running;
} Round;

static DynHttpSlot *slot = NULL;
static DynHttpServer *server = NULL;
static DynHttpListen listener;
static WaitEventSet *wait_set = NULL;
static char *open_settings = NULL;	/* what the endpoint was opened with */
static int	open_failures = 0;
static int64 next_open = 0;		/* dyn_clock_steady_ms() */
static int64 next_check = 0;
static Round serving = {0};

/* Connections that a worker has accepted when it stepped aside. */
static int	aside[MAX_ASIDE];
static volatile int aside_count = 0;

static void start(int number);
static void leave_slot(int code, Datum unused);
static void end_round_by_force(int code, Datum unused);
static void step_aside(void);
static bool others_listen(void);
static void come_back(void);
static bool extension_is_gone(void);
static void wait(void);
static long wait_timeout(void);
static long time_left(int64 moment);
static void reload(void);
static void open_endpoint(void);
static bool try_open(int elevel);
static void make_wait_set(void);
static void take_in_aside(void);
static void close_endpoint(void);
static char *describe_settings(void);
static int	connection_limit(void);
static void serve_round(void);
static void gather(void);
static void serve_batch(void);
static void look_at_batch(void);
static void run_queue(Queue *queue);
static bool waited_too_long(void);
static void flush_and_reply(void);
static void drain(void);
static void send_last(int milliseconds);
static void refuse(DynHttpRequest *request);
static void put(Queue *queue, DynHttpRequest *request);
static DynHttpRequest *take(Queue *queue);

void
dynamo_http_worker_main(Datum slot_number)
{
	start(DatumGetInt32(slot_number));
	while (!ShutdownRequestPending)
	{
		if (extension_is_gone())
			break;
		if (server == NULL && dyn_clock_steady_ms() >= next_open)
			open_endpoint();
		wait();
		reload();
		if (server != NULL)
			serve_round();
		if (pg_atomic_read_u32(&slot->stalled) != 0)
			come_back();
	}
	close_endpoint();
	proc_exit(0);
}

static void
start(int number)
{
	char		name[32];

	slot = &dyn_shmem->http[number];
	snprintf(name, sizeof(name), "dynamo http worker %d", number);
	dyn_worker_loop_start(dyn_guc_database, name);
	dyn_worker_guard_start(step_aside, false);
	before_shmem_exit(leave_slot, 0);
	before_shmem_exit(end_round_by_force, 0);
	pg_atomic_write_u32(&slot->pid, MyProcPid);
	pg_atomic_write_u32(&slot->procno, dyn_shmem_my_procno());
	dyn_http_flush_start(slot);
}

static void
leave_slot(int code, Datum unused)
{
	pg_atomic_write_u32(&slot->port, 0);
	pg_atomic_write_u32(&slot->connections, 0);
	pg_atomic_write_u32(&slot->procno, DYN_NO_PROCESS);
	pg_atomic_write_u32(&slot->stalled, 0);
	pg_atomic_write_u32(&slot->pid, 0);
}

/* FATAL has broken off the request that was running; it is not committed, since nothing is raised after that. */
static void
end_round_by_force(int code, Datum unused)
{
	DynHttpRequest *broken = serving.running;
	DynHttpRequest *request;

	if (dyn_worker_guard_report())
		pg_atomic_write_u32(&slot->held, 1);
	if (broken == NULL || !PostmasterIsAlive())
		return;
	serving.running = NULL;
	AbortOutOfAnyTransaction();
	dyn_http_flush_commit_end();
	ShutdownRequestPending = true;	/* no standby is waited for */
	refuse(broken);
	while ((request = take(&serving.reads)) != NULL || (request = take(&serving.writes)) != NULL)
		refuse(request);
	take_in_aside();
	dyn_http_listen_close(&listener, slot);
	flush_and_reply();
	send_last(HASTY_DRAIN_MS);
}

/* In a signal handler, while a request runs and takes long.  May be called again. */
static void
step_aside(void)
{
	if (pg_atomic_read_u32(&slot->stalled) == 0)
	{
		pg_atomic_write_u32(&slot->stalled, 1);
		dyn_shmem_wake(&dyn_shmem->launcher_procno);
	}
	/* two workers that look at the same time both stay, since each has first set its flag stalled */
	pg_memory_barrier();
	if (listener.count == 0 || !others_listen())
		return;
	for (int i = 0; i < listener.count; i++)
	{
		int			descriptor;

		while (aside_count < MAX_ASIDE &&
			   (descriptor = accept4(listener.sockets[i], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
			aside[aside_count++] = descriptor;
	}
	dyn_http_listen_close(&listener, slot);
}

static bool
others_listen(void)
{
	for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
	{
		DynHttpSlot *other = &dyn_shmem->http[i];

		if (other != slot && pg_atomic_read_u32(&other->port) == (uint32) dyn_guc_port &&
			pg_atomic_read_u32(&other->stalled) == 0)
			return true;
	}
	return false;
}

static void
come_back(void)
{
	pg_atomic_write_u32(&slot->stalled, 0);
	dyn_shmem_wake(&dyn_shmem->launcher_procno);
	if (server == NULL || listener.count > 0)
		return;
	take_in_aside();
	FreeWaitEventSet(wait_set);
	wait_set = NULL;
	if (dyn_http_listen_open(&listener, slot, LOG))
		make_wait_set();
	else
		close_endpoint();		/* to be opened anew */
}

static void
take_in_aside(void)
{
	for (int i = 0; i < aside_count; i++)
		dyn_http_server_add(server, aside[i], dyn_guc_max_connections);
	aside_count = 0;
}

/* Looks whether the extension exists: when something came or went, and at intervals. */
static bool
extension_is_gone(void)
{
	int64		now = dyn_clock_steady_ms();

	if (!dyn_extension_watch_changed() && now < next_check)
		return false;
	next_check = now + DYN_WORKER_RECHECK_MS;
	return GetDatabaseEncoding() != PG_UTF8 || !dyn_worker_loop_extension_exists();
}

static void
wait(void)
{
	WaitEvent	events[MAX_WAIT_EVENTS];
	int			count;

	if (wait_set == NULL)
	{
		dyn_worker_loop_sleep(wait_timeout());
		return;
	}
	count = WaitEventSetWait(wait_set, wait_timeout(), events, lengthof(events), PG_WAIT_EXTENSION);
	for (int i = 0; i < count; i++)
	{
		if (events[i].events & WL_LATCH_SET)
		{
			ResetLatch(MyLatch);
			dyn_worker_loop_interrupts();
		}
		else if (events[i].user_data != NULL)
			dyn_http_server_accept(server, events[i].fd, dyn_guc_max_connections);
	}
}

static long
wait_timeout(void)
{
	long		timeout = time_left(next_check);
	long		statistics = pgstat_report_stat(false);

	if (statistics > 0)
		timeout = Min(timeout, statistics);
	if (server != NULL)
	{
		long		server_timeout = dyn_http_server_timeout(server);

		if (dyn_http_server_ready(server) > 0)
			return 0;
		return server_timeout < 0 ? timeout : Min(timeout, server_timeout);
	}
	return Min(timeout, time_left(next_open));
}

/* In milliseconds, a minute at most: the caller looks again then. */
static long
time_left(int64 moment)
{
	return (long) Min(Max(moment - dyn_clock_steady_ms(), 0), 60 * 1000) + 1;
}

static void
reload(void)
{
	char	   *settings;

	if (!dyn_worker_loop_reload())
		return;
	settings = describe_settings();
	if (open_settings == NULL || strcmp(settings, open_settings) != 0)
	{
		close_endpoint();
		open_failures = 0;
		next_open = 0;
	}
	pfree(settings);
}

/* Opens the endpoint; when that fails, sets the time for the next attempt. */
static void
open_endpoint(void)
{
	/* One worker says it once; the others would only repeat it. */
	int			elevel = open_failures == 0 && slot == &dyn_shmem->http[0] ? LOG : DEBUG1;
	/* before the certificate is read: when somebody renews it and reloads just then, it must be read again */
	char	   *settings = describe_settings();

	if (dyn_guc_listen_addresses[strspn(dyn_guc_listen_addresses, " \t")] == '\0')
	{
		open_settings = settings;
		next_open = PG_INT64_MAX;	/* until a reload */
		return;
	}
	if (try_open(elevel))
	{
		open_settings = settings;
		open_failures = 0;
		return;
	}
	pfree(settings);
	close_endpoint();
	open_failures++;
	next_open = dyn_clock_steady_ms() + dyn_worker_loop_backoff(open_failures);
}

static bool
try_open(int elevel)
{
	DynHttpTls	tls;
	DynHttpServerOptions options;
	const char *reason = NULL;

	if (!dyn_http_tls_load(&tls, elevel))
		return false;
	options.max_connections = connection_limit();
	options.idle_timeout = dyn_guc_idle_timeout;
	options.certificate = tls.certificate;
	options.key = tls.key;
	server = dyn_http_server_start(&options, slot, &reason);
	dyn_http_tls_free(&tls);
	if (server == NULL)
	{
		ereport(elevel,
				(errmsg("could not start the endpoint"),
				 errdetail_internal("%s", reason),
				 dyn_guc_ssl ? errhint("Check that the certificate and the key of dynamo.ssl are a pair.") : 0));
		return false;
	}
	if (!dyn_http_listen_open(&listener, slot, elevel))
		return false;
	make_wait_set();
	return true;
}

static void
make_wait_set(void)
{
	wait_set = DYN_CREATE_WAIT_EVENT_SET(MAX_WAIT_EVENTS);
	AddWaitEventToSet(wait_set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
	AddWaitEventToSet(wait_set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
	AddWaitEventToSet(wait_set, WL_SOCKET_READABLE, dyn_http_server_descriptor(server), NULL, NULL);
	for (int i = 0; i < listener.count; i++)
		AddWaitEventToSet(wait_set, WL_SOCKET_READABLE, listener.sockets[i], NULL, &listener);
}

static void
close_endpoint(void)
{
	if (wait_set != NULL)
		FreeWaitEventSet(wait_set);
	wait_set = NULL;
	dyn_http_listen_close(&listener, slot);
	if (server != NULL)
	{
		drain();
		dyn_http_server_stop(server);
	}
	server = NULL;
	if (open_settings != NULL)
		pfree(open_settings);
	open_settings = NULL;
}

/* All that the open endpoint depends on, in TopMemoryContext. */
static char *
describe_settings(void)
{
	StringInfoData text;
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

	initStringInfo(&text);
	appendStringInfo(&text, "%s|%d|%d|%d|%d|%d", dyn_guc_listen_addresses, dyn_guc_port, dyn_guc_authentication,
					 dyn_guc_ssl, dyn_guc_idle_timeout, dyn_guc_max_connections);
	dyn_http_tls_fingerprint(&text);
	MemoryContextSwitchTo(old);
	return text.data;
}

/*
 * How many connections this process has descriptors for.  PostgreSQL counts on max_files_per_process of them; the limit
 * is raised to hold both.  Where that is not allowed, connections get at least half of the descriptors: PostgreSQL
 * closes files it does not need when it finds no descriptor.
 */
static int
connection_limit(void)
{
	struct rlimit limit;
	rlim_t		wanted = (rlim_t) max_files_per_process + dyn_guc_max_connections + SPARE_DESCRIPTORS;
	rlim_t		room;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return dyn_guc_max_connections;
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted)
	{
		limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : Min(wanted, limit.rlim_max);
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted)
		return dyn_guc_max_connections;
	room = limit.rlim_cur / 2;
	if (limit.rlim_cur > max_files_per_process + SPARE_DESCRIPTORS)
		room = Max(room, limit.rlim_cur - max_files_per_process - SPARE_DESCRIPTORS);
	if (room >= dyn_guc_max_connections)
		return dyn_guc_max_connections;
	ereport(slot == &dyn_shmem->http[0] ? WARNING : DEBUG1,
			(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
			 errmsg("each HTTP worker serves at most %d connections instead of %d", (int) room, dyn_guc_max_connections),
			 errhint("Raise the operating system's limit of open files, or decrease \"dynamo.max_connections\" or "
					 "\"max_files_per_process\".")));
	return (int) room;
}

/*
 * A request that becomes complete while a batch is being served waits for the next round, because busy clients must
 * not keep the worker from its listening sockets and signals.
 */
static void
serve_round(void)
{
	gather();
	if (dyn_http_server_ready(server) > 0)
		serve_batch();
}

static void
gather(void)
{
	int			ready = -1;

	for (int i = 0; i < MAX_GATHER_RUNS; i++)
	{
		int			before = ready;

		dyn_http_server_run(server);
		ready = dyn_http_server_ready(server);
		if (ready <= before || ready == 0 || ready >= dyn_http_server_connections(server))
			break;
	}
}

static void
serve_batch(void)
{
	serving = (Round) {.began = dyn_clock_steady_ms()};
	look_at_batch();
	/* Reads first: they need not wait for the writes that happen to share the round. */
	run_queue(&serving.reads);
	run_queue(&serving.writes);
	pgstat_report_activity(STATE_IDLE, NULL);
	dyn_http_server_run(server);
	if (serving.waiting.first != NULL)
		flush_and_reply();
}

static void
look_at_batch(void)
{
	for (int i = 0; i < MAX_BATCH; i++)
	{
		DynHttpRequest *request = dyn_http_server_next(server);

		if (request == NULL)
			break;
		if (!dyn_http_call_prepare(request))
			dyn_http_server_reply(request);
		else
			put(dyn_http_call_writes(request) ? &serving.writes : &serving.reads, request);
	}
}

static void
run_queue(Queue *queue)
{
	DynHttpRequest *request;

	while ((request = take(queue)) != NULL)
	{
		if (waited_too_long())
		{
			refuse(request);
			continue;
		}
		serving.running = request;
		dyn_http_call_run(request);
		serving.running = NULL;
		if (XLogRecPtrIsInvalid(request->horizon))
		{
			dyn_http_server_reply(request);
			if (dyn_http_server_is_full(server))
				dyn_http_server_run(server);
		}
		else
		{
			serving.horizon = Max(serving.horizon, request->horizon);
			put(&serving.waiting, request);
		}
	}
}

/* Has the request waited longer than a single request may take, because others of this round ran before it? */
static bool
waited_too_long(void)
{
	int64		waited = dyn_clock_steady_ms() - serving.began;

	if (ShutdownRequestPending)
		return waited > DRAIN_MS;
	return dyn_guc_request_timeout > 0 && waited > Max(dyn_guc_request_timeout, SHORTEST_PATIENCE_MS);
}

static void
flush_and_reply(void)
{
	bool		durable = dyn_http_flush_wait(serving.horizon);
	DynHttpRequest *request;

	while ((request = take(&serving.waiting)) != NULL)
	{
		if (!durable)
			dyn_http_call_doubt(request);
		dyn_http_server_reply(request);
	}
	dyn_http_server_run(server);
}

/* Sends what is under way and refuses what still comes, for a short while. */
static void
drain(void)
{
	serve_round();
	send_last(DRAIN_MS);
}

static void
send_last(int milliseconds)
{
	int64		end = dyn_clock_steady_ms() + milliseconds;
	DynHttpRequest *request;

	while (dyn_http_server_unsent(server) > 0 && dyn_clock_steady_ms() < end)
	{
		dyn_http_server_run(server);
		while ((request = dyn_http_server_next(server)) != NULL)
			refuse(request);
		if (dyn_http_server_timeout(server) != 0)
			pg_usleep(1000);
	}
	/* A connection with a request that has no reply must not be closed by the server. */
	while ((request = dyn_http_server_next(server)) != NULL)
		refuse(request);
}

static void
refuse(DynHttpRequest *request)
{
	dyn_http_call_refuse(request);
	dyn_http_server_reply(request);
}

static void
put(Queue *queue, DynHttpRequest *request)
{
	request->next = NULL;
	if (queue->first == NULL)
		queue->first = request;
	else
		queue->last->next = request;
	queue->last = request;
}

static DynHttpRequest *
take(Queue *queue)
{
	DynHttpRequest *request = queue->first;

	if (request != NULL)
	{
		queue->first = request->next;
		request->next = NULL;
	}
	return request;
}
