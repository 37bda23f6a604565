#include "report/plot/session.h"

#include "report/plot/field.h"
#include <stdint.h>

enum shift_file { SHIFT_ARMS, SHIFT_CAPTIONS, SHIFT_CURVES };

static void write_part(const void *what, enum shift_file file, struct buf *out)
{
    const struct session_picture *p = what;
    shift_files[file].write(&p->shift, out);
}

static void write_arms(const void *what, struct buf *out)
{
    write_part(what, SHIFT_ARMS, out);
}

static void write_captions(const void *what, struct buf *out)
{
    write_part(what, SHIFT_CAPTIONS, out);
}

static void write_shift(const void *what, struct buf *out)
{
    write_part(what, SHIFT_CURVES, out);
}

static void write_gates(const void *what, struct buf *out)
{
    const struct session_picture *p = what;
    buf_puts(out,
             "# The gates: index, name, label in the SVG, label in the PNG, limit, and 1 where\n"
             "# the bad case lies below it.\n"
             "\"gate\"\t\"name\"\t\"label\"\t\"plain_label\"\t\"limit\"\t\"below\"\n");
    for (size_t i = 0; i < p->npanels; i++) {
        plot_arm(out, i, p->panels[i].title);
        plot_number(out, p->panels[i].limit);
        buf_printf(out, "\t%d\n", p->panels[i].is_below);
    }
}

static void write_blocks(const void *what, struct buf *out)
{
    const struct session_picture *p = what;
    buf_puts(out,
             "# The change in each block. One block of rows per gate, in the order of gates.dat,\n"
             "# separated by two empty lines. redone: how often it was measured before.\n"
             "# block\tchange\tredone\n");
    for (size_t i = 0; i < p->npanels; i++) {
        buf_printf(out, "%s# gate %zu ", i == 0 ? "" : "\n\n", i);
        plot_text(out, p->panels[i].title, SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, p->nblocks == 0 ? "\nNaN\tNaN\tNaN\n" : "\n");
        for (size_t k = 0; k < p->nblocks; k++) {
            buf_printf(out, "%zu", k + 1);
            plot_number(out, p->panels[i].changes[k]);
            buf_printf(out, "\t%zu\n", p->redone[k]);
        }
    }
}

const struct plot_file session_files[] = {
    {.name = "arms.dat", .write = write_arms},     {.name = "caption.dat", .write = write_captions},
    {.name = "shift.dat", .write = write_shift},   {.name = "gates.dat", .write = write_gates},
    {.name = "blocks.dat", .write = write_blocks}, {NULL, NULL},
};
