/*
 * What is wrong with a request body, in AWS's words.
 *
 * Only bodies that are refused come here.  Constraints are gathered in the order of the model, not of the document, so
 * that equal requests give equal messages.  Values and names of map entries in a message are cut at a length, and the
 * walk ends with the tenth error, as AWS's does: the text is short whatever the body.
 */
#include "postgres.h"

#include <ctype.h>
#include <math.h>

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "json/json_write.h"
#include "request/shape_error.h"

#define MAX_ERRORS 10
#define MAX_VALUE_LENGTH 2048	/* bytes of one printed value */
#define MAX_NAME_LENGTH 1024	/* bytes of one map entry's name in a path */

#define JAVA_PACKAGE "com.amazonaws.dynamodb.v20120810."

/* What a walk looks for. */
typedef enum ErrorPart
{
	EVERYTHING,
	ALL_BUT_NAMES,				/* of tables */
	NAMES
} ErrorPart;

typedef struct ErrorList
{
	StringInfoData path;		/* where the walk is: tableName, attributeDefinitions.1.member, ... */
	StringInfoData text;
	int			count;
	const DynShape *input;		/* the operation's */
	ErrorPart	part;
	bool		newer;			/* the newer layer has words of its own for ReturnValues */
} ErrorList;

static const char *java_name(DynShapeKind kind);
static const char *token_name(const DynJson *value);
static void append_java_type(StringInfo out, const DynShape *shape);
static void check_table_name_first(ErrorList *errors, const DynShape *shape, const DynJson *body);
static void gather_from(const DynShape *shape, const DynJson *body, ErrorPart part);
static bool names_come_last(const DynShape *shape);
static bool takes(const ErrorList *errors, const DynShape *shape);
static void check_batch(const DynShape *shape, const DynJson *body);
static void check_write(const DynShape *shape, const DynJson *body);
static void fail_without_table(const DynShape *shape, const DynJson *body);
static void gather_member(ErrorList *errors, const DynShape *shape, const DynJson *body, const char *name);
static void check_actions(const DynJson *body);
static void check_member(const DynShape *shape, const DynJson *body, const char *name, bool counted);
static bool is_newer(const DynShape *shape);
static void check_newer(const DynShape *shape, const DynJson *body);
static void add_newer_error(ErrorList *errors, const char *member, const char *constraint);
static void raise_errors(const ErrorList *errors);
static void gather_structure(ErrorList *errors, const DynShape *shape, const DynJson *value);
static void gather_value(ErrorList *errors, const DynShape *shape, const DynJson *value);
static void gather_below(ErrorList *errors, const DynShape *shape, const DynJson *value);
static void gather_elements(ErrorList *errors, const DynShape *shape, const DynJson *value);
static bool element_fails(const DynShape *element, const DynJson *child);
static void add_error(ErrorList *errors, const DynShape *shape, const DynJson *value, const char *constraint);
static char *constraint_text(const DynShape *shape, int failure);
static char *group_text(const char *head, const DynShape *shape);
static void append_member_name(StringInfo out, const char *name);
static void append_text(StringInfo out, DynStr text, int most);
static void append_value(StringInfo out, const DynShape *shape, const DynJson *value, int end);
static void append_json(StringInfo out, const DynShape *shape, const DynJson *value, int end);
static const DynShape *member_shape(const DynShape *shape, DynStr name);
static int	compare_names(const void *a, const void *b);
static void append_container(StringInfo out, const DynShape *shape, const DynJson *value, int end);
static void append_structure(StringInfo out, const DynShape *shape);

void
dyn_shape_error_kind(const DynShape *shape, const DynJson *value, bool is_element)
{
	DynJsonKind kind = dyn_json_kind(value);
	bool		is_scalar = kind != DYN_JSON_OBJECT && kind != DYN_JSON_ARRAY;
	StringInfoData type;

	if (kind == DYN_JSON_OBJECT)
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_STRUCTURE);
	if (!is_scalar)
	{
		initStringInfo(&type);
		append_java_type(&type, shape);
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_COLLECTION_TYPE_UNKNOWN,
				  shape->kind == DYN_SHAPE_MAP ? "" : "class ", type.data);
	}
	if (shape->kind == DYN_SHAPE_STRUCTURE)
		dyn_error(DYN_ERR_SERIALIZATION, "%s",
				  is_element ? DYN_MSG_UNEXPECTED_VALUE_TYPE : DYN_MSG_UNEXPECTED_FIELD_TYPE);
	if (shape->kind == DYN_SHAPE_LIST || shape->kind == DYN_SHAPE_MAP)
		dyn_error(DYN_ERR_SERIALIZATION, "%s", is_element ? DYN_MSG_PARAMETERIZED_CAST : DYN_MSG_UNEXPECTED_FIELD_TYPE);
	if (shape->kind == DYN_SHAPE_BLOB)
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_ONLY_BASE64_STRINGS);
	if (shape->kind == DYN_SHAPE_BOOLEAN && kind == DYN_JSON_STRING)
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_TOKEN);
	dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_CANNOT_BE_CONVERTED, token_name(value), java_name(shape->kind));
}

