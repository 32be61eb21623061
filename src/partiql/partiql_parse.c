/*
 * Parses a PartiQL statement.
 *
 * This file knows statements and their clauses; partiql_operand.c knows expressions.  The grammar and the words for
 * what breaks it are those of AWS's own parser; whatever it takes and DynamoDB does not is a fault.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "partiql/partiql_call.h"
#include "partiql/partiql_operand.h"
#include "partiql/partiql_parse.h"

static void parse_statement(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_select(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_columns(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_from(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_clauses(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_insert(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_changes(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_update(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_from_update(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_delete(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_returning(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static bool parse_definition(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_other(DynPartiqlParser *parser, DynPartiqlStatement *statement);

static bool
accept(DynPartiqlParser *parser, const char *word)
{
	return dyn_partiql_operand_accept(parser, word);
}

static bool
at(const DynPartiqlParser *parser, const char *word)
{
	return dyn_partiql_operand_at(parser, word);
}

static bool
at_end(const DynPartiqlParser *parser)
{
	return dyn_partiql_operand_peek(parser, 0)->kind == DYN_PARTIQL_END;
}

static void
expect_name(DynPartiqlParser *parser, const char *fault)
{
	if (dyn_partiql_operand_peek(parser, 0)->kind != DYN_PARTIQL_NAME)
		dyn_partiql_operand_malformed(fault);
	dyn_partiql_operand_advance(parser);
}

DynPartiqlStatement *
dyn_partiql_parse(DynStr text)
{
	DynPartiqlStatement *statement = palloc0(sizeof(DynPartiqlStatement));
	DynPartiqlParser parser;

	dyn_partiql_operand_start(&parser, text);
	parse_statement(&parser, statement);
	if (!at_end(&parser))
	{
		if (!accept(&parser, ";"))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_TOKEN_LEFT);
		if (!at_end(&parser))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_TOKEN_BEHIND_SEMICOLON);
	}
	if (parser.misplaced != NULL)
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_TOP_LEVEL, parser.misplaced));
	pfree(parser.tokens);
	statement->parameter_count = parser.parameter_count;
	if (statement->fault == NULL && parser.operator_count > DYN_MAX_EXPRESSION_OPERATORS)
		statement->fault = psprintf(DYN_MSG_TOO_MANY_OPERATORS, parser.operator_count);
	return statement;
}

char *
dyn_partiql_parse_place(DynPartiqlPlace place)
{
	return psprintf(" at %d:%d:%d", place.line, place.column, place.length);
}

/* The first fault is the one to report. */
static void
set_fault(DynPartiqlStatement *statement, const char *fault)
{
	if (statement->fault == NULL)
		statement->fault = pstrdup(fault);
}

static void
set_returning_fault(DynPartiqlStatement *statement, const char *fault)
{
	if (statement->returning_fault == NULL)
		statement->returning_fault = pstrdup(fault);
}

/* Does EXISTS(SELECT ...) begin here? */
static bool
at_exists(const DynPartiqlParser *parser)
{
	return at(parser, "exists") && dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, 1), "(") &&
		dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, 2), "select");
}

static void
parse_statement(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	bool		parenthesis = at(parser, "(") && dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, 1), "select");

	if (parenthesis || at_exists(parser))
	{
		bool		exists = !parenthesis;

		if (exists)
			dyn_partiql_operand_advance(parser);
		dyn_partiql_operand_advance(parser);
		parse_select(parser, statement);
		dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
		if (exists)
			statement->verb = DYN_PARTIQL_EXISTS;
	}
	else if (at(parser, "select") || at(parser, "pivot"))
		parse_select(parser, statement);
	else if (at(parser, "insert_into"))
		parse_insert(parser, statement);
	else if (accept(parser, "update"))
		parse_update(parser, statement);
	else if (accept(parser, "from"))
		parse_from_update(parser, statement);
	else if (accept(parser, "delete"))
		parse_delete(parser, statement);
	else
		parse_other(parser, statement);
	/* a statement is an expression to AWS's parser; DynamoDB has no use for what UNION makes of two */
	if (at(parser, "union") || at(parser, "union_all") || at(parser, "union_distinct") || at(parser, "except") ||
		at(parser, "except_all") || at(parser, "except_distinct") || at(parser, "intersect") ||
		at(parser, "intersect_all") || at(parser, "intersect_distinct"))
	{
		if (parser->count - parser->position < 3)
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_OPERAND_MISSING);
		dyn_partiql_operand_advance(parser);
		(void) dyn_partiql_operand_parse(parser);
		statement->verb = DYN_PARTIQL_OTHER;
		statement->fault = DYN_MSG_EXISTS_NOT_HERE;
	}
}

