/*
 * ExecuteStatement: one PartiQL statement.
 */
#include "postgres.h"

#include "flow/statement_flow.h"
#include "service/dynamodb/dynamodb.h"

void
dyn_dynamodb_execute_statement(DynCall *call)
{
	dyn_statement_flow_execute(call);
}
