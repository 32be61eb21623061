/*
 * DynamoDB JSON ({"S": "x"}) to items and back.
 */
#include "postgres.h"

#include <ctype.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "item/item_json.h"
#include "json/json_write.h"

#define MAX_SHOWN 1000			/* bytes of a refused value in a message */

static bool has_deep_member(const DynJson *json, int depth);
static bool is_deep(const DynJson *json, int depth);
static void fail_several(const DynJson *json) pg_attribute_noreturn();
static void check_set_not_empty(DynType type, const DynJson *json);
static void check_null_true(const DynJson *json, bool alone);
static DynValue read_value(const DynJson *json, int depth);
static DynValue read_typed(DynType type, const DynJson *json, int depth);
static DynItem *read_map(const DynJson *json, int depth);
static DynValue read_list(const DynJson *json, int depth);
static DynValue read_set(DynType type, const DynJson *json);
static DynValue read_number(const DynJson *json);
static DynValue read_binary(const DynJson *json);
static DynStr read_string(const DynJson *json);
static void refuse_kind(const DynJson *json, const char *wanted) pg_attribute_noreturn();
static void refuse_duplicates_older(DynType type, const DynJson *json) pg_attribute_noreturn();
static void refuse_duplicates(DynType type, const DynJson *json) pg_attribute_noreturn();
static int	compare_texts(const void *a, const void *b);
static void append_quoted(StringInfo out, DynStr text);
static void append_value(StringInfo out, const DynValue *value);
static void append_map(StringInfo out, const DynItem *item);
static void append_list(StringInfo out, const DynList *list);
static void append_set(StringInfo out, const DynValue *set);

/* appends a string literal without measuring it */
#define append_literal(out, literal) appendBinaryStringInfo(out, literal, sizeof(literal) - 1)

DynValue
dyn_item_json_read_value(const DynJson *json)
{
	return read_value(json, 1);
}

DynValue
dyn_item_json_read_free_value(const DynJson *json)
{
	return read_value(json, 0);
}

DynItem *
dyn_item_json_read(const DynJson *json)
{
	return read_map(json, 1);
}

bool
dyn_item_json_is_too_deep(const DynJson *json)
{
	return has_deep_member(json, 1);
}

bool
dyn_item_json_free_value_is_too_deep(const DynJson *json)
{
	return is_deep(json, 0);
}

DynItem *
dyn_item_json_read_unless_deep(const DynJson *json)
{
	return dyn_item_json_is_too_deep(json) ? NULL : dyn_item_json_read(json);
}

void
dyn_item_json_write_value(StringInfo out, const DynValue *value)
{
	dyn_json_write_raw(out, "", 0); /* the comma, where one is needed */
	append_value(out, value);
}

void
dyn_item_json_write(StringInfo out, const DynItem *item)
{
	dyn_json_write_raw(out, "", 0);
	append_map(out, item);
}

/* The elements of a list or the members of a map. */
static bool
has_deep_member(const DynJson *json, int depth)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (depth > DYN_MAX_NESTING)
		return true;
	for (const DynJson *member = dyn_json_first(json); member != NULL; member = dyn_json_next(member))
		if (is_deep(member, depth))
			return true;
	return false;
}

/* Looks only at the lists and maps among the value's members, whether the value is well-formed or not. */
static bool
is_deep(const DynJson *json, int depth)
{
	if (!dyn_json_is_object(json))
		return false;
	for (const DynJson *member = dyn_json_first(json); member != NULL; member = dyn_json_next(member))
	{
		DynType		type;

		if (!dyn_value_type_from_name(dyn_json_name(member), &type))
			continue;
		if (((type == DYN_TYPE_L && dyn_json_is_array(member)) || (type == DYN_TYPE_M && dyn_json_is_object(member))) &&
			has_deep_member(member, depth + 1))
			return true;
	}
	return false;
}

/*
 * depth: the level of this value; those of an item are on the first, the elements of a list among them on the second.
 */
