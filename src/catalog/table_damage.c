/*
 * What SQL users have done to an item table that DynamoDB's operations cannot live with.
 *
 * An item table belongs to its owner, who may change it with ALTER TABLE in any way.  Others read its columns by number
 * and type without looking, so what they rely on is checked when the descriptor is loaded; ALTER TABLE makes every
 * process load it anew.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "rewrite/prs2lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "catalog/index_ddl.h"
#include "catalog/index_method.h"
#include "catalog/table_damage.h"
#include "catalog/table_ddl.h"
#include "catalog/table_name.h"

static List *check_column(List *damages, const DynTable *table, Relation relation, const char *name, const char *type,
						  Oid type_oid, bool required);
static List *check_primary_key(List *damages, const DynTable *table, Relation relation);
static bool is_on_key(const DynTable *table, Relation index, bool *in_order);
static List *check_rules(List *damages, const DynTable *table, Relation relation);
static List *check_trigger(List *damages, const DynTable *table, Relation relation, const char *name,
						   const char *create);
static List *check_index(List *damages, const DynTable *table, const DynIndex *index);
static List *check_children(List *damages, const DynTable *table);
static List *check_parents(List *damages, const DynTable *table, Relation relation);
static char *qualified_name(Oid relid);
static List *add(List *damages, DynDamageEffect effect, char *problem, char *repair);
static int	compare(const ListCell *a, const ListCell *b);

List *
dyn_table_damage_list(const DynTable *table, bool all)
{
	Relation	relation = relation_open(table->relid, AccessShareLock);
	List	   *damages = NIL;

	for (int i = 0; i < table->column_count; i++)
	{
		const DynColumn *column = &table->columns[i];

		damages = check_column(damages, table, relation, column->name, dyn_table_name_column_type(column),
							   dyn_table_name_column_oid(column), dyn_table_is_primary(table, i));
	}
	damages = check_column(damages, table, relation, "item", "pg_catalog.jsonb", JSONBOID, true);
	damages = check_column(damages, table, relation, "size", "pg_catalog.int4", INT4OID, true);
	damages = check_primary_key(damages, table, relation);
	damages = check_rules(damages, table, relation);
	/* it holds no row itself, and its partitions have none of the triggers that belong to an item table */
	if (relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		damages = add(damages, DYN_DAMAGE_UNREADABLE, pstrdup("it is a partitioned table"), NULL);
	if (all)
	{
		damages = check_trigger(damages, table, relation, DYN_ITEM_TRIGGER, dyn_table_ddl_trigger_text(table));
		if (table->stream_view != NULL)
		{
			damages = check_trigger(damages, table, relation, DYN_STREAM_ROW_TRIGGER, NULL);
			damages = check_trigger(damages, table, relation, DYN_STREAM_TRUNCATE_TRIGGER, NULL);
		}
		for (int i = 0; i < table->index_count; i++)
			if (table->indexes[i].status == DYN_TABLE_ACTIVE)
				damages = check_index(damages, table, &table->indexes[i]);
		if (table->ttl_ready)
			damages = check_index(damages, table, NULL);
		if (relation->rd_rel->relpersistence == RELPERSISTENCE_UNLOGGED)
			damages = add(damages, DYN_DAMAGE_HARMLESS, pstrdup("the table is unlogged: a crash of the server empties it"),
						  psprintf("ALTER TABLE %s SET LOGGED", table->qualified));
		if (relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
			damages = check_children(damages, table);
		damages = check_parents(damages, table, relation);
	}
	relation_close(relation, AccessShareLock);
	list_sort(damages, compare);
	return damages;
}

/* required: it must not be null. */
static List *
check_column(List *damages, const DynTable *table, Relation relation, const char *name, const char *type, Oid type_oid,
			 bool required)
{
	TupleDesc	descriptor = RelationGetDescr(relation);
	char	   *change = psprintf("ALTER TABLE %s ALTER COLUMN %s", table->qualified, quote_identifier(name));
	Form_pg_attribute attribute = NULL;

	for (int i = 0; i < descriptor->natts; i++)
	{
		Form_pg_attribute candidate = TupleDescAttr(descriptor, i);

		if (!candidate->attisdropped && strcmp(NameStr(candidate->attname), name) == 0)
			attribute = candidate;
	}
	if (attribute == NULL)
		return add(damages, DYN_DAMAGE_UNREADABLE, psprintf("column \"%s\" is missing", name), NULL);
	if (attribute->atttypid != type_oid)
		return add(damages, DYN_DAMAGE_UNREADABLE,
				   psprintf("column \"%s\" has type %s instead of %s", name, format_type_be(attribute->atttypid),
							format_type_be(type_oid)),
				   psprintf("%s TYPE %s USING %s::%s", change, type, quote_identifier(name),
							format_type_be_qualified(type_oid)));
	if (type_oid == TEXTOID && attribute->attcollation != C_COLLATION_OID)
		return add(damages, DYN_DAMAGE_UNREADABLE, psprintf("column \"%s\" does not have collation \"C\"", name),
				   psprintf("%s TYPE %s", change, type));
	if (required && !attribute->attnotnull)
		return add(damages, DYN_DAMAGE_UNREADABLE, psprintf("column \"%s\" is not declared NOT NULL", name),
				   psprintf("%s SET NOT NULL", change));
	return damages;
}

/*
 * There must be a unique index on the columns of the key in their order; whether it is the primary key does not matter.
 * None on the same columns may be deferrable, since INSERT ... ON CONFLICT takes all that fit, and refuses such ones.
 */
static List *
check_primary_key(List *damages, const DynTable *table, Relation relation)
{
	List	   *indexes = RelationGetIndexList(relation);
	StringInfoData repair;
	bool		found = false;
	bool		deferrable = false;
	ListCell   *cell;

	initStringInfo(&repair);
	appendStringInfo(&repair, "ALTER TABLE %s ", table->qualified);
	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);
		bool		in_order;

		if (is_on_key(table, index, &in_order))
		{
			found |= in_order && index->rd_index->indimmediate;
			if (!index->rd_index->indimmediate)
				appendStringInfo(&repair, "DROP CONSTRAINT %s, ", quote_identifier(RelationGetRelationName(index)));
			deferrable |= !index->rd_index->indimmediate;
		}
		index_close(index, AccessShareLock);
	}
	list_free(indexes);
	if (found && !deferrable)
		return damages;

	if (found)
		repair.len -= strlen(", ");
	else
	{
		/* it may have a primary key on other columns */
		appendStringInfo(&repair, "ADD %s (", OidIsValid(relation->rd_pkindex) && !deferrable ? "UNIQUE" : "PRIMARY KEY");
		for (int i = 0; i < dyn_key_part_count(&table->keys); i++)
			appendStringInfo(&repair, "%s%s", i > 0 ? ", " : "", table->columns[table->keys.parts[i].column].quoted);
		appendStringInfoChar(&repair, ')');
	}
	repair.data[repair.len] = '\0';
	return add(damages, DYN_DAMAGE_UNWRITABLE,
			   pstrdup(deferrable ? "a unique constraint on the key's columns is deferrable"
								  : "there is no primary key on the key's columns"),
			   repair.data);
}

