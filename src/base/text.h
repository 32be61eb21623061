/*
 * Counted strings.  A DynStr may hold any byte, U+0000 included, and need not end in one.
 */
#ifndef DYN_TEXT_H
#define DYN_TEXT_H

#include <stdarg.h>

#include "lib/stringinfo.h"

typedef struct DynStr
{
	const char *data;
	int			len;
} DynStr;

#define DYN_STR(literal) ((DynStr) {(literal), (int) (sizeof(literal) - 1)})

extern DynStr dyn_text_from_cstring(const char *text);
/* A NUL-terminated copy in CurrentMemoryContext; bytes after an embedded NUL are cut. */
extern char *dyn_text_to_cstring(DynStr text);
extern DynStr dyn_text_copy(DynStr text);
extern bool dyn_text_equal(DynStr a, DynStr b);
extern bool dyn_text_equal_cstring(DynStr a, const char *b);
/* Byte order, as memcmp; shorter first on a tie. */
extern int	dyn_text_compare(DynStr a, DynStr b);
extern bool dyn_text_starts_with(DynStr text, DynStr prefix);
extern bool dyn_text_contains(DynStr text, DynStr part);
/* Number of characters (code points) of valid UTF-8. */
extern int	dyn_text_length(DynStr text);
extern bool dyn_text_is_utf8(DynStr text);
/* What a printf format and its arguments say, palloc'd. */
extern char *dyn_text_format(const char *format, va_list args) pg_attribute_printf(1, 0);
/*
 * For messages: escapes invalid and control bytes, so that they never reach a client's terminal; the result is
 * NUL-terminated.
 */
extern char *dyn_text_printable(DynStr text);
/*
 * "a, b": the texts, printable, in the order in which a Java hash set of set_size elements lists them, which is how AWS
 * lists names in messages.  Texts that share a place keep their order.  The array is not changed.
 */
extern char *dyn_text_list_set(DynStr *texts, int count, int set_size);

/*
 * The stored form of strings, which holds neither U+0000 nor a lone U+0001: U+0000 becomes U+0001 U+0001, and U+0001
 * becomes U+0001 U+0002.  Byte order is kept.  Every text that enters jsonb or a text column goes through here.  When
 * read, a U+0001 that begins no pair stands for itself.  Both return text itself when nothing has to change.
 */
extern DynStr dyn_text_to_stored(DynStr text);
extern DynStr dyn_text_from_stored(DynStr text);

/* Standard alphabet with padding.  Decoding returns false on anything else. */
extern void dyn_text_append_base64(StringInfo out, DynStr bytes);
extern bool dyn_text_decode_base64(DynStr text, DynStr *bytes);

#endif
