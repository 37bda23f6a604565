/* Parses a gate. */
#include "analysis/verdict/change.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"

#define RSS_FLOOR (1 << 20)

/* What a session measures beside the latency. */
static const struct measured {
    const char *name;
    bool higher_is_better, is_share;
} measured[] = {
    {.name = "rps", .higher_is_better = true},
    {.name = "cpu_per_request"},
    {.name = "rss"},
    {.name = "errors", .is_share = true},
    {.name = "timeouts", .is_share = true},
    {.name = "failed", .is_share = true},
    {.name = "non2xx", .is_share = true},
    {.name = "4xx", .is_share = true},
    {.name = "5xx", .is_share = true},
    {.name = "mismatches", .is_share = true},
};

/* A part of the text of a gate. */
struct span {
    const char *at;
    size_t len;
};

static struct span trimmed(const char *from, const char *to)
{
    while (from < to && isspace((unsigned char)*from))
        from++;
    while (from < to && isspace((unsigned char)to[-1]))
        to--;
    return (struct span){from, (size_t)(to - from)};
}

/* --- the metric --- */

static int set_metric(const char *name, struct change_gate *out, struct err *err)
{
    if (metric_find(name, &out->metric, err) < 0)
        return -1;
    out->unit = metric_unit(&out->metric);
    out->metric.of_slices = true;
    if (out->metric.request_len > 0)
        return err_set(
            err, ERR_USAGE,
            "'%s' is a metric of one request, which is not measured when two arms are "
            "compared; it is judged with --fail and --warn of bench run, and in a stored "
            "result",
            out->metric.name);
    if (out->metric.hist == metric_hists)
        return 0;
    for (size_t i = 0; i < LEN(measured); i++) {
        if (strcmp(measured[i].name, name) != 0)
            continue;
        out->higher_is_better = measured[i].higher_is_better;
        if (measured[i].is_share)
            out->unit = METRIC_SHARE;
        return 0;
    }
    return err_set(err, ERR_USAGE,
                   "%s is not measured when two arms are compared; available are rps, p50, p99 "
                   "(any percentile), max, mean, cpu_per_request, rss, errors, timeouts, failed, "
                   "non2xx, 4xx, 5xx and mismatches",
                   name);
}

/* --- sizes and amounts --- */

/* "10%" as .1 */
static int parse_percent(const char *text, double most, double *out, struct err *err)
{
    const char *end = NULL;
    *out = metric_decimal(text, -2, &end);
    if (end == text || strcmp(end, "%") != 0)
        return err_set(err, ERR_USAGE, "'%s' is not a percentage; try 5%%, 10%% or 0.5%%", text);
    if (!(*out > 0 && *out <= most))
        return err_set(err, ERR_USAGE, "%s is out of range: more than 0%%, and at most %.0f%%",
                       text, 100 * most);
    return 0;
}

static int parse_number(const char *text, double *out, struct err *err)
{
    return metric_number(text, out) == 0
               ? 0
               : err_set(err, ERR_USAGE, "'%s' is not a number; try 1000 or 1.5k", text);
}

static int parse_whole(enum metric_unit unit, const char *text, int64_t *out, struct err *err)
{
    if (unit == METRIC_SIZE)
        return units_parse_size(text, out, err);
    if (text[strspn(text, "0123456789.")] == '\0')
        return err_set(err, ERR_USAGE, "'%s' has no unit; try %sms or %s%%", text, text, text);
    if (units_parse_time(text, out, err) < 0)
        return err_set(err, ERR_USAGE, "'%s' is not a time; try 250ms, 20us or 1.5s", text);
    return 0;
}

/* In the units of the metric. */
static int parse_amount(enum metric_unit unit, const char *text, double *out, struct err *err)
{
    int64_t whole = 0;
    if (unit == METRIC_SHARE)
        return parse_percent(text, 1, out, err);
    if (unit == METRIC_NUMBER) {
        if (parse_number(text, out, err) < 0)
            return -1;
    } else {
        if (parse_whole(unit, text, &whole, err) < 0)
            return -1;
        *out = (double)whole;
    }
    return *out > 0 ? 0 : err_set(err, ERR_USAGE, "'%s' is nothing: it must be more than 0", text);
}

/* --- bounds --- */