DynPartiqlNode *
dyn_partiql_parse_inner(DynPartiqlParser *parser)
{
	const DynPartiqlWord *first = dyn_partiql_operand_peek(parser, 0);
	DynPartiqlNode *node = palloc0(sizeof(DynPartiqlNode));
	DynPartiqlStatement statement = {0};
	const char *misplaced = first->word;

	*node = (DynPartiqlNode) {.kind = DYN_PARTIQL_UNSUPPORTED, .text = DYN_STR("SELECT"), .place = first->place};
	dyn_partiql_operand_enter(parser);
	if (at(parser, "select") || at(parser, "pivot"))
	{
		parse_select(parser, &statement);
		misplaced = NULL;
	}
	else if (at(parser, "insert_into"))
		parse_insert(parser, &statement);
	else if (at(parser, "set") || at(parser, "remove"))
		parse_changes(parser, &statement);
	else if (accept(parser, "update"))
	{
		parse_update(parser, &statement);
		misplaced = "null";
	}
	else if (accept(parser, "from"))
	{
		parse_from_update(parser, &statement);
		misplaced = "null";
	}
	else if (accept(parser, "delete"))
		parse_delete(parser, &statement);
	else if (!parse_definition(parser, &statement))
		node = NULL;
	dyn_partiql_operand_leave(parser);
	if (node != NULL && parser->misplaced == NULL)
		parser->misplaced = misplaced;
	return node;
}

/* ---- SELECT ---- */

static void
parse_select(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_SELECT;
	if (accept(parser, "pivot"))
	{
		set_fault(statement, DYN_MSG_PARTIQL_SELECT_VALUE);
		(void) dyn_partiql_operand_parse(parser);
		dyn_partiql_operand_expect(parser, "at", "AT keyword");
		(void) dyn_partiql_operand_parse(parser);
	}
	else
	{
		dyn_partiql_operand_advance(parser);
		if (accept(parser, "distinct"))
			set_fault(statement, DYN_MSG_PARTIQL_SELECT_DISTINCT);
		else
			(void) accept(parser, "all");
		if (accept(parser, "value"))
		{
			set_fault(statement, DYN_MSG_PARTIQL_SELECT_VALUE);
			(void) dyn_partiql_operand_parse(parser);
		}
		else
			parse_columns(parser, statement);
	}
	if (!accept(parser, "from"))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_FROM_MISSING);
	parse_from(parser, statement);
	parse_clauses(parser, statement);
}

/* AS name, AT name or BY name; AS may be left out. */
static void
parse_alias(DynPartiqlParser *parser, DynPartiqlStatement *statement, const char *word, const char *name)
{
	bool		named = accept(parser, word);

	if (dyn_partiql_operand_peek(parser, 0)->kind != DYN_PARTIQL_NAME)
	{
		if (named)
			dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_ALIAS_NAME, name));
		return;
	}
	if (!named && strcmp(word, "as") != 0)
		return;
	dyn_partiql_operand_advance(parser);
	set_fault(statement, DYN_MSG_PARTIQL_ALIAS);
}

static void
parse_aliases(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	parse_alias(parser, statement, "as", "AS");
	parse_alias(parser, statement, "at", "AT");
	parse_alias(parser, statement, "by", "BY");
}

/* What AWS's parser refuses in a list of columns already. */
static void
check_column_path(const DynPartiqlNode *column)
{
	bool		brackets = false;

	for (int i = 1; i < column->count; i++)
	{
		const DynPartiqlNode *step = column->arguments[i];

		if (step->kind == DYN_PARTIQL_WILDCARD || (step->kind == DYN_PARTIQL_UNPIVOT && i < column->count - 1))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_COLUMN_STAR);
		if (step->kind == DYN_PARTIQL_UNPIVOT && brackets)
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_COLUMN_BRACKETS);
		brackets |= step->kind != DYN_PARTIQL_UNPIVOT && step->in_brackets;
	}
}

static void
check_column(DynPartiqlStatement *statement, const DynPartiqlNode *column)
{
	if (column->kind == DYN_PARTIQL_PATH)
	{
		check_column_path(column);
		if (column->arguments[column->count - 1]->kind == DYN_PARTIQL_UNPIVOT)
			set_fault(statement, DYN_MSG_PARTIQL_HIERARCHY);
	}
	else if (column->kind != DYN_PARTIQL_VARIABLE)
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_PATH_COMPONENT_AT, dyn_partiql_parse_place(column->place)));
}

