/*
 * The operations of DynamoDB that are built: DYN_OPERATION(AWS name, C stem, writes)
 *
 * One row gives the prototype, the look-up's entry and the access action; checks see to it that <stem>.c beside this
 * file, test/pgtap/<stem>.sql and a section of docs/operations.md exist.  Keep the rows in alphabetical order.
 */
#ifndef DYN_OPERATION
#error "define DYN_OPERATION before including op_list.h"
#endif

DYN_OPERATION(BatchExecuteStatement, batch_execute_statement, false)
DYN_OPERATION(BatchGetItem, batch_get_item, false)
DYN_OPERATION(BatchWriteItem, batch_write_item, true)
DYN_OPERATION(CreateTable, create_table, true)
DYN_OPERATION(DeleteItem, delete_item, true)
DYN_OPERATION(DeleteTable, delete_table, true)
DYN_OPERATION(DescribeContinuousBackups, describe_continuous_backups, false)
DYN_OPERATION(DescribeContributorInsights, describe_contributor_insights, false)
DYN_OPERATION(DescribeEndpoints, describe_endpoints, false)
DYN_OPERATION(DescribeKinesisStreamingDestination, describe_kinesis_streaming_destination, false)
DYN_OPERATION(DescribeLimits, describe_limits, false)
DYN_OPERATION(DescribeTable, describe_table, false)
DYN_OPERATION(DescribeTimeToLive, describe_time_to_live, false)
DYN_OPERATION(ExecuteStatement, execute_statement, false)
DYN_OPERATION(ExecuteTransaction, execute_transaction, false)
DYN_OPERATION(GetItem, get_item, false)
DYN_OPERATION(GetResourcePolicy, get_resource_policy, false)
DYN_OPERATION(ListBackups, list_backups, false)
DYN_OPERATION(ListContributorInsights, list_contributor_insights, false)
DYN_OPERATION(ListExports, list_exports, false)
DYN_OPERATION(ListGlobalTables, list_global_tables, false)
DYN_OPERATION(ListImports, list_imports, false)
DYN_OPERATION(ListTables, list_tables, false)
DYN_OPERATION(ListTagsOfResource, list_tags_of_resource, false)
DYN_OPERATION(PutItem, put_item, true)
DYN_OPERATION(Query, query, false)
DYN_OPERATION(Scan, scan, false)
DYN_OPERATION(TagResource, tag_resource, true)
DYN_OPERATION(TransactGetItems, transact_get_items, false)
DYN_OPERATION(TransactWriteItems, transact_write_items, true)
DYN_OPERATION(UntagResource, untag_resource, true)
DYN_OPERATION(UpdateContinuousBackups, update_continuous_backups, true)
DYN_OPERATION(UpdateItem, update_item, true)
DYN_OPERATION(UpdateTable, update_table, true)
DYN_OPERATION(UpdateTimeToLive, update_time_to_live, true)

#undef DYN_OPERATION