void
dyn_shape_error_constraints(const DynShape *shape, const DynJson *body)
{
	ErrorList	errors = {.input = shape};

	initStringInfo(&errors.path);
	initStringInfo(&errors.text);
	check_table_name_first(&errors, shape, body);
	raise_errors(&errors);
	check_batch(shape, body);
	check_newer(shape, body);
	check_write(shape, body);
	if (!names_come_last(shape))
		gather_from(shape, body, EVERYTHING);
	else
	{
		gather_from(shape, body, ALL_BUT_NAMES);
		gather_from(shape, body, NAMES);
	}
}

static void
gather_from(const DynShape *shape, const DynJson *body, ErrorPart part)
{
	ErrorList	errors = {.input = shape, .part = part, .newer = is_newer(shape)};

	initStringInfo(&errors.path);
	initStringInfo(&errors.text);
	gather_structure(&errors, shape, body);
	raise_errors(&errors);
}

/* Where a request names several tables AWS looks at the names when all else is well, except in BatchGetItem. */
static bool
names_come_last(const DynShape *shape)
{
	return strcmp(shape->name, "BatchWriteItemInput") == 0 || strcmp(shape->name, "TransactWriteItemsInput") == 0 ||
		strcmp(shape->name, "TransactGetItemsInput") == 0;
}

/* Is what this shape itself fails of interest to this walk? */
static bool
takes(const ErrorList *errors, const DynShape *shape)
{
	return errors->part == EVERYTHING || (errors->part == NAMES) == shape->table_name_or_arn;
}

static void
raise_errors(const ErrorList *errors)
{
	if (errors->count > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALIDATION_ERRORS,
				  errors->count, errors->count == 1 ? "" : "s", errors->text.data);
}

static const char *
java_name(DynShapeKind kind)
{
	switch (kind)
	{
		case DYN_SHAPE_INTEGER:
			return "Integer";
		case DYN_SHAPE_LONG:
			return "Long";
		case DYN_SHAPE_DOUBLE:
			return "Double";
		case DYN_SHAPE_BOOLEAN:
			return "Boolean";
		case DYN_SHAPE_TIMESTAMP:
			return "Date";
		default:
			return "String";
	}
}

static const char *
token_name(const DynJson *value)
{
	switch (dyn_json_kind(value))
	{
		case DYN_JSON_NULL:
			return "NULL_VALUE";
		case DYN_JSON_TRUE:
			return "TRUE_VALUE";
		case DYN_JSON_FALSE:
			return "FALSE_VALUE";
		case DYN_JSON_STRING:
			return "STRING_VALUE";
		default:
			return dyn_json_is_decimal(value) ? "DECIMAL_VALUE" : "NUMBER_VALUE";
	}
}

static void
append_java_type(StringInfo out, const DynShape *shape)
{
	switch (shape->kind)
	{
		case DYN_SHAPE_STRUCTURE:
			appendStringInfo(out, JAVA_PACKAGE "%s", shape->name);
			break;
		case DYN_SHAPE_LIST:
			appendStringInfoString(out, "java.util.List<");
			append_java_type(out, shape->element);
			appendStringInfoChar(out, '>');
			break;
		case DYN_SHAPE_MAP:
			appendStringInfoString(out, "java.util.Map<java.lang.String, ");
			append_java_type(out, shape->element);
			appendStringInfoChar(out, '>');
			break;
		case DYN_SHAPE_BLOB:
			appendStringInfoString(out, "java.nio.ByteBuffer");
			break;
		case DYN_SHAPE_TIMESTAMP:
			appendStringInfoString(out, "java.util.Date");
			break;
		default:
			appendStringInfo(out, "java.lang.%s", java_name(shape->kind));
			break;
	}
}

