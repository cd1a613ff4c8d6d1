/*
 * symbols.h: functions that not every Windows and no Wine 8.0 has, looked up once. A missing one is a capability that
 * the engine reports as absent, with the reason; a step that needs it fails with ERROR_PROC_NOT_FOUND.
 *
 * Looking up and loading take the loader's lock, which a lab thread must never be caught with: main does both, when it
 * makes the first thread of a session (thread.c).
 */
#ifndef APC_SRC_WIN32_SYMBOLS_H
#define APC_SRC_WIN32_SYMBOLS_H

#include "win32.h"

typedef LONG(WINAPI *nt_query_system_information_fn)(ULONG class_, void *buffer, ULONG bytes, ULONG *needed);
typedef LONG(WINAPI *rtl_get_version_fn)(OSVERSIONINFOW *version);
typedef const char *(CDECL *wine_get_version_fn)(void);

typedef BOOL(WINAPI *queue_user_apc2_fn)(PAPCFUNC routine, HANDLE thread, ULONG_PTR data, ULONG flags);
typedef void(WINAPI *nt_apc_routine)(void *one, void *two, void *three);
typedef LONG(WINAPI *nt_queue_apc_thread_fn)(HANDLE thread, nt_apc_routine routine, void *one, void *two, void *three);
typedef LONG(WINAPI *nt_queue_apc_thread_ex_fn)(
    HANDLE thread, HANDLE reserve, nt_apc_routine routine, void *one, void *two, void *three);
typedef LONG(WINAPI *nt_allocate_reserve_object_fn)(HANDLE *handle, void *attributes, ULONG type);
typedef LONG(WINAPI *nt_test_alert_fn)(void);
typedef LONG(WINAPI *nt_delay_execution_fn)(BOOLEAN alertable, const LARGE_INTEGER *interval);

/* NtQueryEvent, NtQuerySemaphore, NtQueryMutant, NtQueryTimer, NtQueryIoCompletion, NtQueryObject,
 * NtQueryInformationThread: one form. */
typedef LONG(WINAPI *nt_query_fn)(HANDLE handle, ULONG class_, void *buffer, ULONG bytes, ULONG *written);
typedef LONG(WINAPI *nt_query_file_fn)(HANDLE file, void *status, void *buffer, ULONG bytes, ULONG class_);

typedef BOOL(WINAPI *wait_on_address_fn)(volatile void *address, void *compare, SIZE_T bytes, DWORD milliseconds);
typedef void(WINAPI *wake_by_address_fn)(void *address);
typedef BOOL(WINAPI *get_overlapped_result_ex_fn)(
    HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, DWORD milliseconds, BOOL alertable);
typedef BOOL(WINAPI *get_process_mitigation_policy_fn)(HANDLE process, int policy, void *buffer, SIZE_T bytes);

/* Of user32, which is loaded only for a session that uses messages. */
typedef BOOL(WINAPI *post_thread_message_fn)(DWORD thread, UINT message, WPARAM w, LPARAM l);
typedef BOOL(WINAPI *peek_message_fn)(MSG *message, HWND window, UINT first, UINT last, UINT remove);
typedef DWORD(WINAPI *msg_wait_fn)(DWORD count, const HANDLE *handles, DWORD milliseconds, DWORD mask, DWORD flags);

/* Each may be NULL. */
typedef struct win32_symbols {
  nt_query_system_information_fn nt_query_system_information;
  rtl_get_version_fn rtl_get_version;
  const char *wine_version; /* "8.0"; NULL on Windows */
  uint32_t build;           /* of Windows, or what Wine says; 0 where not known */

  queue_user_apc2_fn queue_user_apc2;
  nt_queue_apc_thread_fn nt_queue_apc_thread;
  nt_queue_apc_thread_ex_fn nt_queue_apc_thread_ex;
  nt_allocate_reserve_object_fn nt_allocate_reserve_object;
  nt_test_alert_fn nt_test_alert;
  nt_delay_execution_fn nt_delay_execution;

  nt_query_fn nt_query_event, nt_query_semaphore, nt_query_mutant, nt_query_timer, nt_query_io_completion,
      nt_query_object, nt_query_information_thread;
  nt_query_file_fn nt_query_information_file;

  wait_on_address_fn wait_on_address;
  wake_by_address_fn wake_by_address_all;
  get_overlapped_result_ex_fn get_overlapped_result_ex;

  HANDLE bad_handle, null_handle; /* handle.c: what {"handle": "bogus"} and NULL are passed on as */
  bool strict_handles;            /* a bad handle would raise an exception in this process */
} win32_symbols;

const win32_symbols *os_symbols(void);

typedef struct win32_messages {
  post_thread_message_fn post_thread_message;
  peek_message_fn peek_message;
  msg_wait_fn msg_wait;
} win32_messages;

/* Loads user32. Main. */
void os_load_messages(void);
/* All NULL while it is not loaded. Any. */
const win32_messages *os_messages(void);

/* Does NtQuerySystemInformation tell what a thread is doing? Wine 8.0 says 0 for all. */
static inline bool os_knows_thread_states(void) {
  return os_symbols()->wine_version == NULL && os_symbols()->nt_query_system_information != NULL;
}

#endif
