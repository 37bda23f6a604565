#include "report/plot/picture.h"

#include "report/plot/picture_internal.h"
#include "report/plot/session.h"

#define ROW(name, its_title)                                                                       \
    {                                                                                              \
        .key = #name, .title = (its_title), .has = picture_has_##name,                             \
        .read = picture_read_##name, .see = picture_see_##name                                     \
    }

#define CURVES(name, its_title, by)                                                                \
    {                                                                                              \
        .key = #name, .title = (its_title), .has = picture_has_##name,                             \
        .read = picture_read_##name, .see = picture_see_##name, .panels = panels_##name,           \
        .across = (by)                                                                             \
    }

const struct picture comparison_pictures[] = {
    CURVES(latency, "Latency by percentile", PLOT_BY_PERCENTILE),
    CURVES(percentiles, "Percentiles over time", PLOT_BY_TIME),
    ROW(heat, "Latency over time"),
    CURVES(rate, "Responses and errors over time", PLOT_BY_TIME),
    CURVES(server, "Server cost over time", PLOT_BY_TIME),
    ROW(parts, "Where the time went"),
    CURVES(probe, "A light request under load", PLOT_BY_PERCENTILE),
    CURVES(queue, "The queue over time", PLOT_BY_TIME),
    ROW(compare, "Side by side"),
    ROW(generator, "The load generator"),
    {.key = NULL},
};

/* --- a shift, alone or as a part of a session --- */

#define SHIFT_TITLE "Latency shift: NEW relative to OLD"

const struct picture shift_pictures[] = {
    ROW(shift, SHIFT_TITLE),
    {.key = NULL},
};

static const void *shift_of(const void *what)
{
    return &((const struct session_picture *)what)->shift;
}

static void read_shift(const void *what, struct buf *out)
{
    picture_read_shift(shift_of(what), out);
}

static void see_shift(const void *what, struct buf *out)
{
    picture_see_shift(shift_of(what), out);
}

const struct picture session_pictures[] = {
    {.key = "shift",
     .title = SHIFT_TITLE,
     .read = read_shift,
     .see = see_shift,
     .panels = panels_shift,
     .across = PLOT_BY_PERCENTILE},
    ROW(blocks, "Change by block"),
    {.key = NULL},
};

/* --- a sweep, and a search --- */

const struct picture sweep_pictures[] = {
    {.key = "sweep",
     .title = "The figure of the goal over the values",
     .read = picture_read_sweep,
     .see = picture_see_sweep},
    {.key = NULL},
};

const struct picture map_pictures[] = {
    {.key = "map",
     .title = "Which is best where",
     .read = picture_read_map,
     .see = picture_see_map},
    {.key = NULL},
};

const struct picture capacity_pictures[] = {
    {.key = "capacity",
     .title = "The search for the capacity",
     .read = picture_read_capacity,
     .see = picture_see_capacity},
    {.key = NULL},
};
