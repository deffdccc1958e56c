import { writeAudit } from '../../store/audit/write-audit.ts';
import { localKeys } from '../../store/encryption/local-keys.ts';
import { openSecretBox } from '../../store/encryption/secret-box.ts';
import { createPool } from '../../store/pool.ts';
import { builtInRegistry } from '../../kinds/registry.ts';

/** A process that writes audit until it is killed, for tests: `node audit-writer.ts <Postgres URL> <secret key, base64>`. */
const [url = '', key = ''] = process.argv.slice(2);
const pool = createPool({ url, max: 2 });
const box = await openSecretBox(pool, [localKeys([Buffer.from(key, 'base64')])]);
console.log('writing');
await writeAudit(
  { pool, box, findKind: builtInRegistry().byId, keepMs: 1e12, onError: (error) => console.error(error) },
  new AbortController().signal,
);
