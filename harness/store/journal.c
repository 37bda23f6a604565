#include "store/journal.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/plan.h"
#include "model/plan_share.h"
#include "model/second.h"
#include "stat/hist_text.h"
#include "store/accounting_json.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/result_json.h"
#include "store/result_rows.h"
#include "store/share_json.h"

#define SECOND_SCHEMA "bench.second/1"

/* --- one line --- */

static int read_faults(const json_t *line, struct faults *f, struct err *err)
{
    json_t *object = NULL;
    json_t *failed = NULL;
    if (field_object(line, "", "faults", &object, err) < 0 ||
        field_object(object, "faults", "failed", &failed, err) < 0 ||
        field_count(object, "faults", "timed_out", &f->timed_out, err) < 0 ||
        field_count(object, "faults", "connect_failed", &f->connect_failed, err) < 0)
        return -1;
    for (size_t i = 0; i < LOSS_COUNT; i++) {
        if (field_count(failed, "faults.failed", loss_keys[i], &f->failed[i], err) < 0)
            return -1;
    }
    return 0;
}

/* The counts of one line, and what they must add up to. */
struct told {
    struct second second;
    int64_t statuses[1000];
    struct hist *latency; /* of the shape of hist_text_new */
};

static uint64_t timed(const struct hist *h)
{
    return hist_count(h) + hist_over(h);
}

static int check_told(const struct told *t, struct err *err)
{
    const struct second *s = &t->second;
    int64_t replies = 0;
    int64_t bad = 0;
    int64_t lost = s->faults.timed_out;
    for (size_t i = 0; i < LEN(t->statuses); i++) {
        replies += t->statuses[i];
        bad += i / 100 == 2 ? 0 : t->statuses[i];
    }
    for (size_t i = 0; i < LOSS_COUNT; i++)
        lost += s->faults.failed[i];
    uint64_t told = timed(t->latency);
    if (!(s->at_s >= 0) || !(s->length_s >= 0))
        return field_problem("", "at_s", "and length_s are no time", err);
    if (replies != s->requests || bad != s->non_2xx)
        return field_problem("", "statuses", "do not add up to requests and non_2xx", err);
    if (lost != s->errors)
        return field_problem("", "faults", "do not add up to errors", err);
    if (told != (uint64_t)s->requests && told != (uint64_t)(s->requests - s->non_2xx))
        return field_problem("", "latency", "does not hold the requests", err);
    if ((s->due == MISSING) != (s->sent == MISSING) || (s->due == MISSING) != (s->late == MISSING))
        return field_problem("", "due", "and sent and late do not say the same loop", err);
    if (s->late > s->sent)
        return field_problem("", "late", "is more than was sent", err);
    return 0;
}

static int read_told(const json_t *line, struct told *t, struct err *err)
{
    struct second *s = &t->second;
    const json_t *latency = json_object_get(line, "latency");
    second_init(s);
    if (fields_read(line, "", second_rows, s, err) < 0 ||
        (json_object_get(line, "due") != NULL &&
         fields_read(line, "", second_open_rows, s, err) < 0) ||
        read_faults(line, &s->faults, err) < 0 ||
        statuses_from_json(line, "", "statuses", t->statuses, err) < 0)
        return -1;
    if (!json_is_string(latency))
        return field_problem("", "latency", "is not a text", err);
    if (hist_text_read(json_string_value(latency), t->latency, err) < 0)
        return err_wrap(err, "latency");
    return check_told(t, err);
}

/* --- the lines together --- */

static bool is_same_share(const struct share *a, const struct share *b)
{
    return a->index == b->index && a->count == b->count;
}

/* The first line says whose they are. */
static int take_share(const json_t *line, struct journal *j, struct err *err)
{
    struct share share = {.start_skew_us = NAN, .clock_error_us = NAN};
    int failed = share_head_from_json(line, &share, err);
    if (failed == 0 && j->share.count == 0) {
        j->share = share;
        return 0;
    }
    if (failed == 0 && !is_same_share(&share, &j->share))
        failed = field_problem("", "share", "is another one than before", err);
    free(share.host);
    return failed;
}

/* After each line, so that no sum is more than a document can say, and none overflows. */
static int add_totals(struct journal *j, const struct told *t, struct err *err)
{
    const struct second *s = &t->second;
    uint64_t all = timed(j->latency) + timed(t->latency);
    const struct {
        const char *key;
        int64_t *sum, more;
    } sums[] = {{"requests", &j->requests, s->requests},
                {"errors", &j->errors, s->errors},
                {"non_2xx", &j->non_2xx, s->non_2xx},
                {"bytes", &j->bytes, s->bytes},
                {"due", &j->due, s->due},
                {"sent", &j->sent, s->sent},
                {"faults.connect_failed", &j->faults.connect_failed, s->faults.connect_failed}};
    for (size_t i = 0; i < LEN(sums); i++) {
        if (sums[i].more == MISSING)
            continue;
        *sums[i].sum += sums[i].more;
        if (*sums[i].sum > DOC_COUNT_MAX)
            return field_problem("", sums[i].key, "adds up to more than any run has", err);
    }
    if (j->requests + j->errors + j->faults.connect_failed > DOC_COUNT_MAX)
        return field_problem("", "requests", "add up to more than any run has", err);
    if (s->due != MISSING && j->requests + j->errors > j->sent)
        return field_problem("", "sent", "is less than was answered or lost so far", err);
    if (s->due != MISSING && j->sent > j->due)
        return field_problem("", "sent", "is more than was due so far", err);
    if (all != (uint64_t)j->requests && all != (uint64_t)(j->requests - j->non_2xx)) /* -x */
        return field_problem("", "latency", "does not hold what those before it do", err);
    return 0;
}

