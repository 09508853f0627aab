/** What stands around every page: look, connection, router. Without a valid token there is only the question for it. */
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Router } from 'wouter';
import { Gateway } from '../api/gateway.ts';
import { forgetToken, keepToken, keptToken } from '../api/token.ts';
import { GatewayContext, useGateway } from '../api/use-gateway.ts';
import { rpcUrl, WebSocketTransport } from '../api/websocket-link.ts';
import { useHashLocation } from '../components/location.ts';
import { AppearanceSync } from './appearance-sync.tsx';
import { queryClient } from './failures.ts';
import { Layout } from './layout.tsx';
import { theme } from './theme.ts';
import { TokenPage } from './token-page.tsx';

export function App() {
  const [token, setToken] = useState(keptToken);
  const takeToken = (given: string) => {
    keepToken(given);
    setToken(given);
  };
  return (
    <ThemeProvider theme={theme} storageManager={null}>
      <CssBaseline />
      <AppearanceSync />
      {token === undefined ? (
        <TokenPage onToken={takeToken} />
      ) : (
        <Connected key={token} token={token} turnedAway={<TokenPage wasRefused onToken={takeToken} />} />
      )}
    </ThemeProvider>
  );
}

function Connected({ token, turnedAway }: { token: string; turnedAway: ReactNode }) {
  const [gateway] = useState(() => new Gateway(new WebSocketTransport(rpcUrl(location), token)));
  useEffect(() => {
    gateway.start();
    return () => gateway.stop();
  }, [gateway]);
  return (
    <GatewayContext value={gateway}>
      <QueryClientProvider client={queryClient}>
        <Router hook={useHashLocation}>
          <UnlessTurnedAway otherwise={turnedAway} />
        </Router>
      </QueryClientProvider>
    </GatewayContext>
  );
}

function UnlessTurnedAway({ otherwise }: { otherwise: ReactNode }) {
  const isTurnedAway = useGateway((snapshot) => snapshot.presence === 'unauthorized');
  useEffect(() => {
    if (isTurnedAway) forgetToken();
  }, [isTurnedAway]);
  return isTurnedAway ? otherwise : <Layout />;
}
