/*
 * Builds and parses Amazon Resource Names.
 */
#include "postgres.h"

#include "base/guc.h"
#include "base/limits.h"
#include "catalog/arn.h"

static bool take_until(DynStr *rest, char separator, DynStr *part);

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
dyn_arn_key(const char *key)
{
	return psprintf("arn:aws:kms:%s:%s:%s%s", dyn_guc_region, dyn_guc_account_id,
					strncmp(key, "alias/", 6) == 0 ? "" : "key/", key);
}

char *
dyn_arn_user(const char *role_name)
{
	return psprintf("arn:aws:iam::%s:user/%s", dyn_guc_account_id, role_name);
}

/* arn:<partition>:<service>:<region>:<account>:<resource> */
bool
dyn_arn_parse(DynStr text, DynArn *arn)
{
	static const DynStr table_prefix = {"table/", 6};
	DynStr		scheme;

	if (!take_until(&text, ':', &scheme) || !dyn_text_equal_cstring(scheme, "arn") ||
		!take_until(&text, ':', &arn->partition) || !take_until(&text, ':', &arn->service) ||
		!take_until(&text, ':', &arn->region) || !take_until(&text, ':', &arn->account) || text.len == 0)
		return false;

	arn->table = (DynStr) {NULL, 0};
	if (dyn_text_starts_with(text, table_prefix))
	{
		text.data += table_prefix.len;
		text.len -= table_prefix.len;
		if (dyn_arn_is_table_name(text))
			arn->table = text;
	}
	return true;
}

/* <table ARN>/stream/<label> */
bool
dyn_arn_parse_stream(DynStr text, DynStr *table_name, DynStr *label)
{
	static const DynStr separator = {"/stream/", 8};
	DynStr		table = text;
	DynArn		arn;

	for (int at = text.len - separator.len; at > 0; at--)
	{
		if (memcmp(text.data + at, separator.data, separator.len) != 0)
			continue;
		table.len = at;
		label->data = text.data + at + separator.len;
		label->len = text.len - at - separator.len;
		if (memchr(label->data, 0, label->len) != NULL || !dyn_arn_parse(table, &arn) ||
			!dyn_text_equal_cstring(arn.service, "dynamodb") || arn.table.data == NULL)
			return false;
		*table_name = arn.table;
		return true;
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

bool
dyn_arn_is_table_name(DynStr name)
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
