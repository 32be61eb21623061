/*
 * The endpoint's listening sockets.
 *
 * Every worker has sockets of its own on the same addresses, by SO_REUSEPORT; the kernel spreads new connections over
 * them.  The kernel would let any other process of the same operating-system user join in as well, such as a second
 * server with the same dynamo.port, and hand half of the clients to the wrong database.  So the first worker to open a
 * port binds it once without SO_REUSEPORT, which fails when a stranger listens there.  A lock makes one worker the
 * first.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "utils/memutils.h"
#include "utils/varlena.h"

#include "base/guc.h"
#include "http/http_listen.h"

/* One of dynamo.listen_addresses. */
typedef struct ListenName
{
	const char *text;
	struct addrinfo *addresses; /* NULL: none */
} ListenName;

static bool read_names(const DynHttpListen *listener, List **names);
static void resolve(const DynHttpListen *listener, List *names);
static void release(List *names);
static void open_names(DynHttpListen *listener, DynHttpSlot *slot, List *names);
static bool open_name(DynHttpListen *listener, const ListenName *name, bool first, bool *refused);
static bool is_open(const DynHttpListen *listener, const struct addrinfo *address);
static bool is_free(const DynHttpListen *listener, const struct addrinfo *address);
static int	open_address(const DynHttpListen *listener, const struct addrinfo *address, bool first);
static bool make_socket(const DynHttpListen *listener, const struct addrinfo *address, int *fd);
static bool is_loopback(const struct sockaddr *address);
static void describe(const struct addrinfo *address, char *text, size_t size);
static bool is_first(const DynHttpSlot *slot);

bool
dyn_http_listen_open(DynHttpListen *listener, DynHttpSlot *slot, int elevel)
{
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "dynamo listen addresses", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);
	List	   *names;

	listener->count = 0;
	listener->elevel = elevel;
	if (read_names(listener, &names))
	{
		/* Before the lock is taken: a slow name server must not delay whoever waits for the lock. */
		resolve(listener, names);
		LWLockAcquire(dyn_shmem->lock, LW_EXCLUSIVE);
		open_names(listener, slot, names);
		LWLockRelease(dyn_shmem->lock);
		release(names);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
	return listener->count > 0;
}

void
dyn_http_listen_close(DynHttpListen *listener, DynHttpSlot *slot)
{
	for (int i = 0; i < listener->count; i++)
		close(listener->sockets[i]);
	listener->count = 0;
	pg_atomic_write_u32(&slot->port, 0);
}

static bool
read_names(const DynHttpListen *listener, List **names)
{
	List	   *list;
	ListCell   *cell;

	*names = NIL;
	if (!SplitGUCList(pstrdup(dyn_guc_listen_addresses), ',', &list))
	{
		ereport(listener->elevel,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid list syntax in parameter \"%s\"", "dynamo.listen_addresses")));
		return false;
	}
	foreach(cell, list)
	{
		ListenName *name = palloc0(sizeof(ListenName));

		name->text = lfirst(cell);
		*names = lappend(*names, name);
	}
	return true;
}

static void
resolve(const DynHttpListen *listener, List *names)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	ListCell   *cell;
	char		port[8];

	snprintf(port, sizeof(port), "%d", dyn_guc_port);
	foreach(cell, names)
	{
		ListenName *name = lfirst(cell);
		int			error = getaddrinfo(strcmp(name->text, "*") == 0 ? NULL : name->text, port, &hints, &name->addresses);

		if (error == 0)
			continue;
		name->addresses = NULL;
		ereport(listener->elevel,
				(errmsg("could not translate host name \"%s\" of dynamo.listen_addresses to an address: %s",
						name->text, gai_strerror(error))));
	}
}

/* Not every C library's freeaddrinfo() takes NULL. */
static void
release(List *names)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		ListenName *name = lfirst(cell);

		if (name->addresses != NULL)
			freeaddrinfo(name->addresses);
	}
}

/* Holds the lock. */
static void
open_names(DynHttpListen *listener, DynHttpSlot *slot, List *names)
{
	bool		first = is_first(slot);
	bool		refused = false;
	ListCell   *cell;

	foreach(cell, names)
	{
		if (!open_name(listener, lfirst(cell), first, &refused))
			break;
	}
	if (refused)
		dyn_http_listen_close(listener, slot);
	else if (listener->count > 0)
		pg_atomic_write_u32(&slot->port, dyn_guc_port);
}

