import type { Ready } from '../../cli/ready-file.ts';
import { send } from './graphql.ts';

/** Makes config maps `item-0`, `item-1` and so on, many with each request; each tenth has the same label `tenth`. */
export async function makeConfigMaps(ready: Ready, count: number): Promise<void> {
  const each = 50;
  const batches = Array.from({ length: Math.ceil(count / each) }, (_, at) => at * each);
  const next = batches[Symbol.iterator]();
  async function work(): Promise<void> {
    for (const first of next) {
      const fields = Array.from({ length: Math.min(each, count - first) }, (_, at) => {
        const n = first + at;
        return `c${at}: createConfigMap(input: {metadata: {namespace: "default", name: "item-${n}", labels: {tenth: "${n % 10}"}}, data: {n: "${n}"}}) { userErrors { message } }`;
      });
      // Limits of aliases: a few in each operation.
      for (let at = 0; at < fields.length; at += 10) {
        const { errors } = await send(ready, `mutation { ${fields.slice(at, at + 10).join('\n')} }`);
        if (errors !== undefined) throw new Error(JSON.stringify(errors[0]));
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, work));
}
