/*
 * The endpoint's listening sockets.
 */
#ifndef DYN_HTTP_LISTEN_H
#define DYN_HTTP_LISTEN_H

#include "base/shmem.h"

#define DYN_MAX_LISTEN_SOCKETS 16

typedef struct DynHttpListen
{
	int			count;
	int			elevel;			/* of complaints */
	int			sockets[DYN_MAX_LISTEN_SOCKETS];
} DynHttpListen;

/*
 * Opens a socket for every address that dynamo.listen_addresses and dynamo.port name.  Logs what goes wrong at elevel.
 * False, and no socket, when none could be opened, when an address belongs to somebody else, or when it must not be
 * listened on without authentication.
 */
extern bool dyn_http_listen_open(DynHttpListen *listener, DynHttpSlot *slot, int elevel);
extern void dyn_http_listen_close(DynHttpListen *listener, DynHttpSlot *slot);

#endif
