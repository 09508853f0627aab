/** The frame: top bar, left rail, notices, and the page that the address names. */
import { useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useSession, useSignsOfLife } from '../api/session.ts';
import { useGateway } from '../api/use-gateway.ts';
import { Announcer } from '../components/announcer.tsx';
import { useShortcuts } from '../components/shortcuts.ts';
import { AuditPage } from '../features/audit/audit-page.tsx';
import { CertificatesPage } from '../features/certificates/certificates-page.tsx';
import { DeviceAddPage } from '../features/devices/device-add-page.tsx';
import { DevicePage } from '../features/devices/device-page.tsx';
import { DevicesPage } from '../features/devices/devices-page.tsx';
import { PluginAddPage } from '../features/plugins/plugin-add-page.tsx';
import { PluginDialog } from '../features/plugins/plugin-dialog.tsx';
import { PluginPage } from '../features/plugins/plugin-page.tsx';
import { PluginsPage } from '../features/plugins/plugins-page.tsx';
import { ProxiesPage } from '../features/proxies/proxies-page.tsx';
import { ProxyFormPage, type ProxyFormPageProps } from '../features/proxies/proxy-form-page.tsx';
import { AgentFormPage } from '../features/settings/agent-form-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { SitePage } from '../features/site/site-page.tsx';
import { TrafficPage } from '../features/traffic/traffic-page.tsx';
import { FirstStart } from '../features/users/first-start.tsx';
import { LockPage } from '../features/users/lock-page.tsx';
import { UnlockDialog } from '../features/users/unlock-dialog.tsx';
import { UsersPage } from '../features/users/users-page.tsx';
import { Notices } from './notices.tsx';
import { QuickSearch } from './quick-search.tsx';
import { Rail } from './rail.tsx';
import { StateSpeaker } from './state-speaker.tsx';
import { StopDialog } from './stop-all-button.tsx';
import { TopBar } from './top-bar.tsx';

/** A plugin is added from within the form of a proxy; the two features meet only here. */
const ProxyForm = (props: Omit<ProxyFormPageProps, 'PluginDialog'>) => (
  <ProxyFormPage {...props} PluginDialog={PluginDialog} />
);

/** Locked, the page shows nothing but how to unlock it. */
export function Layout() {
  const isLocked = useSession()?.state === 'locked';
  useSignsOfLife();
  return isLocked ? <LockPage /> : <Frame />;
}

function Frame() {
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
            <ProxyForm key="add" task="add" />
          </Route>
          <Route path="/proxies/add/template">
            <ProxyForm key="template" task="add" isChoosing />
          </Route>
          <Route path="/proxies/add/via/:user/:device">
            {({ user, device }) => <ProxyForm key={`via ${user}/${device}`} task="add" via={{ user, device }} />}
          </Route>
          <Route path="/proxies/add/to/:user/:plugin">
            {({ user, plugin }) => <ProxyForm key={`to ${user}/${plugin}`} task="add" to={{ user, plugin }} />}
          </Route>
          <Route path="/proxies/add/offer/:user/:plugin/:offer">
            {({ user, plugin, offer }) => (
              <ProxyForm
                key={`offer ${user}/${plugin}/${offer}`}
                task="add"
                to={{ user, plugin }}
                offer={Number(offer)}
              />
            )}
          </Route>
          <Route path="/proxies/:proxy/edit">
            {({ proxy }) => <ProxyForm key={`edit ${proxy}`} task="edit" proxy={proxy} />}
          </Route>
          <Route path="/proxies/:proxy/copy">
            {({ proxy }) => <ProxyForm key={`copy ${proxy}`} task="copy" proxy={proxy} />}
          </Route>
          <Route path="/proxies/:proxy/traffic">
            {({ proxy }) => <TrafficPage key={`of ${proxy}`} proxy={proxy} isWithin />}
          </Route>
          <Route path="/traffic/:proxy?">{({ proxy }) => <TrafficPage key={proxy} proxy={proxy} />}</Route>
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
          <Route path="/audit" component={AuditPage} />
          <Route path="/certificates/:task?">{({ task }) => <CertificatesPage begin={task} />}</Route>
          <Route path="/plugins" component={PluginsPage} />
          <Route path="/plugins/add">
            <PluginAddPage key="add" />
          </Route>
          <Route path="/plugins/add/file">
            <PluginAddPage key="file" from="file" />
          </Route>
          <Route path="/plugins/add/container">
            <PluginAddPage key="container" from="container" />
          </Route>
          <Route path="/plugins/add/preset/:preset">
            {({ preset }) => <PluginAddPage key={preset} preset={preset} />}
          </Route>
          <Route path="/plugins/add/as/:user/:plugin">
            {({ user, plugin }) => <PluginAddPage key={`${user}/${plugin}`} asked={{ user, plugin }} />}
          </Route>
          <Route path="/plugins/:user/:plugin">
            {({ user, plugin }) => <PluginPage key={`${user}/${plugin}`} user={user} plugin={plugin} tab="status" />}
          </Route>
          <Route path="/plugins/:user/:plugin/proxies">
            {({ user, plugin }) => <PluginPage key={`${user}/${plugin}`} user={user} plugin={plugin} tab="proxies" />}
          </Route>
          <Route path="/plugins/:user/:plugin/settings">
            {({ user, plugin }) => <PluginPage key={`${user}/${plugin}`} user={user} plugin={plugin} tab="settings" />}
          </Route>
          <Route path="/site" component={SitePage} />
          <Route path="/users" component={UsersPage} />
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
      <FirstStart />
      <UnlockDialog />
      <Announcer />
      <StateSpeaker />
    </div>
  );
}
