/* The gates of a session: the default ones, those that were asked for, and what can be measured. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/change.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

/* 10 % of the p99 is beyond what minutes resolve. At a given rate, that is what a server completes;
 * how soon it answers is the question. */
static const struct default_gate {
    const char *metric, *size;
    bool in_closed_loop, in_open_loop;
} default_gates[] = {
    {"cpu_per_request", "10%", true, true},
    {"rps", "10%", true, false},
    {"p50", "10%", false, true},
    {"p99", "20%", true, true},
    {"rss", "10%", true, true},
};
#define DEFAULT_ERRORS "errors>+0.5%"

static bool is_same_metric(const struct metric *a, const struct metric *b)
{
    return a->row == b->row && a->hist == b->hist && (a->q == b->q || (isnan(a->q) && isnan(b->q)));
}

/* One that only warns changes nothing, so it takes no other's place. */
static bool is_change_of(const struct session_gate *gate, const struct metric *metric)
{
    struct change_gate parsed;
    struct err err;
    return gate->kind != SESSION_GATE_WARN &&
           change_parse(gate->kind, gate->text, &parsed, &err) == 0 &&
           parsed.bounds[0].scale != CHANGE_ABSOLUTE && is_same_metric(&parsed.metric, metric);
}

static bool has_change_of(const struct session *s, const struct metric *metric)
{
    bool has = false;
    for (size_t i = 0; i < s->ngates; i++)
        has = has || is_change_of(&s->gates[i], metric);
    return has;
}

static void drop_defaults_of(struct session *s, const struct metric *metric)
{
    for (size_t i = s->ngates; i-- > 0;)
        if (s->gates[i].is_default && is_change_of(&s->gates[i], metric))
            session_drop_gate(s, i);
}

static bool is_same_arm(const struct session *s, const struct change_gate *a,
                        const struct change_gate *b)
{
    size_t x = 1;
    size_t y = 1;
    struct err err;
    if (change_arm(s, a, &x, &err) < 0 || change_arm(s, b, &y, &err) < 0)
        return a->arm_len == b->arm_len &&
               (a->arm_len == 0 || strncmp(a->arm, b->arm, a->arm_len) == 0);
    return x == y;
}

static bool is_same_bound(const struct change_bound *a, const struct change_bound *b)
{
    return a->scale == b->scale && a->tau == b->tau &&
           (a->limit == b->limit || (isnan(a->limit) && isnan(b->limit)));
}

/* The order of two bounds means nothing. */
static bool has_same_bounds(const struct change_gate *a, const struct change_gate *b)
{
    bool same = a->nbounds == b->nbounds;
    for (int i = 0; same && i < a->nbounds; i++)
        same = is_same_bound(&a->bounds[i], &b->bounds[i]) ||
               (a->nbounds == 2 && is_same_bound(&a->bounds[i], &b->bounds[1 - i]));
    return same;
}

static bool contradicts(const struct change_gate *a, const struct change_gate *b)
{
    if (a->kind == SESSION_GATE_DETECT)
        return true;
    return a->nbounds == 1 && b->nbounds == 1 && a->bounds[0].scale == b->bounds[0].scale;
}

/* 1: the session has this gate already. Default gates give way, and are not looked at. */
static int compare_with_others(const struct session *s, const struct change_gate *gate,
                               struct err *err)
{
    for (size_t i = 0; i < s->ngates; i++) {
        struct change_gate other;
        if (s->gates[i].is_default || s->gates[i].kind != gate->kind ||
            change_parse(s->gates[i].kind, s->gates[i].text, &other, err) < 0 ||
            !is_same_metric(&other.metric, &gate->metric) || !is_same_arm(s, &other, gate))
            continue;
        if (has_same_bounds(&other, gate))
            return 1;
        if (contradicts(&other, gate))
            return err_set(err, ERR_USAGE, "'%.*s' contradicts '%.*s'; give one of them",
                           (int)str_fit(gate->text, 60), gate->text, (int)str_fit(other.text, 60),
                           other.text);
    }
    return 0;
}

