// Runs in the head before anything is painted, so that a page never flashes in the wrong colours.
// Inlined by the layout, which also puts its hash into the policy: keep it small, free of imports and self-contained.
try {
  const theme = localStorage.getItem('handfast:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be refused; the system's preference then stands.
}
document.documentElement.dataset.js = '';
