/*
 * Differences between PostgreSQL versions.  No other file tests PG_VERSION_NUM.
 */
#ifndef DYN_COMPAT_H
#define DYN_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "dynamo needs PostgreSQL 15 or newer"
#endif

#endif