static DynValue
read_value(const DynJson *json, int depth)
{
	const DynJson *found = NULL;
	DynType		found_type = DYN_TYPE_S;
	bool		several = false;

	if (dyn_json_kind(json) != DYN_JSON_OBJECT && dyn_json_kind(json) != DYN_JSON_NULL)
		refuse_kind(json, "AttributeValue");
	for (const DynJson *member = dyn_json_first(json); member != NULL; member = dyn_json_next(member))
	{
		DynType		type;

		/* members without a value and unknown ones do not count */
		if (dyn_json_kind(member) == DYN_JSON_NULL || !dyn_value_type_from_name(dyn_json_name(member), &type))
			continue;
		several |= found != NULL && found_type != type;
		found = member;
		found_type = type;
	}
	if (found == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_WITHOUT_TYPE);
	if (several)
		fail_several(json);
	return read_typed(found_type, found, depth);
}

/* AWS checks scalars and sets before it counts the members: first empty sets, then numbers, then NULL. */
static void
fail_several(const DynJson *json)
{
	static const DynType sets[] = {DYN_TYPE_SS, DYN_TYPE_NS, DYN_TYPE_BS};
	const DynJson *number = dyn_json_get(json, "N");
	const DynJson *numbers = dyn_json_get(json, "NS");
	const DynJson *null = dyn_json_get(json, "NULL");

	for (int i = 0; i < lengthof(sets); i++)
		check_set_not_empty(sets[i], dyn_json_get(json, dyn_value_type_name(sets[i])));
	if (number != NULL)
		(void) read_number(number);
	for (const DynJson *one = dyn_json_is_array(numbers) ? dyn_json_first(numbers) : NULL; one != NULL;
		 one = dyn_json_next(one))
	{
		CHECK_FOR_INTERRUPTS();
		(void) read_number(one);
	}
	if (null != NULL && dyn_json_is_boolean(null))
		check_null_true(null, false);
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUE_SEVERAL_TYPES);
}

static DynValue
read_typed(DynType type, const DynJson *json, int depth)
{
	switch (type)
	{
		case DYN_TYPE_S:
			return dyn_value_string(read_string(json));
		case DYN_TYPE_N:
			return read_number(json);
		case DYN_TYPE_B:
			return read_binary(json);
		case DYN_TYPE_BOOL:
		case DYN_TYPE_NULL:
			if (!dyn_json_is_boolean(json))
				refuse_kind(json, "Boolean");
			if (type == DYN_TYPE_BOOL)
				return dyn_value_boolean(dyn_json_boolean(json));
			check_null_true(json, true);
			return dyn_value_null();
		case DYN_TYPE_L:
			return read_list(json, depth + 1);
		case DYN_TYPE_M:
			return (DynValue) {.type = DYN_TYPE_M, .map = read_map(json, depth + 1)};
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			return read_set(type, json);
	}
	elog(ERROR, "unknown attribute type %d", type);
}

static DynItem *
read_map(const DynJson *json, int depth)
{
	DynItem    *map;

	if (!dyn_json_is_object(json))
		refuse_kind(json, "Map");
	dyn_item_check_depth(depth);
	map = dyn_item_make(dyn_json_count(json));
	for (const DynJson *member = dyn_json_first(json); member != NULL; member = dyn_json_next(member))
	{
		DynStr		name = dyn_json_name(member);
		DynValue	value = read_value(member, depth);

		dyn_item_check_name(name);
		dyn_item_append(map, name, value);
	}
	dyn_item_sort(map);
	return map;
}

static DynValue
read_list(const DynJson *json, int depth)
{
	DynValue	list = dyn_value_list();

	if (!dyn_json_is_array(json))
		refuse_kind(json, "List");
	dyn_item_check_depth(depth);
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
		dyn_value_list_append(&list, read_value(element, depth));
	return list;
}

/* A set may hold an empty string or an empty binary value, but an empty set is refused. */
static DynValue
read_set(DynType type, const DynJson *json)
{
	DynValue	set = dyn_value_list();

	if (!dyn_json_is_array(json))
		refuse_kind(json, "Set");
	check_set_not_empty(type, json);
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
	{
		CHECK_FOR_INTERRUPTS();
		dyn_value_list_append(&set, read_typed(dyn_value_element_type(type), element, 0));
	}
	set.type = type;
	if (!dyn_value_set_normalize(&set))
		refuse_duplicates(type, json);
	return set;
}

