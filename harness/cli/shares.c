#include "cli/shares.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/journal.h"
#include "store/result_file.h"

/* A file of the other kind is no JSON, or not on one line. */
static int advise(struct err *err, const char *advice)
{
    if (strstr(err->text, "not JSON") == NULL)
        return -1;
    size_t len = strlen(err->text);
    (void)snprintf(err->text + len, sizeof err->text - len, "; %s", advice);
    return -1;
}

static int load_results(const struct shares_order *order, struct shares *s, struct err *err)
{
    for (; s->count < order->nfiles; s->count++) {
        struct result *r = &s->results[s->count];
        if (result_load(order->files[s->count], r, err) < 0)
            return advise(err, "what bench run --ndjson printed needs --until TIME");
        s->inputs[s->count] = (struct merge_input){.name = order->files[s->count], .r = r};
    }
    return 0;
}

/* --- journals --- */

static int read_journals(const struct shares_order *order, struct journal *all, size_t *count,
                         struct err *err)
{
    for (; *count < order->nfiles; ++*count) {
        if (journal_read(order->files[*count], order->until_s, &all[*count], err) < 0)
            return advise(err, "--until takes what bench run --ndjson printed; results of whole "
                               "shares are merged without it");
    }
    return 0;
}

/* One that got to its end says what the plan was, also for those that did not. */
static const struct result *any_result(const struct journal *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].result != NULL)
            return all[i].result;
    }
    return NULL;
}

static int take_journals(const struct shares_order *order, const struct journal *all,
                         struct shares *s, struct err *err)
{
    const struct result *whole = any_result(all, order->nfiles);
    if (whole == NULL)
        return err_set(err, ERR_USAGE,
                       "no file has a result as its last line, so it is not known what was "
                       "measured; one of the hosts must have got to its end");
    for (; s->count < order->nfiles; s->count++) {
        struct result *r = &s->results[s->count];
        journal_result(&all[s->count], whole, r);
        s->inputs[s->count] = (struct merge_input){
            .name = order->files[s->count],
            .r = r,
            .why = all[s->count].result == NULL ? "what it wrote ends before its result" : NULL};
    }
    return 0;
}

static int load_journals(const struct shares_order *order, struct shares *s, struct err *err)
{
    struct journal *all = mem_array(order->nfiles, sizeof *all);
    size_t count = 0;
    int failed = read_journals(order, all, &count, err);
    if (failed == 0)
        failed = take_journals(order, all, s, err);
    for (size_t i = 0; i < count; i++)
        journal_fini(&all[i]);
    free(all);
    return failed;
}

/* --- hosts that were lost --- */

/* "1=b:no word for 5 s" */
static int parse_lost(char *text, struct merge_lost *out, struct err *err)
{
    char *end = NULL;
    errno = 0;
    long long index = strtoll(text, &end, 10);
    char *why = *end == '=' ? strchr(end + 1, ':') : NULL;
    if (end == text || errno != 0 || index < 0 || index >= SHARES_MAX || why == NULL ||
        why == end + 1 || why[1] == '\0')
        return err_set(err, ERR_USAGE, "--lost: '%s' is not like '1=HOST:why it was lost'", text);
    *why = '\0';
    *out = (struct merge_lost){.index = index, .host = end + 1, .why = why + 1};
    return 0;
}

/* Of a journal that is there the lost host's reason is kept; a whole result is not that of a lost
 * one. */
static bool is_of_journal(const struct shares_order *order, const struct merge_lost *lost,
                          struct shares *s)
{
    for (size_t i = 0; i < s->count && order->until_s > 0; i++) {
        const struct share *share = s->results[i].share;
        if (share->index == lost->index) {
            s->inputs[i].why = lost->why;
            return true;
        }
    }
    return false;
}

static int take_lost(const struct shares_order *order, struct shares *s, struct err *err)
{
    s->lost = mem_array(order->lost->count, sizeof *s->lost);
    for (size_t i = 0; i < order->lost->count; i++)
        str_list_add(&s->texts, order->lost->items[i]);
    for (size_t i = 0; i < s->texts.count; i++) {
        struct merge_lost lost = {0};
        if (parse_lost(s->texts.items[i], &lost, err) < 0)
            return -1;
        if (!is_of_journal(order, &lost, s))
            s->lost[s->nlost++] = lost;
    }
    return 0;
}

int shares_load(const struct shares_order *order, struct shares *out, struct err *err)
{
    out->results = mem_array(order->nfiles, sizeof *out->results);
    out->inputs = mem_array(order->nfiles, sizeof *out->inputs);
    int failed =
        order->until_s > 0 ? load_journals(order, out, err) : load_results(order, out, err);
    return failed < 0 ? -1 : take_lost(order, out, err);
}

void shares_fini(struct shares *s)
{
    for (size_t i = 0; i < s->count; i++)
        result_fini(&s->results[i]);
    free(s->results);
    free(s->inputs);
    free(s->lost);
    str_list_fini(&s->texts);
}
