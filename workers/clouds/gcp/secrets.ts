import type { CloudApi, CloudRef } from './cloud-object.ts';
import type { GcpClient } from './client.ts';
import { isGcpError } from './errors.ts';
import { granted } from './grant.ts';
import { labelsOf, type Marker, markerOfLabels } from './marker.ts';
import { existing } from './operations.ts';

export interface SecretBody {
  readonly labels: Record<string, string>;
}

/** Most bytes that Google keeps in one version. */
export const maxSecretBytes = 64 * 1024;

const accessorRole = 'roles/secretmanager.secretAccessor';

export function secretBody(marker: Omit<Marker, 'specHash'>): SecretBody {
  return { labels: labelsOf({ ...marker, specHash: '' }) };
}

function pathOf({ account, name }: CloudRef): string {
  return `projects/${account}/secrets/${name}`;
}

/** The secret itself; what is in it comes as a version, and who may read it as a grant. The API is synchronous. */
export const secrets: CloudApi<SecretBody> = {
  visibleAtOnce: true,
  projection: () => ({}),
  async insert(client, { account, name }, body) {
    const { data } = await client.secrets.projects.secrets.create({
      parent: `projects/${account}`,
      secretId: name,
      requestBody: { replication: { automatic: {} }, labels: body.labels },
    });
    return { done: true, targetId: data.createTime ?? '' };
  },
  async get(client, ref) {
    const found = await existing(() => client.secrets.projects.secrets.get({ name: pathOf(ref) }));
    return (
      found && {
        targetId: found.createTime ?? '',
        marker: markerOfLabels(found.labels),
        projection: {},
        facts: {},
        settled: true,
      }
    );
  },
  async remove(client, ref) {
    try {
      await client.secrets.projects.secrets.delete({ name: pathOf(ref) });
    } catch (error) {
      if (!isGcpError(error, 'notFound')) throw error;
    }
    return { done: true };
  },
};

/** Adds a version; answers its number. Only reading by number is consistent at once, `latest` is not. */
export async function addSecretVersion(client: GcpClient, ref: CloudRef, payload: Buffer): Promise<string> {
  const { data } = await client.secrets.projects.secrets.addVersion({
    parent: pathOf(ref),
    requestBody: { payload: { data: payload.toString('base64') } },
  });
  const number = /\/versions\/(\d+)$/.exec(data.name ?? '')?.[1];
  if (number === undefined) throw new Error('Secret Manager answered without the number of the version');
  return number;
}

/** Disables a version: it cannot be read, but enabled again. One that is gone already is no error. */
export async function disableSecretVersion(client: GcpClient, ref: CloudRef, version: string): Promise<void> {
  await unlessGone(() => client.secrets.projects.secrets.versions.disable({ name: secretVersionPath(ref, version) }));
}

/** Destroys a version for good. One that is gone already is no error. */
export async function destroySecretVersion(client: GcpClient, ref: CloudRef, version: string): Promise<void> {
  await unlessGone(() => client.secrets.projects.secrets.versions.destroy({ name: secretVersionPath(ref, version) }));
}

async function unlessGone(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isGcpError(error, 'notFound') && !isGcpError(error, 'conflict')) throw error;
  }
}

/** Lets a service account read the secret's versions; other bindings stay as they are. */
export async function grantAccess(client: GcpClient, ref: CloudRef, email: string): Promise<void> {
  const resource = pathOf(ref);
  const member = `serviceAccount:${email}`;
  const { data: policy } = await client.secrets.projects.secrets.getIamPolicy({
    resource,
    'options.requestedPolicyVersion': 3,
  });
  const wanted = granted(policy, accessorRole, member);
  if (wanted === undefined) return;
  await client.secrets.projects.secrets.setIamPolicy({ resource, requestBody: { policy: { ...wanted, version: 3 } } });
}

/** Name under which a machine reads one version. */
export function secretVersionPath(ref: CloudRef, version: string): string {
  return `${pathOf(ref)}/versions/${version}`;
}
