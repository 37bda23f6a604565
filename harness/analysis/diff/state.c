/* What is wrong with a run, or with rounds of an arm; and how many rounds there are. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diff/diff_internal.h"
#include "base/buf.h"
#include "base/mem.h"

static bool is_invalid(const struct result *r)
{
    return !r->valid;
}

static bool is_interrupted(const struct result *r)
{
    return r->interrupted;
}

static bool is_disturbed(const struct result *r)
{
    return r->machine.is_disturbed;
}

static bool is_saturated(const struct result *r)
{
    return r->client.saturated;
}

static bool is_late(const struct result *r)
{
    return r->client.late;
}

static const struct flaw {
    const char *what;
    bool (*has)(const struct result *r);
} flaws[] = {
    {"invalid", is_invalid},
    {"interrupted", is_interrupted},
    {"disturbed by other programs or steal", is_disturbed},
    {"load generator saturated", is_saturated},
    {"load generator late", is_late},
};

static size_t count_flawed(const struct arm *arm, const struct flaw *flaw)
{
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++)
        count += flaw->has(&arm->results[i]);
    return count;
}

static char *share_of(size_t count, const struct arm *arm, enum diff_kind kind)
{
    size_t rounds = arm->nresults + arm->nproblems;
    if (kind == DIFF_RESULTS)
        return mem_strdup(count > 0 ? "yes" : "no");
    return mem_printf("%zu of %zu round%s", count, rounds, rounds == 1 ? "" : "s");
}

/* Nothing when neither side has any. */
static void add_count(struct diff_file *file, const char *what, const struct arm *old,
                      size_t old_count, const struct arm *new, size_t new_count)
{
    if (old_count + new_count == 0)
        return;
    char *before = share_of(old_count, old, file->kind);
    char *after = share_of(new_count, new, file->kind);
    diff_add_entry(file, new->name, DIFF_STATE, what, before, after);
    free(before);
    free(after);
}

static bool has_code(const struct str_list *codes, const char *code)
{
    for (size_t i = 0; i < codes->count; i++) {
        if (strcmp(codes->items[i], code) == 0)
            return true;
    }
    return false;
}

#define CODES_MAX 50 /* there are fewer; a hostile file may have any number */

/* "busy-machine, few-samples": each code once, in the order of the rounds. */
static char *codes_of(const struct arm *arm)
{
    struct str_list codes = {0};
    struct buf joined;
    buf_init(&joined, BUF_TEXT_MAX);
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        for (size_t k = 0; k < r->nwarnings && codes.count < CODES_MAX; k++) {
            if (has_code(&codes, r->warnings[k].code))
                continue;
            buf_printf(&joined, "%s%s", codes.count == 0 ? "" : ", ", r->warnings[k].code);
            str_list_add(&codes, r->warnings[k].code);
        }
    }
    if (codes.count == 0)
        buf_puts(&joined, "none");
    char *text = buf_take(&joined);
    str_list_fini(&codes);
    buf_fini(&joined);
    return text;
}

void diff_add_state(const struct arm *old, const struct arm *new, struct diff_file *file)
{
    char *before = codes_of(old);
    char *after = codes_of(new);
    add_count(file, "without a result", old, old->nproblems, new, new->nproblems);
    for (size_t i = 0; i < LEN(flaws); i++)
        add_count(file, flaws[i].what, old, count_flawed(old, &flaws[i]), new,
                  count_flawed(new, &flaws[i]));
    if (strcmp(before, after) != 0)
        diff_add_entry(file, new->name, DIFF_STATE, "warnings", before, after);
    free(before);
    free(after);
}

/* --- the comparisons themselves --- */

static char *rounds_of(const struct comparison *c)
{
    return isnan(c->divided_duration_s)
               ? mem_printf("%" PRId64, c->rounds)
               : mem_printf("%" PRId64 ", which share %.3g s", c->rounds, c->divided_duration_s);
}

void diff_add_whole(const struct comparison *old, const struct comparison *new,
                    struct diff_file *file)
{
    char *before = rounds_of(old);
    char *after = rounds_of(new);
    if (strcmp(before, after) != 0)
        diff_add_entry(file, NULL, DIFF_PLAN, "rounds", before, after);
    if (old->interrupted || new->interrupted)
        diff_add_entry(file, NULL, DIFF_STATE, "comparison interrupted",
                       old->interrupted ? "yes" : "no", new->interrupted ? "yes" : "no");
    free(before);
    free(after);
}
