/* host_rule: which requests a server refuses because a web page may have sent them. Pure.
 *
 * Shape   a page of any site can make a browser send requests to this machine, and can read the
 *         answers when it makes its own name resolve to 127.0.0.1. Such a request has the page's
 *         name in Host, or another site's in Origin; one without Origin says "Sec-Fetch-Site:
 *         cross-site". Clients other than browsers have a loopback address or "localhost" in Host.
 * Owner   everything is borrowed.
 * Source  RFC 6454 (Origin); the W3C's Fetch Metadata Request Headers.
 */
#ifndef TARGETS_HTTP_HOST_RULE_H
#define TARGETS_HTTP_HOST_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "targets/http/message.h"

struct host_rule {
    bool is_on;
    const char *own; /* the address that the server listens on */
    const struct str_list *allowed;
};

/* On for a server on loopback, and for every server with --allow-host. */
struct host_rule host_rule_of(const char *own, const struct str_list *allowed);
/* -1, kind USAGE: refused; the text goes to the client with the 403. */
int host_rule_check(const struct host_rule *rule, const struct message *message, struct err *err);

#endif
