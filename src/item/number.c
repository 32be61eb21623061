/*
 * DynamoDB's numbers.
 *
 * A number is its significant digits and the power of ten of the first of them, never padded, so equal numbers are
 * equal structures and nothing here needs more room than 38 digits, however large an exponent a client writes.
 */
#include "postgres.h"

#include "utils/numeric.h"

#include "base/compat.h"
#include "base/error.h"
#include "base/message.h"
#include "item/number.h"

#define MAX_TEXT (DYN_MAX_NUMBER_DIGITS - DYN_MIN_NUMBER_EXPONENT + 3)	/* "-0.", zeros, digits */
#define MAX_SHOWN 1000			/* bytes of a refused text in a message */
#define HUGE_EXPONENT UINT64CONST(1000000000000)	/* no text has enough digits to bring it back into the range */
#define MAX_COUNTED (PG_UINT64_MAX / 10 - 1)	/* below this, one more digit of an exponent fits */

/*
 * What numeric is on disk, where it cannot change: a header of one or two 16-bit words, then base-10000 digits without
 * zeros at either end, the first of which has the given weight.  (numeric.c keeps the names to itself.)
 */
#define NUMERIC_KIND 0xC000
#define NUMERIC_NEGATIVE 0x4000 /* two words: sign and display scale, weight */
#define NUMERIC_SHORT 0x8000	/* one word: sign, display scale and weight */
#define NUMERIC_SPECIAL 0xC000	/* NaN, infinities */
#define NUMERIC_SHORT_NEGATIVE 0x2000
#define NUMERIC_SHORT_SCALE_SHIFT 7
#define NUMERIC_SHORT_SCALE_MAX 63
#define NUMERIC_SHORT_WEIGHT 0x7F
#define GROUP_BIAS 50			/* more than any weight of ours below zero */

/*
 * Digits on their way into a number.  Zeros are held back until a digit follows them, so that neither leading nor
 * trailing ones get in.
 */
typedef struct Collector
{
	DynNumber  *number;
	int64		zeros;
	bool		too_many;
} Collector;

static inline int group_of(int power);
static void collect(Collector *collector, int digit);
static bool read_exponent(const char *at, const char *end, int64 scale, int64 *exponent);
static bool exponent_fits(uint64 magnitude, bool negative, int64 scale);
static DynNumberResult check_range(int64 exponent);
static int	format(const DynNumber *number, char *text);
static int	compare_magnitude(const DynNumber *a, const DynNumber *b);
static DynNumberResult add_signed(const DynNumber *a, const DynNumber *b, bool negate, DynNumber *sum);

DynNumberResult
dyn_number_parse(DynStr text, DynNumber *number)
{
	Collector	collector = {number, 0, false};
	const char *at = text.data;
	const char *end = text.data + text.len;
	int64		before_point = 0;	/* power of ten of the first significant digit, as far as the mantissa tells */
	int64		scale = 0;		/* digits behind the point */
	int64		exponent = 0;
	bool		seen_digit = false;
	bool		seen_point = false;

	memset(number, 0, sizeof(DynNumber));
	if (at < end && (*at == '-' || *at == '+'))
		number->negative = *at++ == '-';
	for (; at < end; at++)
	{
		if (*at == '.' && !seen_point)
		{
			seen_point = true;
			continue;
		}
		if (*at < '0' || *at > '9')
			break;
		seen_digit = true;
		scale += seen_point ? 1 : 0;
		collect(&collector, *at - '0');
		if (number->count > 0 && !seen_point)
			before_point++;
		if (number->count == 0 && seen_point)
			before_point--;
	}
	if (!seen_digit || (at < end && !read_exponent(at, end, scale, &exponent)))
		return DYN_NUMBER_INVALID;

	/* AWS checks the range of a zero as well, by the place of its last written digit */
	exponent += number->count == 0 ? -scale : before_point - 1;
	if (check_range(exponent) != DYN_NUMBER_OK)
		return check_range(exponent);
	if (number->count == 0)
		number->negative = false;
	else
		number->exponent = exponent;
	return collector.too_many ? DYN_NUMBER_PRECISION : DYN_NUMBER_OK;
}

