#include "symbols.h"

#include <string.h>

/* By way of memcpy: ISO C has no cast between function pointers of unlike types that compilers accept silently. */
#define LOOK_UP(module, name, into)                                                                                    \
  do {                                                                                                                 \
    FARPROC found_symbol = (module) != NULL ? GetProcAddress(module, name) : NULL;                                     \
    memcpy(&(into), &found_symbol, sizeof found_symbol);                                                               \
  } while (0)

static win32_symbols symbols;

static void look_up_native(HMODULE ntdll) {
  LOOK_UP(ntdll, "NtQueueApcThread", symbols.nt_queue_apc_thread);
  LOOK_UP(ntdll, "NtQueueApcThreadEx", symbols.nt_queue_apc_thread_ex);
  LOOK_UP(ntdll, "NtAllocateReserveObject", symbols.nt_allocate_reserve_object);
  LOOK_UP(ntdll, "NtTestAlert", symbols.nt_test_alert);
  LOOK_UP(ntdll, "NtDelayExecution", symbols.nt_delay_execution);
  LOOK_UP(ntdll, "NtQueryEvent", symbols.nt_query_event);
  LOOK_UP(ntdll, "NtQuerySemaphore", symbols.nt_query_semaphore);
  LOOK_UP(ntdll, "NtQueryMutant", symbols.nt_query_mutant);
  LOOK_UP(ntdll, "NtQueryTimer", symbols.nt_query_timer);
  LOOK_UP(ntdll, "NtQueryIoCompletion", symbols.nt_query_io_completion);
  LOOK_UP(ntdll, "NtQueryObject", symbols.nt_query_object);
  LOOK_UP(ntdll, "NtQueryInformationThread", symbols.nt_query_information_thread);
  LOOK_UP(ntdll, "NtQueryInformationFile", symbols.nt_query_information_file);
  LOOK_UP(ntdll, "NtQuerySystemInformation", symbols.nt_query_system_information);
}

static void look_up_system(HMODULE ntdll) {
  LOOK_UP(ntdll, "RtlGetVersion", symbols.rtl_get_version);
  OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
  if (symbols.rtl_get_version != NULL && symbols.rtl_get_version(&version) == 0) symbols.build = version.dwBuildNumber;
  wine_get_version_fn wine_get_version;
  LOOK_UP(ntdll, "wine_get_version", wine_get_version);
  if (wine_get_version != NULL) symbols.wine_version = wine_get_version();
}

/* Far above what a handle table can hold. */
#define BAD_HANDLE ((HANDLE)(ULONG_PTR)0xDEAD0000u)
#define STRICT_HANDLE_CHECK_POLICY 3 /* ProcessStrictHandleCheckPolicy */

/* Chromium can switch strict handle checks on for its process: then a bad handle raises an exception where it should
 * make a call fail. There a handle to a section stands in for it, which no call of the lab takes (fact 4: the same
 * error 6). */
static void choose_bad_handles(HMODULE kernel32) {
  get_process_mitigation_policy_fn get_policy;
  LOOK_UP(kernel32, "GetProcessMitigationPolicy", get_policy);
  DWORD strict = 0;
  if (get_policy == NULL || !get_policy(GetCurrentProcess(), STRICT_HANDLE_CHECK_POLICY, &strict, sizeof strict))
    strict = 0;
  symbols.bad_handle = BAD_HANDLE;
  if ((strict & 1) == 0) return;
  HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 4096, NULL);
  if (section == NULL) return;
  symbols.strict_handles = true;
  symbols.bad_handle = symbols.null_handle = section;
}

static BOOL CALLBACK look_up(INIT_ONCE *once, void *unused, void **context) {
  (void)once, (void)unused, (void)context;
  HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  HMODULE kernel32 = GetModuleHandleW(L"kernel32.dll");
  HMODULE kernelbase = GetModuleHandleW(L"kernelbase.dll"); /* which is where WaitOnAddress really is */
  look_up_native(ntdll);
  look_up_system(ntdll);
  LOOK_UP(kernel32, "QueueUserAPC2", symbols.queue_user_apc2);
  LOOK_UP(kernel32, "GetOverlappedResultEx", symbols.get_overlapped_result_ex);
  LOOK_UP(kernelbase, "WaitOnAddress", symbols.wait_on_address);
  LOOK_UP(kernelbase, "WakeByAddressAll", symbols.wake_by_address_all);
  choose_bad_handles(kernel32);
  return TRUE;
}

const win32_symbols *os_symbols(void) {
  static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
  InitOnceExecuteOnce(&once, look_up, NULL, NULL);
  return &symbols;
}

static win32_messages messages;
static _Atomic(const win32_messages *) messages_ready;

static BOOL CALLBACK load_messages(INIT_ONCE *once, void *unused, void **context) {
  (void)once, (void)unused, (void)context;
  HMODULE user32 = LoadLibraryW(L"user32.dll");
  LOOK_UP(user32, "PostThreadMessageW", messages.post_thread_message);
  LOOK_UP(user32, "PeekMessageW", messages.peek_message);
  LOOK_UP(user32, "MsgWaitForMultipleObjectsEx", messages.msg_wait);
  atomic_store(&messages_ready, &messages);
  return TRUE;
}

void os_load_messages(void) {
  static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
  InitOnceExecuteOnce(&once, load_messages, NULL, NULL);
}

const win32_messages *os_messages(void) {
  static const win32_messages none = {0};
  const win32_messages *ready = atomic_load(&messages_ready);
  return ready != NULL ? ready : &none;
}
