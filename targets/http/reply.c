#include "targets/http/reply.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

static const struct {
    int status;
    const char *name;
} names[] = {
    {200, "OK"},
    {202, "Accepted"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {413, "Content Too Large"},
    {417, "Expectation Failed"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

const char *reply_status_name(int status)
{
    for (size_t i = 0; i < LEN(names); i++) {
        if (names[i].status == status)
            return names[i].name;
    }
    return "Unknown";
}

static const char *const connection_lines[] = {
    [REPLY_KEEP] = "",
    [REPLY_KEEP_TOLD] = "Connection: keep-alive\r\n",
    [REPLY_CLOSE] = "Connection: close\r\n",
};

void reply_format(const struct reply *reply, enum reply_part part, enum reply_connection connection,
                  const char *date, struct buf *out)
{
    buf_printf(out,
               "HTTP/1.1 %d %s\r\n"
               "%s"
               "Content-Type: %s\r\n"
               "Content-Length: %zu\r\n"
               "%s%s\r\n",
               reply->status, reply_status_name(reply->status), date, reply->type, reply->body_len,
               reply->headers == NULL ? "" : reply->headers, connection_lines[connection]);
    if (part == REPLY_WHOLE)
        buf_add(out, reply->body, reply->body_len);
}

void reply_error_body(int status, const char *text, struct buf *out)
{
    json_t *body = json_pack("{s:s}", "error", text);
    if (body == NULL)
        body = json_pack("{s:s}", "error", reply_status_name(status));
    char *json = json_dumps(body, JSON_COMPACT);
    buf_printf(out, "%s\n", json == NULL ? "{}" : json);
    free(json);
    json_decref(body);
}