void
dyn_number_append(StringInfo out, const DynNumber *number)
{
	char		text[MAX_TEXT];

	appendBinaryStringInfo(out, text, format(number, text));
}

DynStr
dyn_number_text(const DynNumber *number)
{
	char		text[MAX_TEXT];

	return dyn_text_copy((DynStr) {text, format(number, text)});
}

int
dyn_number_compare(const DynNumber *a, const DynNumber *b)
{
	int			sign_a = a->count == 0 ? 0 : a->negative ? -1 : 1;
	int			sign_b = b->count == 0 ? 0 : b->negative ? -1 : 1;

	if (sign_a != sign_b)
		return sign_a - sign_b;
	return sign_a * compare_magnitude(a, b);
}

DynNumberResult
dyn_number_add(const DynNumber *a, const DynNumber *b, DynNumber *sum)
{
	return add_signed(a, b, false, sum);
}

DynNumberResult
dyn_number_subtract(const DynNumber *a, const DynNumber *b, DynNumber *difference)
{
	return add_signed(a, b, true, difference);
}

/*
 * One byte per pair of decimal digits, pairs being counted from the decimal point, and one or two more for exponent and
 * sign.
 */
int
dyn_number_size(const DynNumber *number)
{
	const int	even = 200;		/* makes powers positive, so that division by two rounds down */
	int			first;
	int			last;

	if (number->count == 0)
		return 1;
	first = (number->exponent + even) / 2;
	last = (number->exponent - number->count + 1 + even) / 2;
	return first - last + 2 + (number->negative ? 1 : 0);
}

void
dyn_number_check(DynNumberResult result, DynStr text)
{
	switch (result)
	{
		case DYN_NUMBER_OK:
			return;
		case DYN_NUMBER_INVALID:
			if (text.len == 0 && dyn_error_is_older())
				dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_EMPTY);
			text.len = Min(text.len, MAX_SHOWN);
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_SYNTAX, dyn_text_printable(text));
		case DYN_NUMBER_OVERFLOW:
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_OVERFLOW);
		case DYN_NUMBER_UNDERFLOW:
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_UNDERFLOW);
		case DYN_NUMBER_PRECISION:
			dyn_error(DYN_ERR_VALIDATION, DYN_MSG_NUMBER_PRECISION);
	}
}

/*
 * The numeric is built in place rather than through its text, since every number of every item passes here.
 */
Datum
dyn_number_to_numeric(const DynNumber *number)
{
	int			last = number->exponent - number->count + 1;
	int			weight = number->count == 0 ? 0 : group_of(number->exponent);
	int			groups = number->count == 0 ? 0 : weight - group_of(last) + 1;
	int			scale = number->count == 0 ? 0 : Max(-last, 0);
	bool		is_short = scale <= NUMERIC_SHORT_SCALE_MAX;
	int			header = is_short ? 1 : 2;
	Size		size = VARHDRSZ + (header + groups) * sizeof(uint16);
	char	   *numeric = palloc0(size);
	uint16	   *words = (uint16 *) (numeric + VARHDRSZ);

	SET_VARSIZE(numeric, size);
	if (is_short)
		words[0] = NUMERIC_SHORT | (number->negative ? NUMERIC_SHORT_NEGATIVE : 0) |
			(scale << NUMERIC_SHORT_SCALE_SHIFT) | (weight & NUMERIC_SHORT_WEIGHT);
	else
	{
		words[0] = (number->negative ? NUMERIC_NEGATIVE : 0) | scale;
		words[1] = (uint16) weight;
	}
	words += header;
	for (int i = 0; i < number->count; i++)
	{
		static const int value[] = {1, 10, 100, 1000};
		int			power = number->exponent - i;

		words[weight - group_of(power)] += number->digits[i] * value[power - group_of(power) * 4];
	}
	return PointerGetDatum(numeric);
}

