/*
 * The spaces of our own locks in PostgreSQL's lock table.
 *
 * They are advisory locks, except for the fourth field of their tags.  pg_advisory_lock() and similar functions write
 * only 1 or 2 there, so no SQL user can take or release one of our locks.  In pg_locks it is objsubid,
 * which has no room for more than 0x7fff.
 */
#ifndef DYN_LOCK_SPACE_H
#define DYN_LOCK_SPACE_H

/* classid, objid: the first 64 bits of SHA-256 of a table's name, for which nobody can find another name on purpose */
#define DYN_LOCK_SPACE_NAME 0x3ffd
#define DYN_LOCK_SPACE_JOB 0x3ffe	/* classid: dynamo.job_queue, objid: the job's id */
#define DYN_LOCK_SPACE_TABLE 0x3fff	/* classid: the item table */
/* classid: the item table, objid: the lower bits of a key's hash; the next higher bits are in the space itself */
#define DYN_LOCK_SPACE_KEY 0x4000
#define DYN_LOCK_SPACE_KEY_BITS 0x3fff

#endif
