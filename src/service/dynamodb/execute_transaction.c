/*
 * ExecuteTransaction: up to 100 statements on single items, all or nothing: reads or writes, not both.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "db/nested_call.h"
#include "flow/statement_flow.h"
#include "flow/transact_flow.h"
#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "json/json_write.h"
#include "service/dynamodb/dynamodb.h"

static void read_statements(DynStatement *statements, const DynJson *list, int count);
static void plan_statements(DynCall *call, DynStatement *statements, DynTransactAction *actions, int count);
static void write_responses(StringInfo out, const DynTransactAction *actions, int count);
static void write_capacity(DynCall *call, const DynTransactAction *actions, int count, bool reads);

void
dyn_dynamodb_execute_transaction(DynCall *call)
{
	const DynJson *list = dyn_json_get(call->body, "TransactStatements");
	int			count = dyn_json_count(list);
	DynStatement *statements = palloc0(Max(count, 1) * sizeof(DynStatement));
	DynTransactAction *actions = palloc0(Max(count, 1) * sizeof(DynTransactAction));
	DynStr		token = dyn_json_get_string(call->body, "ClientRequestToken");
	bool		reads;
	bool		repeated = false;

	read_statements(statements, list, count);
	reads = !dyn_statement_flow_writes(&statements[0]);
	if (!reads)
		repeated = dyn_transact_flow_is_repeated(call, token, list);
	plan_statements(call, statements, actions, count);
	dyn_transact_flow_prepare(call, actions, count, NULL);
	if (reads)
		dyn_transact_flow_read(call, actions, count);
	else if (repeated)
		dyn_transact_flow_repeat(call, token, actions, count);
	else
	{
		dyn_transact_flow_write(call, actions, count);
		dyn_transact_flow_keep_sizes(call, token, actions, count);
	}

	dyn_json_write_object_start(call->reply);
	write_capacity(call, actions, count, reads || repeated);
	write_responses(call->reply, actions, reads ? count : 0);
	dyn_json_write_object_end(call->reply);
}

/* Until dyn_error_unwrap, errors say which statement they are about. */
static void
name_statement(int position)
{
	dyn_error_wrap(psprintf(DYN_MSG_TRANSACTION_STATEMENT_FAULT, position, ""), "");
}

static void
check_supported(const DynPartiqlStatement *parsed)
{
	if (parsed->verb != DYN_PARTIQL_OTHER)
		return;
	/* an expression might have been the condition of an EXISTS */
	dyn_error(DYN_ERR_VALIDATION, "%s",
			  strcmp(parsed->fault, DYN_MSG_EXISTS_NOT_HERE) == 0 ? DYN_MSG_TRANSACTION_UNSUPPORTED : parsed->fault);
}

static void
read_statements(DynStatement *statements, const DynJson *list, int count)
{
	int			i = 0;
	int			writes = 0;

	for (const DynJson *json = dyn_json_first(list); json != NULL; json = dyn_json_next(json), i++)
	{
		statements[i].json = json;
		dyn_statement_flow_read_parameters(&statements[i]);
	}
	for (i = 0; i < count; i++)
	{
		name_statement(i);
		dyn_statement_flow_parse(&statements[i]);
		check_supported(statements[i].parsed);
		dyn_error_unwrap();
		writes += dyn_statement_flow_writes(&statements[i]);
		if (writes > 0 && writes <= i)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACTION_READ_AND_WRITE);
	}
}

/* What is wrong whatever the table is, is no reason of a cancellation. */
static void
translate(DynStatement *statement, int position)
{
	name_statement(position);
	dyn_statement_flow_translate(statement);
	dyn_error_unwrap();
}

/* Raises the errors of reads that a transaction cannot do: they are no reasons of a cancellation. */
static void
check_read(DynStatement *statement, int position)
{
	bool		exists = statement->parsed->verb == DYN_PARTIQL_EXISTS;
	DynPartiqlPlan *plan;
	const char *fault = NULL;

	if (!exists && statement->parsed->verb != DYN_PARTIQL_SELECT)
		return;
	if (statement->index != NULL)
		fault = exists ? DYN_MSG_TRANSACTION_INDEX_WRITE :
			DYN_MSG_TRANSACTION_INDEX_READ;
	else
	{
		name_statement(position);
		plan = dyn_partiql_plan_select(statement->parsed, statement->translation, statement->table, NULL);
		dyn_error_unwrap();
		if (exists && (!plan->has_key || plan->only_key))
			fault = DYN_MSG_TRANSACTION_EXISTS;
		else if (!exists && !(plan->has_key && plan->only_key))
			fault = DYN_MSG_TRANSACTION_SELECT_NEEDS_KEY;
	}
	if (fault != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACTION_STATEMENT_FAULT, position, fault);
}

/* One statement, as far as it can be told without its item. */
typedef struct Preparation
{
	DynCall    *call;
	DynStatement *statement;
	bool		opened;
} Preparation;

