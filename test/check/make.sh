#!/usr/bin/env bash
# Shows what "make" says on a machine with PostgreSQL but without its headers: what to install, once, and no compiler's errors.
set -euo pipefail
cd "$(dirname "$0")/../.."
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# A pg_config as the server's package brings it: it knows where the headers would be.
cat >"$WORK/pg_config" <<END
#!/bin/sh
[ "\$1" = --includedir-server ] && exec echo "$WORK/include"
exec "${PG_CONFIG:-pg_config}" "\$@"
END
chmod +x "$WORK/pg_config"

STATUS=0
make PG_CONFIG="$WORK/pg_config" --what-if=src/dynamo.c all >"$WORK/output" 2>&1 || STATUS=$?
if [ "$STATUS" = 0 ] || grep -q 'postgres\.h' "$WORK/output" || [ "$(grep -c 'apt-get install postgresql-server-dev' "$WORK/output")" != 1 ]; then
	echo "make without the server's headers does not say what to install:"
	head -n 20 "$WORK/output" | cut -c 1-200
	exit 1
fi
