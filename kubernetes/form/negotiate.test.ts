import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { ApiError } from '../status/status.ts';
import { form, plainJson } from './form.ts';
import { formOf, negotiate } from './negotiate.ts';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const metadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const protobufMetadata = 'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const builtIn = { style: 'built-in' } as const;
const custom = { style: 'custom' } as const;

describe('an Accept header', () => {
  test.each([
    [undefined, 'object json'],
    ['', 'object json'],
    ['application/json', 'object json'],
    ['*/*', 'object json'],
    ['application/*', 'object json'],
    ['application/json, */*;q=0.8', 'object json'],
    ['application/json;charset=utf-8', 'object json'],
    ['application/vnd.kubernetes.protobuf,application/json', 'object json'],
    ['application/vnd.kubernetes.protobuf, */*', 'object json'],
    ['application/cbor,application/json', 'object json'],
    ['application/yaml', 'object yaml'],
    ['application/yaml;q=0.5,application/json', 'object json'],
    ['application/json;q=0.2,application/yaml;q=0.9', 'object yaml'],
    ['*/*,application/yaml', 'object yaml'],
    [table, 'table json'],
    ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'table json v1beta1'],
    [`${table},application/json`, 'table json'],
    [`application/json, ${table}`, 'object json'],
    ['application/json;as=Table;v=v9;g=meta.k8s.io,application/json', 'object json'],
    ['application/json;as=Nonsense;v=v1;g=meta.k8s.io,application/json', 'object json'],
    [metadata, 'metadata json'],
    ['application/yaml;as=Table;v=v1;g=meta.k8s.io', 'table yaml'],
    [protobufMetadata, 'metadata protobuf'],
  ] as const)('%s', (accept, expected) => {
    const [as = '', media = '', version = 'v1'] = expected.split(' ');
    const found = negotiate(accept, builtIn);
    expect([found.as, found.media, found.version]).toEqual([as, media, version]);
  });

  test.each([
    'application/vnd.kubernetes.protobuf',
    'application/cbor',
    'text/html',
    'application/json;as=Table;v=v9;g=meta.k8s.io',
    'application/json;q=0',
    'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io',
    'nonsense',
    ';,;',
  ])('%s cannot be had', (accept) => {
    expect(() => negotiate(accept, builtIn)).toThrow(ApiError);
  });

  test('protobuf is there for metadata of built-in kinds alone, and not in streams', () => {
    const accept = `${protobufMetadata},${metadata},application/json`;
    expect(negotiate(accept, builtIn)).toBe(form('metadata', 'protobuf'));
    expect(negotiate(accept, custom)).toBe(form('metadata', 'json'));
    expect(negotiate(accept, builtIn, { stream: true })).toBe(form('metadata', 'json'));
  });

  test('a stream has no YAML', () => {
    expect(negotiate('application/yaml,application/json', custom, { stream: true })).toBe(plainJson);
    expect(() => negotiate('application/yaml', custom, { stream: true })).toThrow('only the following media types');
  });

  test('whatever it is, the answer is a form or 406', () => {
    const part = fc.constantFrom(
      'application/',
      'json',
      '*/*',
      ';',
      '=',
      ',',
      'as',
      'Table',
      'q=',
      '1',
      '"',
      ' ',
      'v=v1',
      'g=meta.k8s.io',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        try {
          negotiate(parts.join(''), custom);
        } catch (error) {
          expect((error as ApiError).status.code).toBe(406);
        }
      }),
    );
  });
});

describe('includeObject', () => {
  const of = (accept: string, include: string) =>
    formOf({ headers: { accept }, query: new URLSearchParams({ includeObject: include }) }, custom);

  test.each([
    ['', 'Metadata'],
    ['Metadata', 'Metadata'],
    ['None', 'None'],
    ['Object', 'Object'],
  ])('%s', (include, expected) => {
    expect(of(table, include).include).toBe(expected);
  });

  test('is refused where it is not known, and means nothing without a table', () => {
    expect(() => of(table, 'Some')).toThrow('unrecognized includeObject value: "Some"');
    expect(of('application/json', 'Some')).toBe(plainJson);
  });
});
