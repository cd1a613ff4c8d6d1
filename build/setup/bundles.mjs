import fs from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { fromRoot } from '../paths.mjs';
import { SetupFault } from './fault.mjs';
import { readStamp, treeHash, writeStamp } from './stamp.mjs';

const SOURCES = [
  'apc-model',
  'timeline',
  'electron',
  'renderer',
  'build/bundle.mjs',
  'package.json',
  'package-lock.json',
];
const PRODUCTS = [
  'out/electron/main.js',
  'out/electron/cli.js',
  'out/electron/preload.cjs',
  'out/renderer/index.html',
];

/** @type {import('./set-up.mjs').Step} */
export const bundles = {
  title: 'bundles',
  only: 'bundles',
  isReady() {
    return PRODUCTS.every((file) => fs.existsSync(fromRoot(file))) && readStamp('bundles') === stamp();
  },
  async make(progress) {
    const before = stamp();
    const { bundleAll } = await import('../bundle.mjs');
    try {
      await bundleAll(progress);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      const text = process.stderr.isTTY ? message : stripVTControlCharacters(message);
      throw new SetupFault(`The bundles could not be built: ${text}`);
    }
    writeStamp('bundles', before);
    return 'main, command line, preload and page';
  },
};

const stamp = () => treeHash(SOURCES, (file) => !/\.test\.tsx?$|tsconfig/.test(file));
