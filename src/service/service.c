/*
 * Finds operations by service and name, and runs calls.
 */
#include "postgres.h"

#include "access/xlog.h"

#include "base/error.h"
#include "base/message.h"
#include "db/scope.h"
#include "request/error_layer.h"
#include "request/shape.h"
#include "service/service.h"

static const DynService *const services[] = {
#define DYN_SERVICE(name) &dyn_service_##name,
#include "service/service_list.h"
};
static bool prepared = false;

static void prepare(void);
static const DynShape *find_input(const DynModel *model, const char *name);
static const DynOperation *find_operation(const DynService *service, DynStr name);

const DynOperation *
dyn_service_find_target(DynStr target)
{
	for (int i = 0; i < lengthof(services); i++)
	{
		int			length = services[i]->target_prefix != NULL ? strlen(services[i]->target_prefix) : 0;

		if (length > 0 && target.len > length + 1 && target.data[length] == '.' &&
			memcmp(target.data, services[i]->target_prefix, length) == 0)
			return find_operation(services[i], (DynStr) {target.data + length + 1, target.len - length - 1});
	}
	return NULL;
}

const DynOperation *
dyn_service_find_action(DynStr action, DynStr version)
{
	const DynOperation *operation = NULL;

	for (int i = 0; i < lengthof(services) && operation == NULL; i++)
		if (services[i]->version != NULL && dyn_text_equal_cstring(version, services[i]->version))
			operation = find_operation(services[i], action);
	return operation;
}

const DynOperation *
dyn_service_find(DynStr name)
{
	const DynOperation *operation = NULL;

	for (int i = 0; i < lengthof(services) && operation == NULL; i++)
		operation = find_operation(services[i], name);
	return operation;
}

void
dyn_service_run(DynCall *call)
{
	DynErrorLayer outer;
	bool		odd;

	dyn_error_bare();
	call->operation_name = call->operation->name;
	if (!dyn_json_is_object(call->body))
		dyn_error(DYN_ERR_SERIALIZATION, DYN_MSG_UNEXPECTED_VALUE_TYPE);
	dyn_scope_check_version();
	odd = dyn_shape_check(call->operation->input, call->body);
	if (call->operation->writes && RecoveryInProgress())
		dyn_error(DYN_ERR_SERVICE_UNAVAILABLE, DYN_MSG_SERVICE_UNAVAILABLE);
	outer = dyn_error_layer_begin((DynErrorLayer) {call->operation_name, odd, DYN_PHASE_REQUEST});
	call->operation->run(call);
	(void) dyn_error_layer_begin(outer);
}

static const DynOperation *
find_operation(const DynService *service, DynStr name)
{
	int			low = 0;
	int			high = service->operation_count - 1;

	if (!prepared)
		prepare();
	while (low <= high)
	{
		int			middle = (low + high) / 2;
		int			order = dyn_text_compare(name, dyn_text_from_cstring(service->operations[middle].name));

		if (order == 0)
			return &service->operations[middle];
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return NULL;
}

static void
prepare(void)
{
	for (int i = 0; i < lengthof(services); i++)
		for (int k = 0; k < services[i]->operation_count; k++)
		{
			DynOperation *operation = &services[i]->operations[k];

			operation->service = services[i];
			operation->input = find_input(services[i]->model, operation->name);
		}
	prepared = true;
}

static const DynShape *
find_input(const DynModel *model, const char *name)
{
	for (int i = 0; i < model->operation_count; i++)
		if (strcmp(model->operations[i].name, name) == 0)
			return model->operations[i].input;
	elog(ERROR, "the service model has no operation %s", name);
}
