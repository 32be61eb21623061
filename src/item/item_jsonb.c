/*
 * The stored form, read: items as natural jsonb.
 *
 * jsonb is written (item_jsonb_build.c) and read in place instead of through JsonbValue trees and iterators: an item's
 * attributes are in jsonb's order already, so writing is one pass over the item, and reading copies nothing but
 * numbers. The layout is the one that utils/jsonb.h describes; it is on disk and cannot change.
 *
 * What plain JSON lacks stands in an object with a single key: {"$B": base64}, {"$SS": [..]}, {"$NS": [..]},
 * {"$BS": [..]}.  A map whose only key starts with '$' would look like one of these and is wrapped: {"$M": {..}}.
 * Strings and names are in stored form (dyn_text_to_stored).
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "base/error.h"
#include "base/message.h"
#include "item/item_jsonb.h"
#include "json/json_write.h"

/* a child of a container that is being read */
typedef struct Node
{
	JEntry		entry;
	const char *base;
	uint32		offset;
	uint32		len;
} Node;

/* walks the children of a container */
typedef struct Cursor
{
	const JEntry *entry;
	const char *base;
	uint32		offset;
} Cursor;

typedef enum Wrapper
{
	WRAP_NONE,
	WRAP_B,
	WRAP_SS,
	WRAP_NS,
	WRAP_BS,
	WRAP_M
} Wrapper;

static Cursor first_child(const JsonbContainer *container, int index);
static Node next_child(Cursor *cursor);
static const JsonbContainer *node_container(Node node);
static DynStr node_text(Node node);
static Wrapper find_wrapper(const JsonbContainer *container, Node *content);
static DynItem *read_object(const JsonbContainer *container, int depth);
static DynValue read_node(Node node, int depth);
static DynValue read_container(const JsonbContainer *container, int depth);
static DynValue read_set(Node content, DynType type);
static DynValue read_set_element(Node node, DynType type);
static const DynNumber *read_number(Node node);
static const JsonbContainer *item_root(Jsonb *jsonb);

static void refuse_wrapper(const char *rule) pg_attribute_noreturn();

static void print_object(StringInfo out, const JsonbContainer *container);
static void print_node(StringInfo out, Node node);
static void print_container(StringInfo out, const JsonbContainer *container);
static void print_set(StringInfo out, Node content, DynType type);
static void print_number(StringInfo out, Node node);

/* appends a string literal without measuring it */
#define append_literal(out, literal) appendBinaryStringInfo(out, literal, sizeof(literal) - 1)

DynItem *
dyn_item_jsonb_read(Jsonb *jsonb)
{
	return read_object(item_root(jsonb), 1);
}

DynValue
dyn_item_jsonb_read_value(Jsonb *jsonb)
{
	if (JB_ROOT_IS_SCALAR(jsonb))
	{
		Cursor		cursor = first_child(&jsonb->root, 0);

		return read_node(next_child(&cursor), 1);
	}
	return read_container(&jsonb->root, 1);
}

void
dyn_item_jsonb_write_json(StringInfo out, Jsonb *jsonb)
{
	dyn_json_write_raw(out, "", 0); /* the comma, where one is needed */
	print_object(out, item_root(jsonb));
}

bool
dyn_item_jsonb_get(Jsonb *jsonb, DynStr name, DynValue *value)
{
	const JsonbContainer *root = item_root(jsonb);
	int			low = 0;
	int			high = JsonContainerSize(root);

	name = dyn_text_to_stored(name);
	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		Cursor		cursor = first_child(root, middle);
		Node		key = next_child(&cursor);
		int			order = name.len - (int) key.len;

		if (order == 0)
			order = memcmp(name.data, key.base + key.offset, name.len);
		if (order == 0)
		{
			cursor = first_child(root, JsonContainerSize(root) + middle);
			*value = read_node(next_child(&cursor), 1);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/* index: of an element; of a name, or of a value plus the number of pairs */
static Cursor
first_child(const JsonbContainer *container, int index)
{
	int			entries = JsonContainerSize(container) * (JsonContainerIsObject(container) ? 2 : 1);

	return (Cursor) {&container->children[index], (const char *) &container->children[entries],
		index == 0 ? 0 : getJsonbOffset(container, index)};
}

static Node
next_child(Cursor *cursor)
{
	Node		node = {*cursor->entry, cursor->base, cursor->offset, 0};

	JBE_ADVANCE_OFFSET(cursor->offset, node.entry);
	node.len = cursor->offset - node.offset;
	cursor->entry++;
	return node;
}

static const JsonbContainer *
node_container(Node node)
{
	return (const JsonbContainer *) (node.base + INTALIGN(node.offset));
}

/* As stored: the caller turns pairs back. */
static DynStr
node_text(Node node)
{
	return (DynStr) {node.base + node.offset, (int) node.len};
}

static void
refuse_wrapper(const char *rule)
{
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INVALID "%s", rule);
}

/*
 * Is this object one of the wrappers?  Then *content is what it wraps.  An object whose only key starts with '$' must
 * be a wrapper.
 */
static Wrapper
find_wrapper(const JsonbContainer *container, Node *content)
{
	static const char *const names[] =
		{[WRAP_B] = "$B", [WRAP_SS] = "$SS", [WRAP_NS] = "$NS", [WRAP_BS] = "$BS", [WRAP_M] = "$M"};
	Cursor		cursor;
	DynStr		key;

	if (JsonContainerSize(container) != 1)
		return WRAP_NONE;
	cursor = first_child(container, 0);
	key = node_text(next_child(&cursor));
	if (!dyn_text_starts_with(key, DYN_STR("$")))
		return WRAP_NONE;
	*content = next_child(&cursor);
	for (int i = WRAP_B; i < lengthof(names); i++)
	{
		if (dyn_text_equal_cstring(key, names[i]))
			return i;
	}
	key.len = Min(key.len, DYN_MAX_KEY_ATTRIBUTE_NAME);
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STORED_MAP_NOT_WRAPPED, dyn_text_printable(key));
}

