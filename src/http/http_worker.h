/*
 * A process that serves HTTP requests.
 */
#ifndef DYN_HTTP_WORKER_H
#define DYN_HTTP_WORKER_H

/* Started by the launcher; the argument is the number of its slot in shared memory. */
extern PGDLLEXPORT void dynamo_http_worker_main(Datum slot_number);

#endif
