/*
 * Checks a request body against its shape in the public service model.
 *
 * One walk in the order of the document settles both questions: it raises a wrong type where it meets it, and only
 * notes that some constraint failed, because AWS reports constraints after types, all at once.  A good request is
 * therefore walked once and allocates nothing; the texts are made by shape_error.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "base/error.h"
#include "base/message.h"
#include "request/shape.h"
#include "request/shape_error.h"

/* The model's limit for TableArn. */
#define MAX_TABLE_ARN 1024
/* Arrays and objects inside each other, as deep as AWS's newer layer reads JSON. */
#define MAX_PLAIN_DEPTH 127

/* What the walk of a body has met; it begins anew with each body, since errors leave it as it is. */
static struct
{
	int			depth;
	bool		odd;
}			walked;

static bool walk(const DynShape *shape, const DynJson *value, bool is_element);
static bool walk_structure(const DynShape *shape, const DynJson *value);
static bool walk_list(const DynShape *shape, const DynJson *value);
static bool walk_map(const DynShape *shape, const DynJson *value);
static bool is_odd(const DynShape *shape, uint64 seen, bool boolean_text);
static int	find_member(const DynShape *shape, DynStr name);
static void check_kind(const DynShape *shape, const DynJson *value, bool is_element);
static void check_base64(DynStr text);
static bool matches_pattern(const DynShapePattern *pattern, DynStr text);
static int	number_failures(const DynShape *shape, int64 number);

bool
dyn_shape_check(const DynShape *shape, const DynJson *body)
{
	walked.depth = 0;
	walked.odd = false;
	if (!walk(shape, body, true))
		dyn_shape_error_constraints(shape, body);
	return walked.odd;
}

bool
dyn_shape_satisfied(const DynShape *shape, const DynJson *value)
{
	return !shape->constrained || walk(shape, value, true);
}

int
dyn_shape_failures(const DynShape *shape, const DynJson *value)
{
	switch (shape->kind)
	{
		case DYN_SHAPE_STRING:
			return dyn_shape_string_failures(shape, dyn_json_string(value));
		case DYN_SHAPE_INTEGER:
			return number_failures(shape, dyn_json_int32(value));
		case DYN_SHAPE_LONG:
			return number_failures(shape, dyn_json_integer(value));
		case DYN_SHAPE_LIST:
		case DYN_SHAPE_MAP:
			if (shape->has_min || shape->has_max)
				return number_failures(shape, dyn_json_count(value));
			return 0;
		default:
			return 0;
	}
}

int
dyn_shape_string_failures(const DynShape *shape, DynStr text)
{
	int			failures = 0;
	const DynShapePattern *pattern = shape->pattern;
	int64		min = shape->has_min ? shape->min : 0;
	int64		max = shape->max;

	if (shape->table_name_or_arn && text.len >= 4 && memcmp(text.data, "arn:", 4) == 0)
	{
		min = 1;
		max = MAX_TABLE_ARN;
		pattern = NULL;
	}
	if (shape->enum_count > 0)
	{
		failures = DYN_SHAPE_FAILS_ENUM;
		for (int i = 0; i < shape->enum_count && failures != 0; i++)
			if (dyn_text_equal_cstring(text, shape->enums[i]))
				failures = 0;
	}
	if (pattern != NULL && !matches_pattern(pattern, text))
		failures |= DYN_SHAPE_FAILS_PATTERN;
	/* A character has one to four bytes: most lengths need no counting. */
	if (text.len < min * 4 && dyn_text_length(text) < min)
		failures |= DYN_SHAPE_FAILS_MIN;
	if (shape->has_max && text.len > max && dyn_text_length(text) > max)
		failures |= DYN_SHAPE_FAILS_MAX;
	return failures;
}

/* Raises an error for a wrong type; returns whether value satisfies its constraints.  value is not null. */
static bool
walk(const DynShape *shape, const DynJson *value, bool is_element)
{
	bool		contains = shape->kind == DYN_SHAPE_STRUCTURE || shape->kind == DYN_SHAPE_LIST || shape->kind == DYN_SHAPE_MAP;
	bool		satisfied;

	check_kind(shape, value, is_element);
	walked.depth += contains ? 1 : 0;
	walked.odd |= walked.depth > MAX_PLAIN_DEPTH;
	switch (shape->kind)
	{
		case DYN_SHAPE_STRUCTURE:
			satisfied = walk_structure(shape, value);
			break;
		case DYN_SHAPE_LIST:
			satisfied = walk_list(shape, value);
			break;
		case DYN_SHAPE_MAP:
			satisfied = walk_map(shape, value);
			break;
		default:
			satisfied = !shape->constrained || dyn_shape_failures(shape, value) == 0;
			break;
	}
	walked.depth -= contains ? 1 : 0;
	return satisfied;
}

static bool
walk_structure(const DynShape *shape, const DynJson *value)
{
	uint64		seen = 0;
	bool		satisfied = true;
	bool		boolean_text = false;

	check_stack_depth();
	for (const DynJson *child = dyn_json_first(value); child != NULL; child = dyn_json_next(child))
	{
		int			member = find_member(shape, dyn_json_name(child));

		if (member < 0)
			continue;
		/* The last of equal names counts: a null there makes the member absent. */
		if (dyn_json_kind(child) == DYN_JSON_NULL)
			seen &= ~(UINT64CONST(1) << member);
		else
		{
			seen |= UINT64CONST(1) << member;
			boolean_text |= shape->members[member].shape->kind == DYN_SHAPE_BOOLEAN && dyn_json_kind(child) == DYN_JSON_STRING;
			satisfied &= walk(shape->members[member].shape, child, false);
		}
	}
	walked.odd |= is_odd(shape, seen, boolean_text);
	return satisfied && (shape->required_members & ~seen) == 0;
}

