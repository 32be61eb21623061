/*
 * The words of DynamoDB's expression language.  One lexer serves all kinds of expressions, so a keyword of one kind is
 * a keyword in all of them.
 */
#ifndef DYN_EXPR_LEXER_H
#define DYN_EXPR_LEXER_H

#include "base/text.h"

typedef enum DynTokenKind
{
	DYN_TOKEN_END,
	DYN_TOKEN_IDENTIFIER,		/* an attribute or a function */
	DYN_TOKEN_NAME,				/* #name */
	DYN_TOKEN_VALUE,			/* :value */
	DYN_TOKEN_NUMBER,			/* digits: a list position */
	DYN_TOKEN_OPEN,
	DYN_TOKEN_CLOSE,
	DYN_TOKEN_OPEN_BRACKET,
	DYN_TOKEN_CLOSE_BRACKET,
	DYN_TOKEN_COMMA,
	DYN_TOKEN_DOT,
	DYN_TOKEN_PLUS,
	DYN_TOKEN_MINUS,
	DYN_TOKEN_EQ,
	DYN_TOKEN_NE,
	DYN_TOKEN_LT,
	DYN_TOKEN_LE,
	DYN_TOKEN_GT,
	DYN_TOKEN_GE,
	DYN_TOKEN_AND,
	DYN_TOKEN_OR,
	DYN_TOKEN_NOT,
	DYN_TOKEN_BETWEEN,
	DYN_TOKEN_IN,
	DYN_TOKEN_SET,
	DYN_TOKEN_REMOVE,
	DYN_TOKEN_ADD,
	DYN_TOKEN_DELETE,
	DYN_TOKEN_ILLEGAL			/* one character that begins no word */
} DynTokenKind;

typedef struct DynToken
{
	DynTokenKind kind;
	DynStr		text;			/* points into the expression; empty at the end */
} DynToken;

/*
 * Returns the word at or after *position, which moves behind it.  Never fails: a character that begins no word is
 * DYN_TOKEN_ILLEGAL.
 */
extern DynToken dyn_expr_lexer_next(DynStr expression, int *position);
/* One or more letters, digits and underscores: what may follow a '#' or ':'. */
extern bool dyn_expr_lexer_is_word(DynStr text);

#endif
