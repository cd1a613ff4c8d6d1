import type { HandCall } from '../apc-model/hand-step.ts';

/** Every sentence of the window that is not computed from a trace: in one place, to be read through and translated. */

export interface ControlText {
  /** What it does, and the Win32 call that it makes. */
  tip: string;
  key?: string;
}

export const CONTROLS = {
  run: { tip: 'Runs the chosen scenario on new native threads. What is running is stopped first.' },
  stop: { tip: 'Ends every thread of this session. The trace stays here to be looked at and saved.' },
  openInterrupted: {
    tip: 'Shows it as it was recorded; what runs now is stopped and stays among the recordings.',
  },
  cancelExport: { tip: 'Ends the export; no file is written.' },
  discardInterrupted: { tip: 'Deletes its recording.' },
  newThread: { tip: 'Creates a native thread that waits for your steps (CreateThread).', key: 'N' },
  newThreadSuspended: {
    tip: 'CreateThread with CREATE_SUSPENDED: APCs queued before it is resumed run before its first step.',
  },
  queueApc: {
    tip: 'Queues a user APC to this thread (QueueUserAPC). It waits there until the thread is alertable.',
    key: 'Q',
  },
  alertableWait: {
    tip: 'The thread calls SleepEx(…, TRUE): its gate opens, every waiting APC runs, and the call returns WAIT_IO_COMPLETION.',
  },
  sleep: { tip: 'The thread calls Sleep(…): it waits, but not alertably. Its gate stays closed.' },
  suspend: {
    tip: 'Raises the thread’s suspend count (SuspendThread). A suspended thread runs nothing, APCs included.',
  },
  resume: { tip: 'Lowers the suspend count (ResumeThread). At 0 the thread goes on.' },
  end: { tip: 'Ends the thread (TerminateThread). APCs that still wait in its queue are lost.' },
  newObject: {
    tip: 'Makes a kernel object that threads can wait for, set or send to: an event, a mutex, a timer, a port …',
  },
  call: {
    tip: 'Lets this thread make any call of the lab: wait for objects, queue APCs, set timers, read files …',
    key: 'C',
  },
  setEvent: { tip: 'SetEvent, called by main: the event becomes signaled, and a wait for it is satisfied.' },
  resetEvent: { tip: 'ResetEvent, called by main: the event becomes not signaled.' },
  pulseEvent: {
    tip: 'PulseEvent, called by main: releases who waits at this moment, then the event is not signaled.',
  },
  releaseSemaphore: {
    tip: 'ReleaseSemaphore, called by main: raises the count by one; each wait takes one.',
  },
  exportPicture: {
    tip: 'Saves or copies the timeline as a picture, or saves the trace for other programs.',
    key: 'Ctrl E',
  },
  stepBack: { tip: 'One event back', key: '←' },
  stepForward: { tip: 'One event on', key: '→' },
  stepBackApc: { tip: 'Back to the last APC event', key: 'Shift ←' },
  stepForwardApc: { tip: 'On to the next APC event', key: 'Shift →' },
  toStart: { tip: 'To the start', key: 'Home' },
  play: { tip: 'Plays on from the cursor at the chosen speed', key: 'Space' },
  pause: { tip: 'Holds this instant; recording goes on', key: 'Space' },
  live: { tip: 'Back to the live end', key: 'L' },
  fit: { tip: 'Shows the whole session', key: 'F' },
  speed: { tip: 'How fast the recording plays, against real time' },
  axisTime: { tip: 'The axis is true time' },
  axisEvents: { tip: 'The axis has one step for each event: microseconds and minutes become equally wide' },
  appearance: { tip: 'Light, dark, or as the system has it' },
  keys: { tip: 'All keys', key: 'F1' },
  about: { tip: 'About Alertable: versions and the engine' },
  inspector: { tip: 'Shows or hides the inspector' },
} satisfies Record<string, ControlText>;
export type ControlName = keyof typeof CONTROLS;

export const NOT_HAND_DRIVEN =
  'This thread follows its scenario and takes no steps by hand. Make one that does with New thread.';