/* Opens the addresses that one name stands for; false when going on makes no sense. */
static bool
open_name(DynHttpListen *listener, const ListenName *name, bool first, bool *refused)
{
	for (const struct addrinfo *address = name->addresses; address != NULL; address = address->ai_next)
	{
		int			fd;

		if (dyn_guc_authentication == DYN_AUTH_NONE && !is_loopback(address->ai_addr))
		{
			ereport(listener->elevel,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the endpoint does not listen on \"%s\" with \"dynamo.authentication\" set to \"none\"", name->text),
					 errhint("Set \"dynamo.authentication\" to \"sigv4\", or restrict \"dynamo.listen_addresses\" to "
							 "loopback addresses.")));
			*refused = true;
			break;
		}
		if (listener->count == DYN_MAX_LISTEN_SOCKETS)
		{
			ereport(listener->elevel,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the endpoint listens on the first %d addresses only", DYN_MAX_LISTEN_SOCKETS)));
			break;
		}
		if (is_open(listener, address))
			continue;
		if (first && !is_free(listener, address))
		{
			*refused = true;
			break;
		}
		fd = open_address(listener, address, first);
		if (fd >= 0)
			listener->sockets[listener->count++] = fd;
	}
	return !*refused && listener->count < DYN_MAX_LISTEN_SOCKETS;
}

/* The same address by two names. */
static bool
is_open(const DynHttpListen *listener, const struct addrinfo *address)
{
	for (int i = 0; i < listener->count; i++)
	{
		struct sockaddr_storage other;
		socklen_t	length = sizeof(other);

		if (getsockname(listener->sockets[i], (struct sockaddr *) &other, &length) == 0 &&
			length == address->ai_addrlen && memcmp(&other, address->ai_addr, length) == 0)
			return true;
	}
	return false;
}

/*
 * Whether nobody listens there.  One address in use stops all of them, since half an endpoint would hide the mistake.
 */
static bool
is_free(const DynHttpListen *listener, const struct addrinfo *address)
{
	char		text[INET6_ADDRSTRLEN + 16];
	bool		in_use = false;
	int			fd;

	if (!make_socket(listener, address, &fd))
		return true;			/* as open_address will say */
	if (bind(fd, address->ai_addr, address->ai_addrlen) != 0 && errno == EADDRINUSE)
	{
		in_use = true;
		describe(address, text, sizeof(text));
		ereport(listener->elevel,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("could not open the endpoint: address %s is in use", text),
				 errhint("Is another process, or another server with the same \"dynamo.port\", running?")));
	}
	close(fd);
	return !in_use;
}

static int
open_address(const DynHttpListen *listener, const struct addrinfo *address, bool first)
{
	char		text[INET6_ADDRSTRLEN + 16];
	int			on = 1;
	int			fd;

	if (!make_socket(listener, address, &fd))
		return -1;
	describe(address, text, sizeof(text));
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
		bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0)
	{
		ereport(listener->elevel,
				(errcode_for_socket_access(),
				 errmsg("could not listen on address %s: %m", text)));
		close(fd);
		return -1;
	}
	if (first)
		ereport(LOG, (errmsg("endpoint listening on %s", text)));
	return fd;
}

static bool
make_socket(const DynHttpListen *listener, const struct addrinfo *address, int *fd)
{
	int			on = 1;

	*fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
	if (*fd < 0)
	{
		/* A kernel without IPv6 is no reason to complain. */
		int			elevel = errno == EAFNOSUPPORT ? DEBUG1 : listener->elevel;

		ereport(elevel,
				(errcode_for_socket_access(), errmsg("could not create a socket for the endpoint: %m")));
		return false;
	}
	if (setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
		(address->ai_family == AF_INET6 && setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0))
	{
		ereport(listener->elevel, (errcode_for_socket_access(), errmsg("setsockopt failed for the endpoint: %m")));
		close(*fd);
		return false;
	}
	return true;
}

static bool
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return (ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr) >> 24) == 127;
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *) address)->sin6_addr);
	return false;
}

static void
describe(const struct addrinfo *address, char *text, size_t size)
{
	char		host[INET6_ADDRSTRLEN];

	if (getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0)
		strlcpy(host, "?", sizeof(host));
	snprintf(text, size, address->ai_family == AF_INET6 ? "[%s]:%d" : "%s:%d", host, dyn_guc_port);
}

static bool
is_first(const DynHttpSlot *slot)
{
	for (int i = 0; i < DYN_MAX_HTTP_WORKERS; i++)
	{
		DynHttpSlot *other = &dyn_shmem->http[i];

		if (other != slot && pg_atomic_read_u32(&other->port) == (uint32) dyn_guc_port)
			return false;
	}
	return true;
}
