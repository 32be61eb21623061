/*
 * Starts the processes the endpoint needs.
 */
#ifndef DYN_LAUNCHER_H
#define DYN_LAUNCHER_H

/* From _PG_init while shared_preload_libraries is being processed. */
extern void dyn_launcher_register(void);

extern PGDLLEXPORT void dynamo_launcher_main(Datum unused);

#endif
