/* plot: writes one of the data files of a known comparison to stdout, or all captions.
 *
 * plot CASE FILE       FILE as "arms.dat"
 * plot CASE captions   of the pictures that have something to show
 */
#include <stdio.h>
#include <string.h>

#include "cases/compare_cases.h"
#include "report/plot/data.h"
#include "report/plot/picture.h"

static void write_captions(const void *what, struct buf *out)
{
    for (const struct picture *p = comparison_pictures; p->key != NULL; p++) {
        if (!p->has(what))
            continue;
        buf_printf(out, "%s: %s\n  read  ", p->key, p->title);
        p->read(what, out);
        buf_puts(out, "\n  see   ");
        p->see(what, out);
        buf_puts(out, "\n");
    }
}

int main(int argc, char **argv)
{
    struct comparison c;
    struct buf out;
    const struct plot_file *f = plot_files;
    const struct plot_file captions = {.name = "captions", .write = write_captions};
    while (argc > 2 && f->name != NULL && strcmp(f->name, argv[2]) != 0)
        f++;
    if (argc > 2 && strcmp(argv[2], captions.name) == 0)
        f = &captions;
    if (argc < 3 || f->name == NULL || compare_case(argv[1], &c) < 0) {
        (void)fprintf(stderr, "usage: plot CASE FILE\n");
        return 2;
    }
    buf_init(&out, BUF_TEXT_MAX);
    f->write(&c, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    comparison_fini(&c);
    return 0;
}
