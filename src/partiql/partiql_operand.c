/*
 * Parses PartiQL's expressions, by precedence: or, and, not, comparisons, sums, products.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/message.h"
#include "partiql/partiql_operand.h"
#include "partiql/partiql_parse.h"

/* Far beyond what a value or condition may nest, and far below what the stack holds. */
#define MAX_DEPTH 400

enum
{
	LEVEL_OR = 1,
	LEVEL_AND,
	LEVEL_NOT,
	LEVEL_COMPARISON,
	LEVEL_SUM,
	LEVEL_PRODUCT
};

static DynPartiqlNode *parse_level(DynPartiqlParser *parser, int level);
static DynPartiqlNode *parse_unary(DynPartiqlParser *parser);
static DynPartiqlNode *parse_primary(DynPartiqlParser *parser);
static DynPartiqlNode *parse_word(DynPartiqlParser *parser);
static void parse_members(DynPartiqlParser *parser, DynPartiqlNode *node, const char *end);
static DynPartiqlNode *parse_struct(DynPartiqlParser *parser);
static DynPartiqlNode *parse_steps(DynPartiqlParser *parser, DynPartiqlNode *root);
static DynPartiqlNode *parse_is(DynPartiqlParser *parser, DynPartiqlNode *left, DynPartiqlPlace place);

void
dyn_partiql_operand_start(DynPartiqlParser *parser, DynStr text)
{
	memset(parser, 0, sizeof(*parser));
	dyn_partiql_lexer_start(&parser->lexer, text);
	parser->current = dyn_partiql_lexer_next(&parser->lexer);
	parser->next = dyn_partiql_lexer_next(&parser->lexer);
}

void
dyn_partiql_operand_advance(DynPartiqlParser *parser)
{
	parser->current = parser->next;
	parser->next = dyn_partiql_lexer_next(&parser->lexer);
}

bool
dyn_partiql_operand_accept(DynPartiqlParser *parser, const char *keyword)
{
	if (!dyn_partiql_lexer_is_keyword(&parser->current, keyword))
		return false;
	dyn_partiql_operand_advance(parser);
	return true;
}

bool
dyn_partiql_operand_accept_symbol(DynPartiqlParser *parser, const char *symbol)
{
	if (!dyn_partiql_lexer_is_symbol(&parser->current, symbol))
		return false;
	dyn_partiql_operand_advance(parser);
	return true;
}

void
dyn_partiql_operand_expect_symbol(DynPartiqlParser *parser, const char *symbol)
{
	if (!dyn_partiql_operand_accept_symbol(parser, symbol))
		dyn_partiql_operand_malformed(parser);
}

void
dyn_partiql_operand_malformed(const DynPartiqlParser *parser)
{
	dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_NOT_WELL_FORMED, dyn_text_printable(parser->lexer.statement));
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
	return parse_level(parser, LEVEL_OR);
}

static DynPartiqlNode *
make_node(DynPartiqlKind kind, const DynPartiqlWord *token)
{
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));

	node->kind = kind;
	node->text = token->text;
	node->place = token->place;
	return node;
}

static void
add_argument(DynPartiqlNode *node, DynPartiqlNode *argument)
{
	if (node->count == node->capacity)
	{
		node->capacity = Max(node->capacity * 2, 2);
		if (node->arguments == NULL)
			node->arguments = palloc(node->capacity * sizeof(DynPartiqlNode *));
		else
			node->arguments = repalloc(node->arguments, node->capacity * sizeof(DynPartiqlNode *));
	}
	node->arguments[node->count++] = argument;
}

static DynPartiqlNode *
make_operator(DynPartiqlParser *parser, const char *name, DynPartiqlPlace place, DynPartiqlNode *left, DynPartiqlNode *right)
{
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));

	node->kind = DYN_PARTIQL_OPERATOR;
	node->text = dyn_text_from_cstring(name);
	node->place = place;
	parser->operator_count++;
	add_argument(node, left);
	if (right != NULL)
		add_argument(node, right);
	return node;
}

