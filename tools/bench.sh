#!/usr/bin/env bash
# Measures the endpoint beside pgbench, over the same rows of the same server, one right after the other.
#
# Requests are signed and kept alive; items have about 400 bytes; every write is on disk before its answer (fsync is on).
# pgbench reads and upserts the same rows with prepared statements over the socket.  Ratio is endpoint / pgbench.
#
#   BENCH_SECONDS=10   for each run            BENCH_CONNECTIONS="16 64"   BENCH_MODES="read write mixed transact2 transact10"
# (and token2: transactions with a ClientRequestToken, as SDKs send them; pgbench runs transact2 beside it)
#
# The figures go to standard output, and with them a chart to bench/out/bench.svg.
. "$(dirname "$0")/../bench/lib.sh"

SECONDS_EACH=${BENCH_SECONDS:-10}
OUT=$CHECKOUT/bench/out

# Flushes of the write-ahead log, as the endpoint counts them; 0 when it does not.
flushes()
{
	http_get "$ENDPOINT_PORT" /metrics | awk '/^dynamo_[a-z_]*flush[a-z_]*total/ {n += $NF} END {printf "%d\n", n}'
}

syncs()
{
	SQL -c "SELECT wal_sync FROM pg_stat_wal" 2>/dev/null || echo 0
}

write_scripts()
{
	local key="'k' || lpad(:k::text, 7, '0')"
	local upsert="INSERT INTO dynamo_tables.\"Bench\" (item) VALUES (jsonb_build_object('id', $key, 'count', :k::int, 'active', true,
		'payload', repeat('abcdefghij', 34))) ON CONFLICT (id) DO UPDATE SET item = EXCLUDED.item;"
	local read="SELECT item FROM dynamo_tables.\"Bench\" WHERE id = $key;"

	printf '\\set k random(0, %d)\n%s\n' $((KEYS - 1)) "$read" >"$HOME_FOLDER/read.sql"
	printf '\\set k random(0, %d)\n%s\n' $((KEYS - 1)) "$(tr '\n' ' ' <<<"$upsert")" >"$HOME_FOLDER/write.sql"
	write_transaction 2 >"$HOME_FOLDER/transact2.sql"
	write_transaction 2 >"$HOME_FOLDER/token2.sql"
	write_transaction 10 >"$HOME_FOLDER/transact10.sql"
}

# One item out of each of $1 equal parts of the table: locks are taken in the order of keys, as the endpoint does it.
write_transaction()
{
	local i part=$((KEYS / $1))
	for ((i = 0; i < $1; i++)); do
		printf '\\set k%d random(%d, %d)\n' "$i" $((i * part)) $(((i + 1) * part - 1))
	done
	echo 'BEGIN;'
	for ((i = 0; i < $1; i++)); do
		printf "UPDATE dynamo_tables.\"Bench\" SET item = jsonb_set(item, '{count}', to_jsonb((item->>'count')::numeric + 1)) WHERE id = 'k' || lpad(:k%d::text, 7, '0');\n" "$i"
	done
	echo 'COMMIT;'
}

run_pgbench()
{
	local files=()
	case $1 in
		mixed) files=(-f "$HOME_FOLDER/read.sql@1" -f "$HOME_FOLDER/write.sql@1") ;;
		*) files=(-f "$HOME_FOLDER/$1.sql") ;;
	esac
	"$PG_BIN/pgbench" -n -M prepared -c "$2" -j 1 -T "$SECONDS_EACH" "${files[@]}" 2>&1 | tee "$HOME_FOLDER/pgbench.log" |
		sed -n 's/^tps = \([0-9]*\).*/\1/p'
	! grep -qE '^pgbench: error|FATAL' "$HOME_FOLDER/pgbench.log" || { head -n 5 "$HOME_FOLDER/pgbench.log" >&2; return 1; }
}

