/*
 * Writing JSON straight onto a StringInfo.
 *
 * The writer keeps no state of its own: a comma is written when the last byte is neither an opening bracket, a colon
 * nor the start of the buffer.  Callers therefore write whole values only.
 */
#ifndef DYN_JSON_WRITE_H
#define DYN_JSON_WRITE_H

#include "base/text.h"

extern void dyn_json_write_object_start(StringInfo out);	/* "{", after a comma where one is needed */
extern void dyn_json_write_object_end(StringInfo out);
extern void dyn_json_write_array_start(StringInfo out);
extern void dyn_json_write_array_end(StringInfo out);
extern void dyn_json_write_name(StringInfo out, DynStr name);	/* ,"name": */
extern void dyn_json_write_member(StringInfo out, const char *name);	/* the same, name needs no escaping */
extern void dyn_json_write_string(StringInfo out, DynStr value);
extern void dyn_json_write_cstring(StringInfo out, const char *value);
extern void dyn_json_write_integer(StringInfo out, int64 value);
/*
 * The shortest form that reads back as the same number, with "1.0" for a whole number, as AWS writes capacity units.
 */
extern void dyn_json_write_double(StringInfo out, double value);
extern void dyn_json_write_boolean(StringInfo out, bool value);
extern void dyn_json_write_null(StringInfo out);
/* A value that is JSON already. */
extern void dyn_json_write_raw(StringInfo out, const char *json, int len);

/* Quoted and escaped, without any comma: for the writers above and for item_json. */
extern void dyn_json_write_quoted(StringInfo out, DynStr value);

/* How many of the len bytes at data may stand in a JSON string as they are; the next one is a control, " or \. */
extern int	dyn_json_write_plain_run(const char *data, int len);

/* member + value in one call */
extern void dyn_json_write_string_member(StringInfo out, const char *name, const char *value);
extern void dyn_json_write_integer_member(StringInfo out, const char *name, int64 value);
extern void dyn_json_write_double_member(StringInfo out, const char *name, double value);
extern void dyn_json_write_boolean_member(StringInfo out, const char *name, bool value);

#endif
