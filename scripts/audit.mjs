// Fails when a package that is shipped has a known weakness of weight that nobody has looked at. Ends with 3, and says so,
// where no registry answers: what was not asked has not been answered.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './install.mjs';

const notRun = 3;
const timeoutMs = 60_000;
const weighty = new Set(['high', 'critical']);

/** Weaknesses that were looked at, by the address of their advisory, and why they are none here. */
const reviewed = JSON.parse(readFileSync(join(folder, 'scripts', 'audit.json'), 'utf8'));

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: folder,
  encoding: 'utf8',
  timeout: timeoutMs,
  shell: process.platform === 'win32',
});
const report = parsed(stdout);
if (report?.vulnerabilities === undefined) {
  // Without the address of the registry, which is nobody's business.
  const why = error?.message ?? report?.message ?? 'npm audit said nothing';
  console.error(`no registry answers: ${why.split(' - ')[0]}`);
  process.exit(notRun);
}
const advisories = Object.values(report.vulnerabilities)
  .flatMap(({ via }) => via.filter((each) => typeof each === 'object'))
  .filter(({ severity, url }) => weighty.has(severity) && reviewed[url] === undefined);
for (const { name, severity, title, url } of advisories) console.error(`${severity}: ${name}: ${title} (${url})`);
process.exit(advisories.length === 0 ? 0 : 1);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