/*
 * Table operations resolve their TableName before they look at anything else, and report what is wrong with it alone.
 */
static void
check_table_name_first(ErrorList *errors, const DynShape *shape, const DynJson *body)
{
	for (int i = 0; i < shape->member_count; i++)
	{
		const DynShapeMember *member = &shape->members[i];
		const DynJson *value;

		if (!member->checked_first)
			continue;
		value = dyn_json_get(body, member->name);
		if (value == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARAMETER_REQUIRED, member->name);
		append_member_name(&errors->path, member->name);
		gather_value(errors, member->shape, value);
		resetStringInfo(&errors->path);
	}
}

/* The batches have words of their own for too few and too many. */
static void
check_batch(const DynShape *shape, const DynJson *body)
{
	const DynJson *items = dyn_json_get(body, "RequestItems");
	bool		reads = strcmp(shape->name, "BatchGetItemInput") == 0;

	if (items == NULL || (!reads && strcmp(shape->name, "BatchWriteItemInput") != 0))
		return;
	if (dyn_json_first(items) == NULL)
		dyn_error(DYN_ERR_VALIDATION, "%s", reads ? DYN_MSG_BATCH_GET_EMPTY : DYN_MSG_BATCH_WRITE_EMPTY);
	for (const DynJson *table = dyn_json_first(items); reads && table != NULL; table = dyn_json_next(table))
	{
		const DynJson *keys = dyn_json_is_object(table) ? dyn_json_get(table, "Keys") : NULL;

		if (keys != NULL && dyn_json_count(keys) == 0)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_GET_KEYS_EMPTY, dyn_text_printable(dyn_json_name(table)));
	}
	for (const DynJson *table = dyn_json_first(items); reads && table != NULL; table = dyn_json_next(table))
	{
		const DynJson *keys = dyn_json_is_object(table) ? dyn_json_get(table, "Keys") : NULL;

		if (keys != NULL && dyn_json_count(keys) > DYN_MAX_BATCH_GET_KEYS)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_BATCH_GET_KEYS_TOO_MANY, dyn_text_printable(dyn_json_name(table)));
	}
}

/*
 * PutItem and UpdateItem report a bad TableName alone, and UpdateItem, unless it has no key, only the first of the
 * Return... members, of which two are not counted.
 */
static void
check_write(const DynShape *shape, const DynJson *body)
{
	static const char *const names[] = {"TableName", "ReturnValues", "ReturnConsumedCapacity",
										"ReturnItemCollectionMetrics", "ReturnValuesOnConditionCheckFailure"};
	bool		updates = strcmp(shape->name, "UpdateItemInput") == 0;

	if (!updates && strcmp(shape->name, "PutItemInput") != 0)
		return;
	if (updates && dyn_json_get(body, "Key") == NULL)
		return;
	if (updates && dyn_json_get(body, "TableName") == NULL)
		fail_without_table(shape, body);
	for (int i = 0; i < (updates ? lengthof(names) : 1); i++)
		check_member(shape, body, names[i], i != 2 && i != 4);
	if (updates)
		check_actions(body);
}

/*
 * Most regions read these operations in a newer layer, which looks at numbers and at an empty name first, and does not
 * show them.  What lacks a member, or has a number that is no int, is read in the older layer as a whole.
 */
