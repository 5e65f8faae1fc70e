/** What a fence has drawn in the page's Python, as images: whatever stands in an SVG, an image runs nothing and asks for nothing. */

import { element } from "./elements.js";

/** @type {WeakMap<Element, () => void>} what gives an image the colours that its page has now */
const paints = new WeakMap();

new MutationObserver(() => {
  for (const image of document.querySelectorAll(".verdict img")) paints.get(image)?.();
}).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });

/**
 * Return an image of each figure. They follow the reader's theme.
 * @param {string[]} figures SVG texts, in the colours of the style sheet (figure.py)
 * @param {string} words what is told to those who cannot see them
 * @param {HTMLElement} place where they will stand
 */
export function drawn(figures, words, place) {
  return figures.map((svg) => {
    const image = element("img", { alt: words });
    const paint = () => (image.src = `data:image/svg+xml,${encodeURIComponent(themed(svg, place))}`);
    paints.set(image, paint);
    paint();
    return image;
  });
}

/** Give an SVG the colours that its page has now: an image sees no style sheet of the page. */
function themed(svg, place) {
  const probe = element("i", { hidden: "" });
  place.append(probe);
  const { fontFamily } = getComputedStyle(probe);
  const colour = (name) => {
    probe.style.color = name;
    return getComputedStyle(probe).color;
  };
  const names = [...new Set(svg.match(/var\(--(?:figure-(?:quiet|\d)|v\d\d?)\)/g))]; // a program can have sent it
  const set = [`color: ${colour("")}`, "fill: currentColor", `font-family: ${fontFamily.replaceAll('"', "'")}`,
    ...names.map((name) => `${name.slice(4, -1)}: ${colour(name)}`)];
  probe.remove();
  return svg.replace(/font: ([\d.]+px)[^;"]*/g, "font-size: $1").replace("<svg ", `<svg style="${set.join("; ")}" `);
}
