#include "store/doc.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "model/comparison.h"
#include "model/result.h"
#include "store/file.h"

#define REPLACEMENT "\xef\xbf\xbd"

static json_t *repaired(const char *text, size_t len)
{
    struct buf safe;
    buf_init(&safe, len * strlen(REPLACEMENT));
    for (size_t i = 0; i < len;) {
        uint32_t code = 0;
        size_t n = str_decode(text + i, &code);
        if (n > 0)
            buf_add(&safe, text + i, n);
        else
            buf_puts(&safe, REPLACEMENT);
        i += n > 0 ? n : 1;
    }
    json_t *value = json_stringn(safe.data, safe.len);
    buf_fini(&safe);
    return value;
}

json_t *doc_text(const char *text)
{
    if (text == NULL)
        return json_null();
    size_t len = strlen(text);
    return str_is_utf8(text, len) ? json_stringn(text, len) : repaired(text, len);
}

json_t *doc_count(int64_t n)
{
    return n == MISSING ? json_null() : json_integer(n);
}

json_t *doc_real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

json_t *doc_figure(double x)
{
    return doc_real(units_settle(x));
}

json_t *doc_texts(char *const *texts, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(array, doc_text(texts[i]));
    return array;
}

void doc_put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

double doc_rounded(double x)
{
    return result_stored(x);
}

static void add_escape(struct buf *out, uint32_t code)
{
    if (code > 0xffff)
        buf_printf(out, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    else
        buf_printf(out, "\\u%04x", code);
}

/* Escapes control and invisible characters that the library leaves as they are (it escapes those
 * below U+0020); a JSON reader gets the same text. The bytes are whole characters, and a NUL
 * follows somewhere after them. */
static int on_bytes(const char *bytes, size_t len, void *into)
{
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        uint32_t code = 0;
        if ((unsigned char)bytes[i] < 0x7f || str_control(bytes + i) == 0)
            continue;
        buf_add(into, bytes + from, i - from);
        from = i + str_decode(bytes + i, &code);
        add_escape(into, code);
        i = from - 1;
    }
    buf_add(into, bytes + from, len - from);
    return 0;
}

void doc_dump(const json_t *doc, enum doc_layout layout, struct buf *out)
{
    size_t flags = JSON_REAL_PRECISION(DOC_DIGITS);
    flags |= layout == DOC_INDENTED ? JSON_INDENT(2) : JSON_COMPACT;
    (void)json_dump_callback(doc, on_bytes, out, flags);
    buf_puts(out, "\n");
}

bool doc_write(doc_writer *write, const void *what, size_t max_bytes, struct buf *out)
{
    buf_init(out, max_bytes);
    write(what, DOC_INDENTED, out);
    if (!out->overflow)
        return true;
    buf_fini(out);
    buf_init(out, SIZE_MAX - 1);
    write(what, DOC_LINE, out);
    return out->len <= max_bytes;
}

/* Where the text that begins at this quote ends. */
static size_t end_of_text(const char *bytes, size_t len, size_t at)
{
    for (at++; at < len && bytes[at] != '"'; at++)
        at += bytes[at] == '\\';
    return at;
}

/* A value in memory takes many times the bytes that it takes in a file ("{}," takes 150), so a
 * document is bounded by its values as well. In JSON each is followed by a comma or a bracket. */
bool doc_is_oversized(const char *bytes, size_t len)
{
    size_t values = 0;
    size_t containers = 0;
    for (size_t i = 0; i < len && containers <= DOC_CONTAINERS_MAX; i++) {
        char c = bytes[i];
        if (c == '"') /* nothing inside a text counts, even if it has no end */
            i = end_of_text(bytes, len, i);
        values += c == ',' || c == ']' || c == '}';
        containers += c == '{' || c == '[';
    }
    return values > DOC_VALUES_MAX || containers > DOC_CONTAINERS_MAX;
}

/* At the opening bracket of the list of arms of a whole document: `"arms": [`. */
static bool opens_arms(const char *bytes, size_t at)
{
    static const char key[] = "\"arms\"";
    while (at > 0 && isspace((unsigned char)bytes[at - 1]))
        at--;
    if (at == 0 || bytes[--at] != ':')
        return false;
    while (at > 0 && isspace((unsigned char)bytes[at - 1]))
        at--;
    return at >= strlen(key) && memcmp(bytes + at - strlen(key), key, strlen(key)) == 0;
}

/* To make values of a document takes seconds for each 100 MB; to count its arms takes none. */
static bool has_too_many_arms(const char *bytes, size_t len)
{
    size_t depth = 0;
    size_t arms = 0;
    bool is_inside = false;
    for (size_t i = 0; i < len && arms <= COMPARISON_ARMS_MAX; i++) {
        char c = bytes[i];
        if (c == '"') {
            i = end_of_text(bytes, len, i);
        } else if (c == '{' || c == '[') {
            is_inside = depth == 1 ? c == '[' && opens_arms(bytes, i) : is_inside;
            arms += is_inside && depth == 2;
            depth++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        }
    }
    return arms > COMPARISON_ARMS_MAX;
}

json_t *doc_parse(const char *bytes, size_t len, struct err *err)
{
    json_error_t why;
    if (doc_is_oversized(bytes, len)) {
        (void)err_set(err, ERR_USAGE,
                      "more than a document of bench can hold: over %d values, or over %d objects "
                      "and arrays",
                      DOC_VALUES_MAX, DOC_CONTAINERS_MAX);
        return NULL;
    }
    if (has_too_many_arms(bytes, len)) {
        (void)err_set(err, ERR_USAGE, "arms are more than %d", COMPARISON_ARMS_MAX);
        return NULL;
    }
    size_t bom = bytes == NULL ? 0 : str_bom(bytes, len);
    if (len == bom) {
        (void)err_set(err, ERR_USAGE, "the file is empty");
        return NULL;
    }
    json_t *doc = json_loadb(bytes + bom, len - bom, JSON_REJECT_DUPLICATES, &why);
    if (doc != NULL)
        return doc;
    if (json_error_code(&why) == json_error_null_character ||
        json_error_code(&why) == json_error_null_byte_in_key) {
        (void)err_set(err, ERR_USAGE,
                      "line %d, column %d: a text with \\u0000, which bench does not read",
                      why.line, why.column);
        return NULL;
    }
    /* The text quotes the document, which may hold anything. */
    for (char *c = why.text; *c != '\0'; c++)
        *c = iscntrl((unsigned char)*c) ? '?' : *c;
    if (why.line < 1) /* no place given: the document is not at fault */
        (void)err_set(err, ERR_USAGE, "not enough memory to read it");
    else
        (void)err_set(err, ERR_USAGE, "line %d, column %d: not JSON: %s", why.line, why.column,
                      why.text);
    return NULL;
}

json_t *doc_load(const char *path, size_t max_bytes, struct err *err)
{
    struct buf text;
    json_t *doc = NULL;
    buf_init(&text, max_bytes);
    if (store_file_read(path, &text, err) == 0) {
        doc = doc_parse(text.data, text.len, err);
        if (doc == NULL)
            (void)err_wrap(err, "%s", path);
    }
    buf_fini(&text);
    return doc;
}
