/*
 * The stored form, written.  The head of item_jsonb.c describes it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "item/item_jsonb_build.h"

/* a list or map on its way into the buffer */
typedef struct Container
{
	int			start;			/* where it begins, padding included: entry lengths count from here */
	int			entries;		/* where its JEntry array is */
	int			contents;		/* where its children's data begin */
	int			added;			/* children so far; in an object all names, then all values */
} Container;

static void begin_jsonb(StringInfo out);
static Jsonb *finish_jsonb(StringInfo out);
static void begin_container(StringInfo out, Container *container, uint32 kind, int count);
static void add_entry(StringInfo out, Container *container, uint32 type, int start);
static void add_string(StringInfo out, Container *container, DynStr stored);
static void add_value(StringInfo out, Container *container, const DynValue *value);
static void write_wrapped(StringInfo out, const DynValue *value);
static void write_map(StringInfo out, const DynItem *map);
static void write_list(StringInfo out, const DynList *list);
static const DynItem *with_stored_names(const DynItem *map);

Jsonb *
dyn_item_jsonb_build(const DynItem *item)
{
	StringInfoData out;

	begin_jsonb(&out);
	write_map(&out, item);
	return finish_jsonb(&out);
}

Jsonb *
dyn_item_jsonb_build_value(const DynValue *value)
{
	StringInfoData out;
	Container	scalar;

	begin_jsonb(&out);
	switch (value->type)
	{
		case DYN_TYPE_L:
			write_list(&out, &value->list);
			break;
		case DYN_TYPE_M:
		case DYN_TYPE_B:
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			write_wrapped(&out, value);
			break;
		default:
			begin_container(&out, &scalar, JB_FARRAY | JB_FSCALAR, 1);
			add_value(&out, &scalar, value);
			break;
	}
	return finish_jsonb(&out);
}

static void
begin_jsonb(StringInfo out)
{
	initStringInfo(out);
	enlargeStringInfo(out, VARHDRSZ);
	out->len = VARHDRSZ;
}

static Jsonb *
finish_jsonb(StringInfo out)
{
	SET_VARSIZE(out->data, out->len);
	return (Jsonb *) out->data;
}

static void
pad(StringInfo out)
{
	int			padding = INTALIGN(out->len) - out->len;

	if (padding > 0)
		appendBinaryStringInfo(out, "\0\0\0", padding);
}

/* kind: JB_FARRAY or JB_FOBJECT, with flags; count: elements or pairs */
static void
begin_container(StringInfo out, Container *container, uint32 kind, int count)
{
	uint32		header = count | kind;
	int			entries = kind & JB_FOBJECT ? 2 * count : count;

	if (count > JB_CMASK / 2)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("too many elements for a jsonb value")));
	container->start = out->len;
	pad(out);
	appendBinaryStringInfo(out, (char *) &header, sizeof(header));
	container->entries = out->len;
	enlargeStringInfo(out, entries * sizeof(JEntry));
	out->len += entries * sizeof(JEntry);
	container->contents = out->len;
	container->added = 0;
}

/* Notes the child whose data (or padding) began at start and has just been appended. */
static void
add_entry(StringInfo out, Container *container, uint32 type, int start)
{
	JEntry		entry = type | (out->len - start);

	if (out->len - container->contents > JENTRY_OFFLENMASK)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("value is too large for jsonb")));
	if (container->added % JB_OFFSET_STRIDE == 0)
		entry = type | (out->len - container->contents) | JENTRY_HAS_OFF;
	memcpy(out->data + container->entries + container->added * sizeof(JEntry), &entry, sizeof(entry));
	container->added++;
}

static void
add_string(StringInfo out, Container *container, DynStr stored)
{
	int			start = out->len;

	appendBinaryStringInfo(out, stored.data, stored.len);
	add_entry(out, container, JENTRY_ISSTRING, start);
}

