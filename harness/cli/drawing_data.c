/* The data files of a drawing, which gnuplot reads and --data writes. */
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/drawing.h"

char *drawing_path(const char *folder, const char *name)
{
    return mem_printf("%s%s%s", folder, str_ends(folder, "/") ? "" : "/", name);
}

static int add_file(const char *folder, const struct plot_file *file, const void *what,
                    struct batch *into, struct err *err)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    file->write(what, &text);
    char *path = drawing_path(folder, file->name);
    int failed = batch_add(into, path, text.data, text.len, err);
    free(path);
    buf_fini(&text);
    return failed;
}

int drawing_add_data(const struct drawing *d, const char *folder, struct batch *into,
                     struct err *err)
{
    int failed = batch_folder(into, folder, err);
    for (const struct plot_file *f = d->files; failed == 0 && f->name != NULL; f++)
        failed = add_file(folder, f, d->what, into, err);
    return failed;
}

void drawing_say_data(const struct drawing *d, const char *folder)
{
    for (const struct plot_file *f = d->files; f->name != NULL; f++) {
        char *path = drawing_path(folder, f->name);
        log_say("wrote %s", path);
        free(path);
    }
}

int drawing_write_data(const struct drawing *d, const char *folder, struct err *err)
{
    struct batch files;
    batch_init(&files, d->inputs);
    int failed = drawing_add_data(d, folder, &files, err);
    if (failed == 0)
        failed = batch_finish(&files, err);
    batch_fini(&files);
    if (failed == 0)
        drawing_say_data(d, folder);
    return failed;
}
