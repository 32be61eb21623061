#!/usr/bin/env bash
# Alters, renames, drops and makes item tables and cancels workers while endpoint.py sends requests: chaos.sh URL [SEED [SECONDS]]
# libpq's environment names the server.  A defect is a restart of the server; answers of 500 and 503 are none here.
set -u
here=$(dirname "$0")
url=$1 seed=${2:-1} seconds=${3:-8}
sql() { psql -X -qAt -c "SET lock_timeout = '500ms'" -c "$1" >/dev/null 2>&1; }
# after a crash the postmaster stays and all its other processes are new
birth() { psql -X -qAt -c "SELECT backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'"; }
started=$(birth)
statements=(
	'ALTER TABLE dynamo_tables."Fuzz" ADD COLUMN extra int DEFAULT 7'
	'ALTER TABLE dynamo_tables."Fuzz" DROP COLUMN extra'
	'SET session_replication_role = replica; ALTER TABLE dynamo_tables."Fuzz" RENAME TO "Away"'
	'SET session_replication_role = replica; ALTER TABLE dynamo_tables."Away" RENAME TO "Fuzz"'
	'ALTER TABLE dynamo_tables."FuzzN" ALTER COLUMN size TYPE int8'
	'ALTER TABLE dynamo_tables."FuzzN" ALTER COLUMN size TYPE int4'
	'SET session_replication_role = replica; ALTER TABLE dynamo_tables."FuzzN" RENAME COLUMN c TO d'
	'SET session_replication_role = replica; ALTER TABLE dynamo_tables."FuzzN" RENAME COLUMN d TO c'
	'CREATE INDEX chaos ON dynamo_tables."Fuzz" ((item->>$$x$$))'
	'DROP INDEX dynamo_tables.chaos'
	'ALTER TABLE dynamo_tables."Fuzz" ADD CONSTRAINT chaos CHECK (size < 500)'
	'ALTER TABLE dynamo_tables."Fuzz" DROP CONSTRAINT chaos'
	'ALTER TABLE dynamo_tables."FuzzN" DISABLE TRIGGER dynamo_item'
	'ALTER TABLE dynamo_tables."FuzzN" ENABLE TRIGGER dynamo_item'
	'UPDATE dynamo_tables."FuzzN" SET item = $$[1, {"$B": 5}]$$'
	'CREATE TABLE dynamo_tables.child () INHERITS (dynamo_tables."Fuzz"); INSERT INTO dynamo_tables.child VALUES ($$a$$, $$b$$, NULL, NULL, $${"$SS": 1}$$, 1)'
	'DROP TABLE dynamo_tables.child'
	'ALTER TABLE dynamo_tables."FuzzB" DROP COLUMN item'
	'DROP TABLE dynamo_tables."FuzzB"'
	'TRUNCATE dynamo_tables."Fuzz"'
	'ANALYZE'
	'ALTER TABLE dynamo_tables."Fuzz" ENABLE ROW LEVEL SECURITY'
	'ALTER TABLE dynamo_tables."Fuzz" DISABLE ROW LEVEL SECURITY'
	'SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE backend_type = $$dynamo http worker$$'
	'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = $$dynamo http worker$$ AND random() < 0.2'
	'SELECT pg_reload_conf()'
)
RANDOM=$seed
end=$((SECONDS + seconds))
while [ $SECONDS -lt $end ]; do
	python3 "$here/endpoint.py" "$url" $RANDOM 2 >/dev/null 2>&1 &
	client=$!
	while kill -0 $client 2>/dev/null; do
		sql "${statements[RANDOM % ${#statements[@]}]}"
	done
	wait $client
	# the next client makes what is missing
	sql 'SET session_replication_role = replica; ALTER TABLE dynamo_tables."Away" RENAME TO "Fuzz"'
	for table in Fuzz FuzzN FuzzB; do
		[ $((RANDOM % 4)) != 0 ] || sql "DROP TABLE dynamo_tables.\"$table\" CASCADE"
	done
done
[ "$(birth)" = "$started" ] || { echo 'DEFECT: the server was started again'; exit 1; }
[ "$(psql -X -qAt -c 'SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state_change < now() - interval $$30s$$ AND state = $$active$$')" = 0 ] ||
	{ echo 'DEFECT: somebody hangs'; exit 1; }
echo "seed $seed: alive"
