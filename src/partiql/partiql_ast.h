/*
 * A PartiQL statement as it was written: what it names and says, before anybody looks at the table.
 *
 * Expressions stay close to the text, with their places, since AWS's messages speak of both; partiql_expr.c turns them
 * into the trees of expr_ast.h.
 */
#ifndef DYN_PARTIQL_AST_H
#define DYN_PARTIQL_AST_H

#include "partiql/partiql_lexer.h"

typedef enum DynPartiqlKind
{
	DYN_PARTIQL_LITERAL_STRING, /* text */
	DYN_PARTIQL_LITERAL_NUMBER, /* text, with its sign */
	DYN_PARTIQL_LITERAL_BOOLEAN,	/* flag */
	DYN_PARTIQL_LITERAL_NULL,
	DYN_PARTIQL_LITERAL_MISSING,
	DYN_PARTIQL_LITERAL_ION,
	DYN_PARTIQL_PARAMETER,		/* number, from 0 */
	DYN_PARTIQL_VARIABLE,		/* text */
	DYN_PARTIQL_PATH,			/* a variable, then the steps: strings, numbers, wildcards, or what is none */
	DYN_PARTIQL_WILDCARD,		/* [*] */
	DYN_PARTIQL_UNPIVOT,		/* .* */
	DYN_PARTIQL_LIST,			/* also (a, b) */
	DYN_PARTIQL_BAG,
	DYN_PARTIQL_STRUCT,			/* name, value, name, value ... */
	DYN_PARTIQL_CALL,			/* text: the name in lower case */
	DYN_PARTIQL_OPERATOR,		/* text: "=", "and", "between", ... */
	DYN_PARTIQL_IS,				/* text: the type as AWS names it; flag: IS NOT */
	DYN_PARTIQL_UNSUPPORTED		/* text: SELECT, CASE, cast */
} DynPartiqlKind;

typedef struct DynPartiqlNode
{
	DynPartiqlKind kind;
	DynStr		text;
	bool		flag;
	int			number;
	DynPartiqlPlace place;
	int			count;
	int			capacity;
	struct DynPartiqlNode **arguments;
} DynPartiqlNode;

typedef enum DynPartiqlVerb
{
	DYN_PARTIQL_SELECT,
	DYN_PARTIQL_INSERT,
	DYN_PARTIQL_UPDATE,
	DYN_PARTIQL_DELETE,
	DYN_PARTIQL_EXISTS,			/* EXISTS(SELECT ...): the check of a transaction */
	DYN_PARTIQL_OTHER			/* a well-formed statement or expression that DynamoDB does not run */
} DynPartiqlVerb;

typedef enum DynPartiqlReturning
{
	DYN_PARTIQL_RETURNING_NONE,
	DYN_PARTIQL_ALL_OLD,
	DYN_PARTIQL_ALL_NEW,
	DYN_PARTIQL_MODIFIED_OLD,
	DYN_PARTIQL_MODIFIED_NEW
} DynPartiqlReturning;

typedef struct DynPartiqlOrder
{
	DynPartiqlNode *by;
	bool		descending;
} DynPartiqlOrder;

/* SET target = value, or REMOVE target (value NULL) */
typedef struct DynPartiqlChange
{
	DynPartiqlNode *target;
	DynPartiqlNode *value;
} DynPartiqlChange;

typedef struct DynPartiqlStatement
{
	DynPartiqlVerb verb;
	char	   *fault;			/* what is wrong with it although it is well-formed; NULL: nothing */
	char	   *returning_fault;	/* the same of its RETURNING, which AWS looks at last */
	DynPartiqlNode *from;		/* the table: a variable or path */
	DynPartiqlNode *where;		/* NULL: none */
	/* SELECT */
	int			column_count;	/* 0: * */
	DynPartiqlNode **columns;
	int			order_count;
	DynPartiqlOrder *orders;
	/* INSERT */
	DynPartiqlNode *item;
	/* UPDATE */
	int			change_count;
	int			change_capacity;
	DynPartiqlChange *changes;
	/* UPDATE, DELETE */
	DynPartiqlReturning returning;

	int			parameter_count;
} DynPartiqlStatement;

#endif
