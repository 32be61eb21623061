/*
 * Translates a statement, before anybody looks at its table.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "catalog/arn.h"
#include "expr/path_set.h"
#include "partiql/partiql_translate.h"

static void translate_columns(const DynPartiqlStatement *statement, DynPartiqlColumns *columns);
static DynUpdate *translate_changes(const DynPartiqlStatement *statement, const DynPartiqlParameters *parameters);
static void translate_names(const DynPartiqlNode *from, DynStr *table, DynStr *index);

DynPartiqlTranslation *
dyn_partiql_translate(const DynPartiqlStatement *statement, const DynPartiqlParameters *parameters)
{
	DynPartiqlTranslation *translation = palloc0(sizeof(DynPartiqlTranslation));
	bool		is_write = statement->verb != DYN_PARTIQL_SELECT && statement->verb != DYN_PARTIQL_EXISTS;

	/* says AWS before it looks at anything else in one */
	if (statement->verb == DYN_PARTIQL_DELETE && statement->where == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_KEY_NOT_GIVEN);
	if (statement->fault != NULL)
		dyn_error(DYN_ERR_VALIDATION, "%s", statement->fault);
	/* AWS looks at a SELECT's table first, at that of a write last */
	if (!is_write)
		translate_names(statement->from, &translation->table, &translation->index);
	translate_columns(statement, &translation->columns);
	if (statement->verb == DYN_PARTIQL_INSERT)
		translation->item = dyn_partiql_expr_item(statement->item, parameters);
	if (statement->where != NULL)
		translation->where = dyn_partiql_expr_condition(statement->where, parameters);
	if (statement->verb == DYN_PARTIQL_UPDATE)
		translation->update = translate_changes(statement, parameters);
	if (is_write)
		translate_names(statement->from, &translation->table, &translation->index);
	return translation;
}

static DynStr
column_name(const DynPath *path)
{
	StringInfoData name;
	int			last = path->count - 1;

	/* a list's element is named by the list and its position, and what lies inside it stays inside */
	for (int i = 0; i < path->count; i++)
	{
		if (!path->steps[i].is_index)
			continue;
		initStringInfo(&name);
		appendBinaryStringInfo(&name, path->steps[i - 1].name.data, path->steps[i - 1].name.len);
		for (; i < path->count && path->steps[i].is_index; i++)
			appendStringInfo(&name, "[%d]", path->steps[i].index);
		return (DynStr) {name.data, name.len};
	}
	return path->steps[last].name;
}

/* What AWS takes for the column's name when it looks for duplicates. */
static DynStr
identifier(const DynPath *path)
{
	return path->steps[path->count - 1].is_index ? column_name(path) : path->steps[path->count - 1].name;
}

static int
compare_names(const void *a, const void *b)
{
	return dyn_text_compare(*(const DynStr *) a, *(const DynStr *) b);
}

static void
translate_columns(const DynPartiqlStatement *statement, DynPartiqlColumns *columns)
{
	int			count = statement->column_count;
	DynPath    *reversed = palloc(Max(count, 1) * sizeof(DynPath));
	DynStr	   *sorted = palloc(Max(count, 1) * sizeof(DynStr));

	columns->count = count;
	columns->paths = palloc(Max(count, 1) * sizeof(DynPath));
	columns->names = palloc(Max(count, 1) * sizeof(DynStr));
	for (int i = 0; i < count; i++)
	{
		columns->paths[i] = dyn_partiql_expr_path(statement->columns[i]);
		reversed[count - 1 - i] = columns->paths[i];
		columns->names[i] = column_name(&columns->paths[i]);
		sorted[i] = identifier(&columns->paths[i]);
	}
	qsort(sorted, count, sizeof(DynStr), compare_names);
	for (int i = 1; i < count; i++)
		if (dyn_text_equal(sorted[i - 1], sorted[i]))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_SELECT_TWICE, dyn_text_printable(sorted[i]));
	dyn_path_set_check(NULL, reversed, dyn_path_set_sort(reversed, count), count);
}

static DynUpdate *
translate_changes(const DynPartiqlStatement *statement, const DynPartiqlParameters *parameters)
{
	DynUpdate  *update = dyn_update_make();

	for (int i = 0; i < statement->change_count; i++)
		dyn_partiql_expr_change(update, &statement->changes[i], parameters);
	dyn_update_finish_statement(update);
	return update;
}

static void
translate_names(const DynPartiqlNode *from, DynStr *table, DynStr *index)
{
	*table = from->kind == DYN_PARTIQL_PATH ? from->arguments[0]->text : from->text;
	if (from->kind == DYN_PARTIQL_PATH && from->count > 1)
		*index = from->arguments[1]->text;
	if (table->len == 0 || (index->data != NULL && index->len == 0))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_PATH_EMPTY_NAME);
	/* an ARN is checked when it is taken apart */
	if ((table->len < DYN_MIN_TABLE_NAME || !dyn_arn_is_table_name(*table)) &&
		!dyn_text_starts_with(*table, DYN_STR("arn:")))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_PARTIQL_TABLE_NAME);
}
