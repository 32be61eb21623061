/*
 * Parses PartiQL's functions, types and the other expressions that begin with a word of their own.
 *
 * DynamoDB runs few of them.  The others are parsed as AWS's parser does, so that what is no PartiQL gets its words.
 */
#include "postgres.h"

#include "base/message.h"
#include "partiql/partiql_call.h"

static DynPartiqlNode *parse_function(DynPartiqlParser *parser);
static DynPartiqlNode *parse_case(DynPartiqlParser *parser);
static DynPartiqlNode *parse_cast(DynPartiqlParser *parser);
static DynPartiqlNode *parse_values(DynPartiqlParser *parser);
static DynPartiqlNode *parse_date(DynPartiqlParser *parser);
static DynPartiqlNode *parse_time(DynPartiqlParser *parser);
static DynPartiqlNode *parse_substring(DynPartiqlParser *parser);
static DynPartiqlNode *parse_trim(DynPartiqlParser *parser);
static DynPartiqlNode *parse_extract(DynPartiqlParser *parser);
static DynPartiqlNode *parse_date_change(DynPartiqlParser *parser);
static DynPartiqlNode *parse_choice(DynPartiqlParser *parser);

DynPartiqlNode *
dyn_partiql_call_take(DynPartiqlParser *parser, DynPartiqlKind kind)
{
	const DynPartiqlWord *token = dyn_partiql_operand_peek(parser, 0);
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));

	node->kind = kind;
	node->text = token->text;
	node->place = token->place;
	dyn_partiql_operand_advance(parser);
	return node;
}

void
dyn_partiql_call_append(DynPartiqlNode *node, DynPartiqlNode *argument)
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

void
dyn_partiql_call_parse_members(DynPartiqlParser *parser, DynPartiqlNode *node, const char *end, const char *name)
{
	do
		dyn_partiql_call_append(node, dyn_partiql_operand_parse(parser));
	while (dyn_partiql_operand_accept(parser, ","));
	dyn_partiql_operand_expect(parser, end, name);
}

DynPartiqlNode *
dyn_partiql_call_parse(DynPartiqlParser *parser)
{
	static const struct
	{
		const char *word;
		bool		is_function;	/* only before a parenthesis */
		DynPartiqlNode *(*parse) (DynPartiqlParser *parser);
	}			words[] = {
		{"exists", true, parse_function}, {"count", true, parse_function}, {"avg", true, parse_function},
		{"max", true, parse_function}, {"min", true, parse_function}, {"sum", true, parse_function},
		{"char_length", true, parse_function}, {"character_length", true, parse_function},
		{"octet_length", true, parse_function}, {"bit_length", true, parse_function}, {"upper", true, parse_function},
		{"lower", true, parse_function}, {"size", true, parse_function}, {"sexp", true, parse_function},
		{"list", true, parse_function}, {"bag", true, parse_function},
		{"case", false, parse_case},
		{"cast", false, parse_cast}, {"can_cast", false, parse_cast}, {"can_lossless_cast", false, parse_cast},
		{"values", false, parse_values},
		{"date", false, parse_date},
		{"time", false, parse_time},
		{"substring", false, parse_substring},
		{"trim", false, parse_trim},
		{"extract", false, parse_extract},
		{"date_add", false, parse_date_change}, {"date_diff", false, parse_date_change},
		{"nullif", false, parse_choice}, {"coalesce", false, parse_choice},
	};
	bool		called = dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, 1), "(");

	if (dyn_partiql_operand_peek(parser, 0)->kind == DYN_PARTIQL_NAME)
		return called ? parse_function(parser) : NULL;
	for (int i = 0; i < lengthof(words); i++)
		if (dyn_partiql_operand_at(parser, words[i].word) && (called || !words[i].is_function))
			return words[i].parse(parser);
	return NULL;
}

/* ---- functions ---- */

/* A call of the current word, which is taken; its name is in lower case. */
static DynPartiqlNode *
take_call(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = dyn_partiql_call_take(parser, DYN_PARTIQL_CALL);
	char	   *name = palloc(node->text.len);

	for (int i = 0; i < node->text.len; i++)
		name[i] = pg_ascii_tolower(node->text.data[i]);
	node->text.data = name;
	parser->operator_count++;
	return node;
}

static bool
is_aggregate(const DynPartiqlNode *call)
{
	static const char *const names[] = {"count", "avg", "max", "min", "sum"};

	for (int i = 0; i < lengthof(names); i++)
		if (dyn_text_equal_cstring(call->text, names[i]))
			return true;
	return false;
}

