/*
 * ReturnValues in all its forms.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/message.h"
#include "expr/update_apply.h"
#include "item/item_json.h"
#include "json/json_write.h"
#include "response/return_values.h"

DynReturnValues
dyn_return_values_read(const DynJson *body)
{
	static const char *const names[] = {"NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"};
	DynStr		value = dyn_json_get_string(body, "ReturnValues");

	for (int i = 0; value.data != NULL && i < lengthof(names); i++)
		if (dyn_text_equal_cstring(value, names[i]))
			return (DynReturnValues) i;
	return DYN_RETURN_NONE;
}

DynReturnValues
dyn_return_values_read_old(const DynJson *body)
{
	DynReturnValues values = dyn_return_values_read(body);

	if (values != DYN_RETURN_NONE && values != DYN_RETURN_ALL_OLD)
		dyn_error(DYN_ERR_VALIDATION, DYN_MSG_RETURN_VALUES_OLD_OR_NONE);
	return values;
}

void
dyn_return_values_write(StringInfo out, DynReturnValues values, const DynUpdate *update, const DynItem *old,
						const DynItem *new)
{
	const DynItem *item = NULL;

	switch (values)
	{
		case DYN_RETURN_NONE:
			return;
		case DYN_RETURN_ALL_OLD:
			item = old;
			break;
		case DYN_RETURN_ALL_NEW:
			item = new;
			break;
		case DYN_RETURN_UPDATED_OLD:
			if (update != NULL && old != NULL)
				item = dyn_update_apply_touched(update, old);
			break;
		case DYN_RETURN_UPDATED_NEW:
			if (update != NULL && new != NULL)
				item = dyn_update_apply_touched(update, new);
			break;
	}
	if (item == NULL)
		return;
	dyn_json_write_member(out, "Attributes");
	dyn_item_json_write(out, item);
}
