#include "targets/http/server_tls.h"

#include <stdlib.h>

#include "tls/identity.h"
#include "tls/server.h"

int server_tls_open(struct server_tls *tls, const struct server_options *options, struct err *err)
{
    struct tls_identity *identity =
        options->tls_cert == NULL ? tls_identity_make_local(err)
                                  : tls_identity_load(options->tls_cert, options->tls_key, err);
    if (identity == NULL)
        return -1;
    tls->context = tls_server_new(
        &(struct tls_server_options){.identity = identity, .rules = {.alpn = "http/1.1"}}, err);
    if (tls->context != NULL) {
        tls->certificate = tls_identity_pem(identity);
        tls->fingerprint = tls_identity_fingerprint(identity);
        buf_init(&tls->out, TLS_OUT_BYTES);
    }
    tls_identity_free(identity);
    return tls->context == NULL ? -1 : 0;
}

void server_tls_fini(struct server_tls *tls)
{
    tls_context_free(tls->context);
    free(tls->certificate);
    free(tls->fingerprint);
    buf_fini(&tls->out);
}
