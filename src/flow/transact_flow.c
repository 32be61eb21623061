/*
 * Many items, all or nothing.
 *
 * How transactions are kept apart
 * -------------------------------
 * A call is one PostgreSQL transaction at READ COMMITTED.  Every item is locked before its condition is looked at, and
 * stays locked until the transaction ends: strict two-phase locking.  So transactions and single writes are
 * serializable in the order of their commits.  A commit is visible before its locks are released, so that order is
 * also the order in real time.  The second of two calls does not fail but waits.  Calls lock one item at a time, in
 * the order of tables and keys (batches do the same), so they never wait for each other in a circle.  SQL
 * users take locks in any order they like; a deadlock with one of them is found by PostgreSQL and answered as
 * TransactionConflict, like a wait that is longer than dynamo.lock_timeout.
 *
 * A key without a row
 * -------------------
 * FOR UPDATE finds nothing to lock there, which matters:
 *
 *     T1: ConditionCheck attribute_not_exists(A), Put B        T2: ConditionCheck attribute_not_exists(B), Put A
 *
 * Each condition holds in the state before the other's commit.  If both commit, then in either order the condition of
 * the second one was false ("write skew").  PostgreSQL's SERIALIZABLE would detect this.  But its bookkeeping burdens
 * every read and write of the database, single ones included, and it makes calls fail where waiting would do.  So a
 * key found missing is locked by its name (store/key_lock.c), and then read again, since a row may have come in
 * between.  Now it stays missing: every insert of a row (PutItem, a batch, SQL) takes the same lock before its
 * statement, in a mode that conflicts only with ours, and holds it until its own commit.  Inserters do not disturb
 * each other; the primary key decides among them.
 *
 * The insert of a plain PutItem must take that lock as well, though one insert alone can skew nothing.  Let T1 check
 * that A is missing; a client puts A, has its answer, reads B, and finds it missing; then T1 commits.  T1 must come
 * after the put, because after the put the client still missed T1's effect; yet T1 has not seen A.
 *
 * Cost: an insert takes one more lock in the shared lock table and releases it with the others, 0.7 us in all; nothing
 * is written, and the update of an item that exists does not pay (an upsert, which cannot know, does).  The
 * alternative, a placeholder row that is inserted and deleted again, would write WAL for keys that never exist, leave
 * dead rows, fire triggers, and need privileges that a mere check should not.
 *
 * The order of things
 * -------------------
 * Lock everything, then judge every condition and make every new item, so that the reasons are complete; then write.  A
 * transaction that is cancelled has written nothing but row locks.
 *
 * Reads lock nothing.  One snapshot serves all of them, taken after the tables are open, and a snapshot sees all of a
 * transaction or nothing of it.
 *
 * Errors as reasons
 * -----------------
 * What an update finds wrong with its item is an error out of the depth.  AWS tells of every part what it found, so the
 * new items are made in a subtransaction, which costs little as it writes nothing; where it fails, each is tried by
 * itself.
 *
 * Other failures, such as a lock that cannot be had, end the call, so no subtransaction is spent to catch them; an
 * error context callback turns the error in flight into TransactionCanceledException, while it still knows at which
 * item we are.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/snapmgr.h"

#include "base/sha256.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/request_token.h"
#include "db/nested_call.h"
#include "flow/item_change.h"
#include "flow/throttle.h"
#include "flow/transact_flow.h"
#include "flow/transact_throttle.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_canonical.h"
#include "json/json_write.h"
#include "store/key_columns.h"
#include "store/key_lock.h"
#include "store/row_read.h"
#include "store/row_write.h"

/* Which item is being worked on, for the error context callback. */
typedef struct Progress
{
	ErrorContextCallback callback;
	DynCall    *call;
	DynTransactAction *actions;
	int			count;
	int			at;				/* the action being worked on; -1: the request token */
} Progress;

