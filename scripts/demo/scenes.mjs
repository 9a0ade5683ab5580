// The pictures of the demo, painted here, so that nobody else's rights are in them.
import sharp from 'sharp';

const [WIDTH, HEIGHT] = [1600, 1066];

/** A sky, a sun, and hills before one another: colours from top to bottom, from far to near. */
const landscape = ({ sky, sun, hills, waves = 0.06 }) => `
  <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">${stops(sky)}</linearGradient></defs>
  <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>
  <circle cx="${sun.x}" cy="${sun.y}" r="${sun.r * 2.4}" fill="${sun.fill}" opacity=".18"/>
  <circle cx="${sun.x}" cy="${sun.y}" r="${sun.r}" fill="${sun.fill}"/>
  ${hills.map((fill, i) => hill(fill, i, { of: hills.length, waves })).join('')}`;

const stops = (colours) =>
  colours.map((colour, i) => `<stop offset="${i / (colours.length - 1)}" stop-color="${colour}"/>`).join('');

function hill(fill, i, { of, waves }) {
  const base = HEIGHT * (0.5 + (0.42 * (i + 1)) / (of + 1));
  const points = Array.from({ length: 33 }, (_, step) => {
    const swing = Math.sin(step * 0.55 + i * 2.1) + 0.5 * Math.sin(step * 1.3 + i * 4.7);
    return `${(step * WIDTH) / 32},${Math.round(base - swing * HEIGHT * waves * (0.5 + i / of))}`;
  });
  return `<polygon fill="${fill}" points="0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}"/>`;
}

const tomato = (x, y, r) => `
  <circle cx="${x}" cy="${y}" r="${r}" fill="#d8402f"/>
  <ellipse cx="${x - r * 0.35}" cy="${y - r * 0.4}" rx="${r * 0.28}" ry="${r * 0.18}" fill="#f08a76" opacity=".8"/>
  ${[-60, -20, 20, 60].map((turn) => `<ellipse cx="${x}" cy="${y - r * 0.8}" rx="${r * 0.11}" ry="${r * 0.45}" fill="#3f7a3a" transform="rotate(${turn} ${x} ${y - r * 0.85})"/>`).join('')}`;

const boat = (x, y, size) => `
  <path d="M${x} ${y} q${size} ${size * 0.55} ${size * 2} 0 z" fill="#3b2a20"/>
  <path d="M${x + size} ${y - size * 1.3} l0 ${size * 1.2} l${size * 0.8} 0 z" fill="#f3e9d8"/>
  <rect x="${x + size * 0.97}" y="${y - size * 1.35}" width="${size * 0.06}" height="${size * 1.4}" fill="#3b2a20"/>`;

const bed = (x, y, width, label) => `
  <rect x="${x}" y="${y}" width="${width}" height="170" rx="14" fill="#e3f0e2" stroke="#5d8a5b" stroke-width="4"/>
  <text x="${x + width / 2}" y="${y + 98}" text-anchor="middle" font-family="sans-serif" font-size="40" fill="#33532f">${label}</text>`;

const DAWN = { sky: ['#27416b', '#d98a6a', '#fbe0a8'], sun: { x: 1120, y: 520, r: 70, fill: '#fff3c9' } };
const SCENES = {
  garden: landscape({
    sky: ['#8fc7e8', '#d8f0f4', '#fdf6df'],
    sun: { x: 380, y: 240, r: 64, fill: '#fff4bd' },
    hills: ['#9cc79a', '#6fae72', '#3f8a55', '#226141'],
  }),
  dawn: landscape({ ...DAWN, hills: ['#8d6a76', '#5b4f6b', '#37405c', '#1d2b40'] }),
  dunes: landscape({
    sky: ['#6db0d8', '#f2d9b1', '#f7e6c4'],
    sun: { x: 820, y: 300, r: 56, fill: '#fffbe0' },
    hills: ['#e3b878', '#cf9a55', '#b57d3d', '#8f5d2c'],
    waves: 0.1,
  }),
  dusk: landscape({
    sky: ['#2a2350', '#8b4a78', '#f0a070'],
    sun: { x: 800, y: 560, r: 90, fill: '#ffd9a0' },
    hills: ['#6a3d63', '#472b52', '#2a1d3c'],
  }),
  harbour: `${landscape({ sky: ['#1b2a44', '#3f5f82', '#9fb8c4'], sun: { x: 300, y: 260, r: 40, fill: '#e8eef2' }, hills: ['#35506b', '#24394f', '#16263a'], waves: 0.02 })}
    ${boat(520, 700, 120)}${boat(980, 830, 160)}`,
  ferry: `${landscape({ sky: ['#dfe9e4', '#c4d8d2', '#eef2e6'], sun: { x: 1200, y: 220, r: 52, fill: '#f0b8a0' }, hills: ['#a9c4b8', '#86aa9c', '#5f8c82', '#3f6e6c'], waves: 0.03 })}
    ${boat(640, 760, 150)}`,
  tomatoes: `<rect width="${WIDTH}" height="${HEIGHT}" fill="#e9dcc3"/>
    <ellipse cx="800" cy="760" rx="620" ry="200" fill="#b98a5a"/><ellipse cx="800" cy="720" rx="560" ry="160" fill="#d8b184"/>
    ${tomato(520, 560, 150)}${tomato(1060, 580, 170)}${tomato(790, 480, 190)}${tomato(690, 700, 130)}${tomato(940, 720, 120)}`,
  plan: `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fbfaf5"/>
    ${[0, 1, 2].map((row) => bed(160, 180 + row * 250, 560, ['Tomatoes 番茄', 'Herbs 香草', 'Beans 豆角'][row])).join('')}
    ${[0, 1].map((row) => bed(880, 180 + row * 250, 420, ['Roses 月季', 'Strawberries 草莓'][row])).join('')}
    ${bed(880, 680, 420, 'Compost 堆肥')}`,
};

const NOTES = `# 2.4

- Pictures in messages, upright and without where they were taken
- Search in every language · 每种语言都能搜索
- A dark theme that one can read
`;

/** A file of the demo by its name: what it is called, its media type and bytes. */
export async function fileOf(name) {
  if (name === 'notes') return { name: 'Release 2.4 更新说明.md', type: 'text/markdown', bytes: Buffer.from(NOTES) };
  return { name: `${name}.jpg`, type: 'image/jpeg', bytes: await paint(name) };
}

const paint = (name) =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${SCENES[name]}</svg>`),
  )
    .jpeg({ quality: 82 })
    .toBuffer();
