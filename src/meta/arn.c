/*
 * Builds and parses Amazon Resource Names.
 */
#include "postgres.h"

#include "base/guc.h"
#include "base/limits.h"
#include "meta/arn.h"

static bool take_until(DynStr *rest, char separator, DynStr *part);
static bool is_table_name(DynStr name);

char *
dyn_arn_table(const char *table_name)
{
	return psprintf("arn:aws:dynamodb:%s:%s:table/%s", dyn_guc_region, dyn_guc_account_id, table_name);
}

char *
dyn_arn_index(const char *table_name, const char *index_name)
{
	return psprintf("%s/index/%s", dyn_arn_table(table_name), index_name);
}

char *
dyn_arn_stream(const char *table_name, const char *label)
{
	return psprintf("%s/stream/%s", dyn_arn_table(table_name), label);
}

char *
dyn_arn_user(const char *role_name)
{
	return psprintf("arn:aws:iam::%s:user/%s", dyn_guc_account_id, role_name);
}

/* arn:<partition>:dynamodb:<region>:<account>:table/<name> */
bool
dyn_arn_parse_table(DynStr arn, DynStr *table_name)
{
	static const DynStr table_prefix = {"table/", 6};
	DynStr		scheme;
	DynStr		partition;
	DynStr		service;
	DynStr		region;
	DynStr		account;
	DynStr		rest = arn;

	if (!take_until(&rest, ':', &scheme) || !dyn_text_equal_cstring(scheme, "arn") ||
		!take_until(&rest, ':', &partition) || !dyn_text_starts_with(partition, DYN_STR("aws")) ||
		!take_until(&rest, ':', &service) || !dyn_text_equal_cstring(service, "dynamodb") ||
		!take_until(&rest, ':', &region) || !take_until(&rest, ':', &account) ||
		!dyn_text_starts_with(rest, table_prefix))
		return false;

	rest.data += table_prefix.len;
	rest.len -= table_prefix.len;
	if (!is_table_name(rest))
		return false;
	*table_name = rest;
	return true;
}

/* <table ARN>/stream/<label> */
bool
dyn_arn_parse_stream(DynStr arn, DynStr *table_name, DynStr *label)
{
	static const DynStr separator = {"/stream/", 8};
	DynStr		table = arn;

	for (int at = arn.len - separator.len - 1; at > 0; at--)
	{
		if (memcmp(arn.data + at, separator.data, separator.len) != 0)
			continue;
		table.len = at;
		label->data = arn.data + at + separator.len;
		label->len = arn.len - at - separator.len;
		return memchr(label->data, 0, label->len) == NULL && dyn_arn_parse_table(table, table_name);
	}
	return false;
}

static bool
take_until(DynStr *rest, char separator, DynStr *part)
{
	const char *end = rest->len > 0 ? memchr(rest->data, separator, rest->len) : NULL;

	if (end == NULL)
		return false;
	part->data = rest->data;
	part->len = end - rest->data;
	rest->data = end + 1;
	rest->len -= part->len + 1;
	return true;
}

static bool
is_table_name(DynStr name)
{
	if (name.len < 1 || name.len > DYN_MAX_TABLE_NAME)
		return false;
	for (int i = 0; i < name.len; i++)
	{
		char		c = name.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '_' || c == '-' || c == '.'))
			return false;
	}
	return true;
}
