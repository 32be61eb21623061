#!/usr/bin/env bash
# Starts DynamoDB Local and dynalite on 127.0.0.1 for test/differential, until it is interrupted.
#
#   tools/peers.sh [PORT_OF_DYNAMODB_LOCAL [PORT_OF_DYNALITE]]        8001 and 8002 unless said otherwise
#
# Needs Maven and Java 17, and npm.  What they bring lies in .cache/peers.
set -euo pipefail
cd "$(dirname "$0")/.."
local_port=${1:-8001} dynalite_port=${2:-8002} cache=$PWD/.cache/peers version=2.6.1
mkdir -p "$cache"
if [ ! -f "$cache/lib/DynamoDBLocal-$version.jar" ]; then
	cat >"$cache/pom.xml" <<-END
		<project><modelVersion>4.0.0</modelVersion><groupId>peers</groupId><artifactId>peers</artifactId><version>1</version>
		<dependencies><dependency><groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>$version</version></dependency></dependencies></project>
	END
	rm -rf "$cache/lib.part"
	mvn -q -B -f "$cache/pom.xml" dependency:copy-dependencies -DoutputDirectory="$cache/lib.part"
	rm -rf "$cache/lib"
	mv "$cache/lib.part" "$cache/lib"
fi
[ -d "$cache/node_modules/dynalite" ] || npm install --prefix "$cache" --no-audit --no-fund --loglevel=error dynalite@4.0.0

trap 'kill $(jobs -p) 2>/dev/null' EXIT
java -Djava.library.path="$cache/lib" -cp "$cache/lib/*" com.amazonaws.services.dynamodbv2.local.main.ServerRunner -inMemory -port "$local_port" &
# dynalite ends on requests that it does not expect: run.py waits for the next one and makes its tables again
while true; do
	node "$cache/node_modules/dynalite/cli.js" --port "$dynalite_port" --createTableMs 0 --deleteTableMs 0 --updateTableMs 0 || true
	sleep 0.2
done
