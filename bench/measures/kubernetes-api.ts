import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launch, untilReady } from '../../test/support/launch.ts';
import { row, type Row } from '../support/row.ts';

// The measuring program lies beside the repository, not in it: it measures any server of this kind.
const program = join(import.meta.dirname, '../../../shared/bench/api.mjs');

interface Rate {
  readonly perSecond: number;
}
interface Watched {
  readonly expected: number;
  readonly delivered: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}
interface Measured {
  readonly calibration: Rate;
  readonly create: Rate;
  readonly get: Rate;
  readonly mergePatch: Rate;
  readonly apply: Rate;
  readonly createConfigMap: Rate;
  readonly listPaged500: { readonly bestMs: number };
  readonly listWhole: { readonly bestMs: number };
  readonly watch200: Watched;
  readonly watch1000: Watched;
  readonly memoryIdleMb: number;
  readonly memoryEndMb: number;
}

/** List times are compared at this speed of the client. */
const referencePerSecond = 6000;

/** The adapter from outside, by the program with which kube-apiserver and etcd were measured. */
export async function measure(): Promise<Row[]> {
  if (!existsSync(program)) {
    console.log('  not measured: ../shared/bench/api.mjs is not beside the repository');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'datum-bench-'));
  const launched = launch(join(folder, 'data'), { DATUM_ROLES: 'gateway,subgraph,kubernetes' });
  try {
    const { kubernetes, token } = await untilReady(launched);
    const json = join(folder, 'api.json');
    const pids = String(launched.process.pid);
    await promisify(execFile)(process.execPath, [
      program,
      '--server',
      String(kubernetes),
      '--token',
      token,
      '--pids',
      pids,
      '--json',
      json,
    ]);
    return rows(JSON.parse(readFileSync(json, 'utf8')) as Measured);
  } finally {
    await launched.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rows(found: Measured): Row[] {
  const { perSecond: calibration } = found.calibration;
  const rate = (what: string, { perSecond }: Rate, least: number): Row[] => [
    row(what, perSecond, '/s'),
    row(`${what}, of calibration`, perSecond / calibration, '×', { atLeast: least }),
  ];
  const list = (what: string, bestMs: number, most: number): Row =>
    row(`${what}, at calibration 6,000`, (bestMs / 1000) * (calibration / referencePerSecond), 's', { atMost: most });
  const missing = (what: string, { expected, delivered }: Watched): Row =>
    row(`${what}: events not delivered`, expected - delivered, '', { atMost: 0 });
  return [
    row('calibration', calibration, '/s'),
    ...rate('get', found.get, 0.43),
    ...rate('create Network', found.create, 0.24),
    ...rate('create ConfigMap', found.createConfigMap, 0.3),
    ...rate('merge patch', found.mergePatch, 0.18),
    ...rate('server-side apply', found.apply, 0.16),
    list('list 10,000 by 500', found.listPaged500.bestMs, 1.5),
    list('list 10,000 whole', found.listWhole.bestMs, 0.6),
    missing('200 watchers × 100 changes/s', found.watch200),
    row('200 watchers × 100 changes/s: p99', found.watch200.p99, 'ms', { atMost: 50 }),
    missing('1,000 watchers × 100 changes/s', found.watch1000),
    row('1,000 watchers × 100 changes/s: delivered', found.watch1000.perSecond, '/s', { atLeast: 90_000 }),
    row('1,000 watchers × 100 changes/s: p99', found.watch1000.p99, 'ms', { atMost: 500 }),
    row('memory of all processes, idle', found.memoryIdleMb, 'MB'),
    row('memory of all processes, after the run', found.memoryEndMb, 'MB', { atMost: 600 }),
  ];
}
