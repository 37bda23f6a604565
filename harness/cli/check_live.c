#include "cli/check_live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/signals.h"
#include "cli/bind.h"
#include "cli/output.h"
#include "cli/preview.h"
#include "cli/saving.h"
#include "cli/session_plan.h"
#include "cli/session_verdict.h"
#include "cli/session_view.h"
#include "runner/blocks.h"
#include "runner/trial.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/session_file.h"
#include "store/session_plan_json.h"

struct live_check {
    const struct check_live_options *options;
    const struct check_live_gates *gates;
    struct session_plan plan;
    struct session stored; /* that is continued */
    struct session *session;
    struct session_view view;
    struct saving saving;
    size_t stop_after; /* blocks */
};

/* --- the document --- */

static void save(struct live_check *c)
{
    const struct document d = session_document(c->session);
    saving_save(&c->saving, &d);
}

static int check_inputs(const struct live_check *c, struct err *err)
{
    if (output_check_arms(c->gates->out, &c->plan.arms, err) < 0)
        return err_wrap(err, "-o/--out");
    if (output_check_arms(c->options->session, &c->plan.arms, err) < 0)
        return err_wrap(err, "--session");
    return 0;
}

static int check_place(const struct check_live_options *options, const char *out, struct err *err)
{
    struct err why;
    if (output_check_source(out, options->continued, err) < 0 ||
        output_check_source(out, options->session, err) < 0 || output_check_report(out, err) < 0)
        return -1;
    if (!options->run.plan.save)
        return 0;
    if (options->continued != NULL)
        return store_check_writable(options->continued, err) < 0 ? err_wrap(err, "--continue") : 0;
    if (options->session == NULL) {
        if (store_check_writable(RESULT_FOLDER, &why) == 0)
            return 0;
        return err_set(err, ERR_USAGE, "%s; use --session FILE or --no-save", why.text);
    }
    if (options->session[0] == '\0')
        return err_set(err, ERR_USAGE, "--session: '' is not a file; give a file or a folder");
    return store_check_writable(options->session, err) < 0 ? err_wrap(err, "--session") : 0;
}

/* --- the measurement --- */

static void on_place(void *ctx, const struct blocks_place *place)
{
    struct live_check *c = ctx;
    session_view_place(&c->view, place);
}

static void on_second(void *ctx, size_t arm, const struct second *second)
{
    struct live_check *c = ctx;
    session_view_second(&c->view, arm, second);
}

static void on_redo(void *ctx, const struct session_redo *redo)
{
    struct live_check *c = ctx;
    session_view_redo(&c->view, redo);
}

static bool on_block(void *ctx)
{
    struct live_check *c = ctx;
    struct verdict verdict;
    struct err err;
    save(c);
    if (verdict_make(c->session, &verdict, &err) < 0)
        return false; /* the same comes again when it is printed */
    bool goes_on = verdict_goes_on(&verdict) && c->session->nblocks < c->stop_after;
    session_view_verdict(&c->view, &verdict);
    verdict_fini(&verdict);
    return goes_on;
}

static void say_where(const struct live_check *c, int signal)
{
    if (signal != 0 && c->session->nblocks == 0)
        log_say("interrupted before the first block was measured");
    saving_say(&c->saving, signal);
}

/* Of a session that cannot go on: its blocks are kept, and the document says what happened. */
static void note_end(struct live_check *c, const struct err *err)
{
    struct session *s = c->session;
    if (s->nblocks == 0)
        return;
    if (s->problem == NULL)
        s->problem = mem_strdup(err->text);
    save(c);
    say_where(c, 0);
}

static int measure(struct live_check *c, struct err *err)
{
    struct signals signals;
    const struct blocks_view view = {c, on_place, on_second, on_block, on_redo};
    struct session *s = c->session;
    int signal = 0;
    int code = 0;
    if (s->started_wall_ms == 0)
        s->started_wall_ms = clock_wall_ms();
    session_view_start(&c->view, s, &c->options->run.plan);
    signals_hold(&signals);
    int failed = blocks_run(&(struct blocks){.arms = &c->plan.arms,
                                             .load_ns = c->plan.load_ns,
                                             .trials_only = c->options->whole_trials,
                                             .signals = &signals,
                                             .view = &view,
                                             .session = s},
                            &signal, err);
    s->finished_wall_ms = clock_wall_ms();
    session_view_end(&c->view);
    if (failed < 0)
        note_end(c, err);
    else if (s->nblocks > 0 || signal == 0)
        save(c);
    signals_release(&signals);
    if (failed < 0)
        return -1;
    if (s->nblocks > 0 || signal == 0)
        code = session_verdict_print(s, c->saving.path, c->gates, err);
    say_where(c, signal);
    if (code < 0)
        return -1;
    if (signal != 0)
        return 128 + signal;
    const struct document d = session_document(s);
    return code == 0 && saving_check(&c->saving, &d, err) < 0 ? -1 : code;
}

/* --- --continue --- */

/* What the session was, in case that there is nothing to add. */
struct ending {
    int64_t max_blocks;
    bool interrupted, out_of_time;
    char *problem;
};

static struct ending reopen(struct session *s, int more)
{
    struct ending ending = {s->max_blocks, s->interrupted, s->out_of_time, s->problem};
    s->max_blocks = (int64_t)s->nblocks + more;
    s->interrupted = s->out_of_time = false;
    s->problem = NULL;
    return ending;
}