int change_add(struct session *s, enum session_gate_kind kind, const char *text, struct err *err)
{
    struct change_gate gate;
    if (change_parse(kind, text, &gate, err) < 0)
        return -1;
    int has = compare_with_others(s, &gate, err);
    if (has != 0)
        return has < 0 ? -1 : 0;
    if (gate.bounds[0].scale != CHANGE_ABSOLUTE && kind != SESSION_GATE_WARN)
        drop_defaults_of(s, &gate.metric);
    if (s->ngates >= SESSION_GATES_MAX)
        return err_set(err, ERR_USAGE, "more than %d gates", SESSION_GATES_MAX);
    session_add_gate(s, kind, text, false);
    return 0;
}

/* --- the default gates --- */

static void add_default(struct session *s, enum session_gate_kind kind, const char *text)
{
    struct change_gate gate;
    struct err err;
    if (change_parse(kind, text, &gate, &err) == 0 && !has_change_of(s, &gate.metric) &&
        s->ngates < SESSION_GATES_MAX)
        session_add_gate(s, kind, text, true);
}

/* size: of all; NULL: each its own. */
static void add_defaults(struct session *s, const char *size)
{
    for (size_t i = 0; i < LEN(default_gates); i++) {
        const struct default_gate *gate = &default_gates[i];
        char text[64];
        if (session_is_open_loop(s) ? !gate->in_open_loop : !gate->in_closed_loop)
            continue;
        (void)snprintf(text, sizeof text, "%s %s", gate->metric, size == NULL ? gate->size : size);
        add_default(s, SESSION_GATE_DETECT, text);
    }
    add_default(s, SESSION_GATE_FAIL, DEFAULT_ERRORS);
}

void change_add_defaults(struct session *s)
{
    add_defaults(s, NULL);
}

/* Whether the default gates have this size already; those asked for by metric have their own. */
static bool has_size(const struct session *s, const struct change_gate *gate, bool *any)
{
    bool same = true;
    *any = false;
    for (size_t i = 0; i < s->ngates; i++) {
        struct change_gate other;
        struct err err;
        if (!s->gates[i].is_default || s->gates[i].kind != SESSION_GATE_DETECT ||
            change_parse(SESSION_GATE_DETECT, s->gates[i].text, &other, &err) < 0)
            continue;
        *any = true;
        same = same && other.detect == gate->detect;
    }
    return *any && same;
}

/* "10%" */
static int add_size(struct session *s, const char *size, struct err *err)
{
    struct change_gate gate;
    char text[64];
    const char *end = NULL;
    bool any = false;
    double share = metric_decimal(size, -2, &end);
    if (end != size && strcmp(end, "%") == 0 && !(share > 0 && share <= CHANGE_SIZE_MAX))
        return err_set(err, ERR_USAGE,
                       "'%.*s' is out of range: a size is more than 0%%, and at most %d%%",
                       (int)str_fit(size, 40), size, 100 * CHANGE_SIZE_MAX);
    (void)snprintf(text, sizeof text, "p99 %.40s", size);
    if (strlen(size) > 40 || change_parse(SESSION_GATE_DETECT, text, &gate, err) < 0)
        return err_set(err, ERR_USAGE, "'%.*s' is not a size to detect; try 10%% or 'p99 20%%'",
                       (int)str_fit(size, 40), size);
    if (has_size(s, &gate, &any))
        return 0;
    if (any)
        return err_set(err, ERR_USAGE,
                       "'%s': the default gates have another size already; name the metric, such "
                       "as 'p99 %s'",
                       size, size);
    add_defaults(s, size);
    return 0;
}

/* Where the size is, if it is for all default gates; NULL: a metric is named. */
static const char *size_for_all(const char *text)
{
    const char *size = text + strspn(text, " \t");
    bool is_for_all = strpbrk(size, " \t<>:") == NULL && !isalpha((unsigned char)size[0]);
    return is_for_all ? size : NULL;
}

int change_add_detections(struct session *s, const char *text, struct err *err)
{
    const char *size = size_for_all(text);
    return size != NULL ? add_size(s, size, err) : change_add(s, SESSION_GATE_DETECT, text, err);
}

/* --- gates that stand in the place of others --- */

static bool replaces(const struct session *s, const struct session_gate *by,
                     const struct change_gate *gate)
{
    struct change_gate other;
    struct err err;
    return by->kind == gate->kind && change_parse(by->kind, by->text, &other, &err) == 0 &&
           is_same_metric(&other.metric, &gate->metric) && is_same_arm(s, &other, gate) &&
           contradicts(&other, gate);
}

