import fs from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { OUT, fromRoot } from './paths.mjs';
import { SetupFault } from './setup/fault.mjs';

// Both must suit the oldest Electron that we run on, the registry's: Node 20.18 and Chromium 130.
const NODE_TARGET = 'node20.18';
const PAGE_TARGET = 'chrome130';

/** Native modules find their binaries beside themselves, and electron is Electron's own. */
const EXTERNAL = ['electron', 'koffi', '@napi-rs/canvas'];

const FONTS = ['web/Inter-Regular.woff2', 'web/Inter-SemiBold.woff2', 'LICENSE.txt'];

/** @type {import('vite').InlineConfig} */
const COMMON = { configFile: false, root: fromRoot(), logLevel: 'warn', publicDir: false };

/** @param {import('./setup/report.mjs').Progress} progress */
export async function bundleAll(progress) {
  progress('main and command line');
  await bundleNode({ main: 'electron/main.ts', cli: 'electron/cli.ts' }, 'es', '[name].js');
  progress('preload');
  await bundleNode({ preload: 'electron/preload.ts' }, 'cjs', '[name].cjs');
  progress('page');
  await bundlePage();
  copyFonts();
}

/**
 * Chunks lie beside their entries, so that a path relative to `import.meta.url` means the same in all of them.
 * @param {Record<string, string>} entries
 * @param {'es' | 'cjs'} format
 * @param {string} fileNames
 */
async function bundleNode(entries, format, fileNames) {
  Object.values(entries).forEach(mustExist);
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, fromRoot(file)]));
  await build({
    ...COMMON,
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      target: NODE_TARGET,
      outDir: path.join(OUT, 'electron'),
      emptyOutDir: format === 'es',
      minify: false,
      rolldownOptions: {
        input,
        external: EXTERNAL,
        output: { format, entryFileNames: fileNames, chunkFileNames: fileNames },
      },
    },
  });
}

async function bundlePage() {
  mustExist('renderer/index.html');
  await build({
    ...COMMON,
    root: fromRoot('renderer'),
    base: './',
    plugins: [react()],
    build: {
      target: PAGE_TARGET,
      outDir: path.join(OUT, 'renderer'),
      emptyOutDir: true,
      minify: true,
      sourcemap: false,
      modulePreload: { polyfill: false },
      // The page is read from disk: one larger file costs less than the warning is worth.
      chunkSizeWarningLimit: 4096,
    },
  });
  const html = fs.readFileSync(path.join(OUT, 'renderer', 'index.html'), 'utf8');
  // The page's CSP would silently refuse it.
  if (/<script(?![^>]*\ssrc=)[^>]*>/.test(html))
    throw new SetupFault(
      'renderer/index.html has an inline script, which the content security policy forbids.',
    );
}

function copyFonts() {
  const folder = path.join(OUT, 'fonts');
  fs.mkdirSync(folder, { recursive: true });
  for (const file of FONTS)
    fs.copyFileSync(fromRoot('node_modules', 'inter-ui', file), path.join(folder, path.basename(file)));
}

/** @param {string} file */
function mustExist(file) {
  if (!fs.existsSync(fromRoot(file)))
    throw new SetupFault(`${file} is missing: there is nothing to bundle from.`);
}
