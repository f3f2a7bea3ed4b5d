/** The choice of colours, wherever it stands on a page: in the header, and among the settings. */
import { keepSetting, onKeptElsewhere, type Settings, settingOf } from '../progress/index.ts';

const inputs = document.querySelectorAll<HTMLInputElement>('[data-theme-switch] input');
const root = document.documentElement;

function show(theme: string): void {
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const input of inputs) input.checked = input.value === theme;
}

for (const input of inputs) {
  input.addEventListener('change', () => {
    // Where storage is refused, the choice lasts for this page only.
    keepSetting('theme', input.value as Settings['theme']);
    show(input.value);
  });
}

const showKept = () => show(settingOf('theme'));
showKept();
onKeptElsewhere(showKept);
// The settings page has forgotten, or imported, settings.
addEventListener('handfast-settings', showKept);