/* The binary operator at the current word, and its level; NULL: none. */
static const char *
binary_operator(const DynPartiqlParser *parser, int *level)
{
	static const struct
	{
		const char *text;
		const char *name;
		int			level;
		bool		keyword;
	}			operators[] = {
		{"or", "or", LEVEL_OR, true},
		{"and", "and", LEVEL_AND, true},
		{"=", "=", LEVEL_COMPARISON, false},
		{"<>", "<>", LEVEL_COMPARISON, false},
		{"!=", "<>", LEVEL_COMPARISON, false},
		{"<", "<", LEVEL_COMPARISON, false},
		{"<=", "<=", LEVEL_COMPARISON, false},
		{">", ">", LEVEL_COMPARISON, false},
		{">=", ">=", LEVEL_COMPARISON, false},
		{"in", "in", LEVEL_COMPARISON, true},
		{"between", "between", LEVEL_COMPARISON, true},
		{"like", "like", LEVEL_COMPARISON, true},
		{"is", "is", LEVEL_COMPARISON, true},
		{"+", "+", LEVEL_SUM, false},
		{"-", "-", LEVEL_SUM, false},
		{"||", "||", LEVEL_SUM, false},
		{"*", "*", LEVEL_PRODUCT, false},
		{"/", "/", LEVEL_PRODUCT, false},
		{"%", "%", LEVEL_PRODUCT, false},
	};
	bool		negated = dyn_partiql_lexer_is_keyword(&parser->current, "not");
	const DynPartiqlWord *token = negated ? &parser->next : &parser->current;

	for (int i = 0; i < lengthof(operators); i++)
	{
		if (operators[i].keyword ? !dyn_partiql_lexer_is_keyword(token, operators[i].text) :
			!dyn_partiql_lexer_is_symbol(token, operators[i].text))
			continue;
		if (negated && (operators[i].level != LEVEL_COMPARISON || !operators[i].keyword || operators[i].text[1] == 's'))
			return NULL;
		*level = operators[i].level;
		return operators[i].name;
	}
	return NULL;
}

/* What stands behind IN.  There, a value in parentheses is a list of one. */
static DynPartiqlNode *
parse_list_of_in(DynPartiqlParser *parser)
{
	DynPartiqlWord open = parser->current;
	bool		parenthesis = dyn_partiql_lexer_is_symbol(&open, "(");
	DynPartiqlNode *node = parse_level(parser, LEVEL_COMPARISON + 1);
	DynPartiqlNode *list;

	if (!parenthesis || node->kind == DYN_PARTIQL_LIST || node->kind == DYN_PARTIQL_BAG ||
		node->kind == DYN_PARTIQL_UNSUPPORTED)
		return node;
	list = make_node(DYN_PARTIQL_LIST, &open);
	add_argument(list, node);
	return list;
}

/* The rest of "left operator ...", behind the operator. */
static DynPartiqlNode *
parse_right(DynPartiqlParser *parser, DynPartiqlNode *left, const char *name, int level, DynPartiqlPlace place)
{
	DynPartiqlNode *node;

	if (strcmp(name, "is") == 0)
		return parse_is(parser, left, place);
	if ((level == LEVEL_AND || level == LEVEL_OR) && left->kind == DYN_PARTIQL_OPERATOR &&
		dyn_text_equal_cstring(left->text, name))
	{
		parser->operator_count++;
		add_argument(left, parse_level(parser, level + 1));
		return left;
	}
	if (strcmp(name, "in") == 0)
		return make_operator(parser, name, place, left, parse_list_of_in(parser));
	node = make_operator(parser, name, place, left, parse_level(parser, level + 1));
	if (strcmp(name, "between") == 0)
	{
		if (!dyn_partiql_operand_accept(parser, "and"))
			dyn_partiql_operand_malformed(parser);
		add_argument(node, parse_level(parser, level + 1));
	}
	if (strcmp(name, "like") == 0 && dyn_partiql_operand_accept(parser, "escape"))
		add_argument(node, parse_level(parser, level + 1));
	return node;
}

static DynPartiqlNode *
parse_level(DynPartiqlParser *parser, int level)
{
	DynPartiqlPlace place = parser->current.place;
	DynPartiqlNode *left;
	const char *name;
	int			found;

	dyn_partiql_operand_enter(parser);
	if (level <= LEVEL_NOT && dyn_partiql_operand_accept(parser, "not"))
		left = make_operator(parser, "not", place, parse_level(parser, LEVEL_NOT), NULL);
	else
		left = parse_unary(parser);
	while ((name = binary_operator(parser, &found)) != NULL && found >= level)
	{
		bool		negated = dyn_partiql_operand_accept(parser, "not");

		place = parser->current.place;
		dyn_partiql_operand_advance(parser);
		left = parse_right(parser, left, name, found, place);
		if (negated)
			left = make_operator(parser, "not", place, left, NULL);
	}
	dyn_partiql_operand_leave(parser);
	return left;
}

