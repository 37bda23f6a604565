#include "report/xml.h"

#include <stdbool.h>
#include <string.h>

#include "report/text.h"

static const struct report_style style = {.utf8 = true};

/* U+FFFE and U+FFFF are Unicode but not allowed in XML 1.0. */
static bool is_forbidden(const char *text)
{
    return strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0;
}

void xml_text(struct buf *out, const char *text)
{
    static const char signs[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, text);
    for (size_t i = 0; i < safe.len; i++) {
        const char *sign = strchr(signs, safe.data[i]);
        if (sign != NULL) {
            buf_puts(out, names[sign - signs]);
        } else if (is_forbidden(safe.data + i)) {
            buf_puts(out, "?");
            i += 2;
        } else {
            buf_add(out, safe.data + i, 1);
        }
    }
    buf_fini(&safe);
}

void xml_attribute(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, " %s=\"", name);
    xml_text(out, text);
    buf_puts(out, "\"");
}
