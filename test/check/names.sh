#!/usr/bin/env bash
# Shows where a name misses its file, a file its companions, or a file its size (docs/style.md).
set -euo pipefail
cd "$(dirname "$0")/../.."
BAD=0

bad()
{
	printf '%s\n' "$*"
	BAD=$((BAD + 1))
}

# found TEXT: one complaint for each line of text
found()
{
	local line
	while IFS= read -r line; do
		[ -z "$line" ] || bad "$line"
	done <<<"$1"
}

# rule WHAT PATTERN ALLOWED: no file of src/ but those that match ALLOWED may contain PATTERN
rule()
{
	found "$(grep -rnE --include='*.[ch]' "$2" src | grep -vE "^src/($3):" | sed "s|\$|    <- $1|" || true)"
}

# ---- files
# Operations of two services may have one name; symbols carry the service.
found "$(find src -name '*.c' ! -path 'src/service/*/*' -printf '%f\n' | sort | uniq -d | sed 's/$/: two files in src have this name/')"
for file in $(find src -name '*.c' ! -path 'src/service/*/*' ! -path 'src/model/*' ! -name dynamo.c); do
	folder=${file%/*}
	# A file of SQL-callable functions has its prototypes in sql/functions, a file of a feature may have its own in the door.
	[ -e "${file%.c}.h" ] || grep -q PG_FUNCTION_INFO_V1 "$file" || [[ $folder == src/feature/* && -e $folder/${folder##*/}.h ]] ||
		bad "$file: has no header of its name"
done
for folder in src/feature/*; do
	[ -e "$folder/${folder##*/}.h" ] || bad "$folder: has no door ${folder##*/}.h"
	[ -e "$folder/README.md" ] || bad "$folder: has no README.md"
done
for folder in src/service/*/; do
	folder=${folder%/}
	[ "${folder##*/}" != protocol ] || continue
	grep -q "^DYN_SERVICE(${folder##*/})\$" src/service/service_list.h || bad "$folder: no row in service_list.h"
done
found "$(find src -name '*.[ch]' ! -path 'src/model/*_model.c' -exec wc -l {} + | awk '$2 != "total" && $1 > 800 {print $2 ": " $1 " lines, more than 800"}')"
found "$(find src -name '*.c' ! -path 'src/model/*_model.c' | sort | xargs awk '
	/^{/ {start = FNR}
	/^}/ {if (start && FNR - start > 101) printf "%s:%d: a function of %d lines, more than 100\n", FILENAME, start, FNR - start - 1; start = 0}')"

# ---- who may use what
rule "cJSON.h belongs to json/json.c" '#include.*cJSON\.h' 'json/json\.c'
rule "microhttpd.h belongs to http/http_server.c" '#include.*microhttpd\.h' 'http/http_server\.c'
rule "PG_VERSION_NUM belongs to base/compat.h" '^#.*PG_VERSION_NUM' 'base/compat\.h'
rule "headers do not include postgres.h" '#include "postgres\.h"' '.*\.c'
rule "SPI_execute and SPI_prepare belong to db/ and store/" '\bSPI_(execute|prepare|cursor|keepplan)' '(db|store)/[a-z_]*\.[ch]'
rule "SQL belongs to db/, catalog/, store/, work/, feature/ and auth/credential.c" '\b(SPI_(connect|finish)|dyn_sql_[a-z_]+)\(' '(db|catalog|store|work|feature/[a-z]*)/[a-z_]*\.[ch]|auth/credential\.c'
rule "the Jsonb API belongs to item/item_jsonb*.c and sqlapi/" '\b(pushJsonbValue|JsonbIteratorInit|JsonbValueToJsonb)\(' 'item/item_jsonb(_build)?\.c|sqlapi/[a-z_]*\.c'
rule "PG_TRY belongs to http_call.c, worker_loop.c and nested_call.c" '\bPG_TRY\(' 'http/http_call\.c|worker/worker_loop\.c|db/nested_call\.c'
rule "comments are /* */" '^[^"]*[[:space:]]//[^"]*$|^//' 'none'
rule "an extern lives in a header" '^extern ' '.*\.h'
rule "texts for clients belong to base/message.h" '(dyn_error|dyn_expr_parse_fail|set_fault)\([^"]*"[^"]*[A-Za-z]{3,} [A-Za-z]{3,} ' 'base/message\.h|(flow/read_flow|item/item_json)\.c'
rule "no malloc" '\b(malloc|calloc|realloc|strdup)\(' 'none'
# PostgreSQL 18 has no pg_attribute_noreturn: a header that uses it must not rest on what happens to stand before it.
for file in $(grep -rlE 'pg_attribute_noreturn' --include='*.h' src); do
	grep -qE '#include "base/(compat|error)\.h"' "$file" || [ "$file" = src/base/compat.h ] ||
		bad "$file: uses pg_attribute_noreturn without base/compat.h"