static bool
is_on_key(const DynTable *table, Relation index, bool *in_order)
{
	Form_pg_index form = index->rd_index;
	int			count = dyn_key_part_count(&table->keys);
	int			hits = 0;

	*in_order = true;
	if (!form->indisunique || !form->indisvalid || form->indnkeyatts != count ||
		RelationGetIndexExpressions(index) != NIL || RelationGetIndexPredicate(index) != NIL)
		return false;
	for (int i = 0; i < count; i++)
	{
		AttrNumber	attnum = table->columns[table->keys.parts[i].column].attnum;

		*in_order = *in_order && form->indkey.values[i] == attnum;
		for (int k = 0; k < count; k++)
			hits += form->indkey.values[k] == attnum;
	}
	return hits == count;
}

/* With a rule on INSERT or UPDATE, PostgreSQL takes no INSERT ... ON CONFLICT. */
static List *
check_rules(List *damages, const DynTable *table, Relation relation)
{
	for (int i = 0; relation->rd_rules != NULL && i < relation->rd_rules->numLocks; i++)
		if (relation->rd_rules->rules[i]->event == CMD_INSERT || relation->rd_rules->rules[i]->event == CMD_UPDATE)
			return add(damages, DYN_DAMAGE_UNWRITABLE, pstrdup("it has a rule on INSERT or UPDATE"), NULL);
	return damages;
}

