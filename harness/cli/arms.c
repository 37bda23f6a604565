#include "cli/arms.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/originals.h"

#define BLANKS " \t\r\n\v\f"

static bool is_url(const char *text)
{
    return str_starts(text, "http://") || str_starts(text, "https://");
}

static bool is_printable(const char *name)
{
    size_t len = strlen(name);
    char *copy = mem_strdup(name);
    str_make_printable(copy, len);
    bool same = strcmp(copy, name) == 0;
    free(copy);
    return same;
}

/* Code points: none of the names' are wide in the tables. */
static size_t columns(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* Names stand in tables, files and JSON. A blank in one mostly means that it was forgotten. */
static int check_name(const struct arms *arms, const char *name, struct err *err)
{
    if (name[0] == '\0')
        return err_set(err, ERR_USAGE,
                       "the name before '=' is empty; try mine='node server.js {port}'");
    if (!is_printable(name))
        return err_set(err, ERR_USAGE, "a name may hold only printable characters");
    if (strstr(name, "://") != NULL || strpbrk(name, BLANKS) != NULL)
        return err_set(err, ERR_USAGE,
                       "'%s' is no name: put one without blanks before it, as in mine='COMMAND' or "
                       "mine=URL",
                       name);
    if (columns(name) > ARM_NAME_MAX)
        return err_set(err, ERR_USAGE, "'%s' is too long a name; at most %d characters", name,
                       ARM_NAME_MAX);
    for (size_t i = 0; i < arms->count; i++) {
        if (strcmp(arms->items[i].name, name) == 0)
            return err_set(err, ERR_USAGE, "there are two arms named '%s'; give each its own name",
                           name);
    }
    return 0;
}

/* Options of the bundled targets do not reach a server that is none. */
static void copy_given(const struct opt_given *from, bool bundled, struct opt_given *to)
{
    *to = *from;
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        if (bundled || from->options[i].rows != target_opts)
            to->options[to->count++] = from->options[i];
    }
}

/* A copy of what is shared, which owns nothing of it but the list of headers. */
static struct arm_plan *add(struct arms *arms, const struct arms_request *request, const char *name)
{
    struct arm_plan *arm = &arms->items[arms->count++];
    const struct plan *shared = &request->shared->plan;
    struct plan *plan = &arm->options.plan;
    arm->name = mem_strdup(name);
    arm->options = *request->shared;
    plan->strategy_argv = plan->original_argv = plan->headers = (struct str_list){0};
    plan->owned_url = plan->owned_body = plan->owned_expected = NULL;
    for (size_t i = 0; i < shared->headers.count; i++)
        str_list_add(&plan->headers, shared->headers.items[i]);
    return arm;
}

/* What one of ours has for itself is as if it had been said on its own command line. */
static int specialise(struct arm_plan *arm, const struct arm_spec *spec, struct err *err)
{
    const struct opt_group group = {.rows = target_opts, .into = &arm->options.target};
    const struct work *work = &arm->options.target.work;
    struct opt_given *given = &arm->line.given;
    if (spec->work_times > 0) {
        long long n = work->n * spec->work_times;
        arm->work = mem_printf("%s:%lld%s", work_kind_names[work->kind], n,
                               work->kind == WORK_SLEEP ? "ns" : "");
        if (opt_set(&group, "work", arm->work, given, err) < 0)
            return -1;
    }
    if (spec->option != NULL && opt_set(&group, spec->option, spec->text, given, err) < 0)
        return -1;
    return target_options_check(&arm->options.target, err);
}

/* Its own command line, and what a plan needs beside what is shared. spec: NULL for none. */
static int complete(struct arm_plan *arm, const struct arms_request *request,
                    const struct arm_spec *spec, struct err *err)
{
    struct plan *plan = &arm->options.plan;
    const struct opt_given *given = &request->line->given;
    if (plan->url == NULL && given->nwords > 0)
        plan->path = given->words[0];
    if (plan->title == NULL && (plan->strategy == NULL || strcmp(plan->strategy, arm->name) != 0))
        plan->title = arm->name; /* else nothing in its results tells it */
    arm->word = mem_strdup_or_null(plan->url != NULL ? plan->url : plan->path);
    arm->line = (struct opt_line){
        .argc = request->line->argc, .argv = request->line->argv, .groups = arm->groups};
    arm->line.nown = cmd_groups(&cmd_run, &arm->options, arm->groups);
    copy_given(given, plan_is_ours(plan), &arm->line.given);
    arm->line.given.words = &arm->word;
    arm->line.given.nwords = arm->word != NULL;
    if (spec != NULL && specialise(arm, spec, err) < 0)
        return err_wrap(err, "%s", arm->name);
    return run_plan_target(&arm->options, &arm->line.given, err);
}

