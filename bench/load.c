/*
 * Load for a DynamoDB endpoint: signed requests over many kept-alive connections, cheap enough to leave the processor
 * to the server under test.
 *
 * Every distinct request is built and signed before the clock starts (a signature is good for some minutes) and sent as
 * it is, so that the measured loop only copies bytes: one thread, one epoll, one request under way for each connection.
 *
 *     load HOST PORT TABLE MODE CONNECTIONS SECONDS KEYS
 *
 * MODE is fill (each key written once, however long it takes), read, write or mixed (half and half), transact2 or
 * transact10 (TransactWriteItems that add one to the count of so many items), or token2 (the same with a
 * ClientRequestToken each, sent once).  SIGTERM ends it early.  Keys are k0000000 and so on, hash key "id" (S); an item
 * has about 400 bytes.  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION come from the environment.  One
 * line goes to standard output:
 *
 *     requests=N seconds=S rate=R p50_us=U p99_us=U max_us=U errors=N
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS 1024
#define MAX_REQUESTS 20000		/* distinct requests of each kind */
#define PAYLOAD 340				/* with its names and key: an item of about 400 bytes */
#define MAX_BODY 4096
#define HISTOGRAM 200000		/* latencies in 10 us steps */

static volatile sig_atomic_t stopped = 0;

typedef struct Request
{
	char	   *bytes;
	int			length;
} Request;

typedef struct Connection
{
	int			fd;
	const Request *request;
	int			sent;
	char		answer[16384];
	int			received;
	int64_t		started;
} Connection;

typedef struct Load
{
	const char *host;
	int			port;
	const char *table;
	const char *mode;
	int			connections;
	double		seconds;
	int			keys;

	Request    *reads;
	Request    *writes;
	Request    *transactions;	/* in the modes that have them */
	int			kinds;			/* how many of each */
	unsigned	turn;
	int64_t		done;
	int64_t		longest;		/* microseconds */
	int64_t		errors;
	int64_t		histogram[HISTOGRAM];
} Load;

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static const char *
environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	if (value == NULL && otherwise == NULL)
	{
		fprintf(stderr, "%s is not set\n", name);
		exit(1);
	}
	return value ? value : otherwise;
}

static void
hex(const unsigned char *bytes, int length, char *out)
{
	for (int i = 0; i < length; i++)
		sprintf(out + 2 * i, "%02x", bytes[i]);
}

static void
sha256_hex(const char *text, size_t length, char *out)
{
	unsigned char digest[32];

	SHA256((const unsigned char *) text, length, digest);
	hex(digest, 32, out);
}

static void
hmac(const void *key, int key_length, const char *text, unsigned char *out)
{
	unsigned int length = 32;

	HMAC(EVP_sha256(), key, key_length, (const unsigned char *) text, strlen(text), out, &length);
}

/* The signing key of today, and the two forms of now that a signature names. */
static void
signing_key(const char *region, char *date, char *stamp, unsigned char *key)
{
	char		secret[256];
	time_t		now = time(NULL);
	struct tm	utc;

	gmtime_r(&now, &utc);
	strftime(date, 9, "%Y%m%d", &utc);
	strftime(stamp, 17, "%Y%m%dT%H%M%SZ", &utc);
	snprintf(secret, sizeof(secret), "AWS4%s", environment("AWS_SECRET_ACCESS_KEY", NULL));
	hmac(secret, strlen(secret), date, key);
	hmac(key, 32, region, key);
	hmac(key, 32, "dynamodb", key);
	hmac(key, 32, "aws4_request", key);
}

static Request
signed_request(const Load *load, const char *operation, const char *body)
{
	static char date[16],
				stamp[32];
	static unsigned char key[32];
	static const char *region = NULL;
	char		body_digest[65],
				canonical[1024],
				canonical_digest[65],
				to_sign[512],
				signature[65],
				host[128],
				buffer[MAX_BODY + 2048];
	unsigned char raw[32];

	if (region == NULL)
	{
		region = environment("AWS_DEFAULT_REGION", "us-east-1");
		signing_key(region, date, stamp, key);
	}
	snprintf(host, sizeof(host), "%s:%d", load->host, load->port);
	sha256_hex(body, strlen(body), body_digest);
	snprintf(canonical, sizeof(canonical),
			 "POST\n/\n\ncontent-type:application/x-amz-json-1.0\nhost:%s\nx-amz-date:%s\n"
			 "x-amz-target:DynamoDB_20120810.%s\n\ncontent-type;host;x-amz-date;x-amz-target\n%s",
			 host, stamp, operation, body_digest);
	sha256_hex(canonical, strlen(canonical), canonical_digest);
	snprintf(to_sign, sizeof(to_sign), "AWS4-HMAC-SHA256\n%s\n%s/%s/dynamodb/aws4_request\n%s", stamp, date, region,
			 canonical_digest);
	hmac(key, 32, to_sign, raw);
	hex(raw, 32, signature);

	Request		request;

	request.length = snprintf(buffer, sizeof(buffer),
							  "POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Date: %s\r\n"
							  "X-Amz-Target: DynamoDB_20120810.%s\r\nAuthorization: AWS4-HMAC-SHA256 Credential=%s/%s/%s/dynamodb/"
							  "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=%s\r\n"
							  "Content-Length: %zu\r\n\r\n%s",
							  host, stamp, operation, environment("AWS_ACCESS_KEY_ID", NULL), date, region, signature, strlen(body), body);
	request.bytes = strdup(buffer);
	return request;
}

