/*
 * Runs one write.
 *
 * The row is locked before the condition is looked at, so the condition sees the newest version and nobody can change
 * it before we write.  A key that has no row cannot be locked: there the insert decides.  If somebody else inserts the
 * same key first, our insert does nothing, and we start over and find their row.  That ends after a few rounds unless
 * others keep inserting and deleting that very key between our two statements, or a trigger of the table's owner
 * swallows the insert; so there is a limit.
 *
 * Throttling looks at the table before the row is locked, and takes the write's units when the new item is known.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/call.h"
#include "base/error.h"
#include "base/message.h"
#include "flow/throttle.h"
#include "flow/write_flow.h"
#include "item/item_size.h"
#include "json/json.h"
#include "json/json_write.h"
#include "response/collection.h"
#include "response/reply.h"
#include "store/row_read.h"
#include "store/row_write.h"

#define MAX_ROUNDS 100

static void run_blind(DynWrite *write);
static bool pay(DynWrite *write);

bool
dyn_write_flow_run(DynWrite *write)
{
	bool		throttled = dyn_throttle_enforced() && dyn_throttle_limits_writes(write->table);

	write->refusal = throttled && !write->paid ? dyn_throttle_look(write->table) : NIL;
	if (write->refusal != NIL)
		return false;
	/* throttling must know what the write replaces */
	if (write->blind && write->condition == NULL && !throttled)
	{
		run_blind(write);
		return true;
	}

	for (int round = 0; round < MAX_ROUNDS; round++)
	{
		CHECK_FOR_INTERRUPTS();
		write->old = dyn_row_read(write->table, &write->key, DYN_LOCK_UPDATE, NULL);
		if (write->condition != NULL && !dyn_condition_evaluate(write->condition, write->old))
		{
			if (throttled)
				dyn_throttle_book_failed(write->table, write->old);
			return false;
		}
		dyn_write_flow_apply(write, write->old);
		if (throttled && !pay(write))
			return false;
		if (write->new == NULL)
		{
			if (write->old != NULL)
				(void) dyn_row_write_delete(write->table, &write->key);
			return true;
		}
		if (write->old != NULL)
		{
			dyn_row_write_replace(write->table, &write->key, write->new, write->new_size);
			return true;
		}
		if (dyn_row_write_insert(write->table, &write->key, write->new, write->new_size))
			return true;
	}
	dyn_error(DYN_ERR_TRANSACTION_CONFLICT, DYN_MSG_TRANSACTION_ONGOING);
}

static void
run_blind(DynWrite *write)
{
	dyn_write_flow_apply(write, NULL);
	if (write->new == NULL)
	{
		(void) dyn_row_write_delete(write->table, &write->key);
		return;
	}
	dyn_row_write_upsert(write->table, &write->key, write->new, write->new_size);
}

/* False when throttling refuses the write, whose old and new item are known. */
static bool
pay(DynWrite *write)
{
	DynCapacity *capacity;

	if (write->paid)
		return true;
	capacity = dyn_capacity_make(write->table);
	dyn_capacity_add_write(capacity, write->old, write->new);
	write->refusal = dyn_throttle_take_write(capacity);
	write->paid = write->refusal == NIL;
	return write->paid;
}

void
dyn_write_flow_apply(DynWrite *write, const DynItem *old)
{
	write->new = write->apply(write, old);
	if (write->new == NULL)
		write->new_size = 0;
	else
		write->new_size = write->known_size > 0 ? write->known_size : dyn_item_size_checked(write->new);
}

void
dyn_write_flow_run_or_fail(DynCall *call, DynWrite *write)
{
	DynStr		wanted;

	if (dyn_write_flow_run(write))
		return;
	if (write->refusal != NIL)
		dyn_throttle_raise(call, write->refusal);
	wanted = dyn_json_get_string(call->body, "ReturnValuesOnConditionCheckFailure");
	if (write->old != NULL && wanted.data != NULL && dyn_text_equal_cstring(wanted, "ALL_OLD"))
		dyn_reply_error_item(call, write->old);
	dyn_error(DYN_ERR_CONDITIONAL_CHECK_FAILED, DYN_MSG_CONDITION_FAILED);
}

void
dyn_write_flow_reply(DynCall *call, const DynWrite *write, DynReturnValues values, const DynUpdate *update)
{
	dyn_json_write_object_start(call->reply);
	dyn_return_values_write(call->reply, values, update, write->old, write->new);
	if (write->capacity_mode != DYN_CAPACITY_NONE)
	{
		DynCapacity *capacity = dyn_capacity_make(write->table);

		dyn_capacity_name(capacity, call->body);
		dyn_capacity_add_write(capacity, write->old, write->new);
		dyn_capacity_write_member(call->reply, capacity, write->capacity_mode);
	}
	dyn_collection_write_member(call->reply, call->body, write->table, &write->key);
	dyn_json_write_object_end(call->reply);
}
