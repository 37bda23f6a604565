#include "report/page/svg_attribute.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/page/svg_path.h"

/* --- colours --- */

/* Those of scripts/common.gp; the style of the page has the same names. */
static const struct {
    long rgb;
    const char *name;
} palette[] = {
    {0x333333, "ink"},   {0x000000, "ink"},   {0x696969, "grey"},   {0xE4E4E4, "faint"},
    {0xFFFFFF, "paper"}, {0xB3261E, "limit"}, {0xF9ECE6, "beyond"}, {0xF3F3F3, "within"},
    {0xDAE8F5, "h0"},    {0xBBD0E6, "h1"},    {0x9CB7D6, "h2"},     {0x7D9FC5, "h3"},
    {0x5E86B3, "h4"},    {0x416CA0, "h5"},    {0x264F86, "h6"},     {0x082864, "h7"},
};

/* Of the arms. The next ten differ in the last bit. */
static const long arms[] = {0x0C4EF3, 0xC32B03, 0x09817D, 0xE6388E, 0xC58520,
                            0x3A95E2, 0x66081C, 0x89986C, 0x810083, 0x70614F};

/* -1 for what is no colour. */
static long rgb_of(const char *text)
{
    unsigned red = 0;
    unsigned green = 0;
    unsigned blue = 0;
    if (strcmp(text, "black") == 0)
        return 0;
    if (strcmp(text, "white") == 0)
        return 0xFFFFFF;
    bool is_hex = text[0] == '#' && strlen(text) == 7;
    if (is_hex && strspn(text + 1, "0123456789abcdefABCDEF") == 6)
        return strtol(text + 1, NULL, 16);
    if (sscanf(text, "rgb(%3u,%3u,%3u)", &red, &green, &blue) == 3 && red < 256 && green < 256 &&
        blue < 256)
        return (long)(red << 16 | green << 8 | blue);
    return -1;
}

/* "ink", "a3"; "" for another colour. Returns text. */
static char *palette_name(long rgb, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < LEN(palette); i++) {
        if (palette[i].rgb == rgb)
            (void)snprintf(text, size, "%s", palette[i].name);
    }
    for (size_t i = 0; i < LEN(arms); i++) {
        if (rgb == arms[i] || rgb == arms[i] + 1)
            (void)snprintf(text, size, "a%zu", i + (size_t)(rgb - arms[i]) * LEN(arms));
    }
    return text;
}

static void add_colour(const struct svg_tag *tag, const char *name, const char *value)
{
    long rgb = rgb_of(value);
    char name_of[16];
    const char *known = palette_name(rgb, name_of, sizeof name_of);
    if (strcmp(value, "none") == 0 || strcmp(value, "currentColor") == 0)
        buf_printf(tag->out, " %s=\"%s\"", name, value);
    else if (known[0] != '\0')
        buf_printf(tag->classes, "%s%c-%s", tag->classes->len > 0 ? " " : "", name[0], known);
    else if (rgb >= 0)
        buf_printf(tag->out, " %s=\"#%06lx\"", name, (unsigned long)rgb);
}

/* --- numbers, and words between them --- */

static void add_number(struct buf *out, double x)
{
    char text[40];
    int len = snprintf(text, sizeof text, "%.*f", fabs(x) >= 10 ? 1 : 2, x);
    while (strchr(text, '.') != NULL && (text[len - 1] == '0' || text[len - 1] == '.')) {
        bool is_point = text[--len] == '.';
        text[len] = '\0';
        if (is_point)
            break;
    }
    buf_puts(out, strcmp(text, "-0") == 0 ? "0" : text);
}

static bool starts_number(const char *text)
{
    const char *digits = text + (*text == '-' || *text == '+');
    digits += *digits == '.';
    return isdigit((unsigned char)*digits);
}

/* A path, a place or a transformation: numbers, letters, commas, brackets. */
static void add_numbers(const struct svg_tag *tag, const char *name, const char *value)
{
    buf_printf(tag->out, " %s=\"", name);
    while (*value != '\0') {
        if (starts_number(value)) {
            char *end = NULL;
            double x = strtod(value, &end);
            if (isfinite(x) && fabs(x) < 1e9)
                add_number(tag->out, x);
            value = end;
            continue;
        }
        if (isspace((unsigned char)*value)) {
            value += strspn(value, " \t\r\n");
            buf_puts(tag->out, *value == '\0' ? "" : " ");
            continue;
        }
        if (isalpha((unsigned char)*value) || strchr(",()%", *value) != NULL)
            buf_add(tag->out, value, 1);
        value++;
    }
    buf_puts(tag->out, "\"");
}

