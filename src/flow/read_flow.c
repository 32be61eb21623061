/*
 * Reads a page.
 *
 * Rows arrive in order from row_range and are written to the reply one by one, so a page costs no more memory than its
 * text.  A row that needs no filter, projection or index entry is written from jsonb to JSON, and no item is built.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/read_flow.h"
#include "flow/throttle.h"
#include "item/item_json.h"
#include "item/item_jsonb.h"
#include "item/item_size.h"
#include "json/json_write.h"
#include "response/reply.h"

typedef struct DynReadState
{
	const DynRead *read;
	StringInfo	out;
	MemoryContext context;		/* for what outlives a row */
	DynReadResult *result;
	bool		whole;			/* rows go out as they are stored */
} DynReadState;

static DynSelect read_select(const DynRead *read, const DynJson *body, const DynExprParams *params);
static void check_projected(DynRead *read, const DynProjection *projection);
static bool visit_row(void *arg, Jsonb *jsonb, int size);
static void write_reply(DynCall *call, const DynRead *read, const DynReadResult *result);

const DynIndex *
dyn_read_flow_index(const DynTable *table, const char *name)
{
	const DynIndex *index = dyn_table_index(table, name);

	if (index == NULL || index->status == DYN_TABLE_DELETING)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_NOT_FOUND, dyn_text_printable(dyn_text_from_cstring(name)));
	if (index->backfilling)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_BACKFILLING, name);
	return index;
}

void
dyn_read_flow_find_index(DynRead *read, const DynJson *body)
{
	char	   *name = dyn_json_get_cstring(body, "IndexName");

	read->consistent = dyn_json_get_boolean(body, "ConsistentRead", false);
	if (name == NULL)
		return;
	read->index = dyn_read_flow_index(read->table, name);
	if (read->consistent && read->index->global)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONSISTENT_READ_OF_GLOBAL_INDEX);
}

void
dyn_read_flow_find_start(DynRead *read)
{
	read->has_start = read->page.start != NULL;
	if (read->has_start)
		dyn_page_params_fit_keys(&read->page, read->table, read->index, &read->start_index, &read->start_table);
}

void
dyn_read_flow_check_start(const DynRead *read)
{
	if (read->has_start && read->range != NULL)
		dyn_page_params_fit_range(&read->page, read->index ? &read->index->keys : &read->table->keys, read->index != NULL,
								  read->range, read->index ? &read->start_index : &read->start_table);
}

void
dyn_read_flow_find_select(DynRead *read, const DynJson *body, const DynExprParams *params)
{
	read->select = read_select(read, body, params);
}

void
dyn_read_flow_target(DynRead *read, const DynJson *body, const DynExprParams *params)
{
	read->capacity_mode = dyn_capacity_mode(body);
	check_projected(read, params->projection);
}

static DynSelect
read_select(const DynRead *read, const DynJson *body, const DynExprParams *params)
{
	DynStr		select = dyn_json_get_string(body, "Select");
	bool		projects = params->projection != NULL;

	if (select.data == NULL)
	{
		if (projects)
			return DYN_SELECT_SPECIFIC;
		return read->index != NULL ? DYN_SELECT_PROJECTED : DYN_SELECT_ALL;
	}
	if (dyn_text_equal_cstring(select, "SPECIFIC_ATTRIBUTES"))
		return DYN_SELECT_SPECIFIC;
	if (dyn_text_equal_cstring(select, "COUNT"))
		return DYN_SELECT_COUNT;
	if (dyn_text_equal_cstring(select, "ALL_PROJECTED_ATTRIBUTES"))
		return DYN_SELECT_PROJECTED;
	if (read->index != NULL && read->index->global && read->index->projection != DYN_PROJECT_ALL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SELECT_ALL_NOT_PROJECTED, read->index->name);
	return DYN_SELECT_ALL;
}

/* The attributes of a projection that an index lacks: "a, b"; NULL: none */
static char *
not_projected(const DynRead *read, const DynProjection *projection)
{
	DynStr	   *missing = palloc(sizeof(DynStr) * Max(projection->count, 1));
	int			count = 0;

	for (int i = 0; i < projection->count; i++)
	{
		DynStr		name = projection->paths[i].steps[0].name;
		bool		seen = i > 0 && dyn_text_equal(name, projection->paths[i - 1].steps[0].name);

		if (!seen && !dyn_table_projects(read->table, read->index, name))
			missing[count++] = name;
	}
	return count > 0 ? dyn_text_list_set(missing, count, count) : NULL;
}