done

# ---- functions: dyn_ and the stem of the header that declares them
for file in $(find src -name '*.h' ! -path 'src/service/*/*'); do
	stem=$(basename "$file" .h)
	found "$(grep -oE '^extern [^;(]*\b(dyn_[a-z0-9_]+)\(' "$file" | grep -oE 'dyn_[a-z0-9_]+' |
		grep -vE "^dyn_${stem}(_|\$)" | sed "s|^|$file: |; s|\$|() does not begin with dyn_$stem|" || true)"
done

# ---- operations: each service's list, and for each row its file, its tests, its page and its SQL function
for list in src/service/*/op_list.h; do
	room=${list%/*}
	operations=$(sed -nE 's/^DYN_OPERATION\(([A-Za-z]+), ([a-z_]+), .*/\1 \2/p' "$list")
	[ -n "$operations" ] || bad "$list: no rows found"
	[ "$operations" = "$(LC_ALL=C sort <<<"$operations")" ] || bad "$list: not in alphabetical order"
	while read -r name stem; do
		[ -n "$name" ] || continue
		[ "$(sed -E 's/([a-z0-9])([A-Z])/\1_\2/g' <<<"$name" | tr 'A-Z' 'a-z')" = "$stem" ] || bad "$list: the stem of $name is not $stem"
		[ -e "$room/$stem.c" ] || bad "$name: $room/$stem.c is missing"
		[ -e "test/pgtap/$stem.sql" ] || bad "$name: test/pgtap/$stem.sql is missing"
		grep -q "^## $name\$" docs/operations.md || bad "$name: docs/operations.md has no section"
		grep -rqE "FUNCTION dynamo\.$stem *\(" sql/functions ||
			sed -n "/^## $name\$/,/^## /p" docs/operations.md | grep -q 'SQL: `dynamo.request`' ||
			bad "$name: there is no function dynamo.$stem(), and docs/operations.md does not send SQL users to dynamo.request"
	done <<<"$operations"
	for file in "$room"/*.c; do
		stem=$(basename "$file" .c)
		[ "$stem" = "${room##*/}" ] || grep -q " $stem\$" <<<"$operations" || bad "$file: no row in $list has this stem"
	done
done

# ---- settings, metrics, errors: each has its place in the manual
settings=$(sed -nE 's/^DYN_GUC_[A-Z]+\(([a-z0-9_]+),.*/\1/p' src/base/guc_list.h)
[ -n "$settings" ] || bad "src/base/guc_list.h: no rows found"
[ "$settings" = "$(sort <<<"$settings")" ] || bad "src/base/guc_list.h: not in alphabetical order"
for setting in $settings; do
	grep -q "^## dynamo.$setting\$\|\`dynamo.$setting\`" docs/settings.md || bad "dynamo.$setting: docs/settings.md does not name it"
done
for metric in $(grep -oE '"dynamo_[a-z_]+"' src/http/http_probe.c src/metric/metric_list.h | sed "s/^[^:]*://" | tr -d '"' | sort -u); do
	grep -q "\`$metric\`" docs/operations.md || bad "$metric: docs/operations.md does not name it"
done
for error in $(grep -oE 'ERROR_ROW\([A-Z_]+, "[A-Za-z]+"' src/base/error_list.h | grep -oE '"[A-Za-z]+"' | tr -d '"'); do
	grep -q "\`$error\`" docs/errors.md || bad "$error: docs/errors.md does not name it"
done

# ---- one version
version=$(sed -nE "s/^default_version = '(.*)'/\1/p" dynamo.control)
grep -q "^EXTVERSION = $version\$" Makefile || bad "Makefile: EXTVERSION is not that of dynamo.control"
grep -q "^#define DYN_VERSION \"$version\"\$" src/db/scope.h || bad "src/db/scope.h: DYN_VERSION is not that of dynamo.control"

# ---- lines
while read -r place; do
	bad "$place: longer than 120 bytes (make format)"
done < <(git ls-files 'src/*.[ch]' 'test/*.[ch]' 'bench/*.[ch]' | grep -v '^src/model/' | xargs awk 'length($0) > 120 {print FILENAME ":" FNR}')

[ "$BAD" = 0 ] || { echo "$BAD names or files out of place"; exit 1; }
echo "names: everything is where its name says"