/* count(*), and the stars that are refused. */
static void
parse_star(DynPartiqlParser *parser, const DynPartiqlNode *call, const char *quantifier)
{
	if (!dyn_text_equal_cstring(call->text, "count"))
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_STAR_NOT_ALLOWED, dyn_text_printable(call->text)));
	if (quantifier != NULL)
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_STAR_NOT_SUPPORTED, quantifier));
	dyn_partiql_operand_advance(parser);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
}

static DynPartiqlNode *
parse_function(DynPartiqlParser *parser)
{
	DynPartiqlNode *call = take_call(parser);
	bool		aggregate = is_aggregate(call);
	const char *quantifier = NULL;

	dyn_partiql_operand_expect(parser, "(", "LEFT_PAREN");
	if (aggregate && dyn_partiql_operand_accept(parser, "distinct"))
		quantifier = "DISTINCT";
	else if (aggregate && dyn_partiql_operand_accept(parser, "all"))
		quantifier = "ALL";
	if (dyn_partiql_operand_at(parser, "*"))
		parse_star(parser, call, quantifier);
	else if (quantifier != NULL || !dyn_partiql_operand_accept(parser, ")"))
		dyn_partiql_call_parse_members(parser, call, ")", "RIGHT_PAREN");
	else if (aggregate)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_AGGREGATE_UNARY);
	if (aggregate && call->count > 1)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_AGGREGATE_UNARY);
	if (dyn_text_equal_cstring(call->text, "list"))
		call->kind = DYN_PARTIQL_LIST;
	else if (dyn_text_equal_cstring(call->text, "bag"))
		call->kind = DYN_PARTIQL_BAG;
	if (call->kind != DYN_PARTIQL_CALL)
		parser->operator_count--;
	return call;
}

static void
append_expression(DynPartiqlParser *parser, DynPartiqlNode *call)
{
	dyn_partiql_call_append(call, dyn_partiql_operand_parse(parser));
}

/* SUBSTRING(a FROM 1 FOR 2), SUBSTRING(a, 1, 2) */
static DynPartiqlNode *
parse_substring(DynPartiqlParser *parser)
{
	DynPartiqlNode *call = take_call(parser);
	bool		with_words;

	dyn_partiql_operand_expect(parser, "(", "LEFT_PAREN");
	append_expression(parser, call);
	with_words = dyn_partiql_operand_accept(parser, "from");
	if (!with_words && !dyn_partiql_operand_accept(parser, ","))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_SUBSTRING_DELIMITER);
	append_expression(parser, call);
	if (dyn_partiql_operand_accept(parser, with_words ? "for" : ","))
		append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return call;
}

/* Takes the current word if it is one of these names, which are no reserved words. */
static bool
accept_name(DynPartiqlParser *parser, const char *const *names, int count)
{
	const DynPartiqlWord *token = dyn_partiql_operand_peek(parser, 0);

	for (int i = 0; i < count && token->kind == DYN_PARTIQL_NAME && !token->quoted; i++)
		if (token->text.len == strlen(names[i]) && pg_strncasecmp(token->text.data, names[i], token->text.len) == 0)
		{
			dyn_partiql_operand_advance(parser);
			return true;
		}
	return false;
}

/* TRIM([[BOTH | LEADING | TRAILING] [what] FROM] a) */
static DynPartiqlNode *
parse_trim(DynPartiqlParser *parser)
{
	static const char *const sides[] = {"both", "leading", "trailing"};
	DynPartiqlNode *call = take_call(parser);
	bool		sided;

	dyn_partiql_operand_expect(parser, "(", "LEFT_PAREN");
	sided = accept_name(parser, sides, lengthof(sides));
	if (!dyn_partiql_operand_accept(parser, "from"))
	{
		append_expression(parser, call);
		if (sided)
			dyn_partiql_operand_expect(parser, "from", "FROM keyword");
		else if (!dyn_partiql_operand_accept(parser, "from"))
		{
			dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
			return call;
		}
	}
	append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return call;
}

static void
parse_date_part(DynPartiqlParser *parser)
{
	static const char *const parts[] = {
		"year", "month", "day", "hour", "minute", "second", "timezone_hour", "timezone_minute"
	};

	if (!accept_name(parser, parts, lengthof(parts)))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_DATE_PART);
}

/* EXTRACT(year FROM a) */
static DynPartiqlNode *
parse_extract(DynPartiqlParser *parser)
{
	DynPartiqlNode *call = take_call(parser);

	dyn_partiql_operand_expect(parser, "(", "LEFT_PAREN");
	parse_date_part(parser);
	dyn_partiql_operand_expect(parser, "from", "FROM keyword");
	append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return call;
}

