#include "cli/arms.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/arm_options.h"
#include "cli/handed_on.h"
#include "cli/originals.h"
#include "store/file.h"

#define BLANKS      " \t\r\n\v\f"
#define SHOWN(text) (int)str_fit(text, 60) /* how much of it a message shows */

/* "SCHEME://" (RFC 3986, 3.1); the path of a program has a '/' before any ':'. */
static bool is_url(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    return isalpha((unsigned char)text[0]) && str_starts(text + len, "://");
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

/* The width of a name in a table: one column per code point. */
static size_t columns(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* Names are used in tables, files and JSON. A blank usually means that the name was forgotten. */
static int check_name(const struct arms *arms, const char *name, struct err *err)
{
    if (name[0] == '\0')
        return err_set(err, ERR_USAGE,
                       "the name before '=' is empty; try mine='node server.js {port}'");
    if (!is_printable(name))
        return err_set(err, ERR_USAGE, "a name may only contain printable characters");
    if (strstr(name, "://") != NULL || strpbrk(name, BLANKS) != NULL)
        return err_set(
            err, ERR_USAGE,
            "'%.*s' is not a name: put a name without blanks first, as in mine='COMMAND' "
            "or mine=URL",
            SHOWN(name), name);
    if (columns(name) > ARM_NAME_MAX)
        return err_set(err, ERR_USAGE, "the name '%.*s...' is too long; use at most %d characters",
                       SHOWN(name), name, ARM_NAME_MAX);
    for (size_t i = 0; i < arms->count; i++) {
        if (strcmp(arms->items[i].name, name) == 0)
            return err_set(err, ERR_USAGE, "there are two arms named '%s'; give each its own name",
                           name);
    }
    return 0;
}

static bool applies(const struct opt *rows, const struct opt *row, const struct plan *plan)
{
    if (rows == target_opts)
        return plan_is_ours(plan);
    return rows != run_tls_opts || tls_opts_apply(row, plan);
}

/* Copies the given options, as far as they apply to the arm. */
static void copy_given(const struct opt_given *from, const struct plan *plan, struct opt_given *to)
{
    *to = *from;
    to->count = 0;
    for (size_t i = 0; i < from->count; i++) {
        if (applies(from->options[i].rows, from->options[i].row, plan))
            to->options[to->count++] = from->options[i];
    }
}

static void copy_list(const struct str_list *from, struct str_list *to)
{
    *to = (struct str_list){0};
    for (size_t i = 0; i < from->count; i++)
        str_list_add(to, from->items[i]);
}

/* Adds an arm with a copy of the shared options; the copy owns only its lists. */
static struct arm_plan *add(struct arms *arms, const struct arms_request *request, const char *name)
{
    struct arm_plan *arm = &arms->items[arms->count++];
    const struct plan *shared = &request->shared->plan;
    struct plan *plan = &arm->options.plan;
    arm->name = mem_strdup(name);
    arm->options = *request->shared;
    /* With -o FILE the comparison is all that is written. */
    plan->save = shared->save && (shared->out == NULL || store_is_folder(shared->out));
    plan->strategy_argv = plan->original_argv = plan->load_argv = (struct str_list){0};
    plan->owned_url = plan->owned_command = plan->owned_body = plan->owned_expected = NULL;
    plan->owned_requests = NULL; /* requests_text is borrowed */
    plan->owned_form_type = mem_strdup_or_null(shared->owned_form_type);
    copy_list(&shared->headers, &plan->headers);
    copy_list(&shared->form_files, &plan->form_files);
    copy_list(&shared->tls.ca_files, &plan->tls.ca_files);
    return arm;
}

/* Asks for so many times the shared work. A product that no int64_t holds is above any --max-work,
 * so it is cut to the largest: the check then refuses it and names the limit. */
static int multiply_work(struct arm_plan *arm, int64_t times, const struct opt_group *group,
                         struct err *err)
{
    const struct target_options *target = &arm->options.target;
    struct work more = target->work;
    more.n = more.n > INT64_MAX / times ? INT64_MAX : more.n * times;
    if (work_check(&more, &target->max_work, err) < 0)
        return err_wrap(err, "--work, %lld times", (long long)times);
    arm->work = mem_printf("%s:%lld%s", work_kind_names[more.kind], (long long)more.n,
                           more.kind == WORK_SLEEP ? "ns" : "");
    return opt_set(group, "work", arm->work, &arm->line.given, err);
}

/* Sets the options of the spec as if they were given on the arm's own command line. */
static int specialise(struct arm_plan *arm, const struct arm_spec *spec, struct err *err)
{
    const struct opt_group group = {.rows = target_opts, .into = &arm->options.target};
    struct opt_given *given = &arm->line.given;
    if (spec->work_times > 0 && multiply_work(arm, spec->work_times, &group, err) < 0)
        return -1;
    if (spec->option != NULL && opt_set(&group, spec->option, spec->text, given, err) < 0)
        return -1;
    return target_options_check(&arm->options.target, err);
}

/* Completes the arm's command line and plan. spec may be NULL. */
static int complete(struct arm_plan *arm, const struct arms_request *request,
                    const struct arm_spec *spec, struct err *err)
{
    struct plan *plan = &arm->options.plan;
    const struct opt_given *given = &request->line->given;
    if (tls_opts_narrow(plan, err) < 0 ||
        (given->nwords > 0 && arm_check_path(plan, given->words[0], err) < 0))
        return err_wrap(err, "%s", arm->name);
    if (plan->url == NULL && given->nwords > 0)
        plan->path = given->words[0];
    if (plan->title == NULL && (plan->strategy == NULL || strcmp(plan->strategy, arm->name) != 0))
        plan->title = arm->name; /* else the results would not contain the name */
    arm->word = mem_strdup_or_null(plan->url != NULL ? plan->url : plan->path);
    arm->line = (struct opt_line){
        .argc = request->line->argc, .argv = request->line->argv, .groups = arm->groups};
    arm->line.nown = run_groups(&arm->options, arm->groups);
    copy_given(given, plan, &arm->line.given);
    arm->line.given.words = &arm->word;
    arm->line.given.nwords = arm->word != NULL;
    if (spec != NULL && specialise(arm, spec, err) < 0)
        return err_wrap(err, "%s", arm->name);
    if (run_plan_target(&arm->options, &arm->line.given, err) < 0)
        return -1;
    hand_on(plan, &arm->line.given);
    return 0;
}

static int add_strategy(struct arms *arms, const struct arms_request *request, const char *name,
                        struct err *err)
{
    /* The constant from strategy_names, which a plan may borrow. */
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

static int add_server(struct arms *arms, const struct arms_request *request, const char *name,
                      const char *what, struct err *err)
{
    if (str_starts(what, "--")) {
        struct arm_plan *own = &arms->items[arms->count++];
        *own = (struct arm_plan){.name = mem_strdup(name)};
        return arm_options_fill(own, request, what, err);
    }
    if (what[0] == '-')
        return err_set(err, ERR_USAGE,
                       "'%.40s' is neither a command nor a URL; options of an arm begin with '--', "
                       "as in %s='--strategy pool'",
                       what, name);
    struct arm_plan *arm = add(arms, request, name);
    if (is_url(what))
        arm->options.plan.url = what;
    else
        arm->options.plan.command = what;
    return complete(arm, request, NULL, err);
}

/* "NAME=URL", "NAME=--OPTIONS" or "NAME=COMMAND". */
static int add_arm(struct arms *arms, const struct arms_request *request, const char *text,
                   struct err *err)
{
    const char *mark = strchr(text, '=');
    if (mark == NULL)
        return err_set(err, ERR_USAGE,
                       "'%.*s' has no name; put one before it: mine='node server.js {port}' or "
                       "mine=http://127.0.0.1:8080/",
                       SHOWN(text), text);
    char *name = mem_strndup(text, (size_t)(mark - text));
    const char *what = mark + 1;
    int failed = check_name(arms, name, err);
    if (failed == 0 && what[strspn(what, BLANKS)] == '\0')
        failed =
            err_set(err, ERR_USAGE,
                    "'%.*s' has no server; put the command that starts it, or its URL, after '='",
                    SHOWN(text), text);
    if (failed == 0)
        failed = add_server(arms, request, name, what, err);
    free(name);
    return failed;
}

static int check_request(const struct arms_request *request, struct err *err)
{
    const struct opt_given *given = &request->line->given;
    if (given->nwords > 1)
        return err_set(err, ERR_USAGE, "only one path is allowed; '%s' is a second one",
                       given->words[1]);
    if (given->nwords == 1 && given->words[0][0] != '/')
        return err_set(err, ERR_USAGE,
                       "'%s' is not a path; give a path such as /heavy, or a running server with "
                       "--arm NAME=URL",
                       given->words[0]);
    if (request->arms->count > ARMS_MAX)
        return err_set(err, ERR_USAGE, "more than %d arms; give fewer --arm", ARMS_MAX);
    return 0;
}

/* How many arms are there before the user's own. */
struct counts {
    size_t strategies, bundled;
};

/* Options of bundled targets need at least one; the originals accept some of them. */
static int check_bundled(const struct arms *arms, const struct counts *counts,
                         const struct arms_request *request, struct err *err)
{
    const struct opt_given *given = &request->line->given;
    bool any_strategy = counts->strategies > 0;
    enum target_broker has = TARGET_WITHOUT_BROKER;
    for (size_t i = 0; i < request->nspecs; i++)
        any_strategy |= request->specs[i].strategy != NULL && !request->specs[i].is_with_originals;
    for (size_t i = 0; i < arms->count; i++) {
        any_strategy |= i >= counts->bundled && arms->items[i].options.plan.strategy != NULL;
        if (plan_has_queue(&arms->items[i].options.plan))
            has = TARGET_WITH_BROKER;
    }
    for (size_t i = 0; i < given->count && !any_strategy; i++) {
        const char *name = given->options[i].row->name;
        if (given->options[i].rows == target_opts &&
            (counts->bundled == 0 || !originals_take(name)))
            return err_set(err, ERR_USAGE,
                           "--%s only applies to bundled strategies, and none is selected", name);
    }
    if (target_options_check_given(&request->shared->target, given, has, err) < 0)
        return -1;
    return counts->bundled > 0 ? target_options_check(&request->shared->target, err) : 0;
}

/* Options of TLS need at least one arm that they apply to. */
static int check_tls(const struct arms *arms, const struct opt_given *given, struct err *err)
{
    for (size_t i = 0; i < given->count; i++) {
        const struct opt *row = given->options[i].row;
        bool any = given->options[i].rows != run_tls_opts;
        for (size_t k = 0; k < arms->count && !any; k++)
            any = tls_opts_apply(row, &arms->items[k].options.plan);
        if (!any)
            return tls_opts_refuse_unused(row, err);
    }
    return 0;
}

int arms_make(const struct arms_request *request, struct arms *out, struct err *err)
{
    *out = (struct arms){0};
    if (check_request(request, err) < 0)
        return -1;
    /* Arms point into themselves, so the array must not move. */
    size_t most = request->arms->count + request->nspecs;
    for (const char *const *s = strategy_names; *s != NULL; s++)
        most++;
    out->items = mem_array(most, sizeof *out->items);
    if (add_strategies(out, request, err) < 0)
        return err_wrap(err, "--strategies");
    struct counts counts = {.strategies = out->count};
    for (size_t i = 0; i < request->nspecs; i++) {
        if (add_spec(out, request, &request->specs[i], err) < 0)
            return -1;
    }
    counts.bundled = out->count;
    for (size_t i = 0; i < request->arms->count; i++) {
        if (add_arm(out, request, request->arms->items[i], err) < 0)
            return err_wrap(err, "--arm");
    }
    if (check_bundled(out, &counts, request, err) < 0 ||
        check_tls(out, &request->line->given, err) < 0)
        return -1;
    if (out->count == 0)
        return err_set(err, ERR_USAGE,
                       "nothing to compare: give --strategies, --arm NAME='COMMAND' or --arm "
                       "NAME=URL");
    return 0;
}
