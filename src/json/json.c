/*
 * Reads JSON.  cJSON does the parsing; this file adds what cJSON lacks.
 *
 * cJSON is lenient, its strings carry no length, and its allocation hooks belong to the whole process.  So:
 *
 * - Every document is checked against RFC 8259 first (json_check.c).  cJSON sees valid documents only, which also keeps
 *   its known errors on broken input out of reach.
 * - A string in the tree is in stored form (dyn_text_to_stored), which holds no NUL byte.  The rare document that
 *   needs the change is rewritten before cJSON sees it; readers turn the pairs back.
 * - Memory for a tree comes in large pieces from CurrentMemoryContext and is never freed one by one.  The hooks are
 *   set around the one call that allocates, and nothing in between can raise an error, so no other user of cJSON ever
 *   runs with them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* memmem() */
#endif
#include "postgres.h"

#include <cjson/cJSON.h>
#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "json/json.h"
#include "json/json_check.h"
#include "json/json_write.h"

StaticAssertDecl(DYN_JSON_MAX_DEPTH == CJSON_NESTING_LIMIT, "the check and cJSON must agree on the depth");

#define ARENA_MAX_PIECE (1024 * 1024)
#define WRITTEN_DECIMAL (1 << 12)	/* in a number's type, of which cJSON uses the lowest ten bits */

/* where the tree that is being parsed gets its memory */
static struct
{
	char	   *at;
	Size		left;
	Size		next_piece;
	bool		failed;
} arena;

static void mark_decimals(cJSON *node, const char **at, const char *end);
static void *arena_allocate(size_t size);
static void arena_release(void *pointer);

DynJson *
dyn_json_parse(const char *text, int len, bool stored_form)
{
	const char *written = text;
	const char *written_end = text + len;
	bool		rewrite;
	bool		decimals;
	cJSON_Hooks hooks = {arena_allocate, arena_release};
	cJSON	   *tree;

	if (!dyn_json_check_document(text, len, stored_form, &rewrite, &decimals))
		return NULL;
	if (rewrite)
	{
		StringInfoData plain;

		initStringInfo(&plain);
		dyn_json_check_rewrite(&plain, text, len, stored_form, false);
		text = plain.data;
		len = plain.len;
	}

	/* a tree takes some eight times the bytes of its text */
	arena.left = 0;
	arena.next_piece = Min(Max((Size) len * 8, 1024), 64 * 1024);
	arena.failed = false;
	cJSON_InitHooks(&hooks);
	tree = cJSON_ParseWithLengthOpts(text, len, NULL, false);
	cJSON_InitHooks(NULL);

	if (arena.failed)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (decimals && tree != NULL)
		mark_decimals(tree, &written, written_end);
	return tree;
}

DynJsonKind
dyn_json_kind(const DynJson *json)
{
	switch (json->type & 0xFF)
	{
		case cJSON_False:
			return DYN_JSON_FALSE;
		case cJSON_True:
			return DYN_JSON_TRUE;
		case cJSON_Number:
			return DYN_JSON_NUMBER;
		case cJSON_String:
			return DYN_JSON_STRING;
		case cJSON_Array:
			return DYN_JSON_ARRAY;
		case cJSON_Object:
			return DYN_JSON_OBJECT;
		default:
			return DYN_JSON_NULL;
	}
}

bool
dyn_json_is_object(const DynJson *json)
{
	return json != NULL && dyn_json_kind(json) == DYN_JSON_OBJECT;
}

bool
dyn_json_is_array(const DynJson *json)
{
	return json != NULL && dyn_json_kind(json) == DYN_JSON_ARRAY;
}

bool
dyn_json_is_string(const DynJson *json)
{
	return json != NULL && dyn_json_kind(json) == DYN_JSON_STRING;
}

const DynJson *
dyn_json_get(const DynJson *object, const char *name)
{
	return dyn_json_get_str(object, dyn_text_from_cstring(name));
}

const DynJson *
dyn_json_get_str(const DynJson *object, DynStr name)
{
	const DynJson *found = NULL;

	if (!dyn_json_is_object(object))
		return NULL;
	name = dyn_text_to_stored(name);
	for (const DynJson *child = object->child; child != NULL; child = child->next)
	{
		if (strncmp(child->string, name.data, name.len) == 0 && child->string[name.len] == '\0')
			found = child;
	}
	return found != NULL && dyn_json_kind(found) != DYN_JSON_NULL ? found : NULL;
}

const DynJson *
dyn_json_first(const DynJson *container)
{
	return container->child;
}

const DynJson *
dyn_json_next(const DynJson *child)
{
	return child->next;
}

int
dyn_json_count(const DynJson *container)
{
	int			count = 0;

	for (const DynJson *child = container->child; child != NULL; child = child->next)
		count++;
	return count;
}

DynStr
dyn_json_name(const DynJson *child)
{
	return dyn_text_from_stored(dyn_text_from_cstring(child->string));
}

DynStr
dyn_json_string(const DynJson *json)
{
	return dyn_text_from_stored(dyn_text_from_cstring(dyn_json_is_string(json) ? json->valuestring : ""));
}

int64
dyn_json_integer(const DynJson *json)
{
	double		value = dyn_json_double(json);

	/* 2^63 and the least int64 are exact as doubles; between them every cast is defined */
	if (isnan(value))
		return 0;
	if (value >= 9223372036854775808.0)
		return PG_INT64_MAX;
	if (value < -9223372036854775808.0)
		return PG_INT64_MIN;
	return (int64) value;
}

int32
dyn_json_int32(const DynJson *json)
{
	return Max(Min(dyn_json_integer(json), PG_INT32_MAX), PG_INT32_MIN);
}

