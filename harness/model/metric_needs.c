/* What a run must have had to measure a figure. */
#include "model/metric_internal.h"

static bool starts_server(const struct plan *plan)
{
    return plan->url == NULL;
}

static bool has_probe(const struct plan *plan)
{
    return plan->probe_path != NULL;
}

static bool never(const struct plan *plan)
{
    (void)plan;
    return false;
}

/* clang-format off */
const struct metric_need metric_need_request = {.text = "a request of that name (--requests, --har, or several URLs)"};
const struct metric_need metric_need_requests = {.text = "requests that completed or failed"};
const struct metric_need metric_need_replies = {.text = "responses"};
const struct metric_need metric_need_length = {.text = "a measurement window longer than zero"};
const struct metric_need metric_need_server = {"a server started by bench (--strategy or --cmd)", starts_server};
const struct metric_need metric_need_work = {"a server started by bench (--strategy or --cmd), and responses from it", starts_server};
const struct metric_need metric_need_bundled = {"a bundled target (--strategy)", plan_is_ours};
const struct metric_need metric_need_connects = {.text = "connections opened in the window (not in the warm-up)"};
const struct metric_need metric_need_handshakes = {"TLS connections (https://) opened in the window", plan_is_tls};
const struct metric_need metric_need_expected = {"an expected response (--expect-body, --expect-status or the like), or the /heavy of a bundled target", plan_expects};
const struct metric_need metric_need_probes = {"a probe (--probe)", has_probe};
const struct metric_need metric_need_probe = {"a probe (--probe) that was answered with a 2xx", has_probe};
const struct metric_need metric_need_probe_new = {"a probe (--probe) that needed a new connection", has_probe};
const struct metric_need metric_need_queue = {"a queue (--strategy queue)", plan_has_queue};
const struct metric_need metric_need_jobs = {"a queue (--strategy queue) with completed jobs", plan_has_queue};
const struct metric_need metric_need_rate = {"a rate (-R)", plan_is_open_loop};
const struct metric_need metric_need_capacity = {"a search of many runs, bench capacity", never};
const struct metric_need metric_need_drain = {"a queue (--strategy queue) that drained completely, or was run without --drain", plan_has_queue};
/* clang-format on */
