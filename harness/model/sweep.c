#include "model/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "stat/ascending.h"

#define COUNT "count:" /* what a number of work is without it */

const char *const axis_scale_names[] = {
    [AXIS_NAMES] = "names", [AXIS_LINEAR] = "linear", [AXIS_LOG] = "log", NULL};

void sweep_init(struct sweep *s)
{
    *s = (struct sweep){.budget_s = NAN};
    comparison_init(&s->comparison);
}

void sweep_fini(struct sweep *s)
{
    for (size_t i = 0; i < SWEEP_AXES_MAX; i++) {
        free(s->axes[i].option);
        free(s->axes[i].range);
    }
    for (size_t i = 0; i < s->narms; i++)
        free(s->arms[i]);
    free(s->arms);
    for (size_t i = 0; i < s->npoints; i++)
        for (size_t k = 0; k < SWEEP_AXES_MAX; k++)
            free(s->points[i].texts[k]);
    free(s->points);
    free(s->goal);
    comparison_fini(&s->comparison);
    *s = (struct sweep){0};
}

void sweep_add_arm(struct sweep *s, const char *name)
{
    s->arms = mem_one_more(s->arms, s->narms, sizeof *s->arms);
    s->arms[s->narms++] = mem_strdup(name);
}

char *sweep_cell_name(const struct sweep *s, size_t point, size_t arm)
{
    struct buf name;
    buf_init(&name, BUF_TEXT_MAX);
    buf_puts(&name, s->arms[arm]);
    for (size_t i = 0; i < s->naxes; i++)
        buf_printf(&name, " %s=%s", s->axes[i].option, sweep_point_label(s, point, i));
    char *text = buf_take(&name);
    buf_fini(&name);
    return text;
}

void sweep_add_point(struct sweep *s, const char *const *texts, const double *values)
{
    s->points = mem_one_more(s->points, s->npoints, sizeof *s->points);
    struct sweep_point *point = &s->points[s->npoints++];
    *point = (struct sweep_point){0};
    for (size_t i = 0; i < s->naxes; i++) {
        point->texts[i] = mem_strdup(texts[i]);
        point->values[i] = values[i];
    }
    for (size_t i = 0; i < s->narms; i++) {
        char *name = sweep_cell_name(s, s->npoints - 1, i);
        (void)comparison_add_arm(&s->comparison, name);
        free(name);
    }
}

const struct arm *sweep_arm(const struct sweep *s, size_t point, size_t arm)
{
    return &s->comparison.arms[point * s->narms + arm];
}

size_t sweep_values(const struct sweep *s, size_t axis, double **out)
{
    double *values = mem_array(s->npoints + 1, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < s->npoints; i++)
        values[i] = s->points[i].values[axis];
    ascending_sort(values, s->npoints);
    for (size_t i = 0; i < s->npoints; i++) {
        if (count == 0 || values[i] > values[count - 1])
            values[count++] = values[i];
    }
    *out = values;
    return count;
}

static bool is_before(const struct sweep *s, size_t a, size_t b)
{
    for (size_t i = 0; i < s->naxes; i++) {
        if (s->points[a].values[i] != s->points[b].values[i])
            return s->points[a].values[i] < s->points[b].values[i];
    }
    return false;
}

size_t *sweep_order(const struct sweep *s)
{
    size_t *order = mem_array(s->npoints + 1, sizeof *order);
    for (size_t i = 0; i < s->npoints; i++) {
        size_t at = i;
        for (; at > 0 && is_before(s, i, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

bool sweep_find_point(const struct sweep *s, const double *values, size_t *out)
{
    for (size_t i = 0; i < s->npoints; i++) {
        bool is_it = true;
        for (size_t k = 0; k < s->naxes; k++)
            is_it = is_it && s->points[i].values[k] == values[k];
        if (is_it) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *sweep_text(const struct sweep *s, size_t axis, double value)
{
    for (size_t i = 0; i < s->npoints; i++) {
        if (s->points[i].values[axis] == value)
            return s->points[i].texts[axis];
    }
    return NULL;
}

const char *sweep_short_text(const char *option, const char *text)
{
    bool is_count = text != NULL && strcmp(option, "work") == 0 && str_starts(text, COUNT);
    return is_count ? text + strlen(COUNT) : text;
}

const char *sweep_label(const struct sweep *s, size_t axis, double value)
{
    return sweep_short_text(s->axes[axis].option, sweep_text(s, axis, value));
}

const char *sweep_point_label(const struct sweep *s, size_t point, size_t axis)
{
    return sweep_short_text(s->axes[axis].option, s->points[point].texts[axis]);
}
