#include <stdlib.h>

#include "base/mem.h"
#include "stat/hist_text.h"
#include "store/accounting_json.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/hist_json.h"
#include "store/named_json.h"
#include "store/recovery_json.h"
#include "store/result_figures.h"
#include "store/result_json.h"
#include "store/result_protocol.h"
#include "store/result_rows.h"
#include "store/result_series.h"
#include "store/series_latency.h"
#include "store/settings_json.h"
#include "store/share_json.h"
#include "store/warmup_json.h"

static const struct hist *hist_of(const struct result *r, const struct named_hist *named)
{
    return *(struct hist *const *)(const void *)((const char *)r + named->at);
}

/* The part that autocannon's own tools understand. */
static void put_autocannon(json_t *doc, const struct result *r)
{
    struct repeated repeated[RESULT_REPEATED_COUNT];
    fields_write(doc, result_head_rows, r);
    result_repeated(r, repeated);
    for (size_t i = 0; i < LEN(repeated); i++)
        doc_put(doc, repeated[i].key, json_integer(repeated[i].value));
    if (result_socket_path(r) != NULL)
        doc_put(doc, "socketPath", doc_text(result_socket_path(r)));
    doc_put(doc, "statusCodeStats", statuses_to_json(r->accounting.statuses));
    doc_put(doc, "latency", latency_figures(r->latency));
    doc_put(doc, "requests", result_request_figures(r));
    doc_put(doc, "throughput", result_throughput_figures(r));
    if (r->warmup != NULL)
        doc_put(doc, "warmup", warmup_to_json(r->warmup));
}

json_t *result_config_to_json(const struct result *r)
{
    return settings_to_json(r->config, r->nconfig);
}

static json_t *offered_object(const struct result *r)
{
    return r->offered.arrivals == NULL ? json_null() : fields_object(offered_rows, &r->offered);
}

static json_t *client_object(const struct client_cost *c)
{
    json_t *object = fields_object(client_rows, c);
    json_t *threads = json_array();
    fields_write(object, client_open_rows, c);
    fields_write(object, client_added_rows, c);
    for (size_t i = 0; i < c->nthreads; i++)
        (void)json_array_append_new(threads, fields_object(thread_rows, &c->threads[i]));
    doc_put(object, "threads", threads);
    return object;
}

static json_t *tool_object(const struct result *r)
{
    json_t *object = json_object();
    doc_put(object, "name", json_string("bench"));
    fields_write(object, tool_rows, r);
    doc_put(object, "argv", doc_texts(r->argv, r->nargv));
    return object;
}

static json_t *target_object(const struct result *r)
{
    json_t *object = fields_object(target_rows, r);
    json_t *pids = json_array();
    doc_put(object, "argv", doc_texts(r->target_argv.items, r->target_argv.count));
    doc_put(object, "work", r->work_kind == NULL ? json_null() : fields_object(work_rows, r));
    for (size_t i = 0; i < r->npids; i++)
        (void)json_array_append_new(pids, json_integer(r->pids[i]));
    doc_put(object, "pids", pids);
    return object;
}

static json_t *hists_object(const struct result *r)
{
    json_t *object = json_object();
    for (size_t i = 0; i < LEN(result_hists); i++)
        doc_put(object, result_hists[i].name, hist_to_json(hist_of(r, &result_hists[i])));
    if (r->after_end == NULL) /* few runs wait for open requests */
        (void)json_object_del(object, "after_end");
    return object;
}

static json_t *second_object(const struct second *second, bool open_loop)
{
    json_t *object = fields_object(second_rows, second);
    if (open_loop)
        fields_write(object, second_open_rows, second);
    return object;
}

static json_t *series_array(const struct result *r)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->nseconds; i++)
        (void)json_array_append_new(array, second_object(&r->seconds[i], result_is_open_loop(r)));
    return array;
}

static json_t *server_object(const struct result *r)
{
    if (!r->has_server)
        return json_null();
    json_t *object = json_object();
    json_t *processes = json_array();
    doc_put(object, "total", fields_object(cost_rows, &r->server.total));
    for (size_t i = 0; i < r->server.nprocesses; i++) {
        json_t *process = fields_object(process_rows, &r->server.processes[i]);
        fields_write(process, cost_rows, &r->server.processes[i]);
        (void)json_array_append_new(processes, process);
    }
    doc_put(object, "processes", processes);
    return object;
}

static void put_probe_fate(json_t *object, const struct probe_fate *f)
{
    fields_write(object, probe_fate_rows, f);
    fields_write(object, probe_fate_added_rows, f);
}

static json_t *probe_object(const struct result *r)
{
    const struct probe_counts *c = &r->probe_counts;
    if (!r->has_probe)
        return json_null();
    json_t *object = fields_object(probe_rows, c);
    json_t *opened = json_object();
    put_probe_fate(object, &c->all);
    doc_put(object, "statuses", statuses_to_json(c->statuses));
    put_probe_fate(opened, &c->opened);
    doc_put(object, "new", opened);
    return object;
}

static json_t *queue_object(const struct result *r)
{
    const struct queue_account *q = &r->queue;
    if (!r->has_queue)
        return json_null();
    json_t *object = fields_object(queue_rows, q);
    json_t *drain = json_object();
    doc_put(drain, "how", doc_text(drain_how_names[q->drain]));
    fields_write(drain, drain_rows, q);
    fields_write(drain, drain_added_rows, q);
    doc_put(drain, "cut_by", doc_text(drain_cut_names[q->drain_cut]));
    doc_put(object, "drain", drain);
    return object;
}

