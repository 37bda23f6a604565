/* thread_use: what the calling thread has used so far, and waited for.
 *
 * Units   seconds.
 * Errors  run_wait_s is NAN when the kernel does not say.
 */
#ifndef LOAD_THREAD_USE_H
#define LOAD_THREAD_USE_H

struct thread_use {
    double cpu_s;
    double run_wait_s; /* ready to run while no core was free */
};

double thread_use_cpu_s(void); /* alone: one system call */
struct thread_use thread_use_now(void);
struct thread_use thread_use_since(const struct thread_use *then);

#endif
