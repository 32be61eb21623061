/*
 * ExecuteStatement: one PartiQL statement.
 */
#include "postgres.h"

#include "flow/statement_flow.h"
#include "operation/operation.h"

void
dyn_op_execute_statement(DynCall *call)
{
	dyn_statement_flow_execute(call);
}
