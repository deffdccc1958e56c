import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { settingNames } from '../../config.ts';
import { findProgram, whyAbsent } from '../clients/support/clients.ts';
import { type Result, run } from '../clients/support/run.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const chart = join(deploy, 'chart');
const helm = findProgram('helm3/helm');
const validate = findProgram('kubernetes-validate/python/bin/kubernetes-validate');
const whySkipped =
  helm === undefined
    ? whyAbsent('helm3/helm')
    : validate === undefined
      ? whyAbsent('kubernetes-validate/python/bin/kubernetes-validate')
      : undefined;

/** What there has to be; all else is left as it is. */
const least = {
  database: { secretName: 'database' },
  adminToken: { secretName: 'token' },
  encryption: { secretName: 'keys' },
  tls: { secretName: 'tls' },
  components: { worker: { replicas: 1 } },
};
const all = {
  ...least,
  tls: { secretName: 'tls', clientCaKey: 'ca.crt' },
  redis: { secretName: 'redis', secretKey: 'address' },
  image: { repository: 'registry.example/datum', tag: '1.2.3', pullPolicy: 'Always' },
  imagePullSecrets: [{ name: 'pull' }],
  traces: { endpoint: 'http://collector:4318', ratio: 0.1, secretName: 'collector' },
  settings: { DATUM_LOG_LEVEL: 'debug', DATUM_HISTORY_ROWS: '1000000' },
  components: { worker: { replicas: 3 } },
  service: { type: 'LoadBalancer', annotations: { a: 'b' }, gatewayPort: 8443, kubernetesPort: 443 },
  serviceAccount: { annotations: { 'iam.gke.io/gcp-service-account': 'datum@acme.iam.gserviceaccount.com' } },
  networkPolicy: { enabled: false },
  podAnnotations: { a: 'b' },
  nodeSelector: { disk: 'fast' },
  tolerations: [{ key: 'only', operator: 'Exists' }],
};

function render(values: object, version = '1.34.0'): Promise<Result> {
  const args = ['template', 'edge', chart, '--kube-version', version, '--values', '-'];
  return run(helm ?? '', args, { env: {}, input: JSON.stringify(values) });
}

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

async function objectsOf(values: object): Promise<Rendered[]> {
  const { code, stdout, stderr } = await render(values);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Rendered);
}

describe.skipIf(whySkipped !== undefined)(`the Helm chart${whySkipped ? ` (skipped: ${whySkipped})` : ''}`, () => {
  test.each([
    ['at the least', least, '1.27'],
    ['at the least', least, '1.37'],
    ['with all', all, '1.37'],
  ])('%s is what Kubernetes takes: %#', { timeout: 300_000 }, async (_, values, version) => {
    const { stdout: manifests } = await render(values, `${version}.0`);
    const args = ['--strict', '--kubernetes-version', version, '-'];
    const { code, stdout, stderr } = await run(validate ?? '', args, { env: {}, input: manifests, timeoutMs: 240_000 });
    expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('deployment/edge-worker')]);
  });

  test('nothing is left out that has to be said, and nothing is taken that means nothing', async () => {
    const without = await render({ ...least, database: {} });
    expect(without.stderr).toContain('/database/secretName');
    const unknown = await render({ ...least, settings: { DATUM_TOKEN: 'in the clear' } });
    expect(unknown.stderr).toContain('DATUM_TOKEN');
    expect((await render({ ...least, replica: 3 })).stderr).toContain('replica');
    const many = await render({ ...least, components: { worker: { replicas: 2 } } });
    expect(many.stderr).toContain('more than one worker needs redis.secretName');
  });

  test('each component is one Deployment, whose settings the product knows', async () => {
    const objects = await objectsOf(all);
    const named = (kind: string): string[] =>
      objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
    expect(named('Deployment').toSorted()).toEqual(['edge-gateway', 'edge-kubernetes', 'edge-worker']);
    expect(named('NetworkPolicy')).toEqual([]);
    const settings = objects.find(({ kind }) => kind === 'ConfigMap')?.['data'] as Record<string, string>;
    expect(settings['DATUM_HISTORY_ROWS']).toBe('1000000');
    expect(Object.keys(settings).filter((name) => !settingNames.has(name))).toEqual([]);
    for (const { spec } of objects.filter(({ kind }) => kind === 'Deployment')) {
      const env = [
        'DATUM_ROLES',
        'DATABASE_URL',
        'REDIS_URL',
        'DATUM_TOKEN',
        'DATUM_DRAIN_SECONDS',
        'DATUM_METRICS_HOST',
        'DATUM_METRICS_PORT',
        'OTEL_EXPORTER_OTLP_ENDPOINT',
        'DATUM_TRACE_RATIO',
        'OTEL_EXPORTER_OTLP_HEADERS',
      ].map((name) => expect.objectContaining({ name }));
      const securityContext = expect.objectContaining({ readOnlyRootFilesystem: true });
      const containers = [expect.objectContaining({ env, securityContext })];
      expect(spec).toMatchObject({ template: { spec: { containers } } });
    }
  });
});

test('the compose file names settings and roles that there are', () => {
  const { services } = parse(readFileSync(join(deploy, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, { environment?: Record<string, string> }>;
  };
  const played: string[] = [];
  for (const name of ['gateway', 'kubernetes', 'worker']) {
    const { environment = {} } = services[name] ?? {};
    expect(Object.keys(environment).filter((setting) => !settingNames.has(setting))).toEqual([]);
    played.push(...(environment['DATUM_ROLES'] ?? '').split(','));
  }
  expect(played.toSorted()).toEqual(['dispatcher', 'emulator', 'gateway', 'kubernetes', 'subgraph', 'worker']);
});
