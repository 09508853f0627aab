/** The words of a notification. Names and messages come from people and devices: plain text, and short. Pure. */
import { stateText } from '../../shared/shown-state.ts';
import type { ProxyView } from '../../shared/status.ts';
import { plain } from '../../shared/text.ts';
import type { Change } from './lasting-changes.ts';

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** The page of the application that tells more. */
  readonly path: string;
}

const MOST_NAME = 60;
const MOST_BODY = 240;

export function notice(changes: readonly Change[], proxies: ReadonlyMap<string, ProxyView>): Notice {
  const nameOf = (proxy: string) => short(proxies.get(proxy)?.name ?? proxy, MOST_NAME);
  const [first, ...others] = changes;
  if (first && others.length === 0) return single(first, nameOf(first.proxy), proxies.get(first.proxy));
  const well = changes.filter(({ condition }) => condition === 'well').map(({ proxy }) => nameOf(proxy));
  const ill = changes.filter(({ condition }) => condition !== 'well').map(({ proxy }) => nameOf(proxy));
  const again = `${well.join(', ')} ${well.length === 1 ? 'works' : 'work'} again`;
  const path = '/proxies';
  if (ill.length === 0)
    return { title: `${well.length} proxies work again`, body: short(well.join(', '), MOST_BODY), path };
  const needs = ill.length === 1 ? '1 proxy needs you' : `${ill.length} proxies need you`;
  const body = well.length === 0 ? ill.join(', ') : `${ill.join(', ')}. ${again}.`;
  return { title: needs, body: short(body, MOST_BODY), path };
}

function single({ proxy, condition }: Change, name: string, view: ProxyView | undefined): Notice {
  const path = `/proxies/${encodeURIComponent(proxy)}/edit`;
  if (condition === 'well') return { title: `${name} works again`, body: '', path };
  const word = stateText[condition].toLowerCase();
  return { title: `${name}: ${word}`, body: short(view?.status.error?.message ?? '', MOST_BODY), path };
}

/** Some Linux desktops read `<b>` and `<a href>` in a notification as markup. */
function short(text: string, most: number): string {
  const [...letters] = plain(text).replaceAll('<', '‹').replaceAll('>', '›');
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('');
}
