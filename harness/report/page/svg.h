/* svg: a picture of gnuplot as an element of a page.
 *
 * Shape   only shapes, texts and embedded PNGs pass, with the attributes that they need: no script,
 *         style, link, foreign element or handler. Ids and the references to them get the prefix.
 *         A colour of scripts/common.gp becomes a class ("f-ink": filled, "s-a1": stroked, "c-a1":
 *         the current colour), which the style of the page has for both themes. Numbers are
 *         rounded to what can be seen.
 * Errors  -1 for what is not a whole SVG: out may have half of it.
 * Source  SVG 1.1; gnuplot's svg terminal.
 */
#ifndef REPORT_PAGE_SVG_H
#define REPORT_PAGE_SVG_H

#include "base/buf.h"

int svg_inline(const char *svg, const char *prefix, struct buf *out);

#endif
