// Whether single keys act (WCAG 2.1.4 lets people switch them off); kept on the device, for the site and the studio alike.
export function areOn() {
  try {
    return localStorage.getItem("keys") !== "off";
  } catch {
    return true;
  }
}

export function keep(on) {
  try {
    if (on) localStorage.removeItem("keys");
    else localStorage.setItem("keys", "off");
  } catch {
    // Nothing to keep it in.
  }
}
