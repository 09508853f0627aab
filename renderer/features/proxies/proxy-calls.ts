/** What people do to proxies from the list, alone or many at once. */
import { type ProxyChange, proxyConfigInput } from '../../../shared/proxy.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useCall } from '../../api/use-gateway.ts';
import { freshId } from '../../components/fresh-id.ts';
import type { BulkWork } from './bulk.ts';
import { copyName } from './copies.ts';

export function useUpdateProxy() {
  return useCall((client, { proxy, body }: { proxy: string; body: ProxyChange }) =>
    client.proxies.update({ params: { proxy }, body }),
  );
}

export function useSwitchProxy() {
  return useCall((client, { proxy, enabled }: { proxy: string; enabled: boolean }) =>
    client.proxies.switch({ params: { proxy }, body: { enabled } }),
  );
}

export function useRetryProxy() {
  return useCall((client, proxy: string) => client.proxies.retry({ proxy }));
}

/** Switches those that are not so already. */
export const enabling = (views: readonly ProxyView[], enabled: boolean): BulkWork => ({
  done: enabled ? 'enabled' : 'disabled',
  views,
  isNeeded: (view) => view.enabled !== enabled,
  each: (client, { proxy }) => client.proxies.switch({ params: { proxy }, body: { enabled } }),
});

export const removing = (views: readonly ProxyView[]): BulkWork => ({
  done: 'removed',
  views,
  each: (client, { proxy }) => client.proxies.remove({ proxy }),
});

/** Copies stay disabled, and without hours that would open them: they have the ports of their originals. */
export function duplicating(views: readonly ProxyView[], taken: Iterable<string>): BulkWork {
  const ids = new Set(taken);
  return {
    done: 'duplicated',
    views,
    each: (client, { proxy: original, name, description, tags, config }) => {
      const proxy = freshId(original, ids);
      ids.add(proxy);
      return client.proxies.create({
        proxy,
        name: copyName(name),
        description,
        enabled: false,
        ...(tags && { tags }),
        config: proxyConfigInput.parse(config),
      });
    },
  };
}
