import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['{apc-model,timeline,electron,renderer,scenarios}/**/*.test.{ts,tsx}'],
    reporters: ['default', ['json', { outputFile: '.cache/test/vitest.json' }]],
    cache: false,
  },
});
