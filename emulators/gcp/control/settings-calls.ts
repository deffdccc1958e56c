import { EXHAUSTED, STOCKOUT } from '../compute/conditions.ts';
import { CONSISTENCY, CONSISTENCY_FIELDS } from '../core/consistency.ts';
import type { JsonObject } from '../core/json.ts';
import { isObject, numberAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { PRINCIPAL, PROJECT_POLICY } from '../iam/authorize.ts';
import { IAM_MODE, TOKEN } from '../iam/caller.ts';
import { withPolicy } from '../iam/policy.ts';
import { ROLE } from '../iam/roles.ts';
import { PROJECT } from '../projects/state.ts';
import { QUOTA } from '../quota/limits.ts';
import { GOOGLE_LIMITS, LIMITS, LIMIT_NAMES } from '../quota/rate-limits.ts';
import { PROVIDER } from '../sts/token.ts';
import type { ControlCall } from './control-listener.ts';

/** Calls that say how the world is: who may do what, how much there is, how far reads lag. All of it is kept. */
export const SETTINGS_CALLS: Readonly<Record<string, ControlCall>> = {
  /** All settings, by name. Tokens are not shown. */
  'GET /_emu/settings': ({ world }) => ({
    settings: Object.fromEntries([...world.database.entries('setting')].filter(([name]) => !name.startsWith(TOKEN))),
  }),

  /** `{mode}`: `open` asks nobody who he is; `enforce` wants a known bearer token with the permissions of each call. */
  'PUT /_emu/iam': ({ world }, body) => {
    const mode = required(body, 'mode');
    if (mode !== 'open' && mode !== 'enforce') throw new Error('mode must be open or enforce');
    put(world, IAM_MODE, { mode });
  },

  /** `{name, token?, permissions?, projects?}`: a caller, the token it shows, and what it may do without any policy. */
  'PUT /_emu/principals': ({ world }, body) => {
    const name = required(body, 'name');
    const token = stringAt(body, 'token');
    if (token !== undefined) put(world, TOKEN + token, { name });
    put(world, PRINCIPAL + name, {
      permissions: stringsAt(body, 'permissions'),
      projects: stringsAt(body, 'projects'),
    });
  },

  /** `{name, permissions}`: what a role of one's own holds, as `projects/p/roles/r`. */
  'PUT /_emu/roles': ({ world }, body) =>
    put(world, ROLE + required(body, 'name'), { permissions: stringsAt(body, 'permissions') }),

  /** `{audience, issuer, allowedAudiences?}`: a workload identity provider. Without any, every audience is taken. */
  'PUT /_emu/providers': ({ world }, body) =>
    put(world, PROVIDER + required(body, 'audience'), {
      issuer: required(body, 'issuer'),
      allowedAudiences: stringsAt(body, 'allowedAudiences'),
    }),

  /** `{project, state?, billing?, disabledServices?, policy?}`; `state` is `ACTIVE` or `DELETE_REQUESTED`. */
  'PUT /_emu/projects': ({ world }, body) => {
    const { project: _name, policy, ...state } = body;
    const project = required(body, 'project');
    if (Object.keys(state).length > 0) put(world, PROJECT + project, state);
    if (!isObject(policy)) return;
    const name = `${PROJECT_POLICY}projects/${project}`;
    put(world, name, withPolicy(world, world.database.get('setting', name) ?? {}, { policy }));
  },

  /** `{project, region?, metric, limit, mode?}`; `mode` is `sync` (403) or `async` (in the operation). */
  'PUT /_emu/quotas': ({ world }, body) => {
    const region = stringAt(body, 'region');
    const scope = `projects/${required(body, 'project')}${region === undefined ? '' : `/regions/${region}`}`;
    const limit = numberAt(body, 'limit');
    if (limit === undefined) throw new Error('limit must be a number');
    const mode = stringAt(body, 'mode');
    if (mode !== undefined && mode !== 'sync' && mode !== 'async') throw new Error('mode must be sync or async');
    const setting = { limit, ...(mode === undefined ? {} : { mode }) };
    put(world, `${QUOTA}${scope}/${required(body, 'metric')}`, setting);
  },
  'DELETE /_emu/quotas': ({ world }) => removeAll(world, QUOTA),

  /** `{preset: "google"}`, or numbers by name: calls a minute for each kind, and `concurrentOperations`. */
  'PUT /_emu/limits': ({ world, limiter }, body) => {
    const unknown = Object.keys(body).find(
      (name) => name !== 'preset' && !(LIMIT_NAMES as readonly string[]).includes(name),
    );
    if (unknown !== undefined) throw new Error(`unknown limit ${unknown}; known are ${LIMIT_NAMES.join(', ')}`);
    const { preset, ...numbers } = body;
    limiter.clear();
    put(world, LIMITS, preset === 'google' ? { ...GOOGLE_LIMITS, ...numbers } : numbers);
  },
  'DELETE /_emu/limits': ({ world }) => removeAll(world, LIMITS),

  /** How far reads lag behind, in virtual milliseconds: see `Consistency`. */
  'PUT /_emu/consistency': ({ world }, body) => {
    const known: readonly string[] = CONSISTENCY_FIELDS;
    const unknown = Object.keys(body).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`unknown field ${unknown}; known are ${known.join(', ')}`);
    put(world, CONSISTENCY, body);
  },
  'DELETE /_emu/consistency': ({ world }) => removeAll(world, CONSISTENCY),

  /** `{zone, machineTypes?, code?, fromMs?, untilMs?, forMs?}`: no machine of these types starts there, or of any. */
  'POST /_emu/stockouts': ({ world }, body) => {
    const forMs = numberAt(body, 'forMs');
    const until = forMs === undefined ? {} : { untilMs: world.clock.now() + forMs };
    const { forMs: _turned, ...setting } = body;
    put(world, `${STOCKOUT}${required(body, 'zone')} ${world.database.nextCount()}`, { ...setting, ...until });
  },
  'DELETE /_emu/stockouts': ({ world }) => removeAll(world, STOCKOUT),

  /** `{subnetwork}`: the subnetwork, by its key, gives out no more addresses. */
  'POST /_emu/exhausted': ({ world }, body) => put(world, EXHAUSTED + required(body, 'subnetwork'), {}),
  'DELETE /_emu/exhausted': ({ world }) => removeAll(world, EXHAUSTED),
};

function put(world: World, name: string, setting: JsonObject): void {
  world.database.transaction(() => world.database.put('setting', name, setting));
}

function removeAll(world: World, prefix: string): void {
  const names = [...world.database.entries('setting')].map(([name]) => name).filter((name) => name.startsWith(prefix));
  world.database.transaction(() => names.forEach((name) => world.database.delete('setting', name)));
}

function required(body: JsonObject, field: string): string {
  const value = stringAt(body, field);
  if (value === undefined || value === '') throw new Error(`${field} is required`);
  return value;
}
