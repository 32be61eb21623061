/*
 * The order in which AWS prints names that it keeps in hash sets and maps.
 *
 * Its messages list keys and definitions in the order of java.util.HashMap: by the bucket that a name falls into, and
 * in a bucket by insertion.  A client that compares whole texts sees it.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "request/java_order.h"

#define LEAST_BUCKETS 16

typedef struct Slot
{
	uint32		bucket;
	int			position;
	DynStr		name;
} Slot;

static uint32 hash(DynStr name);
static int	compare(const void *a, const void *b);

void
dyn_java_order_sort(DynStr *names, int count, int expected)
{
	Slot	   *slots = palloc(sizeof(Slot) * Max(count, 1));
	uint32		buckets = expected > 0 ? 1 : LEAST_BUCKETS;

	/* a map is three quarters full at most */
	while (buckets * 3 / 4 < Max(count, expected))
		buckets *= 2;
	for (int i = 0; i < count; i++)
		slots[i] = (Slot) {hash(names[i]) & (buckets - 1), i, names[i]};
	qsort(slots, count, sizeof(Slot), compare);
	for (int i = 0; i < count; i++)
		names[i] = slots[i].name;
	pfree(slots);
}

char *
dyn_java_order_join(const DynStr *names, int count)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < count; i++)
		appendStringInfo(&text, "%s%s", i > 0 ? ", " : "", dyn_text_printable(names[i]));
	return text.data;
}

/* String.hashCode() of UTF-16, spread as HashMap does. */
static uint32
hash(DynStr name)
{
	uint32		value = 0;

	for (int i = 0; i < name.len; i += pg_utf_mblen((const unsigned char *) name.data + i))
	{
		pg_wchar	character = utf8_to_unicode((const unsigned char *) name.data + i);

		if (character >= 0x10000)
		{
			value = 31 * value + (0xD800 + ((character - 0x10000) >> 10));
			character = 0xDC00 + ((character - 0x10000) & 0x3FF);
		}
		value = 31 * value + character;
	}
	return value ^ (value >> 16);
}

static int
compare(const void *a, const void *b)
{
	const Slot *left = a;
	const Slot *right = b;

	if (left->bucket != right->bucket)
		return left->bucket < right->bucket ? -1 : 1;
	return left->position - right->position;
}
