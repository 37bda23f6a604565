/* The names of metric.h. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "model/metric.h"

#define NAMES_MAX 64

/* "max", "mean", "p99.9"; false for anything else. */
static bool find_point(const char *name, double *q)
{
    const char *end = NULL;
    if (strcmp(name, "max") == 0 || strcmp(name, "mean") == 0) {
        *q = strcmp(name, "max") == 0 ? 1 : NAN;
        return true;
    }
    if (name[0] != 'p')
        return false;
    *q = metric_decimal(name + 1, -2, &end);
    return *end == '\0' && *q > 0 && *q < 1;
}

static const struct metric_hist *find_hist(const char *name, const char **point)
{
    for (const struct metric_hist *h = metric_hists; h->name != NULL; h++) {
        size_t len = strlen(h->name);
        if (strncmp(name, h->name, len) == 0 && name[len] == '.') {
            *point = name + len + 1;
            return h;
        }
    }
    *point = name;
    return metric_hists;
}

static int unknown(const char *name, struct err *err)
{
    static const char *const points[] = {"p50", "p90", "p97.5", "p99", "p99.9", "max", "mean"};
    const char *words[NAMES_MAX + 1];
    char dotted[NAMES_MAX][24];
    size_t count = 0;
    struct buf singles;
    buf_init(&singles, sizeof err->text);
    for (size_t i = 0; i < LEN(points); i++)
        words[count++] = points[i];
    for (const struct metric_hist *h = metric_hists; h->name != NULL; h++) {
        (void)snprintf(dotted[count], sizeof dotted[count], "%s.p99", h->name);
        words[count] = dotted[count];
        count++;
    }
    for (const struct metric_row *row = metric_rows; row->name != NULL; row++) {
        assert(count < NAMES_MAX);
        words[count++] = row->name;
        buf_printf(&singles, ", %s", row->name);
    }
    words[count] = NULL;
    /* "latency>5ms": the percentiles of the latency are called p50 and p99. */
    char *hint = strcmp(name, metric_hists->name) == 0 ? mem_strdup("; did you mean 'p99'?")
                                                       : str_suggest(name, words, "'*'?", ".");
    (void)err_set(
        err, ERR_USAGE,
        "unknown metric '%.*s'%s Available: p50, p99.9 (any percentile), max and mean, "
        "also of wait, work, job, first_byte, connect, probe, probe_new, service and slip "
        "(wait.p99)%s",
        (int)str_fit(name, 24), name, hint, singles.data);
    free(hint);
    buf_fini(&singles);
    return -1;
}

static int find(const char *name, struct metric *out, struct err *err)
{
    const char *point = NULL;
    double q = NAN;
    for (const struct metric_row *row = metric_rows; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            out->row = row;
            return 0;
        }
    }
    const struct metric_hist *hist = find_hist(name, &point);
    if (!find_point(point, &q))
        return unknown(name, err);
    out->hist = hist;
    out->q = q;
    return 0;
}

/* Of one request of a list: no other figures are counted by name. */
static int check_request(const struct metric *m, const char *point, struct err *err)
{
    bool is_counted = m->row != NULL ? m->row->by_request : m->hist == metric_hists;
    if (m->request_len == 0)
        return err_set(err, ERR_USAGE, "'%s' has no name of a request before the ':'", m->name);
    if (!is_counted)
        return err_set(err, ERR_USAGE,
                       "%s is not measured for each request; available are p50, p99.9 (any "
                       "percentile), max, mean, rps, completed, errors, timeouts, failed, "
                       "in_flight, non2xx, mismatches and unbound",
                       point);
    return 0;
}

int metric_find(const char *name, struct metric *out, struct err *err)
{
    const char *colon = strrchr(name, ':');
    const char *point = colon == NULL ? name : colon + 1;
    *out = (struct metric){.q = NAN};
    if (strlen(name) >= sizeof out->name)
        return err_set(err, ERR_USAGE, "'%.*s...' is longer than the name of any metric",
                       (int)str_fit(name, 40), name);
    (void)snprintf(out->name, sizeof out->name, "%s", name);
    if (find(point, out, err) < 0)
        return -1;
    if (colon == NULL)
        return 0;
    out->request_len = (size_t)(colon - name);
    return check_request(out, point, err);
}
