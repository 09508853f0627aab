/** What every part of a site bundle can do. A new part is one file and one entry in `site-parts.ts`. */
import type { CertificateProfile } from '../../../shared/certificate.ts';
import type { DeviceProfile } from '../../../shared/device.ts';
import type { Issue } from '../../../shared/issue.ts';
import type { PluginProfile } from '../../../shared/plugin.ts';
import type { ProxyProfile } from '../../../shared/proxy.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { SiteApplied, SiteConcern, SitePartName } from '../../../shared/site.ts';
import type { OwnTemplate } from '../../../shared/template.ts';
import type { SentItem } from '../../bundle/content.ts';
import type { Engine } from '../../engine/engine.ts';
import type { StoredUser } from '../../store/access-file.ts';
import type { StoredConfig } from '../../store/config-document.ts';

/** Thrown by `read` for an item whose values cannot be used. */
export class UnfitItem extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(
      issues[0] ? `${issues[0].path === '' ? '' : `${issues[0].path}: `}${issues[0].message}` : 'It cannot be used.',
    );
    this.issues = issues;
  }
}

/** One thing of a part as it is stored, or would be. */
export interface PartItem {
  /** Unique within the part, such as `alice/broker`. */
  readonly key: string;
  readonly name: string;
  /** What is compared, field by field. */
  readonly shown: object;
  /** The stored form. */
  readonly profile: unknown;
  /** In plain, by the name that it has within the item. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What is here now. */
export interface Present {
  readonly config: StoredConfig;
  readonly users: readonly StoredUser[];
  /** A sealed value in plain; undefined where there is none, or none that can be opened. */
  readonly secret: (name: string) => string | undefined;
  readonly now: number;
}

/** How an item came. */
export interface Origin {
  /** Hashed credentials of devices mean something here: the bundle was made by this gateway. */
  readonly hasOwnHashes: boolean;
  /** Signed by this site or by one that is trusted. */
  readonly isTrusted: boolean;
}

/** What the configuration would be. Parts change it item by item; it is saved as a whole. */
export interface Draft {
  readonly proxies: Map<string, ProxyProfile>;
  readonly devices: Map<string, DeviceProfile>;
  readonly plugins: Map<string, PluginProfile>;
  readonly certificates: Map<string, CertificateProfile>;
  readonly templates: Map<string, OwnTemplate>;
  readonly users: Map<string, StoredUser>;
  settings: Settings;
  /** By their names in secrets.json. */
  readonly secrets: Map<string, string | undefined>;
  readonly credentials: SiteApplied['credentials'];
  /** Makes credentials for a device, and their hash. */
  readonly newCredentials: () => { readonly plain: string; readonly hash: string };
  readonly now: number;
}

/** What concerns are judged by: what is here, and what would be if everything chosen were applied. */
export interface Scene {
  readonly present: Present;
  readonly after: Draft;
  readonly origin: Origin;
  readonly engine: Engine;
}

export interface SitePart {
  readonly part: SitePartName;
  /** What there is here. */
  here(present: Present): PartItem[];
  /** What goes into a bundle: some things never leave. */
  leaves?(item: PartItem): boolean;
  /** Checked as the API checks it, and completed. Throws UnfitItem. */
  read(sent: SentItem, present: Present, origin: Origin): PartItem;
  /** What has to be known of a new or changed item. */
  concerns(item: PartItem, scene: Scene): Promise<SiteConcern[]>;
  /** Why one that the bundle does not have cannot be removed. */
  removal?(key: string, scene: Scene): SiteConcern[];
  keep(item: PartItem, draft: Draft, origin: Origin): void;
  remove(key: string, draft: Draft): void;
}

export const forbids = (kind: SiteConcern['kind'], message: string): SiteConcern => ({
  kind,
  message,
  weight: 'forbids',
});
export const warns = (kind: SiteConcern['kind'], message: string): SiteConcern => ({ kind, message, weight: 'warns' });
export const tells = (kind: SiteConcern['kind'], message: string): SiteConcern => ({ kind, message, weight: 'tells' });
