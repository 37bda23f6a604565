#include <inttypes.h>
#include <stdio.h>

#include "model/protocol.h"
#include "report/run/report_internal.h"
#include "report/secured.h"
#include "report/text.h"

/* "1,234 handshakes, 99.2% resumed" */
static void add_handshakes(struct buf *text, const struct result *r)
{
    const struct tls_use *t = &r->tls;
    char number[32];
    if (t->handshakes == 0)
        return;
    text_list(text, "%s handshake%s", text_grouped(t->handshakes, number, sizeof number),
              t->handshakes == 1 ? "" : "s");
    if (t->resumed > 0 || result_tls_mode(r) == TLS_MODE_RESUMED)
        text_list(text, "%s resumed", text_share(t->resumed, t->handshakes, number, sizeof number));
}

static void tls_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    secured_protocol(&text, &r->tls);
    text_list(&text, "%s", tls_mode_names[result_tls_mode(r)]);
    add_handshakes(&text, r);
    secured_certificate(&text, &r->tls);
    text_entry(out, style, PAINT_DIM, "TLS", text.data);
    buf_fini(&text);
}

static void http2_entry(const struct result *r, const struct report_style *style, struct buf *out)
{
    const struct http2_use *h = &r->http2;
    char number[32];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    if (h->max_streams == MISSING)
        text_list(&text, "the server sets no limit of streams");
    else
        text_list(&text, "the server allows %s stream%s per connection%s",
                  text_grouped(h->max_streams, number, sizeof number),
                  h->max_streams == 1 ? "" : "s",
                  h->max_streams < r->pipelining ? ", fewer than -p" : "");
    if (h->limit_changes > 0)
        text_list(&text, "it changed that %s time%s",
                  text_grouped(h->limit_changes, number, sizeof number),
                  h->limit_changes == 1 ? "" : "s");
    if (h->goaways > 0)
        text_list(&text, "it ended %s connection%s with GOAWAY",
                  text_grouped(h->goaways, number, sizeof number), h->goaways == 1 ? "" : "s");
    if (h->blocked > 0)
        text_list(&text, "request bodies waited for its window %s time%s, %.3g s in all",
                  text_grouped(h->blocked, number, sizeof number), h->blocked == 1 ? "" : "s",
                  h->blocked_s);
    text_entry(out, style, PAINT_DIM, "HTTP/2", text.data);
    buf_fini(&text);
}

void run_section_protocol(const struct result *r, const struct report_style *style, struct buf *out)
{
    if (r->accounting.connected == 0)
        return;
    if (r->has_tls)
        tls_entry(r, style, out);
    if (r->has_http2)
        http2_entry(r, style, out);
}

void protocol_add_trouble(struct buf *text, const struct connect_error *e)
{
    char number[32];
    buf_printf(text, "\n%s x %s", text_grouped(e->count, number, sizeof number),
               e->text != NULL ? e->text : e->trouble);
}
