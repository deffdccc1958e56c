import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { folder, installWhatIsMissing, node } from './install.mjs';

installWhatIsMissing();
// Node restarts the program when a file that it imports changes; a clean stop comes first.
const child = spawn(node, ['--watch', '--watch-preserve-output', join(folder, 'cli', 'main.ts')], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
