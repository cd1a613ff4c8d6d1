import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { untilEnd } from './child.mjs';
import { electronBinary } from './electron-binary.mjs';
import { OUT, ROOT, fromRoot } from './paths.mjs';
import { sandboxFlags } from './sandbox.mjs';
import { SetupFault, runMain } from './setup/fault.mjs';
import { stepsOf } from './setup/goals.mjs';
import { setUp } from './setup/set-up.mjs';
import { hasDisplay } from './setup/system-packages.mjs';

async function main() {
  const display = hasDisplay();
  if (!display)
    process.stderr.write(
      'No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): running the first scenario without a window.\n',
    );
  await setUp(stepsOf(display ? 'start' : 'headless'));
  return display ? startWindow(process.argv.slice(2)) : runHeadless();
}

/** @param {readonly string[]} args */
function startWindow(args) {
  const binary = electronBinary();
  if (!binary)
    throw new SetupFault('Electron is missing after set-up. Delete .cache/electron and try again.');
  return untilEnd(
    spawn(binary.executable, [...sandboxFlags(), ROOT, ...args], {
      stdio: 'inherit',
      env: electronEnvironment(),
    }),
  );
}

/** Some terminals inside Electron apps set this, and it would make plain Node of ours. */
function electronEnvironment() {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return env;
}

async function runHeadless() {
  /** @type {string} */
  const scenario = JSON.parse(fs.readFileSync(fromRoot('package.json'), 'utf8')).alertable.firstScenario;
  const folder = path.join(OUT, scenario);
  fs.mkdirSync(folder, { recursive: true });
  const file = (/** @type {string} */ ending) => path.join(folder, `${scenario}.${ending}`);
  const args = ['run', scenario, '--png', file('png'), '--svg', file('svg'), '--trace', file('arrows')];
  const child = spawn(process.execPath, [path.join(OUT, 'electron', 'cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: ROOT,
  });
  const log = fs.createWriteStream(file('log'));
  for (const [from, to] of /** @type {const} */ ([
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])) {
    from.on('data', (bytes) => {
      to.write(bytes);
      log.write(bytes);
    });
  }
  const status = await untilEnd(child);
  log.end();
  const written = ['png', 'svg', 'arrows', 'log'].map(file).filter((name) => fs.existsSync(name));
  process.stdout.write(
    `\nWritten:\n${written.map((name) => `  ${path.relative(process.cwd(), name)}\n`).join('')}`,
  );
  return status;
}

await runMain(main);
