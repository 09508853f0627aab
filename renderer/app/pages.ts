/** The pages that exist, as rail and quick search list them. */
import DevicesIcon from '@mui/icons-material/DeveloperBoardOutlined';
import PluginsIcon from '@mui/icons-material/ExtensionOutlined';
import ProxiesIcon from '@mui/icons-material/SignpostOutlined';
import SettingsIcon from '@mui/icons-material/TuneOutlined';

export const pages = [
  { path: '/proxies', title: 'Proxies', group: 'Operate', Icon: ProxiesIcon },
  { path: '/devices', title: 'Devices', group: 'Operate', Icon: DevicesIcon },
  { path: '/plugins', title: 'Plugins', group: 'Operate', Icon: PluginsIcon },
  { path: '/settings', title: 'Settings', group: 'Administer', Icon: SettingsIcon },
] as const;
