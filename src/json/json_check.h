/*
 * What json.c does to a document before cJSON sees it.
 */
#ifndef DYN_JSON_CHECK_H
#define DYN_JSON_CHECK_H

#include "base/text.h"

#define DYN_JSON_MAX_DEPTH 1000

/*
 * Is text one document of RFC 8259 in UTF-8, at most DYN_JSON_MAX_DEPTH levels deep?  With stored_form its strings may
 * hold U+0001 and U+0002 raw.  Sets *rewrite when dyn_json_check_rewrite must run before cJSON can parse it, and
 * *decimals when a number is written with a point or an exponent.
 */
extern bool dyn_json_check_document(const char *text, int len, bool stored_form, bool *rewrite, bool *decimals);
/* The next number of a valid document, from a place outside of its strings. */
extern const char *dyn_json_check_next_number(const char *at, const char *end, int *length);

/*
 * Copies valid JSON, with U+0000 and U+0001 in its strings turned into stored pairs: escaped ones for jsonb, otherwise
 * raw ones for cJSON (and then numbers too long for it shortened).  With stored_form the pairs are there already, and
 * every U+0001 outside a pair becomes one.
 */
extern void dyn_json_check_rewrite(StringInfo out, const char *text, int len, bool stored_form, bool for_jsonb);

#endif