/** Over a board that still shows another instant. */
export const PAST_LOADING = 'Loading this instant from the recording …';
export const PAST_UNAVAILABLE =
  'This instant is not in memory any more, and the recording does not have it. The board still shows another one.';
export const NO_SESSION = 'There is no session yet. Run a scenario to begin one.';
export const SESSION_OVER = 'This session has ended, and nothing runs in it. Run begins a new one.';
export const SAVED_TRACE = 'This is a saved trace, and nothing runs in it. Run begins a new session.';
export const NOT_YET = 'not created yet at this instant';
export const HAS_ENDED = 'This thread has ended since: nothing can be done with it any more.';
export const NOT_MADE_YET = 'not made yet';
export const RELEASE_REFUSED =
  'ReleaseSemaphore returned FALSE: the count would exceed its maximum (ERROR_TOO_MANY_POSTS), or its handle is closed. Nothing was released; release less, or wait for it first.';
export const CHANGE_REFUSED =
  'The call returned FALSE: the event’s handle is closed (ERROR_INVALID_HANDLE). Make a new event.';
export const NOT_SUSPENDED = 'This thread is not suspended.';

/** One sentence for each term that stands on the screen. */
export const TERMS = {
  userApc:
    'An APC (asynchronous procedure call) is a function that waits in one thread’s queue and runs on that thread, as soon as the thread is alertable.',
  userQueue:
    'User APCs wait here in the order in which they were queued. Only this thread can run them, and only while it is alertable.',
  specialQueue:
    'Special user APCs (QueueUserAPC2) need no alertable wait: they interrupt the thread. Its kernel APC queue can’t be seen from user mode.',
  gate: 'The gate opens while the thread is in an alertable wait (such as SleepEx with TRUE), and only then.',
  gateOpen: 'Open: the thread is alertable, so waiting APCs run now, in order.',
  gateClosed: 'Closed: the thread is not alertable, so its APCs wait.',
  slot: 'The APC that is running on this thread. An APC that waits alertably itself can have another one inside it.',
  outcome:
    'What the thread’s last wait returned, and after how long. WAIT_IO_COMPLETION (0xC0) means: ended by APCs.',
  lost: 'The thread ended while this APC was still waiting. Nothing can run it any more.',
  handDriven: 'Driven by hand: between two steps it waits for the next one, and that wait is not alertable.',
  controller:
    'The scenario’s own director: it starts threads and makes calls from outside. It is no part of the experiment.',
  mailbox: 'Steps that you gave while the thread was busy; it takes them in order.',
  objects: 'Objects that threads wait for. Each is shown as it was at the instant of the cursor.',
  event:
    'An event: a wait for it is satisfied while it is signaled. An auto-reset one lets one wait through.',
  semaphore: 'A semaphore: a count. Each satisfied wait takes one; at 0 threads wait.',
  mutex: 'A mutex: owned by at most one thread. Its owner must release it (ReleaseMutex).',
  timer:
    'A waitable timer: when it expires it is signaled, and queues an APC to the thread that set it, if that gave a routine.',
  file: 'A file opened for overlapped I/O: ReadFileEx and WriteFileEx complete by an APC.',
  pipeRead: 'The reading end of a pipe: ReadFileEx on it completes, by an APC, when something is written.',
  pipeWrite: 'The writing end of a pipe.',
  port: 'A completion port: packets wait here until a thread takes one with GetQueuedCompletionStatus.',
  reserve:
    'An APC reserve object: memory for one native APC, so that queuing it can’t fail for want of memory.',
  criticalSection: 'A critical section: waiting for it is not alertable, so APCs wait along.',
  handle: 'A handle of its own, opened or duplicated with the access rights that were asked for.',
  threadId: 'The operating system’s id of this thread.',
  live: 'The board shows the present. Click a lane to look at an earlier instant.',
  lostEvents: 'Events that did not fit into a thread’s buffer. 0: the picture is complete.',
  events: 'Everything that was recorded in this session.',
  toCome: 'These events have happened, and the window has not taken them in yet. None of them is lost.',
} as const;
export type TermName = keyof typeof TERMS;

