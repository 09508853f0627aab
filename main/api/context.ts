/** What a call carries: who asks, and the parts of the gateway that answer. */
import type { AgentView } from '../../shared/agent.ts';
import type { AuditPlace } from '../../shared/audit.ts';
import type { HubStatus } from '../../shared/device.ts';
import type { ErrorInfo } from '../../shared/errors.ts';
import type { Finding } from '../../shared/finding.ts';
import type { ContainerView } from '../../shared/plugin.ts';
import type { GatewayStatus } from '../../shared/status.ts';
import type { Identity } from '../access/identity.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/port-server.ts';
import type { Access } from './access.ts';
import type { Audit, Caller } from './audit.ts';
import type { Captures } from './captures.ts';
import type { Certificates } from './certificates.ts';
import type { ConfigBackups } from './config-backups.ts';
import type { Devices } from './devices.ts';
import type { EventHub } from './event-hub.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import type { Leases } from './leases.ts';
import type { Plugins } from './plugins.ts';
import type { Portals } from './portals.ts';
import type { Profiles } from './profiles.ts';
import type { Records } from './records.ts';
import type { Seat } from './seat.ts';
import type { Site } from './site/site.ts';
import type { Templates } from './templates.ts';

/** The gateway as the handlers see it. */
export interface GatewayParts {
  readonly profiles: Profiles;
  readonly leases: Leases;
  readonly templates: Templates;
  readonly devices: Devices;
  readonly plugins: Plugins;
  readonly certificates: Certificates;
  readonly pluginHost: { containers(): Promise<ContainerView[]> };
  readonly hub: { status(): HubStatus };
  readonly agents: { list(): AgentView[] };
  readonly portals: Portals;
  readonly captures: Captures;
  readonly records: Records;
  readonly audit: Audit;
  readonly settings: GatewaySettings;
  readonly backups: ConfigBackups;
  readonly site: Site;
  readonly access: Access;
  /** Path of the control token. */
  readonly tokenFile: string;
  readonly engine: Engine;
  readonly events: EventHub;
  readonly log: Logger;
  readonly version: string;
  readonly host: GatewayStatus['host'];
  /** Resolves when every profile is known to the engine and was tried once. */
  readonly started: Promise<void>;
  readonly uptimeMs: number;
  readonly notices: readonly ErrorInfo[];
  /** Puts the notices away and tells how many there were. */
  dismissNotices(): number;
  /** Looks at everything that can keep it from working; changes nothing. */
  examine(): Promise<readonly Finding[]>;
}

export interface ApiContext {
  /** Null where nobody has shown who they are. */
  readonly identity: Identity | null;
  /** The connection, where there is one: it knows who asks at any moment. */
  readonly seat?: Seat | undefined;
  readonly gateway: GatewayParts;
  /** Where the call came from; without it, from the gateway itself. */
  readonly from?: AuditPlace;
  /** Of the other end of the connection. */
  readonly address?: string;
}

/** Who asks, as the audit log tells it. */
export const callerOf = ({ identity, from = 'gateway', address = '' }: ApiContext): Caller => ({
  ...{ who: identity?.name ?? 'nobody', role: identity?.role ?? '', from, address },
});
