#include "analysis/warnings_internal.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define NAME_MOST   ((size_t)100) /* bytes of a request's name in a warning */
#define WANTED_MOST ((size_t)400)

/* " (3 by status, 1 by regex)"; nothing when that is not known. */
static void add_kinds(const struct accounting *a, struct buf *text)
{
    size_t told = 0;
    for (size_t i = 0; i < LEN(a->mismatched); i++) {
        if (a->mismatched[i] == 0)
            continue;
        buf_printf(text, "%s%lld by %s", told++ == 0 ? " (" : ", ", (long long)a->mismatched[i],
                   mismatch_keys[i]);
    }
    buf_puts(text, told > 0 ? ")" : "");
}

/* "; the first, of GET /x, had status 500 and a body of 12 bytes, and status 200 was expected". */
static void add_first(const struct mismatch *m, struct buf *text)
{
    if (m == NULL)
        return;
    buf_puts(text, "; the first");
    if (m->request != NULL)
        buf_printf(text, ", of %.*s,", (int)str_fit(m->request, NAME_MOST), m->request);
    buf_printf(text, " had status %03d", m->status);
    if (m->body_bytes != MISSING)
        buf_printf(text, " and a body of %lld byte%s", (long long)m->body_bytes,
                   m->body_bytes == 1 ? "" : "s");
    buf_printf(text, ", and %.*s was expected", (int)str_fit(m->wanted, WANTED_MOST), m->wanted);
}

static void warn_wrong(struct result *r, int64_t count)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%lld response%s not as expected", (long long)count,
               count == 1 ? " was" : "s were");
    add_kinds(&r->accounting, &text);
    add_first(r->accounting.first_mismatch, &text);
    warn(r, "mismatches", "look at one response to see what the server sends", "%s", text.data);
    buf_fini(&text);
}

/* Those that could not be compared are mismatches, but say nothing about the server. */
void warnings_mismatches(struct result *r)
{
    const struct accounting *a = &r->accounting;
    int64_t others = a->mismatches - a->match_limit - a->body_limit;
    if (others > 0)
        warn_wrong(r, others);
    if (a->match_limit > 0)
        warn(
            r, "match-limit",
            "write the regular expression so that fewer ways lead to a match: without a repetition "
            "in a repetition",
            "for %lld responses the search for a regular expression was given up: they count as "
            "mismatches",
            (long long)a->match_limit);
    if (a->body_limit > 0)
        warn(r, "body-limit",
             "expect a size, a digest or a text that is contained: these need not keep the body",
             "%lld responses had more than the 1 MiB that is kept for regular expressions and "
             "JSON pointers: they count as mismatches",
             (long long)a->body_limit);
}
