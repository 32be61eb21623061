/*
 * May this caller do this operation on this table?
 */
#ifndef DYN_ACCESS_H
#define DYN_ACCESS_H

#include "base/call.h"
#include "catalog/table_cache.h"

typedef enum DynAccess
{
	DYN_ACCESS_READ,			/* SELECT */
	DYN_ACCESS_PUT,				/* INSERT and UPDATE */
	DYN_ACCESS_UPDATE,			/* INSERT and UPDATE */
	DYN_ACCESS_DELETE,			/* DELETE */
	DYN_ACCESS_OWN				/* ownership: changes to the table itself */
} DynAccess;

/*
 * AccessDeniedException "User: arn:aws:iam::<account>:user/<role> is not authorized to perform: dynamodb:<operation> on
 * resource: <table ARN> because no identity-based policy allows the dynamodb:<operation> action" unless call->role has
 * the privilege on the item table.
 */
extern void dyn_access_check(const DynCall *call, const DynTable *table, DynAccess access);
/* The same for CREATE in schema dynamo_tables; resource is the ARN of the table to be. */
extern void dyn_access_check_create(const DynCall *call, const char *table_name);
/*
 * The same for what is left of a deleted table: only who has the privileges of the role that owned it may.  A role that
 * is gone, or that nobody knows (InvalidOid), leaves it to superusers.
 */
extern void dyn_access_check_left(const DynCall *call, const char *table_name, Oid owner);

#endif
