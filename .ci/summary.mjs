// Names every test that was not run or failed, and every client that is not there; the reasons stand beside the tests above.
// Plain JavaScript: runs on whatever Node is there.
import { existsSync, readFileSync } from 'node:fs';

const clients = ['kubectl-1.20', 'helm3', 'helm4', 'kustomize', 'controller', 'ansible', 'kubernetes-validate'];
for (const client of clients) {
  if (!existsSync(`.cache/clients/${client}/version`)) console.log(`not run: client ${client} (not installed)`);
}
const { testResults = [] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const { name, status: fileStatus, message, assertionResults } of testResults) {
  const file = name.slice(process.cwd().length + 1);
  if (fileStatus === 'failed' && assertionResults.length === 0) console.log(`failed: ${file}: ${inShort(message)}`);
  for (const { status, fullName, failureMessages } of assertionResults) {
    if (status === 'failed') console.log(`failed: ${file}: ${fullName}: ${inShort(failureMessages?.[0])}`);
    else if (status !== 'passed') console.log(`not run: ${file}: ${fullName}`);
  }
}

/** The first lines of what was said, for a reader of the end of a long log. */
function inShort(text = '') {
  return text.slice(0, 500).split('\n').slice(0, 6).join(' | ');
}