static DynItem *
read_object(const JsonbContainer *container, int depth)
{
	int			count = JsonContainerSize(container);
	DynItem    *map = dyn_item_make(count);
	Cursor		cursor = first_child(container, 0);
	bool		sorted = true;

	dyn_item_check_depth(depth);
	for (int i = 0; i < count; i++)
	{
		DynStr		stored = node_text(next_child(&cursor));
		DynStr		name = dyn_text_from_stored(stored);

		dyn_item_check_name(name);
		map->attributes[i].name = name;
		sorted &= name.data == stored.data;
	}
	for (int i = 0; i < count; i++)
		map->attributes[i].value = read_node(next_child(&cursor), depth);
	map->count = count;
	if (!sorted && !dyn_item_sort(map))
		refuse_wrapper(DYN_MSG_STORED_NAME_TWICE);
	return map;
}

static DynValue
read_node(Node node, int depth)
{
	switch (node.entry & JENTRY_TYPEMASK)
	{
		case JENTRY_ISSTRING:
			return dyn_value_string(dyn_text_from_stored(node_text(node)));
		case JENTRY_ISNUMERIC:
			return dyn_value_number(read_number(node));
		case JENTRY_ISBOOL_FALSE:
			return dyn_value_boolean(false);
		case JENTRY_ISBOOL_TRUE:
			return dyn_value_boolean(true);
		case JENTRY_ISNULL:
			return dyn_value_null();
		default:
			return read_container(node_container(node), depth);
	}
}

static DynValue
read_container(const JsonbContainer *container, int depth)
{
	Wrapper		wrapper;
	Node		content;
	DynStr		bytes;

	if (JsonContainerIsArray(container))
	{
		DynValue	list = dyn_value_list();
		Cursor		cursor = first_child(container, 0);

		dyn_item_check_depth(depth + 1);
		for (int i = 0; i < JsonContainerSize(container); i++)
			dyn_value_list_append(&list, read_node(next_child(&cursor), depth + 1));
		return list;
	}

	wrapper = find_wrapper(container, &content);
	switch (wrapper)
	{
		case WRAP_NONE:
			break;
		case WRAP_B:
			if (!JBE_ISSTRING(content.entry) || !dyn_text_decode_base64(node_text(content), &bytes))
				refuse_wrapper(DYN_MSG_STORED_BINARY);
			return dyn_value_binary(bytes);
		case WRAP_SS:
			return read_set(content, DYN_TYPE_SS);
		case WRAP_NS:
			return read_set(content, DYN_TYPE_NS);
		case WRAP_BS:
			return read_set(content, DYN_TYPE_BS);
		case WRAP_M:
			if (!JBE_ISCONTAINER(content.entry) || !JsonContainerIsObject(node_container(content)))
				refuse_wrapper(DYN_MSG_STORED_MAP);
			container = node_container(content);
			break;
	}
	return (DynValue) {.type = DYN_TYPE_M, .map = read_object(container, depth + 1)};
}

/* The array that a set's wrapper holds, with at least one element. */
static const JsonbContainer *
set_elements(Node content)
{
	if (!JBE_ISCONTAINER(content.entry) || !JsonContainerIsArray(node_container(content)) ||
		JsonContainerSize(node_container(content)) == 0)
		refuse_wrapper(DYN_MSG_STORED_SET_EMPTY);
	return node_container(content);
}

static DynValue
read_set(Node content, DynType type)
{
	const JsonbContainer *elements = set_elements(content);
	Cursor		cursor = first_child(elements, 0);
	DynValue	set = dyn_value_list();

	for (int i = 0; i < JsonContainerSize(elements); i++)
	{
		CHECK_FOR_INTERRUPTS();
		dyn_value_list_append(&set, read_set_element(next_child(&cursor), type));
	}
	set.type = type;
	dyn_value_set_normalize(&set);
	return set;
}

static DynValue
read_set_element(Node node, DynType type)
{
	DynStr		bytes;

	if (type == DYN_TYPE_NS && JBE_ISNUMERIC(node.entry))
		return dyn_value_number(read_number(node));
	if (type == DYN_TYPE_SS && JBE_ISSTRING(node.entry))
		return dyn_value_string(dyn_text_from_stored(node_text(node)));
	if (type == DYN_TYPE_BS && JBE_ISSTRING(node.entry) && dyn_text_decode_base64(node_text(node), &bytes))
		return dyn_value_binary(bytes);
	refuse_wrapper(DYN_MSG_STORED_SET_MEMBER);
}