/* A global index has nothing but what it projects; a local one fetches the rest from the table. */
static void
check_projected(DynRead *read, const DynProjection *projection)
{
	const DynIndex *index = read->index;
	const char *missing;

	if (index == NULL || index->projection == DYN_PROJECT_ALL)
		return;
	if (read->select == DYN_SELECT_ALL)
		read->fetches = true;
	if (projection == NULL)
		return;
	missing = not_projected(read, projection);
	if (missing == NULL)
		return;
	if (index->global)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_DOES_NOT_PROJECT, index->name, missing);
	read->fetches = true;
}

typedef struct FilterCheck
{
	const DynRead *read;
	DynItem    *missing;		/* a set of names */
} FilterCheck;

static void
note_missing(void *arg, DynStr attribute)
{
	FilterCheck *check = arg;

	if (dyn_table_projects(check->read->table, check->read->index, attribute))
		return;
	dyn_item_set(check->missing, attribute, dyn_value_null());
}

static int
compare_names(const void *a, const void *b)
{
	return dyn_text_compare(*(const DynStr *) a, *(const DynStr *) b);
}

/* A filter is evaluated on what the index holds, before anything is fetched.  AWS lists the names in byte order. */
void
dyn_read_flow_check_filter(const DynRead *read)
{
	FilterCheck check = {read};
	StringInfoData list;
	DynStr	   *names;

	if (read->filter == NULL || read->index == NULL || read->index->projection == DYN_PROJECT_ALL)
		return;
	check.missing = dyn_item_make(4);
	dyn_condition_visit_attributes(read->filter, note_missing, &check);
	if (check.missing->count == 0)
		return;
	names = palloc(sizeof(DynStr) * check.missing->count);
	for (int i = 0; i < check.missing->count; i++)
		names[i] = check.missing->attributes[i].name;
	qsort(names, check.missing->count, sizeof(DynStr), compare_names);
	initStringInfo(&list);
	for (int i = 0; i < check.missing->count; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", dyn_text_printable(names[i]));
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_DOES_NOT_PROJECT_FILTER, read->index->name, list.data);
}

/* Which key attributes of the table or index the filter names: the first in the schema is the one to report. */
typedef struct FilterKeys
{
	const DynKeySchema *schema;
	int			first;
} FilterKeys;

static void
note_key_attribute(void *arg, DynStr attribute)
{
	FilterKeys *keys = arg;

	for (int i = 0; i < keys->first; i++)
		if (dyn_text_equal(keys->schema->parts[i].name, attribute))
			keys->first = i;
}

void
dyn_read_flow_check_filter_keys(const DynRead *read, bool legacy)
{
	const DynKeySchema *schema = read->index ? &read->index->keys : &read->table->keys;
	int			count = dyn_key_part_count(schema);
	FilterKeys	keys = {schema, count};

	if (read->filter == NULL)
		return;
	dyn_condition_visit_attributes(read->filter, note_key_attribute, &keys);
	if (keys.first == count)
		return;
	if (legacy)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_QUERY_FILTER_ON_KEY, dyn_text_printable(schema->parts[keys.first].name));
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_FILTER_ON_KEY, dyn_text_printable(schema->parts[keys.first].name));
}

void
dyn_read_flow_rows(const DynRead *read, StringInfo out, MemoryContext context, DynReadResult *result)
{
	DynRowRange range = {.table = read->table, .index = read->index, .range = read->range, .backward = read->backward};
	DynReadState state = {.read = read, .out = out, .context = context, .result = result};

	if (read->has_start)
	{
		range.has_start = true;
		range.start_index = read->start_index;
		range.start_table = read->start_table;
	}
	range.segment = read->page.segment;
	range.segments = read->page.segments;
	if (range.has_start && range.segments > 0 && !dyn_row_range_start_fits(&range))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_START_KEY_WRONG_SEGMENT, range.segments, range.segment);
	state.whole = read->filter == NULL && (read->select == DYN_SELECT_ALL || read->select == DYN_SELECT_PROJECTED) &&
		(read->index == NULL || read->index->projection == DYN_PROJECT_ALL || read->select == DYN_SELECT_ALL);

	dyn_row_range_walk(&range, visit_row, &state);
}

