/** The drawings of Sluice's icons as SVG, hinted: every edge lies on a whole pixel of the size asked for. */

interface Colours {
  readonly wall: string;
  readonly water: string;
}

const onTile: Colours = { wall: '#fff', water: '#57c3dd' };
const onPaper: Colours = { wall: '#0f1e26', water: '#0b5a72' };
const tileColour = '#0b2f3d';

/** Radius of the tile's corners, in parts of its width: ours, and the one that macOS gives to its icons. */
const ourCorner = 5 / 32;
const macCorner = 185 / 824;

const svg = (size: number, body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">${body}</svg>`;

/** Wall, plate, water and floor of `assets/app-tile.svg` (a grid of 32) in a square of `width`; gaps stay open in the smallest. */
function mark(width: number, { wall, water }: Colours): string {
  const on = (units: number) => Math.round((units * width) / 32);
  const thick = (units: number) => Math.max(1, on(units));
  const plate = { left: on(12), top: on(4), bottom: on(15) };
  const wallWidth = plate.left - thick(2);
  const waterTop = Math.max(on(17), plate.bottom + thick(2));
  const floorTop = Math.max(on(24), waterTop + thick(5) + thick(2));
  const bar = (x: number, y: number, w: number, h: number) => `M${x} ${y}h${w}v${h}h${-w}z`;
  const walls =
    bar(0, on(10), wallWidth, thick(3)) +
    bar(width - wallWidth, on(10), wallWidth, thick(3)) +
    bar(plate.left, plate.top, width - 2 * plate.left, plate.bottom - plate.top) +
    bar(0, floorTop, width, thick(3));
  return `<path fill="${wall}" d="${walls}"/><path fill="${water}" d="${bar(0, waterTop, width, thick(5))}"/>`;
}

function tile(width: number, corner: number): string {
  return (
    `<clipPath id="tile"><rect width="${width}" height="${width}" rx="${width * corner}"/></clipPath>` +
    `<g clip-path="url(#tile)"><path fill="${tileColour}" d="M0 0h${width}v${width}H0z"/>${mark(width, onTile)}</g>`
  );
}

/** The application: a tile that fills the square. */
export function appIcon(size: number): string {
  return svg(size, tile(size, ourCorner));
}

/** The application on macOS: a rounder tile with the margin that all icons have there. */
export function macAppIcon(size: number): string {
  const margin = Math.round((size * 100) / 1024);
  return svg(size, `<g transform="translate(${margin} ${margin})">${tile(size - 2 * margin, macCorner)}</g>`);
}

/** A bundle (`.sluice`): a sheet of paper with a folded corner, and the mark from edge to edge. */
export function bundleIcon(size: number): string {
  const on = (units: number) => Math.round((units * size) / 32);
  const [left, top, edge, fold] = [on(4), on(1), Math.max(1, on(1)), on(8)];
  const [width, height] = [size - 2 * left, size - 2 * top];
  const sheet = (inset: number) => {
    const [w, h, cut] = [width - 2 * inset, height - 2 * inset, fold];
    return `M${left + inset} ${top + inset}h${w - cut}l${cut} ${cut}v${h - cut}h${-w}z`;
  };
  const inner = width - 2 * edge;
  const markTop = size - top - edge - inner;
  return svg(
    size,
    `<path fill="#72818a" d="${sheet(0)}"/><path fill="#fff" d="${sheet(edge)}"/>` +
      `<g transform="translate(${left + edge} ${markTop})">${mark(inner, onPaper)}</g>` +
      `<path fill="#b3bfc5" d="M${left + width - fold} ${top}v${fold}h${fold}z"/>`,
  );
}
