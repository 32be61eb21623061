#!/usr/bin/env bash
# Ends the server that "make run" started.  Its data stays.
. "$(dirname "$0")/run-settings.sh"

# Below pgsql the programs are where PG_CONFIG has them.
PG_CTL=$(find "$RUN_HOME/pgsql" -path '*/bin/pg_ctl' -perm -u+x -print -quit 2>/dev/null || true)
PG_BIN=${PG_CTL%/pg_ctl}
if [ -z "$PG_BIN" ] || ! is_running "$RUN_HOME"; then
	say "Nothing to stop: no server runs in $RUN_HOME."
	exit 0
fi
stop_cluster "$RUN_HOME"
say "Stopped.  The data stays in $RUN_HOME; \"make run\" starts it again."
