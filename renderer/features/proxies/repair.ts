/** Small changes to a stored config, as the fault row offers them. */
import { type ProxyConfig, type ProxyConfigInput, proxyConfigInput } from '../../../shared/proxy.ts';

export function withSourcePort(config: ProxyConfig, port: number): ProxyConfigInput {
  return proxyConfigInput.parse({ ...config, source: { ...config.source, port } });
}
