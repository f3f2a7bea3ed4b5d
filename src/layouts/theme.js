// Runs in the head before anything is painted, so that a page never flashes in the wrong colours.
// Inlined by the layout, which also puts its hash into the policy: keep it small, free of imports and self-contained.
try {
  const theme = localStorage.getItem('handfast:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  const { settings } = JSON.parse(localStorage.getItem('handfast:settings') ?? '{}');
  for (const name of ['split', 'rows']) {
    if (typeof settings?.[name] !== 'number') continue;
    document.documentElement.style.setProperty(`--${name}`, settings[name]);
    document.documentElement.dataset[name] = '';
  }
} catch {
  // Storage may be refused or hold anything; the system's preference then stands, and the page's own widths.
}
document.documentElement.dataset.js = '';
