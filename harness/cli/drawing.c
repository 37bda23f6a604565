#include "cli/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/drawn.h"
#include "proc/folder.h"
#include "proc/programs.h"
#include "proc/signals.h"
#include "proc/step.h"
#include "store/file.h"

#define ARGUMENTS 10 /* of the shell, with the NULL at the end */

/* One picture while it is drawn, and the gnuplot that draws it. */
struct sheet {
    const struct picture *picture;
    char *script; /* its path */
    char *argv[ARGUMENTS];
    struct err end; /* kind NONE: it was drawn */
};

struct easel {
    struct sheet *sheets;
    size_t count;
    struct folder *folder; /* private; NULL: there is none */
    bool has_axes;         /* the scripts say where the axes are, too */
    int signal;
};

/* --- files --- */

char *drawing_path(const char *folder, const char *name)
{
    return mem_printf("%s%s%s", folder, str_ends(folder, "/") ? "" : "/", name);
}

static int write_file(const char *folder, const struct plot_file *file, const void *what,
                      struct err *err)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    file->write(what, &text);
    char *path = drawing_path(folder, file->name);
    int failed = store_file_write(path, text.data, text.len, err);
    free(path);
    buf_fini(&text);
    return failed;
}

static int write_files(const struct drawing *d, const char *folder, struct err *err)
{
    for (const struct plot_file *f = d->files; f->name != NULL; f++) {
        if (write_file(folder, f, d->what, err) < 0)
            return -1;
    }
    return 0;
}

int drawing_write_data(const struct drawing *d, const char *folder, struct err *err)
{
    if (store_folder_make(folder, err) < 0 || write_files(d, folder, err) < 0)
        return -1;
    for (const struct plot_file *f = d->files; f->name != NULL; f++) {
        char *path = drawing_path(folder, f->name);
        log_say("wrote %s", path);
        free(path);
    }
    return 0;
}

/* --- the sheets --- */

static void add_sheet(struct easel *e, const struct picture *picture)
{
    e->sheets = mem_one_more(e->sheets, e->count, sizeof *e->sheets);
    e->sheets[e->count] = (struct sheet){.picture = picture};
    char *name = mem_printf("%s.gp", picture->key);
    e->sheets[e->count].script = program_data_find(name, &e->sheets[e->count].end);
    free(name);
    e->count++;
}

static struct easel easel_of(const struct drawing *d)
{
    struct easel e = {0};
    for (const struct picture *p = d->pictures; p->key != NULL; p++) {
        if (p->has == NULL || p->has(d->what))
            add_sheet(&e, p);
    }
    return e;
}

static void easel_fini(struct easel *e)
{
    for (size_t i = 0; i < e->count; i++)
        free(e->sheets[i].script);
    free(e->sheets);
}

/* --- gnuplot --- */

/* The shell gets the paths as arguments, never as part of the command; -d makes gnuplot ignore the
 * user's startup file. */
static struct step_spec step_of(struct sheet *sheet, char *folder, char *kinds)
{
    static char shell[] = "/bin/sh";
    static char option[] = "-c";
    static char command[] = "cd -- \"$0\" && exec gnuplot -d \"$@\"";
    static char evaluate[] = "-e";
    static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    char *argv[ARGUMENTS] = {shell, option, command, folder, evaluate, kinds, sheet->script};
    memcpy(sheet->argv, argv, sizeof argv);
    return (struct step_spec){.name = "gnuplot",
                              .argv = sheet->argv,
                              .env = env,
                              .install = "apt-get install gnuplot-nox; bench report --data DIR "
                                         "writes the data without it",
                              .limit_ns = DRAWING_SECONDS * NS_PER_S};
}

/* kinds: "svg png". */
static void run_gnuplots(struct easel *e, const char *kinds)
{
    struct step_spec *specs = mem_array(e->count, sizeof *specs);
    struct err *ends = mem_array(e->count, sizeof *ends);
    char *folder = mem_strdup(folder_path(e->folder));
    char *set_kinds = mem_printf("kinds = '%s'%s", kinds, e->has_axes ? "; axes = 1" : "");
    size_t count = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (e->sheets[i].script != NULL)
            specs[count++] = step_of(&e->sheets[i], folder, set_kinds);
    }
    step_run_all(specs, count, DRAWING_AT_ONCE, ends, &e->signal);
    for (size_t i = e->count; i-- > 0;) {
        if (e->sheets[i].script != NULL)
            e->sheets[i].end = ends[--count];
    }
    free(set_kinds);
    free(folder);
    free(ends);
    free(specs);
}

static void fail_all(struct easel *e, const struct err *err)
{
    for (size_t i = 0; i < e->count; i++)
        e->sheets[i].end = *err;
}

/* Draws what can be drawn. The folder is the caller's to remove. */
static void draw(struct easel *e, const struct drawing *d, const char *kinds)
{
    struct err err = {0};
    e->folder = folder_make(FOLDER_RUN, &err);
    if (e->folder == NULL || write_files(d, folder_path(e->folder), &err) < 0)
        fail_all(e, &err);
    else
        run_gnuplots(e, kinds);
}

