#include "store/result_measures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "store/accounting_json.h"
#include "store/fields.h"
#include "store/hist_json.h"
#include "store/result_rows.h"
#include "store/series_latency.h"

#define PLACE 64 /* bytes of "server.processes[123456]" */

int result_read_hists(const json_t *doc, struct result *r, struct err *err)
{
    json_t *hists = NULL;
    if (field_object(doc, "", "histograms", &hists, err) < 0)
        return -1;
    for (size_t i = 0; i < LEN(result_hists); i++) {
        const struct named_hist *named = &result_hists[i];
        struct hist **h = (struct hist **)(void *)((char *)r + named->at);
        if (i >= RESULT_HISTS_FIRST && json_object_get(hists, named->name) == NULL)
            continue; /* an older file */
        if (hist_from_json(hists, "histograms", named->name, h, err) < 0)
            return -1;
    }
    return 0;
}

int result_read_warnings(const json_t *doc, struct result *r, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "warnings", &array, err) < 0)
        return -1;
    r->nwarnings = json_array_size(array);
    r->warnings = mem_array(r->nwarnings, sizeof *r->warnings);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "warnings[%zu]", i);
        if (fields_read(entry, where, warning_rows, &r->warnings[i], err) < 0)
            return -1;
    }
    return 0;
}

int result_read_series(const json_t *doc, struct result *r, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "series", &array, err) < 0)
        return -1;
    r->nseconds = json_array_size(array);
    r->seconds = mem_array(r->nseconds, sizeof *r->seconds);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "series[%zu]", i);
        struct second *second = &r->seconds[i];
        *second = (struct second){.due = MISSING, .sent = MISSING, .late = MISSING};
        if (fields_read(entry, where, second_rows, second, err) < 0 ||
            (json_object_get(entry, "due") != NULL &&
             fields_read(entry, where, second_open_rows, second, err) < 0))
            return -1;
        if (second->late > second->sent)
            return field_problem(where, "late", "is more than was sent", err);
    }
    return series_latency_from_json(doc, r, err);
}

/* As many as a run can have, and a merged one tells of, each within the bounds of its rows. */
static int read_threads(const json_t *client, bool is_merged, struct client_cost *c,
                        struct err *err)
{
    size_t most = is_merged ? RESULT_THREADS_MAX : PLAN_WORKERS_MAX;
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(client, "client", "threads", &array, err) < 0)
        return -1;
    if (json_array_size(array) > most)
        return field_problem("client", "threads",
                             is_merged
                                 ? "are more than the " STR_NUMBER(RESULT_THREADS_MAX) " of any"
                                 : "are more than the " STR_NUMBER(PLAN_WORKERS_MAX) " of any run",
                             err);
    c->threads = mem_array(json_array_size(array), sizeof *c->threads);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "client.threads[%zu]", i);
        if (fields_read(entry, where, thread_rows, &c->threads[c->nthreads++], err) < 0)
            return -1;
    }
    return 0;
}

/* Older files have neither threads nor what came with them. */
int result_read_client(const json_t *doc, struct result *r, struct err *err)
{
    const json_t *client = json_object_get(doc, "client");
    if (field_rows(doc, "client", client_rows, &r->client, err) < 0)
        return -1;
    if (json_object_get(client, "threads") == NULL)
        return 0;
    if (fields_read(client, "client", client_added_rows, &r->client, err) < 0)
        return -1;
    return read_threads(client, json_object_get(doc, "merged") != NULL, &r->client, err);
}

static int read_processes(const json_t *server, struct server_cost *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(server, "server", "processes", &array, err) < 0)
        return -1;
    s->nprocesses = json_array_size(array);
    s->processes = mem_array(s->nprocesses, sizeof *s->processes);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "server.processes[%zu]", i);
        if (fields_read(entry, where, process_rows, &s->processes[i], err) < 0 ||
            fields_read(entry, where, cost_rows, &s->processes[i], err) < 0)
            return -1;
    }
    return 0;
}

int result_read_server(const json_t *doc, struct result *r, struct err *err)
{
    json_t *server = json_object_get(doc, "server");
    json_t *total = NULL;
    r->has_server = !json_is_null(server);
    if (!r->has_server)
        return 0;
    if (field_object(doc, "", "server", &server, err) < 0 ||
        field_object(server, "server", "total", &total, err) < 0 ||
        fields_read(total, "server.total", cost_rows, &r->server.total, err) < 0)
        return -1;
    return read_processes(server, &r->server, err);
}

/* Older files count probes with a non-2xx reply as failed. */
enum probe_fate_age { PROBE_FATE, PROBE_FATE_OLD };

