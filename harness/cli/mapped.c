#include "cli/mapped.h"

#include "analysis/sweep/takeaway.h"
#include "store/sweep_file.h"

int mapped_load(const char *path, struct mapped *out, struct err *err)
{
    *out = (struct mapped){0};
    if (path == NULL)
        return 0;
    if (sweep_load(path, &out->sweep, err) < 0)
        return err_wrap(err, "--map");
    out->is_there = sweep_goal_parse(out->sweep.goal, false, &out->goal, err) == 0;
    if (out->is_there)
        return 0;
    sweep_fini(&out->sweep);
    return err_wrap(err, "--map: %s: goal", path);
}

void mapped_fini(struct mapped *m)
{
    if (m->is_there) {
        sweep_fini(&m->sweep);
        sweep_goal_fini(&m->goal);
    }
    *m = (struct mapped){0};
}

void mapped_add(const struct mapped *m, struct comparison *c)
{
    if (m->is_there)
        takeaway_add(c, &m->sweep, &m->goal);
}

int mapped_add_stored(const struct mapped *m, struct stored *s, struct err *err)
{
    if (!m->is_there)
        return 0;
    if (s->kind != STORED_COMPARISON || s->comparison.nclaims == 0)
        return err_set(err, ERR_USAGE,
                       "--map: this has no claims that a map could judge; give a file of bench "
                       "compare --article");
    takeaway_add(&s->comparison, &m->sweep, &m->goal);
    return 0;
}
