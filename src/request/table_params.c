/*
 * Reads CreateTable's parameters, with the checks that AWS makes before it creates anything.
 *
 * The model has checked types, lengths, patterns and enums; here is what one member says about another.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "base/error.h"
#include "base/guc.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "request/java_order.h"
#include "request/table_params.h"
#include "request/throughput_params.h"

#define TOO_MANY_INDEXES 1000	/* so many are refused unread */

static void read_key_schema(const DynJson *json, const DynTableDefinition *definition, const char *index_name,
							bool global, DynKeySchema *schema);
static void read_billing(const DynJson *body, DynTableDefinition *definition);
static void read_indexes(const DynJson *body, DynTableDefinition *definition);
static void check_local_index(const DynTableDefinition *definition, const DynIndex *index);
static void read_index_keys(const DynJson *list, bool global, DynTableDefinition *definition);
static void read_index_rest(const DynJson *list, int first, DynTableDefinition *definition);
static void check_definitions_used(const DynTableDefinition *definition);
static void refuse_unsupported(const DynJson *body);
static void check_quotas(const DynTableDefinition *definition);

char *
dyn_table_params_resolve(DynStr name)
{
	DynArn		arn;

	if (!dyn_text_starts_with(name, DYN_STR("arn:")))
		return dyn_text_to_cstring(name);
	if (!dyn_arn_parse(name, &arn))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_FORMAT, dyn_text_printable(name));
	if (!dyn_text_equal_cstring(arn.partition, "aws"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_PARTITION, dyn_text_printable(name));
	if (!dyn_text_equal_cstring(arn.region, dyn_guc_region))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_REGION, dyn_text_printable(name));
	if (!dyn_text_equal_cstring(arn.service, "dynamodb") || arn.table.data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_RESOURCE_TYPE, dyn_text_printable(name));
	/* what belongs to another account is hidden, whether it exists or not */
	if (!dyn_text_equal_cstring(arn.account, dyn_guc_account_id))
		dyn_error(DYN_ERR_ACCESS_DENIED, DYN_MSG_ACCESS_DENIED);
	return dyn_text_to_cstring(arn.table);
}

char *
dyn_table_params_name(const DynJson *body)
{
	return dyn_table_params_resolve(dyn_json_get_string(body, "TableName"));
}

void
dyn_table_params_read(const DynJson *body, DynTableDefinition *definition)
{
	memset(definition, 0, sizeof(*definition));
	definition->name = dyn_table_params_name(body);
	definition->status = DYN_TABLE_ACTIVE;
	definition->created = GetCurrentTimestamp();

	read_billing(body, definition);
	dyn_table_params_definitions(dyn_json_get(body, "AttributeDefinitions"), definition);
	read_key_schema(dyn_json_get(body, "KeySchema"), definition, NULL, false, &definition->keys);
	read_indexes(body, definition);
	definition->stream_view = dyn_table_params_stream(dyn_json_get(body, "StreamSpecification"));
	dyn_table_params_sse(dyn_json_get(body, "SSESpecification"), definition);
	definition->table_class = dyn_table_params_class(body);
	definition->deletion_protection = dyn_json_get_boolean(body, "DeletionProtectionEnabled", false);
	refuse_unsupported(body);
	check_quotas(definition);
}

char *
dyn_table_params_class(const DynJson *body)
{
	char	   *name = dyn_json_get_cstring(body, "TableClass");

	if (name != NULL && strcmp(name, "STANDARD") != 0 && strcmp(name, "STANDARD_INFREQUENT_ACCESS") != 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TABLE_CLASS_INVALID);
	return name;
}

