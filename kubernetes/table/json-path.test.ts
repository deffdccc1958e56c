import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtInRegistry } from '../../kinds/registry.ts';
import { compileJsonPath } from './json-path.ts';
import { parseJsonPath } from './parse-json-path.ts';

const object = {
  spec: {
    topology: { 'topology.datum.net/city-code': 'DFW' },
    ports: [{ name: 'http', port: 80, tls: false }, { name: 'https', port: 443, tls: true }, { name: 'other' }],
    nothing: null,
  },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

describe('finds', () => {
  test.each([
    ['.spec.ports[0].name', 'http'],
    ['spec.ports[0].name', 'http'],
    ['$.spec.ports[1].port', 443],
    ['{.spec.ports[1].port}', 443],
    ['.spec.ports[-1].name', 'other'],
    ['.spec.ports[9].name', undefined],
    ['.spec.ports[1:].name', 'https'],
    ['.spec.ports[*].port', 80],
    ['.spec.ports[*].tls', false],
    ['.spec.*[2].name', 'other'],
    [".spec['ports'][0].port", 80],
    ['.spec.topology.topology\\.datum\\.net/city-code', 'DFW'],
    [".spec.topology['topology.datum.net/city-code']", 'DFW'],
    ['.status.conditions[?(@.type=="Ready")].status', 'True'],
    [".status.conditions[?(@.type=='Ready')].status", 'True'],
    ['.status.conditions[?(@.type == "Missing")].status', undefined],
    ['.spec.ports[?(@.port>80)].name', 'https'],
    ['.spec.ports[?(@.port>=80)].name', 'http'],
    ['.spec.ports[?(@.port<=443)].name', 'http'],
    ['.spec.ports[?(@.port<80)].name', undefined],
    ['.spec.ports[?(@.port!=80)].name', 'https'],
    ['.spec.ports[?(@.tls==true)].name', 'https'],
    ['.spec.ports[?(@.port)].name', 'http'],
    ['.spec.ports[?(@.port=="80")].name', undefined],
    ['.spec.nothing', null],
    ['.spec.nothing.more', undefined],
    ['.constructor', undefined],
    ['.spec.__proto__', undefined],
    ['.spec.ports.length', undefined],
  ])('%s', (path, value) => {
    expect(compileJsonPath(path)(object)).toEqual(value);
  });
});

test.each(['.a[', '.a[?(@.b=~"x")]', '..a', '.a]', '.a b', '.a[?(@.b==nonsense)]', '.a'.repeat(100)])(
  '%s is not understood and finds nothing',
  (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
    expect(compileJsonPath(path)({ a: 1 })).toBeUndefined();
  },
);

test('all columns of our kinds are understood', () => {
  const paths = builtInRegistry()
    .all()
    .flatMap((kind) => kind.columns.map(({ jsonPath }) => jsonPath));
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => parseJsonPath(path) === undefined)).toEqual([]);
});

test('no path and no value throws', () => {
  const path = fc
    .array(fc.constantFrom('.a', '[0]', '[*]', '.*', '[?(@.a=="x")]', '[', ']', '\\', "'", '.', '@', '$'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(path, fc.jsonValue({ maxDepth: 4 }), (text, value) => {
      expect(() => compileJsonPath(text)(value)).not.toThrow();
    }),
  );
});
