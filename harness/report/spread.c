#include "report/spread.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/units.h"
#include "model/metric.h"
#include "report/text.h"

#define FEW    10   /* samples needed beyond a percentile to trust it */
#define WORSE  1.01 /* two percentiles must differ by this factor to count as different */
#define DWARFS 2.0  /* the same for two maxima */

const struct spread_column spread_columns[SPREAD_COLUMNS] = {
    {"50%", 0.50}, {"90%", 0.90}, {"97.5%", 0.975}, {"99%", 0.99}, {"99.9%", 0.999}};

static uint64_t samples(const struct hist *h)
{
    return h == NULL ? 0 : hist_count(h) + hist_over(h);
}

void spread_init(struct spread *s, const struct hist *h)
{
    *s = (struct spread){.hist = h, .bound_from_ns = INT64_MAX};
}

/* A closed loop always ends with requests in flight. They matter only if they change a percentile
 * that has enough samples, leave one open, or dwarf the maximum of the completed requests. */
static bool is_worse(const struct hist *h, const struct hist *than, const struct hist *unfinished)
{
    struct spread s;
    spread_init(&s, h);
    if ((double)hist_max_ns(h) > DWARFS * (double)hist_max_ns(than))
        return true;
    for (size_t i = 0; i < LEN(spread_columns); i++) {
        double q = spread_columns[i].q;
        int64_t value_ns = hist_percentile_ns(h, q);
        bool worse = (double)value_ns > WORSE * (double)hist_percentile_ns(than, q);
        if (worse && !spread_is_few(&s, q))
            return true;
        if (metric_is_open(than, unfinished, q, value_ns))
            return true;
    }
    return false;
}

void spread_init_unfinished(struct spread *s, const struct result *r)
{
    spread_init(s, NULL);
    if (samples(r->latency) == 0 || samples(r->unfinished) == 0)
        return;
    struct hist *merged = hist_copy(r->latency);
    hist_merge(merged, r->unfinished);
    if (is_worse(merged, r->latency, r->unfinished))
        *s = (struct spread){merged, hist_min_ns(r->unfinished), merged};
    else
        hist_free(merged);
}

void spread_init_all(struct spread *s, const struct hist *finished, const struct hist *unfinished)
{
    spread_init(s, finished);
    if (finished == NULL || samples(unfinished) == 0)
        return;
    struct hist *merged = hist_copy(finished);
    hist_merge(merged, unfinished);
    *s = (struct spread){merged, hist_min_ns(unfinished), merged};
}

void spread_fini(struct spread *s)
{
    hist_free(s->owned);
    *s = (struct spread){0};
}

uint64_t spread_samples(const struct spread *s)
{
    return samples(s->hist);
}

/* Beyond means towards the nearer end. The tolerance is for 1 - q, which is inexact in a double. */
bool spread_is_few(const struct spread *s, double q)
{
    return (double)samples(s->hist) * fmin(q, 1 - q) < FEW - 1e-6;
}

const char *spread_bound_sign(const struct report_style *style)
{
    return style->utf8 ? "≥" : ">=";
}

/* For a value above the histogram's range only a lower bound is known. */
static bool is_bound(const struct spread *s, int64_t value_ns)
{
    return value_ns >= s->bound_from_ns ||
           (hist_over(s->hist) > 0 && value_ns >= hist_max_ns(s->hist));
}

static char *format(bool bound, int64_t value_ns, const struct report_style *style, char *text,
                    size_t size)
{
    char value[32];
    (void)snprintf(text, size, "%s%s", bound ? spread_bound_sign(style) : "",
                   units_format_time(value_ns, value, sizeof value));
    return text;
}

char *spread_percentile(const struct spread *s, double q, const struct report_style *style,
                        char *text, size_t size)
{
    int64_t value_ns = hist_percentile_ns(s->hist, q);
    return format(is_bound(s, value_ns), value_ns, style, text, size);
}

char *spread_max(const struct spread *s, const struct report_style *style, char *text, size_t size)
{
    int64_t value_ns = hist_max_ns(s->hist);
    return format(s->owned != NULL || is_bound(s, value_ns), value_ns, style, text, size);
}

char *spread_mean(const struct spread *s, const struct report_style *style, char *text, size_t size)
{
    double mean_ns = hist_mean_ns(s->hist);
    if (!isnan(mean_ns))
        return format(s->owned != NULL || hist_over(s->hist) > 0, (int64_t)mean_ns, style, text,
                      size);
    (void)snprintf(text, size, "-");
    return text;
}

/* With unfinished requests the deviation is unknown and cannot be bounded. */
char *spread_stddev(const struct spread *s, char *text, size_t size)
{
    double stddev_ns = hist_stddev_ns(s->hist);
    bool known = s->owned == NULL && hist_over(s->hist) == 0 && !isnan(stddev_ns);
    if (known)
        return units_format_time((int64_t)stddev_ns, text, size);
    (void)snprintf(text, size, "-");
    return text;
}
