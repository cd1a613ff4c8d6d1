/** Every sentence of the window that is not computed from a trace: in one place, to be read through and translated. */

export interface ControlText {
  /** What it does, and the Win32 call that it makes. */
  tip: string;
  key?: string;
}

export const CONTROLS = {
  run: { tip: 'Runs the chosen scenario on new native threads. What is running is stopped first.' },
  stop: { tip: 'Ends every thread of this session. The trace stays here to be looked at and saved.' },
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
  exportPicture: { tip: 'Saves or copies the timeline as a picture, or saves the trace.', key: 'Ctrl E' },
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
  keys: { tip: 'All keys', key: '?' },
  about: { tip: 'About Alertable: versions and the engine' },
  inspector: { tip: 'Shows or hides the inspector' },
} satisfies Record<string, ControlText>;
export type ControlName = keyof typeof CONTROLS;

export const NOT_HAND_DRIVEN =
  'This thread follows its scenario and takes no steps by hand. Make one that does with New thread.';
export const SESSION_OVER = 'This session has ended. Run a scenario or make a new thread to start another.';
export const NOT_YET = 'not created yet at this instant';
export const HAS_ENDED = 'This thread has ended since: nothing can be done with it any more.';
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
  threadId: 'The operating system’s id of this thread.',
  live: 'The board shows the present. Click a lane to look at an earlier instant.',
  lostEvents: 'Events that did not fit into a thread’s buffer. 0: the picture is complete.',
  events: 'Everything that was recorded in this session.',
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
  { keys: 'Ctrl E', does: 'Export' },
  { keys: 'Ctrl + −', does: 'Zoom the text' },
  { keys: 'Esc', does: 'Clear the selection' },
  { keys: '?', does: 'All keys' },
];
