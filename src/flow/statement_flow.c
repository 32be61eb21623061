/*
 * Runs a statement: INSERT, UPDATE and DELETE are writes of one item, SELECT is reads of ranges, one after the other.
 */
#include "postgres.h"

#include "access/xlog.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/message.h"
#include "expr/update_apply.h"
#include "flow/next_token.h"
#include "flow/read_flow.h"
#include "flow/statement_flow.h"
#include "flow/throttle.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "response/reply.h"
#include "store/row_read.h"

static void execute_select(DynCall *call, DynStatement *statement);

void
dyn_statement_flow_read_parameters(DynStatement *statement)
{
	const DynJson *parameters = dyn_json_get(statement->json, "Parameters");

	if (parameters == NULL)
		return;
	statement->parameters.values = palloc(Max(dyn_json_count(parameters), 1) * sizeof(DynValue));
	for (const DynJson *value = dyn_json_first(parameters); value != NULL; value = dyn_json_next(value))
		statement->parameters.values[statement->parameters.count++] = dyn_item_json_read_value(value);
}

void
dyn_statement_flow_parse(DynStatement *statement)
{
	statement->parsed = dyn_partiql_parse(dyn_json_get_string(statement->json, "Statement"));
}

void
dyn_statement_flow_translate(DynStatement *statement)
{
	statement->translation = dyn_partiql_translate(statement->parsed, &statement->parameters);
	/* parameters beyond those that the statement needs are ignored */
	if (statement->parsed->parameter_count > statement->parameters.count)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARAMETER_COUNT);
}

bool
dyn_statement_flow_writes(const DynStatement *statement)
{
	return statement->parsed->verb != DYN_PARTIQL_SELECT;
}

static void
open_index(DynStatement *statement, DynStr name)
{
	const DynIndex *index = NULL;

	if (name.data == NULL)
		return;
	/* a C string would end at the NUL, and might then be another index's name */
	if (memchr(name.data, '\0', name.len) == NULL)
		index = dyn_table_index(statement->table, dyn_text_to_cstring(name));
	if (index == NULL || index->status == DYN_TABLE_DELETING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_INDEX_NOT_FOUND);
	statement->index = dyn_read_flow_index(statement->table, dyn_text_to_cstring(name));
}

void
dyn_statement_flow_open(DynCall *call, DynStatement *statement)
{
	static const struct
	{
		const char *action;		/* as IAM calls it */
		DynAccess	access;
	}			verbs[] = {
		[DYN_PARTIQL_SELECT] = {"PartiQLSelect", DYN_ACCESS_READ},
		[DYN_PARTIQL_INSERT] = {"PartiQLInsert", DYN_ACCESS_PUT},
		[DYN_PARTIQL_UPDATE] = {"PartiQLUpdate", DYN_ACCESS_UPDATE},
		[DYN_PARTIQL_DELETE] = {"PartiQLDelete", DYN_ACCESS_DELETE},
		[DYN_PARTIQL_EXISTS] = {"ConditionCheckItem", DYN_ACCESS_READ},
	};
	DynPartiqlVerb verb = statement->parsed->verb;
	DynCall		asked = *call;

	if (verb != DYN_PARTIQL_SELECT && RecoveryInProgress())
		dyn_error(DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE);
	statement->table = dyn_table_cache_get(dyn_table_params_resolve(statement->translation->table),
										  verb == DYN_PARTIQL_SELECT ? AccessShareLock : RowExclusiveLock);
	asked.operation_name = verbs[verb].action;
	dyn_access_check(&asked, statement->table, verbs[verb].access);
	statement->capacity = dyn_capacity_make(statement->table);
	open_index(statement, statement->translation->index);
}