bool
dyn_number_from_numeric(Datum numeric, DynNumber *number)
{
	Collector	collector = {number, 0, false};
	struct varlena *detoasted = PG_DETOAST_DATUM_PACKED(numeric);
	Size		size = VARSIZE_ANY_EXHDR(detoasted);
	uint16		words[2] = {0, 0};
	const char *groups;
	int			weight;

	memset(number, 0, sizeof(DynNumber));
	memcpy(words, VARDATA_ANY(detoasted), Min(size, sizeof(words)));
	groups = VARDATA_ANY(detoasted);
	if ((words[0] & NUMERIC_KIND) == NUMERIC_SPECIAL)
		return false;
	if ((words[0] & NUMERIC_KIND) == NUMERIC_SHORT)
	{
		number->negative = (words[0] & NUMERIC_SHORT_NEGATIVE) != 0;
		/* the lowest seven bits are a signed number */
		weight = ((words[0] & NUMERIC_SHORT_WEIGHT) ^ 0x40) - 0x40;
		groups += sizeof(uint16);
		size -= sizeof(uint16);
	}
	else
	{
		number->negative = (words[0] & NUMERIC_KIND) == NUMERIC_NEGATIVE;
		weight = (int16) words[1];
		groups += 2 * sizeof(uint16);
		size -= 2 * sizeof(uint16);
	}

	for (int power = weight * 4 + 3; size > 0 && !collector.too_many; power -= 4)
	{
		uint16		group;

		memcpy(&group, groups, sizeof(group));
		groups += sizeof(group);
		size -= sizeof(group);
		for (int i = 0; i < 4; i++)
		{
			static const int value[] = {1000, 100, 10, 1};
			int			digit = group / value[i] % 10;

			if (number->count == 0 && digit != 0)
			{
				if (check_range(power - i) != DYN_NUMBER_OK)
					return false;
				number->exponent = power - i;
			}
			collect(&collector, digit);
		}
	}
	if (number->count == 0)
		number->negative = false;
	return !collector.too_many;
}

/* The base-10000 digit of a numeric that holds this power of ten: power / 4, rounded down. */
static inline int
group_of(int power)
{
	return (power + 4 * GROUP_BIAS) / 4 - GROUP_BIAS;
}

static void
collect(Collector *collector, int digit)
{
	DynNumber  *number = collector->number;

	if (digit == 0)
	{
		if (number->count > 0)
			collector->zeros++;
		return;
	}
	if (number->count + collector->zeros >= DYN_MAX_NUMBER_DIGITS)
	{
		collector->too_many = true;
		return;
	}
	/* the digits behind count are zero from the start */
	number->count += collector->zeros;
	collector->zeros = 0;
	number->digits[number->count++] = digit;
}

/*
 * Reads what follows the mantissa: "e", an optional sign, and digits.  False: it is no exponent, or none that AWS
 * reads.
 */
static bool
read_exponent(const char *at, const char *end, int64 scale, int64 *exponent)
{
	uint64		magnitude = 0;
	bool		negative = false;

	if (*at != 'e' && *at != 'E')
		return false;
	at++;
	if (at < end && (*at == '-' || *at == '+'))
		negative = *at++ == '-';
	if (at == end)
		return false;
	for (; at < end; at++)
	{
		if (*at < '0' || *at > '9')
			return false;
		magnitude = magnitude > MAX_COUNTED ? PG_UINT64_MAX : magnitude * 10 + (*at - '0');
	}
	if (!exponent_fits(magnitude, negative, scale))
		return false;
	magnitude = Min(magnitude, HUGE_EXPONENT);
	*exponent = negative ? -(int64) magnitude : (int64) magnitude;
	return true;
}

/*
 * The newer layer of values reads an exponent of 64 bits.  In the older one a number is a BigDecimal of Java: exponent
 * and scale have 32 bits each.
 */
static bool
exponent_fits(uint64 magnitude, bool negative, int64 scale)
{
	if (!dyn_error_is_older())
		return magnitude <= (uint64) PG_INT64_MAX + (negative ? 1 : 0);
	if (magnitude > (uint64) PG_INT32_MAX + (negative ? 1 : 0))
		return false;
	scale += negative ? (int64) magnitude : -(int64) magnitude;
	return scale >= PG_INT32_MIN && scale <= PG_INT32_MAX;
}

