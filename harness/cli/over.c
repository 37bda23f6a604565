#include "cli/over.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "cli/run_opts.h"

#define DIGITS      2   /* of a value that bench chooses */
#define BEGIN_PART  0.6 /* of the values on a range, spaced evenly at the beginning */
#define BEGIN_LEAST 3
#define NARROW      1.15 /* neighbours on a logarithmic scale whose middle says nothing new */

/* Options of which a sweep would make no sense: what is printed and kept, and its own. */
static const char *const never[] = {"seed",  "duration", "amount",   "out",
                                    "title", "share",    "start-at", "hosts"};

/* Numbers whose rows have a parser of their own. */
static const struct {
    const char *name;
    enum over_unit unit;
} customs[] = {{"rate", OVER_RATE},
               {"connection-rate", OVER_RATE},
               {"connect-rate", OVER_RATE},
               {"work", OVER_WORK}};

/* --- the option --- */

static bool is_named(const struct opt *row, const char *name, size_t len)
{
    if (len == 1 && row->letter == name[0])
        return true;
    if (strlen(row->name) == len && strncmp(row->name, name, len) == 0)
        return true;
    for (const char *alias = row->aliases; alias != NULL && *alias != '\0';) {
        size_t n = strcspn(alias, " ");
        if (n == len && strncmp(alias, name, len) == 0)
            return true;
        alias += n + (alias[n] != '\0');
    }
    return false;
}

/* *rows: those of its group. */
static const struct opt *find_row(const struct opt_group *groups, const char *name, size_t len,
                                  const struct opt **rows)
{
    for (const struct opt_group *g = groups; g->rows != NULL; g++) {
        for (const struct opt *row = g->rows; row->type != OPT_END; row++) {
            *rows = g->rows;
            if (row->type != OPT_ABSENT && row->type != OPT_NOTE && is_named(row, name, len))
                return row;
        }
    }
    return NULL;
}

static enum over_unit unit_of(const struct opt *row)
{
    for (size_t i = 0; i < LEN(customs); i++) {
        if (strcmp(row->name, customs[i].name) == 0)
            return customs[i].unit;
    }
    return row->type == OPT_COUNT  ? OVER_COUNT
           : row->type == OPT_TIME ? OVER_TIME
           : row->type == OPT_SIZE ? OVER_SIZE
                                   : OVER_NAMES;
}

static int check_row(const struct opt *row, const struct opt *rows, struct err *err)
{
    bool is_refused = rows == run_output_opts;
    for (size_t i = 0; i < LEN(never); i++)
        is_refused = is_refused || strcmp(row->name, never[i]) == 0;
    if (is_refused)
        return err_set(err, ERR_USAGE,
                       "--%s cannot be swept: it changes nothing that could be compared; try "
                       "connections, rate, work, pool-size, fanout or queue-workers",
                       row->name);
    if (row->type == OPT_FLAG || row->type == OPT_LIST)
        return err_set(err, ERR_USAGE,
                       "--%s cannot be swept: it %s; compare servers with it and without it as two "
                       "--arm",
                       row->name, row->type == OPT_FLAG ? "has no value" : "can be repeated");
    return 0;
}

/* --- its values --- */

static int parse_value(enum over_unit unit, const char *text, double *out, struct err *err)
{
    int64_t number = 0;
    int failed = 0;
    if (unit == OVER_RATE)
        return units_parse_rate(text, out, err);
    if (unit == OVER_WORK && strncmp(text, "sleep:", 6) == 0)
        failed = units_parse_time(text + 6, &number, err);
    else if (unit == OVER_WORK)
        failed = units_parse_count(strncmp(text, "count:", 6) == 0 ? text + 6 : text, &number, err);
    else if (unit == OVER_TIME)
        failed = units_parse_time(text, &number, err);
    else if (unit == OVER_SIZE)
        failed = units_parse_size(text, &number, err);
    else
        failed = units_parse_count(text, &number, err);
    *out = (double)number;
    return failed;
}

/* A number of work that says nothing else is a count. */
static char *text_of_word(enum over_unit unit, const char *word)
{
    return unit == OVER_WORK && strchr(word, ':') == NULL ? mem_printf("count:%s", word)
                                                          : mem_strdup(word);
}

