/* named_view: a result as if its run had sent only the requests of one name.
 *
 * Shape   what is not counted by name is missing in it.
 * Owner   the view borrows the histograms of the result, and is not to be freed.
 * Errors  none.
 */
#ifndef MODEL_NAMED_VIEW_H
#define MODEL_NAMED_VIEW_H

#include "model/result.h"

void named_view(const struct named_request *n, const struct result *r, struct result *view);

#endif