export const ENGINES: Readonly<Record<string, { badge: string; tip: string }>> = {
  posix: {
    badge: 'emulated',
    tip: 'Real threads, but Windows’ rules for APCs are re-created on POSIX threads: order, results and states follow Windows, each rule tested; timings are this machine’s. Emulated, never observed on Windows.',
  },
  win32: {
    badge: 'Win32',
    tip: 'Real Windows calls on real threads. The kernel’s APC queue can’t be read from user mode: a queue shown here is derived from what was seen and checked against each callback.',
  },
};

export const EMPTY = {
  hint: 'Try it yourself: make a thread with New thread, queue an APC to it, then let it wait alertably.',
  noSession: 'Connecting to the engine …',
  title: 'No thread yet',
  text: 'Run the scenario to watch an APC wait in a thread’s queue, or make a thread of your own: queue an APC to it, then let it wait alertably.',
  statistics: 'Queue depth appears here as soon as an APC is queued.',
  log: 'Lines that threads log appear here.',
  verdict: 'When a scenario ends, what it promised is compared here with what was seen.',
  verdictRunning: 'The scenario is still running. Its expectations are judged when it ends.',
} as const;

/** How to read the board, for somebody who sees it for the first time. */
export const PRIMER = {
  title: 'How to read the board',
  steps: [
    'An APC is queued to one thread. It waits there, as a numbered chip, before that thread’s gate.',
    'The gate opens only while the thread is alertable: in a wait such as SleepEx(…, TRUE). A plain Sleep keeps it closed.',
    'Then every waiting APC runs on that thread, in order, and the wait returns WAIT_IO_COMPLETION.',
    'If the thread ends first, what still waits is lost.',
  ],
  states: 'What a thread is doing',
  hint: 'Click a thread, a chip or a bar for its details; click a lane to see every queue as it was at that instant.',
} as const;

export const STATES = [
  { state: 'running', words: 'running its own code' },
  { state: 'runningApc', words: 'running an APC' },
  { state: 'alertableWait', words: 'alertable wait: the gate is open' },
  { state: 'wait', words: 'wait that is not alertable' },
  { state: 'waitingForStep', words: 'waiting for your next step (not alertable)' },
  { state: 'suspended', words: 'suspended: runs nothing' },
  { state: 'ended', words: 'ended' },
] as const;

export interface KeyText {
  keys: string;
  does: string;
}
export const KEYS: readonly KeyText[] = [
  { keys: 'Space', does: 'Pause, play on from the cursor' },
  { keys: '← →', does: 'Step one event' },
  { keys: 'Shift ← →', does: 'Step one APC event' },
  { keys: 'Home End', does: 'To the start, to the end' },
  { keys: 'L', does: 'Follow live' },
  { keys: 'W S, wheel', does: 'Zoom at the pointer' },
  { keys: 'A D, drag', does: 'Pan' },
  { keys: 'F 0', does: 'Fit everything' },
  { keys: '↑ ↓', does: 'Select the thread above, below' },
  { keys: 'N', does: 'New thread' },
  { keys: 'Q', does: 'Queue an APC to the selected thread' },
  { keys: 'C', does: 'Let the selected thread make any call' },
  { keys: 'Ctrl E', does: 'Export' },
  { keys: 'Ctrl + −', does: 'Zoom the text' },
  { keys: 'Esc', does: 'Clear the selection' },
  { keys: 'F1, ?', does: 'All keys' },
];

