# Where "make run" keeps its server; sourced by run.sh and stop.sh.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "$(id -u)" = 0 ]; then
	RUN_HOME=${DYNAMO_HOME:-/var/lib/dynamo}
else
	RUN_HOME=${DYNAMO_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/dynamo}
fi
RUN_PORT=${DYNAMO_PORT:-8000}
RUN_PGPORT=${DYNAMO_PGPORT:-54320}
