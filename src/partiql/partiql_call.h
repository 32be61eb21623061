/*
 * Functions, types and the other expressions of PartiQL that begin with a word of their own.
 */
#ifndef DYN_PARTIQL_CALL_H
#define DYN_PARTIQL_CALL_H

#include "partiql/partiql_operand.h"

/* A node of the current word, which is taken. */
extern DynPartiqlNode *dyn_partiql_call_take(DynPartiqlParser *parser, DynPartiqlKind kind);
extern void dyn_partiql_call_append(DynPartiqlNode *node, DynPartiqlNode *argument);
/* Expressions up to the word end, which AWS's parser calls name. */
extern void dyn_partiql_call_parse_members(DynPartiqlParser *parser, DynPartiqlNode *node, const char *end,
										   const char *name);
/* A call, CASE, CAST, VALUES, DATE and so on; NULL when the current words begin none of them. */
extern DynPartiqlNode *dyn_partiql_call_parse(DynPartiqlParser *parser);
/* The rest of "left IS [NOT] type", behind IS, whose place this is. */
extern DynPartiqlNode *dyn_partiql_call_parse_is(DynPartiqlParser *parser, DynPartiqlNode *left, bool negated,
												 DynPartiqlPlace place);

#endif
