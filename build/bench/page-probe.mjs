/**
 * What the bench looks at in the app's page. Each function is sent there as source text, so it uses nothing from around it.
 *
 * @typedef {object} StreamFigures
 * @property {number} events  that came while it watched
 * @property {number} missed  that main told it had no more
 * @property {number} lost  as main counts them, in the whole session
 * @property {number} seconds
 * @property {number[]} delayMs  of sampled events: from the moment that a thread wrote it to the moment that the page has it in its table
 * @property {number[]} pictureMs  of the same: to the end of the frame that followed
 * @property {number[]} frameMs  between two frames
 *
 * @typedef {object} StreamProbe
 * @property {(everyNth: number) => void} begin
 * @property {() => StreamFigures} end
 * @property {() => number} events  of the session so far
 */

/**
 * Listens to the stream beside the app, from the page's first moment on. What the app acknowledges, it has taken in.
 *
 * Two clocks are brought together by the batch that came fastest, as if it had taken no time at all: every delay is too short
 * by that least time, which is that of one message between two processes.
 *
 * @param {{channel: string, recordBytes: number, moreOffset: number}} form  `moreOffset`: of the byte that says how many records
 *   the event has besides its first
 */
export function watchStream({ channel, recordBytes, moreOffset }) {
  /** @typedef {{timeMs: number, inMs: number, seenMs: number}} Sample */
  let isOn = false;
  let everyNth = 1;
  let untilNext = 0;
  let all = 0;
  let leastMs = Infinity;
  let beganMs = 0;
  let lastFrameMs = 0;
  /** @type {Map<number, {timesMs: number[], heads: number}>} */
  const onItsWay = new Map();
  /** @type {Sample[]} */
  let samples = [];
  /** @type {Sample[]} */
  let unseen = [];
  /** @type {number[]} */
  let frameMs = [];
  const counts = { events: 0, missed: 0, lost: 0 };

  /** @param {any} message */
  const arrived = (message) => {
    if (message.type === 'session') [all, leastMs] = [0, Infinity];
    if (message.type === 'lost') counts.lost = message.count;
    if (message.type === 'missed') counts.missed += message.to - message.from;
    if (message.type !== 'batch') return;
    leastMs = Math.min(leastMs, performance.now() - message.nowNs / 1e6);
    const view = new DataView(message.records.buffer, message.records.byteOffset, message.records.byteLength);
    /** @type {number[]} */
    const timesMs = [];
    let heads = 0;
    for (let at = 0; at < view.byteLength; at += recordBytes * (1 + view.getUint8(at + moreOffset))) {
      heads++;
      if (!isOn || untilNext-- > 0) continue;
      untilNext = everyNth - 1;
      timesMs.push((view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)) / 1e6);
    }
    onItsWay.set(message.sequence, { timesMs, heads });
  };
  /** @param {any} answer */
  const answered = ({ type, sequence }) => {
    const batch = type === 'acknowledge' ? onItsWay.get(sequence) : undefined;
    if (batch === undefined) return;
    onItsWay.delete(sequence);
    const inMs = performance.now();
    for (const timeMs of batch.timesMs) unseen.push({ timeMs, inMs, seenMs: 0 });
    all += batch.heads;
    if (isOn) counts.events += batch.heads;
  };
  window.addEventListener('message', ({ data, ports: [port] }) => {
    if (data !== channel || port === undefined) return;
    // Before the app's own.
    port.addEventListener('message', (event) => arrived(event.data));
    const send = port.postMessage.bind(port);
    port.postMessage = (/** @type {any} */ answer) => {
      answered(answer);
      send(answer);
    };
  });

  // A task that is posted in a frame runs when the frame is done.
  const afterFrame = new MessageChannel();
  afterFrame.port1.onmessage = () => {
    const seenMs = performance.now();
    for (const sample of unseen) samples.push(Object.assign(sample, { seenMs }));
    unseen = [];
  };
  const frame = (/** @type {number} */ atMs) => {
    if (!isOn) return;
    frameMs.push(atMs - lastFrameMs);
    lastFrameMs = atMs;
    afterFrame.port2.postMessage(0);
    requestAnimationFrame(frame);
  };

  /** @type {StreamProbe} */
  const probe = {
    begin(nth) {
      isOn = true;
      everyNth = nth;
      [samples, unseen, frameMs] = [[], [], []];
      counts.events = 0;
      beganMs = lastFrameMs = performance.now();
      requestAnimationFrame(frame);
    },
    end() {
      isOn = false;
      return {
        ...counts,
        seconds: (performance.now() - beganMs) / 1e3,
        delayMs: samples.map(({ timeMs, inMs }) => inMs - timeMs - leastMs),
        pictureMs: samples.map(({ timeMs, seenMs }) => seenMs - timeMs - leastMs),
        frameMs: frameMs.slice(1),
      };
    },
    events: () => all,
  };
  Object.assign(window, { benchProbe: probe });
}
