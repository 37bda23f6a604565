/* session_pictures: a session as data files, and as pictures: shift and blocks, .svg and .png.
 *
 * Errors  as cli/drawing.h; a session without a valid block: kind INVALID.
 */
#ifndef CLI_SESSION_PICTURES_H
#define CLI_SESSION_PICTURES_H

#include "analysis/verdict/verdict.h"

/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int session_pictures_write_data(const struct verdict *v, const char *folder, struct err *err);
int session_pictures_draw(const struct verdict *v, const char *folder, int *out_signal,
                          struct err *err);

#endif