static void add_path(const struct svg_tag *tag, const char *name, const char *value)
{
    size_t before = tag->out->len;
    buf_printf(tag->out, " %s=\"", name);
    if (svg_path_short(value, tag->out) == 0) {
        buf_puts(tag->out, "\"");
        return;
    }
    tag->out->len = before;
    add_numbers(tag, name, value);
}

/* --- ids --- */

static size_t id_len(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}

static void add_id(const struct svg_tag *tag, const char *name, const char *value)
{
    if (value[0] != '\0' && value[id_len(value)] == '\0')
        buf_printf(tag->out, " %s=\"%s-%s\"", name, tag->prefix, value);
}

static void add_clip(const struct svg_tag *tag, const char *name, const char *value)
{
    if (!str_starts(value, "url(#"))
        return;
    const char *id = value + strlen("url(#");
    size_t len = id_len(id);
    if (strcmp(id + len, ")") == 0)
        buf_printf(tag->out, " %s=\"url(#%s-%.*s)\"", name, tag->prefix, (int)len, id);
}

/* To an id of the same picture, or a PNG that is in the picture. */
static void add_link(const struct svg_tag *tag, const char *name, const char *value)
{
    static const char png[] = "data:image/png;base64,";
    (void)name;
    if (value[0] == '#' && value[1] != '\0' && value[1 + id_len(value + 1)] == '\0') {
        buf_printf(tag->out, " href=\"#%s-%s\"", tag->prefix, value + 1);
        return;
    }
    if (!str_starts(value, png))
        return;
    buf_printf(tag->out, " href=\"%s", png);
    for (value += strlen(png); *value != '\0'; value++) {
        if (isalnum((unsigned char)*value) || strchr("+/=", *value) != NULL)
            buf_add(tag->out, value, 1);
    }
    buf_puts(tag->out, "\"");
}

/* Only the class of the grid, which gnuplot gives. */
static void add_class(const struct svg_tag *tag, const char *name, const char *value)
{
    (void)name;
    if (strcmp(value, "gridline") == 0)
        buf_printf(tag->classes, "%sgridline", tag->classes->len > 0 ? " " : "");
}

/* --- which is which --- */

static const struct {
    const char *name;
    void (*add)(const struct svg_tag *tag, const char *name, const char *value);
    const char *usual; /* what the property has without it */
} known[] = {
    {"fill", add_colour, NULL},
    {"stroke", add_colour, NULL},
    {"color", add_colour, NULL},
    {"id", add_id, NULL},
    {"class", add_class, NULL},
    {"xlink:href", add_link, NULL},
    {"href", add_link, NULL},
    {"clip-path", add_clip, NULL},
    {"d", add_path, NULL},
    {"points", add_numbers, NULL},
    {"transform", add_numbers, NULL},
    {"x", add_numbers, NULL},
    {"y", add_numbers, NULL},
    {"x1", add_numbers, NULL},
    {"y1", add_numbers, NULL},
    {"x2", add_numbers, NULL},
    {"y2", add_numbers, NULL},
    {"dx", add_numbers, NULL},
    {"dy", add_numbers, NULL},
    {"r", add_numbers, NULL},
    {"cx", add_numbers, NULL},
    {"cy", add_numbers, NULL},
    {"rx", add_numbers, NULL},
    {"ry", add_numbers, NULL},
    {"width", add_numbers, NULL},
    {"height", add_numbers, NULL},
    {"viewBox", add_numbers, NULL},
    {"preserveAspectRatio", add_numbers, NULL},
    {"opacity", add_numbers, "1.00"},
    {"fill-opacity", add_numbers, "1.00"},
    {"stroke-opacity", add_numbers, "1.00"},
    {"fill-rule", add_numbers, NULL},
    {"stroke-width", add_numbers, "1.00"},
    {"stroke-linecap", add_numbers, "butt"},
    {"stroke-linejoin", add_numbers, "miter"},
    {"stroke-dasharray", add_numbers, NULL},
    {"font-size", add_numbers, NULL},
    {"font-weight", add_numbers, "normal"},
    {"font-style", add_numbers, "normal"},
    {"text-anchor", add_numbers, "start"},
};

void svg_attribute(const struct svg_tag *tag, const char *name, const char *value)
{
    for (size_t i = 0; i < LEN(known); i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        if (known[i].usual == NULL || strcmp(known[i].usual, value) != 0)
            known[i].add(tag, name, value);
        return;
    }
}

void svg_attributes_end(const struct svg_tag *tag)
{
    if (tag->classes->len > 0)
        buf_printf(tag->out, " class=\"%s\"", tag->classes->data);
    buf_clear(tag->classes);
}
