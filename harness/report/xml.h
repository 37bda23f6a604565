/* xml: untrusted text in XML.
 *
 * Shape   every call adds to a buf, whose owner prints it. UTF-8.
 * Errors  none. A control character, or one that XML does not allow, becomes '?'.
 * Source  XML 1.0, section 2.2 for the characters allowed in it, and 2.4.
 */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/buf.h"

void xml_text(struct buf *out, const char *text);
void xml_attribute(struct buf *out, const char *name, const char *text); /* with a blank before */

#endif
