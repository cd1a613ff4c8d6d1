import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../.cache/test/e2e',
  workers: 1,
  retries: 0,
  timeout: 30_000,
  // Ends it in time to write its report, before build/test.mjs would end the program.
  globalTimeout: 9 * 60_000,
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list'], ['json', { outputFile: '../.cache/test/playwright.json' }]],
  use: { trace: 'retain-on-failure' },
});
