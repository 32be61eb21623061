/*
 * Raises errors of error_list.h, and finds the row of that list for any caught error.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "base/text.h"

#define STATE(s) MAKE_SQLSTATE((s)[0], (s)[1], (s)[2], (s)[3], (s)[4])

/* the CONTEXT line of errors that are raised between dyn_error_rules_begin and dyn_error_rules_end */
#define RULES_CONTEXT "writing an item, where rules of the table's owner run"

typedef struct ForeignError
{
	int			sqlstate;
	bool		is_class;		/* matches its whole class, except the errors listed above it */
	DynErrorCode code;
	const char *text;			/* NULL: PostgreSQL's own */
} ForeignError;

/* PostgreSQL's own errors, no matter which code raises them (docs/errors.md). */
static const ForeignError foreign[] = {
	{ERRCODE_LOCK_NOT_AVAILABLE, false, DYN_ERR_TRANSACTION_CONFLICT, DYN_MSG_TRANSACTION_ONGOING},
	{ERRCODE_RAISE_EXCEPTION, false, DYN_ERR_VALIDATION, NULL},
	{ERRCODE_TRIGGERED_ACTION_EXCEPTION, false, DYN_ERR_VALIDATION, NULL},
	{ERRCODE_T_R_INTEGRITY_CONSTRAINT_VIOLATION, false, DYN_ERR_VALIDATION, NULL},
	/* a relation of a SQL user has the name that CreateTable wants, or inherits from one that goes */
	{ERRCODE_DUPLICATE_TABLE, false, DYN_ERR_RESOURCE_IN_USE, NULL},
	{ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST, false, DYN_ERR_RESOURCE_IN_USE, NULL},
	/* deeper than max_stack_depth allows */
	{ERRCODE_STATEMENT_TOO_COMPLEX, false, DYN_ERR_VALIDATION, DYN_MSG_TOO_DEEP},
	{ERRCODE_INSUFFICIENT_PRIVILEGE, false, DYN_ERR_ACCESS_DENIED, NULL},
	{ERRCODE_READ_ONLY_SQL_TRANSACTION, false, DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE},
	{ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION, true, DYN_ERR_VALIDATION, NULL},
	{ERRCODE_TRANSACTION_ROLLBACK, true, DYN_ERR_TRANSACTION_CONFLICT, DYN_MSG_TRANSACTION_ONGOING},
	{ERRCODE_INSUFFICIENT_RESOURCES, true, DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE},
	{ERRCODE_OPERATOR_INTERVENTION, true, DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE},
};

static DynErrorInfo catalogue[DYN_ERROR_COUNT];
static bool catalogue_ready = false;

static const char *wrap_before = NULL;
static const char *wrap_after = NULL;
static const char *appended = NULL;
static bool counted = false;
static bool older = false;

static void add_rules_context(void *arg);
static bool is_rule(const ErrorData *edata);
static bool among_rules(const ErrorData *edata);
static bool is_worded_by_owner(int sqlstate);

