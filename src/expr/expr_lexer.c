/*
 * Splits an expression into words.
 *
 * An attribute name starts with a letter; what follows a '#' or ':' may also start with a digit or an underscore.  A
 * character that begins no word is a word of its own, because AWS names exactly that character in its syntax errors:
 * "SET _a" fails at token "_".
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "expr/expr_lexer.h"

static const struct
{
	const char *word;
	DynTokenKind kind;
}			keywords[] = {
	{"AND", DYN_TOKEN_AND},
	{"OR", DYN_TOKEN_OR},
	{"NOT", DYN_TOKEN_NOT},
	{"BETWEEN", DYN_TOKEN_BETWEEN},
	{"IN", DYN_TOKEN_IN},
	{"SET", DYN_TOKEN_SET},
	{"REMOVE", DYN_TOKEN_REMOVE},
	{"ADD", DYN_TOKEN_ADD},
	{"DELETE", DYN_TOKEN_DELETE},
};

static DynTokenKind read_word(DynStr expression, int start, int *length);

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word_part(char c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

DynToken
dyn_expr_lexer_next(DynStr expression, int *position)
{
	DynToken	token;
	int			start = *position;
	int			length;

	while (start < expression.len && is_space(expression.data[start]))
		start++;
	if (start >= expression.len)
	{
		*position = expression.len;
		return (DynToken) {DYN_TOKEN_END, {expression.data + expression.len, 0}};
	}
	token.kind = read_word(expression, start, &length);
	token.text = (DynStr) {expression.data + start, length};
	*position = start + length;
	return token;
}

bool
dyn_expr_lexer_is_word(DynStr text)
{
	for (int i = 0; i < text.len; i++)
		if (!is_word_part(text.data[i]))
			return false;
	return text.len > 0;
}

static int
run_length(DynStr expression, int start, bool (*belongs) (char))
{
	int			end = start;

	while (end < expression.len && belongs(expression.data[end]))
		end++;
	return end - start;
}

static DynTokenKind
read_identifier(const char *word, int length)
{
	for (int i = 0; i < lengthof(keywords); i++)
		if (strlen(keywords[i].word) == length && pg_strncasecmp(keywords[i].word, word, length) == 0)
			return keywords[i].kind;
	return DYN_TOKEN_IDENTIFIER;
}

static DynTokenKind
read_word(DynStr expression, int start, int *length)
{
	char		c = expression.data[start];
	char		following = start + 1 < expression.len ? expression.data[start + 1] : '\0';

	if (is_letter(c))
	{
		*length = run_length(expression, start, is_word_part);
		return read_identifier(expression.data + start, *length);
	}
	if (is_digit(c))
	{
		/* a number has no leading zero: "01" is two numbers */
		*length = c == '0' ? 1 : run_length(expression, start, is_digit);
		return DYN_TOKEN_NUMBER;
	}
	if ((c == '#' || c == ':') && is_word_part(following))
	{
		*length = 1 + run_length(expression, start + 1, is_word_part);
		return c == '#' ? DYN_TOKEN_NAME : DYN_TOKEN_VALUE;
	}

	*length = 2;
	if (c == '<' && following == '>')
		return DYN_TOKEN_NE;
	if (c == '<' && following == '=')
		return DYN_TOKEN_LE;
	if (c == '>' && following == '=')
		return DYN_TOKEN_GE;

	*length = 1;
	switch (c)
	{
		case '(':
			return DYN_TOKEN_OPEN;
		case ')':
			return DYN_TOKEN_CLOSE;
		case '[':
			return DYN_TOKEN_OPEN_BRACKET;
		case ']':
			return DYN_TOKEN_CLOSE_BRACKET;
		case ',':
			return DYN_TOKEN_COMMA;
		case '.':
			return DYN_TOKEN_DOT;
		case '+':
			return DYN_TOKEN_PLUS;
		case '-':
			return DYN_TOKEN_MINUS;
		case '=':
			return DYN_TOKEN_EQ;
		case '<':
			return DYN_TOKEN_LT;
		case '>':
			return DYN_TOKEN_GT;
		default:
			*length = Min(pg_utf_mblen((const unsigned char *) expression.data + start), expression.len - start);
			return DYN_TOKEN_ILLEGAL;
	}
}
