#include "match/digest.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct digest {
    EVP_MD *kind; /* fetched once: OpenSSL takes longer for that than for a small text */
    EVP_MD_CTX *state;
    bool is_good;
};

struct digest *digest_new(void)
{
    struct digest *d = mem_zalloc(sizeof *d);
    d->kind = EVP_MD_fetch(NULL, "SHA256", NULL);
    d->state = EVP_MD_CTX_new();
    return d;
}

void digest_free(struct digest *d)
{
    if (d == NULL)
        return;
    EVP_MD_CTX_free(d->state);
    EVP_MD_free(d->kind);
    free(d);
}

void digest_begin(struct digest *d)
{
    d->is_good =
        d->kind != NULL && d->state != NULL && EVP_DigestInit_ex2(d->state, d->kind, NULL) == 1;
}

void digest_add(struct digest *d, const char *bytes, size_t len)
{
    d->is_good = d->is_good && EVP_DigestUpdate(d->state, bytes, len) == 1;
}

void digest_end(struct digest *d, char text[DIGEST_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    memset(text, 0, DIGEST_TEXT);
    if (!d->is_good || EVP_DigestFinal_ex(d->state, bytes, &size) != 1)
        return;
    for (size_t i = 0; i < size && i < (DIGEST_TEXT - 1) / 2; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
}
