/*
 * The words of PartiQL.
 */
#ifndef DYN_PARTIQL_LEXER_H
#define DYN_PARTIQL_LEXER_H

#include "base/text.h"

typedef enum DynPartiqlTokenKind
{
	DYN_PARTIQL_END,
	DYN_PARTIQL_NAME,			/* an identifier, quoted or not */
	DYN_PARTIQL_KEYWORD,		/* a reserved word: text is what stands in the statement */
	DYN_PARTIQL_STRING,
	DYN_PARTIQL_NUMBER,
	DYN_PARTIQL_ION,			/* `...` */
	DYN_PARTIQL_SYMBOL,			/* operators and punctuation */
	DYN_PARTIQL_ILLEGAL			/* what begins no word, and whatever is not closed */
} DynPartiqlTokenKind;

/* Where a word stands, as AWS counts: characters from 1. */
typedef struct DynPartiqlPlace
{
	int			line;
	int			column;
	int			length;
} DynPartiqlPlace;

typedef struct DynPartiqlWord
{
	DynPartiqlTokenKind kind;
	DynStr		text;			/* names and strings: without their quotes */
	bool		quoted;
	DynPartiqlPlace place;
} DynPartiqlWord;

typedef struct DynPartiqlLexer
{
	DynStr		statement;
	int			position;
	int			line;
	int			column;
} DynPartiqlLexer;

extern void dyn_partiql_lexer_start(DynPartiqlLexer *lexer, DynStr statement);
/* Never fails: what is no word is DYN_PARTIQL_ILLEGAL. */
extern DynPartiqlWord dyn_partiql_lexer_next(DynPartiqlLexer *lexer);
/* Is it this reserved word (in lower case), this symbol? */
extern bool dyn_partiql_lexer_is_keyword(const DynPartiqlWord *token, const char *word);
extern bool dyn_partiql_lexer_is_symbol(const DynPartiqlWord *token, const char *symbol);

#endif
