/*
 * Cuts a PartiQL statement into words.
 */
#include "postgres.h"

#include "partiql/partiql_lexer.h"

/* The most reserved words that make one: LEFT OUTER CROSS JOIN. */
#define MAX_MERGED 4

typedef struct Lexer
{
	DynStr		statement;
	int			position;
	int			characters;		/* taken so far */
	int			line;
	int			column;			/* of the last character taken; 0 at the beginning of a line */
	bool		carriage_return;	/* the last character was one: the line ends, unless LF follows, which ends it */
} Lexer;

/* Words that are no names unless they are quoted: SQL-92's and PartiQL's own, in byte order. */
static const char *const keywords[] = {
	"absolute", "action", "add", "all", "allocate", "alter", "and", "any", "are", "as", "asc", "assertion", "at",
	"authorization", "avg", "bag", "begin", "between", "bigint", "bit", "bit_length", "blob", "bool", "boolean", "by",
	"can_cast", "can_lossless_cast", "cascade", "cascaded", "case", "cast", "catalog", "char", "char_length",
	"character", "character_length", "check", "clob", "close", "coalesce", "collate", "collation", "column", "commit",
	"conflict", "connect", "connection", "constraint", "constraints", "continue", "convert", "corresponding", "count",
	"create", "cross", "current", "current_date", "current_time", "current_timestamp", "current_user", "cursor",
	"date", "date_add", "date_diff", "deallocate", "dec", "decimal", "declare", "default", "deferrable", "deferred",
	"delete", "desc", "describe", "descriptor", "diagnostics", "disconnect", "distinct", "do", "domain", "double",
	"drop", "else", "end", "escape", "except", "exception", "exec", "execute", "exists", "external", "extract",
	"false", "fetch", "first", "float", "for", "foreign", "found", "from", "full", "get", "global", "go", "goto",
	"grant", "group", "having", "identity", "immediate", "in", "index", "indicator", "initially", "inner", "input",
	"insensitive", "insert", "int", "int2", "int4", "int8", "integer", "integer2", "integer4", "integer8",
	"intersect", "interval", "into", "is", "isolation", "join", "key", "language", "last", "left", "let", "level",
	"like", "limit", "list", "local", "lower", "match", "max", "min", "missing", "modified", "module", "names",
	"national", "natural", "nchar", "new", "next", "no", "not", "nothing", "null", "nullif", "nulls", "numeric",
	"octet_length", "of", "offset", "old", "on", "only", "open", "option", "or", "order", "outer", "output",
	"overlaps", "pad", "partial", "pivot", "position", "precision", "prepare", "preserve", "primary", "prior",
	"privileges", "procedure", "public", "read", "real", "references", "relative", "remove", "restrict", "returning",
	"revoke", "right", "rollback", "rows", "schema", "scroll", "section", "select", "session", "session_user", "set",
	"sexp", "size", "smallint", "some", "space", "sql", "sqlcode", "sqlerror", "sqlstate", "string", "struct",
	"substring", "sum", "symbol", "system_user", "table", "temporary", "then", "time", "timestamp", "to",
	"transaction", "translate", "translation", "trim", "true", "tuple", "union", "unique", "unknown", "unpivot",
	"update", "upper", "usage", "user", "using", "value", "values", "varchar", "varying", "view", "when", "whenever",
	"where", "with", "work", "write", "zone"
};

/* Of words that mean the same, the one that stands for all. */
static const char *const aliases[][2] = {
	{"bigint", "integer8"}, {"bool", "boolean"}, {"char", "character"}, {"dec", "decimal"}, {"int", "integer"},
	{"int2", "smallint"}, {"int4", "integer4"}, {"int8", "integer8"}, {"integer2", "smallint"},
	{"varchar", "character_varying"}
};

