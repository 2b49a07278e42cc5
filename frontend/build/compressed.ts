// Lays a .gz and a .br beside every text file, so that the server sends them without work.
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'

const TEXT = /\.(js|css|html|svg|json|webmanifest)$/
const SMALLEST = 1024

export function compressed(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (resolved) => { config = resolved },
    async writeBundle() {
      const folder = config.build.outDir
      const names = await readdir(folder, { recursive: true })
      await Promise.all(names.filter((name) => TEXT.test(name)).map((name) => squeeze(join(folder, name))))
    },
  }
}

async function squeeze(path: string): Promise<void> {
  const raw = await readFile(path)
  if (raw.length < SMALLEST) return
  await writeFile(`${path}.gz`, await promisify(gzip)(raw, { level: 9 }))
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 }
  await writeFile(`${path}.br`, await promisify(brotliCompress)(raw, { params: quality }))
}