static void
make_catalogue(void)
{
#define DYN_ERROR_ROW(name_, aws_, ns_, status_, state_, member_) \
	catalogue[DYN_ERR_##name_] = (DynErrorInfo) {DYN_ERR_##name_, aws_, ns_ aws_, status_, STATE(state_), member_};
#include "base/error_list.h"
	catalogue_ready = true;
}

const DynErrorInfo *
dyn_error_info(DynErrorCode code)
{
	if (!catalogue_ready)
		make_catalogue();
	return &catalogue[code];
}

void
dyn_error_wrap(const char *before, const char *after)
{
	wrap_before = before;
	wrap_after = after;
}

void
dyn_error_unwrap(void)
{
	wrap_before = wrap_after = NULL;
}

void
dyn_error_append(const char *text)
{
	appended = text;
}

void
dyn_error_count(bool on)
{
	counted = on;
}

void
dyn_error_bare(void)
{
	dyn_error_unwrap();
	appended = NULL;
	counted = false;
}

void
dyn_error_set_older(bool on)
{
	older = on;
}

bool
dyn_error_is_older(void)
{
	return older;
}

void
dyn_error(DynErrorCode code, const char *format,...)
{
	const DynErrorInfo *info = dyn_error_info(code);
	const char *count = counted && code == DYN_ERR_VALIDATION ? DYN_MSG_ONE_ERROR : "";
	const char *before = "";
	const char *after = "";
	const char *end = appended != NULL && code == DYN_ERR_VALIDATION ? appended : "";
	va_list		args;
	char	   *text;

	if (wrap_before != NULL && code == DYN_ERR_VALIDATION)
	{
		before = wrap_before;
		after = wrap_after;
	}
	dyn_error_bare();

	va_start(args, format);
	text = dyn_text_format(format, args);
	va_end(args);
	ereport(ERROR, (errcode(info->sqlstate),
					errmsg_internal("%s: %s%s%s%s%s", info->name, count, before, text, end, after)));
}

const DynErrorInfo *
dyn_error_from_data(const ErrorData *edata, const char **message)
{
	const char *text = edata->message ? edata->message : "";

	for (int i = 0; i < DYN_ERROR_COUNT; i++)
	{
		const DynErrorInfo *info = dyn_error_info(i);
		size_t		prefix = strlen(info->name);

		if (info->sqlstate != edata->sqlerrcode)
			continue;
		if (strncmp(text, info->name, prefix) == 0 && strncmp(text + prefix, ": ", 2) == 0)
			text += prefix + 2;
		*message = text;
		return info;
	}

	for (int i = 0; i < lengthof(foreign); i++)
	{
		if (foreign[i].sqlstate != edata->sqlerrcode &&
			!(foreign[i].is_class && foreign[i].sqlstate == ERRCODE_TO_CATEGORY(edata->sqlerrcode)))
			continue;
		*message = foreign[i].text != NULL ? foreign[i].text : text;
		return dyn_error_info(foreign[i].code);
	}
	if (among_rules(edata) && is_worded_by_owner(edata->sqlerrcode))
	{
		*message = text;
		return dyn_error_info(DYN_ERR_VALIDATION);
	}
	if (is_rule(edata))
	{
		*message = psprintf(DYN_MSG_RULE_REFUSES, unpack_sql_state(edata->sqlerrcode));
		return dyn_error_info(DYN_ERR_VALIDATION);
	}
	*message = DYN_MSG_REQUEST_FAILED;
	return dyn_error_info(DYN_ERR_INTERNAL_SERVER_ERROR);
}

void
dyn_error_log_hidden(const ErrorData *edata)
{
	const char *message;
	const DynErrorInfo *info = dyn_error_from_data(edata, &message);
	bool		failed = info->http_status >= 500;

	if (info->sqlstate == edata->sqlerrcode || !(failed || is_rule(edata)))
		return;
	ereport(LOG,
			(errcode(edata->sqlerrcode),
			 errmsg("dynamo request %s: %s", failed ? "failed" : "refused", edata->message ? edata->message : "unknown error"),
			 edata->detail ? errdetail_internal("%s", edata->detail) : 0,
			 edata->context ? errcontext("%s", edata->context) : 0));
}

void
dyn_error_rules_begin(ErrorContextCallback *frame)
{
	frame->callback = add_rules_context;
	frame->arg = NULL;
	frame->previous = error_context_stack;
	error_context_stack = frame;
}

void
dyn_error_rules_end(const ErrorContextCallback *frame)
{
	error_context_stack = frame->previous;
}

/* Is it an error from the owner's rules, of which the client learns only that the item breaks a rule? */
static bool
is_rule(const ErrorData *edata)
{
	if (!among_rules(edata))
		return false;
	switch (ERRCODE_TO_CATEGORY(edata->sqlerrcode))
	{
		case ERRCODE_CASE_NOT_FOUND:
		case ERRCODE_CARDINALITY_VIOLATION:
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_WITH_CHECK_OPTION_VIOLATION:
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:	/* a value too large for the owner's index */
			return true;
		default:
			return false;
	}
}

static void
add_rules_context(void *arg)
{
	errcontext(RULES_CONTEXT);
}

static bool
among_rules(const ErrorData *edata)
{
	return edata->context != NULL && strstr(edata->context, RULES_CONTEXT) != NULL;
}

/*
 * PL/pgSQL's own errors, exceptions of other languages, and the classes that the SQL standard leaves to
 * implementations: those that begin with 5 to 9 or I to Z, except PostgreSQL's own.
 */
static bool
is_worded_by_owner(int sqlstate)
{
	static const char *const others[] = {"53", "54", "55", "57", "58", "72", "XX", "YD"};
	int			category = ERRCODE_TO_CATEGORY(sqlstate);
	char		first = unpack_sql_state(sqlstate)[0];

	if (category == ERRCODE_EXTERNAL_ROUTINE_EXCEPTION)
		return true;
	for (int i = 0; i < lengthof(others); i++)
		if (strncmp(unpack_sql_state(sqlstate), others[i], 2) == 0)
			return false;
	return (first >= '5' && first <= '9') || (first >= 'I' && first <= 'Z');
}