static void
parse_column(DynPartiqlParser *parser, DynPartiqlStatement *statement, int *capacity)
{
	static const char *const reserved[] = {
		"insert_into", "set", "remove", "update", "delete", "select", "from", "where"
	};

	for (int i = 0; i < lengthof(reserved); i++)
		if (at(parser, reserved[i]))
			dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_COLUMN_KEYWORD, reserved[i]));
	if (statement->column_count == *capacity)
	{
		*capacity = Max(*capacity * 2, 8);
		if (statement->columns == NULL)
			statement->columns = palloc(*capacity * sizeof(DynPartiqlNode *));
		else
			statement->columns = repalloc(statement->columns, *capacity * sizeof(DynPartiqlNode *));
	}
	statement->columns[statement->column_count] = dyn_partiql_operand_parse(parser);
	check_column(statement, statement->columns[statement->column_count++]);
	parse_alias(parser, statement, "as", "AS");
}

static void
parse_columns(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	int			capacity = 0;
	int			count = 0;
	bool		star = false;

	do
	{
		count++;
		if (accept(parser, "*"))
			star = true;
		else
			parse_column(parser, statement, &capacity);
	}
	while (accept(parser, ","));
	if (star && count > 1)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_COLUMN_BESIDE_STAR);
}

/* What may stand behind FROM: a table, or a table and an index. */
static void
check_source(DynPartiqlStatement *statement, const DynPartiqlNode *source)
{
	if (source->kind == DYN_PARTIQL_VARIABLE)
		return;
	if (source->kind != DYN_PARTIQL_PATH || source->arguments[0]->kind != DYN_PARTIQL_VARIABLE)
	{
		set_fault(statement, DYN_MSG_PARTIQL_FROM_SOURCE);
		return;
	}
	for (int i = 1; i < source->count; i++)
	{
		const DynPartiqlNode *step = source->arguments[i];

		if (step->kind == DYN_PARTIQL_UNPIVOT)
			set_fault(statement, psprintf(DYN_MSG_PARTIQL_UNPIVOT_PATH_AT, dyn_partiql_parse_place(step->place)));
		else if (step->kind != DYN_PARTIQL_LITERAL_STRING)
			set_fault(statement, DYN_MSG_PARTIQL_FROM_LIST);
	}
	if (source->count > 2)
		set_fault(statement, DYN_MSG_PARTIQL_FROM_PATH_LENGTH);
}

/* One table of FROM, with its alias. */
static DynPartiqlNode *
parse_source(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	DynPartiqlNode *source;
	const DynPartiqlWord *behind = dyn_partiql_operand_peek(parser, 1);

	if (accept(parser, "unpivot"))
	{
		set_fault(statement, DYN_MSG_PARTIQL_FROM_SEVERAL);
		source = dyn_partiql_operand_parse_clause(parser);
	}
	else if (at(parser, "(") && behind->kind != DYN_PARTIQL_STRING && behind->kind != DYN_PARTIQL_NUMBER &&
			 !dyn_partiql_lexer_is(behind, "select"))
	{
		dyn_partiql_operand_advance(parser);
		dyn_partiql_operand_enter(parser);
		source = parse_source(parser, statement);
		dyn_partiql_operand_leave(parser);
		dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	}
	else
		source = dyn_partiql_operand_parse_clause(parser);
	parse_aliases(parser, statement);
	return source;
}

static void
parse_from(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->from = parse_source(parser, statement);
	check_source(statement, statement->from);
	for (;;)
	{
		bool		join = accept(parser, "join");

		if (!join && !accept(parser, ",") && !accept(parser, "cross_join"))
			return;
		set_fault(statement, DYN_MSG_PARTIQL_FROM_SEVERAL);
		(void) parse_source(parser, statement);
		if (!join)
			continue;
		if (!accept(parser, "on"))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_JOIN_ON);
		(void) dyn_partiql_operand_parse_clause(parser);
	}
}

static void
parse_orders(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	int			capacity = 4;

	statement->orders = palloc(capacity * sizeof(DynPartiqlOrder));
	do
	{
		DynPartiqlOrder order = {dyn_partiql_operand_parse(parser), false};

		if (accept(parser, "desc"))
			order.descending = true;
		else
			(void) accept(parser, "asc");
		/* a key is never null, so that it means nothing */
		if (accept(parser, "nulls") && !accept(parser, "first") && !accept(parser, "last"))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_NULLS);
		if (statement->order_count == capacity)
		{
			capacity *= 2;
			statement->orders = repalloc(statement->orders, capacity * sizeof(DynPartiqlOrder));
		}
		statement->orders[statement->order_count++] = order;
	}
	while (accept(parser, ","));
}

