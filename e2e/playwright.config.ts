import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../.cache/test/e2e',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  forbidOnly: process.env['CI'] === 'true',
  reporter: [['list'], ['json', { outputFile: '../.cache/test/playwright.json' }]],
  use: { trace: 'retain-on-failure' },
});