static int add_told(struct journal *j, const struct told *t, struct err *err)
{
    const struct second *last = j->nseconds == 0 ? NULL : &j->seconds[j->nseconds - 1];
    bool is_open = t->second.due != MISSING;
    if (last != NULL && (t->second.at_s < last->at_s || is_open != j->is_open_loop))
        return field_problem("", "at_s", "does not follow the second before", err);
    const struct journal before = *j;
    if (add_totals(j, t, err) < 0) {
        *j = before; /* of which these are numbers */
        return -1;
    }
    j->is_open_loop = is_open;
    j->seconds = mem_one_more(j->seconds, j->nseconds, sizeof *j->seconds);
    j->seconds[j->nseconds++] = t->second;
    j->faults.timed_out += t->second.faults.timed_out;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        j->faults.failed[i] += t->second.faults.failed[i];
    for (size_t i = 0; i < LEN(j->statuses); i++)
        j->statuses[i] += t->statuses[i];
    hist_merge(j->latency, t->latency);
    hist_series_add(j->series, t->latency);
    return 0;
}

/* A second belongs to the time before `until_s` if its middle does. */
static int add_second(const json_t *line, double until_s, struct journal *j, struct err *err)
{
    struct told t = {.latency = hist_text_new()};
    int failed = read_told(line, &t, err);
    if (failed == 0 && t.second.at_s - t.second.length_s / 2 < until_s)
        failed = add_told(j, &t, err);
    hist_free(t.latency);
    return failed;
}

static int add_result(const json_t *doc, struct journal *j, struct err *err)
{
    struct result *r = mem_zalloc(sizeof *r);
    if (result_from_json(doc, r, err) < 0) {
        free(r);
        return -1;
    }
    j->result = r;
    if (r->share == NULL || (j->share.count > 0 && !is_same_share(r->share, &j->share)))
        return field_problem("", "share", "is not that of the seconds", err);
    return 0;
}

static int add_line(const char *text, size_t len, double until_s, struct journal *j,
                    struct err *err)
{
    json_t *line = doc_parse(text, len, err);
    if (line == NULL)
        return -1;
    const char *schema = json_string_value(json_object_get(line, "schema"));
    int failed = 0;
    if (j->result != NULL)
        failed = err_set(err, ERR_USAGE, "nothing may follow the result");
    else if (schema != NULL && strcmp(schema, RESULT_SCHEMA) == 0)
        failed = add_result(line, j, err);
    else
        failed = field_schema(line, SECOND_SCHEMA, "second", err);
    if (failed == 0 && j->result == NULL)
        failed = take_share(line, j, err) < 0 ? -1 : add_second(line, until_s, j, err);
    json_decref(line);
    return failed;
}

static int add_lines(const struct buf *text, double until_s, struct journal *j, struct err *err)
{
    size_t number = 1;
    for (size_t at = 0; at < text->len; number++) {
        const char *end = memchr(text->data + at, '\n', text->len - at);
        if (end == NULL)
            break; /* it was cut off */
        size_t len = (size_t)(end - (text->data + at));
        if (add_line(text->data + at, len, until_s, j, err) < 0)
            return err_wrap(err, "line %zu", number);
        at += len + 1;
    }
    if (j->nseconds == 0)
        return err_set(err, ERR_INVALID, "no second of it was over in the first %.4g s", until_s);
    return 0;
}

void journal_init(struct journal *j)
{
    *j = (struct journal){.latency = hist_new_latency(), .series = hist_series_new()};
}

int journal_add_sum(struct journal *j, const char *text, size_t len, struct err *err)
{
    json_t *line = doc_parse(text, len, err);
    if (line == NULL)
        return -1;
    int failed = field_schema(line, SECOND_SCHEMA, "second", err);
    if (failed == 0)
        failed = add_second(line, INFINITY, j, err);
    json_decref(line);
    return failed;
}

int journal_read(const char *path, double until_s, struct journal *out, struct err *err)
{
    struct buf text;
    journal_init(out);
    buf_init(&text, RESULT_MAX_BYTES);
    int failed = store_input_read(path, &text, err);
    if (failed == 0 && add_lines(&text, until_s, out, err) < 0)
        failed = err_wrap(err, "%s", path);
    buf_fini(&text);
    if (failed < 0)
        journal_fini(out);
    return failed;
}

