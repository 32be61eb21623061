# What run, stop, test and bench share: sourced by them, never run by itself.
#
# A private server here means: a copy of the machine's PostgreSQL programs with our extension beside them (PostgreSQL finds
# its libraries and extensions relative to its own program, so the copy needs no rights on the machine's installation and
# leaves it as it is), and a cluster with its own folder, socket and port.  PostgreSQL refuses to run as root; root's
# servers run as the operating system's user postgres, everybody else's as themselves.

set -euo pipefail

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
STARTED=$SECONDS
# Debian's own python3, node and aws before any that a version manager put in front of them.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export PATH LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

say()
{
	printf '%s\n' "$*"
}

# A progress line with the seconds since the start.
step()
{
	printf '[%4ds] %s\n' $((SECONDS - STARTED)) "$*"
}

# die WHAT [WHAT TO DO]
die()
{
	printf 'ERROR: %s\n' "$1" >&2
	[ $# -lt 2 ] || printf 'HINT:  %s\n' "$2" >&2
	exit 1
}

# Runs a command, silent unless it fails or takes long: then a line every fifteen seconds.
quietly()
{
	local what=$1 log child waited=0
	shift
	log=$(mktemp)
	step "$what"
	"$@" >"$log" 2>&1 </dev/null &
	child=$!
	while kill -0 "$child" 2>/dev/null; do
		sleep 0.2
		waited=$((waited + 1))
		if [ $((waited % 75)) = 0 ]; then
			step "... still at it$(tail -n 1 "$log" | tr -d '\r' | sed 's/^./: &/' | cut -c 1-100)"
		fi
	done
	if ! wait "$child"; then
		tail -n 40 "$log" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

# ---- packages -------------------------------------------------------------------------------------------------------

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "\"$*\" needs root" "Run it as root, then start again."
	fi
}

is_installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Puts PACKAGE on the list of missing ones, unless it is installed or COMMAND is there from elsewhere.
want()
{
	if ! is_installed "$1" && { [ $# -lt 2 ] || ! command -v "$2" >/dev/null; }; then
		MISSING+=("$1")
	fi
}

# The major version to build for: that of PG_CONFIG when it is given or works, else the newest that apt offers.
find_version()
{
	if [ -n "${PG_CONFIG:-}" ] || { command -v pg_config && [ -e "$(pg_config --pgxs)" ]; } >/dev/null 2>&1; then
		PG_VERSION=$("${PG_CONFIG:-pg_config}" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
		return
	fi
	PG_VERSION=$(apt-cache search --names-only '^postgresql-server-dev-[0-9]+$' | sed 's/^postgresql-server-dev-\([0-9]*\).*/\1/' |
		sort -n | tail -n 1)
	[ -n "$PG_VERSION" ] || die "no PostgreSQL development package found" "Check the apt sources, or give PG_CONFIG=/path/to/pg_config."
}

install_missing()
{
	[ ${#MISSING[@]} -gt 0 ] || return 0
	local hide=/etc/postgresql-common/createcluster.d/dynamo.conf done=0

	[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
		die "these packages are missing: ${MISSING[*]}" "As root: apt-get install --no-install-recommends ${MISSING[*]}"

	# Debian's package would create and start a cluster at installation, which nobody here asked for.
	as_root mkdir -p "${hide%/*}"
	echo 'create_main_cluster = false' | as_root tee "$hide" >/dev/null
	quietly "installing ${MISSING[*]}" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
		-o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "${MISSING[@]}" || done=$?
	as_root rm -f "$hide"
	as_root rmdir --ignore-fail-on-non-empty "${hide%/*}" 2>/dev/null || true
	[ $done = 0 ] || die "apt could not install ${MISSING[*]}" "Run \"apt-get update\", look at its message above, then start again."
}

# need_packages run|test|bench: installs what that command needs and this machine lacks.
need_packages()
{
	MISSING=()
	if ! command -v apt-get >/dev/null; then
		command -v "${PG_CONFIG:-pg_config}" >/dev/null ||
			die "this is no Debian, and PostgreSQL's development files are missing" "Install them and the libraries that docs/decisions/0001-dependencies.md names."
	else
		if ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; then
			quietly "reading the package lists" as_root apt-get update -q || die "apt-get update failed" "Check the network and /etc/apt/sources.list."
		fi
		find_version
		want build-essential gcc
		want "postgresql-$PG_VERSION"
		want "postgresql-server-dev-$PG_VERSION"
		want libcjson-dev
		want libmicrohttpd-dev
		want libssl-dev
		want zlib1g-dev
		case $1 in
			run)
				python3 -c 'import boto3' 2>/dev/null || want python3-boto3
				;;
			test)
				want "postgresql-$PG_VERSION-pgtap"
				want libtap-parser-sourcehandler-pgtap-perl pg_prove
				want libipc-run-perl
				want python3-venv
				want curl curl
				want nodejs node
				command -v npm >/dev/null || want npm
				want awscli aws
				;;
		esac
		install_missing
	fi
	find_version
	PG_CONFIG=${PG_CONFIG:-pg_config}
	[ -e "$("$PG_CONFIG" --pgxs)" ] || PG_CONFIG=/usr/lib/postgresql/$PG_VERSION/bin/pg_config
	export PG_CONFIG
}

# ---- build ----------------------------------------------------------------------------------------------------------

build()
{
	quietly "building the extension" make -s -C "$CHECKOUT" -j "${JOBS:-2}" all ${WERROR:+WERROR=1} ||
		die "the build failed" "The compiler's message is above."
}

# private_install FOLDER: PostgreSQL's programs and our extension, under FOLDER.
private_install()
{
	local tree=$1 bin lib share part
	bin=$("$PG_CONFIG" --bindir) lib=$("$PG_CONFIG" --pkglibdir) share=$("$PG_CONFIG" --sharedir)
	mkdir -p "$tree$bin" "$tree$lib" "$tree$share/extension"
	for part in "$bin"/*; do
		cmp -s "$part" "$tree$part" || cp -L --remove-destination "$part" "$tree$part"
	done
	for part in "$lib"/* "$share"/* "$share"/extension/*; do
		case $part in
			*/extension | */dynamo.so | */dynamo_test.so | */dynamo.control | */dynamo--*) ;;
			*) ln -sfn "$part" "$tree$part" ;;
		esac
	done
	make -s -C "$CHECKOUT" install DESTDIR="$tree" >/dev/null || die "could not install the extension into $tree"
	PG_BIN=$tree$bin
}

# ---- clusters -------------------------------------------------------------------------------------------------------

# The user whom private servers run as.
server_user()
{
	if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi
}

as_server()
{
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

# A TCP port that nothing listens on at this moment.
free_port()
{
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		port_is_free "$port" && { echo "$port"; return; }
	done
}

port_is_free()
{
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# make_cluster FOLDER: folder/data, folder/socket, folder/log.  Extra settings are read from standard input.
make_cluster()
{
	local home=$1
	mkdir -p "$home"
	if [ "$(id -u)" = 0 ]; then
		install -d -o postgres -g postgres -m 755 "$home/socket"
		install -d -o postgres -g postgres -m 700 "$home/data"
		install -d -o postgres -g postgres -m 755 "$home/log"
	else
		mkdir -p "$home/socket" "$home/log"
		install -d -m 700 "$home/data"
	fi
	as_server "$PG_BIN/initdb" -D "$home/data" -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 \
		${INITDB_OPTIONS:-} >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; die "initdb failed in $home/data"; }
	# The administrator and the server's user may both be the database's superuser and the sample shop, over the socket.
	printf 'local all all peer map=dynamo\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\nlocal replication all peer map=dynamo\n' |
		as_server tee "$home/data/pg_hba.conf" >/dev/null
	printf 'dynamo %s postgres\ndynamo %s shop\n' root root "$(server_user)" "$(server_user)" "$(id -un)" "$(id -un)" | sort -u | as_server tee "$home/data/pg_ident.conf" >/dev/null
	cat | as_server tee -a "$home/data/postgresql.conf" >/dev/null
}

is_running()
{
	as_server "$PG_BIN/pg_ctl" -D "$1/data" status >/dev/null 2>&1
}

start_cluster()
{
	local home=$1
	is_running "$home" && return
	as_server "$PG_BIN/pg_ctl" -D "$home/data" -l "$home/log/server.log" -w -t 300 start >/dev/null || {
		tail -n 15 "$home/log/server.log" >&2
		die "the server in $home did not start" "Its log is $home/log/server.log."
	}
}

stop_cluster()
{
	! is_running "$1" || as_server "$PG_BIN/pg_ctl" -D "$1/data" -m fast -w -t 300 stop >/dev/null
}

# psql's bare output, columns parted by a space, on the server of the libpq environment.
SQL()
{
	"$PG_BIN/psql" -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 "$@"
}

# wait_for_endpoint PORT LOG [TRIES], five a second
wait_for_endpoint()
{
	local try
	for try in $(seq 1 "${3:-150}"); do
		if http_get "$1" /health | head -n 1 | grep -q ' 200 '; then
			return 0
		fi
		[ $((try % 25)) != 0 ] || step "... waiting for http://127.0.0.1:$1/health"
		sleep 0.2
	done
	tail -n 30 "$2" >&2
	return 1
}

# http_get PORT PATH: the whole answer, without any program that a bare machine lacks.
http_get()
{
	(
		exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
		printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
		timeout 5 cat <&3
	) 2>/dev/null || true
}
