/*
 * STS: the service's own facts, and its operations.
 */
#include "postgres.h"

#include "service/protocol/query_protocol.h"
#include "service/sts/sts.h"

static DynOperation operations[] = {
#define DYN_OPERATION(aws_name, stem, is_write) {.name = #aws_name, .writes = is_write, .run = dyn_sts_##stem},
#include "service/sts/op_list.h"
};

const DynService dyn_service_sts = {
	.version = "2011-06-15",
	.xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
	.signing_name = "sts",
	.protocol = &dyn_query_protocol,
	.model = &dyn_model_sts,
	.operations = operations,
	.operation_count = lengthof(operations)
};
