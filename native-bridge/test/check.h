/* check.h: what a test says. A failed check prints where and ends the process: every test has one of its own. */
#ifndef APC_TEST_CHECK_H
#define APC_TEST_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test: CMake finds these lines, makes one ctest entry of each, and lists them in tests.inc. */
#define TEST(name) void test_##name(void)

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                          \
      check_failed();                                                                                                  \
    }                                                                                                                  \
  } while (0)

#define CHECK_INT(actual, expected)                                                                                    \
  do {                                                                                                                 \
    long long check_actual = (long long)(actual), check_expected = (long long)(expected);                              \
    if (check_actual != check_expected) {                                                                              \
      fprintf(                                                                                                         \
          stderr, "%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #actual, check_actual, check_expected);    \
      check_failed();                                                                                                  \
    }                                                                                                                  \
  } while (0)

#define CHECK_TEXT(actual, expected)                                                                                   \
  do {                                                                                                                 \
    const char *check_actual = (actual), *check_expected = (expected);                                                 \
    if (strcmp(check_actual, check_expected) != 0) {                                                                   \
      fprintf(stderr, "%s:%d: %s is\n  '%s', expected\n  '%s'\n", __FILE__, __LINE__, #actual, check_actual,           \
          check_expected);                                                                                             \
      check_failed();                                                                                                  \
    }                                                                                                                  \
  } while (0)

/* Prints the trace of the lab that is open, if one is (lab.c), and exits with 1. */
_Noreturn void check_failed(void);

/* A test that cannot run on this engine says why; ctest counts it as skipped. */
#define SKIP_STATUS 77
_Noreturn void skip(const char *why);

#endif
