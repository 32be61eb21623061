/*
 * The operations of DynamoDB Streams that are built: DYN_OPERATION(AWS name, C stem, writes)
 *
 * One row gives the prototype, the look-up's entry and the access action; checks see to it that <stem>.c beside this
 * file, test/pgtap/<stem>.sql and a section of docs/operations.md exist.  Keep the rows in alphabetical order.
 */
#ifndef DYN_OPERATION
#error "define DYN_OPERATION before including op_list.h"
#endif

DYN_OPERATION(DescribeStream, describe_stream, false)
DYN_OPERATION(GetRecords, get_records, false)
DYN_OPERATION(GetShardIterator, get_shard_iterator, false)
DYN_OPERATION(ListStreams, list_streams, false)

#undef DYN_OPERATION
