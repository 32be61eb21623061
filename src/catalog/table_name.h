/*
 * The PostgreSQL names and types behind a DynamoDB table.  Names are palloc'd, and not quoted.
 */
#ifndef DYN_TABLE_NAME_H
#define DYN_TABLE_NAME_H

#include "catalog/table.h"

/* The item table (index_name NULL), or an index of it. */
extern char *dyn_table_name_relation(const char *table_name, const char *index_name);
/* The index of the primary key. */
extern char *dyn_table_name_primary(const char *table_name);
extern char *dyn_table_name_column(DynStr attribute);
/*
 * An attribute that is a hash key here and a range key there has a column for each.  The use that comes first, the
 * table's own before its indexes', has the plain name; the other is called "~hash~<attribute>" or "~range~<attribute>".
 */
extern char *dyn_table_name_second_column(DynStr attribute, bool is_hash);

/* The type of a column, as DDL writes it and as a number. */
extern const char *dyn_table_name_column_type(const DynColumn *column);
extern Oid	dyn_table_name_column_oid(const DynColumn *column);

#endif
