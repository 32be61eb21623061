/*
 * DynamoDB Streams: the service's own facts, and its operations.
 */
#include "postgres.h"

#include "service/streams/streams.h"
#include "service/protocol/json_protocol.h"

static DynOperation operations[] = {
#define DYN_OPERATION(aws_name, stem, is_write) {.name = #aws_name, .writes = is_write, .run = dyn_streams_##stem},
#include "service/streams/op_list.h"
};

const DynService dyn_service_streams = {
	.target_prefix = "DynamoDBStreams_20120810",
	.signing_name = "dynamodb",
	.protocol = &dyn_json_protocol,
	.model = &dyn_model_streams,
	.operations = operations,
	.operation_count = lengthof(operations)
};
