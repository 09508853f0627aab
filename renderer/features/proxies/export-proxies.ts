/** Proxies as a file in the shape of Thinger.io, which `POST /v1/proxies` and `sluice proxies add --file` take one by one. */
import { proxyProfile } from '../../../shared/proxy.ts';
import type { ProxyView } from '../../../shared/status.ts';
import { saveFile } from '../../components/save-file.ts';

export function exportProxies(views: readonly ProxyView[]): void {
  const [only] = views;
  const name = views.length === 1 && only ? only.proxy : `proxies-${views.length}`;
  saveFile(`${name}.json`, exportText(views), 'application/json');
}

/** One proxy is an object, several are a list. Nothing in it is secret. */
export function exportText(views: readonly ProxyView[]): string {
  const profiles = views.map((view) => proxyProfile.parse(view));
  return `${JSON.stringify(profiles.length === 1 ? profiles[0] : profiles, null, 2)}\n`;
}
