import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { fetchSubject } from './fetch-subject.ts';
import { openGcp } from './gcp-client.ts';

function open(content: string, impersonate: Record<string, string[]> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'datum-gcp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'credentials.json');
  writeFileSync(file, content);
  const client = openGcp({ DATUM_GCP_CREDENTIALS: file, DATUM_GCP_IMPERSONATE: impersonate }, undefined, new pg.Pool());
  client.close();
}

const user = JSON.stringify({ type: 'authorized_user', client_id: 'i', client_secret: 's', refresh_token: 'r' });

test('the product starts with credentials that expire, and with no others', () => {
  open(user);
  open(user, { 'acme-edge': ['datum@acme-edge.iam.gserviceaccount.com'] });
  expect(() => open(JSON.stringify({ type: 'service_account', private_key: 'KEY' }))).toThrow(
    /DATUM_GCP_CREDENTIALS.*a key of a service account is refused/,
  );
  expect(() => open('KEY is no JSON')).toThrow(/^DATUM_GCP_CREDENTIALS: no JSON$/);
  expect(() => open(user, { 'acme-edge': ['olga@example.com'] })).toThrow(/DATUM_GCP_IMPERSONATE.*no service account/);
});

test.each(['127.0.0.1', 'localhost', '169.254.169.254', 'metadata.google.internal', '[::1]'])(
  'a subject token is not fetched from %s',
  (host) => expect(fetchSubject(`https://${host}/token`, {})).rejects.toThrow(/not allowed/),
);
