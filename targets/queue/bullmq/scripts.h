/* redis_scripts: the Lua scripts of a queue on Redis (scripts/), as texts in the program.
 *
 * Shape   each text is the prelude and a script. The head of a script describes its ARGV and its
 *         reply.
 * Errors  none. cmake/embed_scripts.cmake makes the texts; a script that it was not given is NULL.
 */
#ifndef TARGETS_QUEUE_BULLMQ_SCRIPTS_H
#define TARGETS_QUEUE_BULLMQ_SCRIPTS_H

enum redis_script {
    REDIS_ADD,
    REDIS_TAKE,
    REDIS_RENEW,
    REDIS_FINISH,
    REDIS_RELEASE,
    REDIS_SWEEP,
    REDIS_COUNTS,
    REDIS_FIND,
    REDIS_DROP,
    REDIS_RIGHTS,
    REDIS_SCRIPT_COUNT
};

extern const char *const redis_scripts[REDIS_SCRIPT_COUNT];

#endif
