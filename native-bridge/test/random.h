/* random.h: the same numbers on every machine; a failing test prints its seed. */
#ifndef APC_TEST_RANDOM_H
#define APC_TEST_RANDOM_H

#include <stdint.h>

static inline uint32_t next_random(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*state >> 33);
}

#endif