static void
read_billing(const DynJson *body, DynTableDefinition *definition)
{
	const DynJson *throughput = dyn_json_get(body, "ProvisionedThroughput");
	DynStr		mode = dyn_json_get_string(body, "BillingMode");

	definition->on_demand = mode.data != NULL && dyn_text_equal_cstring(mode, "PAY_PER_REQUEST");
	if (definition->on_demand)
	{
		definition->has_billing_mode = true;
		definition->on_demand_since = definition->created;
		if (throughput != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_ON_DEMAND);
	}
	else
	{
		if (throughput == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CAPACITY_MISSING);
		dyn_throughput_params_units(throughput, &definition->throughput);
	}
	dyn_throughput_params_on_demand(dyn_json_get(body, "OnDemandThroughput"), NULL, definition->on_demand,
									DYN_THROUGHPUT_CREATES_TABLE, &definition->throughput);
	dyn_throughput_params_warm(dyn_json_get(body, "WarmThroughput"), NULL, definition->on_demand, &definition->throughput);
}

static const DynAttributeDefinition *
find_definition(const DynTableDefinition *definition, DynStr name)
{
	for (int i = 0; i < definition->definition_count; i++)
		if (dyn_text_equal(definition->definitions[i].name, name))
			return &definition->definitions[i];
	return NULL;
}

/* "a, b" */
static char *
definition_names(const DynTableDefinition *definition)
{
	DynStr	   *names = palloc(sizeof(DynStr) * Max(definition->definition_count, 1));

	for (int i = 0; i < definition->definition_count; i++)
		names[i] = definition->definitions[i].name;
	dyn_java_order_sort(names, definition->definition_count, definition->definition_count);
	return dyn_java_order_join(names, definition->definition_count);
}

/* The different names of a key schema. */
static int
key_names(const DynJson *key_schema, DynStr **names)
{
	int			count = 0;

	*names = palloc(sizeof(DynStr) * Max(dyn_json_count(key_schema), 1));
	for (const DynJson *element = dyn_json_first(key_schema); element != NULL; element = dyn_json_next(element))
	{
		DynStr		name = dyn_json_get_string(element, "AttributeName");
		bool		known = false;

		for (int i = 0; i < count && !known; i++)
			known = dyn_text_equal((*names)[i], name);
		if (!known)
			(*names)[count++] = name;
	}
	return count;
}

void
dyn_table_params_definitions(const DynJson *json, DynTableDefinition *definition)
{
	/* no table needs more than its keys and those of 25 indexes */
	int			limit = 2 + (DYN_MAX_GLOBAL_INDEXES + DYN_MAX_LOCAL_INDEXES) * 2 * DYN_MAX_INDEX_KEY_PARTS;
	int			count = dyn_json_count(json);

	if (count > limit)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_ATTRIBUTE_DEFINITIONS, limit);
	definition->definitions = palloc(sizeof(DynAttributeDefinition) * Max(count, 1));
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
	{
		DynAttributeDefinition *one = &definition->definitions[definition->definition_count];

		one->name = dyn_json_get_string(element, "AttributeName");
		(void) dyn_value_type_from_name(dyn_json_get_string(element, "AttributeType"), &one->type);
		if (find_definition(definition, one->name) != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ATTRIBUTE_DEFINED_TWICE, dyn_text_printable(one->name));
		definition->definition_count++;
	}
}

