// Fails when a package of the lock file has a licence that nobody has agreed to. Reads the installed tree, so that what a
// package says of itself counts; of packages for other platforms, which are not installed, the lock file says it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './install.mjs';

const permissive = [
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'Python-2.0',
  'PostgreSQL',
];
const allowed = {
  shipped: new Set(permissive),
  // What only builds and tests may also be these: nothing of it reaches users.
  dev: new Set([...permissive, 'MPL-2.0', 'EPL-2.0', 'CC0-1.0']),
};

/** Looked at one by one; each entry holds for this licence only, so that a change is looked at again. */
const reviewed = JSON.parse(readFileSync(join(folder, 'scripts', 'licences.json'), 'utf8'));

/** Whether an SPDX expression is fine: one of those joined by OR, each of those joined by AND. */
function isAllowed(expression, licences) {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  const choices = plain.split(/ or /i);
  return choices.some((choice) =>
    choice.split(/ and /i).every((name) => licences.has(name.replace(/[()]/g, '').trim())),
  );
}

function licenceOf(path, entry) {
  const file = join(folder, path, 'package.json');
  const { license, licenses } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : entry;
  const said = license ?? licenses?.map((each) => each.type ?? each).join(' OR ');
  return typeof said === 'object' ? String(said.type) : (said ?? entry.license ?? 'none');
}

const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
const refused = [];
const used = new Set();
let count = 0;
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.link) continue;
  count += 1;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const where = entry.dev ? 'dev' : 'shipped';
  const licence = licenceOf(path, entry);
  if (isAllowed(licence, allowed[where])) continue;
  const key = `${name} ${licence}`;
  const exception = reviewed[where][key];
  if (exception === undefined) refused.push(`${key} (${where}: ${path})`);
  else used.add(`${where} ${key}`);
}
const idle = Object.entries(reviewed).flatMap(([where, entries]) =>
  Object.keys(entries).filter((key) => !used.has(`${where} ${key}`)),
);
if (count === 0) refused.push('no package was found');
for (const each of refused) console.error(`not agreed to: ${each}`);
for (const each of idle) console.error(`no longer needed in scripts/licences.json: ${each}`);
process.exit(refused.length + idle.length === 0 ? 0 : 1);
