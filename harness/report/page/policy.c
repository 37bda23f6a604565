#include "report/page/policy.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

/* Without a digest nothing is allowed, and the page is plain. */
static void add_source(struct buf *out, const char *directive, const char *text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    buf_printf(out, "; %s ", directive);
    if (EVP_Digest(text, strlen(text), digest, &size, EVP_sha256(), NULL) != 1) {
        buf_puts(out, "'none'");
        return;
    }
    char *hash = base64_encode(digest, size);
    buf_printf(out, "'sha256-%s'", hash);
    free(hash);
}

void policy_write(struct buf *out, const char *style, const char *script)
{
    buf_puts(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "img-src data:");
    add_source(out, "style-src", style);
    add_source(out, "script-src", script);
    buf_puts(out, "; base-uri 'none'; form-action 'none'\">\n");
}
