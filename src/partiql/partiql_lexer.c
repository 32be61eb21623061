/*
 * Cuts a PartiQL statement into words.
 */
#include "postgres.h"

#include "partiql/partiql_lexer.h"

/* Words that are no names unless they are quoted: SQL-92's and PartiQL's own, in byte order. */
static const char *const keywords[] = {
	"absolute", "action", "add", "all", "allocate", "alter", "and", "any", "are", "as", "asc", "assertion", "at",
	"authorization", "avg", "bag", "begin", "between", "bit", "bit_length", "blob", "bool", "boolean", "by", "cascade",
	"cascaded", "case", "cast", "catalog", "char", "char_length", "character", "character_length", "check", "clob", "close",
	"coalesce", "collate", "collation", "column", "commit", "conflict", "connect", "connection", "constraint",
	"constraints", "continue", "convert", "corresponding", "count", "create", "cross", "current", "current_date",
	"current_time", "current_timestamp", "current_user", "cursor", "date", "date_add", "date_diff", "deallocate", "dec",
	"decimal", "declare", "default", "deferrable", "deferred", "delete", "desc", "describe", "descriptor", "diagnostics",
	"disconnect", "distinct", "do", "domain", "double", "drop", "else", "end", "escape", "except", "exception", "exec",
	"execute", "exists", "external", "extract", "false", "fetch", "first", "float", "for", "foreign", "found", "from",
	"full", "get", "global", "go", "goto", "grant", "group", "having", "identity", "immediate", "in", "index", "indicator",
	"initially", "inner", "input", "insensitive", "insert", "int", "integer", "intersect", "interval", "into", "is",
	"isolation", "join", "key", "language", "last", "left", "let", "level", "like", "limit", "list", "local", "lower",
	"match", "max", "min", "missing", "modified", "module", "names", "national", "natural", "nchar", "new", "next", "no",
	"not", "nothing", "null", "nullif", "numeric", "octet_length", "of", "old", "on", "only", "open", "option", "or",
	"order", "outer", "output", "overlaps", "pad", "partial", "pivot", "position", "precision", "prepare", "preserve",
	"primary", "prior", "privileges", "procedure", "public", "read", "real", "references", "relative", "remove", "restrict",
	"returning", "revoke", "right", "rollback", "rows", "schema", "scroll", "section", "select", "session", "session_user",
	"set", "sexp", "size", "smallint", "some", "space", "sql", "sqlcode", "sqlerror", "sqlstate", "string", "struct",
	"substring", "sum", "symbol", "system_user", "table", "temporary", "then", "time", "timestamp", "to", "transaction",
	"translate", "translation", "trim", "true", "tuple", "union", "unique", "unknown", "unpivot", "update", "upper",
	"usage", "user", "using", "value", "values", "varchar", "varying", "view", "when", "whenever", "where", "with", "work",
	"write", "zone"
};

/* longer ones first */
static const char *const symbols[] = {
	"<<", ">>", "<=", ">=", "<>", "!=", "||", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", ";", "?", "*",
	"+", "-", "/", "%", "@"
};

static void skip_space(DynPartiqlLexer *lexer);
static void take(DynPartiqlLexer *lexer, int bytes);
static int	peek(const DynPartiqlLexer *lexer, int ahead);
static void read_quoted(DynPartiqlLexer *lexer, DynPartiqlWord *token, int quote);
static void read_word(DynPartiqlLexer *lexer, DynPartiqlWord *token);
static void read_number(DynPartiqlLexer *lexer, DynPartiqlWord *token);
static void read_symbol(DynPartiqlLexer *lexer, DynPartiqlWord *token);