static void
parse_let(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	do
	{
		(void) dyn_partiql_operand_parse(parser);
		dyn_partiql_operand_expect(parser, "as", "AS following LET expr");
		expect_name(parser, psprintf(DYN_MSG_PARTIQL_ALIAS_NAME, "AS"));
	}
	while (accept(parser, ","));
	set_fault(statement, DYN_MSG_PARTIQL_LET);
}

static void
parse_group(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	set_fault(statement, DYN_MSG_PARTIQL_GROUP_BY);
	(void) accept(parser, "partial");
	dyn_partiql_operand_expect(parser, "by", "BY");
	do
	{
		DynPartiqlKind kind = dyn_partiql_operand_parse_clause(parser)->kind;

		if (kind == DYN_PARTIQL_LITERAL_STRING || kind == DYN_PARTIQL_LITERAL_NUMBER ||
			kind == DYN_PARTIQL_LITERAL_BOOLEAN)
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_GROUP_LITERAL);
		parse_alias(parser, statement, "as", "AS");
	}
	while (accept(parser, ","));
	if (accept(parser, "group"))
	{
		dyn_partiql_operand_expect(parser, "as", "AS keyword");
		expect_name(parser, DYN_MSG_PARTIQL_GROUP_NAME);
	}
}

static void
parse_clauses(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	static const struct
	{
		const char *word;
		const char *fault;
	}			ends[] = {{"limit", DYN_MSG_PARTIQL_LIMIT}, {"offset", DYN_MSG_PARTIQL_OFFSET}};

	if (accept(parser, "let"))
		parse_let(parser, statement);
	if (accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse_clause(parser);
	if (accept(parser, "group"))
		parse_group(parser, statement);
	if (accept(parser, "having"))
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_HAVING,
									  dyn_partiql_parse_place(dyn_partiql_operand_parse_clause(parser)->place)));
	if (accept(parser, "order"))
	{
		dyn_partiql_operand_expect(parser, "by", "BY");
		parse_orders(parser, statement);
	}
	for (int i = 0; i < lengthof(ends); i++)
		if (accept(parser, ends[i].word))
			set_fault(statement, psprintf(ends[i].fault,
										  dyn_partiql_parse_place(dyn_partiql_operand_parse_clause(parser)->place)));
}

/* ---- INSERT, UPDATE, DELETE ---- */

static void
parse_conflict(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	if (!accept(parser, "where"))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_CONFLICT);
	(void) dyn_partiql_operand_parse(parser);
	if (!accept(parser, "do_nothing"))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_CONFLICT);
	set_fault(statement, DYN_MSG_PARTIQL_ON_CONFLICT);
}

static void
parse_insert(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_INSERT;
	dyn_partiql_operand_advance(parser);
	statement->from = dyn_partiql_operand_parse_target(parser);
	if (statement->from->count > 0)
		set_fault(statement, DYN_MSG_PARTIQL_WRITE_FROM);
	if (!accept(parser, "value"))
	{
		/* INSERT INTO t <<...>>, INSERT INTO t SELECT ... */
		(void) dyn_partiql_operand_parse(parser);
		statement->verb = DYN_PARTIQL_OTHER;
		statement->fault = DYN_MSG_PARTIQL_INSERT_UNSUPPORTED;
		return;
	}
	statement->item = dyn_partiql_operand_parse(parser);
	if (accept(parser, "at"))
	{
		(void) dyn_partiql_operand_parse(parser);
		set_fault(statement, DYN_MSG_PARTIQL_INSERT_AT);
	}
	if (accept(parser, "on_conflict"))
		parse_conflict(parser, statement);
	if (accept(parser, "returning"))
	{
		parse_returning(parser, statement);
		set_returning_fault(statement, DYN_MSG_PARTIQL_INSERT_RETURNING);
	}
	if (statement->item->kind != DYN_PARTIQL_STRUCT)
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_INSERT_FORMAT, dyn_partiql_parse_place(statement->item->place)));
}

