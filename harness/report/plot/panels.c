/* The curves of each picture. Their number is that of the panel in its script. */
#include "report/plot/picture_internal.h"

#define CURVE(file_name, its_name)                                                                 \
    {                                                                                              \
        .number = 1, .name = (its_name), .unit = "ms", .file = (file_name), .column = 2, .few = 3, \
        .bound = 4                                                                                 \
    }
#define OVER_TIME(p, file_name, its_column, its_name, its_unit)                                    \
    {                                                                                              \
        .number = (p), .name = (its_name), .unit = (its_unit), .file = (file_name),                \
        .column = (its_column)                                                                     \
    }
#define SAMPLE(p, file_name, its_column, its_name, its_unit)                                       \
    {                                                                                              \
        .number = (p), .name = (its_name), .unit = (its_unit), .file = (file_name),                \
        .column = (its_column), .at_end = true                                                     \
    }

const struct plot_panel panels_latency[] = {
    CURVE("latency.dat", "completed"),
    CURVE("latency_unfinished.dat", "with unfinished"),
    {.name = NULL},
};

const struct plot_panel panels_probe[] = {
    CURVE("probe.dat", "connection kept"),
    CURVE("probe_new.dat", "new connection"),
    {.name = NULL},
};

const struct plot_panel panels_percentiles[] = {
    OVER_TIME(1, "percentiles.dat", 5, "highest", "ms"),
    OVER_TIME(2, "percentiles.dat", 4, "p99", "ms"),
    OVER_TIME(3, "percentiles.dat", 3, "p90", "ms"),
    OVER_TIME(4, "percentiles.dat", 2, "p50", "ms"),
    {.name = NULL},
};

const struct plot_panel panels_rate[] = {
    OVER_TIME(1, "rate.dat", 2, "responses", "/s"),
    OVER_TIME(2, "rate.dat", 3, "errors", "/s"),
    OVER_TIME(2, "rate.dat", 4, "without a response", "/s"),
    OVER_TIME(2, "rate.dat", 5, "not 2xx", "/s"),
    {.name = NULL},
};

const struct plot_panel panels_server[] = {
    OVER_TIME(1, "percentiles.dat", 4, "p99", "ms"),
    OVER_TIME(2, "server.dat", 2, "CPU", "cores"),
    SAMPLE(3, "server.dat", 3, "memory", "B"),
    SAMPLE(4, "server.dat", 4, "threads", ""),
    OVER_TIME(5, "server.dat", 5, "switches", "/s"),
    OVER_TIME(6, "server.dat", 6, "CPU wait", "s per s"),
    SAMPLE(7, "server.dat", 7, "backlog", "jobs"),
    {.name = NULL},
};

const struct plot_panel panels_queue[] = {
    OVER_TIME(1, "queue.dat", 2, "accepted", "/s"),
    OVER_TIME(2, "queue.dat", 3, "completed", "/s"),
    SAMPLE(3, "queue.dat", 4, "backlog", "jobs"),
    {.name = NULL},
};

/* The ratio has a bound where requests had not finished; its interval has none. */
const struct plot_panel panels_shift[] = {
    {.number = 1, .name = "NEW / OLD", .unit = "", .file = "shift.dat", .column = 2, .bound = 5},
    {.number = 1, .name = "at least", .unit = "", .file = "shift.dat", .column = 3},
    {.number = 1, .name = "at most", .unit = "", .file = "shift.dat", .column = 4},
    {.name = NULL},
};