static void begin(Progress *progress, DynCall *call, DynTransactAction *actions, int count);
static void end(Progress *progress);
static void check_duplicates(DynTransactAction *actions, int count);
static void check_tables(const DynTransactAction *actions, int count);
static DynTransactAction **order_by_key(DynTransactAction *actions, int count);
static int	compare_keys(const void *a, const void *b);
static void lock_item(DynTransactAction *action);
static void write_item(DynTransactAction *action);
static bool judge(DynTransactAction *actions, int count);
static void apply_all(DynCall *call, DynTransactAction *actions, int count);
static void find_faults(DynTransactAction *actions, int count);
static const char *describe_reasons(DynCall *call, const DynTransactAction *actions, int count);
static void error_in_flight(void *arg);

void
dyn_transact_flow_prepare(DynCall *call, DynTransactAction *actions, int count, DynTransactCheck check)
{
	Progress	progress;

	check_duplicates(actions, count);
	check_tables(actions, count);
	for (int i = 0; i < count; i++)
		if (!actions[i].is_read)
			dyn_key_columns_check_empty(actions[i].write.table, actions[i].key_source);
	begin(&progress, call, actions, count);
	for (int i = 0; i < count; i++)
	{
		DynTransactAction *action = &actions[i];

		progress.at = i;
		if (action->is_item)
			dyn_key_columns_check_item(action->write.table, action->key_source, &action->write.key);
		else
			dyn_key_columns_check_key(action->write.table, action->key_source, &action->write.key);
		if (check != NULL)
			check(action);
	}
	end(&progress);
}

void
dyn_transact_flow_write(DynCall *call, DynTransactAction *actions, int count)
{
	DynTransactAction **ordered = order_by_key(actions, count);
	bool		throttled = dyn_throttle_enforced();
	Progress	progress;

	if (throttled && !dyn_transact_throttle_look(actions, count))
		dyn_transact_flow_cancel(call, actions, count);
	begin(&progress, call, actions, count);
	for (int i = 0; i < count; i++)
	{
		progress.at = ordered[i] - actions;
		lock_item(ordered[i]);
	}
	if (!judge(actions, count))
	{
		if (throttled)
			dyn_transact_throttle_book_failed(actions, count);
		end(&progress);
		find_faults(actions, count);
		dyn_transact_flow_cancel(call, actions, count);
	}
	end(&progress);
	apply_all(call, actions, count);
	begin(&progress, call, actions, count);
	if (throttled && !dyn_transact_throttle_take_write(actions, count))
	{
		end(&progress);
		dyn_transact_flow_cancel(call, actions, count);
	}
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		progress.at = ordered[i] - actions;
		write_item(ordered[i]);
	}
	end(&progress);
}

void
dyn_transact_flow_cancel(DynCall *call, DynTransactAction *actions, int count)
{
	dyn_error(DYN_ERR_TRANSACTION_CANCELED, "%s", describe_reasons(call, actions, count));
}

void
dyn_transact_flow_read(DynCall *call, DynTransactAction *actions, int count)
{
	bool		throttled = dyn_throttle_enforced();
	DynCapacitySum *least = NULL;

	if (throttled && !dyn_transact_throttle_begin_read(actions, count, &least))
		dyn_transact_flow_cancel(call, actions, count);
	/*
	 * not the snapshot of the call's beginning: a SQL caller must see its own changes, and every caller the newest state
	 */
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		actions[i].stored = dyn_row_read_jsonb(actions[i].write.table, &actions[i].write.key, DYN_NO_LOCK_TOGETHER,
											   &actions[i].size);
	}
	PopActiveSnapshot();
	if (throttled)
		dyn_transact_throttle_end_read(actions, count, least);
}

