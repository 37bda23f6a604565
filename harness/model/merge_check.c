/* Whether results are the shares of one plan, and can be added up. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/result_merge.h"

/* --- the shares --- */

static int check_kind(const struct merge_input *input, struct err *err)
{
    const struct result *r = input->r;
    if (r->merged != NULL)
        return err_set(err, ERR_INCOMPARABLE,
                       "%s is a merged result; give the results that it was made of", input->name);
    if (r->share == NULL)
        return err_set(err, ERR_INCOMPARABLE,
                       "%s is no share of a plan; only runs with --share can be merged",
                       input->name);
    return 0;
}

static int by_share(const void *a, const void *b)
{
    int64_t x = ((const struct merge_input *)a)->r->share->index;
    int64_t y = ((const struct merge_input *)b)->r->share->index;
    return (x > y) - (x < y);
}

static int check_counts(const struct merge *m, struct err *err)
{
    const struct merge_input *first = &m->inputs[0];
    for (size_t i = 1; i < m->ninputs; i++) {
        const struct merge_input *input = &m->inputs[i];
        const struct share *a = first->r->share;
        const struct share *b = input->r->share;
        if (a->count != b->count)
            return err_set(err, ERR_INCOMPARABLE,
                           "--share differs: %s is one of %" PRId64 " shares, and %s is one of "
                           "%" PRId64,
                           first->name, a->count, input->name, b->count);
        if (b->index == m->inputs[i - 1].r->share->index)
            return err_set(err, ERR_INCOMPARABLE, "share %" PRId64 " is there twice: %s and %s",
                           b->index, m->inputs[i - 1].name, input->name);
    }
    return 0;
}

static const struct merge_lost *lost_of(const struct merge *m, int64_t index)
{
    for (size_t i = 0; i < m->nlost; i++) {
        if (m->lost[i].index == index)
            return &m->lost[i];
    }
    return NULL;
}

static int check_lost(const struct merge *m, struct err *err)
{
    int64_t count = m->inputs[0].r->share->count;
    for (size_t i = 0; i < m->nlost; i++) {
        if (m->lost[i].index >= count)
            return err_set(err, ERR_INCOMPARABLE,
                           "share %" PRId64 " is said to be lost, and the plan has %" PRId64
                           " shares",
                           m->lost[i].index, count);
        if (lost_of(m, m->lost[i].index) != &m->lost[i])
            return err_set(err, ERR_INCOMPARABLE, "share %" PRId64 " is said to be lost twice",
                           m->lost[i].index);
    }
    return 0;
}

/* Each share has a result, or is said to be lost. */
static int check_whole(const struct merge *m, struct err *err)
{
    size_t at = 0;
    int64_t count = m->inputs[0].r->share->count;
    for (int64_t index = 0; index < count; index++) {
        bool is_there = at < m->ninputs && m->inputs[at].r->share->index == index;
        bool is_lost = lost_of(m, index) != NULL;
        if (!is_there && !is_lost)
            return err_set(err, ERR_INCOMPARABLE,
                           "share %" PRId64 " of %" PRId64 " is missing; a plan has the shares 0 "
                           "to %" PRId64 ", each once",
                           index, count, count - 1);
        if (is_there && is_lost)
            return err_set(err, ERR_INCOMPARABLE,
                           "share %" PRId64 " is said to be lost, and %s is its result", index,
                           m->inputs[at].name);
        at += is_there;
    }
    return 0;
}

/* --- the plan --- */

static int differ(const struct merge_input *a, const struct merge_input *b, const char *what,
                  const char *in_a, const char *in_b, struct err *err)
{
    return err_set(err, ERR_INCOMPARABLE, "%s differs: it is %s in %s, and %s in %s", what,
                   in_a == NULL ? "not there" : in_a, a->name, in_b == NULL ? "not there" : in_b,
                   b->name);
}

static int check_text(const struct merge_input *a, const struct merge_input *b, const char *what,
                      const char *in_a, const char *in_b, struct err *err)
{
    if (in_a == in_b || (in_a != NULL && in_b != NULL && strcmp(in_a, in_b) == 0))
        return 0;
    return differ(a, b, what, in_a, in_b, err);
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strcmp(*names, name) == 0)
            return true;
    }
    return false;
}

static int check_setting(const struct merge_input *a, const struct merge_input *b, const char *name,
                         struct err *err)
{
    const struct setting *in_a = settings_find(a->r->config, a->r->nconfig, name);
    const struct setting *in_b = settings_find(b->r->config, b->r->nconfig, name);
    if (setting_is_same(in_a, in_b))
        return 0;
    char *option = setting_option(name);
    char *what = mem_printf("another plan: --%s", option);
    char *text_a = setting_text(in_a);
    char *text_b = setting_text(in_b);
    int failed = differ(a, b, what, text_a, text_b, err);
    free(option);
    free(what);
    free(text_a);
    free(text_b);
    return failed;
}

/* Those that one of the two has. */
static int check_settings_of(const struct merge *m, const struct merge_input *from,
                             const struct merge_input *a, const struct merge_input *b,
                             struct err *err)
{
    if (from->r->nconfig > SETTINGS_COMPARED_MAX)
        return err_set(err, ERR_INCOMPARABLE, "%s has more than %d options", from->name,
                       SETTINGS_COMPARED_MAX);
    for (size_t i = 0; i < from->r->nconfig; i++) {
        const char *name = from->r->config[i].name;
        if (!is_among(name, m->ignored) && check_setting(a, b, name, err) < 0)
            return -1;
    }
    return 0;
}