compare()
{
	local mode=$1 connections=$2 ticks flushed synced line rate requests beside cpu per_write=- per_sync=- writes
	SQL -c CHECKPOINT
	ticks=$(ticks 'dynamo http') flushed=$(flushes) synced=$(syncs)
	line=$(load Bench "$mode" "$connections" "$SECONDS_EACH" "$KEYS") || die "the load failed: $line"
	sleep 1.2
	ticks=$(($(ticks 'dynamo http') - ticks)) flushed=$(($(flushes) - flushed)) synced=$(($(syncs) - synced))
	requests=$(field requests "$line") rate=$(field rate "$line")
	cpu=$(awk -v t="$ticks" -v n="$requests" 'BEGIN {printf "%.0f", t * 10000 / n}')
	case $mode in
		read) writes=0 ;;
		write | transact* | token*) writes=$requests ;;
		mixed) writes=$((requests / 2)) ;;
	esac
	if [ "$writes" -gt 0 ]; then
		per_write=$(awk -v f="$flushed" -v n="$writes" 'BEGIN {printf "%.3f", f / n}')
		per_sync=$(awk -v f="$synced" -v n="$writes" 'BEGIN {printf "%.3f", f / n}')
	fi
	SQL -c CHECKPOINT
	beside=$(run_pgbench "$mode" "$connections") || die "pgbench failed"
	printf '%-10s %11s %10s %10s %6s %9s %8s %8s %13s %12s\n' "$mode" "$connections" "$rate" "$beside" \
		"$(awk -v a="$rate" -v b="$beside" 'BEGIN {printf "%.2f", a / (b ? b : 1)}')" "$cpu" "$(field p50_us "$line")" "$(field p99_us "$line")" \
		"$per_write" "$per_sync" | tee -a "$HOME_FOLDER/rows"
}

# A bar for the endpoint and one for pgbench, for each row.
chart()
{
	awk 'BEGIN {max = 1}
		{mode[NR] = $1 " " $2; rate[NR] = $3; beside[NR] = $4; if ($3 > max) max = $3; if ($4 > max) max = $4}
		END {
			printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", NR * 48 + 40
			print "<text x=\"8\" y=\"20\">requests per second: dynamo (dark), pgbench (light)</text>"
			for (i = 1; i <= NR; i++) {
				y = i * 48 - 12
				printf "<text x=\"8\" y=\"%d\">%s</text>\n", y + 18, mode[i]
				printf "<rect x=\"90\" y=\"%d\" width=\"%d\" height=\"16\" fill=\"#336791\"/><text x=\"%d\" y=\"%d\">%d</text>\n", y, rate[i] * 460 / max, 96 + rate[i] * 460 / max, y + 13, rate[i]
				printf "<rect x=\"90\" y=\"%d\" width=\"%d\" height=\"16\" fill=\"#a8c4dc\"/><text x=\"%d\" y=\"%d\">%d</text>\n", y + 18, beside[i] * 460 / max, 96 + beside[i] * 460 / max, y + 31, beside[i]
			}
			print "</svg>"
		}' "$HOME_FOLDER/rows"
}

start_bench_server <<END
shared_buffers = 256MB
max_wal_size = 4GB
END
SQL -o /dev/null -c "SELECT dynamo.request('CreateTable', '{\"TableName\": \"Bench\", \"BillingMode\": \"PAY_PER_REQUEST\",
	\"AttributeDefinitions\": [{\"AttributeName\": \"id\", \"AttributeType\": \"S\"}], \"KeySchema\": [{\"AttributeName\": \"id\", \"KeyType\": \"HASH\"}]}')"
write_scripts
step "writing $KEYS items"
load Bench fill 64 0 "$KEYS" >/dev/null || die "could not write the items"
SQL -c 'VACUUM ANALYZE dynamo_tables."Bench"'
step "measuring, $SECONDS_EACH s each ($(nproc) processors, $("$PG_CONFIG" --version))"
: >"$HOME_FOLDER/rows"
printf '%-10s %11s %10s %10s %6s %9s %8s %8s %13s %12s\n' mode connections dynamo/s pgbench/s ratio cpu_us p50_us p99_us flushes/write syncs/write
for mode in ${BENCH_MODES:-read write mixed transact2 transact10}; do
	for connections in ${BENCH_CONNECTIONS:-16 64}; do
		compare "$mode" "$connections"
	done
done
step "what a stream costs the writer: one session, in SQL"
SQL -f "$CHECKOUT/bench/stream.sql"
mkdir -p "$OUT"
chart >"$OUT/bench.svg"
step "done; the chart is bench/out/bench.svg"
