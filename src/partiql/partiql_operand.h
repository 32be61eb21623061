/*
 * The expressions of PartiQL: the parser's lower half.
 */
#ifndef DYN_PARTIQL_OPERAND_H
#define DYN_PARTIQL_OPERAND_H

#include "base/compat.h"
#include "partiql/partiql_ast.h"

typedef struct DynPartiqlParser
{
	DynPartiqlWord *tokens;	/* the last one is the end */
	int			count;
	int			position;
	int			depth;
	int			parameter_count;
	int			operator_count;
	const char *misplaced;		/* the first word of a statement that stands inside an expression; NULL: none does */
} DynPartiqlParser;

extern void dyn_partiql_operand_start(DynPartiqlParser *parser, DynStr text);
/* The current word (0), and those behind it. */
extern const DynPartiqlWord *dyn_partiql_operand_peek(const DynPartiqlParser *parser, int ahead);
extern void dyn_partiql_operand_advance(DynPartiqlParser *parser);
/* Is the current word this reserved word or symbol? */
extern bool dyn_partiql_operand_at(const DynPartiqlParser *parser, const char *word);
/* Takes it if it is. */
extern bool dyn_partiql_operand_accept(DynPartiqlParser *parser, const char *word);
/* Takes it, or says that AWS's parser expected a word which it calls name. */
extern void dyn_partiql_operand_expect(DynPartiqlParser *parser, const char *word, const char *name);
/* Raises AWS's error for what is no PartiQL, with the detail that its parser gives. */
extern void dyn_partiql_operand_malformed(const char *detail) pg_attribute_noreturn();
/* Around everything that can contain itself: raises an error when a statement nests too deeply. */
extern void dyn_partiql_operand_enter(DynPartiqlParser *parser);
extern void dyn_partiql_operand_leave(DynPartiqlParser *parser);

/* An expression; one behind WHERE, LIMIT and so on ends before UNION. */
extern DynPartiqlNode *dyn_partiql_operand_parse(DynPartiqlParser *parser);
extern DynPartiqlNode *dyn_partiql_operand_parse_clause(DynPartiqlParser *parser);
/* A name and its steps, without wildcards or anything that must be computed. */
extern DynPartiqlNode *dyn_partiql_operand_parse_target(DynPartiqlParser *parser);

#endif