bool
dyn_transact_flow_is_repeated(DynCall *call, DynStr token, const DynJson *content)
{
	StringInfoData text;
	uint8		digest[DYN_SHA256_SIZE];
	Progress	progress;
	DynRequestTokenState state;

	if (token.data == NULL)
		return false;
	initStringInfo(&text);
	dyn_json_write_cstring(&text, call->operation_name);
	dyn_json_canonical_append_without(&text, content, "ReturnValuesOnConditionCheckFailure", "NONE");
	dyn_sha256_digest((DynStr) {text.data, text.len}, digest);
	pfree(text.data);

	begin(&progress, call, NULL, 0);
	state = dyn_request_token_claim(call->role, token, digest);
	end(&progress);
	if (state == DYN_REQUEST_TOKEN_MISMATCH)
		dyn_error(DYN_ERR_IDEMPOTENT_PARAMETER_MISMATCH, DYN_MSG_TOKEN_OTHER_REQUEST);
	return state == DYN_REQUEST_TOKEN_REPEATED;
}

void
dyn_transact_flow_keep_sizes(DynCall *call, DynStr token, const DynTransactAction *actions, int count)
{
	int		   *sizes = palloc(Max(count, 1) * sizeof(int));
	bool		matters = false;

	if (token.data == NULL)
		return;
	for (int i = 0; i < count; i++)
	{
		sizes[i] = Max(actions[i].size, actions[i].write.new_size);
		/* smaller items cost as much as none */
		matters |= sizes[i] > DYN_READ_UNIT;
	}
	if (matters)
		dyn_request_token_keep_sizes(call->role, token, sizes, count);
}

void
dyn_transact_flow_repeat(DynCall *call, DynStr token, DynTransactAction *actions, int count)
{
	int		   *sizes = palloc(Max(count, 1) * sizeof(int));
	bool		throttled = dyn_throttle_enforced();
	DynCapacitySum *least = NULL;

	if (throttled && !dyn_transact_throttle_begin_read(actions, count, &least))
		dyn_transact_flow_cancel(call, actions, count);
	dyn_request_token_read_sizes(call->role, token, sizes, count);
	for (int i = 0; i < count; i++)
		actions[i].size = sizes[i];
	if (throttled)
		dyn_transact_throttle_end_read(actions, count, least);
}

static void
begin(Progress *progress, DynCall *call, DynTransactAction *actions, int count)
{
	progress->call = call;
	progress->actions = actions;
	progress->count = count;
	progress->at = -1;
	progress->callback.callback = error_in_flight;
	progress->callback.arg = progress;
	progress->callback.previous = error_context_stack;
	error_context_stack = &progress->callback;
}

/* After an error no end is needed: the code that catches it restores its own stack. */
static void
end(Progress *progress)
{
	error_context_stack = progress->callback.previous;
}

/* Incomplete keys and keys of another type are refused later. */
static void
check_duplicates(DynTransactAction *actions, int count)
{
	DynTransactAction **known = palloc(count * sizeof(DynTransactAction *));
	int			known_count = 0;

	for (int i = 0; i < count; i++)
		if (actions[i].write.table != NULL &&
			dyn_key_from_item(&actions[i].write.table->keys, actions[i].key_source, &actions[i].write.key))
			known[known_count++] = &actions[i];
	qsort(known, known_count, sizeof(DynTransactAction *), compare_keys);
	for (int i = 1; i < known_count; i++)
		if (compare_keys(&known[i - 1], &known[i]) == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACTION_ITEM_TWICE);
}

static void
check_tables(const DynTransactAction *actions, int count)
{
	for (int i = 0; i < count; i++)
	{
		const DynTable *table = actions[i].write.table;

		if (table == NULL || table->status == DYN_TABLE_CREATING || table->status == DYN_TABLE_DELETING)
			dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_RESOURCE_NOT_FOUND);
	}
}

static DynTransactAction **
order_by_key(DynTransactAction *actions, int count)
{
	DynTransactAction **ordered = palloc(count * sizeof(DynTransactAction *));

	for (int i = 0; i < count; i++)
		ordered[i] = &actions[i];
	qsort(ordered, count, sizeof(DynTransactAction *), compare_keys);
	return ordered;
}