json_t *result_warnings_to_json(const struct result *r)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->nwarnings; i++)
        (void)json_array_append_new(array, fields_object(warning_rows, &r->warnings[i]));
    return array;
}

static json_t *document(const struct result *r)
{
    json_t *doc = json_object();
    doc_put(doc, "schema", json_string(RESULT_SCHEMA));
    put_autocannon(doc, r);
    fields_write(doc, result_verdict_rows, r);
    if (r->bailed_out)
        fields_write(doc, result_bailout_rows, r);
    if (r->rounds > 0)
        fields_write(doc, result_rounds_rows, r);
    if (r->share != NULL)
        doc_put(doc, "share", share_to_json(r->share));
    if (r->merged != NULL)
        doc_put(doc, "merged", merged_to_json(r->merged));
    doc_put(doc, "warnings", result_warnings_to_json(r));
    doc_put(doc, "offered", offered_object(r));
    doc_put(doc, "accounting", accounting_to_json(&r->accounting));
    if (r->nnamed > 0)
        doc_put(doc, "requests_by_name", named_requests_to_json(r));
    doc_put(doc, "server", server_object(r));
    doc_put(doc, "client", client_object(&r->client));
    json_t *machine = fields_object(machine_rows, &r->machine);
    fields_write(machine, disturbed_rows, &r->machine);
    fields_write(machine, suspended_rows, &r->machine);
    doc_put(doc, "machine", machine);
    doc_put(doc, "fairness", fields_object(fairness_rows, &r->fairness));
    doc_put(doc, "probe", probe_object(r));
    doc_put(doc, "queue", queue_object(r));
    if (r->recovery.state != RECOVERY_NONE)
        doc_put(doc, "recovery", recovery_to_json(&r->recovery));
    doc_put(doc, "tls", result_tls_to_json(r));
    doc_put(doc, "http2", result_http2_to_json(r));
    doc_put(doc, "target", target_object(r));
    doc_put(doc, "tool", tool_object(r));
    doc_put(doc, "environment", fields_object(environment_rows, &r->environment));
    doc_put(doc, "config", result_config_to_json(r));
    doc_put(doc, "series", series_array(r));
    doc_put(doc, "series_latency", series_latency_to_json(r->series_latency));
    doc_put(doc, "histograms", hists_object(r));
    return doc;
}

json_t *result_to_json_within(const struct result *r, struct result_room room)
{
    /* Derived figures are computed from the seconds as they are after reading. */
    struct result view = *r;
    view.seconds = result_series_within(r, room.seconds, &view.nseconds);
    view.series_latency = result_series_latency_within(r, room.seconds, room.latency_bytes);
    for (size_t i = 0; i < view.nseconds; i++)
        view.seconds[i].length_s = doc_rounded(view.seconds[i].length_s);
    json_t *doc = document(&view);
    free(view.seconds);
    hist_series_free(view.series_latency);
    return doc;
}

json_t *result_to_json(const struct result *r)
{
    return result_to_json_within(r, (struct result_room){.seconds = RESULT_SECONDS_MAX,
                                                         .latency_bytes = HIST_SERIES_BYTES_MAX});
}

void result_write(const struct result *r, enum doc_layout layout, struct buf *out)
{
    json_t *doc = result_to_json(r);
    doc_dump(doc, layout, out);
    json_decref(doc);
}

static json_t *faults_object(const struct faults *f)
{
    json_t *failed = json_object();
    for (size_t i = 0; i < LOSS_COUNT; i++)
        doc_put(failed, loss_keys[i], doc_count(f->failed[i]));
    return json_pack("{s:o, s:o, s:o}", "timed_out", doc_count(f->timed_out), "connect_failed",
                     doc_count(f->connect_failed), "failed", failed);
}

/* As in "series_latency". */
static json_t *latency_text(const struct hist *latency)
{
    struct buf text;
    struct hist *coarse = hist_text_new();
    buf_init(&text, BUF_TEXT_MAX);
    hist_text_coarsen(coarse, latency);
    hist_text_write(coarse, &text);
    json_t *value = json_string(text.data);
    buf_fini(&text);
    hist_free(coarse);
    return value;
}

static void put_detail(json_t *doc, const struct second_detail *d)
{
    doc_put(doc, "latency", d == NULL ? json_null() : latency_text(d->latency));
    doc_put(doc, "statuses", d == NULL ? json_null() : statuses_to_json(d->statuses));
}

static json_t *short_share(const struct share *share)
{
    return json_pack("{s:o, s:o, s:o}", "index", doc_count(share->index), "count",
                     doc_count(share->count), "host", doc_text(share->host));
}

void second_write(const struct second *second, const struct share *share, bool open_loop,
                  struct buf *out)
{
    json_t *doc = json_object();
    doc_put(doc, "schema", json_string("bench.second/1"));
    if (share != NULL)
        doc_put(doc, "share", short_share(share));
    json_t *fields = second_object(second, open_loop);
    (void)json_object_update(doc, fields);
    json_decref(fields);
    doc_put(doc, "faults", faults_object(&second->faults));
    put_detail(doc, second->detail);
    doc_dump(doc, DOC_LINE, out);
    json_decref(doc);
}
