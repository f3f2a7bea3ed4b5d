/** What a lesson's page says itself, before its workbench is there. */
export const loadingWords = {
  failed: 'The lab could not be loaded. Is the network gone? Press again.',
} as const;
