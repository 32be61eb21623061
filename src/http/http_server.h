/*
 * HTTP itself: connections, requests in, replies out.
 *
 * The caller drives it: wait for the descriptor, run, take the requests that are complete, reply to each, run again.
 */
#ifndef DYN_HTTP_SERVER_H
#define DYN_HTTP_SERVER_H

#include "access/xlogdefs.h"

#include "auth/sigv4.h"
#include "base/shmem.h"
#include "http/http_framing.h"
#include "http/http_pending.h"

struct DynOperation;
struct DynProtocol;
struct DynService;
struct MHD_Connection;
struct MHD_Response;

#define DYN_MAX_HEADER_SIZE (16 * 1024) /* request line, and all header fields: AWS's limit for each */
#define DYN_MAX_REPLY_HEADERS 12

/* What makes a request unanswerable before anybody has looked at its content. */
typedef enum DynHttpFault
{
	DYN_HTTP_OK,
	DYN_HTTP_HEADER_TOO_LARGE,
	DYN_HTTP_BODY_TOO_LARGE,
	DYN_HTTP_MALFORMED,
	DYN_HTTP_NO_MEMORY			/* too much is being received at once */
} DynHttpFault;

typedef struct DynHttpReplyHeader
{
	const char *name;
	const char *value;			/* lives in the request's context, or for ever */
} DynHttpReplyHeader;

typedef struct DynHttpReply
{
	int			status;
	const char *body;			/* lives in the request's context, or for ever */
	size_t		length;
	bool		close;			/* the connection, afterwards */
	int			header_count;
	DynHttpReplyHeader headers[DYN_MAX_REPLY_HEADERS];
} DynHttpReply;

typedef struct DynHttpRequest
{
	DynHttpFault fault;
	DynStr		method;
	DynStr		path;			/* as on the request line, without scheme and host */
	DynStr		query;			/* without the '?' */
	int			header_count;
	DynHttpHeader *headers;
	DynStr		body;			/* followed by a NUL; gone once the reply is under way */

	/* http_call.c's */
	MemoryContext context;		/* deleted when the reply has left, or sooner */
	const struct DynOperation *operation;	/* NULL: the reply is complete */
	const struct DynService *service;	/* the service asked for; NULL: unknown */
	const struct DynProtocol *protocol; /* NULL: nobody has looked yet */
	const char *id;				/* in context; NULL: it has none yet */
	XLogRecPtr	horizon;		/* http_flush.h */
	DynHttpReply reply;

	/* http_server.c's */
	struct DynHttpServer *server;
	struct MHD_Connection *connection;
	struct MHD_Response *response;
	DynHttpPendingReply pending;	/* from dyn_http_server_reply on */
	struct DynHttpRequest *next;
	DynStr		received_target;	/* where the library got it: a place, not its content */
	char	   *target;			/* a copy, of which path and query are parts */
	DynHttpFraming framing;
	bool		started;		/* the headers have been read */
	bool		has_body;
	bool		replied;
	size_t		expected;		/* Content-Length; 0 unknown */
	size_t		capacity;
	size_t		discarded;
	char	   *buffer;
	char	   *kept;			/* the reply, when the context is gone already */
} DynHttpRequest;

typedef struct DynHttpServerOptions
{
	int			max_connections;	/* of this worker */
	int			idle_timeout;	/* s, 0: none */
	const char *certificate;	/* PEM; NULL: plain HTTP */
	const char *key;
} DynHttpServerOptions;

typedef struct DynHttpServer DynHttpServer;

/* NULL when it cannot be started; *reason then tells why. */
extern DynHttpServer *dyn_http_server_start(const DynHttpServerOptions *options, DynHttpSlot *slot,
											const char **reason);
/* Closes every connection.  No request may be without a reply. */
extern void dyn_http_server_stop(DynHttpServer *server);

/* Becomes readable when there is something to run. */
extern int	dyn_http_server_descriptor(const DynHttpServer *server);
/* Run again after so many milliseconds at the latest; -1: no need. */
extern long dyn_http_server_timeout(DynHttpServer *server);
/* Receives and sends what is possible without waiting, and cuts off clients that take their replies too slowly. */
extern void dyn_http_server_run(DynHttpServer *server);

/*
 * Accepts what waits at a listening socket.  Connections over the limit (of all workers together) are closed at once.
 */
extern void dyn_http_server_accept(DynHttpServer *server, int listening_socket, int max_connections);
/* Adds a connection that has been accepted already. */
extern void dyn_http_server_add(DynHttpServer *server, int descriptor, int max_connections);
extern int	dyn_http_server_connections(const DynHttpServer *server);

/* How many complete requests wait, and the oldest of them: NULL when there is none. */
extern int	dyn_http_server_ready(const DynHttpServer *server);
extern DynHttpRequest *dyn_http_server_next(DynHttpServer *server);
/* Sends request->reply at the next runs.  The request must not be touched afterwards. */
extern void dyn_http_server_reply(DynHttpRequest *request);
/* Do the replies that wait to be sent keep so much memory that some should leave before others are made? */
extern bool dyn_http_server_is_full(const DynHttpServer *server);
/* How many replies have not left completely. */
extern int	dyn_http_server_unsent(const DynHttpServer *server);

#endif
