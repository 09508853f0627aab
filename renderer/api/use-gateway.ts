/** How components read the gateway: a part of its state, its client, and calls that change something. */
import { useMutation } from '@tanstack/react-query';
import { createContext, use, useCallback, useRef, useSyncExternalStore } from 'react';
import type { ProxyView } from '../../shared/status.ts';
import { clockNow, subscribeToClock } from './clock.ts';
import type { Client, DesktopClient, Gateway, Snapshot } from './gateway.ts';

export const GatewayContext = createContext<Gateway | undefined>(undefined);

function useTheGateway(): Gateway {
  const gateway = use(GatewayContext);
  if (!gateway) throw new Error('A component that needs the gateway is outside of GatewayContext.');
  return gateway;
}

export function useClient(): Client {
  return useTheGateway().client;
}

/** Of the application around the page; there is none in a browser. */
export function useDesktopClient(): DesktopClient {
  return useTheGateway().desktop;
}

/** Reads the state at the moment of an action, without following it. */
export function useReader(): () => Snapshot {
  const gateway = useTheGateway();
  return () => gateway.snapshot;
}

type Subscribe = Gateway['subscribe'];
type IsSame<T> = (a: T, b: T) => boolean;

/** A part of the state. The component renders again only when that part changed. */
export function useGateway<T>(select: (snapshot: Snapshot) => T, isSame: IsSame<T> = Object.is): T {
  const gateway = useTheGateway();
  return useSteady(gateway.subscribe, () => select(gateway.snapshot), isSame);
}

/** As {@link useGateway}, for what changes with time as well, such as Active. `now` is wall clock milliseconds. */
export function useLive<T>(select: (snapshot: Snapshot, now: number) => T, isSame: IsSame<T> = Object.is): T {
  const gateway = useTheGateway();
  const subscribe: Subscribe = useCallback(
    (listener) => {
      const leave = [gateway.subscribe(listener), subscribeToClock(listener)];
      return () => {
        for (const each of leave) each();
      };
    },
    [gateway],
  );
  return useSteady(subscribe, () => select(gateway.snapshot, clockNow()), isSame);
}

/** Keeps giving the same object while what was read is the same. */
function useSteady<T>(subscribe: Subscribe, read: () => T, isSame: IsSame<T>): T {
  const last = useRef<{ readonly value: T } | undefined>(undefined);
  return useSyncExternalStore(subscribe, () => {
    const value = read();
    if (!last.current || !isSame(last.current.value, value)) last.current = { value };
    return last.current.value;
  });
}

export function useProxy(proxy: string): ProxyView | undefined {
  return useGateway((snapshot) => snapshot.proxies.get(proxy));
}

/** Asks the gateway for everything anew. */
export function useRefresh() {
  const gateway = useTheGateway();
  return useMutation({ mutationFn: () => gateway.refresh(), networkMode: 'always', meta: { showsFailure: false } });
}

/** A call that changes something. Its failure is shown by the frame, unless `showsFailure` says the caller does. */
export function useCall<Input, Output>(
  call: (client: Client, input: Input) => Promise<Output>,
  options: { readonly showsFailure?: boolean } = {},
) {
  const client = useClient();
  return useMutation({
    mutationFn: (input: Input) => call(client, input),
    networkMode: 'always',
    meta: { showsFailure: options.showsFailure ?? false },
  });
}
