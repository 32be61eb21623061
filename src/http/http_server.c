/*
 * HTTP itself: connections, requests in, replies out.  The only file that knows libmicrohttpd.
 *
 * The library runs without threads and keeps its connections in an epoll set of its own.  That set's descriptor is one
 * event of the worker's WaitEventSet.  Rules that follow:
 *
 *   - The set is edge-triggered.  A connection whose data was not all taken makes no new event, so the library says by
 *     its timeout (0) that it wants to run again.  It must also run after a resume.
 *   - The library calls back in the middle of its work.  An error that jumped out of a callback would leave the
 *     library's state broken.  So nothing that runs below MHD_run may raise one.  Memory is allocated with
 *     MCXT_ALLOC_NO_OOM, and nothing is logged: the library's own messages are kept and logged afterwards.
 *   - A request that is complete suspends its connection.  Until the reply resumes the connection, the library neither
 *     reads from it nor frees anything of it, not even when the client goes away.  So requests can be executed one
 *     after another, and their headers may point into the library's memory.
 *   - A client that closes right behind a piece of a request makes one event, and the library, having read less than it
 *     asked for, waits for another.  Such a connection stays until the idle timeout; complete requests are not
 *     concerned.
 *   - Listening sockets are ours, because the library, at its limit, would let new connections wait in the kernel's
 *     queue for ever.  We accept every connection, and close those beyond the limit.
 *
 * A body grows in a buffer of ours by doubling.  Content-Length is only a hint of what to begin with.  Bodies are
 * limited because nobody has authenticated them yet: each to 16 MB, and all bodies of a worker together.  A body that
 * exceeds a limit is read and thrown away, so that the client can finish sending and hear the reason.
 *
 * A request that can be read in two ways is refused at once, and its connection ends (http_framing.c).  Versions of the
 * library before 1.0 are asked to be less strict than they can be, because they would close such connections without a
 * word or answer in HTML.
 *
 * A reply stays in memory until it has left.  Long ones are given to the library in blocks, whose progress tells how
 * fast the client reads (http_pending.c).  After many long replies the C library would keep most of their memory,
 * because small pieces that are still in use lie scattered among them.  So when a flood is over, we tell the C library
 * to give that memory back.
 */
#include "postgres.h"

#include <fcntl.h>
#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "storage/fd.h"
#include "utils/memutils.h"

#include "base/limits.h"
#include "base/message.h"
#include "http/http_server.h"
#include "metric/metric.h"

#define CONNECTION_POOL (32 * 1024) /* request line, headers and the read buffer; bodies do not count */
#define FIRST_BODY_BUFFER (16 * 1024)
#define MAX_BODY_MEMORY ((size_t) 256 * 1024 * 1024)	/* of all connections of a worker */
#define MAX_DISCARDED ((size_t) 64 * 1024 * 1024)	/* of one request that was refused */
#define LITTLE_MEMORY ((size_t) 256 * 1024)	/* of a request that is done: not worth a copy */
#define LITTLE_PENDING ((size_t) 16 * 1024 * 1024)	/* of all replies: a flood is over */
#define LAST_CHANCES 3			/* a resumed connection goes on in the second run of the library */
#define MAX_ACCEPTS 64			/* in one go */

struct DynHttpServer
{
	struct MHD_Daemon *daemon;
	MemoryContext context;
	DynHttpSlot *slot;
	DynHttpRequest *ready;		/* oldest first */
	DynHttpRequest *last_ready;
	int			ready_count;
	int			unsent;
	int			connections;
	int			max_connections;
	size_t		body_memory;
	DynHttpPending pending;
	bool		flooded;		/* replies kept much memory, which has not been given back yet */
	int			spare_descriptor;	/* closed when no descriptor is left, so that a connection can be accepted and refused */
};

static char library_message[256];

static void add_connection(DynHttpServer *server, int descriptor, const struct sockaddr_storage *address,
						   socklen_t length, int max_connections);
static size_t free_all_but_reply(DynHttpRequest *request);
static void cut_off(DynHttpServer *server, DynHttpRequest *request);
static void give_memory_back(DynHttpServer *server);
static ssize_t next_block(void *arg, uint64_t position, char *buffer, size_t size);
static void *begin_request(void *server, const char *uri, struct MHD_Connection *connection);
static enum MHD_Result receive(void *server, struct MHD_Connection *connection, const char *url, const char *method,
							   const char *version, const char *data, size_t *size, void **request);
