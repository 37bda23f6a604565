/* bounded: tests that an alarm ends, should they hang. */
#ifndef TESTS_BOUNDED_H
#define TESTS_BOUNDED_H

#define BOUND_S 30

int bounded_set_alarm(void **state);

#define BOUNDED(test) cmocka_unit_test_setup(test, bounded_set_alarm)

#endif
