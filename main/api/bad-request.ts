/** A request whose values cannot be used: each refused field by its path, the first one also in the message. */
import { SluiceError } from '../../shared/errors.ts';
import type { Issue } from '../../shared/issue.ts';

export function badRequest(issues: readonly Issue[], cause?: unknown): SluiceError {
  const [first, ...more] = issues;
  if (!first) return new SluiceError('BAD_REQUEST', {}, { cause });
  const named = first.path ? `${first.path}: ${first.message}` : first.message;
  const reason = more.length > 0 ? `${named} (and ${more.length} more)` : named;
  return new SluiceError('BAD_REQUEST', { reason, issues }, { cause });
}
