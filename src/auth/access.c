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
#include "catalog/arn.h"

static bool may(Oid relid, Oid role, DynAccess access);
static bool has_privilege(Oid relid, Oid role, AclMode privilege);
static const char *privilege_names(DynAccess access);
static void deny(const DynCall *call, const char *table_name, const char *hint) pg_attribute_noreturn();

void
dyn_access_check(const DynCall *call, const DynTable *table, DynAccess access)
{
	if (!may(table->relid, call->role, access))
		deny(call, table->name,
			 psprintf("Role \"%s\" needs %s table %s.", GetUserNameFromId(call->role, false), privilege_names(access),
					  table->qualified));
}

void
dyn_access_check_create(const DynCall *call, const char *table_name)
{
	Oid			schema = get_namespace_oid("dynamo_tables", false);

	if (DYN_NAMESPACE_ACLCHECK(schema, call->role, ACL_CREATE) != ACLCHECK_OK)
		deny(call, table_name,
			 psprintf("Role \"%s\" needs CREATE on schema dynamo_tables.", GetUserNameFromId(call->role, false)));
}

void
dyn_access_check_left(const DynCall *call, const char *table_name, Oid owner)
{
	char	   *name = OidIsValid(owner) ? GetUserNameFromId(owner, true) : NULL;

	if (superuser_arg(call->role) || (name != NULL && has_privs_of_role(call->role, owner)))
		return;
	deny(call, table_name,
		 name != NULL ? psprintf("Role \"%s\" needs the privileges of role \"%s\", which owned the table.",
								 GetUserNameFromId(call->role, false), name) :
		 pstrdup("The role that owned the table is gone; superusers can read what is left of it."));
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

static const char *
privilege_names(DynAccess access)
{
	switch (access)
	{
		case DYN_ACCESS_READ:
			return "SELECT on";
		case DYN_ACCESS_PUT:
		case DYN_ACCESS_UPDATE:
			return "INSERT and UPDATE on";
		case DYN_ACCESS_DELETE:
			return "DELETE on";
		case DYN_ACCESS_OWN:
			break;
	}
	return "to own";
}

/*
 * The hint is for SQL: AWS's text speaks of policies, and what is missing here is a GRANT.  The endpoint does not send
 * it.
 */
static void
deny(const DynCall *call, const char *table_name, const char *hint)
{
	const DynErrorInfo *info = dyn_error_info(DYN_ERR_ACCESS_DENIED);
	const char *operation = call->operation_name;

	ereport(ERROR,
			(errcode(info->sqlstate),
			 errmsg_internal("%s: User: %s is not authorized to perform: dynamodb:%s on resource: %s"
							 " because no identity-based policy allows the dynamodb:%s action",
							 info->name, dyn_arn_user(call->caller_name), operation, dyn_arn_table(table_name), operation),
			 errhint("%s", hint)));
}
