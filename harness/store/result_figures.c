#include "store/result_figures.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/doc.h"

static const struct {
    const char *key;
    double q;
} percentiles[] = {
    {"p0_001", 0.00001}, {"p0_01", 0.0001},  {"p0_1", 0.001},      {"p1", 0.01},
    {"p2_5", 0.025},     {"p10", 0.10},      {"p25", 0.25},        {"p50", 0.50},
    {"p75", 0.75},       {"p90", 0.90},      {"p97_5", 0.975},     {"p99", 0.99},
    {"p99_9", 0.999},    {"p99_99", 0.9999}, {"p99_999", 0.99999},
};

/* An empty histogram returns -1 or NAN. */
static json_t *ms_value(double ns)
{
    return ns < 0 ? json_null() : doc_real(ns / (double)NS_PER_MS);
}

json_t *latency_figures(const struct hist *h)
{
    json_t *object = json_object();
    double mean_ns = h == NULL ? NAN : hist_mean_ns(h);
    doc_put(object, "average", ms_value(mean_ns));
    doc_put(object, "mean", ms_value(mean_ns));
    doc_put(object, "stddev", ms_value(h == NULL ? NAN : hist_stddev_ns(h)));
    doc_put(object, "min", ms_value(h == NULL ? NAN : (double)hist_min_ns(h)));
    doc_put(object, "max", ms_value(h == NULL ? NAN : (double)hist_max_ns(h)));
    for (size_t i = 0; i < LEN(percentiles); i++)
        doc_put(object, percentiles[i].key,
                ms_value(h == NULL ? NAN : (double)hist_percentile_ns(h, percentiles[i].q)));
    uint64_t count = h == NULL ? 0 : hist_count(h) + hist_over(h);
    doc_put(object, "totalCount", json_integer((json_int_t)count));
    return object;
}

static json_t *rate_object(const struct result *r, enum second_metric metric)
{
    json_t *object = json_object();
    struct second_stats stats = result_second_stats(r, metric);
    doc_put(object, "average", doc_real(stats.mean));
    doc_put(object, "mean", doc_real(stats.mean));
    doc_put(object, "stddev", doc_real(stats.stddev));
    doc_put(object, "min", doc_real(stats.min));
    doc_put(object, "max", doc_real(stats.max));
    for (size_t i = 0; i < LEN(percentiles); i++)
        doc_put(object, percentiles[i].key,
                doc_real(result_second_percentile(r, metric, percentiles[i].q)));
    return object;
}

json_t *result_request_figures(const struct result *r)
{
    json_t *object = rate_object(r, SECOND_REQUESTS);
    doc_put(object, "total", json_integer(r->accounting.completed));
    doc_put(object, "sent", json_integer(r->accounting.sent));
    return object;
}

json_t *result_throughput_figures(const struct result *r)
{
    json_t *object = rate_object(r, SECOND_BYTES);
    doc_put(object, "total", json_integer(r->accounting.bytes_received));
    return object;
}