static void
add_change(DynPartiqlStatement *statement, DynPartiqlNode *target, DynPartiqlNode *value)
{
	if (statement->change_count == statement->change_capacity)
	{
		statement->change_capacity = Max(statement->change_capacity * 2, 8);
		if (statement->changes == NULL)
			statement->changes = palloc(statement->change_capacity * sizeof(DynPartiqlChange));
		else
			statement->changes = repalloc(statement->changes, statement->change_capacity * sizeof(DynPartiqlChange));
	}
	statement->changes[statement->change_count++] = (DynPartiqlChange) {target, value};
}

static void
parse_changes(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	DynPartiqlStatement other = {0};
	bool		any = false;

	for (;; any = true)
	{
		if (accept(parser, "set"))
		{
			do
			{
				DynPartiqlNode *target = dyn_partiql_operand_parse_target(parser);

				dyn_partiql_operand_expect(parser, "=", "'='");
				add_change(statement, target, dyn_partiql_operand_parse(parser));
			}
			while (accept(parser, ","));
		}
		else if (accept(parser, "remove"))
			add_change(statement, dyn_partiql_operand_parse_target(parser), NULL);
		else if (at(parser, "insert_into"))
		{
			parse_insert(parser, &other);
			set_fault(statement, DYN_MSG_PARTIQL_INSERT_UNSUPPORTED);
		}
		else if (any)
			return;
		else
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_NO_CHANGE);
	}
}

static void
parse_target_table(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->from = dyn_partiql_operand_parse_target(parser);
	if (statement->from->count > 0)
		set_fault(statement, DYN_MSG_PARTIQL_INDEX_WRITE);
	parse_aliases(parser, statement);
}

static void
parse_update(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_UPDATE;
	parse_target_table(parser, statement);
	parse_changes(parser, statement);
	if (accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	if (accept(parser, "returning"))
		parse_returning(parser, statement);
}

/* FROM t WHERE ... SET ..., PartiQL's older form */
static void
parse_from_update(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_UPDATE;
	parse_from(parser, statement);
	if (statement->from->kind == DYN_PARTIQL_PATH)
		set_fault(statement, DYN_MSG_PARTIQL_INDEX_WRITE);
	if (accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	parse_changes(parser, statement);
	if (accept(parser, "returning"))
		parse_returning(parser, statement);
}

static void
parse_delete(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_DELETE;
	if (!accept(parser, "from"))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_DELETE_FROM);
	parse_target_table(parser, statement);
	if (accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	if (!accept(parser, "returning"))
		return;
	parse_returning(parser, statement);
	if (statement->returning != DYN_PARTIQL_ALL_OLD)
		set_returning_fault(statement, psprintf(DYN_MSG_PARTIQL_DELETE_RETURNING,
												statement->returning == DYN_PARTIQL_ALL_NEW ? "ALL" : "MODIFIED",
												statement->returning == DYN_PARTIQL_MODIFIED_OLD ? "OLD" : "NEW"));
}

static void
parse_returned_column(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	DynPartiqlNode *column;

	if (accept(parser, "*"))
		return;
	column = dyn_partiql_operand_parse(parser);
	if (column->kind == DYN_PARTIQL_OPERATOR || column->kind == DYN_PARTIQL_CALL || column->kind == DYN_PARTIQL_IS ||
		column->kind == DYN_PARTIQL_LIST || column->kind == DYN_PARTIQL_BAG || column->kind == DYN_PARTIQL_STRUCT ||
		column->kind == DYN_PARTIQL_PARAMETER || column->kind == DYN_PARTIQL_UNSUPPORTED)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_RETURNING_COLUMN);
	if (column->kind == DYN_PARTIQL_PATH && column->count > 2)
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_RETURNING_PATH);
	set_returning_fault(statement, DYN_MSG_PARTIQL_RETURNING_STAR);
}

static void
parse_returning(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	static const struct
	{
		const char *word;
		DynPartiqlReturning returning;
	}			words[] = {
		{"all_old", DYN_PARTIQL_ALL_OLD}, {"all_new", DYN_PARTIQL_ALL_NEW}, {"modified_old", DYN_PARTIQL_MODIFIED_OLD},
		{"modified_new", DYN_PARTIQL_MODIFIED_NEW}
	};
	int			elements = 0;

	do
	{
		DynPartiqlReturning returning = DYN_PARTIQL_RETURNING_NONE;

		for (int i = 0; i < lengthof(words) && returning == DYN_PARTIQL_RETURNING_NONE; i++)
			if (accept(parser, words[i].word))
				returning = words[i].returning;
		if (returning == DYN_PARTIQL_RETURNING_NONE)
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_RETURNING_MAPPING);
		if (elements++ == 0)
			statement->returning = returning;
		parse_returned_column(parser, statement);
	}
	while (accept(parser, ","));
	if (elements > 1)
		set_returning_fault(statement, DYN_MSG_PARTIQL_RETURNING_SEVERAL);
}

