/*
 * Reads where a page of Query or Scan begins and where it must end.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "item/item_json.h"
#include "request/error_layer.h"
#include "request/page_params.h"
#include "store/key_columns.h"

static void
reject(const char *reason)
{
	if (reason == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_START_KEY_INVALID);
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_START_KEY_INVALID_BECAUSE, reason);
}

/* What Select asks for must go together with the rest of the request.  Query and Scan count these errors. */
static void
check_select(const DynJson *body)
{
	DynStr		select = dyn_json_get_string(body, "Select");
	bool		old = dyn_json_get(body, "AttributesToGet") != NULL;
	bool		projects = old || dyn_json_get(body, "ProjectionExpression") != NULL;
	bool		specific = dyn_text_equal_cstring(select, "SPECIFIC_ATTRIBUTES");

	if (select.data == NULL)
		return;
	dyn_error_layer_enter(DYN_PHASE_SELECT);
	if (specific && !projects)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SELECT_SPECIFIC_NEEDS_ATTRIBUTES);
	if (!specific && projects)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SELECT_WITH_ATTRIBUTES,
				  old ? "AttributesToGet" : "ProjectionExpression",
				  dyn_text_equal_cstring(select, "COUNT") ? "only the Count" : dyn_text_to_cstring(select));
	if (dyn_text_equal_cstring(select, "ALL_PROJECTED_ATTRIBUTES") && dyn_json_get(body, "IndexName") == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SELECT_PROJECTED_NEEDS_INDEX);
	dyn_error_layer_enter(DYN_PHASE_REQUEST);
}

void
dyn_page_params_read(const DynJson *body, bool is_query, DynPageParams *page)
{
	const DynJson *start = dyn_json_get(body, "ExclusiveStartKey");
	const DynJson *segment = dyn_json_get(body, "Segment");
	const DynJson *segments = dyn_json_get(body, "TotalSegments");

	memset(page, 0, sizeof(*page));
	page->limit = dyn_json_get_int32(body, "Limit", 0);
	page->is_query = is_query;
	page->old_condition = dyn_json_get(body, "KeyConditions") != NULL;
	if (start != NULL)
	{
		if (!is_query)
			dyn_error_wrap(DYN_MSG_START_KEY_INVALID_PREFIX, "");
		page->start = dyn_item_json_read(start);
		dyn_error_unwrap();
	}
	check_select(body);
	if (segment != NULL && segments == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SEGMENT_WITHOUT_TOTAL);
	if (segment == NULL && segments != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOTAL_WITHOUT_SEGMENT);
	if (segments != NULL)
	{
		page->segment = dyn_json_int32(segment);
		page->segments = dyn_json_int32(segments);
		if (page->segment >= page->segments)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SEGMENT_TOO_LARGE, page->segment, page->segments);
	}
}

/* As AWS prints a key: "{p=AttributeValue: {S:x}}" */
static char *
start_key_text(const DynItem *key)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (int i = 0; i < key->count; i++)
	{
		const DynValue *value = &key->attributes[i].value;
		DynStr		content = {"", 0};

		if (value->type == DYN_TYPE_S)
			content = value->text;
		else if (value->type == DYN_TYPE_N)
			content = dyn_number_text(value->number);
		appendStringInfo(&text, "%s%s=AttributeValue: {%s:%s}", i > 0 ? ", " : "",
						 dyn_text_printable(key->attributes[i].name), dyn_value_type_name(value->type),
						 dyn_text_printable(content));
	}
	appendStringInfoChar(&text, '}');
	return text.data;
}

void
dyn_page_params_fit_keys(const DynPageParams *page, const DynTable *table, const DynIndex *index, DynKey *index_key,
						 DynKey *table_key)
{
	const DynKeySchema *queried = index ? &index->keys : &table->keys;
	int			expected = dyn_key_part_count(&table->keys);
	/* a query with KeyConditionExpression gives no reason */
	bool		bare = page->is_query && !page->old_condition;
	const char *mismatch = bare ? NULL : DYN_MSG_KEY_DOES_NOT_MATCH;

	if (index != NULL)
	{
		for (int i = 0; i < dyn_key_part_count(&index->keys); i++)
			if (dyn_key_part_find(&table->keys, index->keys.parts[i].name) == NULL)
				expected++;
	}
	if (page->start->count != expected)
		reject(index != NULL || page->is_query ? NULL : mismatch);
	/* what is queried, or an index, has a text without the beginning for a part of another type */
	for (int i = 0; (index != NULL || page->is_query) && i < dyn_key_part_count(queried); i++)
	{
		const DynValue *value = dyn_item_get(page->start, queried->parts[i].name);

		if (value == NULL)
			reject(NULL);
		if (value->type != queried->parts[i].type)
			dyn_error(DYN_ERR_VALIDATION, "%s", bare ? DYN_MSG_START_KEY_INVALID : mismatch);
	}
	if (!dyn_key_from_item(&table->keys, page->start, table_key))
		reject(mismatch);
	if (index != NULL && !dyn_key_from_item(&index->keys, page->start, index_key))
		reject(mismatch);

	/* an empty string can be no key, so no page can have ended there */
	for (int i = 0; i < page->start->count; i++)
	{
		const DynAttribute *attribute = &page->start->attributes[i];

		if (attribute->value.type != DYN_TYPE_N && attribute->value.text.len == 0)
			dyn_error(DYN_ERR_VALIDATION, page->is_query ? DYN_MSG_KEY_VALUE_EMPTY : DYN_MSG_START_KEY_VALUE_EMPTY,
					  attribute->value.type == DYN_TYPE_S ? "string" : "binary", dyn_text_printable(attribute->name));
	}
}

/* Of a key outside the hash, AWS's text depends on whether there is a condition on the range key, too. */
void
dyn_page_params_fit_range(const DynPageParams *page, const DynKeySchema *schema, bool is_index,
						  const DynKeyRange *range, const DynKey *key)
{
	DynKeyRange range_only = *range;
	bool		has_range = range->equal_count > 0 || range->has_lower || range->has_upper || range->has_prefix;

	/* the one item of a hash key has nothing after it */
	if (!is_index && schema->range_count == 0)
	{
		if (dyn_key_condition_matches(range, key, schema))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_START_KEY_EXCLUSIVE_INVALID, start_key_text(page->start));
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_START_KEY_EXCLUSIVE_OTHER);
	}
	range_only.hash.count = 0;
	if (!dyn_key_condition_matches(&range_only, key, schema))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_START_KEY_RANGE_PREDICATE);
	for (int i = 0; i < schema->hash_count; i++)
		if (!dyn_value_equal(&key->values[i], &range->hash.values[i]))
			dyn_error(DYN_ERR_VALIDATION, "%s", has_range ? DYN_MSG_START_KEY_AT_MOST_ONE_ROW : DYN_MSG_START_KEY_OUTSIDE);
}
