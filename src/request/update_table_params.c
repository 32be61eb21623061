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
#include "meta/stream_meta.h"
#include "request/table_params.h"
#include "request/update_table_params.h"

#define FREE_DECREASES 4
#define DECREASE_PAUSE_S 3600

static const DynJson *index_updates(const DynJson *body);
static void check_index_updates(const DynJson *body);
static void apply_billing(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now);
static void apply_throughput(const DynJson *json, const char *index_name, DynThroughput *throughput, bool was_on_demand, TimestampTz now);
static void apply_index_updates(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now);
static void apply_stream(const DynJson *json, const DynTable *table, DynTable *changed, TimestampTz now);
static void check_not_redefined(const DynTable *table, const DynTableDefinition *definition, const DynIndex *index);
static void refuse_decrease(const DynThroughput *throughput, TimestampTz now) pg_attribute_noreturn();

/* An empty list counts as none. */
static const DynJson *
index_updates(const DynJson *body)
{
	const DynJson *updates = dyn_json_get(body, "GlobalSecondaryIndexUpdates");

	return updates != NULL && dyn_json_count(updates) > 0 ? updates : NULL;
}

void
dyn_update_table_params_check(const DynJson *body)
{
	static const char *const members[] = {"ProvisionedThroughput", "BillingMode", "StreamSpecification", "SSESpecification",
	"TableClass", "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput", "ReplicaUpdates"};
	DynStr		mode = dyn_json_get_string(body, "BillingMode");
	bool		any = index_updates(body) != NULL;

	for (int i = 0; i < lengthof(members) && !any; i++)
		any = dyn_json_get(body, members[i]) != NULL;
	if (!any)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_NOTHING);
	if (dyn_json_get(body, "ReplicaUpdates") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_REPLICAS_UNSUPPORTED);
	if (mode.data != NULL && dyn_text_equal_cstring(mode, "PROVISIONED") && dyn_json_get(body, "ProvisionedThroughput") == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_CAPACITY_MISSING);
	if (mode.data != NULL && !dyn_text_equal_cstring(mode, "PROVISIONED") && dyn_json_get(body, "ProvisionedThroughput") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_ON_DEMAND);
	if (dyn_json_get(body, "ProvisionedThroughput") != NULL)
	{
		DynThroughput unused;

		dyn_table_params_throughput(dyn_json_get(body, "ProvisionedThroughput"), &unused);
	}
	check_index_updates(body);
}

static void
check_index_updates(const DynJson *body)
{
	static const char *const actions[] = {"Update", "Create", "Delete"};
	const DynJson *updates = index_updates(body);
	int			come_or_go = 0;

	for (const DynJson *update = updates ? dyn_json_first(updates) : NULL; update != NULL; update = dyn_json_next(update))
	{
		int			count = 0;
		DynStr		name = {NULL, 0};

		for (int i = 0; i < lengthof(actions); i++)
		{
			const DynJson *action = dyn_json_get(update, actions[i]);

			if (action == NULL)
				continue;
			count++;
			name = dyn_json_get_string(action, "IndexName");
			come_or_go += i > 0;
		}
		if (count == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATE_EMPTY);
		if (count > 1)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATE_SEVERAL);
		for (const DynJson *other = dyn_json_first(updates); other != update; other = dyn_json_next(other))
			for (int i = 0; i < lengthof(actions); i++)
			{
				const DynJson *action = dyn_json_get(other, actions[i]);

				if (action != NULL && dyn_text_equal(dyn_json_get_string(action, "IndexName"), name))
					dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATED_TWICE, dyn_text_to_cstring(name));
			}
		if (come_or_go > DYN_MAX_GLOBAL_INDEXES * 2)
			break;
	}
	if (come_or_go > 1)
		dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_ONE_INDEX_AT_ONCE);
}

void
dyn_update_table_params_settings(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const DynJson *sse = dyn_json_get(body, "SSESpecification");
	char	   *class = dyn_table_params_class(body);

	apply_billing(body, table, changed, now);
	apply_index_updates(body, table, changed, now);
	if (table->on_demand != changed->on_demand && !changed->on_demand)
	{
		for (int i = 0; i < changed->index_count; i++)
			if (changed->indexes[i].global && changed->indexes[i].throughput.read_units == 0)
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_INDEX_CAPACITY_MISSING, changed->indexes[i].name);
	}
	dyn_table_params_on_demand(dyn_json_get(body, "OnDemandThroughput"), NULL, changed->on_demand, &changed->throughput);
	dyn_table_params_warm(dyn_json_get(body, "WarmThroughput"), &changed->throughput);
	apply_stream(dyn_json_get(body, "StreamSpecification"), table, changed, now);
	if (sse != NULL)
	{
		changed->sse_type = NULL;
		changed->sse_key = NULL;
		dyn_table_params_sse(sse, changed);
	}
	if (class != NULL)
	{
		changed->table_class = class;
		changed->table_class_changed = now;
	}
	changed->deletion_protection = dyn_json_get_boolean(body, "DeletionProtectionEnabled", table->deletion_protection);
}

static void
apply_billing(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const DynJson *throughput = dyn_json_get(body, "ProvisionedThroughput");
	DynStr		mode = dyn_json_get_string(body, "BillingMode");

	if (mode.data != NULL)
	{
		changed->on_demand = dyn_text_equal_cstring(mode, "PAY_PER_REQUEST");
		changed->has_billing_mode = true;
	}
	if (changed->on_demand && throughput != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_ON_DEMAND);
	if (changed->on_demand && !table->on_demand)
	{
		changed->on_demand_since = now;
		changed->throughput.read_units = changed->throughput.write_units = 0;
		for (int i = 0; i < changed->index_count; i++)
			changed->indexes[i].throughput.read_units = changed->indexes[i].throughput.write_units = 0;
	}
	if (throughput != NULL)
		apply_throughput(throughput, NULL, &changed->throughput, table->on_demand, now);
}

