#include "cli/pictures.h"

#include <stdlib.h>

#include "cli/hgrm_files.h"

static struct drawing drawing_of(const struct comparison *c, const struct inputs *inputs)
{
    return (struct drawing){
        .files = plot_files, .pictures = comparison_pictures, .what = c, .inputs = inputs};
}

int pictures_write_columns(const struct drawing *d, const struct comparison *c, const char *folder,
                           struct err *err)
{
    struct batch files;
    size_t count = 0;
    batch_init(&files, d->inputs);
    int failed = drawing_add_data(d, folder, &files, err);
    if (failed == 0)
        failed = hgrm_files_add(c, folder, &files, &count, err);
    if (failed == 0)
        failed = batch_finish(&files, err);
    batch_fini(&files);
    if (failed < 0)
        return -1;
    drawing_say_data(d, folder);
    hgrm_files_say(folder, count);
    return 0;
}

int pictures_write_data(const struct comparison *c, const char *folder, const struct inputs *inputs,
                        struct err *err)
{
    const struct drawing d = drawing_of(c, inputs);
    return pictures_write_columns(&d, c, folder, err);
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

int pictures_check_count(size_t narms, struct err *err)
{
    if (narms <= PICTURE_ARMS_MAX)
        return 0;
    return err_set(err, ERR_USAGE,
                   "a picture shows at most %d arms, and these are %zu; use --data DIR, which has "
                   "no limit",
                   PICTURE_ARMS_MAX, narms);
}

int pictures_draw(const struct comparison *c, const char *folder, const struct inputs *inputs,
                  int *out_signal, struct err *err)
{
    const struct drawing d = drawing_of(c, inputs);
    if (pictures_check_arms(c, err) < 0)
        return -1;
    return drawing_write(&d, folder, out_signal, err);
}

int pictures_svgs(const struct comparison *c, struct drawn **out, size_t *count,
                  struct step_stop *stop, struct err *err)
{
    const struct drawing d = drawing_of(c, NULL);
    struct err many;
    if (pictures_check_arms(c, &many) == 0)
        return drawing_svgs(&d, out, count, stop, err);
    drawing_refused(&d, many.text, out, count);
    return 0;
}