static void
check_key_order(const DynJson *json, bool global)
{
	const DynJson *first = dyn_json_first(json);
	const DynJson *second = dyn_json_next(first);

	if (!dyn_text_equal_cstring(dyn_json_get_string(first, "KeyType"), "HASH"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_FIRST_KEY_NOT_HASH);
	if (second == NULL)
		return;
	if (!global && !dyn_text_equal_cstring(dyn_json_get_string(second, "KeyType"), "RANGE"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SECOND_KEY_NOT_RANGE);
}

static void
add_key_part(const DynJson *element, const DynTableDefinition *definition, DynKeySchema *schema)
{
	DynKeyPart	part;
	const DynAttributeDefinition *attribute;

	part.name = dyn_json_get_string(element, "AttributeName");
	part.is_hash = dyn_text_equal_cstring(dyn_json_get_string(element, "KeyType"), "HASH");
	part.column = -1;
	attribute = find_definition(definition, part.name);
	part.type = attribute->type;
	if (dyn_key_part_find(schema, part.name) != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_ATTRIBUTES_SAME_NAME);
	if (part.is_hash && schema->range_count > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_HASH_BEFORE_RANGE);
	if (part.is_hash ? schema->hash_count == DYN_MAX_INDEX_KEY_PARTS : schema->range_count == DYN_MAX_INDEX_KEY_PARTS)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_KEY_ATTRIBUTES, part.is_hash ? "HASH" : "RANGE");
	schema->parts[schema->hash_count + schema->range_count] = part;
	if (part.is_hash)
		schema->hash_count++;
	else
		schema->range_count++;
}

/* index_name NULL: the table's own; only global indexes may have keys of several attributes */
static void
read_key_schema(const DynJson *json, const DynTableDefinition *definition, const char *index_name, bool global,
				DynKeySchema *schema)
{
	DynStr	   *names;
	int			count = key_names(json, &names);

	if (count > definition->definition_count ||
		(index_name == NULL && dyn_json_count(json) > definition->definition_count))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_KEY_NO_DEFINITION);
	for (int i = 0; i < count; i++)
	{
		if (find_definition(definition, names[i]) != NULL)
			continue;
		dyn_java_order_sort(names, count, count);
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_KEYS_NOT_DEFINED,
				  dyn_java_order_join(names, count), definition_names(definition));
	}
	if (dyn_json_count(json) == 2 && dyn_text_equal(dyn_json_get_string(dyn_json_first(json), "AttributeName"),
													dyn_json_get_string(dyn_json_next(dyn_json_first(json)), "AttributeName")))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_HASH_AND_RANGE_SAME_NAME);
	check_key_order(json, global);
	if (!global && dyn_json_count(json) > 2)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_SCHEMA_TOO_BIG);
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
		add_key_part(element, definition, schema);
}

static void
read_projection(const DynJson *json, DynIndex *index)
{
	DynStr		type = dyn_json_get_string(json, "ProjectionType");
	const DynJson *non_key = dyn_json_get(json, "NonKeyAttributes");

	if (type.data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PROJECTION_TYPE_NULL);
	index->projection = dyn_text_equal_cstring(type, "ALL") ? DYN_PROJECT_ALL :
		dyn_text_equal_cstring(type, "INCLUDE") ? DYN_PROJECT_INCLUDE : DYN_PROJECT_KEYS_ONLY;
	if (non_key != NULL && index->projection != DYN_PROJECT_INCLUDE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PROJECTION_WITH_ATTRIBUTES, dyn_text_to_cstring(type));
	if (non_key == NULL && index->projection == DYN_PROJECT_INCLUDE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PROJECTION_WITHOUT_ATTRIBUTES);
	if (non_key == NULL)
		return;
	index->non_key = palloc(sizeof(DynStr) * Max(dyn_json_count(non_key), 1));
	for (const DynJson *name = dyn_json_first(non_key); name != NULL; name = dyn_json_next(name))
	{
		for (int i = 0; i < index->non_key_count; i++)
			if (dyn_text_equal(index->non_key[i], dyn_json_string(name)))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NON_KEY_ATTRIBUTE_TWICE,
						  dyn_text_printable(dyn_json_string(name)));
		index->non_key[index->non_key_count++] = dyn_json_string(name);
	}
}

void
dyn_table_params_index_keys(const DynJson *json, bool global, const DynTableDefinition *definition, DynIndex *index)
{
	index->name = dyn_json_get_cstring(json, "IndexName");
	index->global = global;
	index->status = DYN_TABLE_ACTIVE;
	read_key_schema(dyn_json_get(json, "KeySchema"), definition, index->name, global, &index->keys);
}

