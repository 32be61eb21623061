/*
 * Reads the parameters of tag operations.
 *
 * The service checks keys and values by hand, with texts of its own, and all of them before it writes any.
 */
#include "postgres.h"

#include <ctype.h>

#include "mb/pg_wchar.h"

#include "base/error.h"
#include "base/guc.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "request/tag_params.h"

static void check_key(DynStr key);
static bool fits(DynStr text, int least, int most);

char *
dyn_tag_params_name(const DynJson *body)
{
	DynStr		text = dyn_json_get_string(body, "ResourceArn");
	const char *shown = dyn_text_printable(text);
	DynArn		arn;

	if (!dyn_text_starts_with(text, DYN_STR("arn:")))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_START, shown);
	if (!dyn_arn_parse(text, &arn))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_TABLE_INVALID, shown);
	if (!dyn_text_equal_cstring(arn.service, "dynamodb"))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_NOT_DYNAMODB, shown);
	if (arn.table.data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_NOT_TABLE, shown);
	if (!dyn_text_equal_cstring(arn.partition, "aws") || !dyn_text_equal_cstring(arn.region, dyn_guc_region))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ARN_TABLE_INVALID, shown);
	if (!dyn_text_equal_cstring(arn.account, dyn_guc_account_id))
		dyn_error(DYN_ERR_ACCESS_DENIED, DYN_MSG_ACCESS_DENIED);
	return dyn_text_to_cstring(arn.table);
}

const DynTable *
dyn_tag_params_table(const DynJson *body, LOCKMODE lockmode)
{
	const DynTable *table = dyn_table_cache_find_damaged(dyn_tag_params_name(body), lockmode);

	if (table == NULL)
		dyn_error(DYN_ERR_RESOURCE_NOT_FOUND, DYN_MSG_ARN_NOT_FOUND,
				  dyn_text_printable(dyn_json_get_string(body, "ResourceArn")));
	return table;
}

int
dyn_tag_params_read(const DynJson *json, DynTag **tags)
{
	int			count = json ? dyn_json_count(json) : 0;
	int			filled = 0;

	*tags = NULL;
	if (count > DYN_MAX_TAGS)
		dyn_tag_params_too_many();
	if (count == 0)
		return 0;
	*tags = palloc(sizeof(DynTag) * count);
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
	{
		DynTag	   *tag = &(*tags)[filled];

		tag->key = dyn_json_get_string(element, "Key");
		tag->value = dyn_json_get_string(element, "Value");
		check_key(tag->key);
		if (tag->value.data == NULL)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_VALUE_INVALID, "null");
		if (!fits(tag->value, 0, DYN_MAX_TAG_VALUE))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_VALUE_INVALID, dyn_text_printable(tag->value));
		for (int i = 0; i < filled; i++)
			if (dyn_text_equal((*tags)[i].key, tag->key))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_KEY_TWICE, dyn_text_printable(tag->key));
		filled++;
	}
	return filled;
}

int
dyn_tag_params_keys(const DynJson *json, DynStr **keys)
{
	int			count = json ? dyn_json_count(json) : 0;
	int			filled = 0;

	if (count > DYN_MAX_TAGS)
		dyn_tag_params_too_many();
	*keys = palloc(sizeof(DynStr) * Max(count, 1));
	for (const DynJson *element = dyn_json_first(json); element != NULL; element = dyn_json_next(element))
	{
		(*keys)[filled] = dyn_json_string(element);
		check_key((*keys)[filled++]);
	}
	return filled;
}

void
dyn_tag_params_too_many(void)
{
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_MANY_TAGS);
}

static void
check_key(DynStr key)
{
	if (key.data == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_KEY_INVALID, "null");
	if (key.len >= 4 && pg_strncasecmp(key.data, "aws:", 4) == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_KEY_AWS, dyn_text_printable(key));
	if (!fits(key, 1, DYN_MAX_TAG_KEY))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TAG_KEY_INVALID, dyn_text_printable(key));
}

/*
 * Letters, digits and spaces of any script, and + - = . _ : / @.  Beyond ASCII, everything counts as a letter but the
 * blocks that hold punctuation, symbols and pictures.
 */
static bool
fits(DynStr text, int least, int most)
{
	static const struct
	{
		pg_wchar	first;
		pg_wchar	last;
	}			symbols[] = {
		{0x80, 0x9f}, {0x2010, 0x2027}, {0x2030, 0x205e}, {0x20a0, 0x20ff}, {0x2190, 0x245f}, {0x2500, 0x2bff},
		{0xe000, 0xf8ff}, {0x1f000, 0x1ffff}, {0xe0000, 0x10ffff},
	};
	int			characters = 0;

	for (int i = 0; i < text.len; i += pg_utf_mblen((const unsigned char *) text.data + i))
	{
		unsigned char first = text.data[i];
		pg_wchar	character = utf8_to_unicode((const unsigned char *) text.data + i);

		characters++;
		if (first < 0x80 && !isalnum(first) && (first == '\0' || strchr(" +-=._:/@", first) == NULL))
			return false;
		for (int j = 0; j < lengthof(symbols); j++)
			if (character >= symbols[j].first && character <= symbols[j].last)
				return false;
	}
	return characters >= least && characters <= most;
}
