/*
 * Checks an UpdateTable request before the table is looked up.
 *
 * AWS changes one thing at a time.  Which members may stand together is one of its rules, with a text for each pair
 * that may not; of several such texts the first in the order below is given.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "request/throughput_params.h"
#include "request/update_table_check.h"

#define TOO_MANY_UPDATES 200	/* so many are refused unread */

/* What a request asks for, a bit each. */
enum
{
	CAPACITY = 1,
	BILLING = 2,
	STREAM = 4,
	INDEXES = 8,
	ENCRYPTION = 16,
	CLASS = 32,
	PROTECTION = 64,
	ON_DEMAND = 128,
	WARM = 256,
	REPLICAS = 512,
	OTHER = 1024				/* what we do not do, but AWS counts */
};

static int	find_changes(const DynJson *body);
static void check_billing(const DynJson *body);
static void check_stream(const DynJson *json);
static void check_index_updates(const DynJson *updates);
static void check_index_update(const DynJson *update);
static DynStr updated_name(const DynJson *update);
static void check_combination(const DynJson *body, int changes);
static bool index_comes_or_goes(const DynJson *body, bool only_comes);

const DynJson *
dyn_update_table_check_indexes(const DynJson *body)
{
	const DynJson *updates = dyn_json_get(body, "GlobalSecondaryIndexUpdates");

	return updates != NULL && dyn_json_count(updates) > 0 ? updates : NULL;
}

void
dyn_update_table_check(const DynJson *body)
{
	const DynJson *updates = dyn_json_get(body, "GlobalSecondaryIndexUpdates");
	const DynJson *replicas = dyn_json_get(body, "ReplicaUpdates");
	int			changes = find_changes(body);

	/* a member that is there, and says nothing, is not asked for */
	if ((changes & ~OTHER) == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_NOTHING,
				  dyn_json_get(body, "MultiRegionConsistency") == NULL ? "MultiRegionConsistency, " : "");
	if (dyn_json_get(body, "VectorIndexUpdates") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_VECTOR_INDEXES_UNSUPPORTED);
	if (updates != NULL && dyn_json_count(updates) == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATES_EMPTY);
	check_billing(body);
	check_stream(dyn_json_get(body, "StreamSpecification"));
	if (updates != NULL)
		check_index_updates(updates);
	check_combination(body, changes);
	if (replicas != NULL && dyn_json_get(dyn_json_first(replicas), "Create") == NULL &&
		dyn_json_get(dyn_json_first(replicas), "Update") == NULL && dyn_json_get(dyn_json_first(replicas), "Delete") == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_REPLICA_ACTIONS_MISSING);
	if (replicas != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_REPLICAS_UNSUPPORTED);
}

static int
find_changes(const DynJson *body)
{
	static const struct
	{
		const char *name;
		int			change;
	}			members[] = {
		{"ProvisionedThroughput", CAPACITY}, {"BillingMode", BILLING}, {"StreamSpecification", STREAM},
		{"SSESpecification", ENCRYPTION}, {"TableClass", CLASS}, {"DeletionProtectionEnabled", PROTECTION},
		{"ReplicaUpdates", REPLICAS}, {"MultiRegionConsistency", OTHER}
	};
	int			changes = dyn_update_table_check_indexes(body) != NULL ? INDEXES : 0;

	for (int i = 0; i < lengthof(members); i++)
		if (dyn_json_get(body, members[i].name) != NULL)
			changes |= members[i].change;
	if (dyn_throughput_params_given(dyn_json_get(body, "OnDemandThroughput")))
		changes |= ON_DEMAND;
	if (dyn_throughput_params_given(dyn_json_get(body, "WarmThroughput")))
		changes |= WARM;
	return changes;
}

static void
check_billing(const DynJson *body)
{
	const DynJson *throughput = dyn_json_get(body, "ProvisionedThroughput");
	DynStr		mode = dyn_json_get_string(body, "BillingMode");
	DynThroughput unused;

	if (mode.data != NULL && dyn_text_equal_cstring(mode, "PROVISIONED") && throughput == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_CAPACITY_MISSING);
	if (mode.data != NULL && !dyn_text_equal_cstring(mode, "PROVISIONED") && throughput != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_CAPACITY_ON_DEMAND);
	if (throughput != NULL)
		dyn_throughput_params_units(throughput, &unused);
}

