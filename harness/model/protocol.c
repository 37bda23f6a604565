#include "model/protocol.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *const tls_mode_names[TLS_MODE_COUNT] = {
    [TLS_MODE_KEEP_ALIVE] = "keep-alive",
    [TLS_MODE_FULL] = "full handshake per connection",
    [TLS_MODE_RESUMED] = "resumed handshake per connection"};

static const struct setting *find(const struct result *r, const char *name)
{
    for (size_t i = 0; i < r->nconfig; i++) {
        if (strcmp(r->config[i].name, name) == 0)
            return &r->config[i];
    }
    return NULL;
}

static bool is_on(const struct result *r, const char *name)
{
    const struct setting *s = find(r, name);
    return s != NULL && s->kind == SETTING_FLAG && s->number != 0;
}

/* "Connection: close" among the headers that were given, "a: 1; Connection=close". */
static bool closes_connections(const struct result *r)
{
    static const char name[] = "connection";
    const struct setting *s = find(r, "header");
    if (s == NULL || s->kind != SETTING_TEXT)
        return false;
    for (const char *item = s->text; item != NULL; item = strchr(item, ';')) {
        item += strspn(item, "; ");
        size_t len = strcspn(item, ":=;");
        if (len != sizeof name - 1 || strncasecmp(item, name, len) != 0)
            continue;
        const char *value = item + len + strspn(item + len, ":= \t");
        if (strncasecmp(value, "close", strlen("close")) == 0)
            return true;
    }
    return false;
}

enum tls_mode result_tls_mode(const struct result *r)
{
    if (!closes_connections(r))
        return TLS_MODE_KEEP_ALIVE;
    return is_on(r, "tls_resume") ? TLS_MODE_RESUMED : TLS_MODE_FULL;
}

char *result_protocol(const struct result *r, char text[PROTOCOL_TEXT])
{
    const char *http = r->has_http2 ? "HTTP/2" : "HTTP/1.1";
    const struct tls_use *t = &r->tls;
    if (r->accounting.connected == 0)
        text[0] = '\0';
    else if (!r->has_tls)
        (void)snprintf(text, PROTOCOL_TEXT, "%s", http);
    else
        (void)snprintf(text, PROTOCOL_TEXT, "%s over %.20s with %.80s", http,
                       t->version == NULL ? "TLS" : t->version,
                       t->cipher == NULL ? "an unknown cipher" : t->cipher);
    return text;
}

int64_t accounting_tls_failed(const struct accounting *a)
{
    int64_t sum = 0;
    for (size_t i = 0; i < a->nconnect_errors; i++)
        sum += a->connect_errors[i].trouble != NULL ? a->connect_errors[i].count : 0;
    return sum;
}
