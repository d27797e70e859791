/** Refuses a build whose pages load too much JavaScript before they can be used. */
import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

type Chunk = Rolldown.OutputChunk;

/** What the index and any one page of `src/routes` may weigh together, gzipped. */
const LIMIT_BYTES = 250_000;

export function initialSize(): Plugin {
  return {
    name: "leadline:initial-size",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = new Map(
        Object.values(bundle).flatMap((output) =>
          output.type === "chunk" ? [[output.fileName, output] as const] : [],
        ),
      );
      const index = [...chunks.values()].find(({ isEntry }) => isEntry);
      if (!index) throw new Error("the build has no entry");
      const sizes = new Map([["index", sizeOf([index], chunks)]]);
      for (const name of index.dynamicImports.concat(...loadedWith(index, chunks).map((one) => one.dynamicImports))) {
        const page = chunks.get(name);
        if (page && /\/src\/routes\/\w+Page\.tsx$/.test(page.facadeModuleId ?? ""))
          sizes.set(page.name, sizeOf([index, page], chunks));
      }
      // A list with one line would mean that the pages are no longer found.
      if (sizes.size < 5) throw new Error("the build has too few pages to be true");
      for (const [name, bytes] of sizes) this.info(`${name}: ${Math.round(bytes / 1000)} kB of JavaScript, gzipped`);
      const [heaviest, bytes] = [...sizes].reduce((most, next) => (next[1] > most[1] ? next : most));
      if (bytes > LIMIT_BYTES) this.error(`${heaviest} loads ${bytes} bytes of JavaScript; ${LIMIT_BYTES} are allowed`);
    },
  };
}

function sizeOf(roots: Chunk[], chunks: Map<string, Chunk>): number {
  const loaded = new Set(roots.flatMap((root) => loadedWith(root, chunks)));
  return [...loaded].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).byteLength, 0);
}

/** The chunk and all that it imports before it runs. */
function loadedWith(root: Chunk, chunks: Map<string, Chunk>): Chunk[] {
  const loaded = new Set([root]);
  for (const chunk of loaded) {
    for (const name of chunk.imports) {
      const imported = chunks.get(name);
      if (imported) loaded.add(imported);
    }
  }
  return [...loaded];
}
