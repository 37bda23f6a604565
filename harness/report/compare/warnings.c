#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/compare/report_internal.h"
#include "report/text.h"

/* All warnings of a comparison's runs with the same code. */
struct alike {
    const struct warning *first; /* the one that is shown */
    const struct arm *arm;       /* its arm */
    size_t narms, nruns;         /* arms and runs with one */
    size_t of_runs;              /* all runs of these arms */
    bool several_rounds;         /* at least one of these arms has several */
    bool same_words;
};

static const struct warning *warning_of(const struct result *r, const char *code)
{
    for (size_t i = 0; i < r->nwarnings; i++) {
        if (strcmp(r->warnings[i].code, code) == 0)
            return &r->warnings[i];
    }
    return NULL;
}

static size_t runs_with(const struct arm *arm, const char *code)
{
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++)
        count += warning_of(&arm->results[i], code) != NULL;
    return count;
}

static bool has_same_message(const struct arm *arm, const struct warning *first)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct warning *own = warning_of(&arm->results[i], first->code);
        if (own != NULL && strcmp(own->message, first->message) != 0)
            return false;
    }
    return true;
}

static struct alike gather(const struct comparison *c, const struct arm *arm,
                           const struct warning *first)
{
    struct alike all = {.first = first, .arm = arm, .same_words = true};
    for (size_t i = 0; i < c->narms; i++) {
        size_t runs = runs_with(&c->arms[i], first->code);
        if (runs == 0)
            continue;
        all.narms++;
        all.nruns += runs;
        all.of_runs += c->arms[i].nresults;
        all.several_rounds |= c->arms[i].nresults > 1;
        all.same_words &= has_same_message(&c->arms[i], first);
    }
    return all;
}

static bool is_disturbed_code(const char *code)
{
    return strcmp(code, "disturbed") == 0;
}

/* "pool, offload": the arms with this warning, except the one that is already named. */
static void add_names(struct buf *text, const struct comparison *c, const struct alike *all,
                      const struct arm *except, const struct report_style *style)
{
    char name[TEXT_NAME];
    struct buf names;
    buf_init(&names, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms; i++) {
        if (&c->arms[i] != except && runs_with(&c->arms[i], all->first->code) > 0)
            text_list(&names, "%s", text_name(c->arms[i].name, style, name, sizeof name));
    }
    buf_puts(text,
             except == NULL && all->narms == c->narms && c->narms > 1 ? "all arms" : names.data);
    buf_fini(&names);
}

/* The message has the figures of one run: says which other arms and runs have the warning. */
static void add_others(struct buf *text, const struct comparison *c, const struct alike *all,
                       const struct report_style *style)
{
    struct buf more;
    bool names = !all->same_words && all->narms > 1;
    buf_init(&more, BUF_TEXT_MAX);
    if (all->several_rounds)
        text_list(&more, "in %zu of %zu %s", all->nruns, all->of_runs,
                  all->narms > 1 ? "runs" : "rounds");
    if (names) {
        text_list(&more, "also in ");
        add_names(&more, c, all, all->arm, style);
    }
    if (!all->same_words && all->several_rounds)
        buf_printf(&more, "; the figures are those of the %s",
                   is_disturbed_code(all->first->code) ? "worst" : "first");
    else if (!all->same_words)
        buf_puts(&more, ", with other figures");
    if (more.len > 0)
        buf_printf(text, " (%s)", more.data);
    buf_fini(&more);
}

static void add_warning(const struct comparison *c, const struct alike *all,
                        const struct report_style *style, struct str_list *texts)
{
    char name[TEXT_NAME];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    if (all->same_words)
        add_names(&text, c, all, NULL, style);
    else
        buf_puts(&text, text_name(all->arm->name, style, name, sizeof name));
    buf_printf(&text, ": %s [%s]", all->first->message, all->first->code);
    add_others(&text, c, all, style);
    str_list_add(texts, text.data);
    buf_fini(&text);
}

/* The cores that the hypervisor and other programs took, to find the worst run. */
static double cores_taken(const struct result *r)
{
    return fmax(r->machine.other_cpu_cores, 0) + fmax(r->machine.stolen_cores, 0);
}

/* The warning that is shown for a code: the first one, or that of the worst disturbed run. */
static const struct warning *shown_of(const struct comparison *c, const char *code)
{
    const struct warning *shown = NULL;
    double most = 0;
    for (size_t i = 0; i < c->narms; i++) {
        for (size_t k = 0; k < c->arms[i].nresults; k++) {
            const struct result *r = &c->arms[i].results[k];
            const struct warning *own = warning_of(r, code);
            bool is_worse = is_disturbed_code(code) && cores_taken(r) > most;
            if (own == NULL || (shown != NULL && !is_worse))
                continue;
            shown = own;
            most = cores_taken(r);
        }
    }
    return shown;
}

/* A run has its percentiles without and with the unfinished requests; here there is one table. */
const char *compare_remedy(const struct warning *w)
{
    if (strcmp(w->code, "starved") == 0)
        return "read the percentiles as lower bounds: the requests of these connections count with "
               "the time that they had waited";
    return w->remedy == NULL ? "" : w->remedy;
}

static void warnings_of(const struct comparison *c, const struct arm *arm,
                        const struct report_style *style, struct str_list *texts,
                        struct str_list *remedies)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        for (size_t k = 0; k < arm->results[i].nwarnings; k++) {
            const struct warning *w = &arm->results[i].warnings[k];
            if (w != shown_of(c, w->code))
                continue;
            struct alike all = gather(c, arm, w);
            add_warning(c, &all, style, texts);
            str_list_add(remedies, compare_remedy(w));
        }
    }
}

void compare_warnings(const struct comparison *c, const struct report_style *style,
                      struct str_list *texts, struct str_list *remedies)
{
    for (size_t i = 0; i < c->narms; i++)
        warnings_of(c, &c->arms[i], style, texts, remedies);
}

void compare_section_warnings(const struct comparison *c, const struct report_style *style,
                              struct buf *out)
{
    struct str_list texts = {0};
    struct str_list remedies = {0};
    compare_warnings(c, style, &texts, &remedies);
    if (texts.count > 0)
        buf_puts(out, "\n");
    for (size_t i = 0; i < texts.count; i++) {
        text_entry(out, style, PAINT_YELLOW, "warning", texts.items[i]);
        if (remedies.items[i][0] != '\0')
            text_entry(out, style, PAINT_DIM, "  remedy", remedies.items[i]);
    }
    str_list_fini(&texts);
    str_list_fini(&remedies);
}