/** What each call does, for somebody who chooses one. */
export const CALL_ABOUT: Readonly<Record<HandCall, string>> = {
  sleep: 'Waits for a time. Not alertable: APCs go on waiting.',
  sleepEx: 'Waits for a time. Alertable: waiting APCs run, and it returns WAIT_IO_COMPLETION.',
  waitForSingleObject: 'Waits until the object is signaled. Not alertable: APCs go on waiting.',
  waitForSingleObjectEx: 'Waits until the object is signaled. Alertable: an APC ends the wait first.',
  waitForMultipleObjects: 'Waits for any or all of several objects. Not alertable.',
  waitForMultipleObjectsEx: 'Waits for any or all of several objects. Alertable: an APC ends the wait first.',
  signalObjectAndWait: 'Signals one object and waits for another, in one step.',
  msgWaitForMultipleObjectsEx: 'Waits for objects, for messages, and where alertable for APCs.',
  getQueuedCompletionStatus: 'Takes a packet from a completion port, or waits for one. Not alertable.',
  getQueuedCompletionStatusEx: 'Takes packets from a completion port, or waits for one. Alertable if asked.',
  getOverlappedResultEx: 'Waits for the result of a read or a write.',
  ntDelayExecution: 'The native call beneath SleepEx; returns an NTSTATUS.',
  ntTestAlert: 'Runs the waiting APCs at once, without any wait.',
  waitOnAddress: 'Waits while a variable has this value. Not alertable.',
  enterCriticalSection: 'Waits until the critical section is free, and owns it then. Not alertable.',
  leaveCriticalSection: 'Gives the critical section back.',
  switchToThread: 'Yields the processor. Runs no APC.',
  queueUserApc: 'Queues an APC to a thread, or to itself.',
  queueUserApc2: 'As QueueUserAPC, with flags: a special APC needs no alertable wait.',
  ntQueueApcThread: 'The native call: three arguments; a NULL routine is taken and vanishes.',
  ntQueueApcThreadEx: 'The native call with a reserve object, or for a special APC.',
  setWaitableTimer: 'Starts a timer. With a routine, its expiry queues an APC to this thread.',
  cancelWaitableTimer: 'Stops a timer, and takes its waiting APC out of the queue.',
  readFileEx: 'Begins a read; its routine runs as an APC on this thread when it is complete.',
  writeFileEx: 'Begins a write; its routine runs as an APC on this thread when it is complete.',
  cancelIoEx: 'Cancels a read or a write. Its routine still runs, with ERROR_OPERATION_ABORTED.',
  readDirectoryChanges: 'Watches the session’s folder; its routine runs as an APC when a file changes.',
  setEvent: 'Makes the event signaled.',
  resetEvent: 'Makes the event not signaled.',
  pulseEvent: 'Releases who waits at this moment, then makes the event not signaled.',
  releaseSemaphore: 'Raises the semaphore’s count.',
  releaseMutex: 'Gives the mutex back. Only its owner can.',
  postMessage: 'Posts a message to a thread’s message queue.',
  peekMessage: 'Looks for a message without waiting. Creates the thread’s message queue.',
  createCompletionPort: 'Creates a completion port.',
  postQueuedCompletionStatus: 'Puts a packet into a completion port.',
  bindToPort: 'Binds a file to a completion port: then its reads and writes complete there.',
  writePipe: 'Writes into a pipe, synchronously. Not alertable, also while the pipe is full.',
  closePipeEnd: 'Closes one end of a pipe: the other end sees it broken.',
  openHandle: 'Opens a handle to a thread with certain rights, under a name of its own.',
  duplicateHandle: 'Makes a second handle to the same object.',
  closeHandle: 'Closes a handle. The object lives on while another handle, or its thread, does.',
  createThread: 'Creates a thread that the scenario declares but did not start.',
  suspendThread: 'Raises a thread’s suspend count; it runs nothing until the count is 0 again.',
  resumeThread: 'Lowers a thread’s suspend count.',
  terminateThread: 'Ends a thread wherever it is. Its waiting APCs are lost.',
  exitThread: 'Ends this thread. Its waiting APCs are lost.',
  log: 'Writes a line into the log, with values of this thread and of variables.',
  awaitState:
    'Waits, not alertably, until another thread is in a certain state. Returns 1 if it ended before.',
  compute: 'Keeps the processor busy for a time. Runs no APC but special ones.',
  set: 'Sets a variable of the scenario; wakes who waits on its address.',
  add: 'Adds to a variable of the scenario; wakes who waits on its address.',
  setLastError: 'Sets this thread’s last error.',
  getLastError: 'Returns this thread’s last error.',
};
