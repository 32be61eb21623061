/*
 * PartiQL statements: parsed, planned, and run by the procedures behind the other operations.
 */
#ifndef DYN_STATEMENT_FLOW_H
#define DYN_STATEMENT_FLOW_H

#include "base/call.h"
#include "flow/item_change.h"
#include "flow/write_flow.h"
#include "json/json.h"
#include "partiql/partiql_plan.h"
#include "response/capacity.h"

/* One statement of a request, and what has become of it. */
typedef struct DynStatement
{
	DynCall    *call;			/* the call that fails when the statement does; NULL: its error is one among others */
	const DynJson *json;		/* with Statement, Parameters and the statement's own settings */
	DynPartiqlStatement *parsed;
	DynPartiqlParameters parameters;
	DynPartiqlTranslation *translation;
	const DynTable *table;		/* NULL until it is opened */
	const DynIndex *index;
	DynPartiqlPlan *plan;
	DynWrite	write;
	DynItemUpdate update;		/* write's argument for UPDATE */
	DynCapacity *capacity;
	DynItem    *item;			/* what RETURNING asked for, or a SELECT of one item has read; NULL: none */
	DynItem    *failed_item;	/* the item on which a condition failed, if the request wants it */
} DynStatement;

/* The values for its question marks. */
extern void dyn_statement_flow_read_parameters(DynStatement *statement);
/* Raises AWS's error for a text that is no statement. */
extern void dyn_statement_flow_parse(DynStatement *statement);
/* Raises the errors for a well-formed statement that is wrong for any table, and for a wrong number of parameters. */
extern void dyn_statement_flow_translate(DynStatement *statement);
/* Does it write?  Everything but SELECT does: EXISTS belongs to the writes of a transaction. */
extern bool dyn_statement_flow_writes(const DynStatement *statement);
/* Finds its table and index, and checks the caller's rights. */
extern void dyn_statement_flow_open(DynCall *call, DynStatement *statement);
/* Plans it, and for INSERT, UPDATE and DELETE prepares the write. */
extern void dyn_statement_flow_plan(DynStatement *statement);
/* Raises the errors of RETURNING, which AWS checks last. */
extern void dyn_statement_flow_check_returning(const DynStatement *statement);
/* Does it want the item on which its condition fails? */
extern bool dyn_statement_flow_wants_failed(const DynStatement *statement);
/* INSERT, UPDATE, DELETE.  Raises the error of a refusal or a failed condition, with failed_item set before. */
extern void dyn_statement_flow_write(DynStatement *statement);
/* A SELECT of one item, by its key. */
extern void dyn_statement_flow_get(DynStatement *statement);
/* The whole of ExecuteStatement. */
extern void dyn_statement_flow_execute(DynCall *call);

#endif
