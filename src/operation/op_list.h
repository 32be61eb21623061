/*
 * The operations that are built: DYN_OPERATION(AWS name, C stem, service, writes)
 *
 * One row gives the prototype, the dispatch entry and the access action; checks see to it that operation/<stem>.c,
 * test/pgtap/<stem>.sql and a section of docs/operations.md exist.  Keep the rows in alphabetical order.
 */
#ifndef DYN_OPERATION
#error "define DYN_OPERATION before including op_list.h"
#endif

DYN_OPERATION(BatchExecuteStatement, batch_execute_statement, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(BatchGetItem, batch_get_item, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(BatchWriteItem, batch_write_item, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(CreateTable, create_table, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(DeleteItem, delete_item, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(DeleteTable, delete_table, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(DescribeContinuousBackups, describe_continuous_backups, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(DescribeEndpoints, describe_endpoints, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(DescribeLimits, describe_limits, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(DescribeStream, describe_stream, DYN_SERVICE_STREAMS, false)
DYN_OPERATION(DescribeTable, describe_table, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(DescribeTimeToLive, describe_time_to_live, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(ExecuteStatement, execute_statement, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(ExecuteTransaction, execute_transaction, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(GetItem, get_item, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(GetRecords, get_records, DYN_SERVICE_STREAMS, false)
DYN_OPERATION(GetShardIterator, get_shard_iterator, DYN_SERVICE_STREAMS, false)
DYN_OPERATION(ListStreams, list_streams, DYN_SERVICE_STREAMS, false)
DYN_OPERATION(ListTables, list_tables, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(ListTagsOfResource, list_tags_of_resource, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(PutItem, put_item, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(Query, query, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(Scan, scan, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(TagResource, tag_resource, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(TransactGetItems, transact_get_items, DYN_SERVICE_DYNAMODB, false)
DYN_OPERATION(TransactWriteItems, transact_write_items, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(UntagResource, untag_resource, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(UpdateItem, update_item, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(UpdateTable, update_table, DYN_SERVICE_DYNAMODB, true)
DYN_OPERATION(UpdateTimeToLive, update_time_to_live, DYN_SERVICE_DYNAMODB, true)

#undef DYN_OPERATION
