/*
 * Parses PartiQL's expressions, by precedence: or, and, not, equality, order, sums, products.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/message.h"
#include "partiql/partiql_call.h"
#include "partiql/partiql_operand.h"
#include "partiql/partiql_parse.h"

/* Far beyond what a value or condition may nest, and far below what the stack holds. */
#define MAX_DEPTH 400

/* An operator binds what stands beside it when its precedence is higher than the expression's. */
enum
{
	PRECEDENCE_NONE = 0,
	PRECEDENCE_SET = 5,
	PRECEDENCE_CLAUSE = 6,
	PRECEDENCE_OR = 10,
	PRECEDENCE_AND = 20,
	PRECEDENCE_NOT = 30,
	PRECEDENCE_EQUALITY = 40,
	PRECEDENCE_ORDER = 50,
	PRECEDENCE_SUM = 60,
	PRECEDENCE_PRODUCT = 70
};

typedef struct Infix
{
	const char *word;
	const char *name;			/* of the operator, without its NOT */
	bool		negated;
	int			precedence;
} Infix;

static DynPartiqlNode *parse_expression(DynPartiqlParser *parser, int precedence);
static DynPartiqlNode *parse_unary(DynPartiqlParser *parser);
static DynPartiqlNode *parse_term(DynPartiqlParser *parser);
static DynPartiqlNode *parse_struct(DynPartiqlParser *parser);
static DynPartiqlNode *parse_steps(DynPartiqlParser *parser, DynPartiqlNode *root, bool simple);

void
dyn_partiql_operand_start(DynPartiqlParser *parser, DynStr text)
{
	memset(parser, 0, sizeof(*parser));
	parser->tokens = dyn_partiql_lexer_cut(text, &parser->count);
	/* AWS's lexer has no words for its errors */
	if (parser->tokens == NULL)
		dyn_partiql_operand_malformed("");
}

const DynPartiqlWord *
dyn_partiql_operand_peek(const DynPartiqlParser *parser, int ahead)
{
	return &parser->tokens[Min(parser->position + ahead, parser->count - 1)];
}

void
dyn_partiql_operand_advance(DynPartiqlParser *parser)
{
	if (parser->position < parser->count - 1)
		parser->position++;
}

bool
dyn_partiql_operand_at(const DynPartiqlParser *parser, const char *word)
{
	return dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, 0), word);
}

bool
dyn_partiql_operand_accept(DynPartiqlParser *parser, const char *word)
{
	if (!dyn_partiql_operand_at(parser, word))
		return false;
	dyn_partiql_operand_advance(parser);
	return true;
}

void
dyn_partiql_operand_expect(DynPartiqlParser *parser, const char *word, const char *name)
{
	if (!dyn_partiql_operand_accept(parser, word))
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_EXPECTED, name));
}

void
dyn_partiql_operand_malformed(const char *detail)
{
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_NOT_WELL_FORMED, detail);
}

void
dyn_partiql_operand_enter(DynPartiqlParser *parser)
{
	check_stack_depth();
	if (++parser->depth > MAX_DEPTH)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_TOO_DEEP);
}

void
dyn_partiql_operand_leave(DynPartiqlParser *parser)
{
	parser->depth--;
}

DynPartiqlNode *
dyn_partiql_operand_parse(DynPartiqlParser *parser)
{
	return parse_expression(parser, PRECEDENCE_NONE);
}

DynPartiqlNode *
dyn_partiql_operand_parse_clause(DynPartiqlParser *parser)
{
	return parse_expression(parser, PRECEDENCE_CLAUSE);
}

/* ---- operators ---- */

static DynPartiqlNode *
make_operator(DynPartiqlParser *parser, const char *name, DynPartiqlPlace place, DynPartiqlNode *left,
			  DynPartiqlNode *right)
{
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));

	node->kind = DYN_PARTIQL_OPERATOR;
	node->text = dyn_text_from_cstring(name);
	node->place = place;
	parser->operator_count++;
	dyn_partiql_call_append(node, left);
	if (right != NULL)
		dyn_partiql_call_append(node, right);
	return node;
}