static void
check_newer(const DynShape *shape, const DynJson *body)
{
	static const char *const inputs[] = {"QueryInput", "ScanInput", "GetItemInput", "PutItemInput", "UpdateItemInput",
	"DeleteItemInput"};
	static const struct
	{
		const char *member;
		int64		least;
		int64		most;
	}			numbers[] = {{"Limit", 1, PG_INT32_MAX}, {"Segment", 0, 999999}, {"TotalSegments", 1, 1000000}};
	const DynJson *name = dyn_json_get(body, "TableName");
	ErrorList	errors = {.input = shape};
	int			which = 0;

	while (which < lengthof(inputs) && strcmp(shape->name, inputs[which]) != 0)
		which++;
	if (which == lengthof(inputs) || name == NULL ||
		(strcmp(shape->name, "UpdateItemInput") == 0 && dyn_json_get(body, "Key") == NULL))
		return;
	initStringInfo(&errors.text);
	for (int i = 0; i < lengthof(numbers) && which < 2; i++)
	{
		const DynJson *json = dyn_json_get(body, numbers[i].member);
		double		value = json && dyn_json_kind(json) == DYN_JSON_NUMBER ? dyn_json_double(json) : numbers[i].least;

		if (value != rint(value) || value > PG_INT32_MAX || value < PG_INT32_MIN)
			return;
		if (value < numbers[i].least)
			add_newer_error(&errors, numbers[i].member, psprintf(DYN_MSG_MEMBER_MINIMUM, "value", numbers[i].least));
		else if (value > numbers[i].most)
			add_newer_error(&errors, numbers[i].member, psprintf(DYN_MSG_MEMBER_MAXIMUM, "value", numbers[i].most));
	}
	if (dyn_json_is_string(name) && dyn_json_string(name).len == 0)
		add_newer_error(&errors, "TableName", psprintf(DYN_MSG_MEMBER_MINIMUM, "length", (int64) 1));
	raise_errors(&errors);
}

static void
add_newer_error(ErrorList *errors, const char *member, const char *constraint)
{
	if (errors->count++ > 0)
		appendStringInfoString(&errors->text, "; ");
	appendStringInfo(&errors->text, DYN_MSG_NEWER_CONSTRAINT, member, constraint);
}

/* An unknown action of AttributeUpdates has words of its own. */
static void
check_actions(const DynJson *body)
{
	const DynJson *updates = dyn_json_get(body, "AttributeUpdates");

	for (const DynJson *one = updates ? dyn_json_first(updates) : NULL; one != NULL; one = dyn_json_next(one))
	{
		DynStr		action = dyn_json_get_string(one, "Action");

		CHECK_FOR_INTERRUPTS();
		if (action.data != NULL && !dyn_text_equal_cstring(action, "ADD") && !dyn_text_equal_cstring(action, "DELETE") &&
			!dyn_text_equal_cstring(action, "PUT"))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_ACTION_UNKNOWN);
	}
}

/* Of an update that has a key and no table's name AWS lists these two alone. */
static void
fail_without_table(const DynShape *shape, const DynJson *body)
{
	ErrorList	errors = {.input = shape};

	initStringInfo(&errors.path);
	initStringInfo(&errors.text);
	append_member_name(&errors.path, "TableName");
	add_error(&errors, NULL, NULL, DYN_MSG_MEMBER_NULL);
	gather_member(&errors, shape, body, "ReturnValues");
	raise_errors(&errors);
}

/* An error of one member alone. */
static void
check_member(const DynShape *shape, const DynJson *body, const char *name, bool counted)
{
	ErrorList	errors = {.input = shape, .newer = true};

	initStringInfo(&errors.path);
	initStringInfo(&errors.text);
	gather_member(&errors, shape, body, name);
	if (errors.count > 0 && !counted)
		dyn_error(DYN_ERR_VALIDATION, "%s", errors.text.data);
	raise_errors(&errors);
}

