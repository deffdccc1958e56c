import { describe, expect, test } from 'vitest';
import { builtInRegistry, createRegistry } from './registry.ts';

describe('registry', () => {
  test('finds a kind by each of its names', () => {
    const registry = builtInRegistry();
    for (const kind of registry.all()) {
      const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
      expect(registry.byId(kind.id)).toBe(kind);
      expect(registry.get(kind.id)).toBe(kind);
      expect(registry.byGroupResource(kind.group, kind.plural)).toBe(kind);
      expect(registry.byManifest(apiVersion, kind.name)).toBe(kind);
    }
    expect(registry.byId('Nothing')).toBeUndefined();
    expect(() => registry.get('Nothing')).toThrow('No kind Nothing');
  });

  test('kinds come, change their names and go', () => {
    const base = builtInRegistry().get('Network');
    const gadget = { ...base, id: 'Gadget.example.com', name: 'Gadget', group: 'example.com', plural: 'gadgets' };
    const registry = createRegistry([base]);
    registry.add(gadget);
    expect(registry.all().map((kind) => kind.id)).toEqual(['Gadget.example.com', 'Network']);
    registry.add({ ...gadget, plural: 'widgets' });
    expect(registry.byGroupResource('example.com', 'gadgets')).toBeUndefined();
    expect(registry.byGroupResource('example.com', 'widgets')?.id).toBe('Gadget.example.com');
    expect(registry.remove('Gadget.example.com')).toBe(true);
    expect(registry.remove('Gadget.example.com')).toBe(false);
    expect(registry.byManifest('example.com/v1alpha', 'Gadget')).toBeUndefined();
    expect(registry.all()).toEqual([base]);
  });

  test('two kinds cannot be served under one name', () => {
    const registry = builtInRegistry();
    const thief = { ...registry.get('Network'), id: 'Other' };
    expect(() => registry.add(thief)).toThrow('Network is already served as networks.networking.datumapis.com');
    expect(registry.byId('Other')).toBeUndefined();
  });
});