/* The operator at the current word; NULL: none. */
static const Infix *
find_infix(const DynPartiqlParser *parser)
{
	static const Infix infixes[] = {
		{"union", "union", false, PRECEDENCE_SET},
		{"union_all", "union", false, PRECEDENCE_SET},
		{"union_distinct", "union", false, PRECEDENCE_SET},
		{"except", "except", false, PRECEDENCE_SET},
		{"except_all", "except", false, PRECEDENCE_SET},
		{"except_distinct", "except", false, PRECEDENCE_SET},
		{"intersect", "intersect", false, PRECEDENCE_SET},
		{"intersect_all", "intersect", false, PRECEDENCE_SET},
		{"intersect_distinct", "intersect", false, PRECEDENCE_SET},
		{"or", "or", false, PRECEDENCE_OR},
		{"and", "and", false, PRECEDENCE_AND},
		{"=", "=", false, PRECEDENCE_EQUALITY},
		{"<>", "<>", false, PRECEDENCE_EQUALITY},
		{"is", "is", false, PRECEDENCE_EQUALITY},
		{"is_not", "is", true, PRECEDENCE_EQUALITY},
		{"in", "in", false, PRECEDENCE_EQUALITY},
		{"not_in", "in", true, PRECEDENCE_EQUALITY},
		{"<", "<", false, PRECEDENCE_ORDER},
		{"<=", "<=", false, PRECEDENCE_ORDER},
		{">", ">", false, PRECEDENCE_ORDER},
		{">=", ">=", false, PRECEDENCE_ORDER},
		{"between", "between", false, PRECEDENCE_ORDER},
		{"not_between", "between", true, PRECEDENCE_ORDER},
		{"like", "like", false, PRECEDENCE_ORDER},
		{"not_like", "like", true, PRECEDENCE_ORDER},
		{"+", "+", false, PRECEDENCE_SUM},
		{"-", "-", false, PRECEDENCE_SUM},
		{"||", "||", false, PRECEDENCE_SUM},
		{"*", "*", false, PRECEDENCE_PRODUCT},
		{"/", "/", false, PRECEDENCE_PRODUCT},
		{"%", "%", false, PRECEDENCE_PRODUCT},
	};

	for (int i = 0; i < lengthof(infixes); i++)
		if (dyn_partiql_operand_at(parser, infixes[i].word))
			return &infixes[i];
	return NULL;
}

/* What stands behind the current word, an operator.  AWS counts words, so that a semicolon is a bad expression. */
static DynPartiqlNode *
parse_operand(DynPartiqlParser *parser, int precedence)
{
	if (parser->count - parser->position < 3)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_OPERAND_MISSING);
	dyn_partiql_operand_advance(parser);
	return parse_expression(parser, precedence);
}

/* IN (a, b): there, parentheses around one value are a list, too. */
static DynPartiqlNode *
parse_list_of_in(DynPartiqlParser *parser)
{
	const DynPartiqlWord *behind = dyn_partiql_operand_peek(parser, 2);
	DynPartiqlNode *list;

	if (!dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, 1), "(") || dyn_partiql_lexer_is(behind, "select") ||
		dyn_partiql_lexer_is(behind, "values"))
		return parse_operand(parser, PRECEDENCE_EQUALITY);
	dyn_partiql_operand_advance(parser);
	list = dyn_partiql_call_take(parser, DYN_PARTIQL_LIST);
	dyn_partiql_call_parse_members(parser, list, ")", "RIGHT_PAREN");
	return list;
}

static bool
only_end_follows(const DynPartiqlParser *parser)
{
	return dyn_partiql_operand_peek(parser, 0)->kind == DYN_PARTIQL_END ||
		(dyn_partiql_operand_at(parser, ";") && dyn_partiql_operand_peek(parser, 1)->kind == DYN_PARTIQL_END);
}

