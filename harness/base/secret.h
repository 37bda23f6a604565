/* secret: words of a command line without what must not be stored: passwords in URLs, and the
 * values of headers that carry credentials.
 *
 * Owner   the copy belongs to the caller.
 * Errors  none. It knows the usual names only: a secret with any other name is stored.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

char *secret_free(const char *word);
/* Any user can read the command line of a process. Overwrites the secrets in the words of main's
 * argv, and puts copies with them in their places, which are never freed. Call it first. */
void secret_hide(int argc, char **argv);
/* The same as secret_free for a word that is a URL whose scheme may be missing:
 * "user:password@host/". */
char *secret_free_url(const char *url);

#endif
