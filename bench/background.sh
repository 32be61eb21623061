#!/usr/bin/env bash
# Measures the work in the background, and what it costs the writers:
#
#   streams   puts of items of about 400 bytes through the endpoint, to tables without and with a stream, in turns of one run:
#             requests per second, processor time of the workers and of the scheduler, and the ratio to no stream
#   TTL       items a second that the scheduler deletes, by its processor time ("on one core") and by the clock
#   indexes   UpdateTable to ACTIVE on a table of a million items, beside writers and alone: by the clock, and the job's processor
#             time; the writers' longest answers
#
#   BENCH_SECONDS=5   for each run of the load   BENCH_ITEMS=1000000   BENCH_CONNECTIONS=16
#
# Figures go to standard output.
. "$(dirname "$0")/lib.sh"

SECONDS_EACH=${BENCH_SECONDS:-5}
ITEMS=${BENCH_ITEMS:-1000000}
CONNECTIONS=${BENCH_CONNECTIONS:-16}
ROUNDS=3
VIEWS="none KEYS_ONLY NEW_IMAGE OLD_IMAGE NEW_AND_OLD_IMAGES"

# wait_until CONDITION
wait_until()
{
	until [ "$(SQL -c "SELECT $1")" = t ]; do sleep 0.02; done
}

now()
{
	date +%s.%N
}

# fill TABLE COUNT MORE: rows in SQL, with more members for each item
fill()
{
	SQL -c "INSERT INTO dynamo_tables.\"$1\"(item) SELECT jsonb_build_object('id', 'k' || lpad(i::text, 7, '0'), 'count', i, 'active', true, 'payload', repeat('abcdefghij', 20)) || $3
		FROM generate_series(0, $2 - 1) AS i" -c "VACUUM ANALYZE dynamo_tables.\"$1\"" -c CHECKPOINT
}

measure_streams()
{
	local view round line workers scheduler

	for view in $VIEWS; do
		SQL -o /dev/null -c "SELECT dynamo.create_table('Put_$view', 'id', stream_view_type => nullif('$view', 'none'))"
		load "Put_$view" fill 64 0 "$KEYS" >/dev/null
	done
	: >"$HOME_FOLDER/streams"
	for ((round = 1; round <= ROUNDS; round++)); do
		for view in $VIEWS; do
			SQL -c CHECKPOINT
			workers=$(ticks 'dynamo http') scheduler=$(ticks 'dynamo scheduler')
			line=$(load "Put_$view" write "$CONNECTIONS" "$SECONDS_EACH" "$KEYS")
			sleep 0.5
			printf '%s %s %s %s %s\n' "$view" "$(field requests "$line")" "$(field seconds "$line")" \
				$(($(ticks 'dynamo http') - workers)) $(($(ticks 'dynamo scheduler') - scheduler)) >>"$HOME_FOLDER/streams"
		done
	done
	printf '%-20s %9s %7s %15s %17s %7s\n' stream puts/s ratio 'worker us/put' 'scheduler us/put' ratio
	awk '{n[$1] += $2; s[$1] += $3; w[$1] += $4; c[$1] += $5; if (!($1 in at)) {at[$1] = ++views; name[views] = $1}}
		END {for (i = 1; i <= views; i++) {v = name[i]; printf "%-20s %9.0f %7.2f %15.1f %17.1f %7.2f\n", v, n[v] / s[v],
			n["none"] / s["none"] / (n[v] / s[v]), w[v] * 1e4 / n[v], c[v] * 1e4 / n[v], ((w[v] + c[v]) / n[v]) / ((w["none"] + c["none"]) / n["none"])}}' "$HOME_FOLDER/streams"
	for view in $VIEWS; do
		SQL -o /dev/null -c "SELECT dynamo.delete_table('Put_$view')"
	done
}

# measure_ttl WHAT STREAM INDEXES
measure_ttl()
{
	local begin used count=$((ITEMS / 4))

	SQL -o /dev/null -c "SELECT dynamo.create_table('Expiring', 'id', stream_view_type => $2, global_indexes => '$3')"
	fill Expiring "$count" "jsonb_build_object('expires', extract(epoch FROM now())::bigint - 100, 'tag', 't' || i % 100)"
	SQL -o /dev/null -c "SELECT dynamo.request('UpdateTimeToLive', '{\"TableName\": \"Expiring\", \"TimeToLiveSpecification\": {\"AttributeName\": \"expires\", \"Enabled\": true}}')"
	used=$(ticks 'dynamo scheduler')
	wait_until "(SELECT ttl_ready FROM dynamo.tables WHERE name = 'Expiring')"
	begin=$(now)
	# its first row is the last to go, but for a batch
	wait_until "NOT EXISTS (SELECT FROM dynamo_tables.\"Expiring\")"
	awk -v what="$1" -v n="$count" -v t="$(awk -v a="$begin" -v b="$(now)" 'BEGIN {print b - a}')" -v c=$(($(ticks 'dynamo scheduler') - used)) \
		'BEGIN {printf "%-32s %9d %12.0f %12.0f\n", what, n, n / t, n * 100 / (c > 0 ? c : 1)}'
	SQL -o /dev/null -c "SELECT dynamo.delete_table('Expiring')"
}

