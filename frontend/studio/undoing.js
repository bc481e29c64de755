// "Undo (10 s)": counts down, then leaves. Without scripts the button stays, and the server says when it is too late.
export function countUndoDown() {
  const button = document.querySelector("[data-undo]");
  if (!button) return;
  const words = button.textContent;
  const end = Date.now() + Number(button.dataset.undo) * 1000;
  button.setAttribute("aria-label", words); // the seconds are for the eye
  const tell = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) { button.textContent = `${words} (${left} s)`; return; }
    clearInterval(ticking);
    const focused = document.activeElement === button;
    button.form.hidden = true;
    if (focused) document.getElementById("main")?.focus();
  };
  const ticking = setInterval(tell, 250);
  tell();
}
