/*
 * Reads UpdateTable's parameters, with the checks that AWS makes before it changes anything.
 *
 * The order is AWS's: what the request says about itself, then the table, then what the request says about the table.
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/timestamp.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "feature/stream/stream.h"
#include "request/table_params.h"
#include "request/throughput_params.h"
#include "request/update_table_check.h"
#include "request/update_table_params.h"

static void apply_billing(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now);
static void apply_throughput(const DynJson *json, const char *index_name, DynThroughput *throughput, bool was_on_demand,
							 TimestampTz now);
static void apply_index_updates(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now);
static void switch_billing(const DynThroughput *old, bool was_on_demand, DynThroughput *throughput);
static void apply_index_update(const DynJson *update, const char *name, const DynTable *table, const DynTable *changed,
							   DynThroughput *throughput, TimestampTz now);
static void apply_encryption(const DynJson *json, const DynTable *table, DynTable *changed);
static void apply_stream(const DynJson *json, const DynTable *table, DynTable *changed, TimestampTz now);
static void check_not_redefined(const DynTable *table, const DynTableDefinition *definition, const DynIndex *index);
static void refuse_decrease(const DynThroughput *throughput, TimestampTz now) pg_attribute_noreturn();

void
dyn_update_table_params_settings(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const DynJson *warm = dyn_json_get(body, "WarmThroughput");
	char	   *class = dyn_table_params_class(body);

	apply_billing(body, table, changed, now);
	apply_index_updates(body, table, changed, now);
	if (table->on_demand != changed->on_demand && !changed->on_demand)
	{
		for (int i = 0; i < changed->index_count; i++)
			if (changed->indexes[i].global && changed->indexes[i].throughput.read_units == 0)
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_INDEX_CAPACITY_MISSING, changed->indexes[i].name);
	}
	dyn_throughput_params_on_demand(dyn_json_get(body, "OnDemandThroughput"), NULL, changed->on_demand,
									DYN_THROUGHPUT_UPDATES_TABLE, &changed->throughput);
	dyn_throughput_params_warm_more(warm, NULL, table->on_demand, &changed->throughput);
	dyn_throughput_params_check_quota(&changed->throughput, NULL);
	apply_stream(dyn_json_get(body, "StreamSpecification"), table, changed, now);
	apply_encryption(dyn_json_get(body, "SSESpecification"), table, changed);
	if (class != NULL)
	{
		changed->table_class = class;
		changed->table_class_changed = now;
	}
	changed->deletion_protection = dyn_json_get_boolean(body, "DeletionProtectionEnabled", table->deletion_protection);
}

static void
apply_encryption(const DynJson *json, const DynTable *table, DynTable *changed)
{
	if (json == NULL)
		return;
	changed->sse_type = NULL;
	changed->sse_key = NULL;
	dyn_table_params_sse(json, changed);
	if (changed->sse_type == NULL && table->sse_type == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ENCRYPTED_BY_DEFAULT);
	if (changed->sse_key != NULL && table->sse_key != NULL && strcmp(changed->sse_key, table->sse_key) == 0 &&
		strncmp(changed->sse_key, "arn:", 4) == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ENCRYPTED_WITH_KEY);
}

/* Maxima are of on-demand tables alone; what is warm stays warm. */
static void
apply_billing(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const DynJson *throughput = dyn_json_get(body, "ProvisionedThroughput");
	DynStr		mode = dyn_json_get_string(body, "BillingMode");

	if (mode.data != NULL)
		changed->on_demand = dyn_text_equal_cstring(mode, "PAY_PER_REQUEST");
	if (changed->on_demand && throughput != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_ON_DEMAND);
	if (changed->on_demand != table->on_demand)
	{
		changed->has_billing_mode = true;
		switch_billing(&table->throughput, table->on_demand, &changed->throughput);
		for (int i = 0; i < changed->index_count; i++)
			switch_billing(&table->indexes[i].throughput, table->on_demand, &changed->indexes[i].throughput);
	}
	if (changed->on_demand && !table->on_demand)
		changed->on_demand_since = now;
	if (throughput != NULL)
		apply_throughput(throughput, NULL, &changed->throughput, table->on_demand, now);
}

static void
switch_billing(const DynThroughput *old, bool was_on_demand, DynThroughput *throughput)
{
	throughput->warm_read_units = dyn_table_warm_units(old, was_on_demand, true);
	throughput->warm_write_units = dyn_table_warm_units(old, was_on_demand, false);
	throughput->read_units = throughput->write_units = 0;
	throughput->max_read_units = throughput->max_write_units = 0;
	throughput->has_on_demand = false;
}

