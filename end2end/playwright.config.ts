import { defineConfig } from '@playwright/test';

const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: './tests',
  outputDir: './artefacts/results',
  reporter: [['list'], ['html', { outputFolder: './artefacts/report', open: 'never' }]],

  // Each test has its own server, so they may run side by side; a test that passes at the second try is a failing test.
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  // The dev build hashes passwords slowly, and the first page loads an unoptimised WASM.
  timeout: 60_000,
  expect: { timeout: 10_000 },

  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: {
      executablePath: chromium,
      // Chromium's own sandbox does not work as root, and nothing but the tests' own pages is opened here. The rest
      // keeps the browser from calling anyone but the server under test.
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});
