import type { ResourceRow } from '../../core/database.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { pacificTime } from '../../core/timestamps.ts';
import type { World } from '../../core/world.ts';
import type { GuestSetup, LogLine } from '../../guest/boot-log.ts';
import { bootLog } from '../../guest/boot-log.ts';
import { apiError, invalidValue, notFound, notReady } from '../../http/api-error.ts';
import { linkOf } from '../links.ts';
import type { ReadCall } from '../resource-type.ts';
import { bootsOf } from './instance-power.ts';

/** Google keeps the last megabyte, and answers with as much at most. */
const KEPT_BYTES = 1_048_576;

/** How much faster than in real life a guest boots, by how long operations last. */
const SPEED = { none: Infinity, short: 100, real: 1 };

/** What the machine has written to a serial port, from a byte on. Only the first port has anything to say. */
export const getSerialPortOutput: ReadCall = {
  httpMethod: 'GET',
  verb: 'serialPort',
  permission: 'getSerialPortOutput',
  parameters: ['port', 'start'],
  answer(target, row, { query }) {
    const port = Number(query.get('port') ?? '1');
    if (!Number.isInteger(port) || port < 1 || port > 4) {
      throw invalidValue('port', query.get('port') ?? '', 'Must be between 1 and 4, inclusive.');
    }
    if (['TERMINATED', 'PROVISIONING', 'SUSPENDED'].includes(stringAt(row.body, 'status') ?? ''))
      throw notReady(target.key);
    const output = Buffer.from(port === 1 ? serialText(target.world, row) : '');
    const oldest = Math.max(0, output.length - KEPT_BYTES);
    const asked = Number(query.get('start') ?? '0');
    if (!Number.isInteger(asked)) throw invalidValue('start', query.get('start') ?? '', 'Must be a number of bytes.');
    // A negative start counts from the end.
    const from = Math.min(output.length, Math.max(oldest, asked < 0 ? output.length + asked : asked));
    return {
      kind: 'compute#serialPortOutput',
      contents: output.subarray(from).toString(),
      start: `${from}`,
      next: `${output.length}`,
      selfLink: linkOf(`${target.key}/serialPort`),
    };
  },
};

/** What a guest has written for others to read, by `namespace/key`. */
export const getGuestAttributes: ReadCall = {
  httpMethod: 'GET',
  verb: 'getGuestAttributes',
  permission: 'getGuestAttributes',
  parameters: ['queryPath', 'variableKey'],
  answer(target, row, { query }) {
    if (metadataOf(row.body, 'enable-guest-attributes')?.toLowerCase() !== 'true') {
      throw apiError(412, 'conditionNotMet', 'Guest attributes endpoint access is disabled.');
    }
    const path = (query.get('queryPath') ?? query.get('variableKey') ?? '').replace(/\/$/, '');
    const all = Object.entries(objectAt(objectAt(row.hidden ?? {}, 'guest'), 'attributes'));
    const found = all.filter(([name]) => path === '' || name === path || name.startsWith(`${path}/`));
    if (found.length === 0) throw notFound(`${target.key}/guestAttributes/${path}`);
    const items = found.map(([name, value]) => {
      const [namespace = '', ...key] = name.split('/');
      return { namespace, key: key.join('/'), value: String(value) };
    });
    return {
      kind: 'compute#guestAttributes',
      queryPath: path,
      queryValue: { items },
      selfLink: linkOf(`${target.key}/guestAttributes/${path}`),
    };
  },
};

/** All that the machine has written by now. */
function serialText(world: World, row: ResourceRow): string {
  const { text, boots } = frozenOf(row);
  const setup = setupOf(row);
  const nowMs = world.clock.now();
  const later = bootsOf(row)
    .slice(boots)
    .flatMap((atMs) =>
      bootLines(setup, atMs)
        .filter(({ afterMs }) => atMs + afterMs / SPEED[world.latency] <= nowMs)
        .map((line) => `${line.text}\r\n`),
    );
  return (
    text +
    later.join('') +
    stringsAt(objectAt(row.hidden ?? {}, 'guest'), 'serial')
      .map((line) => `${line}\r\n`)
      .join('')
  );
}

/**
 * The hidden part of a machine before something changes that it boots with: what it has written so far is kept as text,
 * since it can no longer be made again.
 */
export function withFrozenSerial(row: ResourceRow): JsonObject {
  const boots = bootsOf(row);
  const frozen = frozenOf(row);
  if (boots.length === frozen.boots) return row.hidden ?? {};
  const setup = setupOf(row);
  const lines = boots.slice(frozen.boots).flatMap((atMs) => bootLines(setup, atMs).map(({ text }) => `${text}\r\n`));
  const serial: Json = { text: frozen.text + lines.join(''), boots: boots.length };
  return { ...row.hidden, serial };
}

function frozenOf({ hidden = {} }: ResourceRow): { readonly text: string; readonly boots: number } {
  const serial = objectAt(hidden, 'serial');
  return { text: stringAt(serial, 'text') ?? '', boots: numberAt(serial, 'boots') ?? 0 };
}

function bootLines(setup: GuestSetup, atMs: number): readonly LogLine[] {
  return bootLog(setup, pacificTime(atMs));
}

function setupOf({ body, hidden = {} }: ResourceRow): GuestSetup {
  const guest = objectAt(hidden, 'guest');
  return {
    hostname: stringAt(body, 'hostname') ?? stringAt(body, 'name') ?? '',
    userData: metadataOf(body, 'user-data'),
    startupScript: metadataOf(body, 'startup-script'),
    pods: textsWithPods(body),
    failingCommands: stringsAt(guest, 'failingCommands'),
    failingImages: stringsAt(guest, 'failingImages'),
  };
}

/** Metadata of somebody's own, as far as it looks as if there were a pod in it. */
function textsWithPods(body: JsonObject): string[] {
  return objectsAt(objectAt(body, 'metadata'), 'items').flatMap((item) => {
    const value = stringAt(item, 'value');
    return item['key'] !== 'user-data' && value?.startsWith('{') && value.includes('"pod"') ? [value] : [];
  });
}

function metadataOf(body: JsonObject, key: string): string | undefined {
  const item = objectsAt(objectAt(body, 'metadata'), 'items').find((one) => one['key'] === key);
  return item === undefined ? undefined : stringAt(item, 'value');
}
