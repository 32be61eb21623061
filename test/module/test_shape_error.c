/*
 * Links request/shape_error.c, the half of request/shape.c that words its errors, into the module.
 */
#include "request/shape_error.c"
