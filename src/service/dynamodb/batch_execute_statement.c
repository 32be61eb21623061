/*
 * BatchExecuteStatement: up to 25 statements on single items, each for itself: reads or writes, not both.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "db/nested_call.h"
#include "flow/statement_flow.h"
#include "item/item_json.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "request/table_params.h"
#include "service/dynamodb/dynamodb.h"

/* One of the batch's statements, with the call that it belongs to. */
typedef struct Member
{
	DynCall    *call;
	DynStatement statement;
	bool		translated;		/* it is a statement with legal parameters, whatever its table says to it */
	bool		refused;		/* for what needs neither its table nor its key: the reply names no table */
	ErrorData  *error;			/* NULL: none so far */
} Member;

static void prepare(void *arg);
static void run(void *arg);
static void check_batch(Member *members, int count);
static void run_writes(Member *members, int count);
static void write_responses(DynCall *call, const Member *members, int count);

void
dyn_dynamodb_batch_execute_statement(DynCall *call)
{
	const DynJson *statements = dyn_json_get(call->body, "Statements");
	int			count = 0;
	Member	   *members = palloc0(Max(dyn_json_count(statements), 1) * sizeof(Member));

	for (const DynJson *json = dyn_json_first(statements); json != NULL; json = dyn_json_next(json))
	{
		Member	   *member = &members[count++];

		member->call = call;
		member->statement.json = json;
		member->error = dyn_nested_call_run(prepare, member);
	}
	check_batch(members, count);
	run_writes(members, count);
	for (int i = 0; i < count; i++)
		if (members[i].error == NULL && !dyn_statement_flow_writes(&members[i].statement))
			members[i].error = dyn_nested_call_run(run, &members[i]);
	write_responses(call, members, count);
}

/* Everything but the deed itself, so that nothing is done when the batch as a whole turns out to be wrong. */
static void
prepare(void *arg)
{
	Member	   *member = arg;
	DynStatement *statement = &member->statement;

	dyn_statement_flow_read_parameters(statement);
	dyn_statement_flow_parse(statement);
	if (statement->parsed->verb == DYN_PARTIQL_EXISTS && statement->parsed->fault == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_EXISTS_NOT_HERE);
	dyn_statement_flow_translate(statement);
	member->translated = true;
	dyn_statement_flow_open(member->call, statement);
	dyn_statement_flow_plan(statement);
	member->refused = true;
	dyn_statement_flow_check_returning(statement);
	if (statement->parsed->verb == DYN_PARTIQL_SELECT && !(statement->plan->has_key && statement->plan->only_key))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_SELECT_NEEDS_KEY);
	member->refused = false;
}

static void
run(void *arg)
{
	Member	   *member = arg;

	if (dyn_statement_flow_writes(&member->statement))
		dyn_statement_flow_write(&member->statement);
	else
		dyn_statement_flow_get(&member->statement);
}

static int
compare_members(const void *a, const void *b)
{
	const DynStatement *left = &(*(Member *const *) a)->statement;
	const DynStatement *right = &(*(Member *const *) b)->statement;

	if (left->table->relid != right->table->relid)
		return left->table->relid < right->table->relid ? -1 : 1;
	return dyn_key_compare(&left->plan->key, &right->plan->key);
}

/* The members that can run, by table and key: the order in which rows are locked. */
static Member **
order(Member *members, int count, int *ordered_count)
{
	Member	  **ordered = palloc(Max(count, 1) * sizeof(Member *));

	*ordered_count = 0;
	for (int i = 0; i < count; i++)
		if (members[i].error == NULL)
			ordered[(*ordered_count)++] = &members[i];
	qsort(ordered, *ordered_count, sizeof(Member *), compare_members);
	return ordered;
}

static void
check_batch(Member *members, int count)
{
	int			reads = 0;
	int			writes = 0;
	int			ordered_count;
	Member	  **ordered;

	for (int i = 0; i < count; i++)
	{
		if (!members[i].translated)
			continue;
		if (members[i].statement.parsed->verb == DYN_PARTIQL_SELECT)
			reads++;
		else
			writes++;
	}
	if (reads > 0 && writes > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_READ_AND_WRITE);
	ordered = order(members, count, &ordered_count);
	for (int i = 1; i < ordered_count; i++)
		if (compare_members(&ordered[i - 1], &ordered[i]) == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DUPLICATE_KEYS);
}

static void
run_writes(Member *members, int count)
{
	int			ordered_count;
	Member	  **ordered = order(members, count, &ordered_count);

	for (int i = 0; i < ordered_count; i++)
		if (dyn_statement_flow_writes(&ordered[i]->statement))
			ordered[i]->error = dyn_nested_call_run(run, ordered[i]);
}

