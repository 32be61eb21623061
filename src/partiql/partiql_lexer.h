/*
 * The words of PartiQL.
 *
 * They are cut as AWS's own parser (partiql-lang-kotlin) cuts them, since its messages are the service's: "IS NOT" and
 * "INSERT INTO" are one word, places count characters.
 */
#ifndef DYN_PARTIQL_LEXER_H
#define DYN_PARTIQL_LEXER_H

#include "base/text.h"

typedef enum DynPartiqlTokenKind
{
	DYN_PARTIQL_END,
	DYN_PARTIQL_NAME,			/* an identifier, quoted or not */
	DYN_PARTIQL_KEYWORD,		/* one or several reserved words: word */
	DYN_PARTIQL_STRING,
	DYN_PARTIQL_NUMBER,
	DYN_PARTIQL_ION,			/* `...` */
	DYN_PARTIQL_SYMBOL,			/* operators and punctuation: word */
	DYN_PARTIQL_ILLEGAL			/* what begins no word, and whatever is not closed */
} DynPartiqlTokenKind;

/* Where a word stands, as AWS counts: lines and Unicode characters from 1; CR, LF and both together end a line. */
typedef struct DynPartiqlPlace
{
	int			line;
	int			column;
	int			length;
} DynPartiqlPlace;

typedef struct DynPartiqlWord
{
	DynPartiqlTokenKind kind;
	DynStr		text;			/* what stands in the statement; names and strings: without their quotes */
	const char *word;			/* reserved words and symbols: their only spelling, "is_not", "integer"; else NULL */
	bool		quoted;
	DynPartiqlPlace place;
} DynPartiqlWord;

/*
 * Cuts the statement into words; the last is DYN_PARTIQL_END.  NULL when some part of it is no word.
 * The array may be freed; what the words point to lives as long as the statement and the memory context.
 */
extern DynPartiqlWord *dyn_partiql_lexer_cut(DynStr statement, int *count);
/* Is it this reserved word or symbol? */
extern bool dyn_partiql_lexer_is(const DynPartiqlWord *token, const char *word);
/* Is it an operator (to AWS's parser), an operand in the wrong place when one is expected? */
extern bool dyn_partiql_lexer_is_operator(const DynPartiqlWord *token);
/* Is it a keyword to AWS's parser?  Operators and some words of clauses (AS, BY, DESC) are none. */
extern bool dyn_partiql_lexer_is_keyword(const DynPartiqlWord *token);

#endif