/* Words that are one when they stand beside each other. */
static const struct
{
	const char *words[MAX_MERGED];
	const char *word;
}			merged[] = {
	{{"not", "in"}, "not_in"},
	{{"is", "not"}, "is_not"},
	{{"not", "between"}, "not_between"},
	{{"not", "like"}, "not_like"},
	{{"intersect", "all"}, "intersect_all"},
	{{"except", "all"}, "except_all"},
	{{"union", "all"}, "union_all"},
	{{"intersect", "distinct"}, "intersect_distinct"},
	{{"except", "distinct"}, "except_distinct"},
	{{"union", "distinct"}, "union_distinct"},
	{{"character", "varying"}, "character_varying"},
	{{"double", "precision"}, "double_precision"},
	{{"cross", "join"}, "cross_join"},
	{{"inner", "join"}, "join"},
	{{"inner", "cross", "join"}, "cross_join"},
	{{"left", "join"}, "join"},
	{{"left", "outer", "join"}, "join"},
	{{"left", "cross", "join"}, "cross_join"},
	{{"left", "outer", "cross", "join"}, "cross_join"},
	{{"right", "join"}, "join"},
	{{"right", "outer", "join"}, "join"},
	{{"right", "cross", "join"}, "cross_join"},
	{{"right", "outer", "cross", "join"}, "cross_join"},
	{{"full", "join"}, "join"},
	{{"outer", "join"}, "join"},
	{{"full", "outer", "join"}, "join"},
	{{"full", "cross", "join"}, "cross_join"},
	{{"outer", "cross", "join"}, "cross_join"},
	{{"full", "outer", "cross", "join"}, "cross_join"},
	{{"insert", "into"}, "insert_into"},
	{{"on", "conflict"}, "on_conflict"},
	{{"do", "nothing"}, "do_nothing"},
	{{"modified", "old"}, "modified_old"},
	{{"modified", "new"}, "modified_new"},
	{{"all", "old"}, "all_old"},
	{{"all", "new"}, "all_new"},
};

/* longer ones first; "!=" is "<>" */
static const char *const symbols[][2] = {
	{"<<", "<<"}, {">>", ">>"}, {"<=", "<="}, {">=", ">="}, {"<>", "<>"}, {"!=", "<>"}, {"||", "||"}, {"<", "<"},
	{">", ">"}, {"=", "="}, {"(", "("}, {")", ")"}, {"[", "["}, {"]", "]"}, {"{", "{"}, {"}", "}"}, {",", ","},
	{".", "."}, {":", ":"}, {";", ";"}, {"?", "?"}, {"*", "*"}, {"+", "+"}, {"-", "-"}, {"/", "/"}, {"%", "%"},
	{"@", "@"}
};

static DynPartiqlWord next_token(Lexer *lexer);
static int	merge(DynPartiqlWord *tokens, int count);
static void skip_space(Lexer *lexer);
static void take(Lexer *lexer, int bytes);
static int	peek(const Lexer *lexer, int ahead);
static void read_quoted(Lexer *lexer, DynPartiqlWord *token, int quote);
static void read_word(Lexer *lexer, DynPartiqlWord *token);
static void read_number(Lexer *lexer, DynPartiqlWord *token);
static void read_symbol(Lexer *lexer, DynPartiqlWord *token);

DynPartiqlWord *
dyn_partiql_lexer_cut(DynStr statement, int *count)
{
	Lexer		lexer = {.statement = statement, .line = 1};
	int			capacity = 64;
	DynPartiqlWord *tokens = palloc(capacity * sizeof(DynPartiqlWord));

	*count = 0;
	for (;;)
	{
		DynPartiqlWord token = next_token(&lexer);

		if (token.kind == DYN_PARTIQL_ILLEGAL)
			return NULL;
		if (*count == capacity)
		{
			capacity *= 2;
			tokens = repalloc(tokens, capacity * sizeof(DynPartiqlWord));
		}
		tokens[(*count)++] = token;
		if (token.kind == DYN_PARTIQL_KEYWORD)
			*count = merge(tokens, *count);
		if (token.kind == DYN_PARTIQL_END)
			return tokens;
	}
}

bool
dyn_partiql_lexer_is(const DynPartiqlWord *token, const char *word)
{
	return token->word != NULL && strcmp(token->word, word) == 0;
}

static bool
is_one_of(const DynPartiqlWord *token, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (dyn_partiql_lexer_is(token, words[i]))
			return true;
	return false;
}

