/** The same done to many proxies: what fails does not keep the others from being done, and all of it is told. */
import type { ProxyView } from '../../../shared/status.ts';
import { failureOf } from '../../api/failure.ts';
import type { Client } from '../../api/gateway.ts';
import { useCall } from '../../api/use-gateway.ts';
import { announce } from '../../components/announcer.tsx';
import { counted } from '../../components/format.ts';

export interface BulkResult {
  /** `enabled`, `removed`: what was to be done. */
  readonly done: string;
  readonly worked: readonly Named[];
  readonly failed: readonly (Named & { readonly why: string })[];
  /** Those that needed nothing. */
  readonly left: number;
}

type Named = Pick<ProxyView, 'proxy' | 'name'>;

export interface BulkWork {
  readonly done: string;
  readonly views: readonly ProxyView[];
  /** Those that need nothing are left out. */
  readonly isNeeded?: (view: ProxyView) => boolean;
  readonly each: (client: Client, view: ProxyView) => Promise<unknown>;
}

/** One after the other, in the order of the list. Never rejects. */
export async function runBulk(client: Client, { done, views, isNeeded, each }: BulkWork): Promise<BulkResult> {
  const needed = views.filter((view) => isNeeded?.(view) ?? true);
  const worked: Named[] = [];
  const failed: (Named & { why: string })[] = [];
  for (const view of needed) {
    const named = { proxy: view.proxy, name: view.name };
    try {
      await each(client, view);
      worked.push(named);
    } catch (thrown) {
      const { message, next, issues } = failureOf(thrown);
      failed.push({ ...named, why: issues[0]?.message ?? `${message} ${next}` });
    }
  }
  return { done, worked, failed, left: views.length - needed.length };
}

/** `3 proxies enabled, 1 not, 2 were so already`. */
export function bulkText({ done, worked, failed, left }: BulkResult): string {
  const parts = [
    (worked.length > 0 || failed.length === 0) && `${counted(worked.length, 'proxy', 'proxies')} ${done}`,
    failed.length > 0 &&
      `${worked.length > 0 ? failed.length : counted(failed.length, 'proxy', 'proxies')} not ${worked.length > 0 ? '' : done}`.trim(),
    left > 0 && `${left} ${left === 1 ? 'was' : 'were'} so already`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** @param onResult  gets the result where something failed; what worked is spoken */
export function useBulk(onResult: (result: BulkResult) => void) {
  return useCall(
    async (client, work: BulkWork) => {
      const result = await runBulk(client, work);
      if (result.failed.length > 0) onResult(result);
      else announce(bulkText(result));
      return result;
    },
    { showsFailure: true },
  );
}
