#include "cli/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/drawn.h"
#include "cli/easel.h"

/* --- pictures as files --- */

/* One that is to be written. */
struct finished {
    const struct sheet *sheet;
    const char *kind;
    char *path;
};

struct portfolio {
    struct finished *items;
    size_t count;
    struct batch files;
};

static void add_finished(struct portfolio *all, const struct sheet *sheet, const char *kind,
                         char *path)
{
    all->items = mem_one_more(all->items, all->count, sizeof *all->items);
    all->items[all->count++] = (struct finished){.sheet = sheet, .kind = kind, .path = path};
}

static void portfolio_fini(struct portfolio *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->items[i].path);
    free(all->items);
    batch_fini(&all->files);
}

static int add_picture(const struct easel *e, const struct finished *it, struct batch *into,
                       struct err *err)
{
    struct buf picture;
    int failed = easel_read(e, it->sheet, it->kind, &picture, err);
    if (failed == 0)
        failed = batch_add(into, it->path, picture.data, picture.len, err);
    buf_fini(&picture);
    return failed;
}

static int deliver(const struct easel *e, struct portfolio *all, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < all->count; i++)
        failed = add_picture(e, &all->items[i], &all->files, err);
    if (failed == 0)
        failed = batch_finish(&all->files, err);
    for (size_t i = 0; failed == 0 && i < all->count; i++)
        log_say("wrote %s", all->items[i].path);
    return failed;
}

/* Drawing takes a while: what must not be replaced is refused before. */
static int check_inputs(const struct drawing *d, const struct portfolio *all, struct err *err)
{
    for (size_t i = 0; i < all->count; i++) {
        if (inputs_check(d->inputs, all->items[i].path, err) < 0)
            return -1;
    }
    return 0;
}

static int write_portfolio(struct easel *e, const struct drawing *d, const char *kinds,
                           struct portfolio *all, int *out_signal, struct err *err)
{
    if (check_inputs(d, all, err) < 0)
        return -1;
    batch_hold(&all->files);
    easel_draw(e, d, kinds);
    int failed = e->stop.signal != 0
                     ? err_set(err, ERR_INTERRUPTED, "interrupted; no picture was written")
                     : deliver(e, all, err);
    easel_close(e);
    *out_signal = e->stop.signal;
    return failed;
}

static void add_all(struct portfolio *all, const struct easel *e, const char *folder)
{
    static const char *const kinds[] = {"svg", "png"};
    for (size_t i = 0; i < LEN(kinds) * e->count; i++) {
        const struct sheet *sheet = &e->sheets[i / LEN(kinds)];
        const char *kind = kinds[i % LEN(kinds)];
        char *name = mem_printf("%s.%s", sheet->picture->key, kind);
        add_finished(all, sheet, kind, drawing_path(folder, name));
        free(name);
    }
}

int drawing_write(const struct drawing *d, const char *folder, int *out_signal, struct err *err)
{
    struct portfolio all = {0};
    struct easel e = easel_of(d);
    *out_signal = 0;
    batch_init(&all.files, d->inputs);
    add_all(&all, &e, folder);
    int failed = batch_folder(&all.files, folder, err);
    if (failed == 0)
        failed = write_portfolio(&e, d, "svg png", &all, out_signal, err);
    portfolio_fini(&all);
    easel_fini(&e);
    return failed;
}

int drawing_write_one(const struct drawing *d, const char *kind, const char *path, int *out_signal,
                      struct err *err)
{
    struct portfolio all = {0};
    struct easel e = easel_of(d);
    *out_signal = 0;
    batch_init(&all.files, d->inputs);
    add_finished(&all, &e.sheets[0], kind, mem_strdup(path));
    int failed = write_portfolio(&e, d, kind, &all, out_signal, err);
    portfolio_fini(&all);
    easel_fini(&e);
    return failed;
}

/* --- pictures in memory --- */

/* What gnuplot said of the axes; "": nothing, as an older script does. */
static char *read_axes(const struct easel *e, const struct sheet *sheet)
{
    struct buf axes;
    struct err err = {0};
    if (easel_read(e, sheet, "axes", &axes, &err) < 0)
        buf_clear(&axes);
    char *text = buf_take(&axes);
    buf_fini(&axes);
    return text;
}

static void take_svg(const struct easel *e, const struct sheet *sheet, struct drawn *drawn)
{
    struct buf svg;
    struct err err = {0};
    if (easel_read(e, sheet, "svg", &svg, &err) < 0) {
        drawn->problem = drawn_problem(err.text);
    } else {
        drawn->len = svg.len;
        drawn->svg = buf_take(&svg);
    }
    buf_fini(&svg);
}

static void take_all(const struct easel *e, const struct drawing *d, struct drawn **out,
                     size_t *count)
{
    struct drawn_texts *texts = drawn_texts_new(d);
    *count = e->count;
    *out = mem_array(e->count, sizeof **out);
    for (size_t i = 0; i < e->count; i++) {
        const struct sheet *sheet = &e->sheets[i];
        (*out)[i].picture = sheet->picture;
        take_svg(e, sheet, &(*out)[i]);
        char *axes = (*out)[i].svg == NULL ? mem_strdup("") : read_axes(e, sheet);
        drawn_add_texts(&(*out)[i], texts, axes);
        free(axes);
    }
    drawn_texts_free(texts);
}

int drawing_svgs(const struct drawing *d, struct drawn **out, size_t *count, struct step_stop *stop,
                 struct err *err)
{
    struct signals signals;
    *out = NULL;
    *count = 0;
    if (stop->is_hung) {
        drawing_refused(d, "gnuplot was not started again after one that did not finish", out,
                        count);
        return 0;
    }
    struct easel e = easel_of(d);
    signals_hold(&signals);
    e.has_axes = true;
    easel_draw(&e, d, "svg");
    int failed = e.stop.signal != 0 ? err_set(err, ERR_INTERRUPTED, "interrupted") : 0;
    if (failed == 0)
        take_all(&e, d, out, count);
    easel_close(&e);
    signals_release(&signals);
    *stop = e.stop;
    easel_fini(&e);
    return failed;
}

void drawing_refused(const struct drawing *d, const char *problem, struct drawn **out,
                     size_t *count)
{
    struct easel e = easel_of(d);
    struct err err;
    (void)err_set(&err, ERR_USAGE, "%s", problem);
    easel_fail(&e, &err);
    take_all(&e, d, out, count);
    easel_fini(&e);
}
