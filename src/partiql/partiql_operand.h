/*
 * The expressions of PartiQL: the parser's lower half.
 */
#ifndef DYN_PARTIQL_OPERAND_H
#define DYN_PARTIQL_OPERAND_H

#include "base/compat.h"
#include "partiql/partiql_ast.h"

typedef struct DynPartiqlParser
{
	DynPartiqlLexer lexer;
	DynPartiqlWord current;
	DynPartiqlWord next;
	int			depth;
	int			parameter_count;
	int			operator_count;
} DynPartiqlParser;

extern void dyn_partiql_operand_start(DynPartiqlParser *parser, DynStr text);
extern void dyn_partiql_operand_advance(DynPartiqlParser *parser);
/* Takes the reserved word or symbol if it is the next one. */
extern bool dyn_partiql_operand_accept(DynPartiqlParser *parser, const char *keyword);
extern bool dyn_partiql_operand_accept_symbol(DynPartiqlParser *parser, const char *symbol);
extern void dyn_partiql_operand_expect_symbol(DynPartiqlParser *parser, const char *symbol);
/* Raises AWS's error for what is no PartiQL. */
extern void dyn_partiql_operand_malformed(const DynPartiqlParser *parser) pg_attribute_noreturn();
/* Around everything that can contain itself: raises an error when a statement nests too deeply. */
extern void dyn_partiql_operand_enter(DynPartiqlParser *parser);
extern void dyn_partiql_operand_leave(DynPartiqlParser *parser);

extern DynPartiqlNode *dyn_partiql_operand_parse(DynPartiqlParser *parser);
/* A name and what follows it: a variable, or a path. */
extern DynPartiqlNode *dyn_partiql_operand_parse_path(DynPartiqlParser *parser);

#endif
