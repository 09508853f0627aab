/** The frame: top bar, left rail, notices, and the page that the address names. */
import { useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useGateway } from '../api/use-gateway.ts';
import { Announcer } from '../components/announcer.tsx';
import { useShortcuts } from '../components/shortcuts.ts';
import { DeviceAddPage } from '../features/devices/device-add-page.tsx';
import { DevicePage } from '../features/devices/device-page.tsx';
import { DevicesPage } from '../features/devices/devices-page.tsx';
import { ProxiesPage } from '../features/proxies/proxies-page.tsx';
import { ProxyFormPage } from '../features/proxies/proxy-form-page.tsx';
import { AgentFormPage } from '../features/settings/agent-form-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { Notices } from './notices.tsx';
import { QuickSearch } from './quick-search.tsx';
import { Rail } from './rail.tsx';
import { StateSpeaker } from './state-speaker.tsx';
import { StopDialog } from './stop-all-button.tsx';
import { TopBar } from './top-bar.tsx';

export function Layout() {
  const [isSearching, setSearching] = useState(false);
  const [isAskingToStop, setAskingToStop] = useState(false);
  const isAway = useGateway((snapshot) => snapshot.presence === 'away');
  const askToStop = () => setAskingToStop(true);
  useShortcuts({ 'mod+k': () => setSearching(true) });
  return (
    <div className="frame">
      <TopBar onSearch={() => setSearching(true)} onStopAll={askToStop} />
      <Rail />
      <main className="work" data-stale={isAway || undefined}>
        <Notices />
        <Switch>
          <Route path="/proxies" component={ProxiesPage} />
          <Route path="/proxies/add">
            <ProxyFormPage key="add" task="add" />
          </Route>
          <Route path="/proxies/add/via/:user/:device">
            {({ user, device }) => <ProxyFormPage key={`via ${user}/${device}`} task="add" via={{ user, device }} />}
          </Route>
          <Route path="/proxies/:proxy/edit">
            {({ proxy }) => <ProxyFormPage key={`edit ${proxy}`} task="edit" proxy={proxy} />}
          </Route>
          <Route path="/proxies/:proxy/copy">
            {({ proxy }) => <ProxyFormPage key={`copy ${proxy}`} task="copy" proxy={proxy} />}
          </Route>
          <Route path="/devices" component={DevicesPage} />
          <Route path="/devices/add">
            <DeviceAddPage key="add" />
          </Route>
          <Route path="/devices/add/as/:user/:device">
            {({ user, device }) => <DeviceAddPage key={`${user}/${device}`} asked={{ user, device }} />}
          </Route>
          <Route path="/devices/:user/:device">
            {({ user, device }) => <DevicePage key={`${user}/${device}`} user={user} device={device} tab="status" />}
          </Route>
          <Route path="/devices/:user/:device/proxies">
            {({ user, device }) => <DevicePage key={`${user}/${device}`} user={user} device={device} tab="proxies" />}
          </Route>
          <Route path="/devices/:user/:device/portal/:proxy">
            {({ user, device, proxy }) => (
              <DevicePage key={`${user}/${device}`} user={user} device={device} tab="portal" portal={proxy} />
            )}
          </Route>
          <Route path="/devices/:user/:device/settings">
            {({ user, device }) => <DevicePage key={`${user}/${device}`} user={user} device={device} tab="settings" />}
          </Route>
          <Route path="/settings" component={SettingsPage} />
          <Route path="/settings/upstream/add">
            <AgentFormPage key="add" />
          </Route>
          <Route path="/settings/upstream/:agent/edit">
            {({ agent }) => <AgentFormPage key={agent} agent={agent} />}
          </Route>
          <Redirect to="/proxies" replace />
        </Switch>
      </main>
      {isSearching && <QuickSearch onClose={() => setSearching(false)} onStopAll={askToStop} />}
      {isAskingToStop && <StopDialog onClose={() => setAskingToStop(false)} />}
      <Announcer />
      <StateSpeaker />
    </div>
  );
}
