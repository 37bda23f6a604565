/* What a verdict rests on: blocks, layout, gates left out, and how to go on. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/secured.h"
#include "report/shell_word.h"
#include "report/text.h"
#include "report/verdict/content.h"
#include "stat/looks.h"

/* --- the gates --- */

static bool is_said_before(const struct verdict *v, size_t at, const char *why)
{
    char other[WHY_MAX];
    for (size_t i = 0; i < at; i++) {
        if (strcmp(verdict_explain(v, &v->gates[i], other, sizeof other), why) == 0)
            return true;
    }
    return false;
}

/* The same reason of several gates is given once. */
static void note_gate(const struct verdict *v, size_t at, struct notes *notes)
{
    char why[WHY_MAX];
    char other[WHY_MAX];
    struct buf names;
    (void)verdict_explain(v, &v->gates[at], why, sizeof why);
    if (why[0] == '\0' || is_said_before(v, at, why))
        return;
    buf_init(&names, BUF_TEXT_MAX);
    for (size_t i = at; i < v->ngates; i++) {
        char name[CELL_MAX];
        if (strcmp(verdict_explain(v, &v->gates[i], other, sizeof other), why) == 0)
            text_list(&names, "%s", verdict_gate_name(v, &v->gates[i], name, sizeof name));
    }
    notes_add(notes, "note", "%s: %s", names.data, why);
    buf_fini(&names);
}

static bool has_gate_on(const struct verdict *v, const char *metric)
{
    for (size_t i = 0; i < v->ngates; i++) {
        if (strcmp(v->gates[i].gate.metric.name, metric) == 0)
            return true;
    }
    return false;
}

static bool has_default_gates_by_url(const struct session *s)
{
    bool by_url = false;
    bool by_default = false;
    for (size_t i = 0; i < s->narms; i++)
        by_url = by_url || s->arms[i].is_url;
    for (size_t i = 0; i < s->ngates; i++)
        by_default = by_default || s->gates[i].is_default;
    return by_url && by_default;
}

/* Default gates are dropped when an arm is a URL; they are known by their absence. */
static void note_dropped(const struct verdict *v, struct notes *notes)
{
    static const char *const of_processes[] = {"cpu_per_request", "rss"};
    struct buf list;
    if (!has_default_gates_by_url(v->session))
        return;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = 0; i < LEN(of_processes); i++) {
        if (!has_gate_on(v, of_processes[i]))
            text_list(&list, "%s", of_processes[i]);
    }
    if (list.len > 0)
        notes_add(notes, "left out", "%s: of a URL, bench sees neither processor time nor memory",
                  list.data);
    buf_fini(&list);
}

/* How often true changes would have failed. */
static void note_caught(const struct verdict *v, struct notes *notes)
{
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        char name[CELL_MAX];
        char size[40];
        char share[16];
        double caught = verdict_caught(v, g);
        if (!isnan(caught))
            text_list(&list, "%s in %s with %s",
                      change_format(&g->gate, g->caught_at, size, sizeof size),
                      verdict_gate_name(v, g, name, sizeof name),
                      verdict_share(caught, share, sizeof share));
    }
    if (list.len > 0)
        notes_add(notes, "caught", "at this noise, a true change would have been caught: %s",
                  list.data);
    buf_fini(&list);
}

/* --- the blocks --- */

static void note_blocks(const struct session *s, struct notes *notes)
{
    size_t invalid = 0;
    struct buf text;
    for (size_t i = 0; i < s->nblocks; i++)
        invalid += !s->blocks[i].is_valid;
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%zu of at most %" PRId64, s->nblocks, s->max_blocks);
    if (invalid > 0)
        buf_printf(&text, ", %zu of them not valid", invalid);
    if (s->nredone > 0)
        buf_printf(&text, ", %zu redone", s->nredone);
    if (s->measured_s >= 60)
        buf_printf(&text, "; %.3g min in all", s->measured_s / 60);
    else if (isfinite(s->measured_s))
        buf_printf(&text, "; %.0f s in all", s->measured_s);
    if (s->interrupted)
        buf_puts(&text, "; interrupted");
    if (s->out_of_time && isfinite(s->budget_s))
        buf_printf(&text, "; the budget of %.3g min was over", s->budget_s / 60);
    notes_add(notes, "blocks", "%s", text.data);
    buf_fini(&text);
}