static void add_value(struct over *o, double value, const char *text)
{
    o->values = mem_one_more(o->values, o->texts.count, sizeof *o->values);
    o->values[o->texts.count] = value;
    str_list_add(&o->texts, text);
}

static int check_room(const struct over *o, struct err *err)
{
    if (o->texts.count < OVER_VALUES_MAX)
        return 0;
    return err_set(err, ERR_USAGE, "%s has more than %d values; give fewer, or a larger step",
                   o->axis.range, OVER_VALUES_MAX);
}

static int add_word(struct over *o, const char *word, struct err *err)
{
    double value = (double)o->texts.count;
    if (word[0] == '\0')
        return err_set(err, ERR_USAGE, "'%s' has an empty value", o->axis.range);
    if (check_room(o, err) < 0 ||
        (o->unit != OVER_NAMES && parse_value(o->unit, word, &value, err) < 0))
        return -1;
    for (size_t i = 0; i < o->texts.count; i++) {
        if (strcmp(o->texts.items[i], word) == 0 ||
            (o->unit != OVER_NAMES && o->values[i] == value))
            return err_set(err, ERR_USAGE, "the value %s is there twice", word);
    }
    char *text = text_of_word(o->unit, word);
    add_value(o, value, text);
    free(text);
    return 0;
}

static int parse_list(struct over *o, const char *list, struct err *err)
{
    int failed = 0;
    for (const char *at = list; failed == 0; at++) {
        size_t len = strcspn(at, ",");
        char *word = mem_strndup(at, len);
        failed = add_word(o, word, err);
        free(word);
        at += len;
        if (*at == '\0')
            break;
    }
    o->axis.scale = o->unit == OVER_NAMES ? AXIS_NAMES : AXIS_LOG;
    for (size_t i = 0; i < o->texts.count; i++) {
        if (o->values[i] <= 0 && o->axis.scale == AXIS_LOG)
            o->axis.scale = AXIS_LINEAR;
    }
    return failed;
}

static int add_steps(struct over *o, double step, struct err *err)
{
    for (int64_t i = 0; o->lo + (double)i * step <= o->hi * (1 + 1e-12); i++) {
        double value = o->lo + (double)i * step;
        if (check_room(o, err) < 0)
            return -1;
        char *text = over_text(o, value);
        add_value(o, value, text);
        free(text);
    }
    o->axis.scale = AXIS_LINEAR;
    return 0;
}

static int parse_ends(struct over *o, const char *from, const char *to, const char *step,
                      struct err *err)
{
    double each = 0;
    if (parse_value(o->unit, from, &o->lo, err) < 0 || parse_value(o->unit, to, &o->hi, err) < 0 ||
        (step != NULL && parse_value(o->unit, step, &each, err) < 0))
        return -1;
    if (!(o->lo < o->hi))
        return err_set(err, ERR_USAGE,
                       "the range %s is %s; write it from the smaller value to the larger",
                       o->axis.range, o->lo > o->hi ? "reversed" : "empty");
    if (step == NULL)
        return 0;
    if (!(each > 0))
        return err_set(err, ERR_USAGE, "the step of %s is not above 0", o->axis.range);
    return add_steps(o, each, err);
}

static int parse_range(struct over *o, const char *range, struct err *err)
{
    const char *dots = strstr(range, "..");
    const char *slash = strchr(dots, '/');
    size_t to_len = slash == NULL ? strlen(dots + 2) : (size_t)(slash - dots - 2);
    if (o->unit == OVER_NAMES)
        return err_set(err, ERR_USAGE, "--%s has no numbers to make a range of; list its values",
                       o->axis.option);
    if (o->unit == OVER_WORK && strncmp(range, "sleep:", 6) == 0)
        return err_set(err, ERR_USAGE, "a range of work is one of counts; list times of sleep");
    char *from = mem_strndup(range, (size_t)(dots - range));
    char *to = mem_strndup(dots + 2, to_len);
    int failed = parse_ends(o, from, to, slash == NULL ? NULL : slash + 1, err);
    free(from);
    free(to);
    if (failed == 0 && slash == NULL) {
        o->axis.scale = o->lo > 0 ? AXIS_LOG : AXIS_LINEAR;
        o->axis.is_placed = true;
    }
    return failed;
}

static int parse_values(struct over *o, const char *range, struct err *err)
{
    return strstr(range, "..") != NULL ? parse_range(o, range, err) : parse_list(o, range, err);
}

