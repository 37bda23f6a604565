#include "report/plot/picture.h"

#include "report/plot/picture_internal.h"
#include "report/plot/session.h"

/* --- a shift that is part of a session --- */

static void read_shift(const void *what, struct buf *out)
{
    picture_read_shift(&((const struct session_picture *)what)->shift, out);
}

static void see_shift(const void *what, struct buf *out)
{
    picture_see_shift(&((const struct session_picture *)what)->shift, out);
}

static bool has_panels(const void *what)
{
    return ((const struct session_picture *)what)->npanels > 0;
}

/* --- the tables --- */

const struct picture comparison_pictures[] = {
    {.key = "latency",
     .numbers = "latency.dat",
     .title = "Latency by percentile",
     .read = picture_read_latency,
     .see = picture_see_latency},
    {.key = "heat",
     .title = "Latency over time",
     .has = picture_has_heat,
     .read = picture_read_heat,
     .see = picture_see_heat},
    {.key = "compare",
     .title = "Side by side",
     .read = picture_read_compare,
     .see = picture_see_compare},
    {.key = NULL},
};

const struct picture session_pictures[] = {
    {.key = "shift",
     .numbers = "shift.dat",
     .title = "Latency shift: NEW relative to OLD",
     .read = read_shift,
     .see = see_shift},
    {.key = "blocks",
     .numbers = "blocks.dat",
     .title = "Change by block",
     .has = has_panels,
     .read = picture_read_blocks,
     .see = picture_see_blocks},
    {.key = NULL},
};

const struct picture shift_pictures[] = {
    {.key = "shift",
     .numbers = "shift.dat",
     .title = "Latency shift: NEW relative to OLD",
     .read = picture_read_shift,
     .see = picture_see_shift},
    {.key = NULL},
};
