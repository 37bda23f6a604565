// How far apart the colours of a palette are, for eyes that see all colours and for those that do not.
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
  .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));

const luminance = (hex) => channels(hex).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);

// WCAG 2.1
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// Machado, Oliveira and Fernandes (2009), severity 1.
const EYES = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function lab(hex, eyes) {
  const seen = EYES[eyes].map((row) => row.reduce((sum, part, i) => sum + part * channels(hex)[i], 0)).map((c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    .map((row, i) => row.reduce((sum, part, k) => sum + part * seen[k], 0) / [0.95047, 1, 1.08883][i])
    .map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const sin = (degrees) => Math.sin(degrees * Math.PI / 180);
const cos = (degrees) => Math.cos(degrees * Math.PI / 180);

// CIEDE2000, after Sharma, Wu and Dalal (2005).
function distance([l1, a1, b1], [l2, a2, b2]) {
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 1.5 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)) / 2;
  const [c1, c2] = [Math.hypot(a1 * g, b1), Math.hypot(a2 * g, b2)];
  const [h1, h2] = [[a1 * g, b1], [a2 * g, b2]].map(([a, b]) => (Math.atan2(b, a) * 180 / Math.PI + 360) % 360);
  const turn = c1 * c2 === 0 ? 0 : (h2 - h1 + 540) % 360 - 180;
  const hue = h1 + turn / 2;
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63);
  const dl = (l2 - l1) / (1 + 0.015 * (l - 50) ** 2 / Math.sqrt(20 + (l - 50) ** 2));
  const dc = (c2 - c1) / (1 + 0.045 * c);
  const dh = 2 * Math.sqrt(c1 * c2) * sin(turn / 2) / (1 + 0.015 * c * t);
  const around = ((hue + 360) % 360 - 275) / 25;
  const rotation = -2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7)) * sin(60 * Math.exp(-(around ** 2)));
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh);
}

// Of the two colours that are nearest, for the eyes that tell them apart the least.
export function nearest(colours) {
  const all = Object.keys(EYES).flatMap((eyes) => colours.flatMap((one, i) =>
    colours.slice(i + 1).map((other) => ({ eyes, one, other, distance: distance(lab(one, eyes), lab(other, eyes)) }))));
  return all.reduce((least, pair) => (pair.distance < least.distance ? pair : least));
}
