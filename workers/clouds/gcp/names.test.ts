import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './hash.ts';
import * as names from './names.ts';

const name = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const uid = fc.uuid();
// More interfaces than any machine type has.
const index = fc.nat({ max: 99 });

test.each([
  ['networkName', names.networkName],
  ['subnetworkName', names.subnetworkName],
  ['instanceName', names.instanceName],
  ['bootDiskName', names.bootDiskName],
  ['workloadTag', names.workloadTag],
  ['deploymentTag', names.deploymentTag],
  ['groupName', names.groupName],
  ['gatewayName', names.gatewayName],
])('gap 35: %s is a valid name for every uid, and tells uids apart', (_, build) => {
  fc.assert(
    fc.property(uid, uid, (a, b) => {
      expect(build(a)).toMatch(name);
      expect(build(a) === build(b)).toBe(a === b);
    }),
  );
});

test('gap 35: what is named by content, and what machines of groups begin with, fits as well', () => {
  fc.assert(
    fc.property(uid, fc.object(), fc.string(), (one, content, text) => {
      expect(names.policyFirewallName(one, content)).toMatch(name);
      expect(names.templateName(one, content)).toMatch(name);
      expect(names.gatewayFirewallName(one, content)).toMatch(name);
      expect(names.endpointGroupName(one, content)).toMatch(name);
      expect(names.listenerName(one, 65_535)).toMatch(name);
      expect(names.dataDiskName(one, text, text)).toMatch(name);
      expect(names.addressName(one, text, 7)).toMatch(name);
      expect(names.groupMachineBase(one)).toMatch(/^[a-z][-a-z0-9]{0,57}$/);
    }),
  );
});

test('a disk has a valid name of its own for every place and volume', () => {
  fc.assert(
    fc.property(uid, index, index, fc.string(), fc.string(), (deployment, a, b, one, other) => {
      const nameOf = (slot: number, volume: string) => names.dataDiskName(deployment, `${deployment}-${slot}`, volume);
      expect(nameOf(a, one)).toMatch(name);
      expect(nameOf(a, one) === nameOf(b, other)).toBe(a === b && one === other);
    }),
  );
});

test('a tag of an interface is valid and tells interfaces apart', () => {
  fc.assert(
    fc.property(uid, index, index, (deployment, a, b) => {
      expect(names.interfaceTag(deployment, a)).toMatch(name);
      expect(names.interfaceTag(deployment, a) === names.interfaceTag(deployment, b)).toBe(a === b);
    }),
  );
});

test('a policy tag is valid, and tells networks and contents apart', () => {
  fc.assert(
    fc.property(uid, uid, fc.object(), fc.object(), (one, other, a, b) => {
      expect(names.policyTag(one, a)).toMatch(name);
      expect(names.policyTag(one, a).startsWith(names.policyTagPrefix(other))).toBe(one === other);
      expect(names.policyTag(one, a) === names.policyTag(one, b)).toBe(canonicalJson(a) === canonicalJson(b));
    }),
  );
});

test('a firewall is named by its content, whatever the order of its fields', () => {
  fc.assert(
    fc.property(uid, fc.object(), fc.object(), (deployment, a, b) => {
      expect(names.firewallName(deployment, a)).toMatch(name);
      expect(names.firewallName(deployment, a)).toBe(
        names.firewallName(deployment, Object.fromEntries(Object.entries(a).toReversed())),
      );
      if (names.firewallName(deployment, a) === names.firewallName(deployment, b))
        expect(JSON.stringify(b).length).toBe(JSON.stringify(a).length);
    }),
  );
});

test('a service account has 6 to 30 characters, and 10,000 workloads have as many', () => {
  fc.assert(
    fc.property(uid, (workload) => {
      expect(names.serviceAccountName(workload)).toMatch(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/);
    }),
  );
  const many = new Set(Array.from({ length: 10_000 }, (_, number) => names.serviceAccountName(`uid-${number}`)));
  expect(many.size).toBe(10_000);
});

test('a secret has at most 255 characters and tells secrets of a workload apart', () => {
  fc.assert(
    fc.property(uid, uid, uid, (workload, a, b) => {
      expect(names.secretName(workload, a)).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
      expect(names.secretName(workload, a) === names.secretName(workload, b)).toBe(a === b);
    }),
  );
});

test('the email of an account follows the project, also one of a domain', () => {
  expect(names.serviceAccountEmail('acme-edge', 'w-abc')).toBe('w-abc@acme-edge.iam.gserviceaccount.com');
  expect(names.serviceAccountEmail('example.com:edge', 'w-abc')).toBe('w-abc@edge.example.com.iam.gserviceaccount.com');
});
