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
 * As the extension's owner: so meta/ and store/ use the catalogue.  The search path is pg_catalog alone, so that no caller's
 * operator or function runs as the owner.
 */
extern void dyn_scope_begin(DynScope *scope);
/* As the item table's owner, in a restricted operation: the table's triggers run as him, and row security hides nothing. */
extern void dyn_scope_begin_table(DynScope *scope, Oid relid);
/* Changes a setting until the innermost scope ends. */
extern void dyn_scope_set(const char *name, const char *value);
extern void dyn_scope_end(const DynScope *scope);

/*
 * A whole scope: asks the catalogue for one text, the first column of the first row, and gives it in the caller's memory
 * context.  NULL when there is no row, or a null in it.
 */
extern char *dyn_scope_look_up(const char *sql, int count, Oid *types, Datum *values);

#endif