void
dyn_table_params_index(const DynJson *json, const DynTableDefinition *definition, DynThroughputUse use, DynIndex *index)
{
	const DynJson *throughput = dyn_json_get(json, "ProvisionedThroughput");
	bool		updates = use == DYN_THROUGHPUT_UPDATES_TABLE;

	if (!index->global)
		check_local_index(definition, index);
	read_projection(dyn_json_get(json, "Projection"), index);
	if (!index->global)
		return;

	if (definition->on_demand && throughput != NULL && updates)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEW_INDEX_CAPACITY_ON_DEMAND, index->name);
	if (definition->on_demand && throughput != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_CAPACITY_ON_DEMAND, index->name);
	if (!definition->on_demand && throughput == NULL && updates)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NEW_INDEX_CAPACITY_MISSING, index->name);
	if (!definition->on_demand && throughput == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_CAPACITY_MISSING, index->name);
	if (throughput != NULL)
		dyn_throughput_params_units(throughput, &index->throughput);
	/* a new index has nothing that -1 could take away */
	dyn_throughput_params_on_demand(dyn_json_get(json, "OnDemandThroughput"), index->name, definition->on_demand,
									DYN_THROUGHPUT_CREATES_TABLE, &index->throughput);
	dyn_throughput_params_warm(dyn_json_get(json, "WarmThroughput"), index->name, definition->on_demand,
							   &index->throughput);
}

static void
check_local_index(const DynTableDefinition *definition, const DynIndex *index)
{
	if (index->keys.range_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_LOCAL_INDEX_WITHOUT_RANGE, index->name);
	if (!dyn_text_equal(index->keys.parts[0].name, definition->keys.parts[0].name))
		dyn_error(DYN_ERR_VALIDATION,
				  DYN_MSG_LOCAL_INDEX_HASH_KEY, index->name,
				  dyn_text_printable(index->keys.parts[0].name), dyn_text_printable(definition->keys.parts[0].name));
}

/* Keys come first: a definition that nothing uses is reported before anything else about indexes. */
static void
read_indexes(const DynJson *body, DynTableDefinition *definition)
{
	const DynJson *local = dyn_json_get(body, "LocalSecondaryIndexes");
	const DynJson *global = dyn_json_get(body, "GlobalSecondaryIndexes");
	int			local_count = local ? dyn_json_count(local) : 0;
	int			global_count = global ? dyn_json_count(global) : 0;
	int			non_key = 0;

	if (local != NULL && local_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_LOCAL_INDEXES_EMPTY);
	if (global != NULL && global_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_GLOBAL_INDEXES_EMPTY);
	if (local != NULL && definition->keys.range_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_LOCAL_INDEX_TABLE_WITHOUT_RANGE);
	if (local_count > TOO_MANY_INDEXES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_LOCAL_INDEXES, DYN_MAX_LOCAL_INDEXES);
	if (global_count > TOO_MANY_INDEXES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_GLOBAL_INDEXES, DYN_MAX_GLOBAL_INDEXES);

	definition->indexes = palloc0(sizeof(DynIndex) * (local_count + global_count + 1));
	read_index_keys(local, false, definition);
	read_index_keys(global, true, definition);
	check_definitions_used(definition);
	read_index_rest(local, 0, definition);
	if (local_count > DYN_MAX_LOCAL_INDEXES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_LOCAL_INDEXES, DYN_MAX_LOCAL_INDEXES);
	read_index_rest(global, local_count, definition);
	if (global_count > DYN_MAX_GLOBAL_INDEXES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_GLOBAL_INDEXES, DYN_MAX_GLOBAL_INDEXES);

	for (int i = 0; i < definition->index_count; i++)
		non_key += definition->indexes[i].non_key_count;
	if (non_key > DYN_MAX_NON_KEY_ATTRIBUTES)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_NON_KEY_ATTRIBUTES, DYN_MAX_NON_KEY_ATTRIBUTES);
}