/* How many items a transaction of this mode has; 0: the mode has none. */
static int
transaction_size(const Load *load)
{
	if (strcmp(load->mode, "transact10") == 0)
		return 10;
	return strcmp(load->mode, "transact2") == 0 || strcmp(load->mode, "token2") == 0 ? 2 : 0;
}

/* One item out of each of size equal parts of the table, as pgbench's script does it. */
static Request
transaction(const Load *load, int number, int size)
{
	char		body[MAX_BODY];
	int			part = load->keys / size;
	int			length = snprintf(body, sizeof(body), "{\"TransactItems\":[");

	for (int i = 0; i < size; i++)
		length += snprintf(body + length, sizeof(body) - length,
						   "%s{\"Update\":{\"TableName\":\"%s\",\"Key\":{\"id\":{\"S\":\"k%07d\"}},"
						   "\"UpdateExpression\":\"SET #c = #c + :x\",\"ExpressionAttributeNames\":{\"#c\":\"count\"},"
						   "\"ExpressionAttributeValues\":{\":x\":{\"N\":\"1\"}}}}",
						   i > 0 ? "," : "", load->table, i * part + rand() % part);
	length += snprintf(body + length, sizeof(body) - length, "]");
	if (strcmp(load->mode, "token2") == 0)
		length += snprintf(body + length, sizeof(body) - length, ",\"ClientRequestToken\":\"%lld-%d\"",
						   (long long) now_us(), number);
	snprintf(body + length, sizeof(body) - length, "}");
	return signed_request(load, "TransactWriteItems", body);
}

static void
prepare(Load *load)
{
	char		payload[PAYLOAD + 1];

	load->kinds = load->keys < MAX_REQUESTS ? load->keys : MAX_REQUESTS;
	load->reads = calloc(load->kinds, sizeof(Request));
	load->writes = calloc(load->kinds, sizeof(Request));
	load->transactions = calloc(load->kinds, sizeof(Request));
	for (int i = 0; i < load->kinds; i++)
	{
		char		body[1024];
		/* Keys spread over the whole table. */
		int			key = (int) ((int64_t) i * load->keys / load->kinds);

		for (int c = 0; c < PAYLOAD; c++)
			payload[c] = 'a' + (i * 7 + c * 13) % 26;
		payload[PAYLOAD] = '\0';
		snprintf(body, sizeof(body), "{\"TableName\":\"%s\",\"Key\":{\"id\":{\"S\":\"k%07d\"}}}", load->table, key);
		load->reads[i] = signed_request(load, "GetItem", body);
		snprintf(body, sizeof(body), "{\"TableName\":\"%s\",\"Item\":{\"id\":{\"S\":\"k%07d\"},\"count\":{\"N\":\"%d\"},"
				 "\"active\":{\"BOOL\":true},\"payload\":{\"S\":\"%s\"}}}", load->table, key, i, payload);
		load->writes[i] = signed_request(load, "PutItem", body);
		if (transaction_size(load) > 0)
			load->transactions[i] = transaction(load, i, transaction_size(load));
	}
}

static int
connect_to(const Load *load)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(load->port)};
	int			one = 1,
				fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, load->host, &address.sin_addr);
	if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof(address)) < 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/*
 * The next request to send; a multiplier spreads neighbours over the keys.  NULL when fill has written every key, or
 * all tokens are used.
 */
static const Request *
next_request(Load *load)
{
	unsigned	turn = load->turn++;
	unsigned	which = (unsigned) ((uint64_t) turn * 7919 % load->kinds);

	if (strcmp(load->mode, "fill") == 0)
		return turn < (unsigned) load->kinds ? &load->writes[turn] : NULL;
	if (strcmp(load->mode, "token2") == 0)
		return turn < (unsigned) load->kinds ? &load->transactions[turn] : NULL;
	if (transaction_size(load) > 0)
		return &load->transactions[which];
	if (strcmp(load->mode, "read") == 0)
		return &load->reads[which];
	if (strcmp(load->mode, "write") == 0)
		return &load->writes[which];
	return turn % 2 ? &load->reads[which] : &load->writes[which];
}