/* BatchStatementErrorCodeEnum */
static const char *
error_code(const DynErrorInfo *info)
{
	switch (info->code)
	{
		case DYN_ERR_CONDITIONAL_CHECK_FAILED:
			return "ConditionalCheckFailed";
		case DYN_ERR_ITEM_COLLECTION_SIZE_LIMIT:
			return "ItemCollectionSizeLimitExceeded";
		case DYN_ERR_REQUEST_LIMIT_EXCEEDED:
			return "RequestLimitExceeded";
		case DYN_ERR_VALIDATION:
			return "ValidationError";
		case DYN_ERR_THROUGHPUT_EXCEEDED:
			return "ProvisionedThroughputExceeded";
		case DYN_ERR_TRANSACTION_CONFLICT:
			return "TransactionConflict";
		case DYN_ERR_THROTTLING:
			return "ThrottlingError";
		case DYN_ERR_RESOURCE_NOT_FOUND:
			return "ResourceNotFound";
		case DYN_ERR_ACCESS_DENIED:
			return "AccessDenied";
		case DYN_ERR_DUPLICATE_ITEM:
			return "DuplicateItem";
		default:
			return "InternalServerError";
	}
}

/* The table that the reply names: not that of a statement which does not say what item it is about. */
static const char *
table_name(const Member *member)
{
	const DynStatement *statement = &member->statement;
	const char *message;

	if (member->refused)
		return NULL;
	if (statement->plan != NULL && statement->plan->has_key)
		return statement->table->name;
	if (statement->table != NULL)
		return statement->translation->has_key ? statement->table->name : NULL;
	if (member->translated && dyn_error_from_data(member->error, &message)->code == DYN_ERR_RESOURCE_NOT_FOUND)
		return dyn_table_params_resolve(statement->translation->table);
	return NULL;
}

/* What a write would have cost that a condition has stopped. */
static void
charge_failed(const Member *member)
{
	const DynStatement *statement = &member->statement;
	int64		size = statement->write.old ? dyn_item_size(statement->write.old) : 0;

	if (statement->parsed->verb == DYN_PARTIQL_INSERT)
		size = Max(size, dyn_item_size(statement->plan->item));
	statement->capacity->table_units += dyn_item_size_write_units(size);
}

static bool
is_failed_condition(const Member *member)
{
	const char *message;
	DynErrorCode code;

	if (member->error == NULL)
		return false;
	code = dyn_error_from_data(member->error, &message)->code;
	return code == DYN_ERR_CONDITIONAL_CHECK_FAILED || code == DYN_ERR_DUPLICATE_ITEM;
}

/*
 * One entry for each table on which at least one statement succeeded, as AWS answers; its model speaks of the order
 * of the statements.  On such a table a failed condition costs what the write would have.
 */
static void
write_capacity(StringInfo out, const Member *members, int count, DynCapacityMode mode)
{
	DynCapacity **sums = palloc(Max(count, 1) * sizeof(DynCapacity *));
	bool	   *done = palloc0(Max(count, 1) * sizeof(bool));
	int			sum_count = 0;
	bool		any = false;

	for (int i = 0; i < count; i++)
	{
		DynCapacity *capacity = members[i].statement.capacity;
		int			at = 0;

		if (is_failed_condition(&members[i]))
			charge_failed(&members[i]);
		else if (members[i].error != NULL)
			continue;
		while (at < sum_count && sums[at]->table->relid != capacity->table->relid)
			at++;
		if (at == sum_count)
			sums[sum_count++] = capacity;
		else
			dyn_capacity_add(sums[at], capacity);
		done[at] |= members[i].error == NULL;
		any |= members[i].error == NULL;
	}
	if (!any)
		return;
	dyn_json_write_member(out, "ConsumedCapacity");
	dyn_json_write_array_start(out);
	for (int i = 0; i < sum_count; i++)
		if (done[i])
			dyn_capacity_write(out, sums[i], mode);
	dyn_json_write_array_end(out);
}

static void
write_error(StringInfo out, const Member *member)
{
	const char *message;
	const DynErrorInfo *info = dyn_error_from_data(member->error, &message);

	dyn_error_log_hidden(member->error);
	dyn_json_write_member(out, "Error");
	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "Code", error_code(info));
	dyn_json_write_string_member(out, "Message", message);
	if (member->statement.failed_item != NULL)
	{
		dyn_json_write_member(out, "Item");
		dyn_item_json_write(out, member->statement.failed_item);
	}
	dyn_json_write_object_end(out);
}

static void
write_responses(DynCall *call, const Member *members, int count)
{
	DynCapacityMode mode = dyn_capacity_mode(call->body);
	StringInfo	out = call->reply;

	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "Responses");
	dyn_json_write_array_start(out);
	for (int i = 0; i < count; i++)
	{
		const DynStatement *statement = &members[i].statement;

		dyn_json_write_object_start(out);
		if (members[i].error != NULL)
			write_error(out, &members[i]);
		else if (statement->item != NULL)
		{
			dyn_json_write_member(out, "Item");
			dyn_item_json_write(out, statement->item);
		}
		if (table_name(&members[i]) != NULL)
			dyn_json_write_string_member(out, "TableName", table_name(&members[i]));
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
	if (mode != DYN_CAPACITY_NONE)
		write_capacity(out, members, count, mode);
	dyn_json_write_object_end(out);
}
