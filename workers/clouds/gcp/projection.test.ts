import { describe, expect, test } from 'vitest';
import { firewallBody, firewalls, type FirewallBody } from './firewalls.ts';
import { instances } from './instances.ts';
import { machineBody } from './machine.ts';
import { networkBody, networks } from './networks.ts';
import { subnetworkBody, subnetworks } from './subnetworks.ts';

const marker = { ownerKind: 'Network', ownerUid: 'u' };
const host = 'https://www.googleapis.com/compute/v1/projects/p';
const base = { account: 'p', region: 'us-south1' };

describe('what Google adds or rewrites is no difference, what somebody changes is', () => {
  test('network', () => {
    const body = networkBody({ name: 'n', mtu: 1460, marker });
    const answer = {
      autoCreateSubnetworks: false,
      id: '1',
      routingConfig: { routingMode: 'REGIONAL', bgpBestPathSelectionMode: 'LEGACY' },
      selfLink: host,
    };
    expect(networks.projection(answer, 'p')).toEqual(networks.projection(body, 'p'));
    expect(networks.projection({ ...answer, mtu: 1500 }, 'p')).not.toEqual(networks.projection(body, 'p'));
    expect(networks.projection({ ...answer, routingConfig: { routingMode: 'GLOBAL' } }, 'p')).not.toEqual(
      networks.projection(body, 'p'),
    );
  });

  test('subnetwork', () => {
    const body = subnetworkBody({ ...base, name: 's', network: 'n', range: '10.128.0.0/20', marker });
    const answer = {
      network: `${host}/global/networks/n`,
      ipCidrRange: '10.128.0.0/20',
      purpose: 'PRIVATE',
      stackType: 'IPV4_ONLY',
      fingerprint: 'x',
    };
    expect(subnetworks.projection(answer, 'p')).toEqual(subnetworks.projection(body, 'p'));
    expect(subnetworks.projection({ ...answer, ipCidrRange: '10.128.0.0/19' }, 'p')).not.toEqual(
      subnetworks.projection(body, 'p'),
    );
  });

  const rule = {
    action: 'allow',
    direction: 'INGRESS',
    priority: 65_534,
    ranges: ['10.0.0.0/8', '0.0.0.0/0'],
    matches: [{ protocol: 'tcp', ports: ['80', '443'] }],
  } as const;
  const firewall = firewallBody({ account: 'p', name: 'f', network: 'n', targetTag: 't', rule, marker });
  const answered: FirewallBody = {
    network: `${host}/global/networks/n`,
    direction: 'INGRESS',
    priority: 65_534,
    disabled: false,
    logConfig: { enable: false },
    sourceRanges: ['0.0.0.0/0', '10.0.0.0/8'],
    targetTags: ['t'],
    allowed: [{ IPProtocol: 'tcp', ports: ['443', '80'] }],
  };
  test('firewall', () => expect(firewalls.projection(answered, 'p')).toEqual(firewalls.projection(firewall, 'p')));
  test.each<Partial<FirewallBody>>([
    { disabled: true },
    { priority: 1_000 },
    { sourceRanges: ['0.0.0.0/0'] },
    { targetTags: [] },
    { sourceTags: ['x'] },
    { allowed: [{ IPProtocol: 'tcp' }] },
    { allowed: [{ IPProtocol: 'tcp', ports: ['80'] }] },
  ])('firewall with %j', (change) => {
    expect(firewalls.projection({ ...answered, ...change }, 'p')).not.toEqual(firewalls.projection(firewall, 'p'));
  });

  test('machine', () => {
    const body = machineBody({
      ref: { account: 'p', scope: 'zones/us-south1-a', name: 'instance-i' },
      region: 'us-south1',
      instanceUid: 'i',
      deploymentUid: 'd',
      workloadUid: 'w',
      machineType: 'n2-standard-2',
      bootDisk: { image: 'projects/x/global/images/y', sizeGb: 25, type: 'pd-standard', deviceName: 'volume-0' },
      dataDisks: [{ name: 'disk-x', deviceName: 'data' }],
      interfaces: [
        { network: 'n', subnetwork: 's', address: '10.128.0.2', external: { reserved: '34.0.0.1' }, stack: 'IPv4' },
      ],
      policyTags: [],
      serviceAccount: 'w@p',
      readsSecrets: true,
      userData: '#cloud-config\n',
      guest: '{}',
      marker,
    });
    expect(body.metadata?.items?.map(({ key }) => key)).not.toContain('ssh-keys');
    expect(body.disks?.[0]?.initializeParams?.diskName).toBe('instance-i-boot');
    expect(body.tags?.items).toEqual(['workload-w', 'deployment-d', 'deployment-d-net-0']);
    const answer = {
      machineType: `${host}/zones/us-south1-a/machineTypes/n2-standard-2`,
      tags: { items: ['deployment-d', 'deployment-d-net-0', 'workload-w'], fingerprint: 'x' },
      serviceAccounts: [{ email: 'w@p', scopes: ['https://www.googleapis.com/auth/cloud-platform'] }],
      networkInterfaces: [
        {
          name: 'nic0',
          network: `${host}/global/networks/n`,
          subnetwork: `${host}/regions/us-south1/subnetworks/s`,
          networkIP: '10.128.0.2',
          accessConfigs: [{ kind: 'k', name: 'Reserved NAT', type: 'ONE_TO_ONE_NAT', natIP: '34.0.0.1' }],
          kind: 'k',
        },
      ],
      disks: [
        {
          boot: true,
          deviceName: 'volume-0',
          source: `${host}/zones/us-south1-a/disks/instance-i-boot`,
          diskSizeGb: '25',
        },
        { boot: false, deviceName: 'data', source: `${host}/zones/us-south1-a/disks/disk-x`, diskSizeGb: '10' },
      ],
      labels: body.labels ?? {},
      status: 'RUNNING',
    };
    expect(instances.projection(answer, 'p')).toEqual(instances.projection(body, 'p'));
    const nicWith = (accessConfigs: object[]) => [{ ...answer.networkInterfaces[0], accessConfigs }];
    for (const networkInterfaces of [nicWith([]), nicWith([{ name: 'x' }]), nicWith([{ name: 'Reserved NAT' }])])
      expect(instances.projection({ ...answer, networkInterfaces }, 'p')).not.toEqual(instances.projection(body, 'p'));
    expect(instances.projection({ ...answer, tags: { items: [] } }, 'p')).not.toEqual(instances.projection(body, 'p'));
  });
});
