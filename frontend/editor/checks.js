// The check panel: the server's findings, asked anew after each save, and the way from a finding to its place in the text.
import { NodeSelection } from "prosemirror-state";

export class Checks {
  constructor(desk, place) {
    Object.assign(this, { desk, place });
    window.addEventListener("hashchange", () => this.goThere());
    this.goThere();
  }

  // Late answers of earlier saves are thrown away.
  async refresh() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const answer = await fetch(this.place.dataset.checks, { headers: { Accept: "text/html" } }).catch(() => null);
    if (turn !== this.turn || !answer?.ok || answer.redirected) return;
    const fresh = await answer.text();
    if (turn === this.turn && fresh !== this.last) this.place.innerHTML = this.last = fresh;
  }

  // "#block-4" is the fourth block of the body.
  goThere() {
    const number = Number(/^#block-(\d+)$/.exec(location.hash)?.[1]);
    const { view } = this.desk;
    if (!number || !view || number > view.state.doc.childCount) return;
    let pos = 0;
    for (let at = 0; at < number - 1; at++) pos += view.state.doc.child(at).nodeSize;
    view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)));
    view.focus();
    view.nodeDOM(pos)?.scrollIntoView({ block: "center" });
    history.replaceState(null, "", location.pathname + location.search); // the same finding may be asked for again
  }
}
