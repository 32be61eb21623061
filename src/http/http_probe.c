/*
 * What the endpoint answers to load balancers, monitoring and browsers: everything but operations.
 *
 * None of it needs a key, so it tells nothing about the data.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/xlog.h"

#include "base/guc.h"
#include "http/http_header.h"
#include "http/http_probe.h"
#include "metric/metric.h"

static void answer(DynHttpRequest *request, const char *type, StringInfo body);
static void write_health(StringInfo out, const DynHttpRequest *request);
static void write_metrics(StringInfo out);
static void write_metric(StringInfo out, const char *name, const char *type, const char *help);

bool
dyn_http_probe_answer(DynHttpRequest *request)
{
	StringInfoData body;

	if (dyn_text_equal_cstring(request->method, "OPTIONS"))
	{
		request->reply = (DynHttpReply) {.status = 200, .body = ""};
		return true;
	}
	if (!dyn_text_equal_cstring(request->method, "GET") && !dyn_text_equal_cstring(request->method, "HEAD"))
		return false;

	initStringInfo(&body);
	if (dyn_text_equal_cstring(request->path, "/") || dyn_text_equal_cstring(request->path, "/health"))
	{
		write_health(&body, request);
		answer(request, "text/plain", &body);
		return true;
	}
	if (dyn_text_equal_cstring(request->path, "/metrics"))
	{
		write_metrics(&body);
		answer(request, "text/plain; version=0.0.4; charset=utf-8", &body);
		return true;
	}
	return false;
}

static void
answer(DynHttpRequest *request, const char *type, StringInfo body)
{
	request->reply = (DynHttpReply) {.status = 200, .body = body->data, .length = body->len};
	dyn_http_header_add(&request->reply, "Content-Type", type);
}

/* "healthy: dynamodb.us-east-1.amazonaws.com " is AWS's answer, with the space at its end. */
static void
write_health(StringInfo out, const DynHttpRequest *request)
{
	DynStr		host = dyn_http_header_find(request, "host");
	bool		plain = host.len > 0 && host.len <= 255;

	for (int i = 0; plain && i < host.len; i++)
		plain = isalnum((unsigned char) host.data[i]) || strchr(".:-[]_", host.data[i]) != NULL;
	if (plain)
		appendStringInfo(out, "healthy: %.*s ", host.len, host.data);
	else
		appendStringInfo(out, "healthy: localhost:%d ", dyn_guc_port);
}

static void
write_metrics(StringInfo out)
{
	int			slots = pg_atomic_read_u32(&dyn_shmem->http_slots);
	int			running = 0;

	for (DynMetric m = 0; m < DYN_METRIC_COUNT; m++)
	{
		const DynMetricInfo *info = &dyn_metric_infos[m];

		write_metric(out, info->name, "counter", info->help);
		for (int i = 0; info->by_worker && i < slots; i++)
			appendStringInfo(out, "%s{worker=\"%d\"} " UINT64_FORMAT "\n", info->name, i, dyn_metric_read(m, i));
		if (!info->by_worker)
			appendStringInfo(out, "%s " UINT64_FORMAT "\n", info->name, dyn_metric_read(m, -1));
	}

	write_metric(out, "dynamo_http_connections", "gauge", "Connections open now.");
	for (int i = 0; i < slots; i++)
	{
		appendStringInfo(out, "dynamo_http_connections{worker=\"%d\"} %u\n", i,
						 pg_atomic_read_u32(&dyn_shmem->http[i].connections));
		running += pg_atomic_read_u32(&dyn_shmem->http[i].port) != 0;
	}
	write_metric(out, "dynamo_http_workers", "gauge", "Workers that serve requests.");
	appendStringInfo(out, "dynamo_http_workers %d\n", running);
	write_metric(out, "dynamo_standby", "gauge", "1 on a standby, which refuses writes.");
	appendStringInfo(out, "dynamo_standby %d\n", RecoveryInProgress() ? 1 : 0);
}

static void
write_metric(StringInfo out, const char *name, const char *type, const char *help)
{
	appendStringInfo(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}
