#include "targets/redis/resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct resolver *r = request->data;
    r->found = r->next = found;
    r->on_found(r->ctx, status < 0 ? uv_strerror(status) : NULL);
}

int resolver_start(struct resolver *r, uv_loop_t *loop, const char *host)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    resolver_fini(r);
    r->request.data = r;
    return uv_getaddrinfo(loop, &r->request, on_resolved, host, NULL, &hints);
}

void resolver_cancel(struct resolver *r)
{
    (void)uv_cancel((uv_req_t *)&r->request); /* fails when a thread has begun it */
}

bool resolver_next(struct resolver *r, char ip[RESOLVER_IP_MAX])
{
    const struct addrinfo *a = r->next;
    if (a == NULL)
        return false;
    r->next = a->ai_next;
    const void *address = a->ai_addr;
    return a->ai_family == AF_INET6 ? uv_ip6_name(address, ip, RESOLVER_IP_MAX) == 0
                                    : uv_ip4_name(address, ip, RESOLVER_IP_MAX) == 0;
}

void resolver_fini(struct resolver *r)
{
    uv_freeaddrinfo(r->found);
    r->found = r->next = NULL;
}
