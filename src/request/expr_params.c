/*
 * Reads ExpressionAttributeNames, ExpressionAttributeValues and the expressions that use them.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_parse.h"
#include "expr/legacy_param.h"
#include "item/item_json.h"
#include "request/expr_params.h"

/* in the order in which AWS lists them */
static const struct
{
	int			flag;
	const char *name;
	bool		uses_values;
}			expressions[] = {
	{DYN_EXPR_UPDATE, "UpdateExpression", true},
	{DYN_EXPR_PROJECTION, "ProjectionExpression", false},
	{DYN_EXPR_FILTER, "FilterExpression", true},
	{DYN_EXPR_CONDITION, "ConditionExpression", true},
	{DYN_EXPR_KEY_CONDITION, "KeyConditionExpression", true},
};

/* legacy parameters, and the expressions beside which they would apply */
static const struct
{
	int			flags;
	const char *name;
}			legacy_parameters[] = {
	{DYN_EXPR_PROJECTION, "AttributesToGet"},
	{DYN_EXPR_UPDATE, "AttributeUpdates"},
	{DYN_EXPR_FILTER, "QueryFilter"},
	{DYN_EXPR_FILTER, "ScanFilter"},
	{DYN_EXPR_CONDITION, "Expected"},
	{DYN_EXPR_CONDITION | DYN_EXPR_FILTER, "ConditionalOperator"},
	{DYN_EXPR_KEY_CONDITION, "KeyConditions"},
};

static void check_no_empty_names(const DynJson *names);
static void read_names(const DynJson *json, DynBindings *bindings);
static void read_values(const DynJson *json, bool transaction, DynBindings *bindings);

static void
append_to_list(StringInfo list, const char *separator, const char *name)
{
	if (list->len > 0)
		appendStringInfoString(list, separator);
	appendStringInfoString(list, name);
}

void
dyn_expr_params_check(const DynJson *body, int which)
{
	StringInfoData given;
	StringInfoData legacy;
	StringInfoData takes_values;
	bool		values_usable = false;
	int			takers = 0;

	check_no_empty_names(dyn_json_get(body, "ExpressionAttributeNames"));
	initStringInfo(&given);
	initStringInfo(&legacy);
	initStringInfo(&takes_values);
	for (int i = 0; i < lengthof(expressions); i++)
	{
		bool		present;

		if (!(which & expressions[i].flag))
			continue;
		present = dyn_json_get(body, expressions[i].name) != NULL;
		if (present)
			append_to_list(&given, ", ", expressions[i].name);
		if (expressions[i].uses_values)
		{
			append_to_list(&takes_values, " and ", expressions[i].name);
			takers++;
			values_usable |= present;
		}
	}

	if (given.len > 0)
	{
		for (int i = 0; i < lengthof(legacy_parameters); i++)
		{
			if (!(which & legacy_parameters[i].flags) || dyn_json_get(body, legacy_parameters[i].name) == NULL)
				continue;
			/* the key condition alone may be of the old kind beside new expressions */
			if (legacy_parameters[i].flags == DYN_EXPR_KEY_CONDITION && dyn_json_get(body, "KeyConditionExpression") == NULL)
				continue;
			append_to_list(&legacy, ", ", legacy_parameters[i].name);
		}
		if (legacy.len > 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MIXED_PARAMETERS, legacy.data, given.data);
	}
	else if (dyn_json_get(body, "ExpressionAttributeNames") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NAMES_WITHOUT_EXPRESSION);

	if (takers == 0 || values_usable || dyn_json_get(body, "ExpressionAttributeValues") == NULL)
		return;
	if (!dyn_error_is_older())
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUES_WITHOUT_EXPRESSION);
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUES_WITHOUT_THESE, takes_values.data, takers > 1 ? "are" : "is");
}

/* AWS looks for these before it asks what the names are for, and how they are written. */
static void
check_no_empty_names(const DynJson *names)
{
	for (const DynJson *child = names ? dyn_json_first(names) : NULL; child != NULL; child = dyn_json_next(child))
		if (dyn_json_string(child).len == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NAMES_EMPTY_NAME, dyn_text_printable(dyn_json_name(child)));
}

/* the older layer tells the size of conditions and Scan's filter; without it, whoever parses them refuses */
static void
check_size(DynStr text, const char *parameter)
{
	if (text.len > DYN_MAX_EXPRESSION_SIZE && dyn_error_is_older())
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CONDITION_TOO_LONG, parameter, text.len);
}