/* index_name NULL: the table's */
static void
apply_throughput(const DynJson *json, const char *index_name, DynThroughput *throughput, bool was_on_demand,
				 TimestampTz now)
{
	DynThroughput old = *throughput;
	const char *what = index_name == NULL ? "table" : psprintf("index %s", index_name);
	const char *whose = index_name == NULL ? "table" : "index";

	dyn_throughput_params_units(json, throughput);
	if (was_on_demand)
		return;
	if (throughput->read_units == old.read_units && throughput->write_units == old.write_units)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_SAME,
				  what, whose, old.read_units, throughput->read_units, whose, old.write_units, throughput->write_units);
	throughput->warm_read_units = dyn_table_warm_units(&old, false, true);
	throughput->warm_write_units = dyn_table_warm_units(&old, false, false);
	if (throughput->read_units > old.read_units || throughput->write_units > old.write_units)
		throughput->last_increase = now;
	if (throughput->read_units < old.read_units || throughput->write_units < old.write_units)
	{
		int			today = dyn_table_decreases_today(&old, now);

		if (today >= DYN_FREE_DECREASES && now - old.last_decrease < DYN_DECREASE_PAUSE * USECS_PER_SEC)
			refuse_decrease(&old, now);
		throughput->decreases_today = today + 1;
		throughput->last_decrease = now;
	}
}

/* "Monday, November 3, 2025 at 4:05:06 PM Coordinated Universal Time" */
static char *
spell_time(TimestampTz time)
{
	char		day[40];
	char		clock[40];
	pg_time_t	seconds = timestamptz_to_time_t(time);
	struct pg_tm *tm = pg_gmtime(&seconds);

	pg_strftime(day, sizeof(day), "%A, %B", tm);
	pg_strftime(clock, sizeof(clock), "%M:%S %p", tm);
	return psprintf("%s %d, %d at %d:%s Coordinated Universal Time", day, tm->tm_mday, tm->tm_year + 1900,
					(tm->tm_hour + 11) % 12 + 1, clock);
}

/* A new day in UTC has decreases of its own. */
static void
refuse_decrease(const DynThroughput *throughput, TimestampTz now)
{
	TimestampTz tomorrow = (now / USECS_PER_DAY + 1) * USECS_PER_DAY;

	dyn_error(DYN_ERR_LIMIT_EXCEEDED,
			  DYN_MSG_CAPACITY_DECREASES,
			  DYN_FREE_DECREASES, DYN_DECREASE_PAUSE, dyn_table_decreases_today(throughput, now),
			  spell_time(throughput->last_decrease),
			  spell_time(Min(throughput->last_decrease + DYN_DECREASE_PAUSE * USECS_PER_SEC, tomorrow)));
}

static void
refuse_missing_index(const char *name, const DynTable *table)
{
	dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_INDEX_OF_TABLE_NOT_FOUND, name, table->name);
}

static void
apply_index_updates(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const DynJson *updates = dyn_update_table_check_indexes(body);

	for (const DynJson *element = updates ? dyn_json_first(updates) : NULL; element != NULL;
		 element = dyn_json_next(element))
	{
		const DynJson *update = dyn_json_get(element, "Update");
		const DynIndex *index;
		char	   *name;

		if (update == NULL)
			continue;
		name = dyn_json_get_cstring(update, "IndexName");
		index = dyn_table_index(table, name);
		if (index == NULL || index->status == DYN_TABLE_DELETING)
			refuse_missing_index(name, table);
		if (!index->global)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_NOT_GLOBAL, "update", name);
		apply_index_update(update, name, table, changed, &changed->indexes[index - table->indexes].throughput, now);
	}
}

static void
apply_index_update(const DynJson *update, const char *name, const DynTable *table, const DynTable *changed,
				   DynThroughput *throughput, TimestampTz now)
{
	const DynJson *units = dyn_json_get(update, "ProvisionedThroughput");
	const DynJson *on_demand = dyn_json_get(update, "OnDemandThroughput");
	const DynJson *warm = dyn_json_get(update, "WarmThroughput");
	bool		others = dyn_throughput_params_given(on_demand) || warm != NULL;

	if (changed->on_demand && (units != NULL || !others))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATE_ON_DEMAND, name);
	if (!changed->on_demand && units == NULL && !others)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEW_INDEX_CAPACITY_MISSING, name);
	if (units != NULL)
		apply_throughput(units, name, throughput, table->on_demand, now);
	dyn_throughput_params_on_demand(on_demand, name, changed->on_demand, DYN_THROUGHPUT_UPDATES_TABLE, throughput);
	dyn_throughput_params_warm_more(warm, name, table->on_demand, throughput);
	dyn_throughput_params_check_quota(throughput, name);
}

/* The stream itself begins and ends where the descriptor is stored. */
static void
apply_stream(const DynJson *json, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const char *view = dyn_json_get_cstring(json, "StreamViewType");

	if (json == NULL)
		return;
	if (view != NULL && table->stream_view != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_ENABLED_ALREADY, table->name);
	if (view == NULL && table->stream_view == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_NOT_ENABLED, table->name);
	changed->stream_view = view;
}

