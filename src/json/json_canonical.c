/*
 * Writes JSON in a canonical form: no white space, and the members of every object in the byte order of their names.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json_canonical.h"
#include "json/json_write.h"

static void append_object(StringInfo out, const DynJson *object, const char *name, const char *value);
static bool is_left_out(const DynJson *member, const char *name, const char *value);
static int	compare_names(const void *a, const void *b);

void
dyn_json_canonical_append(StringInfo out, const DynJson *json)
{
	dyn_json_canonical_append_without(out, json, NULL, NULL);
}

void
dyn_json_canonical_append_without(StringInfo out, const DynJson *json, const char *name, const char *value)
{
	check_stack_depth();
	if (dyn_json_is_object(json))
		append_object(out, json, name, value);
	else if (dyn_json_is_array(json))
	{
		dyn_json_write_array_start(out);
		for (const DynJson *child = dyn_json_first(json); child != NULL; child = dyn_json_next(child))
			dyn_json_canonical_append_without(out, child, name, value);
		dyn_json_write_array_end(out);
	}
	else
	{
		StringInfoData text;

		initStringInfo(&text);
		dyn_json_append(&text, json);
		dyn_json_write_raw(out, text.data, text.len);
		pfree(text.data);
	}
}

static void
append_object(StringInfo out, const DynJson *object, const char *name, const char *value)
{
	const DynJson **members = palloc(Max(dyn_json_count(object), 1) * sizeof(DynJson *));
	int			count = 0;

	for (const DynJson *child = dyn_json_first(object); child != NULL; child = dyn_json_next(child))
		if (!is_left_out(child, name, value))
			members[count++] = child;
	qsort(members, count, sizeof(DynJson *), compare_names);
	dyn_json_write_object_start(out);
	for (int i = 0; i < count; i++)
	{
		dyn_json_write_name(out, dyn_json_name(members[i]));
		dyn_json_canonical_append_without(out, members[i], name, value);
	}
	dyn_json_write_object_end(out);
	pfree(members);
}

static bool
is_left_out(const DynJson *member, const char *name, const char *value)
{
	if (name == NULL)
		return false;
	if (dyn_json_kind(member) == DYN_JSON_NULL)
		return true;
	return dyn_json_kind(member) == DYN_JSON_STRING && dyn_text_equal_cstring(dyn_json_string(member), value) &&
		dyn_text_equal_cstring(dyn_json_name(member), name);
}

static int
compare_names(const void *a, const void *b)
{
	return dyn_text_compare(dyn_json_name(*(const DynJson *const *) a), dyn_json_name(*(const DynJson *const *) b));
}
