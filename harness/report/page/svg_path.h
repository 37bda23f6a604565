/* svg_path: the lines of gnuplot in fewer bytes: most of a page are paths.
 *
 * Shape   "M86,214.80 L96.5,214.80 z" becomes "M86,214.8l10.5,0z": steps instead of places, in
 *         tenths of a pixel. A step is that between the rounded places, so that no error adds up.
 * Errors  -1 for a path with anything but M, L and z, and for the small ones, which are scaled:
 *         then out may have a part of it.
 * Source  SVG 1.1, 8.3.
 */
#ifndef REPORT_PAGE_SVG_PATH_H
#define REPORT_PAGE_SVG_PATH_H

#include "base/buf.h"

int svg_path_short(const char *path, struct buf *out);

#endif
