// Names every test that was not run, and every client that is not there; the reasons stand beside the tests above.
// Plain JavaScript: runs on whatever Node is there.
import { existsSync, readFileSync } from 'node:fs';

const clients = ['kubectl-1.20', 'helm3', 'helm4', 'kustomize', 'controller', 'ansible'];
for (const client of clients) {
  if (!existsSync(`.cache/clients/${client}/version`)) console.log(`not run: client ${client} (not installed)`);
}
const { testResults = [] } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const { name, assertionResults } of testResults) {
  for (const { status, fullName } of assertionResults) {
    if (status !== 'passed' && status !== 'failed') {
      console.log(`not run: ${name.slice(process.cwd().length + 1)}: ${fullName}`);
    }
  }
}
