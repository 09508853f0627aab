/** Starts the page: token, connection, look, then the frame. */
import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { takeTokenFromAddress } from '../api/token.ts';
import { App } from './app.tsx';
import './fonts.css';
import './frame.css';

takeTokenFromAddress();
// A fresh address pasted into this tab changes only the fragment: start again with its token.
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) location.reload();
});

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const cache = createCache({ key: 'css', prepend: true, ...(nonce && { nonce }) });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <CacheProvider value={cache}>
      <App />
    </CacheProvider>
  </StrictMode>,
);