static int
compare_keys(const void *a, const void *b)
{
	const DynWrite *left = &(*(DynTransactAction *const *) a)->write;
	const DynWrite *right = &(*(DynTransactAction *const *) b)->write;

	if (left->table->relid != right->table->relid)
		return left->table->relid < right->table->relid ? -1 : 1;
	return dyn_key_compare(&left->key, &right->key);
}

/* Locks the newest version of the item, or its absence, until the transaction ends. */
static void
lock_item(DynTransactAction *action)
{
	DynWrite   *write = &action->write;
	bool		inserts = write->apply != NULL && write->apply != dyn_item_change_delete;

	CHECK_FOR_INTERRUPTS();
	write->old = dyn_row_read(write->table, &write->key, DYN_LOCK_UPDATE, &action->size);
	if (write->old != NULL)
		return;
	dyn_key_lock_take(write->table, &write->key, inserts ? DYN_KEY_LOCK_CLAIM : DYN_KEY_LOCK_ABSENT);
	write->old = dyn_row_read(write->table, &write->key, DYN_LOCK_UPDATE, &action->size);
}

static void
write_item(DynTransactAction *action)
{
	DynWrite   *write = &action->write;

	if (write->apply == NULL)
		return;
	if (write->new == NULL)
	{
		if (write->old != NULL)
			(void) dyn_row_write_delete(write->table, &write->key);
	}
	else if (write->old != NULL)
		dyn_row_write_replace(write->table, &write->key, write->new, write->new_size);
	else if (!dyn_row_write_insert(write->table, &write->key, write->new, write->new_size))
		/* by a mass insert or a replica's apply process, which do not look at our claim */
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("an item was inserted while a transaction was about to do so")));
}

/* False when a condition fails; all are judged. */
static bool
judge(DynTransactAction *actions, int count)
{
	bool		good = true;

	for (int i = 0; i < count; i++)
	{
		DynWrite   *write = &actions[i].write;

		if (write->condition == NULL || dyn_condition_evaluate(write->condition, write->old))
			continue;
		actions[i].code = actions[i].failure_code ? actions[i].failure_code : "ConditionalCheckFailed";
		actions[i].message = actions[i].failure_message ? actions[i].failure_message : DYN_MSG_CONDITION_FAILED;
		good = false;
	}
	for (int i = 0; i < count && !good; i++)
	{
		const DynItem *old = actions[i].write.old;

		/* of an item that is not there any condition has failed, also one that says <> */
		if (actions[i].code != NULL || actions[i].also_failed == NULL ||
			(old != NULL && dyn_condition_evaluate(actions[i].also_failed, old)))
			continue;
		actions[i].code = "ConditionalCheckFailed";
		actions[i].message = actions[i].failure_message ? actions[i].failure_message : DYN_MSG_CONDITION_FAILED;
	}
	return good;
}

typedef struct Application
{
	DynTransactAction *actions;
	int			count;
} Application;

static void
apply(void *arg)
{
	Application *application = arg;

	for (int i = 0; i < application->count; i++)
	{
		DynWrite   *write = &application->actions[i].write;

		if (write->apply != NULL)
			dyn_write_flow_apply(write, write->old);
		else
			write->new = write->old;
	}
}

/* Makes the new items, or cancels with all that is wrong with them. */
static void
apply_all(DynCall *call, DynTransactAction *actions, int count)
{
	Application application = {actions, count};
	ErrorData  *error;
	int			updates = 0;

	/* what is put was checked before, and deleting cannot fail */
	for (int i = 0; i < count; i++)
		updates += actions[i].write.apply != NULL && actions[i].write.apply != dyn_item_change_put &&
			actions[i].write.apply != dyn_item_change_delete;
	if (updates == 0)
	{
		apply(&application);
		return;
	}
	error = dyn_nested_call_run(apply, &application);
	if (error == NULL)
		return;
	if (error->sqlerrcode != dyn_error_info(DYN_ERR_VALIDATION)->sqlstate)
		ReThrowError(error);
	find_faults(actions, count);
	dyn_transact_flow_cancel(call, actions, count);
}

