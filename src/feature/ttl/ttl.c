/*
 * TimeToLive settings.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "catalog/index_ddl.h"
#include "catalog/table_cache.h"
#include "db/scope.h"
#include "feature/ttl/ttl.h"

static void save(const DynTable *table, bool ready, TimestampTz changed);

void
dyn_ttl_enable(const DynTable *table, DynStr attribute, TimestampTz now)
{
	dyn_index_ddl_add_ttl(table, attribute);
	save(table, false, now);
	(void) dyn_job_add("ttl_build", table, dyn_text_printable(attribute));
}

void
dyn_ttl_disable(const DynTable *table, TimestampTz now)
{
	dyn_index_ddl_remove_ttl(table);
	save(table, false, now);
}

void
dyn_ttl_set_ready(const DynTable *table)
{
	save(table, true, table->ttl_changed);
}

static void
save(const DynTable *table, bool ready, TimestampTz changed)
{
	DynTable	copy = *table;

	copy.ttl_ready = ready;
	copy.ttl_changed = changed;
	dyn_table_cache_update(table, &copy);
}

char *
dyn_ttl_next(const char *after)
{
	Oid			type = TEXTOID;
	Datum		value = CStringGetTextDatum(after);

	return dyn_scope_look_up("SELECT name FROM dynamo.tables WHERE ttl_ready AND name > $1 ORDER BY name LIMIT 1",
								   1, &type, &value);
}
