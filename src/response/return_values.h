/*
 * ReturnValues: which attributes a write sends back.
 */
#ifndef DYN_RETURN_VALUES_H
#define DYN_RETURN_VALUES_H

#include "expr/update.h"
#include "json/json.h"

typedef enum DynReturnValues
{
	DYN_RETURN_NONE,
	DYN_RETURN_ALL_OLD,
	DYN_RETURN_UPDATED_OLD,
	DYN_RETURN_ALL_NEW,
	DYN_RETURN_UPDATED_NEW
} DynReturnValues;

/* The request's choice; the model has checked that it is one of the five. */
extern DynReturnValues dyn_return_values_read(const DynJson *body);
/* PutItem and DeleteItem know only two: ValidationException otherwise. */
extern DynReturnValues dyn_return_values_read_old(const DynJson *body);
/* Writes "Attributes" where there is something to send; update is NULL for put and delete. */
extern void dyn_return_values_write(StringInfo out, DynReturnValues values, const DynUpdate *update, const DynItem *old,
									const DynItem *new);

#endif
