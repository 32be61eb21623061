/*
 * One request, from bytes to bytes.
 *
 * The phases: faults of the transport, the operation's name, who is calling, the body as JSON, and then service/ with
 * the checks of the model and the operation itself.  An error in any of them ends the transaction and becomes AWS's
 * JSON; the worker goes on with the next request.
 *
 * AWS checks that a body is JSON before it checks the operation and the caller.  We check it early only when one of
 * those two is about to be refused, so that a good request is read once.
 *
 * The operation runs with the rights of the caller's role.  The session belongs to a superuser, so nothing that a
 * role's own trigger or function does may leave the role or last longer than the request:
 *
 *   - SECURITY_LOCAL_USERID_CHANGE forbids SET ROLE and SET SESSION AUTHORIZATION,
 *   - deferred triggers run, and the transaction commits, while the role is still in force,
 *   - what was SET meanwhile is undone before the commit,
 *   - what else a session keeps is discarded: temporary tables (an unqualified name in the next caller's functions
 *     would mean them first), held cursors, prepared statements, advisory locks.
 *
 * dynamo.request_timeout cancels a request that does not return, as statement_timeout does in other sessions.  When
 * the request ignores the cancel, its worker ends (worker_guard.c).
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/prepare.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"

#include "auth/sigv4.h"
#include "base/error.h"
#include "base/guc.h"
#include "base/message.h"
#include "http/http_call.h"
#include "http/http_encoding.h"
#include "http/http_flush.h"
#include "http/http_header.h"
#include "http/http_probe.h"
#include "http/http_query.h"
#include "json/json_check.h"
#include "service/protocol/json_protocol.h"
#include "service/protocol/query_protocol.h"
#include "service/service.h"
#include "worker/worker_guard.h"

#define MAX_SHOWN_NAME 64		/* bytes of what is no operation */

typedef void (*Phase) (DynHttpRequest *request);

/* The call that is being run; the reply to an error needs it. */
static DynCall *current_call = NULL;

static void guard(Phase phase, DynHttpRequest *request);
static void recover(DynHttpRequest *request);
static void recover_without_memory(DynHttpRequest *request);
static void look(DynHttpRequest *request);
static void refuse_target(DynStr target) pg_attribute_noreturn();
static bool answer_fault(DynHttpRequest *request);
static void execute(DynHttpRequest *request);
static void identify(const DynHttpRequest *request, DynIdentity *identity);
static const DynJson *read_body(const DynHttpRequest *request);
static void run_as(DynCall *call);
static bool is_about_body(const DynHttpRequest *request, const ErrorData *error);
static void finish(DynHttpRequest *request, int status, const char *body, size_t length);
static void finish_call(DynHttpRequest *request, const DynCall *call);
static void finish_error(DynHttpRequest *request, const ErrorData *error);
static void finish_plainly(DynHttpRequest *request, DynErrorCode code);

bool
dyn_http_call_prepare(DynHttpRequest *request)
{
	guard(look, request);
	return request->operation != NULL;
}

void
dyn_http_call_run(DynHttpRequest *request)
{
	debug_query_string = request->operation->name;
	pgstat_report_activity(STATE_RUNNING, debug_query_string);
	QueryCancelPending = false; /* meant for the request before */
	guard(execute, request);
	DropAllPreparedStatements();
	LockReleaseAll(USER_LOCKMETHOD, true);
	request->horizon = dyn_http_flush_horizon();
	debug_query_string = NULL;
}

bool
dyn_http_call_writes(const DynHttpRequest *request)
{
	return request->operation->writes;
}

void
dyn_http_call_refuse(DynHttpRequest *request)
{
	finish_plainly(request, DYN_ERR_SERVICE_UNAVAILABLE);
	request->reply.close = true;
}

void
dyn_http_call_doubt(DynHttpRequest *request)
{
	finish_plainly(request, DYN_ERR_INTERNAL_SERVER_ERROR);
}

