/*
 * A stretch of code that runs inside SPI with an owner's rights, whoever calls.
 *
 * Between begin and end the memory context is SPI's, which end frees with all that is in it.  Scopes may stand in each other.
 *
 * An error needs no end: user, security context, settings and SPI's level are the transaction's or subtransaction's, and its
 * abort sets back each of them.  So whoever catches an error inside a scope does it with a subtransaction.
 */
#ifndef DYN_SCOPE_H
#define DYN_SCOPE_H

typedef struct DynScope
{
	Oid			caller;			/* user, security context and depth of settings outside */
	int			security;
	int			settings;
} DynScope;

/*
 * Where unqualified names are looked for, in scopes and in all background processes: in pg_catalog.  pg_temp is named because
 * PostgreSQL, where it is not, looks there first for types and relations, and everybody may make some there.
 */
#define DYN_SCOPE_PATH "pg_catalog, pg_temp"

/* As the extension's owner: so the catalogue is used. */
extern void dyn_scope_begin(DynScope *scope);
/*
 * As the item table's owner, in a restricted operation: the table's triggers run as him, and row security hides nothing.
 * His functions look for names where they say themselves, or in pg_catalog, whoever calls; so they do in the endpoint.
 */
extern void dyn_scope_begin_table(DynScope *scope, Oid relid);
extern Oid	dyn_scope_table_owner(Oid relid);
/* Changes a setting until the innermost scope ends. */
extern void dyn_scope_set(const char *name, const char *value);
extern void dyn_scope_end(const DynScope *scope);

/* What dynamo.control and the Makefile say. */
#define DYN_VERSION "1.1"

/*
 * Between the installation of a new library and ALTER EXTENSION UPDATE, what operations look for in the catalogue may not be
 * there: raises ServiceUnavailableException, which names both versions.  Looks once in a process, since versions only rise.
 */
extern void dyn_scope_check_version(void);

/*
 * A whole scope: asks the catalogue for one text, the first column of the first row, and gives it in the caller's memory
 * context.  NULL when there is no row, or a null in it.
 */
extern char *dyn_scope_look_up(const char *sql, int count, Oid *types, Datum *values);

#endif
