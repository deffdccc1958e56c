import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { fieldRequirements, fieldValue } from './field-selector.ts';
import { labelsMatch, type LabelRequirement, parseLabelSelector } from './label-selector.ts';
import type { Selection } from './types.ts';

/** Whether an object belongs to a selection; `refs` of an object are told by the caller. Throws BadRequest for bad selectors. */
export function compileSelection(
  kind: Kind,
  selection: Selection,
  refsOf: (object: Resource) => readonly string[],
): (object: Resource) => boolean {
  const namespaces = selection.namespaces && new Set(selection.namespaces);
  const names = selection.names && new Set(selection.names);
  const labels = selection.labelSelector ? parseLabelSelector(selection.labelSelector) : [];
  const fields = selection.fieldSelector ? fieldRequirements(kind, selection.fieldSelector) : [];
  const text = wantedText(selection);
  const ref =
    selection.refersTo && `${selection.refersTo.kind}/${selection.refersTo.namespace}/${selection.refersTo.name}`;
  return (object) =>
    (selection.namespace === undefined || object.metadata.namespace === selection.namespace) &&
    (namespaces === undefined || namespaces.has(object.metadata.namespace ?? '')) &&
    (names === undefined || names.has(object.metadata.name)) &&
    labels.every((requirement) => labelsMatch(object.metadata.labels ?? {}, requirement)) &&
    fields.every(({ path, equal, value }) => (fieldValue(object, path) === value) === equal) &&
    (text === undefined || textsOf(kind, object).some((each) => each.toLowerCase().includes(text))) &&
    (selection.owner === undefined ||
      (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === selection.owner)) &&
    (ref === undefined || refsOf(object).includes(ref));
}

/** The text that is looked for, in the case in which it is compared; undefined for none. */
function wantedText({ text }: Selection): string | undefined {
  const wanted = text?.trim().toLowerCase();
  return wanted === '' ? undefined : wanted;
}

/** What a text is looked for in: what the change log keeps of the state before, so that watches can tell what no longer has it. */
function textsOf(kind: Kind, object: Resource): string[] {
  return [
    object.metadata.name,
    object.metadata.namespace ?? '',
    ...Object.entries(object.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...kind.selectable.map((path) => fieldValue(object, path)),
  ];
}

/** Collects the parameters of a statement. */
export type Bind = (value: unknown) => string;

/** SQL conditions on `resource` for a selection; a twin of compileSelection. */
export function selectionSql(kind: Kind, selection: Selection, bind: Bind): string[] {
  const conditions: string[] = [];
  if (selection.namespace !== undefined) conditions.push(`namespace = ${bind(selection.namespace)}`);
  if (selection.namespaces !== undefined) conditions.push(`namespace = any(${bind(selection.namespaces)}::text[])`);
  if (selection.names !== undefined) conditions.push(`name = any(${bind(selection.names)}::text[])`);
  for (const requirement of selection.labelSelector ? parseLabelSelector(selection.labelSelector) : []) {
    conditions.push(labelSql(requirement, bind));
  }
  for (const { path, equal, value } of selection.fieldSelector
    ? fieldRequirements(kind, selection.fieldSelector)
    : []) {
    conditions.push(`${fieldSql(path, bind)} ${equal ? '=' : '<>'} ${bind(value)}`);
  }
  const text = wantedText(selection);
  if (text !== undefined) conditions.push(textSql(kind, bind(text), bind));
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
    case 'above':
    case 'below': {
      const value = `labels ->> ${bind(requirement.key)}`;
      const sign = requirement.operator === 'above' ? '>' : '<';
      // Only the order of a case is certain: a label that is no number must not reach the cast.
      return `case when ${value} ~ '^[0-9]{1,15}$' then (${value})::bigint ${sign} ${bind(requirement.bound)} else false end`;
    }
  }
}

/** The columns first: an object is only opened where they do not have the text. */
function textSql(kind: Kind, text: string, bind: Bind): string {
  const paths = kind.selectable.filter((path) => path !== 'metadata.name' && path !== 'metadata.namespace');
  const has = (value: string): string => `strpos(lower(${value}), ${text}) > 0`;
  return `(${[
    has('name'),
    has('namespace'),
    `exists (select from jsonb_each_text(labels) where ${has(`key || '=' || value`)})`,
    ...paths.map((path) => has(fieldSql(path, bind))),
  ].join(' or ')})`;
}

function fieldSql(path: string, bind: Bind): string {
  if (path === 'metadata.name') return 'name';
  if (path === 'metadata.namespace') return 'namespace';
  return `coalesce(object #>> ${bind(path.split('.'))}::text[], '')`;
}