/* What gnuplot made of a sheet. */
static int read_picture(const struct easel *e, const struct sheet *sheet, const char *kind,
                        struct buf *out, struct err *err)
{
    buf_init(out, BUF_TEXT_MAX);
    *err = sheet->end;
    if (sheet->end.kind != ERR_NONE)
        return -1;
    char *name = mem_printf("%s.%s", sheet->picture->key, kind);
    char *path = drawing_path(folder_path(e->folder), name);
    int failed = store_file_read(path, out, err);
    if (failed == 0 && out->len == 0)
        failed = err_set(err, ERR_USAGE, "%s is empty", name);
    free(path);
    free(name);
    return failed < 0 ? err_wrap(err, "gnuplot succeeded, but") : 0;
}

/* The folder is only there while a signal is held back. */
static void close_easel(struct easel *e, const struct signals *signals)
{
    folder_remove(e->folder);
    e->folder = NULL;
    signals_release(signals);
}

/* --- pictures as files --- */

/* One that is to be written. */
struct finished {
    const struct sheet *sheet;
    const char *kind;
    char *path;
    struct buf picture;
};

struct portfolio {
    struct finished *items;
    size_t count;
};

static void add_finished(struct portfolio *all, const struct sheet *sheet, const char *kind,
                         char *path)
{
    all->items = mem_one_more(all->items, all->count, sizeof *all->items);
    all->items[all->count++] = (struct finished){.sheet = sheet, .kind = kind, .path = path};
}

static void portfolio_fini(struct portfolio *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->items[i].path);
        buf_fini(&all->items[i].picture);
    }
    free(all->items);
}

/* Reads all pictures before replacing the first old one: all or nothing. */
static int deliver(const struct easel *e, const struct portfolio *all, struct err *err)
{
    for (size_t i = 0; i < all->count; i++) {
        struct finished *it = &all->items[i];
        if (read_picture(e, it->sheet, it->kind, &it->picture, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < all->count; i++) {
        const struct finished *it = &all->items[i];
        if (store_file_write(it->path, it->picture.data, it->picture.len, err) < 0)
            return -1;
        log_say("wrote %s", it->path);
    }
    return 0;
}

static int write_portfolio(struct easel *e, const struct drawing *d, const char *kinds,
                           const struct portfolio *all, int *out_signal, struct err *err)
{
    struct signals signals;
    signals_hold(&signals);
    draw(e, d, kinds);
    int failed = e->signal != 0
                     ? err_set(err, ERR_INTERRUPTED, "interrupted; no picture was written")
                     : deliver(e, all, err);
    close_easel(e, &signals);
    *out_signal = e->signal;
    return failed;
}

int drawing_write(const struct drawing *d, const char *folder, int *out_signal, struct err *err)
{
    static const char *const kinds[] = {"svg", "png"};
    struct portfolio all = {0};
    *out_signal = 0;
    if (store_folder_make(folder, err) < 0)
        return -1;
    struct easel e = easel_of(d);
    for (size_t i = 0; i < LEN(kinds) * e.count; i++) {
        const struct sheet *sheet = &e.sheets[i / LEN(kinds)];
        const char *kind = kinds[i % LEN(kinds)];
        char *name = mem_printf("%s.%s", sheet->picture->key, kind);
        add_finished(&all, sheet, kind, drawing_path(folder, name));
        free(name);
    }
    int failed = write_portfolio(&e, d, "svg png", &all, out_signal, err);
    portfolio_fini(&all);
    easel_fini(&e);
    return failed;
}

int drawing_write_one(const struct drawing *d, const char *kind, const char *path, int *out_signal,
                      struct err *err)
{
    struct portfolio all = {0};
    struct easel e = easel_of(d);
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
    if (read_picture(e, sheet, "axes", &axes, &err) < 0)
        buf_clear(&axes);
    char *text = buf_take(&axes);
    buf_fini(&axes);
    return text;
}

static void take_svg(const struct easel *e, const struct sheet *sheet, struct drawn *drawn)
{
    struct buf svg;
    struct err err = {0};
    if (read_picture(e, sheet, "svg", &svg, &err) < 0) {
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

int drawing_svgs(const struct drawing *d, struct drawn **out, size_t *count, int *out_signal,
                 struct err *err)
{
    struct signals signals;
    struct easel e = easel_of(d);
    *out = NULL;
    *count = 0;
    signals_hold(&signals);
    e.has_axes = true;
    draw(&e, d, "svg");
    int failed = e.signal != 0 ? err_set(err, ERR_INTERRUPTED, "interrupted") : 0;
    if (failed == 0)
        take_all(&e, d, out, count);
    close_easel(&e, &signals);
    *out_signal = e.signal;
    easel_fini(&e);
    return failed;
}

void drawing_refused(const struct drawing *d, const char *problem, struct drawn **out,
                     size_t *count)
{
    struct easel e = easel_of(d);
    struct err err;
    (void)err_set(&err, ERR_USAGE, "%s", problem);
    fail_all(&e, &err);
    take_all(&e, d, out, count);
    easel_fini(&e);
}
