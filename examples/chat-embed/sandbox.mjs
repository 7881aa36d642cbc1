/**
 * Starts what stands for a sandbox here: a process of its own. In a real product it is a container or a virtual machine, on
 * another computer if possible; this one is not confined in any way.
 *
 * This back end hands over the *token of the sandbox session*, and the values are fetched in there (`in_sandbox.py`). It
 * could fetch them itself and pass them on; but then each of its logs, crash dumps and dependencies would be a place to lose
 * them. What never arrives needs no care.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { PYTHON, STRONGROOM_URL } from './settings.mjs';

const PATIENCE = 60_000;

/** Runs a program. Gives `{missing: […]}` if secrets are not stored yet, otherwise `{code, output}`. */
export async function run(token, names, program) {
  const child = spawn(PYTHON, ['-I', 'in_sandbox.py', names.join(','), ...program], {
    cwd: import.meta.dirname,
    // Nothing else of this process: its environment holds the platform's key.
    env: { PATH: process.env.PATH, STRONGROOM_URL, STRONGROOM_SANDBOX_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: PATIENCE,
  });
  const failed = new Promise((_, reject) => child.on('error', reject));
  const output = await Promise.race([text(child.stdout), failed]);
  if (output === '') throw new Error('The sandbox ended without a word.');
  return JSON.parse(output);
}
