/*
 * The grammar that all kinds of expressions share: paths, operands, functions, conditions.
 *
 * Parsing only builds trees and raises syntax errors.  AWS reports a syntax error anywhere in the text before anything
 * else, so whatever needs names, values or types is left to expr_check.c.
 */
#ifndef DYN_EXPR_PARSE_H
#define DYN_EXPR_PARSE_H

#include "base/compat.h"
#include "expr/expr_ast.h"
#include "expr/expr_lexer.h"

typedef struct DynParser
{
	DynStr		text;
	const char *parameter;		/* opens every message: "ConditionExpression" */
	int			position;		/* in text, behind next */
	DynToken	previous;		/* text.data NULL before the first word */
	DynToken	current;
	DynToken	next;
	int			operator_count;
	bool		redundant_parentheses;
} DynParser;

/* Starts a parser.  Raises AWS's errors for a text that is empty or too long. */
extern void dyn_expr_parse_start(DynParser *parser, DynStr text, const char *parameter);
/* Parses a condition to the end of the text. */
extern DynNode *dyn_expr_parse_condition(DynParser *parser);
/* Parses what may stand right of '=' in SET: an operand, or two with '+' or '-' between them. */
extern DynNode *dyn_expr_parse_set_value(DynParser *parser);
extern DynPath dyn_expr_parse_path(DynParser *parser);
extern DynNode *dyn_expr_parse_value(DynParser *parser);	/* a ":value" and nothing else */

extern void dyn_expr_parse_advance(DynParser *parser);
/* Takes the word if it is of this kind. */
extern bool dyn_expr_parse_accept(DynParser *parser, DynTokenKind kind);
/* Raises the syntax error at the current word. */
extern void dyn_expr_parse_unexpected(const DynParser *parser) pg_attribute_noreturn();
/* Raises "Invalid <parameter>: ..."; a PartiQL statement has no parameter (NULL), and its messages no beginning */
extern void dyn_expr_parse_fail(const char *parameter, const char *format,...) pg_attribute_noreturn()
			pg_attribute_printf(2, 3);

#endif
