/*
 * peer-win32: QueueUserAPC from one thread to another that calls SleepEx(INFINITE, TRUE) in a loop, and nothing else.
 */
#include <windows.h>

#include "load.h"

static HANDLE target, all_ran;
static uint32_t left; /* of this burst: the target's, but before a burst */
static uint64_t last_ns;

static void CALLBACK on_apc(ULONG_PTR parameter) {
  (void)parameter;
  if (--left > 0) return;
  last_ns = load_now_ns();
  SetEvent(all_ran);
}

static DWORD WINAPI wait_alertably(void *unused) {
  (void)unused;
  while (SleepEx(INFINITE, TRUE) != 0) {
  }
  return 0; /* not reached: without an APC it does not return */
}

static uint64_t run(void *of, uint32_t calls) {
  (void)of;
  left = calls;
  uint64_t began_ns = load_now_ns();
  for (uint32_t i = 0; i < calls; i++) QueueUserAPC(on_apc, target, i);
  WaitForSingleObject(all_ran, INFINITE);
  return last_ns - began_ns;
}

int main(int argc, char **argv) {
  load_options options = load_read_options(argc, argv, (load_options){.seconds = 1, .burst = 5000});
  all_ran = CreateEventW(NULL, FALSE, FALSE, NULL);
  target = CreateThread(NULL, 0, wait_alertably, NULL, 0, NULL);
  if (all_ran == NULL || target == NULL) return 1;
  load_print(load_measure(&options, run, NULL));
  return 0;
}
