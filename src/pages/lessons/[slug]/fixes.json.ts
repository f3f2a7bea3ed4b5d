import type { APIRoute, GetStaticPaths } from 'astro';
import { fixData, lessonSlugs } from '../../../components/lesson/lab-data.ts';

export const getStaticPaths: GetStaticPaths = () => lessonSlugs().map((slug) => ({ params: { slug } }));

/** The lesson's wrong fixes, for whoever tries one: most readers need them late, or never. */
export const GET: APIRoute = async ({ params }) => Response.json(await fixData(params.slug as string));
