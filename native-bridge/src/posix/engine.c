/* What this engine is and can do. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "../backend.h"

const char backend_name[] = "posix";
const bool backend_loses_exactly = true;

void backend_label(char *text, uint32_t capacity) { snprintf(text, capacity, "posix emulation"); }

void backend_system(char *text, uint32_t capacity) {
  struct utsname name;
  if (uname(&name) != 0) memset(&name, 0, sizeof name);
  snprintf(text, capacity, "%s %s %s", name.sysname, name.release, name.machine);
}

uint32_t backend_capabilities(backend_capability *list, uint32_t capacity) {
  static const backend_capability all[] = {
      {"queueUserApc", true, NULL},
      {"sleepEx", true, NULL},
      {"queueUserApc2", true, NULL},
      {"queueUserApc2.special", true, NULL},
      {"queueUserApc2.callbackDataContext", false, "an emulated thread has no Windows CONTEXT to hand to its routine"},
      {"ntQueueApcThread", true, NULL},
      {"ntQueueApcThreadEx", true, NULL},
      {"ntQueueApcThreadEx.special", true, NULL},
      {"ntQueueApcThreadEx.reserve", true, NULL},
      {"ntTestAlert", true, NULL},
      {"awaitState.exact", true, NULL},
  };
  uint32_t count = sizeof all / sizeof all[0];
  if (count > capacity) count = capacity;
  memcpy(list, all, count * sizeof all[0]);
  return count;
}
