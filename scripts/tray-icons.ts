/**
 * Draws assets/desktop/tray-*.png: the mark on its tile, so that it reads on light and dark panels, with the water as
 * the state wants it. Run it again when the mark or its colours change: `node scripts/tray-icons.ts`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrayIcon } from '../main/electron/tray-look.ts';
import { launchBrowser } from '../test/support/browser.ts';

const out = 'assets/desktop';
const scales = [
  { scale: 1, suffix: '' },
  { scale: 2, suffix: '@2x' },
];

const TILE = '#0B2F3D';
const WALL = '#FFFFFF';
const WALLS = 'M0 4h5v2H0zM11 4h5v2h-5zM0 14h16v1H0z';
const PLATE_UP = 'M6 1h4v6H6z';
const PLATE_DOWN = 'M6 3h4v10H6z';
/** Deeper than that of the mark: its colour has to be seen in a small place. */
const water = {
  whole: 'M0 8h16v5H0z',
  broken: 'M0 8h5v5H0zM11 8h5v5h-5z',
  shut: 'M0 8h5v5H0z',
  bars: 'M0 8h2v5H0zM5 8h2v5H5zM9 8h2v5H9zM14 8h2v5h-2z',
};

/** Colours of the dark theme, since the tile is dark. */
const looks: Record<TrayIcon, { readonly path: string; readonly colour: string }> = {
  calm: { path: water.whole, colour: '#57C3DD' },
  active: { path: water.whole, colour: '#6CCB93' },
  degraded: { path: water.whole, colour: '#F0BD63' },
  waiting: { path: water.whole, colour: '#B3B2F2' },
  fault: { path: water.broken, colour: '#FF8F87' },
  stopped: { path: water.shut, colour: '#8C9CA5' },
  away: { path: water.bars, colour: '#F0BD63' },
};

function drawing(icon: TrayIcon): string {
  const { path, colour } = looks[icon];
  return `<style>body{margin:0}svg{display:block}</style>
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">
      <clipPath id="tile"><rect width="16" height="16" rx="2.5" /></clipPath>
      <g clip-path="url(#tile)" shape-rendering="crispEdges">
        <path fill="${TILE}" d="M0 0h16v16H0z" />
        <path fill="${WALL}" d="${WALLS}${icon === 'stopped' ? PLATE_DOWN : PLATE_UP}" />
        <path fill="${colour}" d="${path}" />
      </g>
    </svg>`;
}

mkdirSync(out, { recursive: true });
const browser = await launchBrowser();
for (const { scale, suffix } of scales) {
  const page = await browser.newPage({ viewport: { width: 16, height: 16 }, deviceScaleFactor: scale });
  for (const icon of Object.keys(looks) as TrayIcon[]) {
    await page.setContent(drawing(icon));
    await page.screenshot({ path: join(out, `tray-${icon}${suffix}.png`), omitBackground: true });
  }
}
await browser.close();
