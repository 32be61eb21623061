/*
 * The services that the endpoint speaks for, and one call of an operation.
 *
 * A service is a room under service/: a list of operations over a generated model.  Services share transport,
 * authentication, protocols and errors, and know nothing of each other.
 */
#ifndef DYN_SERVICE_H
#define DYN_SERVICE_H

#include "base/call.h"
#include "json/json.h"
#include "model/model.h"

struct DynService;

/* What a reply is about. */
typedef struct DynExchange
{
	const struct DynService *service;	/* that was asked; NULL: unknown */
	const DynCall *call;		/* NULL: an error before there was a call */
	const char *request_id;
} DynExchange;

/* How requests and replies of a service look in HTTP's body.  Operations read and write JSON, whatever it is. */
typedef struct DynProtocol
{
	const char *content_type;	/* of a reply, where the request does not say */
	/* NULL: the body is not in this protocol */
	const DynJson *(*read_body) (DynStr body);
	/* Writes a reply's body from the call's JSON.  NULL: it is that. */
	void		(*write_reply) (StringInfo out, const DynExchange *exchange);
	/* Writes an error's body and returns the HTTP status. */
	int			(*write_error) (StringInfo out, const ErrorData *edata, const DynExchange *exchange);
	/* Bodies of errors that must not allocate: ServiceUnavailable and InternalServerError. */
	const char *unavailable;
	const char *failure;
} DynProtocol;

typedef struct DynOperation
{
	const char *name;			/* AWS's */
	bool		writes;			/* refused on a standby */
	void		(*run) (DynCall *call);
	const DynShape *input;		/* service.c finds these two at the first look-up */
	const struct DynService *service;
} DynOperation;

typedef struct DynService
{
	const char *target_prefix;	/* X-Amz-Target is this, a dot and the operation's name; NULL: Action and Version name it */
	const char *version;		/* the parameter Version; NULL with a target_prefix, as xml_namespace */
	const char *xml_namespace;
	const char *signing_name;	/* in the scope of a signature */
	const DynProtocol *protocol;
	const DynModel *model;
	DynOperation *operations;	/* by name, in byte order */
	int			operation_count;
} DynService;

/* One for each row of service_list.h, in its room's main file. */
#define DYN_SERVICE(name) extern const DynService dyn_service_##name;
#include "service/service_list.h"

/* The operation that an X-Amz-Target names; NULL when there is no such service or operation. */
extern const DynOperation *dyn_service_find_target(DynStr target);
/* The operation that the parameters Action and Version name; NULL when there is none. */
extern const DynOperation *dyn_service_find_action(DynStr action, DynStr version);
/* The operation of that name of any service, the first one in the order of service_list.h. */
extern const DynOperation *dyn_service_find(DynStr name);

/*
 * Runs one call: checks of the model, then the operation.
 *
 * call: operation, body, context, role, caller_name and from_sql are set; reply is an empty StringInfo in context.
 * Runs in a transaction, with the current user already call->role.  Raises errors; on return, reply is complete.
 */
extern void dyn_service_run(DynCall *call);

#endif
