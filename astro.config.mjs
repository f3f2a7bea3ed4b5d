import mdx from '@astrojs/mdx';
import { defineConfig, fontProviders } from 'astro/config';
import { createCssVariablesTheme } from 'shiki';
import { engine } from './src/lab/workbench/build/engine-integration.mjs';

/** One variable font file in the Latin subset; everything the course writes is in it. */
const latin = (name, cssVariable, file, weight, fallbacks, extra = {}) => ({
  provider: fontProviders.local(),
  name,
  cssVariable,
  fallbacks,
  options: {
    variants: [
      { weight, style: 'normal', src: [`@fontsource-variable/${file('normal')}`], ...extra },
      ...(extra.italic ? [{ weight, style: 'italic', src: [`@fontsource-variable/${file('italic')}`] }] : []),
    ],
  },
});

export default defineConfig({
  // Beside the project, not in node_modules: a copy of the project then keeps what it knows to itself.
  cacheDir: './.astro/cache',
  trailingSlash: 'always',
  integrations: [mdx(), engine()],
  devToolbar: { enabled: false },
  // Small scripts would be inlined, and each would need a hash in the policy; small styles likewise.
  build: { inlineStylesheets: 'never' },
  vite: { build: { assetsInlineLimit: 0 } },
  markdown: {
    shikiConfig: { theme: createCssVariablesTheme({ variablePrefix: '--code-' }) },
  },
  fonts: [
    latin(
      'Literata',
      '--font-prose',
      (style) => `literata/files/literata-latin-wght-${style}.woff2`,
      '200 900',
      ['Georgia', 'serif'],
      { italic: true },
    ),
    latin(
      'Bricolage Grotesque',
      '--font-heading',
      (style) => `bricolage-grotesque/files/bricolage-grotesque-latin-wght-${style}.woff2`,
      '200 800',
      ['sans-serif'],
    ),
    latin(
      'JetBrains Mono',
      '--font-code',
      (style) => `jetbrains-mono/files/jetbrains-mono-latin-wght-${style}.woff2`,
      '100 800',
      ['monospace'],
    ),
  ],
});
