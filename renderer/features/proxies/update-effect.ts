/** What saving an edited proxy does to its open connections, said before it is done. */
import { isThroughDevice, type ProxyInput, type ProxyProfile } from '../../../shared/proxy.ts';
import { counted } from '../../components/format.ts';

export function updateEffect(before: ProxyProfile, after: ProxyInput, openPipes: number): string {
  const isStopped = before.enabled && after.enabled === false;
  const isPortal = before.config.protocol === 'http_iotmp' && after.config.protocol === 'http_iotmp';
  if (!isStopped && !movesPipes(before, after)) {
    return isPortal ? 'Pages of this portal that are open load anew.' : 'Applies without interruption.';
  }
  const way = before.config.source.port === undefined ? 'portal' : 'port';
  if (openPipes === 0) return isStopped ? `Closes the ${way}.` : 'No connection is open.';
  return `${counted(openPipes, 'open connection')} will be closed.`;
}

/** True where the port or the target is another one. Names, limits and networks apply to what is open. */
function movesPipes({ config }: ProxyProfile, after: ProxyInput): boolean {
  const { protocol, source, target } = after.config;
  return (
    protocol !== config.protocol ||
    source.port !== config.source.port ||
    source.address !== config.source.address ||
    target.port !== config.target.port ||
    wayText(after.config) !== wayText(config)
  );
}

/** Which plugin; or which address and device, and whether that makes TLS. */
function wayText({ protocol, target }: ProxyInput['config'] | ProxyProfile['config']): string {
  const { type, user, plugin, address, device, secure = false } = target as Record<string, unknown>;
  if (type === 'plugin') return `plugin ${user}/${plugin}`;
  return isThroughDevice(protocol) ? `${address} ${user}/${device} ${secure}` : `${address}`;
}
