/*
 * Does the extension exist in this database, and when does that change?
 */
#ifndef DYN_EXTENSION_WATCH_H
#define DYN_EXTENSION_WATCH_H

/* From _PG_init while shared_preload_libraries is being processed. */
extern void dyn_extension_watch_install(void);
/* Needs a transaction. */
extern bool dyn_extension_watch_exists(void);
/* Whether an extension or a database came or went since the last call; the first call says yes. */
extern bool dyn_extension_watch_changed(void);

#endif
