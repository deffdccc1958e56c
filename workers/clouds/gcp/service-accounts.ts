import type { CloudApi, CloudRef, Observation } from './cloud-object.ts';
import type { GcpClient } from './client.ts';
import { isGcpError } from './errors.ts';
import { granted } from './grant.ts';
import { descriptionOf, type Marker, markerOf } from './marker.ts';
import { serviceAccountEmail } from './names.ts';
import { existing } from './operations.ts';

export interface ServiceAccountBody {
  readonly displayName: string;
  readonly description: string;
}

export function serviceAccountBody(account: {
  readonly displayName: string;
  readonly marker: Omit<Marker, 'specHash'>;
}): ServiceAccountBody {
  // Google admits 100 bytes.
  const displayName = account.displayName.slice(0, 100);
  return { displayName, description: descriptionOf({ ...account.marker, specHash: '' }) };
}

function pathOf({ account, name }: CloudRef): string {
  return `projects/${account}/serviceAccounts/${serviceAccountEmail(account, name)}`;
}

function observe(found: { uniqueId?: string | null; email?: string | null; description?: string | null }): Observation {
  return {
    targetId: found.uniqueId ?? '',
    marker: markerOf(found.description),
    projection: {},
    facts: { email: found.email ?? '' },
    settled: true,
  };
}

/** The API is synchronous and knows no request id; the name alone makes a second create harmless. */
export const serviceAccounts: CloudApi<ServiceAccountBody> = {
  // Reads flap for a while, but a name that was created is taken at once.
  visibleAtOnce: true,
  // The display name is for people; nothing depends on it.
  projection: () => ({}),
  async insert({ iam }, { account, name }, serviceAccount) {
    const { data } = await iam.projects.serviceAccounts.create({
      name: `projects/${account}`,
      requestBody: { accountId: name, serviceAccount: { ...serviceAccount } },
    });
    return { done: true, targetId: data.uniqueId ?? '' };
  },
  async get({ iam }, ref) {
    const found = await existing(() => iam.projects.serviceAccounts.get({ name: pathOf(ref) }));
    return found && observe(found);
  },
  async remove({ iam }, ref) {
    try {
      await iam.projects.serviceAccounts.delete({ name: pathOf(ref) });
    } catch (error) {
      if (!isGcpError(error, 'notFound')) throw error;
    }
    return { done: true };
  },
};

const userRole = 'roles/iam.serviceAccountUser';

/** Lets an identity run machines as this account, and as no other; bindings of others stay as they are. */
export async function grantActAs({ iam }: GcpClient, ref: CloudRef, email: string): Promise<void> {
  const resource = pathOf(ref);
  const { data: policy } = await iam.projects.serviceAccounts.getIamPolicy({
    resource,
    'options.requestedPolicyVersion': 3,
  });
  const wanted = granted(policy, userRole, `serviceAccount:${email}`);
  if (wanted === undefined) return;
  await iam.projects.serviceAccounts.setIamPolicy({ resource, requestBody: { policy: wanted } });
}
