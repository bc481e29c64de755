// What an editor types as an address, made whole: "example.org/a" -> "https://example.org/a", "a@b.org" -> "mailto:a@b.org".
// Answers null for what is no address. Knows the embeds that readers can load with a click.

const UNSAFE = /[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff"<>`]/; // the server refuses an address that holds one of these
const LONGEST = 2000;

// A pasted link's address as it may be saved, or null: odd characters percent-encoded, other schemes refused.
export function safeHref(href) {
  const given = href.trim();
  const known = /^(https?:\/\/|mailto:|\/(?!\/)|#)/i.test(given);
  const whole = known && UNSAFE.test(given) && URL.canParse(given) ? new URL(given).href : given;
  return known && !UNSAFE.test(whole) && whole.length <= LONGEST ? whole : null;
}

export function linkAddress(typed) {
  const value = typed.trim();
  if (/^(\/(?!\/)|#)\S*$/.test(value)) return safeHref(value);
  if (/^(mailto:)?[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/i.test(value)) return safeHref(value.replace(/^(mailto:)?/i, "mailto:"));
  return pageAddress(value);
}

export function pageAddress(typed) {
  const value = typed.trim();
  if (!value || /\s/.test(value) || value.startsWith("/")) return null;
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(value) && !/^[^/:]+\.[a-z]{2,}:\d/i.test(value) ? value : `https://${value}`;
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  const named = url.hostname.includes(".") || url.hostname === "localhost";
  return /^https?:$/.test(url.protocol) && named && !url.username ? safeHref(whole) : null;
}

const PROVIDERS = [
  ["YouTube", /^(?:www\.|m\.)?(?:youtube\.com|youtube-nocookie\.com|youtu\.be)$/],
  ["Vimeo", /^(?:www\.|player\.)?vimeo\.com$/],
  ["Bluesky", /^bsky\.app$/],
  ["Instagram", /^(?:www\.)?instagram\.com$/],
  ["X", /^(?:www\.|mobile\.)?(?:x|twitter)\.com$/],
  ["TikTok", /^(?:www\.)?tiktok\.com$/],
  ["SoundCloud", /^(?:www\.)?soundcloud\.com$/],
  ["Spotify", /^open\.spotify\.com$/],
];

export function providerOf(address) {
  if (!URL.canParse(address)) return "";
  const { hostname } = new URL(address);
  return PROVIDERS.find(([, host]) => host.test(hostname))?.[0] ?? hostname.replace(/^www\./, "");
}

// Whether readers can open it in the page; all else is a card with a link.
export function plays(address) {
  const known = URL.canParse(address) && PROVIDERS.slice(0, 5).some(([, host]) => host.test(new URL(address).hostname));
  return known || /^https:\/\/[^/]+\/@[\w.@-]+\/\d+\/?$/.test(address);
}

// Addresses that, pasted alone, become an embed at once: a film, or one post of somebody.
export function looksEmbeddable(address) {
  const post = /^https?:\/\/(?:bsky\.app\/profile\/[^/]+\/post\/\w+|(?:www\.|mobile\.)?(?:x|twitter)\.com\/\w+\/status\/\d+|(?:www\.)?instagram\.com\/(?:[\w.]+\/)?(?:p|reel)\/[\w-]+|[^/]+\/@[\w.@-]+\/\d+)\/?$/i;
  return post.test(address) || /^https?:\/\/(?:(?:www\.|m\.)?youtube\.com\/(?:watch\?|shorts\/|live\/)|youtu\.be\/|(?:www\.)?vimeo\.com\/\d)\S+$/i.test(address);
}
