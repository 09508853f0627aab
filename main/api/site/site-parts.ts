/** The parts of a site bundle, in the order in which they are applied. */
import { certificatesPart } from './parts/certificates.ts';
import { devicesPart } from './parts/devices.ts';
import { pluginsPart } from './parts/plugins.ts';
import { proxiesPart } from './parts/proxies.ts';
import { settingsPart } from './parts/settings.ts';
import { templatesPart } from './parts/templates.ts';
import { usersPart } from './parts/users.ts';
import type { SitePart } from './site-part.ts';

export const parts: readonly SitePart[] = [
  certificatesPart,
  pluginsPart,
  devicesPart,
  proxiesPart,
  templatesPart,
  settingsPart,
  usersPart,
];
