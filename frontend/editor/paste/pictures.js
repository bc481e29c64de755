// Pictures in a paste: each becomes a block that waits for its picture, beside the block that it stood in. Dots that count readers go,
// and so does what says nothing; a small one that stands for a sign becomes that sign.

const SMALL = 40; // pixels: an emoji or an icon

export function takePictures(page, body, onPicture) {
  body.querySelectorAll("svg, iframe, video, audio, object, embed, canvas, form").forEach((one) => one.remove());
  const after = new Map();
  for (const image of [...body.querySelectorAll("img")]) {
    const size = sizeOf(image);
    const alt = (image.getAttribute("alt") ?? "").trim();
    if (size <= SMALL || !source(image)) image.replaceWith(alt.length <= 4 ? alt : "");
    else {
      const words = { alt: alt.slice(0, 500), caption: captionOf(image) };
      place(page, body, image, onPicture({ src: source(image), ...words }), words, after);
    }
  }
  body.querySelectorAll("picture").forEach((one) => one.replaceWith(...one.childNodes));
}

function sizeOf(image) {
  const style = image.getAttribute("data-style") ?? "";
  const sides = ["width", "height"].map((name) => {
    const styled = new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([\\d.]+)px`).exec(style);
    return styled ? Number(styled[1]) : Number.parseFloat(image.getAttribute(name) ?? "") || Infinity;
  });
  return Math.min(...sides);
}

// Pages that load pictures late keep the real address in another attribute.
function source(image) {
  const given = ["src", "data-src", "data-original", "data-lazy-src"].map((name) => image.getAttribute(name) ?? "");
  const late = (image.getAttribute("srcset") ?? "").split(/,\s+/).at(-1)?.trim().split(/\s/)[0] ?? "";
  const real = given.filter((one) => one && !/^data:image\/(?:gif|svg)/i.test(one));
  return real[0] ?? late;
}

function captionOf(image) {
  const caption = image.closest("figure")?.querySelector("figcaption");
  const words = caption?.textContent.trim().replace(/\s+/g, " ").slice(0, 2000) ?? "";
  caption?.remove();
  return words;
}

// `after` holds the last picture behind each block, so that several keep their order.
function place(page, body, image, number, { alt, caption }, after) {
  const holder = outermost(body, image);
  if (number) {
    const figure = page.createElement("figure");
    figure.setAttribute("data-image", String(number));
    if (alt) figure.setAttribute("data-alt", alt);
    if (caption) figure.setAttribute("data-caption", caption);
    (after.get(holder) ?? holder).after(figure);
    after.set(holder, figure);
  }
  image.remove();
  if (holder !== image && !holder.textContent.trim() && !holder.querySelector("img, [data-image]")) holder.remove();
}

// The outermost thing around a picture that cannot hold one.
function outermost(body, node) {
  let found = node;
  for (let at = node; at && at !== body; at = at.parentNode) {
    if (/^(?:p|h[1-6]|ul|ol|li|blockquote|a|span|b|i|em|strong|font|figure|picture|center)$/i.test(at.tagName ?? "")) found = at;
    if (/^t[dh]$/i.test(at.tagName ?? "")) break;
  }
  return found;
}
