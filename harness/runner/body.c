#include "runner/body.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

static void add_escaped(struct buf *out, char c)
{
    static const char plain[] = "\n\r\t\\";
    static const char letters[] = "nrt\\";
    const char *at = c == '\0' ? NULL : strchr(plain, c);
    if (at != NULL)
        buf_printf(out, "\\%c", letters[at - plain]);
    else
        buf_printf(out, "\\x%02x", (unsigned char)c);
}

char *body_start(const char *bytes, size_t len)
{
    struct buf out;
    size_t shown = len < BODY_SHOWN ? len : BODY_SHOWN;
    char copy[BODY_SHOWN + 1] = {0}; /* ends with a NUL, so that decoding stops there */
    memcpy(copy, bytes, shown);
    buf_init(&out, BUF_TEXT_MAX);
    for (size_t i = 0; i < shown;) {
        uint32_t code = 0;
        size_t n = str_decode(copy + i, &code);
        bool readable = n > 0 && copy[i] != '\\' && str_control(copy + i) == 0;
        if (readable)
            buf_add(&out, copy + i, n);
        else
            add_escaped(&out, copy[i]);
        i += readable ? n : 1;
    }
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

char *body_sha256(const char *bytes, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (EVP_Digest(bytes, len, digest, &size, EVP_sha256(), NULL) != 1)
        size = 0;
    for (unsigned i = 0; i < size; i++)
        buf_printf(&out, "%02x", digest[i]);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}
