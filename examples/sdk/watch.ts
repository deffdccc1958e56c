/** Follows the config maps of a namespace until one says that it is enough. */
import { datum } from './connect.ts';

await datum.configMaps.apply({ metadata: { namespace: 'default', name: 'news' }, data: { text: 'hello' } });
setTimeout(
  () => void datum.configMaps.update({ namespace: 'default', name: 'news' }, { data: { text: 'enough' } }),
  100,
);

for await (const event of datum.configMaps.watch({
  namespace: 'default',
  onStatus: ({ state, error }) => console.error(state, error ?? ''),
})) {
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      console.log(event.type, event.object.metadata.name, event.object.data?.['text']);
      break;
    case 'BOOKMARK': // Everything so far was delivered. A later watch can go on from here.
      console.log('up to here:', typeof event.resumeToken);
      break;
    case 'RESYNC': // Away for longer than the history reaches back: forget all, the state follows.
      console.log('from the beginning');
  }
  if ('object' in event && event.object.data?.['text'] === 'enough') break;
}
await datum.configMaps.delete({ namespace: 'default', name: 'news' });
