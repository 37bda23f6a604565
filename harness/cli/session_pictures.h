/* session_pictures: a session as data files, and as pictures: shift and blocks, .svg and .png.
 *
 * Errors  as cli/drawing.h; a session without a valid block: kind INVALID, and no SVG.
 */
#ifndef CLI_SESSION_PICTURES_H
#define CLI_SESSION_PICTURES_H

#include <stdbool.h>

#include "analysis/verdict/verdict.h"
#include "cli/drawing.h"

/* Whether it has a valid block. */
bool session_pictures_are_there(const struct session *s);
/* Both create the folder, but not its parents, and list on stderr what they wrote. */
int session_pictures_write_data(const struct verdict *v, const char *folder,
                                const struct inputs *inputs, struct err *err);
int session_pictures_draw(const struct verdict *v, const char *folder, const struct inputs *inputs,
                          int *out_signal, struct err *err);
int session_pictures_svgs(const struct verdict *v, struct drawn **out, size_t *count,
                          struct step_stop *stop, struct err *err);

#endif