/* Runs one phase in the request's context; an error becomes its reply. */
static void
guard(Phase phase, DynHttpRequest *request)
{
	PG_TRY();
	{
		if (request->context == NULL)
			request->context = AllocSetContextCreate(TopMemoryContext, "dynamo request", ALLOCSET_DEFAULT_SIZES);
		MemoryContextSwitchTo(request->context);
		phase(request);
	}
	PG_CATCH();
	{
		recover(request);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(TopMemoryContext);
}

static void
recover(DynHttpRequest *request)
{
	ErrorData  *error;

	HOLD_INTERRUPTS();
	disable_all_timeouts(false);
	dyn_worker_guard_break();
	QueryCancelPending = false;
	if (geterrcode() == ERRCODE_OUT_OF_MEMORY)
	{
		recover_without_memory(request);
		RESUME_INTERRUPTS();
		return;
	}
	/* The copy outlives the transaction, whose memory is gone when the reply is written. */
	MemoryContextSwitchTo(request->context != NULL ? request->context : TopMemoryContext);
	error = CopyErrorData();
	/* Also gives the process its own user back. */
	AbortOutOfAnyTransaction();
	FlushErrorState();
	dyn_http_flush_commit_end();
	RESUME_INTERRUPTS();

	request->operation = NULL;
	MemoryContextSwitchTo(request->context != NULL ? request->context : TopMemoryContext);
	PG_TRY();
	{
		finish_error(request, error);
	}
	PG_CATCH();
	{
		FlushErrorState();
		finish_plainly(request, DYN_ERR_INTERNAL_SERVER_ERROR);
	}
	PG_END_TRY();
	current_call = NULL;
}

/* An error here would end the process.  So this allocates nothing, and frees what the request holds. */
static void
recover_without_memory(DynHttpRequest *request)
{
	EmitErrorReport();
	AbortOutOfAnyTransaction();
	FlushErrorState();
	dyn_http_flush_commit_end();
	MemoryContextSwitchTo(TopMemoryContext);
	if (request->context != NULL)
		MemoryContextReset(request->context);
	request->id = NULL;
	finish_plainly(request, DYN_ERR_SERVICE_UNAVAILABLE);
	current_call = NULL;
}

static void
look(DynHttpRequest *request)
{
	const char *content_type;

	request->protocol = dyn_http_query_is_one(request) ? &dyn_query_protocol : &dyn_json_protocol;
	if (answer_fault(request))
		return;
	if (request->protocol == &dyn_query_protocol)
	{
		request->operation = dyn_http_query_operation(request);
		request->service = request->operation->service;
		return;
	}
	if (request->fault == DYN_HTTP_OK && dyn_http_probe_answer(request))
	{
		dyn_http_header_finish(request);
		return;
	}
	content_type = dyn_http_header_content_type(request);
	/* the path is part of what is signed, and of no other use */
	if (!dyn_text_equal_cstring(request->method, "POST") || (content_type == NULL && request->body.len > 0))
	{
		static const char text[] = "<UnknownOperationException/>\n";

		request->reply = (DynHttpReply) {.status = 404, .body = text, .length = sizeof(text) - 1};
		dyn_http_header_finish(request);
		return;
	}
	request->operation = dyn_service_find_target(dyn_http_header_find(request, "x-amz-target"));
	if (request->operation == NULL)
		refuse_target(dyn_http_header_find(request, "x-amz-target"));
	request->service = request->operation->service;
}

/* Who gets to read it wants the operation's name, which stands behind the last dot. */
static void
refuse_target(DynStr target)
{
	if (target.len == 0)
		dyn_error(DYN_ERR_UNKNOWN_OPERATION, "%s", "");
	for (int i = target.len - 2; i >= 0; i--)
		if (target.data[i] == '.')
		{
			target = (DynStr) {target.data + i + 1, target.len - i - 1};
			break;
		}
	target.len = Min(target.len, MAX_SHOWN_NAME);
	dyn_error(DYN_ERR_UNKNOWN_OPERATION, DYN_MSG_OPERATION_NOT_BUILT, dyn_text_printable(target));
}

static bool
answer_fault(DynHttpRequest *request)
{
	static const char bad_header[] = "<RequestHeaderSectionTooLarge/>\n";
	static const char large_body[] = "{\"__type\":\"com.amazon.coral.service#RequestEntityTooLargeException\"}";
	static const char malformed[] = "{\"__type\":\"com.amazon.coral.service#MalformedHttpRequestException\","
		"\"message\":\"" DYN_MSG_MALFORMED_REQUEST "\"}";

	switch (request->fault)
	{
		case DYN_HTTP_OK:
			return false;
		case DYN_HTTP_HEADER_TOO_LARGE:
			request->reply = (DynHttpReply) {.status = 400, .body = bad_header, .length = sizeof(bad_header) - 1};
			request->reply.close = true;
			dyn_http_header_finish(request);
			return true;
		case DYN_HTTP_BODY_TOO_LARGE:
			if (request->protocol == &dyn_query_protocol)
				dyn_error(DYN_ERR_REQUEST_TOO_LARGE, "%s", "");
			finish(request, 413, large_body, sizeof(large_body) - 1);
			return true;
		case DYN_HTTP_MALFORMED:
			finish(request, 400, malformed, sizeof(malformed) - 1);
			request->reply.close = true;
			return true;
		case DYN_HTTP_NO_MEMORY:
			dyn_error(DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE);
	}
	return false;
}

static void
execute(DynHttpRequest *request)
{
	DynIdentity identity = {0};
	Oid			session_user;
	int			session_security;
	DynCall    *call;

	GetUserIdAndSecContext(&session_user, &session_security);
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	dyn_worker_guard_begin(dyn_guc_request_timeout);
	MemoryContextSwitchTo(request->context);
	identify(request, &identity);

	call = palloc0(sizeof(DynCall));
	call->operation = request->operation;
	call->context = request->context;
	call->reply = makeStringInfo();
	call->role = identity.role;
	call->caller_name = identity.role_name;
	call->host = dyn_http_header_host(request);
	current_call = call;
	call->body = read_body(request);

	SetUserIdAndSecContext(identity.role, session_security | SECURITY_LOCAL_USERID_CHANGE);
	run_as(call);
	dyn_worker_guard_end();
	dyn_http_flush_commit_begin();
	CommitTransactionCommand();
	dyn_http_flush_commit_end();
	SetUserIdAndSecContext(session_user, session_security);
	current_call = NULL;

	MemoryContextSwitchTo(request->context);
	finish_call(request, call);
}

static void
identify(const DynHttpRequest *request, DynIdentity *identity)
{
	DynSignedRequest signed_request = {
		.method = request->method,
		.path = request->path,
		.query = request->query,
		.header_count = request->header_count,
		.headers = request->headers,
		.body = request->body,
		.service = request->service->signing_name
	};

	PushActiveSnapshot(GetTransactionSnapshot());
	dyn_sigv4_identify(&signed_request, identity);
	PopActiveSnapshot();
}

static const DynJson *
read_body(const DynHttpRequest *request)
{
	DynStr		text;
	const DynJson *body;

	if (request->protocol == &dyn_query_protocol)
		return request->protocol->read_body(dyn_http_query_form(request));
	switch (dyn_http_encoding_decode(request, &text))
	{
		case DYN_HTTP_DECODED:
			break;
		case DYN_HTTP_DECODED_INVALID:
			/* as AWS does, though it is the client's fault, and its list of common errors speaks of 400 */
			dyn_error(DYN_ERR_INTERNAL_SERVER_ERROR, DYN_MSG_INTERNAL_ERROR);
		case DYN_HTTP_DECODED_TOO_LARGE:
			dyn_error(DYN_ERR_REQUEST_TOO_LARGE, "%s", "");
	}
	body = request->protocol->read_body(text);
	if (body == NULL)
		dyn_error(DYN_ERR_SERIALIZATION, "%s", "");
	return body;
}

/* The part of the transaction that runs as the caller's role, except the commit. */
static void
run_as(DynCall *call)
{
	int			settings = NewGUCNestLevel();
	ErrorContextCallback deferred_rules;

	PushActiveSnapshot(GetTransactionSnapshot());
	dyn_service_run(call);
	PopActiveSnapshot();
	dyn_error_rules_begin(&deferred_rules);
	AfterTriggerFireDeferred();
	dyn_error_rules_end(&deferred_rules);
	PortalHashTableDeleteAll();
	ResetTempTableNamespace();
	AtEOXact_GUC(false, settings);
}

static void
finish(DynHttpRequest *request, int status, const char *body, size_t length)
{
	const char *content_type = request->protocol == &dyn_json_protocol ? dyn_http_header_content_type(request) : NULL;

	request->reply = (DynHttpReply) {.status = status, .body = body, .length = length};
	dyn_http_header_add(&request->reply, "Content-Type",
						content_type != NULL ? content_type : request->protocol->content_type);
	dyn_http_encoding_encode(request);
	dyn_http_header_finish(request);
}

static void
finish_call(DynHttpRequest *request, const DynCall *call)
{
	DynExchange exchange = {request->service, call, dyn_http_header_request_id(request)};
	StringInfoData body;

	if (request->protocol->write_reply == NULL)
	{
		finish(request, 200, call->reply->data, call->reply->len);
		return;
	}
	initStringInfo(&body);
	request->protocol->write_reply(&body, &exchange);
	finish(request, 200, body.data, body.len);
}

/* Was the request refused before its body was looked at, which is none? */
static bool
is_about_body(const DynHttpRequest *request, const ErrorData *error)
{
	static const DynErrorCode codes[] = {
		DYN_ERR_UNKNOWN_OPERATION, DYN_ERR_MISSING_AUTHENTICATION_TOKEN, DYN_ERR_INCOMPLETE_SIGNATURE,
		DYN_ERR_INVALID_SIGNATURE, DYN_ERR_UNRECOGNIZED_CLIENT, DYN_ERR_EXPIRED_TOKEN
	};
	bool		rewrite;
	bool		decimals;

	if (current_call != NULL || request->protocol != &dyn_json_protocol || request->body.len == 0 ||
		dyn_http_header_find(request, "content-encoding").data != NULL)
		return false;
	for (int i = 0; i < lengthof(codes); i++)
		if (dyn_error_info(codes[i])->sqlstate == error->sqlerrcode)
			return !dyn_json_check_document(request->body.data, request->body.len, false, &rewrite, &decimals);
	return false;
}

static void
finish_error(DynHttpRequest *request, const ErrorData *error)
{
	static const char no_json[] = "{\"__type\":\"com.amazon.coral.service#SerializationException\"}";
	DynExchange exchange = {request->service, current_call, NULL};
	StringInfoData body;
	int			status;

	if (request->protocol == NULL)
		request->protocol = &dyn_json_protocol;

	if (is_about_body(request, error))
	{
		finish(request, 400, no_json, sizeof(no_json) - 1);
		return;
	}
	initStringInfo(&body);
	exchange.request_id = dyn_http_header_request_id(request);
	status = request->protocol->write_error(&body, error, &exchange);
	finish(request, status, body.data, body.len);
}

/* An error's reply that allocates nothing. */
static void
finish_plainly(DynHttpRequest *request, DynErrorCode code)
{
	const DynProtocol *protocol = request->protocol != NULL ? request->protocol : &dyn_json_protocol;
	const char *body = code == DYN_ERR_SERVICE_UNAVAILABLE ? protocol->unavailable : protocol->failure;

	request->operation = NULL;
	request->reply = (DynHttpReply) {
		.status = dyn_error_info(code)->http_status,
		.body = body,
		.length = strlen(body),
		.header_count = 1,
		.headers = {{"Content-Type", protocol->content_type}}
	};
}