static bool library_is_old(void);
static enum MHD_Result read_headers(DynHttpRequest *request, const char *method, const char *version);
static enum MHD_Result read_header(void *request, enum MHD_ValueKind kind, const char *name, size_t name_size,
								   const char *value, size_t value_size);
static enum MHD_Result refuse_now(DynHttpRequest *request, int status, const char *text);
static enum MHD_Result append_body(DynHttpRequest *request, const char *data, size_t size);
static bool grow_body(DynHttpRequest *request, size_t needed);
static void release_body(DynHttpRequest *request);
static enum MHD_Result send_reply(DynHttpRequest *request);
static void end_request(void *server, struct MHD_Connection *connection, void **request,
						enum MHD_RequestTerminationCode code);
static void count_connection(void *server, struct MHD_Connection *connection, void **unused,
							 enum MHD_ConnectionNotificationCode code);
static void keep_message(void *unused, const char *format, va_list arguments) pg_attribute_printf(2, 0);
static void log_message(void);
static void panic(void *unused, const char *file, unsigned int line, const char *reason);
static void refuse_connection(DynHttpServer *server, int descriptor);
static int	all_connections(void);
static void *allocate(DynHttpServer *server, size_t size);

DynHttpServer *
dyn_http_server_start(const DynHttpServerOptions *options, DynHttpSlot *slot, const char **reason)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext, "dynamo HTTP server", ALLOCSET_DEFAULT_SIZES);
	DynHttpServer *server = MemoryContextAllocZero(context, sizeof(DynHttpServer));
	unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, unconstify(char *, options->certificate)},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, unconstify(char *, options->key)},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
		{MHD_OPTION_END, 0, NULL}
	};
	struct MHD_OptionItem no_tls[] = {{MHD_OPTION_END, 0, NULL}};

	server->context = context;
	server->slot = slot;
	server->max_connections = options->max_connections;
	dyn_http_pending_init(&server->pending);
	server->spare_descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (options->certificate != NULL)
		flags |= MHD_USE_TLS;
	library_message[0] = '\0';
	MHD_set_panic_func(panic, NULL);

	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, receive, server,
									  MHD_OPTION_EXTERNAL_LOGGER, keep_message, NULL,
									  MHD_OPTION_CONNECTION_LIMIT, (unsigned int) options->max_connections + 1,
									  MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_POOL,
									  MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int) options->idle_timeout,
									  MHD_OPTION_STRICT_FOR_CLIENT, library_is_old() ? 0 : 1,
									  MHD_OPTION_URI_LOG_CALLBACK, begin_request, server,
									  MHD_OPTION_NOTIFY_COMPLETED, end_request, server,
									  MHD_OPTION_NOTIFY_CONNECTION, count_connection, server,
									  MHD_OPTION_ARRAY, options->certificate != NULL ? tls : no_tls,
									  MHD_OPTION_END);
	if (server->daemon == NULL)
	{
		*reason = library_message[0] != '\0' ? library_message : "libmicrohttpd gives no reason";
		if (server->spare_descriptor >= 0)
			close(server->spare_descriptor);
		MemoryContextDelete(context);
		return NULL;
	}
	return server;
}

void
dyn_http_server_stop(DynHttpServer *server)
{
	MHD_stop_daemon(server->daemon);
	if (server->spare_descriptor >= 0)
		close(server->spare_descriptor);
	pg_atomic_write_u32(&server->slot->connections, 0);
	MemoryContextDelete(server->context);
}