/* Half of it on the log scale, or of the points: no change and that change are equally far. */
static void set_detection(double size, struct change_gate *out)
{
    bool is_share = out->unit == METRIC_SHARE;
    out->detect = is_share ? size : log1p(size);
    out->bounds[0] = (struct change_bound){
        .scale = is_share ? CHANGE_ADDED : CHANGE_RATIO,
        .tau = out->detect / 2,
        .limit = NAN,
    };
    out->nbounds = 1;
}

static int parse_change(const char *text, const struct change_gate *g, struct change_bound *out,
                        struct err *err)
{
    bool is_ratio = str_ends(text, "%") && g->unit != METRIC_SHARE;
    double size = NAN;
    *out = (struct change_bound){.scale = is_ratio ? CHANGE_RATIO : CHANGE_ADDED, .limit = NAN};
    if (!is_ratio)
        return parse_amount(g->unit, text, &out->tau, err);
    if (parse_percent(text, g->higher_is_better ? 1 : CHANGE_SIZE_MAX, &size, err) < 0)
        return -1;
    if (g->higher_is_better && size >= 1)
        return err_set(err, ERR_USAGE, "-%s is out of range: nothing would be left", text);
    out->tau = g->higher_is_better ? -log1p(-size) : log1p(size);
    return 0;
}

static int parse_limit(const char *text, const struct change_gate *g, struct change_bound *out,
                       struct err *err)
{
    *out = (struct change_bound){.scale = CHANGE_ABSOLUTE};
    if (g->unit != METRIC_SHARE && str_ends(text, "%"))
        return err_set(err, ERR_USAGE,
                       "'%s' has no sign: a change from the reference is written as %c%s", text,
                       g->higher_is_better ? '-' : '+', text);
    if (g->unit == METRIC_SHARE && !str_ends(text, "%"))
        return err_set(err, ERR_USAGE, "%s is a share here: give a percentage, such as %s>0.1%%",
                       g->metric.name, g->metric.name);
    return parse_amount(g->unit, text, &out->limit, err);
}

static bool is_signed(const char *text)
{
    return text[0] == '+' || text[0] == '-';
}

/* The bad case of a metric has one operator and one sign. */
static int check_direction(const struct change_gate *g, char op, const char *bound, struct err *err)
{
    char right_op = g->higher_is_better ? '<' : '>';
    char right_sign = g->higher_is_better ? '-' : '+';
    if (op == right_op && (!is_signed(bound) || bound[0] == right_sign))
        return 0;
    const char *size = bound + (is_signed(bound) ? 1 : 0);
    return err_set(err, ERR_USAGE,
                   "a limit describes the bad case, and %s is worse when it is %s: write "
                   "%s%c%.*s%.*s",
                   g->metric.name, g->higher_is_better ? "lower" : "higher", g->metric.name,
                   right_op, is_signed(bound) ? 1 : 0, &right_sign, (int)str_fit(size, 40), size);
}

static int add_bound(char op, const char *text, struct change_gate *out, struct err *err)
{
    struct change_bound *b = &out->bounds[out->nbounds];
    if (text[is_signed(text) ? 1 : 0] == '\0')
        return err_set(err, ERR_USAGE, "a bound is missing; try p99>+10%% or p99>250ms");
    if (check_direction(out, op, text, err) < 0)
        return -1;
    if ((is_signed(text) ? parse_change(text + 1, out, b, err) : parse_limit(text, out, b, err)) <
        0)
        return -1;
    if (out->nbounds == 1) {
        if (b->scale == CHANGE_ABSOLUTE || out->bounds[0].scale == CHANGE_ABSOLUTE)
            return err_set(err, ERR_USAGE,
                           "an absolute limit stands alone: give it a gate of its "
                           "own");
        if (b->scale == out->bounds[0].scale)
            return err_set(err, ERR_USAGE,
                           "two bounds of one kind: give a percentage and an amount, such as "
                           "p99>+10%% and +1ms");
    }
    out->nbounds++;
    return 0;
}

/* Cuts " and " and what follows off the text; *second is NULL when there is none. */
static int cut_second(char *text, char **second, struct err *err)
{
    char *and = strstr(text, " and ");
    *second = NULL;
    if (and == NULL)
        return 0;
    if (strstr(and+1, " and ") != NULL)
        return err_set(err, ERR_USAGE, "more than two bounds; give a gate for each");
    struct span first = trimmed(text, and);
    *second = and+5 + strspn(and+5, " \t");
    text[first.len] = '\0'; /* it begins without a blank, and ends without one */
    return 0;
}

