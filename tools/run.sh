#!/usr/bin/env bash
# Builds the extension and leaves a private server running, its endpoint on 127.0.0.1:8000, after a round of the sample shop.
#
# A second call reuses the server and its data.  DYNAMO_HOME, DYNAMO_PORT and DYNAMO_PGPORT choose another place; FRESH=1
# throws the old data away.
. "$(dirname "$0")/run-settings.sh"

# The sample shop's role: it may create tables, and so owns all that the printed key and psql work with.  The schema of its
# name is for relational tables.
SHOP=shop

write_settings()
{
	cat <<-END
		# Written by "make run" at every call; your own settings belong into postgresql.conf.
		shared_preload_libraries = 'dynamo'
		cluster_name = 'dynamo'
		listen_addresses = '127.0.0.1'
		port = $RUN_PGPORT
		unix_socket_directories = '$RUN_HOME/socket'
		max_worker_processes = 32
		log_line_prefix = '%m [%p] %b '
		dynamo.database = 'postgres'
		dynamo.listen_addresses = '127.0.0.1'
		dynamo.port = $RUN_PORT
	END
}

prepare_cluster()
{
	local settings=$RUN_HOME/data/dynamo.conf made

	if [ -n "${FRESH:-}" ] && [ -e "$RUN_HOME/data" ]; then
		stop_cluster "$RUN_HOME"
		rm -rf "$RUN_HOME/data" "$RUN_HOME/access-key" "$RUN_HOME/script.sum"
	fi
	if [ ! -e "$RUN_HOME/data/PG_VERSION" ]; then
		step "making a cluster in $RUN_HOME"
		make_cluster "$RUN_HOME" <<<"include = 'dynamo.conf'"
	fi
	made=$(cat "$RUN_HOME/data/PG_VERSION")
	[ "$made" = "$PG_VERSION" ] || die "the data in $RUN_HOME is PostgreSQL $made's, and this machine builds for $PG_VERSION" \
		"Give PG_CONFIG of version $made, or start anew with \"make run FRESH=1\"."

	if [ "$(cat "$settings" 2>/dev/null)" != "$(write_settings)" ] || [ -n "$NEW_PROGRAMS" ]; then
		stop_cluster "$RUN_HOME"
		write_settings | as_server tee "$settings" >/dev/null
	fi
	if is_running "$RUN_HOME"; then
		step "the server runs already"
		return
	fi
	for port in "$RUN_PORT" "$RUN_PGPORT"; do
		port_is_free "$port" || die "port $port of 127.0.0.1 is taken by another program" \
			"End it, or choose another: DYNAMO_PORT=8001 DYNAMO_PGPORT=54321 make run."
	done
	step "starting the server"
	start_cluster "$RUN_HOME"
}

prepare_database()
{
	local key=$RUN_HOME/access-key

	if [ "$(SQL -c "SELECT count(*) FROM pg_extension WHERE extname = 'dynamo'")" = 0 ]; then
		SQL -c 'CREATE EXTENSION dynamo'
	else
		SQL -c 'SET client_min_messages = warning' -c 'ALTER EXTENSION dynamo UPDATE'
	fi
	if [ ! -s "$key" ]; then
		if [ "$(SQL -c "SELECT count(*) FROM pg_roles WHERE rolname = '$SHOP'")" = 0 ]; then
			SQL -c "CREATE ROLE $SHOP LOGIN" -c "CREATE SCHEMA $SHOP AUTHORIZATION $SHOP"
		fi
		SQL -c "GRANT CREATE ON SCHEMA dynamo_tables TO $SHOP"
		(umask 077 && SQL -c "SELECT access_key_id, secret_access_key FROM dynamo.create_access_key('$SHOP')" >"$key.part")
		mv "$key.part" "$key"
	fi
	read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <"$key"
	export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION=us-east-1
	ENDPOINT=http://127.0.0.1:$RUN_PORT
}

print_connections()
{
	cat <<-END

		dynamo listens on $ENDPOINT and goes on doing so; "make stop" ends it.

		  export AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID
		  export AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY
		  export AWS_DEFAULT_REGION=us-east-1

		AWS CLI, after these three lines:
		  aws dynamodb list-tables --endpoint-url $ENDPOINT
		Python (boto3):
		  dynamodb = boto3.resource('dynamodb', region_name='us-east-1', endpoint_url='$ENDPOINT')
		JavaScript (v3; v2 takes the same in new AWS.DynamoDB.DocumentClient):
		  const client = new DynamoDBClient({ region: 'us-east-1', endpoint: '$ENDPOINT' });
		SQL over the same items, as the system user root or $(server_user):
		  $PG_BIN/psql -h $RUN_HOME/socket -p $RUN_PGPORT -U $SHOP -d postgres
		  SELECT item->>'Email' FROM dynamo_tables."Users";

		The key belongs to the role $SHOP, which owns the tables; -U postgres is the superuser.
		The key is kept in $RUN_HOME/access-key, the server's log in $RUN_HOME/log/server.log.
	END
}

need_packages run
build
mkdir -p "$RUN_HOME"
NEW_PROGRAMS=
installed=$RUN_HOME/pgsql$("$PG_CONFIG" --pkglibdir)/dynamo.so
cmp -s "$CHECKOUT/dynamo.so" "$installed" || NEW_PROGRAMS=yes
if [ -n "$NEW_PROGRAMS" ]; then
	private_install "$RUN_HOME/pgsql"
fi
PG_BIN=$RUN_HOME/pgsql$("$PG_CONFIG" --bindir)
export PGHOST=$RUN_HOME/socket PGPORT=$RUN_PGPORT PGUSER=postgres PGDATABASE=postgres
prepare_cluster
prepare_database
step "waiting for the endpoint"
wait_for_endpoint "$RUN_PORT" "$RUN_HOME/log/server.log" ||
	die "the endpoint did not answer on port $RUN_PORT" "The server's log is above and in $RUN_HOME/log/server.log."
step "running the sample shop: examples/python/shop.py"
DYNAMODB_ENDPOINT=$ENDPOINT python3 "$CHECKOUT/examples/python/shop.py" 2>&1 | sed 's/^/        /' ||
	die "the sample shop failed" "The server's log is $RUN_HOME/log/server.log."
print_connections
