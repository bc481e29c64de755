// A look at the story as others will show it, kept up as the words change: in a search engine, and as a card. Counts the characters too.

const EMPTY = { title: "Title", description: "The dek, or the first sentences, stand here." };

// What is shown where, each falling back to what comes before it, as the public page has it.
export function told(words) {
  const title = words.search_title || words.title, description = words.search_description || words.dek;
  return {
    search: { title, description },
    card: { title: words.social_title || title, description: words.social_description || description },
  };
}

export function counted(text, best) {
  const length = [...text.trim()].length;
  if (!length) return `About ${best} characters show.`;
  return length > best ? `${length} characters; about ${best} show.` : `${length} of about ${best} characters.`;
}

export function showFound(desk, place) {
  if (!place) return () => {};
  const { form } = desk;
  const draw = () => {
    const words = Object.fromEntries(["title", "dek", "search_title", "search_description", "social_title", "social_description"]
      .map((name) => [name, (form.elements[name]?.value ?? "").replace(/\s+/g, " ").trim()]));
    for (const [look, shown] of Object.entries(told(words))) {
      for (const [name, text] of Object.entries(shown)) put(place, look, name, text || EMPTY[name]);
    }
    for (const field of place.querySelectorAll("[data-best]")) {
      place.querySelector(`[data-count="${field.name}"]`).textContent = counted(field.value, Number(field.dataset.best));
    }
    showAddress(form, place);
    showPicture(desk, place);
  };
  form.addEventListener("input", draw);
  desk.pictures.listen(draw);
  draw();
  return draw;
}

function put(place, look, name, text) {
  const shown = place.querySelector(`[data-look="${look}"] [data-shows="${name}"]`);
  if (shown.textContent !== text) shown.textContent = text;
}

function showAddress(form, place) {
  const shown = place.querySelector('[data-shows="address"]');
  const own = (shown.dataset.own ??= shown.textContent);
  const elsewhere = form.elements.canonical_url?.value.trim();
  const slug = form.elements.slug?.value.trim();
  shown.textContent = elsewhere || (slug ? own.replace(/[^/]*$/, slug) : own);
}

function showPicture(desk, place) {
  const picture = desk.pictures.get(Number(desk.form.elements.lead_image?.value) || null);
  const image = place.querySelector('[data-shows="picture"]');
  if (picture && image.getAttribute("src") !== picture.large) image.src = picture.large;
  image.hidden = !picture;
  place.querySelector('[data-shows="drawn"]').hidden = Boolean(picture);
}