bool
dyn_partiql_lexer_is_operator(const DynPartiqlWord *token)
{
	static const char *const words[] = {"<=",
										">=",
										"<>",
										"||",
										"<",
										">",
										"=",
										"+",
										"-",
										"/",
										"%",
										"@",
										"and",
										"or",
										"not",
										"is",
										"is_not",
										"in",
										"not_in",
										"between",
										"not_between",
										"like",
										"not_like",
										"union",
										"union_all",
										"union_distinct",
										"except",
										"except_all",
										"except_distinct",
										"intersect",
										"intersect_all",
										"intersect_distinct"};

	return is_one_of(token, words, lengthof(words));
}

bool
dyn_partiql_lexer_is_keyword(const DynPartiqlWord *token)
{
	static const char *const others[] = {
		"as", "at", "by", "for", "asc", "desc", "nulls", "first", "last", "true", "false", "null", "missing"
	};

	return token->kind == DYN_PARTIQL_KEYWORD && !dyn_partiql_lexer_is_operator(token) &&
		!is_one_of(token, others, lengthof(others));
}

/* Makes the last words one, if they are. */
static int
merge(DynPartiqlWord *tokens, int count)
{
	for (int i = 0; i < lengthof(merged); i++)
	{
		int			length = 0;
		bool		fits = true;

		while (length < MAX_MERGED && merged[i].words[length] != NULL)
			length++;
		if (length > count || !dyn_partiql_lexer_is(&tokens[count - 1], merged[i].words[length - 1]))
			continue;
		for (int j = 0; j < length - 1 && fits; j++)
			fits = dyn_partiql_lexer_is(&tokens[count - length + j], merged[i].words[j]);
		if (!fits)
			continue;
		/* the place stays the first word's alone, as AWS has it */
		count -= length - 1;
		tokens[count - 1].word = merged[i].word;
		return count;
	}
	return count;
}

static bool
is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static DynPartiqlWord
next_token(Lexer *lexer)
{
	DynPartiqlWord token = {DYN_PARTIQL_ILLEGAL};
	int			start;
	int			characters;
	int			c;

	skip_space(lexer);
	token.place.line = lexer->line + lexer->carriage_return;
	token.place.column = lexer->carriage_return ? 1 : lexer->column + 1;
	start = lexer->position;
	characters = lexer->characters;
	c = peek(lexer, 0);
	if (c < 0)
		token.kind = DYN_PARTIQL_END;
	else if (c == '\'' || c == '"' || c == '`')
		read_quoted(lexer, &token, c);
	else if (is_letter(c))
		read_word(lexer, &token);
	else if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1))))
		read_number(lexer, &token);
	else
		read_symbol(lexer, &token);
	if (token.text.data == NULL)
		token.text = (DynStr) {lexer->statement.data + start, lexer->position - start};
	token.place.length = lexer->characters - characters;
	return token;
}

/* The byte so many ahead; -1 behind the end. */
static int
peek(const Lexer *lexer, int ahead)
{
	int			at = lexer->position + ahead;

	return at < lexer->statement.len ? (unsigned char) lexer->statement.data[at] : -1;
}

static void
take_byte(Lexer *lexer, int c)
{
	bool		ends_line = lexer->carriage_return || c == '\n';

	lexer->position++;
	/* the rest of a character of several bytes */
	if ((c & 0xC0) == 0x80)
		return;
	lexer->characters++;
	if (ends_line)
	{
		lexer->line++;
		lexer->column = 0;
	}
	lexer->carriage_return = c == '\r';
	if (c != '\n' && c != '\r')
		lexer->column++;
}

static void
take(Lexer *lexer, int bytes)
{
	for (int i = 0; i < bytes && peek(lexer, 0) >= 0; i++)
		take_byte(lexer, peek(lexer, 0));
}

/* White space and comments.  A comment that does not end stays, to become an illegal word. */
static void
skip_space(Lexer *lexer)
{
	for (;;)
	{
		int			c = peek(lexer, 0);

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v')
			take(lexer, 1);
		else if (c == '-' && peek(lexer, 1) == '-')
		{
			while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n' && peek(lexer, 0) != '\r')
				take(lexer, 1);
		}
		else if (c == '/' && peek(lexer, 1) == '*')
		{
			int			length = 2;

			while (peek(lexer, length) >= 0 && !(peek(lexer, length) == '*' && peek(lexer, length + 1) == '/'))
				length++;
			if (peek(lexer, length) < 0)
				return;
			take(lexer, length + 2);
		}
		else
			return;
	}
}

