/* guard_scene: a guard on real processes. The test's program is also the target: run with a mode
 * and a FIFO as its words, it acts that mode out.
 *
 * Shape   every process below the guard holds the FIFO open. Each writes one byte when it is up,
 *         and the end of file says that all are gone. main hands its two words to scene_act.
 * Owner   each test has its own scene: SCENE.
 * Errors  fail the test. An alarm bounds all waiting.
 */
#ifndef TESTS_GUARD_SCENE_H
#define TESTS_GUARD_SCENE_H

#include <stddef.h>

#include "proc/guard.h"
#include "support/bounded.h"

struct scene {
    char folder[64], fifo[80];
    int fifo_fd;
};

int scene_open(void **state);
int scene_close(void **state);
#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_open, scene_close)

/* The target's side. The family is a background process, a daemon that forked twice, a process in a
 * session of its own, and the target; all of them ignore SIGTERM. */
#define FAMILY 4
void scene_act(const char *mode, const char *fifo); /* returns if there is no such mode */
void scene_write(int fd, const char *text);

/* The test's side. */
struct guard scene_start(const char *mode, const char *fifo);
void scene_await_members(const struct scene *s, size_t count);
void scene_await_nobody(const struct scene *s);
/* For the next family of a scene. */
void scene_open_fifo(struct scene *s);
/* Reads up to `want` bytes, or to the end of file; returns how many. */
size_t scene_read(int fd, char *text, size_t want);
struct guard_report scene_expect_end(const struct guard *g);
void scene_finish(const struct guard *g); /* the guard has ended, or is about to */

#endif
