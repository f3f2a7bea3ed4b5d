import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

/** `05-mutual-tls/lesson.mdx` is the lesson `mutual-tls`: its number orders it and stays out of its address. */
const slugOf = ({ entry }: { entry: string }) => entry.replace(/^\d+-/, '').replace(/\/lesson\.mdx$/, '');

const lessons = defineCollection({
  loader: glob({ base: './lessons', pattern: '[0-9][0-9]-*/lesson.mdx', generateId: slugOf }),
  schema: z.strictObject({
    title: z.string(),
    promise: z.string().describe('One sentence: what the reader will be able to do.'),
    description: z.string().describe('One sentence for search results and links.'),
    objectives: z
      .array(
        z.strictObject({
          text: z.string(),
          proof: z.string().regex(/^(step|check):[a-z0-9-]+$/, 'step:<id> or check:<name> of lab.ts'),
        }),
      )
      .min(3)
      .max(5),
    prerequisites: z.array(z.string()).default([]).describe('Lesson slugs, or short texts.'),
    references: z.array(z.strictObject({ title: z.string(), url: z.url() })).default([]),
  }),
});

export const collections = { lessons };