/* A quote within is doubled. */
static void
read_quoted(Lexer *lexer, DynPartiqlWord *token, int quote)
{
	const char *start = lexer->statement.data + lexer->position + 1;
	int			length = 1;
	bool		doubled = false;
	char	   *text;
	int			len = 0;

	for (;; length++)
	{
		int			c = peek(lexer, length);

		if (c < 0)
			return;
		if (c != quote)
			continue;
		if (quote == '`' || peek(lexer, length + 1) != quote)
			break;
		doubled = true;
		length++;
	}
	token->text = (DynStr) {start, length - 1};
	if (doubled)
	{
		text = palloc(length);
		for (int i = 0; i < length - 1; i++)
		{
			text[len++] = start[i];
			if (start[i] == quote)
				i++;
		}
		token->text = (DynStr) {text, len};
	}
	take(lexer, length + 1);
	token->quoted = true;
	token->kind = quote == '\'' ? DYN_PARTIQL_STRING : quote == '"' ? DYN_PARTIQL_NAME : DYN_PARTIQL_ION;
}

/* The reserved word; NULL: a name. */
static const char *
find_keyword(DynStr word)
{
	int			low = 0;
	int			high = lengthof(keywords) - 1;

	while (low <= high)
	{
		int			middle = (low + high) / 2;
		int			length = strlen(keywords[middle]);
		int			order = pg_strncasecmp(word.data, keywords[middle], Min(word.len, length));

		if (order == 0)
			order = word.len - length;
		if (order == 0)
			return keywords[middle];
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return NULL;
}

static void
read_word(Lexer *lexer, DynPartiqlWord *token)
{
	int			length = 1;

	while (is_letter(peek(lexer, length)) || is_digit(peek(lexer, length)))
		length++;
	token->text = (DynStr) {lexer->statement.data + lexer->position, length};
	take(lexer, length);
	token->word = find_keyword(token->text);
	token->kind = token->word == NULL ? DYN_PARTIQL_NAME : DYN_PARTIQL_KEYWORD;
	for (int i = 0; i < lengthof(aliases) && token->word != NULL; i++)
		if (strcmp(token->word, aliases[i][0]) == 0)
		{
			token->word = aliases[i][1];
			return;
		}
}

static int
digits(const Lexer *lexer, int ahead)
{
	while (is_digit(peek(lexer, ahead)))
		ahead++;
	return ahead;
}

static void
read_number(Lexer *lexer, DynPartiqlWord *token)
{
	int			length = digits(lexer, 0);
	bool		valid = true;

	if (peek(lexer, length) == '.')
	{
		int			start = length + 1;

		length = digits(lexer, start);
		/* "1..2" is one word to AWS, and no number */
		valid = length > start || peek(lexer, length) != '.';
	}
	if (peek(lexer, length) == 'e' || peek(lexer, length) == 'E')
	{
		int			start = length + 1;

		if (peek(lexer, start) == '+' || peek(lexer, start) == '-')
			start++;
		length = digits(lexer, start);
		valid &= length > start;
	}
	take(lexer, length);
	token->kind = valid ? DYN_PARTIQL_NUMBER : DYN_PARTIQL_ILLEGAL;
}

static void
read_symbol(Lexer *lexer, DynPartiqlWord *token)
{
	for (int i = 0; i < lengthof(symbols); i++)
	{
		int			length = strlen(symbols[i][0]);

		if (lexer->statement.len - lexer->position >= length &&
			memcmp(lexer->statement.data + lexer->position, symbols[i][0], length) == 0)
		{
			/* an unfinished comment */
			if (symbols[i][0][0] == '/' && peek(lexer, 1) == '*')
				break;
			take(lexer, length);
			token->word = symbols[i][1];
			token->kind = DYN_PARTIQL_SYMBOL;
			return;
		}
	}
}
