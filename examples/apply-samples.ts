/**
 * Sends the manifests of a folder to a running product through its GraphQL API, as any program could: plain HTTP, nothing
 * of the product imported. Applying twice does no harm.
 *
 *     npx tsx examples/apply-samples.ts [folder]
 *
 * Takes DATUM_URL and DATUM_TOKEN, else what ready.json in DATUM_DATA_DIR (.datum) says.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace: string };
  [field: string]: unknown;
}

interface Payload {
  userErrors: { message: string; code: string }[];
  warnings: string[];
}

/** Kinds that others refer to come first, so that a first look finds everything in place; any order would end the same. */
const firstKinds = ['Location', 'Network', 'Secret', 'ConfigMap'];

const project = join(import.meta.dirname, '..');
const { url, token } = target();
const folder = process.argv[2] ?? join(import.meta.dirname, 'samples');
for (const manifest of readManifests(folder)) {
  console.log(`${manifest.kind} ${manifest.metadata.namespace}/${manifest.metadata.name} ${await apply(manifest)}`);
}

function target(): { url: string; token: string } {
  if (process.env['DATUM_URL'] && process.env['DATUM_TOKEN'])
    return { url: process.env['DATUM_URL'], token: process.env['DATUM_TOKEN'] };
  const data = process.env['DATUM_DATA_DIR'] || '.datum';
  const file = join(isAbsolute(data) ? data : join(project, data), 'ready.json');
  try {
    const ready = JSON.parse(readFileSync(file, 'utf8')) as { graphql: string; token: string };
    return { url: ready.graphql, token: ready.token };
  } catch {
    console.error(`There is no ${file}: is the product running (npm start)? Otherwise set DATUM_URL and DATUM_TOKEN.`);
    process.exit(1);
  }
}

function readManifests(from: string): Manifest[] {
  const files = readdirSync(from).filter((name) => /\.ya?ml$/.test(name));
  const manifests = files
    .toSorted()
    .flatMap((name) =>
      parseAllDocuments(readFileSync(join(from, name), 'utf8')).map((document) => document.toJS() as Manifest),
    );
  const rank = ({ kind }: Manifest): number =>
    firstKinds.includes(kind) ? firstKinds.indexOf(kind) : firstKinds.length;
  return manifests.toSorted((a, b) => rank(a) - rank(b));
}

/** Creates the object, or merges the manifest into the one that is there. */
async function apply(manifest: Manifest): Promise<string> {
  const { apiVersion: _, kind, ...input } = manifest;
  const created = await mutate(
    `mutation ($input: ${kind}Input!) { payload: create${kind}(input: $input) { userErrors { message code } warnings } }`,
    { input },
  );
  if (created.userErrors.every(({ code }) => code !== 'ALREADY_EXISTS')) return outcome('created', created);
  const { namespace, name, ...metadata } = manifest.metadata;
  const updated = await mutate(
    `mutation ($namespace: String!, $name: String!, $patch: ${kind}Patch!) {
      payload: update${kind}(namespace: $namespace, name: $name, patch: $patch) { userErrors { message code } warnings } }`,
    { namespace, name, patch: { ...input, metadata } },
  );
  return outcome('applied', updated);
}

function outcome(done: string, { userErrors, warnings }: Payload): string {
  if (userErrors.length === 0) return [done, ...warnings].join('; ');
  process.exitCode = 1;
  return `refused: ${userErrors.map(({ message }) => message).join('; ')}`;
}

async function mutate(query: string, variables: Record<string, unknown>): Promise<Payload> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: { payload: Payload }; errors?: { message: string }[] };
  if (body.data?.payload) return body.data.payload;
  return {
    userErrors: (body.errors ?? [{ message: `HTTP ${response.status}` }]).map(({ message }) => ({
      message,
      code: 'FAILED',
    })),
    warnings: [],
  };
}
