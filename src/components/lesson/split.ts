import { keepSetting, settingOf } from '../../progress/index.ts';
import { splitWords } from '../../text/index.ts';

/** Both parts keep at least this share, in per cent; the style sheet keeps them from becoming too narrow besides. */
const LEAST = 20;
const MOST = 80;
const STEP = 2;
const LEAP = 10;

interface Split {
  setting: 'split' | 'rows';
  label: string;
  orientation: 'vertical' | 'horizontal';
  /** What is divided, and the part before the line. */
  whole: HTMLElement;
  before: HTMLElement;
  /** Where the line is put; it lies over its edge. */
  holder: HTMLElement;
}

/** The lines that can be moved: between the text and the lab, and in the lab between files and consoles. */
export function startSplits(lab: HTMLElement): void {
  const files = lab.querySelector<HTMLElement>('.files') as HTMLElement;
  const whole = lab.parentElement as HTMLElement;
  const before = whole.firstElementChild as HTMLElement;
  startSplit({
    setting: 'split',
    label: splitWords.columns,
    orientation: 'vertical',
    whole,
    before,
    holder: lab,
  });
  startSplit({
    setting: 'rows',
    label: splitWords.rows,
    orientation: 'horizontal',
    whole: lab,
    before: files,
    holder: files,
  });
}

/** One line: dragged, or moved with the arrow keys; Home and End go as far as it goes, Enter or a double click put it back. */
function startSplit({ setting, label, orientation, whole, before, holder }: Split): void {
  const isColumn = orientation === 'vertical';
  const root = document.documentElement;
  const line = document.createElement('div');
  line.className = 'split';
  line.tabIndex = 0;
  line.dataset.needsJs = '';
  line.setAttribute('role', 'separator');
  line.setAttribute('aria-label', label);
  line.setAttribute('aria-orientation', orientation);
  line.setAttribute('aria-valuemin', String(LEAST));
  line.setAttribute('aria-valuemax', String(MOST));

  const measured = () => {
    const [all, part] = [whole.getBoundingClientRect(), before.getBoundingClientRect()];
    return (isColumn ? part.width / all.width : part.height / all.height) * 100;
  };
  const tell = () => line.setAttribute('aria-valuenow', String(Math.round(measured())));

  function put(share: number | undefined): void {
    root.toggleAttribute(`data-${setting}`, share !== undefined);
    if (share === undefined) root.style.removeProperty(`--${setting}`);
    else root.style.setProperty(`--${setting}`, String(share));
    tell();
  }

  function choose(share: number | undefined): void {
    const kept = share && Math.min(MOST, Math.max(LEAST, Math.round(share * 10) / 10));
    put(kept);
    keepSetting(setting, kept);
  }

  function shareAt(event: PointerEvent): number {
    const box = whole.getBoundingClientRect();
    const along = isColumn ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height;
    return Math.min(MOST, Math.max(LEAST, along * 100));
  }

  line.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    line.focus();
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener('pointermove', (event) => {
    if (line.hasPointerCapture(event.pointerId)) put(shareAt(event));
  });
  line.addEventListener('lostpointercapture', () => {
    const moved = root.style.getPropertyValue(`--${setting}`);
    if (moved !== '') choose(Number(moved));
  });
  line.addEventListener('dblclick', () => choose(undefined));
  line.addEventListener('keydown', (event) => {
    const by = event.shiftKey ? LEAP : STEP;
    const [less, more] = isColumn ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const to = { [less]: measured() - by, [more]: measured() + by, Home: LEAST, End: MOST }[event.key];
    if (to === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    choose(to);
  });
  line.addEventListener('focus', tell);

  holder.append(line);
  put(settingOf(setting));
}
