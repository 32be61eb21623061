/*
 * A stretch of code that runs inside SPI with an owner's rights, no matter who calls.
 *
 * Between begin and end the memory context is SPI's, which end frees with all that is in it.  Scopes may be nested.
 *
 * After an error no end is needed: user, security context, settings and SPI's level belong to the transaction or
 * subtransaction, and its abort restores them.  So code that catches an error inside a scope uses a subtransaction.
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
 * The search path in scopes and in all background processes: pg_catalog.  pg_temp is named last because otherwise
 * PostgreSQL looks there first for types and relations, and every user may create some there.
 */
#define DYN_SCOPE_PATH "pg_catalog, pg_temp"

/* Begins a scope of the extension's owner, for reading and writing the catalogue. */
extern void dyn_scope_begin(DynScope *scope);
/*
 * Begins a scope of the item table's owner, in a restricted operation: the table's triggers run as him, and row
 * security hides nothing.  His functions find names by their own search path, or in pg_catalog, no matter who calls,
 * as they do in the endpoint.
 */
extern void dyn_scope_begin_table(DynScope *scope, Oid relid);
extern Oid	dyn_scope_table_owner(Oid relid);
/* Changes a setting until the innermost scope ends. */
extern void dyn_scope_set(const char *name, const char *value);
extern void dyn_scope_end(const DynScope *scope);

/* The version, as in dynamo.control and the Makefile. */
#define DYN_VERSION "1.1"

/*
 * Raises ServiceUnavailableException, which names both versions, when a new library is installed but ALTER EXTENSION
 * UPDATE has not been run.  Until then the catalogue may lack what operations need.  A process that has found equal
 * versions does not look again, since versions only rise.
 */
extern void dyn_scope_check_version(void);

/*
 * Runs a query of the catalogue in a scope of its own and returns one text, the first column of the first row, in the
 * caller's memory context.  NULL when there is no row, or a null in it.
 */
extern char *dyn_scope_look_up(const char *sql, int count, Oid *types, Datum *values);

#endif
