/* err: why a call outside the measured window failed, as text for the user.
 *
 * Shape   a caller-owned struct, the last parameter of every fallible function; such a function
 *         returns 0, or -1 with the struct filled.
 * Owner   the caller; the text is inside the struct.
 * Errors  a text that does not fit is cut, never overrun.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* kind, exit code of the program, meaning */
#define ERR_KINDS(X)                                                                               \
    X(NONE, 0, "no error")                                                                         \
    X(GATE, 1, "a gate failed")                                                                    \
    X(USAGE, 2, "an option, a file or a program that was asked for cannot be used")                \
    X(INCONCLUSIVE, 3, "the measurement cannot tell")                                              \
    X(INCOMPARABLE, 4, "the results cannot be compared")                                           \
    X(INVALID, 5, "nothing valid was measured")                                                    \
    X(INTERRUPTED, 130, "interrupted")

enum err_kind {
#define X(name, exit_code, meaning) ERR_##name,
    ERR_KINDS(X)
#undef X
};

struct err {
    enum err_kind kind;
    char text[896];
};

/* Both return -1, so that a failure is one line: return err_set(...). */
__attribute__((format(printf, 3, 4))) int err_set(struct err *err, enum err_kind kind,
                                                  const char *format, ...);
/* Puts "context: " before the text; the kind stays. */
__attribute__((format(printf, 2, 3))) int err_wrap(struct err *err, const char *format, ...);
int err_exit_code(enum err_kind kind);
const char *err_meaning(enum err_kind kind);

#endif
