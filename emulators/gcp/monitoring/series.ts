import { rowsIn } from '../core/collection-rows.ts';
import { splitKey } from '../core/collection.ts';
import type { JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { ZONE_NAMES } from '../compute/catalog/places.ts';
import { cpuUseAt } from '../compute/groups/cpu-use.ts';

export const CPU_METRIC = 'compute.googleapis.com/instance/cpu/utilization';
/** Google samples once a minute. */
const SAMPLE_MS = 60_000;

/** A value and the virtual time that it is of. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** What one machine used over a time, oldest sample first. */
export interface Series {
  /** As filters see it: `metric`, `resource`. */
  readonly labels: JsonObject;
  readonly samples: readonly Sample[];
}

/** The CPU use of every machine of a project, sampled after `fromMs` and up to `toMs`. */
export function* cpuSeries(world: World, project: string, fromMs: number, toMs: number): Generator<Series> {
  const lastMs = Math.min(toMs, world.clock.now());
  for (const zone of ZONE_NAMES) {
    for (const row of rowsIn(world, `projects/${project}/zones/${zone}/instances`)) {
      const samples: Sample[] = [];
      for (let atMs = Math.floor(lastMs / SAMPLE_MS) * SAMPLE_MS; atMs > fromMs; atMs -= SAMPLE_MS) {
        const value = cpuUseAt(world, row, atMs);
        if (value === undefined) break;
        samples.unshift({ atMs, value });
      }
      yield { labels: labelsOf(project, zone, row.body), samples };
    }
  }
}

function labelsOf(project: string, zone: string, body: JsonObject): JsonObject {
  return {
    metric: { type: CPU_METRIC, labels: { instance_name: splitKey(stringAt(body, 'selfLink') ?? '').name } },
    resource: { type: 'gce_instance', labels: { project_id: project, zone, instance_id: body['id'] } },
  };
}
