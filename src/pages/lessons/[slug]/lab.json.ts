import type { APIRoute, GetStaticPaths } from 'astro';
import { labData, lessonSlugs } from '../../../components/lesson/lab-data.ts';

export const getStaticPaths: GetStaticPaths = () => lessonSlugs().map((slug) => ({ params: { slug } }));

/** What the workbench needs and the page does not show: the lab as data, its files as text, and the solution. */
export const GET: APIRoute = async ({ params }) => Response.json(await labData(params.slug as string));
