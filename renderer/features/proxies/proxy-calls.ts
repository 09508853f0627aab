/** What people do to proxies from the list, alone or many at once. */
import { type ProxyChange, proxyConfigInput } from '../../../shared/proxy.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { useCall } from '../../api/use-gateway.ts';
import { freshId } from '../../components/fresh-id.ts';
import { copyName } from './copies.ts';

export function useUpdateProxy() {
  return useCall((client, { proxy, body }: { proxy: string; body: ProxyChange }) =>
    client.proxies.update({ params: { proxy }, body }),
  );
}

export function useRetryProxy() {
  return useCall((client, proxy: string) => client.proxies.retry({ proxy }));
}

/** Switches those that are not so already. */
export function useEnableProxies() {
  return useCall(async (client, { views, enabled }: { views: readonly ProxyView[]; enabled: boolean }) => {
    for (const { proxy } of views.filter((view) => view.enabled !== enabled)) {
      await client.proxies.update({ params: { proxy }, body: { enabled } });
    }
  });
}

export function useRemoveProxies() {
  return useCall(async (client, ids: readonly string[]) => {
    for (const proxy of ids) await client.proxies.remove({ proxy });
  });
}

/** Copies stay disabled: they have the ports of their originals. */
export function useDuplicateProxies() {
  return useCall(async (client, { views, taken }: { views: readonly ProxyView[]; taken: Iterable<string> }) => {
    const ids = new Set(taken);
    for (const view of views) {
      const proxy = freshId(view.proxy, ids);
      ids.add(proxy);
      const { description, config } = view;
      await client.proxies.create({
        proxy,
        name: copyName(view.name),
        description,
        enabled: false,
        config: proxyConfigInput.parse(config),
      });
    }
  });
}
