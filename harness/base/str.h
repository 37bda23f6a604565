/* str: what several rooms need to know about a text.
 *
 * Owner   a str_list owns copies of its items; str_list_fini frees them.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number behind a macro as a text: STR_NUMBER(LIMIT) is "100". */
#define STR_NUMBER(macro)  STR_TEXT_OF(macro)
#define STR_TEXT_OF(value) #value

struct str_list {
    char **items;
    size_t count;
};

void str_list_add(struct str_list *list, const char *text);
void str_list_fini(struct str_list *list);

bool str_starts(const char *text, const char *prefix);
/* For the scheme of a URL, in which the case of ASCII letters does not matter (RFC 3986, 3.1). */
bool str_starts_as_scheme(const char *text, const char *scheme);
bool str_ends(const char *text, const char *suffix);
/* Edits (insert, delete, change, swap neighbours) from a to b. */
size_t str_distance(const char *a, const char *b);
/* The nearest of `words` (NULL-terminated array), or NULL when none is near enough to suggest. */
const char *str_nearest(const char *word, const char *const *words);
/* The end of a message about an unknown word: "; did you mean --rate?", with the nearest of
 * `words` in place of the '*' in `shape` ("--*?"); `otherwise` when none is near enough. The caller
 * frees it. */
char *str_suggest(const char *word, const char *const *words, const char *shape,
                  const char *otherwise);
/* Bytes of the UTF-8 character at `text`, which ends with a NUL, and its code point; 0 when there
 * is no character. */
size_t str_decode(const char *text, uint32_t *code);
/* Bytes of the character at `text` when it does something instead of being shown: C0, DEL, C1
 * (which some terminals obey), and those that are invisible or turn the direction of the text
 * around them. 0 for all others. Everything that cleans a text asks here. */
size_t str_control(const char *text);
/* True where a CI server would read a command in a log: "##[" anywhere, and "::" where a line may
 * begin (GitHub skips blanks before it), which is at the start of `text` and after a blank. `at` is
 * in `text`. */
bool str_is_command(const char *text, const char *at);
/* Bytes of the longest start of `text` that has at most `most` and ends between two characters. */
size_t str_fit(const char *text, size_t most);
/* Makes text safe for a terminal, in place: control characters but newline and tab become '?', and
 * so does every byte past ASCII in text that is not UTF-8. */
void str_make_printable(char *text, size_t len);
/* The byte that "%41" at p stands for, 0 to 255; -1 when no two hexadecimal digits follow. */
int str_percent_byte(const char *p, const char *end);
/* Bytes of the mark that some editors put before UTF-8 text, which says nothing; 0: none. */
size_t str_bom(const char *text, size_t len);
/* True for text that is valid UTF-8. */
bool str_is_utf8(const char *text, size_t len);

#endif
