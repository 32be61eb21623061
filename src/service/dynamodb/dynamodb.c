/*
 * DynamoDB: the service's own facts, and its operations.
 */
#include "postgres.h"

#include "service/dynamodb/dynamodb.h"
#include "service/protocol/json_protocol.h"

static DynOperation operations[] = {
#define DYN_OPERATION(aws_name, stem, is_write) {.name = #aws_name, .writes = is_write, .run = dyn_dynamodb_##stem},
#include "service/dynamodb/op_list.h"
};

const DynService dyn_service_dynamodb = {
	.target_prefix = "DynamoDB_20120810",
	.signing_name = "dynamodb",
	.protocol = &dyn_json_protocol,
	.model = &dyn_model_dynamodb,
	.operations = operations,
	.operation_count = lengthof(operations)
};