/* DATE_ADD(year, a, b), DATE_DIFF(year, a, b) */
static DynPartiqlNode *
parse_date_change(DynPartiqlParser *parser)
{
	DynPartiqlNode *call = take_call(parser);

	dyn_partiql_operand_expect(parser, "(", "LEFT_PAREN");
	parse_date_part(parser);
	dyn_partiql_operand_expect(parser, ",", "COMMA");
	append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ",", "COMMA");
	append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return call;
}

/* NULLIF(a, b), COALESCE(a, ...) */
static DynPartiqlNode *
parse_choice(DynPartiqlParser *parser)
{
	DynPartiqlNode *call = take_call(parser);

	if (!dyn_partiql_operand_accept(parser, "("))
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_LEFT_PARENTHESIS, dyn_text_printable(call->text)));
	if (dyn_text_equal_cstring(call->text, "coalesce"))
	{
		dyn_partiql_call_parse_members(parser, call, ")", "RIGHT_PAREN");
		return call;
	}
	append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ",", "COMMA");
	append_expression(parser, call);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return call;
}

/* ---- what DynamoDB has no use for ---- */

static DynPartiqlNode *
parse_case(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = dyn_partiql_call_take(parser, DYN_PARTIQL_UNSUPPORTED);
	int			branches = 0;

	node->text = DYN_STR("CASE");
	if (!dyn_partiql_operand_at(parser, "when"))
		(void) dyn_partiql_operand_parse(parser);
	while (dyn_partiql_operand_accept(parser, "when"))
	{
		(void) dyn_partiql_operand_parse(parser);
		dyn_partiql_operand_expect(parser, "then", "THEN keyword");
		(void) dyn_partiql_operand_parse(parser);
		branches++;
	}
	if (branches == 0)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_CASE_WHEN);
	if (dyn_partiql_operand_accept(parser, "else"))
		(void) dyn_partiql_operand_parse(parser);
	dyn_partiql_operand_expect(parser, "end", "END keyword");
	return node;
}

static DynPartiqlNode *
parse_values(DynPartiqlParser *parser)
{
	DynPartiqlNode *bag = dyn_partiql_call_take(parser, DYN_PARTIQL_BAG);

	do
	{
		DynPartiqlNode *row;

		if (!dyn_partiql_operand_at(parser, "("))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_VALUES_ROW);
		row = dyn_partiql_call_take(parser, DYN_PARTIQL_LIST);
		dyn_partiql_call_parse_members(parser, row, ")", "RIGHT_PAREN");
		dyn_partiql_call_append(bag, row);
	}
	while (dyn_partiql_operand_accept(parser, ","));
	return bag;
}

/* What the value of the current word is to AWS's parser. */
static const char *
ion_type(const DynPartiqlParser *parser)
{
	const DynPartiqlWord *token = dyn_partiql_operand_peek(parser, 0);

	if (token->kind == DYN_PARTIQL_NUMBER)
	{
		for (int i = 0; i < token->text.len; i++)
			if (token->text.data[i] < '0' || token->text.data[i] > '9')
				return "DECIMAL";
		return "INT";
	}
	if (dyn_partiql_lexer_is(token, "?"))
		return "INT";
	if (dyn_partiql_lexer_is(token, "true") || dyn_partiql_lexer_is(token, "false"))
		return "BOOL";
	if (dyn_partiql_lexer_is(token, "null") || dyn_partiql_lexer_is(token, "missing"))
		return "NULL";
	return "SYMBOL";
}

/* DATE 'yyyy-MM-dd' */
static DynPartiqlNode *
parse_date(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = dyn_partiql_call_take(parser, DYN_PARTIQL_UNSUPPORTED);
	const DynPartiqlWord *date = dyn_partiql_operand_peek(parser, 0);
	bool		valid = date->text.len == 10;

	if (date->kind != DYN_PARTIQL_STRING)
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_DATE_STRING, ion_type(parser)));
	for (int i = 0; i < 10 && valid; i++)
		valid = i == 4 || i == 7 ? date->text.data[i] == '-' : date->text.data[i] >= '0' && date->text.data[i] <= '9';
	if (!valid)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_DATE_FORMAT);
	dyn_partiql_operand_advance(parser);
	return node;
}

static void
parse_time_zone(DynPartiqlParser *parser)
{
	if (!dyn_partiql_lexer_is_keyword(dyn_partiql_operand_peek(parser, 0)))
		return;
	dyn_partiql_operand_expect(parser, "with", "WITH keyword");
	dyn_partiql_operand_expect(parser, "time", "TIME keyword");
	dyn_partiql_operand_expect(parser, "zone", "ZONE keyword");
}