static List *
check_trigger(List *damages, const DynTable *table, Relation relation, const char *name, const char *create)
{
	for (int i = 0; relation->trigdesc != NULL && i < relation->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &relation->trigdesc->triggers[i];

		if (strcmp(trigger->tgname, name) != 0)
			continue;
		if (trigger->tgenabled == TRIGGER_FIRES_ON_ORIGIN || trigger->tgenabled == TRIGGER_FIRES_ALWAYS)
			return damages;
		return add(damages, DYN_DAMAGE_HARMLESS, psprintf("trigger \"%s\" is disabled", name),
				   psprintf("ALTER TABLE %s ENABLE TRIGGER %s", table->qualified, quote_identifier(name)));
	}
	return add(damages, DYN_DAMAGE_HARMLESS, psprintf("trigger \"%s\" is missing", name), create ? pstrdup(create) : NULL);
}

/* index NULL: TimeToLive's */
static List *
check_index(List *damages, const DynTable *table, const DynIndex *index)
{
	char	   *problem = index ? psprintf("the PostgreSQL index of index \"%s\" is", index->name) :
		pstrdup("the PostgreSQL index of TimeToLive is");

	switch (dyn_index_method_state(table, index))
	{
		case DYN_INDEX_VALID:
			return damages;
		case DYN_INDEX_INVALID:
			return add(damages, DYN_DAMAGE_HARMLESS, psprintf("%s invalid", problem),
					   psprintf("REINDEX INDEX CONCURRENTLY %s", dyn_index_method_qualified(table, index)));
		case DYN_INDEX_MISSING:
			break;
	}
	return add(damages, DYN_DAMAGE_HARMLESS, psprintf("%s missing", problem),
			   dyn_index_method_create_text(table, index, true));
}

/* SQL that names the item table means the rows of these as well; we do not (docs/decisions/0012-child-tables.md). */
static List *
check_children(List *damages, const DynTable *table)
{
	List	   *children = find_inheritance_children(table->relid, NoLock);
	ListCell   *cell;

	foreach(cell, children)
	{
		char	   *name = qualified_name(lfirst_oid(cell));

		if (name != NULL)
			damages = add(damages, DYN_DAMAGE_HARMLESS, psprintf("table %s inherits from it, whose rows are no items", name),
						  psprintf("ALTER TABLE %s NO INHERIT %s", name, table->qualified));
	}
	return damages;
}

/* What is done to a parent's columns is done to ours, and a partition cannot get the column of a new index. */
static List *
check_parents(List *damages, const DynTable *table, Relation relation)
{
	Relation	catalogue = table_open(InheritsRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(table->relid));
	scan = systable_beginscan(catalogue, InheritsRelidSeqnoIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		char	   *name = qualified_name(((Form_pg_inherits) GETSTRUCT(tuple))->inhparent);

		if (name == NULL)
			continue;
		if (relation->rd_rel->relispartition)
			damages = add(damages, DYN_DAMAGE_HARMLESS,
						  psprintf("it is a partition of table %s, so no index can be added", name),
						  psprintf("ALTER TABLE %s DETACH PARTITION %s", name, table->qualified));
		else
			damages = add(damages, DYN_DAMAGE_HARMLESS, psprintf("it inherits from table %s, whose changes reach it", name),
						  psprintf("ALTER TABLE %s NO INHERIT %s", table->qualified, name));
	}
	systable_endscan(scan);
	table_close(catalogue, AccessShareLock);
	return damages;
}

/* NULL when it is dropped at this moment. */
static char *
qualified_name(Oid relid)
{
	char	   *name = get_rel_name(relid);
	char	   *schema = get_namespace_name(get_rel_namespace(relid));

	return name != NULL && schema != NULL ? quote_qualified_identifier(schema, name) : NULL;
}

static List *
add(List *damages, DynDamageEffect effect, char *problem, char *repair)
{
	DynDamage  *damage = palloc(sizeof(DynDamage));

	damage->effect = effect;
	damage->problem = problem;
	damage->repair = repair;
	return lappend(damages, damage);
}

static int
compare(const ListCell *a, const ListCell *b)
{
	return (int) ((DynDamage *) lfirst(a))->effect - (int) ((DynDamage *) lfirst(b))->effect;
}
