#include "cli/sweep_pictures.h"

#include "cli/gathered.h"
#include "cli/pictures.h"

static struct drawing drawing_of(const struct ranking *r, const struct inputs *inputs)
{
    bool is_map = r->sweep->naxes > 1;
    return (struct drawing){.files = is_map ? map_files : sweep_files,
                            .pictures = is_map ? map_pictures : sweep_pictures,
                            .what = r,
                            .inputs = inputs};
}

int sweep_pictures_write_data(const struct ranking *r, const char *folder,
                              const struct inputs *inputs, struct err *err)
{
    const struct drawing d = drawing_of(r, inputs);
    return pictures_write_columns(&d, &r->sweep->comparison, folder, err);
}

/* The arms of a picture have colours of their own. */
static int check(const struct sweep *s, struct err *err)
{
    if (pictures_check_count(s->narms, err) < 0)
        return -1;
    if (!gathered_has_result(&s->comparison))
        return err_set(err, ERR_INVALID,
                       "nothing to draw: no arm has a result; bench report without -o shows why");
    return 0;
}

int sweep_pictures_draw(const struct ranking *r, const char *folder, const struct inputs *inputs,
                        int *out_signal, struct err *err)
{
    const struct drawing d = drawing_of(r, inputs);
    *out_signal = 0;
    return check(r->sweep, err) < 0 ? -1 : drawing_write(&d, folder, out_signal, err);
}

int sweep_pictures_svgs(const struct ranking *r, struct drawn **out, size_t *count,
                        struct step_stop *stop, struct err *err)
{
    const struct drawing d = drawing_of(r, NULL);
    struct err why;
    if (check(r->sweep, &why) == 0)
        return drawing_svgs(&d, out, count, stop, err);
    drawing_refused(&d, why.text, out, count);
    return 0;
}