void
dyn_expr_params_read(const DynJson *body, int which, DynExprParams *params)
{
	if (which & DYN_EXPR_TRANSACTION)
		memset(params, 0, sizeof(*params));
	else
		dyn_expr_params_read_legacy(body, which, params);
	dyn_expr_params_read_expressions(body, which, params);
}

void
dyn_expr_params_read_expressions(const DynJson *body, int which, DynExprParams *params)
{
	const DynJson *json;
	bool		any = false;

	params->bindings = dyn_expr_bind_make();
	read_names(dyn_json_get(body, "ExpressionAttributeNames"), params->bindings);
	/* reads by key have no such member */
	if ((which & ~DYN_EXPR_TRANSACTION) != DYN_EXPR_PROJECTION)
		read_values(dyn_json_get(body, "ExpressionAttributeValues"), (which & DYN_EXPR_TRANSACTION) != 0, params->bindings);
	dyn_expr_bind_check_sizes(params->bindings);

	/* an empty condition is reported before an empty update */
	json = (which & DYN_EXPR_CONDITION) ? dyn_json_get(body, "ConditionExpression") : NULL;
	if (json != NULL && dyn_json_string(json).len == 0)
		dyn_expr_parse_fail("ConditionExpression", DYN_MSG_EXPRESSION_EMPTY);
	if ((which & DYN_EXPR_UPDATE) && (json = dyn_json_get(body, "UpdateExpression")) != NULL)
	{
		params->update = dyn_update_parse(dyn_json_string(json), params->bindings);
		dyn_expr_bind_check_usage(params->bindings, "UpdateExpression", dyn_json_string(json));
		any = true;
	}
	if ((which & DYN_EXPR_CONDITION) && (json = dyn_json_get(body, "ConditionExpression")) != NULL)
	{
		check_size(dyn_json_string(json), "ConditionExpression");
		params->condition = dyn_condition_parse(dyn_json_string(json), "ConditionExpression", params->bindings);
		dyn_expr_bind_check_usage(params->bindings, "ConditionExpression", dyn_json_string(json));
		any = true;
	}
	if ((which & DYN_EXPR_KEY_CONDITION) && (json = dyn_json_get(body, "KeyConditionExpression")) != NULL)
	{
		params->key_condition = dyn_key_condition_parse(dyn_json_string(json), params->bindings);
		dyn_expr_bind_check_usage(params->bindings, "KeyConditionExpression", dyn_json_string(json));
		any = true;
	}
	if ((which & DYN_EXPR_FILTER) && (json = dyn_json_get(body, "FilterExpression")) != NULL)
	{
		if (!(which & DYN_EXPR_KEY_CONDITION))
			check_size(dyn_json_string(json), "FilterExpression");
		params->filter = dyn_condition_parse(dyn_json_string(json), "FilterExpression", params->bindings);
		dyn_expr_bind_check_usage(params->bindings, "FilterExpression", dyn_json_string(json));
		any = true;
	}
	if ((which & DYN_EXPR_PROJECTION) && (json = dyn_json_get(body, "ProjectionExpression")) != NULL)
	{
		params->projection = dyn_projection_parse(dyn_json_string(json), params->bindings);
		dyn_expr_bind_check_usage(params->bindings, "ProjectionExpression", dyn_json_string(json));
		any = true;
	}
	if (any || !(which & DYN_EXPR_TRANSACTION))
		dyn_expr_bind_check(params->bindings, any);
	if (params->key_condition != NULL)
		dyn_key_condition_check(params->key_condition);
	if ((which & DYN_EXPR_KEY_CONDITION) && (json = dyn_json_get(body, "KeyConditions")) != NULL)
		params->key_condition = dyn_legacy_param_key_conditions(json);
}

/* The key attribute, in the order of the table's and then its indexes' schemas, that a path looks into. */
typedef struct KeyPathSearch
{
	const DynTable *table;
	int			rank;			/* PG_INT32_MAX: none yet */
	const char *role;
	DynStr		name;
} KeyPathSearch;

static void
note_key_path(void *arg, const DynPath *path)
{
	KeyPathSearch *search = arg;
	const DynTable *table = search->table;
	DynStr		name = path->steps[0].name;
	int			rank = 0;

	for (int i = -1; path->count > 1 && i < table->index_count; i++)
	{
		const DynKeySchema *keys = i < 0 ? &table->keys : &table->indexes[i].keys;

		for (int j = 0; j < dyn_key_part_count(keys); j++, rank++)
		{
			if (rank >= search->rank)
				return;
			if (!dyn_text_equal(keys->parts[j].name, name))
				continue;
			search->rank = rank;
			search->role = i < 0 ? "Key" : "IndexKey";
			search->name = name;
			return;
		}
	}
}

