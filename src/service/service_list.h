/*
 * The services: DYN_SERVICE(room).  service/<room>/<room>.c says what each is.
 */
#ifndef DYN_SERVICE
#error "define DYN_SERVICE before including service_list.h"
#endif

DYN_SERVICE(dynamodb)
DYN_SERVICE(streams)
DYN_SERVICE(sts)

#undef DYN_SERVICE
