#include "cases/sweep_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cases/compare_cases.h"

#define ARMS_MAX   16
#define VALUES_MAX 12
#define TEXT_MAX   24 /* bytes of a value */
#define STEP       120
#define HOSTILE    "`touch ran` $(touch ran) \"<script>\\"

struct shape {
    const char *name;
    struct {
        const char *option, *range;
        enum axis_scale scale;
        const char *values; /* in between blanks */
    } axes[SWEEP_AXES_MAX];
    int64_t rounds;
    const char *goal;
    const char *arms[ARMS_MAX];
    /* Of each arm: a row of the map after the other, divided by '/'. x: failed, -: not measured.
     * NULL: made up. */
    const char *levels[ARMS_MAX];
};

/* clang-format off */
static const struct shape shapes[] = {
    {.name = "curves", .axes = {{"connections", "1..512", AXIS_LOG, "1 4 16 64 100 512"}}, .rounds = 3,
     .goal = "most work", .arms = {"inline", "threads", "pool"}, .levels = {"98764x", "234444", "45678k"}},
    {.name = "map", .axes = {{"work", "10k..100M", AXIS_LOG, "count:10k count:1M count:10M count:100M"},
                             {"connections", "1,8,64", AXIS_LOG, "1 8 64"}}, .rounds = 3,
     .goal = "most work", .arms = {"inline", "pool", "offload"},
     .levels = {"9998/9884/7xx2", "8886/8899/899-", "7777/7799/7789"}},
    {.name = "one-arm", .axes = {{"rate", "100,200", AXIS_LOG, "100 200 400"}}, .rounds = 3,
     .goal = "lowest p99", .arms = {"pool"}, .levels = {"975"}},
    {.name = "one-arm-map", .axes = {{"work", "1k,1M", AXIS_LOG, "count:1k count:1M"},
                                     {"pool-size", "1,2,4", AXIS_LINEAR, "1 2 4"}}, .rounds = 3,
     .goal = "most work", .arms = {"pool"}, .levels = {"96/cg/kz"}},
    {.name = "one-point", .axes = {{"connections", "8", AXIS_LOG, "8"}}, .rounds = 3,
     .goal = "least CPU", .arms = {"inline", "pool"}, .levels = {"5", "9"}},
    {.name = "names", .axes = {{"broker-sync", "normal,full", AXIS_NAMES, "normal full"}}, .rounds = 3,
     .goal = "lowest p50", .arms = {"queue-of-a-rather-long-name-indeed", "other"}, .levels = {"59", "95"}},
    {.name = "ties", .axes = {{"connections", "1,2", AXIS_LOG, "1 2 3"}}, .rounds = 3,
     .goal = "most work", .arms = {"a", "b"}, .levels = {"555", "555"}},
    {.name = "tied-map", .axes = {{"connections", "1,2", AXIS_LOG, "1 2"}, {"work", "1k,2k", AXIS_LOG, "count:1k count:2k"}},
     .rounds = 3, .goal = "most work", .arms = {"a", "b", "c", "d"}, .levels = {"55/55", "55/55", "55/15", "55/11"}},
    {.name = "column", .axes = {{"connections", "8", AXIS_LOG, "8"}, {"work", "1k,2k", AXIS_LOG, "count:1k count:2k count:4k"}},
     .rounds = 3, .goal = "most work", .arms = {"a", "b"}, .levels = {"9/5/1", "1/5/9"}},
    {.name = "once", .axes = {{"connections", "1,2", AXIS_LOG, "1 2"}}, .rounds = 1,
     .goal = "most work", .arms = {"a", "b"}, .levels = {"59", "95"}},
    {.name = "failed", .axes = {{"connections", "1,2", AXIS_LOG, "1 2"}}, .rounds = 3,
     .goal = "most work", .arms = {"a", "b"}, .levels = {"xx", "x-"}},
    {.name = "failed-map", .axes = {{"connections", "1,2", AXIS_LOG, "1 2"}, {"rate", "5,6", AXIS_LOG, "5 6"}},
     .rounds = 3, .goal = "lowest p99", .arms = {"a", "b"}, .levels = {"xx/x-", "x9/--"}},
    {.name = "hostile", .axes = {{HOSTILE, "<b>", AXIS_LINEAR, "`id` \"</text> 3"}, {"<i>", "@", AXIS_NAMES, "\\ \""}},
     .rounds = 3, .goal = "most work", .arms = {HOSTILE, "</svg><script>alert(1)</script>"},
     .levels = {"569/999", "965/111"}},
    {.name = "sixteen", .axes = {{"connections", "1..64", AXIS_LOG, "1 2 4 6 7 8 10 12 16 24 32 64"}}, .rounds = 3,
     .goal = "lowest p99", .arms = {"arm-01", "arm-02-of-sixteen-arms", "arm-03", "arm-04", "arm-05", "arm-06", "arm-07", "arm-08",
                                   "arm-09", "arm-10", "arm-11", "arm-12", "arm-13", "arm-14", "arm-15", "arm-16"}},
    {.name = "grid", .axes = {{"work", "10k..1G", AXIS_LOG, "count:10k count:20k count:50k count:100k count:200k count:500k "
                                                           "count:1M count:2M count:5M count:10M count:20M count:50M"},
                              {"connections", "1..512", AXIS_LOG, "1 2 4 8 16 24 32 48 64 128 256 512"}}, .rounds = 3,
     .goal = "lowest p99", .arms = {"inline", "threads", "pool", "offload"}},
    {.name = NULL},
};
/* clang-format on */

