/** Keeps a copy of all config maps, with an index, and says what changes. */
import { datum } from './connect.ts';

const informer = datum.configMaps.informer({
  namespace: 'default',
  indexes: { tier: ({ metadata }) => metadata.labels?.['tier'] },
});
await informer.synced;
const changed = new Promise<void>((resolve) => {
  informer.subscribe(({ type, object, previous }) => {
    console.log(type, object.metadata.name, previous?.data, '->', object.data);
    if (type === 'DELETED') resolve();
  });
});

const metadata = { namespace: 'default', name: 'cached', labels: { tier: 'edge' } };
await datum.configMaps.create({ metadata, data: { n: '1' } });
await datum.configMaps.delete({ namespace: 'default', name: 'cached' });
await changed;
console.log(
  informer.size,
  informer.by('tier', 'edge').map((each) => each.metadata.name),
);
informer.stop();
