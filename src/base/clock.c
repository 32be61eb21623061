/*
 * The one "now", which tests can stop, and how time passes.
 *
 * Whatever DynamoDB derives from the time of day (TTL, creation times, retention, signatures' age) asks here.  The time
 * of day can be set, so how long something has taken or is to last (timeouts, pauses, rates) is measured by the steady
 * clock.
 */
#include "postgres.h"

#include "portability/instr_time.h"
#include "utils/timestamp.h"

#include "base/clock.h"

/* Between PostgreSQL's epoch (2000) and Unix's (1970). */
#define EPOCH_SHIFT ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

static TimestampTz stopped_at = 0;
static int64 steady_shift = 0;	/* from a stopped moment to the steady clock's; 0: not known yet */

static int64 read_steady_us(void);

TimestampTz
dyn_clock_now(void)
{
	return stopped_at != 0 ? stopped_at : GetCurrentTimestamp();
}

int64
dyn_clock_epoch_seconds(void)
{
	return (int64) dyn_clock_to_epoch(dyn_clock_now());
}

double
dyn_clock_to_epoch(TimestampTz time)
{
	return (double) time / USECS_PER_SEC + (double) EPOCH_SHIFT;
}

TimestampTz
dyn_clock_from_epoch(double seconds)
{
	double		moment = (seconds - (double) EPOCH_SHIFT) * USECS_PER_SEC;

	/* A client's number may be anything; a value beyond the range of timestamps becomes the nearest one. */
	if (!(moment > (double) MIN_TIMESTAMP))
		return MIN_TIMESTAMP;
	if (moment >= (double) END_TIMESTAMP)
		return END_TIMESTAMP - 1;
	return (TimestampTz) moment;
}

int64
dyn_clock_steady_ms(void)
{
	return read_steady_us() / 1000;
}

int64
dyn_clock_steady_us(void)
{
	return stopped_at != 0 ? stopped_at + steady_shift : read_steady_us();
}

void
dyn_clock_set(TimestampTz time)
{
	/* computed once, so that two stopped moments are as far apart on the steady clock as on this one */
	if (steady_shift == 0)
		steady_shift = read_steady_us() - GetCurrentTimestamp();
	stopped_at = time;
}

static int64
read_steady_us(void)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	return (int64) INSTR_TIME_GET_MICROSEC(now);
}
