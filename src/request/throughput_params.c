/*
 * Reads the parameters of throughput: provisioned, on demand, warm.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/guc.h"
#include "base/limits.h"
#include "base/message.h"
#include "request/throughput_params.h"

#define MAX_THROUGHPUT INT64CONST(1000000000000)

static int64 read_maximum(const DynJson *json, const char *name, const char *index_name, DynThroughputUse use);
static const char *warm_owner(const char *index_name);

void
dyn_throughput_params_units(const DynJson *json, DynThroughput *throughput)
{
	throughput->read_units = dyn_json_get_integer(json, "ReadCapacityUnits", 0);
	throughput->write_units = dyn_json_get_integer(json, "WriteCapacityUnits", 0);
	if (throughput->read_units > MAX_THROUGHPUT)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_READ_CAPACITY_BOUNDS, throughput->read_units);
	if (throughput->write_units > MAX_THROUGHPUT)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_WRITE_CAPACITY_BOUNDS, throughput->write_units);
}

void
dyn_throughput_params_on_demand(const DynJson *json, const char *index_name, bool on_demand, DynThroughputUse use,
								DynThroughput *throughput)
{
	static const char *const names[] = {"MaxReadRequestUnits", "MaxWriteRequestUnits"};
	int64	   *const units[] = {&throughput->max_read_units, &throughput->max_write_units};

	for (int i = 0; json != NULL && !on_demand && i < lengthof(names); i++)
	{
		if (dyn_json_get(json, names[i]) == NULL)
			continue;
		if (use == DYN_THROUGHPUT_CREATES_TABLE)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_CREATE_ON_DEMAND_PROVISIONED, names[i],
					  index_name ? psprintf(" for index: %s", index_name) : "");
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ON_DEMAND_PROVISIONED, names[i],
				  index_name ? psprintf(" for index : %s", index_name) : "");
	}
	for (int i = 0; json != NULL && i < lengthof(names); i++)
		if (dyn_json_get(json, names[i]) != NULL)
			*units[i] = read_maximum(json, names[i], index_name, use);
	throughput->has_on_demand = throughput->max_read_units != 0 || throughput->max_write_units != 0;
}

/* 0: none any more */
static int64
read_maximum(const DynJson *json, const char *name, const char *index_name, DynThroughputUse use)
{
	int64		units = dyn_json_get_integer(json, name, 0);

	if (units == -1 && use == DYN_THROUGHPUT_UPDATES_TABLE)
		return 0;
	if (units < 1)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_ON_DEMAND_RANGE, name,
				  index_name ? psprintf(" for index : %s", index_name) : " for table");
	return units;
}

void
dyn_throughput_params_warm(const DynJson *json, const char *index_name, bool on_demand, DynThroughput *throughput)
{
	static const char *const names[] = {"ReadUnitsPerSecond", "WriteUnitsPerSecond"};
	const int64 least[] = {
		on_demand ? DYN_ON_DEMAND_READ_UNITS : throughput->read_units,
		on_demand ? DYN_ON_DEMAND_WRITE_UNITS : throughput->write_units
	};
	int64	   *const units[] = {&throughput->warm_read_units, &throughput->warm_write_units};

	for (int i = 0; json != NULL && i < lengthof(names); i++)
	{
		if (dyn_json_get(json, names[i]) == NULL)
			continue;
		*units[i] = dyn_json_get_integer(json, names[i], 0);
		if (*units[i] >= least[i])
			continue;
		if (on_demand)
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_WARM_BELOW_ON_DEMAND, names[i], warm_owner(index_name));
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_WARM_BELOW_PROVISIONED, names[i], warm_owner(index_name),
				  i == 0 ? "ReadCapacityUnits" : "WriteCapacityUnits");
	}
}

void
dyn_throughput_params_warm_more(const DynJson *json, const char *index_name, bool on_demand, DynThroughput *throughput)
{
	static const char *const names[] = {"ReadUnitsPerSecond", "WriteUnitsPerSecond"};
	int64	   *const units[] = {&throughput->warm_read_units, &throughput->warm_write_units};

	for (int i = 0; json != NULL && i < lengthof(names); i++)
	{
		int64		wanted = dyn_json_get_integer(json, names[i], 0);

		if (dyn_json_get(json, names[i]) == NULL)
			continue;
		if (wanted < dyn_table_warm_units(throughput, on_demand, i == 0))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_WARM_DECREASED, names[i], warm_owner(index_name));
		*units[i] = wanted;
	}
}

static const char *
warm_owner(const char *index_name)
{
	return index_name ? psprintf("index %s", index_name) : "table";
}

void
dyn_throughput_params_check_quota(const DynThroughput *throughput, const char *index_name)
{
	const struct
	{
		const char *name;
		int64		units;
		bool		reads;
	}			values[] = {
		{"MaxReadRequestUnits for OnDemandThroughput", throughput->max_read_units, true},
		{"MaxWriteRequestUnits for OnDemandThroughput", throughput->max_write_units, false},
		{"ReadUnitsPerSecond for WarmThroughput", throughput->warm_read_units, true},
		{"WriteUnitsPerSecond for WarmThroughput", throughput->warm_write_units, false},
	};

	for (int i = 0; i < 2; i++)
	{
		int64		units = i == 0 ? throughput->read_units : throughput->write_units;
		const char *name = i == 0 ? "ReadCapacityUnits" : "WriteCapacityUnits";

		if (units > DYN_MAX_TABLE_CAPACITY && index_name == NULL)
			dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_TABLE_CAPACITY_QUOTA, name, units, dyn_guc_region, DYN_MAX_TABLE_CAPACITY);
		if (units > DYN_MAX_TABLE_CAPACITY)
			dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_INDEX_CAPACITY_QUOTA, name, index_name, units, dyn_guc_region,
					  DYN_MAX_TABLE_CAPACITY);
	}
	for (int i = 0; i < lengthof(values); i++)
		if (values[i].units > DYN_MAX_TABLE_CAPACITY)
			dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_THROUGHPUT_QUOTA, values[i].name,
					  index_name == NULL ? "table" : i < 2 ? psprintf("index : %s", index_name) : warm_owner(index_name),
					  values[i].reads ? "TableMaxReadCapacityUnits" : "TableMaxWriteCapacityUnits", dyn_guc_region);
}

bool
dyn_throughput_params_given(const DynJson *json)
{
	static const char *const names[] = {
		"MaxReadRequestUnits", "MaxWriteRequestUnits", "ReadUnitsPerSecond", "WriteUnitsPerSecond"
	};

	for (int i = 0; json != NULL && i < lengthof(names); i++)
		if (dyn_json_get(json, names[i]) != NULL)
			return true;
	return false;
}
