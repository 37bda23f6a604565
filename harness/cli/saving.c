#include "cli/saving.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/listing.h"

#define SELDOM 20 /* times as long as saving takes */

int saving_go_on(struct saving *s, const char *path, struct err *err)
{
    if (store_is_special(path))
        return err_set(
            err, ERR_USAGE,
            "--continue: %s is not a file, and what goes on is saved again after each step", path);
    if (s->out != NULL)
        return err_set(
            err, ERR_USAGE,
            "-o/--out beside --continue: what goes on is saved in its own file; leave -o "
            "out");
    s->path = mem_strdup(path);
    return 0;
}

void saving_save(struct saving *s, const struct document *d)
{
    struct err err;
    int64_t began_ns = clock_now_ns();
    if (s->is_off)
        return;
    int failed = s->path != NULL ? document_save_again(d, s->path, &err)
                                 : document_save(d, s->out, &s->path, &err);
    s->is_unsaved = failed < 0;
    s->saved_at_ns = clock_now_ns();
    s->took_ns = failed < 0 ? 0 : s->saved_at_ns - began_ns;
    if (failed == 0 || s->was_told)
        return;
    s->was_told = true;
    log_warn("the %s is not saved: %s; it goes on, and bench tries again after each step", d->kind,
             err.text);
}

void saving_step(struct saving *s, const struct document *d)
{
    if (clock_now_ns() - s->saved_at_ns >= SELDOM * s->took_ns)
        saving_save(s, d);
}

void saving_say(const struct saving *s, int signal)
{
    if (s->path == NULL || s->is_off)
        return;
    log_say("saved to %s%s", s->path, s->is_unsaved ? ", but not the last steps" : "");
    if (signal != 0)
        log_say("interrupted; to go on, give the same options and --continue %s", s->path);
}

int saving_check(const struct saving *s, const struct document *d, struct err *err)
{
    if (!s->is_unsaved)
        return 0;
    return err_set(err, ERR_USAGE, "the %s could not be saved%s", d->kind,
                   s->path != NULL ? " to its end" : "");
}

void saving_fini(struct saving *s)
{
    free(s->path);
    *s = (struct saving){0};
}
