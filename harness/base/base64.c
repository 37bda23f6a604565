#include "base/base64.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { PAD = 64 };
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

char *base64_encode(const void *bytes, size_t len)
{
    const uint8_t *in = bytes;
    char *text = mem_zalloc((len + 2) / 3 * 4 + 1);
    char *out = text;
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t group = (uint32_t)in[i] << 16;
        group |= left > 1 ? (uint32_t)in[i + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)in[i + 2] : 0;
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = alphabet[left > 1 ? group >> 6 & 63 : PAD];
        *out++ = alphabet[left > 2 ? group & 63 : PAD];
    }
    return text;
}

/* The six bits that a character stands for, or -1. */
static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

/* Four characters, of which `used` carry bits, into used - 1 bytes. */
static int decode_group(const char *text, size_t used, uint8_t *out)
{
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int bits = i < used ? sextet(text[i]) : 0;
        if (bits < 0)
            return -1;
        group = group << 6 | (uint32_t)bits;
    }
    for (size_t i = 0; i < 3; i++) {
        uint8_t byte = (uint8_t)(group >> (16 - 8 * i));
        if (i < used - 1)
            out[i] = byte;
        else if (byte != 0)
            return -1;
    }
    return 0;
}

static size_t padding(const char *text, size_t len)
{
    if (len == 0 || text[len - 1] != '=')
        return 0;
    return text[len - 2] == '=' ? 2 : 1;
}

uint8_t *base64_decode(const char *text, size_t *out_len)
{
    size_t len = strlen(text);
    if (len % 4 != 0)
        return NULL;
    size_t pad = padding(text, len);
    uint8_t *bytes = mem_zalloc(len / 4 * 3);
    for (size_t i = 0; i < len; i += 4) {
        size_t used = i + 4 < len ? 4 : 4 - pad;
        if (decode_group(text + i, used, bytes + i / 4 * 3) < 0) {
            free(bytes);
            return NULL;
        }
    }
    *out_len = len / 4 * 3 - pad;
    return bytes;
}