static int check_settings(const struct merge *m, const struct merge_input *a,
                          const struct merge_input *b, struct err *err)
{
    return check_settings_of(m, a, a, b, err) < 0 ? -1 : check_settings_of(m, b, a, b, err);
}

static int check_names(const struct merge_input *a, const struct merge_input *b, struct err *err)
{
    char counts[2][32];
    (void)snprintf(counts[0], sizeof counts[0], "%zu", a->r->nnamed);
    (void)snprintf(counts[1], sizeof counts[1], "%zu", b->r->nnamed);
    if (check_text(a, b, "the number of request names", counts[0], counts[1], err) < 0)
        return -1;
    for (size_t i = 0; i < a->r->nnamed; i++) {
        if (check_text(a, b, "the name of a request", a->r->named[i].name, b->r->named[i].name,
                       err) < 0)
            return -1;
    }
    return 0;
}

static const char *loop_of(const struct result *r)
{
    return result_is_open_loop(r) ? "open" : "closed";
}

static int check_plan(const struct merge *m, const struct merge_input *a,
                      const struct merge_input *b, struct err *err)
{
    const struct result *x = a->r;
    const struct result *y = b->r;
    if (check_text(a, b, "the version of bench", x->tool_version, y->tool_version, err) < 0 ||
        check_text(a, b, "another plan: the URL", x->url, y->url, err) < 0 ||
        check_text(a, b, "another plan: --strategy", x->strategy, y->strategy, err) < 0 ||
        check_text(a, b, "another plan: the command", x->command, y->command, err) < 0 ||
        check_text(a, b, "another plan: the program", x->original, y->original, err) < 0 ||
        check_text(a, b, "another plan: the loop", loop_of(x), loop_of(y), err) < 0 ||
        check_text(a, b, "another plan: --stages", x->offered.stages, y->offered.stages, err) < 0)
        return -1;
    return check_settings(m, a, b, err) < 0 ? -1 : check_names(a, b, err);
}

/* --- what is measured once --- */

static bool has_server(const struct result *r)
{
    return r->has_server;
}

static bool has_probe(const struct result *r)
{
    return r->has_probe;
}

static bool has_queue(const struct result *r)
{
    return r->has_queue;
}

static int check_once(const struct merge *m, struct err *err)
{
    static const struct {
        bool (*is_there)(const struct result *);
        const char *what;
    } all[] = {{has_server, "samples of the server"},
               {has_probe, "a probe"},
               {has_queue, "the account of a queue"}};
    for (size_t k = 0; k < LEN(all); k++) {
        const char *with = NULL;
        for (size_t i = 0; i < m->ninputs; i++) {
            if (!all[k].is_there(m->inputs[i].r))
                continue;
            if (with != NULL)
                return err_set(err, ERR_INCOMPARABLE,
                               "%s and %s both have %s, which cannot be added up; one share alone "
                               "may have it",
                               with, m->inputs[i].name, all[k].what);
            with = m->inputs[i].name;
        }
    }
    return 0;
}

/* --- histograms and windows --- */

#define HIST(member) offsetof(struct result, member)
static const size_t hists[] = {
#define X(name) HIST(name),
    RESULT_HISTS(X)
#undef X
};

static int check_layout(const struct merge_input *a, const struct merge_input *b, struct err *err)
{
    for (size_t i = 0; i < LEN(hists); i++) {
        const struct hist *x = *(struct hist *const *)(const void *)((const char *)a->r + hists[i]);
        const struct hist *y = *(struct hist *const *)(const void *)((const char *)b->r + hists[i]);
        if (x != NULL && y != NULL && !hist_same_shape(x, y))
            return err_set(err, ERR_INCOMPARABLE,
                           "another layout of histograms: %d digits in %s, and %d in %s",
                           hist_digits(x), a->name, hist_digits(y), b->name);
    }
    return 0;
}

static int check_windows(const struct merge *m, struct err *err)
{
    size_t last = 0;
    size_t first = 0;
    for (size_t i = 0; i < m->ninputs; i++) {
        double end_s = merge_start_s(m, i) + m->inputs[i].r->duration_s;
        if (!(m->inputs[i].r->duration_s > 0))
            return err_set(err, ERR_INCOMPARABLE, "%s measured nothing: its window has no length",
                           m->inputs[i].name);
        if (merge_start_s(m, i) > merge_start_s(m, last))
            last = i;
        if (end_s < merge_start_s(m, first) + m->inputs[first].r->duration_s)
            first = i;
    }
    double common_s = merge_common_s(m);
    if (common_s > 0)
        return 0;
    return err_set(err, ERR_INCOMPARABLE,
                   "the windows do not overlap: %s ended %.3f s before %s began; start all shares "
                   "at one time (--start-at), on hosts whose clocks agree",
                   m->inputs[first].name, -common_s, m->inputs[last].name);
}

int merge_check(struct merge *m, struct err *err)
{
    if (m->ninputs == 0)
        return err_set(err, ERR_USAGE, "no result to merge");
    for (size_t i = 0; i < m->ninputs; i++) {
        if (check_kind(&m->inputs[i], err) < 0)
            return -1;
    }
    qsort(m->inputs, m->ninputs, sizeof *m->inputs, by_share);
    if (check_counts(m, err) < 0 || check_lost(m, err) < 0 || check_whole(m, err) < 0)
        return -1;
    for (size_t i = 1; i < m->ninputs; i++) {
        if (check_plan(m, &m->inputs[0], &m->inputs[i], err) < 0 ||
            check_layout(&m->inputs[0], &m->inputs[i], err) < 0)
            return -1;
    }
    return check_once(m, err) < 0 ? -1 : check_windows(m, err);
}