void
dyn_statement_flow_plan(DynStatement *statement)
{
	DynWrite   *write = &statement->write;

	if (statement->parsed->verb == DYN_PARTIQL_SELECT)
	{
		statement->plan =
			dyn_partiql_plan_select(statement->parsed, statement->translation, statement->table, statement->index);
		return;
	}
	statement->plan = dyn_partiql_plan_write(statement->parsed, statement->translation, statement->table);
	write->table = statement->table;
	write->key = statement->plan->key;
	write->condition = statement->plan->condition;
	switch (statement->parsed->verb)
	{
		case DYN_PARTIQL_INSERT:
			write->known_size = dyn_item_size_checked(statement->plan->item);
			write->apply = dyn_item_change_put;
			write->arg = statement->plan->item;
			break;
		case DYN_PARTIQL_UPDATE:
			statement->update.update = statement->plan->update;
			write->apply = dyn_item_change_update;
			write->arg = &statement->update;
			break;
		case DYN_PARTIQL_DELETE:
			write->apply = dyn_item_change_delete;
			break;
		default:				/* a check changes nothing */
			break;
	}
}

void
dyn_statement_flow_check_returning(const DynStatement *statement)
{
	if (statement->parsed->returning_fault != NULL)
		dyn_error(DYN_ERR_VALIDATION, "%s", statement->parsed->returning_fault);
}

bool
dyn_statement_flow_wants_failed(const DynStatement *statement)
{
	DynStr		wanted = dyn_json_get_string(statement->json, "ReturnValuesOnConditionCheckFailure");

	return wanted.data != NULL && dyn_text_equal_cstring(wanted, "ALL_OLD");
}

static DynItem *
returned_item(const DynStatement *statement)
{
	const DynWrite *write = &statement->write;

	switch (statement->parsed->returning)
	{
		case DYN_PARTIQL_RETURNING_NONE:
			break;
		case DYN_PARTIQL_ALL_OLD:
			return write->old;
		case DYN_PARTIQL_ALL_NEW:
			return write->new;
		case DYN_PARTIQL_MODIFIED_OLD:
			return dyn_update_apply_touched(statement->plan->update, write->old);
		case DYN_PARTIQL_MODIFIED_NEW:
			return dyn_update_apply_touched(statement->plan->update, write->new);
	}
	return NULL;
}

void
dyn_statement_flow_write(DynStatement *statement)
{
	if (dyn_write_flow_run(&statement->write))
	{
		dyn_capacity_add_write(statement->capacity, statement->write.old, statement->write.new);
		statement->item = returned_item(statement);
		return;
	}
	if (statement->write.refusal != NIL)
		dyn_throttle_raise(statement->call, statement->write.refusal);
	if (statement->parsed->verb == DYN_PARTIQL_INSERT)
		dyn_error(DYN_ERR_DUPLICATE_ITEM, DYN_MSG_DUPLICATE_PRIMARY_KEY);
	if (dyn_statement_flow_wants_failed(statement))
		statement->failed_item = statement->write.old;
	dyn_error(DYN_ERR_CONDITIONAL_CHECK_FAILED, DYN_MSG_CONDITION_FAILED);
}

void
dyn_statement_flow_get(DynStatement *statement)
{
	const DynPartiqlPlan *plan = statement->plan;
	bool		consistent = dyn_json_get_boolean(statement->json, "ConsistentRead", false);
	double		least = dyn_item_size_read_units(0, consistent);
	bool		throttled = dyn_throttle_enforced();
	List	   *reasons = throttled ? dyn_throttle_begin_read(statement->table, NULL, least) : NIL;
	int			size = 0;
	DynItem    *item;

	if (reasons != NIL)
		dyn_throttle_raise(statement->call, reasons);
	item = dyn_row_read(statement->table, &plan->key, DYN_NO_LOCK, &size);
	dyn_capacity_add_read(statement->capacity, NULL, size, consistent);
	if (throttled)
		dyn_throttle_end_reads(statement->capacity, NULL, least);
	if (item != NULL)
		statement->item = plan->columns.count > 0 ? dyn_partiql_plan_project(&plan->columns, item) : item;
}

/* ---- ExecuteStatement ---- */

static void
write_capacity(DynCall *call, const DynStatement *statement)
{
	dyn_capacity_write_member(call->reply, statement->capacity, dyn_capacity_mode(call->body));
}

/* Raises the error of a failed condition itself, since its reply carries the item. */
static void
execute_write(DynCall *call, DynStatement *statement)
{
	if (statement->parsed->verb == DYN_PARTIQL_INSERT || !dyn_statement_flow_wants_failed(statement))
		dyn_statement_flow_write(statement);
	else
	{
		dyn_write_flow_run_or_fail(call, &statement->write);
		dyn_capacity_add_write(statement->capacity, statement->write.old, statement->write.new);
		statement->item = returned_item(statement);
	}
	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "Items");
	dyn_json_write_array_start(call->reply);
	if (statement->item != NULL)
		dyn_item_json_write(call->reply, statement->item);
	dyn_json_write_array_end(call->reply);
	write_capacity(call, statement);
	dyn_json_write_object_end(call->reply);
}