/* The third operand of BETWEEN and LIKE, behind their word. */
static DynPartiqlNode *
parse_third(DynPartiqlParser *parser, const char *missing)
{
	if (only_end_follows(parser))
		dyn_partiql_operand_malformed(missing);
	return parse_expression(parser, PRECEDENCE_ORDER);
}

/* "left operator ...", from the operator on. */
static DynPartiqlNode *
parse_infix(DynPartiqlParser *parser, DynPartiqlNode *left, const Infix *infix)
{
	DynPartiqlPlace place = dyn_partiql_operand_peek(parser, 0)->place;
	DynPartiqlNode *node;

	if (strcmp(infix->name, "is") == 0)
	{
		dyn_partiql_operand_advance(parser);
		return dyn_partiql_call_parse_is(parser, left, infix->negated, place);
	}
	if ((infix->precedence == PRECEDENCE_AND || infix->precedence == PRECEDENCE_OR) &&
		left->kind == DYN_PARTIQL_OPERATOR && dyn_text_equal_cstring(left->text, infix->name))
	{
		parser->operator_count++;
		dyn_partiql_call_append(left, parse_operand(parser, infix->precedence));
		return left;
	}
	if (strcmp(infix->name, "in") == 0)
		node = make_operator(parser, infix->name, place, left, parse_list_of_in(parser));
	else
		node = make_operator(parser, infix->name, place, left, parse_operand(parser, infix->precedence));
	if (strcmp(infix->name, "between") == 0)
	{
		dyn_partiql_operand_expect(parser, "and", "AND keyword");
		dyn_partiql_call_append(node, parse_third(parser, DYN_MSG_PARTIQL_AFTER_AND));
	}
	if (strcmp(infix->name, "like") == 0 && dyn_partiql_operand_accept(parser, "escape"))
		dyn_partiql_call_append(node, parse_third(parser, DYN_MSG_PARTIQL_AFTER_ESCAPE));
	return infix->negated ? make_operator(parser, "not", place, node, NULL) : node;
}

static DynPartiqlNode *
parse_expression(DynPartiqlParser *parser, int precedence)
{
	DynPartiqlNode *left;
	const Infix *infix;

	dyn_partiql_operand_enter(parser);
	left = parse_unary(parser);
	while ((infix = find_infix(parser)) != NULL && precedence < infix->precedence)
		left = parse_infix(parser, left, infix);
	dyn_partiql_operand_leave(parser);
	return left;
}

/* A sign before a number belongs to the number. */
static DynPartiqlNode *
parse_unary(DynPartiqlParser *parser)
{
	DynPartiqlPlace place = dyn_partiql_operand_peek(parser, 0)->place;
	bool		minus = dyn_partiql_operand_at(parser, "-");
	DynPartiqlNode *operand;

	if (dyn_partiql_operand_accept(parser, "not"))
		return make_operator(parser, "not", place, parse_expression(parser, PRECEDENCE_NOT), NULL);
	if (!minus && !dyn_partiql_operand_at(parser, "+"))
		return parse_term(parser);
	dyn_partiql_operand_advance(parser);
	dyn_partiql_operand_enter(parser);
	operand = parse_unary(parser);
	dyn_partiql_operand_leave(parser);
	if (operand->kind != DYN_PARTIQL_LITERAL_NUMBER)
		return make_operator(parser, minus ? "-" : "+", place, operand, NULL);
	if (minus && operand->text.data[0] == '-')
		operand->text = (DynStr) {operand->text.data + 1, operand->text.len - 1};
	else if (minus)
		operand->text = dyn_text_from_cstring(psprintf("-%s", dyn_text_to_cstring(operand->text)));
	return operand;
}

/* ---- terms ---- */

