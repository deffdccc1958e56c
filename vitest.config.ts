import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The copy of `graphql` that Node itself loads: that for bundlers does not know its types.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
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
