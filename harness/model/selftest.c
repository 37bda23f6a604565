#include "model/selftest.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define BUSY_CORES  0.10 /* as in the warning busy-machine */
#define CORES_LEAST 3    /* for the generator, its main thread and the server */

const char *const selftest_verdict_names[SELFTEST_VERDICTS] = {
    [SELFTEST_STATED] = "stated",
    [SELFTEST_HOLDS] = "holds",
    [SELFTEST_BEYOND] = "beyond",
    [SELFTEST_UNKNOWN] = "unknown",
};

void selftest_init(struct selftest *s)
{
    *s = (struct selftest){.cores = MISSING, .others = NAN, .length_s = NAN};
}

void selftest_fini(struct selftest *s)
{
    free(s->figures);
    *s = (struct selftest){0};
}

void selftest_add(struct selftest *s, const struct selftest_figure *figure)
{
    s->figures = mem_one_more(s->figures, s->nfigures, sizeof *s->figures);
    s->figures[s->nfigures++] = *figure;
}

double selftest_error(const struct selftest_figure *f)
{
    return f->measured - f->truth;
}

enum selftest_verdict selftest_judge(const struct selftest_figure *f)
{
    double error = selftest_error(f);
    if (isnan(f->limit))
        return SELFTEST_STATED;
    if (isnan(error))
        return SELFTEST_UNKNOWN;
    return fabs(error) <= f->limit ? SELFTEST_HOLDS : SELFTEST_BEYOND;
}

size_t selftest_count(const struct selftest *s, enum selftest_verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < s->nfigures; i++)
        count += selftest_judge(&s->figures[i]) == verdict;
    return count;
}

enum err_kind selftest_kind(const struct selftest *s)
{
    if (s->nfigures == 0 || selftest_count(s, SELFTEST_UNKNOWN) > 0)
        return ERR_INVALID;
    return selftest_count(s, SELFTEST_BEYOND) > 0 ? ERR_GATE : ERR_NONE;
}

const char *selftest_meaning(const struct selftest *s)
{
    if (selftest_count(s, SELFTEST_BEYOND) == 0)
        return NULL;
    if (!isnan(s->others) && s->others > BUSY_CORES)
        return "other programs used the cores meanwhile, so wake-ups came late; end them and "
               "repeat, or read differences below these errors as noise";
    if (s->cores != MISSING && s->cores < CORES_LEAST)
        return "the load generator and the server share too few cores here, so one waits for the "
               "other; read differences below these errors as noise, or use a machine with 3 cores "
               "or more";
    return "the machine was not busy and has cores to spare, so its kernel wakes programs late (a "
           "virtual machine, power saving) or bench is wrong; compare with the wake-up at the top, "
           "and read differences below these errors as noise";
}
