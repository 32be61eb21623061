/*
 * Reading JSON.  json.c alone knows that cJSON does the parsing.
 *
 * Strings come out as counted strings: "\u0000" and "\u0001" survive, as DynamoDB keeps them.
 * A DynJson lives in the memory context that was current when it was parsed; nobody frees it.
 */
#ifndef DYN_JSON_H
#define DYN_JSON_H

#include "base/text.h"

typedef struct cJSON DynJson;

typedef enum DynJsonKind
{
	DYN_JSON_NULL,
	DYN_JSON_FALSE,
	DYN_JSON_TRUE,
	DYN_JSON_NUMBER,
	DYN_JSON_STRING,
	DYN_JSON_ARRAY,
	DYN_JSON_OBJECT
} DynJsonKind;

/*
 * Parses one JSON document, strictly (RFC 8259): valid UTF-8, no raw control characters in strings, nothing but white
 * space after it, at most 1,000 levels deep.  Returns NULL when text is no such document; never raises an error for
 * bad input.  stored_form: text comes from jsonb, whose strings carry U+0000 and U+0001 as pairs
 * (docs/architecture.md); the pairs are turned back in both cases, so that SQL and HTTP callers see the same strings.
 */
extern DynJson *dyn_json_parse(const char *text, int len, bool stored_form);

extern DynJsonKind dyn_json_kind(const DynJson *json);
extern bool dyn_json_is_object(const DynJson *json);	/* all is_ functions accept NULL: false */
extern bool dyn_json_is_array(const DynJson *json);
extern bool dyn_json_is_string(const DynJson *json);

/* Object member by exact name; the last one wins when a name is repeated.  NULL when absent or json is no object.
 * A member whose value is JSON null counts as absent, as in AWS's parser. */
extern const DynJson *dyn_json_get(const DynJson *object, const char *name);
extern const DynJson *dyn_json_get_str(const DynJson *object, DynStr name);

/* First child and next sibling of an array or object; NULL at the end. */
extern const DynJson *dyn_json_first(const DynJson *container);
extern const DynJson *dyn_json_next(const DynJson *child);
extern int	dyn_json_count(const DynJson *container);
/* The name of an object's child. */
extern DynStr dyn_json_name(const DynJson *child);

extern DynStr dyn_json_string(const DynJson *json);
/* The value of a JSON number; out of range saturates.  Fractions are cut. */
extern int64 dyn_json_integer(const DynJson *json);
extern int32 dyn_json_int32(const DynJson *json);	/* likewise */
extern double dyn_json_double(const DynJson *json);
/* Is it written with a point or an exponent, whatever its value? */
extern bool dyn_json_is_decimal(const DynJson *json);
/* A boolean, or a text that stands for one, as AWS's reader takes it: true, t, yes, y, 1, false, ... in any case. */
extern bool dyn_json_is_boolean(const DynJson *json);
extern bool dyn_json_boolean(const DynJson *json);

/* Conveniences on members, for requests that passed the model's validation: a default when the member is absent. */
extern DynStr dyn_json_get_string(const DynJson *object, const char *name);	/* data NULL when absent */
extern char *dyn_json_get_cstring(const DynJson *object, const char *name);	/* NULL when absent */
extern int64 dyn_json_get_integer(const DynJson *object, const char *name, int64 missing);
extern int32 dyn_json_get_int32(const DynJson *object, const char *name, int32 missing);
extern bool dyn_json_get_boolean(const DynJson *object, const char *name, bool missing);

/*
 * The same JSON text with every escape of U+0000 and U+0001 in a string turned into its stored pair, so that jsonb
 * accepts it: what a SQL caller gets.  text must be valid JSON and end in a NUL, as the result does.  Returns text
 * itself when nothing had to change.
 */
extern const char *dyn_json_stored_text(const char *text, int len);

/* Writes the document back, compact. */
extern void dyn_json_append(StringInfo out, const DynJson *json);

#endif
