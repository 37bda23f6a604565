#include "cli/gathered.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define DIGITS "0123456789"

/* How many arms have the name, or the name and a number: so many numbers are taken. */
static int count_alike(const struct comparison *c, const char *name)
{
    int count = 0;
    size_t len = strlen(name);
    for (size_t i = 0; i < c->narms; i++) {
        const char *end = c->arms[i].name + len;
        bool begins = strncmp(c->arms[i].name, name, len) == 0;
        count += begins && (*end == '\0' || (*end == ' ' && end[1 + strspn(end + 1, DIGITS)] == 0));
    }
    return count;
}

/* Adds "pool", or "pool 2" if that exists. Returns the index of the new arm. */
static size_t add_arm(struct comparison *c, const char *name)
{
    char *free_name = mem_strdup(name);
    size_t same = 0;
    for (int number = count_alike(c, name) + 1; comparison_find_arm(c, free_name, &same);
         number++) {
        free(free_name);
        free_name = mem_printf("%s %d", name, number);
    }
    (void)comparison_add_arm(c, free_name);
    free(free_name);
    return c->narms - 1;
}

static void take_comparison(struct comparison *all, struct comparison *from)
{
    for (size_t i = 0; i < from->narms; i++) {
        struct arm *arm = &from->arms[i];
        size_t at = add_arm(all, arm->name);
        for (size_t k = 0; k < arm->nresults; k++)
            comparison_add_result(all, at, (int64_t)k + 1, &arm->results[k]);
    }
}

int gathered_check_count(size_t files, struct err *err)
{
    if (files <= COMPARISON_TRIALS_MAX)
        return 0;
    return err_set(err, ERR_USAGE,
                   "%zu files given, but only %d results can be drawn together; give fewer, or use "
                   "--format csv, which has no limit",
                   files, COMPARISON_TRIALS_MAX);
}

bool gathered_has_result(const struct comparison *all)
{
    for (size_t i = 0; i < all->narms; i++) {
        if (all->arms[i].nresults > 0)
            return true;
    }
    return false;
}

int gathered_add(struct comparison *all, const char *path, struct stored *s, struct err *err)
{
    if (s->kind != STORED_RESULT && s->kind != STORED_COMPARISON)
        return err_set(err, ERR_USAGE, "%s: %s has pictures of its own; give it alone", path,
                       stored_names[s->kind]);
    if (s->kind == STORED_RESULT)
        comparison_add_result(all, add_arm(all, result_name(&s->result)), 1, &s->result);
    else
        take_comparison(all, &s->comparison);
    return 0;
}

/* Names the arm "old" for "runs/old.json", because two files may have the same target. */
void gathered_add_result(struct comparison *all, const char *path, struct result *r)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL || slash[1] == '\0' ? path : slash + 1;
    size_t len = strlen(name) - (str_ends(name, ".json") ? strlen(".json") : 0);
    char *short_name = mem_strndup(name, len == 0 ? strlen(name) : len);
    comparison_add_result(all, add_arm(all, short_name), 1, r);
    free(short_name);
}
