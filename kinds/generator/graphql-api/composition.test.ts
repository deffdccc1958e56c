import { readFileSync } from 'node:fs';
import { parse, print, visit, type DefinitionNode, type DocumentNode } from 'graphql';
import { expect, test } from 'vitest';
import { facts } from '../../registry.ts';

const areas = [...new Set(facts.kinds.map(({ area }) => area))].toSorted();
const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const subgraphs = new Map(areas.map((area) => [area, parse(read(`subgraphs/generated/${area}.graphql`))]));

/**
 * What a composer would hint at: the library that composes ours finds errors only. Everything that several subgraphs define
 * must say the same in each, or the supergraph says something that one of them does not.
 */
function hints(documents: ReadonlyMap<string, DocumentNode>): string[] {
  const seen = new Map<string, Map<string, string>>();
  const note = (coordinate: string, area: string, text: string): void => {
    const places = seen.get(coordinate) ?? new Map<string, string>();
    seen.set(coordinate, places.set(area, text));
  };
  for (const [area, document] of documents) {
    for (const definition of document.definitions) {
      if (!('name' in definition) || definition.name === undefined || isRoot(definition)) continue;
      const name = definition.name.value;
      note(name, area, definition.kind);
      if ('description' in definition) note(`${name} description`, area, definition.description?.value ?? '');
      const isEntity =
        'directives' in definition &&
        definition.directives?.some((directive) => directive.name.value === 'key') === true;
      if (!isEntity) note(`${name} members`, area, membersOf(definition).toSorted().join(' '));
      for (const [member, text] of signaturesOf(definition)) note(`${name}.${member}`, area, text);
    }
  }
  return [...seen].flatMap(([coordinate, places]) =>
    new Set(places.values()).size > 1
      ? [`${coordinate} differs: ${[...places].map(([area, text]) => `${area}: ${text}`).join(' | ')}`]
      : [],
  );
}

function isRoot(definition: DefinitionNode): boolean {
  return 'name' in definition && ['Query', 'Mutation', 'Subscription'].includes(definition.name?.value ?? '');
}

function membersOf(definition: DefinitionNode): string[] {
  return signaturesOf(definition).map(([name]) => name);
}

/** Name and full text of each field or value, description and defaults included, federation directives left out. */
function signaturesOf(definition: DefinitionNode): [string, string][] {
  const plain = visit(definition, { Directive: () => null });
  if ('fields' in plain) return (plain.fields ?? []).map((field) => [field.name.value, print(field)]);
  if ('values' in plain && Array.isArray(plain.values))
    return plain.values.map((value) => [value.name.value, print(value)]);
  return [];
}

/** Hints that are there for a reason, each with it. */
const answered: ReadonlyMap<string, string> = new Map();

test('the subgraphs compose, and every hint is answered', () => {
  expect([...subgraphs.keys()]).toEqual(['compute', 'core', 'networking']);
  expect(hints(subgraphs).filter((hint) => !answered.has(hint.split(' differs')[0] ?? ''))).toEqual([]);
  const supergraph = read('gateway/generated/supergraph.graphql');
  for (const { name } of facts.kinds) expect(supergraph).toContain(`type ${name} implements Node & Resource`);
});

test('a hint is found where subgraphs say different things', () => {
  const documents = new Map([
    ['a', parse('"One" type T @shareable { f(n: Int = 1): Int g: Int } enum E { A }')],
    ['b', parse('"Two" type T @shareable { f(n: Int = 2): Int } enum E { A B }')],
  ]);
  expect(hints(documents).map((hint) => hint.split(' differs')[0])).toEqual([
    'T description',
    'T members',
    'T.f',
    'E members',
  ]);
});
