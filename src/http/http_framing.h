/*
 * Does everybody on the way read this request alike?
 */
#ifndef DYN_HTTP_FRAMING_H
#define DYN_HTTP_FRAMING_H

#include "base/text.h"

typedef struct DynHttpFraming
{
	bool		doubtful;
	bool		in_place;		/* the library leaves the head's bytes where they have arrived */
	bool		chunked;
	uint32		seen;			/* which of the header fields that may come once */
	DynStr		host;
	const char *next;			/* in_place: where the next header begins, if nothing was cut off before it */
} DynHttpFraming;

/*
 * The request line: method, target as received (the bytes themselves may have been changed since) and version, as the
 * library gives them.
 */
extern void dyn_http_framing_begin(DynHttpFraming *framing, const char *method, DynStr target, const char *version,
								   bool in_place);
/* A header field, value with the white space behind it. */
extern void dyn_http_framing_header(DynHttpFraming *framing, DynStr name, DynStr value);
/*
 * After the last header, with version and method once more.  For a target in absolute form, *path becomes its path.
 * False: the caller must refuse the request and close its connection, since what follows may be anything.
 */
extern bool dyn_http_framing_end(DynHttpFraming *framing, DynStr method, DynStr *path, DynStr query,
								 const char *version);
/* The first piece of the body.  False: the last header was cut off. */
extern bool dyn_http_framing_body(const DynHttpFraming *framing, const char *data);

#endif