void
dyn_statement_flow_execute(DynCall *call)
{
	DynStatement statement = {.call = call, .json = call->body};

	dyn_statement_flow_read_parameters(&statement);
	dyn_statement_flow_parse(&statement);
	if (statement.parsed->verb == DYN_PARTIQL_EXISTS && statement.parsed->fault == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_EXISTS_NOT_HERE);
	dyn_statement_flow_translate(&statement);
	dyn_statement_flow_open(call, &statement);
	dyn_statement_flow_plan(&statement);
	dyn_statement_flow_check_returning(&statement);
	if (dyn_statement_flow_writes(&statement))
		execute_write(call, &statement);
	else
		execute_select(call, &statement);
}

static DynItem *
project(const DynRead *read, const DynItem *item)
{
	return dyn_partiql_plan_project(read->project_arg, item);
}

static bool
is_point(const DynPartiqlPlan *plan, int range)
{
	return plan->range_count > 0 && plan->index == NULL &&
		plan->ranges[range].equal_count == plan->table->keys.range_count;
}

/*
 * Where the next page begins, when the page has ended within the range of position; false when there is no next page.
 */
static bool
next_position(const DynPartiqlPlan *plan, const DynReadResult *result, DynStatementPosition *position)
{
	if (result->last == NULL)
		return false;
	if (is_point(plan, position->range))
	{
		position->key = NULL;
		return ++position->range < plan->range_count;
	}
	position->key = dyn_reply_last_key_item(plan->table, plan->index, dyn_item_jsonb_read(result->last));
	return true;
}

static void
execute_select(DynCall *call, DynStatement *statement)
{
	const DynPartiqlPlan *plan = statement->plan;
	DynReadResult result = {0};
	DynStatementPosition position = {0};
	DynRead		read = {.table = plan->table, .index = plan->index, .backward = plan->backward, .filter = plan->condition};

	read.consistent = dyn_json_get_boolean(call->body, "ConsistentRead", false);
	if (read.consistent && read.index != NULL && read.index->global)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_CONSISTENT_READ);
	read.page.limit = dyn_json_get_int32(call->body, "Limit", 0);
	read.select = plan->index != NULL ? DYN_SELECT_PROJECTED : DYN_SELECT_ALL;
	if (plan->columns.count > 0)
	{
		read.select = DYN_SELECT_SPECIFIC;
		read.project = project;
		read.project_arg = &plan->columns;
	}
	read.fetches = plan->fetches;
	/* a scan may name what the index lacks: it just finds nothing there */
	if (plan->range_count > 0)
		dyn_read_flow_check_filter(&read);
	dyn_next_token_read(call->body, &statement->parameters, Max(plan->range_count, 1), &position);
	dyn_read_flow_throttle(call, &read);

	dyn_json_write_object_start(call->reply);
	dyn_json_write_member(call->reply, "Items");
	dyn_json_write_array_start(call->reply);
	for (;;)
	{
		read.range = plan->range_count > 0 ? &plan->ranges[position.range] : NULL;
		read.page.start = position.key;
		read.page.is_query = read.range != NULL;
		dyn_read_flow_find_start(&read);
		dyn_read_flow_check_start(&read);
		dyn_read_flow_rows(&read, call->reply, call->context, &result);
		if (result.last != NULL || position.range + 1 >= plan->range_count)
			break;
		position.key = NULL;
		position.range++;
	}
	dyn_json_write_array_end(call->reply);
	if (next_position(plan, &result, &position))
	{
		dyn_next_token_write(call->reply, call->body, &statement->parameters, &position);
		dyn_reply_last_key(call->reply, plan->table, plan->index, dyn_item_jsonb_read(result.last));
	}
	dyn_read_flow_add_capacity(&read, &result, statement->capacity);
	write_capacity(call, statement);
	dyn_json_write_object_end(call->reply);
}
