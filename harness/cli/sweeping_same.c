/* What must be the same when a sweep goes on. */
#include "cli/sweeping_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/sameness.h"
#include "runner/record.h"

int sweeping_same_shape(const struct sweeping *w, struct err *err)
{
    const struct sweep *s = &w->sweep;
    bool is_same = s->naxes == w->options->over.count;
    for (size_t i = 0; is_same && i < s->naxes; i++)
        is_same = strcmp(s->axes[i].option, w->overs[i].axis.option) == 0 &&
                  strcmp(s->axes[i].range, w->overs[i].axis.range) == 0;
    if (!is_same)
        return err_set(err, ERR_USAGE,
                       "it is a sweep over %s=%s%s; give the options it was begun "
                       "with",
                       s->axes[0].option, s->axes[0].range, s->naxes > 1 ? ", and another" : "");
    if (s->comparison.rounds > w->options->rounds)
        return err_set(err, ERR_USAGE, "it has %lld rounds; give --rounds %lld, or more",
                       (long long)s->comparison.rounds, (long long)s->comparison.rounds);
    return 0;
}

/* Of a server that bench starts, whose port is another one each time. A query may hold secrets,
 * which are not stored. */
static int same_path(const struct arm *stored, const struct plan *plan, struct err *err)
{
    const char *url = stored->results[0].url;
    const char *host = url == NULL ? NULL : strstr(url, "://");
    if (plan->url != NULL || host == NULL)
        return 0;
    const char *path = strchr(host + strlen("://"), '/');
    char *before = path == NULL ? mem_strdup("/") : mem_strndup(path, strcspn(path, "?#"));
    char *now = mem_strndup(plan_path(plan), strcspn(plan_path(plan), "?#"));
    char *what = mem_printf("path of %s", stored->name);
    int failed = sameness_text(what, before, now, err);
    free(before);
    free(now);
    free(what);
    return failed;
}

/* A trial that was made against what the same one would be now. */
static int same_trial(const struct arm *stored, const struct arm_plan *plan, struct err *err)
{
    const struct result *before = &stored->results[0];
    struct result now;
    result_init(&now);
    record_run(&plan->options, &plan->line, &now);
    int failed = sameness_machine(&before->environment, &now.environment, err);
    if (failed == 0)
        failed = same_path(stored, &plan->options.plan, err);
    if (failed == 0)
        failed = sameness_of_arm(
            &(struct sameness_arm){stored->name, NULL, before->config, before->nconfig},
            &(struct sameness_arm){stored->name, NULL, now.config, now.nconfig}, err);
    result_fini(&now);
    return failed;
}

static int same_trials(const struct sweeping *w, struct err *err)
{
    const struct comparison *c = &w->sweep.comparison;
    bool has_seed = opt_given_text(&w->common.line->given, "seed") != NULL;
    int64_t seed = (int64_t)c->seed;
    if (sameness_text("version of bench", c->tool_version, BENCH_VERSION, err) < 0 ||
        sameness_count("seed", seed, has_seed ? w->options->run.plan.seed : seed, err) < 0)
        return -1;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arms *arms = sweep_place_arms(w->places[i / w->sweep.narms]);
        if (c->arms[i].nresults > 0 &&
            same_trial(&c->arms[i], &arms->items[i % w->sweep.narms], err) < 0)
            return -1;
    }
    return 0;
}

int sweeping_same_trials(const struct sweeping *w, struct err *err)
{
    if (same_trials(w, err) < 0)
        return err_wrap(err, "--continue %s: the sweep cannot be continued", w->options->continued);
    return 0;
}
