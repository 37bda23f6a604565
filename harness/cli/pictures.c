#include "cli/pictures.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/folder.h"
#include "proc/programs.h"
#include "proc/signals.h"
#include "proc/step.h"
#include "report/plot/data.h"
#include "store/file.h"

#define TIME_LIMIT_NS (60 * NS_PER_S) /* it usually takes a second */

static const char *const script_names[] = {"latency.gp", "compare.gp"};
static const char *const picture_names[] = {"latency.svg", "latency.png", "compare.svg",
                                            "compare.png"};

/* One gnuplot run. */
struct drawing {
    struct folder *folder; /* private */
    char *scripts[LEN(script_names)];
    int signal;
};

/* --- files --- */

static int write_file(const char *folder, const struct plot_file *file, const struct comparison *c,
                      struct err *err)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    file->write(c, &text);
    char *path = mem_printf("%s/%s", folder, file->name);
    int failed = store_file_write(path, text.data, text.len, err);
    free(path);
    buf_fini(&text);
    return failed;
}

static int write_files(const char *folder, const struct comparison *c, struct err *err)
{
    for (const struct plot_file *f = plot_files; f->name != NULL; f++) {
        if (write_file(folder, f, c, err) < 0)
            return -1;
    }
    return 0;
}

static void tell(const char *folder, const char *name)
{
    log_say("wrote %s%s%s", folder, str_ends(folder, "/") ? "" : "/", name);
}

int pictures_write_data(const struct comparison *c, const char *folder, struct err *err)
{
    if (store_folder_make(folder, err) < 0 || write_files(folder, c, err) < 0)
        return -1;
    for (const struct plot_file *f = plot_files; f->name != NULL; f++)
        tell(folder, f->name);
    return 0;
}

static int read_picture(const struct drawing *d, const char *name, struct buf *out, struct err *err)
{
    char *path = mem_printf("%s/%s", folder_path(d->folder), name);
    buf_init(out, BUF_TEXT_MAX);
    int failed = store_file_read(path, out, err);
    free(path);
    if (failed == 0 && out->len == 0)
        failed = err_set(err, ERR_USAGE, "%s is empty", name);
    return failed < 0 ? err_wrap(err, "gnuplot succeeded, but") : 0;
}

/* Reads all pictures before replacing the first old one: all or nothing. */
static int deliver(const struct drawing *d, const char *folder, struct err *err)
{
    struct buf pictures[LEN(picture_names)];
    size_t nread = 0;
    int failed = 0;
    while (failed == 0 && nread < LEN(pictures)) {
        failed = read_picture(d, picture_names[nread], &pictures[nread], err);
        nread++;
    }
    for (size_t i = 0; failed == 0 && i < nread; i++) {
        char *path = mem_printf("%s/%s", folder, picture_names[i]);
        failed = store_file_write(path, pictures[i].data, pictures[i].len, err);
        free(path);
        if (failed == 0)
            tell(folder, picture_names[i]);
    }
    for (size_t i = 0; i < nread; i++)
        buf_fini(&pictures[i]);
    return failed;
}

/* --- what gnuplot needs --- */

static int find_scripts(struct drawing *d, struct err *err)
{
    for (size_t i = 0; i < LEN(d->scripts); i++) {
        d->scripts[i] = program_data_find(script_names[i], err);
        if (d->scripts[i] == NULL)
            return -1;
    }
    return 0;
}

/* --- gnuplot --- */

/* The shell gets the paths as arguments, never as part of the command; -d makes gnuplot ignore the
 * user's startup file. */
static int run_gnuplot(struct drawing *d, struct err *err)
{
    static char shell[] = "/bin/sh";
    static char option[] = "-c";
    static char command[] = "cd -- \"$0\" && exec gnuplot -d \"$@\"";
    static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    char *folder = mem_strdup(folder_path(d->folder));
    char *argv[] = {shell, option, command, folder, d->scripts[0], d->scripts[1], NULL};
    int failed =
        step_run(&(struct step_spec){.name = "gnuplot",
                                     .argv = argv,
                                     .env = env,
                                     .install = "apt-get install gnuplot-nox; --data DIR writes "
                                                "the data without it",
                                     .limit_ns = TIME_LIMIT_NS},
                 &d->signal, err);
    free(folder);
    return failed;
}

/* A Ctrl-C outside of gnuplot is held until the folder is removed. */
static int run(struct drawing *d, const struct comparison *c, const char *folder, struct err *err)
{
    struct signals signals;
    signals_hold(&signals);
    d->folder = folder_make(FOLDER_RUN, err);
    int failed = d->folder == NULL ? -1 : 0;
    if (failed == 0)
        failed = write_files(folder_path(d->folder), c, err);
    if (failed == 0)
        failed = run_gnuplot(d, err);
    if (failed == 0)
        failed = deliver(d, folder, err);
    else if (d->signal != 0)
        (void)err_set(err, ERR_INTERRUPTED, "interrupted; no picture was written");
    folder_remove(d->folder);
    signals_release(&signals);
    return failed;
}

int pictures_draw(const struct comparison *c, const char *folder, int *out_signal, struct err *err)
{
    struct drawing d = {0};
    if (c->narms > PICTURE_ARMS_MAX)
        return err_set(
            err, ERR_USAGE,
            "a picture shows at most %d arms, not %zu; give fewer results, or use --data "
            "DIR, which has no limit",
            PICTURE_ARMS_MAX, c->narms);
    if (store_folder_make(folder, err) < 0)
        return -1;
    int failed = find_scripts(&d, err);
    if (failed == 0)
        failed = run(&d, c, folder, err);
    for (size_t i = 0; i < LEN(d.scripts); i++)
        free(d.scripts[i]);
    *out_signal = d.signal;
    return failed;
}
