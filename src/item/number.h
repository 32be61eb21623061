/*
 * DynamoDB's numbers: decimals of up to 38 significant digits, exact, 1E-130 to 9.99...E+125 and zero.
 */
#ifndef DYN_NUMBER_H
#define DYN_NUMBER_H

#include "base/limits.h"
#include "base/text.h"

/* value = (negative ? -1 : 1) * d[0].d[1]d[2]... * 10^exponent; no leading or trailing zero digit; zero: count = 0 */
typedef struct DynNumber
{
	bool		negative;
	uint8		count;
	int16		exponent;
	uint8		digits[DYN_MAX_NUMBER_DIGITS];	/* 0 .. 9 */
} DynNumber;

typedef enum DynNumberResult
{
	DYN_NUMBER_OK,
	DYN_NUMBER_INVALID,			/* not a number at all */
	DYN_NUMBER_OVERFLOW,		/* magnitude too large */
	DYN_NUMBER_UNDERFLOW,		/* magnitude too small */
	DYN_NUMBER_PRECISION		/* more than 38 significant digits */
} DynNumberResult;

/* Which texts are no number, or out of range, depends on the layer with which AWS reads them: dyn_error_is_older(). */
extern DynNumberResult dyn_number_parse(DynStr text, DynNumber *number);
/* DynamoDB's canonical text: plain decimal notation, no exponent, no padding zeros. */
extern void dyn_number_append(StringInfo out, const DynNumber *number);
extern DynStr dyn_number_text(const DynNumber *number);
extern int	dyn_number_compare(const DynNumber *a, const DynNumber *b);
/* The results can leave the range: OVERFLOW, UNDERFLOW or PRECISION, as AWS reports. */
extern DynNumberResult dyn_number_add(const DynNumber *a, const DynNumber *b, DynNumber *sum);
extern DynNumberResult dyn_number_subtract(const DynNumber *a, const DynNumber *b, DynNumber *difference);
/* Bytes the number counts in an item's size. */
extern int	dyn_number_size(const DynNumber *number);
/* Raises the ValidationException that AWS gives for a result other than OK. */
extern void dyn_number_check(DynNumberResult result, DynStr text);

/* PostgreSQL's numeric and back.  From numeric: false when it is NaN, infinite or outside DynamoDB's range. */
extern Datum dyn_number_to_numeric(const DynNumber *number);
extern bool dyn_number_from_numeric(Datum numeric, DynNumber *number);

#endif