static void close_again(struct session *s, const struct ending *ending)
{
    s->max_blocks = ending->max_blocks;
    s->interrupted = ending->interrupted;
    s->out_of_time = ending->out_of_time;
    s->problem = ending->problem;
}

/* Adds blocks up to the next look, or repeats the verdict of a session that is decided, or that has
 * no further look within --max-blocks. */
static int go_on(struct live_check *c, struct err *err)
{
    struct session *s = c->session;
    struct verdict verdict;
    int more = verdict_next_look(s);
    struct ending ending = reopen(s, more);
    if (verdict_make(s, &verdict, err) < 0) {
        close_again(s, &ending);
        return -1;
    }
    bool goes_on = more > 0 && verdict_goes_on(&verdict);
    bool is_allowed = (int64_t)s->nblocks + more <= c->plan.session.max_blocks;
    verdict_fini(&verdict);
    if (!goes_on || !is_allowed) {
        close_again(s, &ending);
        if (goes_on)
            log_say("the next look comes after %zu blocks, and --max-blocks is %lld: no block is "
                    "added",
                    s->nblocks + (size_t)more, (long long)c->plan.session.max_blocks);
        else
            log_say("nothing is left to decide: no block is added");
        return session_verdict_print(s, c->saving.path, c->gates, err);
    }
    free(ending.problem);
    s->budget_s = c->plan.session.budget_s;
    c->stop_after = s->nblocks + (size_t)more;
    return measure(c, err);
}

static int load_stored(struct live_check *c, struct err *err)
{
    const char *path = c->options->continued;
    if (saving_go_on(&c->saving, path, err) < 0)
        return -1;
    if (session_load(path, &c->stored, err) < 0)
        return err_wrap(err, "--continue");
    c->session = &c->stored;
    return 0;
}

/* --- before anything is started --- */

static int preview_arm(const struct arm_plan *arm, struct arm_preview *preview, struct err *err)
{
    struct buf request;
    const struct plan *plan = &arm->options.plan;
    buf_init(&request, BUF_TEXT_MAX);
    int failed = preview_request(plan, &request, err);
    if (failed == 0)
        preview_show(plan, &request, &preview->shown);
    else
        (void)err_wrap(err, "%s", arm->name);
    buf_fini(&request);
    preview->plan = plan;
    preview_record(&arm->options, &arm->line, &preview->recorded);
    return failed;
}

static int print_plan(const struct session_plan *plan, const struct arm_preview *previews,
                      struct err *err)
{
    struct buf text;
    double load_s = plan->load_ns > 0 ? (double)plan->load_ns / (double)NS_PER_S : NAN;
    buf_init(&text, BUF_TEXT_MAX);
    session_plan_write(&plan->session, previews, load_s, plan->dropped, &text);
    int failed = output_text(&text, err);
    buf_fini(&text);
    return failed;
}

/* Checks that all requests can be built; with --dry-run, prints the plan. */
static int preview(struct session_plan *plan, bool dry_run, struct err *err)
{
    struct arm_preview previews[SESSION_ARMS_MAX];
    size_t count = plan->arms.count;
    int failed = 0;
    for (size_t i = 0; i < count; i++) {
        previews[i] = (struct arm_preview){0};
        result_init(&previews[i].recorded);
    }
    for (size_t i = 0; i < count && failed == 0; i++)
        failed = preview_arm(&plan->arms.items[i], &previews[i], err);
    if (failed == 0 && dry_run)
        failed = print_plan(plan, previews, err);
    for (size_t i = 0; i < count; i++) {
        result_fini(&previews[i].recorded);
        plan_shown_fini(&previews[i].shown);
    }
    return failed;
}

static int run(struct live_check *c, struct err *err)
{
    const struct check_live_options *options = c->options;
    if (preview(&c->plan, options->run.plan.dry_run, err) < 0)
        return -1;
    if (options->run.plan.dry_run)
        return 0;
    if (c->plan.dropped != NULL)
        log_warn("these arms cannot measure %s, so no gate is on it: bench has not started them",
                 c->plan.dropped);
    if (check_inputs(c, err) < 0 || check_place(options, c->gates->out, err) < 0 ||
        trial_prepare(&options->run.plan, err) < 0)
        return -1;
    bind_say_arms(&c->plan.arms);
    hosts_opts_say_arms(&c->plan.arms);
    if (options->continued == NULL)
        return measure(c, err);
    if (session_plan_same(&c->plan, c->session, err) < 0)
        return err_wrap(err, "--continue %s", options->continued);
    return go_on(c, err);
}

int check_live(struct check_live_options *options, const struct check_live_gates *gates,
               const struct opt_line *line, struct err *err)
{
    struct live_check c = {.options = options,
                           .gates = gates,
                           .saving = {.out = options->session, .is_off = !options->run.plan.save},
                           .stop_after = SESSION_BLOCKS_MAX};
    bool continues = options->continued != NULL;
    int code = continues ? load_stored(&c, err) : 0;
    if (code == 0)
        code = session_plan_make(options, gates, line, continues ? &c.stored.seed : NULL, &c.plan,
                                 err);
    if (code == 0) {
        c.session = continues ? &c.stored : &c.plan.session;
        code = run(&c, err);
    }
    saving_fini(&c.saving);
    session_plan_fini(&c.plan);
    session_fini(&c.stored);
    return code;
}
