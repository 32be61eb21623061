/*
 * Parses a PartiQL statement.
 *
 * This file knows statements and their clauses; partiql_operand.c knows expressions.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "partiql/partiql_operand.h"
#include "partiql/partiql_parse.h"


static void parse_statement(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_columns(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_from(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_clauses(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_insert(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_update(DynPartiqlParser *parser, DynPartiqlStatement *statement, bool where_first);
static void parse_delete(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_returning(DynPartiqlParser *parser, DynPartiqlStatement *statement);
static void parse_other(DynPartiqlParser *parser, DynPartiqlStatement *statement);

DynPartiqlStatement *
dyn_partiql_parse(DynStr text)
{
	DynPartiqlStatement *statement = palloc0(sizeof(DynPartiqlStatement));
	DynPartiqlParser parser;

	dyn_partiql_operand_start(&parser, text);
	parse_statement(&parser, statement);
	(void) dyn_partiql_operand_accept_symbol(&parser, ";");
	if (parser.current.kind != DYN_PARTIQL_END)
		dyn_partiql_operand_malformed(&parser);
	statement->parameter_count = parser.parameter_count;
	/* AWS stops counting there */
	if (statement->fault == NULL && parser.operator_count > DYN_MAX_EXPRESSION_OPERATORS)
		statement->fault = psprintf(DYN_MSG_TOO_MANY_OPERATORS,
									DYN_MAX_EXPRESSION_OPERATORS + 1);
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

static bool
accept(DynPartiqlParser *parser, const char *keyword)
{
	return dyn_partiql_operand_accept(parser, keyword);
}

static void
expect(DynPartiqlParser *parser, const char *keyword)
{
	if (!accept(parser, keyword))
		dyn_partiql_operand_malformed(parser);
}

static bool
at(const DynPartiqlParser *parser, const char *keyword)
{
	return dyn_partiql_lexer_is_keyword(&parser->current, keyword);
}

static void
parse_statement(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	if (at(parser, "select") || at(parser, "pivot"))
		dyn_partiql_parse_select(parser, statement);
	else if (dyn_partiql_lexer_is_symbol(&parser->current, "(") && dyn_partiql_lexer_is_keyword(&parser->next, "select"))
	{
		(void) dyn_partiql_operand_accept_symbol(parser, "(");
		dyn_partiql_parse_select(parser, statement);
		dyn_partiql_operand_expect_symbol(parser, ")");
	}
	else if (accept(parser, "insert"))
		parse_insert(parser, statement);
	else if (accept(parser, "update"))
		parse_update(parser, statement, false);
	else if (accept(parser, "from"))
		parse_update(parser, statement, true);
	else if (accept(parser, "delete"))
		parse_delete(parser, statement);
	else if (at(parser, "exists") && dyn_partiql_lexer_is_symbol(&parser->next, "("))
	{
		(void) accept(parser, "exists");
		dyn_partiql_operand_expect_symbol(parser, "(");
		if (!at(parser, "select"))
			dyn_partiql_operand_malformed(parser);
		dyn_partiql_parse_select(parser, statement);
		dyn_partiql_operand_expect_symbol(parser, ")");
		statement->verb = DYN_PARTIQL_EXISTS;
	}
	else
		parse_other(parser, statement);
}

/* ---- SELECT ---- */

void
dyn_partiql_parse_select(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_SELECT;
	if (accept(parser, "pivot"))
	{
		set_fault(statement, DYN_MSG_PARTIQL_SELECT_VALUE);
		(void) dyn_partiql_operand_parse(parser);
		expect(parser, "at");
		(void) dyn_partiql_operand_parse(parser);
	}
	else
	{
		expect(parser, "select");
		if (accept(parser, "distinct"))
			set_fault(statement, DYN_MSG_PARTIQL_SELECT_DISTINCT);
		else
			(void) accept(parser, "all");
		if (accept(parser, "value"))
		{
			set_fault(statement, DYN_MSG_PARTIQL_SELECT_VALUE);
			(void) dyn_partiql_operand_parse(parser);
		}
		else if (!dyn_partiql_operand_accept_symbol(parser, "*"))
			parse_columns(parser, statement);
	}
	expect(parser, "from");
	parse_from(parser, statement);
	parse_clauses(parser, statement);
}

