#include "report/plot/shift.h"

#include "base/mem.h"
#include "report/plot/field.h"

/* Only the names count: a curve has no number of its own. */
static void write_arms(const void *what, struct buf *out)
{
    const struct shift_picture *picture = what;
    buf_puts(out, PLOT_ARMS_HEAD);
    for (size_t i = 0; i < picture->shift->count; i++) {
        plot_arm(out, i, picture->shift->curves[i].name);
        buf_puts(out, "\t1\tNaN\t\" \"\n");
    }
}

static void write_captions(const void *what, struct buf *out)
{
    const struct shift_picture *picture = what;
    buf_puts(out, "# What was measured, and what differs. As shown in the SVG and in the PNG.\n");
    for (size_t i = 0; i < LEN(picture->captions); i++)
        plot_caption(out, i, picture->captions[i]);
    plot_caption(out, LEN(picture->captions), "");
}

static void add_point(const struct shift_point *p, struct buf *out)
{
    buf_printf(out, "%.12g\t%.12g", p->q, 1 / (1 - p->q));
    plot_number(out, p->ratio);
    plot_number(out, p->low);
    plot_number(out, p->high);
    buf_printf(out, "\t%d\n", (int)p->known);
}

static void write_shift(const void *what, struct buf *out)
{
    const struct shift *shift = ((const struct shift_picture *)what)->shift;
    buf_puts(out,
             "# Latency of NEW divided by that of OLD, by quantile. One block per curve, in the\n"
             "# order of arms.dat, separated by two empty lines. low, high: the ends of an\n"
             "# interval. known: 0 exact, 1 the ratio or more, 2 the ratio or less, 3 unknown.\n"
             "# A block of NaN: too few samples for any quantile.\n"
             "# quantile\t1/(1-quantile)\tratio\tlow\thigh\tknown\n");
    for (size_t i = 0; i < shift->count; i++) {
        const struct shift_curve *curve = &shift->curves[i];
        buf_printf(out, "%s# curve %zu ", i == 0 ? "" : "\n\n", i);
        plot_text(out, curve->name, SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, curve->count == 0 ? "\nNaN\tNaN\tNaN\tNaN\tNaN\tNaN\n" : "\n");
        for (size_t k = 0; k < curve->count; k++)
            add_point(&curve->points[k], out);
    }
}

const struct plot_file shift_files[] = {
    {.name = "arms.dat", .write = write_arms},
    {.name = "caption.dat", .write = write_captions},
    {.name = "shift.dat", .write = write_shift},
    {NULL, NULL},
};
