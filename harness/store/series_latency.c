#include "store/series_latency.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stat/hist_text.h"
#include "store/doc.h"
#include "store/fields.h"

#define KEY   "series_latency"
#define PLACE 64 /* bytes of "histograms[123456]" */

json_t *series_latency_to_json(const struct hist_series *s)
{
    if (s == NULL)
        return json_null();
    json_t *object = json_object();
    json_t *texts = json_array();
    for (size_t i = 0; i < s->count; i++)
        (void)json_array_append_new(texts, json_string(s->texts[i]));
    doc_put(object, "unit", json_string("ns"));
    doc_put(object, "digits", json_integer(HIST_TEXT_DIGITS));
    doc_put(object, "interval", json_integer((json_int_t)s->step));
    doc_put(object, "histograms", texts);
    return object;
}

/* --- reading --- */

static int read_texts(const json_t *object, struct hist_series *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    size_t count = s->nentries / s->step + (s->nentries % s->step > 0);
    if (field_array(object, KEY, "histograms", &array, err) < 0)
        return -1;
    if (json_array_size(array) != count)
        return field_problem(KEY, "histograms", "are not one for each interval of series", err);
    json_array_foreach(array, i, value)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "histograms[%zu]", i);
        if (!json_is_string(value))
            return field_problem(KEY, where, "is not a text", err);
        if (hist_series_add_text(s, json_string_value(value), err) < 0)
            return err_wrap(err, KEY ".%s", where);
    }
    return 0;
}

static int read_series(const json_t *object, struct hist_series *s, struct err *err)
{
    int64_t digits = 0;
    int64_t interval = 0;
    const char *unit = json_string_value(json_object_get(object, "unit"));
    if (unit == NULL || strcmp(unit, "ns") != 0)
        return field_problem(KEY, "unit", "is not \"ns\"", err);
    if (field_count(object, KEY, "digits", &digits, err) < 0 ||
        field_count(object, KEY, "interval", &interval, err) < 0)
        return -1;
    if (digits != HIST_TEXT_DIGITS)
        return field_problem(KEY, "digits", "is not 2", err);
    if (interval < 1 || (interval & (interval - 1)) != 0)
        return field_problem(KEY, "interval", "is not 1, 2, 4 or a further power of two", err);
    s->step = (size_t)interval;
    return read_texts(object, s, err);
}

int series_latency_from_json(const json_t *doc, struct result *r, struct err *err)
{
    const json_t *object = json_object_get(doc, KEY);
    if (object == NULL || json_is_null(object))
        return 0;
    if (!json_is_object(object))
        return field_problem("", KEY, "is neither null nor an object", err);
    r->series_latency = hist_series_new(); /* the result's, also after a failure */
    r->series_latency->nentries = r->nseconds;
    return read_series(object, r->series_latency, err);
}

/* --- checking --- */

static int64_t requests_of(const struct result *r, size_t interval)
{
    size_t step = r->series_latency->step;
    int64_t sum = 0;
    for (size_t i = interval * step; i < r->nseconds && i - interval * step < step; i++)
        sum += r->seconds[i].requests - (result_excludes_errors(r) ? r->seconds[i].non_2xx : 0);
    return sum;
}

static int check_interval(const struct result *r, size_t i, const struct hist *h, struct err *err)
{
    char where[PLACE];
    char problem[160];
    uint64_t held = hist_count(h) + hist_over(h);
    int64_t requests = requests_of(r, i);
    if (held == (uint64_t)requests)
        return 0;
    (void)snprintf(where, sizeof where, "histograms[%zu]", i);
    (void)snprintf(problem, sizeof problem,
                   "holds %" PRIu64 ", and the requests of its entries of series are %" PRId64,
                   held, requests);
    return field_problem(KEY, where, problem, err);
}

static bool is_same(const struct hist *a, const struct hist *b)
{
    struct hist_bucket in_a = {0};
    struct hist_bucket in_b = {0};
    size_t at_a = 0;
    size_t at_b = 0;
    bool any_a = true;
    while (any_a) {
        any_a = hist_next(a, &at_a, &in_a);
        bool any_b = hist_next(b, &at_b, &in_b);
        if (any_a != any_b || (any_a && (at_a != at_b || in_a.count != in_b.count)))
            return false;
    }
    return hist_over(a) == hist_over(b);
}

static int check_all(const struct result *r, struct hist *one, struct hist *sum, struct err *err)
{
    for (size_t i = 0; i < r->series_latency->count; i++) {
        hist_reset(one);
        hist_series_sum(r->series_latency, i, 1, one);
        if (check_interval(r, i, one, err) < 0)
            return -1;
        hist_merge(sum, one);
    }
    hist_reset(one);
    if (r->latency != NULL)
        hist_text_coarsen(one, r->latency);
    return is_same(sum, one)
               ? 0
               : field_problem("", KEY, "holds other latencies than histograms.latency", err);
}

int series_latency_check(const struct result *r, struct err *err)
{
    if (r->series_latency == NULL)
        return 0;
    struct hist *one = hist_text_new();
    struct hist *sum = hist_text_new();
    int failed = check_all(r, one, sum, err);
    hist_free(one);
    hist_free(sum);
    return failed;
}
