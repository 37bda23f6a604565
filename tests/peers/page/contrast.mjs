// The contrast of every text node that is shown, as WCAG 2.2 defines it; runs inside a page. Returns
// those below the least, each with what it says.
export function lowContrasts(least) {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a),
    g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a),
    a: 1,
  });
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  // What is painted behind an element, and the opacity that it has itself.
  const behind = (element) => {
    const layers = [];
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      opacity *= Number(style.opacity);
      const colour = parse(style.backgroundColor);
      if (colour.a > 0) layers.push(colour);
    }
    return { opacity, colour: layers.reduceRight((under, top) => over(top, under), parse('rgb(255, 255, 255)')) };
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const range = document.createRange();
    range.selectNodeContents(node);
    const isShown = element.checkVisibility() && range.getClientRects().length > 0;
    if (!node.data.trim() || !isShown || element.closest('script, style')) continue;
    const style = getComputedStyle(element);
    const text = parse(element instanceof SVGElement ? style.fill : style.color);
    const { opacity, colour } = behind(element);
    const [a, b] = [over({ ...text, a: text.a * opacity }, colour), colour].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) low.push(`${ratio.toFixed(2)}: ${node.data.trim().slice(0, 60)}`);
  }
  return low;
}
