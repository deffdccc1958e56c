import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { manifestOf, masked, yamlOf } from '../../catalog/plain-object.ts';

/** A way to say the same elsewhere. */
export interface CopyForm {
  readonly label: string;
  readonly text: string;
}

/** Something that can be done, for which there are ways to do it elsewhere. */
export type Action = 'get' | 'apply' | 'delete';

/** The ways to do something with an object outside of the console. `origin` is that of the product. */
export function copyForms(known: KnownKind, object: AnyObject, action: Action, origin: string): CopyForm[] {
  const manifest = masked(manifestOf(object), known.facts.sensitive);
  const forms = { known, object, manifest, origin };
  switch (action) {
    case 'get':
      return [
        { label: 'kubectl', text: kubectl('get', forms, '-o yaml') },
        { label: 'curl', text: curl(getDocument(forms), keyOf(forms), origin) },
        { label: 'GraphQL', text: getDocument(forms) },
        { label: 'SDK', text: `await datum.${known.facts.many}.get(${jsOf(keyOf(forms))});` },
        { label: 'YAML', text: yamlOf(manifest) },
      ];
    case 'apply': {
      const variables = { ...keyOf(forms), input: inputOf(manifest) };
      return [
        { label: 'kubectl', text: `kubectl apply -f - <<'EOF'\n${yamlOf(manifest)}EOF` },
        { label: 'curl', text: curl(applyDocument(forms), variables, origin) },
        {
          label: 'GraphQL',
          text: `${applyDocument(forms)}\n\n# variables\n${JSON.stringify(variables, undefined, 2)}`,
        },
        { label: 'SDK', text: `await datum.${known.facts.many}.apply(${jsOf(inputOf(manifest, true))});` },
        { label: 'YAML', text: yamlOf(manifest) },
      ];
    }
    case 'delete':
      return [
        { label: 'kubectl', text: kubectl('delete', forms) },
        { label: 'curl', text: curl(deleteDocument(forms), keyOf(forms), origin) },
        { label: 'GraphQL', text: deleteDocument(forms) },
        { label: 'SDK', text: `await datum.${known.facts.many}.delete(${jsOf(keyOf(forms))});` },
      ];
  }
}

interface Forms {
  readonly known: KnownKind;
  readonly object: AnyObject;
  readonly manifest: AnyObject;
}

type Key = { readonly namespace?: string; readonly name: string };

function keyOf({ known, object: { metadata } }: Forms): Key {
  const { namespace, name } = metadata;
  return known.facts.namespaced && namespace !== undefined ? { namespace, name } : { name };
}

/** What goes into an apply beside the name: without what the path says already. */
function inputOf({ apiVersion: _a, kind: _k, ...manifest }: AnyObject, withName = false): object {
  if (withName) return manifest;
  const { namespace: _ns, name: _n, ...metadata } = manifest['metadata'] as AnyObject['metadata'];
  return Object.keys(metadata).length === 0 ? { ...manifest, metadata: undefined } : { ...manifest, metadata };
}

function kubectl(verb: string, forms: Forms, more = ''): string {
  const { facts } = forms.known;
  const { namespace, name } = keyOf(forms);
  const resource = facts.group === '' ? facts.singular : `${facts.plural}.${facts.group}`;
  return [`kubectl ${verb} ${resource} ${name}`, namespace && `-n ${namespace}`, more].filter(Boolean).join(' ');
}

function argumentsOf(forms: Forms): readonly [given: string, used: string] {
  return keyOf(forms).namespace === undefined
    ? ['$name: String!', 'name: $name']
    : ['$namespace: String!, $name: String!', 'namespace: $namespace, name: $name'];
}

function getDocument(forms: Forms): string {
  const { kind } = forms.known;
  const [given, used] = argumentsOf(forms);
  const fields = spaced(kind.fields);
  return `query Get${kind.type}(${given}) {\n  ${kind.one}(${used}) {\n    metadata { name labels annotations }\n    ${fields}\n  }\n}`;
}

function applyDocument(forms: Forms): string {
  const { type } = forms.known.kind;
  const [given, used] = argumentsOf(forms);
  return `mutation Apply${type}(${given}, $input: ${type}Patch!) {\n  apply${type}(${used}, input: $input, fieldManager: "me") {\n    userErrors { message code }\n    warnings\n  }\n}`;
}

function deleteDocument(forms: Forms): string {
  const { type } = forms.known.kind;
  const [given, used] = argumentsOf(forms);
  return `mutation Delete${type}(${given}) {\n  delete${type}(${used}) {\n    deleted\n    userErrors { message code }\n  }\n}`;
}

/** A selection as people write it. */
function spaced(fields: string): string {
  return fields.replaceAll('{', ' { ').replaceAll('}', ' }');
}

function curl(query: string, variables: object, origin: string): string {
  const body = JSON.stringify({ query: query.replaceAll(/\s+/g, ' '), variables });
  return [
    `curl ${quoted(`${origin}/graphql`)}`,
    `-H "authorization: Bearer $(cat .datum/token)"`,
    `-H 'content-type: application/json'`,
    `-d ${quoted(body)}`,
  ].join(' \\\n  ');
}

/** Text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A value as JavaScript writes it: names without quotes where they need none. */
function jsOf(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(/"([A-Za-z_$][\w$]*)":/g, '$1:');
}
