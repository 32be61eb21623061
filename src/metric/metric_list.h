/*
 * The counters: DYN_METRIC(constant, Prometheus name, help)
 *
 * They count from the start of the server.  docs/operations.md names each.  DYN_WORKER_METRIC is counted for each HTTP
 * worker, by that worker alone; DYN_SERVER_METRIC for the server, by any process.
 */
#if !defined(DYN_WORKER_METRIC) || !defined(DYN_SERVER_METRIC)
#error "define DYN_WORKER_METRIC and DYN_SERVER_METRIC before including metric_list.h"
#endif

DYN_WORKER_METRIC(CONNECTIONS_ACCEPTED, "dynamo_http_connections_accepted_total", "Connections accepted.")
DYN_WORKER_METRIC(CONNECTIONS_REFUSED, "dynamo_http_connections_refused_total",
	"Connections closed at once, over dynamo.max_connections.")
DYN_WORKER_METRIC(CONNECTIONS_CUT, "dynamo_http_connections_cut_total",
				  "Connections ended because the client took its reply too slowly.")
DYN_WORKER_METRIC(REQUESTS, "dynamo_http_requests_total", "Requests received.")
DYN_WORKER_METRIC(CLIENT_ERRORS, "dynamo_http_client_errors_total", "Answers with a status of 400 to 499.")
DYN_WORKER_METRIC(SERVER_ERRORS, "dynamo_http_server_errors_total", "Answers with a status of 500 to 599.")
DYN_WORKER_METRIC(WRITE_COMMITS, "dynamo_write_commits_total", "Transactions that wrote and committed.")
DYN_WORKER_METRIC(FLUSHES, "dynamo_flushes_total", "Flushes of the write-ahead log, each for all commits of a round.")
DYN_SERVER_METRIC(THROTTLED_READS, "dynamo_throttled_reads_total",
	"Reads that a table or an index had no throughput left for.")
DYN_SERVER_METRIC(THROTTLED_WRITES, "dynamo_throttled_writes_total",
	"Writes that a table or an index had no throughput left for.")

#undef DYN_WORKER_METRIC
#undef DYN_SERVER_METRIC
