import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import typescript from 'typescript-eslint';

// The fences of ARCHITECTURE.md: who may import whom.

/** @param {string} from @param {readonly string[]} folders */
const noFolders = (from, folders) => ({
  regex: `^(\\.\\./)+(${folders.join('|')})/`,
  message: `${from} must not import from ${folders.join(', ')}.`,
});
const NO_KOFFI = { regex: '^koffi$', message: 'Only electron/native/library.ts imports koffi.' };
const NO_ELECTRON = {
  regex: '^electron(/|$)',
  message: 'This file also runs on plain Node: it must not import electron.',
};
const NO_NODE = { regex: '^node:', message: 'There is no Node here.' };
/** @param {readonly string[]} allowed */
const onlyPackages = (allowed) => ({
  regex: `^(?!\\.|${allowed.map((name) => `${name}(/|$)`).join('|') || '$'})`,
  message: `Packages here: ${allowed.join(', ') || 'none'}.`,
});

/** @param {readonly string[]} files @param {readonly object[]} patterns @param {readonly string[]} [ignores] */
const fence = (files, patterns, ignores = []) => ({
  files: [...files],
  ignores: [...ignores],
  rules: { 'no-restricted-imports': /** @type {const} */ (['error', { patterns: [...patterns] }]) },
});

const TESTS = ['**/*.test.ts', '**/*.test.tsx'];
const MODEL_OUTSIDE = noFolders('apc-model', ['timeline', 'electron', 'renderer', 'build', 'e2e']);
const TIMELINE_OUTSIDE = noFolders('timeline', ['electron', 'renderer', 'build', 'e2e']);
const ELECTRON_OUTSIDE = noFolders('electron', ['renderer', 'build', 'e2e']);
const RENDERER_OUTSIDE = noFolders('renderer', ['electron', 'build', 'e2e']);

export default defineConfig(
  { ignores: ['.cache', 'out', 'dist', 'native-bridge'] },
  js.configs.recommended,
  typescript.configs.recommendedTypeChecked,
  {
    languageOptions: {
      // One program for all: half the time of one for each folder. The fences of libraries and types are tsc's to hold.
      parserOptions: { project: ['./build/tsconfig.lint.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // TypeScript knows which names exist, also in the .mjs files that it checks.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  { files: ['renderer/**/*.{ts,tsx}'], ...reactHooks.configs.flat['recommended-latest'] },
  // What the tools' JSON and reports hold is any, and JSDoc would need a cast at every dot.
  {
    files: ['**/*.mjs'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  { files: ['*.mjs', '*.ts'], ...typescript.configs.disableTypeChecked },

  fence(['apc-model/**'], [MODEL_OUTSIDE, onlyPackages(['apache-arrow', 'zod'])], TESTS),
  fence(['apc-model/**/*.test.ts'], [MODEL_OUTSIDE]),
  fence(['timeline/**'], [TIMELINE_OUTSIDE, onlyPackages([])], TESTS),
  fence(['timeline/**/*.test.ts'], [TIMELINE_OUTSIDE]),
  fence(['renderer/**'], [RENDERER_OUTSIDE, NO_KOFFI, NO_ELECTRON, NO_NODE], TESTS),
  fence(['renderer/**/*.test.{ts,tsx}'], [RENDERER_OUTSIDE]),
  fence(['electron/**'], [ELECTRON_OUTSIDE, NO_KOFFI]),
  fence(
    [
      'electron/native/**',
      'electron/{session,event-pump,recorder,export,export-trace,export-job,file-source,write-file,cli}.ts',
    ],
    [ELECTRON_OUTSIDE, NO_KOFFI, NO_ELECTRON],
  ),
  fence(['electron/native/library.ts'], [ELECTRON_OUTSIDE, NO_ELECTRON]),
);
