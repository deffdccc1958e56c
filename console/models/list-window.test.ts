import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnyObject } from '../catalog/any-object.ts';
import { createListWindow, type ListOrder, type WindowEvent, type WindowPage } from './list-window.ts';

const pageSize = 3;
const names = 15;
const orders = ['NAME', 'NAME_DESC', 'CREATED', 'CREATED_DESC'] as const satisfies readonly ListOrder[];

/** A list as a server holds it: pages of it as it is, and all that happened to it. */
function serverOf(order: ListOrder) {
  const held = new Map<string, AnyObject>();
  const events: WindowEvent[] = [];
  let revision = 0;
  const position = ({ metadata }: AnyObject): string =>
    `${order.startsWith('CREATED') ? metadata.creationTimestamp : ''} ${metadata.namespace}/${metadata.name}`;
  const sorted = (): AnyObject[] => {
    const all = [...held.values()].toSorted((a, b) => (position(a) < position(b) ? -1 : 1));
    return order.endsWith('_DESC') ? all.toReversed() : all;
  };
  return {
    events,
    sorted,
    /** Makes, changes or deletes the object of a name, whichever `roll` says. */
    write(name: string, roll: number): void {
      revision += 1;
      const before = held.get(name);
      if (before !== undefined && roll % 2 === 0) {
        held.delete(name);
        events.push({ type: 'DELETED', object: before });
        return;
      }
      const metadata = before?.metadata ?? {
        namespace: `ns${roll % 2}`,
        name,
        uid: `uid-${revision}`,
        // Seconds are coarse: several objects share one.
        creationTimestamp: `2026-11-23T00:00:${String(revision >> 2).padStart(2, '0')}Z`,
      };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, resourceVersion: `${revision}` } };
      held.set(name, object as AnyObject);
      events.push({ type: before === undefined ? 'ADDED' : 'MODIFIED', object: object as AnyObject });
    },
    page(after: string | undefined): WindowPage {
      const all = sorted();
      const isBehind = (row: AnyObject): boolean =>
        after === undefined || (order.endsWith('_DESC') ? position(row) < after : position(row) > after);
      const rest = all.filter(isBehind);
      const items = rest.slice(0, pageSize);
      const last = items.at(-1);
      return { items, ...(rest.length > pageSize && last !== undefined ? { next: position(last) } : {}) };
    },
  };
}

const steps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ write: fc.nat({ max: names - 1 }), roll: fc.nat({ max: 5 }) }) },
    { weight: 3, arbitrary: fc.constantFrom('hear' as const, 'hear all' as const, 'ask' as const, 'receive' as const) },
  ),
  { minLength: 10, maxLength: 60 },
);

test('rows are the beginning of the list, in whatever order pages and news come', () => {
  fc.assert(
    fc.property(fc.constantFrom(...orders), fc.boolean(), steps, (order, isFull, happens) => {
      const server = serverOf(order);
      for (let name = 0; name < names; name += isFull ? 1 : 2) server.write(`n${name}`, name);
      const total = server.sorted().length;
      const window = createListWindow(order, server.page(undefined), total);
      let heard = server.events.length;
      let underWay: WindowPage | undefined;
      const hear = (): void => {
        // Each write is one event, and its version the number of it.
        const newer = window.rows().filter(({ metadata }) => Number(metadata.resourceVersion) > heard + 1);
        window.happen(server.events[heard++]!); // Called while there are more.
        expect(window.rows()).toEqual(expect.arrayContaining(newer));
      };
      for (const step of happens) {
        if (typeof step === 'object') server.write(`n${step.write}`, step.roll);
        else if (step === 'hear' && heard < server.events.length) hear();
        else if (step === 'hear all') while (heard < server.events.length) hear();
        else if (step === 'ask' && underWay === undefined && window.next() !== undefined) {
          window.ask();
          underWay = server.page(window.next());
        } else if (step === 'receive' && underWay !== undefined) {
          window.add(underWay);
          underWay = undefined;
        }
      }
      if (underWay !== undefined) window.add(underWay);
      while (heard < server.events.length) hear();
      const all = server.sorted();
      expect(window.total()).toBe(all.length);
      expect(window.rows()).toEqual(all.slice(0, window.size()));
      while (window.next() !== undefined) {
        window.ask();
        window.add(server.page(window.next()));
      }
      expect(window.rows()).toEqual(all);
    }),
    { numRuns: 2_000 },
  );
});
