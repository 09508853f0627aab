/** What the traffic page changes. Failures are shown by the frame. */
import type { Pipe } from '../../../shared/pipe.ts';
import type { ProxyConfig, ProxyConfigInput } from '../../../shared/proxy.ts';
import { useCall } from '../../api/use-gateway.ts';
import { withClientBlocked, withOnlyClient } from '../../components/repair.ts';

export const useKillPipes = () =>
  useCall((client, pipes: readonly string[]) => Promise.all(pipes.map((pipe) => client.pipes.kill({ pipe }))));

export const useArm = () =>
  useCall((client, { proxy, pipe }: { proxy?: string | undefined; pipe?: string | undefined }) =>
    pipe !== undefined
      ? client.captures.armPipe({ params: { pipe } })
      : client.captures.armProxy({ params: { proxy: proxy ?? '' } }),
  );

export const useStopCapture = () =>
  useCall((client, { proxy, pipe }: { proxy: string; pipe?: string | undefined }) =>
    pipe !== undefined ? client.captures.stopPipe({ pipe }) : client.captures.stopProxy({ proxy }),
  );

/** `192.168.1.20:50122` → `192.168.1.20`; `[fe80::1]:4` → `fe80::1`. */
export const addressOf = ({ client }: Pick<Pipe, 'client'>): string =>
  client.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** Who may connect to the proxy of a pipe is changed for its client. */
const useClientRule = (rule: (config: ProxyConfig, address: string) => ProxyConfigInput) =>
  useCall(async (client, pipe: Pipe) => {
    const { proxy, config } = await client.proxies.get({ proxy: pipe.proxy });
    return await client.proxies.update({ params: { proxy }, body: { config: rule(config, addressOf(pipe)) } });
  });

/** Lets this client in and nobody else. */
export const useAllowOnly = () => useClientRule(withOnlyClient);
export const useBlock = () => useClientRule(withClientBlocked);