static void
check_set_not_empty(DynType type, const DynJson *json)
{
	if (dyn_json_is_array(json) && dyn_json_first(json) == NULL)
		dyn_error(DYN_ERR_VALIDATION, "%s", type == DYN_TYPE_SS ? DYN_MSG_STRING_SET_EMPTY :
				  type == DYN_TYPE_NS ? DYN_MSG_NUMBER_SET_EMPTY :
				  DYN_MSG_BINARY_SET_EMPTY);
}

/* When {"NULL": false} is a value's only member, AWS finds it so early that its message does not say where it is. */
static void
check_null_true(const DynJson *json, bool alone)
{
	if (dyn_json_boolean(json))
		return;
	if (alone && !dyn_json_is_string(json))
		dyn_error_unwrap();
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NULL_NOT_TRUE);
}

static DynValue
read_number(const DynJson *json)
{
	DynStr		text = read_string(json);
	DynNumber  *number = palloc(sizeof(DynNumber));

	dyn_number_check(dyn_number_parse(text, number), text);
	return dyn_value_number(number);
}

static DynValue
read_binary(const DynJson *json)
{
	DynStr		text = read_string(json);
	DynStr		bytes;
	int			pad = 0;

	if (dyn_text_decode_base64(text, &bytes))
		return dyn_value_binary(bytes);

	/* finds the reason; the misspelling in the last message is AWS's */
	if (text.len % 4 != 0)
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_BASE64_LENGTH, text.len);
	while (pad < 2 && text.data[text.len - 1 - pad] == '=')
		pad++;
	for (int i = 0; i < text.len - pad; i++)
	{
		if (!isalnum((unsigned char) text.data[i]) && text.data[i] != '+' && text.data[i] != '/')
			dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_BASE64_CHARACTER, dyn_text_printable((DynStr) {text.data + i, 1}));
	}
	dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_BASE64_LAST_CHARACTER);
}

static DynStr
read_string(const DynJson *json)
{
	if (!dyn_json_is_string(json))
		refuse_kind(json, "String");
	return dyn_json_string(json);
}

static void
refuse_kind(const DynJson *json, const char *wanted)
{
	const char *value = NULL;

	switch (dyn_json_kind(json))
	{
		case DYN_JSON_NULL:
			value = "NULL_VALUE";
			break;
		case DYN_JSON_FALSE:
			value = "FALSE_VALUE";
			break;
		case DYN_JSON_TRUE:
			value = "TRUE_VALUE";
			break;
		case DYN_JSON_NUMBER:
			value = dyn_json_is_decimal(json) ? "DECIMAL_VALUE" : "NUMBER_VALUE";
			break;
		case DYN_JSON_STRING:
			value = "STRING_VALUE";
			break;
		case DYN_JSON_ARRAY:
			dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_LIST);
		case DYN_JSON_OBJECT:
			dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_STRUCTURE);
	}
	dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_CANNOT_BE_CONVERTED, value, wanted);
}

/* The older layer's message shows the elements as they were sent. */
static void
refuse_duplicates_older(DynType type, const DynJson *json)
{
	StringInfoData shown;

	if (type == DYN_TYPE_NS)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_SET_DUPLICATES_OLDER);
	initStringInfo(&shown);
	for (const DynJson *element = dyn_json_first(json); element != NULL && shown.len < MAX_SHOWN;
		 element = dyn_json_next(element))
	{
		DynStr		text = dyn_json_string(element);

		text.len = Min(text.len, MAX_SHOWN);
		appendStringInfo(&shown, "%s%s", shown.len > 0 ? ", " : "", dyn_text_printable(text));
	}
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SET_DUPLICATES, shown.data, type == DYN_TYPE_BS ? "of type BS" : "");
}

static int
compare_texts(const void *a, const void *b)
{
	return dyn_text_compare(*(const DynStr *) a, *(const DynStr *) b);
}