/* What AWS's parser says of a word where an operand should stand. */
static void
fail_term(const DynPartiqlParser *parser)
{
	const DynPartiqlWord *token = dyn_partiql_operand_peek(parser, 0);

	dyn_partiql_operand_malformed(dyn_partiql_lexer_is_operator(token) ? DYN_MSG_PARTIQL_UNEXPECTED_OPERATOR :
								  dyn_partiql_lexer_is_keyword(token) ? DYN_MSG_PARTIQL_UNEXPECTED_KEYWORD :
								  DYN_MSG_PARTIQL_UNEXPECTED_TERM);
}

static DynPartiqlNode *
parse_parentheses(DynPartiqlParser *parser)
{
	DynPartiqlNode *list = dyn_partiql_call_take(parser, DYN_PARTIQL_LIST);

	dyn_partiql_call_parse_members(parser, list, ")", "RIGHT_PAREN");
	return list->count == 1 ? list->arguments[0] : list;
}

static DynPartiqlNode *
parse_keyword(DynPartiqlParser *parser)
{
	DynPartiqlNode *node;

	if (dyn_partiql_operand_at(parser, "true") || dyn_partiql_operand_at(parser, "false"))
	{
		bool		flag = dyn_partiql_operand_at(parser, "true");

		node = dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_BOOLEAN);
		node->flag = flag;
		return node;
	}
	if (dyn_partiql_operand_at(parser, "null"))
		return dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_NULL);
	if (dyn_partiql_operand_at(parser, "missing"))
		return dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_MISSING);
	node = dyn_partiql_call_parse(parser);
	if (node == NULL)
		node = dyn_partiql_parse_inner(parser);
	if (node == NULL)
		fail_term(parser);
	return node;
}

static DynPartiqlNode *
parse_symbol(DynPartiqlParser *parser)
{
	DynPartiqlNode *node;

	if (dyn_partiql_operand_at(parser, "?"))
	{
		node = dyn_partiql_call_take(parser, DYN_PARTIQL_PARAMETER);
		node->number = parser->parameter_count++;
	}
	else if (dyn_partiql_operand_at(parser, "("))
		node = parse_parentheses(parser);
	else if (dyn_partiql_operand_at(parser, "["))
	{
		node = dyn_partiql_call_take(parser, DYN_PARTIQL_LIST);
		if (!dyn_partiql_operand_accept(parser, "]"))
			dyn_partiql_call_parse_members(parser, node, "]", "RIGHT_BRACKET");
	}
	else if (dyn_partiql_operand_at(parser, "<<"))
	{
		node = dyn_partiql_call_take(parser, DYN_PARTIQL_BAG);
		if (!dyn_partiql_operand_accept(parser, ">>"))
			dyn_partiql_call_parse_members(parser, node, ">>", "RIGHT_DOUBLE_ANGLE_BRACKET");
	}
	else if (dyn_partiql_operand_at(parser, "{"))
		node = parse_struct(parser);
	else if (dyn_partiql_operand_accept(parser, "@"))
	{
		if (dyn_partiql_operand_peek(parser, 0)->kind != DYN_PARTIQL_NAME)
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_NAME_AFTER_AT);
		node = dyn_partiql_call_take(parser, DYN_PARTIQL_VARIABLE);
	}
	else
		fail_term(parser);
	return node;
}

static DynPartiqlNode *
parse_term(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = NULL;

	switch (dyn_partiql_operand_peek(parser, 0)->kind)
	{
		case DYN_PARTIQL_STRING:
			node = dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_STRING);
			break;
		case DYN_PARTIQL_NUMBER:
			node = dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_NUMBER);
			break;
		case DYN_PARTIQL_ION:
			node = dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_ION);
			break;
		case DYN_PARTIQL_NAME:
			node = dyn_partiql_call_parse(parser);
			if (node == NULL)
				node = dyn_partiql_call_take(parser, DYN_PARTIQL_VARIABLE);
			break;
		case DYN_PARTIQL_KEYWORD:
			node = parse_keyword(parser);
			break;
		case DYN_PARTIQL_SYMBOL:
			node = parse_symbol(parser);
			break;
		default:
			fail_term(parser);
	}
	return parse_steps(parser, node, false);
}

