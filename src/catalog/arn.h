/*
 * Amazon Resource Names, built from dynamo.region and dynamo.account_id.
 */
#ifndef DYN_ARN_H
#define DYN_ARN_H

#include "base/text.h"

/* The parts of an ARN of any account, region and service. */
typedef struct DynArn
{
	DynStr		partition;
	DynStr		service;
	DynStr		region;
	DynStr		account;
	DynStr		table;			/* the name, when it is the ARN of a table; otherwise data is NULL */
} DynArn;

extern char *dyn_arn_table(const char *table_name);
extern char *dyn_arn_index(const char *table_name, const char *index_name);
extern char *dyn_arn_stream(const char *table_name, const char *label);
/* key: an identifier, or alias/name */
extern char *dyn_arn_key(const char *key);
extern char *dyn_arn_user(const char *role_name);
/* False when text has not the form of an ARN. */
extern bool dyn_arn_parse(DynStr text, DynArn *arn);
/* May a table in an ARN be called so?  One that is named alone has at least DYN_MIN_TABLE_NAME characters, too. */
extern bool dyn_arn_is_table_name(DynStr name);
/* The parts of a stream's ARN that tell it from others; false when text is none. */
extern bool dyn_arn_parse_stream(DynStr text, DynStr *table_name, DynStr *label);

#endif
