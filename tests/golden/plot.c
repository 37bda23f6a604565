/* plot: writes one of the data files of a known comparison to stdout.
 *
 * plot CASE FILE   FILE as "arms.dat"
 */
#include <stdio.h>
#include <string.h>

#include "cases/compare_cases.h"
#include "report/plot/data.h"

int main(int argc, char **argv)
{
    struct comparison c;
    struct buf out;
    const struct plot_file *f = plot_files;
    while (argc > 2 && f->name != NULL && strcmp(f->name, argv[2]) != 0)
        f++;
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
