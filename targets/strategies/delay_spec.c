#include "targets/strategies/delay_spec.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "stat/normal.h"

#define FIELDS_MAX   3
#define FIELD_BYTES  32
#define PHASE_MIN_NS NS_PER_MS

struct fields {
    char text[FIELDS_MAX][FIELD_BYTES];
    size_t count;
};

static const struct form {
    const char *name;
    enum delay_kind kind;
    size_t fields;
} forms[] = {
    {"constant", DELAY_CONSTANT, 1},
    {"bimodal", DELAY_BIMODAL, 3},
    {"lognormal", DELAY_LOGNORMAL, 2},
    {"exponential", DELAY_EXPONENTIAL, 1},
};

/* What stands between commas; false for too many, and for one that is too long. */
static bool split(const char *text, struct fields *out)
{
    out->count = 0;
    for (;;) {
        size_t len = strcspn(text, ",");
        if (out->count == FIELDS_MAX || len >= FIELD_BYTES)
            return false;
        memcpy(out->text[out->count], text, len);
        out->text[out->count++][len] = '\0';
        if (text[len] == '\0')
            return true;
        text += len + 1;
    }
}

static int parse_time(const char *text, int64_t least_ns, int64_t *out_ns, struct err *err)
{
    if (units_parse_time(text, out_ns, err) < 0)
        return err_wrap(err, "--delay");
    if (*out_ns < least_ns || *out_ns > DELAY_MAX_NS)
        return err_set(err, ERR_USAGE, "--delay: %s is not between %s and 1h", text,
                       least_ns == 0 ? "0" : "1ms");
    return 0;
}

static int parse_sigma(const char *text, double *out, struct err *err)
{
    char *end = NULL;
    double sigma = strtod(text, &end);
    if (end == text || *end != '\0' || !(sigma >= 0 && sigma <= DELAY_SIGMA_MAX))
        return err_set(err, ERR_USAGE, "--delay: '%s' is not a sigma between 0 and %g", text,
                       DELAY_SIGMA_MAX);
    *out = sigma;
    return 0;
}

static const struct form *form_of(const char *text, size_t len)
{
    for (size_t i = 0; i < LEN(forms); i++) {
        if (strlen(forms[i].name) == len && strncmp(forms[i].name, text, len) == 0)
            return &forms[i];
    }
    return NULL;
}

int delay_spec_parse(const char *text, struct delay_spec *out, struct err *err)
{
    struct fields fields;
    size_t len = strcspn(text, ":");
    const struct form *form = form_of(text, len);
    *out = (struct delay_spec){0};
    if (form == NULL || text[len] == '\0' || !split(text + len + 1, &fields) ||
        fields.count != form->fields)
        return err_set(err, ERR_USAGE,
                       "--delay: '%s' is not a delay; try constant:50ms, bimodal:10ms,200ms,1s, "
                       "lognormal:20ms,0.5 or exponential:20ms",
                       text);
    out->kind = form->kind;
    if (parse_time(fields.text[0], 0, &out->first_ns, err) < 0)
        return -1;
    if (form->kind == DELAY_LOGNORMAL)
        return parse_sigma(fields.text[1], &out->sigma, err);
    if (form->kind != DELAY_BIMODAL)
        return 0;
    if (parse_time(fields.text[1], 0, &out->second_ns, err) < 0)
        return -1;
    return parse_time(fields.text[2], PHASE_MIN_NS, &out->phase_ns, err);
}

static int64_t bounded(double ns)
{
    return ns < (double)DELAY_MAX_NS ? (int64_t)ns : DELAY_MAX_NS;
}

int64_t delay_spec_draw(const struct delay_spec *spec, struct rng *rng, int64_t since_ns)
{
    switch (spec->kind) {
    case DELAY_BIMODAL:
        return since_ns / spec->phase_ns % 2 == 0 ? spec->first_ns : spec->second_ns;
    case DELAY_LOGNORMAL:
        return bounded((double)spec->first_ns * exp(spec->sigma * normal_draw(rng)));
    case DELAY_EXPONENTIAL:
        return bounded(-(double)spec->first_ns * log1p(-rng_unit(rng)));
    case DELAY_CONSTANT:
        break;
    }
    return spec->first_ns;
}
