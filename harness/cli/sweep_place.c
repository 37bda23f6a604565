#include "cli/sweep_place.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/sweep.h"
#include "store/listing.h"

#define GENERAL_BYTES 256 /* more than the options that every command has */

struct sweep_place {
    struct sweep_options options;
    max_align_t general[GENERAL_BYTES / sizeof(max_align_t)];
    struct opt_group groups[OPT_GROUPS_MAX + 2];
    struct opt_line line;
    struct str_list words; /* of the options of the point */
    char **argv;           /* getopt permutes it */
    struct arms arms;
};

/* The options of the point stand behind the command's name, before all others. */
static int fill_argv(struct sweep_place *p, const struct opt_line *line)
{
    size_t given = (size_t)line->argc - 1;
    size_t at = 0;
    p->argv = mem_array(given + p->words.count + 1, sizeof *p->argv);
    p->argv[at++] = line->argv[1];
    for (size_t i = 0; i < p->words.count; i++)
        p->argv[at++] = p->words.items[i];
    for (size_t i = 1; i < given; i++)
        p->argv[at++] = line->argv[i + 1];
    return (int)at;
}

/* The same groups, which fill the options of this place. What is general has had its effect. */
static void copy_groups(struct sweep_place *p, const struct sweep_common *common)
{
    const struct opt_group *from = common->line->groups;
    size_t i = 0;
    for (; from[i].rows != NULL; i++) {
        ptrdiff_t at = (const char *)from[i].into - (const char *)common->options;
        bool is_own = i < common->line->nown;
        p->groups[i] = from[i];
        p->groups[i].into = is_own ? (char *)&p->options + at : (char *)p->general;
    }
    p->groups[i] = (struct opt_group){0};
    p->line.groups = p->groups;
    p->line.nown = common->line->nown;
}

static int fill(struct sweep_place *p, const struct sweep_common *common, struct err *err)
{
    struct plan *plan = &p->options.run.plan;
    int argc = fill_argv(p, common->line);
    p->line = (struct opt_line){.argc = common->line->argc, .argv = common->line->argv};
    copy_groups(p, common);
    if (opt_parse(p->groups, argc, p->argv, &p->line.given, err) < 0 ||
        run_plan_load(&p->options.run, &p->line.given, err) < 0)
        return -1;
    plan->seed = common->seed;
    if (common->duration_ns > 0)
        plan->duration_ns = common->duration_ns;
    plan->save = false; /* the sweep is all that is written */
    return arms_make(&(struct arms_request){.shared = &p->options.run,
                                            .line = &p->line,
                                            .strategies = p->options.strategies,
                                            .arms = &p->options.arms},
                     &p->arms, err);
}

/* Each point reads the files of the command line for itself, and a pipe has nothing the second
 * time.
 */
int sweep_place_check(const struct sweep_options *options, struct err *err)
{
    const struct plan *plan = &options->run.plan;
    const struct {
        const char *option, *file;
    } inputs[] = {{"-i/--input", plan->body_file},
                  {"--requests", plan->requests_file},
                  {"--har", plan->har_file},
                  {"--feed", plan->feed_file},
                  {"-F/--form", plan->form}};
    for (size_t i = 0; i < LEN(inputs); i++) {
        const char *file = inputs[i].file;
        if (file != NULL && (strcmp(file, "-") == 0 || store_is_special(file)))
            return err_set(err, ERR_USAGE,
                           "%s %.60s: a sweep reads it again for each point, and it can be read "
                           "once; save it to a file first",
                           inputs[i].option, file);
    }
    return 0;
}

struct sweep_place *sweep_place_new(const struct sweep_common *common, const char *const *options,
                                    const char *const *texts, size_t n, struct err *err)
{
    struct sweep_place *p = mem_zalloc(sizeof *p);
    struct buf point;
    buf_init(&point, BUF_TEXT_MAX);
    for (size_t i = 0; i < n; i++) {
        char *word = mem_printf("--%s=%s", options[i], texts[i]);
        str_list_add(&p->words, word);
        free(word);
        buf_printf(&point, "%s%s=%s", i == 0 ? "" : " ", options[i],
                   sweep_short_text(options[i], texts[i]));
    }
    int failed = fill(p, common, err);
    if (failed < 0) {
        (void)err_wrap(err, "at %s", point.data);
        sweep_place_free(p);
    }
    buf_fini(&point);
    return failed < 0 ? NULL : p;
}

void sweep_options_fini(struct sweep_options *o)
{
    plan_fini(&o->run.plan);
    target_options_fini(&o->run.target);
    str_list_fini(&o->arms);
    str_list_fini(&o->over);
}

void sweep_place_free(struct sweep_place *p)
{
    if (p == NULL)
        return;
    arms_fini(&p->arms);
    sweep_options_fini(&p->options);
    str_list_fini(&p->words);
    free(p->argv);
    free(p);
}

const struct arms *sweep_place_arms(const struct sweep_place *p)
{
    return &p->arms;
}
