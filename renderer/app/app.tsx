/** What stands around every page: look, connection, router. Without a valid token there is only the question for it. */
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Router } from 'wouter';
import { Gateway } from '../api/gateway.ts';
import { isOnDesktop } from '../api/host.ts';
import { PortTransport } from '../api/port-link.ts';
import { forgetToken, keepToken, keptToken } from '../api/token.ts';
import type { Transport } from '../api/transport.ts';
import { GatewayContext, useGateway } from '../api/use-gateway.ts';
import { rpcUrl, WebSocketTransport } from '../api/websocket-link.ts';
import { useHashLocation } from '../components/location.ts';
import { NativePortals } from '../features/devices/portal/portal-native.tsx';
import { AppearanceSync } from './appearance-sync.tsx';
import { DesktopSync } from './desktop-sync.tsx';
import { queryClient } from './failures.ts';
import { Layout } from './layout.tsx';
import { theme } from './theme.ts';
import { TokenPage } from './token-page.tsx';

export function App() {
  const [login, setLogin] = useState({ token: keptToken(), tries: 0 });
  const takeToken = (token: string) => {
    keepToken(token);
    setLogin(({ tries }) => ({ token, tries: tries + 1 }));
  };
  const wasGiven = login.token !== undefined;
  const question = <TokenPage key={login.tries} wasRefused={wasGiven} onToken={takeToken} />;
  return (
    <ThemeProvider theme={theme} storageManager={null}>
      <CssBaseline />
      <AppearanceSync />
      {wasGiven || isOnDesktop() ? <Connected key={login.tries} token={login.token} turnedAway={question} /> : question}
    </ThemeProvider>
  );
}

/** The desktop application knows who sits at its window; a browser has to show the token first. */
function transportFor(token: string | undefined): Transport {
  return isOnDesktop() ? new PortTransport(token) : new WebSocketTransport(rpcUrl(location), token ?? '');
}

function Connected({ token, turnedAway }: { token: string | undefined; turnedAway: ReactNode }) {
  const [gateway] = useState(() => new Gateway(transportFor(token)));
  useEffect(() => {
    gateway.start();
    return () => gateway.stop();
  }, [gateway]);
  return (
    <GatewayContext value={gateway}>
      <QueryClientProvider client={queryClient}>
        <DesktopSync />
        <Router hook={useHashLocation}>
          <NativePortals>
            <UnlessTurnedAway otherwise={turnedAway} />
          </NativePortals>
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
