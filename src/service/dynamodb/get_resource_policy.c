/*
 * GetResourcePolicy: no table and no stream has a policy.
 */
#include "postgres.h"

#include "auth/access.h"
#include "base/error.h"
#include "base/guc.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "catalog/table_cache.h"
#include "flow/stream_access.h"
#include "json/json.h"
#include "service/dynamodb/dynamodb.h"

static void check_place(DynStr text);
static void refuse_kind(DynStr text) pg_attribute_noreturn();

void
dyn_dynamodb_get_resource_policy(DynCall *call)
{
	DynStr		text = dyn_json_get_string(call->body, "ResourceArn");
	DynStr		table_name;
	DynStr		label;
	DynArn		arn;

	check_place(text);
	if (dyn_arn_parse_stream(text, &table_name, &label))
	{
		char	   *table = dyn_text_to_cstring(table_name);

		if (dyn_stream_access_label(call, table, dyn_text_to_cstring(label)) == NULL)
			dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_POLICY_STREAM_NOT_FOUND, dyn_text_printable(label), table);
	}
	else if (dyn_arn_parse(text, &arn) && arn.table.data != NULL)
		dyn_access_check(call, dyn_table_cache_describe(dyn_text_to_cstring(arn.table), AccessShareLock), DYN_ACCESS_READ);
	else
		refuse_kind(text);
	dyn_error(DYN_ERR_POLICY_NOT_FOUND, DYN_MSG_POLICY_NOT_FOUND, dyn_text_printable(text));
}

static void
check_place(DynStr text)
{
	const char *shown = dyn_text_printable(text);
	DynArn		arn;

	if (!dyn_text_starts_with(text, DYN_STR("arn:")))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_START, shown);
	if (!dyn_arn_parse(text, &arn))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_POLICY_ARN_INVALID, shown);
	if (!dyn_text_equal_cstring(arn.service, "dynamodb"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_NOT_DYNAMODB, shown);
	if (!dyn_text_equal_cstring(arn.partition, "aws") || !dyn_text_equal_cstring(arn.region, dyn_guc_region))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_POLICY_ARN_INVALID, shown);
	if (!dyn_text_equal_cstring(arn.account, dyn_guc_account_id))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_POLICY_ARN_ACCOUNT);
}

/* <table ARN>/index/<name> has words of its own. */
static void
refuse_kind(DynStr text)
{
	static const DynStr separator = DYN_STR("/index/");
	DynArn		arn;

	for (int at = text.len - separator.len; at > 0; at--)
		if (memcmp(text.data + at, separator.data, separator.len) == 0 &&
			dyn_arn_parse((DynStr) {text.data, at}, &arn) && arn.table.data != NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_POLICY_ARN_INDEX, dyn_text_printable(text));
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_NOT_DYNAMODB, dyn_text_printable(text));
}
