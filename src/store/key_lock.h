/*
 * Locks on keys that have no row.
 */
#ifndef DYN_KEY_LOCK_H
#define DYN_KEY_LOCK_H

#include "catalog/table_cache.h"

typedef enum DynKeyLock
{
	DYN_KEY_LOCK_INSERT,		/* the key may get a row now */
	DYN_KEY_LOCK_ABSENT,		/* it must not get one from anybody else */
	DYN_KEY_LOCK_CLAIM			/* the same, and it may get one from us */
} DynKeyLock;

/* Locks until the transaction ends; waits no longer than lock_timeout. */
extern void dyn_key_lock_take(const DynTable *table, const DynKey *key, DynKeyLock lock);

#endif
