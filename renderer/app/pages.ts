/** The pages that exist, as rail and quick search list them. */
import ProxiesIcon from '@mui/icons-material/SignpostOutlined';
import SettingsIcon from '@mui/icons-material/TuneOutlined';

export const pages = [
  { path: '/proxies', title: 'Proxies', group: 'Operate', Icon: ProxiesIcon },
  { path: '/settings', title: 'Settings', group: 'Administer', Icon: SettingsIcon },
] as const;
