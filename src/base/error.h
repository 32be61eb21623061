/*
 * Errors with AWS's names.
 */
#ifndef DYN_ERROR_H
#define DYN_ERROR_H

#include "base/compat.h"

typedef enum DynErrorCode
{
#define DYN_ERROR_ROW(name, aws, ns, status, state, member) DYN_ERR_##name,
#include "base/error_list.h"
	DYN_ERROR_COUNT
} DynErrorCode;

typedef struct DynErrorInfo
{
	DynErrorCode code;
	const char *name;			/* AWS name, e.g. "ValidationException" */
	const char *type;			/* namespace and name: the __type member */
	int			http_status;
	int			sqlstate;		/* packed, as in ErrorData */
	const char *message_member; /* "message" or "Message" */
} DynErrorInfo;

/*
 * Raises an AWS error.  In SQL it arrives as "<AWS name>: <text>" with the catalogue's SQLSTATE; the endpoint drops the
 * prefix again.  The text is AWS's own, letter by letter, and is never translated.
 */
extern void dyn_error(DynErrorCode code, const char *format,...) pg_attribute_noreturn() pg_attribute_printf(2, 3);

/*
 * Until dyn_error_unwrap, a ValidationException's text is put between before and after: AWS's message for a bad value
 * inside ExpressionAttributeValues is "ExpressionAttributeValues contains invalid value: <text> for key :v".  Both
 * strings must live until then.  Raising an error ends it, too.  Exported for the test module: since PostgreSQL 16
 * nothing else is visible.
 */
extern PGDLLEXPORT void dyn_error_wrap(const char *before, const char *after);
extern void dyn_error_unwrap(void);
/*
 * Sets what follows the next ValidationException's text, inside its wrapping; NULL: nothing.  Raising an error ends
 * it.
 */
extern void dyn_error_append(const char *text);

/*
 * While it is on, a ValidationException begins "1 validation error detected: ".  Raising an error switches it off, and
 * so does dyn_error_bare.  Which operation counts what: request/error_layer.h.
 */
extern void dyn_error_count(bool on);
/* The next error comes without anything around it, for the few texts that AWS never wraps. */
extern void dyn_error_bare(void);
/*
 * AWS reads requests in two layers, with words and limits of their own (docs/errors.md).  The newer one is the default;
 * errors leave this as it is.
 */
extern void dyn_error_set_older(bool on);
extern bool dyn_error_is_older(void);

extern const DynErrorInfo *dyn_error_info(DynErrorCode code);
/*
 * The row of error_list.h for a caught error, and in *message the text for the client (without the AWS name).
 * PostgreSQL's own errors map to their nearest AWS error (docs/errors.md), everything else to InternalServerError with
 * a text that reveals nothing.
 */
extern const DynErrorInfo *dyn_error_from_data(const ErrorData *edata, const char **message);
/* Logs the original error that such a text hides from the client.  For errors that become a reply or a part of one. */
extern void dyn_error_log_hidden(const ErrorData *edata);

/*
 * While an item is written, what the table's owner has put on it runs: constraints, triggers, expressions of indexes
 * and of generated columns.  Errors that are raised between begin and end say so in their context.  A failed cast or a
 * division by zero among them then counts as a rule that the item breaks, not as a defect of ours.  After an error no
 * end is needed.
 */
extern void dyn_error_rules_begin(ErrorContextCallback *frame);
extern void dyn_error_rules_end(const ErrorContextCallback *frame);

#endif