static void
check_found(const KeyPathSearch *search)
{
	if (search->role != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_KEY_PATH_NOT_SCALAR, search->role, dyn_text_printable(search->name));
}

void
dyn_expr_params_check_projection_keys(const DynExprParams *params, const DynTable *table)
{
	KeyPathSearch search = {.table = table, .rank = PG_INT32_MAX};

	if (params->projection == NULL)
		return;
	for (int i = 0; i < params->projection->count; i++)
		note_key_path(&search, &params->projection->paths[i]);
	check_found(&search);
}

void
dyn_expr_params_check_keys(const DynExprParams *params, const DynTable *table)
{
	const DynCondition *conditions[] = {params->condition, params->filter};

	dyn_expr_params_check_projection_keys(params, table);
	for (int i = 0; i < lengthof(conditions); i++)
	{
		KeyPathSearch search = {.table = table, .rank = PG_INT32_MAX};

		if (conditions[i] != NULL)
			dyn_condition_visit_paths(conditions[i], note_key_path, &search);
		check_found(&search);
	}
	if (params->update != NULL)
	{
		KeyPathSearch search = {.table = table, .rank = PG_INT32_MAX};

		dyn_update_visit_paths(params->update, note_key_path, &search);
		check_found(&search);
	}
}

static void
read_attributes_to_get(const DynJson *body, int which, DynExprParams *params)
{
	const DynJson *json = dyn_json_get(body, "AttributesToGet");

	if ((which & DYN_EXPR_PROJECTION) && json != NULL)
		params->projection = dyn_legacy_param_attributes_to_get(json);
}

/* The old parameters fill the same places; dyn_expr_params_check has refused mixtures. */
void
dyn_expr_params_read_legacy(const DynJson *body, int which, DynExprParams *params)
{
	const DynJson *conditional_operator = dyn_json_get(body, "ConditionalOperator");
	bool		is_query = (which & DYN_EXPR_KEY_CONDITION) != 0;
	const DynJson *json;

	memset(params, 0, sizeof(*params));
	/* a scan looks at them first, a query at its filter */
	if (!is_query)
		read_attributes_to_get(body, which, params);
	if ((which & DYN_EXPR_UPDATE) && (json = dyn_json_get(body, "AttributeUpdates")) != NULL)
		params->update = dyn_legacy_param_attribute_updates(json);
	if (which & DYN_EXPR_CONDITION)
	{
		json = dyn_json_get(body, "Expected");
		if (json != NULL || conditional_operator != NULL)
			params->condition = dyn_legacy_param_expected(json, conditional_operator);
	}
	if (which & DYN_EXPR_FILTER)
	{
		json = dyn_json_get(body, is_query ? "QueryFilter" : "ScanFilter");
		if (json != NULL || conditional_operator != NULL)
			params->filter = dyn_legacy_param_filter(json, conditional_operator);
	}
	if (is_query)
		read_attributes_to_get(body, which, params);
}

static void
read_names(const DynJson *json, DynBindings *bindings)
{
	if (json == NULL)
		return;
	bindings->has_names = true;
	check_no_empty_names(json);
	for (const DynJson *child = dyn_json_first(json); child != NULL; child = dyn_json_next(child))
		dyn_expr_bind_add_name(bindings, dyn_json_name(child), dyn_json_string(child));
	if (dyn_json_first(json) == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NAMES_EMPTY);
}

/* In transactions AWS looks at the nesting of values as such, and of what an update stores once more. */
static void
read_values(const DynJson *json, bool transaction, DynBindings *bindings)
{
	if (json == NULL)
		return;
	bindings->has_values = true;
	for (const DynJson *child = dyn_json_first(json); child != NULL; child = dyn_json_next(child))
		dyn_expr_bind_check_value_name(dyn_json_name(child));
	for (const DynJson *child = dyn_json_first(json); child != NULL; child = dyn_json_next(child))
	{
		DynStr		name = dyn_json_name(child);
		DynValue	value;

		if (dyn_error_is_older())
			dyn_error_wrap(DYN_MSG_VALUES_CONTAIN_INVALID, psprintf(" for key %s", dyn_text_printable(name)));
		if (transaction && dyn_item_json_free_value_is_too_deep(child))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ITEM_TOO_DEEP);
		value = transaction ? dyn_item_json_read_free_value(child) : dyn_item_json_read_value(child);
		dyn_error_unwrap();
		dyn_expr_bind_add_value(bindings, name, value);
	}
	if (dyn_json_first(json) == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUES_EMPTY);
}