int over_parse(const char *text, const struct opt_group *groups, struct over *out, struct err *err)
{
    *out = (struct over){0};
    size_t len = strcspn(text, "=");
    if (text[len] == '\0' || len == 0 || text[len + 1] == '\0')
        return err_set(err, ERR_USAGE,
                       "'%.60s' is not NAME=VALUES; try connections=1..512, work=10k,1M,100M or "
                       "rate=100..2000/100",
                       text);
    const struct opt *rows = NULL;
    const struct opt *row = find_row(groups, text, len, &rows);
    if (row == NULL)
        return err_set(err, ERR_USAGE,
                       "'%.*s' is not an option of a run; try connections, rate, work, pool-size, "
                       "fanout or queue-workers",
                       (int)str_fit(text, len < 40 ? len : 40), text);
    if (check_row(row, rows, err) < 0)
        return -1;
    out->axis.option = mem_strdup(row->name);
    out->axis.range = mem_strdup(text + len + 1);
    out->unit = unit_of(row);
    return parse_values(out, text + len + 1, err) < 0 ? err_wrap(err, "%s", row->name) : 0;
}

void over_fini(struct over *o)
{
    free(o->axis.option);
    free(o->axis.range);
    free(o->values);
    str_list_fini(&o->texts);
    *o = (struct over){0};
}

/* --- values that bench chooses --- */

double over_round(const struct over *o, double value)
{
    double scale = pow(10, floor(log10(fmax(value, 1e-9))) - (DIGITS - 1));
    if (o->unit != OVER_RATE && scale < 1)
        scale = 1; /* there are no parts of a connection */
    return fmin(o->hi, fmax(o->lo, round(value / scale) * scale));
}

static double between(const struct over *o, double lo, double hi, double part)
{
    return o->axis.scale == AXIS_LOG ? lo * pow(hi / lo, part) : lo + (hi - lo) * part;
}

static char *text_in(double value, const double *factors, const char *const *names, size_t count)
{
    size_t i = count - 1;
    while (i > 0 && fmod(value, factors[i]) != 0)
        i--;
    return mem_printf("%.15g%s", value / factors[i], names[i]);
}

char *over_text(const struct over *o, double value)
{
    static const double thousands[] = {1, 1e3, 1e6, 1e9};
    static const char *const thousand_names[] = {"", "k", "M", "G"};
    static const double times[] = {1, 1e3, 1e6, 1e9};
    static const char *const time_names[] = {"ns", "us", "ms", "s"};
    static const double sizes[] = {1, 1024, 1048576, 1073741824};
    static const char *const size_names[] = {"B", "KiB", "MiB", "GiB"};
    char *number = NULL;
    if (value == 0)
        number = mem_strdup("0");
    else if (o->unit == OVER_TIME)
        number = text_in(value, times, time_names, LEN(times));
    else if (o->unit == OVER_SIZE)
        number = text_in(value, sizes, size_names, LEN(sizes));
    else
        number = text_in(value, thousands, thousand_names, LEN(thousands));
    if (o->unit != OVER_WORK)
        return number;
    char *text = mem_printf("count:%s", number);
    free(number);
    return text;
}

/* --- values that bench chooses: which ones --- */

static void add_chosen(struct over *o, double value)
{
    for (size_t i = 0; i < o->texts.count; i++) {
        if (o->values[i] == value)
            return;
    }
    char *text = over_text(o, value);
    add_value(o, value, text);
    free(text);
}

void over_begin(struct over *o, size_t wanted)
{
    size_t count = (size_t)ceil((double)wanted * BEGIN_PART);
    if (count < BEGIN_LEAST)
        count = wanted < BEGIN_LEAST ? wanted : BEGIN_LEAST;
    add_chosen(o, o->lo);
    for (size_t i = 1; i + 1 < count; i++)
        add_chosen(o, over_round(o, between(o, o->lo, o->hi, (double)i / (double)(count - 1))));
    if (count > 1)
        add_chosen(o, o->hi);
}

double over_middle(const struct over *o, double lo, double hi)
{
    if (o->axis.scale == AXIS_LOG && hi / lo < NARROW)
        return NAN;
    double value = over_round(o, between(o, lo, hi, 0.5));
    return value > lo && value < hi ? value : NAN;
}