/* A sign before a number belongs to the number. */
static DynPartiqlNode *
parse_unary(DynPartiqlParser *parser)
{
	DynPartiqlPlace place = parser->current.place;
	bool		minus = dyn_partiql_lexer_is_symbol(&parser->current, "-");
	DynPartiqlNode *operand;

	if (!minus && !dyn_partiql_lexer_is_symbol(&parser->current, "+"))
		return parse_primary(parser);
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

static DynPartiqlNode *
take_node(DynPartiqlParser *parser, DynPartiqlKind kind)
{
	DynPartiqlNode *node = make_node(kind, &parser->current);

	dyn_partiql_operand_advance(parser);
	return node;
}

/* SELECT, read over: no expression of DynamoDB's has one. */
static DynPartiqlNode *
parse_subselect(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = make_node(DYN_PARTIQL_UNSUPPORTED, &parser->current);
	DynPartiqlStatement statement = {0};

	node->text = DYN_STR("SELECT");
	dyn_partiql_operand_enter(parser);
	dyn_partiql_parse_select(parser, &statement);
	dyn_partiql_operand_leave(parser);
	return node;
}

static DynPartiqlNode *
parse_parentheses(DynPartiqlParser *parser)
{
	DynPartiqlWord open = parser->current;
	DynPartiqlNode *node;
	DynPartiqlNode *list;

	dyn_partiql_operand_advance(parser);
	if (dyn_partiql_lexer_is_keyword(&parser->current, "select") || dyn_partiql_lexer_is_keyword(&parser->current, "pivot"))
		node = parse_subselect(parser);
	else
		node = parse_level(parser, LEVEL_OR);
	if (dyn_partiql_operand_accept_symbol(parser, ")"))
		return node;
	dyn_partiql_operand_expect_symbol(parser, ",");
	list = make_node(DYN_PARTIQL_LIST, &open);
	add_argument(list, node);
	parse_members(parser, list, ")");
	return list;
}

static DynPartiqlNode *
parse_primary(DynPartiqlParser *parser)
{
	const DynPartiqlWord *token = &parser->current;
	DynPartiqlNode *node;

	switch (token->kind)
	{
		case DYN_PARTIQL_STRING:
			node = take_node(parser, DYN_PARTIQL_LITERAL_STRING);
			break;
		case DYN_PARTIQL_NUMBER:
			node = take_node(parser, DYN_PARTIQL_LITERAL_NUMBER);
			break;
		case DYN_PARTIQL_ION:
			node = take_node(parser, DYN_PARTIQL_LITERAL_ION);
			break;
		case DYN_PARTIQL_NAME:
			if (!dyn_partiql_lexer_is_symbol(&parser->next, "("))
				return dyn_partiql_operand_parse_path(parser);
			node = parse_word(parser);
			break;
		case DYN_PARTIQL_KEYWORD:
			node = parse_word(parser);
			break;
		default:
			if (dyn_partiql_lexer_is_symbol(token, "?"))
			{
				node = take_node(parser, DYN_PARTIQL_PARAMETER);
				node->number = parser->parameter_count++;
			}
			else if (dyn_partiql_lexer_is_symbol(token, "("))
				node = parse_parentheses(parser);
			else if (dyn_partiql_lexer_is_symbol(token, "["))
			{
				node = take_node(parser, DYN_PARTIQL_LIST);
				if (!dyn_partiql_operand_accept_symbol(parser, "]"))
					parse_members(parser, node, "]");
			}
			else if (dyn_partiql_lexer_is_symbol(token, "<<"))
			{
				node = take_node(parser, DYN_PARTIQL_BAG);
				if (!dyn_partiql_operand_accept_symbol(parser, ">>"))
					parse_members(parser, node, ">>");
			}
			else if (dyn_partiql_lexer_is_symbol(token, "{"))
				node = parse_struct(parser);
			else if (dyn_partiql_operand_accept_symbol(parser, "@") && parser->current.kind == DYN_PARTIQL_NAME)
				return dyn_partiql_operand_parse_path(parser);
			else
				dyn_partiql_operand_malformed(parser);
	}
	return parse_steps(parser, node);
}

DynPartiqlNode *
dyn_partiql_operand_parse_path(DynPartiqlParser *parser)
{
	return parse_steps(parser, take_node(parser, DYN_PARTIQL_VARIABLE));
}

static DynPartiqlNode *
parse_case(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = take_node(parser, DYN_PARTIQL_UNSUPPORTED);
	int			branches = 0;

	node->text = DYN_STR("CASE");
	if (!dyn_partiql_lexer_is_keyword(&parser->current, "when"))
		(void) parse_level(parser, LEVEL_OR);
	while (dyn_partiql_operand_accept(parser, "when"))
	{
		(void) parse_level(parser, LEVEL_OR);
		if (!dyn_partiql_operand_accept(parser, "then"))
			dyn_partiql_operand_malformed(parser);
		(void) parse_level(parser, LEVEL_OR);
		branches++;
	}
	if (dyn_partiql_operand_accept(parser, "else"))
		(void) parse_level(parser, LEVEL_OR);
	if (branches == 0 || !dyn_partiql_operand_accept(parser, "end"))
		dyn_partiql_operand_malformed(parser);
	return node;
}

static DynPartiqlNode *
parse_cast(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = take_node(parser, DYN_PARTIQL_UNSUPPORTED);

	node->text = DYN_STR("cast");
	dyn_partiql_operand_expect_symbol(parser, "(");
	node->place = parse_level(parser, LEVEL_OR)->place;
	if (!dyn_partiql_operand_accept(parser, "as") || parser->current.kind != DYN_PARTIQL_KEYWORD)
		dyn_partiql_operand_malformed(parser);
	dyn_partiql_operand_advance(parser);
	dyn_partiql_operand_expect_symbol(parser, ")");
	return node;
}

/* A call; its name may be a reserved word. */
static DynPartiqlNode *
parse_call(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = take_node(parser, DYN_PARTIQL_CALL);
	char	   *name = dyn_text_to_cstring(node->text);

	for (char *c = name; *c != '\0'; c++)
		*c = pg_ascii_tolower(*c);
	node->text = dyn_text_from_cstring(name);
	if (strcmp(name, "list") == 0)
		node->kind = DYN_PARTIQL_LIST;
	else if (strcmp(name, "bag") == 0)
		node->kind = DYN_PARTIQL_BAG;
	dyn_partiql_operand_expect_symbol(parser, "(");
	if (dyn_partiql_operand_accept_symbol(parser, ")"))
		return node;
	if (strcmp(name, "count") == 0 && dyn_partiql_operand_accept_symbol(parser, "*"))
		dyn_partiql_operand_expect_symbol(parser, ")");
	else
		parse_members(parser, node, ")");
	if (node->kind == DYN_PARTIQL_CALL)
		parser->operator_count++;
	return node;
}

static DynPartiqlNode *
parse_word(DynPartiqlParser *parser)
{
	static const char *const functions[] = {
		"avg", "bag", "bit_length", "char_length", "character_length", "coalesce", "count", "list", "lower", "max", "min",
		"nullif", "octet_length", "sexp", "size", "substring", "sum", "upper"
	};
	const DynPartiqlWord *token = &parser->current;
	DynPartiqlNode *node;

	if (token->kind == DYN_PARTIQL_NAME)
		return parse_call(parser);
	if (dyn_partiql_lexer_is_keyword(token, "true") || dyn_partiql_lexer_is_keyword(token, "false"))
	{
		bool		flag = dyn_partiql_lexer_is_keyword(token, "true");

		node = take_node(parser, DYN_PARTIQL_LITERAL_BOOLEAN);
		node->flag = flag;
		return node;
	}
	if (dyn_partiql_lexer_is_keyword(token, "null"))
		return take_node(parser, DYN_PARTIQL_LITERAL_NULL);
	if (dyn_partiql_lexer_is_keyword(token, "missing"))
		return take_node(parser, DYN_PARTIQL_LITERAL_MISSING);
	if (dyn_partiql_lexer_is_keyword(token, "case"))
		return parse_case(parser);
	if (dyn_partiql_lexer_is_keyword(token, "cast"))
		return parse_cast(parser);
	if (dyn_partiql_lexer_is_keyword(token, "exists") && dyn_partiql_lexer_is_symbol(&parser->next, "("))
	{
		dyn_partiql_operand_advance(parser);
		dyn_partiql_operand_advance(parser);
		if (!dyn_partiql_lexer_is_keyword(&parser->current, "select"))
			dyn_partiql_operand_malformed(parser);
		node = parse_subselect(parser);
		dyn_partiql_operand_expect_symbol(parser, ")");
		return node;
	}
	if (dyn_partiql_lexer_is_symbol(&parser->next, "("))
		for (int i = 0; i < lengthof(functions); i++)
			if (dyn_partiql_lexer_is_keyword(token, functions[i]))
				return parse_call(parser);
	dyn_partiql_operand_malformed(parser);
}

static void
parse_members(DynPartiqlParser *parser, DynPartiqlNode *node, const char *end)
{
	do
		add_argument(node, parse_level(parser, LEVEL_OR));
	while (dyn_partiql_operand_accept_symbol(parser, ","));
	dyn_partiql_operand_expect_symbol(parser, end);
}

static DynPartiqlNode *
parse_struct(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = take_node(parser, DYN_PARTIQL_STRUCT);

	if (dyn_partiql_operand_accept_symbol(parser, "}"))
		return node;
	do
	{
		add_argument(node, parse_level(parser, LEVEL_OR));
		dyn_partiql_operand_expect_symbol(parser, ":");
		add_argument(node, parse_level(parser, LEVEL_OR));
	}
	while (dyn_partiql_operand_accept_symbol(parser, ","));
	dyn_partiql_operand_expect_symbol(parser, "}");
	return node;
}

static DynPartiqlNode *
add_step(DynPartiqlNode *path, DynPartiqlNode *root, DynPartiqlNode *step)
{
	if (path == NULL)
	{
		path = palloc0(sizeof(DynPartiqlNode));
		path->kind = DYN_PARTIQL_PATH;
		path->place = root->place;
		add_argument(path, root);
	}
	add_argument(path, step);
	return path;
}

static DynPartiqlNode *
parse_steps(DynPartiqlParser *parser, DynPartiqlNode *root)
{
	DynPartiqlNode *path = NULL;

	for (;;)
	{
		DynPartiqlNode *step;

		if (dyn_partiql_operand_accept_symbol(parser, "."))
		{
			if (dyn_partiql_lexer_is_symbol(&parser->current, "*"))
				step = take_node(parser, DYN_PARTIQL_UNPIVOT);
			else if (parser->current.kind == DYN_PARTIQL_NAME)
				step = take_node(parser, DYN_PARTIQL_LITERAL_STRING);
			else
				dyn_partiql_operand_malformed(parser);
		}
		else if (dyn_partiql_operand_accept_symbol(parser, "["))
		{
			if (dyn_partiql_lexer_is_symbol(&parser->current, "*"))
				step = take_node(parser, DYN_PARTIQL_WILDCARD);
			else
				step = parse_level(parser, LEVEL_OR);
			/* AWS takes a[b] for a.b */
			if (step->kind == DYN_PARTIQL_VARIABLE)
				step->kind = DYN_PARTIQL_LITERAL_STRING;
			dyn_partiql_operand_expect_symbol(parser, "]");
		}
		else
			return path != NULL ? path : root;
		path = add_step(path, root, step);
	}
}

/* IS [NOT] type */
static DynPartiqlNode *
parse_is(DynPartiqlParser *parser, DynPartiqlNode *left, DynPartiqlPlace place)
{
	static const struct
	{
		const char *word;
		const char *name;
	}			types[] = {
		{"missing", "MISSING"}, {"null", "NULL"}, {"boolean", "BOOLEAN"}, {"bool", "BOOLEAN"}, {"blob", "BLOB"},
		{"string", "STRING"}, {"numeric", "NUMERIC"}, {"struct", "STRUCT"}, {"tuple", "TUPLE"}, {"list", "LIST"},
		{"smallint", "SMALLINT"}, {"integer", "INTEGER"}, {"int", "INTEGER"}, {"float", "FLOAT"}, {"real", "REAL"},
		{"double", "DOUBLE_PRECISION"}, {"decimal", "DECIMAL"}, {"dec", "DECIMAL"}, {"timestamp", "TIMESTAMP"},
		{"date", "DATE"}, {"time", "TIME"}, {"char", "CHARACTER"}, {"character", "CHARACTER"},
		{"varchar", "CHARACTER_VARYING"}, {"symbol", "SYMBOL"}, {"clob", "CLOB"}, {"sexp", "SEXP"}, {"bag", "BAG"},
	};
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));

	node->kind = DYN_PARTIQL_IS;
	node->place = place;
	node->flag = dyn_partiql_operand_accept(parser, "not");
	for (int i = 0; i < lengthof(types) && node->text.data == NULL; i++)
		if (dyn_partiql_operand_accept(parser, types[i].word))
			node->text = dyn_text_from_cstring(types[i].name);
	if (node->text.data == NULL)
		dyn_partiql_operand_malformed(parser);
	if (dyn_text_equal_cstring(node->text, "CHARACTER") && dyn_partiql_operand_accept(parser, "varying"))
		node->text = DYN_STR("CHARACTER_VARYING");
	if (dyn_text_equal_cstring(node->text, "DOUBLE_PRECISION") && !dyn_partiql_operand_accept(parser, "precision"))
		dyn_partiql_operand_malformed(parser);
	if (dyn_partiql_operand_accept_symbol(parser, "("))
	{
		DynPartiqlNode ignored = {0};

		parse_members(parser, &ignored, ")");
	}
	parser->operator_count++;
	add_argument(node, left);
	return node;
}