static void
read_index_keys(const DynJson *list, bool global, DynTableDefinition *definition)
{
	for (const DynJson *json = list ? dyn_json_first(list) : NULL; json != NULL; json = dyn_json_next(json))
		dyn_table_params_index_keys(json, global, definition, &definition->indexes[definition->index_count++]);
}

/* first: the list's first index among the table's. */
static void
read_index_rest(const DynJson *list, int first, DynTableDefinition *definition)
{
	DynIndex   *index = &definition->indexes[first];

	for (const DynJson *json = list ? dyn_json_first(list) : NULL; json != NULL; json = dyn_json_next(json), index++)
	{
		dyn_table_params_index(json, definition, DYN_THROUGHPUT_CREATES_TABLE, index);
		for (const DynIndex *other = definition->indexes; other < index; other++)
			if (strcmp(other->name, index->name) == 0)
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_NAME_TWICE, index->name);
	}
}

/* An attribute that is no key of anything has no place among the definitions. */
static void
check_definitions_used(const DynTableDefinition *definition)
{
	DynStr	   *used = palloc(sizeof(DynStr) * Max(definition->definition_count, 1));
	int			used_count = 0;

	for (int i = 0; i < definition->definition_count; i++)
	{
		DynStr		name = definition->definitions[i].name;
		bool		is_key = dyn_key_part_find(&definition->keys, name) != NULL;

		for (int j = 0; j < definition->index_count && !is_key; j++)
			is_key = dyn_key_part_find(&definition->indexes[j].keys, name) != NULL;
		if (is_key)
			used[used_count++] = name;
	}
	if (used_count == definition->definition_count)
		return;
	if (definition->index_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEYS_AND_DEFINITIONS_COUNT);
	dyn_java_order_sort(used, used_count, 0);
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_DEFINITIONS_NOT_USED, definition_names(definition),
			  dyn_java_order_join(used, used_count));
}

const char *
dyn_table_params_stream(const DynJson *json)
{
	char	   *view = dyn_json_get_cstring(json, "StreamViewType");
	bool		enabled;

	if (json == NULL)
		return NULL;
	enabled = dyn_json_get_boolean(json, "StreamEnabled", false);
	if (enabled && view == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_WITHOUT_VIEW_TYPE);
	if (!enabled && view != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_DISABLED_WITH_VIEW_TYPE);
	return view;
}

/* Without Enabled, whatever speaks of a key enables. */
void
dyn_table_params_sse(const DynJson *json, DynTableDefinition *definition)
{
	DynStr		type;

	if (json == NULL)
		return;
	definition->sse_key = dyn_json_get_cstring(json, "KMSMasterKeyId");
	type = dyn_json_get_string(json, "SSEType");
	if (!dyn_json_get_boolean(json, "Enabled", type.data != NULL || definition->sse_key != NULL))
	{
		if (type.data != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SSE_TYPE_DISABLED);
		if (definition->sse_key != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SSE_KEY_DISABLED);
		return;
	}
	if (type.data != NULL && dyn_text_equal_cstring(type, "AES256"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SSE_AES256);
	if (definition->sse_key != NULL && type.data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SSE_KEY_WITHOUT_KMS);
	definition->sse_type = "KMS";
}

/* What would change what a table does, and is not there. */
static void
refuse_unsupported(const DynJson *body)
{
	if (dyn_json_get(body, "VectorIndexes") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VECTOR_INDEXES_UNSUPPORTED);
	if (dyn_json_get(body, "ResourcePolicy") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_POLICY_UNSUPPORTED);
}

static void
check_quotas(const DynTableDefinition *definition)
{
	dyn_throughput_params_check_quota(&definition->throughput, NULL);
	for (int i = 0; i < definition->index_count; i++)
		dyn_throughput_params_check_quota(&definition->indexes[i].throughput, definition->indexes[i].name);
}
