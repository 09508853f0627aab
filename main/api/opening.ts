/** Whether a proxy is open by its switch and its schedule, at a moment. Pure; leases come on top. */
import type { ProxyProfile } from '../../shared/proxy.ts';
import { scheduleAt } from '../../shared/schedule.ts';
import type { ProxyStatus } from '../../shared/status.ts';

/** Without a lease: the switch, or the schedule where nobody has used the switch since its last change. */
export function isOpenByItself(profile: ProxyProfile, now: number): boolean {
  if (!profile.schedule || isOverruled(profile, now)) return profile.enabled;
  return scheduleAt(profile.schedule, now).isOpen;
}

/** A switch that was used in a time to come, by a clock that was wrong, overrules nothing. */
export function isOverruled({ schedule, switched, enabled }: ProxyProfile, now: number): boolean {
  if (!schedule || switched === undefined || switched > now) return false;
  const planned = scheduleAt(schedule, now);
  return (planned.since ?? Number.NEGATIVE_INFINITY) <= switched && planned.isOpen !== enabled;
}

export const withSwitch = (profile: ProxyProfile, enabled: boolean): ProxyProfile =>
  enabled === profile.enabled ? profile : { ...profile, enabled };

/** What there is to tell of a schedule; undefined where there is none. */
export function scheduleStatus(profile: ProxyProfile, now: number): ProxyStatus['schedule'] {
  const planned = profile.schedule && scheduleAt(profile.schedule, now);
  return planned && { open: planned.isOpen, until: planned.until, overruled: isOverruled(profile, now) };
}
