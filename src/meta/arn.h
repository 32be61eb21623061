/*
 * Amazon Resource Names, built from dynamo.region and dynamo.account_id.
 */
#ifndef DYN_ARN_H
#define DYN_ARN_H

#include "base/text.h"

extern char *dyn_arn_table(const char *table_name);
extern char *dyn_arn_index(const char *table_name, const char *index_name);
extern char *dyn_arn_stream(const char *table_name, const char *label);
extern char *dyn_arn_user(const char *role_name);
/* The table's name in a table ARN of any account and region; false when it is none. */
extern bool dyn_arn_parse_table(DynStr arn, DynStr *table_name);
/* The same of a stream's ARN, and its label. */
extern bool dyn_arn_parse_stream(DynStr arn, DynStr *table_name, DynStr *label);

#endif
