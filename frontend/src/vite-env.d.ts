/// <reference types="vite/client" />
declare module 'element-plus/es/locale/lang/*.mjs' { const words: import('element-plus/es/locale').Language; export default words }
declare module '@fontsource-variable/inter'
