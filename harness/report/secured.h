/* secured: the TLS of a run in words: "TLSv1.3, TLS_AES_256_GCM_SHA384", "certificate verified".
 *
 * Shape   adds to a list whose entries are set apart by ", ". An entry of several arms is text that
 *         is not made safe; an arm without one has "".
 * Errors  none. Of a run in which no connection was open, version and cipher are not known.
 */
#ifndef REPORT_SECURED_H
#define REPORT_SECURED_H

#include "base/buf.h"
#include "base/str.h"
#include "model/result.h"

void secured_protocol(struct buf *list, const struct tls_use *t);
void secured_certificate(struct buf *list, const struct tls_use *t);
/* Of all arms, by name: "TLSv1.3, .." if all have the same, else "base: TLSv1.3, ..; head: .."; ""
 * when none has any. Both lists have an item for each arm. */
void secured_arms(struct buf *out, const struct str_list *names, const struct str_list *texts);

#endif
