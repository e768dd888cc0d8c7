// Sets theme, density and accent before the first paint, from what the settings left behind last time.
(() => {
  let look = {};
  try { look = JSON.parse(localStorage.getItem("awm-look") ?? "{}"); } catch { /* A damaged entry is as good as none. */ }
  const root = document.documentElement;
  const dark = look.theme === "dark" || (look.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.density = look.density === "compact" ? "compact" : "comfortable";
  if (Number.isFinite(look.accent_hue)) root.style.setProperty("--accent-hue", String(look.accent_hue));
})();
