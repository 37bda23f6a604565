/* The caption of the picture of a search: how to read it, and what is to be seen. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "report/capacity/content.h"
#include "report/plot/picture_internal.h"
#include "report/text.h"

#define TOLD_MOST 4 /* arms */

static const struct report_style utf8 = {.utf8 = true};

void picture_read_capacity(const void *what, struct buf *out)
{
    (void)what;
    buf_puts(out,
             "Each row is one arm, and across is the rate. A mark is a trial: the first stands at "
             "the top of its row, the last at the bottom, so that the search can be followed. A "
             "filled circle held the goal; a cross broke it, a triangle did not sustain the rate, "
             "and a star is a server that died; a hollow mark says nothing of the server. Shaded "
             "is the 90 % interval of the capacity, and the thick line in it is its median.");
}

/* Of the trials of an arm at a rate. */
struct tried {
    size_t count, held;
    double low, high; /* NAN: there is none */
};

static struct tried tried_of(const struct capacity *c, size_t arm)
{
    struct tried tried = {.low = NAN, .high = NAN};
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        if (t->arm != arm || isnan(t->rate_rps))
            continue;
        tried.count++;
        tried.held += t->outcome == CAPACITY_HELD;
        tried.low = fmin(tried.low, t->rate_rps);
        tried.high = fmax(tried.high, t->rate_rps);
    }
    return tried;
}

/* "pool: 980/s (930 to 1091/s), by 10 trials from 700 to 1050/s, of which 6 held" */
static void add_arm(const struct capacity *c, size_t arm, struct buf *out)
{
    struct tried tried = tried_of(c, arm);
    char *answer = capacity_answer(&c->arms[arm].estimate);
    char name[TEXT_NAME];
    char low[32];
    char high[32];
    buf_printf(out, "%s: %s", text_name(c->arms[arm].name, &utf8, name, sizeof name), answer);
    free(answer);
    if (tried.count == 0)
        return;
    (void)units_format_count(tried.low, low, sizeof low);
    (void)units_format_count(tried.high, high, sizeof high);
    bool is_one = strcmp(low, high) == 0;
    buf_printf(out, ", by %zu trial%s %s %s%s%s/s, of which %zu held", tried.count,
               tried.count == 1 ? "" : "s", is_one ? "at" : "from", low, is_one ? "" : " to ",
               is_one ? "" : high, tried.held);
}

void picture_see_capacity(const void *what, struct buf *out)
{
    const struct capacity *c = ((const struct capacity_page *)what)->capacity;
    for (size_t i = 0; i < c->narms && i < TOLD_MOST; i++) {
        buf_puts(out, i == 0 ? "" : "; ");
        add_arm(c, i, out);
    }
    if (c->narms > TOLD_MOST)
        buf_printf(out, "; and %zu more", c->narms - TOLD_MOST);
    buf_puts(out, ".");
}