int
dyn_http_server_descriptor(const DynHttpServer *server)
{
	return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

long
dyn_http_server_timeout(DynHttpServer *server)
{
	MHD_UNSIGNED_LONG_LONG timeout;
	long		pending = dyn_http_pending_timeout(&server->pending);
	long		library;

	if (MHD_get_timeout(server->daemon, &timeout) != MHD_YES)
		return pending;
	/* One more, because the library rounds down and would be called just before the time. */
	library = timeout == 0 ? 0 : (long) Min(timeout, 60 * 1000) + 1;
	return pending < 0 ? library : Min(library, pending);
}

void
dyn_http_server_run(DynHttpServer *server)
{
	DynHttpPendingReply *victim;

	MHD_run(server->daemon);
	/*
	 * The worker itself may have kept the clients waiting.  So it first sends what has room in the kernel's buffers, and
	 * cuts clients off afterwards.
	 */
	for (int i = 0; i < LAST_CHANCES && dyn_http_pending_victim(&server->pending) != NULL; i++)
		MHD_run(server->daemon);
	give_memory_back(server);
	while ((victim = dyn_http_pending_victim(&server->pending)) != NULL)
		cut_off(server, dlist_container(DynHttpRequest, pending.node, &victim->node));
	log_message();
}

/* The library notices that the connection is gone and ends the request.  What the kernel still holds is thrown away. */
static void
cut_off(DynHttpServer *server, DynHttpRequest *request)
{
	int			descriptor = MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	dyn_http_pending_remove(&server->pending, &request->pending);
	dyn_metric_count(server->slot, DYN_METRIC_CONNECTIONS_CUT);
	setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	shutdown(descriptor, SHUT_RDWR);
}

static void
give_memory_back(DynHttpServer *server)
{
	if (dyn_http_pending_is_full(&server->pending))
		server->flooded = true;
	else if (server->flooded && server->pending.memory <= LITTLE_PENDING)
	{
		server->flooded = false;
#ifdef __GLIBC__
		malloc_trim(0);
#endif
	}
}

void
dyn_http_server_accept(DynHttpServer *server, int listening_socket, int max_connections)
{
	for (int i = 0; i < MAX_ACCEPTS; i++)
	{
		struct sockaddr_storage address;
		socklen_t	length = sizeof(address);
		int			descriptor = accept4(listening_socket, (struct sockaddr *) &address, &length,
										 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (descriptor < 0 && (errno == EMFILE || errno == ENFILE) && server->spare_descriptor >= 0)
		{
			/* The socket would stay readable and the worker would spin. */
			close(server->spare_descriptor);
			descriptor = accept4(listening_socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
			if (descriptor >= 0)
				refuse_connection(server, descriptor);
			server->spare_descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
			return;
		}
		if (descriptor < 0)
			return;
		add_connection(server, descriptor, &address, length, max_connections);
	}
	log_message();
}

void
dyn_http_server_add(DynHttpServer *server, int descriptor, int max_connections)
{
	struct sockaddr_storage address;
	socklen_t	length = sizeof(address);

	if (getpeername(descriptor, (struct sockaddr *) &address, &length) != 0)
		close(descriptor);		/* it has gone already */
	else
		add_connection(server, descriptor, &address, length, max_connections);
	log_message();
}

static void
add_connection(DynHttpServer *server, int descriptor, const struct sockaddr_storage *address, socklen_t length,
			   int max_connections)
{
	if (server->connections >= server->max_connections || all_connections() >= max_connections)
	{
		refuse_connection(server, descriptor);
		return;
	}
	dyn_metric_count(server->slot, DYN_METRIC_CONNECTIONS_ACCEPTED);
	MHD_add_connection(server->daemon, descriptor, (const struct sockaddr *) address, length);
}

int
dyn_http_server_connections(const DynHttpServer *server)
{
	return server->connections;
}

int
dyn_http_server_ready(const DynHttpServer *server)
{
	return server->ready_count;
}

DynHttpRequest *
dyn_http_server_next(DynHttpServer *server)
{
	DynHttpRequest *request = server->ready;

	if (request != NULL)
	{
		server->ready = request->next;
		server->ready_count--;
		request->next = NULL;
	}
	return request;
}

void
dyn_http_server_reply(DynHttpRequest *request)
{
	size_t		memory = free_all_but_reply(request);
	const DynHttpReply *reply = &request->reply;
	struct MHD_Response *response;

	if (reply->length > DYN_HTTP_SEND_BLOCK)
		response = MHD_create_response_from_callback(reply->length, DYN_HTTP_SEND_BLOCK, next_block, request, NULL);
	else
		response = MHD_create_response_from_buffer(reply->length, unconstify(char *, reply->body), MHD_RESPMEM_PERSISTENT);

	if (reply->status >= 500)
		dyn_metric_count(request->server->slot, DYN_METRIC_SERVER_ERRORS);
	else if (reply->status >= 400)
		dyn_metric_count(request->server->slot, DYN_METRIC_CLIENT_ERRORS);

	for (int i = 0; response != NULL && i < reply->header_count; i++)
		MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
	if (response != NULL && reply->close)
		MHD_add_response_header(response, "Connection", "close");

	/* Without a response send_reply closes the connection. */
	request->response = response;
	request->replied = true;
	release_body(request);
	dyn_http_pending_add(&request->server->pending, &request->pending, memory);
	MHD_resume_connection(request->connection);
}

/*
 * A long reply must not keep the memory of its request while the client reads.  So the reply moves to memory of its
 * own, and the rest is freed.  Returns how much memory the reply keeps.
 */
static size_t
free_all_but_reply(DynHttpRequest *request)
{
	DynHttpReply *reply = &request->reply;
	size_t		memory = request->context != NULL ? MemoryContextMemAllocated(request->context, true) : 0;
	size_t		size = reply->length;
	char	   *copy;

	if (memory < LITTLE_MEMORY || memory < 3 * size)
		return memory;
	for (int i = 0; i < reply->header_count; i++)
		size += strlen(reply->headers[i].value) + 1;
	copy = allocate(request->server, size);
	if (copy == NULL)
		return memory;
	request->kept = copy;
	memcpy(copy, reply->body, reply->length);
	reply->body = copy;
	copy += reply->length;
	for (int i = 0; i < reply->header_count; i++)
	{
		size_t		length = strlen(reply->headers[i].value) + 1;

		memcpy(copy, reply->headers[i].value, length);
		reply->headers[i].value = copy;
		copy += length;
	}
	MemoryContextDelete(request->context);
	request->context = NULL;
	return size;
}

/* Called when everything before position has been given to the kernel. */
static ssize_t
next_block(void *arg, uint64_t position, char *buffer, size_t size)
{
	DynHttpRequest *request = arg;
	size_t		left = request->reply.length - position;

	if (left == 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	dyn_http_pending_moved(&request->server->pending, &request->pending);
	size = Min(size, left);
	memcpy(buffer, request->reply.body + position, size);
	return size;
}

bool
dyn_http_server_is_full(const DynHttpServer *server)
{
	return dyn_http_pending_is_full(&server->pending);
}

int
dyn_http_server_unsent(const DynHttpServer *server)
{
	return server->unsent;
}

/* Called with the request line, first of all. */
static void *
begin_request(void *arg, const char *uri, struct MHD_Connection *connection)
{
	DynHttpServer *server = arg;
	size_t		length = strlen(uri);
	DynHttpRequest *request = allocate(server, sizeof(DynHttpRequest));
	char	   *copy;
	const char *question;

	if (request == NULL)
		return NULL;
	memset(request, 0, sizeof(DynHttpRequest));
	request->server = server;
	request->connection = connection;
	server->unsent++;
	request->received_target = (DynStr) {uri, (int) Min(length, INT_MAX)};
	if (length > DYN_MAX_HEADER_SIZE)
	{
		request->fault = DYN_HTTP_HEADER_TOO_LARGE;
		uri = "/";
		length = 1;
	}
	copy = allocate(server, length + 1);
	if (copy == NULL)
	{
		request->fault = DYN_HTTP_NO_MEMORY;
		return request;
	}
	request->target = copy;
	memcpy(copy, uri, length + 1);
	question = strchr(copy, '?');
	request->path.data = copy;
	request->path.len = question != NULL ? question - copy : length;
	request->query.data = question != NULL ? question + 1 : copy + length;
	request->query.len = copy + length - request->query.data;
	return request;
}

/* Called when the headers are complete, for each piece of the body, at its end, and when a reply has been made. */
static enum MHD_Result
receive(void *arg, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
		const char *data, size_t *size, void **request_pointer)
{
	DynHttpServer *server = arg;
	DynHttpRequest *request = *request_pointer;

	if (request == NULL)
		return MHD_NO;			/* no memory: the connection is closed */
	if (request->replied)
		return send_reply(request);
	if (!request->started)
	{
		request->started = true;
		return read_headers(request, method, version);
	}
	if (*size > 0)
	{
		size_t		length = *size;

		*size = 0;
		return append_body(request, data, length);
	}

	request->body.data = request->buffer != NULL ? request->buffer : "";
	if (server->ready == NULL)
		server->ready = request;
	else
		server->last_ready->next = request;
	server->last_ready = request;
	server->ready_count++;
	MHD_suspend_connection(connection);
	return MHD_YES;
}

static bool
library_is_old(void)
{
	return strncmp(MHD_get_version(), "0.", 2) == 0;
}

static enum MHD_Result
read_headers(DynHttpRequest *request, const char *method, const char *version)
{
	static const char too_large[] = "{\"__type\":\"com.amazon.coral.service#RequestEntityTooLargeException\"}";
	static const char malformed[] = "{\"__type\":\"com.amazon.coral.service#MalformedHttpRequestException\","
		"\"message\":\"" DYN_MSG_MALFORMED_REQUEST "\"}";
	int			count = MHD_get_connection_values(request->connection, MHD_HEADER_KIND, NULL, NULL);
	const char *expect;
	size_t		bytes = 0;

	dyn_metric_count(request->server->slot, DYN_METRIC_REQUESTS);
	request->method.data = method;
	request->method.len = strlen(method);
	dyn_http_framing_begin(&request->framing, method, request->received_target, version, library_is_old());
	if (count > 0)
		request->headers = allocate(request->server, count * sizeof(DynHttpHeader));
	if (count > 0 && request->headers == NULL)
		request->fault = DYN_HTTP_NO_MEMORY;
	else
		MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, read_header, request);

	/* Also without memory for the headers: otherwise the library would wait for a body whose end it does not know. */
	if (!dyn_http_framing_end(&request->framing, request->method, &request->path, request->query, version))
		return refuse_now(request, MHD_HTTP_BAD_REQUEST, malformed);

	for (int i = 0; i < request->header_count; i++)
		bytes += request->headers[i].name.len + request->headers[i].value.len;
	if (bytes > DYN_MAX_HEADER_SIZE)
		request->fault = DYN_HTTP_HEADER_TOO_LARGE;
	if (request->expected > DYN_MAX_BODY_SIZE && request->fault == DYN_HTTP_OK)
		request->fault = DYN_HTTP_BODY_TOO_LARGE;

	/*
	 * A client that asks before it sends, or means to send more than we would throw away, is refused before the body.
	 */
	expect = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Expect");
	if (request->fault == DYN_HTTP_BODY_TOO_LARGE && (expect != NULL || request->expected > MAX_DISCARDED))
		return refuse_now(request, MHD_HTTP_CONTENT_TOO_LARGE, too_large);
	return MHD_YES;
}

static enum MHD_Result
read_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value,
			size_t value_size)
{
	DynHttpRequest *request = arg;
	DynHttpHeader *header = &request->headers[request->header_count];

	if (value == NULL)
		value_size = 0;
	dyn_http_framing_header(&request->framing, (DynStr) {name, (int) name_size}, (DynStr) {value, (int) value_size});
	while (value_size > 0 && (value[0] == ' ' || value[0] == '\t'))
	{
		value++;
		value_size--;
	}
	while (value_size > 0 && (value[value_size - 1] == ' ' || value[value_size - 1] == '\t'))
		value_size--;
	header->name = (DynStr) {name, (int) name_size};
	header->value = (DynStr) {value_size > 0 ? value : "", (int) value_size};
	request->header_count++;

	if (name_size == 14 && pg_strncasecmp(name, "content-length", 14) == 0)
		request->expected = strtoull(header->value.data, NULL, 10);
	return MHD_YES;
}

/* Before the body has been read, the library sends this and closes the connection. */
static enum MHD_Result
refuse_now(DynHttpRequest *request, int status, const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), unconstify(char *, text),
																	MHD_RESPMEM_PERSISTENT);

	if (response == NULL)
		return MHD_NO;
	dyn_metric_count(request->server->slot, DYN_METRIC_CLIENT_ERRORS);
	MHD_add_response_header(response, "Content-Type", "application/x-amz-json-1.0");
	MHD_add_response_header(response, "Connection", "close");
	request->response = response;
	request->reply.status = status;
	return send_reply(request);
}

