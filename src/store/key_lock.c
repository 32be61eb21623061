/*
 * Locks on keys that have no row.
 *
 * A row can be locked; the absence of one cannot.  Yet a transaction that has found a key missing, and acts on that,
 * must be sure that it stays missing until the transaction's end (flow/transact_flow.c tells why).  So an advisory lock
 * stands for the key.  Everything that may insert a row for a key takes it as well: row_write before its statement, and
 * the item table's trigger for direct SQL.
 *
 * Three modes of PostgreSQL's lock table are all it takes:
 *
 *              insert  absent  claim
 *     insert     -       X       X      RowExclusiveLock       many may try; the primary key decides among them
 *     absent     X       -       X      ShareLock              many may rely on it at once
 *     claim      X       X       X      ShareRowExclusiveLock  one transaction, which will insert
 *
 * An insert waits only when a transaction relies on the absence of its key at that moment.  The locks are in spaces of
 * their own (base/lock_space.h), which no SQL function reaches, and are seen in pg_locks.  A tag names the table
 * itself.  Otherwise a user could choose keys of his own table that have the hash of another table's key, and hold up
 * its writers.  A key is hashed to 46 bits.  When two keys of a table have the same hash, their writers wait for each
 * other now and then, with no other effect.
 *
 * A transaction that inserts a million rows must not fill the lock table.  After MAX_INSERT_LOCKS keys it locks whole
 * tables instead, still in a mode that lets other inserts pass.  A transaction that relies on absence also locks the
 * table, in the mode that conflicts.  A claim does not lock the table: if a mass insert takes its key, the claim's own
 * insert fails.
 *
 * A subtransaction's rollback releases its locks but does not lower the counter, so the switch to the table comes
 * early.  From then on every insert asks for the table's lock; when it is held already, that is a look into a local
 * hash table.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"

#include "base/compat.h"
#include "base/lock_space.h"
#include "store/key_lock.h"

#define MAX_INSERT_LOCKS 40

static LocalTransactionId counted_transaction = InvalidLocalTransactionId;
static int	insert_locks = 0;

static void lock_to_insert(const DynTable *table, const DynKey *key);
static void make_key_tag(LOCKTAG *tag, const DynTable *table, const DynKey *key);
static void lock_table(const DynTable *table, LOCKMODE mode);

void
dyn_key_lock_take(const DynTable *table, const DynKey *key, DynKeyLock lock)
{
	LOCKTAG		tag;

	switch (lock)
	{
		case DYN_KEY_LOCK_INSERT:
			lock_to_insert(table, key);
			break;
		case DYN_KEY_LOCK_ABSENT:
			make_key_tag(&tag, table, key);
			(void) LockAcquire(&tag, ShareLock, false, false);
			lock_table(table, ShareLock);
			break;
		case DYN_KEY_LOCK_CLAIM:
			make_key_tag(&tag, table, key);
			(void) LockAcquire(&tag, ShareRowExclusiveLock, false, false);
			break;
	}
}

static void
lock_to_insert(const DynTable *table, const DynKey *key)
{
	LOCKTAG		tag;

	make_key_tag(&tag, table, key);
	/* a transaction that has claimed the key waited then, and must not wait now, because it holds other locks */
	if (DYN_LOCK_HELD_BY_ME(&tag, ShareRowExclusiveLock))
		return;
	if (counted_transaction != DYN_MY_TRANSACTION)
	{
		counted_transaction = DYN_MY_TRANSACTION;
		insert_locks = 0;
	}
	if (insert_locks >= MAX_INSERT_LOCKS)
	{
		lock_table(table, RowExclusiveLock);
		return;
	}
	insert_locks++;
	(void) LockAcquire(&tag, RowExclusiveLock, false, false);
}

static void
make_key_tag(LOCKTAG *tag, const DynTable *table, const DynKey *key)
{
	StringInfoData encoded;
	uint64		hash;

	initStringInfo(&encoded);
	dyn_key_append_encoded(&encoded, key);
	hash = hash_bytes_extended((unsigned char *) encoded.data, encoded.len, table->relid);
	pfree(encoded.data);
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, table->relid, (uint32) hash,
						 DYN_LOCK_SPACE_KEY | (hash >> 32 & DYN_LOCK_SPACE_KEY_BITS));
}

static void
lock_table(const DynTable *table, LOCKMODE mode)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, table->relid, 0, DYN_LOCK_SPACE_TABLE);
	(void) LockAcquire(&tag, mode, false, false);
}
