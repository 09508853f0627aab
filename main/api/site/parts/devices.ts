/** Devices in a site bundle. Their credentials are hashes that mean something to the gateway that made them alone. */
import { z } from 'zod';
import { type DeviceProfile, deviceInput, deviceLabel, deviceProfile } from '../../../../shared/device.ts';
import { toIssues } from '../../../../shared/issue.ts';
import { userId } from '../../../../shared/name.ts';
import { type PartItem, type SitePart, tells, UnfitItem } from '../site-part.ts';

const sent = z.strictObject({
  ...deviceInput.omit({ connection: true }).shape,
  user: userId,
  credentials: z.string().max(256).optional(),
});

const itemOf = (profile: DeviceProfile): PartItem => {
  const { name, description, enabled } = profile;
  return {
    key: deviceLabel(profile),
    name: name || profile.device,
    shown: { name, description, enabled },
    profile,
    secrets: {},
  };
};
const profileOf = ({ profile }: PartItem): DeviceProfile => profile as DeviceProfile;

export const devicesPart: SitePart = {
  part: 'devices',
  here: ({ config }) => config.devices.map(itemOf),
  read({ value }, { config, now }, { hasOwnHashes }) {
    const { data, error } = sent.safeParse(value);
    if (!data) throw new UnfitItem(toIssues(error.issues));
    const present = config.devices.find((one) => deviceLabel(one) === deviceLabel(data));
    return itemOf(
      deviceProfile.parse({
        user: data.user,
        device: data.device,
        name: data.name ?? data.device,
        description: data.description ?? '',
        type: 'Generic',
        enabled: data.enabled ?? true,
        credentials: present?.credentials ?? (hasOwnHashes ? (data.credentials ?? '') : ''),
        created: present?.created ?? now,
        modified: now,
      }),
    );
  },
  concerns: async (item, { present }) => {
    if (profileOf(item).credentials !== '') return [];
    const isThere = present.config.devices.some((one) => deviceLabel(one) === item.key);
    return isThere ? [] : [tells('note', 'It gets new credentials here, which are shown once.')];
  },
  keep(item, draft) {
    const profile = profileOf(item);
    if (profile.credentials !== '') return void draft.devices.set(item.key, profile);
    const { plain, hash } = draft.newCredentials();
    draft.credentials.push({ user: profile.user, device: profile.device, credentials: plain });
    draft.devices.set(item.key, { ...profile, credentials: hash });
  },
  remove: (key, draft) => void draft.devices.delete(key),
};
