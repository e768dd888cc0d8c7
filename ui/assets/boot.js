// Starts the screens. A file of its own so that the page can forbid inline scripts.
import init from "./awm_ui.js";

init({ module_or_path: new URL("./awm_ui_bg.wasm", import.meta.url) }).catch((fault) => {
  const text = document.createElement("p");
  text.setAttribute("role", "alert");
  text.style.cssText = "padding:24px;font:14px/20px system-ui;max-width:60ch";
  text.textContent = `The screens did not start: ${fault}. Reload the page; if it stays so, build the screens again.`;
  document.body.replaceChildren(text);
});
