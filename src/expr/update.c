/*
 * UpdateExpression: parse and check.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/error.h"
#include "base/message.h"
#include "expr/expr_check.h"
#include "expr/path_set.h"
#include "expr/update.h"
#include "item/item_size.h"

#define PARAMETER "UpdateExpression"

/* the parts of dyn_update_charge, besides the sizes of names and values */
#define UPDATE_CHARGE 3
#define WRITE_CHARGE 19			/* SET, ADD */
#define REMOVE_CHARGE 1			/* REMOVE, DELETE */
#define STEP_CHARGE 4			/* a target's steps but the first */
#define READ_PATH_CHARGE 1		/* a path as an operand */
#define READ_STEP_CHARGE 14		/* and each of its steps */
#define PLUS_CHARGE 34
#define MINUS_CHARGE 37
#define IF_NOT_EXISTS_CHARGE 39
#define LIST_APPEND_CHARGE 37

/* indexed by DynActionKind */
static const struct
{
	DynTokenKind token;
	const char *name;
}			sections[] = {
	{DYN_TOKEN_SET, "SET"},
	{DYN_TOKEN_REMOVE, "REMOVE"},
	{DYN_TOKEN_ADD, "ADD"},
	{DYN_TOKEN_DELETE, "DELETE"},
};

static DynActionKind read_section(DynParser *parser);
static void read_action(DynParser *parser, DynUpdate *update, DynActionKind kind);
static void check_reserved(DynUpdate *update);
static void resolve(DynUpdate *update, DynBindings *bindings);
static void check_set_operand(const DynAction *action);
static int	step_length(const DynPathStep *step);
static int64 target_charge(const DynPath *path);
static int64 operand_charge(const DynNode *node);

DynUpdate *
dyn_update_parse(DynStr text, DynBindings *bindings)
{
	DynUpdate  *update = dyn_update_make();
	const char *repeated = NULL;
	int			seen = 0;
	DynParser	parser;

	dyn_expr_parse_start(&parser, text, PARAMETER);
	do
	{
		DynActionKind kind = read_section(&parser);

		if (repeated == NULL && (seen & (1 << kind)))
			repeated = sections[kind].name;
		seen |= 1 << kind;
		do
			read_action(&parser, update, kind);
		while (dyn_expr_parse_accept(&parser, DYN_TOKEN_COMMA));
	}
	while (parser.current.kind != DYN_TOKEN_END);

	dyn_expr_check_limits(&parser);
	check_reserved(update);
	for (int i = 0; i < update->count; i++)
		if (update->actions[i].kind == DYN_ACTION_SET)
			dyn_expr_check_update_functions(PARAMETER, update->actions[i].operand);
	if (repeated != NULL)
		dyn_expr_parse_fail(PARAMETER, DYN_MSG_SECTION_TWICE, repeated);
	resolve(update, bindings);
	dyn_update_finish(update);
	for (int i = 0; i < update->count; i++)
		check_set_operand(&update->actions[i]);
	for (int i = 0; i < update->count; i++)
		if (update->actions[i].kind == DYN_ACTION_SET)
			dyn_expr_check_operands(PARAMETER, update->actions[i].operand);
	return update;
}

void
dyn_update_visit_paths(const DynUpdate *update, void (*visit) (void *arg, const DynPath *path), void *arg)
{
	for (int i = 0; i < update->count; i++)
	{
		visit(arg, &update->actions[i].path);
		if (update->actions[i].operand != NULL)
			dyn_expr_ast_visit_paths(update->actions[i].operand, visit, arg);
	}
}

bool
dyn_update_only_removes(const DynUpdate *update)
{
	for (int i = 0; i < update->count; i++)
		if (update->actions[i].kind != DYN_ACTION_REMOVE && update->actions[i].kind != DYN_ACTION_DELETE)
			return false;
	return update->count > 0;
}

int64
dyn_update_charge(const DynUpdate *update)
{
	int64		charge = UPDATE_CHARGE;

	if (update->appends_lists)
		return 0;
	for (int i = 0; i < update->count; i++)
	{
		const DynAction *action = &update->actions[i];

		if (action->kind == DYN_ACTION_SET || action->kind == DYN_ACTION_ADD)
			charge += WRITE_CHARGE + operand_charge(action->operand);
		else
			charge += REMOVE_CHARGE;
		charge += target_charge(&action->path);
	}
	return charge;
}

DynUpdate *
dyn_update_make(void)
{
	return palloc0(sizeof(DynUpdate));
}

void
dyn_update_append(DynUpdate *update, DynActionKind kind, DynPath path, DynNode *operand)
{
	if (update->capacity == 0)
	{
		update->capacity = 4;
		update->actions = palloc(update->capacity * sizeof(DynAction));
	}
	else if (update->count == update->capacity)
	{
		update->capacity *= 2;
		update->actions = repalloc(update->actions, update->capacity * sizeof(DynAction));
	}
	update->actions[update->count++] = (DynAction) {kind, path, operand};
}

void
dyn_update_finish(DynUpdate *update)
{
	DynPath    *paths = palloc(Max(update->count, 1) * sizeof(DynPath));

	for (int i = 0; i < update->count; i++)
		paths[i] = update->actions[i].path;
	update->paths = dyn_path_set_sort(paths, update->count);
	dyn_path_set_check(PARAMETER, paths, update->paths, update->count);
	pfree(paths);
}

