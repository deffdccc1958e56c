import { splitKey } from '../core/collection.ts';
import type { ResourceRow } from '../core/database.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject, objectAt, objectsAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

/**
 * What a guest reads from its metadata server, below `computeMetadata/v1/`: `instance=` is the key of the machine, `path=`
 * the rest of the URL. Tokens are not given out. Throws an Error for what is not there.
 */
export function guestMetadata(world: World, query: URLSearchParams): Json {
  const key = query.get('instance') ?? '';
  const row = world.database.get('resource', key);
  if (row?.type !== 'instances') throw new Error(`no instance ${key}`);
  let value: Json | undefined = treeOf(world, key, row);
  for (const name of (query.get('path') ?? '').split('/').filter((part) => part !== '')) {
    if (Array.isArray(value)) value = value[Number(name)];
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  if (value === undefined) throw new Error(`404: ${query.get('path')}`);
  return { value };
}

function treeOf(world: World, key: string, { body }: ResourceRow): JsonObject {
  const project = key.split('/')[1] ?? '';
  const number = world.projects.numberOf(project);
  const zone = splitKey(stringAt(body, 'zone') ?? '').name;
  const attributes = objectsAt(objectAt(body, 'metadata'), 'items').map((item) => [
    stringAt(item, 'key') ?? '',
    stringAt(item, 'value') ?? '',
  ]);
  const accounts = objectsAt(body, 'serviceAccounts').map((account) => [
    stringAt(account, 'email') ?? '',
    { email: stringAt(account, 'email'), scopes: stringsAt(account, 'scopes') },
  ]);
  return {
    project: { 'project-id': project, 'numeric-project-id': number },
    instance: {
      id: body['id'],
      name: body['name'],
      hostname: stringAt(body, 'hostname') ?? `${String(body['name'])}.${zone}.c.${project}.internal`,
      zone: `projects/${number}/zones/${zone}`,
      'machine-type': `projects/${number}/machineTypes/${splitKey(stringAt(body, 'machineType') ?? '').name}`,
      tags: stringsAt(objectAt(body, 'tags'), 'items'),
      attributes: Object.fromEntries(attributes),
      'service-accounts': Object.fromEntries(accounts),
      'network-interfaces': objectsAt(body, 'networkInterfaces').map((nic) => ({
        ip: nic['networkIP'],
        network: `projects/${number}/networks/${splitKey(stringAt(nic, 'network') ?? '').name}`,
        'access-configs': objectsAt(nic, 'accessConfigs').map((config) => ({ 'external-ip': config['natIP'] ?? '' })),
      })),
    },
  };
}
