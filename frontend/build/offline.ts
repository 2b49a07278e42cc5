// After the build: the service worker of the grid worker's app, told which files to keep, and its manifest.
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin, type ResolvedConfig } from 'vite'

type Chunk = { file: string; css?: string[]; assets?: string[]; imports?: string[]; dynamicImports?: string[] }
type Manifest = Record<string, Chunk>
// Latin letters are in the first of these; other scripts of the Latin font are not worth a field phone's storage.
const LEFT_OUT = /(cyrillic|greek|vietnamese|latin-ext)/

export function offline(): Plugin {
  let config: ResolvedConfig
  return {
    name: 'offline',
    apply: 'build',
    configResolved: (resolved) => { config = resolved },
    async closeBundle() {
      const folder = config.build.outDir
      const manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8').catch(() => '{}')) as Manifest
      if (!manifest['worker.html']) return
      const files = [...reached(manifest, 'worker.html')].filter((file) => !LEFT_OUT.test(file)).sort()
      const stamp = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { __FILES__: JSON.stringify(files), __BUILD__: JSON.stringify(stamp) },
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: 'es2022',
          lib: { entry: join(config.root, 'src/features/worker/offline/sw.ts'), formats: ['iife'], name: 'cityloop', fileName: () => 'sw.js' },
        },
      })
      await writeFile(join(folder, 'manifest.webmanifest'), JSON.stringify(APP, null, 1))
    },
  }
}

/** Every file that the app may ask for. */
function reached(manifest: Manifest, entry: string, seen = new Set<string>(), files = new Set<string>()): Set<string> {
  const chunk = manifest[entry]
  if (!chunk || seen.has(entry)) return files
  seen.add(entry)
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file)
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) reached(manifest, next, seen, files)
  return files
}

const APP = {
  name: '城环 网格员 CityLoop worker',
  short_name: '城环网格',
  description: '巡查、上报、核实、核查，断网可用 Patrol, report, check; works without network',
  lang: 'zh-CN',
  id: '/worker/',
  start_url: '/worker/',
  scope: '/worker/',
  display: 'standalone',
  orientation: 'portrait',
  background_color: '#f4f5f3',
  theme_color: '#0f6f68',
  icons: [{ src: '/static/cityloop/mark.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
  shortcuts: [{ name: '上报 Report', url: '/worker/report' }],
}
