// Addresses as they were meant: without the redirects that mail programs and networks wrap around them, and without tracking marks.

const WRAPPERS = [
  [/^(?:www\.)?google\.[a-z.]+$/, /^\/url$/, ["q", "url"]],
  [/^lm?\.(?:facebook|instagram)\.com$|^l\.threads\.(?:net|com)$/, /^\//, ["u"]],
  [/\.safelinks\.protection\.outlook\.com$/, /^\//, ["url"]],
  [/^(?:www\.)?linkedin\.com$/, /^\/(?:redir\/redirect|safety\/go)/, ["url"]],
  [/^(?:www\.)?youtube\.com$/, /^\/redirect$/, ["q"]],
  [/^slack-redir\.net$|^out\.reddit\.com$|^exit\.sc$/, /^\//, ["url"]],
  [/^t\.umblr\.com$/, /^\/redirect$/, ["z"]],
  [/^duckduckgo\.com$/, /^\/l\/$/, ["uddg"]],
  [/^deref-(?:mail\.com|gmx\.[a-z]+|web\.de)$/, /^\//, ["redirectUrl"]],
];
const MARKS = /^(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok|vero_id|oly_enc_id|oly_anon_id|ref_src|ref_url|cmpid|s_cid|__twitter_impression)$/i;
const MARKS_OF = [
  [/^(?:www\.|m\.|music\.)?(?:youtube\.com|youtu\.be)$|^open\.spotify\.com$/, /^(?:si|feature|pp)$/],
  [/^(?:www\.|mobile\.)?(?:x|twitter)\.com$/, /^[st]$/],
];

export function cleanAddress(href) {
  let address = href.trim();
  for (let turn = 0; turn < 5; turn++) {
    const inner = unwrapped(address);
    if (!inner) break;
    address = inner;
  }
  return withoutMarks(address);
}

function unwrapped(address) {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return null;
  const { hostname, pathname, searchParams, search } = new URL(address);
  if (hostname === "urldefense.com") return proofpoint(address);
  if (hostname === "urldefense.proofpoint.com") return proofpointOfOld(searchParams.get("u"));
  if (hostname === "href.li") return web(search.slice(1));
  const wrapper = WRAPPERS.find(([host, path]) => host.test(hostname) && path.test(pathname));
  return wrapper ? wrapper[2].map((name) => web(searchParams.get(name))).find(Boolean) ?? null : null;
}

const web = (address) => (address && /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null);

// https://urldefense.com/v3/__<address, odd characters as *>__;<what they were, in base64>!!...
function proofpoint(address) {
  const match = /\/v3\/__(.+?)__;([^!]*)/.exec(address);
  if (!match) return null;
  let odd = "";
  try {
    odd = match[2] && atob(match[2].replaceAll("-", "+").replaceAll("_", "/"));
  } catch { return null; }
  let at = 0;
  return web(match[1].replace(/\*/g, () => odd[at++] ?? "*"));
}

function proofpointOfOld(given) {
  try {
    return given && web(decodeURIComponent(given.replaceAll("-", "%").replaceAll("_", "/")));
  } catch { return null; }
}

// The query is edited as text: what stays is not encoded anew.
function withoutMarks(address) {
  const match = /^(https?:\/\/[^?#]*)(?:\?([^#]*))?(#.*)?$/i.exec(address);
  if (!match || !URL.canParse(address)) return address;
  const { hostname } = new URL(address);
  const own = MARKS_OF.filter(([host]) => host.test(hostname)).map(([, names]) => names);
  const kept = (match[2] ?? "").split("&").filter((pair) => {
    const name = pair.split("=")[0];
    return pair && !MARKS.test(name) && !own.some((names) => names.test(name));
  });
  const place = (match[3] ?? "").replace(/:~:text=.*$/, "");
  return match[1] + (kept.length ? `?${kept.join("&")}` : "") + (place === "#" ? "" : place);
}

export function cleanLinks(body) {
  for (const link of body.querySelectorAll("a[href]")) {
    const given = link.getAttribute("href");
    const clean = cleanAddress(given);
    if (clean !== given && link.textContent.trim() === given) link.textContent = clean;
    link.setAttribute("href", clean);
  }
}
