/* apc-tests NAME runs one test in this process. */
#include "check.h"

#define X(name) void test_##name(void);
#include "tests.inc"
#undef X

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IONBF, 0);
  setvbuf(stderr, NULL, _IONBF, 0);
  const char *wanted = argc == 2 ? argv[1] : "";
#define X(name)                                                                                                        \
  if (strcmp(wanted, #name) == 0) {                                                                                    \
    test_##name();                                                                                                     \
    return 0;                                                                                                          \
  }
#include "tests.inc"
#undef X
  fprintf(stderr, "there is no test '%s'\n", wanted);
  return 2;
}