void
dyn_update_finish_statement(DynUpdate *update)
{
	DynPath    *paths = palloc(Max(update->count, 1) * sizeof(DynPath));

	for (int i = 0; i < update->count; i++)
		paths[update->count - 1 - i] = update->actions[i].path;
	update->paths = dyn_path_set_sort(paths, update->count);
	dyn_path_set_check(NULL, paths, update->paths, update->count);
	pfree(paths);
	for (int i = 0; i < update->count; i++)
		if (update->actions[i].kind == DYN_ACTION_SET)
			dyn_expr_check_operands(NULL, update->actions[i].operand);
}

int
dyn_update_path_count(const DynUpdate *update)
{
	return update->count;
}

const DynPath *
dyn_update_path(const DynUpdate *update, int i)
{
	return &update->actions[i].path;
}

static DynActionKind
read_section(DynParser *parser)
{
	for (int i = 0; i < lengthof(sections); i++)
		if (dyn_expr_parse_accept(parser, sections[i].token))
			return i;
	dyn_expr_parse_unexpected(parser);
}

static void
read_action(DynParser *parser, DynUpdate *update, DynActionKind kind)
{
	DynPath		path = dyn_expr_parse_path(parser);
	DynNode    *operand = NULL;

	if (kind == DYN_ACTION_SET)
	{
		if (!dyn_expr_parse_accept(parser, DYN_TOKEN_EQ))
			dyn_expr_parse_unexpected(parser);
		operand = dyn_expr_parse_set_value(parser);
	}
	else if (kind != DYN_ACTION_REMOVE)
		operand = dyn_expr_parse_value(parser);
	dyn_update_append(update, kind, path, operand);
}

static void
check_reserved(DynUpdate *update)
{
	for (int i = 0; i < update->count; i++)
	{
		dyn_expr_check_reserved_path(PARAMETER, &update->actions[i].path);
		if (update->actions[i].operand != NULL)
			dyn_expr_check_reserved(PARAMETER, update->actions[i].operand);
	}
}

/* Resolves all names before all values, as AWS does. */
static void
resolve(DynUpdate *update, DynBindings *bindings)
{
	for (int i = 0; i < update->count; i++)
	{
		dyn_expr_check_resolve_path(PARAMETER, &update->actions[i].path, bindings);
		if (update->actions[i].operand != NULL)
			dyn_expr_check_resolve(PARAMETER, update->actions[i].operand, bindings, DYN_CHECK_NAMES);
	}
	for (int i = 0; i < update->count; i++)
		if (update->actions[i].operand != NULL)
			dyn_expr_check_resolve(PARAMETER, update->actions[i].operand, bindings, DYN_CHECK_VALUES);
}

/* Only one message uses the long names of types. */
static const char *
long_type_name(DynType type)
{
	switch (type)
	{
		case DYN_TYPE_S:
			return "STRING";
		case DYN_TYPE_N:
			return "NUMBER";
		case DYN_TYPE_B:
			return "BINARY";
		case DYN_TYPE_BOOL:
			return "BOOLEAN";
		case DYN_TYPE_NULL:
			return "NULL";
		case DYN_TYPE_L:
			return "LIST";
		case DYN_TYPE_M:
			return "MAP";
		default:
			elog(ERROR, "sets fit every operator");
	}
}

/* ADD takes numbers and sets, DELETE takes sets. */
static void
check_set_operand(const DynAction *action)
{
	const DynValue *value;

	if (action->kind != DYN_ACTION_ADD && action->kind != DYN_ACTION_DELETE)
		return;
	value = &action->operand->value;
	if (dyn_value_is_set(value) || (action->kind == DYN_ACTION_ADD && value->type == DYN_TYPE_N))
		return;
	dyn_expr_parse_fail(PARAMETER, DYN_MSG_UPDATE_OPERAND_TYPE,
						sections[action->kind].name, long_type_name(value->type), sections[action->kind].name);
}

/* A position's digits; a name's bytes. */
static int
step_length(const DynPathStep *step)
{
	int			length = 1;

	if (!step->is_index)
		return step->name.len;
	for (int rest = step->index; rest >= 10; rest /= 10)
		length++;
	return length;
}

static int64
target_charge(const DynPath *path)
{
	int64		charge = step_length(&path->steps[0]);

	for (int i = 1; i < path->count; i++)
		charge += STEP_CHARGE + step_length(&path->steps[i]);
	return charge;
}

/* The recursion is bounded, since function calls nest no deeper than the expression's 4 KB allow. */
static int64
operand_charge(const DynNode *node)
{
	int64		charge = 0;

	check_stack_depth();
	switch (node->kind)
	{
		case DYN_NODE_VALUE:
			return dyn_item_size_value(&node->value);
		case DYN_NODE_PATH:
			charge = READ_PATH_CHARGE;
			for (int i = 0; i < node->path.count; i++)
				charge += READ_STEP_CHARGE + step_length(&node->path.steps[i]);
			return charge;
		case DYN_NODE_PLUS:
			charge = PLUS_CHARGE;
			break;
		case DYN_NODE_MINUS:
			charge = MINUS_CHARGE;
			break;
		default:
			charge = node->function == DYN_FUNCTION_LIST_APPEND ? LIST_APPEND_CHARGE : IF_NOT_EXISTS_CHARGE;
			break;
	}
	for (int i = 0; i < node->count; i++)
		charge += operand_charge(node->arguments[i]);
	return charge;
}
