import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Faults of the older system, by number, each as the good behaviour; a test titled `gap <number>: …` proves it. */
const gaps: Readonly<Record<number, string>> = {
  1: 'excepted ranges are closed',
  2: 'rules reach the machines of one deployment and interface',
  3: 'peers that are nobody open nothing',
  4: 'no ports are all ports',
  5: 'one family to a firewall',
  6: 'a port that nobody names is said, and the rest is followed',
  7: 'firewalls follow edits and removals',
  8: 'an account is never shared by accident',
  9: 'each project has network, account and secret of its own',
  10: 'nothing goes on before what it needs is ready',
  11: 'secrets rotate',
  12: 'a secret of Secret Manager for each secret',
  13: 'secrets are fetched with patience, byte for byte, for root alone',
  14: 'the pod starts after its secrets are there',
  15: 'items, modes and optional are followed',
  16: 'config maps of every size are checked, and follow changes',
  17: 'the same input gives the same user data',
  18: 'values from elsewhere reach the environment',
  19: 'data disks are made and attached',
  20: 'what others change is found',
  21: 'finalizers wait until Google has nothing left',
  22: 'accounts and secrets go after the machines',
  23: 'failures are told with their reason',
  24: 'an insert that fails is made again',
  25: 'a machine has no more than its spec asks for',
  26: 'networks, subnets, machines and firewalls have IPv6',
  27: 'a full subnet is followed by the next',
  28: 'groups scale',
  29: 'a new template replaces machines',
  30: 'vanished machines go',
  31: 'gateways have several listeners',
  32: 'image families are resolved and kept',
  33: 'no empty keys in metadata',
  34: 'every power state is told',
  35: 'names fit',
};

/** Not proven yet. Nothing is added here; what is proven is taken out. */
const owed: ReadonlySet<number> = new Set([31]);

const root = join(import.meta.dirname, '../..');

/** Numbers of the gaps that a title names, in all tests. */
function proven(): Map<number, string> {
  const found = new Map<number, string>();
  for (const folder of ['workers', 'test', 'kinds', 'store', 'emulators', 'cli'])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
      if (/\.(test|e2e)\.ts$/.test(name))
        for (const [, number] of readFileSync(join(root, folder, name), 'utf8').matchAll(/['"`]gap (\d+): /g))
          found.set(Number(number), join(folder, name));
  return found;
}

const byTest = proven();

test.each(Object.entries(gaps).filter(([number]) => !owed.has(Number(number))))('gap %s has a test: %s', (number) =>
  expect(byTest.get(Number(number)), `no test is titled "gap ${number}: …"`).toBeDefined(),
);

test('there are 35, and tests name no others', () => {
  expect(Object.keys(gaps)).toHaveLength(35);
  expect([...byTest.keys()].filter((number) => !(number in gaps))).toEqual([]);
});
