/* spec: what the load generator is told to do, checked and ready: no text is parsed after this.
 *
 * Units   nanoseconds, bytes; 0 in a limit means none.
 * Owner   everything is borrowed and must outlive the load.
 */
#ifndef LOAD_SPEC_H
#define LOAD_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "http/response.h"

struct load_spec {
    struct sockaddr_storage address;
    const char *request; /* the bytes of one request */
    size_t request_len;
    enum response_to to;
    const char *expected_body; /* NULL: bodies are not compared */
    size_t expected_len;
    bool is_one_shot; /* the request says Connection: close, so each has its own connection */

    int connections, pipelining, workers;
    int64_t duration_ns, amount;
    int64_t timeout_ns;
    int64_t warmup_ns;
    int warmup_connections; /* 0: all */
    uint64_t seed;          /* of the back-off; worker i adds i */
};

/* Part `index` of `total`, split into `parts` whole numbers that differ by at most 1. */
int64_t load_share(int64_t total, int parts, int index);

#endif