static void add_flaw(const struct session *s, const struct session_redo *redo, struct buf *out)
{
    static const char *const takers[SESSION_FLAW_COUNT] = {
        [SESSION_FLAW_STOLEN] = "the hypervisor",
        [SESSION_FLAW_FOREIGN] = "other programs",
        [SESSION_FLAW_THROTTLED] = "a quota",
    };
    buf_printf(out, "block %zu: ", redo->block + 1);
    if (redo->flaw == SESSION_FLAW_CLOCK) {
        buf_puts(out, "the clock was set");
        return;
    }
    if (redo->flaw == SESSION_FLAW_DIED) {
        buf_puts(out, "the server of ");
        verdict_add_long(out, s->arms[redo->arm].name);
        buf_puts(out, " died");
        if (redo->text != NULL) {
            buf_puts(out, ": ");
            verdict_add_long(out, redo->text);
        }
        return;
    }
    buf_printf(out, "%s took ", takers[redo->flaw]);
    if (isfinite(redo->imbalance))
        buf_printf(out, "%.2f cores ", redo->imbalance);
    buf_puts(out, "more from ");
    verdict_add_long(out, s->arms[redo->arm].name);
}

static void note_redone(const struct session *s, struct notes *notes)
{
    for (size_t i = 0; i < s->nredone; i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        add_flaw(s, &s->redone[i], &text);
        notes_add(notes, "redone", "%s", text.data);
        buf_fini(&text);
    }
}

static void note_layout(const struct session *s, struct notes *notes)
{
    static const char *const why[SESSION_APART_COUNT] = {
        [SESSION_TOGETHER] = "",
        [SESSION_APART_ASKED] = "as asked",
        [SESSION_APART_IDLE] = "because an arm without load used over 2% of a core",
        [SESSION_APART_START] = "because the second arm does not start beside the first",
        [SESSION_APART_MEMORY] = "because both do not fit into memory together",
    };
    char slice[32];
    char guard[32];
    (void)units_format_time(s->slice_ns, slice, sizeof slice);
    (void)units_format_time(s->guard_ns, guard, sizeof guard);
    if (s->layout == SESSION_LAYOUT_TRIALS)
        notes_add(notes, "layout", "one whole trial after the other, %s", why[s->apart]);
    else if (s->slice_ns > 0)
        notes_add(
            notes, "layout",
            "slices of %s in turn (%s), each with new connections and a guard of %s that does "
            "not count",
            slice, s->narms > 2 ? "ABCCBA" : "ABBA", guard);
}

static void note_builds(const struct session *s, struct notes *notes)
{
    bool by_url = s->arms[0].is_url || s->arms[1].is_url;
    notes_add(notes, "arms", "%s",
              by_url
                  ? "one process of an arm that is a URL was measured, and not a new one in each "
                    "block"
                  : "one build of each was compared, in new processes for each block; two "
                    "builds of one source can differ by their layout in memory alone");
}

/* --- how to go on --- */

/* Whether more blocks, beyond the maximum of the session too, would probably decide it. */
static bool is_within_reach(const struct verdict_gate *g)
{
    const struct change_bound *b = &g->gate.bounds[0];
    double distance = b->scale == CHANGE_ABSOLUTE ? fabs(g->interval.estimate) : b->tau;
    struct forecast f;
    return !g->has_forecast ||
           forecast_make(g->bounds[0].d, g->usable, LOOKS_BLOCKS_MOST, &f) < 0 ||
           forecast_blocks_needed(&f, distance) > 0;
}

static bool is_worth_more(const struct verdict *v)
{
    bool any = false;
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        bool is_late =
            g->state == VERDICT_INCONCLUSIVE &&
            (g->reason == VERDICT_REASON_NOISE || g->reason == VERDICT_REASON_FEW_BLOCKS ||
             g->reason == VERDICT_REASON_INTERRUPTED);
        any = any || ((g->state == VERDICT_OPEN || is_late) && is_within_reach(g));
    }
    return any && verdict_next_look(v->session) > 0;
}

static void note_continue(const struct verdict_page *page, struct notes *notes)
{
    struct buf text;
    if (page->file == NULL || !is_worth_more(page->verdict))
        return;
    buf_init(&text, BUF_TEXT_MAX);
    shell_word(&text, page->file);
    notes_add(notes, "go on", "give the same command again, with --continue %s", text.data);
    buf_fini(&text);
}

