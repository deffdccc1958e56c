import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { StoreError } from './errors.ts';
import type { Selection } from './types.ts';

/** One part of a label selector; all parts must hold. */
export type LabelRequirement =
  | { readonly key: string; readonly operator: 'in' | 'notin'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'exists' | 'absent' };

/** One part of a field selector. */
export interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

const keyPattern = /^([a-z0-9A-Z]([-a-z0-9A-Z.]*[a-z0-9A-Z])?\/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]*[a-z0-9A-Z])?$/;
const valuePattern = /^([a-z0-9A-Z]([-a-z0-9A-Z_.]*[a-z0-9A-Z])?)?$/;

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Throws BadRequest. */
function parseLabelSelector(text: string): LabelRequirement[] {
  const parts = text.match(/[^,(]*(\([^)]*\))?[^,(]*(,|$)/g) ?? [];
  return parts
    .map((part) => part.replace(/,$/, '').trim())
    .filter((part, index) => part !== '' || (text.trim() !== '' && index < parts.length - 1))
    .map((part) => parseLabelRequirement(part, text));
}

function parseLabelRequirement(part: string, whole: string): LabelRequirement {
  const set = /^(\S+?)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set !== null) {
    return labelRequirement(
      set[1] ?? '',
      set[2] as 'in' | 'notin',
      (set[3] ?? '').split(',').map((value) => value.trim()),
      whole,
    );
  }
  const equality = /^([^!=]+?)\s*(==|=|!=)\s*([^!=]*)$/.exec(part);
  if (equality !== null) {
    return labelRequirement(
      equality[1] ?? '',
      equality[2] === '!=' ? 'notin' : 'in',
      [(equality[3] ?? '').trim()],
      whole,
    );
  }
  const absent = part.startsWith('!');
  const key = absent ? part.slice(1).trim() : part;
  checkLabel(keyPattern, key, whole);
  return { key, operator: absent ? 'absent' : 'exists' };
}

function labelRequirement(key: string, operator: 'in' | 'notin', values: string[], whole: string): LabelRequirement {
  checkLabel(keyPattern, key, whole);
  for (const value of values) checkLabel(valuePattern, value, whole);
  return { key, operator, values };
}

function checkLabel(pattern: RegExp, text: string, whole: string): void {
  if (!pattern.test(text) || text.length > 317) {
    throw new StoreError(
      'BadRequest',
      `unable to parse label selector ${JSON.stringify(whole)}: ${JSON.stringify(text)} is not valid there`,
    );
  }
}

/** Parses `metadata.name=web,status.phase!=Active`; only the kind's selectable paths. Throws BadRequest. */
function parseFieldSelector(kind: Kind, text: string): FieldRequirement[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^\s*([^!=\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
      if (match === null) throw new StoreError('BadRequest', `invalid selector: '${text}'; can't understand '${part}'`);
      const path = match[1] ?? '';
      if (!kind.selectable.includes(path)) throw new StoreError('BadRequest', `field label not supported: ${path}`);
      return { path, equal: match[2] !== '!=', value: match[3] ?? '' };
    });
}

/** Text of a selectable field; empty when absent. */
export function fieldValue(object: Resource, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
}

function labelsMatch(labels: Readonly<Record<string, string>>, requirement: LabelRequirement): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notin':
      return value === undefined || !requirement.values.includes(value);
  }
}

/** Whether an object belongs to a selection; `refs` of an object are told by the caller. Throws BadRequest for bad selectors. */
export function compileSelection(
  kind: Kind,
  selection: Selection,
  refsOf: (object: Resource) => readonly string[],
): (object: Resource) => boolean {
  const labels = selection.labelSelector ? parseLabelSelector(selection.labelSelector) : [];
  const fields = selection.fieldSelector ? parseFieldSelector(kind, selection.fieldSelector) : [];
  const ref =
    selection.refersTo && `${selection.refersTo.kind}/${selection.refersTo.namespace}/${selection.refersTo.name}`;
  return (object) =>
    (selection.namespace === undefined || object.metadata.namespace === selection.namespace) &&
    labels.every((requirement) => labelsMatch(object.metadata.labels ?? {}, requirement)) &&
    fields.every(({ path, equal, value }) => (fieldValue(object, path) === value) === equal) &&
    (selection.owner === undefined ||
      (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === selection.owner)) &&
    (ref === undefined || refsOf(object).includes(ref));
}

/** Collects the parameters of a statement. */
export type Bind = (value: unknown) => string;

/** SQL conditions on `resource` for a selection; a twin of compileSelection. */
export function selectionSql(kind: Kind, selection: Selection, bind: Bind): string[] {
  const conditions: string[] = [];
  if (selection.namespace !== undefined) conditions.push(`namespace = ${bind(selection.namespace)}`);
  for (const requirement of selection.labelSelector ? parseLabelSelector(selection.labelSelector) : []) {
    conditions.push(labelSql(requirement, bind));
  }
  for (const { path, equal, value } of selection.fieldSelector
    ? parseFieldSelector(kind, selection.fieldSelector)
    : []) {
    conditions.push(`${fieldSql(path, bind)} ${equal ? '=' : '<>'} ${bind(value)}`);
  }
  if (selection.owner !== undefined)
    conditions.push(`owners @> array[${bind(selection.owner)}::uuid] and owners <> '{}'`);
  if (selection.refersTo !== undefined) {
    const { kind: target, namespace, name } = selection.refersTo;
    conditions.push(`refs @> array[${bind(`${target}/${namespace}/${name}`)}::text] and refs <> '{}'`);
  }
  return conditions;
}

function labelSql(requirement: LabelRequirement, bind: Bind): string {
  switch (requirement.operator) {
    case 'exists':
      return `labels ->> ${bind(requirement.key)} is not null`;
    case 'absent':
      return `labels ->> ${bind(requirement.key)} is null`;
    case 'in':
      // Containment, so that the index on labels serves it.
      return `(labels <> '{}' and (${requirement.values.map((value) => `labels @> ${bind(JSON.stringify({ [requirement.key]: value }))}::jsonb`).join(' or ')}))`;
    case 'notin':
      return `(labels ->> ${bind(requirement.key)} is null or labels ->> ${bind(requirement.key)} <> all(${bind(requirement.values)}::text[]))`;
  }
}

function fieldSql(path: string, bind: Bind): string {
  if (path === 'metadata.name') return 'name';
  if (path === 'metadata.namespace') return 'namespace';
  return `coalesce(object #>> ${bind(path.split('.'))}::text[], '')`;
}
