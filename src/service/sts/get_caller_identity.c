/*
 * GetCallerIdentity: whose key is this?  Everybody may ask.
 *
 * A temporary key of dynamo.create_session_token() is its role's, as one of GetSessionToken is its user's on AWS.
 */
#include "postgres.h"

#include "base/guc.h"
#include "catalog/arn.h"
#include "json/json_write.h"
#include "service/sts/sts.h"

void
dyn_sts_get_caller_identity(DynCall *call)
{
	dyn_json_write_object_start(call->reply);
	dyn_json_write_string_member(call->reply, "Arn", dyn_arn_user(call->caller_name));
	/* of IAM's form, and like IAM's it stays through a rename and goes with its owner */
	dyn_json_write_string_member(call->reply, "UserId", psprintf("AIDA%017u", call->role));
	dyn_json_write_string_member(call->reply, "Account", dyn_guc_account_id);
	dyn_json_write_object_end(call->reply);
}