/* AWS's message differs by type: strings are sorted, binary values stay as they were sent. */
static void
refuse_duplicates(DynType type, const DynJson *json)
{
	DynStr	   *texts;
	int			count = 0;
	StringInfoData shown;

	if (dyn_error_is_older())
		refuse_duplicates_older(type, json);
	if (type == DYN_TYPE_NS)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_SET_DUPLICATES);
	texts = palloc_extended((Size) dyn_json_count(json) * sizeof(DynStr), MCXT_ALLOC_HUGE);
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
		texts[count++] = dyn_json_string(element);
	if (type == DYN_TYPE_SS)
		qsort(texts, count, sizeof(DynStr), compare_texts);
	initStringInfo(&shown);
	for (int i = 0; i < count && shown.len < MAX_SHOWN; i++)
	{
		appendStringInfoString(&shown, i == 0 ? "" : type == DYN_TYPE_SS ? ", " : ",");
		append_quoted(&shown, texts[i]);
	}
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SET_DUPLICATES, shown.data, type == DYN_TYPE_BS ? "of type BS" : "");
}

/* Appends a quoted text, at most MAX_SHOWN bytes of it. */
static void
append_quoted(StringInfo out, DynStr text)
{
	StringInfoData escaped;

	if (text.len > MAX_SHOWN)
		text.len = pg_encoding_mbcliplen(PG_UTF8, text.data, text.len, MAX_SHOWN);
	initStringInfo(&escaped);
	for (int i = 0; i < text.len; i++)
	{
		if (text.data[i] == '"' || text.data[i] == '\\')
			appendStringInfoCharMacro(&escaped, '\\');
		appendStringInfoCharMacro(&escaped, text.data[i]);
	}
	appendStringInfo(out, "\"%s\"", dyn_text_printable((DynStr) {escaped.data, escaped.len}));
}

static void
append_value(StringInfo out, const DynValue *value)
{
	switch (value->type)
	{
		case DYN_TYPE_S:
			append_literal(out, "{\"S\":");
			dyn_json_write_quoted(out, value->text);
			break;
		case DYN_TYPE_N:
			append_literal(out, "{\"N\":\"");
			dyn_number_append(out, value->number);
			appendStringInfoCharMacro(out, '"');
			break;
		case DYN_TYPE_B:
			append_literal(out, "{\"B\":\"");
			dyn_text_append_base64(out, value->text);
			appendStringInfoCharMacro(out, '"');
			break;
		case DYN_TYPE_BOOL:
			append_literal(out, "{\"BOOL\":");
			appendStringInfoString(out, value->boolean ? "true" : "false");
			break;
		case DYN_TYPE_NULL:
			append_literal(out, "{\"NULL\":true");
			break;
		case DYN_TYPE_L:
			append_literal(out, "{\"L\":");
			append_list(out, &value->list);
			break;
		case DYN_TYPE_M:
			append_literal(out, "{\"M\":");
			append_map(out, value->map);
			break;
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			append_set(out, value);
			break;
	}
	appendStringInfoCharMacro(out, '}');
}

static void
append_map(StringInfo out, const DynItem *item)
{
	check_stack_depth();
	appendStringInfoCharMacro(out, '{');
	for (int i = 0; i < item->count; i++)
	{
		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		dyn_json_write_quoted(out, item->attributes[i].name);
		appendStringInfoCharMacro(out, ':');
		append_value(out, &item->attributes[i].value);
	}
	appendStringInfoCharMacro(out, '}');
}

static void
append_list(StringInfo out, const DynList *list)
{
	check_stack_depth();
	appendStringInfoCharMacro(out, '[');
	for (int i = 0; i < list->count; i++)
	{
		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		append_value(out, &list->values[i]);
	}
	appendStringInfoCharMacro(out, ']');
}

static void
append_set(StringInfo out, const DynValue *set)
{
	appendStringInfo(out, "{\"%s\":[", dyn_value_type_name(set->type));
	for (int i = 0; i < set->list.count; i++)
	{
		const DynValue *element = &set->list.values[i];

		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		if (set->type == DYN_TYPE_SS)
			dyn_json_write_quoted(out, element->text);
		else
		{
			appendStringInfoCharMacro(out, '"');
			if (set->type == DYN_TYPE_NS)
				dyn_number_append(out, element->number);
			else
				dyn_text_append_base64(out, element->text);
			appendStringInfoCharMacro(out, '"');
		}
	}
	appendStringInfoCharMacro(out, ']');
}
