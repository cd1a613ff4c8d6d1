import { defineConfig } from 'vitest/config';
import { wineForCommandLine } from './build/setup/wine.mjs';

export default defineConfig({
  test: {
    environment: 'node',
    // The scenarios run on Wine too, where it is.
    env: wineForCommandLine(),
    include: ['{apc-model,timeline,electron,renderer,scenarios}/**/*.test.{ts,tsx}'],
    reporters: ['default', ['json', { outputFile: '.cache/test/vitest.json' }]],
    cache: false,
  },
});