void journal_fini(struct journal *j)
{
    free(j->share.host);
    free(j->seconds);
    hist_free(j->latency);
    hist_series_free(j->series);
    if (j->result != NULL)
        result_fini(j->result);
    free(j->result);
    *j = (struct journal){0};
}

/* --- a result of them --- */

static void add_counts(const struct journal *j, struct accounting *a)
{
    memcpy(a->statuses, j->statuses, sizeof a->statuses);
    memcpy(a->failed, j->faults.failed, sizeof a->failed);
    a->timed_out = j->faults.timed_out;
    a->connect_failed = j->faults.connect_failed;
    a->completed = j->requests;
    a->non_2xx = j->non_2xx;
    a->bytes_received = j->bytes;
    a->sent = a->completed + a->timed_out + accounting_failed(a);
    if (!j->is_open_loop)
        return;
    a->in_flight_at_end = j->sent - a->sent;
    a->sent = j->sent;
    a->due = j->due;
    a->unsent = j->due - j->sent;
    a->held = 0;
}

/* What was not answered has waited for an unknown time, which is at least none. */
static struct hist *unknown_ages(int64_t count)
{
    struct hist *h = hist_new_latency();
    hist_record_n(h, 0, (uint64_t)count);
    return h;
}

static void copy_texts(struct result *out, const struct result *whole)
{
    char **const to[] = {&out->title,  &out->url,      &out->address, &out->tool_version,
                         &out->engine, &out->strategy, &out->command, &out->original};
    char *const from[] = {whole->title,  whole->url,      whole->address, whole->tool_version,
                          whole->engine, whole->strategy, whole->command, whole->original};
    for (size_t i = 0; i < LEN(to); i++)
        *to[i] = mem_strdup_or_null(from[i]);
    for (size_t i = 0; i < whole->nconfig; i++)
        result_add_setting(out, &whole->config[i]);
    out->argv = mem_array(whole->nargv, sizeof *out->argv);
    for (; out->nargv < whole->nargv; out->nargv++)
        out->argv[out->nargv] = mem_strdup(whole->argv[out->nargv]);
    out->started_wall_ms = whole->started_wall_ms;
}

/* Its own are known of a run that got to its end; else they are its part of those of the plan. */
static int64_t connections_of(const struct journal *j, const struct result *whole)
{
    const struct setting *s = settings_find(whole->config, whole->nconfig, "connections");
    const struct plan_share share = {.index = j->share.index, .count = j->share.count};
    if (j->result != NULL || s == NULL || s->kind != SETTING_NUMBER ||
        !(s->number >= 0 && s->number <= PLAN_CONNECTIONS_MAX))
        return whole->connections;
    return plan_share_of(&share, (int64_t)s->number);
}

static void copy_load(const struct journal *j, struct result *out, const struct result *whole)
{
    out->connections = connections_of(j, whole);
    out->pipelining = whole->pipelining;
    out->workers = whole->workers;
    out->offered = whole->offered;
    out->offered.stages = mem_strdup_or_null(whole->offered.stages);
    out->offered.arrivals = mem_strdup_or_null(whole->offered.arrivals);
    if (out->offered.max_connections < out->connections && j->is_open_loop)
        out->offered.max_connections = out->connections;
    out->has_http2 = whole->has_http2;
    out->has_tls = whole->has_tls;
    if (!whole->has_tls)
        return;
    out->tls.version = mem_strdup_or_null(whole->tls.version);
    out->tls.cipher = mem_strdup_or_null(whole->tls.cipher);
    out->tls.library = mem_strdup_or_null(whole->tls.library);
    out->tls.is_verified = whole->tls.is_verified;
}

static struct share *share_of(const struct journal *j, const struct result *whole)
{
    struct share *share = share_copy(whole->share);
    free(share->host);
    share->index = j->share.index;
    share->count = j->share.count;
    share->host = mem_strdup_or_null(j->share.host);
    return share;
}

static void take_seconds(const struct journal *j, struct result *out)
{
    struct accounting *a = &out->accounting;
    add_counts(j, a);
    out->latency = hist_copy(j->latency);
    out->unfinished = unknown_ages(a->timed_out + accounting_failed(a) + accounting_waiting(a));
    if (j->is_open_loop)
        out->unsent = unknown_ages(a->unsent);
    out->seconds = mem_array(j->nseconds, sizeof *out->seconds);
    memcpy(out->seconds, j->seconds, j->nseconds * sizeof *out->seconds);
    out->nseconds = j->nseconds;
    out->series_latency = hist_series_regroup(j->series, 1, HIST_SERIES_BYTES_MAX);
    out->duration_s = j->seconds[j->nseconds - 1].at_s;
}

void journal_sum(const struct journal *j, struct result *out)
{
    result_init(out);
    take_seconds(j, out);
}

void journal_result(const struct journal *j, const struct result *whole, struct result *out)
{
    const struct result *of_plan = j->result != NULL ? j->result : whole;
    result_init(out);
    copy_texts(out, of_plan);
    copy_load(j, out, of_plan);
    out->share = share_of(j, of_plan);
    take_seconds(j, out);
    out->finished_wall_ms = out->started_wall_ms + (int64_t)(out->duration_s * 1000);
}
