#!/usr/bin/env bash
# Ends the server that "make run" started.  Its data stays.
. "$(dirname "$0")/run-settings.sh"

for PG_BIN in "$RUN_HOME"/pgsql/usr/lib/postgresql/*/bin "$RUN_HOME"/pgsql/*/bin ""; do
	[ ! -x "$PG_BIN/pg_ctl" ] || break
done
if [ -z "$PG_BIN" ] || ! is_running "$RUN_HOME"; then
	say "Nothing to stop: no server runs in $RUN_HOME."
	exit 0
fi
stop_cluster "$RUN_HOME"
say "Stopped.  The data stays in $RUN_HOME; \"make run\" starts it again."
