// Counts the words of a body for the panel, the way a reader would.

const PACE = 230; // words a minute

export function countWords(doc) {
  let words = 0;
  doc.descendants((node) => {
    if (node.isTextblock) words += wordsOf(node.textBetween(0, node.content.size, " ", " "));
    return true;
  });
  return words;
}

function wordsOf(text) {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

export function describe(words, minutes = Math.max(1, Math.round(words / PACE))) {
  return `${words.toLocaleString("en")} ${words === 1 ? "word" : "words"} · ${minutes} min`;
}