static void
send_more(Connection *connection)
{
	while (connection->sent < connection->request->length)
	{
		ssize_t		n = write(connection->fd, connection->request->bytes + connection->sent,
							  connection->request->length - connection->sent);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			die("write");
		connection->sent += n;
	}
}

static bool
start_next(Load *load, Connection *connection)
{
	connection->request = next_request(load);
	if (connection->request == NULL)
		return false;
	connection->sent = connection->received = 0;
	connection->started = now_us();
	send_more(connection);
	return true;
}

/* Reads what has come; true when the whole answer is there. */
static bool
answer_complete(Load *load, Connection *connection)
{
	for (;;)
	{
		ssize_t		n = read(connection->fd, connection->answer + connection->received,
							 sizeof(connection->answer) - 1 - connection->received);

		if (n < 0 && errno == EAGAIN)
			return false;
		if (n <= 0)
		{
			fprintf(stderr, "the server closed a connection\n");
			exit(1);
		}
		connection->received += n;
		connection->answer[connection->received] = '\0';

		char	   *body = strstr(connection->answer, "\r\n\r\n");
		char	   *length = body ? strcasestr(connection->answer, "\r\ncontent-length:") : NULL;

		if (body == NULL || length == NULL || length > body)
			continue;
		if (connection->received < body + 4 - connection->answer + atoi(length + 17))
			continue;
		if (strncmp(connection->answer, "HTTP/1.1 200", 12) != 0 && load->errors++ == 0)
			fprintf(stderr, "%s\n", connection->answer);
		return true;
	}
}

static int64_t
percentile(const Load *load, double part)
{
	int64_t		seen = 0;

	for (int i = 0; i < HISTOGRAM; i++)
	{
		seen += load->histogram[i];
		if (seen >= load->done * part)
			return (int64_t) i * 10;
	}
	return HISTOGRAM * 10;
}

static void
run(Load *load)
{
	static Connection connections[MAX_CONNECTIONS];
	struct epoll_event events[256];
	int			epoll = epoll_create1(0),
				open = load->connections;
	int64_t		start,
				end;

	for (int i = 0; i < load->connections; i++)
	{
		struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};

		connections[i].fd = connect_to(load);
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].fd, &event) < 0)
			die("epoll_ctl");
	}
	start = now_us();
	end = strcmp(load->mode, "fill") == 0 ? INT64_MAX : start + (int64_t) (load->seconds * 1e6);
	for (int i = 0; i < load->connections; i++)
		if (!start_next(load, &connections[i]))
			open--;
	while (open > 0)
	{
		int			n = epoll_wait(epoll, events, 256, 30000);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("no answer within thirty seconds");
		for (int i = 0; i < n; i++)
		{
			Connection *connection = events[i].data.ptr;
			int64_t		now;

			/* Requests are smaller than any socket buffer: what did not go out at once goes with the next event. */
			send_more(connection);
			if (!answer_complete(load, connection))
				continue;
			now = now_us();

			int64_t		slot = (now - connection->started) / 10;

			load->histogram[slot < HISTOGRAM ? slot : HISTOGRAM - 1]++;
			if (now - connection->started > load->longest)
				load->longest = now - connection->started;
			load->done++;
			if (now < end && !stopped && start_next(load, connection))
				continue;
			epoll_ctl(epoll, EPOLL_CTL_DEL, connection->fd, NULL);
			open--;
		}
	}
	double		seconds = (now_us() - start) / 1e6;

	printf("requests=%lld seconds=%.2f rate=%.0f p50_us=%lld p99_us=%lld max_us=%lld errors=%lld\n",
		   (long long) load->done, seconds, load->done / seconds, (long long) percentile(load, 0.5),
		   (long long) percentile(load, 0.99), (long long) load->longest, (long long) load->errors);
}

static void
stop(int number)
{
	stopped = number;
}

int
main(int argc, char **argv)
{
	static Load load;

	if (argc != 8)
	{
		fprintf(
			stderr,
			"usage: load HOST PORT TABLE fill|read|write|mixed|transact2|token2|transact10 CONNECTIONS SECONDS KEYS\n");
		return 2;
	}
	load.host = argv[1];
	load.port = atoi(argv[2]);
	load.table = argv[3];
	load.mode = argv[4];
	load.connections = atoi(argv[5]);
	load.seconds = atof(argv[6]);
	load.keys = atoi(argv[7]);
	if (load.connections < 1 || load.connections > MAX_CONNECTIONS || load.keys < 1 || load.keys > MAX_REQUESTS)
	{
		fprintf(stderr, "at most %d connections and %d keys\n", MAX_CONNECTIONS, MAX_REQUESTS);
		return 2;
	}
	signal(SIGTERM, stop);
	prepare(&load);
	run(&load);
	return load.errors ? 1 : 0;
}
