/*
 * The process that does the periodic work.
 */
#ifndef DYN_SCHEDULER_H
#define DYN_SCHEDULER_H

/* Pause between two steps of a chore that is wanted. */
#define DYN_SCHEDULER_WANTED_MS 50

extern PGDLLEXPORT void dynamo_scheduler_main(Datum unused);

#endif
