#include <string.h>

#include "http/parse.h"
#include "http/scan.h"

/* Where in a value, for response.part. */
enum { PART_BEFORE, PART_IN, PART_AFTER };

/* The words that may stand in a list, for response.word. */
enum { WORD_NONE, WORD_CLOSE, WORD_KEEP_ALIVE, WORD_CHUNKED };
static const char *const words[] = {"", "close", "keep-alive", "chunked"};

static const char *const names[] = {
    [FIELD_OTHER] = "",
    [FIELD_CONNECTION] = "connection",
    [FIELD_LENGTH] = "content-length",
    [FIELD_CODING] = "transfer-encoding",
};

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool ends_line(char c)
{
    return c == '\r' || c == '\n' || c == '\0';
}

/* --- names in pieces --- */

/* One more byte; `word` has a bit for each name that it may still be. */
static void narrow_name(struct response *r, char c)
{
    r->field = FIELD_OTHER;
    for (unsigned f = FIELD_CONNECTION; f <= FIELD_CODING; f++) {
        if ((r->word & 1U << f) == 0)
            continue;
        if (names[f][r->match] != lower(c))
            r->word &= (uint8_t) ~(1U << f);
        else if (names[f][r->match + 1] == '\0')
            r->field = (uint8_t)f;
    }
    r->match++;
}

void field_start(struct response *r)
{
    r->field = FIELD_OTHER;
    r->word = 1U << FIELD_CONNECTION | 1U << FIELD_LENGTH | 1U << FIELD_CODING;
    r->match = 0;
    r->part = PART_BEFORE;
    r->number = 0;
}

const char *field_name(struct response *r, const char *p, const char *end)
{
    const char *stop = scan_name(p, end);
    if (r->seen & SEEN_TRAILERS)
        return stop;
    for (; p < stop && r->word != 0; p++)
        narrow_name(r, *p);
    return stop;
}

/* --- Content-Length --- */

static const char *length_item_end(struct response *r, const char *p)
{
    if (r->part == PART_BEFORE)
        return parse_bad(r, p, "a Content-Length without digits");
    if ((r->seen & SEEN_LENGTH) && r->length != r->number)
        return parse_bad(r, p, "Content-Lengths that differ");
    r->length = r->number;
    r->seen |= SEEN_LENGTH;
    r->part = PART_BEFORE;
    r->number = 0;
    return p;
}

static void length_byte(struct response *r, const char *p)
{
    unsigned digit = parse_digit(*p);
    if (digit <= 9 && r->part != PART_AFTER) {
        r->part = PART_IN;
        r->number = r->number * 10 + digit;
        if (r->number > PARSE_NUMBER_MAX)
            (void)parse_bad(r, p, "a Content-Length too large");
    } else if (parse_is_blank(*p)) {
        if (r->part == PART_IN)
            r->part = PART_AFTER;
    } else if (*p == ',') {
        (void)length_item_end(r, p);
    } else {
        (void)parse_bad(r, p, "a Content-Length that is not a number");
    }
}

static const char *length_value(struct response *r, const char *p, const char *end)
{
    for (; p < end && !ends_line(*p); p++) {
        length_byte(r, p);
        if (r->state == AT_ERROR)
            break;
    }
    return p;
}

/* --- Connection and Transfer-Encoding: lists of words --- */

static bool is_whole_word(const struct response *r)
{
    return r->word != WORD_NONE && words[r->word][r->match] == '\0';
}

static const char *coding_end(struct response *r, const char *p)
{
    if (!is_whole_word(r)) {
        r->seen &= (uint8_t)~SEEN_CHUNKED_LAST;
        return p;
    }
    if (r->seen & SEEN_CHUNKED)
        return parse_bad(r, p, "Transfer-Encoding says chunked twice");
    r->seen |= SEEN_CHUNKED | SEEN_CHUNKED_LAST;
    return p;
}

static const char *list_item_end(struct response *r, const char *p)
{
    if (r->part == PART_BEFORE)
        return p; /* an empty item means nothing */
    r->part = PART_BEFORE;
    if (r->field == FIELD_CODING)
        return coding_end(r, p);
    if (is_whole_word(r))
        r->seen |= r->word == WORD_CLOSE ? SEEN_CLOSE : SEEN_KEEP_ALIVE;
    return p;
}

/* A first letter leaves one word. */
static uint8_t word_of(uint8_t field, int first)
{
    if (first == 'c')
        return field == FIELD_CODING ? WORD_CHUNKED : WORD_CLOSE;
    return first == 'k' && field == FIELD_CONNECTION ? WORD_KEEP_ALIVE : WORD_NONE;
}

static void item_byte(struct response *r, char c)
{
    if (r->part == PART_BEFORE) {
        r->word = word_of(r->field, lower(c));
        r->match = 0;
    } else if (r->part == PART_AFTER) {
        r->word = WORD_NONE; /* two words in one item are none that we know */
    }
    r->part = PART_IN;
    if (r->word == WORD_NONE || words[r->word][r->match] != lower(c))
        r->word = WORD_NONE;
    else
        r->match++;
}