static enum MHD_Result
append_body(DynHttpRequest *request, const char *data, size_t size)
{
	size_t		needed = request->body.len + size;

	if (!request->has_body && !dyn_http_framing_body(&request->framing, data))
		request->fault = DYN_HTTP_MALFORMED;
	request->has_body = true;
	if (request->fault == DYN_HTTP_OK)
	{
		if (needed > DYN_MAX_BODY_SIZE)
			request->fault = DYN_HTTP_BODY_TOO_LARGE;
		else if (!grow_body(request, needed))
			request->fault = DYN_HTTP_NO_MEMORY;
	}
	if (request->fault != DYN_HTTP_OK)
	{
		release_body(request);
		request->discarded += size;
		return request->discarded > MAX_DISCARDED ? MHD_NO : MHD_YES;
	}
	memcpy(request->buffer + request->body.len, data, size);
	request->body.len = (int) needed;
	request->buffer[needed] = '\0';
	return MHD_YES;
}

static bool
grow_body(DynHttpRequest *request, size_t needed)
{
	DynHttpServer *server = request->server;
	size_t		capacity = request->capacity;
	char	   *buffer;

	if (needed + 1 <= capacity)
		return true;
	if (capacity == 0)
		capacity = Min(request->expected, FIRST_BODY_BUFFER);
	else
		capacity *= 2;
	/* The last step goes to the announced size instead of beyond it. */
	if (request->expected >= needed)
		capacity = Min(capacity, request->expected);
	capacity = Max(capacity, needed) + 1;

	if (server->body_memory + capacity - request->capacity > MAX_BODY_MEMORY)
		return false;
	buffer = allocate(server, capacity);
	if (buffer == NULL)
		return false;
	if (request->buffer != NULL)
	{
		memcpy(buffer, request->buffer, request->body.len);
		pfree(request->buffer);
	}
	server->body_memory += capacity - request->capacity;
	request->buffer = buffer;
	request->capacity = capacity;
	return true;
}