static bool
walk_list(const DynShape *shape, const DynJson *value)
{
	bool		satisfied = dyn_shape_failures(shape, value) == 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	for (const DynJson *child = dyn_json_first(value); child != NULL; child = dyn_json_next(child))
	{
		if (dyn_json_kind(child) == DYN_JSON_NULL)
		{
			satisfied &= shape->nullable_elements;
			walked.odd = true;
		}
		else
			satisfied &= walk(shape->element, child, true);
	}
	return satisfied;
}

static bool
walk_map(const DynShape *shape, const DynJson *value)
{
	bool		satisfied = dyn_shape_failures(shape, value) == 0;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	for (const DynJson *child = dyn_json_first(value); child != NULL; child = dyn_json_next(child))
	{
		if (shape->key->constrained)
			satisfied &= dyn_shape_string_failures(shape->key, dyn_json_name(child)) == 0;
		if (dyn_json_kind(child) == DYN_JSON_NULL)
		{
			satisfied &= shape->nullable_elements;
			walked.odd = true;
		}
		else
			satisfied &= walk(shape->element, child, true);
	}
	return satisfied;
}

/* Values that the newer layer cannot read: they have no type or several, or a text that stands for a boolean. */
static bool
is_odd(const DynShape *shape, uint64 seen, bool boolean_text)
{
	bool		several = pg_popcount64(seen) != 1;

	return (several || boolean_text) &&
		(strcmp(shape->name, "AttributeValue") == 0 || (boolean_text && strcmp(shape->name, "ExpectedAttributeValue") == 0));
}

/* -1: the structure has no such member. */
static int
find_member(const DynShape *shape, DynStr name)
{
	for (int i = 0; i < shape->member_count; i++)
	{
		const DynShapeMember *member = &shape->members[i];

		if (member->name_length == name.len && memcmp(member->name, name.data, name.len) == 0)
			return i;
	}
	return -1;
}

static void
check_kind(const DynShape *shape, const DynJson *value, bool is_element)
{
	DynJsonKind kind = dyn_json_kind(value);
	bool		fits = false;

	switch (shape->kind)
	{
		case DYN_SHAPE_STRUCTURE:
		case DYN_SHAPE_MAP:
			fits = kind == DYN_JSON_OBJECT;
			break;
		case DYN_SHAPE_LIST:
			fits = kind == DYN_JSON_ARRAY;
			break;
		case DYN_SHAPE_STRING:
			fits = kind == DYN_JSON_STRING;
			break;
		case DYN_SHAPE_BLOB:
			fits = kind == DYN_JSON_STRING;
			if (fits)
				check_base64(dyn_json_string(value));
			break;
		case DYN_SHAPE_INTEGER:
		case DYN_SHAPE_LONG:
		case DYN_SHAPE_DOUBLE:
		case DYN_SHAPE_TIMESTAMP:
			fits = kind == DYN_JSON_NUMBER;
			break;
		case DYN_SHAPE_BOOLEAN:
			fits = dyn_json_is_boolean(value);
			break;
	}
	if (!fits)
		dyn_shape_error_kind(shape, value, is_element);
}

/* Standard alphabet, padded, and no stray bits before the padding. */
static void
check_base64(DynStr text)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static signed char digits[256];
	static bool digits_ready = false;
	int			len = text.len;
	int			last = 0;

	if (!digits_ready)
	{
		memset(digits, -1, sizeof(digits));
		for (int i = 0; i < 64; i++)
			digits[(unsigned char) alphabet[i]] = i;
		digits_ready = true;
	}
	if (len % 4 != 0)
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_BASE64_LENGTH, len);
	for (int pad = 0; pad < 2 && len > 0 && text.data[len - 1] == '='; pad++)
		len--;
	for (int i = 0; i < len; i++)
	{
		last = digits[(unsigned char) text.data[i]];
		if (last < 0)
			dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_BASE64_CHARACTER, dyn_text_printable((DynStr) {text.data + i, 1}));
	}
	/* The spelling is AWS's. */
	if ((len % 4 == 2 && (last & 0x0F) != 0) || (len % 4 == 3 && (last & 0x03) != 0))
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_BASE64_LAST_CHARACTER);
}

static bool
matches_pattern(const DynShapePattern *pattern, DynStr text)
{
	const unsigned char *at = (const unsigned char *) text.data;

	/* Counts are of bytes: the patterns with an upper end or a multiple are of ASCII only. */
	if (text.len < pattern->least || (pattern->most > 0 && text.len > pattern->most) ||
		text.len % pattern->multiple != 0)
		return false;
	for (int i = 0; i < text.len; i++)
	{
		if (at[i] >= 0x80 ? !pattern->beyond_ascii : !(pattern->ascii[at[i] / 32] & ((uint32) 1 << (at[i] % 32))))
			return false;
	}
	if (pattern->alphanumeric_ends && text.len > 0)
		return isalnum(at[0]) && isalnum(at[text.len - 1]);
	return true;
}

static int
number_failures(const DynShape *shape, int64 number)
{
	int			failures = 0;

	if (shape->has_min && number < shape->min)
		failures |= DYN_SHAPE_FAILS_MIN;
	if (shape->has_max && number > shape->max)
		failures |= DYN_SHAPE_FAILS_MAX;
	return failures;
}
