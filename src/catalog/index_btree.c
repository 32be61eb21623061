/*
 * Indexes that are btrees: on the key columns of the index, then on those of the table.
 *
 * An index is partial: it holds the rows that have all its key attributes.  TimeToLive's is on its one column.
 */
#include "postgres.h"

#include "catalog/index_btree.h"

static void append_definition(StringInfo sql, const DynTable *table, const DynIndex *index);
static bool fits(const DynTable *table, const DynIndex *index, Form_pg_index form);

const DynIndexMethod dyn_index_btree = {.append_definition = append_definition, .fits = fits};

static void
append_definition(StringInfo sql, const DynTable *table, const DynIndex *index)
{
	int			columns[DYN_MAX_WALK_COLUMNS];
	int			count;
	bool		partial = false;

	if (index == NULL)
	{
		appendStringInfoString(sql, "(\"" DYN_TTL_COLUMN "\") WHERE \"" DYN_TTL_COLUMN "\" IS NOT NULL");
		return;
	}
	count = dyn_table_walk_columns(table, index, columns);
	for (int i = 0; i < count; i++)
		appendStringInfo(sql, "%s%s", i > 0 ? ", " : "(", table->columns[columns[i]].quoted);
	appendStringInfoChar(sql, ')');
	for (int i = 0; i < count; i++)
	{
		if (dyn_table_is_primary(table, columns[i]))
			continue;
		appendStringInfo(sql, " %s %s IS NOT NULL", partial ? "AND" : "WHERE", table->columns[columns[i]].quoted);
		partial = true;
	}
}

static bool
fits(const DynTable *table, const DynIndex *index, Form_pg_index form)
{
	int			columns[DYN_MAX_WALK_COLUMNS];
	int			count;

	if (index == NULL)
		return true;
	count = dyn_table_walk_columns(table, index, columns);
	if (form->indnatts != count)
		return false;
	for (int i = 0; i < count; i++)
		if (form->indkey.values[i] != table->columns[columns[i]].attnum)
			return false;
	return true;
}
