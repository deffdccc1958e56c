import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', 'test/**/*.e2e.ts'],
    exclude: ['node_modules/**', '.datum/**', '.cache/**', 'test/fixtures/**'],
    globalSetup: ['test/support/global-setup.ts'],
    // Two cores: more workers only take turns.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