static void
release_body(DynHttpRequest *request)
{
	if (request->buffer != NULL)
	{
		pfree(request->buffer);
		request->server->body_memory -= request->capacity;
	}
	request->buffer = NULL;
	request->capacity = 0;
	request->body = (DynStr) {"", 0};
}

static enum MHD_Result
send_reply(DynHttpRequest *request)
{
	enum MHD_Result result;

	if (request->response == NULL)
		return MHD_NO;
	result = MHD_queue_response(request->connection, request->reply.status, request->response);
	MHD_destroy_response(request->response);	/* the connection keeps it as long as it needs it */
	request->response = NULL;
	return result;
}

/* The reply has left, or the connection is gone. */
static void
end_request(void *arg, struct MHD_Connection *connection, void **request_pointer, enum MHD_RequestTerminationCode code)
{
	DynHttpRequest *request = *request_pointer;

	if (request == NULL)
		return;
	*request_pointer = NULL;
	request->server->unsent--;
	dyn_http_pending_remove(&request->server->pending, &request->pending);
	release_body(request);
	if (request->response != NULL)
		MHD_destroy_response(request->response);
	if (request->context != NULL)
		MemoryContextDelete(request->context);
	if (request->kept != NULL)
		pfree(request->kept);
	if (request->headers != NULL)
		pfree(request->headers);
	if (request->target != NULL)
		pfree(request->target);
	pfree(request);
}

