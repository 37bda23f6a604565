#include "support/hist_hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/base64.h"
#include "stat/hist_codec.h"

size_t hist_from_hex(const char *hex, uint8_t *out, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t nibbles = 0;
    for (; *hex != '\0'; hex++) {
        const char *digit = strchr(digits, *hex);
        if (digit == NULL)
            continue; /* the blanks */
        assert_true(nibbles / 2 < size);
        uint8_t *byte = &out[nibbles++ / 2];
        *byte = (uint8_t)(*byte << 4 | (digit - digits));
    }
    return nibbles / 2;
}

char *hist_wrap(const uint8_t *plain, size_t len)
{
    uint8_t outer[8 + PLAIN_MAX * 2] = {0x1c, 0x84, 0x93, 0x14};
    uLongf packed_len = sizeof outer - 8;
    assert_int_equal(compress(outer + 8, &packed_len, plain, len), Z_OK);
    outer[6] = (uint8_t)(packed_len >> 8);
    outer[7] = (uint8_t)packed_len;
    return base64_encode(outer, 8 + packed_len);
}

struct hist *hist_decode_hex(const char *hex, struct err *err)
{
    uint8_t plain[PLAIN_MAX] = {0};
    char *text = hist_wrap(plain, hist_from_hex(hex, plain, sizeof plain));
    struct hist *h = hist_decode(text, err);
    free(text);
    return h;
}