double
dyn_json_double(const DynJson *json)
{
	return dyn_json_kind(json) == DYN_JSON_NUMBER ? json->valuedouble : 0;
}

bool
dyn_json_is_decimal(const DynJson *json)
{
	return (json->type & WRITTEN_DECIMAL) != 0;
}

static bool
is_one_of(const DynJson *json, const char *const *texts)
{
	DynStr		text = dyn_json_string(json);

	for (; *texts != NULL; texts++)
		if (text.len == (int) strlen(*texts) && pg_strncasecmp(text.data, *texts, text.len) == 0)
			return true;
	return false;
}

bool
dyn_json_is_boolean(const DynJson *json)
{
	static const char *const no[] = {"false", "f", "no", "n", "0", NULL};
	DynJsonKind kind = dyn_json_kind(json);

	return kind == DYN_JSON_TRUE || kind == DYN_JSON_FALSE ||
		(kind == DYN_JSON_STRING && (dyn_json_boolean(json) || is_one_of(json, no)));
}

bool
dyn_json_boolean(const DynJson *json)
{
	static const char *const yes[] = {"true", "t", "yes", "y", "1", NULL};
	DynJsonKind kind = dyn_json_kind(json);

	return kind == DYN_JSON_TRUE || (kind == DYN_JSON_STRING && is_one_of(json, yes));
}

DynStr
dyn_json_get_string(const DynJson *object, const char *name)
{
	const DynJson *member = dyn_json_get(object, name);

	return dyn_json_is_string(member) ? dyn_json_string(member) : (DynStr) {NULL, 0};
}

char *
dyn_json_get_cstring(const DynJson *object, const char *name)
{
	DynStr		value = dyn_json_get_string(object, name);

	return value.data ? dyn_text_to_cstring(value) : NULL;
}

int64
dyn_json_get_integer(const DynJson *object, const char *name, int64 missing)
{
	const DynJson *member = dyn_json_get(object, name);

	return member && dyn_json_kind(member) == DYN_JSON_NUMBER ? dyn_json_integer(member) : missing;
}

int32
dyn_json_get_int32(const DynJson *object, const char *name, int32 missing)
{
	const DynJson *member = dyn_json_get(object, name);

	return member && dyn_json_kind(member) == DYN_JSON_NUMBER ? dyn_json_int32(member) : missing;
}

bool
dyn_json_get_boolean(const DynJson *object, const char *name, bool missing)
{
	const DynJson *member = dyn_json_get(object, name);

	return member ? dyn_json_boolean(member) : missing;
}

const char *
dyn_json_stored_text(const char *text, int len)
{
	StringInfoData stored;

	if (memmem(text, len, "\\u000", 5) == NULL)
		return text;
	initStringInfo(&stored);
	dyn_json_check_rewrite(&stored, text, len, false, true);
	return stored.data;
}

void
dyn_json_append(StringInfo out, const DynJson *json)
{
	check_stack_depth();
	switch (dyn_json_kind(json))
	{
		case DYN_JSON_NULL:
			dyn_json_write_null(out);
			break;
		case DYN_JSON_FALSE:
		case DYN_JSON_TRUE:
			dyn_json_write_boolean(out, dyn_json_boolean(json));
			break;
		case DYN_JSON_NUMBER:
			if (json->valuedouble == rint(json->valuedouble) && fabs(json->valuedouble) < 9007199254740992.0)
				dyn_json_write_integer(out, (int64) json->valuedouble);
			else
				dyn_json_write_double(out, Max(Min(json->valuedouble, DBL_MAX), -DBL_MAX));
			break;
		case DYN_JSON_STRING:
			dyn_json_write_string(out, dyn_json_string(json));
			break;
		case DYN_JSON_ARRAY:
			dyn_json_write_array_start(out);
			for (const DynJson *child = json->child; child != NULL; child = child->next)
				dyn_json_append(out, child);
			dyn_json_write_array_end(out);
			break;
		case DYN_JSON_OBJECT:
			dyn_json_write_object_start(out);
			for (const DynJson *child = json->child; child != NULL; child = child->next)
			{
				dyn_json_write_name(out, dyn_json_name(child));
				dyn_json_append(out, child);
			}
			dyn_json_write_object_end(out);
			break;
	}
}

/* Goes through a document's tree and its text side by side, since cJSON forgets how a number was written. */
static void
mark_decimals(cJSON *node, const char **at, const char *end)
{
	int			length;

	check_stack_depth();
	if ((node->type & 0xFF) == cJSON_Number)
	{
		*at = dyn_json_check_next_number(*at, end, &length);
		if (memchr(*at, '.', length) || memchr(*at, 'e', length) || memchr(*at, 'E', length))
			node->type |= WRITTEN_DECIMAL;
		*at += length;
	}
	for (cJSON *child = node->child; child != NULL; child = child->next)
		mark_decimals(child, at, end);
}

/* cJSON's allocator: must not raise an error, because cJSON's frames are on the stack. */
static void *
arena_allocate(size_t size)
{
	char	   *result;

	size = MAXALIGN(size);
	if (size > arena.left)
	{
		Size		piece = Max(arena.next_piece, size);

		arena.at = palloc_extended(piece, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
		if (arena.at == NULL)
		{
			arena.left = 0;
			arena.failed = true;
			return NULL;
		}
		arena.left = piece;
		arena.next_piece = Min(arena.next_piece * 2, ARENA_MAX_PIECE);
	}
	result = arena.at;
	arena.at += size;
	arena.left -= size;
	return result;
}

/*
 * Does nothing, because the memory context frees.  cJSON calls it when it refuses a document half way (a lone
 * surrogate).
 */
static void
arena_release(void *pointer)
{
}
