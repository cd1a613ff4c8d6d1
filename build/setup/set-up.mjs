import fs from 'node:fs';
import { fromCache } from '../paths.mjs';
import { SetupFault } from './fault.mjs';
import { createReport } from './report.mjs';

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {string} only  its name after `--only`
 * @property {() => boolean} isReady  quick, for it is asked at every start
 * @property {(progress: import('./report.mjs').Progress) => Promise<string>} make  says what it did
 */

const OLDEST_NODE = [20, 19];
const LOCK = fromCache('setup', 'lock');
const LOOK_AGAIN_MS = 200;

/**
 * Does what is missing, in order, and nothing else.
 * @param {readonly Step[]} steps
 * @param {object} [options]
 * @param {boolean} [options.quiet]  no line for what was there already
 * @param {NodeJS.WriteStream} [options.stream]
 */
export async function setUp(steps, { quiet = false, stream = process.stderr } = {}) {
  checkNode();
  const report = createReport(stream);
  for (const step of steps) {
    if (step.isReady()) {
      if (!quiet) report.line(step.title, 'ready');
      continue;
    }
    const unlock = await takeLock(report);
    try {
      // Another set-up may have done it while this one waited.
      if (!step.isReady()) await report.step(step.title, (progress) => step.make(progress));
    } finally {
      unlock();
    }
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new SetupFault(
    `Alertable needs Node ${OLDEST_NODE.join('.')} or newer, and this is Node ${process.versions.node}. Install a newer one from nodejs.org or your package manager.`,
  );
}

/**
 * Two set-ups at once (the command line in two terminals) would build into the same folders.
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<() => void>} gives it back
 */
async function takeLock(report) {
  fs.mkdirSync(fromCache('setup'), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      fs.writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      const unlock = () => fs.rmSync(LOCK, { force: true });
      process.once('exit', unlock);
      return () => {
        process.removeListener('exit', unlock);
        unlock();
      };
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (!isHeld()) {
      fs.rmSync(LOCK, { force: true });
      continue;
    }
    if (!told) report.note('waiting for another set-up to finish …');
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function isHeld() {
  try {
    process.kill(Number(fs.readFileSync(LOCK, 'utf8')), 0);
    return true;
  } catch (error) {
    // EPERM: the holder lives, and is somebody else's.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
