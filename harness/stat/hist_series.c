#include "stat/hist_series.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "stat/hist_text.h"

_Static_assert(HIST_TEXT_MAX < HIST_SERIES_BYTES_MAX, "one interval must fit");

struct hist_series *hist_series_new(void)
{
    struct hist_series *s = mem_zalloc(sizeof *s);
    s->step = 1;
    return s;
}

void hist_series_free(struct hist_series *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->count; i++)
        free(s->texts[i]);
    free(s->texts);
    free(s);
}

/* Takes the text over. */
static void append(struct hist_series *s, char *text)
{
    s->texts = mem_one_more(s->texts, s->count, sizeof *s->texts);
    s->texts[s->count++] = text;
    s->bytes += strlen(text);
}

static char *drop_last(struct hist_series *s)
{
    char *text = s->texts[--s->count];
    s->bytes -= strlen(text);
    return text;
}

static char *text_of(const struct hist *h)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    hist_text_write(h, &text);
    char *taken = buf_take(&text);
    buf_fini(&text);
    return taken;
}

/* A text of ours, or one that was checked when it was added. */
static void add_text(struct hist *into, const char *text)
{
    struct err err;
    int failed = hist_text_read(text, into, &err);
    assert(failed == 0);
    (void)failed;
}

void hist_series_sum(const struct hist_series *s, size_t first, size_t count, struct hist *into)
{
    for (size_t i = 0; i < count && first + i < s->count; i++)
        add_text(into, s->texts[first + i]);
}

static bool is_large(const struct hist_series *s, size_t bytes_max)
{
    return s->count > 1 && (s->count > HIST_SERIES_INTERVALS_MAX || s->bytes > bytes_max);
}

/* Two intervals become one. */
static void widen(struct hist_series *s)
{
    struct hist *sum = hist_text_new();
    size_t kept = 0;
    s->bytes = 0;
    for (size_t i = 0; i < s->count; i += 2) {
        char *text = s->texts[i];
        if (i + 1 < s->count) {
            hist_reset(sum);
            hist_series_sum(s, i, 2, sum);
            text = text_of(sum);
            free(s->texts[i]);
            free(s->texts[i + 1]);
        }
        s->bytes += strlen(text);
        s->texts[kept++] = text;
    }
    hist_free(sum);
    s->count = kept;
    s->step *= 2;
}

void hist_series_add(struct hist_series *s, const struct hist *h)
{
    struct hist *sum = hist_text_new();
    if (s->nentries % s->step > 0) { /* the last interval goes on */
        char *text = drop_last(s);
        add_text(sum, text);
        free(text);
    }
    hist_text_coarsen(sum, h);
    append(s, text_of(sum));
    s->nentries++;
    hist_free(sum);
    while (is_large(s, HIST_SERIES_BYTES_MAX))
        widen(s);
}

int hist_series_add_text(struct hist_series *s, const char *text, struct err *err)
{
    struct hist *h = hist_text_new();
    int failed = 0;
    size_t len = strlen(text);
    if (s->count == HIST_SERIES_INTERVALS_MAX)
        failed = err_set(err, ERR_USAGE, "there are more than %d", HIST_SERIES_INTERVALS_MAX);
    else if (len > HIST_SERIES_BYTES_MAX - s->bytes)
        failed = err_set(err, ERR_USAGE, "they are longer than %zu bytes", HIST_SERIES_BYTES_MAX);
    else
        failed = hist_text_read(text, h, err);
    hist_free(h);
    if (failed == 0)
        append(s, mem_strdup(text));
    return failed;
}

static struct hist_series *copy_of(const struct hist_series *s)
{
    struct hist_series *copy = hist_series_new();
    copy->step = s->step;
    copy->nentries = s->nentries;
    for (size_t i = 0; i < s->count; i++)
        append(copy, mem_strdup(s->texts[i]));
    return copy;
}

struct hist_series *hist_series_regroup(const struct hist_series *s, size_t merged,
                                        size_t bytes_max)
{
    struct hist_series *out = copy_of(s);
    while (out->step < merged)
        widen(out);
    out->step /= merged;
    out->nentries = (out->nentries + merged - 1) / merged;
    while (is_large(out, bytes_max))
        widen(out);
    if (out->bytes <= bytes_max)
        return out;
    hist_series_free(out);
    return NULL;
}
