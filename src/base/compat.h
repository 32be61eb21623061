/*
 * Differences between PostgreSQL versions.  No other file tests PG_VERSION_NUM.
 */
#ifndef DYN_COMPAT_H
#define DYN_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "dynamo needs PostgreSQL 15 or newer"
#endif

/* The macros of varlena headers (VARSIZE_ANY_EXHDR and its like) left postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* PostgreSQL 18 writes pg_noreturn in front of a declaration; before, this stands behind it. */
#ifndef pg_attribute_noreturn
#define pg_attribute_noreturn() __attribute__((noreturn))
#endif

/* Access checks; the caller includes utils/acl.h, catalog/pg_class.h and catalog/pg_namespace.h. */
#if PG_VERSION_NUM >= 160000
#define DYN_CLASS_OWNERCHECK(relid, role) object_ownercheck(RelationRelationId, relid, role)
#define DYN_NAMESPACE_ACLCHECK(schema, role, mode) object_aclcheck(NamespaceRelationId, schema, role, mode)
#define DYN_MAY_BECOME_ROLE(member, role) member_can_set_role(member, role)
#else
#define DYN_CLASS_OWNERCHECK(relid, role) pg_class_ownercheck(relid, role)
#define DYN_NAMESPACE_ACLCHECK(schema, role, mode) pg_namespace_aclcheck(schema, role, mode)
#define DYN_MAY_BECOME_ROLE(member, role) is_member_of_role(member, role)
#endif

/* A planned statement's list of relations with the privileges that running it takes (members relid, requiredPerms). */
#if PG_VERSION_NUM >= 160000
#define DynPlanPermission RTEPermissionInfo
#define DYN_PLAN_PERMISSIONS(statement) ((statement)->permInfos)
#else
#define DynPlanPermission RangeTblEntry
#define DYN_PLAN_PERMISSIONS(statement) ((statement)->rtable)
#endif

/* A wait event set that lives as long as the process.  The caller includes storage/latch.h and utils/memutils.h. */
#if PG_VERSION_NUM >= 170000
#define DYN_CREATE_WAIT_EVENT_SET(events) CreateWaitEventSet(NULL, events)
#else
#define DYN_CREATE_WAIT_EVENT_SET(events) CreateWaitEventSet(TopMemoryContext, events)
#endif

/*
 * The number of this process's transaction, and whether it holds a lock.  The caller includes storage/proc.h and
 * storage/lock.h.
 */
#if PG_VERSION_NUM >= 170000
#define DYN_MY_TRANSACTION (MyProc->vxid.lxid)
#define DYN_LOCK_HELD_BY_ME(tag, mode) LockHeldByMe(tag, mode, false)
#else
#define DYN_MY_TRANSACTION (MyProc->lxid)
#define DYN_LOCK_HELD_BY_ME(tag, mode) LockHeldByMe(tag, mode)
#endif

/* Runs a portal to its end at top level.  The caller includes tcop/pquery.h. */
#if PG_VERSION_NUM >= 180000
#define DYN_PORTAL_RUN(portal, completion) PortalRun(portal, FETCH_ALL, true, None_Receiver, None_Receiver, completion)
#else
#define DYN_PORTAL_RUN(portal, completion) \
	PortalRun(portal, FETCH_ALL, true, true, None_Receiver, None_Receiver, completion)
#endif

#endif