static int add_strategy(struct arms *arms, const struct arms_request *request, const char *name,
                        struct err *err)
{
    /* The strategies' own word for it, so that a plan may borrow it. */
    const char *strategy = opt_choose(name, strategy_names, ", or none", err);
    if (strategy == NULL || check_name(arms, strategy, err) < 0)
        return -1;
    struct arm_plan *arm = add(arms, request, strategy);
    arm->options.plan.strategy = strategy;
    return complete(arm, request, NULL, err);
}

static int add_strategies(struct arms *arms, const struct arms_request *request, struct err *err)
{
    const char *text = request->strategies;
    int failed = 0;
    if (text == NULL) {
        for (const char *const *s = strategy_names; *s != NULL && failed == 0; s++)
            failed = add_strategy(arms, request, *s, err);
        return failed;
    }
    if (text[0] == '\0' || strcmp(text, "none") == 0)
        return 0;
    while (failed == 0) {
        size_t len = strcspn(text, ",");
        char *name = mem_strndup(text, len);
        failed = add_strategy(arms, request, name, err);
        free(name);
        if (text[len] == '\0')
            break;
        text += len + 1;
    }
    return failed;
}

static int add_spec(struct arms *arms, const struct arms_request *request,
                    const struct arm_spec *spec, struct err *err)
{
    if (check_name(arms, spec->name, err) < 0)
        return -1;
    struct arm_plan *arm = add(arms, request, spec->name);
    arm->options.plan.strategy = spec->strategy;
    arm->options.plan.original = spec->original;
    return complete(arm, request, spec, err);
}

/* "NAME=COMMAND" or "NAME=URL". */
static int add_arm(struct arms *arms, const struct arms_request *request, const char *text,
                   struct err *err)
{
    const char *mark = strchr(text, '=');
    if (mark == NULL)
        return err_set(err, ERR_USAGE,
                       "'%s' has no name; put one before it: mine='node server.js {port}' or "
                       "mine=http://127.0.0.1:8080/",
                       text);
    char *name = mem_strndup(text, (size_t)(mark - text));
    const char *what = mark + 1;
    int failed = check_name(arms, name, err);
    if (failed == 0 && what[strspn(what, BLANKS)] == '\0')
        failed = err_set(err, ERR_USAGE,
                         "'%s' names no server; put the command that starts it, or its URL, behind "
                         "'='",
                         text);
    if (failed == 0) {
        struct arm_plan *arm = add(arms, request, name);
        if (is_url(what))
            arm->options.plan.url = what;
        else
            arm->options.plan.command = what;
        failed = complete(arm, request, NULL, err);
    }
    free(name);
    return failed;
}

static int check_request(const struct arms_request *request, struct err *err)
{
    const struct opt_given *given = &request->line->given;
    if (given->nwords > 1)
        return err_set(err, ERR_USAGE, "one path is enough, and '%s' is a second one",
                       given->words[1]);
    if (given->nwords == 1 && given->words[0][0] != '/')
        return err_set(err, ERR_USAGE,
                       "'%s' is no path; a path is as /heavy, a server that runs is --arm "
                       "NAME=URL",
                       given->words[0]);
    if (request->arms->count > ARMS_MAX)
        return err_set(err, ERR_USAGE, "more than %d arms; give fewer --arm", ARMS_MAX);
    return 0;
}

/* What was said for the bundled targets must have one to be for; the originals take some of it. */
static int check_bundled(const struct arms *arms, const struct arms_request *request,
                         struct err *err)
{
    const struct opt_given *given = &request->line->given;
    bool any_strategy = false;
    for (size_t i = 0; i < arms->count; i++)
        any_strategy |= arms->items[i].options.plan.strategy != NULL;
    for (size_t i = 0; i < given->count && !any_strategy; i++) {
        const char *name = given->options[i].row->name;
        if (given->options[i].rows == target_opts && (arms->count == 0 || !originals_take(name)))
            return err_set(err, ERR_USAGE, "--%s is for the bundled strategies, and there is none",
                           name);
    }
    return arms->count > 0 ? target_options_check(&request->shared->target, err) : 0;
}

int arms_make(const struct arms_request *request, struct arms *out, struct err *err)
{
    *out = (struct arms){0};
    if (check_request(request, err) < 0)
        return -1;
    /* They point into themselves, so they must not move. */
    size_t most = request->arms->count + request->nspecs;
    for (const char *const *s = strategy_names; *s != NULL; s++)
        most++;
    out->items = mem_array(most, sizeof *out->items);
    if (add_strategies(out, request, err) < 0)
        return err_wrap(err, "--strategies");
    for (size_t i = 0; i < request->nspecs; i++) {
        if (add_spec(out, request, &request->specs[i], err) < 0)
            return -1;
    }
    if (check_bundled(out, request, err) < 0)
        return -1;
    for (size_t i = 0; i < request->arms->count; i++) {
        if (add_arm(out, request, request->arms->items[i], err) < 0)
            return err_wrap(err, "--arm");
    }
    if (out->count == 0)
        return err_set(err, ERR_USAGE,
                       "there is nothing to compare: name --strategies, or give --arm "
                       "NAME='COMMAND' or --arm NAME=URL");
    return 0;
}
