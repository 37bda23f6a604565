#include "cli/pictures.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <uv.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/child.h"
#include "proc/folder.h"
#include "proc/programs.h"
#include "proc/tail.h"
#include "report/plot_data.h"
#include "store/file.h"

#define TIME_LIMIT_MS 60000 /* a second is usual */
#define GRACE         (NS_PER_S / 2)
#define TAIL_SHOWN    600
#define NOT_FOUND     127 /* of a shell that cannot find a command */

static const char *const script_names[] = {"latency.gp", "compare.gp"};
static const char *const picture_names[] = {"latency.svg", "latency.png", "compare.svg",
                                            "compare.png"};

/* gnuplot at work. */
struct drawing {
    char *folder; /* private */
    char *scripts[LEN(script_names)];
    uv_loop_t loop;
    uv_signal_t signals[2];
    uv_timer_t limit;
    struct child *child;
    struct child_exit how;
    bool ended, too_long;
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
    (void)fprintf(stderr, "wrote %s%s%s\n", folder, str_ends(folder, "/") ? "" : "/", name);
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
    char *path = mem_printf("%s/%s", d->folder, name);
    buf_init(out, BUF_TEXT_MAX);
    int failed = store_file_read(path, out, err);
    free(path);
    if (failed == 0 && out->len == 0)
        failed = err_set(err, ERR_USAGE, "%s is empty", name);
    return failed < 0 ? err_wrap(err, "gnuplot ended well, but") : 0;
}

/* All or none is read, and only then the first of the old ones replaced. */
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

static void remove_folder(struct drawing *d)
{
    int fd = d->folder == NULL ? -1 : folder_open(d->folder);
    if (fd >= 0)
        folder_remove(d->folder, fd);
    free(d->folder);
}

/* --- gnuplot --- */

static void close_handles(struct drawing *d)
{
    for (size_t i = 0; i < LEN(d->signals); i++)
        uv_close((uv_handle_t *)&d->signals[i], NULL);
    uv_close((uv_handle_t *)&d->limit, NULL);
}

static void on_end(void *ctx, const struct child_exit *how)
{
    struct drawing *d = ctx;
    d->how = *how;
    d->ended = true;
    close_handles(d);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct drawing *d = handle->data;
    d->signal = number;
    child_stop(d->child, GRACE);
}

static void on_limit(uv_timer_t *handle)
{
    struct drawing *d = handle->data;
    d->too_long = true;
    child_stop(d->child, GRACE);
}

/* From here on a Ctrl-C waits until the folder is gone again. */
static void watch(struct drawing *d)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    (void)uv_loop_init(&d->loop);
    for (size_t i = 0; i < LEN(d->signals); i++) {
        (void)uv_signal_init(&d->loop, &d->signals[i]);
        d->signals[i].data = d;
        (void)uv_signal_start(&d->signals[i], on_signal, numbers[i]);
    }
    (void)uv_timer_init(&d->loop, &d->limit);
    d->limit.data = d;
    (void)uv_timer_start(&d->limit, on_limit, TIME_LIMIT_MS, 0);
}

/* The shell takes the paths as its arguments, never as a part of the command; -d keeps gnuplot from
 * a user's own start-up file. */
static int start(struct drawing *d, struct err *err)
{
    static char shell[] = "/bin/sh";
    static char option[] = "-c";
    static char command[] = "cd -- \"$0\" && exec gnuplot -d \"$@\"";
    static const char *const env[] = {"LC_ALL=C.UTF-8", NULL};
    char *argv[] = {shell, option, command, d->folder, d->scripts[0], d->scripts[1], NULL};
    d->child =
        child_start(&d->loop, &(struct child_spec){.argv = argv, .env = env, .role = "gnuplot"},
                    &(struct child_events){.ctx = d, .on_exit = on_end}, err);
    return d->child == NULL ? -1 : 0;
}

static int judge(const struct drawing *d, struct err *err)
{
    char text[CHILD_EXIT_TEXT_MAX];
    if (d->signal != 0)
        return err_set(err, ERR_INTERRUPTED, "interrupted; no picture was written");
    if (d->too_long)
        return err_set(err, ERR_USAGE, "gnuplot was not done after %d s and was stopped",
                       TIME_LIMIT_MS / 1000);
    if (WIFEXITED(d->how.status) && WEXITSTATUS(d->how.status) == NOT_FOUND)
        return err_set(err, ERR_USAGE,
                       "gnuplot is not installed: apt-get install gnuplot-nox; --data DIR writes "
                       "what would be drawn without it");
    if (d->how.status == 0 && d->how.problem == NULL)
        return 0;
    return err_set(err, ERR_USAGE, "gnuplot failed (%s); its last lines:\n%s",
                   child_exit_text(&d->how, text, sizeof text),
                   tail_last_lines(child_stderr_tail(d->child), TAIL_SHOWN));
}

static int run(struct drawing *d, const struct comparison *c, const char *folder, struct err *err)
{
    if (folder_make(&d->folder, err) < 0 || write_files(d->folder, c, err) < 0 || start(d, err) < 0)
        return -1;
    (void)uv_run(&d->loop, UV_RUN_DEFAULT);
    if (judge(d, err) < 0)
        return -1;
    return deliver(d, folder, err);
}

int pictures_draw(const struct comparison *c, const char *folder, int *out_signal, struct err *err)
{
    struct drawing d = {0};
    int failed = 0;
    if (c->narms > PICTURE_ARMS_MAX)
        return err_set(err, ERR_USAGE,
                       "a picture shows at most %d arms, and these are %zu; give fewer results, or "
                       "--data DIR, which takes any number",
                       PICTURE_ARMS_MAX, c->narms);
    if (store_folder_make(folder, err) < 0)
        return -1;
    failed = find_scripts(&d, err);
    if (failed == 0) {
        watch(&d);
        failed = run(&d, c, folder, err);
        if (!d.ended)
            close_handles(&d);
        (void)uv_run(&d.loop, UV_RUN_DEFAULT);
        (void)uv_loop_close(&d.loop);
        remove_folder(&d);
    }
    for (size_t i = 0; i < LEN(d.scripts); i++)
        free(d.scripts[i]);
    child_free(d.child);
    *out_signal = d.signal;
    return failed;
}
