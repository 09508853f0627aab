/** What a command says: its answer on stdout, its troubles on stderr. */
import { ORPCError } from '@orpc/client';
import { CommanderError } from 'commander';
import { z } from 'zod';
import { faultData } from '../../../shared/contract/procedure.ts';
import { asSluiceError } from '../../../shared/errors.ts';
import { jsonText, plain } from '../../../shared/text.ts';
import { exitCodeOf } from '../../host/exit-code.ts';

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function sayJson(value: unknown): void {
  say(jsonText(value));
}

const refusal = faultData.extend({
  details: z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })).min(1) }),
});

/** What went wrong, in lines for stderr: one sentence with the next step, or one line for each refused field. */
export function faultLines(thrown: unknown): string[] {
  if (thrown instanceof ORPCError) {
    const refused = refusal.safeParse(thrown.data);
    if (refused.success) {
      return refused.data.details.issues.map(({ path, message }) => plain(path ? `${path}: ${message}` : message));
    }
    const known = faultData.safeParse(thrown.data);
    return [plain(known.success ? `${thrown.message} ${known.data.next}` : thrown.message)];
  }
  const fault = asSluiceError(thrown);
  if (fault.code !== 'INTERNAL') return [plain(`${fault.message} ${fault.next}`)];
  // A mistake of the program itself: there is no other log than this one.
  return ['Sluice made a mistake.', String(thrown instanceof Error ? thrown.stack : thrown)];
}

export function sayFault(thrown: unknown): void {
  process.stderr.write(`${faultLines(thrown).join('\n')}\n`);
}

/** As {@link exitCodeOf}; 2 for bad usage, 0 where only help was asked for. */
export function commandExitCode(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  return thrown instanceof ORPCError ? 1 : exitCodeOf(thrown);
}