static void
parse_alias(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	for (;;)
	{
		bool		named = accept(parser, "as") || accept(parser, "at") || accept(parser, "by");

		if (parser->current.kind != DYN_PARTIQL_NAME)
		{
			if (named)
				dyn_partiql_operand_malformed(parser);
			return;
		}
		dyn_partiql_operand_advance(parser);
		set_fault(statement, DYN_MSG_PARTIQL_ALIAS);
	}
}

static void
check_column(DynPartiqlParser *parser, DynPartiqlStatement *statement, const DynPartiqlNode *column)
{
	if (column->kind == DYN_PARTIQL_PATH)
	{
		DynPartiqlKind last = column->arguments[column->count - 1]->kind;

		if (last == DYN_PARTIQL_WILDCARD)
			dyn_partiql_operand_malformed(parser);
		if (last == DYN_PARTIQL_UNPIVOT)
			set_fault(statement, DYN_MSG_PARTIQL_HIERARCHY);
	}
	else if (column->kind != DYN_PARTIQL_VARIABLE)
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_PATH_COMPONENT_AT, dyn_partiql_parse_place(column->place)));
}

static void
parse_columns(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	int			capacity = 8;

	statement->columns = palloc(capacity * sizeof(DynPartiqlNode *));
	do
	{
		if (statement->column_count == capacity)
		{
			capacity *= 2;
			statement->columns = repalloc(statement->columns, capacity * sizeof(DynPartiqlNode *));
		}
		statement->columns[statement->column_count] = dyn_partiql_operand_parse(parser);
		check_column(parser, statement, statement->columns[statement->column_count++]);
		parse_alias(parser, statement);
	}
	while (dyn_partiql_operand_accept_symbol(parser, ","));
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

static bool
accept_join(DynPartiqlParser *parser)
{
	static const char *const words[] = {"inner", "left", "right", "full", "cross", "outer"};
	bool		any = false;

	for (int i = 0; i < lengthof(words); i++)
		any |= accept(parser, words[i]);
	if (any || at(parser, "join"))
	{
		(void) accept(parser, "outer");
		expect(parser, "join");
		return true;
	}
	return false;
}

static void
parse_from(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	bool		unpivot = accept(parser, "unpivot");
	DynPartiqlNode *source = dyn_partiql_operand_parse(parser);

	statement->from = source;
	if (unpivot)
		set_fault(statement, DYN_MSG_PARTIQL_FROM_SEVERAL);
	check_source(statement, source);
	parse_alias(parser, statement);
	for (;;)
	{
		bool		join = false;

		if (!dyn_partiql_operand_accept_symbol(parser, ",") && !(join = accept_join(parser)))
			return;
		set_fault(statement, DYN_MSG_PARTIQL_FROM_SEVERAL);
		(void) accept(parser, "unpivot");
		(void) dyn_partiql_operand_parse(parser);
		parse_alias(parser, statement);
		if (join && accept(parser, "on"))
			(void) dyn_partiql_operand_parse(parser);
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
		if (statement->order_count == capacity)
		{
			capacity *= 2;
			statement->orders = repalloc(statement->orders, capacity * sizeof(DynPartiqlOrder));
		}
		statement->orders[statement->order_count++] = order;
	}
	while (dyn_partiql_operand_accept_symbol(parser, ","));
}

static void
parse_clauses(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	DynPartiqlNode *node;

	if (accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	if (accept(parser, "order"))
	{
		expect(parser, "by");
		parse_orders(parser, statement);
	}
	if (accept(parser, "group"))
	{
		(void) accept(parser, "partial");
		expect(parser, "by");
		do
		{
			(void) dyn_partiql_operand_parse(parser);
			if (accept(parser, "as"))
				dyn_partiql_operand_advance(parser);
		}
		while (dyn_partiql_operand_accept_symbol(parser, ","));
		set_fault(statement, DYN_MSG_PARTIQL_GROUP_BY);
	}
	if (accept(parser, "having"))
	{
		node = dyn_partiql_operand_parse(parser);
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_HAVING, dyn_partiql_parse_place(node->place)));
	}
	if (accept(parser, "limit"))
	{
		node = dyn_partiql_operand_parse(parser);
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_LIMIT, dyn_partiql_parse_place(node->place)));
	}
	while (accept(parser, "union") || accept(parser, "intersect") || accept(parser, "except"))
	{
		DynPartiqlStatement other = {0};

		(void) accept(parser, "all");
		dyn_partiql_operand_enter(parser);
		dyn_partiql_parse_select(parser, &other);
		dyn_partiql_operand_leave(parser);
		set_fault(statement, DYN_MSG_EXISTS_NOT_HERE);
	}
}

