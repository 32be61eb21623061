/*
 * Many items, all or nothing.
 *
 * A caller fills one DynTransactAction per item, in the request's order, and calls prepare, check_duplicates and run
 * (or read); TransactWriteItems, TransactGetItems and ExecuteTransaction are such callers.
 */
#ifndef DYN_TRANSACT_FLOW_H
#define DYN_TRANSACT_FLOW_H

#include "utils/jsonb.h"

#include "base/call.h"
#include "base/compat.h"
#include "flow/write_flow.h"
#include "json/json.h"

typedef struct DynTransactAction
{
	/*
	 * in: table (NULL: there is none of that name), condition, apply, arg.  apply NULL: only the condition is checked.
	 * out: old, new, new_size.
	 */
	DynWrite	write;
	const DynItem *key_source;	/* an item or a key: where write.key comes from */
	bool		is_item;		/* key_source is an item, which may have more attributes than the key's */
	bool		is_read;		/* an empty key is a reason, like any that does not fit; in a write it is the request's error */
	const DynCondition *also_failed;	/* judged as well once the transaction has failed; NULL: none */
	bool		returns_old;	/* a failed condition's reason holds the item it failed on */
	const char *failure_code;	/* the reason that a failed condition gives; NULL: ConditionalCheckFailed */
	const char *failure_message;
	void	   *arg;			/* the caller's own */
	/* out */
	Jsonb	   *stored;			/* reads; NULL: there is no such item */
	int			size;			/* of the item read, or of the old item; 0: there is none */
	/* why the transaction is cancelled, as far as this item goes; code NULL: "None" */
	const char *code;
	const char *message;
} DynTransactAction;

/* The caller's own check of one action; a ValidationException that it raises becomes the action's reason. */
typedef void (*DynTransactCheck) (DynTransactAction *action);

/*
 * Finds the keys.  Refuses, in AWS's order, what is wrong whatever items the tables hold: two actions on one item,
 * tables that do not exist, keys and items that do not fit their table, and what check (NULL: nothing) finds.
 */
extern void dyn_transact_flow_prepare(DynCall *call, DynTransactAction *actions, int count, DynTransactCheck check);
/* Does all, or raises TransactionCanceledException with a reason for each action in call->error_members. */
extern void dyn_transact_flow_write(DynCall *call, DynTransactAction *actions, int count);
/* Raises TransactionCanceledException with the reasons that the actions hold already. */
extern void dyn_transact_flow_cancel(DynCall *call, DynTransactAction *actions, int count) pg_attribute_noreturn();
/* Reads all items as of one moment into stored and size. */
extern void dyn_transact_flow_read(DynCall *call, DynTransactAction *actions, int count);

/*
 * Has the request been done already?  token: the request token (ClientRequestToken), data NULL: none given; content:
 * what two equal requests have in common.  When it has not, the request token is taken as soon as this transaction
 * commits.  Raises IdempotentParameterMismatchException and TransactionInProgressException.
 */
extern bool dyn_transact_flow_is_repeated(DynCall *call, DynStr token, const DynJson *content);
/* After write: stores with the request token (data NULL: there is none) what the request's repetitions cost. */
extern void dyn_transact_flow_keep_sizes(DynCall *call, DynStr token, const DynTransactAction *actions, int count);
/*
 * In place of write when the request is a repetition: sets size to what the first request was charged for; the
 * repetition is charged reads of that size.
 */
extern void dyn_transact_flow_repeat(DynCall *call, DynStr token, DynTransactAction *actions, int count);

#endif