static void
gather_member(ErrorList *errors, const DynShape *shape, const DynJson *body, const char *name)
{
	const DynJson *child = dyn_json_get(body, name);

	resetStringInfo(&errors->path);
	append_member_name(&errors->path, name);
	for (int i = 0; child != NULL && i < shape->member_count; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			gather_value(errors, shape->members[i].shape, child);
}

/* Which lists of errors are the newer layer's; an update without a key is read by the older one. */
static bool
is_newer(const DynShape *shape)
{
	static const char *const inputs[] = {"PutItemInput", "DeleteItemInput"};

	for (int i = 0; i < lengthof(inputs); i++)
		if (strcmp(shape->name, inputs[i]) == 0)
			return true;
	return false;
}

static void
gather_structure(ErrorList *errors, const DynShape *shape, const DynJson *value)
{
	int			path_length = errors->path.len;

	check_stack_depth();
	for (int i = 0; i < shape->member_count && errors->count < MAX_ERRORS; i++)
	{
		const DynShapeMember *member = &shape->members[i];
		const DynJson *child;

		if (!member->required && !member->shape->constrained)
			continue;
		if (path_length > 0)
			appendStringInfoChar(&errors->path, '.');
		append_member_name(&errors->path, member->name);
		child = dyn_json_get(value, member->name);
		if (child != NULL)
			gather_value(errors, member->shape, child);
		else if (member->required && errors->part != NAMES)
			add_error(errors, NULL, NULL, DYN_MSG_MEMBER_NULL);
		errors->path.len = path_length;
		errors->path.data[path_length] = '\0';
	}
}

/* The errors of a member's value: its own, then those below it. */
static void
gather_value(ErrorList *errors, const DynShape *shape, const DynJson *value)
{
	static const DynShapeFailure pattern_first[] = {
		DYN_SHAPE_FAILS_ENUM, DYN_SHAPE_FAILS_PATTERN, DYN_SHAPE_FAILS_MIN, DYN_SHAPE_FAILS_MAX
	};
	static const DynShapeFailure length_first[] = {
		DYN_SHAPE_FAILS_ENUM, DYN_SHAPE_FAILS_MIN, DYN_SHAPE_FAILS_MAX, DYN_SHAPE_FAILS_PATTERN
	};
	int			failures;

	if (!shape->constrained)
		return;
	failures = takes(errors, shape) ? dyn_shape_failures(shape, value) : 0;
	/* an empty name is only too short, and by less than any other short one */
	if (shape->table_name_or_arn && failures != 0 && dyn_json_kind(value) == DYN_JSON_STRING &&
		dyn_json_string(value).len == 0)
	{
		add_error(errors, shape, value, psprintf(DYN_MSG_MEMBER_MINIMUM, "length", (int64) 1));
		return;
	}
	for (int i = 0; i < lengthof(pattern_first); i++)
	{
		DynShapeFailure failure = shape->length_first ? length_first[i] : pattern_first[i];

		if (failures & failure)
			add_error(errors, shape, value, constraint_text(shape, failure));
	}
	gather_below(errors, shape, value);
}

static void
gather_below(ErrorList *errors, const DynShape *shape, const DynJson *value)
{
	if (shape->kind == DYN_SHAPE_STRUCTURE)
		gather_structure(errors, shape, value);
	else if (shape->kind == DYN_SHAPE_LIST || shape->kind == DYN_SHAPE_MAP)
		gather_elements(errors, shape, value);
}

/*
 * The errors inside a list or map.  AWS reports what a key or an element fails as one error of the whole container;
 * only members of structures have a path of their own.
 */
static void
gather_elements(ErrorList *errors, const DynShape *shape, const DynJson *value)
{
	const DynShape *element = shape->element;
	bool		is_map = shape->kind == DYN_SHAPE_MAP;
	bool		key_fails = false;
	bool		value_fails = false;
	int			path_length = errors->path.len;
	int			number = 0;

	check_stack_depth();
	for (const DynJson *child = dyn_json_first(value); child != NULL; child = dyn_json_next(child))
	{
		key_fails |= is_map && takes(errors, shape->key) && dyn_shape_string_failures(shape->key, dyn_json_name(child)) != 0;
		value_fails |= takes(errors, element) && element_fails(element, child);
	}
	if (key_fails)
		add_error(errors, shape, value, group_text(DYN_MSG_MAP_KEYS_CONSTRAINT, shape->key));
	if (value_fails)
		add_error(errors, shape, value, group_text(is_map ? DYN_MSG_MAP_VALUE_CONSTRAINT : DYN_MSG_MEMBER_CONSTRAINT,
				  element));

	for (const DynJson *child = dyn_json_first(value); child != NULL && errors->count < MAX_ERRORS;
		 child = dyn_json_next(child))
	{
		CHECK_FOR_INTERRUPTS();
		number++;
		if (dyn_json_kind(child) == DYN_JSON_NULL ? shape->nullable_elements : dyn_shape_satisfied(element, child))
			continue;
		if (is_map)
		{
			appendStringInfoChar(&errors->path, '.');
			append_text(&errors->path, dyn_json_name(child), MAX_NAME_LENGTH);
		}
		else
			appendStringInfo(&errors->path, ".%d", number);
		appendStringInfoString(&errors->path, ".member");
		if (dyn_json_kind(child) != DYN_JSON_NULL)
			gather_below(errors, element, child);
		else if (errors->part != NAMES)
			add_error(errors, NULL, NULL, DYN_MSG_MEMBER_NULL);
		errors->path.len = path_length;
		errors->path.data[path_length] = '\0';
	}
}

static bool
element_fails(const DynShape *element, const DynJson *child)
{
	return element->constrained && dyn_json_kind(child) != DYN_JSON_NULL && dyn_shape_failures(element, child) != 0;
}

/* value NULL: null. */
static void
add_error(ErrorList *errors, const DynShape *shape, const DynJson *value, const char *constraint)
{
	StringInfo	text = &errors->text;

	if (errors->count >= MAX_ERRORS)
		return;
	if (errors->count++ > 0)
		appendStringInfoString(text, "; ");
	if (errors->newer && strcmp(errors->path.data, "returnValues") == 0)
	{
		appendStringInfoString(text, DYN_MSG_RETURN_VALUES_UNKNOWN);
		return;
	}
	appendStringInfoString(text, "Value ");
	if (value == NULL)
		appendStringInfoString(text, "null");
	else
	{
		int			end = text->len + 1 + MAX_VALUE_LENGTH;

		appendStringInfoChar(text, '\'');
		if (strcmp(errors->input->name, "BatchGetItemInput") == 0 && strcmp(errors->path.data, "requestItems") == 0)
			append_json(text, shape, value, end);
		else
			append_value(text, shape, value, end);
		if (text->len >= end)
			appendStringInfoString(text, "...");
		appendStringInfoChar(text, '\'');
	}
	appendStringInfo(text, DYN_MSG_FAILED_CONSTRAINT, errors->path.data, constraint);
}

static char *
constraint_text(const DynShape *shape, int failure)
{
	bool		is_number = shape->kind == DYN_SHAPE_INTEGER || shape->kind == DYN_SHAPE_LONG;
	StringInfoData out;

	switch (failure)
	{
		case DYN_SHAPE_FAILS_PATTERN:
			return psprintf(DYN_MSG_MEMBER_PATTERN, shape->pattern->text);
		case DYN_SHAPE_FAILS_MIN:
			return psprintf(DYN_MSG_MEMBER_MINIMUM,
							is_number ? "value" : "length", shape->min);
		case DYN_SHAPE_FAILS_MAX:
			return psprintf(DYN_MSG_MEMBER_MAXIMUM,
							is_number ? "value" : "length", shape->max);
		default:
			initStringInfo(&out);
			appendStringInfoString(&out, DYN_MSG_MEMBER_ENUM);
			for (int i = 0; i < shape->enum_count; i++)
				appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", shape->enums[i]);
			appendStringInfoChar(&out, ']');
			return out.data;
	}
}

/* All constraints of a shape, failed or not, as AWS lists them for keys and elements. */
static char *
group_text(const char *head, const DynShape *shape)
{
	StringInfoData out;
	const char *separator = "";

	initStringInfo(&out);
	appendStringInfo(&out, "%s: [", head);
	for (int failure = DYN_SHAPE_FAILS_MAX; failure >= DYN_SHAPE_FAILS_ENUM; failure >>= 1)
	{
		if ((failure == DYN_SHAPE_FAILS_MAX && !shape->has_max) || (failure == DYN_SHAPE_FAILS_MIN && !shape->has_min) ||
			(failure == DYN_SHAPE_FAILS_PATTERN && shape->pattern == NULL) ||
			(failure == DYN_SHAPE_FAILS_ENUM && shape->enum_count == 0))
			continue;
		appendStringInfo(&out, "%s%s", separator, constraint_text(shape, failure));
		separator = ", ";
	}
	appendStringInfoChar(&out, ']');
	return out.data;
}

/* TableName is tableName in messages. */
static void
append_member_name(StringInfo out, const char *name)
{
	appendStringInfoChar(out, tolower((unsigned char) name[0]));
	appendStringInfoString(out, name + 1);
}

/* At most this many bytes, whole characters, nothing that could upset a terminal. */
static void
append_text(StringInfo out, DynStr text, int most)
{
	char	   *printable;

	if (most <= 0)
		return;
	if (text.len > most)
		text.len = pg_encoding_mbcliplen(PG_UTF8, text.data, text.len, most);
	printable = dyn_text_printable(text);
	appendStringInfoString(out, printable);
	pfree(printable);
}

/* A value as Java's toString gives it; stops soon after out has reached end. */
static void
append_value(StringInfo out, const DynShape *shape, const DynJson *value, int end)
{
	if (value == NULL || dyn_json_kind(value) == DYN_JSON_NULL)
	{
		appendStringInfoString(out, "null");
		return;
	}
	switch (shape->kind)
	{
		case DYN_SHAPE_STRUCTURE:
			append_structure(out, shape);
			break;
		case DYN_SHAPE_LIST:
		case DYN_SHAPE_MAP:
			append_container(out, shape, value, end);
			break;
		case DYN_SHAPE_INTEGER:
			appendStringInfo(out, "%d", dyn_json_int32(value));
			break;
		case DYN_SHAPE_LONG:
			appendStringInfo(out, INT64_FORMAT, dyn_json_integer(value));
			break;
		case DYN_SHAPE_DOUBLE:
		case DYN_SHAPE_TIMESTAMP:
			appendStringInfo(out, "%.15g", dyn_json_double(value));
			break;
		case DYN_SHAPE_BOOLEAN:
			appendStringInfoString(out, dyn_json_boolean(value) ? "true" : "false");
			break;
		case DYN_SHAPE_STRING:
		case DYN_SHAPE_BLOB:
			append_text(out, dyn_json_string(value), end - out->len);
			break;
	}
}

/* The members that there are in the model, in the order of their names, without white space. */
static void
append_json(StringInfo out, const DynShape *shape, const DynJson *value, int end)
{
	bool		is_list = shape->kind == DYN_SHAPE_LIST;
	bool		is_structure = shape->kind == DYN_SHAPE_STRUCTURE;
	const DynJson **children;
	int			count = 0;
	StringInfoData text;

	check_stack_depth();
	if (dyn_json_kind(value) == DYN_JSON_NULL || (!is_list && !is_structure && shape->kind != DYN_SHAPE_MAP))
	{
		initStringInfo(&text);
		dyn_json_append(&text, value);
		append_text(out, (DynStr) {text.data, text.len}, end - out->len);
		pfree(text.data);
		return;
	}
	children = palloc(Max(dyn_json_count(value), 1) * sizeof(DynJson *));
	for (const DynJson *child = dyn_json_first(value); child != NULL; child = dyn_json_next(child))
		if (!is_structure || (dyn_json_kind(child) != DYN_JSON_NULL && member_shape(shape, dyn_json_name(child)) != NULL))
			children[count++] = child;
	if (!is_list)
		qsort(children, count, sizeof(DynJson *), compare_names);
	appendStringInfoChar(out, is_list ? '[' : '{');
	for (int i = 0; i < count && out->len < end; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		if (!is_list)
		{
			initStringInfo(&text);
			dyn_json_write_quoted(&text, dyn_json_name(children[i]));
			append_text(out, (DynStr) {text.data, text.len}, end - out->len);
			appendStringInfoChar(out, ':');
			pfree(text.data);
		}
		append_json(out, is_structure ? member_shape(shape, dyn_json_name(children[i])) : shape->element, children[i], end);
	}
	appendStringInfoChar(out, is_list ? ']' : '}');
	pfree(children);
}

/* NULL: the structure has no such member. */
static const DynShape *
member_shape(const DynShape *shape, DynStr name)
{
	for (int i = 0; i < shape->member_count; i++)
		if (dyn_text_equal_cstring(name, shape->members[i].name))
			return shape->members[i].shape;
	return NULL;
}

static int
compare_names(const void *a, const void *b)
{
	return dyn_text_compare(dyn_json_name(*(const DynJson *const *) a), dyn_json_name(*(const DynJson *const *) b));
}

/* [a, b] or {name=a, name=b} */
static void
append_container(StringInfo out, const DynShape *shape, const DynJson *value, int end)
{
	bool		is_map = shape->kind == DYN_SHAPE_MAP;
	const char *separator = "";

	appendStringInfoChar(out, is_map ? '{' : '[');
	for (const DynJson *child = dyn_json_first(value); child != NULL && out->len < end; child = dyn_json_next(child))
	{
		appendStringInfoString(out, separator);
		if (is_map)
		{
			append_text(out, dyn_json_name(child), end - out->len);
			appendStringInfoChar(out, '=');
		}
		append_value(out, shape->element, child, end);
		separator = ", ";
	}
	appendStringInfoChar(out, is_map ? '}' : ']');
}

/*
 * Objects have no text of their own: AWS prints their class and a hash of their members.  Ours is a number in place of
 * the hash, since messages reach logs, where items do not belong.
 */
static void
append_structure(StringInfo out, const DynShape *shape)
{
	appendStringInfo(out, JAVA_PACKAGE "%s@%x", shape->name, hash_bytes_uint32(out->len));
}