void
dyn_read_flow_run(DynCall *call, DynRead *read)
{
	DynReadResult result = {0};

	dyn_read_flow_throttle(call, read);
	dyn_json_write_object_start(call->reply);
	if (read->select != DYN_SELECT_COUNT)
	{
		dyn_json_write_member(call->reply, "Items");
		dyn_json_write_array_start(call->reply);
	}
	dyn_read_flow_rows(read, call->reply, call->context, &result);
	if (read->select != DYN_SELECT_COUNT)
		dyn_json_write_array_end(call->reply);
	write_reply(call, read, &result);
}

void
dyn_read_flow_throttle(DynCall *call, const DynRead *read)
{
	List	   *reasons;

	if (!dyn_throttle_enforced())
		return;
	reasons = dyn_throttle_begin_read(read->table, read->index, dyn_item_size_read_units(0, read->consistent));
	if (reasons != NIL)
		dyn_throttle_raise(call, reasons);
}

/* One row; CurrentMemoryContext lives as long as this call. */
static bool
visit_row(void *arg, Jsonb *jsonb, int size)
{
	DynReadState *state = arg;
	const DynRead *read = state->read;
	const DynIndex *index = read->index;
	DynReadResult *result = state->result;
	bool		partial_index = index != NULL && index->projection != DYN_PROJECT_ALL;

	result->scanned++;
	if (state->whole && !partial_index)
	{
		result->bytes += size;
		result->count++;
		dyn_item_jsonb_write_json(state->out, jsonb);
	}
	else
	{
		const DynItem *item = dyn_item_jsonb_read(jsonb);
		const DynItem *entry = partial_index ? dyn_reply_index_entry(read->table, index, item) : item;

		result->bytes += partial_index ? dyn_item_size(entry) : size;
		/* a scan that fetches whole items filters those */
		if (read->filter == NULL ||
			dyn_condition_evaluate(read->filter, read->range == NULL && read->select == DYN_SELECT_ALL ? item : entry))
		{
			result->count++;
			if (read->fetches)
			{
				entry = item;
				result->fetched_bytes += size;
				result->fetched_units += dyn_item_size_read_units(size, read->consistent);
			}
			if (read->select == DYN_SELECT_SPECIFIC)
				entry = read->project ? read->project(read, entry) : dyn_projection_apply(read->projection, entry);
			if (read->select != DYN_SELECT_COUNT)
				dyn_item_json_write(state->out, entry);
		}
	}

	/* fetched bytes count, too: if only the index's entries counted, a reply could grow without end */
	if (result->bytes < DYN_MAX_PAGE_SIZE && result->fetched_bytes < DYN_MAX_PAGE_SIZE &&
		(read->page.limit == 0 || result->scanned < read->page.limit))
		return true;
	result->last = MemoryContextAlloc(state->context, VARSIZE(jsonb));
	memcpy(result->last, jsonb, VARSIZE(jsonb));
	return false;
}

void
dyn_read_flow_add_capacity(const DynRead *read, const DynReadResult *result, DynCapacity *capacity)
{
	/* a scan of everything reads from every partition, and a read costs half a unit at least */
	if (read->range == NULL && read->page.start == NULL && result->last == NULL)
		dyn_capacity_add_scan(capacity, read->index, result->bytes, read->page.segments, read->consistent);
	else
		dyn_capacity_add_read(capacity, read->index, result->bytes, read->consistent);
	capacity->table_units += result->fetched_units;
	if (dyn_throttle_enforced())
		dyn_throttle_end_reads(capacity, read->index, dyn_item_size_read_units(0, read->consistent));
}

static void
write_reply(DynCall *call, const DynRead *read, const DynReadResult *result)
{
	dyn_json_write_integer_member(call->reply, "Count", result->count);
	dyn_json_write_integer_member(call->reply, "ScannedCount", result->scanned);
	if (result->last != NULL)
		dyn_reply_last_key(call->reply, read->table, read->index, dyn_item_jsonb_read(result->last));
	if (read->capacity_mode != DYN_CAPACITY_NONE || dyn_throttle_enforced())
	{
		DynCapacity *capacity = dyn_capacity_make(read->table);

		dyn_capacity_name(capacity, call->body);
		dyn_read_flow_add_capacity(read, result, capacity);
		dyn_capacity_write_member(call->reply, capacity, read->capacity_mode);
	}
	dyn_json_write_object_end(call->reply);
}
