#include "analysis/sweep/goal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* What an arm may be ranked by. */
struct aim {
    const char *text, *key;
    const char *wins; /* "completes the most work" */
    enum rank_order order;
};

#define AIMS_TOLD "'most work', 'lowest p99', 'lowest p50' or 'least CPU'"

/* clang-format off */
static const struct aim aims[] = {
    {.text = "most work", .key = "work_per_second", .order = RANK_MOST, .wins = "completes the most work"},
    {.text = "lowest p99", .key = "p99", .order = RANK_LEAST, .wins = "has the lowest p99"},
    {.text = "lowest p50", .key = "p50", .order = RANK_LEAST, .wins = "has the lowest p50"},
    {.text = "least CPU", .key = "cpu_per_work", .order = RANK_LEAST, .wins = "uses the least CPU per unit of work"},
    {.text = "least cost", .key = "cpu_per_work", .order = RANK_LEAST, .wins = "uses the least CPU per unit of work"},
};
/* clang-format on */

static const struct aim *find_aim(const char *text)
{
    for (size_t i = 0; i < LEN(aims); i++) {
        if (strcasecmp(text, aims[i].text) == 0)
            return &aims[i];
    }
    return NULL;
}

/* The last " at " of the text; NULL: there is none. */
static const char *find_at(const char *text)
{
    const char *last = NULL;
    for (const char *at = strstr(text, " at "); at != NULL; at = strstr(at + 1, " at "))
        last = at;
    return last;
}

static char *trimmed(const char *text, size_t len)
{
    for (; len > 0 && isspace((unsigned char)text[0]); len--)
        text++;
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    return mem_strndup(text, len);
}

static void refuse(const char *text, struct err *err)
{
    (void)err_set(err, ERR_USAGE,
                  "'%.*s' is no goal of a sweep; use " AIMS_TOLD ", or what must hold, as in "
                  "'p99<200ms' and 'p99<200ms and errors<0.1%% at least cost'",
                  (int)str_fit(text, 40), text);
}

/* What those that hold "errors<0.1%" are ranked by, of which `at` is the beginning; NULL with err
 * set.
 */
static const struct aim *parse_limits(const char *text, const char *at, struct sweep_goal *out,
                                      struct err *err)
{
    const struct aim *aim = &aims[0];
    if (at != NULL) {
        const char *rest = at + strlen(" at ");
        char *name = trimmed(rest, strlen(rest));
        aim = find_aim(name);
        if (aim == NULL)
            (void)err_set(err, ERR_USAGE,
                          "'at %.*s': those that hold the goal are ranked by " AIMS_TOLD,
                          (int)str_fit(name, 40), name);
        free(name);
    }
    out->must = trimmed(text, at == NULL ? strlen(text) : (size_t)(at - text));
    return aim != NULL && goal_parse(out->must, &out->limits, err) == 0 ? aim : NULL;
}

int sweep_goal_parse(const char *text, bool is_open_loop, struct sweep_goal *out, struct err *err)
{
    const char *given = text != NULL ? text : aims[is_open_loop ? 1 : 0].text;
    const struct aim *aim = find_aim(given);
    *out = (struct sweep_goal){.text = mem_strdup(given)};
    if (aim == NULL && gate_operator(given) == NULL)
        refuse(given, err);
    else if (aim == NULL)
        aim = parse_limits(given, find_at(given), out, err);
    if (aim == NULL) {
        sweep_goal_fini(out);
        return -1;
    }
    out->key = aim->key;
    out->order = aim->order;
    out->wins = out->must == NULL ? mem_strdup(aim->wins)
                                  : mem_printf("%s within %s", aim->wins, out->must);
    return 0;
}

void sweep_goal_fini(struct sweep_goal *goal)
{
    goal_fini(&goal->limits);
    free(goal->text);
    free(goal->must);
    free(goal->wins);
    *goal = (struct sweep_goal){0};
}

static int check_metric(const struct metric *m, sweep_goal_lacks_fn *lacks, const void *ctx,
                        struct err *err)
{
    const char *arm = lacks(ctx, m);
    if (arm == NULL)
        return 0;
    return err_set(err, ERR_USAGE, "%s cannot be measured of %s; it needs %s", m->name, arm,
                   metric_needs(m));
}

int sweep_goal_check(const struct sweep_goal *goal, bool is_open_loop, sweep_goal_lacks_fn *lacks,
                     const void *ctx, struct err *err)
{
    const struct goal *limits = &goal->limits;
    struct metric cost;
    if (strcmp(goal->key, "cpu_per_work") == 0 && (metric_find("cpu_per_request", &cost, err) < 0 ||
                                                   check_metric(&cost, lacks, ctx, err) < 0))
        return -1;
    for (size_t i = 0; i < limits->clauses.count; i++) {
        if (check_metric(&limits->thresholds[i].metric, lacks, ctx, err) < 0)
            return -1;
    }
    if (is_open_loop && goal->order == RANK_MOST)
        return err_set(err, ERR_USAGE, "with a rate all arms that keep up do the same work; use %s",
                       goal->must != NULL ? "'... at least cost' or '... at lowest p99'"
                                          : "'lowest p99' or 'least CPU'");
    return 0;
}