static void list_byte(struct response *r, const char *p)
{
    bool coding = r->field == FIELD_CODING;
    if (*p == ',')
        (void)list_item_end(r, p);
    else if (coding && *p == '"')
        (void)parse_bad(r, p, "a quoted string in Transfer-Encoding");
    else if (coding && *p == ';' && r->part != PART_BEFORE && is_whole_word(r))
        (void)parse_bad(r, p, "chunked with a parameter");
    else if (!parse_is_blank(*p))
        item_byte(r, *p);
    else if (r->part == PART_IN)
        r->part = PART_AFTER;
}

static const char *list_value(struct response *r, const char *p, const char *end)
{
    for (; p < end && !ends_line(*p); p++) {
        list_byte(r, p);
        if (r->state == AT_ERROR)
            break;
    }
    return p;
}

/* Usual values at once; what they leave, nothing or all, is taken byte by byte. */

static const char *usual_length(struct response *r, const char *p, const char *end)
{
    if (r->part != PART_BEFORE || end - p < 2 || *p != ' ' || parse_digit(p[1]) > 9)
        return p;
    if (end - p > 16)
        end = p + 16; /* so few digits cannot be too many */
    uint64_t number = 0;
    for (p++; p < end && parse_digit(*p) <= 9; p++)
        number = number * 10 + parse_digit(*p);
    r->number = number;
    r->part = PART_IN;
    return p;
}

static const char *usual_connection(struct response *r, const char *p, const char *end)
{
    if (r->part != PART_BEFORE || end - p < 11 || memcmp(p, " keep-alive", 11) != 0)
        return p;
    r->part = PART_IN;
    r->word = WORD_KEEP_ALIVE;
    r->match = 10;
    return p + 11;
}

/* --- any of them --- */

const char *field_value(struct response *r, const char *p, const char *end)
{
    switch (r->field) {
    case FIELD_OTHER:
        return scan_text(p, end);
    case FIELD_LENGTH:
        p = usual_length(r, p, end);
        return length_value(r, p, end);
    case FIELD_CONNECTION:
        p = usual_connection(r, p, end);
        return list_value(r, p, end);
    default:
        return list_value(r, p, end);
    }
}

const char *field_end(struct response *r, const char *p)
{
    if (r->field == FIELD_OTHER)
        return p;
    if (r->field == FIELD_LENGTH)
        return length_item_end(r, p);
    if (r->field == FIELD_CODING)
        r->seen |= SEEN_CODING;
    return list_item_end(r, p);
}

/* --- whole lines --- */

static uint64_t folded_word(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word | UINT64_C(0x2020202020202020);
}

/* Eight bytes at a time, the last eight overlapping. Folding by one bit is exact here: `text` has
 * no control characters, and `name` only letters and '-'. */
static inline bool is_name(const char *text, const char *name, size_t len)
{
    uint64_t differ = folded_word(text + len - 8) ^ folded_word(name + len - 8);
    for (size_t i = 0; i + 8 <= len; i += 8)
        differ |= folded_word(text + i) ^ folded_word(name + i);
    return differ == 0;
}

static enum parse_field whole_name(const char *text, size_t len)
{
    switch (len) {
    case 10:
        return is_name(text, "connection", 10) ? FIELD_CONNECTION : FIELD_OTHER;
    case 14:
        return is_name(text, "content-length", 14) ? FIELD_LENGTH : FIELD_OTHER;
    case 17:
        return is_name(text, "transfer-encoding", 17) ? FIELD_CODING : FIELD_OTHER;
    default:
        return FIELD_OTHER;
    }
}

/* [value, cr) is all of it: the next line does not continue it. */
static const char *deciding_line(struct response *r, enum parse_field field, const char *value,
                                 const char *cr)
{
    field_start(r);
    r->field = (uint8_t)field;
    const char *stop = field_value(r, value, cr);
    return r->state == AT_ERROR ? stop : field_end(r, cr + 2);
}

const char *field_usual_lines(struct response *r, const char *p, const char *end)
{
    for (;;) {
        const char *colon = p;
        const char *cr = scan_line(p, end, &colon);
        if (end - cr < 2 || *colon != ':' || colon == p || memcmp(cr, "\r\n", 2) != 0)
            break;
        enum parse_field field = whole_name(p, (size_t)(colon - p));
        if (field == FIELD_OTHER || (r->seen & SEEN_TRAILERS)) {
            p = cr + 2;
            continue;
        }
        if (end - cr < 3 || parse_is_blank(cr[2]))
            break;
        p = deciding_line(r, field, colon + 1, cr);
        if (r->state == AT_ERROR)
            break;
    }
    r->field = FIELD_OTHER;
    return p;
}