bool change_is_replaced(const struct session *s, const struct session *by,
                        enum session_gate_kind kind, const char *text)
{
    struct change_gate gate;
    struct err err;
    bool is_for_all = kind == SESSION_GATE_DETECT && size_for_all(text) != NULL;
    bool is_replaced = false;
    if (!is_for_all && change_parse(kind, text, &gate, &err) < 0)
        return false;
    for (size_t i = 0; i < by->ngates; i++)
        is_replaced |= is_for_all ? by->gates[i].is_default : replaces(s, &by->gates[i], &gate);
    return is_replaced;
}

/* --- what these arms can measure --- */

static bool is_named(const struct change_gate *g, const char *name)
{
    return strlen(name) == g->arm_len && strncmp(name, g->arm, g->arm_len) == 0;
}

int change_arm(const struct session *s, const struct change_gate *g, size_t *out, struct err *err)
{
    *out = 1;
    if (s->narms < 2 || s->narms > SESSION_ARMS_MAX)
        return err_set(err, ERR_USAGE, "a session has two or three arms, and this one has %zu",
                       s->narms);
    if (g->arm == NULL || is_named(g, s->arms[1].name))
        return 0;
    *out = 0;
    if (!is_named(g, s->arms[0].name))
        return err_set(err, ERR_USAGE, "'%s': there is no arm '%.*s'; they are %s and %s", g->text,
                       (int)g->arm_len, g->arm, s->arms[0].name, s->arms[1].name);
    if (g->bounds[0].scale == CHANGE_ABSOLUTE)
        return 0;
    return err_set(err, ERR_USAGE,
                   "'%s': %s is the reference, and is not compared with itself; only an absolute "
                   "limit can be for it",
                   g->text, s->arms[0].name);
}

static bool is_of_processes(const struct metric *m)
{
    return m->row != NULL &&
           (strcmp(m->row->name, "cpu_per_request") == 0 || strcmp(m->row->name, "rss") == 0);
}

/* The URL among the arms that the gate needs; NULL: there is none. */
static const struct session_arm *url_of(const struct session *s, const struct change_gate *g,
                                        size_t arm)
{
    if (s->arms[arm].is_url)
        return &s->arms[arm];
    bool is_alone = g->bounds[0].scale == CHANGE_ABSOLUTE;
    return !is_alone && s->arms[0].is_url ? &s->arms[0] : NULL;
}

/* Whether the gate can stay; -1: err is set. */
static int check_gate(const struct session *s, const struct change_gate *g, struct err *err)
{
    size_t arm = 0;
    if (change_arm(s, g, &arm, err) < 0)
        return -1;
    if (strcmp(g->metric.name, "mismatches") == 0 &&
        !settings_expect(s->arms[arm].config, s->arms[arm].nconfig))
        return err_set(err, ERR_USAGE,
                       "'%s' cannot be measured: nothing is expected of a response, so none is "
                       "compared; give the expected body with -E, or another --expect",
                       g->text);
    const struct session_arm *url = is_of_processes(&g->metric) ? url_of(s, g, arm) : NULL;
    if (url == NULL)
        return 1;
    if (g->is_default)
        return 0;
    return err_set(err, ERR_USAGE,
                   "'%s' cannot be measured: arm '%s' is a URL, and bench sees the processor time "
                   "and the memory only of servers that it starts",
                   g->text, url->name);
}

int change_check_measurable(struct session *s, char **out_dropped, struct err *err)
{
    struct buf dropped;
    int stays = 1;
    buf_init(&dropped, BUF_TEXT_MAX);
    *out_dropped = NULL;
    for (size_t i = 0; i < s->ngates && stays >= 0;) {
        struct change_gate gate;
        stays = change_parse(s->gates[i].kind, s->gates[i].text, &gate, err);
        gate.is_default = s->gates[i].is_default;
        if (stays == 0)
            stays = check_gate(s, &gate, err);
        if (stays == 0) {
            buf_printf(&dropped, "%s%s", dropped.len > 0 ? ", " : "", gate.metric.name);
            session_drop_gate(s, i);
        }
        i += stays > 0 ? 1 : 0;
    }
    if (stays >= 0 && dropped.len > 0)
        *out_dropped = buf_take(&dropped);
    buf_fini(&dropped);
    return stays < 0 ? -1 : 0;
}
