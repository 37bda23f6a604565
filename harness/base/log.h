/* log: messages for the user, on stderr, one line each.
 *
 * Shape   words may hold what others wrote: control characters become '?', and of what they wrote
 * in several lines each but the first begins with "  | ", so that none is a command to a CI server
 * ("::error", "##["). The level, and what is shown below the messages, are the program's only
 * mutable globals. Nothing logs while a window is open on the request path.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* "error", "warn", "info" or "debug"; -1 for anything else. */
int log_level_parse(const char *text, enum log_level *level);
void log_set_level(enum log_level level);
/* The name that starts each line: "bench", "bench-target". */
void log_set_program(const char *name);

__attribute__((format(printf, 1, 2))) void log_error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_warn(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_info(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_debug(const char *format, ...);
/* A line at every level, without the program's name: "saved to results/a.json". */
__attribute__((format(printf, 1, 2))) void log_say(const char *format, ...);
/* What is shown on the terminal below the messages, such as how far the program has come: `hide`
 * takes it away before a message is written, and `show` brings it back. Borrowed; NULL: nothing any
 * more. Only the thread that calls this may log meanwhile. */
struct log_view {
    void *ctx;
    void (*hide)(void *ctx);
    void (*show)(void *ctx);
};
void log_set_view(const struct log_view *view);

#endif
