#include "cli/compared.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/article.h"
#include "cli/output.h"
#include "cli/reference.h"
#include "model/comparison.h"
#include "proc/programs.h"
#include "runner/aim.h"

static int check_count(const struct compare_options *options, const struct arms *arms,
                       struct err *err)
{
    int64_t count = options->rounds * (int64_t)arms->count;
    if (count > COMPARISON_TRIALS_MAX)
        return err_set(err, ERR_USAGE,
                       "--rounds: %lld rounds of %zu arms are %lld trials; a comparison holds at "
                       "most %d",
                       (long long)options->rounds, arms->count, (long long)count,
                       COMPARISON_TRIALS_MAX);
    return 0;
}

int arms_check_programs(const struct arms *arms, struct err *err)
{
    static const struct {
        const char *strategy, *program;
    } needs[] = {{NULL, "bench-target"}, {"offload", "bench-compute"}, {"queue", "bench-worker"}};
    for (size_t i = 0; i < arms->count; i++) {
        const char *strategy = arms->items[i].options.plan.strategy;
        for (size_t k = 0; k < LEN(needs) && strategy != NULL; k++) {
            if (needs[k].strategy != NULL && strcmp(needs[k].strategy, strategy) != 0)
                continue;
            char *path = program_find(needs[k].program, err);
            if (path == NULL)
                return -1;
            free(path);
        }
    }
    return 0;
}

/* The arms that are neither plain strategies nor the user's own. Only claims need larger work. */
static size_t add_specs(const struct compare_options *options, const struct originals *originals,
                        struct arm_spec *specs)
{
    size_t count = 0;
    for (size_t i = 0; options->article && i < LEN(article_arms); i++)
        specs[count++] = article_arms[i];
    for (size_t i = 0; i < originals->count; i++) {
        if (options->article || originals->specs[i].work_times == 0)
            specs[count++] = originals->specs[i];
    }
    return count;
}

static int make_arms(const struct compare_options *options, const struct opt_line *line,
                     const struct originals *originals, struct arms *arms, struct err *err)
{
    struct arm_spec specs[ARTICLE_ARMS + ORIGINALS_MAX];
    return arms_make(&(struct arms_request){.shared = &options->run,
                                            .line = line,
                                            .strategies = options->strategies,
                                            .specs = specs,
                                            .nspecs = add_specs(options, originals, specs),
                                            .arms = &options->arms},
                     arms, err);
}

static int check_reference(const struct compare_options *options, const struct arms *arms,
                           struct err *err)
{
    size_t found = 0;
    if (options->reference == NULL)
        return 0;
    const char **names = mem_array(arms->count, sizeof *names);
    for (size_t i = 0; i < arms->count; i++)
        names[i] = arms->items[i].name;
    int failed = reference_find(options->reference, names, arms->count, &found, err);
    free(names);
    return failed;
}

static int check(const struct compare_options *options, const struct arms *arms, struct err *err)
{
    if (check_count(options, arms, err) < 0 || check_reference(options, arms, err) < 0)
        return -1;
    if (options->run.plan.dry_run)
        return 0;
    const struct plan *plan = &options->run.plan;
    if (arms_check_programs(arms, err) < 0 || output_check(plan, err) < 0)
        return -1;
    bool is_named = plan->save && plan->out != NULL;
    return is_named && output_check_arms(plan->out, arms, err) < 0 ? err_wrap(err, "-o/--out") : 0;
}

/* The checks as if no original were missing. */
static int check_all(const struct compare_options *options, const struct opt_line *line,
                     struct err *err)
{
    struct originals all;
    struct arms arms;
    originals_all(&all);
    int failed = make_arms(options, line, &all, &arms, err);
    if (failed == 0)
        failed = check(options, &arms, err);
    arms_fini(&arms);
    originals_fini(&all);
    return failed;
}

static bool has_only_originals(const struct compare_options *options)
{
    const char *strategies = options->strategies;
    bool none = strategies != NULL && (strategies[0] == '\0' || strcmp(strategies, "none") == 0);
    return none && !options->article && options->arms.count == 0;
}

static int find_originals(const struct compare_options *options, const struct opt_line *line,
                          struct originals *out, struct err *err)
{
    if (!options->originals)
        return 0;
    if (options->run.plan.dry_run) {
        originals_all(out);
        return 0;
    }
    if (check_all(options, line, err) < 0 || originals_prepare(out, err) < 0)
        return -1;
    if (out->count > 0 || !has_only_originals(options))
        return 0;
    *err = out->why;
    return -1;
}

int compared_make(const struct compare_options *options, const struct opt_line *line,
                  struct compared *out, struct err *err)
{
    *out = (struct compared){0};
    originals_init(&out->originals);
    if (find_originals(options, line, &out->originals, err) < 0 ||
        make_arms(options, line, &out->originals, &out->arms, err) < 0)
        return -1;
    return check(options, &out->arms, err);
}

void compared_fini(struct compared *compared)
{
    arms_fini(&compared->arms);
    originals_fini(&compared->originals);
}

void compared_warn_unreachable(const struct arms *arms)
{
    for (size_t i = 0; i < arms->count; i++) {
        const struct plan *plan = &arms->items[i].options.plan;
        struct aim aim;
        struct err err;
        if (plan->url == NULL || plan_is_elsewhere(plan))
            continue;
        aim_init(&aim);
        if (aim_at_url(&aim, plan, &err) == 0 && aim_find(&aim, plan, &err) < 0)
            log_warn("%s: %s; not reachable yet, bench tries again when its turn comes",
                     arms->items[i].name, err.text);
        aim_fini(&aim);
    }
}

int compared_exit_code(const struct comparison *c)
{
    bool all_valid = true;
    bool any_bailed_out = false;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        all_valid = all_valid && arm->nresults == (size_t)c->rounds;
        for (size_t k = 0; k < arm->nresults; k++) {
            all_valid = all_valid && arm->results[k].valid;
            any_bailed_out = any_bailed_out || arm->results[k].bailed_out;
        }
    }
    if (any_bailed_out)
        return err_exit_code(ERR_GATE);
    return all_valid ? 0 : err_exit_code(ERR_INVALID);
}
