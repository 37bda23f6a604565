/* job_json: a job as GET /jobs/ID shows it. Pure.
 *
 * Units   *_unix_ms since 1970; null when that time has not come yet.
 * Owner   the caller frees the text.
 * Errors  job_to_json cannot fail. The job is untrusted: data and result that are not JSON, and
 *         texts that are not UTF-8, become null.
 */
#ifndef TARGETS_QUEUE_JOB_JSON_H
#define TARGETS_QUEUE_JOB_JSON_H

#include "targets/queue/broker.h"
#include "targets/work/work.h"

char *job_to_json(const struct job_view *job);

/* The data of a job: {"n":20000000} or {"sleep_ms":50}. */
#define JOB_DATA_MAX 64
size_t job_data_format(const struct work *work, char *text, size_t size);
/* The same, with all other members of `body`, a JSON object. The caller frees it. */
char *job_data_merge(const struct work *work, const char *body, size_t len);

#endif
