/*
 * Writes JSON in a canonical form: no white space, and the members of every object in the byte order of their names.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/json_canonical.h"
#include "json/json_write.h"

static void append_object(StringInfo out, const DynJson *object);
static int	compare_names(const void *a, const void *b);

void
dyn_json_canonical_append(StringInfo out, const DynJson *json)
{
	check_stack_depth();
	if (dyn_json_is_object(json))
		append_object(out, json);
	else if (dyn_json_is_array(json))
	{
		dyn_json_write_array_start(out);
		for (const DynJson *child = dyn_json_first(json); child != NULL; child = dyn_json_next(child))
			dyn_json_canonical_append(out, child);
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
append_object(StringInfo out, const DynJson *object)
{
	const DynJson **members = palloc(Max(dyn_json_count(object), 1) * sizeof(DynJson *));
	int			count = 0;

	for (const DynJson *child = dyn_json_first(object); child != NULL; child = dyn_json_next(child))
		members[count++] = child;
	qsort(members, count, sizeof(DynJson *), compare_names);
	dyn_json_write_object_start(out);
	for (int i = 0; i < count; i++)
	{
		dyn_json_write_name(out, dyn_json_name(members[i]));
		dyn_json_canonical_append(out, members[i]);
	}
	dyn_json_write_object_end(out);
	pfree(members);
}

static int
compare_names(const void *a, const void *b)
{
	return dyn_text_compare(dyn_json_name(*(const DynJson *const *) a), dyn_json_name(*(const DynJson *const *) b));
}
