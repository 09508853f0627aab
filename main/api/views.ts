/** A profile together with how it does. */
import type { ProxyProfile } from '../../shared/proxy.ts';
import type { ProxyView } from '../../shared/status.ts';
import type { Engine } from '../engine/engine.ts';
import type { Profiles } from './profiles.ts';

export function viewOf(profile: ProxyProfile, engine: Engine): ProxyView {
  return { ...profile, status: engine.status(profile.proxy) };
}

/** All profiles that the engine knows; one that is being added this moment comes with its own event. */
export function allViews(profiles: Profiles, engine: Engine): ProxyView[] {
  return profiles
    .list()
    .filter((profile) => engine.has(profile.proxy))
    .map((profile) => viewOf(profile, engine));
}
