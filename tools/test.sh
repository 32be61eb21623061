#!/usr/bin/env bash
# Runs the tests: test.sh [PART...], default all of them in the order below.
#
#   style        docs/style.md's rules that a script can see (test/check)
#   regress      printed output (test/regress, expected)
#   pgtap        behaviour, file by file in a database of its own (test/pgtap)
#   isolation    concurrent sessions (test/isolation)
#   tap          the server from outside: endpoint, restart, crash (test/tap)
#   conformance  real SDKs and the AWS CLI, and the examples (test/conformance)
#
# Each part has servers of its own.  A test that is skipped counts as failed.  KEEP=1 keeps the work folder, and
# FILES="a b" limits regress, pgtap, isolation, tap and conformance to files with these stems.
. "$(dirname "$0")/lib.sh"

PARTS=("$@")
[ ${#PARTS[@]} -gt 0 ] || PARTS=(style regress pgtap isolation tap conformance)
PASSED=0
FAILED=0
FAILURES=()
CLUSTER=
RUNNING=
WORK=$(mktemp -d "${TMPDIR:-/tmp}/dynamo-test.XXXXXX")
chmod 755 "$WORK"
CACHE=$CHECKOUT/.cache

finish()
{
	local status=$?
	trap - EXIT
	if [ -n "$RUNNING" ]; then
		failed 1 "$RUNNING stopped in the middle"
		[ -z "$CLUSTER" ] || tail -n 60 "$CLUSTER/log/server.log" || true
	fi
	[ -z "$CLUSTER" ] || stop_cluster "$CLUSTER" || true
	if [ -n "${KEEP:-}" ]; then say "Kept $WORK"; else rm -rf "$WORK"; fi
	[ $status != 2 ] || exit 2
	step "done"
	for failure in ${FAILURES[@]+"${FAILURES[@]}"}; do
		say "FAILED: $failure"
	done
	say "$PASSED passed, $FAILED failed"
	[ "$FAILED" = 0 ] || status=1
	exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

passed()
{
	PASSED=$((PASSED + $1))
}

# failed COUNT WHAT
failed()
{
	FAILED=$((FAILED + $1))
	FAILURES+=("$2")
	say "FAILED: $2"
}

# The files of a test folder, or those among them that FILES names.
files_of()
{
	local file stem
	for file in "$@"; do
		[ -e "$file" ] || continue
		stem=$(basename "${file%.*}")
		if [ -z "${FILES:-}" ] || [[ " $FILES " == *" $stem "* ]]; then
			echo "$file"
		fi
	done
}

# ---- servers --------------------------------------------------------------------------------------------------------

# start_server NAME: a fresh cluster with the endpoint, in CLUSTER; sets the libpq environment and ENDPOINT.
start_server()
{
	CLUSTER=$WORK/$1
	ENDPOINT_PORT=$(free_port)
	ENDPOINT=http://127.0.0.1:$ENDPOINT_PORT
	export PGHOST=$CLUSTER/socket PGUSER=postgres PGDATABASE=postgres PGPORT
	PGPORT=$(free_port)
	INITDB_OPTIONS=--no-sync make_cluster "$CLUSTER" <<-END
		shared_preload_libraries = 'dynamo'
		listen_addresses = ''
		unix_socket_directories = '$CLUSTER/socket'
		port = $PGPORT
		fsync = off
		log_checkpoints = off
		max_connections = 60
		max_worker_processes = 24
		log_line_prefix = '%m [%p] %b %d '
		dynamo.listen_addresses = '127.0.0.1'
		dynamo.port = $ENDPOINT_PORT
	END
	start_cluster "$CLUSTER"
}

# Ends the part's server; anything like a crash in its log is a failure of the part.
end_server()
{
	local log=$CLUSTER/log/server.log
	stop_cluster "$CLUSTER" || failed 1 "$1: the server did not stop"
	if grep -E 'PANIC:|TRAP:|terminated by signal|terminated abnormally|stack smashing|double free' "$log"; then
		failed 1 "$1: the server crashed"
	fi
	if [ "$FAILED" -gt "$2" ]; then
		say "---- the end of the server's log"
		tail -n 60 "$log"
		say "----"
	fi
	CLUSTER=
}

# ---- counting -------------------------------------------------------------------------------------------------------

# count_tap NAME LOG STATUS: results of one TAP file, as prove or pg_prove -v printed them.
count_tap()
{
	local name=$1 log=$2 status=$3 good bad skipped
	good=$(grep -cE '^ok [0-9]+' "$log" || true)
	bad=$(grep -cE '^not ok [0-9]+' "$log" || true)
	skipped=$(grep -ciE '^(ok [0-9]+.*# *skip|.*\.\. skipped:|1\.\.0.*# *skip)' "$log" || true)
	if [ "$status" != 0 ] && [ "$bad" = 0 ] || [ $((good + bad)) = 0 ]; then
		bad=$((bad + 1))
	fi
	passed $((good > skipped ? good - skipped : 0))
	if [ $((bad + skipped)) -gt 0 ]; then
		grep -vE '^ok [0-9]+' "$log" | tail -n 80
		failed $((bad + skipped)) "$name ($bad failed, $skipped skipped)"
	else
		say "  $name: $good passed"
	fi
}

# count_regress NAME LOG FOLDER: what pg_regress and pg_isolation_regress print, in the form before and after PostgreSQL 16.
count_regress()
{
	local name=$1 log=$2 good bad
	good=$(grep -cE '^(test .*\.\.\. ok|ok [0-9]+)|^     .* \.\.\. ok' "$log" || true)
	bad=$(grep -cE '\.\.\. FAILED|^not ok [0-9]+' "$log" || true)
	passed "$good"
	if [ "$bad" -gt 0 ] || ! grep -qE 'All [0-9]+ tests? passed|tests? passed\.' "$log"; then
		cat "$log"
		[ ! -s "$3/regression.diffs" ] || head -n 200 "$3/regression.diffs"
		failed $((bad > 0 ? bad : 1)) "$name"
	else
		say "  $name: $good passed"
	fi
}

# ---- the parts ------------------------------------------------------------------------------------------------------

part_style()
{
	local check
	for check in "$CHECKOUT"/test/check/*.sh; do
		if "$check"; then passed 1; else failed 1 "${check##*/}"; fi
	done
}

part_regress()
{
	local names before=$FAILED
	names=$(files_of "$CHECKOUT"/test/regress/sql/*.sql | xargs -r -n 1 basename -s .sql | grep -vx install || true)
	start_server regress
	mkdir -p "$WORK/regress-out"
	# shellcheck disable=SC2086
	"$PGXS_FOLDER/src/test/regress/pg_regress" --bindir="$PG_BIN" --inputdir="$CHECKOUT/test/regress" --outputdir="$WORK/regress-out" \
		--host="$PGHOST" --port="$PGPORT" --user=postgres --dbname=regression install $names >"$WORK/regress.log" 2>&1 || true
	count_regress regress "$WORK/regress.log" "$WORK/regress-out"
	end_server regress "$before"
}

part_pgtap()
{
	local file name status before=$FAILED
	start_server pgtap
	SQL -c 'CREATE DATABASE pgtap_template'
	SQL -d pgtap_template -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION dynamo'
	[ ! -e "$CHECKOUT/test/module/Makefile" ] || SQL -d pgtap_template -c 'CREATE EXTENSION dynamo_test'
	for file in $(files_of "$CHECKOUT"/test/pgtap/*.sql); do
		name=$(basename "$file" .sql) status=0
		SQL -c "CREATE DATABASE \"pgtap_$name\" TEMPLATE pgtap_template"
		PATH=$PG_BIN:$PATH timeout 900 pg_prove -v -d "pgtap_$name" "$file" >"$WORK/tap.log" 2>&1 || status=$?
		count_tap "pgtap/$name" "$WORK/tap.log" "$status"
		SQL -c "DROP DATABASE \"pgtap_$name\" WITH (FORCE)"
	done
	end_server pgtap "$before"
}

part_isolation()
{
	local specs before=$FAILED
	specs=$(files_of "$CHECKOUT"/test/isolation/specs/*.spec | xargs -r -n 1 basename -s .spec)
	[ -n "$specs" ] || { say "  no specs"; return 0; }
	start_server isolation
	mkdir -p "$WORK/isolation-out"
	SQL -c 'CREATE DATABASE isolation' -d postgres
	SQL -d isolation -c 'CREATE EXTENSION dynamo'
	# shellcheck disable=SC2086
	"$PGXS_FOLDER/src/test/isolation/pg_isolation_regress" --bindir="$PG_BIN" --inputdir="$CHECKOUT/test/isolation" \
		--outputdir="$WORK/isolation-out" --host="$PGHOST" --port="$PGPORT" --user=postgres --use-existing --dbname=isolation \
		$specs >"$WORK/isolation.log" 2>&1 || true
	count_regress isolation "$WORK/isolation.log" "$WORK/isolation-out"
	end_server isolation "$before"
}

part_tap()
{
	local file name status copy=$WORK/tap
	# The servers' user may not be able to read the checkout.
	mkdir -p "$copy"
	cp -R "$CHECKOUT/test" "$CHECKOUT/examples" "$copy/"
	[ "$(id -u)" != 0 ] || chown -R postgres "$copy"
	for file in $(files_of "$copy"/test/tap/*.pl); do
		name=$(basename "$file" .pl) status=0
		mkdir -p "$copy/run/$name"
		[ "$(id -u)" != 0 ] || chown -R postgres "$copy/run"
		as_server env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PG_CONFIG PATH="$PG_BIN:$PATH" LIBPQ_FOLDER="$("$PG_CONFIG" --libdir)" \
			PG_REGRESS="$PGXS_FOLDER/src/test/regress/pg_regress" TESTDIR="$copy/run/$name" TESTDATADIR="$copy/run/$name/tmp_check" \
			TESTLOGDIR="$copy/run/$name/log" PERL5LIB="$PGXS_FOLDER/src/test/perl:$copy/test/tap" HOME="$copy/run/$name" \
			sh -c 'cd "$1" && exec timeout "$3" prove -v "$2"' sh "$copy/run/$name" "$file" $((1800 + (${DYNAMO_HISTORY_SECONDS:-0} + ${DYNAMO_SOAK_SECONDS:-0}) * 2)) >"$WORK/tap.log" 2>&1 || status=$?
		count_tap "tap/$name" "$WORK/tap.log" "$status"
		if grep -rlE 'PANIC:|TRAP:|terminated by signal (4|6|7|8|11)\b' "$copy/run/$name" --include='*.log'; then
			failed 1 "tap/$name: a server crashed"
		elif [ "$status" != 0 ]; then
			find "$copy/run/$name" -name '*.log' ! -name 'regress_log*' -exec tail -n 40 {} +
		fi
	done
}

# python_with NAME REQUIREMENT...: makes .cache/NAME, a virtual environment with these packages.
python_with()
{
	local folder=$CACHE/$1
	shift
	[ "$(cat "$folder/made-from" 2>/dev/null)" != "$* $(date +%G-%V)" ] || return 0
	rm -rf "$folder"
	mkdir -p "$CACHE"
	quietly "python: $*" sh -c 'folder=$1; shift; python3 -m venv "$folder" && "$folder/bin/pip" install -q --upgrade "$@"' sh "$folder" "$@" || return 1
	echo "$* $(date +%G-%V)" >"$folder/made-from"
}

# node_modules EXAMPLE: .cache/EXAMPLE/node_modules, linked into the work folder's copy of the example.
node_modules()
{
	local folder=$CACHE/$1
	if ! cmp -s "$CHECKOUT/examples/$1/package.json" "$folder/package.json"; then
		rm -rf "$folder"
		mkdir -p "$folder"
		cp "$CHECKOUT/examples/$1/package.json" "$folder/package.json"
		quietly "npm install for examples/$1" npm install --prefix "$folder" --no-package-lock --no-audit --no-fund --loglevel=error || {
			rm -rf "$folder"
			return 1
		}
	fi
	ln -sfn "$folder/node_modules" "$WORK/examples/$1/node_modules"
}

part_conformance()
{
	local boto3 log=$WORK/pytest.log before=$FAILED line good bad files
	cp -R "$CHECKOUT/examples" "$WORK/examples"
	rm -rf "$WORK"/examples/*/node_modules
	python_with boto3-current pytest boto3 || failed 1 "conformance: boto3 could not be installed"
	python_with boto3-1.34.0 pytest boto3==1.34.0 botocore==1.34.0 || failed 1 "conformance: boto3 1.34.0 could not be installed"
	for example in javascript-v2 javascript-v3; do
		node_modules "$example" || failed 1 "conformance: npm could not install what examples/$example needs"
	done
	[ "$FAILED" = "$before" ] || return 0

	start_server conformance
	SQL -c 'CREATE EXTENSION dynamo'
	# As a user's application would be: a role that may create tables, with a schema of its own for relational ones.
	SQL -c 'CREATE ROLE shop LOGIN' -c 'CREATE SCHEMA shop AUTHORIZATION shop' -c 'GRANT CREATE ON SCHEMA dynamo_tables TO shop'
	read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY < <(SQL -c "SELECT access_key_id, secret_access_key FROM dynamo.create_access_key('shop')")
	export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
	export DYNAMODB_ENDPOINT=$ENDPOINT EXAMPLES=$WORK/examples PSQL=$PG_BIN/psql PGUSER=shop
	if ! wait_for_endpoint "$ENDPOINT_PORT" "$CLUSTER/log/server.log" 1000; then
		failed 1 "conformance: the endpoint did not answer"
		end_server conformance "$before"
		return 0
	fi
	for boto3 in boto3-current boto3-1.34.0; do
		files=$(files_of "$CHECKOUT"/test/conformance/test_*.py)
		[ "$boto3" = boto3-current ] || files=$(grep -v 'once\.py$' <<<"$files" || true)
		[ -n "$files" ] || continue
		# shellcheck disable=SC2086
		timeout 2700 "$CACHE/$boto3/bin/python" -m pytest -q -p no:cacheprovider --tb=short $files >"$log" 2>&1 || true
		line=$(tail -n 1 "$log")
		good=$(grep -oE '[0-9]+ passed' <<<"$line" | cut -d ' ' -f 1 || true)
		bad=$(awk 'BEGIN {RS = ","} /failed|error|skipped|xpassed/ {n += $1 ~ /^[0-9]+$/ ? $1 : $2} END {print n + 0}' <<<"$line")
		passed "${good:-0}"
		if [ "$bad" -gt 0 ] || [ -z "$good" ]; then
			tail -n 150 "$log"
			failed $((bad > 0 ? bad : 1)) "conformance with $boto3"
		else
			say "  conformance with $boto3: $good passed"
		fi
	done
	end_server conformance "$before"
}

# ---------------------------------------------------------------------------------------------------------------------

build_for_tests()
{
	WERROR=1 build
	private_install "$WORK/pgsql"
	if [ -e "$CHECKOUT/test/module/Makefile" ]; then
		quietly "building the test module" make -s -C "$CHECKOUT/test/module" PG_CONFIG="$PG_CONFIG" all ||
			die "the test module does not build"
		make -s -C "$CHECKOUT/test/module" PG_CONFIG="$PG_CONFIG" install DESTDIR="$WORK/pgsql" >/dev/null
	fi
}

for part in "${PARTS[@]}"; do
	[ "$(type -t "part_$part")" = function ] || {
		say "There is no part \"$part\"; the parts are style regress pgtap isolation tap conformance." >&2
		exit 2
	}
done
RUNNING="the preparation"
if [ "${PARTS[*]}" != style ]; then
	need_packages test
	PGXS_FOLDER=$(dirname "$("$PG_CONFIG" --pgxs)")/../..
	PG_BIN=$WORK/pgsql$("$PG_CONFIG" --bindir)
	if (build_for_tests); then
		passed 1
	else
		failed 1 "the build"
		PARTS=()
	fi
fi
for part in ${PARTS[@]+"${PARTS[@]}"}; do
	step "$part"
	RUNNING=$part
	"part_$part"
done
RUNNING=
