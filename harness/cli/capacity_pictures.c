#include "cli/capacity_pictures.h"

#include <math.h>

#include "cli/pictures.h"

static struct drawing drawing_of(const struct capacity_page *p, const struct inputs *inputs)
{
    return (struct drawing){
        .files = capacity_files, .pictures = capacity_pictures, .what = p, .inputs = inputs};
}

bool capacity_pictures_are_there(const struct capacity *c)
{
    for (size_t i = 0; i < c->ntrials; i++) {
        if (!isnan(c->trials[i].rate_rps))
            return true;
    }
    return false;
}

int capacity_pictures_write_data(const struct capacity_page *p, const char *folder,
                                 const struct inputs *inputs, struct err *err)
{
    const struct drawing d = drawing_of(p, inputs);
    return drawing_write_data(&d, folder, err);
}

/* The arms of a picture have colours of their own. */
static int check(const struct capacity *c, struct err *err)
{
    if (pictures_check_count(c->narms, err) < 0)
        return -1;
    if (!capacity_pictures_are_there(c))
        return err_set(err, ERR_INVALID,
                       "nothing to draw: no trial was run at a rate; bench report without -o shows "
                       "why");
    return 0;
}

int capacity_pictures_draw(const struct capacity_page *p, const char *folder,
                           const struct inputs *inputs, int *out_signal, struct err *err)
{
    const struct drawing d = drawing_of(p, inputs);
    *out_signal = 0;
    return check(p->capacity, err) < 0 ? -1 : drawing_write(&d, folder, out_signal, err);
}

int capacity_pictures_svgs(const struct capacity_page *p, struct drawn **out, size_t *count,
                           struct step_stop *stop, struct err *err)
{
    const struct drawing d = drawing_of(p, NULL);
    struct err why;
    if (check(p->capacity, &why) == 0)
        return drawing_svgs(&d, out, count, stop, err);
    drawing_refused(&d, why.text, out, count);
    return 0;
}
