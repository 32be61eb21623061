/*
 * ExpressionAttributeNames and ExpressionAttributeValues.
 *
 * A request may carry any number of them, so they are found through a hash table, which is built at the first look-up.
 * Entries stay in the order of the request, for messages.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_bind.h"
#include "expr/expr_lexer.h"
#include "expr/expr_parse.h"
#include "item/item_size.h"

/* a message lists at most so many; a client that sends thousands does not need the whole list */
#define MAX_REPORTED_KEYS 100

/* open addressing: positions in the entries, -1 for a free slot */
typedef struct DynBindIndex
{
	int			indexed;		/* entries known so far */
	uint64		seed;			/* drawn anew, so that no client can choose keys that collide */
	uint32		mask;
	int		   *slots;
} DynBindIndex;

static void check_key(const char *parameter, DynStr key, char prefix);
static DynBindEntry *add_entry(DynBindEntry **entries, int *count, DynStr name);
static DynBindEntry *find_entry(DynBindEntry *entries, int count, DynBindIndex **index, DynStr name);
static void check_used(const char *parameter, const DynBindEntry *entries, int count);

DynBindings *
dyn_expr_bind_make(void)
{
	return palloc0(sizeof(DynBindings));
}

void
dyn_expr_bind_add_name(DynBindings *bindings, DynStr name, DynStr attribute)
{
	DynBindEntry *entry;

	check_key("ExpressionAttributeNames", name, '#');
	if (attribute.len == 0 || attribute.len > DYN_MAX_ATTRIBUTE_NAME)
	{
		/* the newer layer does not say for which key the name is too large */
		if (attribute.len == 0 || dyn_error_is_older())
			dyn_error_wrap(DYN_MSG_NAMES_CONTAIN_INVALID, psprintf(" for key %s", dyn_text_printable(name)));
		dyn_item_check_name(attribute);
	}
	entry = add_entry(&bindings->names, &bindings->name_count, name);
	entry->attribute = attribute;
	entry->size = attribute.len;
	bindings->names_size += name.len + entry->size;
	bindings->has_names = true;
}

void
dyn_expr_bind_check_value_name(DynStr name)
{
	check_key("ExpressionAttributeValues", name, ':');
}

void
dyn_expr_bind_add_value(DynBindings *bindings, DynStr name, DynValue value)
{
	DynBindEntry *entry;

	dyn_expr_bind_check_value_name(name);
	entry = add_entry(&bindings->values, &bindings->value_count, name);
	entry->value = value;
	entry->size = dyn_item_size_value(&value);
	bindings->values_size += name.len + entry->size;
	bindings->has_values = true;
}

static void
check_substitutions_size(const char *what, int64 size)
{
	if (size > DYN_MAX_SUBSTITUTIONS_SIZE)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_SUBSTITUTIONS_TOO_LARGE, what);
}

void
dyn_expr_bind_check_sizes(const DynBindings *bindings)
{
	check_substitutions_size("ExpressionAttributeNames", bindings->names_size);
	check_substitutions_size("ExpressionAttributeValues", bindings->values_size);
	check_substitutions_size("Combined size of ExpressionAttributeNames and ExpressionAttributeValues",
							 bindings->names_size + bindings->values_size);
}

static const DynBindEntry *
use_entry(DynBindings *bindings, DynBindEntry *entry)
{
	if (entry == NULL)
		return NULL;
	entry->used = true;
	bindings->used_size += entry->size;
	return entry;
}

const DynBindEntry *
dyn_expr_bind_name(DynBindings *bindings, DynStr name)
{
	return use_entry(bindings, find_entry(bindings->names, bindings->name_count, &bindings->name_index, name));
}

const DynBindEntry *
dyn_expr_bind_value(DynBindings *bindings, DynStr name)
{
	return use_entry(bindings, find_entry(bindings->values, bindings->value_count, &bindings->value_index, name));
}

void
dyn_expr_bind_check_usage(DynBindings *bindings, const char *parameter, DynStr text)
{
	int64		size = text.len + bindings->used_size;

	bindings->used_size = 0;
	if (size > DYN_MAX_EXPRESSION_TREE_SIZE)
		dyn_expr_parse_fail(parameter, DYN_MSG_EXPRESSION_TOO_LONG);
}