static void
check_stream(const DynJson *json)
{
	bool		enable;

	if (json == NULL)
		return;
	enable = dyn_json_get_boolean(json, "StreamEnabled", false);
	if (enable && dyn_json_get(json, "StreamViewType") == NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_ENABLE_WITHOUT_VIEW_TYPE);
	if (!enable && dyn_json_get(json, "StreamViewType") != NULL)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_STREAM_DISABLE_WITH_VIEW_TYPE);
}

static void
check_index_updates(const DynJson *updates)
{
	if (dyn_json_count(updates) > TOO_MANY_UPDATES)
		dyn_error(DYN_ERR_LIMIT_EXCEEDED, DYN_MSG_ONE_INDEX_AT_ONCE);
	for (const DynJson *update = dyn_json_first(updates); update != NULL; update = dyn_json_next(update))
	{
		check_index_update(update);
		for (const DynJson *other = dyn_json_first(updates); other != update; other = dyn_json_next(other))
			if (dyn_text_equal(updated_name(other), updated_name(update)))
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATED_TWICE, dyn_text_to_cstring(updated_name(update)));
	}
}

static void
check_index_update(const DynJson *update)
{
	const DynJson *change = dyn_json_get(update, "Update");
	const DynJson *warm = dyn_json_get(change, "WarmThroughput");
	int			count = 0;

	count += change != NULL;
	count += dyn_json_get(update, "Create") != NULL;
	count += dyn_json_get(update, "Delete") != NULL;
	if (count == 0)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATE_EMPTY);
	if (count > 1)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATE_SEVERAL);
	if (warm != NULL && !dyn_throughput_params_given(warm))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_INDEX_UPDATE_WARM_EMPTY, dyn_text_to_cstring(updated_name(update)));
}

static DynStr
updated_name(const DynJson *update)
{
	static const char *const actions[] = {"Update", "Create", "Delete"};

	for (int i = 0; i < lengthof(actions); i++)
		if (dyn_json_get(update, actions[i]) != NULL)
			return dyn_json_get_string(dyn_json_get(update, actions[i]), "IndexName");
	return (DynStr) {"", 0};
}

static void
check_combination(const DynJson *body, int changes)
{
	static const struct
	{
		int			change;
		const char *name;
	}			alone[] = {
		{ENCRYPTION, "Server-Side Encryption modification"}, {CLASS, "TableClass modification"},
		{PROTECTION, "DeletionProtection modification"}, {REPLICAS, "Replica modification"}, {WARM, "WarmThroughput"}
	};
	DynStr		mode = dyn_json_get_string(body, "BillingMode");
	bool		capacity = (changes & CAPACITY) || (mode.data != NULL && dyn_text_equal_cstring(mode, "PROVISIONED"));

	for (int i = 0; i < lengthof(alone); i++)
	{
		if (!(changes & alone[i].change) || changes == alone[i].change)
			continue;
		if (alone[i].change == WARM && index_comes_or_goes(body, true))
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_WARM_AND_INDEX);
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_ALONE, alone[i].name);
	}
	if ((changes & ON_DEMAND) && (changes & (STREAM | INDEXES)))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_ON_DEMAND_ALONE);
	if ((changes & STREAM) && capacity)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_STREAM_AND_CAPACITY);
	if (capacity && index_comes_or_goes(body, false))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_INDEX_AND_CAPACITY);
	if ((changes & STREAM) && index_comes_or_goes(body, false))
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_UPDATE_INDEX_AND_STREAM);
}

static bool
index_comes_or_goes(const DynJson *body, bool only_comes)
{
	const DynJson *updates = dyn_update_table_check_indexes(body);

	for (const DynJson *update = updates ? dyn_json_first(updates) : NULL; update != NULL; update = dyn_json_next(update))
		if (dyn_json_get(update, "Create") != NULL || (!only_comes && dyn_json_get(update, "Delete") != NULL))
			return true;
	return false;
}