/* ---- INSERT, UPDATE, DELETE ---- */

/* A name and its steps, without wildcards or anything that must be computed. */
static DynPartiqlNode *
parse_target(DynPartiqlParser *parser)
{
	DynPartiqlNode *target;

	if (parser->current.kind != DYN_PARTIQL_NAME || dyn_partiql_lexer_is_symbol(&parser->next, "("))
		dyn_partiql_operand_malformed(parser);
	target = dyn_partiql_operand_parse_path(parser);
	for (int i = 1; i < target->count; i++)
		if (target->arguments[i]->kind != DYN_PARTIQL_LITERAL_STRING &&
			target->arguments[i]->kind != DYN_PARTIQL_LITERAL_NUMBER)
			dyn_partiql_operand_malformed(parser);
	return target;
}

static void
parse_insert(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_INSERT;
	expect(parser, "into");
	statement->from = parse_target(parser);
	if (statement->from->count > 0)
		set_fault(statement, DYN_MSG_PARTIQL_WRITE_FROM);
	if (!accept(parser, "value"))
	{
		DynPartiqlStatement other = {0};

		/* INSERT INTO t <<...>>, INSERT INTO t SELECT ... */
		if (at(parser, "select"))
			dyn_partiql_parse_select(parser, &other);
		else if (dyn_partiql_lexer_is_symbol(&parser->current, "<<") || dyn_partiql_lexer_is_symbol(&parser->current, "["))
			(void) dyn_partiql_operand_parse(parser);
		else
			dyn_partiql_operand_malformed(parser);
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
	if (accept(parser, "on"))
	{
		expect(parser, "conflict");
		expect(parser, "where");
		(void) dyn_partiql_operand_parse(parser);
		expect(parser, "do");
		expect(parser, "nothing");
		set_fault(statement, DYN_MSG_PARTIQL_ON_CONFLICT);
	}
	if (at(parser, "returning"))
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
	for (;;)
	{
		if (accept(parser, "set"))
		{
			do
			{
				DynPartiqlNode *target = parse_target(parser);

				dyn_partiql_operand_expect_symbol(parser, "=");
				add_change(statement, target, dyn_partiql_operand_parse(parser));
			}
			while (dyn_partiql_operand_accept_symbol(parser, ","));
		}
		else if (accept(parser, "remove"))
			add_change(statement, parse_target(parser), NULL);
		else if (statement->change_count > 0)
			return;
		else
			dyn_partiql_operand_malformed(parser);
	}
}

/* where_first: "FROM t WHERE ... SET ...", PartiQL's older form. */
static void
parse_update(DynPartiqlParser *parser, DynPartiqlStatement *statement, bool where_first)
{
	statement->verb = DYN_PARTIQL_UPDATE;
	statement->from = parse_target(parser);
	if (statement->from->count > 0)
		set_fault(statement, DYN_MSG_PARTIQL_INDEX_WRITE);
	parse_alias(parser, statement);
	if (where_first && accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	parse_changes(parser, statement);
	if (!where_first && accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	if (at(parser, "returning"))
		parse_returning(parser, statement);
}

static void
parse_delete(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	statement->verb = DYN_PARTIQL_DELETE;
	expect(parser, "from");
	statement->from = parse_target(parser);
	if (statement->from->count > 0)
		set_fault(statement, DYN_MSG_PARTIQL_INDEX_WRITE);
	parse_alias(parser, statement);
	if (accept(parser, "where"))
		statement->where = dyn_partiql_operand_parse(parser);
	if (!at(parser, "returning"))
		return;
	parse_returning(parser, statement);
	if (statement->returning != DYN_PARTIQL_ALL_OLD)
		set_returning_fault(statement, psprintf(DYN_MSG_PARTIQL_DELETE_RETURNING,
												statement->returning == DYN_PARTIQL_ALL_NEW ? "ALL" : "MODIFIED",
												statement->returning == DYN_PARTIQL_MODIFIED_OLD ? "OLD" : "NEW"));
}

static void
parse_returning(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	int			elements = 0;

	expect(parser, "returning");
	do
	{
		bool		modified = accept(parser, "modified");
		bool		old;

		if (!modified)
			expect(parser, "all");
		old = accept(parser, "old");
		if (!old)
			expect(parser, "new");
		if (elements++ == 0)
			statement->returning = modified ? (old ? DYN_PARTIQL_MODIFIED_OLD : DYN_PARTIQL_MODIFIED_NEW) :
				(old ? DYN_PARTIQL_ALL_OLD : DYN_PARTIQL_ALL_NEW);
		if (!dyn_partiql_operand_accept_symbol(parser, "*"))
		{
			(void) dyn_partiql_operand_parse(parser);
			set_returning_fault(statement, DYN_MSG_PARTIQL_RETURNING_STAR);
		}
	}
	while (dyn_partiql_operand_accept_symbol(parser, ","));
	if (elements > 1)
		set_returning_fault(statement, DYN_MSG_PARTIQL_RETURNING_SEVERAL);
}

/* ---- what DynamoDB does not run ---- */

static const char *
expression_name(DynPartiqlKind kind)
{
	switch (kind)
	{
		case DYN_PARTIQL_VARIABLE:
			return "VariableReference";
		case DYN_PARTIQL_PATH:
			return "Path";
		case DYN_PARTIQL_PARAMETER:
			return "Parameter";
		case DYN_PARTIQL_STRUCT:
			return "Struct";
		case DYN_PARTIQL_LIST:
		case DYN_PARTIQL_BAG:
			return "Seq";
		case DYN_PARTIQL_LITERAL_MISSING:
			return "LiteralMissing";
		default:
			return "Literal";
	}
}

static void
parse_other(DynPartiqlParser *parser, DynPartiqlStatement *statement)
{
	static const struct
	{
		const char *verb;
		const char *object;
		const char *name;
	}			definitions[] = {
		{"create", "table", "CreateTable"},
		{"create", "index", "CreateIndex"},
		{"drop", "table", "DropTable"},
		{"drop", "index", "DropIndex"},
		{"exec", NULL, "Exec"},
	};
	DynPartiqlNode *node;

	statement->verb = DYN_PARTIQL_OTHER;
	for (int i = 0; i < lengthof(definitions); i++)
	{
		if (!at(parser, definitions[i].verb) ||
			(definitions[i].object != NULL && !dyn_partiql_lexer_is_keyword(&parser->next, definitions[i].object)))
			continue;
		while (parser->current.kind != DYN_PARTIQL_END && parser->current.kind != DYN_PARTIQL_ILLEGAL)
			dyn_partiql_operand_advance(parser);
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_OPERATION, definitions[i].name));
		return;
	}
	node = dyn_partiql_operand_parse(parser);
	if (node->kind == DYN_PARTIQL_OPERATOR || node->kind == DYN_PARTIQL_CALL || node->kind == DYN_PARTIQL_IS ||
		node->kind == DYN_PARTIQL_UNSUPPORTED)
		set_fault(statement, DYN_MSG_EXISTS_NOT_HERE);
	else
		set_fault(statement, psprintf(DYN_MSG_PARTIQL_OPERATION, expression_name(node->kind)));
}