# measure_index WHAT CONNECTIONS
measure_index()
{
	local begin end filled= load_pid= line= state= cpu=0 used

	if [ "$2" -gt 0 ]; then
		# the program itself, not a shell around it, is to be ended
		"$HOME_FOLDER/load" 127.0.0.1 "$ENDPOINT_PORT" Indexed write "$2" 600 "$KEYS" >"$HOME_FOLDER/line" &
		load_pid=$!
		sleep 2
	fi
	begin=$(now)
	SQL -o /dev/null -c "SELECT dynamo.request('UpdateTable', '{\"TableName\": \"Indexed\", \"AttributeDefinitions\": [{\"AttributeName\": \"tag\", \"AttributeType\": \"S\"}],
		\"GlobalSecondaryIndexUpdates\": [{\"Create\": {\"IndexName\": \"ByTag\", \"KeySchema\": [{\"AttributeName\": \"tag\", \"KeyType\": \"HASH\"}], \"Projection\": {\"ProjectionType\": \"ALL\"}}}]}')"
	until [ "$state" = ACTIVE ]; do
		used=$(ticks 'dynamo job')
		[ "$used" = 0 ] || cpu=$used
		state=$(SQL -c "SELECT CASE WHEN i.status = 'ACTIVE' THEN i.status ELSE (SELECT phase FROM dynamo.jobs ORDER BY id DESC LIMIT 1) END FROM dynamo.indexes i WHERE name = 'ByTag'")
		[ -n "$filled" ] || [ "$state" = waiting ] || [ "$state" = fill ] || filled=$(now)
		sleep 0.02
	done
	end=$(now)
	if [ -n "$load_pid" ]; then
		sleep 1
		kill -TERM "$load_pid"
		wait "$load_pid" || true
		line=$(cat "$HOME_FOLDER/line")
	fi
	awk -v what="$1" -v a="$begin" -v f="$filled" -v b="$end" -v r="$(field rate "$line")" -v m="$(field max_us "$line")" -v p="$(field p99_us "$line")" -v e="$(field errors "$line")" -v c="$cpu" \
		'BEGIN {printf "%-32s %9.1f %9.1f %9.1f %9s %9s %12s %7s\n", what, b - a, f - a, c / 100, r == "" ? "-" : r, p == "" ? "-" : sprintf("%.1f", p / 1000), m == "" ? "-" : sprintf("%.1f", m / 1000), e == "" ? "-" : e}'
	SQL -o /dev/null -c "SELECT dynamo.request('UpdateTable', '{\"TableName\": \"Indexed\", \"GlobalSecondaryIndexUpdates\": [{\"Delete\": {\"IndexName\": \"ByTag\"}}]}')"
	wait_until "NOT EXISTS (SELECT FROM dynamo.indexes WHERE name = 'ByTag')"
	SQL -c 'VACUUM dynamo_tables."Indexed"' -c CHECKPOINT
}

start_bench_server <<END
shared_buffers = 1GB
max_wal_size = 8GB
autovacuum = off
dynamo.ttl_interval = '100ms'
dynamo.ttl_change_interval = 0
END

step "what a stream costs the writers: $ROUNDS turns of $SECONDS_EACH s, $CONNECTIONS connections ($(nproc) processors, $("$PG_CONFIG" --version))"
measure_streams
step "expiry: $((ITEMS / 4)) items of about 300 bytes"
printf '%-32s %9s %12s %12s\n' table items items/s 'per cpu s'
measure_ttl 'plain' NULL '{}'
measure_ttl 'with an index' NULL '{"ByTag": {"hash_key": "tag"}}'
measure_ttl 'with a stream of both images' "'NEW_AND_OLD_IMAGES'" '{}'
step "an index on $ITEMS items of about 300 bytes"
SQL -o /dev/null -c "SELECT dynamo.create_table('Indexed', 'id')"
fill Indexed "$ITEMS" "jsonb_build_object('tag', 't' || i % 1000)"
printf '%-32s %9s %9s %9s %9s %9s %12s %7s\n' writers 'ACTIVE s' 'filled s' 'cpu s' writes/s 'p99 ms' 'longest ms' errors
measure_index 'none' 0
measure_index '4 connections' 4
measure_index "$CONNECTIONS connections" "$CONNECTIONS"
line=$(load Indexed write 4 10 "$KEYS")
printf '4 connections without a build: %s writes/s, p99 %s us, longest %s us\n' "$(field rate "$line")" "$(field p99_us "$line")" "$(field max_us "$line")"
step "done"
