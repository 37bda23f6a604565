#include "cli/easel.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/programs.h"
#include "store/file.h"

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

struct easel easel_of(const struct drawing *d)
{
    struct easel e = {0};
    for (const struct picture *p = d->pictures; p->key != NULL; p++) {
        if (p->has == NULL || p->has(d->what))
            add_sheet(&e, p);
    }
    return e;
}

void easel_fini(struct easel *e)
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
    char *argv[EASEL_ARGUMENTS] = {shell, option, command, folder, evaluate, kinds, sheet->script};
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
    step_run_all(specs, count, DRAWING_AT_ONCE, ends, &e->stop);
    for (size_t i = e->count; i-- > 0;) {
        if (e->sheets[i].script != NULL)
            e->sheets[i].end = ends[--count];
    }
    free(set_kinds);
    free(folder);
    free(ends);
    free(specs);
}

void easel_fail(struct easel *e, const struct err *err)
{
    for (size_t i = 0; i < e->count; i++)
        e->sheets[i].end = *err;
}

/* The files that the scripts read. */
static int write_files(const struct drawing *d, const char *folder, struct err *err)
{
    struct batch files;
    batch_init(&files, NULL);
    int failed = drawing_add_data(d, folder, &files, err);
    if (failed == 0)
        failed = batch_finish(&files, err);
    batch_fini(&files);
    if (failed == 0)
        return 0;
    struct err why = *err;
    return err_set(err, why.kind, "%s; free some space in %s, or set TMPDIR to another folder",
                   why.text, folder_place());
}

void easel_draw(struct easel *e, const struct drawing *d, const char *kinds)
{
    struct err err = {0};
    e->folder = folder_make(FOLDER_RUN, &err);
    if (e->folder == NULL || write_files(d, folder_path(e->folder), &err) < 0)
        easel_fail(e, &err);
    else
        run_gnuplots(e, kinds);
    for (size_t i = 0; i < e->count && e->folder != NULL; i++)
        folder_anonymise(e->folder, e->sheets[i].end.text);
}

/* --- what gnuplot made --- */

/* A full disk cuts a picture short, and gnuplot does not notice. Of the axes each line is checked
 * when it is read. */
static bool is_whole(const char *kind, const struct buf *picture)
{
    if (strcmp(kind, "axes") == 0)
        return true;
    static const char svg[] = "</svg>";
    static const char png[] = "\0\0\0\0IEND\xae\x42\x60\x82";
    const char *end = strcmp(kind, "svg") == 0 ? svg : png;
    size_t tail = strcmp(kind, "svg") == 0 ? sizeof svg - 1 : sizeof png - 1;
    size_t len = picture->len;
    while (end == svg && len > 0 && isspace((unsigned char)picture->data[len - 1]))
        len--;
    return len >= tail && memcmp(picture->data + len - tail, end, tail) == 0;
}

int easel_read(const struct easel *e, const struct sheet *sheet, const char *kind, struct buf *out,
               struct err *err)
{
    buf_init(out, BUF_TEXT_MAX);
    *err = sheet->end;
    if (sheet->end.kind != ERR_NONE)
        return -1;
    char *name = mem_printf("%s.%s", sheet->picture->key, kind);
    char *path = drawing_path(folder_path(e->folder), name);
    int failed = store_file_read(path, out, err);
    if (failed == 0 && !is_whole(kind, out))
        failed = err_set(err, ERR_USAGE,
                         "%s is %s; is %s full? Free some space there, or set TMPDIR to another "
                         "folder",
                         name, out->len == 0 ? "empty" : "cut short", folder_place());
    free(path);
    free(name);
    folder_anonymise(e->folder, err->text);
    return failed < 0 ? err_wrap(err, "gnuplot succeeded, but") : 0;
}

void easel_close(struct easel *e)
{
    folder_remove(e->folder);
    e->folder = NULL;
}
