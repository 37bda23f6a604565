#include "cli/arm_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/handed_on.h"
#include "cli/run_opts.h"
#include "cli/words.h"
#include "store/file.h"

/* What the options of an arm say, before those of all arms are added. */
struct own_options {
    struct run_options parsed;
    const char *word; /* a URL or a path; NULL: none */
};

static void own_fini(struct own_options *o)
{
    plan_fini(&o->parsed.plan);
    target_options_fini(&o->parsed.target);
}

/* Refuses options that are not an arm's own: what it is compared by, and what is printed. The rest
 * borrows from `own`. */
static int read_own(const struct str_list *own, struct own_options *out, struct err *err)
{
    struct opt_group groups[OPT_GROUPS_MAX + 1] = {0};
    struct opt_given *given = mem_zalloc(sizeof *given);
    char **argv = mem_array(own->count + 1, sizeof *argv);
    char program[] = "run";
    *out = (struct own_options){0};
    argv[0] = program;
    for (size_t i = 0; i < own->count; i++)
        argv[i + 1] = own->items[i];
    (void)run_groups(&out->parsed, groups);
    int failed = opt_parse(groups, (int)own->count + 1, argv, given, err);
    for (size_t i = 0; i < given->count && failed == 0; i++) {
        const struct opt *rows = given->options[i].rows;
        if (rows == run_load_opts || rows == run_rate_opts || rows == run_end_opts ||
            rows == run_share_opts || rows == run_hosts_opts || rows == run_output_opts)
            failed = err_set(err, ERR_USAGE,
                             "--%s is not an option of one arm; give it once, for all of them",
                             given->options[i].row->name);
    }
    if (failed == 0 && given->nwords > 0)
        out->word = given->words[0];
    free(argv);
    free(given);
    return failed;
}

/* The command line of its own run: what is given for all arms, as far as it applies to this one,
 * then what is given for it alone. */
static void make_words(const struct opt_given *shared, const struct str_list *own,
                       const struct own_options *is, struct str_list *words)
{
    str_list_add(words, "run");
    opt_forward(shared, run_load_opts, words);
    opt_forward(shared, run_rate_opts, words);
    opt_forward(shared, run_end_opts, words);
    opt_forward(shared, run_hosts_opts + HOSTS_OPTS_SHARED, words);
    opt_forward(shared, run_connection_opts, words);
    opt_forward(shared, run_request_opts, words);
    opt_forward(shared, run_list_opts, words);
    tls_opts_forward(shared, &is->parsed.plan, is->word, words);
    opt_forward(shared, run_target_opts + RUN_TARGET_SHARED, words);
    if (is->parsed.plan.strategy != NULL)
        opt_forward(shared, target_opts, words);
    for (size_t i = 0; i < own->count; i++)
        str_list_add(words, own->items[i]);
}

/* The path for all arms, unless it has one of its own. */
static void take_path(struct arm_plan *arm, const struct opt_given *shared)
{
    const struct opt_given *given = &arm->line.given;
    if (given->nwords > 0 || shared->nwords == 0)
        return;
    arm->word = mem_strdup(shared->words[0]);
    arm->line.given.words = &arm->word;
    arm->line.given.nwords = 1;
}

int arm_check_path(const struct plan *plan, const char *path, struct err *err)
{
    const char *authority = plan->url == NULL ? NULL : strstr(plan->url, "://");
    if (authority == NULL || strpbrk(authority + 3, "/?#") != NULL)
        return 0;
    return err_set(err, ERR_USAGE,
                   "'%.100s' is for servers that bench starts, and this arm is a URL without a "
                   "path; write %.200s%.100s",
                   path, plan->url, path);
}

/* What is common to all arms and no option of it. */
static void take_shared(struct arm_plan *arm, const struct plan *shared)
{
    struct plan *plan = &arm->options.plan;
    plan->seed = shared->seed;
    plan->duration_ns = shared->duration_ns; /* of a comparison, it may have been divided */
    plan->title = shared->title != NULL ? shared->title : arm->name;
    plan->out = shared->out;
    plan->save = shared->save && (shared->out == NULL || store_is_folder(shared->out));
    plan->json = shared->json;
    plan->progress = shared->progress;
    plan->dry_run = shared->dry_run;
}

/* The file of -i for all arms was read for the first time already, and a pipe has nothing more. */
static void take_body(struct plan *plan, const struct plan *shared)
{
    if (plan->body_file == NULL || plan->body != NULL || shared->owned_body == NULL ||
        strcmp(plan->body_file, shared->body_file) != 0)
        return;
    plan->owned_body = mem_array(shared->body_len + 1, 1);
    memcpy(plan->owned_body, shared->owned_body, shared->body_len);
    plan->body = plan->owned_body;
    plan->body_len = shared->body_len;
}

static int parse_words(struct arm_plan *arm, const struct arms_request *request, struct err *err)
{
    struct opt_group groups[OPT_GROUPS_MAX + 1] = {0};
    arm->line = (struct opt_line){
        .argc = request->line->argc, .argv = request->line->argv, .groups = arm->groups};
    arm->line.nown = run_groups(&arm->options, arm->groups);
    memcpy(groups, arm->groups, arm->line.nown * sizeof *groups);
    if (opt_parse(groups, (int)arm->words.count, arm->words.items, &arm->line.given, err) < 0)
        return -1;
    take_path(arm, &request->line->given);
    take_body(&arm->options.plan, &request->shared->plan);
    request_opts_share(&arm->options.plan, &request->shared->plan);
    if (run_plan(&arm->options, &arm->line, err) < 0)
        return -1;
    const struct opt_given *shared = &request->line->given;
    if (shared->nwords > 0 && arm_check_path(&arm->options.plan, shared->words[0], err) < 0)
        return -1;
    take_shared(arm, &request->shared->plan);
    hand_on(&arm->options.plan, &arm->line.given);
    return 0;
}

/* The arm is empty, but for its name. */
static int fill(struct arm_plan *arm, const struct arms_request *request,
                const struct str_list *own, struct err *err)
{
    struct own_options is;
    int failed = read_own(own, &is, err);
    if (failed == 0) {
        make_words(&request->line->given, own, &is, &arm->words);
        failed = parse_words(arm, request, err);
    }
    own_fini(&is);
    return failed;
}

int arm_options_fill(struct arm_plan *arm, const struct arms_request *request, const char *text,
                     struct err *err)
{
    struct str_list own = {0};
    int failed = words_split(text, &own, err);
    if (failed == 0)
        failed = fill(arm, request, &own, err);
    str_list_fini(&own);
    return failed < 0 ? err_wrap(err, "%s", arm->name) : 0;
}
