/*
 * Writes a TableDescription, with every member that AWS sends.
 */
#include "postgres.h"

#include "base/clock.h"
#include "catalog/arn.h"
#include "catalog/table_size.h"
#include "item/value.h"
#include "json/json_write.h"
#include "response/reply.h"
#include "response/table_reply.h"

static bool is_warm_asked(const DynThroughput *throughput);
static void write_definitions(StringInfo out, const DynTable *table);
static int	compare_definitions(const void *a, const void *b);
static int	compare_names(const void *a, const void *b);
static void write_key_schema(StringInfo out, const DynKeySchema *schema);
static void write_throughput(StringInfo out, const DynThroughput *throughput, bool on_demand);
static void write_on_demand(StringInfo out, const DynThroughput *throughput);
static void write_warm(StringInfo out, const DynTable *table, const DynThroughput *throughput, const char *status);
static void write_indexes(StringInfo out, const DynTable *table, bool global, const char *member, DynTableReply kind);
static void write_settings(StringInfo out, const DynTable *table, DynTableReply kind, const char *sse_status);
static void write_key_arn(StringInfo out, const char *key);
static void write_stream(StringInfo out, const DynTable *table);

static const char *
status_name(DynTableStatus status, DynTableReply kind)
{
	switch (kind)
	{
		case DYN_TABLE_REPLY_CREATE:
			return "CREATING";
		case DYN_TABLE_REPLY_DELETE:
			return "DELETING";
		case DYN_TABLE_REPLY_UPDATE:
		case DYN_TABLE_REPLY_DESCRIBE:
			break;
	}
	switch (status)
	{
		case DYN_TABLE_CREATING:
			return "CREATING";
		case DYN_TABLE_UPDATING:
			return "UPDATING";
		case DYN_TABLE_DELETING:
			return "DELETING";
		case DYN_TABLE_ACTIVE:
			break;
	}
	return "ACTIVE";
}

void
dyn_table_reply_write(StringInfo out, const DynTable *table, DynTableReply kind)
{
	dyn_table_reply_write_changing(out, table, kind, "ACTIVE", "ENABLED");
}

void
dyn_table_reply_write_changing(StringInfo out, const DynTable *table, DynTableReply kind, const char *warm_status,
							   const char *sse_status)
{
	int64		items = 0;
	int64		bytes = 0;

	if (kind != DYN_TABLE_REPLY_CREATE)
		dyn_table_size_count(table, NULL, &items, &bytes);

	dyn_json_write_object_start(out);
	if (kind != DYN_TABLE_REPLY_DELETE)
	{
		write_definitions(out, table);
		write_key_schema(out, &table->keys);
		dyn_reply_timestamp_member(out, "CreationDateTime", table->created);
	}
	dyn_json_write_string_member(out, "TableName", table->name);
	dyn_json_write_string_member(out, "TableStatus", status_name(table->status, kind));
	write_throughput(out, &table->throughput, table->on_demand);
	dyn_json_write_integer_member(out, "TableSizeBytes", bytes);
	dyn_json_write_integer_member(out, "ItemCount", items);
	dyn_json_write_string_member(out, "TableArn", dyn_arn_table(table->name));
	dyn_json_write_string_member(out, "TableId", table->uuid);
	write_settings(out, table, kind, sse_status);
	if (kind != DYN_TABLE_REPLY_DELETE)
	{
		write_indexes(out, table, false, "LocalSecondaryIndexes", kind);
		write_indexes(out, table, true, "GlobalSecondaryIndexes", kind);
		write_stream(out, table);
	}
	write_on_demand(out, &table->throughput);
	if (kind == DYN_TABLE_REPLY_CREATE && is_warm_asked(&table->throughput))
		write_warm(out, table, &table->throughput, "UPDATING");
	else if (kind == DYN_TABLE_REPLY_DESCRIBE || kind == DYN_TABLE_REPLY_UPDATE)
		write_warm(out, table, &table->throughput, warm_status);
	dyn_json_write_object_end(out);
}

void
dyn_table_reply_continuous_backups(StringInfo out)
{
	dyn_json_write_object_start(out);
	dyn_json_write_member(out, "ContinuousBackupsDescription");
	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "ContinuousBackupsStatus", "ENABLED");
	dyn_json_write_member(out, "PointInTimeRecoveryDescription");
	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "PointInTimeRecoveryStatus", "DISABLED");
	dyn_json_write_object_end(out);
	dyn_json_write_object_end(out);
	dyn_json_write_object_end(out);
}

static bool
is_warm_asked(const DynThroughput *throughput)
{
	return throughput->warm_read_units != 0 || throughput->warm_write_units != 0;
}