static void
add_value(StringInfo out, Container *container, const DynValue *value)
{
	int			start = out->len;
	Pointer		numeric;

	switch (value->type)
	{
		case DYN_TYPE_S:
			add_string(out, container, dyn_text_to_stored(value->text));
			break;
		case DYN_TYPE_N:
			numeric = DatumGetPointer(dyn_number_to_numeric(value->number));
			pad(out);
			appendBinaryStringInfo(out, numeric, VARSIZE(numeric));
			add_entry(out, container, JENTRY_ISNUMERIC, start);
			pfree(numeric);
			break;
		case DYN_TYPE_BOOL:
			add_entry(out, container, value->boolean ? JENTRY_ISBOOL_TRUE : JENTRY_ISBOOL_FALSE, start);
			break;
		case DYN_TYPE_NULL:
			add_entry(out, container, JENTRY_ISNULL, start);
			break;
		case DYN_TYPE_L:
			write_list(out, &value->list);
			add_entry(out, container, JENTRY_ISCONTAINER, start);
			break;
		case DYN_TYPE_M:
		case DYN_TYPE_B:
		case DYN_TYPE_SS:
		case DYN_TYPE_NS:
		case DYN_TYPE_BS:
			write_wrapped(out, value);
			add_entry(out, container, JENTRY_ISCONTAINER, start);
			break;
	}
}

/* A value that is an object in jsonb: with its wrapper, if it needs one. */
static void
write_wrapped(StringInfo out, const DynValue *value)
{
	Container	wrapper;
	Container	elements;
	int			start;
	uint32		type = JENTRY_ISCONTAINER;

	if (value->type == DYN_TYPE_M &&
		(value->map->count != 1 || !dyn_text_starts_with(value->map->attributes[0].name, DYN_STR("$"))))
	{
		write_map(out, value->map);
		return;
	}

	begin_container(out, &wrapper, JB_FOBJECT, 1);
	start = out->len;
	appendStringInfoCharMacro(out, '$');
	appendStringInfoString(out, dyn_value_type_name(value->type));
	add_entry(out, &wrapper, JENTRY_ISSTRING, start);
	start = out->len;
	switch (value->type)
	{
		case DYN_TYPE_M:
			write_map(out, value->map);
			break;
		case DYN_TYPE_B:
			dyn_text_append_base64(out, value->text);
			type = JENTRY_ISSTRING;
			break;
		case DYN_TYPE_BS:
			begin_container(out, &elements, JB_FARRAY, value->list.count);
			for (int i = 0; i < value->list.count; i++)
			{
				int			element = out->len;

				dyn_text_append_base64(out, value->list.values[i].text);
				add_entry(out, &elements, JENTRY_ISSTRING, element);
			}
			break;
		default:
			write_list(out, &value->list);
			break;
	}
	add_entry(out, &wrapper, type, start);
}

static void
write_map(StringInfo out, const DynItem *map)
{
	Container	container;

	check_stack_depth();
	map = with_stored_names(map);
	begin_container(out, &container, JB_FOBJECT, map->count);
	for (int i = 0; i < map->count; i++)
		add_string(out, &container, map->attributes[i].name);
	for (int i = 0; i < map->count; i++)
		add_value(out, &container, &map->attributes[i].value);
}

static void
write_list(StringInfo out, const DynList *list)
{
	Container	container;

	check_stack_depth();
	begin_container(out, &container, JB_FARRAY, list->count);
	for (int i = 0; i < list->count; i++)
		add_value(out, &container, &list->values[i]);
}

/*
 * Returns the map itself, unless the stored form changes a name.  Then it returns a copy, since a longer name sorts
 * elsewhere.
 */
static const DynItem *
with_stored_names(const DynItem *map)
{
	DynItem    *copy;
	bool		changed = false;

	for (int i = 0; i < map->count && !changed; i++)
		changed = dyn_text_to_stored(map->attributes[i].name).data != map->attributes[i].name.data;
	if (!changed)
		return map;
	copy = dyn_item_make(map->count);
	for (int i = 0; i < map->count; i++)
		dyn_item_append(copy, dyn_text_to_stored(map->attributes[i].name), map->attributes[i].value);
	dyn_item_sort(copy);
	return copy;
}
