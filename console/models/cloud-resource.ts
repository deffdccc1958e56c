import type { Tone } from '../catalog/health.ts';

/** What was made in a cloud for an object, as the API tells it. */
export interface CloudResource {
  readonly type: string;
  readonly name: string;
  readonly account: string;
  readonly scope: string;
  readonly targetId?: string | null;
  readonly state: 'planned' | 'running' | 'ready' | 'failed' | 'gone';
  readonly verb: 'insert' | 'patch' | 'delete' | 'none';
  readonly operation?: string | null;
  readonly plannedAt: string;
  readonly attempts: number;
  readonly retryAt?: string | null;
  readonly error?: { readonly code: string; readonly message: string } | null;
  /** Its page in the cloud's own console. */
  readonly url?: string | null;
}

/** Its fields, as GraphQL selects them. */
export const cloudResourceFields =
  'type name account scope targetId state verb operation plannedAt attempts retryAt error{code message}url';

const tones = {
  planned: 'busy',
  running: 'busy',
  ready: 'good',
  failed: 'bad',
  gone: 'idle',
} as const satisfies Record<CloudResource['state'], Tone>;

/** How something in a cloud is. */
export function toneOfCloud({ state }: Pick<CloudResource, 'state'>): Tone {
  return tones[state];
}

const verbs = { insert: 'Being made', patch: 'Being changed', delete: 'Being removed', none: 'In place' } as const;

/** The same in words: `Being made`, `In place`. */
export function cloudStateText({ state, verb }: Pick<CloudResource, 'state' | 'verb'>): string {
  switch (state) {
    case 'planned':
    case 'running':
      return verbs[verb];
    case 'ready':
      return verbs.none;
    case 'failed':
      return 'Failed';
    case 'gone':
      return 'Gone';
  }
}

/** The name of a type as people say it: `compute.instances` → `VM instance`. */
export function cloudTypeText(type: string): string {
  const known: Readonly<Record<string, string>> = {
    'compute.networks': 'VPC network',
    'compute.subnetworks': 'Subnetwork',
    'compute.firewalls': 'Firewall rule',
    'compute.instances': 'VM instance',
    'compute.instanceTemplates': 'Instance template',
    'compute.instanceGroupManagers': 'Instance group',
    'iam.serviceAccounts': 'Service account',
    'secretmanager.secrets': 'Secret',
  };
  return Object.hasOwn(known, type) ? (known[type] ?? type) : type;
}
