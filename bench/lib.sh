# What the measurements share: sourced by tools/bench.sh and bench/background.sh, never run by itself.
#
# Each has a private server of its own, with fsync on, and a folder for both that goes when the script ends.
. "$(dirname "${BASH_SOURCE[0]}")/../tools/lib.sh"

KEYS=20000
HOME_FOLDER=$(mktemp -d "${BENCH_FOLDER:-/var/tmp}/dynamo-bench.XXXXXX")
chmod 755 "$HOME_FOLDER"
trap '[ -z "${PG_BIN:-}" ] || stop_cluster "$HOME_FOLDER" || true; rm -rf "$HOME_FOLDER"' EXIT
trap 'exit 130' INT TERM

# Builds everything and starts the server, with an access key in the environment.  More settings are read from standard input.
start_bench_server()
{
	local settings
	settings=$(cat)
	need_packages bench
	build
	private_install "$HOME_FOLDER/pgsql"
	gcc -O2 -std=gnu99 -Wall -Wextra -o "$HOME_FOLDER/load" "$CHECKOUT/bench/load.c" -lcrypto || die "bench/load.c does not build"
	ENDPOINT_PORT=$(free_port)
	PGPORT=$(free_port)
	export PGHOST=$HOME_FOLDER/socket PGUSER=postgres PGDATABASE=postgres PGPORT
	make_cluster "$HOME_FOLDER" <<-END
		shared_preload_libraries = 'dynamo'
		listen_addresses = ''
		unix_socket_directories = '$HOME_FOLDER/socket'
		port = $PGPORT
		max_connections = 200
		max_worker_processes = 24
		checkpoint_timeout = 30min
		dynamo.port = $ENDPOINT_PORT
		$settings
	END
	start_cluster "$HOME_FOLDER"
	SQL -c 'CREATE EXTENSION dynamo'
	read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY < <(SQL -c 'SELECT access_key_id, secret_access_key FROM dynamo.create_access_key()')
	export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION=us-east-1
	wait_for_endpoint "$ENDPOINT_PORT" "$HOME_FOLDER/log/server.log" || die "the endpoint did not answer"
}

# ticks TYPES: hundredths of a second of processor that processes of these types have used so far.
ticks()
{
	local pid total=0 used
	for pid in $(SQL -c "SELECT pid FROM pg_stat_activity WHERE backend_type ~ '$1'"); do
		# After the program's name in parentheses, utime and stime are fields 12 and 13.
		used=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | awk '{print $12 + $13}' || true)
		total=$((total + ${used:-0}))
	done
	echo "$total"
}

# load TABLE MODE CONNECTIONS SECONDS KEYS: one line of figures.
load()
{
	"$HOME_FOLDER/load" 127.0.0.1 "$ENDPOINT_PORT" "$@"
}

# field NAME LINE: a figure out of a line of load.
field()
{
	sed -n "s/.*\b$1=\([0-9.]*\).*/\1/p" <<<"$2"
}
