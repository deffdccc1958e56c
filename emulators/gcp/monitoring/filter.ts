import type { JsonObject } from '../core/json.ts';
import { apiError } from '../http/api-error.ts';
import type { Condition, FilterNode } from '../listing/filter-parser.ts';
import { parseFilter } from '../listing/filter-parser.ts';
import { valueAt } from './aggregate.ts';

/** What a filter of time series asks for: one metric, and conditions on labels. */
export interface SeriesFilter {
  readonly metric: string;
  passes(labels: JsonObject): boolean;
}

/** 400 for a filter that cannot be read or that does not name its metric. */
export function monitoringFilter(text: string): SeriesFilter {
  const node = parseFilter(text);
  const metric = node === undefined ? undefined : metricIn(node);
  if (node === undefined || metric === undefined) {
    throw apiError(400, 'badRequest', `Field filter had an invalid value of "${text}": it must specify metric.type.`);
  }
  return { metric, passes: (labels) => holds(node, labels) };
}

function metricIn(node: FilterNode): string | undefined {
  if (node.kind === 'and') return node.parts.map(metricIn).find((metric) => metric !== undefined);
  const isMetric = node.kind === 'condition' && node.field === 'metric.type' && node.operator === '=';
  return isMetric ? node.value : undefined;
}

function holds(node: FilterNode, labels: JsonObject): boolean {
  switch (node.kind) {
    case 'and':
      return node.parts.every((part) => holds(part, labels));
    case 'or':
      return node.parts.some((part) => holds(part, labels));
    case 'not':
      return !holds(node.part, labels);
    case 'condition':
      return fits(node, String(valueAt(labels, node.field.replace('.label.', '.labels.')) ?? ''));
  }
}

function fits({ operator, value }: Condition, found: string): boolean {
  switch (operator) {
    case '=':
      return isMeant(value, found);
    case '!=':
      return !isMeant(value, found);
    case ':':
      return found.includes(value);
    default:
      throw apiError(400, 'badRequest', `The operator ${operator} does not go with labels.`);
  }
}

/** The value itself, or a function of it: `starts_with("web-")`, `one_of("a", "b")`. */
function isMeant(value: string, found: string): boolean {
  const [, name, inner] = /^(starts_with|ends_with|has_substring|one_of)\((.*)\)$/.exec(value) ?? [];
  if (name === undefined || inner === undefined) return found === value;
  const texts = [...inner.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  const [first = ''] = texts;
  if (name === 'one_of') return texts.includes(found);
  if (name === 'starts_with') return found.startsWith(first);
  return name === 'ends_with' ? found.endsWith(first) : found.includes(first);
}
