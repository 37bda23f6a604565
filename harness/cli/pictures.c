#include "cli/pictures.h"

#include <stdlib.h>

static struct drawing drawing_of(const struct comparison *c)
{
    return (struct drawing){.files = plot_files, .pictures = comparison_pictures, .what = c};
}

int pictures_write_data(const struct comparison *c, const char *folder, struct err *err)
{
    const struct drawing d = drawing_of(c);
    return drawing_write_data(&d, folder, err);
}

int pictures_check_arms(const struct comparison *c, struct err *err)
{
    if (c->narms <= PICTURE_ARMS_MAX)
        return 0;
    return err_set(err, ERR_USAGE,
                   "a picture shows at most %d arms, and these are more; give fewer results, or "
                   "use --data DIR, which has no limit",
                   PICTURE_ARMS_MAX);
}

int pictures_draw(const struct comparison *c, const char *folder, int *out_signal, struct err *err)
{
    const struct drawing d = drawing_of(c);
    if (pictures_check_arms(c, err) < 0)
        return -1;
    return drawing_write(&d, folder, out_signal, err);
}

int pictures_svgs(const struct comparison *c, struct drawn **out, size_t *count, int *out_signal,
                  struct err *err)
{
    const struct drawing d = drawing_of(c);
    struct err many;
    if (pictures_check_arms(c, &many) == 0)
        return drawing_svgs(&d, out, count, out_signal, err);
    *out_signal = 0;
    drawing_refused(&d, many.text, out, count);
    return 0;
}
