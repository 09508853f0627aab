/** The pages that exist, as rail and quick search list them. */
import DevicesIcon from '@mui/icons-material/DeveloperBoardOutlined';
import PluginsIcon from '@mui/icons-material/ExtensionOutlined';
import AuditIcon from '@mui/icons-material/HistoryOutlined';
import SiteIcon from '@mui/icons-material/Inventory2Outlined';
import UsersIcon from '@mui/icons-material/ManageAccountsOutlined';
import TrafficIcon from '@mui/icons-material/ShowChartOutlined';
import ProxiesIcon from '@mui/icons-material/SignpostOutlined';
import SettingsIcon from '@mui/icons-material/TuneOutlined';
import CertificatesIcon from '@mui/icons-material/WorkspacePremiumOutlined';

export const pages = [
  { path: '/proxies', title: 'Proxies', group: 'Operate', Icon: ProxiesIcon },
  { path: '/traffic', title: 'Traffic', group: 'Operate', Icon: TrafficIcon },
  { path: '/devices', title: 'Devices', group: 'Operate', Icon: DevicesIcon },
  { path: '/plugins', title: 'Plugins', group: 'Operate', Icon: PluginsIcon },
  { path: '/certificates', title: 'Certificates', group: 'Administer', Icon: CertificatesIcon },
  { path: '/audit', title: 'Audit log', group: 'Administer', Icon: AuditIcon },
  { path: '/site', title: 'Site bundle', group: 'Administer', Icon: SiteIcon },
  { path: '/users', title: 'Users & lock', group: 'Administer', Icon: UsersIcon },
  { path: '/settings', title: 'Settings', group: 'Administer', Icon: SettingsIcon },
] as const;
