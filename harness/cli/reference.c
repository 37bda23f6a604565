#include "cli/reference.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/reference.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

static int unknown(const char *name, const char *const *arms, size_t count, struct err *err)
{
    struct buf list;
    buf_init(&list, sizeof err->text);
    for (size_t i = 0; i < count; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : ", ", arms[i]);
    (void)err_set(err, ERR_USAGE, "--reference: no arm is called '%.*s'; the arms are %s",
                  (int)str_fit(name, 40), name, list.data);
    str_make_printable(err->text, strlen(err->text));
    buf_fini(&list);
    return -1;
}

int reference_find(const char *name, const char *const *arms, size_t count, size_t *out,
                   struct err *err)
{
    size_t at = 0;
    while (at < count && strcmp(arms[at], name) != 0)
        at++;
    if (at == count)
        return unknown(name, arms, count, err);
    if (count < 2)
        return err_set(err, ERR_USAGE,
                       "--reference: there is one arm only, and nothing to compare with it");
    *out = at;
    return 0;
}

int reference_check_rounds(int64_t rounds, struct err *err)
{
    if (rounds < REFERENCE_ROUNDS_LEAST)
        return err_set(err, ERR_USAGE,
                       "--reference: %lld round%s, but no 95 %% verdict exists below %d; use "
                       "--rounds %d or more, or leave --rounds out",
                       (long long)rounds, rounds == 1 ? "" : "s", REFERENCE_ROUNDS_LEAST,
                       REFERENCE_ROUNDS_LEAST);
    if (rounds > REFERENCE_ROUNDS_MOST)
        return err_set(err, ERR_USAGE,
                       "--reference: %lld rounds, but verdicts look at %d at most; use fewer, and "
                       "a longer -d",
                       (long long)rounds, REFERENCE_ROUNDS_MOST);
    return 0;
}

int reference_judge_stored(const char *name, struct comparison *c, struct err *err)
{
    size_t arm = c->reference != NULL ? c->reference->arm : 0;
    if (name == NULL && c->reference == NULL)
        return 0;
    if (name != NULL) {
        const char **names = mem_array(c->narms, sizeof *names);
        for (size_t i = 0; i < c->narms; i++)
            names[i] = c->arms[i].name;
        int failed = reference_find(name, names, c->narms, &arm, err);
        free(names);
        if (failed < 0)
            return -1;
        if (c->rounds < REFERENCE_ROUNDS_LEAST)
            return err_set(err, ERR_USAGE,
                           "--reference: %lld round%s, but no 95 %% verdict exists below %d",
                           (long long)c->rounds, c->rounds == 1 ? "" : "s", REFERENCE_ROUNDS_LEAST);
    }
    reference_judge(c, arm);
    return 0;
}
