/*
 * DynamoDB's reserved words, which no expression may use as a plain attribute name.
 */
#ifndef DYN_RESERVED_WORD_H
#define DYN_RESERVED_WORD_H

#include "base/text.h"

/* In any mix of upper and lower case. */
extern bool dyn_reserved_word_is(DynStr name);

#endif
