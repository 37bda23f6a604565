/* drawn: what stands beside a picture in memory: its caption, its numbers, its curves.
 *
 * Shape   the texts of the data files of one drawing are made once, when the first picture needs
 *         them.
 * Owner   a drawn owns its texts (drawing.h); drawn_texts_new gives what drawn_texts_free frees.
 * Errors  none.
 */
#ifndef CLI_DRAWN_H
#define CLI_DRAWN_H

#include "cli/drawing.h"

struct drawn_texts;

struct drawn_texts *drawn_texts_new(const struct drawing *d);
void drawn_texts_free(struct drawn_texts *texts);
/* All but the picture itself; `axes` is what gnuplot said of them. */
void drawn_add_texts(struct drawn *drawn, struct drawn_texts *texts, const char *axes);
/* A message in one line, printable; the caller frees it. */
char *drawn_problem(const char *text);

#endif
