#include "cli/drawing.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/folder.h"
#include "proc/programs.h"
#include "proc/signals.h"
#include "proc/step.h"
#include "store/file.h"

#define TIME_LIMIT_NS (60 * NS_PER_S) /* it usually takes a second */

/* One gnuplot run. */
struct job {
    struct folder *folder;                  /* private */
    char *scripts[DRAWING_SCRIPTS_MAX + 1]; /* the paths; ends with NULL */
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

static int read_picture(const struct job *job, const char *name, struct buf *out, struct err *err)
{
    char *path = drawing_path(folder_path(job->folder), name);
    buf_init(out, BUF_TEXT_MAX);
    int failed = store_file_read(path, out, err);
    free(path);
    if (failed == 0 && out->len == 0)
        failed = err_set(err, ERR_USAGE, "%s is empty", name);
    return failed < 0 ? err_wrap(err, "gnuplot succeeded, but") : 0;
}

/* Reads all pictures before replacing the first old one: all or nothing. */
static int deliver(const struct drawing *d, const struct job *job, char *const *paths,
                   struct err *err)
{
    struct buf pictures[DRAWING_PICTURES_MAX];
    size_t nread = 0;
    int failed = 0;
    for (; failed == 0 && d->pictures[nread] != NULL; nread++) {
        assert(nread < DRAWING_PICTURES_MAX);
        failed = read_picture(job, d->pictures[nread], &pictures[nread], err);
    }
    for (size_t i = 0; failed == 0 && i < nread; i++) {
        failed = store_file_write(paths[i], pictures[i].data, pictures[i].len, err);
        if (failed == 0)
            log_say("wrote %s", paths[i]);
    }
    for (size_t i = 0; i < nread; i++)
        buf_fini(&pictures[i]);
    return failed;
}

/* --- what gnuplot needs --- */

static int find_scripts(const struct drawing *d, struct job *job, struct err *err)
{
    for (size_t i = 0; d->scripts[i] != NULL; i++) {
        assert(i < DRAWING_SCRIPTS_MAX);
        job->scripts[i] = program_data_find(d->scripts[i], err);
        if (job->scripts[i] == NULL)
            return -1;
    }
    return 0;
}

/* --- gnuplot --- */

/* The shell gets the paths as arguments, never as part of the command; -d makes gnuplot ignore the
 * user's startup file. */
static int run_gnuplot(struct job *job, struct err *err)
{
    static char shell[] = "/bin/sh";
    static char option[] = "-c";
    static char command[] = "cd -- \"$0\" && exec gnuplot -d \"$@\"";
    static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    char *folder = mem_strdup(folder_path(job->folder));
    char *argv[4 + DRAWING_SCRIPTS_MAX + 1] = {shell, option, command, folder};
    for (size_t i = 0; i < DRAWING_SCRIPTS_MAX; i++)
        argv[4 + i] = job->scripts[i];
    int failed =
        step_run(&(struct step_spec){.name = "gnuplot",
                                     .argv = argv,
                                     .env = env,
                                     .install = "apt-get install gnuplot-nox; --data DIR writes "
                                                "the data without it",
                                     .limit_ns = TIME_LIMIT_NS},
                 &job->signal, err);
    free(folder);
    return failed;
}

/* A Ctrl-C outside of gnuplot is held until the folder is removed. */
static int run(const struct drawing *d, struct job *job, char *const *paths, struct err *err)
{
    struct signals signals;
    signals_hold(&signals);
    job->folder = folder_make(FOLDER_RUN, err);
    int failed = job->folder == NULL ? -1 : 0;
    if (failed == 0)
        failed = write_files(d, folder_path(job->folder), err);
    if (failed == 0)
        failed = run_gnuplot(job, err);
    if (failed == 0)
        failed = deliver(d, job, paths, err);
    else if (job->signal != 0)
        (void)err_set(err, ERR_INTERRUPTED, "interrupted; no picture was written");
    folder_remove(job->folder);
    signals_release(&signals);
    return failed;
}

int drawing_draw(const struct drawing *d, char *const *paths, int *out_signal, struct err *err)
{
    struct job job = {0};
    int failed = find_scripts(d, &job, err);
    if (failed == 0)
        failed = run(d, &job, paths, err);
    for (size_t i = 0; i < DRAWING_SCRIPTS_MAX; i++)
        free(job.scripts[i]);
    *out_signal = job.signal;
    return failed;
}
