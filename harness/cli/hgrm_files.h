/* hgrm_files: the latencies of arms as files that HdrHistogram's plotter draws.
 *
 * Shape   a file for each latency that was measured of an arm, its rounds taken together:
 *         "0-pool-latency.hgrm" first, which is of the completed requests, then
 *         "0-pool-unfinished.hgrm" with the unfinished ones as well, and so on. The number is that
 *         of the arm in arms.dat; of the name only letters, digits, '.', '_' and '-' are kept.
 * Owner   everything is borrowed.
 * Errors  kind USAGE: a file cannot be written. The folder exists.
 */
#ifndef CLI_HGRM_FILES_H
#define CLI_HGRM_FILES_H

#include "base/err.h"
#include "model/comparison.h"
#include "model/session.h"
#include "store/batch.h"

/* Both add to the number of files. */
int hgrm_files_add(const struct comparison *c, const char *folder, struct batch *into,
                   size_t *files, struct err *err);
/* Of the arm that is judged and of the reference, numbered as in the session; valid blocks only. */
int hgrm_files_add_session(const struct session *s, const char *folder, struct batch *into,
                           size_t *files, struct err *err);
/* On stderr, once they are written. */
void hgrm_files_say(const char *folder, size_t files);

#endif