static void
write_definitions(StringInfo out, const DynTable *table)
{
	DynAttributeDefinition *sorted = palloc(sizeof(DynAttributeDefinition) * Max(table->definition_count, 1));

	memcpy(sorted, table->definitions, sizeof(DynAttributeDefinition) * table->definition_count);
	qsort(sorted, table->definition_count, sizeof(DynAttributeDefinition), compare_definitions);
	dyn_json_write_member(out, "AttributeDefinitions");
	dyn_json_write_array_start(out);
	for (int i = 0; i < table->definition_count; i++)
	{
		dyn_json_write_object_start(out);
		dyn_json_write_member(out, "AttributeName");
		dyn_json_write_string(out, sorted[i].name);
		dyn_json_write_string_member(out, "AttributeType", dyn_value_type_name(sorted[i].type));
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
}

static int
compare_definitions(const void *a, const void *b)
{
	return dyn_text_compare(((const DynAttributeDefinition *) a)->name, ((const DynAttributeDefinition *) b)->name);
}

static int
compare_names(const void *a, const void *b)
{
	return dyn_text_compare(*(const DynStr *) a, *(const DynStr *) b);
}

static void
write_key_schema(StringInfo out, const DynKeySchema *schema)
{
	dyn_json_write_member(out, "KeySchema");
	dyn_json_write_array_start(out);
	for (int i = 0; i < dyn_key_part_count(schema); i++)
	{
		dyn_json_write_object_start(out);
		dyn_json_write_member(out, "AttributeName");
		dyn_json_write_string(out, schema->parts[i].name);
		dyn_json_write_string_member(out, "KeyType", schema->parts[i].is_hash ? "HASH" : "RANGE");
		dyn_json_write_object_end(out);
	}
	dyn_json_write_array_end(out);
}

static void
write_throughput(StringInfo out, const DynThroughput *throughput, bool on_demand)
{
	dyn_json_write_member(out, "ProvisionedThroughput");
	dyn_json_write_object_start(out);
	if (throughput->last_increase != 0)
		dyn_reply_timestamp_member(out, "LastIncreaseDateTime", throughput->last_increase);
	if (throughput->last_decrease != 0)
		dyn_reply_timestamp_member(out, "LastDecreaseDateTime", throughput->last_decrease);
	dyn_json_write_integer_member(out, "NumberOfDecreasesToday", dyn_table_decreases_today(throughput, dyn_clock_now()));
	dyn_json_write_integer_member(out, "ReadCapacityUnits", on_demand ? 0 : throughput->read_units);
	dyn_json_write_integer_member(out, "WriteCapacityUnits", on_demand ? 0 : throughput->write_units);
	dyn_json_write_object_end(out);
}

static void
write_on_demand(StringInfo out, const DynThroughput *throughput)
{
	if (!throughput->has_on_demand)
		return;
	dyn_json_write_member(out, "OnDemandThroughput");
	dyn_json_write_object_start(out);
	if (throughput->max_read_units != 0)
		dyn_json_write_integer_member(out, "MaxReadRequestUnits", throughput->max_read_units);
	if (throughput->max_write_units != 0)
		dyn_json_write_integer_member(out, "MaxWriteRequestUnits", throughput->max_write_units);
	dyn_json_write_object_end(out);
}

static void
write_warm(StringInfo out, const DynTable *table, const DynThroughput *throughput, const char *status)
{
	dyn_json_write_member(out, "WarmThroughput");
	dyn_json_write_object_start(out);
	dyn_json_write_integer_member(out, "ReadUnitsPerSecond", dyn_table_warm_units(throughput, table->on_demand, true));
	dyn_json_write_integer_member(out, "WriteUnitsPerSecond", dyn_table_warm_units(throughput, table->on_demand, false));
	dyn_json_write_string_member(out, "Status", status);
	dyn_json_write_object_end(out);
}

static void
write_projection(StringInfo out, const DynIndex *index)
{
	static const char *const names[] = {"ALL", "KEYS_ONLY", "INCLUDE"};

	dyn_json_write_member(out, "Projection");
	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "ProjectionType", names[index->projection]);
	if (index->non_key_count > 0)
	{
		DynStr	   *sorted = palloc(sizeof(DynStr) * index->non_key_count);

		memcpy(sorted, index->non_key, sizeof(DynStr) * index->non_key_count);
		qsort(sorted, index->non_key_count, sizeof(DynStr), compare_names);
		dyn_json_write_member(out, "NonKeyAttributes");
		dyn_json_write_array_start(out);
		for (int i = 0; i < index->non_key_count; i++)
			dyn_json_write_string(out, sorted[i]);
		dyn_json_write_array_end(out);
	}
	dyn_json_write_object_end(out);
}