/*
 * Of what is cancelled, AWS tells of every part what it finds: also of one whose condition holds what it cannot write.
 */
static void
find_faults(DynTransactAction *actions, int count)
{
	for (int i = 0; i < count; i++)
	{
		Application one = {&actions[i], 1};
		ErrorData  *error;

		if (actions[i].code != NULL || actions[i].write.apply == NULL)
			continue;
		CHECK_FOR_INTERRUPTS();
		error = dyn_nested_call_run(apply, &one);
		if (error == NULL)
			continue;
		if (error->sqlerrcode != dyn_error_info(DYN_ERR_VALIDATION)->sqlstate)
			ReThrowError(error);
		(void) dyn_error_from_data(error, &actions[i].message);
		actions[i].code = "ValidationError";
		actions[i].returns_old = false;
	}
}

/* Fills call->error_members; returns the error's message. */
static const char *
describe_reasons(DynCall *call, const DynTransactAction *actions, int count)
{
	MemoryContext old_context = MemoryContextSwitchTo(call->context);
	StringInfo	members = makeStringInfo();
	StringInfoData message;

	initStringInfo(&message);
	appendStringInfoString(&message, DYN_MSG_TRANSACTION_CANCELED);
	appendStringInfoString(members, "\"CancellationReasons\":");
	dyn_json_write_array_start(members);
	for (int i = 0; i < count; i++)
	{
		const DynTransactAction *action = &actions[i];
		const char *code = action->code != NULL ? action->code : "None";

		appendStringInfo(&message, "%s%s", i > 0 ? ", " : "", code);
		dyn_json_write_object_start(members);
		dyn_json_write_string_member(members, "Code", code);
		if (action->message != NULL)
			dyn_json_write_string_member(members, "Message", action->message);
		if (action->code != NULL && action->returns_old && action->write.old != NULL)
		{
			dyn_json_write_member(members, "Item");
			dyn_item_json_write(members, action->write.old);
		}
		dyn_json_write_object_end(members);
	}
	dyn_json_write_array_end(members);
	appendStringInfoChar(&message, ']');
	call->error_members = members;
	MemoryContextSwitchTo(old_context);
	return message.data;
}

/*
 * Turns an error into the transaction's cancellation.  SQL callers keep PostgreSQL's own errors for locks and
 * deadlocks, which their retry loops know.
 */
static void
error_in_flight(void *arg)
{
	Progress   *progress = arg;
	int			state = geterrcode();
	bool		invalid = state == dyn_error_info(DYN_ERR_VALIDATION)->sqlstate;
	bool		conflict =
		!progress->call->from_sql && (state == ERRCODE_LOCK_NOT_AVAILABLE || state == ERRCODE_T_R_DEADLOCK_DETECTED ||
									  state == ERRCODE_T_R_SERIALIZATION_FAILURE);
	MemoryContext old_context;
	ErrorData  *error;
	const DynErrorInfo *info;
	const char *message;

	if (!invalid && !conflict)
		return;
	old_context = MemoryContextSwitchTo(progress->call->context);
	error = CopyErrorData();
	if (error->elevel == ERROR && progress->at >= 0)
	{
		DynTransactAction *action = &progress->actions[progress->at];

		(void) dyn_error_from_data(error, &message);
		action->code = invalid ? "ValidationError" : "TransactionConflict";
		action->message = message;
		action->returns_old = false;
		info = dyn_error_info(DYN_ERR_TRANSACTION_CANCELED);
		message = describe_reasons(progress->call, progress->actions, progress->count);
		errcode(info->sqlstate);
		errmsg_internal("%s: %s", info->name, message);
	}
	else if (error->elevel == ERROR && conflict)
	{
		info = dyn_error_info(DYN_ERR_TRANSACTION_IN_PROGRESS);
		errcode(info->sqlstate);
		errmsg_internal("%s: %s", info->name, "The transaction with the given request token is already in progress.");
	}
	MemoryContextSwitchTo(old_context);
}
