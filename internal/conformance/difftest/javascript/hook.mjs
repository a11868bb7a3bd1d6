// Loads the pinned SDK with its marks; see marks.mjs.
import { marked } from './marks.mjs';

export async function load(url, context, next) {
  const module = await next(url, context);
  if (!url.includes('/node_modules/@clerk/backend/dist/')) return module;
  const source = Buffer.from(module.source).toString();
  return source.includes('// src/tokens/request.ts') ? { ...module, source: marked(source) } : module;
}
