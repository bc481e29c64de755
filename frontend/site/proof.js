// The small puzzle that the sign-up asks for while very many sign up at once: a nonce such that sha256(ticket + nonce) begins with
// so many zero bits. Plain arithmetic: SubtleCrypto answers too slowly for short texts, and only on https.
const FIRST = new Uint32Array(64);
const START = new Uint32Array(8);
const AT_ONCE = 4000;

export async function solve(ticket, bits) {
  for (let nonce = 0; ; nonce += 1) {
    if (leadingZeros(sha256(ticket + nonce)) >= bits) return String(nonce);
    if (nonce % AT_ONCE === AT_ONCE - 1) await new Promise((rest) => { setTimeout(rest); });
  }
}

function leadingZeros(words) {
  let zeros = 0;
  for (const word of words) {
    zeros += Math.clz32(word);
    if (word) break;
  }
  return zeros;
}

// FIPS 180-4, for texts of ASCII.
export function sha256(text) {
  if (!FIRST[0]) prepare();
  const length = text.length;
  const blocks = (length + 72) >> 6;
  const words = new Uint32Array(blocks * 16);
  for (let i = 0; i < length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
  words[words.length - 1] = length * 8;
  const hash = START.slice();
  const w = new Uint32Array(64);
  for (let block = 0; block < blocks; block += 1) mix(hash, w, words.subarray(block * 16, block * 16 + 16));
  return hash;
}

function mix(hash, w, block) {
  w.set(block);
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + FIRST[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => { hash[i] += value; });
}

const turn = (x, by) => (x >>> by) | (x << (32 - by));

// The constants are the fractions of roots of the first primes.
function prepare() {
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) isPrime = false;
    if (!isPrime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    FIRST[found] = fraction(Math.cbrt(n));
    found += 1;
  }
}
