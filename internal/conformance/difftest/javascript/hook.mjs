// Loads the SDK with its marks; see marks.mjs.
import { marked } from './marks.mjs';

export async function load(url, context, next) {
  const module = await next(url, context);
  const [, sdk] = url.match(/\/node_modules\/(@clerk\/backend|clerk-backend-earlier)\/dist\//) ?? [];
  if (!sdk) return module;
  const source = Buffer.from(module.source).toString();
  return source.includes('// src/tokens/request.ts') ? { ...module, source: marked(source, sdk) } : module;
}
