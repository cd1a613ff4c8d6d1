import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { isDebian } from '../setup/system-packages.mjs';
import { findWine } from '../setup/wine.mjs';

/** What the figures are of: the machine, its load, and the version of everything that was measured. */
export function describeMachine() {
  const [cpu] = os.cpus();
  const [load = 0] = os.loadavg();
  const packages = isDebian() ? versions(['libuv1-dev', 'libboost-dev', 'libc6']) : [];
  const wine = findWine();
  return [
    `${os.cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${(os.totalmem() / 2 ** 30).toFixed(1)} GiB${virtual()}`,
    `${os.type()} ${os.release()}, load ${load.toFixed(1)} before the first round`,
    [firstLine('cc', ['--version']), ...packages, wine && firstLine(wine, ['--version'])]
      .filter(Boolean)
      .join(', '),
  ];
}

function virtual() {
  try {
    return /^flags.*\bhypervisor\b/m.test(fs.readFileSync('/proc/cpuinfo', 'utf8'))
      ? ', a virtual machine'
      : '';
  } catch {
    return '';
  }
}

/** @param {readonly string[]} packages */
function versions(packages) {
  const text = firstLines('dpkg-query', ['-W', '-f=${Package} ${Version}\\n', ...packages]);
  return text.filter((line) => /\d/.test(line));
}

/** @param {string} command @param {readonly string[]} args */
const firstLine = (command, args) => firstLines(command, args)[0];

/** @param {string} command @param {readonly string[]} args */
function firstLines(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n');
  } catch (error) {
    return String(/** @type {{stdout?: string}} */ (error).stdout ?? '')
      .trim()
      .split('\n');
  }
}
