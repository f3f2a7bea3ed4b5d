import mdx from '@astrojs/mdx';
import { defineConfig, fontProviders } from 'astro/config';
import { createCssVariablesTheme } from 'shiki';
import { engine } from './src/lab/workbench/build/engine-integration.mjs';
import { licences } from './src/lab/workbench/build/licences-integration.mjs';

/** A family of variable fonts in the Latin subset; everything the course writes is in it. */
const latin = (name, cssVariable, weight, fallbacks, styles = ['normal']) => {
  const folder = name.toLowerCase().replaceAll(' ', '-');
  const variants = styles.map((style) => ({
    weight,
    style,
    src: [`@fontsource-variable/${folder}/files/${folder}-latin-wght-${style}.woff2`],
  }));
  return { provider: fontProviders.local(), name, cssVariable, fallbacks, options: { variants } };
};

/** What reaches the reader's browser beside our own code. */
const sent = [
  '@fontsource-variable/bricolage-grotesque',
  '@fontsource-variable/jetbrains-mono',
  '@fontsource-variable/literata',
  '@codemirror/commands',
  '@codemirror/lang-javascript',
  '@codemirror/lang-json',
  '@codemirror/view',
  '@preact/signals',
  'fflate',
  'preact',
];

export default defineConfig({
  // Beside the project, not in node_modules: a copy of the project then keeps what it knows to itself.
  cacheDir: './.astro/cache',
  trailingSlash: 'always',
  integrations: [mdx(), engine(), licences(sent)],
  devToolbar: { enabled: false },
  // Small scripts would be inlined, and each would need a hash in the policy; small styles likewise.
  build: { inlineStylesheets: 'never' },
  vite: { build: { assetsInlineLimit: 0 } },
  markdown: {
    shikiConfig: { theme: createCssVariablesTheme({ variablePrefix: '--code-' }) },
  },
  fonts: [
    latin('Literata', '--font-prose', '200 900', ['serif'], ['normal', 'italic']),
    latin('Bricolage Grotesque', '--font-heading', '200 800', ['sans-serif']),
    latin('JetBrains Mono', '--font-code', '100 800', ['monospace']),
  ],
});
