/*
 * The array of operations, made from op_list.h and the service model.
 */
#include "postgres.h"

#include "dispatch/op_table.h"
#include "operation/operation.h"

static DynOperation operations[] = {
#define DYN_OPERATION(name, stem, service, writes) {#name, service, writes, dyn_op_##stem, NULL},
#include "operation/op_list.h"
};
static bool shapes_found = false;

static void
find_shapes(void)
{
	for (int i = 0; i < lengthof(operations); i++)
	{
		for (int j = 0; j < dyn_service_model_operation_count; j++)
		{
			const DynModelOperation *model = &dyn_service_model_operations[j];

			if (model->service == operations[i].service && strcmp(model->name, operations[i].name) == 0)
				operations[i].input = model->input;
		}
		if (operations[i].input == NULL)
			elog(ERROR, "the service model has no operation %s", operations[i].name);
	}
	shapes_found = true;
}

const DynOperation *
dyn_op_table_find(DynService service, DynStr name)
{
	int			low = 0;
	int			high = lengthof(operations) - 1;

	if (!shapes_found)
		find_shapes();
	while (low <= high)
	{
		int			middle = (low + high) / 2;
		int			order = dyn_text_compare(name, dyn_text_from_cstring(operations[middle].name));

		if (order == 0)
			return operations[middle].service == service ? &operations[middle] : NULL;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return NULL;
}
