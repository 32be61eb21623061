/*
 * The operations, by name.
 */
#ifndef DYN_OP_TABLE_H
#define DYN_OP_TABLE_H

#include "base/call.h"
#include "base/text.h"
#include "request/service_model.h"

typedef struct DynOperation
{
	const char *name;			/* AWS name */
	DynService	service;
	bool		writes;			/* refused on a standby */
	void		(*run) (DynCall *call);
	const DynShape *input;
} DynOperation;

/* NULL when there is no such operation, or none built. */
extern const DynOperation *dyn_op_table_find(DynService service, DynStr name);

#endif