const char *const sweep_case_names[] = {
    "curves",   "map",  "one-arm",    "one-arm-map", "one-point", "names",  "ties",
    "tied-map", "once", "failed-map", "hostile",     "failed",    "column", NULL};

/* --- values --- */

/* The value number `at`; false: there are fewer. */
static bool value_text(const char *values, size_t at, char text[TEXT_MAX])
{
    for (size_t i = 0; i < at; i++) {
        values += strcspn(values, " ");
        values += *values == ' ';
    }
    size_t len = strcspn(values, " ");
    if (len == 0 || len >= TEXT_MAX)
        return false;
    memcpy(text, values, len);
    text[len] = '\0';
    return true;
}

static double value_of(const char *text, enum axis_scale scale, size_t at)
{
    const char *number = str_starts(text, "count:") ? text + 6 : text;
    char *end = NULL;
    double value = strtod(number, &end);
    if (scale == AXIS_NAMES || end == number)
        return (double)at;
    return *end == 'k' ? value * 1e3 : *end == 'M' ? value * 1e6 : value;
}

/* --- trials --- */

static char made_up(size_t arm, size_t column, size_t row)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvw";
    size_t centre = 3 * arm;
    size_t at = column + row;
    size_t off = at > centre ? at - centre : centre - at;
    if (arm == 1 && column == 2 && row == 2)
        return 'x';
    return letters[off > 30 ? 1 : 31 - off];
}

static char level_of(const struct shape *shape, size_t arm, size_t column, size_t row)
{
    const char *at = shape->levels[0] == NULL ? NULL : shape->levels[arm];
    if (at == NULL)
        return made_up(arm, column, row);
    for (size_t i = 0; i < row; i++)
        at = strchr(at, '/') + 1;
    return at[column];
}

static void add_trials(const struct shape *shape, struct sweep *s, size_t cell, char level,
                       double work)
{
    int64_t amount = level >= 'a' ? level - 'a' + 10 : level - '0';
    for (int64_t round = 1; round <= shape->rounds && level != '-'; round++) {
        struct result r;
        int64_t completed = (200 + STEP * amount) * (98 + 2 * (round - 1)) / 100;
        const struct trial_shape trial = {.strategy = "pool",
                                          .completed = completed,
                                          .low_ms = 300 - 8 * (double)amount + (double)round,
                                          .high_ms = 400 - 8 * (double)amount + (double)round,
                                          .cpu_s = (double)completed * (3e-5 + work * 7e-10),
                                          .rss_mb = 10,
                                          .threads = 4,
                                          .switches = 900,
                                          .bench_core = 0.1};
        if (level == 'x') {
            comparison_add_problem(&s->comparison, cell, round, "it ended with exit code 3");
            continue;
        }
        trial_of(&trial, &r);
        comparison_add_result(&s->comparison, cell, round, &r);
    }
}

/* --- the sweep --- */

static void add_point(const struct shape *shape, struct sweep *s, size_t column, size_t row,
                      char texts[SWEEP_AXES_MAX][TEXT_MAX])
{
    const char *names[] = {texts[0], texts[1]};
    double values[SWEEP_AXES_MAX] = {0};
    double work = 0;
    for (size_t i = 0; i < s->naxes; i++) {
        values[i] = value_of(texts[i], shape->axes[i].scale, i == 0 ? column : row);
        work = strcmp(shape->axes[i].option, "work") == 0 ? values[i] : work;
    }
    sweep_add_point(s, names, values);
    for (size_t arm = 0; arm < s->narms; arm++)
        add_trials(shape, s, (s->npoints - 1) * s->narms + arm, level_of(shape, arm, column, row),
                   work);
}

static void add_points(const struct shape *shape, struct sweep *s)
{
    char texts[SWEEP_AXES_MAX][TEXT_MAX] = {{0}};
    for (size_t row = 0; row < VALUES_MAX; row++) {
        if (s->naxes > 1 ? !value_text(shape->axes[1].values, row, texts[1]) : row > 0)
            return;
        for (size_t column = 0; value_text(shape->axes[0].values, column, texts[0]); column++)
            add_point(shape, s, column, row, texts);
    }
}

int sweep_case(const char *name, struct sweep *out)
{
    const struct shape *shape = shapes;
    while (shape->name != NULL && strcmp(shape->name, name) != 0)
        shape++;
    if (shape->name == NULL)
        return -1;
    sweep_init(out);
    comparison_fini(&out->comparison);
    comparison_of(&out->comparison, shape->rounds);
    out->goal = mem_strdup(shape->goal);
    for (; out->naxes < SWEEP_AXES_MAX && shape->axes[out->naxes].option != NULL; out->naxes++) {
        struct sweep_axis *axis = &out->axes[out->naxes];
        axis->option = mem_strdup(shape->axes[out->naxes].option);
        axis->range = mem_strdup(shape->axes[out->naxes].range);
        axis->scale = shape->axes[out->naxes].scale;
        axis->is_placed = strstr(axis->range, "..") != NULL;
    }
    for (size_t i = 0; i < ARMS_MAX && shape->arms[i] != NULL; i++)
        sweep_add_arm(out, shape->arms[i]);
    add_points(shape, out);
    return 0;
}
