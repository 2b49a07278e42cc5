import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver, VantResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'
import { compressed } from './build/compressed.ts'
import { offline } from './build/offline.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const ENTRIES = ['portal', 'desk', 'worker']
// One room alone builds faster: ROOMS=desk npm run build
const rooms = (process.env.ROOMS ?? ENTRIES.join(',')).split(',')

export default defineConfig({
  base: '/static/front/',
  resolve: { alias: { '@': here('./src') } },
  plugins: [
    vue({ template: { transformAssetUrls: { includeAbsolute: false } } }),
    // Only the components that a page uses, with only their styles.
    Components({ dirs: [], resolvers: [ElementPlusResolver(), VantResolver()], dts: false }),
    compressed(),
    offline(),
  ],
  build: {
    outDir: process.env.CITYLOOP_FRONT ?? here('./dist'),
    emptyOutDir: true,
    target: 'es2020',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy allows no data: script or style
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: Object.fromEntries(rooms.map((room) => [room, here(`./${room}.html`)])),
    },
  },
  define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false, __INTLIFY_JIT_COMPILATION__: true },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus', 'vant'] } },
  },
} as import('vitest/config').ViteUserConfig)