/* A SQL user can write numbers that DynamoDB does not have. */
static const DynNumber *
read_number(Node node)
{
	DynNumber  *number = palloc(sizeof(DynNumber));
	Datum		numeric = PointerGetDatum(node.base + INTALIGN(node.offset));

	if (!dyn_number_from_numeric(numeric, number))
	{
		DynStr		text = dyn_text_from_cstring(DatumGetCString(DirectFunctionCall1(numeric_out, numeric)));

		dyn_number_check(dyn_number_parse(text, number), text);
	}
	return number;
}

static const JsonbContainer *
item_root(Jsonb *jsonb)
{
	if (!JB_ROOT_IS_OBJECT(jsonb))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STORED_ITEM_NO_OBJECT);
	return &jsonb->root;
}

static void
print_text(StringInfo out, Node node)
{
	dyn_json_write_quoted(out, dyn_text_from_stored(node_text(node)));
}

static void
print_object(StringInfo out, const JsonbContainer *container)
{
	int			count = JsonContainerSize(container);
	Cursor		names = first_child(container, 0);
	Cursor		values = first_child(container, count);

	check_stack_depth();
	appendStringInfoCharMacro(out, '{');
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		print_text(out, next_child(&names));
		appendStringInfoCharMacro(out, ':');
		print_node(out, next_child(&values));
	}
	appendStringInfoCharMacro(out, '}');
}

static void
print_node(StringInfo out, Node node)
{
	switch (node.entry & JENTRY_TYPEMASK)
	{
		case JENTRY_ISSTRING:
			append_literal(out, "{\"S\":");
			print_text(out, node);
			break;
		case JENTRY_ISNUMERIC:
			append_literal(out, "{\"N\":");
			print_number(out, node);
			break;
		case JENTRY_ISBOOL_FALSE:
			append_literal(out, "{\"BOOL\":false");
			break;
		case JENTRY_ISBOOL_TRUE:
			append_literal(out, "{\"BOOL\":true");
			break;
		case JENTRY_ISNULL:
			append_literal(out, "{\"NULL\":true");
			break;
		default:
			print_container(out, node_container(node));
			return;
	}
	appendStringInfoCharMacro(out, '}');
}

static void
print_container(StringInfo out, const JsonbContainer *container)
{
	Node		content;

	if (JsonContainerIsArray(container))
	{
		Cursor		cursor = first_child(container, 0);

		check_stack_depth();
		append_literal(out, "{\"L\":[");
		for (int i = 0; i < JsonContainerSize(container); i++)
		{
			if (i > 0)
				appendStringInfoCharMacro(out, ',');
			print_node(out, next_child(&cursor));
		}
		append_literal(out, "]}");
		return;
	}

	switch (find_wrapper(container, &content))
	{
		case WRAP_B:
			if (!JBE_ISSTRING(content.entry))
				refuse_wrapper(DYN_MSG_STORED_BINARY);
			append_literal(out, "{\"B\":");
			print_text(out, content);
			break;
		case WRAP_SS:
			print_set(out, content, DYN_TYPE_SS);
			break;
		case WRAP_NS:
			print_set(out, content, DYN_TYPE_NS);
			break;
		case WRAP_BS:
			print_set(out, content, DYN_TYPE_BS);
			break;
		case WRAP_M:
			if (!JBE_ISCONTAINER(content.entry) || !JsonContainerIsObject(node_container(content)))
				refuse_wrapper(DYN_MSG_STORED_MAP);
			container = node_container(content);
			/* FALLTHROUGH */
		case WRAP_NONE:
			append_literal(out, "{\"M\":");
			print_object(out, container);
			break;
	}
	appendStringInfoCharMacro(out, '}');
}

static void
print_set(StringInfo out, Node content, DynType type)
{
	const JsonbContainer *elements = set_elements(content);
	Cursor		cursor = first_child(elements, 0);

	appendStringInfo(out, "{\"%s\":[", dyn_value_type_name(type));
	for (int i = 0; i < JsonContainerSize(elements); i++)
	{
		Node		node = next_child(&cursor);

		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		if (type == DYN_TYPE_NS && JBE_ISNUMERIC(node.entry))
			print_number(out, node);
		else if (type != DYN_TYPE_NS && JBE_ISSTRING(node.entry))
			print_text(out, node);
		else
			refuse_wrapper(DYN_MSG_STORED_SET_MEMBER);
	}
	appendStringInfoCharMacro(out, ']');
}

static void
print_number(StringInfo out, Node node)
{
	DynNumber	number;
	Datum		numeric = PointerGetDatum(node.base + INTALIGN(node.offset));

	appendStringInfoCharMacro(out, '"');
	if (dyn_number_from_numeric(numeric, &number))
		dyn_number_append(out, &number);
	else
		dyn_number_append(out, read_number(node));	/* raises the error that fits */
	appendStringInfoCharMacro(out, '"');
}