static int read_probe_fate(const json_t *object, const char *where, enum probe_fate_age age,
                           struct probe_fate *f, struct err *err)
{
    if (fields_read(object, where, probe_fate_rows, f, err) < 0)
        return -1;
    if (age == PROBE_FATE && fields_read(object, where, probe_fate_added_rows, f, err) < 0)
        return -1;
    if (!probe_fate_adds_up(f))
        return field_problem(where, "due",
                             "is not completed + non_2xx + timed_out + failed + open_at_end", err);
    return 0;
}

static int read_probe_new(const json_t *probe, struct probe_counts *c, struct err *err)
{
    json_t *opened = NULL;
    if (field_object(probe, "probe", "new", &opened, err) < 0 ||
        read_probe_fate(opened, "probe.new", PROBE_FATE, &c->opened, err) < 0)
        return -1;
    struct probe_fate kept = probe_kept(c);
    if (kept.completed < 0 || kept.non_2xx < 0 || kept.timed_out < 0 || kept.failed < 0 ||
        kept.open_at_end < 0)
        return field_problem("probe", "new", "counts more than there were probes", err);
    return 0;
}

static int read_probe_statuses(const json_t *probe, struct probe_counts *c, struct err *err)
{
    int64_t sum = 0;
    if (statuses_from_json(probe, "probe", "statuses", c->statuses, err) < 0)
        return -1;
    for (int status = 0; status < (int)LEN(c->statuses); status++) {
        if (c->statuses[status] > 0 && status / 100 == 2)
            return field_problem("probe", "statuses", "has a 2xx", err);
        sum += c->statuses[status];
    }
    if (sum != c->all.non_2xx)
        return field_problem("probe", "statuses", "does not add up to probe.non_2xx", err);
    return 0;
}

int result_read_probe(const json_t *doc, struct result *r, struct err *err)
{
    struct probe_counts *c = &r->probe_counts;
    const json_t *probe = json_object_get(doc, "probe");
    r->has_probe = !json_is_null(probe);
    if (!r->has_probe)
        return 0;
    if (field_rows(doc, "probe", probe_rows, c, err) < 0)
        return -1;
    if (json_object_get(probe, "new") == NULL) /* an older file */
        return read_probe_fate(probe, "probe", PROBE_FATE_OLD, &c->all, err);
    if (read_probe_fate(probe, "probe", PROBE_FATE, &c->all, err) < 0 ||
        read_probe_new(probe, c, err) < 0)
        return -1;
    return read_probe_statuses(probe, c, err);
}

/* Older files have no such object, or one without the marks. */
int result_read_machine(const json_t *doc, struct result *r, struct err *err)
{
    if (json_object_get(doc, "machine") == NULL)
        return 0;
    if (field_rows(doc, "machine", machine_rows, &r->machine, err) < 0)
        return -1;
    const json_t *machine = json_object_get(doc, "machine");
    if (json_object_get(machine, "suspended_s") != NULL &&
        fields_read(machine, "machine", suspended_rows, &r->machine, err) < 0)
        return -1;
    if (json_object_get(machine, "disturbed") == NULL)
        return 0;
    return fields_read(machine, "machine", disturbed_rows, &r->machine, err);
}

/* Older files have none of it. */
static int read_drain_added(const json_t *drain, struct queue_account *q, struct err *err)
{
    if (json_object_get(drain, "completed") == NULL)
        return 0;
    int cut = field_name_index(json_object_get(drain, "cut_by"), drain_cut_names, DRAIN_CUT_COUNT);
    if (cut < 0)
        return field_problem("queue.drain", "cut_by",
                             "is none of time, interrupt, no-worker, no-progress, no-answer", err);
    q->drain_cut = (enum drain_cut)cut;
    return fields_read(drain, "queue.drain", drain_added_rows, q, err);
}

static int read_drain(const json_t *queue, struct queue_account *q, struct err *err)
{
    json_t *drain = NULL;
    if (field_object(queue, "queue", "drain", &drain, err) < 0 ||
        fields_read(drain, "queue.drain", drain_rows, q, err) < 0)
        return -1;
    int how = field_name_index(json_object_get(drain, "how"), drain_how_names, DRAIN_HOW_COUNT);
    if (how < 0)
        return field_problem("queue.drain", "how", "is none of projected, measured, cut", err);
    q->drain = (enum drain_how)how;
    return read_drain_added(drain, q, err);
}

int result_read_queue(const json_t *doc, struct result *r, struct err *err)
{
    const json_t *queue = json_object_get(doc, "queue");
    r->has_queue = !json_is_null(queue);
    if (!r->has_queue)
        return 0;
    if (field_rows(doc, "queue", queue_rows, &r->queue, err) < 0)
        return -1;
    return read_drain(queue, &r->queue, err);
}
