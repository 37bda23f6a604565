/* Parses thresholds. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/gate/gate.h"
#include "base/mem.h"
#include "base/units.h"

#define VALUE_MAX 40 /* characters */

static char *trimmed(const char *text, size_t len)
{
    while (len > 0 && isspace((unsigned char)text[0])) {
        text++;
        len--;
    }
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    return mem_strndup(text, len);
}

static int parse_share(const struct metric *m, const char *text, double *out, struct err *err)
{
    const char *end = NULL;
    if (text[0] == '+' || text[0] == '-')
        return err_set(err, ERR_USAGE,
                       "'%s' is a change, and this is one measurement; give an absolute threshold "
                       "such as p50>250ms, or measure both sides: bench check --arm base=... "
                       "--arm head=...",
                       text);
    if (!metric_has_share(m))
        return err_set(err, ERR_USAGE,
                       "%s cannot be a percentage; give an absolute threshold such as p50>250ms "
                       "(a change such as +10%% takes two arms: bench check --arm base=... --arm "
                       "head=...)",
                       m->name);
    *out = metric_decimal(text, -2, &end);
    if (end == text || strcmp(end, "%") != 0 || *out > 1)
        return err_set(err, ERR_USAGE, "'%s' is not a percentage; try 1%%, 0.5%% or 100%%", text);
    return 0;
}

/* A rate may say that it is one: "800/s". */
static int parse_number(const struct metric *m, const char *text, double *out, struct err *err)
{
    bool is_rate = m->row != NULL && m->row->trait == METRIC_THROUGHPUT && str_ends(text, "/s");
    char *number = mem_strndup(text, strlen(text) - (is_rate ? strlen("/s") : 0));
    int failed = metric_number(number, out);
    free(number);
    return failed == 0
               ? 0
               : err_set(err, ERR_USAGE, "'%s' is not a number; try 0.5, 1000 or 1.5k", text);
}

/* A unit is required: elsewhere a plain number means seconds, but users think in ms here. */
static int parse_time(const char *text, int64_t *out_ns, struct err *err)
{
    size_t digits = strspn(text, "0123456789.");
    if (digits > 0 && text[digits] == '\0')
        return err_set(err, ERR_USAGE, "'%s' has no unit; try %sms, %sus or %ss", text, text, text,
                       text);
    if (units_parse_time(text, out_ns, err) < 0)
        return err_set(err, ERR_USAGE, "'%s' is not a time; try 250ms, 20us or 1.5s", text);
    return 0;
}

static int parse_value(const struct metric *m, const char *text, struct gate_threshold *out,
                       struct err *err)
{
    int64_t whole = 0;
    int failed = -1;
    size_t len = strlen(text);
    out->unit = metric_unit(m);
    if (len == 0)
        return err_set(err, ERR_USAGE, "no value after the operator; try p99>250ms");
    if (len > VALUE_MAX)
        return err_set(err, ERR_USAGE, "the value '%.*s...' is too long",
                       (int)str_fit(text, VALUE_MAX), text);
    if (text[len - 1] == '%') {
        out->unit = METRIC_SHARE;
        return parse_share(m, text, &out->value, err);
    }
    if (out->unit == METRIC_NUMBER)
        return parse_number(m, text, &out->value, err);
    if (out->unit == METRIC_TIME)
        failed = parse_time(text, &whole, err);
    else if (out->unit == METRIC_SIZE)
        failed = units_parse_size(text, &whole, err);
    else
        failed = units_parse_count(text, &whole, err);
    out->value = (double)whole;
    return failed;
}

static int parse_parts(const char *name, const char *value, struct gate_threshold *out,
                       struct err *err)
{
    if (metric_find(name, &out->metric, err) < 0)
        return -1;
    return parse_value(&out->metric, value, out, err);
}

const char *gate_operator(const char *text)
{
    const char *colon = strrchr(text, ':'); /* the name of a request may have "[<id>]" */
    const char *op = colon == NULL ? NULL : strpbrk(colon, "<>");
    return op != NULL ? op : strpbrk(text, "<>");
}

int gate_parse(const char *text, enum gate_level level, struct gate_threshold *out, struct err *err)
{
    const char *op = gate_operator(text);
    *out = (struct gate_threshold){.text = text, .level = level};
    if (op == NULL)
        return err_set(
            err, ERR_USAGE,
            "'%.*s' is not a threshold; give METRIC, one of > >= < <=, and a value, such "
            "as p99>250ms, errors>0 or rps<1000",
            (int)str_fit(text, 60), text);
    bool equal = op[1] == '=';
    if (op[0] == '>')
        out->op = equal ? GATE_AT_LEAST : GATE_ABOVE;
    else
        out->op = equal ? GATE_AT_MOST : GATE_BELOW;
    char *name = trimmed(text, (size_t)(op - text));
    const char *after = op + (equal ? 2 : 1);
    char *value = trimmed(after, strlen(after));
    int failed = parse_parts(name, value, out, err);
    free(name);
    free(value);
    return failed;
}
