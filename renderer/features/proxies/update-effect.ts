/** What saving an edited proxy does to its open connections, said before it is done. */
import { isThroughDevice, type ProxyInput, type ProxyProfile } from '../../../shared/proxy.ts';
import { counted } from '../../components/format.ts';

export function updateEffect(before: ProxyProfile, after: ProxyInput, openPipes: number): string {
  const isStopped = before.enabled && after.enabled === false;
  if (!isStopped && !movesPipes(before, after)) return 'Applies without interruption.';
  if (openPipes === 0) return isStopped ? 'Closes the port.' : 'No connection is open.';
  return `${counted(openPipes, 'open connection')} will be closed.`;
}

/** True where the port or the target is another one. Names, limits and networks apply to what is open. */
function movesPipes({ config }: ProxyProfile, after: ProxyInput): boolean {
  const { protocol, source, target } = after.config;
  return (
    protocol !== config.protocol ||
    source.port !== config.source.port ||
    source.address !== config.source.address ||
    target.address !== config.target.address ||
    target.port !== config.target.port ||
    deviceText(after.config) !== deviceText(config)
  );
}

/** Which device, and whether it makes TLS. */
function deviceText(config: ProxyInput['config'] | ProxyProfile['config']): string {
  if (!isThroughDevice(config.protocol)) return '';
  const { user, device, secure } = config.target as ProxyProfile['config']['target'];
  return `${user}/${device} ${secure ?? false}`;
}
