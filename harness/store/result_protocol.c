#include "store/result_protocol.h"

#include <stdbool.h>

#include "base/str.h"
#include "store/fields.h"
#include "store/result_rows.h"

json_t *result_tls_to_json(const struct result *r)
{
    return r->has_tls ? fields_object(tls_rows, &r->tls) : json_null();
}

json_t *result_http2_to_json(const struct result *r)
{
    return r->has_http2 ? fields_object(http2_rows, &r->http2) : json_null();
}

static bool is_there(const json_t *doc, const char *key)
{
    const json_t *value = json_object_get(doc, key);
    return value != NULL && !json_is_null(value);
}

/* A handshake is that of a connection that came up, or of one that failed later. */
static int check_tls(const struct result *r, struct err *err)
{
    const struct tls_use *t = &r->tls;
    uint64_t timed = r->handshake == NULL ? 0 : hist_count(r->handshake);
    bool is_https = r->url != NULL && str_starts(r->url, "https://");
    if (r->url != NULL && r->has_tls != is_https)
        return field_problem("", "tls", "does not fit the scheme of the URL", err);
    if (!r->has_tls && timed > 0)
        return field_problem("histograms", "handshake", "has values, and tls is null", err);
    if (t->resumed > t->handshakes)
        return field_problem("tls", "resumed", "is more than tls.handshakes", err);
    if (t->handshakes > r->accounting.connected + r->accounting.connect_failed)
        return field_problem("tls", "handshakes", "is more than there were connections", err);
    if (timed > (uint64_t)t->handshakes)
        return field_problem("histograms", "handshake", "holds more than tls.handshakes", err);
    return 0;
}

static int check_http2(const struct http2_use *h, struct err *err)
{
    if (h->max_streams != MISSING && h->max_streams > UINT32_MAX)
        return field_problem("http2", "max_streams", "is more than HTTP/2 can say", err);
    if (h->blocked == 0 && h->blocked_s > 0)
        return field_problem("http2", "blocked_s", "is time without http2.blocked", err);
    return 0;
}

int result_read_protocol(const json_t *doc, struct result *r, struct err *err)
{
    r->has_tls = is_there(doc, "tls");
    r->has_http2 = is_there(doc, "http2");
    if (r->has_tls && field_rows(doc, "tls", tls_rows, &r->tls, err) < 0)
        return -1;
    if (r->has_http2 && field_rows(doc, "http2", http2_rows, &r->http2, err) < 0)
        return -1;
    return check_tls(r, err) < 0 ? -1 : check_http2(&r->http2, err);
}
