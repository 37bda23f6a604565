#include "report/plot/picture.h"

#include "report/plot/picture_internal.h"
#include "report/plot/session.h"

#define ROW(name, its_title)                                                                       \
    {                                                                                              \
        .key = #name, .title = (its_title), .has = picture_has_##name,                             \
        .read = picture_read_##name, .see = picture_see_##name                                     \
    }

const struct picture comparison_pictures[] = {
    ROW(latency, "Latency by percentile"),
    ROW(percentiles, "Percentiles over time"),
    ROW(heat, "Latency over time"),
    ROW(rate, "Responses and errors over time"),
    ROW(server, "Server cost over time"),
    ROW(parts, "Where the time went"),
    ROW(probe, "A light request under load"),
    ROW(queue, "The queue over time"),
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
    {.key = "shift", .title = SHIFT_TITLE, .read = read_shift, .see = see_shift},
    ROW(blocks, "Change by block"),
    {.key = NULL},
};