static const DynJson *
find_action(const DynJson *body, const char *action)
{
	const DynJson *updates = dyn_update_table_check_indexes(body);

	for (const DynJson *update = updates ? dyn_json_first(updates) : NULL; update != NULL; update = dyn_json_next(update))
		if (dyn_json_get(update, action) != NULL)
			return dyn_json_get(update, action);
	return NULL;
}

/* Is another index on its way in or out?  but: that one may be. */
static void
check_no_other(const DynTable *table, const DynIndex *but)
{
	for (int i = 0; i < table->index_count; i++)
		if (&table->indexes[i] != but &&
			(table->indexes[i].status == DYN_TABLE_CREATING || table->indexes[i].status == DYN_TABLE_DELETING))
			dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_ONE_INDEX_AT_ONCE);
}

bool
dyn_update_table_params_create(const DynJson *body, const DynTable *table, const DynTable *changed, DynIndex *index,
							   DynTableDefinition *definition)
{
	const DynJson *json = find_action(body, "Create");
	const DynJson *definitions = dyn_json_get(body, "AttributeDefinitions");
	int			global = 0;
	int			non_key = 0;

	if (json == NULL)
		return false;
	memset(index, 0, sizeof(DynIndex));
	memset(definition, 0, sizeof(DynTableDefinition));
	definition->keys = table->keys;
	definition->on_demand = changed->on_demand;
	if (definitions == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEW_INDEX_WITHOUT_DEFINITIONS, dyn_json_get_cstring(json, "IndexName"));
	dyn_table_params_definitions(definitions, definition);
	dyn_table_params_index_keys(json, true, definition, index);
	dyn_table_params_index(json, definition, DYN_THROUGHPUT_UPDATES_TABLE, index);
	if (dyn_table_index(table, index->name) != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_EXISTS);
	check_not_redefined(table, definition, index);
	check_no_other(table, NULL);
	for (int i = 0; i < table->index_count; i++)
	{
		global += table->indexes[i].global;
		non_key += table->indexes[i].non_key_count;
	}
	if (global >= DYN_MAX_GLOBAL_INDEXES)
		dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_TOO_MANY_GLOBAL_INDEXES_NOW, DYN_MAX_GLOBAL_INDEXES);
	if (non_key + index->non_key_count > DYN_MAX_NON_KEY_ATTRIBUTES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_NON_KEY_ATTRIBUTES, DYN_MAX_NON_KEY_ATTRIBUTES);
	dyn_throughput_params_check_quota(&index->throughput, index->name);
	return true;
}

const DynIndex *
dyn_update_table_params_delete(const DynJson *body, const DynTable *table)
{
	const DynJson *json = find_action(body, "Delete");
	const DynIndex *index;
	char	   *name;

	if (json == NULL)
		return NULL;
	name = dyn_json_get_cstring(json, "IndexName");
	index = dyn_table_index(table, name);
	if (index == NULL)
		refuse_missing_index(name, table);
	if (!index->global)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_NOT_GLOBAL, "delete", name);
	if (index->status == DYN_TABLE_DELETING)
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_INDEX_BEING_DELETED, name);
	check_no_other(table, index);
	return index;
}

void
dyn_update_table_params_check_actions(const DynJson *body)
{
	const DynJson *updates = dyn_update_table_check_indexes(body);
	int			come_or_go = 0;

	for (const DynJson *update = updates ? dyn_json_first(updates) : NULL; update != NULL; update = dyn_json_next(update))
		come_or_go += dyn_json_get(update, "Update") == NULL;
	if (come_or_go > 1)
		dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_ONE_INDEX_AT_ONCE);
}

/* "Schema:[SchemaElement: key{a:S:HASH}, SchemaElement: key{b:N:RANGE}]" */
static char *
spell_schema(const DynKeySchema *keys)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "Schema:[");
	for (int i = 0; i < dyn_key_part_count(keys); i++)
		appendStringInfo(&text, "%sSchemaElement: key{%s:%s:%s}", i > 0 ? ", " : "", dyn_text_printable(keys->parts[i].name),
						 dyn_value_type_name(keys->parts[i].type), keys->parts[i].is_hash ? "HASH" : "RANGE");
	appendStringInfoChar(&text, ']');
	return text.data;
}

static void
check_not_redefined(const DynTable *table, const DynTableDefinition *definition, const DynIndex *index)
{
	for (int i = 0; i < dyn_key_part_count(&index->keys); i++)
		for (int k = -1; k < table->index_count; k++)
		{
			const DynKeySchema *existing = k < 0 ? &table->keys : &table->indexes[k].keys;
			const DynKeyPart *part = dyn_key_part_find(existing, index->keys.parts[i].name);

			if (part != NULL && part->type != index->keys.parts[i].type)
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ATTRIBUTE_REDEFINED,
						  spell_schema(existing), spell_schema(&index->keys));
		}
}
