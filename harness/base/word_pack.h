/* word_pack: words in one text, for a variable of the environment: "5:hello,3:all,".
 *
 * Owner   the text belongs to the caller; words that are read are added to the caller's list.
 * Errors  reading: kind USAGE. Words before the wrong one have been added.
 * Source  netstrings, D. J. Bernstein (1997), one after the other.
 */
#ifndef BASE_WORD_PACK_H
#define BASE_WORD_PACK_H

#include "base/err.h"
#include "base/str.h"

char *word_pack(const struct str_list *words);
int word_unpack(const char *text, struct str_list *out, struct err *err);

#endif
