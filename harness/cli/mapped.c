#include "cli/mapped.h"

#include "analysis/sweep/takeaway.h"
#include "store/sweep_file.h"

int mapped_load(const char *path, const char *goal, struct mapped *out, struct err *err)
{
    *out = (struct mapped){0};
    if (path == NULL)
        return 0;
    if (sweep_load(path, &out->sweep, err) < 0)
        return err_wrap(err, "--map");
    out->is_there = ranking_init(&out->ranking, &out->sweep, goal, err) == 0;
    if (out->is_there)
        return 0;
    sweep_fini(&out->sweep);
    return err_wrap(err, "--map: %s", path);
}

void mapped_fini(struct mapped *m)
{
    if (m->is_there) {
        ranking_fini(&m->ranking);
        sweep_fini(&m->sweep);
    }
    *m = (struct mapped){0};
}

void mapped_add(const struct mapped *m, struct comparison *c)
{
    if (m->is_there)
        takeaway_add(c, &m->ranking);
}

int mapped_add_stored(const struct mapped *m, struct stored *s, struct err *err)
{
    if (!m->is_there)
        return 0;
    if (s->kind != STORED_COMPARISON || s->comparison.nclaims == 0)
        return err_set(err, ERR_USAGE,
                       "--map: this has no claims that a map could judge; give a file of bench "
                       "compare --article");
    takeaway_add(&s->comparison, &m->ranking);
    return 0;
}
