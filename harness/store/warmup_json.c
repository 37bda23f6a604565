#include "store/warmup_json.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "store/accounting_json.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/hist_json.h"
#include "store/result_check.h"
#include "store/result_figures.h"

#define KEY "warmup"

#define IN(member) offsetof(struct warmup, member)
static const struct field rows[] = {
    {"duration", FIELD_REAL_NULL, IN(duration_s)},
    {"connections", FIELD_COUNT, IN(connections)},
    {"sent", FIELD_COUNT, IN(sent)},
    {"completed", FIELD_COUNT, IN(completed)},
    {"timeouts", FIELD_COUNT, IN(timed_out)},
    {"failed", FIELD_COUNT, IN(failed)},
    {"connect_failed", FIELD_COUNT, IN(connect_failed)},
    {"mismatches", FIELD_COUNT, IN(mismatches)},
    {"bytes_received", FIELD_COUNT, IN(bytes_received)},
    {.type = FIELD_END},
};

static int64_t of_class(const struct warmup *w, int class)
{
    int64_t sum = 0;
    for (int status = class * 100; status < class * 100 + 100; status++)
        sum += w->statuses[status];
    return sum;
}

static json_t *rate_object(const struct warmup *w, int64_t total)
{
    json_t *object = json_object();
    double per_s = w->duration_s > 0 ? (double)total / w->duration_s : NAN;
    doc_put(object, "average", doc_figure(per_s));
    doc_put(object, "mean", doc_figure(per_s));
    doc_put(object, "total", json_integer(total));
    return object;
}

static json_t *request_figures(const struct warmup *w)
{
    json_t *figures = rate_object(w, w->completed);
    doc_put(figures, "sent", json_integer(w->sent));
    return figures;
}

/* Those that follow from the others, under autocannon's names. */
static void put_counts(json_t *object, const struct warmup *w)
{
    doc_put(object, "errors", json_integer(w->timed_out + w->failed + w->connect_failed));
    doc_put(object, "non2xx", json_integer(w->completed - of_class(w, 2)));
    for (int class = 1; class <= 5; class ++) {
        char key[16];
        (void)snprintf(key, sizeof key, "%dxx", class);
        doc_put(object, key, json_integer(of_class(w, class)));
    }
}

json_t *warmup_to_json(const struct warmup *w)
{
    json_t *object = fields_object(rows, w);
    put_counts(object, w);
    doc_put(object, "statusCodeStats", statuses_to_json(w->statuses));
    doc_put(object, "latency", latency_figures(w->latency));
    doc_put(object, "requests", request_figures(w));
    doc_put(object, "throughput", rate_object(w, w->bytes_received));
    doc_put(object, "histogram", hist_to_json(w->latency));
    return object;
}

/* --- reading --- */

static int check(const struct warmup *w, struct err *err)
{
    int64_t replies = 0;
    for (size_t i = 0; i < LEN(w->statuses); i++)
        replies += w->statuses[i];
    if (replies != w->completed)
        return field_problem(KEY, "statusCodeStats", "is not the sum of completed", err);
    if (w->latency == NULL ||
        hist_count(w->latency) + hist_over(w->latency) > (uint64_t)w->completed)
        return field_problem(KEY, "histogram", "does not hold what completed", err);
    if (w->completed > w->sent)
        return field_problem(KEY, "completed", "is more than sent", err);
    return 0;
}

/* The counts that stand there twice. */
static int check_counts(const json_t *object, const struct warmup *w, struct err *err)
{
    json_t *again = json_object();
    put_counts(again, w);
    const char *key = NULL;
    json_t *value = NULL;
    int failed = 0;
    json_object_foreach(again, key, value)
    {
        if (failed == 0 && !json_equal(value, json_object_get(object, key)))
            failed = field_problem(KEY, key, "is not what the rest of it gives", err);
    }
    json_decref(again);
    return failed;
}

/* What is derived must be what would be written: other tools show it. */
static int check_derived(const json_t *object, const struct warmup *w, struct err *err)
{
    if (check_counts(object, w, err) < 0 ||
        result_check_derived(object, "latency", latency_figures(w->latency), err) < 0 ||
        result_check_derived(object, "requests", request_figures(w), err) < 0 ||
        result_check_derived(object, "throughput", rate_object(w, w->bytes_received), err) < 0)
        return err_wrap(err, KEY);
    return 0;
}

int warmup_from_json(const json_t *doc, struct result *r, struct err *err)
{
    const json_t *object = json_object_get(doc, KEY);
    if (object == NULL)
        return 0;
    if (!json_is_object(object))
        return field_problem("", KEY, "is not an object", err);
    r->warmup = mem_zalloc(sizeof *r->warmup);
    struct warmup *w = r->warmup;
    if (fields_read(object, KEY, rows, w, err) < 0 ||
        statuses_from_json(object, KEY, "statusCodeStats", w->statuses, err) < 0 ||
        hist_from_json(object, KEY, "histogram", &w->latency, err) < 0 || check(w, err) < 0)
        return -1;
    return check_derived(object, w, err);
}
