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
  /** What is divided: from where, and how much, in CSS pixels. */
  whole(): { from: number; size: number };
  /** The part before the line. */
  before: HTMLElement;
  /** Where the line is put; it lies over its edge. */
  holder: HTMLElement;
}

const within = (share: number) => Math.min(MOST, Math.max(LEAST, share));

/** The lines that can be moved: between the text and the lab, and in the lab between files and consoles. */
export function startSplits(lab: HTMLElement): void {
  const lesson = lab.parentElement as HTMLElement;
  const files = lab.querySelector<HTMLElement>('.files') as HTMLElement;
  const consoles = lab.querySelector<HTMLElement>('.consoles') as HTMLElement;
  startSplit({
    setting: 'split',
    label: splitWords.columns,
    orientation: 'vertical',
    whole: () => {
      const { paddingLeft, paddingRight } = getComputedStyle(lesson);
      const { left, width } = lesson.getBoundingClientRect();
      const [from, end] = [Number.parseFloat(paddingLeft), Number.parseFloat(paddingRight)];
      return { from: left + from, size: width - from - end };
    },
    before: lesson.firstElementChild as HTMLElement,
    holder: lab,
  });
  startSplit({
    setting: 'rows',
    label: splitWords.rows,
    orientation: 'horizontal',
    whole: () => {
      const { top } = files.getBoundingClientRect();
      return { from: top, size: consoles.getBoundingClientRect().bottom - top };
    },
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
    const { width, height } = before.getBoundingClientRect();
    return ((isColumn ? width : height) / whole().size) * 100;
  };
  const tell = () => line.setAttribute('aria-valuenow', String(Math.round(measured())));

  function put(share: number | undefined): void {
    root.toggleAttribute(`data-${setting}`, share !== undefined);
    if (share === undefined) root.style.removeProperty(`--${setting}`);
    else root.style.setProperty(`--${setting}`, String(share));
    tell();
  }

  function choose(share: number | undefined): void {
    const kept = share && within(Math.round(share * 10) / 10);
    put(kept);
    keepSetting(setting, kept);
  }

  function shareAt({ clientX, clientY }: PointerEvent): number {
    const { from, size } = whole();
    return (((isColumn ? clientX : clientY) - from) / size) * 100;
  }

  /** How far from the edge of the part the hand has taken hold: the line does not jump to it. */
  let hold = 0;
  line.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    line.focus();
    line.setPointerCapture(event.pointerId);
    hold = shareAt(event) - measured();
  });
  line.addEventListener('pointermove', (event) => {
    if (line.hasPointerCapture(event.pointerId)) put(within(shareAt(event) - hold));
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