static int parse_bounds(char op, char *text, struct change_gate *out, struct err *err)
{
    char *second = NULL;
    if (cut_second(text, &second, err) < 0)
        return -1;
    if (add_bound(op, text, out, err) < 0)
        return -1;
    return second == NULL ? 0 : add_bound(op, second, out, err);
}

/* "20%", "20% and +1ms" */
static int parse_detection(char *text, struct change_gate *out, struct err *err)
{
    double size = NAN;
    char *second = NULL;
    if (cut_second(text, &second, err) < 0)
        return -1;
    if (parse_percent(text, out->unit == METRIC_SHARE ? 1 : CHANGE_SIZE_MAX, &size, err) < 0)
        return -1;
    set_detection(size, out);
    if (second != NULL) {
        if (!is_signed(second))
            return err_set(err, ERR_USAGE, "'%s' has no sign; try 'p99 20%% and +1ms'", second);
        return add_bound(out->higher_is_better ? '<' : '>', second, out, err);
    }
    /* A few pages more are no finding, whatever they are of a small server. */
    if (out->unit == METRIC_SIZE)
        out->bounds[out->nbounds++] =
            (struct change_bound){.scale = CHANGE_ADDED, .tau = RSS_FLOOR, .limit = NAN};
    return 0;
}

/* --- the whole --- */

static int parse_rest(const struct span *name, const char *rest, char op, struct change_gate *out,
                      struct err *err)
{
    char *metric = mem_strndup(name->at, name->len);
    struct span part = trimmed(rest, rest + strlen(rest));
    char *bounds = mem_strndup(part.at, part.len);
    int failed = set_metric(metric, out, err);
    if (failed == 0)
        failed =
            op == '\0' ? parse_detection(bounds, out, err) : parse_bounds(op, bounds, out, err);
    free(metric);
    free(bounds);
    return failed;
}

/* "METRIC SIZE" */
static int parse_sized(const char *text, struct change_gate *out, struct err *err)
{
    const char *from = text + strspn(text, " \t");
    const char *end = from + strcspn(from, " \t");
    struct span name = {from, (size_t)(end - from)};
    if (end[strspn(end, " \t")] == '\0')
        return err_set(err, ERR_USAGE, "a size to detect is METRIC SIZE, such as 'p99 20%%'");
    return parse_rest(&name, end, '\0', out, err);
}

static int parse_operated(const char *text, const char *op, struct change_gate *out,
                          struct err *err)
{
    struct span name = trimmed(text, op);
    return parse_rest(&name, op + (op[1] == '=' ? 2 : 1), *op, out, err);
}

/* Sets the arm, and returns what follows "ARM: ". The last colon counts: a name may hold one. */
static const char *skip_arm(const char *text, const char *op, struct change_gate *out)
{
    const char *colon = NULL;
    for (const char *c = text; *c != '\0' && c != op; c++)
        colon = *c == ':' ? c : colon;
    if (colon == NULL)
        return text;
    struct span arm = trimmed(text, colon);
    out->arm = arm.at;
    out->arm_len = arm.len;
    return colon + 1;
}

static int parse(enum session_gate_kind kind, const char *text, struct change_gate *out,
                 struct err *err)
{
    const char *op = strpbrk(text, "<>");
    const char *rest = skip_arm(text, op, out);
    if (kind == SESSION_GATE_DETECT && op != NULL)
        return err_set(err, ERR_USAGE,
                       "a limit, which --fail takes; a size to detect is METRIC "
                       "SIZE, such as 'p99 20%%'");
    if (kind == SESSION_GATE_DETECT)
        return parse_sized(rest, out, err);
    if (op == NULL)
        return err_set(err, ERR_USAGE,
                       "not a limit; give METRIC, > or <, and a bound, such as "
                       "p99>+10%%, rps<-5%% or p99>250ms");
    return parse_operated(rest, op, out, err);
}

int change_parse(enum session_gate_kind kind, const char *text, struct change_gate *out,
                 struct err *err)
{
    *out = (struct change_gate){.text = text, .kind = kind, .detect = NAN};
    if (strlen(text) > CHANGE_TEXT_MAX)
        return err_set(err, ERR_USAGE, "'%.*s...' is too long for a gate", (int)str_fit(text, 60),
                       text);
    if (parse(kind, text, out, err) < 0)
        return err_wrap(err, "'%.*s'", (int)str_fit(text, 60), text);
    return 0;
}