/* TIME [(precision)] [WITH TIME ZONE] 'HH:MM:SS' */
static DynPartiqlNode *
parse_time(DynPartiqlParser *parser)
{
	DynPartiqlNode *node = dyn_partiql_call_take(parser, DYN_PARTIQL_UNSUPPORTED);

	if (dyn_partiql_operand_accept(parser, "("))
	{
		const DynPartiqlWord *precision = dyn_partiql_operand_peek(parser, 0);

		if (precision->kind != DYN_PARTIQL_NUMBER || precision->text.len != 1)
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_TIME_PRECISION);
		dyn_partiql_operand_advance(parser);
		dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	}
	parse_time_zone(parser);
	if (dyn_partiql_operand_peek(parser, 0)->kind != DYN_PARTIQL_STRING)
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_TIME_STRING, ion_type(parser)));
	dyn_partiql_operand_advance(parser);
	return node;
}

/* ---- types ---- */

typedef struct Type
{
	const char *word;
	const char *name;			/* as AWS's messages have it; NULL: IS does not know it at all */
	int			most;			/* parameters */
} Type;

static bool
is_unsigned(const DynPartiqlNode *node)
{
	if (node->kind != DYN_PARTIQL_LITERAL_NUMBER)
		return false;
	for (int i = 0; i < node->text.len; i++)
		if (node->text.data[i] < '0' || node->text.data[i] > '9')
			return false;
	return true;
}

/* A type, for IS or CAST. */
static const Type *
parse_type(DynPartiqlParser *parser, const char *operation)
{
	static const Type types[] = {
		{"missing", "MISSING"}, {"null", "NULL"}, {"boolean", "BOOLEAN"}, {"blob", "BLOB"}, {"string", "STRING"},
		{"numeric", "NUMERIC", 2}, {"struct", "STRUCT"}, {"tuple", "TUPLE"}, {"list", "LIST"}, {"smallint", "SMALLINT"},
		{"integer", "INTEGER"}, {"float", "FLOAT", 1}, {"real", "REAL"}, {"double_precision", "DOUBLE_PRECISION"},
		{"decimal", "DECIMAL", 2}, {"timestamp", "TIMESTAMP"}, {"date", "DATE"}, {"time", "TIME", 1},
		{"character", "CHARACTER", 1}, {"character_varying", "CHARACTER_VARYING", 1}, {"symbol", "SYMBOL"},
		{"clob", "CLOB"}, {"sexp", "SEXP"}, {"bag", "BAG"}, {"integer4"}, {"integer8"}, {"any"},
	};
	const Type *type = NULL;
	DynPartiqlNode parameters = {0};

	for (int i = 0; i < lengthof(types) && type == NULL; i++)
		if (dyn_partiql_operand_accept(parser, types[i].word))
			type = &types[i];
	if (type == NULL)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_TYPE_NAME);
	if (dyn_partiql_operand_accept(parser, "("))
		dyn_partiql_call_parse_members(parser, &parameters, ")", "RIGHT_PAREN");
	if (parameters.count > type->most)
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_TYPE_ARITY, operation, type->word, type->most));
	for (int i = 0; i < parameters.count; i++)
		if (!is_unsigned(parameters.arguments[i]))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_TYPE_PARAMETER);
	if (strcmp(type->word, "time") == 0)
		parse_time_zone(parser);
	return type;
}

/* CAST(a AS type) */
static DynPartiqlNode *
parse_cast(DynPartiqlParser *parser)
{
	const char *word = dyn_partiql_operand_peek(parser, 0)->word;
	DynPartiqlNode *node = dyn_partiql_call_take(parser, DYN_PARTIQL_UNSUPPORTED);

	node->text = dyn_text_from_cstring(word);
	if (!dyn_partiql_operand_accept(parser, "("))
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_LEFT_PARENTHESIS, word));
	node->place = dyn_partiql_operand_parse(parser)->place;
	dyn_partiql_operand_expect(parser, "as", "AS");
	(void) parse_type(parser, word);
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return node;
}

DynPartiqlNode *
dyn_partiql_call_parse_is(DynPartiqlParser *parser, DynPartiqlNode *left, bool negated, DynPartiqlPlace place)
{
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));
	const Type *type = parse_type(parser, negated ? "is_not" : "is");

	node->kind = DYN_PARTIQL_IS;
	node->flag = negated;
	node->place = place;
	node->text = type->name != NULL ? dyn_text_from_cstring(type->name) : (DynStr) {"", 0};
	parser->operator_count++;
	dyn_partiql_call_append(node, left);
	return node;
}
