import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // An image or font in a data URL would not be cached, and the policy of the gateway takes few of them.
    assetsInlineLimit: 0,
    // Browsers that know the target know module preloads; the polyfill would be an inline script.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
