#!/usr/bin/env bash
# Shows where SQL of ours would look for names on somebody else's search path, and what docs/security.md does not judge.
set -euo pipefail
cd "$(dirname "$0")/../.."
BAD=0

# found WHAT TEXT: one complaint for each line of text
found()
{
	local line
	while IFS= read -r line; do
		[ -z "$line" ] && continue
		printf '%s    <- %s\n' "$line" "$1"
		BAD=$((BAD + 1))
	done <<<"$2"
}

# ---- search paths: the one in scope.h, and the same in functions
found "a search path in C is DYN_SCOPE_PATH" \
	"$(grep -rnE --include='*.[ch]' '"search_path"' src | grep -v 'DYN_SCOPE_PATH' || true)"
grep -q '^#define DYN_SCOPE_PATH "pg_catalog, pg_temp"$' src/db/scope.h ||
	found "DYN_SCOPE_PATH must be \"pg_catalog, pg_temp\"" src/db/scope.h
found "a function's search path is pg_catalog, pg_temp" \
	"$(grep -niE 'search_path' sql/functions/*.sql sql/tables/*.sql | grep -vE 'SET search_path = pg_catalog, pg_temp$|--' || true)"
# what is parsed when it runs has its body behind AS; BEGIN ATOMIC is parsed when the extension is made
found "a body that is parsed when it runs needs SET search_path = pg_catalog, pg_temp" "$(awk '
	/^CREATE OR REPLACE FUNCTION/ {name = FILENAME ":" FNR ": " $5; safe = c = 0}
	/SET search_path = pg_catalog, pg_temp/ {safe = 1}
	tolower($0) ~ /language c / || /MODULE_PATHNAME/ {c = 1}
	/^AS \$\$/ {if (!safe && !c) print name}' sql/functions/*.sql)"

# ---- types in the texts of C: a cast is to pg_catalog's, whoever's path it is parsed on
found "a cast names its type's schema" "$(grep -rnE --include='*.[ch]' '".*[^:]::[a-z_"]+.*"' src | grep -vE '::pg_catalog\.' | grep -vE '^[^:]*:[0-9]*:[[:space:]]*/?\*' || true)"
found "an operator of a statement on item rows names its schema" \
	"$(grep -nE '"[^"]* (=|<>|<|>|<=|>=) ?(\$|%)[^"]*"' src/store/row_*.c | grep -vE 'SET|EXCLUDED|"%s = \$%d, "|item = \$%d' || true)"

# ---- docs/security.md judges every function, relation and trigger
objects=$(sed -nE 's/^CREATE (OR REPLACE )?(FUNCTION|VIEW|TABLE|SEQUENCE|TRIGGER|EVENT TRIGGER) ([a-z_.]+).*/\3/p' sql/functions/*.sql sql/tables/*.sql | sort -u)
[ -n "$objects" ] || found "nothing is created" sql
for object in $objects; do
	grep -qF "\`$object\`" docs/security.md || found "docs/security.md does not judge it" "$object"
done
for file in $(grep -lE '"search_path"|dyn_scope_set\(|SetUserIdAndSecContext\(|NewGUCNestLevel\(|SPI_(execute|prepare)' \
	$(find src -name "*.c") | sed 's|^src/||'); do
	grep -qF "\`$file\`" docs/security.md || found "docs/security.md does not say what it sets or runs" "src/$file"
done

[ "$BAD" = 0 ] || { echo "$BAD texts or rows out of place"; exit 1; }
echo "security: every path is ours, and everything is judged"