static void
write_index(StringInfo out, const DynTable *table, const DynIndex *index, DynTableReply kind)
{
	int64		items = 0;
	int64		bytes = 0;

	if (kind != DYN_TABLE_REPLY_CREATE)
		dyn_table_size_count(table, index, &items, &bytes);
	dyn_json_write_object_start(out);
	dyn_json_write_string_member(out, "IndexName", index->name);
	write_key_schema(out, &index->keys);
	write_projection(out, index);
	if (index->global)
	{
		dyn_json_write_string_member(out, "IndexStatus", kind == DYN_TABLE_REPLY_CREATE ? "CREATING" :
									 status_name(index->status, DYN_TABLE_REPLY_DESCRIBE));
		if (index->backfilling)
			dyn_json_write_boolean_member(out, "Backfilling", true);
		write_throughput(out, &index->throughput, table->on_demand);
		write_on_demand(out, &index->throughput);
		if (kind != DYN_TABLE_REPLY_CREATE)
			write_warm(out, table, &index->throughput, "ACTIVE");
	}
	dyn_json_write_integer_member(out, "IndexSizeBytes", bytes);
	dyn_json_write_integer_member(out, "ItemCount", items);
	dyn_json_write_string_member(out, "IndexArn", dyn_arn_index(table->name, index->name));
	dyn_json_write_object_end(out);
}

static void
write_indexes(StringInfo out, const DynTable *table, bool global, const char *member, DynTableReply kind)
{
	bool		open = false;

	for (int i = 0; i < table->index_count; i++)
	{
		if (table->indexes[i].global != global)
			continue;
		if (!open)
		{
			dyn_json_write_member(out, member);
			dyn_json_write_array_start(out);
			open = true;
		}
		write_index(out, table, &table->indexes[i], kind);
	}
	if (open)
		dyn_json_write_array_end(out);
}

/* The moment of a change of billing is told once the change is done. */
static void
write_settings(StringInfo out, const DynTable *table, DynTableReply kind, const char *sse_status)
{
	if (table->has_billing_mode)
	{
		dyn_json_write_member(out, "BillingModeSummary");
		dyn_json_write_object_start(out);
		dyn_json_write_string_member(out, "BillingMode", table->on_demand ? "PAY_PER_REQUEST" : "PROVISIONED");
		if (table->on_demand_since != 0 && kind != DYN_TABLE_REPLY_CREATE)
			dyn_reply_timestamp_member(out, "LastUpdateToPayPerRequestDateTime", table->on_demand_since);
		dyn_json_write_object_end(out);
	}
	if (table->table_class != NULL)
	{
		dyn_json_write_member(out, "TableClassSummary");
		dyn_json_write_object_start(out);
		dyn_json_write_string_member(out, "TableClass", table->table_class);
		if (table->table_class_changed != 0)
			dyn_reply_timestamp_member(out, "LastUpdateDateTime", table->table_class_changed);
		dyn_json_write_object_end(out);
	}
	if (table->sse_type != NULL)
	{
		dyn_json_write_member(out, "SSEDescription");
		dyn_json_write_object_start(out);
		dyn_json_write_string_member(out, "Status", sse_status);
		dyn_json_write_string_member(out, "SSEType", table->sse_type);
		write_key_arn(out, table->sse_key);
		dyn_json_write_object_end(out);
	}
	dyn_json_write_boolean_member(out, "DeletionProtectionEnabled", table->deletion_protection);
}

/* A key is given by its ARN, its identifier or an alias; without one it is the service's own. */
static void
write_key_arn(StringInfo out, const char *key)
{
	if (key == NULL)
		key = "alias/aws/dynamodb";
	if (strncmp(key, "arn:", 4) != 0)
		key = dyn_arn_key(key);
	dyn_json_write_string_member(out, "KMSMasterKeyArn", key);
}

static void
write_stream(StringInfo out, const DynTable *table)
{
	if (table->stream_view != NULL)
	{
		dyn_json_write_member(out, "StreamSpecification");
		dyn_json_write_object_start(out);
		dyn_json_write_boolean_member(out, "StreamEnabled", true);
		dyn_json_write_string_member(out, "StreamViewType", table->stream_view);
		dyn_json_write_object_end(out);
	}
	if (table->stream_label != NULL)
	{
		dyn_json_write_string_member(out, "LatestStreamLabel", table->stream_label);
		dyn_json_write_string_member(out, "LatestStreamArn", dyn_arn_stream(table->name, table->stream_label));
	}
}
