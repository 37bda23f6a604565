#include "cli/pictures.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/drawing.h"
#include "cli/hgrm_files.h"
#include "store/file.h"

static const char *const scripts[] = {"latency.gp", "compare.gp", "heat.gp", NULL};
static const char *const pictures[] = {"latency.svg", "latency.png", "compare.svg", "compare.png",
                                       "heat.svg",    "heat.png",    NULL};

static struct drawing drawing_of(const struct comparison *c)
{
    return (struct drawing){
        .files = plot_files, .what = c, .scripts = scripts, .pictures = pictures};
}

int pictures_write_data(const struct comparison *c, const char *folder, struct err *err)
{
    const struct drawing d = drawing_of(c);
    return drawing_write_data(&d, folder, err) < 0 ? -1 : hgrm_files_write(c, folder, err);
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
    char *paths[LEN(pictures)] = {NULL};
    if (pictures_check_arms(c, err) < 0 || store_folder_make(folder, err) < 0)
        return -1;
    for (size_t i = 0; pictures[i] != NULL; i++)
        paths[i] = drawing_path(folder, pictures[i]);
    int failed = drawing_draw(&d, paths, out_signal, err);
    for (size_t i = 0; i < LEN(paths); i++)
        free(paths[i]);
    return failed;
}