/*
 * exponent is that of the first digit.  The older layer adds one to it in a Java int, which overflows: the greatest
 * exponents become the least.
 */
static DynNumberResult
check_range(int64 exponent)
{
	if (exponent >= PG_INT32_MAX && dyn_error_is_older())
		return DYN_NUMBER_UNDERFLOW;
	if (exponent > DYN_MAX_NUMBER_EXPONENT)
		return DYN_NUMBER_OVERFLOW;
	if (exponent < DYN_MIN_NUMBER_EXPONENT)
		return DYN_NUMBER_UNDERFLOW;
	return DYN_NUMBER_OK;
}

/* Returns the length; text has room for MAX_TEXT bytes. */
static int
format(const DynNumber *number, char *text)
{
	char	   *to = text;
	int			i = 0;

	if (number->count == 0)
	{
		*to = '0';
		return 1;
	}
	if (number->negative)
		*to++ = '-';
	if (number->exponent < 0)
		*to++ = '0';
	for (; i <= number->exponent; i++)
		*to++ = '0' + (i < number->count ? number->digits[i] : 0);
	if (i < number->count)
	{
		*to++ = '.';
		for (int power = -1; power > number->exponent; power--)
			*to++ = '0';
		for (; i < number->count; i++)
			*to++ = '0' + number->digits[i];
	}
	return to - text;
}

static int
compare_magnitude(const DynNumber *a, const DynNumber *b)
{
	int			order;

	if (a->count == 0 || b->count == 0)
		return (a->count > 0) - (b->count > 0);
	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -1 : 1;
	order = memcmp(a->digits, b->digits, Min(a->count, b->count));
	if (order != 0)
		return order < 0 ? -1 : 1;
	return (int) a->count - (int) b->count;
}

/*
 * a + b, or a - b with negate.
 *
 * Digits cancel only where both numbers have some.  So when the highest and the lowest digit of the two numbers span
 * more than 39 places, the exact result has more than 38 digits.  Then nothing is added, and AWS reports an overflow,
 * not its message about 38 digits.
 */
static DynNumberResult
add_signed(const DynNumber *a, const DynNumber *b, bool negate, DynNumber *sum)
{
	int8		places[DYN_MAX_NUMBER_DIGITS + 3] = {0};	/* [0] takes a carry */
	Collector	collector = {sum, 0, false};
	bool		negative = a->negative;
	bool		opposite = a->negative != (b->negative != negate);
	int			top;
	int			width;
	int			carry = 0;

	if (b->count == 0)
	{
		*sum = *a;
		return DYN_NUMBER_OK;
	}
	if (a->count == 0)
	{
		*sum = *b;
		sum->negative = b->negative != negate;
		return DYN_NUMBER_OK;
	}
	top = Max(a->exponent, b->exponent) + 1;
	width = top - Min(a->exponent - a->count + 1, b->exponent - b->count + 1) + 1;
	if (width > DYN_MAX_NUMBER_DIGITS + 2)
		return DYN_NUMBER_OVERFLOW;

	/* of opposite signs the larger number gives the result its sign */
	if (opposite && compare_magnitude(a, b) < 0)
	{
		const DynNumber *smaller = a;

		a = b;
		b = smaller;
		negative = !negative;
	}
	for (int i = 0; i < a->count; i++)
		places[top - a->exponent + i] = a->digits[i];
	for (int i = 0; i < b->count; i++)
		places[top - b->exponent + i] += opposite ? -b->digits[i] : b->digits[i];
	for (int i = width - 1; i >= 0; i--)
	{
		places[i] += carry;
		carry = places[i] < 0 ? -1 : places[i] / 10;
		places[i] -= carry * 10;
	}

	memset(sum, 0, sizeof(DynNumber));
	for (int i = 0; i < width; i++)
	{
		if (places[i] != 0 && sum->count == 0)
			sum->exponent = top - i;
		collect(&collector, places[i]);
	}
	if (sum->count == 0)
		return DYN_NUMBER_OK;
	sum->negative = negative;
	return collector.too_many ? DYN_NUMBER_OVERFLOW : check_range(sum->exponent);
}
