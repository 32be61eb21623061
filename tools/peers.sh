#!/usr/bin/env bash
# Starts dynoxide and dynalite on 127.0.0.1 for test/differential, until it is interrupted.
#
#   tools/peers.sh [PORT_OF_DYNOXIDE [PORT_OF_DYNALITE]]        8001 and 8002 unless said otherwise
#
# Needs cargo with Rust 1.88 or newer (once, for some minutes) and npm.  What they bring lies in .cache/peers.
set -euo pipefail
cd "$(dirname "$0")/.."
dynoxide_port=${1:-8001} dynalite_port=${2:-8002} cache=$PWD/.cache/peers
mkdir -p "$cache"
[ -x "$cache/bin/dynoxide" ] || cargo install --quiet --locked --root "$cache" --version 3.2.0 dynoxide-rs
[ -d "$cache/node_modules/dynalite" ] || npm install --prefix "$cache" --no-audit --no-fund --loglevel=error dynalite@4.0.0

trap 'kill $(jobs -p) 2>/dev/null' EXIT
# both may end on requests that they do not expect: run.py waits for the next one and makes its tables again
restart() {
	trap 'kill "$child" 2>/dev/null; exit' TERM
	while true; do
		"$@" &
		child=$!
		wait "$child" || true
		sleep 0.2
	done
}
restart "$cache/bin/dynoxide" serve --port "$dynoxide_port" --log quiet &
restart node "$cache/node_modules/dynalite/cli.js" --port "$dynalite_port" --createTableMs 0 --deleteTableMs 0 --updateTableMs 0 &
wait
