import type { Json, JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { apiError, notImplemented } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { nextSlice } from '../listing/slice.ts';
import type { Aggregation } from './aggregate.ts';
import { ALIGNERS, REDUCERS, align, reduce } from './aggregate.ts';
import { monitoringFilter } from './filter.ts';
import type { Series } from './series.ts';
import { CPU_METRIC, cpuSeries } from './series.ts';

const MAX_PAGE = 100_000;
const PARAMETERS = [
  'aggregation.alignmentPeriod',
  'aggregation.crossSeriesReducer',
  'aggregation.groupByFields',
  'aggregation.perSeriesAligner',
  'interval.endTime',
  'interval.startTime',
  'view',
];

/** Cloud Monitoring v3, as far as it tells of the CPU use of machines: `timeSeries.list`. */
export function monitoringRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/v3/projects/{project}/timeSeries',
      parameters: PARAMETERS,
      answer: 'monitoring.ListTimeSeriesResponse',
      needs: (request) => [
        { permission: 'monitoring.timeSeries.list', on: `projects/${world.projects.idOf(param(request, 'project'))}` },
      ],
      handler: (request) => list(world, request),
    },
  ];
}

function list(world: World, request: ApiRequest): Json {
  const { query } = request;
  const project = world.projects.idOf(param(request, 'project'));
  const { metric, passes } = monitoringFilter(query.get('filter') ?? '');
  if (metric !== CPU_METRIC) throw notImplemented(`the metric ${metric}; it has ${CPU_METRIC}`);
  const endMs = timeAt(query, 'interval.endTime');
  // Without a start the interval is a point, which shows the last sample before its end.
  const startMs = query.has('interval.startTime') ? timeAt(query, 'interval.startTime') : endMs - 60_000;
  if (startMs > endMs)
    throw apiError(400, 'badRequest', 'Field interval.endTime must not be before interval.startTime.');
  const aggregation = aggregationIn(query);
  const aligned: Series[] = [];
  for (const series of cpuSeries(world, project, startMs, endMs)) {
    if (series.samples.length > 0 && passes(series.labels)) aligned.push(align(series, aggregation, endMs));
  }
  const isFull = (query.get('view') ?? 'FULL') === 'FULL';
  const bodies = reduce(aligned, aggregation).map((series) => bodyOf(series, isFull, aggregation));
  const { items, nextPageToken } = nextSlice(bodies, query, { defaultSize: MAX_PAGE, maxSize: MAX_PAGE });
  return {
    ...(items.length === 0 ? {} : { timeSeries: items }),
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    unit: '10^2.%',
  };
}

/** Points are newest first. */
function bodyOf({ labels, samples }: Series, isFull: boolean, { aligner, periodMs }: Aggregation): JsonObject {
  const points = samples.toReversed().map(({ atMs, value }) => {
    const startMs = aligner === 'ALIGN_NONE' ? atMs : atMs - periodMs;
    return {
      interval: { startTime: new Date(startMs).toISOString(), endTime: new Date(atMs).toISOString() },
      value: { doubleValue: value },
    };
  });
  return { ...labels, metricKind: 'GAUGE', valueType: 'DOUBLE', ...(isFull ? { points } : {}) };
}

function aggregationIn(query: URLSearchParams): Aggregation {
  const aligner = oneOf(ALIGNERS, query.get('aggregation.perSeriesAligner') ?? 'ALIGN_NONE', 'perSeriesAligner');
  const reducer = oneOf(REDUCERS, query.get('aggregation.crossSeriesReducer') ?? 'REDUCE_NONE', 'crossSeriesReducer');
  const period = query.get('aggregation.alignmentPeriod') ?? '60s';
  const seconds = Number(/^(\d+)s$/.exec(period)?.[1] ?? Number.NaN);
  if (!(seconds >= 60)) {
    throw apiError(400, 'badRequest', `Field aggregation.alignmentPeriod had an invalid value of "${period}".`);
  }
  if (reducer !== 'REDUCE_NONE' && aligner === 'ALIGN_NONE') {
    throw apiError(400, 'badRequest', 'A cross-series reducer needs a per-series aligner.');
  }
  return { aligner, reducer, periodMs: seconds * 1_000, groupBy: query.getAll('aggregation.groupByFields') };
}

function oneOf<T extends string>(known: readonly T[], given: string, field: string): T {
  const found = known.find((one) => one === given);
  if (found === undefined) throw notImplemented(`aggregation.${field} ${given}; it has ${known.join(', ')}`);
  return found;
}

function timeAt(query: URLSearchParams, name: string): number {
  const atMs = Date.parse(query.get(name) ?? '');
  if (Number.isNaN(atMs)) throw apiError(400, 'badRequest', `Field ${name} must be a time.`);
  return atMs;
}
