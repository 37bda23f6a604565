#include "cli/pictured.h"

#include "analysis/capacity/search.h"
#include "base/log.h"
#include "cli/capacity_pictures.h"
#include "cli/capacity_report.h"
#include "cli/gathered.h"
#include "cli/limits.h"
#include "cli/other_goal.h"
#include "cli/pictures.h"
#include "cli/recovered.h"
#include "cli/session_report.h"
#include "cli/sweep_pictures.h"
#include "store/stored.h"

/* Refuses to draw empty pictures. */
static int check_measured(const struct comparison *all, struct err *err)
{
    if (gathered_has_result(all))
        return 0;
    return err_set(err, ERR_INVALID,
                   "nothing to draw: no arm has a result; bench report without -o shows why");
}

/* Of pictures that could not be drawn: the exit code, or -1. */
static int end_of(int signal, struct err *err)
{
    if (signal == 0)
        return err_wrap(err, "-o/--out");
    log_error("%s", err->text);
    return 128 + signal;
}

static int draw(const struct pictured *order, const struct comparison *all,
                const struct inputs *inputs, struct err *err)
{
    int signal = 0;
    if (order->data != NULL && pictures_write_data(all, order->data, inputs, err) < 0)
        return err_wrap(err, "--data");
    if (order->out == NULL || pictures_draw(all, order->out, inputs, &signal, err) == 0)
        return 0;
    return end_of(signal, err);
}

/* A session has gates of its own, which it draws. */
static int draw_session(const struct pictured *order, const struct session *s,
                        const struct inputs *inputs, struct err *err)
{
    if (order->fail->count > 0)
        return err_set(err, ERR_USAGE, "%s: --fail: this is a session, which has gates of its own",
                       order->files[0]);
    return session_report_draw(
        s,
        &(struct session_drawn){
            .file = order->files[0], .data = order->data, .out = order->out, .inputs = inputs},
        err);
}

static int draw_picture(const struct pictured *order, const struct ranking *r,
                        const struct inputs *inputs, struct err *err)
{
    int signal = 0;
    if (order->data != NULL && sweep_pictures_write_data(r, order->data, inputs, err) < 0)
        return err_wrap(err, "--data");
    if (order->out == NULL || sweep_pictures_draw(r, order->out, inputs, &signal, err) == 0)
        return 0;
    return end_of(signal, err);
}

/* What it is over has a picture, and its arms at all points would be too many. */
static int draw_sweep(const struct pictured *order, const struct sweep *s,
                      const struct inputs *inputs, struct err *err)
{
    struct ranking r;
    if (ranking_init(&r, s, order->goal, err) < 0)
        return err_wrap(err, "%s", order->files[0]);
    int code = order->fail->count == 0
                   ? draw_picture(order, &r, inputs, err)
                   : err_set(err, ERR_USAGE,
                             "%s: --fail: this is a sweep, whose picture has no limits; a page (-o "
                             "report.html) lists which arms cross them",
                             order->files[0]);
    ranking_fini(&r);
    return code;
}

static int draw_trials(const struct pictured *order, const struct capacity_page *p,
                       const struct inputs *inputs, struct err *err)
{
    int signal = 0;
    if (order->data != NULL && capacity_pictures_write_data(p, order->data, inputs, err) < 0)
        return err_wrap(err, "--data");
    if (order->out == NULL || capacity_pictures_draw(p, order->out, inputs, &signal, err) == 0)
        return 0;
    return end_of(signal, err);
}

static int draw_capacity(const struct pictured *order, struct capacity *c,
                         const struct inputs *inputs, struct err *err)
{
    struct goal goal;
    if (order->fail->count > 0)
        return err_set(err, ERR_USAGE, "%s: " CAPACITY_NO_LIMITS, order->files[0]);
    if (capacity_report_goal(c, &goal, err) < 0)
        return err_wrap(err, "%s", order->files[0]);
    capacity_judge(c);
    const struct capacity_page p = {.capacity = c, .goal = &goal, .file = order->files[0]};
    int code = draw_trials(order, &p, inputs, err);
    goal_fini(&goal);
    return code;
}

/* What has pictures of its own. */
static bool is_alone(const struct pictured *order, const struct stored *s)
{
    return order->nfiles == 1 && s->kind != STORED_RESULT && s->kind != STORED_COMPARISON;
}

static int draw_alone(const struct pictured *order, struct stored *s, const struct inputs *inputs,
                      struct err *err)
{
    if (s->kind == STORED_SESSION)
        return draw_session(order, &s->session, inputs, err);
    return s->kind == STORED_SWEEP ? draw_sweep(order, &s->sweep, inputs, err)
                                   : draw_capacity(order, &s->capacity, inputs, err);
}

static int draw_taken(const struct pictured *order, const struct comparison *all,
                      const struct inputs *inputs, struct err *err)
{
    if (order->out != NULL && check_measured(all, err) < 0)
        return -1;
    return draw(order, all, inputs, err);
}

static int load(const struct pictured *order, const char *path, struct stored *out, struct err *err)
{
    if (recovered_load(path, order->recovery_goal, out, err) < 0)
        return -1;
    if (other_goal_check(order->goal, out, err) == 0)
        return 0;
    stored_fini(out);
    return err_wrap(err, "%s", path);
}

static int draw_files(const struct pictured *order, const struct limits *limits,
                      const struct inputs *inputs, struct err *err)
{
    struct comparison all;
    int code = 0;
    comparison_init(&all);
    limits_mark(limits, &all);
    for (size_t i = 0; code == 0 && i < order->nfiles; i++) {
        const char *path = order->files[i];
        struct stored s;
        code = load(order, path, &s, err);
        if (code < 0)
            break;
        if (is_alone(order, &s)) {
            code = draw_alone(order, &s, inputs, err);
            stored_fini(&s);
            return code;
        }
        code = gathered_add(&all, path, &s, err);
        stored_fini(&s);
        if (code == 0 && order->out != NULL && pictures_check_arms(&all, err) < 0)
            code = err_wrap(err, "-o/--out");
    }
    if (code == 0)
        code = draw_taken(order, &all, inputs, err);
    comparison_fini(&all);
    return code;
}

int pictured_files(const struct pictured *order, struct err *err)
{
    struct limits limits;
    struct inputs inputs;
    if (gathered_check_count(order->nfiles, err) < 0)
        return -1;
    inputs_of(&inputs, order->files, order->nfiles);
    int code = limits_init(&limits, order->fail, err);
    if (code == 0)
        code = limits_check_drawn(&limits, err);
    if (code == 0)
        code = draw_files(order, &limits, &inputs, err);
    limits_fini(&limits);
    inputs_fini(&inputs);
    return code;
}
