import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ask } from './support/graphql.ts';
import { startProductProcess } from './support/product.ts';
import { allReady, applySamples } from './support/sample-world.ts';

const root = join(import.meta.dirname, '..');
const sampleInstances = 9;

interface AlertRules {
  readonly groups: readonly { rules: readonly { alert: string; expr: string; annotations: { runbook: string } }[] }[];
}

/** Values by name and labels, as Prometheus reads them. */
async function scrape(origin: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${origin}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const samples = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** Names of our metrics in a text, without what Prometheus adds to those of histograms. */
const namesIn = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/\b(datum|nodejs|process)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, '')),
  );

it('each process tells what it does, and what alerts and dashboard ask for is there', async () => {
  const product = await startProductProcess({ env: { DATUM_METRICS_PORT: '0', DATUM_ROLES: '' } });
  const origin = product.ready.metrics ?? '';
  await applySamples(product.dataDir);
  await allReady(product.ready, sampleInstances);
  await ask(product.ready, '{ networks { nodes { metadata { name } } } }');
  const [list] = (await once(
    get(`${product.ready.kubernetes}/api/v1/namespaces`, {
      headers: { authorization: `Bearer ${product.ready.token}` },
      rejectUnauthorized: false,
    }),
    'response',
  )) as [IncomingMessage];
  await list.resume().toArray();
  for (const path of ['/livez', '/readyz']) expect((await fetch(origin + path)).status, path).toBe(200);
  expect((await fetch(`${origin}/other`)).status).toBe(404);

  const values = await scrape(origin);
  const sumOf = (name: string, ...parts: string[]) =>
    [...values].reduce(
      (sum, [key, value]) =>
        key.startsWith(`${name}{`) && parts.every((part) => key.includes(part)) ? sum + value : sum,
      0,
    );
  expect(sumOf('datum_requests_total', 'door="graphql"', 'method="POST"', 'code="200"')).toBeGreaterThan(0);
  expect(sumOf('datum_requests_total', 'door="kubernetes"', 'method="GET"', 'code="200"')).toBeGreaterThan(0);
  expect(sumOf('datum_reconcile_total', 'controller="gcp-instance"', 'result="done"')).toBeGreaterThan(0);
  expect(sumOf('datum_cloud_calls_total', 'cloud="gcp"', 'method="POST"', 'code="200"')).toBeGreaterThan(
    sampleInstances,
  );
  expect(values.get('datum_write_batch_rows_count')).toBeGreaterThan(0);
  expect(values.get('datum_leading{task="dispatcher"}')).toBe(1);
  expect(values.get('datum_reader_lag_seconds{reader="dispatcher"}')).toBeDefined();

  const had = namesIn([...values.keys()].join('\n'));
  const rules = readFileSync(join(root, 'deploy', 'monitoring', 'alerts.yaml'), 'utf8');
  const dashboard = readFileSync(join(root, 'deploy', 'monitoring', 'dashboard.json'), 'utf8');
  const asked = [...namesIn(rules), ...namesIn(dashboard)];
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !had.has(name))).toEqual([]);

  const runbook = readFileSync(join(root, 'docs', 'runbook.md'), 'utf8');
  const alerts = (parse(rules) as AlertRules).groups.flatMap((group) => group.rules);
  for (const { alert, annotations } of alerts) {
    expect(runbook).toContain(`\n## ${alert}\n`);
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  }
  await product.stop();
});
