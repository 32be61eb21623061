/*
 * The one "now", and how time passes.
 */
#ifndef DYN_CLOCK_H
#define DYN_CLOCK_H

#include "datatype/timestamp.h"

/* The present moment, moving on within a transaction (unlike SQL's now()). */
extern TimestampTz dyn_clock_now(void);
/* Seconds since 1970, as DynamoDB counts creation times and TTL; the second form with its fraction. */
extern int64 dyn_clock_epoch_seconds(void);
extern double dyn_clock_to_epoch(TimestampTz time);
extern TimestampTz dyn_clock_from_epoch(double seconds);
/*
 * For durations: milliseconds since some moment before this process began, the same for all processes.  Unlike the time
 * of day they are never set.
 */
extern int64 dyn_clock_steady_ms(void);
/* The same in microseconds; where dyn_clock_set has stopped the clock, they stand as well, and jump as it does. */
extern int64 dyn_clock_steady_us(void);
/*
 * For tests: from now on the clock of this process stands at time; 0 lets it run again.  Exported, because the test
 * module looks it up by name, and PostgreSQL 16 and newer build modules with hidden symbols.
 */
extern PGDLLEXPORT void dyn_clock_set(TimestampTz time);

#endif
