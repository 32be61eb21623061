/*
 * The grammar of PartiQL, as far as DynamoDB knows it.
 */
#ifndef DYN_PARTIQL_PARSE_H
#define DYN_PARTIQL_PARSE_H

#include "partiql/partiql_ast.h"

struct DynPartiqlParser;

/*
 * Raises "Statement wasn't well formed, can't be processed: ..." for what is no PartiQL, with the words of AWS's parser
 * (docs/errors.md).  What is PartiQL, but not for DynamoDB, is left to the caller as the statement's fault.
 */
extern DynPartiqlStatement *dyn_partiql_parse(DynStr text);
/* For messages: " at 1:8:5". */
extern char *dyn_partiql_parse_place(DynPartiqlPlace place);

/* For partiql_operand.c: a statement that stands inside an expression; NULL when none begins at the current word. */
extern DynPartiqlNode *dyn_partiql_parse_inner(struct DynPartiqlParser *parser);

#endif