void
dyn_partiql_lexer_start(DynPartiqlLexer *lexer, DynStr statement)
{
	*lexer = (DynPartiqlLexer) {statement, 0, 1, 1};
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

DynPartiqlWord
dyn_partiql_lexer_next(DynPartiqlLexer *lexer)
{
	DynPartiqlWord token = {DYN_PARTIQL_ILLEGAL};
	int			start;
	int			column;
	int			c;

	skip_space(lexer);
	token.place = (DynPartiqlPlace) {lexer->line, lexer->column, 1};
	start = lexer->position;
	column = lexer->column;
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
	token.place.length = lexer->line == token.place.line ? lexer->column - column : lexer->position - start;
	return token;
}

bool
dyn_partiql_lexer_is_keyword(const DynPartiqlWord *token, const char *word)
{
	return token->kind == DYN_PARTIQL_KEYWORD && token->text.len == strlen(word) &&
		pg_strncasecmp(token->text.data, word, token->text.len) == 0;
}

bool
dyn_partiql_lexer_is_symbol(const DynPartiqlWord *token, const char *symbol)
{
	return token->kind == DYN_PARTIQL_SYMBOL && dyn_text_equal_cstring(token->text, symbol);
}

/* The byte so many ahead; -1 behind the end. */
static int
peek(const DynPartiqlLexer *lexer, int ahead)
{
	int			at = lexer->position + ahead;

	return at < lexer->statement.len ? (unsigned char) lexer->statement.data[at] : -1;
}

static void
take(DynPartiqlLexer *lexer, int bytes)
{
	for (int i = 0; i < bytes; i++)
	{
		int			c = peek(lexer, 0);

		lexer->position++;
		if (c == '\n')
		{
			lexer->line++;
			lexer->column = 1;
		}
		else if ((c & 0xC0) != 0x80)
			lexer->column++;
	}
}

/* White space and comments.  A comment that does not end stays, to become an illegal word. */
static void
skip_space(DynPartiqlLexer *lexer)
{
	for (;;)
	{
		int			c = peek(lexer, 0);

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v')
			take(lexer, 1);
		else if (c == '-' && peek(lexer, 1) == '-')
		{
			while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n')
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
read_quoted(DynPartiqlLexer *lexer, DynPartiqlWord *token, int quote)
{
	char	   *text = palloc(lexer->statement.len - lexer->position + 1);
	int			len = 0;

	take(lexer, 1);
	for (;;)
	{
		int			c = peek(lexer, 0);

		if (c < 0)
			return;
		take(lexer, 1);
		if (c == quote)
		{
			if (quote == '`' || peek(lexer, 0) != quote)
				break;
			take(lexer, 1);
		}
		text[len++] = c;
	}
	token->text = (DynStr) {text, len};
	token->quoted = true;
	token->kind = quote == '\'' ? DYN_PARTIQL_STRING : quote == '"' ? DYN_PARTIQL_NAME : DYN_PARTIQL_ION;
}

static bool
is_keyword(DynStr word)
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
			return true;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return false;
}

static void
read_word(DynPartiqlLexer *lexer, DynPartiqlWord *token)
{
	int			length = 1;

	while (is_letter(peek(lexer, length)) || is_digit(peek(lexer, length)))
		length++;
	token->text = (DynStr) {lexer->statement.data + lexer->position, length};
	take(lexer, length);
	token->kind = is_keyword(token->text) ? DYN_PARTIQL_KEYWORD : DYN_PARTIQL_NAME;
}

static int
digits(const DynPartiqlLexer *lexer, int ahead)
{
	while (is_digit(peek(lexer, ahead)))
		ahead++;
	return ahead;
}

static void
read_number(DynPartiqlLexer *lexer, DynPartiqlWord *token)
{
	int			length = digits(lexer, 0);
	bool		valid = true;

	if (peek(lexer, length) == '.')
		length = digits(lexer, length + 1);
	if (peek(lexer, length) == 'e' || peek(lexer, length) == 'E')
	{
		int			start = length + 1;

		if (peek(lexer, start) == '+' || peek(lexer, start) == '-')
			start++;
		length = digits(lexer, start);
		valid = length > start;
	}
	/* no word may follow at once */
	valid &= !is_letter(peek(lexer, length));
	take(lexer, length);
	token->kind = valid ? DYN_PARTIQL_NUMBER : DYN_PARTIQL_ILLEGAL;
}

static void
read_symbol(DynPartiqlLexer *lexer, DynPartiqlWord *token)
{
	for (int i = 0; i < lengthof(symbols); i++)
	{
		int			length = strlen(symbols[i]);

		if (lexer->statement.len - lexer->position >= length &&
			memcmp(lexer->statement.data + lexer->position, symbols[i], length) == 0)
		{
			/* an unfinished comment */
			if (symbols[i][0] == '/' && peek(lexer, 1) == '*')
				break;
			take(lexer, length);
			token->kind = DYN_PARTIQL_SYMBOL;
			return;
		}
	}
	take(lexer, 1);
}
