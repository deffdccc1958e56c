import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { clientOf } from './support/client.ts';
import { findProgram, whyAbsent } from './support/clients.ts';
import { freshNamespace, serverOfFile } from './support/server.ts';

const server = serverOfFile();

it(
  '26 a playbook of kubernetes.core ends well, and changes nothing the second time',
  { timeout: 180_000 },
  async (context) => {
    const program = findProgram('ansible/python/bin/ansible-playbook');
    context.skip(program === undefined, whyAbsent('ansible/python/bin/ansible-playbook'));
    // It is there: the test was skipped otherwise.
    const python = dirname(program!);
    const namespace = await freshNamespace(server(), 'ansible-');
    const ansible = clientOf(server(), program!, [
      '--inventory',
      'localhost,',
      '--connection',
      'local',
      '--extra-vars',
      JSON.stringify({ namespace, ansible_python_interpreter: join(python, 'python') }),
    ]);
    const play = (): Promise<string> =>
      ansible.ok([join(import.meta.dirname, 'ansible', 'playbook.yaml')], {
        env: {
          K8S_AUTH_KUBECONFIG: server().kubeconfig,
          ANSIBLE_COLLECTIONS_PATH: join(python, '..', '..', 'collections'),
          ANSIBLE_NOCOLOR: '1',
        },
        timeoutMs: 90_000,
      });
    const first = await play();
    expect(first).toMatch(/ok=10 +changed=[56] .*failed=0/);
    const again = await play();
    expect(again).toMatch(/ok=10 +changed=0 .*failed=0/);
  },
);
