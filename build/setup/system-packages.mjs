import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { SetupFault } from './fault.mjs';
import { findProgram, mustRun, run } from './run.mjs';

/**
 * @typedef {object} Need
 * @property {readonly string[]} packages  Debian's names, any one of which will do
 * @property {string} [program]  a program on PATH that will do as well
 */

/** @type {readonly Need[]} */
export const C_TOOLS = [
  { packages: ['gcc', 'clang'], program: 'cc' },
  { packages: ['libc6-dev'] },
  { packages: ['make'], program: 'make' },
  { packages: ['cmake'], program: 'cmake' },
];

// Since 2024 Debian and Ubuntu have some of these under a name that ends in t64.
/** @type {readonly Need[]} */
export const ELECTRON_LIBRARIES = [
  { packages: ['libgtk-3-0', 'libgtk-3-0t64'] },
  { packages: ['libnss3'] },
  { packages: ['libasound2', 'libasound2t64'] },
  { packages: ['libgbm1'] },
  { packages: ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'] },
  { packages: ['libdrm2'] },
  { packages: ['libxss1'] },
];

/** @type {readonly Need[]} */
export const VIRTUAL_DISPLAY = [{ packages: ['xvfb'], program: 'Xvfb' }];

/** @type {readonly Need[]} */
export const WINDOWS_TOOLS = [
  { packages: ['gcc-mingw-w64-x86-64'], program: 'x86_64-w64-mingw32-gcc' },
  { packages: ['wine64'], program: 'wine64' },
];

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

export const isRoot = () => process.getuid?.() === 0;

export const isDebian = () =>
  process.platform === 'linux' &&
  findProgram('dpkg-query') !== undefined &&
  findProgram('apt-get') !== undefined;

/** @param {readonly Need[]} needs */
export function missingNeeds(needs) {
  const open = needs.filter((need) => !(need.program && findProgram(need.program)));
  if (open.length === 0) return [];
  const installed = installedPackages(open.flatMap((need) => need.packages));
  return open.filter((need) => !need.packages.some((name) => installed.has(name)));
}

/**
 * One step for all the packages of a goal, so that they come in one run of apt, or in one command to copy.
 * @param {() => readonly Need[]} needs
 * @param {readonly Need[]} [extras]  for root to install too; nobody else is stopped for lack of them
 * @returns {import('./set-up.mjs').Step}
 */
export function systemPackages(needs, extras = []) {
  return {
    title: 'system packages',
    only: 'system',
    isReady: () => !isDebian() || missingNeeds([...needs(), ...(isRoot() ? extras : [])]).length === 0,
    make: (progress) => installPackages(missingNeeds([...needs(), ...extras]), progress),
  };
}

/**
 * Installs packages by apt. Somebody who is not root gets the exact command instead.
 * @param {readonly Need[]} missing
 * @param {import('./report.mjs').Progress} progress
 * @returns {Promise<string>} what was done
 */
export async function installPackages(missing, progress) {
  if (!isRoot())
    throw new SetupFault(
      `System packages are missing, and only root may install them. Run this, then try again:\n\n  ${aptCommand(missing)}`,
    );
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  progress('reading package lists');
  // One unreachable third-party source makes update fail although all that we need is there: install is the judge.
  await run('apt-get', ['update', '-q'], { env });
  const names = chooseNames(missing);
  progress(`installing ${names.join(' ')}`);
  const args = ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...names];
  await mustRun('System packages could not be installed', 'apt-get', args, { env });
  return `installed ${names.join(' ')}`;
}

/** @param {readonly Need[]} missing */
export const aptCommand = (missing) =>
  `sudo apt-get install -y --no-install-recommends ${chooseNames(missing).join(' ')}`;

/** Of several names for one library, the one that this release has. @param {readonly Need[]} needs */
function chooseNames(needs) {
  return needs.map(
    ({ packages }) =>
      packages.find((name) => packages.length === 1 || hasCandidate(name)) ?? String(packages[0]),
  );
}

/** @param {string} name */
function hasCandidate(name) {
  try {
    return /Candidate: (?!\(none\))/.test(
      execFileSync('apt-cache', ['policy', name], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }),
    );
  } catch {
    return false;
  }
}

/** @param {readonly string[]} names */
function installedPackages(names) {
  // dpkg-query's status is 1 when one of the names is unknown, yet it lists the others.
  /** @type {string} */
  let listed;
  try {
    listed = execFileSync('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\\n', ...names], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    listed = String(/** @type {{stdout?: string}} */ (error).stdout ?? '');
  }
  return new Set(
    listed
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
}

/** The shared libraries that a program can't find, on a Linux whose package names we don't know. @param {string} executable */
export function missingLibraries(executable) {
  if (!fs.existsSync(executable) || !findProgram('ldd')) return [];
  const text = execFileSync('ldd', [executable], { encoding: 'utf8' });
  return [...text.matchAll(/^\s*(\S+) => not found/gm)].map((match) => String(match[1]));
}