void
dyn_expr_bind_check(DynBindings *bindings, bool any_expression)
{
	if (bindings->has_names && !any_expression)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NAMES_WITHOUT_EXPRESSION);
	if (bindings->has_values && !any_expression)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUES_WITHOUT_EXPRESSION);
	if (bindings->has_names && bindings->name_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NAMES_EMPTY);
	if (bindings->has_values && bindings->value_count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VALUES_EMPTY);
	check_used("ExpressionAttributeNames", bindings->names, bindings->name_count);
	check_used("ExpressionAttributeValues", bindings->values, bindings->value_count);
}

static void
check_key(const char *parameter, DynStr key, char prefix)
{
	if (key.len == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MAP_EMPTY_KEY, parameter);
	if (key.data[0] != prefix || !dyn_expr_lexer_is_word((DynStr) {key.data + 1, key.len - 1}))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MAP_KEY_SYNTAX, parameter, dyn_text_printable(key));
	/* AWS's message gives the size only for names, not for values */
	if (key.len > DYN_MAX_EXPRESSION_NAME_LENGTH && prefix == '#')
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MAP_LONG_KEY_SIZE, parameter, key.len);
	if (key.len > DYN_MAX_EXPRESSION_NAME_LENGTH)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MAP_LONG_KEY, parameter);
}

/* The array grows whenever count is a power of two. */
static DynBindEntry *
add_entry(DynBindEntry **entries, int *count, DynStr name)
{
	DynBindEntry *entry;

	if (*count == 0)
		*entries = palloc(sizeof(DynBindEntry));
	else if ((*count & (*count - 1)) == 0)
		*entries = repalloc_huge(*entries, 2 * (Size) *count * sizeof(DynBindEntry));
	entry = &(*entries)[(*count)++];
	memset(entry, 0, sizeof(*entry));
	entry->name = name;
	return entry;
}

static uint32
find_slot(const DynBindIndex *index, const DynBindEntry *entries, DynStr name)
{
	uint32		slot = hash_bytes_extended((const unsigned char *) name.data, name.len, index->seed) & index->mask;

	while (index->slots[slot] >= 0 && !dyn_text_equal(entries[index->slots[slot]].name, name))
		slot = (slot + 1) & index->mask;
	return slot;
}

static DynBindIndex *
make_index(DynBindEntry *entries, int count)
{
	DynBindIndex *index = palloc(sizeof(DynBindIndex));
	uint32		size = pg_nextpower2_32(Max(count, 4) * 2);

	index->indexed = count;
	index->seed = pg_prng_uint64(&pg_global_prng_state);
	index->mask = size - 1;
	index->slots = palloc(size * sizeof(int));
	memset(index->slots, -1, size * sizeof(int));
	for (int i = 0; i < count; i++)
	{
		uint32		slot = find_slot(index, entries, entries[i].name);

		CHECK_FOR_INTERRUPTS();
		/* when a key is repeated, the last one counts, as in the client's own JSON reader */
		if (index->slots[slot] >= 0)
			entries[index->slots[slot]].used = true;
		index->slots[slot] = i;
	}
	return index;
}

static DynBindEntry *
find_entry(DynBindEntry *entries, int count, DynBindIndex **index, DynStr name)
{
	int			position;

	if (count == 0)
		return NULL;
	if (*index == NULL || (*index)->indexed != count)
		*index = make_index(entries, count);
	position = (*index)->slots[find_slot(*index, entries, name)];
	return position < 0 ? NULL : &entries[position];
}

static void
check_used(const char *parameter, const DynBindEntry *entries, int count)
{
	DynStr		unused[MAX_REPORTED_KEYS];
	int			unused_count = 0;

	for (int i = 0; i < count && unused_count < MAX_REPORTED_KEYS; i++)
		if (!entries[i].used)
			unused[unused_count++] = entries[i].name;
	if (unused_count > 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_MAP_KEY_UNUSED, parameter, dyn_text_list_set(unused, unused_count, count));
}
