#include "cli/session_pictures.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/verdict/latency_shift.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cli/hgrm_files.h"
#include "report/plot/session.h"
#include "report/text.h"
#include "report/verdict/report.h"

/* What a drawing borrows. */
struct canvas {
    struct shift shift;
    struct shift_curve curve;
    struct session_panel panels[SESSION_PANELS_MAX];
    size_t redone[SESSION_BLOCKS_MAX];
    struct buf arms, machine;
    struct session_picture picture;
};

/* --- captions --- */

static void add_arm(const struct session_arm *arm, const char *label, struct buf *out)
{
    static const struct report_style utf8 = {.utf8 = true};
    char name[TEXT_NAME];
    text_list(out, "%s: %s", label, text_name(arm->name, &utf8, name, sizeof name));
}

static void write_captions(const struct session *s, double level, struct canvas *c)
{
    char wall[32];
    add_arm(&s->arms[0], "OLD", &c->arms);
    add_arm(&s->arms[1], "NEW", &c->arms);
    text_list(&c->arms, "%zu block%s", s->nblocks, s->nblocks == 1 ? "" : "s");
    if (!isnan(level))
        text_list(&c->arms, "interval at %.1f%%", 100 * level);
    if (s->environment.cpu_model != NULL)
        text_list(&c->machine, "%s", s->environment.cpu_model);
    if (s->environment.cores_allowed != MISSING && s->environment.cores_online != MISSING)
        text_list(&c->machine, "%" PRId64 " of %" PRId64 " cores", s->environment.cores_allowed,
                  s->environment.cores_online);
    clock_format_wall(s->started_wall_ms, wall, sizeof wall);
    text_list(&c->machine, "%.10s", wall);
}

/* --- panels --- */

/* From the numbers of a verdict to those of an axis. */
struct axis {
    double scale;
    const char *unit;
};

static struct axis axis_of(const struct change_gate *g)
{
    if (g->bounds[0].scale == CHANGE_RATIO)
        return (struct axis){100, ", %"};
    switch (g->unit) {
    case METRIC_SHARE:
        return (struct axis){100, g->bounds[0].scale == CHANGE_ADDED ? ", points" : ", %"};
    case METRIC_TIME:
        return (struct axis){1e-6, ", ms"};
    case METRIC_SIZE:
        return (struct axis){1e-6, ", MB"};
    default:
        return (struct axis){1, ""};
    }
}

static void make_panel(const struct verdict *v, const struct verdict_gate *g,
                       struct session_panel *out)
{
    struct axis axis = axis_of(&g->gate);
    size_t nblocks = v->session->nblocks;
    out->title = mem_printf("%s%s", g->gate.metric.name, axis.unit);
    out->name = g->gate.metric.name;
    out->verdict = verdict_state_names[g->state];
    out->limit = axis.scale * change_shown(&g->gate, &g->gate.bounds[0], g->gate.bounds[0].tau);
    out->is_below = g->gate.higher_is_better;
    out->changes = mem_array(nblocks + 1, sizeof *out->changes);
    for (size_t i = 0; i < nblocks; i++)
        out->changes[i] =
            axis.scale * change_shown(&g->gate, &g->gate.bounds[0], g->bounds[0].d[i]);
}

static void count_redone(const struct session *s, size_t redone[SESSION_BLOCKS_MAX])
{
    for (size_t i = 0; i < s->nredone; i++)
        redone[s->redone[i].block]++;
}

/* --- both --- */

static void canvas_init(struct canvas *c, const struct verdict *v)
{
    const struct session *s = v->session;
    double level = NAN;
    size_t npanels = v->ngates < SESSION_PANELS_MAX ? v->ngates : SESSION_PANELS_MAX;
    *c = (struct canvas){.shift = {.count = 1}};
    latency_shift(s, &c->curve, &level);
    c->shift.curves = &c->curve;
    buf_init(&c->arms, BUF_TEXT_MAX);
    buf_init(&c->machine, BUF_TEXT_MAX);
    write_captions(s, level, c);
    for (size_t i = 0; i < npanels; i++)
        make_panel(v, &v->gates[i], &c->panels[i]);
    count_redone(s, c->redone);
    c->picture = (struct session_picture){
        .shift = {.shift = &c->shift, .captions = {c->arms.data, c->machine.data}},
        .panels = c->panels,
        .npanels = npanels,
        .nblocks = s->nblocks,
        .redone = c->redone};
}

static void canvas_fini(struct canvas *c)
{
    for (size_t i = 0; i < c->picture.npanels; i++) {
        free(c->panels[i].title);
        free(c->panels[i].changes);
    }
    shift_curve_fini(&c->curve);
    buf_fini(&c->arms);
    buf_fini(&c->machine);
}

static struct drawing drawing_of(const struct canvas *c, const struct inputs *inputs)
{
    return (struct drawing){.files = session_files,
                            .pictures = session_pictures,
                            .what = &c->picture,
                            .inputs = inputs};
}

int session_pictures_write_data(const struct verdict *v, const char *folder,
                                const struct inputs *inputs, struct err *err)
{
    struct canvas c;
    struct batch files;
    size_t count = 0;
    canvas_init(&c, v);
    batch_init(&files, inputs);
    const struct drawing d = drawing_of(&c, inputs);
    int failed = drawing_add_data(&d, folder, &files, err);
    if (failed == 0)
        failed = hgrm_files_add_session(v->session, folder, &files, &count, err);
    if (failed == 0)
        failed = batch_finish(&files, err);
    batch_fini(&files);
    if (failed == 0) {
        drawing_say_data(&d, folder);
        hgrm_files_say(folder, count);
    }
    canvas_fini(&c);
    return failed;
}

bool session_pictures_are_there(const struct session *s)
{
    bool any = false;
    for (size_t i = 0; i < s->nblocks; i++)
        any = any || s->blocks[i].is_valid;
    return any;
}

int session_pictures_draw(const struct verdict *v, const char *folder, const struct inputs *inputs,
                          int *out_signal, struct err *err)
{
    struct canvas c;
    if (!session_pictures_are_there(v->session))
        return err_set(err, ERR_INVALID, "nothing to draw: the session has no valid block");
    canvas_init(&c, v);
    const struct drawing d = drawing_of(&c, inputs);
    int failed = drawing_write(&d, folder, out_signal, err);
    canvas_fini(&c);
    return failed;
}

int session_pictures_svgs(const struct verdict *v, struct drawn **out, size_t *count,
                          struct step_stop *stop, struct err *err)
{
    struct canvas c;
    *out = NULL;
    *count = 0;
    if (!session_pictures_are_there(v->session))
        return 0;
    canvas_init(&c, v);
    const struct drawing d = drawing_of(&c, NULL);
    int failed = drawing_svgs(&d, out, count, stop, err);
    canvas_fini(&c);
    return failed;
}
