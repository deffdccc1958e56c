import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AnyObject } from '../../catalog/any-object.ts';
import { knownKinds } from '../../catalog/known-kinds.ts';
import { type Action, copyForms } from './copy-forms.ts';

const secret: AnyObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: "o'hara", namespace: 'default', uid: 'u', resourceVersion: '7', finalizers: ['x/y'] },
  data: { password: 'aHVudGVyMg==' },
};
const network: AnyObject = {
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Network',
  metadata: { name: 'net', namespace: 'default', uid: 'u', resourceVersion: '7', labels: { tier: 'edge' } },
  spec: { ipam: { mode: 'Auto' } },
  status: {},
};

function textOf(object: AnyObject, many: string, action: Action, label: string): string {
  const known = knownKinds.get(many);
  if (known === undefined) throw new Error(`no kind ${many}`);
  const form = copyForms(known, object, action, 'https://datum.example').find((each) => each.label === label);
  return form?.text ?? '';
}

test('kubectl names the kind so that no other can be meant', () => {
  expect(textOf(network, 'networks', 'get', 'kubectl')).toBe(
    'kubectl get networks.networking.datumapis.com net -n default -o yaml',
  );
  expect(textOf(network, 'networks', 'delete', 'kubectl')).toBe(
    'kubectl delete networks.networking.datumapis.com net -n default',
  );
});

test('YAML is what one would write, without status and what the server says', () => {
  expect(parse(textOf(network, 'networks', 'get', 'YAML'))).toEqual({
    apiVersion: 'networking.datumapis.com/v1alpha',
    kind: 'Network',
    metadata: { name: 'net', namespace: 'default', labels: { tier: 'edge' } },
    spec: { ipam: { mode: 'Auto' } },
  });
});

test('curl is one command, whatever an object holds', () => {
  const text = textOf(secret, 'secrets', 'get', 'curl');
  expect(text).toContain(String.raw`"name":"o'\''hara"`);
  expect(text.startsWith("curl 'https://datum.example/graphql' \\\n")).toBe(true);
});

test('no form holds a secret', () => {
  for (const action of ['get', 'apply', 'delete'] as const) {
    const known = knownKinds.get('secrets');
    if (known === undefined) throw new Error('no secrets');
    for (const { label, text } of copyForms(known, secret, action, ''))
      expect(text, `${action} ${label}`).not.toContain('aHVudGVy');
  }
});
