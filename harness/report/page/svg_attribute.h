/* svg_attribute: which attributes of a gnuplot picture pass, and how. */
#ifndef REPORT_PAGE_SVG_ATTRIBUTE_H
#define REPORT_PAGE_SVG_ATTRIBUTE_H

#include "base/buf.h"

/* A tag while it is written; its classes come after the last attribute. */
struct svg_tag {
    const char *prefix;
    struct buf *out, *classes;
};

void svg_attribute(const struct svg_tag *tag, const char *name, const char *value);
void svg_attributes_end(const struct svg_tag *tag);

#endif
