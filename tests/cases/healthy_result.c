#include "cases/healthy_result.h"

void healthy_result(struct result *r)
{
    result_init(r);
    r->duration_s = 10;
    r->connections = 10;
    r->pipelining = 1;
    r->environment.cores_online = 4;
    r->environment.load_average_1m = 0.1;
    r->accounting.sent = 1010;
    r->accounting.completed = 1000;
    r->accounting.in_flight_at_end = 10;
    r->accounting.connected = 10;
    r->client.busiest_worker = 0.5;
    r->client.little_residual = 0.01;
    r->fairness = (struct fairness){.min = 99, .median = 100, .max = 101, .jain = 1};
}
