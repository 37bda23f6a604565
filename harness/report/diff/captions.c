#include <string.h>

#include "base/clock.h"
#include "report/diff/report_internal.h"
#include "report/text.h"

/* "head.json" of "runs/head.json": a picture has little room. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

static void add_side(const char *label, const char *path, const struct diff_side *side,
                     struct buf *out)
{
    char wall[32];
    text_list(out, "%s %s", label, last_part(path));
    if (side->started_wall_ms <= 0)
        return;
    clock_format_wall(side->started_wall_ms, wall, sizeof wall);
    buf_printf(out, " (%.10s)", wall);
}

static bool is_listed(const struct diff *d, size_t file, size_t entry)
{
    const char *what = d->files[file].entries[entry].what;
    for (size_t i = 0; i <= file; i++) {
        for (size_t k = 0; k < d->files[i].nentries && (i < file || k < entry); k++) {
            if (strcmp(d->files[i].entries[k].what, what) == 0)
                return true;
        }
    }
    return false;
}

void report_diff_captions(const struct diff *d, struct buf *sides, struct buf *differences)
{
    struct buf names;
    buf_init(&names, BUF_TEXT_MAX);
    for (size_t i = 0; i < d->nfiles; i++) {
        for (size_t k = 0; k < d->files[i].nentries; k++) {
            if (!is_listed(d, i, k))
                text_list(&names, "%s", d->files[i].entries[k].what);
        }
    }
    if (d->nfiles > 0) {
        add_side("OLD", d->old_path, &d->files[0].old_side, sides);
        add_side("NEW", d->new_path, &d->files[0].new_side, sides);
    }
    if (names.len > 0)
        buf_printf(differences, "differs: %s", names.data);
    else
        buf_puts(differences, "same plan, machine and tool");
    buf_fini(&names);
}
