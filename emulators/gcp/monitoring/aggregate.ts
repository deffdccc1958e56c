import type { Json, JsonObject } from '../core/json.ts';
import { isObject, objectAt } from '../core/json.ts';
import { apiError } from '../http/api-error.ts';
import type { Sample, Series } from './series.ts';

export const ALIGNERS = ['ALIGN_NONE', 'ALIGN_MEAN', 'ALIGN_MAX', 'ALIGN_MIN', 'ALIGN_SUM'] as const;
export const REDUCERS = [
  'REDUCE_NONE',
  'REDUCE_MEAN',
  'REDUCE_MAX',
  'REDUCE_MIN',
  'REDUCE_SUM',
  'REDUCE_COUNT',
] as const;

/** How samples are brought together. */
export interface Aggregation {
  readonly aligner: (typeof ALIGNERS)[number];
  readonly periodMs: number;
  readonly reducer: (typeof REDUCERS)[number];
  readonly groupBy: readonly string[];
}

/** One value for each period that ends at `endMs` or a whole number of periods before. */
export function align(series: Series, { aligner, periodMs }: Aggregation, endMs: number): Series {
  if (aligner === 'ALIGN_NONE') return series;
  const byPeriod = Map.groupBy(series.samples, ({ atMs }) => endMs - Math.floor((endMs - atMs) / periodMs) * periodMs);
  const samples = [...byPeriod].map(([atMs, inside]) => ({ atMs, value: combine(aligner.slice(6), inside) }));
  return { ...series, samples: samples.toSorted((left, right) => left.atMs - right.atMs) };
}

/** Series that agree in the given labels become one, which has those labels alone. */
export function reduce(all: readonly Series[], { reducer, groupBy }: Aggregation): readonly Series[] {
  if (reducer === 'REDUCE_NONE') return all;
  const groups = Map.groupBy(all, (series) => JSON.stringify(groupBy.map((field) => valueAt(series.labels, field))));
  return [...groups.values()].map((group) => {
    const times = Map.groupBy(
      group.flatMap(({ samples }) => samples),
      ({ atMs }) => atMs,
    );
    const samples = [...times].map(([atMs, inside]) => ({ atMs, value: combine(reducer.slice(7), inside) }));
    return {
      labels: keptLabels(group[0], groupBy),
      samples: samples.toSorted((left, right) => left.atMs - right.atMs),
    };
  });
}

/** The value at a path such as `resource.labels.zone`. */
export function valueAt(labels: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = labels;
  for (const name of path.split('.')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function keptLabels(series: Series | undefined, groupBy: readonly string[]): JsonObject {
  const kept = (of: 'metric' | 'resource') => {
    const whole = objectAt(series?.labels ?? {}, of);
    const labels = Object.entries(objectAt(whole, 'labels')).filter(([name]) =>
      groupBy.some((field) => field === `${of}.labels.${name}` || field === `${of}.label.${name}`),
    );
    return { type: whole['type'], ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }) };
  };
  return { metric: kept('metric'), resource: kept('resource') };
}

function combine(how: string, samples: readonly Sample[]): number {
  const values = samples.map(({ value }) => value);
  const sum = values.reduce((total, value) => total + value, 0);
  switch (how) {
    case 'MEAN':
      return sum / values.length;
    case 'SUM':
      return sum;
    case 'MAX':
      return Math.max(...values);
    case 'MIN':
      return Math.min(...values);
    case 'COUNT':
      return values.length;
    default:
      throw apiError(400, 'badRequest', `Unsupported aggregation ${how}.`);
  }
}
