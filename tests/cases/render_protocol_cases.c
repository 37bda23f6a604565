/* Runs over TLS and HTTP/2, with the warnings that bench gives them. */
#include <stdlib.h>
#include <string.h>

#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cases/render_parts.h"

static void set(struct result *r, const char *name, const char *text)
{
    struct setting s = {.name = mem_strdup(name), .kind = SETTING_FLAG, .number = 1};
    if (text != NULL) {
        s.kind = SETTING_TEXT;
        s.text = mem_strdup(text);
    }
    result_add_setting(r, &s);
    free(s.name);
    free(s.text);
}

static void begin(struct result *r, const char *url, int64_t completed)
{
    struct accounting *a = &r->accounting;
    render_run(r, 10.0);
    r->url = mem_strdup(url);
    r->address = mem_strdup("127.0.0.1:8443");
    a->sent = a->completed = a->statuses[200] = completed;
    a->bytes_received = completed * 150;
    a->bytes_sent = completed * 57;
    r->fairness = (struct fairness){completed / 100, completed / 100, completed / 100, 0, 1};
    r->has_tls = true;
    r->tls.version = mem_strdup("TLSv1.3");
    r->tls.cipher = mem_strdup("TLS_AES_256_GCM_SHA384");
    r->tls.library = mem_strdup("OpenSSL 3.0.19 27 Jan 2026");
    r->tls.is_verified = true;
}

static void fail_connects(struct accounting *a, const char *trouble, const char *text,
                          int64_t count)
{
    a->connect_errors =
        mem_grow(a->connect_errors, a->nconnect_errors + 1, sizeof *a->connect_errors);
    a->connect_errors[a->nconnect_errors++] = (struct connect_error){
        .trouble = mem_strdup(trouble), .text = mem_strdup(text), .count = count};
    a->connect_failed += count;
}

/* A connection for each request, most of which resume the session of the one before. */
void render_case_https(struct result *r)
{
    begin(r, "https://localhost:8443/", 20000);
    set(r, "header", "Accept: text/html; Connection: close");
    set(r, "tls_resume", NULL);
    r->accounting.connected = 20010;
    fail_connects(&r->accounting, "cut",
                  "the connection ended without the end of its data (close_notify); do not trust "
                  "the last reply to be whole",
                  210);
    fail_connects(&r->accounting, "expired",
                  "the certificate has expired (CN = localhost, on 2026-11-20); renew it, correct "
                  "the clock of this machine, or use --insecure to connect without a check",
                  40);
    r->tls.handshakes = 20010;
    r->tls.resumed = 19800;
    r->connect = render_spread(&(struct render_shape){111, 20010, 0.05, 0.4, 3});
    r->handshake = render_spread(&(struct render_shape){112, 20010, 0.6, 4, 4});
    r->latency = render_spread(&(struct render_shape){113, 20000, 0.9, 9, 5});
    render_seconds(r, 150);
    warnings_add(r);
}

/* Uploads, with more streams than the server allows. */
void render_case_http2(struct result *r)
{
    begin(r, "https://localhost:8443/upload", 64000);
    r->connections = 10;
    r->pipelining = 256;
    r->accounting.connected = 74;
    r->accounting.sent += 12;
    r->accounting.failed[LOSS_REFUSED] = 7;
    r->accounting.failed[LOSS_GOAWAY] = 5;
    r->tls.handshakes = 74;
    r->tls.is_verified = false;
    r->has_http2 = true;
    r->http2 = (struct http2_use){
        .max_streams = 128, .limit_changes = 1, .goaways = 64, .blocked = 310, .blocked_s = 2.125};
    r->connect = render_spread(&(struct render_shape){121, 74, 0.05, 0.4, 3});
    r->handshake = render_spread(&(struct render_shape){122, 74, 1.6, 4, 4});
    r->latency = render_spread(&(struct render_shape){123, 64000, 2.9, 29, 5});
    r->unfinished = render_spread(&(struct render_shape){124, 12, 1, 5, 1});
    render_seconds(r, 150);
    warnings_add(r);
}

/* The certificate is not trusted, so nothing was measured. */
void render_case_untrusted(struct result *r)
{
    render_run(r, 1.0);
    r->url = mem_strdup("https://localhost:8443/");
    fail_connects(&r->accounting, "self_signed",
                  "the certificate is self-signed (CN = localhost); give it with --ca FILE, or use "
                  "--insecure to connect without a check",
                  100);
    r->has_tls = true;
    r->tls.library = mem_strdup("OpenSSL 3.0.19 27 Jan 2026");
    r->tls.is_verified = true;
    r->latency = hist_new_latency();
    render_seconds(r, 0);
    warnings_add(r);
}
