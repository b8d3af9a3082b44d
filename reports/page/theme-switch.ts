const dark = matchMedia("(prefers-color-scheme: dark)");

/** Sets up the switch between light and dark; `changed` is called whenever the page's colours have changed. */
export function themeSwitch(changed: () => void): void {
  const button = document.querySelector<HTMLButtonElement>("#theme");
  if (button === null) return;
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset.theme === undefined ? dark.matches : root.dataset.theme === "dark");
  const show = (): void => {
    button.textContent = isDark() ? "light" : "dark";
    button.setAttribute("aria-label", `switch to ${isDark() ? "light" : "dark"} colours`);
    changed();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    // A file:// page of a strict browser has no storage; the choice then lasts as long as the page.
    try {
      localStorage.setItem("gupsim-theme", root.dataset.theme);
    } catch {}
    show();
  });
  dark.addEventListener("change", show);
  show();
}
