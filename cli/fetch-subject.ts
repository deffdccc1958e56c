import { addressRule } from '../access/outbound/address-rules.ts';
import { fetchOutbound } from '../access/outbound/fetch-outbound.ts';

const allows = addressRule();
const timeoutMs = 5_000;
const maxBytes = 64 * 1024;

/** Fetches what a URL of a credential configuration answers: from the internet only, over TLS, and not led elsewhere. */
export async function fetchSubject(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { status, body } = await fetchOutbound(url, { headers }, { allows, timeoutMs, maxBytes, maxRedirects: 0 });
  if (status !== 200) throw new Error(`HTTP ${status}`);
  return body.toString('utf8');
}