static DynPartiqlNode *
parse_struct(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = dyn_partiql_call_take(parser, DYN_PARTIQL_STRUCT);

	if (dyn_partiql_operand_accept(parser, "}"))
		return node;
	do
	{
		dyn_partiql_call_append(node, dyn_partiql_operand_parse(parser));
		dyn_partiql_operand_expect(parser, ":", "COLON");
		dyn_partiql_call_append(node, dyn_partiql_operand_parse(parser));
	}
	while (dyn_partiql_operand_accept(parser, ","));
	dyn_partiql_operand_expect(parser, "}", "RIGHT_CURLY");
	return node;
}

/* ---- paths ---- */

static DynPartiqlNode *
add_step(DynPartiqlNode *path, DynPartiqlNode *root, DynPartiqlNode *step)
{
	if (path == NULL)
	{
		path = palloc0(sizeof(DynPartiqlNode));
		path->kind = DYN_PARTIQL_PATH;
		path->place = root->place;
		dyn_partiql_call_append(path, root);
	}
	dyn_partiql_call_append(path, step);
	return path;
}

/* Behind a dot. */
static DynPartiqlNode *
parse_name_step(DynPartiqlParser *parser, bool simple)
{
	bool		star = dyn_partiql_operand_at(parser, "*");

	if (simple && star)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_SIMPLE_PATH_NAME);
	if (star)
		return dyn_partiql_call_take(parser, DYN_PARTIQL_UNPIVOT);
	if (dyn_partiql_operand_peek(parser, 0)->kind != DYN_PARTIQL_NAME)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_PATH_NAME);
	return dyn_partiql_call_take(parser, DYN_PARTIQL_LITERAL_STRING);
}

static bool
is_atom(const DynPartiqlNode *node)
{
	return node->kind == DYN_PARTIQL_LITERAL_STRING || node->kind == DYN_PARTIQL_LITERAL_NUMBER ||
		node->kind == DYN_PARTIQL_LITERAL_BOOLEAN || node->kind == DYN_PARTIQL_LITERAL_NULL ||
		node->kind == DYN_PARTIQL_LITERAL_MISSING || node->kind == DYN_PARTIQL_LITERAL_ION ||
		node->kind == DYN_PARTIQL_VARIABLE;
}

/* Behind a bracket. */
static DynPartiqlNode *
parse_index_step(DynPartiqlParser *parser, bool simple)
{
	DynPartiqlNode *step;

	if (dyn_partiql_operand_at(parser, "*"))
		step = dyn_partiql_call_take(parser, DYN_PARTIQL_WILDCARD);
	else
		step = dyn_partiql_operand_parse(parser);
	dyn_partiql_operand_expect(parser, "]", "RIGHT_BRACKET");
	if (simple && !is_atom(step))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_SIMPLE_PATH_INDEX);
	step->in_brackets = true;
	/* AWS takes a[b] for a.b */
	if (step->kind == DYN_PARTIQL_VARIABLE)
		step->kind = DYN_PARTIQL_LITERAL_STRING;
	return step;
}

static DynPartiqlNode *
parse_steps(DynPartiqlParser *parser, DynPartiqlNode *root, bool simple)
{
	DynPartiqlNode *path = NULL;

	for (;;)
	{
		if (dyn_partiql_operand_accept(parser, "."))
			path = add_step(path, root, parse_name_step(parser, simple));
		else if (dyn_partiql_operand_accept(parser, "["))
			path = add_step(path, root, parse_index_step(parser, simple));
		else
			return path != NULL ? path : root;
	}
}

DynPartiqlNode *
dyn_partiql_operand_parse_target(DynPartiqlParser *parser)
{
	if (dyn_partiql_operand_peek(parser, 0)->kind != DYN_PARTIQL_NAME)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_SIMPLE_PATH);
	return parse_steps(parser, dyn_partiql_call_take(parser, DYN_PARTIQL_VARIABLE), true);
}
