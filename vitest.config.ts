import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Stories of a run without `--full`, which ends within five minutes; all others are left to full runs. */
const quickStories = ['samples', 'two-doors', 'watch-restart', 'clients/kubectl-objects'];
/** Tests that take long, mostly of one provider's controllers with a whole back end and its cloud: left to full runs, too. */
const longTests = [
  'emulators/gcp/test/model.test.ts',
  'gateway/{leak,request-limits}.test.ts',
  'kubernetes/http/limits.test.ts',
  'test/gcp/*.test.ts',
  'workers/clouds/gcp/guest/guest.test.ts',
  'workers/gcp-*/**/{changes,disks,drift,group,reconcile}.test.ts',
  'workers/runtime/runtime.test.ts',
  'workers/workload-deployment/rollout.reconcile.test.ts',
];
const isQuick = process.env['DATUM_TEST_QUICK'] === '1';
const stories = isQuick ? quickStories.map((name) => `test/${name}.e2e.ts`) : ['test/**/*.e2e.ts'];

export default defineConfig({
  // The copy of `graphql` that Node itself loads: that for bundlers does not know its types.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['**/*.test.ts', ...stories],
    exclude: ['node_modules/**', '.datum/**', '.cache/**', 'test/fixtures/**', ...(isQuick ? longTests : [])],
    globalSetup: ['test/support/global-setup.ts'],
    // Two cores: more workers only take turns.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A wait ends with what is waited for; the limit is for what never comes, on the slowest machine.
    expect: { poll: { timeout: 60_000 } },
  },
});
