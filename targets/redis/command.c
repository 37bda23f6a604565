#include "targets/redis/command.h"

#include <string.h>

#define DIGITS_MAX 20 /* of 64 bits */

/* Without printf: one request has a dozen of these. */
static size_t write_digits(char digits[DIGITS_MAX], size_t number)
{
    size_t at = DIGITS_MAX;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memmove(digits, digits + at, DIGITS_MAX - at);
    return DIGITS_MAX - at;
}

static void add_head(struct buf *b, char mark, size_t number)
{
    char head[1 + DIGITS_MAX + 2] = {mark};
    size_t len = 1 + write_digits(head + 1, number);
    head[len++] = '\r';
    head[len++] = '\n';
    buf_add(b, head, len);
}

void command_begin(struct buf *b, size_t words)
{
    buf_clear(b);
    add_head(b, '*', words);
}

void command_add(struct buf *b, const char *bytes, size_t len)
{
    add_head(b, '$', len);
    buf_add(b, bytes, len);
    buf_add(b, "\r\n", 2);
}

void command_add_text(struct buf *b, const char *text)
{
    command_add(b, text, strlen(text));
}

void command_add_number(struct buf *b, size_t number)
{
    char digits[DIGITS_MAX];
    command_add(b, digits, write_digits(digits, number));
}
