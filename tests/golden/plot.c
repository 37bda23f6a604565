/* plot: writes one of the data files of a known comparison, sweep or search to stdout, or all
 * captions.
 *
 * plot CASE FILE       FILE as "arms.dat"
 * plot CASE captions   of the pictures that have something to show
 *
 * A sweep takes one word more, a goal instead of its own.
 */
#include <stdio.h>
#include <string.h>

#include "analysis/capacity/search.h"
#include "cases/capacity_cases.h"
#include "cases/compare_cases.h"
#include "cases/sweep_cases.h"
#include "report/plot/capacity.h"
#include "report/plot/data.h"
#include "report/plot/picture.h"
#include "report/plot/sweep.h"

struct drawn {
    const struct plot_file *files;
    const struct picture *pictures;
    const void *what;
};

static void write_captions(const struct drawn *d, struct buf *out)
{
    const void *what = d->what;
    for (const struct picture *p = d->pictures; p->key != NULL; p++) {
        if (p->has != NULL && !p->has(what))
            continue;
        buf_printf(out, "%s: %s\n  read  ", p->key, p->title);
        p->read(what, out);
        buf_puts(out, "\n  see   ");
        p->see(what, out);
        buf_puts(out, "\n");
    }
}

/* Returns -1 when there is no such file. */
static int show(const struct drawn *d, const char *file)
{
    struct buf out;
    const struct plot_file *f = d->files;
    bool is_captions = strcmp(file, "captions") == 0;
    while (f->name != NULL && strcmp(f->name, file) != 0)
        f++;
    if (f->name == NULL && !is_captions)
        return -1;
    buf_init(&out, BUF_TEXT_MAX);
    if (is_captions)
        write_captions(d, &out);
    else
        f->write(d->what, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    return 0;
}

static int show_sweep(const struct sweep *s, const char *file, const char *goal)
{
    struct err err;
    struct ranking r;
    if (ranking_init(&r, s, goal, &err) < 0)
        return -1;
    const struct drawn map = {map_files, map_pictures, &r};
    const struct drawn curves = {sweep_files, sweep_pictures, &r};
    int failed = show(s->naxes > 1 ? &map : &curves, file);
    ranking_fini(&r);
    return failed;
}

static int show_capacity(struct capacity *c, const char *file)
{
    struct err err;
    struct goal goal;
    if (goal_parse(c->goal, &goal, &err) < 0)
        return -1;
    capacity_judge(c);
    const struct capacity_page what = {.capacity = c, .goal = &goal};
    const struct drawn d = {capacity_files, capacity_pictures, &what};
    int failed = show(&d, file);
    goal_fini(&goal);
    return failed;
}

int main(int argc, char **argv)
{
    struct comparison c;
    struct sweep s;
    struct capacity found;
    int failed = -1;
    if (argc > 2 && sweep_case(argv[1], &s) == 0) {
        failed = show_sweep(&s, argv[2], argv[3]); /* NULL: its own goal */
        sweep_fini(&s);
    } else if (argc > 2 && capacity_case(argv[1], &found) == 0) {
        failed = show_capacity(&found, argv[2]);
        capacity_fini(&found);
    } else if (argc > 2 && compare_case(argv[1], &c) == 0) {
        const struct drawn d = {plot_files, comparison_pictures, &c};
        failed = show(&d, argv[2]);
        comparison_fini(&c);
    }
    if (failed < 0)
        (void)fprintf(stderr, "usage: plot CASE FILE [GOAL]\n");
    return failed < 0 ? 2 : 0;
}