static void
prepare(void *arg)
{
	Preparation *preparation = arg;

	dyn_statement_flow_open(preparation->call, preparation->statement);
	preparation->opened = true;
	dyn_statement_flow_plan(preparation->statement);
}

/* Reasons for cancellation are a table that is not there, and what does not fit its table.  Anything else is raised. */
static const char *
reason_code(const Preparation *preparation, ErrorData *error)
{
	if (!preparation->opened && error->sqlerrcode == dyn_error_info(DYN_ERR_RESOURCE_NOT_FOUND)->sqlstate)
		return "ResourceNotFound";
	if (!preparation->opened || error->sqlerrcode != dyn_error_info(DYN_ERR_VALIDATION)->sqlstate)
		ReThrowError(error);
	return "ValidationError";
}

static void
fill_action(DynStatement *statement, DynTransactAction *action)
{
	const DynPartiqlPlan *made = statement->plan;
	DynItem    *key = dyn_item_make(2);

	action->write = statement->write;
	action->write.table = statement->table;
	if (statement->parsed->verb == DYN_PARTIQL_INSERT)
	{
		action->is_item = true;
		action->key_source = made->item;
		action->failure_code = "DuplicateItem";
		action->failure_message = DYN_MSG_DUPLICATE_PRIMARY_KEY;
	}
	else
	{
		dyn_key_to_item(&statement->table->keys, &made->key, key);
		(void) dyn_item_sort(key);
		action->key_source = key;
	}
	if (statement->parsed->verb == DYN_PARTIQL_EXISTS)
		action->failure_message = DYN_MSG_STATEMENT_CONDITION_FAILED;
	action->also_failed = made->rest;
	action->returns_old = statement->parsed->verb != DYN_PARTIQL_INSERT && dyn_statement_flow_wants_failed(statement);
	action->arg = statement;
}

static void
check_returning(const DynStatement *statement, int position)
{
	name_statement(position);
	dyn_statement_flow_check_returning(statement);
	dyn_error_unwrap();
	if (statement->parsed->returning != DYN_PARTIQL_RETURNING_NONE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TRANSACTION_RETURNING, position);
}

static void
plan_statements(DynCall *call, DynStatement *statements, DynTransactAction *actions, int count)
{
	bool		refused = false;

	for (int i = 0; i < count; i++)
	{
		const DynPartiqlStatement *parsed = statements[i].parsed;
		Preparation preparation = {call, &statements[i], false};
		ErrorData  *error;

		/* whatever else is wrong with it, and although it can be told without the table */
		if (parsed->verb == DYN_PARTIQL_DELETE && parsed->where == NULL)
		{
			actions[i].code = "ValidationError";
			actions[i].message = DYN_MSG_PARTIQL_KEY_NOT_GIVEN;
			refused = true;
			continue;
		}
		translate(&statements[i], i);
		error = dyn_nested_call_run(prepare, &preparation);
		if (error == NULL)
		{
			check_read(&statements[i], i);
			check_returning(&statements[i], i);
			fill_action(&statements[i], &actions[i]);
			continue;
		}
		actions[i].code = reason_code(&preparation, error);
		if (preparation.opened && parsed->verb == DYN_PARTIQL_EXISTS)
			check_read(&statements[i], i);
		(void) dyn_error_from_data(error, &actions[i].message);
		refused = true;
	}
	if (refused)
		dyn_transact_flow_cancel(call, actions, count);
}

static void
write_responses(StringInfo out, const DynTransactAction *actions, int count)
{
	int64		size = 0;

	dyn_json_write_member(out, "Responses");
	dyn_json_write_array_start(out);
	for (int i = 0; i < count; i++)
	{
		const DynStatement *statement = actions[i].arg;
		const DynPartiqlColumns *columns = &statement->plan->columns;

		size += actions[i].size;
		if (size > DYN_MAX_TRANSACT_SIZE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_REPLY_TOO_LARGE);
		dyn_json_write_object_start(out);
		if (actions[i].stored != NULL)
		{
			dyn_json_write_member(out, "Item");
			if (columns->count == 0)
				dyn_item_jsonb_write_json(out, actions[i].stored);
			else
				dyn_item_json_write(out, dyn_partiql_plan_project(columns, dyn_item_jsonb_read(actions[i].stored)));
		}
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
}

static void
write_capacity(DynCall *call, const DynTransactAction *actions, int count, bool reads)
{
	DynCapacityMode mode = dyn_capacity_mode(call->body);
	DynCapacitySum *sum = dyn_capacity_sum_make(!reads);

	if (mode == DYN_CAPACITY_NONE)
		return;
	for (int i = 0; i < count; i++)
	{
		DynCapacity *capacity = dyn_capacity_sum_table(sum, actions[i].write.table);

		if (reads)
			dyn_capacity_add_read(capacity, NULL, actions[i].size, true);
		else
			dyn_capacity_add_write(capacity, actions[i].write.old, actions[i].write.new);
	}
	dyn_capacity_sum_write_member(call->reply, sum, mode);
}
