/* message: one request as its client sent it.
 *
 * Owner   borrowed while the request is routed: gone when `route` or `handle` (strategy.h) returns.
 * Source  RFC 9112, section 2.
 */
#ifndef TARGETS_HTTP_MESSAGE_H
#define TARGETS_HTTP_MESSAGE_H

#include <stddef.h>

#include "targets/http/head.h"
#include "targets/http/query.h"

struct message {
    unsigned method; /* HTTP_GET.., of http_parser.h */
    char *target;    /* as sent; query_split cuts it up */
    size_t target_len;
    struct query query; /* the target's path and params; its path is NULL until then */
    const struct head *head;
    const char *body;
    size_t body_len;
};

#endif
