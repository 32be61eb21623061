/*
 * dynamo.check_table(): what SQL users have done to an item table, and how to undo it.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "storage/lockdefs.h"
#include "utils/builtins.h"

#include "base/error.h"
#include "base/message.h"
#include "catalog/table_cache.h"
#include "catalog/table_damage.h"
#include "catalog/table_lost.h"

static const char *effect_text(DynDamageEffect effect);

PG_FUNCTION_INFO_V1(dynamo_check_table);

Datum
dynamo_check_table(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const DynTable *table = dyn_table_cache_find_damaged(name, AccessShareLock);
	DynLostTable *lost = table == NULL ? dyn_table_lost_find(name) : NULL;
	DynDamage	missing = {.effect = DYN_DAMAGE_UNREADABLE};
	List	   *damages;
	ListCell   *cell;

	if (lost != NULL)
	{
		missing.problem = dyn_table_lost_problem(lost);
		missing.repair = dyn_table_lost_repair(lost);
		damages = list_make1(&missing);
	}
	else
		damages = dyn_table_damage_list(table ? table : dyn_table_cache_describe(name, AccessShareLock), true);

	InitMaterializedSRF(fcinfo, 0);
	foreach(cell, damages)
	{
		const DynDamage *damage = lfirst(cell);
		Datum		values[3] = {CStringGetTextDatum(damage->problem), CStringGetTextDatum(effect_text(damage->effect)),
						   (Datum) 0};
		bool		nulls[3] = {false, false, damage->repair == NULL};

		if (damage->repair != NULL)
			values[2] = CStringGetTextDatum(damage->repair);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

static const char *
effect_text(DynDamageEffect effect)
{
	switch (effect)
	{
		case DYN_DAMAGE_UNREADABLE:
			return "not served";
		case DYN_DAMAGE_UNWRITABLE:
			return "not written";
		case DYN_DAMAGE_HARMLESS:
			break;
	}
	return "served";
}
