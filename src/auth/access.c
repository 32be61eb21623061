/*
 * May this caller do this operation on this table?  GRANTs and ownership decide; the answer is worded as AWS does.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/acl.h"

#include "auth/access.h"
#include "base/compat.h"
#include "base/error.h"
#include "meta/arn.h"

static bool may(Oid relid, Oid role, DynAccess access);
static bool has_privilege(Oid relid, Oid role, AclMode privilege);
static void deny(const DynCall *call, const char *table_name) pg_attribute_noreturn();

void
dyn_access_check(const DynCall *call, const DynTable *table, DynAccess access)
{
	if (!may(table->relid, call->role, access))
		deny(call, table->name);
}

void
dyn_access_check_create(const DynCall *call, const char *table_name)
{
	Oid			schema = get_namespace_oid("dynamo_tables", false);

	if (DYN_NAMESPACE_ACLCHECK(schema, call->role, ACL_CREATE) != ACLCHECK_OK)
		deny(call, table_name);
}

void
dyn_access_check_left(const DynCall *call, const char *table_name, const char *owner)
{
	Oid			role = get_role_oid(owner, true);

	if (!superuser_arg(call->role) && (!OidIsValid(role) || !has_privs_of_role(call->role, role)))
		deny(call, table_name);
}

static bool
may(Oid relid, Oid role, DynAccess access)
{
	switch (access)
	{
		case DYN_ACCESS_READ:
			return has_privilege(relid, role, ACL_SELECT);
		case DYN_ACCESS_PUT:
		case DYN_ACCESS_UPDATE:
			return has_privilege(relid, role, ACL_INSERT) && has_privilege(relid, role, ACL_UPDATE);
		case DYN_ACCESS_DELETE:
			return has_privilege(relid, role, ACL_DELETE);
		case DYN_ACCESS_OWN:
			return DYN_CLASS_OWNERCHECK(relid, role);
	}
	return false;
}

static bool
has_privilege(Oid relid, Oid role, AclMode privilege)
{
	return pg_class_aclcheck(relid, role, privilege) == ACLCHECK_OK;
}

static void
deny(const DynCall *call, const char *table_name)
{
	const char *operation = call->operation_name;

	dyn_error(DYN_ERR_ACCESS_DENIED,
			  "User: %s is not authorized to perform: dynamodb:%s on resource: %s"
			  " because no identity-based policy allows the dynamodb:%s action",
			  dyn_arn_user(call->caller_name), operation, dyn_arn_table(table_name), operation);
}
