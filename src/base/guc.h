/*
 * Every dynamo.* setting (docs/settings.md).
 */
#ifndef DYN_GUC_H
#define DYN_GUC_H

typedef enum DynAuthentication
{
	DYN_AUTH_SIGV4,
	DYN_AUTH_NONE
} DynAuthentication;

/* dyn_guc_account_id and so on; times are in the unit that the list gives. */
#define DYN_GUC_BOOL(name, ...) extern bool dyn_guc_##name;
#define DYN_GUC_ENUM(name, ...) extern int dyn_guc_##name;
#define DYN_GUC_INT(name, ...) extern int dyn_guc_##name;
#define DYN_GUC_STRING(name, ...) extern char *dyn_guc_##name;
#include "base/guc_list.h"

extern void dyn_guc_define(void);
/* dynamo.http_workers with 0 resolved. */
extern int	dyn_guc_http_worker_count(void);

#endif
