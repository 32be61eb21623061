/*
 * The operations of STS that are built: DYN_OPERATION(AWS name, C stem, writes)
 *
 * One row gives the prototype, the look-up's entry and the access action; checks see to it that <stem>.c beside this
 * file, test/pgtap/<stem>.sql and a section of docs/operations.md exist.  Keep the rows in alphabetical order.
 */
#ifndef DYN_OPERATION
#error "define DYN_OPERATION before including op_list.h"
#endif

DYN_OPERATION(GetCallerIdentity, get_caller_identity, false)

#undef DYN_OPERATION