/* index_name NULL: the table's */
static void
apply_throughput(const DynJson *json, const char *index_name, DynThroughput *throughput, bool was_on_demand, TimestampTz now)
{
	DynThroughput old = *throughput;
	const char *what = index_name == NULL ? "table" : psprintf("index %s", index_name);
	const char *whose = index_name == NULL ? "table" : "index";

	dyn_table_params_throughput(json, throughput);
	if (was_on_demand)
		return;
	if (throughput->read_units == old.read_units && throughput->write_units == old.write_units)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_SAME,
				  what, whose, old.read_units, throughput->read_units, whose, old.write_units, throughput->write_units);
	if (throughput->read_units > old.read_units || throughput->write_units > old.write_units)
		throughput->last_increase = now;
	if (throughput->read_units < old.read_units || throughput->write_units < old.write_units)
	{
		int			today = dyn_table_meta_decreases_today(&old, now);

		if (today >= FREE_DECREASES && now - old.last_decrease < DECREASE_PAUSE_S * USECS_PER_SEC)
			refuse_decrease(&old, now);
		throughput->decreases_today = today + 1;
		throughput->last_decrease = now;
	}
}

/* "Monday, November 3, 2025 4:05:06 PM UTC" */
static char *
spell_time(TimestampTz time)
{
	char		text[80];
	pg_time_t	seconds = timestamptz_to_time_t(time);

	pg_strftime(text, sizeof(text), "%A, %B %d, %Y %I:%M:%S %p UTC", pg_gmtime(&seconds));
	return pstrdup(text);
}

static void
refuse_decrease(const DynThroughput *throughput, TimestampTz now)
{
	dyn_error(DYN_ERR_LIMIT_EXCEEDED,
			  DYN_MSG_CAPACITY_DECREASES,
			  FREE_DECREASES, DECREASE_PAUSE_S, dyn_table_meta_decreases_today(throughput, now), spell_time(throughput->last_decrease),
			  spell_time(throughput->last_decrease + DECREASE_PAUSE_S * USECS_PER_SEC));
}

static void
refuse_missing_index(const char *name, const DynTable *table)
{
	dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_INDEX_OF_TABLE_NOT_FOUND, name, table->name);
}

static void
apply_index_updates(const DynJson *body, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const DynJson *updates = index_updates(body);

	for (const DynJson *element = updates ? dyn_json_first(updates) : NULL; element != NULL; element = dyn_json_next(element))
	{
		const DynJson *update = dyn_json_get(element, "Update");
		const DynJson *throughput;
		const DynIndex *index;
		DynThroughput *target;
		char	   *name;

		if (update == NULL)
			continue;
		name = dyn_json_get_cstring(update, "IndexName");
		index = dyn_table_meta_index(table, name);
		if (index == NULL || !index->global || index->status == DYN_TABLE_DELETING)
			refuse_missing_index(name, table);
		target = &changed->indexes[index - table->indexes].throughput;
		throughput = dyn_json_get(update, "ProvisionedThroughput");
		if (throughput != NULL && changed->on_demand)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_CAPACITY_ON_DEMAND, name);
		if (throughput != NULL)
			apply_throughput(throughput, name, target, table->on_demand, now);
		dyn_table_params_on_demand(dyn_json_get(update, "OnDemandThroughput"), name, changed->on_demand, target);
		dyn_table_params_warm(dyn_json_get(update, "WarmThroughput"), target);
	}
}

/* The stream itself begins and ends where the descriptor is stored. */
static void
apply_stream(const DynJson *json, const DynTable *table, DynTable *changed, TimestampTz now)
{
	const char *view;

	if (json == NULL)
		return;
	view = dyn_table_params_stream(json);
	if (view != NULL && table->stream_view != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_ENABLED_ALREADY, table->name);
	if (view == NULL && table->stream_view == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_NOT_ENABLED, table->name);
	changed->stream_view = view;
	if (view != NULL)
		changed->stream_label = dyn_stream_meta_label(now);
}

static const DynJson *
find_action(const DynJson *body, const char *action)
{
	const DynJson *updates = index_updates(body);

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
		if (&table->indexes[i] != but && (table->indexes[i].status == DYN_TABLE_CREATING || table->indexes[i].status == DYN_TABLE_DELETING))
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
	if (definitions != NULL)
		dyn_table_params_definitions(definitions, definition);
	dyn_table_params_index(json, true, definition, index);
	if (dyn_table_meta_index(table, index->name) != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_EXISTS);
	check_not_redefined(table, definition, index);
	check_no_other(table, NULL);
	for (int i = 0; i < table->index_count; i++)
	{
		global += table->indexes[i].global;
		non_key += table->indexes[i].non_key_count;
	}
	if (global >= DYN_MAX_GLOBAL_INDEXES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_GLOBAL_INDEXES, DYN_MAX_GLOBAL_INDEXES);
	if (non_key + index->non_key_count > DYN_MAX_NON_KEY_ATTRIBUTES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_NON_KEY_ATTRIBUTES, DYN_MAX_NON_KEY_ATTRIBUTES);
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
	index = dyn_table_meta_index(table, name);
	if (index == NULL)
		refuse_missing_index(name, table);
	if (!index->global)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_NOT_GLOBAL, name);
	if (index->status == DYN_TABLE_DELETING)
		dyn_error(DYN_ERR_RESOURCE_IN_USE, DYN_MSG_INDEX_BEING_DELETED, name);
	check_no_other(table, index);
	return index;
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
