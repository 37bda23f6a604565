#include "support/asked_arms.h"

#include <stdio.h>
#include <string.h>

int ask_specs(struct asked *a, const char *strategies, const char *words,
              const struct arm_spec *specs, size_t nspecs)
{
    memset(a, 0, sizeof *a);
    static const struct opt arm_opts[] = {{.name = "arm", .type = OPT_LIST}, {.type = OPT_END}};
    const struct opt_group groups[] = {
        {"Load", run_load_opts, &a->options.plan},
        {"Request", run_request_opts, &a->options.plan},
        {"TLS", run_tls_opts, &a->options.plan},
        {"Target", run_target_opts + RUN_TARGET_SHARED, &a->options.plan},
        {"Bundled target", target_opts, &a->options.target},
        {0}};
    memcpy(a->groups, groups, sizeof groups);
    struct opt_group all[7] = {{"Arms", arm_opts, &a->arm_texts}};
    memcpy(all + 1, groups, sizeof groups);
    (void)snprintf(a->text, sizeof a->text, "compare|%s", words);
    char *rest = NULL;
    int argc = 0;
    for (char *w = strtok_r(a->text, "|", &rest); w != NULL; w = strtok_r(NULL, "|", &rest))
        a->argv[argc++] = w;
    a->line = (struct opt_line){.argc = argc, .argv = a->argv, .groups = a->groups, .nown = 5};
    if (opt_parse(all, argc, a->argv, &a->line.given, &a->err) < 0 ||
        run_plan_load(&a->options, &a->line.given, &a->err) < 0)
        return -1;
    return arms_make(&(struct arms_request){.shared = &a->options,
                                            .line = &a->line,
                                            .strategies = strategies,
                                            .specs = specs,
                                            .nspecs = nspecs,
                                            .arms = &a->arm_texts},
                     &a->arms, &a->err);
}

int ask(struct asked *a, const char *strategies, const char *words)
{
    return ask_specs(a, strategies, words, NULL, 0);
}

void done(struct asked *a)
{
    arms_fini(&a->arms);
    plan_fini(&a->options.plan);
    str_list_fini(&a->arm_texts);
}