void verdict_notes(const struct verdict_page *page, struct notes *notes)
{
    const struct session *s = page->verdict->session;
    for (size_t i = 0; i < page->verdict->ngates; i++)
        note_gate(page->verdict, i, notes);
    note_caught(page->verdict, notes);
    note_dropped(page->verdict, notes);
    note_blocks(s, notes);
    note_redone(s, notes);
    note_layout(s, notes);
    note_builds(s, notes);
    verdict_forecast_notes(page->verdict, notes);
    note_continue(page, notes);
}

/* --- arms and machine --- */

static void note_arm(const struct session *s, size_t at, struct notes *notes)
{
    static const char *const roles[SESSION_ARMS_MAX] = {"reference", "judged", "control"};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    verdict_add_long(&text, s->arms[at].name);
    buf_puts(&text, ": ");
    verdict_add_long(&text, s->arms[at].target);
    notes_add(notes, roles[at], "%s", text.data);
    buf_fini(&text);
}

static void add_fact(struct buf *list, const char *fact)
{
    if (fact == NULL)
        return;
    buf_puts(list, list->len > 0 ? ", " : "");
    verdict_add_long(list, fact);
}

static bool is_insecure(const struct session_arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nconfig; i++)
        any |= strcmp(arm->config[i].name, "insecure") == 0 &&
               arm->config[i].kind == SETTING_FLAG && arm->config[i].number != 0;
    return any;
}

/* Of the first block in which its connections came up. Older sessions hold only --insecure. */
static void add_secured(const struct session *s, size_t at, struct buf *text)
{
    const struct tls_use *first = NULL;
    for (size_t i = 0; i < s->nblocks; i++) {
        const struct result *r = &s->blocks[i].sides[at].result;
        if (r->has_tls && (first == NULL || first->version == NULL))
            first = &r->tls;
    }
    if (first != NULL) {
        secured_protocol(text, first);
        secured_certificate(text, first);
    } else if (is_insecure(&s->arms[at])) {
        secured_certificate(text, &(struct tls_use){.is_verified = false});
    }
}

static void note_tls(const struct session *s, struct notes *notes)
{
    struct str_list names = {0};
    struct str_list texts = {0};
    struct buf all;
    buf_init(&all, BUF_TEXT_MAX);
    for (size_t i = 0; i < s->narms; i++) {
        struct buf own;
        buf_init(&own, BUF_TEXT_MAX);
        add_secured(s, i, &own);
        str_list_add(&names, s->arms[i].name);
        str_list_add(&texts, own.data);
        buf_fini(&own);
    }
    secured_arms(&all, &names, &texts);
    if (all.len > 0)
        notes_add(notes, "TLS", "%s", all.data);
    str_list_fini(&names);
    str_list_fini(&texts);
    buf_fini(&all);
}

static void note_machine(const struct session *s, struct notes *notes)
{
    const struct environment *e = &s->environment;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    add_fact(&text, e->cpu_model);
    if (e->cores_allowed != MISSING && e->cores_online != MISSING)
        text_list(&text, "%" PRId64 " of %" PRId64 " cores", e->cores_allowed, e->cores_online);
    if (isfinite(e->cpu_quota_cores))
        text_list(&text, "a quota of %.3g cores", e->cpu_quota_cores);
    add_fact(&text, e->os);
    add_fact(&text, e->kernel);
    if (text.len > 0)
        notes_add(notes, "machine", "%s", text.data);
    buf_fini(&text);
}

void verdict_setting_notes(const struct session *s, struct notes *notes)
{
    char wall[32];
    struct buf text;
    for (size_t i = 0; i < s->narms && i < SESSION_ARMS_MAX; i++)
        note_arm(s, i, notes);
    if (s->path != NULL) {
        buf_init(&text, BUF_TEXT_MAX);
        verdict_add_long(&text, s->path);
        notes_add(notes, "path", "%s", text.data);
        buf_fini(&text);
    }
    note_tls(s, notes);
    note_machine(s, notes);
    clock_format_wall(s->started_wall_ms, wall, sizeof wall);
    buf_init(&text, BUF_TEXT_MAX);
    verdict_add_long(&text, s->tool_version == NULL ? "?" : s->tool_version);
    notes_add(notes, "bench", "%s, seed %" PRIu64 ", begun %s", text.data, s->seed, wall);
    buf_fini(&text);
}