/* ---- what DynamoDB does not run ---- */

/* As the classes of PartiqlAst.Expr in AWS's parser are called. */
static const char *
expression_name(DynPartiqlKind kind)
{
	switch (kind)
	{
		case DYN_PARTIQL_VARIABLE:
			return "Id";
		case DYN_PARTIQL_PATH:
			return "Path";
		case DYN_PARTIQL_PARAMETER:
			return "Parameter";
		case DYN_PARTIQL_STRUCT:
			return "Struct";
		case DYN_PARTIQL_LIST:
			return "List";
		case DYN_PARTIQL_BAG:
			return "Bag";
		case DYN_PARTIQL_LITERAL_MISSING:
			return "Missing";
		default:
			return "Lit";
	}
}

/* What stands behind CREATE and DROP; what it makes, as AWS names it. */
static const char *
parse_object(DynPartiqlParser *parser, bool create)
{
	if (accept(parser, "table"))
	{
		expect_name(parser, DYN_MSG_PARTIQL_IDENTIFIER);
		return create ? "CreateTable" : "DropTable";
	}
	if (!accept(parser, "index"))
		dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_DEFINITION, create ? "CREATE" : "DROP"));
	if (!create)
		expect_name(parser, DYN_MSG_PARTIQL_IDENTIFIER);
	dyn_partiql_operand_expect(parser, "on", "ON");
	expect_name(parser, create ? DYN_MSG_PARTIQL_INDEX_TARGET : DYN_MSG_PARTIQL_TABLE_TARGET);
	if (!create)
		return "DropIndex";
	if (!accept(parser, "("))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_INDEX_KEYS);
	do
		(void) dyn_partiql_operand_parse_target(parser);
	while (accept(parser, ","));
	dyn_partiql_operand_expect(parser, ")", "RIGHT_PAREN");
	return "CreateIndex";
}

static void
parse_execution(DynPartiqlParser *parser)
{
	if (at_end(parser))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_EXEC_NAME);
	for (int i = 0; parser->position + i < parser->count; i++)
		if (dyn_partiql_lexer_is(dyn_partiql_operand_peek(parser, i), "exec"))
			dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_EXEC_INSIDE);
	dyn_partiql_operand_advance(parser);
	if (at(parser, "("))
		dyn_partiql_operand_malformed(DYN_MSG_PARTIQL_EXEC_PARENTHESIS);
	if (at_end(parser))
		return;
	do
		(void) dyn_partiql_operand_parse(parser);
	while (accept(parser, ","));
}

/* CREATE, DROP and EXEC. */
static bool
parse_definition(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	bool		create = at(parser, "create");
	const char *name = "Exec";

	if (!create && !at(parser, "drop") && !at(parser, "exec"))
		return false;
	if (accept(parser, "exec"))
		parse_execution(parser);
	else
	{
		dyn_partiql_operand_advance(parser);
		name = parse_object(parser, create);
		if (!at_end(parser) && !(at(parser, ";") && dyn_partiql_operand_peek(parser, 1)->kind == DYN_PARTIQL_END))
			dyn_partiql_operand_malformed(psprintf(DYN_MSG_PARTIQL_DEFINITION_END, create ? "CREATE" : "DROP"));
	}
	set_fault(statement, psprintf(DYN_MSG_PARTIQL_OPERATION, name));
	return true;
}

static void
parse_other(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	DynPartiqlNode *node;

	statement->verb = DYN_PARTIQL_OTHER;
	if (parse_definition(parser, statement))
		return;
	/* SET and REMOVE alone are a manipulation of nothing */
	if (at(parser, "set") || at(parser, "remove"))
	{
		parse_changes(parser, statement);
		set_fault(statement, DYN_MSG_PARTIQL_FROM_SOURCE);
		return;
	}
	node = dyn_partiql_operand_parse(parser);
	if (node->kind == DYN_PARTIQL_OPERATOR || node->kind == DYN_PARTIQL_CALL || node->kind == DYN_PARTIQL_IS ||
		node->kind == DYN_PARTIQL_UNSUPPORTED)
		set_fault(statement, DYN_MSG_EXISTS_NOT_HERE);
	else
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_OPERATION, expression_name(node->kind)));
}