static void
count_connection(void *arg, struct MHD_Connection *connection, void **unused, enum MHD_ConnectionNotificationCode code)
{
	DynHttpServer *server = arg;

	server->connections += code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1;
	pg_atomic_write_u32(&server->slot->connections, server->connections);
}

static void
keep_message(void *unused, const char *format, va_list arguments)
{
	vsnprintf(library_message, sizeof(library_message), format, arguments);
}

/* These messages are about clients that break the protocol, which does not concern an operator. */
static void
log_message(void)
{
	if (library_message[0] == '\0')
		return;
	ereport(DEBUG1, (errmsg_internal("libmicrohttpd: %s", library_message)));
	library_message[0] = '\0';
}

/*
 * The library's default would call abort(), which restarts the whole database.  FATAL ends this process without
 * unwinding.
 */
static void
panic(void *unused, const char *file, unsigned int line, const char *reason)
{
	ereport(FATAL,
			(errcode(ERRCODE_INTERNAL_ERROR),
			 errmsg("libmicrohttpd cannot go on: %s", reason != NULL ? reason : "unknown reason")));
}

static void
refuse_connection(DynHttpServer *server, int descriptor)
{
	dyn_metric_count(server->slot, DYN_METRIC_CONNECTIONS_REFUSED);
	close(descriptor);
}

static int
all_connections(void)
{
	int			count = 0;
	int			slots = pg_atomic_read_u32(&dyn_shmem->http_slots);

	for (int i = 0; i < slots; i++)
		count += pg_atomic_read_u32(&dyn_shmem->http[i].connections);
	return count;
}

static void *
allocate(DynHttpServer *server, size_t size)
{
	return MemoryContextAllocExtended(server->context, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}
