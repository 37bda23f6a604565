/* The cover of a sweep: what is best where, in sentences and figures, and what was asked. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/sweep/borders.h"
#include "analysis/sweep/wins.h"
#include "base/mem.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/plot/caption.h"
#include "report/plot/picture.h"
#include "report/text.h"

#define NAMES_MAX   6 /* in a title */
#define FIGURES_MAX 4

void page_sweep_title(const struct page_chapter *chapter, struct buf *out)
{
    const struct sweep *s = chapter->sweep;
    char name[TEXT_NAME];
    if (s->comparison.title != NULL) {
        buf_puts(out, s->comparison.title);
        return;
    }
    buf_puts(out, "Sweep over ");
    for (size_t i = 0; i < s->naxes; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : " and ",
                   text_name(s->axes[i].option, &page_style, name, sizeof name));
    for (size_t i = 0; i < s->narms && i < NAMES_MAX; i++)
        buf_printf(out, "%s%s", i == 0 ? ": " : ", ",
                   text_name(s->arms[i], &page_style, name, sizeof name));
    if (s->narms > NAMES_MAX)
        buf_printf(out, " and %zu more", s->narms - NAMES_MAX);
}

/* What its picture shows. */
void page_sweep_lead(const struct page_chapter *chapter, struct buf *out)
{
    const struct picture *of = chapter->sweep->naxes > 1 ? map_pictures : sweep_pictures;
    of[0].see(chapter->ranking, out);
}

/* Over two options, a sentence for each value of the second. */
void page_sweep_answer(struct view *v)
{
    const struct sweep *s = v->chapter->sweep;
    struct str_list told = {0};
    if (s->naxes < 2 || s->narms < 2)
        return;
    borders_tell(v->chapter->ranking, &told);
    html_list(v->out, "choice", &told);
    str_list_fini(&told);
}

static void share(const struct view *v, const char *label, size_t points, const char *about)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%zu of %zu", points, v->chapter->sweep->npoints);
    html_figure(v->out, label, text, about);
}

/* The arms that are best at the most points. */
void page_sweep_figures(struct view *v)
{
    const struct sweep *s = v->chapter->sweep;
    struct wins w;
    char name[TEXT_NAME];
    char *about = mem_printf("points at which it %s, alone", v->chapter->ranking->goal.wins);
    wins_init(&w, v->chapter->ranking);
    buf_puts(v->out, "<dl class=\"figures\">\n");
    for (size_t i = 0; i < s->narms && i + 1 < FIGURES_MAX && w.alone[w.order[i]] > 0; i++)
        share(v, text_name(s->arms[w.order[i]], &page_style, name, sizeof name),
              w.alone[w.order[i]], about);
    share(v, "too close to call", w.shared, "points at which several arms may be the best");
    if (w.undecided > 0)
        share(v, "not ranked", w.undecided, "points at which nothing could be told");
    buf_puts(v->out, "</dl>\n");
    wins_fini(&w);
    free(about);
}

static void add_axis(const struct sweep *s, size_t axis, struct buf *out)
{
    double *values = NULL;
    size_t count = sweep_values(s, axis, &values);
    buf_printf(out, "%s=%s", s->axes[axis].option, s->axes[axis].range);
    if (s->axes[axis].is_placed)
        buf_printf(out, " (%zu values, placed where curves bend or cross)", count);
    free(values);
}

void page_sweep_asked(struct view *v)
{
    const struct sweep *s = v->chapter->sweep;
    const struct comparison *c = &s->comparison;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    ranking_tell_goal(v->chapter->ranking, &text);
    html_pair(v->out, "goal", text.data);
    buf_clear(&text);
    for (size_t i = 0; i < s->naxes; i++) {
        buf_puts(&text, i == 0 ? "" : ", ");
        add_axis(s, i, &text);
    }
    html_pair(v->out, "sweep", text.data);
    buf_clear(&text);
    buf_printf(&text,
               "%zu arm%s (the servers that are compared) at %zu point%s, %" PRId64
               " round%s in random order, seed %" PRIu64 "%s",
               s->narms, s->narms == 1 ? "" : "s", s->npoints, s->npoints == 1 ? "" : "s",
               c->rounds, c->rounds == 1 ? "" : "s", c->seed,
               s->is_cut ? "; the budget ended it before all values were placed" : "");
    html_pair(v->out, "plan", text.data);
    buf_clear(&text);
    plot_caption_shared(c, &text);
    html_pair(v->out, "load", text.data);
    buf_clear(&text);
    plot_caption_machine(c, &text);
    html_pair(v->out, "machine", text.data);
    buf_fini(&text);
}
